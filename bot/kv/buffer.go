package kv

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
)

// Write is one change of an update.
type Write struct {
	Key, Value []byte
	Delete     bool
}

// Buffer is the Tx that an engine gives to the closure of an Update: it reads through to the base, holds the writes
// back, lets the closure see them, counts the limits, and remembers the first error. The base reader may return
// slices that live no longer than the closure, and must bear scans of MaxScan+MaxTouched pairs.
type Buffer struct {
	base    Reader
	touched map[string]bool
	scans   int
	writes  map[string]Write
	written int
	err     error
}

// NewBuffer begins an update on top of a reader.
func NewBuffer(base Reader) *Buffer {
	return &Buffer{base: base, touched: map[string]bool{}, writes: map[string]Write{}}
}

// Get reads a key, or what this update wrote there.
func (b *Buffer) Get(key []byte) ([]byte, bool, error) {
	if err := b.touch(key); err != nil {
		return nil, false, err
	}
	if w, ok := b.writes[string(key)]; ok {
		if w.Delete {
			return nil, false, nil
		}
		return copied(w.Value), true, nil
	}
	value, found, err := b.base.Get(key)
	if err != nil || !found {
		return nil, false, b.fail(err)
	}
	return copied(value), true, nil
}

// Put keeps a write for the commit.
func (b *Buffer) Put(key, value []byte) error {
	if err := b.touch(key); err != nil {
		return err
	}
	if err := checkValue(value); err != nil {
		return b.fail(err)
	}
	return b.write(Write{Key: bytes.Clone(key), Value: copied(value)})
}

// Delete keeps a deletion for the commit.
func (b *Buffer) Delete(key []byte) error {
	if err := b.touch(key); err != nil {
		return err
	}
	return b.write(Write{Key: bytes.Clone(key), Delete: true})
}

// Scan reads a range with the writes of this update laid over it.
func (b *Buffer) Scan(from, to []byte, limit int) ([]Pair, error) {
	if b.base == nil {
		return nil, errEnded()
	}
	from, err := checkScan(from, to, limit)
	if err != nil {
		return nil, b.fail(err)
	}
	b.scans++
	if err := b.count(); err != nil {
		return nil, err
	}
	over := b.within(from, to)
	gone := 0
	for _, w := range over {
		if w.Delete {
			gone++
		}
	}
	// As many more as may have been deleted: the first limit pairs that remain are then surely the first.
	base, err := b.base.Scan(from, to, limit+gone)
	if err != nil {
		return nil, b.fail(err)
	}
	pairs := merge(base, over, limit)
	for _, p := range pairs {
		if err := b.touch(p.Key); err != nil {
			return nil, err
		}
	}
	return pairs, nil
}

// End takes the snapshot away from a closure that kept it, and gives the first error that the update met.
func (b *Buffer) End() error {
	b.base = nil
	return b.err
}

// Writes gives the changes in the order of their keys.
func (b *Buffer) Writes() []Write {
	writes := make([]Write, 0, len(b.writes))
	for _, key := range slices.Sorted(maps.Keys(b.writes)) {
		writes = append(writes, b.writes[key])
	}
	return writes
}

// touch counts a key once, whatever is done with it.
func (b *Buffer) touch(key []byte) error {
	if b.base == nil {
		return errEnded()
	}
	if err := checkKey(key); err != nil {
		return b.fail(err)
	}
	b.touched[string(key)] = true
	return b.count()
}

func (b *Buffer) count() error {
	if b.err != nil {
		return b.err
	}
	if len(b.touched)+b.scans > MaxTouched {
		return b.fail(fmt.Errorf("update touches more than %d keys: %w", MaxTouched, ErrLimit))
	}
	return nil
}

func (b *Buffer) write(w Write) error {
	if old, ok := b.writes[string(w.Key)]; ok {
		b.written -= len(old.Key) + len(old.Value)
	}
	b.written += len(w.Key) + len(w.Value)
	b.writes[string(w.Key)] = w
	if b.written > MaxWritten {
		return b.fail(fmt.Errorf("update writes more than %d bytes: %w", MaxWritten, ErrLimit))
	}
	return nil
}

// within gives the writes of this update in a range, in order.
func (b *Buffer) within(from, to []byte) []Write {
	var over []Write
	for _, w := range b.Writes() {
		if bytes.Compare(w.Key, from) >= 0 && (len(to) == 0 || bytes.Compare(w.Key, to) < 0) {
			over = append(over, w)
		}
	}
	return over
}

func (b *Buffer) fail(err error) error {
	if b.err == nil {
		b.err = err
	}
	return err
}

// merge lays writes over pairs, both in order, and gives copies of the first limit pairs.
func merge(base []Pair, over []Write, limit int) []Pair {
	pairs := make([]Pair, 0, min(limit, len(base)+len(over)))
	for len(pairs) < limit && len(base)+len(over) > 0 {
		order := 1 // the write comes first
		if len(over) == 0 {
			order = -1
		} else if len(base) > 0 {
			order = bytes.Compare(base[0].Key, over[0].Key)
		}
		if order < 0 {
			pairs = append(pairs, Pair{Key: bytes.Clone(base[0].Key), Value: copied(base[0].Value)})
			base = base[1:]
			continue
		}
		if order == 0 {
			base = base[1:]
		}
		if w := over[0]; !w.Delete {
			pairs = append(pairs, Pair{Key: bytes.Clone(w.Key), Value: copied(w.Value)})
		}
		over = over[1:]
	}
	return pairs
}
