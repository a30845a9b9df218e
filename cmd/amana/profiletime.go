package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"amana/bot/casework"
	"amana/bot/ticket"
)

// What a profile says about time: deadlines, staffed hours, hours in which a nudge may come.

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// nudgeHours are the choices of the step nudge_hours that stand for a part of the day.
var nudgeHours = []string{"morning", "midday", "evening", "night"}

func (p *profile) timeProblems() (bad errConfig) {
	say := func(format string, args ...any) { bad = append(bad, p.file+": "+fmt.Sprintf(format, args...)) }
	for step, by := range p.Clocks {
		if !slices.Contains([]string{"acknowledge", "staffed", "refer", "confirm", "answer", "again"}, step) {
			say("clocks: there is no deadline %q", step)
		}
		for urgency := range by {
			if !slices.Contains([]string{"urgent", "normal", "feedback"}, urgency) {
				say("clocks: %s: there is no urgency %q; use urgent, normal, feedback", step, urgency)
			}
		}
	}
	for _, d := range p.Hours.Days {
		if !slices.Contains(weekdays, d) {
			say("hours: there is no day %q; use %s", d, strings.Join(weekdays, " "))
		}
	}
	if len(p.Hours.Days) > 0 {
		if _, err := time.LoadLocation(p.Hours.Zone); err != nil {
			say("hours: zone %q is not known", p.Hours.Zone)
		}
		if from, to, ok := span(p.Hours.From, p.Hours.To); !ok || from >= to {
			say("hours: from and to are times of one day, such as \"08:00\" and \"17:00\"")
		}
	}
	for name, h := range p.NudgeHours {
		if from, to, ok := span(h.From, h.To); !slices.Contains(nudgeHours, name) || !ok || from >= to || (from+to)%time.Hour != 0 {
			say("nudge_hours: %s: one of %s, with whole hours of one day", name, strings.Join(nudgeHours, " "))
		}
	}
	return bad
}

// span reads two times of day.
func span(from, to string) (a, b time.Duration, ok bool) {
	a, okA := timeOfDay(from)
	b, okB := timeOfDay(to)
	return a, b, okA && okB
}

func timeOfDay(s string) (time.Duration, bool) {
	if s == "24:00" {
		return 24 * time.Hour, true
	}
	t, err := time.Parse("15:04", s)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err == nil
}

// clock gives the deadlines: the standard ones, and over them what the profile sets.
func (p *profile) clock() ticket.Clock {
	c := ticket.StandardClock()
	for step, by := range p.Clocks {
		for urgency, d := range by {
			terms := map[string]*ticket.Terms{"urgent": &c.Urgent, "normal": &c.Normal, "feedback": &c.Feedback}[urgency]
			if terms == nil || !d.set {
				continue
			}
			field := map[string]*time.Duration{
				"acknowledge": &terms.Acknowledge, "staffed": &terms.Staffed, "refer": &terms.Refer,
				"confirm": &terms.Confirm, "answer": &terms.Answer, "again": &terms.Again,
			}[step]
			*field = d.Duration
		}
	}
	if len(p.Hours.Days) > 0 {
		c.Hours.Zone, _ = time.LoadLocation(p.Hours.Zone)
		c.Hours.From, c.Hours.To, _ = span(p.Hours.From, p.Hours.To)
		for _, d := range p.Hours.Days {
			c.Hours.Days[slices.Index(weekdays, d)] = true
		}
	}
	return c
}

// safeHours gives the hours of a day that each choice of a reporter stands for.
func (p *profile) safeHours() map[string][2]int {
	out := maps.Clone(casework.StandardSafe)
	for name, h := range p.NudgeHours {
		from, to, _ := span(h.From, h.To)
		out[name] = [2]int{int(from / time.Hour), int(to / time.Hour)}
	}
	return out
}
