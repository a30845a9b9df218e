package casework_test

import (
	"slices"
	"testing"
	"time"

	"amana/bot/casework"
)

// A burst of messages is told to each reader once, no later than the first alone would have been.
func TestBurst(t *testing.T) {
	m := newMission(t, func(o *casework.Options) { o.Delay = casework.StandardDelay })
	a := m.chat(1)
	receipt, code := a.files()
	m.wait(time.Hour)
	m.carried()
	box := a.opens(receipt).Box
	first := m.now()
	told := map[string][]time.Time{}
	for range 8 {
		if a.tries(a.letter(box)) != 0 {
			t.Fatal("the burst has to wait")
		}
		for range 4 {
			m.wait(5 * time.Second)
			for _, n := range m.carried() {
				told[n.Reader] = append(told[n.Reader], m.now())
			}
		}
	}
	for range 5 * 60 {
		m.wait(5 * time.Second)
		for _, n := range m.carried() {
			if n.Event != "message" || n.Code != code {
				t.Errorf("told %+v", n)
			}
			told[n.Reader] = append(told[n.Reader], m.now())
		}
	}
	for _, who := range []string{"ana", "bea"} {
		at := told[who]
		// Eight messages within three minutes: one notice, or two if the first went out in the middle of them.
		if len(at) == 0 || len(at) > 2 {
			t.Fatalf("%s is told %d times", who, len(at))
		}
		if after := at[0].Sub(first); after < 2*time.Minute || after > 15*time.Minute+5*time.Second {
			t.Errorf("%s is told after %v", who, after)
		}
	}
	if got := m.reads("ana", code).texts(); len(got) != 9 {
		t.Errorf("ana reads %d messages", len(got))
	}
	m.whole()
}

// A message that comes while the notice of the one before is on its way is told of too: the notice that arrives takes
// nothing off the shelf but itself.
func TestBurstInFlight(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files()
	m.wait(time.Hour)
	m.carried()
	a.writes(receipt, "first")
	m.wait(time.Hour)
	away, err := m.registry.Notices(t.Context(), 50, nil) // handed to the door
	ok(t, err)
	if len(away) == 0 {
		t.Fatal("nothing to carry")
	}
	a.writes(receipt, "second")
	for i, n := range away {
		if i == 0 {
			ok(t, m.registry.NoticeLater(t.Context(), n, m.now().Add(time.Minute), false, "no way"))
			continue
		}
		ok(t, m.registry.NoticeDone(t.Context(), n))
	}
	m.wait(time.Hour)
	for _, who := range []string{"ana", "bea"} {
		if got := m.notices(who); !slices.Equal(got, []string{"message " + code}) {
			t.Errorf("%s is told %v", who, got)
		}
	}
	m.whole()
}

// What was given up stays where the check shows it, and does not swallow what comes after.
func TestBurstPastTheDead(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files()
	m.wait(time.Hour)
	m.carried()
	a.writes(receipt, "first")
	m.wait(time.Hour)
	due, err := m.registry.Notices(t.Context(), 50, nil)
	ok(t, err)
	for _, n := range due {
		ok(t, m.registry.NoticeLater(t.Context(), n, m.now(), true, "gone"))
	}
	a.writes(receipt, "second")
	m.wait(time.Hour)
	if got := m.notices("ana"); !slices.Equal(got, []string{"message " + code}) {
		t.Errorf("ana is told %v", got)
	}
	dead, err := m.registry.Dead(t.Context())
	if err != nil || dead["ana"] != "gone" {
		t.Errorf("%v %v", dead, err)
	}
}
