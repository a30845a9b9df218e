package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"amana/bot"
	"amana/bot/kv"
	"amana/bot/seal"
)

// Engine is what the shelves stand on: an engine of bot/kv.
type Engine interface {
	View(ctx context.Context, fn func(kv.Reader) error) error
	Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error
}

// Store offers the shelves. It is safe for use by many goroutines.
type Store struct {
	engine Engine
	house  *seal.House
	roots  *seal.Roots
	looked looked

	following following
}

// New puts the shelves over an engine, under the keys of the house and the roots in memory.
func New(engine Engine, house *seal.House, roots *seal.Roots) *Store {
	return &Store{engine: engine, house: house, roots: roots}
}

// House gives the key directory, for those who derive from it: receipts, return addresses, the roster.
func (s *Store) House() *seal.House { return s.house }

// House gives the key directory inside a transaction.
func (r *Read) House() *seal.House { return r.s.house }

// What callers ask for with errors.Is.
var (
	// ErrMissing says that a record which another one points to is not there.
	ErrMissing = errors.New("no such record")
	// ErrUnknown says that an update may or may not have been committed, and that asking again did not tell.
	ErrUnknown = kv.ErrUnknown
)

// asks is how often an update whose outcome is unknown is tried again under its id, and askTime for how long: an engine that
// took its time to find out should not be asked again while somebody waits.
const (
	asks    = 3
	askTime = 3 * time.Second
)

// Read reads the shelves in one snapshot. It must not be kept beyond the function that received it.
type Read struct {
	r kv.Reader
	s *Store
}

// Write reads and writes the shelves in one transaction. The function that received it may be run again.
type Write struct {
	Read
	tx     kv.Tx
	sealed map[[32]byte][]byte
}

// View runs fn on one snapshot.
func (s *Store) View(ctx context.Context, fn func(*Read) error) error {
	return over(s.again(ctx, func() error {
		seen, follows := s.kept()
		return s.engine.View(ctx, func(r kv.Reader) error {
			rd := &Read{r: r, s: s}
			if err := rd.upToDate(seen, follows); err != nil {
				return err
			}
			return fn(rd)
		})
	}))
}

// overError is an error after which the engine may not be used any more. It is bot.ErrOver, and reads as the engine's own.
type overError struct{ error }

func (e overError) Is(target error) bool { return target == bot.ErrOver || target == bot.ErrPerhaps }
func (e overError) Unwrap() error        { return e.error }

func over(err error) error {
	if errors.Is(err, kv.ErrBack) || errors.Is(err, kv.ErrStray) {
		return overError{err}
	}
	return err
}

// Update runs fn and commits all that it wrote, or nothing. An id that is not zero settles an unknown outcome: the
// same update under the same id is applied once.
func (s *Store) Update(ctx context.Context, id ID, fn func(*Write) error) error {
	once := func() error {
		seen, follows := s.kept()
		sealed := map[[32]byte][]byte{} // under the keys of this attempt: a month may be retired before the next
		return s.engine.Update(ctx, kv.ID(id), func(tx kv.Tx) error {
			w := &Write{Read: Read{r: tx, s: s}, tx: tx, sealed: sealed}
			if err := w.upToDate(seen, follows); err != nil {
				return err
			}
			return fn(w)
		})
	}
	run := func() error { return s.again(ctx, once) }
	begun := time.Now()
	err := run()
	for n := 0; n < asks && id != (ID{}) && errors.Is(err, kv.ErrUnknown) && ctx.Err() == nil && time.Since(begun) < askTime; n++ {
		err = run()
	}
	return over(err)
}

// get opens the value at a key under the house keys.
func (r *Read) get(k []byte) (plain []byte, under seal.KeyID, found bool, err error) {
	value, found, err := r.r.Get(k)
	if err != nil || !found {
		return nil, "", false, err
	}
	plain, under, err = r.s.house.Open(k, value)
	if err != nil {
		return nil, under, true, fmt.Errorf("reading shelf %q: %w", k[0], err)
	}
	return plain, under, true, nil
}

// scan walks all pairs with a prefix, in the order of their keys, a page at a time, until more says no.
func (r *Read) scan(prefix []byte, page int, more func(k, value []byte) (bool, error)) error {
	from, to := kv.Prefix(prefix)
	for {
		pairs, err := r.r.Scan(from, to, page)
		if err != nil {
			return err
		}
		for _, p := range pairs {
			if ok, err := more(p.Key, p.Value); err != nil || !ok {
				return err
			}
		}
		if len(pairs) < page {
			return nil
		}
		from = kv.After(pairs[len(pairs)-1].Key)
	}
}

// put writes a value under a house key.
func (w *Write) put(k []byte, under seal.KeyID, plain []byte) error {
	return w.write(k, string(under), plain, func() ([]byte, error) { return w.s.house.Seal(under, k, plain) })
}

// write seals a value once, however often the closure runs, and puts it.
func (w *Write) write(k []byte, under string, plain []byte, sealIt func() ([]byte, error)) error {
	h := sha256.New()
	fmt.Fprintf(h, "%d %s %d ", len(k), under, len(plain))
	h.Write(k)
	h.Write(plain)
	name := [32]byte(h.Sum(nil))
	value, ok := w.sealed[name]
	if !ok {
		var err error
		if value, err = sealIt(); err != nil {
			return fmt.Errorf("writing shelf %q: %w", k[0], err)
		}
		w.sealed[name] = value
	}
	return w.tx.Put(k, value)
}

func (w *Write) drop(k []byte) error { return w.tx.Delete(k) }
