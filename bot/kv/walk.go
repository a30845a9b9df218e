package kv

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
)

// Walk calls fn with all of a database that must come along when it goes to another engine, from one snapshot and in the
// order of keys: the records of settled updates, without which an update that is asked for again after the move would be
// applied twice, and then every pair of the callers. What else an engine keeps behind the reserved byte is its own and stays.
// The slices live as long as the call of fn. An error of fn ends the walk and comes back as it is.
type Walk func(ctx context.Context, fn func(Pair) error) error

// Sum says in short what a Walk gave. Two databases with the same content have the same sum, whatever engine they lie in.
type Sum struct {
	Pairs   int // of the callers
	Settled int // records of settled updates
	Hash    [sha256.Size]byte
}

// String gives the digest by itself.
func (s Sum) String() string { return hex.EncodeToString(s.Hash[:]) }

// Summer takes the pairs of a Walk as they come.
type Summer struct {
	sum  Sum
	hash hash.Hash
	last []byte
}

// NewSummer begins a sum.
func NewSummer() *Summer { return &Summer{hash: sha256.New()} }

// Add takes the next pair. It refuses one that no Walk gives: out of order, or of the engine's own.
func (s *Summer) Add(p Pair) error {
	if err := checkTravels(p, s.last); err != nil {
		return err
	}
	if p.Key[0] == Reserved {
		s.sum.Settled++
	} else {
		s.sum.Pairs++
	}
	var sizes [8]byte
	binary.BigEndian.PutUint32(sizes[:4], uint32(len(p.Key)))
	binary.BigEndian.PutUint32(sizes[4:], uint32(len(p.Value)))
	s.hash.Write(sizes[:])
	s.hash.Write(p.Key)
	s.hash.Write(p.Value)
	s.last = append(s.last[:0], p.Key...)
	return nil
}

// Sum ends it.
func (s *Summer) Sum() Sum {
	s.hash.Sum(s.sum.Hash[:0])
	return s.sum
}

// Digest sums up a database.
func Digest(ctx context.Context, walk Walk) (Sum, error) {
	s := NewSummer()
	if err := walk(ctx, s.Add); err != nil {
		return Sum{}, err
	}
	return s.Sum(), nil
}

// Summed gives a walk that is summed up on its way.
func Summed(walk Walk, s *Summer) Walk {
	return func(ctx context.Context, fn func(Pair) error) error {
		return walk(ctx, func(p Pair) error {
			if err := s.Add(p); err != nil {
				return err
			}
			return fn(p)
		})
	}
}

// checkTravels holds a pair that is about to be copied to the limits, so that what a damaged or foreign file holds never
// comes among the engine's own keys.
func checkTravels(p Pair, last []byte) error {
	if last != nil && bytes.Compare(p.Key, last) <= 0 {
		return fmt.Errorf("pairs out of order: %w", ErrCorrupt)
	}
	if len(p.Key) > 0 && p.Key[0] == Reserved {
		from, to := SettleRange()
		if len(p.Key) != len(from)+len(ID{}) || bytes.Compare(p.Key, from) < 0 || bytes.Compare(p.Key, to) >= 0 {
			return fmt.Errorf("a reserved key that records no update: %w", ErrCorrupt)
		}
		_, err := SettleDay(p.Value)
		return err
	}
	if err := checkKey(p.Key); err != nil {
		return err
	}
	return checkValue(p.Value)
}
