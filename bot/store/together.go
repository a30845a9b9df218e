package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"amana/bot/kv"
)

// Several processes may share a database, and each keeps in memory what it needs in every step: the roster, and who is
// away. One record, the turning, changes whenever one of these does. A process that follows it reads it in every transaction,
// and what it keeps is renewed before anything is decided by it.

// mostTurns is how often a transaction begins again because what is kept in memory has changed meanwhile.
const mostTurns = 20

// errTurned says that what this process keeps in memory is older than the snapshot.
var errTurned = errors.New("the roster changed meanwhile")

// following is what a process knows of the turning.
type following struct {
	renew func(*Read) error
	one   sync.Mutex
	seen  atomic.Pointer[[]byte] // the record, as it lay there when memory was renewed
}

// Follow has renew called with a snapshot, now and whenever one of the other processes has changed the roster or who is
// away: before the next transaction looks at anything. It is called once, before the store is used by many.
func (s *Store) Follow(ctx context.Context, renew func(*Read) error) error {
	s.following.renew = renew
	return s.renew(ctx)
}

// Fresh renews what this process keeps, if that is outdated. Who asks afterwards sees whatever was committed before the
// call. Where nothing is followed it does nothing.
func (s *Store) Fresh(ctx context.Context) error {
	return s.View(ctx, func(*Read) error { return nil })
}

// renew reads anew what this process keeps. An older snapshot never takes the place of a newer one.
func (s *Store) renew(ctx context.Context) error {
	s.following.one.Lock()
	defer s.following.one.Unlock()
	err := s.engine.View(ctx, func(r kv.Reader) error {
		rd := &Read{r: r, s: s}
		now, err := rd.turning()
		if err != nil {
			return err
		}
		if err := s.following.renew(rd); err != nil {
			return err
		}
		s.following.seen.Store(&now)
		return nil
	})
	if err != nil {
		return fmt.Errorf("renewing what is kept in memory: %w", err)
	}
	return nil
}

// again runs a transaction anew after each turn that it met.
func (s *Store) again(ctx context.Context, run func() error) error {
	err := run()
	for n := 0; n < mostTurns && errors.Is(err, errTurned); n++ {
		if err := s.renew(ctx); err != nil {
			return err
		}
		err = run()
	}
	return err
}

// kept gives what this process has seen; false where it follows nothing.
func (s *Store) kept() (seen []byte, follows bool) {
	p := s.following.seen.Load()
	if p == nil {
		return nil, false
	}
	return *p, true
}

// upToDate is errTurned where the snapshot is newer than what was seen.
func (r *Read) upToDate(seen []byte, follows bool) error {
	if !follows {
		return nil
	}
	now, err := r.turning()
	if err == nil && !bytes.Equal(now, seen) {
		err = errTurned
	}
	return err
}

func (r *Read) turningKey() []byte { return key(meta, r.s.name("meta", "turning")) }

// turning gives the record as it lies there; it is compared, not opened.
func (r *Read) turning() ([]byte, error) {
	value, _, err := r.r.Get(r.turningKey())
	return value, err
}

// turn changes the record, where a process follows it. What it counts is changes of the roster and of absences, and nothing
// that people do.
func (w *Write) turn() error {
	if _, follows := w.s.kept(); !follows {
		return nil
	}
	return w.turned()
}

func (w *Write) turned() error {
	var n uint64
	if _, err := w.standing(w.turningKey(), &n); err != nil && !lost(err) {
		return err
	}
	return w.putStanding(w.turningKey(), n+1)
}
