package store_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"amana/bot/kv"
	"amana/bot/store"
)

func (s *shelves) directories() (g store.Generations) {
	s.t.Helper()
	s.view(func(r *store.Read) (err error) {
		g, err = r.Directories()
		return err
	})
	return g
}

// bring writes a directory of some pages and puts it in force.
func (s *shelves) bring(id byte, pages int) error {
	s.t.Helper()
	compared := store.ID{}
	if g := s.directories(); g.Now != nil {
		compared = g.Now.ID
	}
	s.update(func(w *store.Write) error { return w.BeginDirectory(store.ID{id}) })
	for n := range pages {
		s.update(func(w *store.Write) error {
			return w.PutDirectoryPage(store.ID{id}, n, bytes.Repeat([]byte{id}, store.PageSize-n))
		})
	}
	return s.Update(s.t.Context(), store.ID{}, func(w *store.Write) error {
		return w.SwitchDirectory(store.Generation{ID: store.ID{id}, Pages: pages, Made: friday, Services: int(id)}, compared)
	})
}

func (s *shelves) sweepDirectories() {
	s.t.Helper()
	for left := true; left; {
		s.update(func(w *store.Write) (err error) {
			left, err = w.SweepDirectories()
			return err
		})
	}
}

// A directory comes into force at once, the one before is kept, and the one before that goes.
func TestDirectories(t *testing.T) {
	s := newShelves(t)
	if g := s.directories(); g.Now != nil || g.Before != nil {
		t.Fatal(g)
	}
	for id := byte(1); id <= 3; id++ {
		ok(t, s.bring(id, 120))
	}
	if n := len(s.keys('F')); n != 360 {
		t.Errorf("%d pages", n)
	}
	s.sweepDirectories()
	if n := len(s.keys('F')); n != 240 {
		t.Errorf("%d pages after the sweep", n)
	}
	now := func() byte { return s.directories().Now.ID[0] }
	if now() != 3 || s.directories().Before.ID[0] != 2 {
		t.Error(s.directories())
	}
	s.view(func(r *store.Read) error {
		page, err := r.DirectoryPage(store.ID{3}, 119)
		if len(page) != store.PageSize-119 || page[0] != 3 {
			t.Errorf("%d bytes", len(page))
		}
		if _, err := r.DirectoryPage(store.ID{3}, 120); !errors.Is(err, store.ErrMissing) {
			t.Error(err)
		}
		return err
	})
	undo := func(looked byte) error {
		return s.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.UndoDirectory(store.ID{looked}) })
	}
	if err := undo(2); !errors.Is(err, store.ErrOvertaken) {
		t.Error(err)
	}
	ok(t, undo(3))
	if now() != 2 {
		t.Error(now())
	}
	ok(t, undo(2))
	if now() != 3 || len(s.problems(0)) != 0 {
		t.Error(now(), s.problems(0))
	}
}

// Two who import at the same time do not mix: the later one to begin wins, and the other is told.
func TestDirectoriesOvertaken(t *testing.T) {
	s := newShelves(t)
	if err := s.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.UndoDirectory(store.ID{}) }); !errors.Is(err, store.ErrNoBefore) {
		t.Error(err)
	}
	s.update(func(w *store.Write) error { return w.BeginDirectory(store.ID{1}) })
	s.update(func(w *store.Write) error { return w.PutDirectoryPage(store.ID{1}, 0, []byte("half")) })
	ok(t, s.bring(2, 1))
	err := s.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.PutDirectoryPage(store.ID{1}, 1, []byte("more")) })
	if !errors.Is(err, store.ErrOvertaken) {
		t.Error(err)
	}
	s.update(func(w *store.Write) error { return w.BeginDirectory(store.ID{3}) })
	err = s.Update(t.Context(), store.ID{}, func(w *store.Write) error {
		return w.SwitchDirectory(store.Generation{ID: store.ID{3}}, store.ID{1})
	})
	if !errors.Is(err, store.ErrOvertaken) {
		t.Error(err)
	}
	s.sweepDirectories()
	if n := len(s.keys('F')); n != 1 {
		t.Errorf("%d pages: what was given up is still there", n)
	}
	if err := s.Update(t.Context(), store.ID{}, func(w *store.Write) error {
		return w.PutDirectoryPage(store.ID{3}, 0, make([]byte, store.PageSize+1))
	}); err == nil {
		t.Error("a page that is too large was taken")
	}
}

// A page that is lost is found.
func TestDirectoriesVerified(t *testing.T) {
	s := newShelves(t)
	ok(t, s.bring(1, 3))
	s.raw(func(tx kv.Tx) error { return tx.Delete(s.firstKey(tx, 'F')) })
	if got := strings.Join(s.problems(0), "; "); !strings.Contains(got, "the service directory in force is not whole") {
		t.Error(got)
	}
}

// A directory that was amended takes the place of the one in force, and the one before the last import stays to go back to.
func TestDirectoriesAmended(t *testing.T) {
	s := newShelves(t)
	amend := func(id, from byte) error {
		s.update(func(w *store.Write) error { return w.BeginDirectory(store.ID{id}) })
		s.update(func(w *store.Write) error { return w.PutDirectoryPage(store.ID{id}, 0, []byte{id}) })
		return s.Update(t.Context(), store.ID{}, func(w *store.Write) error {
			return w.AmendDirectory(store.Generation{ID: store.ID{id}, Pages: 1}, store.ID{from})
		})
	}
	if err := amend(9, 0); !errors.Is(err, store.ErrOvertaken) {
		t.Error("a directory that is not there was amended:", err)
	}
	ok(t, s.bring(1, 1))
	ok(t, s.bring(2, 1))
	ok(t, amend(3, 2))
	ok(t, amend(4, 3))
	if err := amend(5, 3); !errors.Is(err, store.ErrOvertaken) {
		t.Error("what was amended already was amended from what it was:", err)
	}
	s.sweepDirectories()
	if g := s.directories(); g.Now.ID[0] != 4 || g.Before.ID[0] != 1 || len(g.Gone) > 0 {
		t.Error(g)
	}
	if n := len(s.keys('F')); n != 3 { // two directories, and the half one
		t.Errorf("%d pages", n)
	}
	ok(t, s.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.UndoDirectory(store.ID{4}) }))
	if now := s.directories().Now.ID[0]; now != 1 || len(s.problems(0)) != 0 {
		t.Error(now, s.problems(0))
	}
}
