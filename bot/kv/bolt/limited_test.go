//go:build linux || darwin

package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

// fill writes values until the store refuses, and gives how many it took.
func fill(ctx context.Context, st *bolt.Store, name string) (int, error) {
	value := make([]byte, 16<<10)
	for i := range 4096 {
		err := st.Update(ctx, fillID(name, i), func(tx kv.Tx) error {
			return tx.Put(fmt.Appendf(nil, "%s/%d", name, i), value)
		})
		if err != nil {
			return i, err
		}
	}
	return 4096, errors.New("there is no end to this disk")
}

func fillID(name string, i int) (id kv.ID) {
	copy(id[:], fmt.Sprintf("%s/%d", name, i))
	return id
}

// full is the story of a disk that fills up and is emptied again: nothing is lost, nothing half written, and the same
// store works again.
func full(ctx context.Context, st *bolt.Store, makeRoom func() error) error {
	n, err := fill(ctx, st, "a")
	if !errors.Is(err, kv.ErrFull) || errors.Is(err, kv.ErrUnknown) {
		return fmt.Errorf("the update that did not fit: %w", err)
	}
	for i := range 3 { // it stays full, and says so each time
		if _, err := fill(ctx, st, fmt.Sprint("again", i)); !errors.Is(err, kv.ErrFull) {
			return fmt.Errorf("a full disk, asked again: %w", err)
		}
	}
	if settled, err := st.Settled(ctx, fillID("a", n)); settled || err != nil {
		return fmt.Errorf("the update that did not fit is settled: %v, %v", settled, err)
	}
	if err := has(ctx, st, "a", n); err != nil {
		return err
	}
	if err := makeRoom(); err != nil {
		return err
	}
	more := 0
	err = nil
	for i := range 10 {
		key := fmt.Appendf(nil, "b/%d", i)
		if err = st.Update(ctx, kv.ID{}, func(tx kv.Tx) error { return tx.Put(key, make([]byte, 16<<10)) }); err != nil {
			return fmt.Errorf("after room was made: %w", err)
		}
		more++
	}
	return errors.Join(has(ctx, st, "a", n), has(ctx, st, "b", more), st.Check(ctx))
}

// has checks that there are exactly n values under a name, each whole.
func has(ctx context.Context, st *bolt.Store, name string, n int) error {
	return st.View(ctx, func(r kv.Reader) error {
		from, to := kv.Prefix([]byte(name + "/"))
		pairs, err := r.Scan(from, to, kv.MaxScan)
		for _, p := range pairs {
			if len(p.Value) != 16<<10 {
				return fmt.Errorf("a value has %d bytes", len(p.Value))
			}
		}
		if err == nil && len(pairs) != n {
			return fmt.Errorf("%d values under %s, want %d", len(pairs), name, n)
		}
		return err
	})
}

// TestDiskLimit fills a file up to the limit that the system sets for a process.
func TestDiskLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db", "amana.db")
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	cmd, out := child(t, "limited", path)
	if said := finish(t, cmd, out); said != "fine\n" {
		t.Errorf("child said %q", said)
	}
	st := reopen(t, path)
	if st.Checked() {
		t.Error("the child stopped well and the start checked the file")
	}
}

func childLimited(args []string) error {
	signal.Ignore(syscall.SIGXFSZ)
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		return err
	}
	st, err := bolt.Open(args[0], bolt.Options{})
	if err != nil {
		return err
	}
	limit := was
	limit.Cur = 6 << 20
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	err = full(context.Background(), st, func() error { return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was) })
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	fmt.Println("fine")
	return nil
}

// TestReadOnly opens a file that may be read and not written. Root may write everything, so the child gives that up.
func TestReadOnly(t *testing.T) {
	st, path := fresh(t)
	if err := put(t.Context(), st, "a", "1"); err != nil {
		t.Fatal(err)
	}
	st.Close()
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	const nobody = 65534
	if os.Getuid() == 0 {
		for _, name := range []string{path, filepath.Dir(path)} {
			if err := os.Chown(name, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
		for dir := filepath.Dir(filepath.Dir(path)); strings.HasPrefix(dir, os.TempDir()) && dir != os.TempDir(); dir = filepath.Dir(dir) {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd, out := child(t, "readonly", path)
	if said := finish(t, cmd, out); said != "fine\n" {
		t.Errorf("child said %q", said)
	}
}

func childReadOnly(args []string) error {
	if os.Getuid() == 0 {
		if err := syscall.Setuid(65534); err != nil {
			return err
		}
	}
	_, err := bolt.Open(args[0], bolt.Options{LockTimeout: time.Second})
	if !errors.Is(err, kv.ErrReadOnly) || !strings.Contains(err.Error(), args[0]) {
		return fmt.Errorf("opening what cannot be written: %w", err)
	}
	if err := bolt.Verify(context.Background(), args[0]); err != nil {
		return fmt.Errorf("verifying what can be read: %w", err)
	}
	fmt.Println("fine")
	return nil
}
