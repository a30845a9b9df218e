package mem

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"amana/bot/kv"
)

// Store keeps pairs in memory, in order. It is one process of those that share the memory, of which there is one until
// Join makes more. The zero Store does not work; use New.
type Store struct {
	*memory
	now    func() time.Time
	closed bool
}

// memory is what processes share.
type memory struct {
	mu      sync.RWMutex // a View holds it for reading, an Update for writing
	pairs   []kv.Pair    // in the order of keys
	offices map[string][]*term
	users   int // processes that are not closed
}

// New gives an empty store. The clock tells the day of updates with an id; nil is the clock of the machine.
func New(now func() time.Time) *Store {
	return (&memory{offices: map[string][]*term{}}).join(now)
}

// Join gives another process on the same memory: it sees what the others write, closes alone, and shares their offices.
func (s *Store) Join(now func() time.Time) *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.join(now)
}

func (m *memory) join(now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	m.users++
	return &Store{memory: m, now: now}
}

// View runs fn on what is stored.
func (s *Store) View(ctx context.Context, fn func(kv.Reader) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.ready(ctx); err != nil {
		return err
	}
	guard := kv.NewGuard(s.reader())
	err := fn(guard)
	return cmp.Or(err, guard.End())
}

// Update runs fn twice, compares, and stores what it wrote.
func (s *Store) Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(ctx); err != nil {
		return err
	}
	if _, settled := s.find(kv.SettleKey(id)); settled {
		return nil
	}
	if err := s.holds(ctx); err != nil {
		return err
	}
	first, err := s.run(fn)
	again, errAgain := s.run(fn)
	if (err == nil) != (errAgain == nil) || err == nil && !reflect.DeepEqual(first, again) {
		return fmt.Errorf("running a closure twice: %w", kv.ErrImpure)
	}
	if err != nil {
		return err
	}
	for _, w := range first {
		s.apply(w)
	}
	if !id.IsZero() {
		s.apply(kv.Write{Key: kv.SettleKey(id), Value: kv.SettleValue(kv.DayOf(s.now()))})
	}
	return nil
}

// Settled says whether an update was applied.
func (s *Store) Settled(ctx context.Context, id kv.ID) (bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.ready(ctx); err != nil {
		return false, err
	}
	_, settled := s.find(kv.SettleKey(id))
	return settled, nil
}

// Forget drops the records of updates before a day.
func (s *Store) Forget(ctx context.Context, before kv.Day) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	from, to := kv.SettleRange()
	records, err := s.reader().Scan(from, to, len(s.pairs)+1)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, p := range records {
		day, err := kv.SettleDay(p.Value)
		if err != nil {
			return n, err
		}
		if day < before {
			s.apply(kv.Write{Key: p.Key, Delete: true})
			n++
		}
	}
	return n, nil
}

// Close ends the terms of this process. The last one that closes forgets everything.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.leave()
	if s.users--; s.users == 0 {
		s.pairs = nil
	}
	return nil
}

func (s *Store) ready(ctx context.Context) error {
	if s.closed {
		return fmt.Errorf("using the memory store: %w", kv.ErrClosed)
	}
	return ctx.Err()
}

func (s *Store) run(fn func(kv.Tx) error) ([]kv.Write, error) {
	buffer := kv.NewBuffer(s.reader())
	err := fn(buffer)
	return buffer.Writes(), cmp.Or(err, buffer.End())
}

func (s *Store) apply(w kv.Write) {
	i, found := s.find(w.Key)
	switch {
	case w.Delete && found:
		s.pairs = slices.Delete(s.pairs, i, i+1)
	case w.Delete:
	case found:
		s.pairs[i].Value = w.Value
	default:
		s.pairs = slices.Insert(s.pairs, i, kv.Pair{Key: w.Key, Value: w.Value})
	}
}
