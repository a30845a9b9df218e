package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/kvtest"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

const february = seal.KeyID("2027-02-report")

// cutting is an engine that stops at an update, and one on which something else can come first.
type cutting struct {
	kvtest.Engine
	updates, cut int         // stops before the update of this number; 0: never
	first        func(n int) // nil: nothing
	busy         bool
}

var errCut = errors.New("cut")

func (c *cutting) Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error {
	if c.busy {
		return c.Engine.Update(ctx, id, fn)
	}
	c.updates++
	if c.cut > 0 && c.updates >= c.cut {
		return errCut
	}
	if c.first != nil {
		c.busy = true
		c.first(c.updates)
		c.busy = false
	}
	return c.Engine.Update(ctx, id, fn)
}

// laden puts a report with a long thread and chain, voice messages and notices on the shelves, and another one beside it.
func (s *shelves) laden() store.Ref {
	s.t.Helper()
	ref := s.put(report(1), 100)
	s.put(report(2), 100)
	for n := range byte(50) {
		s.update(func(w *store.Write) error {
			file := append(make([]byte, 17_000*int(n%3)), n)
			m := store.Message{ID: store.ID{100, n}, Kind: ticket.TypeMessage, File: file}
			if n%10 == 0 {
				m.Voices = []store.ID{{n, 1}, {n, 2}}
			}
			return errors.Join(w.AddMessage(november, report(1).ID, m), w.SeenUntil(november, report(1).ID, 5),
				w.Audit(november, report(1).ID, store.Entry{Day: 5, Who: "reporter", Did: "wrote", File: store.HashFile(file)}))
		})
	}
	other := store.RefOf(report(2).Day, report(2).ID)
	s.update(func(w *store.Write) error {
		return errors.Join(
			w.PutNotice(november, store.Waiting{ID: store.ID{5}, Report: ref, Reader: "ana", Event: "report", Due: friday}),
			w.PutNotice(november, store.Waiting{ID: store.ID{6}, Report: ref, Reader: "bo", Event: "note", Due: friday.AddDate(0, 0, 1), Dead: true}),
			w.PutNotice(november, store.Waiting{ID: store.ID{7}, Report: other, Reader: "bo", Event: "report", Due: friday}))
	})
	return ref
}

func dueOn(day store.Day) store.Due {
	return func(ticket.Report) (store.Day, bool) { return day, true }
}

// hanging is all that can be read of a report.
type hanging struct {
	Report  ticket.Report
	Under   seal.KeyID
	Thread  []store.Message
	Chain   []store.Entry
	Notices []store.Waiting
	Readers []bool
	Found   bool
	Due     int
}

func (s *shelves) hanging(ref store.Ref) (h hanging) {
	s.t.Helper()
	s.view(func(r *store.Read) (err error) {
		h = hanging{}
		if h.Report, h.Under, err = r.Report(ref); err != nil {
			return err
		}
		if h.Thread, err = r.Thread(h.Under, ref.ID()); err != nil {
			return err
		}
		if h.Chain, err = r.ReportChain(h.Under, ref.ID()); err != nil {
			return err
		}
		all, err := r.Notices(time.Time{}, 100)
		if err != nil {
			return err
		}
		for _, n := range all {
			if n.Report == ref {
				h.Notices = append(h.Notices, n)
			}
		}
		for _, who := range []string{"ana", "bo", "cora"} {
			_, found, err := r.ForReader(who, ref.ID())
			h.Readers = append(h.Readers, found)
			if err != nil {
				return err
			}
		}
		by, found, err := r.ByCode(string(h.Report.Code))
		if err != nil || by != ref {
			return fmt.Errorf("by code: %v", err)
		}
		by, h.Found, err = r.ByMailbox(h.Report.MailboxID)
		h.Found = h.Found && found && by == ref
		if err != nil {
			return err
		}
		refs, err := r.DueUntil(100)
		h.Due = len(refs)
		return err
	})
	return h
}

func (s *shelves) whole(at string) {
	s.t.Helper()
	for _, p := range s.problems(100) {
		s.t.Errorf("%s: %s", at, p)
	}
}

