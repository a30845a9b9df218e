package casework_test

import (
	"errors"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/kv/kvtest"
	"amana/bot/store"
)

// An update is applied once, however often and late it is delivered: over midnight, over the end of a month and of the
// pseudonym that goes with it.
func TestUpdateAppliedOnce(t *testing.T) {
	for name, at := range map[string]time.Time{
		"in the morning": time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC),
		"at midnight":    time.Date(2026, 11, 20, 23, 59, 59, 0, time.UTC),
		"after midnight": time.Date(2026, 11, 21, 0, 0, 1, 0, time.UTC),
		"at month's end": time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC),
		"at year's end":  time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			m := newMission(t)
			m.wait(at.Sub(m.now()))
			m.sweep()
			a := m.chat(1)
			turn := a.turn()
			m.update--
			turn.Filing = &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: facts()}
			first, err := a.commit(turn)
			ok(t, err)
			for _, later := range []time.Duration{0, time.Second, 12 * time.Hour, 12 * time.Hour, 30 * time.Minute} {
				m.wait(later)
				m.sweep()
				in := a.incoming() // the same update, under the root of now
				m.update--
				r := a.recall(in)
				if !r.Seen {
					t.Fatalf("%v later the update is not known any more", m.now().Sub(at))
				}
				if r.Closing == nil || r.Closing[0].Receipt != first.Receipt {
					if m.now().Sub(at) < 24*time.Hour {
						t.Errorf("%v later the repeat is not answered with the receipt", m.now().Sub(at))
					}
				}
				done, err := a.commit(turn) // as it was prepared before the stop
				if err != nil || done.Receipt != "" {
					t.Fatalf("the turn was taken again: %v", err)
				}
			}
			lines, err := m.registry.Inbox(t.Context(), "ana")
			if err != nil || len(lines) != 1 {
				t.Errorf("%d reports, %v", len(lines), err)
			}
			m.whole()
			m.wait(49 * time.Hour)
			m.sweep()
			if n := m.size('U'); n != 0 {
				t.Errorf("%d update marks are kept for ever", n)
			}
		})
	}
}

func (m *mission) size(shelf byte) (n int) {
	m.t.Helper()
	raw(m.t, m.engine, func(k, _ []byte) {
		if k[0] == shelf {
			n++
		}
	})
	return n
}

// Draft and receipt follow their person into the next month, whose root gives them another pseudonym.
func TestPseudonymChanges(t *testing.T) {
	m := newMission(t)
	m.wait(time.Date(2026, 11, 30, 23, 50, 0, 0, time.UTC).Sub(m.now()))
	m.sweep()
	a := m.chat(1)
	receipt, _ := a.files()
	turn := a.turn()
	turn.Draft = []byte("draft")
	_, err := a.commit(turn)
	ok(t, err)
	m.wait(20 * time.Minute)
	m.sweep()

	in := a.incoming()
	if in.Person == turn.Person || in.Was != turn.Person {
		t.Fatal("the pseudonym did not change")
	}
	r := a.recall(in)
	if string(r.Draft) != "draft" || r.Closing == nil || r.Closing[0].Receipt != receipt {
		t.Fatalf("lost with the month: %q, %v", r.Draft, r.Closing != nil)
	}
	next := a.turn()
	next.Draft = []byte("draft and more")
	_, err = a.commit(next)
	ok(t, err)
	r = a.recall(a.incoming())
	if string(r.Draft) != "draft and more" || r.Closing == nil {
		t.Fatal("lost with the first message of the month")
	}
	if m.size('S') != 1 || m.size('C') != 1 {
		t.Errorf("%d drafts and %d closing records of one person", m.size('S'), m.size('C'))
	}
	ok(t, m.registry.Shown(t.Context(), a.incoming().Person, r.Closing[0].ID))
	if r = a.recall(a.incoming()); r.Closing != nil {
		t.Error("what was shown under the new name stays under the old one")
	}
}

