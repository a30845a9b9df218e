package store_test

import (
	"bytes"
	"context"
	"testing"

	"amana/bot/kv"
	"amana/bot/store"
)

// bends changes records of a shelf behind the back of the store, and says how many. Change says whether it has.
func (s *shelves) bends(shelf byte, change func(k, v []byte) bool) (n int) {
	s.t.Helper()
	s.raw(func(tx kv.Tx) error {
		n = 0
		pairs, err := tx.Scan([]byte{shelf}, []byte{shelf + 1}, 90)
		for _, p := range pairs {
			if v := bytes.Clone(p.Value); change(p.Key, v) {
				n++
				if err := tx.Put(p.Key, v); err != nil {
					return err
				}
			}
		}
		return err
	})
	return n
}

func scratched(v []byte) { v[len(v)-1] ^= 1 }

func nothing(*store.Write) error { return nil }

func (s *shelves) damaged(m store.Month) (all []store.Damaged) {
	s.t.Helper()
	s.view(func(r *store.Read) (err error) {
		all, err = r.Damaged(m)
		return err
	})
	return all
}

// A report that was damaged while it was being carried holds up nothing: it is not carried, counts to both months, and once it is
// given up nothing of it is left under either. The report beside it is not touched.
func TestDamagedWhileCarried(t *testing.T) {
	for cut := 2; ; cut++ {
		s := newShelves(t)
		ref := s.laden()
		before := s.hanging(store.RefOf(report(2).Day, report(2).ID)).Thread
		engine := &cutting{Engine: s.engine, cut: cut}
		cutOff := store.New(engine, s.house, s.roots)
		err := cutOff.Carry(context.Background(), ref, february, 7, dueOn(100))
		s.raw(func(tx kv.Tx) error {
			v, _, err := tx.Get(ref[:])
			v = bytes.Clone(v)
			scratched(v)
			if err != nil {
				return err
			}
			return tx.Put(ref[:], v)
		})
		ok(t, s.Settle(t.Context(), 7, dueOn(100)))
		found := s.damaged(november)
		if len(found) == 0 {
			found = s.damaged(february)
		}
		if len(found) != 1 || found[0].Ref != ref {
			t.Fatalf("cut before update %d: damaged are %v", cut, found)
		}
		gone, gerr := s.GiveUp(t.Context(), found[0], november, 7, dueOn(100), nothing)
		if !gone || gerr != nil {
			t.Fatalf("cut before update %d: given up: %v, %v", cut, gone, gerr)
		}
		s.whole("after it was given up")
		after := s.hanging(store.RefOf(report(2).Day, report(2).ID)).Thread
		if len(before) == 0 || len(after) != len(before) || len(s.keys('R')) != 1 || len(s.keys('X')) != 0 {
			t.Fatalf("cut before update %d: %d reports, %d voices, a thread of %d in place of %d", cut, len(s.keys('R')), len(s.keys('X')), len(after), len(before))
		}
		if again, gerr := s.GiveUp(t.Context(), found[0], november, 7, dueOn(100), nothing); again || gerr != nil {
			t.Errorf("given up twice: %v", gerr)
		}
		if err == nil || t.Failed() {
			return
		}
	}
}