// same says that a report is what it was before it was carried, but for its month and the line that says so.
func (s *shelves) same(before, after hanging) {
	s.t.Helper()
	if n := len(after.Chain); n == 0 || after.Chain[n-1].Did != "carried over" {
		s.t.Fatalf("the chain ends with %+v", after.Chain[max(0, n-1):])
	}
	after.Chain = after.Chain[:len(after.Chain)-1]
	if before.Under != november || after.Under != february {
		s.t.Errorf("carried from %s to %s", before.Under, after.Under)
	}
	before.Under = after.Under
	if !reflect.DeepEqual(before, after) {
		s.t.Errorf("it has changed:\n%+v\n%+v", before, after)
	}
}

// A report is carried whole, the one beside it is not touched, and once the old month is forgotten and its records are
// dropped, nothing of the old month lies anywhere.
func TestCarry(t *testing.T) {
	s := newShelves(t)
	ref := s.laden()
	other := store.RefOf(report(2).Day, report(2).ID)
	before, beside := s.hanging(ref), s.hanging(other)
	ok(t, s.Carry(t.Context(), ref, february, 7, dueOn(100)))
	s.whole("after the carrying over")
	s.same(before, s.hanging(ref))
	if got := s.hanging(other); !reflect.DeepEqual(got, beside) {
		t.Errorf("the other one has changed:\n%+v\n%+v", beside, got)
	}
	ok(t, s.Carry(t.Context(), ref, february, 7, dueOn(100))) // once more changes nothing
	s.same(before, s.hanging(ref))

	pepper, err := s.house.Pepper(november)
	ok(t, err)
	ok(t, s.house.Forget(november))
	ok(t, s.DropMonth(t.Context(), november))
	s.whole("after the forgetting")
	s.same(before, func() hanging { h := s.hanging(ref); h.Due = beside.Due; return h }())
	s.view(func(r *store.Read) error {
		all, err := r.CarriedPeppers()
		if len(all) != 1 || all[0].Month() != november || string(all[0].Reveal()) != string(pepper.Reveal()) {
			t.Errorf("%d carried peppers", len(all))
		}
		return err
	})
	ok(t, s.engine.View(t.Context(), func(r kv.Reader) error {
		pairs, err := r.Scan(nil, nil, kv.MaxScan)
		for _, p := range pairs {
			if under, is := seal.KeyOf(p.Value); is && under == november {
				t.Errorf("a record of the forgotten month is left on %q", p.Key[0])
			}
		}
		return err
	}))
	s.view(func(r *store.Read) error {
		if _, _, err := r.Report(other); !errors.Is(err, store.ErrMissing) {
			t.Errorf("the one that was not carried: %v", err)
		}
		return nil
	})
	// The last report of a pepper takes it along.
	ok(t, s.Erase(t.Context(), ref, 8, dueOn(100), func(ticket.Report) bool { return true }))
	ok(t, s.PrunePeppers(t.Context()))
	s.whole("after the end")
	for _, shelf := range "RTAXBKPDOM" {
		if n := len(s.keys(byte(shelf))); n > 0 {
			t.Errorf("%d records are left on %q", n, shelf)
		}
	}
}

// A stop before any update leaves a report that works, and the next attempt ends what was begun.
func TestCarryIsCutOff(t *testing.T) {
	for cut := 1; ; cut++ {
		s := newShelves(t)
		ref := s.laden()
		before := s.hanging(ref)
		engine := &cutting{Engine: s.engine, cut: cut}
		s.Store = store.New(engine, s.house, s.roots)
		err := s.Carry(t.Context(), ref, february, 7, dueOn(100))
		if err == nil {
			if cut < 12 {
				t.Fatalf("it took %d updates", cut-1)
			}
			s.same(before, s.hanging(ref))
			return
		}
		if !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		s.whole(fmt.Sprintf("cut before update %d", cut))
		if h := s.hanging(ref); len(h.Thread) != len(before.Thread) || !h.Found || len(h.Notices) != 2 {
			t.Fatalf("cut before update %d: %d messages, %d notices", cut, len(h.Thread), len(h.Notices))
		}
		engine.cut = 0
		if cut%2 == 0 { // by the next start alone, or by the next who asks
			ok(t, s.Settle(t.Context(), 7, dueOn(100)))
			s.whole("settled")
		}
		ok(t, s.Carry(t.Context(), ref, february, 7, dueOn(100)))
		s.whole("carried again")
		s.same(before, s.hanging(ref))
		if t.Failed() {
			t.Fatalf("cut before update %d", cut)
		}
	}
}

