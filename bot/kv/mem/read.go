package mem

import (
	"bytes"
	"slices"

	"amana/bot/kv"
)

// pairs reads the store as it stands; the lock is held by whoever runs the closure.
type pairs []kv.Pair

func (s *Store) reader() pairs { return s.pairs }

func (s *Store) find(key []byte) (int, bool) { return s.reader().find(key) }

func (p pairs) find(key []byte) (int, bool) {
	return slices.BinarySearchFunc(p, key, func(pair kv.Pair, key []byte) int {
		return bytes.Compare(pair.Key, key)
	})
}

// Get gives a copy.
func (p pairs) Get(key []byte) ([]byte, bool, error) {
	i, found := p.find(key)
	if !found {
		return nil, false, nil
	}
	return copied(p[i].Value), true, nil
}

// Scan gives copies.
func (p pairs) Scan(from, to []byte, limit int) ([]kv.Pair, error) {
	begin, _ := p.find(from)
	end := len(p)
	if len(to) > 0 {
		end, _ = p.find(to)
	}
	if begin >= end {
		return nil, nil
	}
	out := slices.Clone(p[begin:min(end, begin+limit)])
	for i, pair := range out {
		out[i] = kv.Pair{Key: bytes.Clone(pair.Key), Value: copied(pair.Value)}
	}
	return out, nil
}
