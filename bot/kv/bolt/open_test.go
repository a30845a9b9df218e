package bolt_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

// wantRefused opens a file and wants an error that names the file and holds a word of the remedy.
func wantRefused(t *testing.T, path string, want error, remedy string) {
	t.Helper()
	st, err := bolt.Open(path, bolt.Options{LockTimeout: 20 * time.Millisecond})
	if err == nil {
		st.Close()
		t.Errorf("%s was opened", path)
		return
	}
	if want != nil && !errors.Is(err, want) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), remedy) {
		t.Errorf("got %v, want %v with the path and %q", err, want, remedy)
	}
}

func TestMissing(t *testing.T) {
	dir := t.TempDir()
	wantRefused(t, filepath.Join(dir, "none.db"), fs.ErrNotExist, "amana init")
	if names, _ := os.ReadDir(dir); len(names) != 0 {
		t.Errorf("looking for a database left %v", names)
	}
	wantRefused(t, dir, nil, "not a file")
}

func TestCreate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "db")
	path := filepath.Join(dir, "amana.db")
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{dir: 0o700, path: 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("mode of %s: %v, %v", name, info.Mode(), err)
		}
	}
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("creation left %v", names)
	}
	before, _ := os.ReadFile(path)
	if err := bolt.Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("creating what exists: %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("a database that exists was touched")
	}
}

// TestCreateRace makes the same database from many sides: one wins, and its file is the one that stays.
func TestCreateRace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db", "amana.db")
	outcomes := make(chan error)
	for range 6 {
		go func() { outcomes <- bolt.Create(path) }()
	}
	won := 0
	for range 6 {
		if err := <-outcomes; err == nil {
			won++
		} else if !errors.Is(err, fs.ErrExist) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d creations won", won)
	}
	reopen(t, path)
	if names, _ := os.ReadDir(filepath.Dir(path)); len(names) != 1 {
		t.Errorf("creation left %v", names)
	}
}

func TestOpenToOthers(t *testing.T) {
	st, path := fresh(t)
	st.Close()
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, path, nil, "chmod 0600")
	os.Chmod(path, 0o600)
	if err := os.Chmod(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, path, nil, "chmod 0700")
	if err := bolt.Create(path + ".2"); err == nil || !strings.Contains(err.Error(), "chmod 0700") {
		t.Errorf("creating in an open directory: %v", err)
	}
	os.Chmod(filepath.Dir(path), 0o700)
	reopen(t, path)
}

func TestSweep(t *testing.T) {
	st, path := fresh(t)
	old := filepath.Join(filepath.Dir(path), ".amana-part-1")
	young := filepath.Join(filepath.Dir(path), ".amana-part-2")
	for _, name := range []string{old, young} {
		if err := os.WriteFile(name, []byte("half a backup"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := st.Compact(t.Context(), path+".copy"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what a crash left behind is still there: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("what another process may be writing was removed: %v", err)
	}
}

func TestForeign(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "db")
	os.Mkdir(dir, 0o700)
	for name, fill := range map[string]func(*bbolt.Tx) error{
		"empty": func(*bbolt.Tx) error { return nil },
		"other": func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("other")); return err },
		"later": func(tx *bbolt.Tx) error { return tx.Cursor().Bucket().Put([]byte{0, 0, 'v'}, []byte{3}) },
		"mixed": func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucket([]byte("amana"))
			if err != nil {
				return err
			}
			return b.Put([]byte{0, 0, 'v'}, []byte{2})
		},
	} {
		path := filepath.Join(dir, name)
		db, err := bbolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(db.Update(fill), db.Close()); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, path, kv.ErrVersion, "version")
		if err := bolt.Restore(t.Context(), path, path+".restored"); !errors.Is(err, kv.ErrVersion) {
			t.Errorf("restoring %s: %v", name, err)
		}
	}
}
