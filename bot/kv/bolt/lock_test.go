//go:build linux || darwin

package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db", "amana.db")
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	cmd, out := child(t, "hold", path)
	if line, err := out.ReadString('\n'); line != "open\n" {
		t.Fatalf("child said %q, %v", line, err)
	}
	wantRefused(t, path, kv.ErrLocked, "another amana serves it")
	if err := bolt.Restore(t.Context(), path, path+".2"); !errors.Is(err, kv.ErrLocked) {
		t.Errorf("restoring from a database that is being served: %v", err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	reopen(t, path)
	wantRefused(t, path, kv.ErrLocked, "another amana serves it") // this very process serves it now
}

func childHold(args []string) error {
	st, err := bolt.Open(args[0], bolt.Options{})
	if err != nil {
		return err
	}
	if err := st.Check(context.Background()); err != nil {
		return err
	}
	for n := 0; ; n++ { // until it is killed, in a file without a free list
		if err := put(context.Background(), st, fmt.Sprint(n%10), "v"); err != nil {
			return err
		}
		if n == 10 {
			fmt.Println("open")
		}
	}
}
