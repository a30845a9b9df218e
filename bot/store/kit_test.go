package store_test

import (
	"crypto/rand"
	"os"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/kvtest"
	"amana/bot/kv/mem"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

var friday = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

const november = seal.KeyID("2026-11-report")

// shelves is a store on the memory engine, which runs every closure twice and refuses one that is not pure.
type shelves struct {
	*store.Store
	t      testing.TB
	engine kvtest.Engine
	house  *seal.House
	roots  *seal.Roots
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newShelves(t testing.TB) *shelves {
	t.Helper()
	dir := t.TempDir()
	house, err := seal.CreateHouse(dir+"/keys", friday, rand.Reader)
	ok(t, err)
	ok(t, os.Mkdir(dir+"/run", 0o700))
	roots, err := seal.OpenRoots(dir+"/run", friday, rand.Reader)
	ok(t, err)
	engine := mem.New(func() time.Time { return friday })
	return &shelves{store.New(engine, house, roots), t, engine, house, roots}
}

func (s *shelves) update(fn func(*store.Write) error) {
	s.t.Helper()
	ok(s.t, s.Update(s.t.Context(), store.ID{}, fn))
}

func (s *shelves) view(fn func(*store.Read) error) {
	s.t.Helper()
	ok(s.t, s.View(s.t.Context(), fn))
}

// keys gives the keys of a shelf.
func (s *shelves) keys(shelf byte) (keys [][]byte) {
	s.t.Helper()
	ok(s.t, s.engine.View(s.t.Context(), func(r kv.Reader) error {
		pairs, err := r.Scan([]byte{shelf}, []byte{shelf + 1}, kv.MaxScan)
		for _, p := range pairs {
			keys = append(keys, p.Key)
		}
		return err
	}))
	return keys
}

// raw changes the engine behind the back of the store.
func (s *shelves) raw(fn func(kv.Tx) error) {
	s.t.Helper()
	ok(s.t, s.engine.Update(s.t.Context(), kv.ID{}, fn))
}

// report makes an outer record.
func report(n byte) ticket.Report {
	return ticket.Report{
		ID: ticket.ID{n}, Code: ticket.Code([]string{"BDFGHJ", "KLMPRT", "VWXZBD"}[n%3]), Day: store.DayOf(friday), Kind: ticket.SEA,
		Urgency: ticket.Normal, State: ticket.Received, Class: ticket.ClassReport, MailboxID: [16]byte{n, 1},
		Readers: []ticket.Reader{{Person: "ana", Handed: true}, {Person: "bo"}},
	}
}

func (s *shelves) put(rep ticket.Report, due store.Day) store.Ref {
	s.t.Helper()
	ref := store.RefOf(rep.Day, rep.ID)
	s.update(func(w *store.Write) error {
		if err := w.PutReport(ref, november, store.Filed{Report: rep, DueDay: &due}, nil); err != nil {
			return err
		}
		if err := w.AddMessage(november, rep.ID, store.Message{ID: store.ID{9}, Kind: ticket.TypeReport, File: []byte("sealed")}); err != nil {
			return err
		}
		return w.Audit(november, rep.ID, store.Entry{Day: rep.Day, Who: "reporter", Did: "filed", File: store.HashFile([]byte("sealed"))})
	})
	return ref
}

func (s *shelves) problems(due store.Day) (problems []string) {
	s.t.Helper()
	s.view(func(r *store.Read) (err error) {
		problems, err = r.Verify(func(ticket.Report) (store.Day, bool) { return due, true }, nil)
		return err
	})
	return problems
}

// firstKey gives the first key of a shelf inside a transaction.
func (s *shelves) firstKey(tx kv.Tx, shelf byte) []byte {
	pairs, err := tx.Scan([]byte{shelf}, []byte{shelf + 1}, 1)
	ok(s.t, err)
	return pairs[0].Key
}
