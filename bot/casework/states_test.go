package casework_test

import (
	"testing"
	"time"

	"amana/bot/ticket"
)

// The reporter is told in a word where the report stands after each change, whoever makes it, and none of the clock's moves
// but the end of a withdrawal changes that.
func TestReporterIsToldEachState(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files()
	stands := func(want ticket.State) {
		t.Helper()
		if got := a.opens(receipt).State; got != string(want) {
			t.Errorf("the reporter is told %q, want %q", got, want)
		}
	}
	stands(ticket.Received)
	m.wait(13 * time.Hour)
	m.tick() // a reminder
	stands(ticket.Received)
	_, err := m.registry.Acknowledge(t.Context(), "ana", code)
	ok(t, err)
	stands(ticket.Read)
	m.wait(60 * time.Hour)
	m.tick() // every rung of the referral
	stands(ticket.Read)
	m.answers("ana", code, "sent on", "referred")
	stands(ticket.Referred)
	m.answers("bea", code, "they have it", "confirmed")
	stands(ticket.Confirmed)
	m.answers("bea", code, "this is what came of it", "closed")
	stands(ticket.Closed)
	a.writes(receipt, "and yet")
	stands(ticket.Received)

	// The reporter withdraws, thinks better of it, and withdraws for good: only the last ends by the clock.
	withdraw := func(keep bool) {
		t.Helper()
		turn := a.turn()
		turn.Withdraw = withdraws(a.opens(receipt).Box)
		turn.Withdraw.Keep = keep
		_, err := a.commit(turn)
		ok(t, err)
	}
	withdraw(false)
	stands(ticket.Withdrawn)
	m.wait(6 * 24 * time.Hour)
	m.tick()
	withdraw(true)
	stands(ticket.Received)
	m.wait(2 * 24 * time.Hour)
	m.tick()
	stands(ticket.Received)
	withdraw(false)
	m.wait(7*24*time.Hour + time.Minute)
	m.tick()
	stands(ticket.Closed)
}
