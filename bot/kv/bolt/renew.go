package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// Renew makes the file anew, so that nothing of what was deleted is left in it, while the store goes on serving: what is
// alive is copied into a new file beside it, which then takes its place. Updates wait meanwhile, Views only for the change
// of place; both go on with the new file. A kill at any instant leaves the old file or the new one, which hold the same.
// Where it fails, as on a disk without room for the copy, the store goes on with the old file.
func (s *Store) Renew(ctx context.Context) error {
	ctx, cancel := s.untilClosed(ctx)
	defer cancel()
	select {
	case s.leader <- struct{}{}: // nobody commits before it is given back
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-s.leader }()
	if err := s.ready(); err != nil {
		return err
	}
	dir := filepath.Dir(s.path)
	sweepNext(dir)
	var next string
	err := s.snapshot(ctx, func(_ int, b *bbolt.Bucket) (err error) {
		next, err = fillPart(ctx, dir, nextName, pour(ctx, s.path, b))
		return err
	})
	if err == nil {
		defer os.Remove(next) // of no effect once it has the other name
		err = s.change(next)
	}
	if err != nil {
		return fmt.Errorf("making database %s anew: %w", s.path, err)
	}
	return nil
}

// change puts a file in the place of the database. It is opened, locked and marked as being served before it has the name,
// so that no other process ever finds it free.
func (s *Store) change(next string) (err error) {
	d, err := open(next, false, s.opt)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.database
	s.database = d
	s.walked.Store(0)
	err = s.mark(func(b *bbolt.Bucket) error { return b.Put(openKey, []byte{1}) })
	if err == nil {
		err = os.Rename(next, s.path)
	}
	if err != nil {
		s.database = old
		s.walked.Store(0)
		return errors.Join(err, guarded(next, d.db.Close))
	}
	// Before the name is on the disk nothing may be committed: a power cut would bring the old file back without it.
	dir := filepath.Dir(s.path)
	if err := syncDir(dir); err != nil {
		if err = syncDir(dir); err != nil {
			s.broken = fmt.Errorf("%w: stop the program and start it again", errDisk(err))
		}
	}
	s.proven.Store(true) // by the check of the copy
	return errors.Join(s.broken, guarded(s.path, old.db.Close))
}

// sweepNext removes what a crash left of making a database anew.
func sweepNext(dir string) {
	parts, _ := filepath.Glob(filepath.Join(dir, nextName))
	for _, part := range parts {
		os.Remove(part)
	}
}
