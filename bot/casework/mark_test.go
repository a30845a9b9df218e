package casework_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/store"
)

// says moves the draft of a chat so often, and gives the turns.
func (c *chat) says(times int) (turns []bot.Turn) {
	c.t.Helper()
	for n := range times {
		turn := c.turn()
		turn.Draft = []byte{'d', byte(n)}
		_, err := c.commit(turn)
		ok(c.t, err)
		turns = append(turns, turn)
	}
	return turns
}

// comeAgain delivers updates anew, under the roots of now, and says of one that is not known any more. If it is soon, it
// also commits their turns as they were prepared the first time, and says of one that was taken again.
func (c *chat) comeAgain(turns []bot.Turn, first int64, soon bool) {
	c.t.Helper()
	last := c.update
	defer func() { c.update = last }()
	before := c.shelf('S')
	for n, turn := range turns {
		c.update = first + int64(n) - 1
		if r := c.recall(c.incoming()); !r.Seen {
			c.t.Errorf("update %d of %d is not known any more", n+1, len(turns))
		}
		if !soon {
			continue
		}
		if done, err := c.commit(turn); err != nil || done != (bot.Done{}) {
			c.t.Errorf("update %d of %d: %+v, %v", n+1, len(turns), done, err)
		}
	}
	if !slices.EqualFunc(before, c.shelf('S'), bytes.Equal) {
		c.t.Error("an update was taken a second time")
	}
}

// shelf gives the keys and values of a shelf, one after the other.
func (m *mission) shelf(s byte) (all [][]byte) {
	m.t.Helper()
	raw(m.t, m.engine, func(k, v []byte) {
		if k[0] == s {
			all = append(all, k, v)
		}
	})
	return all
}

// A mark lives for a day and an hour, however the draft ends with which it lay, and goes with its day.
func TestMarksOutliveTheirDraft(t *testing.T) {
	const turns = 11 // more than lie with a draft, twice
	month := time.Date(2026, 11, 30, 23, 59, 0, 0, time.UTC)
	for name, end := range map[string]func(*chat){
		"it goes on":  func(*chat) {},
		"it is ended": func(a *chat) { _, err := a.commit(a.turn()); ok(a.t, err) },
		"it is filed": func(a *chat) { a.files() },
		"it is idle": func(a *chat) {
			turn := a.turn()
			turn.Draft = []byte("idle")
			_, err := a.commit(turn)
			ok(a.t, err)
			a.sweep()
		},
		"months later": func(a *chat) { a.wait(month.Add(2 * time.Minute).Sub(a.now())); a.sweep(); a.says(1) },
		"a long stop":  func(a *chat) { a.wait(20 * time.Hour); a.restart() },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMission(t)
			if name == "months later" {
				m.wait(month.Sub(m.now()))
				m.sweep()
			}
			a, first, at := m.chat(1), m.update+1, m.now()
			all := a.says(turns)
			end(a)
			a.comeAgain(all, first, true)
			for m.now().Sub(at) < 24*time.Hour {
				m.wait(time.Hour)
				m.sweep()
			}
			m.wait(30 * time.Minute)
			a.comeAgain(all, first, false)
			_, err := a.commit(a.turn())
			ok(t, err)
			m.wait(49 * time.Hour)
			m.sweep()
			if n := m.size('U'); n != 0 {
				t.Errorf("%d update marks are kept for ever", n)
			}
		})
	}
}

// While conversations run, a sweep of drafts leaves them and their marks as they are, and brings nothing to another shelf.
// When they are idle it ends all of them, however many marks they take along.
func TestSweepLeavesMarks(t *testing.T) {
	m := newMission(t)
	for n := range 30 {
		m.chat(n).says(32)
	}
	drafts, marks := m.shelf('S'), m.shelf('U')
	if len(drafts) != 2*30 || len(marks) != 2*30*28 {
		t.Errorf("%d drafts, %d update marks", len(drafts)/2, len(marks)/2)
	}
	m.sweep()
	if !slices.EqualFunc(drafts, m.shelf('S'), bytes.Equal) || !slices.EqualFunc(marks, m.shelf('U'), bytes.Equal) {
		t.Error("a sweep changed what nobody had to")
	}
	ok(t, m.registry.Sweep(t.Context(), func([]byte) bool { return false }))
	if m.size('S') != 0 || m.size('U') != 30*32 {
		t.Errorf("%d drafts, %d update marks", m.size('S'), m.size('U'))
	}
	m.whole()
}

// When its root steps, a draft that lives is sealed again with its marks.
func TestMarksStepWithTheirDraft(t *testing.T) {
	m := newMission(t)
	a, first := m.chat(1), m.update+1
	all := a.says(3)
	before := m.shelf('S')
	for range 5 {
		m.wait(time.Hour)
		m.sweep()
		m.restart()
	}
	if slices.EqualFunc(before, m.shelf('S'), bytes.Equal) {
		t.Error("the draft still lies under an old root")
	}
	a.comeAgain(all, first, true)
	if m.size('U') != 0 {
		t.Error("a mark left its draft")
	}
}

// What brings a report, a letter or a withdrawal does not hang on the draft that goes on: its mark has a record of its own.
func TestMarkOfWeight(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, _ := a.files()
	box := a.opens(receipt).Box
	first := m.update + 1
	letter, withdrawal := a.letter(box), a.withdrawal(box, false)
	for _, turn := range []*bot.Turn{&letter, &withdrawal} {
		turn.Draft = []byte("draft")
		_, err := a.commit(*turn)
		ok(t, err)
	}
	if m.size('U') != 3 {
		t.Errorf("%d update marks", m.size('U'))
	}
	m.damage('S')
	sent := m.size('T')
	for n, turn := range []bot.Turn{letter, withdrawal} {
		m.update = first + int64(n) - 1
		if r := a.recall(a.incoming()); !r.Seen {
			t.Error("not known any more, since the draft is lost")
		}
		done, err := a.commit(turn)
		if err != nil || done != (bot.Done{}) || m.size('T') != sent {
			t.Errorf("taken a second time: %v", err)
		}
	}
}

// A root may step between the two names that the door gives to one message: a mark of one month may lie with the draft of
// another.
func TestMarkOfAnotherMonth(t *testing.T) {
	m := newMission(t)
	m.wait(time.Date(2026, 11, 30, 23, 59, 0, 0, time.UTC).Sub(m.now()))
	m.sweep()
	a := m.chat(1)
	old := a.incoming()
	m.wait(2 * time.Minute)
	m.sweep()
	m.update--
	mixed := a.turn()
	mixed.Person, mixed.Was, mixed.Draft = old.Person, bot.Person{}, []byte("draft")
	_, err := a.commit(mixed)
	ok(t, err)
	m.update--
	in := a.incoming()
	if r := a.recall(in); !r.Seen || string(r.Draft) != "draft" {
		t.Errorf("seen %v, draft %q", r.Seen, r.Draft)
	}
	again := bot.Turn{Person: in.Person, Was: in.Was, Mark: in.Mark, Draft: []byte("twice")}
	if _, err := a.commit(again); err != nil {
		t.Error(err)
	}
	if r := a.recall(in); string(r.Draft) != "draft" {
		t.Errorf("taken a second time: %q", r.Draft)
	}
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		d, err := r.Draft(old.Person)
		if !d.Marked(mixed.Mark) || d.Marked(old.Mark) {
			t.Error("the draft does not say by which update it was made")
		}
		return err
	}))
}
