//go:build etcd

package etcd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
)

// Walk gives all pairs and the records of settled updates as they stand at one revision; it is a kv.Walk. It takes as long
// as it takes, unless the cluster compacts that revision away.
func (s *Store) Walk(ctx context.Context, fn func(kv.Pair) error) error {
	ctx, cancel, err := s.untilClosed(ctx)
	if err != nil {
		return err
	}
	defer cancel()
	sn := &snapshot{s: s, ctx: ctx}
	records, behind := kv.SettleRange()
	for _, bounds := range [][2]string{{string(records), string(behind)}, {string([]byte{kv.Reserved + 1}), ""}} {
		if err := s.walk(ctx, sn, bounds[0], bounds[1], fn); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) walk(ctx context.Context, sn *snapshot, from, to string, fn func(kv.Pair) error) error {
	for next, end := s.space.full(from), s.space.upto(to); next != ""; {
		page, err := sn.ask(next, clientv3.WithRange(end), clientv3.WithLimit(pageSize))
		switch {
		case errors.Is(err, rpctypes.ErrCompacted):
			return fmt.Errorf("walking through the database of mission %s: the cluster did away with the revision that was being read; have it keep its history longer than a copy takes (--auto-compaction-retention), and begin again: %w", s.opt.Mission, err)
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			return fmt.Errorf("walking through the database of mission %s: %w", s.opt.Mission, err)
		}
		next = ""
		if page.More {
			next = string(kv.After(page.Kvs[len(page.Kvs)-1].Key))
		}
		for _, p := range page.Kvs {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			key := s.space.own(p.Key)
			if key[0] == kv.Reserved {
				if _, bar, err := recordDay(p.Value); err == nil && bar {
					continue // it holds off what was sent to this cluster
				}
			}
			if err := fn(kv.Pair{Key: key, Value: p.Value}); err != nil {
				return err
			}
		}
	}
	return nil
}

// untilClosed gives what takes long a context that ends with the store, so that Close need not wait for it.
func (s *Store) untilClosed(ctx context.Context) (context.Context, func(), error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-s.quit:
			cancel(errClosed())
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil); leave() }, nil
}

func errClosed() error { return fmt.Errorf("using the database in the cluster: %w", kv.ErrClosed) }

// What Fill writes in one transaction at most.
const (
	fillPairs = 100
	fillBytes = 1 << 20
)

// Fill makes a database of what a walk gives, for a mission that has none, else the error is fs.ErrExist. It ends in the
// state kv.Filling with that note, so that somebody can look at it (Options.AnyState) before it is set to be served. Where
// a Fill was begun before and not set to be served, it begins anew, and an earlier one that still goes on fails.
func Fill(ctx context.Context, opt Options, note string, from kv.Walk) error {
	s, err := reach(ctx, opt)
	if err != nil {
		return fmt.Errorf("filling a database in the cluster: %w", err)
	}
	defer s.client.Close()
	if err := s.fill(ctx, kv.State{Kind: kv.Filling, Note: note}, from); err != nil {
		return fmt.Errorf("filling the database of mission %s: %w", s.opt.Mission, err)
	}
	return nil
}

func (s *Store) fill(ctx context.Context, state kv.State, from kv.Walk) error {
	v, err := s.found(ctx, state)
	if errors.Is(err, fs.ErrExist) {
		v, err = s.again(ctx, state)
	}
	for n := 0; n < takeOvers && errors.Is(err, kv.ErrFilling); n++ {
		v, err = s.again(ctx, state)
	}
	if err != nil {
		return err
	}
	s.version.Store(v.mod)
	if _, err := s.guarded(ctx, []clientv3.Op{clientv3.OpDelete(s.space.full(homeName))}); err != nil {
		return err
	}
	if err := s.clear(ctx); err != nil {
		return err
	}
	var t txn
	size := 0
	flush := func() error {
		_, err := s.guarded(ctx, t.then)
		t.then, size = nil, 0
		return err
	}
	err = kv.Summed(from, kv.NewSummer())(ctx, func(p kv.Pair) error {
		if n := len(p.Key) + len(p.Value); len(t.then) == fillPairs || size+n > fillBytes {
			if err := flush(); err != nil {
				return err
			}
		}
		size += len(p.Key) + len(p.Value)
		t.then = append(t.then, clientv3.OpPut(s.space.full(string(p.Key)), string(p.Value)))
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// takeOvers is how often a taking over begins anew that met a change of the record: that may be its own, whose answer was lost
// with a leader.
const takeOvers = 3

// again takes over a database that is being filled. The new change of its record keeps out whoever filled it before.
func (s *Store) again(ctx context.Context, state kv.State) (version, error) {
	v, err := s.recognise(ctx)
	if err != nil {
		return version{}, err
	}
	if v.state.Kind != kv.Filling {
		return version{}, fmt.Errorf("there is one already: %w", fs.ErrExist)
	}
	s.version.Store(v.mod)
	resp, err := s.guarded(ctx, []clientv3.Op{clientv3.OpPut(s.space.full(versionName), versionValue(state))})
	if err != nil {
		return version{}, err
	}
	return version{state: state, mod: resp.Header.Revision}, nil
}

// clear takes away what an earlier Fill wrote.
func (s *Store) clear(ctx context.Context) error {
	for {
		within, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
		page, err := read(s, within, func(ctx context.Context) (*clientv3.GetResponse, error) {
			return s.client.Get(ctx, s.space.full(versionName)+"\x00", clientv3.WithRange(s.space.end), clientv3.WithLimit(kv.MaxScan), clientv3.WithKeysOnly())
		})
		cancel()
		if err != nil || len(page.Kvs) == 0 {
			return err
		}
		first, last := string(page.Kvs[0].Key), string(page.Kvs[len(page.Kvs)-1].Key)
		if _, err := s.guarded(ctx, []clientv3.Op{clientv3.OpDelete(first, clientv3.WithRange(last+"\x00"))}); err != nil {
			return err
		}
	}
}

// guarded does something that may be done twice, as long as nobody else has taken the database over.
func (s *Store) guarded(ctx context.Context, ops []clientv3.Op) (*clientv3.TxnResponse, error) {
	resp, err := s.insist(ctx, txn{compares: []clientv3.Cmp{s.still()}, then: ops})
	if err == nil && !resp.Succeeded {
		err = fmt.Errorf("another copy into it has begun meanwhile: %w", kv.ErrFilling)
	}
	return resp, err
}
