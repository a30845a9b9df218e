//go:build etcd

package etcd

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
)

// Store serves the database of one mission in a cluster. It implements kv.Store, kv.Settler and kv.Elector.
type Store struct {
	opt     Options
	space   space
	client  *clientv3.Client
	birth   string       // which database it is, told from one that was made anew
	version atomic.Int64 // the last change of the record of version and state, which every commit compares

	mu     sync.RWMutex // held for reading by whatever is under way, for writing by Close
	closed bool
	quit   chan struct{} // closed when Close begins
	idle   chan struct{} // closed when nothing is under way any more but terms
	terms  sync.WaitGroup
	once   sync.Once

	course course
	lanes  [lanes]chan struct{}
	doubts doubts

	commits, conflicts, unknowns, squeezed atomic.Int64 // how often what happened, for tests
}

// Open serves the database of a mission. It fails with kv.ErrAway if the cluster does not answer, fs.ErrNotExist if
// there is none of this mission, kv.ErrVersion if another generation of the program wrote it, kv.ErrFilling or kv.ErrMoved
// if it is not to be served, kv.ErrStray if it was made in another cluster than the one that answers, and kv.ErrBack if it is
// older than what was seen of it.
func Open(ctx context.Context, opt Options) (*Store, error) {
	s, err := reach(ctx, opt)
	if err != nil {
		return nil, fmt.Errorf("opening the database in the cluster: %w", err)
	}
	v, err := s.recognise(ctx)
	if err == nil && !opt.AnyState {
		err = v.state.Err()
	}
	if err == nil && !opt.AnyState && !opt.Stray {
		if err = s.atHome(ctx); err == nil {
			s.birth, err = s.born(ctx)
		}
		if err == nil {
			err = s.recall(ctx, v)
		}
	}
	if err != nil {
		s.client.Close()
		return nil, fmt.Errorf("opening the database of mission %s: %w", s.opt.Mission, err)
	}
	s.version.Store(v.mod)
	return s, nil
}

// Create makes an empty database for a mission that has none; else the error is fs.ErrExist. Whatever Open finds was made
// by it, or by Fill: a wrong address or a wrong name is never taken for a fresh start.
func Create(ctx context.Context, opt Options) error {
	s, err := reach(ctx, opt)
	if err != nil {
		return fmt.Errorf("creating a database in the cluster: %w", err)
	}
	defer s.client.Close()
	if _, err := s.found(ctx, kv.State{}); err != nil {
		return fmt.Errorf("creating the database of mission %s: %w", s.opt.Mission, err)
	}
	return nil
}

// reach makes a store whose cluster has not been asked for anything yet.
func reach(ctx context.Context, opt Options) (*Store, error) {
	opt = opt.withDefaults()
	if err := opt.check(); err != nil {
		return nil, err
	}
	sp, err := spaceOf(opt.Mission)
	if err != nil {
		return nil, err
	}
	s := &Store{opt: opt, space: sp, quit: make(chan struct{}), idle: make(chan struct{})}
	for i := range s.lanes {
		s.lanes[i] = make(chan struct{}, 1)
	}
	s.course.patience, s.course.signs = opt.Patience, opt.User != ""
	within, cancel := context.WithTimeoutCause(ctx, opt.Patience, errPatience)
	defer cancel()
	s.client, err = read(s, within, func(context.Context) (*clientv3.Client, error) { return connect(opt, &s.course) })
	return s, err
}

// enter lets one call in, unless the store is closed or its caller has gone.
func (s *Store) enter(ctx context.Context) (leave func(), err error) {
	s.mu.RLock()
	err = ctx.Err()
	if over := s.course.err(); over != nil {
		err = fmt.Errorf("using the database in the cluster: %w", over)
	}
	if s.closed {
		err = errClosed()
	}
	if err != nil {
		s.mu.RUnlock()
		return nil, err
	}
	return s.mu.RUnlock, nil
}

// quits says that Close has begun.
func (s *Store) quits() bool {
	select {
	case <-s.quit:
		return true
	default:
		return false
	}
}

// Close waits for what is under way, resigns every office and leaves the cluster.
func (s *Store) Close() error {
	var err error
	s.once.Do(func() {
		close(s.quit)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.closed = true
		close(s.idle)
		s.terms.Wait()
		if err = s.client.Close(); errors.Is(err, context.Canceled) { // the context that Close itself ends
			err = nil
		}
	})
	return err
}
