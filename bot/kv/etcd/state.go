//go:build etcd

package etcd

import (
	"context"
	"fmt"
	"io/fs"

	"go.etcd.io/etcd/api/v3/mvccpb"
	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
)

// version is what the first record of a database says.
type version struct {
	state   kv.State
	mod     int64  // its last change
	cluster uint64 // in which it was read
	rev     int64  // of that
}

func versionValue(state kv.State) string { return string(kv.AppendState([]byte{layout}, state)) }

func readVersion(p *mvccpb.KeyValue) (version, error) {
	if len(p.Value) == 0 || p.Value[0] != layout {
		return version{}, fmt.Errorf("its version is %v, this program reads %d: %w", p.Value[:min(1, len(p.Value))], layout, kv.ErrVersion)
	}
	state, err := kv.ParseState(p.Value[1:])
	return version{state: state, mod: p.ModRevision}, err
}

// recognise reads that record.
func (s *Store) recognise(ctx context.Context) (version, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
	defer cancel()
	found, err := read(s, ctx, func(ctx context.Context) (*clientv3.TxnResponse, error) {
		return s.client.Txn(ctx).Then(
			clientv3.OpGet(s.space.full(versionName)),
			clientv3.OpGet(s.space.begin, clientv3.WithRange(s.space.end), clientv3.WithLimit(1), clientv3.WithKeysOnly()),
		).Commit()
	})
	if err != nil {
		return version{}, err
	}
	record, any := found.Responses[0].GetResponseRange().Kvs, found.Responses[1].GetResponseRange().Kvs
	switch {
	case len(record) == 1:
		v, err := readVersion(record[0])
		v.cluster, v.rev = found.Header.ClusterId, found.Header.Revision
		return v, err
	case len(any) == 1:
		return version{}, fmt.Errorf("something else stands below %s: %w", s.space.begin, kv.ErrVersion)
	}
	return version{}, fmt.Errorf("%w: make one, or name another mission or another cluster", fs.ErrNotExist)
}

// found writes that record where there is nothing yet of this mission.
func (s *Store) found(ctx context.Context, state kv.State) (version, error) {
	resp, err := s.insist(ctx, txn{
		// Any key would have been created at some revision.
		compares: []clientv3.Cmp{clientv3.Compare(clientv3.CreateRevision(s.space.begin).WithRange(s.space.end), "=", 0)},
		then:     []clientv3.Op{clientv3.OpPut(s.space.full(versionName), versionValue(state))},
	})
	switch {
	case err != nil:
		return version{}, err
	case !resp.Succeeded:
		return version{}, fmt.Errorf("there is one already, or something else has its place: %w", fs.ErrExist)
	}
	return version{state: state, mod: resp.Header.Revision}, nil
}

// still compares that the database is the one that was opened, and in the same state.
func (s *Store) still() clientv3.Cmp {
	return clientv3.Compare(clientv3.ModRevision(s.space.full(versionName)), "=", s.version.Load())
}

// replaced is why nothing may be written any more.
func replaced(p *mvccpb.KeyValue) error {
	if p.ModRevision != 0 {
		if v, err := readVersion(p); err != nil {
			return err
		} else if err := v.state.Err(); err != nil {
			return err
		}
	}
	return fmt.Errorf("the database is not the one that was opened; start again: %w", kv.ErrVersion)
}

// State gives the state of the database.
func (s *Store) State(ctx context.Context) (kv.State, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return kv.State{}, err
	}
	defer leave()
	v, err := s.recognise(ctx)
	if err != nil {
		return kv.State{}, fmt.Errorf("reading the state of the database of mission %s: %w", s.opt.Mission, err)
	}
	return v.state, nil
}

// SetState puts the database from one state into another. From then on every store but this one is refused its commits, in
// whatever process it was opened before.
func (s *Store) SetState(ctx context.Context, was, is kv.State) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := s.setState(ctx, was, is); err != nil {
		return fmt.Errorf("marking the database of mission %s: %w", s.opt.Mission, err)
	}
	return nil
}

func (s *Store) setState(ctx context.Context, was, is kv.State) error {
	v, err := s.recognise(ctx)
	if err != nil {
		return err
	}
	if v.state != was {
		return fmt.Errorf("somebody else has done so: %w", v.state.Err())
	}
	key := s.space.full(versionName)
	resp, err := s.insist(ctx, txn{
		compares:  []clientv3.Cmp{clientv3.Compare(clientv3.ModRevision(key), "=", v.mod)},
		then:      []clientv3.Op{clientv3.OpPut(key, versionValue(is))},
		otherwise: []clientv3.Op{clientv3.OpGet(key)},
	})
	if err != nil {
		return err
	}
	mod := resp.Header.Revision
	if !resp.Succeeded { // unless it was this very request, whose answer was lost
		kvs := resp.Responses[0].GetResponseRange().Kvs
		if len(kvs) != 1 || string(kvs[0].Value) != versionValue(is) {
			return fmt.Errorf("somebody else has changed it meanwhile: %w", kv.ErrVersion)
		}
		mod = kvs[0].ModRevision
	}
	s.version.Store(mod)
	return nil
}
