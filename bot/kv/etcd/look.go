//go:build etcd

package etcd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// Busy gives the offices that some process holds or asks for: whoever serves the mission does. A process that was killed is
// named until its lease has run out.
func (s *Store) Busy(ctx context.Context) (offices []string, err error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
	defer cancel()
	shelf := s.space.full(officeShelf)
	found, err := read(s, ctx, func(ctx context.Context) (*clientv3.GetResponse, error) {
		return s.client.Get(ctx, shelf, clientv3.WithPrefix(), clientv3.WithKeysOnly())
	})
	if err != nil {
		return nil, fmt.Errorf("looking who serves mission %s: %w", s.opt.Mission, err)
	}
	for _, p := range found.Kvs {
		office, _, _ := strings.Cut(strings.TrimPrefix(string(p.Key), shelf), "/")
		offices = append(offices, office)
	}
	return slices.Compact(offices), nil
}

// Client gives the client of the cluster, for whoever looks after the cluster itself. It ends with the store, and must not
// write below the prefix of a mission.
func (s *Store) Client() *clientv3.Client { return s.client }
