package kv

import "fmt"

// Guard is the Reader that an engine gives to the closure of a View: it keeps the limits and hides the reserved keys. The
// base reader need check nothing, and gives slices that nobody else holds: a second copy here would be a quarter of what a
// scan costs.
type Guard struct {
	base Reader
	err  error
}

// NewGuard wraps the reader of an engine.
func NewGuard(base Reader) *Guard { return &Guard{base: base} }

// Get reads a key.
func (g *Guard) Get(key []byte) ([]byte, bool, error) {
	if g.base == nil {
		return nil, false, errEnded()
	}
	if err := checkKey(key); err != nil {
		return nil, false, g.fail(err)
	}
	value, found, err := g.base.Get(key)
	if err != nil || !found {
		return nil, false, g.fail(err)
	}
	return some(value), true, nil
}

// Scan reads a range.
func (g *Guard) Scan(from, to []byte, limit int) ([]Pair, error) {
	if g.base == nil {
		return nil, errEnded()
	}
	from, err := checkScan(from, to, limit)
	if err != nil {
		return nil, g.fail(err)
	}
	pairs, err := g.base.Scan(from, to, limit)
	if err != nil {
		return nil, g.fail(err)
	}
	for i, p := range pairs {
		pairs[i].Value = some(p.Value)
	}
	return pairs, nil
}

// End takes the snapshot away from a closure that kept it, and gives the first error that reading met.
func (g *Guard) End() error {
	g.base = nil
	return g.err
}

func (g *Guard) fail(err error) error {
	if g.err == nil {
		g.err = err
	}
	return err
}

func errEnded() error {
	return fmt.Errorf("using a transaction after its closure returned: %w", ErrClosed)
}

// some never gives nil either, for a value that need not be copied.
func some(value []byte) []byte {
	if value == nil {
		return []byte{}
	}
	return value
}

// copied never gives nil, so that an empty value is told from none on every engine.
func copied(value []byte) []byte {
	return append(make([]byte, 0, len(value)), value...)
}
