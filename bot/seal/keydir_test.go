package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Every damage names the file and what to do, and never shows a key.
func TestDamagedKeyDirectory(t *testing.T) {
	const month = "2026-11-report"
	write := func(name, data string) func(string) error {
		return func(dir string) error { return os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600) }
	}
	edit := func(name string, change func([]byte) []byte) func(string) error {
		return func(dir string) error {
			path := filepath.Join(dir, name)
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(path, change(data), 0o600)
		}
	}
	remove := func(name string) func(string) error {
		return func(dir string) error { return os.Remove(filepath.Join(dir, name)) }
	}
	mode := func(name string, m os.FileMode) func(string) error {
		return func(dir string) error { return os.Chmod(filepath.Join(dir, name), m) }
	}
	for what, c := range map[string]struct {
		damage       func(dir string) error
		file, remedy string
	}{
		"no directory":        {os.RemoveAll, "", "amana init"},
		"no ledger":           {remove(ledgerFile), ledgerFile, "backup"},
		"ledger cut":          {edit(ledgerFile, func(b []byte) []byte { return b[:len(b)/2] }), ledgerFile, "backup"},
		"ledger of later":     {write(ledgerFile, `{"amana":"house ledger 2","living":[]}`), ledgerFile, "backup"},
		"ledger climbs":       {write(ledgerFile, `{"amana":"house ledger 1","living":["../x"]}`), ledgerFile, "backup"},
		"no installation":     {remove(installationFile), installationFile, "backup"},
		"no month":            {remove(month), month, "backup"},
		"month empty":         {write(month, ""), month, "backup"},
		"month cut":           {edit(month, func(b []byte) []byte { return b[:len(b)-20] }), month, "backup"},
		"month changed":       {edit(month, func(b []byte) []byte { return flipKey(b) }), month, "backup"},
		"month under another": {func(dir string) error { return copyFile(dir, "2026-12-report", month) }, month, "backup"},
		"month twice":         {edit(month, func(b []byte) []byte { return append(b, b...) }), month, "backup"},
		"month huge":          {write(month, strings.Repeat(" ", maxSmallFile+1)), month, "backup"},
		"month readable":      {mode(month, 0o640), month, "chmod 0600"},
		"directory open":      {mode("", 0o755), "", "chmod 0700"},
		"standing gone":       {remove("standing-1"), "standing-1", "backup"},
		"coordinator broken":  {write(coordinatorFile, "amana-coordinator1qqqq"), coordinatorFile, "backup"},
	} {
		t.Run(what, func(t *testing.T) {
			h := newHouse(t)
			if err := c.damage(h.dir); err != nil {
				t.Fatal(err)
			}
			_, err := OpenHouse(h.dir, rand.Reader)
			if err == nil {
				t.Fatal("opened")
			}
			for _, part := range []string{h.dir, c.file, c.remedy} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
			for id, k := range h.keys {
				if strings.Contains(err.Error(), base64.StdEncoding.EncodeToString(k.secret[:])) {
					t.Errorf("the error shows the key %s", id)
				}
			}
		})
	}
}

// flipKey changes one digit in the middle of the key.
func flipKey(b []byte) []byte {
	at := bytes.Index(b, []byte(`"key": "`)) + 20
	if b[at] == 'A' {
		b[at] = 'B'
	} else {
		b[at] = 'A'
	}
	return b
}

func copyFile(dir, from, to string) error {
	data, err := os.ReadFile(filepath.Join(dir, from))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, to), data, 0o600)
}

func TestKeyDirectoryIsPrivate(t *testing.T) {
	h := newHouse(t)
	if err := h.PinCoordinator(must(NewCoordinatorKey(rand.Reader)).Public()); err != nil {
		t.Fatal(err)
	}
	if info := must(os.Stat(h.dir)); info.Mode().Perm() != 0o700 {
		t.Errorf("directory mode %o", info.Mode().Perm())
	}
	for _, e := range must(os.ReadDir(h.dir)) {
		if info := must(e.Info()); info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %o", e.Name(), info.Mode().Perm())
		}
		if strings.HasPrefix(e.Name(), tempPrefix) {
			t.Errorf("%s was left behind", e.Name())
		}
	}
	if entries := must(os.ReadDir(filepath.Dir(h.dir))); len(entries) != 1 {
		t.Errorf("beside the key directory lies %v", entries)
	}
}

// A crash between the key file and the ledger leaves a key that the next start takes in; one inside a write leaves a
// half file that is swept an hour later.
func TestKeyDirectoryAfterACrash(t *testing.T) {
	h := newHouse(t)
	before := readFile(t, filepath.Join(h.dir, ledgerFile))
	must(h.Ensure(november.AddDate(0, 1, 0)))
	value := must(h.Seal("2027-03-report", nil, []byte("x")))
	if err := os.WriteFile(filepath.Join(h.dir, ledgerFile), before, 0o600); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(h.dir, tempPrefix+"123")
	if err := os.WriteFile(half, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	h = must(OpenHouse(h.dir, rand.Reader))
	if _, _, err := h.Open(nil, value); err != nil {
		t.Error(err)
	}
	must(h.Ensure(time.Now().Add(time.Minute)))
	if _, err := os.Stat(half); err != nil {
		t.Error("a file that is being written was swept")
	}
	must(h.Ensure(time.Now().Add(2 * time.Hour)))
	if _, err := os.Stat(half); err == nil {
		t.Error("a half file was not swept")
	}
	if after := readFile(t, filepath.Join(h.dir, ledgerFile)); !bytes.Contains(after, []byte("2027-03-report")) {
		t.Error("the ledger does not name the key that was taken in")
	}
}

// A first creation that was cut short leaves nothing that stands in the way of the second.
func TestCreateHouseAfterACrash(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	if err := os.MkdirAll(dir+".unfinished", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir+".unfinished", installationFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := CreateHouse(dir, november, rand.Reader); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "keys")
	if _, err := CreateHouse(broken, november, bytes.NewReader(make([]byte, 80))); err == nil {
		t.Fatal("made keys without randomness")
	}
	if entries := must(os.ReadDir(filepath.Dir(broken))); len(entries) != 0 {
		t.Errorf("left %v behind", entries)
	}
}

func TestCreateFileNeverOverwrites(t *testing.T) {
	dir := t.TempDir()
	var won sync.Map
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			if createFile(dir, "key", []byte{byte(i)}) == nil {
				won.Store(byte(i), true)
			}
		})
	}
	all.Wait()
	n := 0
	won.Range(func(k, _ any) bool {
		n++
		if got := readFile(t, filepath.Join(dir, "key")); got[0] != k.(byte) {
			t.Error("another one's bytes")
		}
		return true
	})
	if n != 1 {
		t.Errorf("%d writers believe that they made it", n)
	}
}
