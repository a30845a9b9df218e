//go:build etcd

package etcd

import (
	"context"
	"crypto/rand"
	"fmt"

	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
)

// atHome looks whether the database was made in the cluster that answers. A snapshot of a cluster that is restored makes
// another one, with another number, and what it holds is older than what was acknowledged since: nobody may go on with it as if
// nothing had been. One that does not say where it was made, because nobody has opened it yet, says so from now on.
func (s *Store) atHome(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
	defer cancel()
	key := s.space.full(homeName)
	for {
		got, err := read(s, ctx, func(ctx context.Context) (*clientv3.GetResponse, error) { return s.client.Get(ctx, key) })
		if err != nil {
			return err
		}
		here := fmt.Sprintf("%016x", got.Header.ClusterId)
		switch {
		case len(got.Kvs) == 1 && string(got.Kvs[0].Value) == here:
			return nil
		case len(got.Kvs) == 1:
			return fmt.Errorf("it was made in the cluster %s, and this is %s: %w", got.Kvs[0].Value, here, kv.ErrStray)
		}
		_, err = s.insist(ctx, txn{
			compares: []clientv3.Cmp{clientv3.Compare(clientv3.CreateRevision(key), "=", 0), s.there()},
			then:     []clientv3.Op{clientv3.OpPut(key, here)},
		})
		if err != nil {
			return err
		}
	}
}

// born gives what tells the database from one that is made anew in the same place, by a restored backup for instance. One that has
// nothing of the kind, because nobody has opened it yet, gets it now. A snapshot of etcd brings it along.
func (s *Store) born(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
	defer cancel()
	key := s.space.full(birthName)
	for {
		got, err := read(s, ctx, func(ctx context.Context) (*clientv3.GetResponse, error) { return s.client.Get(ctx, key) })
		switch {
		case err != nil:
			return "", err
		case len(got.Kvs) == 1:
			return string(got.Kvs[0].Value), nil
		}
		_, err = s.insist(ctx, txn{
			compares: []clientv3.Cmp{clientv3.Compare(clientv3.CreateRevision(key), "=", 0), s.there()},
			then:     []clientv3.Op{clientv3.OpPut(key, rand.Text())},
		})
		if err != nil {
			return "", err
		}
	}
}

// there compares that there is a database of the mission, so that nothing is written where one was taken away.
func (s *Store) there() clientv3.Cmp {
	return clientv3.Compare(clientv3.CreateRevision(s.space.full(versionName)), ">", 0)
}
