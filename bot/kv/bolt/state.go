package bolt

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
)

// readState reads the state of a file, which stands behind the number of its layout.
func readState(b *bbolt.Bucket, layout byte) (kv.State, error) {
	switch v := b.Get(versionKey); {
	case v == nil:
		return kv.State{}, fmt.Errorf("not a database of amana: %w", kv.ErrVersion)
	case len(v) == 0 || v[0] != layout:
		return kv.State{}, fmt.Errorf("its version is %v, this program reads %d and %d: %w", v, inBucket, atRoot, kv.ErrVersion)
	default:
		return kv.ParseState(v[1:])
	}
}

// State gives the state of the file.
func (s *Store) State(ctx context.Context) (kv.State, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return kv.State{}, s.errGone()
	}
	return s.state, ctx.Err()
}

// SetState puts the file from one state into another; that is on disk when SetState returns. The store goes on as it was
// opened.
func (s *Store) SetState(ctx context.Context, was, state kv.State) error {
	select {
	case s.leader <- struct{}{}: // nobody commits meanwhile
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-s.leader }()
	if err := s.ready(); err != nil {
		return err
	}
	if s.state != was {
		return fmt.Errorf("marking database %s: somebody else has done so: %w", s.path, s.state.Err())
	}
	err := s.mark(func(b *bbolt.Bucket) error {
		return b.Put(versionKey, kv.AppendState([]byte{s.layout}, state))
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = state
	return nil
}