// What the disk or the network leave open is settled: a report is there once, and nothing is called unsaved that is saved.
func TestUnknownOutcome(t *testing.T) {
	file := func(m *mission, faults ...kvtest.Fault) (bot.Done, error) {
		a := m.chat(1)
		turn := a.turn()
		turn.Filing = &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: facts()}
		flaky := &kvtest.Flaky{Engine: m.engine}
		m.engine = flaky
		m.open()
		flaky.Fail(faults...)
		return a.commit(turn)
	}
	for name, faults := range map[string][]kvtest.Fault{
		"lost before":      {kvtest.LostBefore},
		"lost after":       {kvtest.LostAfter},
		"lost both ways":   {kvtest.LostBefore, kvtest.LostAfter},
		"lost three times": {kvtest.LostAfter, kvtest.LostAfter, kvtest.LostAfter},
	} {
		m := newMission(t)
		done, err := file(m, faults...)
		if err != nil || m.report(done.Receipt).Code == "" || m.size('R') != 1 {
			t.Errorf("%s: %v, %d reports", name, err, m.size('R'))
		}
		m.whole()
	}
	m := newMission(t)
	_, err := file(m, kvtest.Full)
	if !errors.Is(err, bot.ErrNotSaved) || m.size('R') != 0 || m.size('U') != 0 {
		t.Errorf("a full disk: %v, %d reports", err, m.size('R'))
	}
	m = newMission(t)
	_, err = file(m, kvtest.LostAfter, kvtest.LostAfter, kvtest.LostAfter, kvtest.LostAfter)
	if !errors.Is(err, store.ErrUnknown) || errors.Is(err, bot.ErrNotSaved) {
		t.Errorf("never settled: %v", err)
	}
	m.update-- // the same update comes again
	in := m.chat(1).incoming()
	if r := m.chat(1).recall(in); !r.Seen || r.Closing == nil {
		t.Error("the repeat of the update does not find its receipt")
	}
}

// A turn that only moves a draft is settled by its update mark alone, which lies with the draft.
func TestUnknownDraft(t *testing.T) {
	for name, faults := range map[string][]kvtest.Fault{
		"fine":             {kvtest.Fine},
		"lost before":      {kvtest.LostBefore},
		"lost after":       {kvtest.LostAfter},
		"lost both ways":   {kvtest.LostBefore, kvtest.LostAfter},
		"lost three times": {kvtest.LostAfter, kvtest.LostAfter, kvtest.LostAfter},
	} {
		m := newMission(t, together(1))
		a := m.chat(1)
		turn := a.turn()
		turn.Draft, turn.From = []byte(name), a.recall(a.incoming()).From
		m.update--
		flaky := &kvtest.Flaky{Engine: m.engine}
		m.engine = flaky
		m.open()
		flaky.Fail(faults...)
		if _, err := a.commit(turn); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n, drafts := m.size('U'), m.size('S'); n != 0 || drafts != 1 {
			t.Errorf("%s: %d update marks beside %d drafts", name, n, drafts)
		}
		m.update--
		if r := a.recall(a.incoming()); !r.Seen || string(r.Draft) != name {
			t.Errorf("%s: seen %v, draft %q", name, r.Seen, r.Draft)
		}
	}
}

// What a later attempt meets says nothing of the one before, of which nobody knows: it may have been written, and then nothing
// that hangs on it may be thrown away.
func TestUnknownThenRefused(t *testing.T) {
	for name, c := range map[string]struct {
		faults  []kvtest.Fault
		perhaps bool
	}{
		"lost after, then full":  {[]kvtest.Fault{kvtest.LostAfter, kvtest.Full}, true},
		"lost before, then full": {[]kvtest.Fault{kvtest.LostBefore, kvtest.Full}, true},
		"full":                   {[]kvtest.Fault{kvtest.Full}, false},
	} {
		m := newMission(t, together(1))
		a := m.chat(1)
		turn := a.turn()
		turn.Draft, turn.From = []byte(name), a.recall(a.incoming()).From
		flaky := &kvtest.Flaky{Engine: m.engine}
		m.engine = flaky
		m.open()
		flaky.Fail(c.faults...)
		_, err := a.commit(turn)
		if errors.Is(err, bot.ErrPerhaps) != c.perhaps || errors.Is(err, bot.ErrNotSaved) == c.perhaps {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A conversation that ends wipes its draft, and one message writes its draft and no other's.
func TestDrafts(t *testing.T) {
	m := newMission(t)
	a, b := m.chat(1), m.chat(2)
	for _, c := range []*chat{a, b} {
		turn := c.turn()
		turn.Draft = []byte("draft of " + c.number)
		_, err := c.commit(turn)
		ok(t, err)
	}
	_, err := a.commit(a.turn())
	ok(t, err)
	if r := a.recall(a.incoming()); r.Draft != nil || r.Ended != bot.EndedNot {
		t.Error("an ended conversation left its draft")
	}
	if r := b.recall(b.incoming()); string(r.Draft) != "draft of "+b.number {
		t.Errorf("%q", r.Draft)
	}
	m.damage('S')
	if r := b.recall(b.incoming()); r.Draft != nil {
		t.Error("a damaged draft was opened")
	}
	m.wait(2 * time.Hour)
	m.sweep()
	if m.size('S') != 0 {
		t.Error("a damaged draft is kept for ever, and holds up the roots")
	}
}
