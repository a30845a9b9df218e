package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/store"
)

// A thread keeps its order, tells a repeat by its id, and what is fresh until the mailbox was opened.
func TestThread(t *testing.T) {
	s := newShelves(t)
	rep := report(1)
	s.put(rep, 100)
	for n := range 120 {
		s.update(func(w *store.Write) error {
			return w.AddMessage(november, rep.ID, store.Message{ID: store.ID{byte(200 - n), 1}, Seq: 7, Kind: "answer", Hash: []byte{byte(n)}, File: fmt.Append(nil, n)})
		})
	}
	s.update(func(w *store.Write) error { return w.SeenUntil(november, rep.ID, 50) })
	s.update(func(w *store.Write) error { return w.SeenUntil(november, rep.ID, 40) })
	s.view(func(r *store.Read) error {
		thread, err := r.Thread(november, rep.ID)
		for n, m := range thread {
			if m.Seq != n || m.Fresh != (n >= 50) || n > 0 && string(m.File) != fmt.Sprint(n-1) {
				t.Errorf("message %d: %d %v %s", n, m.Seq, m.Fresh, m.File)
			}
		}
		if len(thread) != 121 {
			t.Errorf("%d messages", len(thread))
		}
		m, found, err2 := r.Message(november, store.ID(rep.ID), store.ID{200, 1})
		if !found || !bytes.Equal(m.Hash, []byte{0}) {
			t.Error("a message is not found by its id")
		}
		_, found, err3 := r.Message(november, store.ID(rep.ID), store.ID{})
		if found {
			t.Error("the head of a thread passes as a message")
		}
		return errors.Join(err, err2, err3)
	})
	err := s.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.AddMessage(november, rep.ID, store.Message{}) })
	if err == nil {
		t.Error("a message without an id was written over the head")
	}
}

// An audit chain notices what was changed, left out, put in or cut off.
func TestChains(t *testing.T) {
	id := store.ID{1}
	begin := func(t *testing.T) *shelves {
		s := newShelves(t)
		s.update(func(w *store.Write) error {
			for _, did := range []string{"filed", "handed out", "answered"} { // several in one update
				if err := w.Audit(november, id, store.Entry{Day: 5, Who: "ana", Did: did, File: store.HashFile([]byte(did))}); err != nil {
					return err
				}
			}
			return nil
		})
		s.update(func(w *store.Write) error { return w.Audit(november, id, store.Entry{Did: "closed"}) })
		return s
	}
	read := func(s *shelves) (entries []store.Entry, err error) {
		err = s.View(t.Context(), func(r *store.Read) error {
			entries, err = r.ReportChain(november, id)
			return err
		})
		return entries, err
	}
	entries, err := read(begin(t))
	ok(t, err)
	var did []string
	for _, e := range entries {
		did = append(did, e.Did)
	}
	if d := cmp.Diff([]string{"filed", "handed out", "answered", "closed"}, did); d != "" {
		t.Error(d)
	}
	for name, spoil := range map[string]func(s *shelves, keys [][]byte) error{
		"the last is cut off": func(s *shelves, keys [][]byte) error {
			s.raw(func(tx kv.Tx) error { return tx.Delete(keys[4]) })
			return store.ErrBroken
		},
		"one is left out": func(s *shelves, keys [][]byte) error {
			s.raw(func(tx kv.Tx) error { return tx.Delete(keys[2]) })
			return store.ErrBroken
		},
		"the head is gone": func(s *shelves, keys [][]byte) error {
			s.raw(func(tx kv.Tx) error { return tx.Delete(keys[0]) })
			return store.ErrBroken
		},
		"two are exchanged": func(s *shelves, keys [][]byte) error {
			s.raw(func(tx kv.Tx) error {
				a, _, _ := tx.Get(keys[1])
				b, _, err := tx.Get(keys[2])
				return errors.Join(err, tx.Put(keys[1], b), tx.Put(keys[2], a))
			})
			return seal.ErrTampered
		},
		"a bit is changed": func(s *shelves, keys [][]byte) error {
			s.raw(func(tx kv.Tx) error {
				a, _, err := tx.Get(keys[3])
				a[len(a)-1] ^= 1
				return errors.Join(err, tx.Put(keys[3], a))
			})
			return seal.ErrTampered
		},
		"the house itself writes another": func(s *shelves, keys [][]byte) error {
			value, err := s.house.Seal(november, keys[3], []byte(`{"day":5,"who":"ana","did":"read","chain":"AAAA"}`))
			ok(t, err)
			s.raw(func(tx kv.Tx) error { return tx.Put(keys[3], value) })
			return store.ErrBroken
		},
	} {
		s := begin(t)
		want := spoil(s, s.keys('A'))
		if _, err := read(s); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
