//go:build linux || darwin

package bolt_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

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
	if _, err := bolt.Open(args[0], bolt.Options{}); err != nil {
		return err
	}
	fmt.Println("open")
	time.Sleep(time.Minute) // until it is killed
	return nil
}