// Whatever is written while a report is carried goes along: before any of the updates.
func TestCarryBesideOthers(t *testing.T) {
	for at := 2; at < 14; at++ {
		s := newShelves(t)
		ref := s.laden()
		engine := &cutting{Engine: s.engine}
		s.Store = store.New(engine, s.house, s.roots)
		wrote := 0
		engine.first = func(n int) {
			if n < at || n > at+3 {
				return
			}
			wrote++
			id, file := store.ID{200, byte(n)}, fmt.Appendf(nil, "meanwhile %d", n)
			s.update(func(w *store.Write) error {
				rep, under, err := w.Report(ref)
				if err != nil {
					return err
				}
				was := store.Filed{Report: rep, DueDay: new(store.Day)}
				*was.DueDay = 100
				next := was
				next.State = ticket.Read
				return errors.Join(w.AddMessage(under, rep.ID, store.Message{ID: id, Kind: ticket.TypeMessage, File: file}),
					w.PutReport(ref, under, next, &was),
					w.Audit(under, rep.ID, store.Entry{Day: 6, Who: "reporter", Did: "wrote", File: store.HashFile(file)}))
			})
		}
		ok(t, s.Carry(t.Context(), ref, february, 7, dueOn(100)))
		engine.first = nil
		s.whole(fmt.Sprintf("beside others from update %d on", at))
		h := s.hanging(ref)
		if len(h.Thread) != 51+wrote || h.Under != february || wrote > 0 && h.Report.State != ticket.Read {
			t.Errorf("from update %d on: %d of %d messages under %s", at, len(h.Thread), 51+wrote, h.Under)
		}
	}
}

// Who was slow to say that a report is carried does not take away the note of another one, which somebody else began since.
func TestCarryKeepsTheNoteOfAnother(t *testing.T) {
	last := 0 // the update of a carrying that drops its note
	for _, slow := range []bool{false, true} {
		s := newShelves(t)
		ref, next := s.laden(), store.RefOf(report(2).Day, report(2).ID)
		engine := &cutting{Engine: s.engine}
		mine := store.New(engine, s.house, s.roots)
		engine.first = func(n int) {
			if slow && n == last {
				ok(t, s.Settle(t.Context(), 7, dueOn(100)))
				counting := &cutting{Engine: s.engine, cut: 4} // after the note and the copies, before the report is another's
				if err := store.New(counting, s.house, s.roots).Carry(t.Context(), next, february, 7, dueOn(100)); !errors.Is(err, errCut) {
					t.Fatal(err)
				}
			}
		}
		ok(t, mine.Carry(t.Context(), ref, february, 7, dueOn(100)))
		last = engine.updates
		if !slow {
			continue
		}
		ok(t, s.Settle(t.Context(), 7, dueOn(100)))
		s.whole("ended")
		if got := s.hanging(next).Under; got != february {
			t.Errorf("the note of the other report is lost: it is under %s", got)
		}
	}
}

// A report that is taken away is taken away whole, whenever a stop comes between, and stays where the question says so.
func TestErase(t *testing.T) {
	always := func(ticket.Report) bool { return true }
	for cut := 1; ; cut++ {
		s := newShelves(t)
		ref := s.laden()
		beside := s.hanging(store.RefOf(report(2).Day, report(2).ID))
		ok(t, s.Erase(t.Context(), ref, 7, dueOn(100), func(ticket.Report) bool { return false }))
		s.hanging(ref)
		engine := &cutting{Engine: s.engine, cut: cut}
		s.Store = store.New(engine, s.house, s.roots)
		err := s.Erase(t.Context(), ref, 7, dueOn(100), always)
		if err != nil && !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		s.whole(fmt.Sprintf("cut before update %d", cut))
		engine.cut = 0
		ok(t, s.Settle(t.Context(), 7, dueOn(100)))
		ok(t, s.Erase(t.Context(), ref, 7, dueOn(100), always))
		s.whole("taken away")
		other := s.hanging(store.RefOf(report(2).Day, report(2).ID))
		if beside.Due--; !reflect.DeepEqual(other, beside) {
			t.Errorf("the other one has changed:\n%+v\n%+v", beside, other)
		}
		if counts := []int{len(s.keys('R')), len(s.keys('X')), len(s.keys('O'))}; !slices.Equal(counts, []int{1, 0, 1}) {
			t.Errorf("reports, voices, notices left: %v", counts)
		}
		if err == nil || t.Failed() {
			return
		}
	}
}

