package store_test

import (
	"bytes"
	"strings"
	"testing"

	"amana/bot"
	"amana/bot/store"
)

// The roster takes as many records as it needs, and leaves none behind when it grows smaller.
func TestRosterPieces(t *testing.T) {
	s := newShelves(t)
	for _, size := range []int{10, 300_000, 60_000, 0} {
		want := store.Signed{Statement: bytes.Repeat([]byte("x"), size), Signature: []byte("y"), Held: size == 10}
		s.update(func(w *store.Write) error { return w.PutRoster(want) })
		s.view(func(r *store.Read) error {
			got, found, err := r.Roster()
			if !found || !bytes.Equal(got.Statement, want.Statement) || got.Held != want.Held {
				t.Errorf("%d bytes came back as %d", size, len(got.Statement))
			}
			return err
		})
	}
	if n := len(s.keys('V')); n != 1 {
		t.Errorf("%d records of a small roster", n)
	}
	err := s.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.PutRoster(store.Signed{Statement: make([]byte, 1<<20)}) })
	if err == nil || !strings.Contains(err.Error(), "room") {
		t.Error(err)
	}
}

// An address leads to whoever had it last, and to nobody once they have another.
func TestAddresses(t *testing.T) {
	s := newShelves(t)
	put := func(id string, a bot.Address) {
		s.update(func(w *store.Write) error { return w.PutContact(store.Contact{ID: id, Address: a}) })
	}
	whose := func(a bot.Address) (id string) {
		s.view(func(r *store.Read) error {
			c, found, err := r.ByAddress(a)
			if id = c.ID; !found {
				id = ""
			}
			return err
		})
		return id
	}
	put("ana", "staff:1")
	put("ana", "staff:2")
	if whose("staff:1") != "" || whose("staff:2") != "ana" {
		t.Error("the address before still leads to somebody")
	}
	put("bea", "staff:2") // the same account under another id
	put("ana", "staff:3")
	if whose("staff:2") != "bea" || whose("staff:3") != "ana" {
		t.Errorf("%q, %q", whose("staff:2"), whose("staff:3"))
	}
	s.update(func(w *store.Write) error { return w.DropContact("bea") })
	s.update(func(w *store.Write) error { return w.DropContact("nobody") })
	if whose("staff:2") != "" || len(s.keys('L')) != 1 || len(s.keys('E')) != 1 {
		t.Error("somebody who was dropped can still be reached")
	}
}
