package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amana/bot/store"
)

// Browsers are found by their person and by nobody else's name, and are gone when they were dropped.
func TestBrowsers(t *testing.T) {
	s := newShelves(t)
	first := store.Browser{ID: store.ID{1}, Person: "ana", Key: "age1x", Hash: []byte("h"), Proof: []byte("p"), Made: 5, Allowed: true}
	waits := store.Browser{ID: store.ID{2}, Person: "ana", Key: "age1x", Hash: []byte("g"), Proof: []byte("p"), Made: 4, Digits: "012345", Until: friday}
	other := store.Browser{ID: store.ID{1}, Person: "bea"}
	s.update(func(w *store.Write) error {
		for _, b := range []store.Browser{first, waits, other} {
			if err := w.PutBrowser(b); err != nil {
				return err
			}
		}
		return nil
	})
	of := func(person string) (all []store.Browser) {
		s.view(func(r *store.Read) (err error) {
			all, err = r.BrowsersOf(person)
			return err
		})
		return all
	}
	if d := cmp.Diff([]store.Browser{waits, first}, of("ana")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]store.Browser{other}, of("bea")); d != "" || len(of("bo")) != 0 || len(of("")) != 0 {
		t.Error(d)
	}
	first.Made, waits.Allowed, waits.Until = 6, true, time.Time{}
	s.update(func(w *store.Write) error {
		if err := w.PutBrowser(waits); err != nil {
			return err
		}
		if err := w.DropBrowser("bea", other.ID); err != nil {
			return err
		}
		return w.DropBrowser("bea", store.ID{9}) // of which there is none
	})
	s.view(func(r *store.Read) error {
		got, found, err := r.Browser("ana", waits.ID)
		if d := cmp.Diff(waits, got); d != "" || !found {
			t.Error(found, d)
		}
		if _, found, _ := r.Browser("bea", waits.ID); found {
			t.Error("found under somebody else's name")
		}
		all, _ := r.Browsers()
		if len(all) != 2 || slices.ContainsFunc(all, func(b store.Browser) bool { return b.Person != "ana" }) {
			t.Errorf("%+v", all)
		}
		return err
	})
}

// Who is away is one list; an empty one leaves no record.
func TestAbsences(t *testing.T) {
	s := newShelves(t)
	get := func() (until map[string]store.Day) {
		s.view(func(r *store.Read) (err error) {
			until, err = r.Absences()
			return err
		})
		return until
	}
	want := map[string]store.Day{"ana": 20_000, "bea": 20_001}
	s.update(func(w *store.Write) error { return w.PutAbsences(want) })
	if d := cmp.Diff(want, get()); d != "" {
		t.Error(d)
	}
	s.update(func(w *store.Write) error { return w.PutAbsences(nil) })
	if got := get(); got == nil || len(got) != 0 || len(s.keys('Z')) != 0 {
		t.Errorf("%v, %d records", got, len(s.keys('Z')))
	}
}