// What is damaged is left behind and holds up nothing.
func TestCarryPastDamage(t *testing.T) {
	s := newShelves(t)
	ref := s.laden()
	s.raw(func(tx kv.Tx) error {
		pairs, err := tx.Scan([]byte{'T'}, []byte{'U'}, 30)
		for _, p := range pairs {
			if len(p.Value) > 30_000 {
				return tx.Put(p.Key, append(p.Value[:200], 1))
			}
		}
		return err
	})
	ok(t, s.Carry(t.Context(), ref, february, 7, dueOn(100)))
	s.view(func(r *store.Read) error {
		thread, err := r.Thread(february, ref.ID())
		if len(thread) != 50 {
			t.Errorf("%d messages", len(thread))
		}
		return err
	})
	ok(t, s.house.Forget(november))
	ok(t, s.DropMonth(t.Context(), november))
	if err := s.Carry(t.Context(), ref, "2027-01-feedback", 7, dueOn(100)); err == nil {
		t.Error("carried to a month of another class")
	}
}

// A month that is retired is read and not written, so that nothing comes in behind the last look at it.
func TestRetired(t *testing.T) {
	s := newShelves(t)
	ref := s.laden()
	s.house.Retire(november)
	err := s.Update(t.Context(), store.ID{}, func(w *store.Write) error {
		return w.Audit(november, ref.ID(), store.Entry{Did: "wrote"})
	})
	if !errors.Is(err, seal.ErrForgotten) {
		t.Errorf("written under a retired month: %v", err)
	}
	ok(t, s.Carry(t.Context(), ref, february, 7, dueOn(100)))
	s.whole("carried out of a retired month")
	s.house.Reinstate(november)
	s.update(func(w *store.Write) error { return w.Count(november, "filed") })
}

// Key backups that stood together in one record are kept one by one; none is ever pushed off the list.
func TestKeyBackups(t *testing.T) {
	s := newShelves(t)
	for n := range 120 {
		s.update(func(w *store.Write) error {
			return w.PutKeyBackup(store.Backup{Name: "keys.age", Made: friday.AddDate(0, 0, n), Keys: []string{string(november)}})
		})
	}
	s.view(func(r *store.Read) error {
		all, err := r.KeyBackups()
		if len(all) != 120 || !all[0].Made.Equal(friday) || !all[0].Holds(string(november)) || all[0].Holds("2026-12-report") {
			t.Errorf("%d backups, the first %+v", len(all), all[0])
		}
		return err
	})
	s.update(func(w *store.Write) error {
		return w.DropKeyBackup(store.Backup{Name: "keys.age", Made: friday.AddDate(0, 0, 3)})
	})
	s.view(func(r *store.Read) error {
		all, err := r.KeyBackups()
		if len(all) != 119 {
			t.Errorf("%d backups after one was destroyed", len(all))
		}
		return err
	})
}

// Somebody who holds the house keys can cut the end off a report's chain, head and all. The thread still tells.
func TestChainCutAtItsEnd(t *testing.T) {
	s := newShelves(t)
	ref := s.laden()
	var owner store.ID
	id := ref.ID()
	name, err := s.house.MonthMAC(november, "audit", id[:])
	ok(t, err)
	owner = store.ID(name)
	at := func(n byte) []byte {
		return append(append([]byte{'A'}, owner[:]...), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n)
	}
	var last []byte
	ok(t, s.engine.View(t.Context(), func(r kv.Reader) error {
		value, _, err := r.Get(at(50))
		ok(t, err)
		last, _, err = s.house.Open(at(50), value)
		return err
	}))
	chain := last[len(last)-len(`"chain":"`)-46:]
	head, err := s.house.Seal(november, at(0), append([]byte(`{"next":50,`), chain...))
	ok(t, err)
	s.raw(func(tx kv.Tx) error { return errors.Join(tx.Put(at(0), head), tx.Delete(at(51))) })
	s.view(func(r *store.Read) error {
		chain, err := r.ReportChain(november, ref.ID())
		if len(chain) != 50 {
			t.Errorf("the forged chain has %d lines", len(chain))
		}
		return err // it holds together by itself
	})
	if p := s.problems(100); !slices.ContainsFunc(p, func(p string) bool {
		return p == "2026-11-report: an audit chain has lost lines: a message lies in the thread of which it says nothing"
	}) {
		t.Errorf("not noticed: %v", p)
	}
}
