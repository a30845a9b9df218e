package bolt

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
)

// View runs fn on a snapshot. A View that stays open keeps the file from reusing what is deleted meanwhile.
func (s *Store) View(ctx context.Context, fn func(kv.Reader) error) error {
	return s.snapshot(ctx, func(_ int, b *bbolt.Bucket) error {
		guard := kv.NewGuard(reader{s.path, b})
		err := fn(guard)
		return cmp.Or(err, guard.End())
	})
}

// snapshot runs fn in a read transaction, once the outcome of the last commit is known. fn also gets the number of the
// update that the snapshot shows.
func (s *Store) snapshot(ctx context.Context, fn func(txid int, b *bbolt.Bucket) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.doubt.Load() {
		if err := s.ask(ctx, func(*bbolt.Bucket) (bool, error) { return false, nil }); err != nil {
			return err
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return s.errGone()
	}
	var tx *bbolt.Tx
	err := guarded(s.path, func() (err error) {
		tx, err = s.db.Begin(false)
		return err
	})
	if err != nil {
		return fmt.Errorf("reading database %s: %w", s.path, err)
	}
	defer tx.Rollback()
	var b *bbolt.Bucket
	if err := guarded(s.path, func() error { b = s.pairs(tx); return nil }); err != nil {
		return err
	}
	return fn(tx.ID(), b)
}

// Update runs fn when its turn comes and returns when its commit is on disk.
func (s *Store) Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error {
	c := newCall()
	c.id = id
	leads, err := s.enter(ctx, c)
	if err != nil {
		return err
	}
	if leads {
		s.lead(c, fn)
		return <-c.end
	}
	select {
	case err := <-c.end: // there was nothing to do, or no way to do it
		return err
	case buffer := <-c.turn:
		run(c, buffer, fn)
		return <-c.end
	case <-ctx.Done():
		close(c.left)
		return ctx.Err()
	}
}

// run runs the closure here, in the goroutine of its caller, and tells whoever leads how it ended, even if it panics
// or ends the goroutine.
func run(c *call, buffer *kv.Buffer, fn func(kv.Tx) error) {
	err := errAborted
	defer func() { c.ran <- err }()
	err = fn(buffer)
}

var errAborted = errors.New("closure did not return")

// Settled says whether an update is on disk. It waits for the commit under way.
func (s *Store) Settled(ctx context.Context, id kv.ID) (bool, error) {
	settled := make(chan bool, 1)
	err := s.ask(ctx, func(b *bbolt.Bucket) (bool, error) {
		settled <- !id.IsZero() && b.Get(kv.SettleKey(id)) != nil
		return false, nil
	})
	if err != nil {
		return false, err
	}
	return <-settled, nil
}

// forgetStep is how many records Forget looks at in one commit, so that nobody waits long behind it.
const forgetStep = 1000

// Forget drops the records of updates committed before a day.
func (s *Store) Forget(ctx context.Context, before kv.Day) (int, error) {
	type step struct {
		next []byte
		n    int
	}
	steps := make(chan step, 1)
	next, to := kv.SettleRange()
	total := 0
	for next != nil {
		err := s.ask(ctx, func(b *bbolt.Bucket) (bool, error) {
			old, more, err := expired(b, next, to, before)
			for _, key := range old {
				err = cmp.Or(err, b.Delete(key))
			}
			steps <- step{more, len(old)}
			return len(old) > 0, err
		})
		if err != nil {
			return total, err
		}
		done := <-steps
		total += done.n
		next = done.next
	}
	return total, nil
}

// expired gives the keys of old records among the next few, and where to go on.
func expired(b *bbolt.Bucket, from, to []byte, before kv.Day) (old [][]byte, next []byte, err error) {
	c := b.Cursor()
	seen := 0
	for key, value := c.Seek(from); key != nil && bytes.Compare(key, to) < 0; key, value = c.Next() {
		if seen == forgetStep {
			return old, bytes.Clone(key), nil
		}
		seen++
		day, err := kv.SettleDay(value)
		if err != nil {
			return nil, nil, err
		}
		if day < before {
			old = append(old, bytes.Clone(key))
		}
	}
	return old, nil, nil
}

// Close lets the commit under way end, waits for open Views, marks the stop as clean and closes the file. An error
// means no loss: at worst the next start checks the whole file.
func (s *Store) Close() error {
	s.once.Do(func() {
		close(s.quit)
		s.leader <- struct{}{} // and never gives it back
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.db == nil {
			return
		}
		if s.broken == nil && !s.doubt.Load() {
			s.db.NoFreelistSync = false // the next start need not look for what is free
			s.ended = s.mark(func(b *bbolt.Bucket) error { return b.Delete(openKey) })
		}
		if err := guarded(s.path, s.db.Close); err != nil {
			s.ended = cmp.Or(s.ended, fmt.Errorf("closing database %s: %w", s.path, err))
		}
		s.database = database{}
	})
	return s.ended
}

// untilClosed gives long readings a context that ends with the store, so that Close need not wait for them.
func (s *Store) untilClosed(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-s.quit:
			cancel(s.errGone())
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}

// errGone is why there is no open file.
func (s *Store) errGone() error {
	select {
	case <-s.quit:
		return fmt.Errorf("using database %s: %w", s.path, kv.ErrClosed)
	default:
		return fmt.Errorf("using database %s, which could not be opened again: %w", s.path, kv.ErrUnknown)
	}
}
