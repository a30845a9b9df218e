//go:build linux || darwin

package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

// Nothing of what was deleted is left in a file that was made anew, all else is, and nobody who reads or writes meanwhile
// notices more than a wait.
func TestRenew(t *testing.T) {
	st, path := fresh(t)
	for i := range 200 {
		if err := put(t.Context(), st, fmt.Sprint("k", i), strings.Repeat(fmt.Sprintf("token-%04d ", i), 100)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 100 {
		err := st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return tx.Delete(fmt.Append(nil, "k", i)) })
		if err != nil {
			t.Fatal(err)
		}
	}
	left := func() (n int) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			if bytes.Contains(data, fmt.Appendf(nil, "token-%04d", i)) {
				n++
			}
		}
		return n
	}
	if left() == 0 {
		t.Fatal("the file holds no deleted value before: this test proves nothing")
	}
	var all sync.WaitGroup
	stop := make(chan struct{})
	wrote := make([]int, 8)
	var beside atomic.Int64
	for w := range wrote {
		all.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					wrote[w] = i
					return
				default:
				}
				key := fmt.Sprintf("w%d-%d", w, i)
				if err := put(context.Background(), st, key, key); err != nil {
					t.Error(err)
					return
				}
				if v, found, err := get(context.Background(), st, key); v != key || !found || err != nil {
					t.Errorf("%s after its update returned: %q %v %v", key, v, found, err)
					return
				}
				beside.Add(1)
			}
		})
	}
	for n := 0; n < 5 || beside.Load() < 8 && n < 500; n++ { // a disk that has much to do lets few come in beside one
		if err := st.Renew(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	all.Wait()
	if n := left(); n != 0 {
		t.Errorf("%d deleted values are left", n)
	}
	if _, err := bolt.Open(path, bolt.Options{LockTimeout: 20 * time.Millisecond}); !errors.Is(err, kv.ErrLocked) {
		t.Errorf("the new file is free for others: %v", err)
	}
	if err := st.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if err := bolt.Verify(t.Context(), path); err != nil {
		t.Error(err)
	}
	if parts, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".amana-*")); len(parts) > 0 {
		t.Errorf("left behind: %v", parts)
	}
	st = reopen(t, path)
	if st.Checked() {
		t.Error("the stop was not a clean one")
	}
	total := 0
	for w, n := range wrote {
		total += n
		for i := range n {
			if _, found, err := get(t.Context(), st, fmt.Sprintf("w%d-%d", w, i)); !found || err != nil {
				t.Fatalf("w%d-%d is lost: %v", w, i, err)
			}
		}
	}
	for i := 100; i < 200; i++ {
		if _, found, err := get(t.Context(), st, fmt.Sprint("k", i)); !found || err != nil {
			t.Fatalf("k%d is lost: %v", i, err)
		}
	}
	if total < 8 {
		t.Errorf("only %d updates came in beside it", total)
	}
}

// A process that waited for the lock of the old file is not let in by it: what it wrote there would be lost.
func TestRenewBesideAnother(t *testing.T) {
	st, path := fresh(t)
	refused := make(chan error)
	go func() {
		other, err := bolt.Open(path, bolt.Options{LockTimeout: time.Second})
		if err == nil {
			other.Close()
		}
		refused <- err
	}()
	time.Sleep(100 * time.Millisecond)
	if err := st.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-refused; !errors.Is(err, kv.ErrLocked) {
		t.Errorf("the other process: %v", err)
	}
	if err := put(t.Context(), st, "k", "v"); err != nil {
		t.Error(err)
	}
}

// Where it cannot be done the store goes on as before.
func TestRenewRefused(t *testing.T) {
	st, path := fresh(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := st.Renew(ctx); err == nil {
		t.Error("made anew although nobody wants it any more")
	}
	if err := put(t.Context(), st, "k", "v"); err != nil {
		t.Error(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if err := st.Renew(t.Context()); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
	reopen(t, path)
}

// A kill while the file is made anew, again and again, loses nothing that was acknowledged.
func TestRenewKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db", "amana.db")
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	acknowledged := map[string]bool{}
	for round := range killRounds {
		cmd, out := child(t, "renew", path, fmt.Sprint(round))
		if line, err := out.ReadString('\n'); line != "open\n" {
			t.Fatalf("round %d: child said %q, %v", round, line, err)
		}
		time.Sleep(instant(random, 40*time.Millisecond, round, len(acknowledged)))
		cmd.Process.Kill()
		for {
			line, err := out.ReadString('\n')
			if err != nil {
				break
			}
			acknowledged[strings.TrimSpace(line)] = true
		}
		cmd.Wait()
		verify(t, path, acknowledged)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	if parts, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".amana-*")); len(parts) > 0 {
		t.Errorf("left behind: %v", parts)
	}
	if len(acknowledged) < killRounds {
		t.Errorf("only %d updates were acknowledged in all: too few to prove anything", len(acknowledged))
	}
}

// childRenew writes as childWrite does, and makes the file anew all the time.
func childRenew(args []string) error {
	return childWriteOn(args, func(st *bolt.Store) error {
		for {
			if err := st.Renew(context.Background()); err != nil {
				return err
			}
		}
	})
}
