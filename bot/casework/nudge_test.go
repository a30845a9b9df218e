package casework_test

import (
	"strings"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/seal"
)

// TestStoryH: an answer at ten in the morning, with the evening as the safe hours: one neutral line after five.
func TestStoryH(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files("nudge", "yes", "nudge_hours", "evening")
	m.wait(24 * time.Hour)
	nudges := func() int {
		t.Helper()
		out, err := m.registry.Nudges(t.Context())
		ok(t, err)
		for _, p := range out {
			if p.Address != a.address() || p.Out.Lang != "en" || p.Out.Text != "" {
				t.Errorf("a line to %v in %q", p.Address.Reveal(), p.Out.Lang)
			}
		}
		return len(out)
	}
	m.answers("ana", code, "one", "")
	m.answers("bea", code, "two", "")
	for m.now().Hour() != 17 {
		if nudges() != 0 {
			t.Fatalf("a line at %d o'clock", m.now().Hour())
		}
		m.wait(time.Hour)
	}
	if n := nudges(); n != 1 {
		t.Fatalf("%d lines at five", n)
	}
	m.answers("ana", code, "three", "")
	m.wait(48 * time.Hour)
	if nudges() != 0 {
		t.Error("a second line while the first is unread")
	}
	if mail := a.opens(receipt); len(mail.Answers) != 3 {
		t.Fatalf("%+v", mail)
	}
	m.answers("ana", code, "four", "")
	a.opens(receipt) // before the hour has come
	m.wait(24 * time.Hour)
	if nudges() != 0 {
		t.Error("a line for what was read before its hour")
	}
	m.answers("ana", code, "five", "")
	m.reboot()
	m.wait(24 * time.Hour)
	if nudges() != 0 {
		t.Error("a line outlived the memory")
	}
	m.whole()
}

// Without chosen hours no hour is safe, and without the wish there is no line.
func TestNudgeOnlyAsChosen(t *testing.T) {
	for name, answers := range map[string][]string{
		"not asked": nil, "no": {"nudge", "no"}, "no hours": {"nudge", "yes"}, "hours alone": {"nudge_hours", "evening"},
		"no and hours": {"nudge", "no", "nudge_hours", "any"}, "hours nobody knows": {"nudge", "yes", "nudge_hours", "teatime"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMission(t)
			_, code := m.chat(1).files(answers...)
			th := m.reads("ana", code)
			if n := len(th.body(t).Nudge); n != seal.NudgeSize {
				t.Errorf("the blob has %d bytes, which tells what was chosen", n)
			}
			for _, s := range th.body(t).Answers {
				if strings.HasPrefix(s.Step, "nudge") {
					t.Errorf("the readers are told %s", s.Step)
				}
			}
			m.answers("ana", code, "an answer", "")
			m.wait(48 * time.Hour)
			if out, err := m.registry.Nudges(t.Context()); err != nil || len(out) != 0 {
				t.Errorf("%d lines, %v", len(out), err)
			}
		})
	}
}

func TestNextSafe(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Sarajevo")
	ok(t, err)
	for _, x := range []struct{ now, hours, want string }{
		{"2026-11-20 10:00", "evening", "2026-11-20 17:00"},
		{"2026-11-20 17:00", "evening", "2026-11-20 17:00"},
		{"2026-11-20 20:59", "evening", "2026-11-20 20:59"},
		{"2026-11-20 21:00", "evening", "2026-11-21 17:00"},
		{"2026-11-30 23:30", "morning", "2026-12-01 07:00"},
		{"2026-12-31 23:59", "night", "2026-12-31 23:59"},
		{"2026-12-31 12:00", "any", "2026-12-31 12:00"},
		{"2026-11-20 23:00", "late", "2026-11-20 23:00"},
		{"2026-11-20 04:59", "late", "2026-11-20 04:59"},
		{"2026-11-20 05:00", "late", "2026-11-20 22:00"},
		{"2026-03-28 23:30", "two", "2026-03-29 03:00"}, // two o'clock does not exist on this day
		{"2026-11-20 10:00", "teatime", ""},
		{"2026-11-20 10:00", "never", ""},
	} {
		hours := map[string][2]int{"late": {22, 5}, "two": {2, 3}, "never": {4, 4}}
		for k, v := range casework.StandardSafe {
			hours[k] = v
		}
		now := must(time.ParseInLocation("2006-01-02 15:04", x.now, zone))
		at, found := casework.NextSafe(now, hours, x.hours)
		got := ""
		if found {
			got = at.Format("2006-01-02 15:04")
		}
		if got != x.want {
			t.Errorf("%s from %s: %q, want %q", x.hours, x.now, got, x.want)
		}
		if at.Sub(now) > 24*time.Hour {
			t.Errorf("%s from %s waits more than a day", x.hours, x.now)
		}
	}
}
