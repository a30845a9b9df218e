package kv

import (
	"bytes"
	"fmt"
)

// The limits of every engine. They are what a cluster bears in one transaction with its usual settings.
const (
	MaxKey     = 512      // bytes of a key, at least 1
	MaxValue   = 64 << 10 // bytes of a value
	MaxTouched = 100      // keys that an update may read or write; a Scan counts one, and one for each pair returned
	MaxWritten = 1 << 20  // bytes of the keys and values that an update may write
	MaxScan    = 1000     // pairs that a Scan may ask for
)

// Reserved is the first byte of the keys that engines keep for themselves. No caller sees or writes them.
const Reserved = 0x00

// Prefix gives the bounds of a Scan over all keys that begin with p.
func Prefix(p []byte) (from, to []byte) {
	from = bytes.Clone(p)
	for i := len(p) - 1; i >= 0; i-- {
		if p[i] != 0xff {
			to = bytes.Clone(p[:i+1])
			to[i]++
			return from, to
		}
	}
	return from, nil
}

// After gives the lower bound of a Scan that goes on behind a key.
func After(key []byte) []byte {
	return append(bytes.Clone(key), 0)
}

func checkKey(key []byte) error {
	switch {
	case len(key) == 0:
		return fmt.Errorf("empty key: %w", ErrLimit)
	case len(key) > MaxKey:
		return fmt.Errorf("key of %d bytes, at most %d: %w", len(key), MaxKey, ErrLimit)
	case key[0] == Reserved:
		return fmt.Errorf("key begins with the reserved byte: %w", ErrLimit)
	}
	return nil
}

func checkValue(value []byte) error {
	if len(value) > MaxValue {
		return fmt.Errorf("value of %d bytes, at most %d: %w", len(value), MaxValue, ErrLimit)
	}
	return nil
}

// checkScan refuses bounds and limits that are out of range and lifts from over the reserved keys.
func checkScan(from, to []byte, limit int) ([]byte, error) {
	if limit < 1 || limit > MaxScan {
		return nil, fmt.Errorf("scan of %d pairs, 1 to %d: %w", limit, MaxScan, ErrLimit)
	}
	// One byte more than a key: After makes it.
	if len(from) > MaxKey+1 || len(to) > MaxKey+1 {
		return nil, fmt.Errorf("bound of a scan above %d bytes: %w", MaxKey+1, ErrLimit)
	}
	if len(from) == 0 || from[0] == Reserved {
		return []byte{Reserved + 1}, nil
	}
	return from, nil
}
