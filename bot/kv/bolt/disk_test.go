package bolt_test

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"

	"amana/bot/kv"
)

var errFlush = fmt.Errorf("flushing: %w", syscall.EIO)

// TestFlushFails lets the last flush of a commit fail: the update shows in the file, and may be gone after a power cut.
func TestFlushFails(t *testing.T) {
	st, path := fresh(t)
	id := kv.ID{1}
	write := func(tx kv.Tx) error { return tx.Put([]byte("a"), []byte("1")) }
	broken := true
	st.BreakCommit(func(commit func() error) error {
		if err := commit(); err != nil || !broken {
			return err
		}
		return errFlush
	})
	if err := st.Update(t.Context(), id, write); !errors.Is(err, kv.ErrUnknown) || !errors.Is(err, syscall.EIO) {
		t.Fatalf("an update whose flush failed: %v", err)
	}
	// While the disk does not flush, nothing is answered from what may be gone.
	if err := st.Update(t.Context(), id, write); !errors.Is(err, kv.ErrUnknown) {
		t.Errorf("asked again on a broken disk: %v", err)
	}
	if settled, err := st.Settled(t.Context(), id); settled || !errors.Is(err, kv.ErrUnknown) {
		t.Errorf("settled on a broken disk: %v, %v", settled, err)
	}
	if _, found, err := get(t.Context(), st, "a"); found || !errors.Is(err, kv.ErrUnknown) {
		t.Errorf("read on a broken disk: %v, %v", found, err)
	}
	broken = false
	if v, found, err := get(t.Context(), st, "a"); v != "1" || !found || err != nil {
		t.Errorf("read after the disk had come back: %q, %v, %v", v, found, err)
	}
	if settled, err := st.Settled(t.Context(), id); !settled || err != nil {
		t.Errorf("settled after the disk had come back: %v, %v", settled, err)
	}
	if err := st.Update(t.Context(), id, func(kv.Tx) error { t.Error("applied twice"); return nil }); err != nil {
		t.Errorf("asked again after the disk had come back: %v", err)
	}
	if err := errors.Join(st.Check(t.Context()), st.Close()); err != nil {
		t.Error(err)
	}
	if st := reopen(t, path); st.Checked() {
		t.Error("the stop was not clean")
	}
}

// TestWriteFails lets a commit fail before its head page is written: the update is surely not there.
func TestWriteFails(t *testing.T) {
	st, _ := fresh(t)
	st.BreakCommit(func(func() error) error { return errFlush })
	err := st.Update(t.Context(), kv.ID{1}, func(tx kv.Tx) error { return tx.Put([]byte("a"), nil) })
	if errors.Is(err, kv.ErrUnknown) || !errors.Is(err, syscall.EIO) {
		t.Errorf("an update that could not be written: %v", err)
	}
	if settled, err := st.Settled(t.Context(), kv.ID{1}); settled || err != nil {
		t.Errorf("settled: %v, %v", settled, err)
	}
	if _, found, err := get(t.Context(), st, "a"); found || err != nil {
		t.Errorf("read: %v, %v", found, err)
	}
	st.BreakCommit(func(commit func() error) error { return commit() })
	if err := put(t.Context(), st, "a", "2"); err != nil {
		t.Errorf("after the disk had come back: %v", err)
	}
}

// TestExactlyOnce lets commits fail in both ways at random while many writers count, each asking again with the same
// id until it knows: no count may be lost or doubled.
func TestExactlyOnce(t *testing.T) {
	st, path := fresh(t)
	const writers, counts = 8, 25
	if err := st.Check(t.Context()); err != nil { // so that the file has no free list, until a doubt is settled
		t.Fatal(err)
	}
	var commits int
	st.BreakCommit(func(commit func() error) error {
		commits++ // only one commit at a time
		switch commits % 5 {
		case 1:
			return errFlush
		case 3:
			if err := commit(); err != nil {
				return err
			}
			return errFlush
		}
		return commit()
	})
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range counts {
				for {
					err := st.Update(t.Context(), kv.ID{1, byte(w), byte(i)}, func(tx kv.Tx) error {
						v, _, err := tx.Get([]byte("n"))
						if err != nil {
							return err
						}
						return tx.Put([]byte("n"), append(v, 'I'))
					})
					if err == nil {
						break
					}
					if !errors.Is(err, syscall.EIO) {
						t.Errorf("update: %v", err)
						return
					}
				}
			}
		})
	}
	all.Wait()
	st.BreakCommit(func(commit func() error) error { return commit() })
	if err := errors.Join(put(t.Context(), st, "end", ""), st.Close()); err != nil {
		t.Fatal(err)
	}
	st = reopen(t, path)
	if v, _, err := get(t.Context(), st, "n"); len(v) != writers*counts || err != nil {
		t.Errorf("%d updates were applied %d times, %v", writers*counts, len(v), err)
	}
	if err := st.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