// A record that says no key any more goes with the next month, unless it hangs on a report that is there; a record that names
// another key is as damaged as any, and is left behind where its report is carried.
func TestHeadsThatAreDamaged(t *testing.T) {
	s := newShelves(t)
	ref := s.laden()
	mine := map[string]bool{}
	id := ref.ID()
	for label, shelf := range map[string]byte{"thread": 'T', "audit": 'A'} {
		owner, err := s.house.MonthMAC(november, label, id[:])
		ok(t, err)
		mine[string(append([]byte{shelf}, owner[:]...))] = true
	}
	n := 0
	for _, shelf := range []byte("TA") {
		n += s.bends(shelf, func(k, v []byte) bool {
			sum := 0
			for _, b := range k[17:] {
				sum += int(b)
			}
			switch is := mine[string(k[:17])]; {
			case is && sum%9 == 1:
				v[0] = 9
				return true
			case is && sum%9 == 2:
				v[3] = 0xe5 // a month long ago
				return true
			}
			return false
		})
	}
	if n < 10 {
		t.Fatalf("%d records are damaged: this proves nothing", n)
	}
	size := len(s.keys('T')) + len(s.keys('A'))
	ok(t, s.DropMonth(t.Context(), "2020-05-report")) // some month that goes meanwhile
	left := len(s.keys('T')) + len(s.keys('A'))
	s.view(func(r *store.Read) error {
		if _, _, err := r.Report(ref); err != nil {
			t.Error(err)
		}
		return nil
	})
	if left != size {
		t.Errorf("of %d records %d are left", size, left)
	}
	ok(t, s.Carry(t.Context(), ref, february, 7, dueOn(100)))
	s.view(func(r *store.Read) error {
		_, under, err := r.Report(ref)
		if under != february || err != nil {
			t.Errorf("it lies under %s: %v", under, err)
		}
		thread, err := r.Thread(february, id)
		if len(thread) < 30 || err != nil {
			t.Errorf("%d messages: %v", len(thread), err)
		}
		return nil
	})
	standing, err := s.house.Seal(s.house.Standing(), append([]byte{'O', 0, 1}, id[:]...), []byte(`{}`))
	ok(t, err)
	s.raw(func(tx kv.Tx) error { // a notice of no report, and what lost its head on each shelf, of nobody who is there
		errs := tx.Put(append([]byte{'O', 0, 1}, id[:]...), standing)
		for _, shelf := range []byte("TABKPDOMX") {
			k := append([]byte{shelf, 7, 7}, bytes.Repeat([]byte{7}, 30)...)
			if err := tx.Put(k, bytes.Repeat([]byte{9}, 60)); err != nil {
				return err
			}
		}
		return errs
	})
	ok(t, s.DropMonth(t.Context(), "2020-05-report"))
	for shelf, want := range map[byte]bool{'T': false, 'A': false, 'B': false, 'K': false, 'P': false, 'D': false, 'O': false, 'M': false, 'X': true} {
		there := false
		for _, k := range s.keys(shelf) {
			there = there || bytes.HasPrefix(k, []byte{shelf, 7, 7})
		}
		if there != want {
			t.Errorf("what lost its head on %q is there: %v", shelf, there)
		}
	}
	if keys := s.keys('O'); len(keys) == 0 || !bytes.Equal(keys[0], append([]byte{'O', 0, 1}, id[:]...)) {
		t.Error("a notice under the standing key is gone")
	}
}

// Nothing is given up that does not lie there any more as it was seen, and the line of the one who gives up is written with it or
// not at all.
func TestGiveUpWhatWasSeen(t *testing.T) {
	s := newShelves(t)
	ref := s.laden()
	record := func(k, v []byte) bool {
		scratched(v)
		return bytes.Equal(k, ref[:])
	}
	s.bends('R', record)
	seen := s.damaged(november)
	if len(seen) != 1 || !seen[0].Whole || seen[0].Later || len(seen[0].Lines) != 51 {
		t.Fatalf("damaged are %+v", seen)
	}
	s.bends('R', record) // it is restored
	if gone, err := s.GiveUp(t.Context(), seen[0], november, 7, dueOn(100), nothing); gone || err != nil {
		t.Errorf("what can be read is given up: %v, %v", gone, err)
	}
	s.whole("restored")
	s.bends('R', record)
	if gone, err := s.GiveUp(t.Context(), seen[0], november, 7, dueOn(100), func(*store.Write) error { return errCut }); gone || err == nil {
		t.Errorf("given up without its line: %v, %v", gone, err)
	}
	if len(s.keys('R')) != 2 {
		t.Error("the record is gone without its line")
	}
}
