package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

// TestCopyHasNoResidue deletes values and looks for them byte by byte: they are in the file, and not in its copy.
func TestCopyHasNoResidue(t *testing.T) {
	st, path := fresh(t)
	const n = 100
	token := func(i int) string { return fmt.Sprintf("token-%04d-%x", i, i*7919) }
	for i := range n {
		if err := put(t.Context(), st, fmt.Sprint("k", i), strings.Repeat(token(i)+" ", 40)); err != nil {
			t.Fatal(err)
		}
	}
	err := st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error {
		for i := range n / 2 {
			if err := tx.Delete(fmt.Append(nil, "k", i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Compact(t.Context(), path+".copy"); err != nil {
		t.Fatal(err)
	}
	count := func(path string, from, to int) (found int) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := from; i < to; i++ {
			if bytes.Contains(data, []byte(token(i))) {
				found++
			}
		}
		return found
	}
	if found := count(path, 0, n/2); found == 0 {
		t.Error("the file itself holds no deleted value: this test proves nothing")
	}
	if found := count(path+".copy", 0, n/2); found != 0 {
		t.Errorf("%d deleted values are in the copy", found)
	}
	if found := count(path+".copy", n/2, n); found != n/2 {
		t.Errorf("%d of %d living values are in the copy", found, n/2)
	}
	if info, err := os.Stat(path + ".copy"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the copy: %v, %v", info.Mode(), err)
	}
}

// TestBackupAndRestore copies a store while it is written to, and puts the copy back elsewhere.
func TestBackupAndRestore(t *testing.T) {
	st, path := fresh(t)
	var counted int
	writing, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		for i := 0; writing.Err() == nil; i++ {
			err := st.Update(context.Background(), kv.ID{1, byte(i >> 8), byte(i)}, func(tx kv.Tx) error {
				for _, shelf := range []string{"a", "b"} { // a snapshot holds both or neither
					if err := tx.Put(fmt.Appendf(nil, "%s/%06d", shelf, i), make([]byte, 3000)); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			counted = i
		}
	})
	time.Sleep(30 * time.Millisecond)
	copied := filepath.Join(t.TempDir(), "copy.db")
	err := st.Compact(t.Context(), copied)
	stop()
	all.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Compact(t.Context(), copied); !errors.Is(err, fs.ErrExist) {
		t.Errorf("copying over a copy: %v", err)
	}
	if err := bolt.Verify(t.Context(), copied); err != nil {
		t.Error(err)
	}
	if err := bolt.Restore(t.Context(), copied, path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("restoring over a database: %v", err)
	}
	back := filepath.Join(t.TempDir(), "new", "amana.db")
	if err := bolt.Restore(t.Context(), copied, back); err != nil {
		t.Fatal(err)
	}
	restored := reopen(t, back)
	if restored.Checked() {
		t.Error("a restored database says that it was not closed")
	}
	n := 0
	for i := 0; ; i++ {
		_, a, errA := get(t.Context(), restored, fmt.Sprintf("a/%06d", i))
		_, b, errB := get(t.Context(), restored, fmt.Sprintf("b/%06d", i))
		settled, errC := restored.Settled(t.Context(), kv.ID{1, byte(i >> 8), byte(i)})
		if err := errors.Join(errA, errB, errC); err != nil || a != b || a != settled {
			t.Fatalf("update %d: %v, %v, settled %v, %v", i, a, b, settled, err)
		}
		if !a {
			break
		}
		n++
	}
	if n == 0 || n > counted+1 {
		t.Errorf("%d updates in the copy of %d", n, counted+1)
	}
	if err := put(t.Context(), restored, "a", "serves"); err != nil {
		t.Error(err)
	}
}

func TestRestoreRefuses(t *testing.T) {
	path, size := grown(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ruin(whole[:size])
	other := altered(t, path, whole)
	to := filepath.Join(t.TempDir(), "db", "amana.db")
	if err := bolt.Restore(t.Context(), other, to); !errors.Is(err, kv.ErrCorrupt) || !strings.Contains(err.Error(), other) {
		t.Errorf("restoring a damaged copy: %v", err)
	}
	if err := bolt.Restore(t.Context(), path+".none", to); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("restoring from nothing: %v", err)
	}
	if names, _ := os.ReadDir(filepath.Dir(to)); len(names) != 0 {
		t.Errorf("restoring left %v", names)
	}
}

// TestCopyStops ends a copy early, by its context and by the end of the store: nothing is left behind.
func TestCopyStops(t *testing.T) {
	st, path := fresh(t)
	for i := range 50 {
		if err := put(t.Context(), st, fmt.Sprint(i), strings.Repeat("v", 60_000)); err != nil {
			t.Fatal(err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := st.Compact(gone, path+".1"); !errors.Is(err, context.Canceled) {
		t.Errorf("copy without time: %v", err)
	}
	if err := st.Check(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("check without time: %v", err)
	}
	ended := make(chan error)
	go func() {
		for i := 0; ; i++ {
			if err := st.Compact(context.Background(), fmt.Sprintf("%s.copy%d", path, i)); err != nil {
				ended <- err
				return
			}
		}
	}()
	time.Sleep(10 * time.Millisecond)
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, kv.ErrClosed) {
		t.Errorf("copy of a store that ends: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".amana-part-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestCheckBesideWriters runs the full check again and again while the file changes.
func TestCheckBesideWriters(t *testing.T) {
	st, _ := fresh(t)
	writing, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := 0; writing.Err() == nil; i++ {
				err := st.Update(context.Background(), kv.ID{}, func(tx kv.Tx) error {
					if err := tx.Put(fmt.Appendf(nil, "%d/%d", w, i), make([]byte, i*37%9000)); err != nil {
						return err
					}
					return tx.Delete(fmt.Appendf(nil, "%d/%d", w, i-20))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	checks := 0
	for begin := time.Now(); time.Since(begin) < 400*time.Millisecond; checks++ {
		if err := st.Check(t.Context()); err != nil {
			t.Error(err)
			break
		}
	}
	stop()
	all.Wait()
	t.Logf("%d checks beside %d commits", checks, st.Commits())
}
