package mem

import (
	"bytes"
	"context"
	"errors"

	"amana/bot/kv"
)

// Walk gives all pairs and the records of settled updates; it is a kv.Walk.
func (s *Store) Walk(ctx context.Context, fn func(kv.Pair) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.ready(ctx); err != nil {
		return err
	}
	for _, p := range s.pairs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := fn(kv.Pair{Key: bytes.Clone(p.Key), Value: copied(p.Value)}); err != nil {
			return err
		}
	}
	return nil
}

// Load fills an empty store with what a walk gives, or leaves it empty.
func (s *Store) Load(ctx context.Context, walk kv.Walk) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(ctx); err != nil {
		return err
	}
	if len(s.pairs) > 0 {
		return errors.New("filling the memory store: it is not empty")
	}
	var all []kv.Pair
	err := kv.Summed(walk, kv.NewSummer())(ctx, func(p kv.Pair) error {
		all = append(all, kv.Pair{Key: bytes.Clone(p.Key), Value: copied(p.Value)})
		return nil
	})
	if err == nil {
		s.pairs = all
	}
	return err
}

func copied(value []byte) []byte { return append(make([]byte, 0, len(value)), value...) }
