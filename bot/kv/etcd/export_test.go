//go:build etcd

package etcd

import (
	"context"

	"amana/bot/kv"
)

// Counts says how many updates were committed, how often one was tried again, and of how many the outcome was not told.
func (s *Store) Counts() (commits, conflicts, unknowns int64) {
	return s.commits.Load(), s.conflicts.Load(), s.unknowns.Load()
}

// Squeezed says how many updates were done of which the server said that there was no room for them.
func (s *Store) Squeezed() int64 { return s.squeezed.Load() }

// Bind binds a context to a key of the cluster as an office does.
func Bind(ctx context.Context, key string, rev int64) context.Context {
	return kv.Fence(ctx, fence{key: key, rev: rev})
}

// MaxFences is how many offices an update may be bound to.
const MaxFences = maxFences
