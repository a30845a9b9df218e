package bolt

import (
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
)

// failed finds out what a commit that returned an error has done. The head page is the last thing that a commit
// writes: if the file does not show it, nothing was committed, and bbolt has taken the rest back. If it shows, only
// its flush can have failed: what every reader now sees may be gone after a power cut.
func (s *Store) failed(tx *bbolt.Tx, id int, cause error) error {
	guarded(s.path, tx.Rollback) // bbolt has done it, unless it panicked
	if errors.Is(cause, kv.ErrCorrupt) {
		s.broken = cause
	}
	shown := 0
	err := guarded(s.path, func() error {
		now, err := s.db.Begin(false)
		if err != nil {
			return err
		}
		shown = now.ID()
		return now.Rollback()
	})
	if err != nil || shown >= id {
		s.doubt.Store(true)
		return fmt.Errorf("committing to database %s: %w: %w", s.path, kv.ErrUnknown, errDisk(cause))
	}
	if s.broken != nil {
		return cause
	}
	return fmt.Errorf("committing to database %s: %w", s.path, errDisk(cause))
}

// ready lets no group begin on a damaged file, or while the outcome of the commit before is in doubt.
func (s *Store) ready() error {
	if s.broken != nil {
		return s.broken
	}
	if !s.doubt.Load() {
		return nil
	}
	if err := s.heal(); err != nil {
		return fmt.Errorf("settling the last commit: %w: %w", kv.ErrUnknown, err)
	}
	s.doubt.Store(false)
	return nil
}

// heal settles a doubt: it opens the file anew, so that head page and free list are read from one state, checks it
// all, and commits once more. The data of the doubtful commit was flushed before its head page was written, so that a
// flushed head page behind it makes it durable.
func (s *Store) heal() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		err := guarded(s.path, s.db.Close)
		s.database = database{}
		if err != nil {
			return err
		}
	}
	d, err := open(s.path, false, s.opt)
	if err != nil {
		return err
	}
	s.database = d
	if !d.sound {
		if err := s.checkNow(context.Background()); err != nil {
			return err
		}
	}
	return s.watched(func() error {
		tx, err := s.db.Begin(true)
		if err != nil {
			return err
		}
		defer tx.Rollback() // to no effect once it is committed
		if err := s.commit(tx); err != nil {
			return fmt.Errorf("committing to database %s: %w", s.path, errDisk(err))
		}
		return nil
	})
}

// Checked says that the full check was done before serving, because the last stop was not clean.
func (s *Store) Checked() bool { return s.checked }

// Check reads every live byte of the file and returns kv.ErrCorrupt if anything is out of place. It works on a
// snapshot, beside updates and views, and ends early with the context.
func (s *Store) Check(ctx context.Context) error {
	ctx, cancel := s.untilClosed(ctx)
	defer cancel()
	for {
		again := false
		err := s.snapshot(ctx, func(txid int, _ *bbolt.Bucket) error {
			im, err := imageOf(s.file)
			if err != nil {
				return errDamaged(s.path, "%v", err)
			}
			m, ok := im.state(uint64(txid))
			if again = !ok; again {
				return nil // two commits went by before the head pages were read
			}
			if err := s.verdict(ctx, fullCheck(ctx, im, m)); err != nil {
				return err
			}
			s.proven.Store(true)
			return nil
		})
		if !again || err != nil {
			return err
		}
	}
}

// checkNow checks the present state; there are no writers yet.
func (s *Store) checkNow(ctx context.Context) error {
	return s.verdict(ctx, checkFile(ctx, s.file))
}

func (s *Store) verdict(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return errDamaged(s.path, "%v", err)
}
