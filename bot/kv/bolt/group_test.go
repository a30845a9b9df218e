package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

// TestGroups has many write at once: they share commits.
func TestGroups(t *testing.T) {
	st, _ := fresh(t)
	const writers, times = 64, 20
	before := st.Commits()
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range times {
				if err := put(t.Context(), st, fmt.Sprintf("%d/%d", w, i), "v"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := st.Commits() - before; n > writers*times/5 {
		t.Errorf("%d updates took %d commits", writers*times, n)
	}
}

// TestLoneWriter waits for nobody: in the time of a bubble, which only timers move, an update takes none, and each has
// a commit of its own.
func TestLoneWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db", "amana.db")
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		st := reopen(t, path)
		begin := time.Now()
		for i := range 10 {
			if err := put(t.Context(), st, fmt.Sprint(i), "v"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begin); took != 0 {
			t.Errorf("ten updates waited %v", took)
		}
		if n := st.Commits(); n != 10 {
			t.Errorf("ten updates took %d commits", n)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestOneGroup holds a commit up until others have queued behind it. They share the next one, each with its own
// outcome: those that fail, panic, go over a limit or leave spoil no other.
func TestOneGroup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db", "amana.db")
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		st := reopen(t, path)
		gate := make(chan bool)
		st.BreakCommit(func(commit func() error) error {
			<-gate
			return commit()
		})
		var all sync.WaitGroup
		first := func() {
			all.Go(func() {
				if err := put(t.Context(), st, "first", ""); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		first()

		leaving, leave := context.WithCancel(t.Context())
		own := errors.New("own")
		outcomes := map[string]error{"fine": nil, "fails": own, "limit": kv.ErrLimit, "leaves": context.Canceled, "again": nil}
		got := map[string]error{}
		var mu sync.Mutex
		panics := 0
		for _, name := range []string{"fine", "fails", "panics", "limit", "leaves", "again"} {
			all.Go(func() {
				ctx := t.Context()
				if name == "leaves" {
					ctx = leaving
				}
				defer func() {
					mu.Lock()
					defer mu.Unlock()
					if recover() != nil {
						panics++
					}
				}()
				err := st.Update(ctx, kv.ID{}, func(tx kv.Tx) error {
					if err := tx.Put([]byte(name), nil); err != nil {
						return err
					}
					switch name {
					case "fails":
						return own
					case "panics":
						panic(own)
					case "limit":
						return tx.Put([]byte(name), make([]byte, kv.MaxValue+1))
					case "leaves":
						t.Error("the closure of one that left was run")
					}
					return nil
				})
				mu.Lock()
				defer mu.Unlock()
				got[name] = err
			})
		}
		synctest.Wait() // all of them queue
		leave()
		synctest.Wait()
		before := st.Commits()
		close(gate)
		all.Wait()
		if n := st.Commits() - before; n != 2 {
			t.Errorf("%d commits, want the one that was held up and one for all behind it", n)
		}
		for name, want := range outcomes {
			if err, ok := got[name]; !ok || !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", name, err, want)
			}
		}
		if panics != 1 {
			t.Errorf("%d panics reached their caller", panics)
		}
		for name, want := range map[string]bool{"first": true, "fine": true, "again": true, "fails": false, "panics": false, "limit": false, "leaves": false} {
			if _, found, err := get(t.Context(), st, name); found != want || err != nil {
				t.Errorf("%s is stored: %v, %v", name, found, err)
			}
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestGroupFails lets the commit of a whole group fail. Each hears of it, the one too whose closure had failed only
// because of what another had written before it.
func TestGroupFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db", "amana.db")
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		st := reopen(t, path)
		gate := make(chan bool)
		st.BreakCommit(func(func() error) error {
			<-gate
			return errFlush
		})
		taken := errors.New("taken")
		var mu sync.Mutex
		var outcomes []error
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				err := st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error {
					if _, found, err := tx.Get([]byte("seat")); found || err != nil {
						return errors.Join(taken, err)
					}
					return tx.Put([]byte("seat"), nil)
				})
				mu.Lock()
				defer mu.Unlock()
				outcomes = append(outcomes, err)
			})
			synctest.Wait()
		}
		close(gate)
		all.Wait()
		for _, err := range outcomes {
			if errors.Is(err, taken) || !errors.Is(err, errFlush) {
				t.Errorf("the seat was never taken, and one heard: %v", err)
			}
		}
		st.BreakCommit(func(commit func() error) error { return commit() })
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestCloseWaits closes a store while updates are on their way: each is either stored or refused.
func TestCloseWaits(t *testing.T) {
	st, path := fresh(t)
	var mu sync.Mutex
	stored := map[string]bool{}
	var all sync.WaitGroup
	for w := range 16 {
		all.Go(func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("%d/%d", w, i)
				err := put(t.Context(), st, key, "")
				if err != nil {
					if !errors.Is(err, kv.ErrClosed) {
						t.Error(err)
					}
					return
				}
				mu.Lock()
				stored[key] = true
				mu.Unlock()
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	all.Wait()
	st = reopen(t, path)
	if st.Checked() {
		t.Error("the stop was not clean")
	}
	for key := range stored {
		if _, found, err := get(t.Context(), st, key); !found || err != nil {
			t.Errorf("%s: %v, %v", key, found, err)
		}
	}
}
