package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// Whoever is revoked in one process is nobody in every other, from the moment at which that is said to be done.
func TestRevokedElsewhere(t *testing.T) {
	a := newMission(t, together(1))
	b := a.beside(2)
	receipt, code := a.chat(1).files()
	b.wait(time.Hour)
	b.sign(nil, "ana")
	if got := a.notices("ana"); len(got) != 0 {
		t.Errorf("somebody who was revoked elsewhere is told %v", got)
	}
	for what, err := range map[string]error{
		"inbox":       second(a.registry.Inbox(t.Context(), "ana")),
		"read":        second(a.registry.ReadOut(t.Context(), "ana", code)),
		"acknowledge": second(a.registry.Acknowledge(t.Context(), "ana", code)),
		"recuse":      a.registry.Recuse(t.Context(), "ana", code),
		"answer":      second(a.registry.Answer(t.Context(), "ana", nil)),
		"absent":      a.registry.Absent(t.Context(), "ana", "ana", ticket.DayOf(a.now())+1),
	} {
		if !errors.Is(err, casework.ErrUnknown) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, known, err := a.registry.Colleague(t.Context(), "staff:ana"); known || err != nil {
		t.Error("somebody who was revoked elsewhere is known", err)
	}
	a.chat(1).writes(receipt, "later")
	_, fresh := a.chat(2).files("story", "new")
	for _, c := range []string{code, fresh} {
		th := a.reads("bea", c)
		for _, item := range th.items[len(th.items)-1:] {
			if _, err := seal.OpenMessage(item.File, a.ids["ana"]); !errors.Is(err, seal.ErrNotForYou) {
				t.Errorf("%s was sealed to a key that is revoked elsewhere: %v", c, err)
			}
		}
	}
	a.whole()
}

// A roster that is applied elsewhere while the slow step of a receipt runs is the one that the report is sealed by.
func TestARosterFromElsewhereWhileFiling(t *testing.T) {
	a := newMission(t, together(1))
	b := a.beside(2)
	once := false
	a.registry.Slow(a.draw, func(ctx context.Context, receipt string) (seal.Stretched, error) {
		if !once {
			once = true
			b.sign(nil, "ana")
		}
		return theCamp().stretch(ctx, receipt)
	})
	receipt, code := a.chat(1).files("story", "what happened")
	if !once {
		t.Fatal("nothing came between")
	}
	if ticket.MaySee(a.report(receipt), "ana") {
		t.Error("the report was routed by the roster before")
	}
	if _, err := seal.OpenMessage(a.reads("bea", code).items[0].File, a.ids["ana"]); !errors.Is(err, seal.ErrNotForYou) {
		t.Error("the report was sealed by the roster before", err)
	}
}

// Who says in one process that they are away is away in the others, and nobody's word is lost where two say so at once.
func TestAbsentElsewhere(t *testing.T) {
	a := newMission(t, together(1))
	b := a.beside(2)
	today := ticket.DayOf(a.now())
	ok(t, a.registry.Absent(t.Context(), "ana", "ana", today+1))
	ok(t, b.registry.Absent(t.Context(), "bea", "bea", today+2))
	for n, m := range []*mission{a, b} {
		ok(t, m.registry.Fresh(t.Context()))
		for who, until := range map[string]ticket.Day{"ana": today + 1, "bea": today + 2} {
			if got, away := m.registry.AbsentUntil(who); !away || got != until {
				t.Errorf("process %d: %s is away until %v, %v", n, who, got, away)
			}
		}
	}
	receipt, _ := b.chat(1).files()
	if !slices.Contains(b.report(receipt).Handed(), "bo") {
		t.Error("nobody stands in for who is away by the word of another process")
	}
}

// Two coordinators apply two rosters of one version in two processes: one is in force in both, and the other is refused.
func TestTwoRostersAtOnce(t *testing.T) {
	a := newMission(t, together(1))
	b := a.beside(2)
	p, err := a.registry.Propose(t.Context())
	ok(t, err)
	ok(t, a.registry.Apply(t.Context(), must(casework.Sign(theCamp().coordinator, p, "bo"))))
	wantErr(t, b.registry.Apply(t.Context(), must(casework.Sign(theCamp().coordinator, p, "bea"))), casework.ErrOldRoster)
	for n, m := range []*mission{a, b} {
		ok(t, m.registry.Fresh(t.Context()))
		if e, _ := m.registry.Roster().Find("bo"); e.Usable() {
			t.Errorf("process %d has the roster before", n)
		}
		if e, _ := m.registry.Roster().Find("bea"); !e.Usable() {
			t.Errorf("process %d has the roster that was refused", n)
		}
	}
}
