package casework_test

import (
	"testing"
	"time"

	"amana/bot/casework"
)

// TestSetBack sets the clock back by an hour while notices wait. Whoever says so has them carried when they were to be: none
// waits for that hour once more, none comes sooner, and none comes twice.
func TestSetBack(t *testing.T) {
	all := 0
	for _, said := range []bool{false, true} {
		m := newMission(t, func(o *casework.Options) { o.Delay = casework.StandardDelay })
		m.chat(1).files()
		m.wait(-time.Hour)
		if said {
			moved, err := m.registry.SetBack(t.Context(), time.Hour)
			ok(t, err)
			if moved == 0 || moved != all {
				t.Errorf("%d of %d notices were brought forward", moved, all)
			}
		}
		m.wait(casework.StandardDelay.Least - time.Second)
		if n := len(m.carried()); n > 0 {
			t.Errorf("said %v, %d came sooner than they were to", said, n)
		}
		m.wait(casework.StandardDelay.Normal)
		soon := len(m.carried())
		m.wait(time.Hour)
		late := len(m.carried())
		if all += late; said {
			all -= late
		}
		switch {
		case said && (soon != all || late > 0):
			t.Errorf("of %d notices %d came in time and %d later", all, soon, late)
		case !said && soon > 0:
			t.Errorf("%d notices came in time all the same, so nothing was shown", soon)
		}
		again, err := m.registry.SetBack(t.Context(), time.Hour)
		ok(t, err)
		if n := len(m.carried()); again > 0 || n > 0 {
			t.Errorf("said %v, %d came again, of %d that were brought forward once more", said, n, again)
		}
	}
}

// A digest comes at an hour of the day, whatever the clock said before.
func TestSetBackLeavesDigests(t *testing.T) {
	m := newMission(t, func(o *casework.Options) { o.Digest = casework.Digest{Times: []time.Duration{12 * time.Hour}} })
	m.tick() // the mission begins with them
	m.wait(2*time.Hour - 5*time.Minute)
	m.tick() // they are laid out before their time
	m.wait(-time.Hour)
	moved, err := m.registry.SetBack(t.Context(), time.Hour)
	ok(t, err)
	m.wait(10 * time.Minute)
	if came := m.carried(); moved > 0 || len(came) > 0 {
		t.Errorf("%d were brought forward, and %d came", moved, len(came))
	}
	m.wait(time.Hour)
	if len(m.carried()) == 0 {
		t.Error("none came at its hour, so nothing was shown")
	}
}
