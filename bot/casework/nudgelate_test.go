package casework_test

import (
	"testing"
	"time"
)

// A line that a stop held up past its hours waits for them to come again, and is lost after a day.
func TestNudgeHeldUpWaitsForItsHours(t *testing.T) {
	lines := func(m *mission) int {
		t.Helper()
		out, err := m.registry.Nudges(t.Context())
		ok(t, err)
		return len(out)
	}
	m := newMission(t)
	a := m.chat(1)
	_, code := a.files("nudge", "yes", "nudge_hours", "evening")
	m.wait(24 * time.Hour)
	m.answers("ana", code, "one", "")
	for m.now().Hour() != 23 { // the program stood still from before five until eleven at night
		m.wait(time.Hour)
	}
	if lines(m) != 0 {
		t.Fatal("a line at eleven at night, although the evening is what is safe")
	}
	for m.now().Hour() != 18 {
		m.wait(time.Hour)
	}
	if n := lines(m); n != 1 {
		t.Fatalf("%d lines at six the next evening", n)
	}

	b := m.chat(2)
	_, code = b.files("nudge", "yes", "nudge_hours", "morning")
	m.answers("ana", code, "two", "")
	m.wait(70 * time.Hour)
	if lines(m) != 0 {
		t.Error("a line days later")
	}
}
