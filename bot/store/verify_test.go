package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"amana/bot/kv"
	"amana/bot/store"
	"amana/bot/ticket"
)

// The check knows every kind of disorder.
func TestVerify(t *testing.T) {
	for name, spoil := range map[string]func(*shelves, store.Ref){
		"a stray index record": func(s *shelves, ref store.Ref) {
			s.update(func(w *store.Write) error {
				from := store.Day(100)
				to := store.Day(101)
				return errors.Join(w.MoveDue(ref, november, nil, &to), w.MoveDue(ref, november, nil, &from))
			})
		},
		"a missing index record": func(s *shelves, ref store.Ref) {
			s.update(func(w *store.Write) error {
				from := store.Day(100)
				return w.MoveDue(ref, november, &from, nil)
			})
		},
		"two reports with one code": func(s *shelves, _ store.Ref) {
			two := report(4)
			s.put(two, 100)
		},
		"a notice about nothing": func(s *shelves, _ store.Ref) {
			s.update(func(w *store.Write) error {
				return w.PutNotice(november, store.Waiting{Report: store.RefOf(5, store.ID{5}), Due: friday})
			})
		},
		"a thread of nobody": func(s *shelves, _ store.Ref) {
			s.update(func(w *store.Write) error {
				return w.AddMessage(november, ticket.ID{77}, store.Message{ID: store.ID{1}})
			})
		},
		"an audit chain of nobody": func(s *shelves, _ store.Ref) {
			s.update(func(w *store.Write) error { return w.Audit(november, ticket.ID{77}, store.Entry{Did: "filed"}) })
		},
		"a second filing": func(s *shelves, _ store.Ref) {
			s.update(func(w *store.Write) error {
				return w.AddMessage(november, report(1).ID, store.Message{ID: store.ID{66}, Kind: ticket.TypeReport})
			})
		},
		"a copy of nothing": func(s *shelves, _ store.Ref) {
			s.update(func(w *store.Write) error {
				return w.AddMessage(november, report(1).ID, store.Message{ID: store.ID{66}, Of: store.ID{67}, Kind: ticket.TypeCopy})
			})
		},
		"an address of nobody": func(s *shelves, _ store.Ref) {
			s.update(func(w *store.Write) error { return w.PutContact(store.Contact{ID: "ana", Address: "a"}) })
			s.raw(func(tx kv.Tx) error { return tx.Delete(s.firstKey(tx, 'E')) })
		},
		"a damaged browser": func(s *shelves, _ store.Ref) {
			s.update(func(w *store.Write) error {
				return errors.Join(w.PutBrowser(store.Browser{Person: "ana"}), w.PutBrowser(store.Browser{Person: "bea"}))
			})
			s.raw(func(tx kv.Tx) error { return tx.Put(s.firstKey(tx, 'H'), []byte("x")) })
			s.view(func(r *store.Read) error {
				all, err := r.Browsers()
				if len(all) != 1 {
					t.Errorf("beside a damaged one %d are there", len(all))
				}
				return err
			})
		},
		"damaged absences": func(s *shelves, _ store.Ref) {
			s.update(func(w *store.Write) error { return w.PutAbsences(map[string]store.Day{"ana": 5}) })
			s.raw(func(tx kv.Tx) error { return tx.Put(s.firstKey(tx, 'Z'), []byte("x")) })
		},
	} {
		s := newShelves(t)
		ref := s.put(report(1), 100)
		if p := s.problems(100); len(p) != 0 {
			t.Fatal(p)
		}
		spoil(s, ref)
		problems := s.problems(100)
		if len(problems) == 0 {
			t.Errorf("%s: nothing is noticed", name)
		}
		for _, p := range problems {
			if strings.Contains(p, "BDFGHJ") || strings.Contains(p, fmt.Sprintf("%x", ref.ID())) {
				t.Errorf("%s: a report is named: %s", name, p)
			}
		}
	}
}
