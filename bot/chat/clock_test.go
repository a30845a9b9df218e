package chat_test

import (
	"strings"
	"testing"
	"time"

	"amana/bot/chat"
)

// TestClockSetForward sets the clock forward while somebody tells what happened. Where it is known that no time passed, the
// conversation goes on with all that was told, and ends after an hour of silence as ever.
func TestClockSetForward(t *testing.T) {
	const by = 90 * time.Minute
	for _, known := range []bool{false, true} {
		m := newMission(t)
		var set time.Time // what the clock said when it was set
		o := m.room.Options
		if known {
			o.Age = func(then time.Time) time.Duration {
				age := m.now.Sub(then)
				if !set.IsZero() && !then.After(set) {
					age -= by
				}
				return age
			}
		}
		m.room = chat.New(o)
		p := m.person(1)
		p.start()
		p.taps("Wrong by aid, police or officials")
		p.taps("Go on")
		p.skipTo("You can write here what you want them to know")
		p.types("He asked for something in return.")
		set = m.now
		m.now = m.now.Add(by)
		m.ok(m.registry.Sweep(t.Context(), m.room.Live))
		p.types("And then he laughed.")
		if goesOn := strings.Contains(p.text(), "2 messages so far"); goesOn != known {
			t.Errorf("known %v, the conversation goes on %v: %s", known, goesOn, p.text())
		}
		m.now = m.now.Add(61 * time.Minute)
		m.ok(m.registry.Sweep(t.Context(), m.room.Live))
		p.types("hello")
		p.sees("In which language shall we write?")
	}
}
