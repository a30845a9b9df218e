package bolt_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

// TestDiskFails puts other files under the descriptor of a store that is serving: /dev/full, which never has room, and
// the same file opened for reading. The error is clear, nothing changes, and the store goes on afterwards.
func TestDiskFails(t *testing.T) {
	for name, c := range map[string]struct {
		under    string
		flag     int
		want     error
		unlisted bool
	}{
		"full":                {"/dev/full", os.O_RDWR, kv.ErrFull, false},
		"full, unlisted":      {"/dev/full", os.O_RDWR, kv.ErrFull, true},
		"read-only":           {"", os.O_RDONLY, kv.ErrReadOnly, false},
		"read-only, unlisted": {"", os.O_RDONLY, kv.ErrReadOnly, true},
	} {
		t.Run(name, func(t *testing.T) {
			st, path := fresh(t)
			if c.unlisted {
				if err := st.Check(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			// Pages to use again, so that the file need not grow.
			for i := range 20 {
				if err := put(t.Context(), st, "k", strings.Repeat("x", 1000*i)); err != nil {
					t.Fatal(err)
				}
			}
			wantList(t, path, !c.unlisted)
			if c.under == "" {
				c.under = path
			}
			back := swap(t, st, path, c.under, c.flag)
			for i := range 3 {
				err := st.Update(t.Context(), kv.ID{byte(i + 1)}, func(tx kv.Tx) error { return tx.Put([]byte("k"), []byte("new")) })
				if !errors.Is(err, c.want) || errors.Is(err, kv.ErrUnknown) || !strings.Contains(err.Error(), path) {
					t.Errorf("update: %v, want %v", err, c.want)
				}
			}
			if v, found, err := get(t.Context(), st, "k"); len(v) != 19_000 || !found || err != nil {
				t.Errorf("meanwhile: %d bytes, %v, %v", len(v), found, err)
			}
			back()
			for i := range 20 {
				if err := put(t.Context(), st, fmt.Sprint(i), strings.Repeat("y", 1000*i)); err != nil {
					t.Fatalf("afterwards: %v", err)
				}
			}
			for i := range 3 {
				if settled, err := st.Settled(t.Context(), kv.ID{byte(i + 1)}); settled || err != nil {
					t.Errorf("an update that failed is settled: %v, %v", settled, err)
				}
			}
			if err := errors.Join(st.Check(t.Context()), st.Close()); err != nil {
				t.Error(err)
			}
			st = reopen(t, path)
			if v, _, err := get(t.Context(), st, "k"); len(v) != 19_000 || err != nil {
				t.Errorf("after a restart: %d bytes, %v", len(v), err)
			}
		})
	}
}

// swap puts another file under the descriptor by which bbolt writes. The checks go on reading the file itself, as they
// can on a disk that is full.
func swap(t *testing.T, st *bolt.Store, path, under string, flag int) (back func()) {
	t.Helper()
	other, err := os.OpenFile(under, flag, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	reads, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	file := st.File()
	fd := int(file.Fd())
	own, err := syscall.Dup(fd)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Dup3(int(other.Fd()), fd, 0); err != nil {
		t.Fatal(err)
	}
	st.CheckBy(reads)
	return func() {
		t.Helper()
		if err := errors.Join(syscall.Dup3(own, fd, 0), syscall.Close(own), reads.Close()); err != nil {
			t.Fatal(err)
		}
		st.CheckBy(file)
	}
}

// TestDiskFailsOverDamage lets a commit fail in a file without a free list that is damaged elsewhere. bbolt would meet the
// damage in a goroutine of its own, which would end this test.
func TestDiskFailsOverDamage(t *testing.T) {
	st, path, _ := unlisted(t)
	wipe(t, path)
	back := swap(t, st, path, "/dev/full", os.O_RDWR)
	for range 2 {
		if err := put(t.Context(), st, "z", "1"); !errors.Is(err, kv.ErrCorrupt) || !strings.Contains(err.Error(), "restore the latest backup") {
			t.Errorf("update: %v", err)
		}
	}
	if _, found, err := get(t.Context(), st, "unlisted"); !found || err != nil {
		t.Errorf("what is sound cannot be read: %v, %v", found, err)
	}
	back()
	if err := put(t.Context(), st, "z", "1"); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("update after damage was met: %v", err)
	}
	st.Close()
	wantRefused(t, path, kv.ErrCorrupt, "restore the latest backup")
}
