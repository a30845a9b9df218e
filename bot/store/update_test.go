package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"amana/bot"
	"amana/bot/kv"
	"amana/bot/kv/kvtest"
	"amana/bot/store"
)

// An update under an id is applied once, whatever the engine says of it.
func TestUnknown(t *testing.T) {
	s := newShelves(t)
	flaky := &kvtest.Flaky{Engine: s.engine}
	s.Store = store.New(flaky, s.house, s.roots)
	count := func() (n int) {
		s.view(func(r *store.Read) error {
			counts, err := r.Counts(november)
			n = counts["filed"]
			return err
		})
		return n
	}
	write := func(id store.ID, faults ...kvtest.Fault) error {
		flaky.Fail(faults...)
		return s.Update(t.Context(), id, func(w *store.Write) error { return w.Count(november, "filed") })
	}
	ok(t, write(store.ID{1}, kvtest.LostAfter, kvtest.LostBefore))
	ok(t, write(store.ID{2}, kvtest.LostBefore, kvtest.LostAfter))
	ok(t, write(store.ID{2}))
	if n := count(); n != 2 {
		t.Errorf("applied %d times", n)
	}
	if err := write(store.ID{3}, kvtest.Full); !errors.Is(err, kv.ErrFull) || count() != 2 {
		t.Error(err)
	}
	if err := write(store.ID{}, kvtest.LostAfter); !errors.Is(err, store.ErrUnknown) {
		t.Error(err)
	}
}

// What was sealed once in an update is used again when its closure is: fresh nonces do not make it impure.
func TestRunTwice(t *testing.T) {
	s := newShelves(t)
	runs := 0
	s.update(func(w *store.Write) error {
		runs++
		return errors.Join(w.PutDraft(bot.Person{1}, store.Draft{}, []byte("x"), bot.Mark{2}, store.DayOf(friday)), w.PutContact(store.Contact{ID: "ana", Address: "a"}), w.Count(november, "a", "a", "b"))
	})
	if runs != 2 {
		t.Errorf("run %d times", runs)
	}
	s.view(func(r *store.Read) error {
		counts, err := r.Counts(november)
		if d := cmp.Diff(map[string]int{"a": 2, "b": 1}, counts); d != "" {
			t.Error(d)
		}
		return err
	})
}
