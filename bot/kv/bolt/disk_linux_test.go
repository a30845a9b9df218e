package bolt_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"amana/bot/kv"
)

// TestDiskFails puts other files under the descriptor of a store that is serving: /dev/full, which never has room, and
// the same file opened for reading. The error is clear, nothing changes, and the store goes on afterwards.
func TestDiskFails(t *testing.T) {
	for name, c := range map[string]struct {
		under string
		flag  int
		want  error
	}{
		"full":      {"/dev/full", os.O_RDWR, kv.ErrFull},
		"read-only": {"", os.O_RDONLY, kv.ErrReadOnly},
	} {
		t.Run(name, func(t *testing.T) {
			st, path := fresh(t)
			// Pages to use again, so that the file need not grow.
			for i := range 20 {
				if err := put(t.Context(), st, "k", strings.Repeat("x", 1000*i)); err != nil {
					t.Fatal(err)
				}
			}
			if c.under == "" {
				c.under = path
			}
			other, err := os.OpenFile(c.under, c.flag, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			fd := int(st.File().Fd())
			own, err := syscall.Dup(fd)
			if err != nil {
				t.Fatal(err)
			}
			defer syscall.Close(own)
			if err := syscall.Dup3(int(other.Fd()), fd, 0); err != nil {
				t.Fatal(err)
			}
			for i := range 3 {
				err := st.Update(t.Context(), kv.ID{byte(i + 1)}, func(tx kv.Tx) error { return tx.Put([]byte("k"), []byte("new")) })
				if !errors.Is(err, c.want) || errors.Is(err, kv.ErrUnknown) || !strings.Contains(err.Error(), path) {
					t.Errorf("update: %v, want %v", err, c.want)
				}
			}
			if v, found, err := get(t.Context(), st, "k"); len(v) != 19_000 || !found || err != nil {
				t.Errorf("meanwhile: %d bytes, %v, %v", len(v), found, err)
			}
			if err := syscall.Dup3(own, fd, 0); err != nil {
				t.Fatal(err)
			}
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
