package casework_test

import (
	"testing"
	"time"

	"amana/bot/store"
	"amana/bot/ticket"
)

// A root steps in two phases. Killed between them, nothing that lives is lost; and what is idle is gone with the root.
func TestStopBetweenThePhases(t *testing.T) {
	m := newMission(t)
	alive, idle := m.chat(1), m.chat(2)
	for c, draft := range map[*chat]string{alive: "alive", idle: "idle"} {
		turn := c.turn()
		turn.Draft = []byte(draft)
		_, err := c.commit(turn)
		ok(t, err)
	}
	m.wait(5 * time.Hour) // the machine slept
	stepped, err := m.roots.Next(m.now())
	if err != nil || !stepped {
		t.Fatal(stepped, err)
	}
	m.restart() // killed before the drafts were sealed again
	if r := alive.recall(alive.incoming()); string(r.Draft) != "alive" {
		t.Fatal("the draft was lost between the phases")
	}
	m.sweep()
	if m.roots.Due(m.now()) {
		t.Error("the step was not finished")
	}
	for range 3 { // and again, and over a start: it stays
		if r := alive.recall(alive.incoming()); string(r.Draft) != "alive" {
			t.Fatal("the draft was lost with its root")
		}
		m.wait(time.Hour)
		m.sweep()
		m.restart()
	}
	if r := idle.recall(idle.incoming()); r.Draft != nil {
		t.Error("an idle draft was kept")
	}
}

// Closing records and trails live under the daily root, and are carried on while they are needed.
func TestDailyStep(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	a.files()
	p := a.incoming().Person
	ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
		return w.PutTrail(store.Trail{Person: p, Address: a.address(), IDs: []int64{5}, First: m.now()})
	}))
	day := store.DayOf(m.now())
	trail := func() (found bool) {
		t.Helper()
		ok(t, m.store.View(t.Context(), func(r *store.Read) (err error) {
			_, found, err = r.Trail(p, day)
			return err
		}))
		return found
	}
	for range 23 {
		m.wait(time.Hour)
		m.sweep()
	}
	if a.recall(a.incoming()).Closing == nil || !trail() {
		t.Error("gone within the day")
	}
	m.wait(24 * time.Hour)
	m.sweep()
	if !trail() {
		t.Error("a message can be deleted for 48 hours; its trail is gone earlier")
	}
	m.wait(26 * time.Hour)
	m.sweep()
	if trail() || m.size('W') != 0 || m.size('C') != 0 {
		t.Error("kept beyond its time")
	}
}

// What still lives when the machine has slept over several days is sealed again before its root goes.
func TestSleptOverDays(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	p, at := a.incoming().Person, m.now()
	ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
		return w.PutTrail(store.Trail{Person: p, Address: a.address(), IDs: []int64{5}, First: at})
	}))
	m.wait(5 * 24 * time.Hour)
	for range 2 { // it may be called again after a stop
		_, err := m.roots.Next(m.now())
		ok(t, err)
		ok(t, m.store.Reseal(t.Context()))
	}
	ok(t, m.roots.Commit())
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		if _, found, err := r.Trail(p, store.DayOf(at)); !found || err != nil {
			t.Errorf("lost with its root: %v", err)
		}
		return nil
	}))
}

func TestInvitationsEnd(t *testing.T) {
	m := newMission(t)
	for range 120 { // more than one transaction may read
		_, err := m.registry.Invite(t.Context(), ticket.Entry{ID: "dora", Name: "Dora", Org: "relief", Role: ticket.FocalPoint}, "en", false)
		ok(t, err)
	}
	word, err := m.registry.Invite(t.Context(), ticket.Entry{ID: "dora", Name: "Dora", Org: "relief", Role: ticket.FocalPoint}, "en", false)
	ok(t, err)
	_, err = m.registry.Follow(t.Context(), "staff:dora", word)
	ok(t, err)
	_, err = m.registry.Enrol(t.Context(), "staff:dora", m.enrolment("dora"))
	ok(t, err)
	m.wait(25 * time.Hour)
	m.sweep()
	if n := m.size('I'); n != 0 {
		t.Errorf("%d invitations are kept beyond their time", n)
	}
	m.sign(nil)
	if c, known, err := m.registry.Colleague(t.Context(), "staff:dora"); !known || !c.Signed || err != nil {
		t.Errorf("%+v %v", c, err)
	}
}
