package mem

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"amana/bot/kv"
)

// term is an office that somebody holds or waits for. The first of an office's list holds it.
type term struct {
	s      *Store
	office string
	won    chan struct{} // closed once it holds the office, or once the store was closed
	known  sync.Once
	done   chan struct{}
}

// Campaign waits until this process holds the office. The memory is shared, so the processes are those of Join.
func (s *Store) Campaign(ctx context.Context, office string) (kv.Term, error) {
	t := &term{s: s, office: office, won: make(chan struct{}), done: make(chan struct{})}
	s.mu.Lock()
	err := s.ready(ctx)
	if err == nil {
		s.offices[office] = append(s.offices[office], t)
		s.next(office)
	}
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	select {
	case <-t.won:
		s.mu.RLock()
		defer s.mu.RUnlock()
		return t, s.ready(context.Background())
	case <-ctx.Done():
		t.end()
		return nil, ctx.Err()
	}
}

// Asking says how many hold an office or wait for it.
func (s *Store) Asking(office string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.offices[office])
}

// Depose takes an office from whoever holds it. The holder is not told: its next update under the term is refused, and
// tells it.
func (s *Store) Depose(office string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.offices[office]) > 0 {
		s.offices[office] = s.offices[office][1:]
		s.next(office)
	}
}

// next lets the first of an office's list have it.
func (m *memory) next(office string) {
	if list := m.offices[office]; len(list) > 0 {
		select {
		case <-list[0].won:
		default:
			close(list[0].won)
		}
	}
}

// holds says whether all terms to which a context is bound last.
func (m *memory) holds(ctx context.Context) error {
	for _, fence := range kv.Fences(ctx) {
		t, ours := fence.(*term)
		if !ours || t.s.memory != m {
			return fmt.Errorf("comparing an office that was won elsewhere: %w", kv.ErrDeposed)
		}
		if list := m.offices[t.office]; len(list) == 0 || list[0] != t {
			t.tell()
			return fmt.Errorf("updating under the office %s: %w", t.office, kv.ErrDeposed)
		}
	}
	return nil
}

// leave ends all terms of a process, and what it waits for.
func (s *Store) leave() {
	for office, list := range s.offices {
		s.offices[office] = slices.DeleteFunc(slices.Clone(list), func(t *term) bool {
			if t.s != s {
				return false
			}
			t.tell()
			select {
			case <-t.won:
			default:
				close(t.won) // which finds the store closed
			}
			return true
		})
		s.next(office)
	}
}

func (t *term) tell() { t.known.Do(func() { close(t.done) }) }

func (t *term) end() {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	t.tell()
	list := t.s.offices[t.office]
	if i := slices.Index(list, t); i >= 0 {
		t.s.offices[t.office] = slices.Delete(slices.Clone(list), i, i+1)
		t.s.next(t.office)
	}
}

func (t *term) Bind(ctx context.Context) context.Context { return kv.Fence(ctx, t) }
func (t *term) Done() <-chan struct{}                    { return t.done }

// Resign lets the next one in. A term that has ended needs none.
func (t *term) Resign(context.Context) error {
	t.end()
	return nil
}
