package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"amana/bot/casework"
	"amana/bot/directory/hours"
	"amana/bot/sheet"
	"amana/bot/ticket"
)

// What a profile says about time: deadlines, staffed hours, hours in which a nudge may come.

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// nudgeHours are the choices of the step nudge_hours that stand for a part of the day.
var nudgeHours = []string{"morning", "midday", "evening", "night"}

// deadlines are the names of the clocks, and urgencies those for whom they differ.
var (
	deadlines = []string{"acknowledge", "staffed", "refer", "confirm", "answer", "again"}
	urgencies = []string{"urgent", "normal", "feedback"}
)

func (p *profile) timeProblems() (bad errConfig) {
	say := func(setting, format string, args ...any) {
		bad = append(bad, p.at(setting)+": "+fmt.Sprintf(format, args...))
	}
	for _, step := range slices.Sorted(maps.Keys(p.Clocks)) {
		if !slices.Contains(deadlines, step) {
			say("clocks."+step, "clocks: there is no deadline %q; %s", step, sheet.Known(step, deadlines))
		}
		for _, urgency := range slices.Sorted(maps.Keys(p.Clocks[step])) {
			if d := p.Clocks[step][urgency]; d.set && d.Duration == 0 && step != "staffed" {
				say("clocks."+step+"."+urgency, "clocks: %s: %s is no time at all, and reports would lie there without a deadline; write for example 24h or 7d", step, urgency)
			}
			if !slices.Contains(urgencies, urgency) {
				say("clocks."+step+"."+urgency, "clocks: %s: there is no urgency %q; %s", step, urgency, sheet.Known(urgency, urgencies))
			}
		}
	}
	p.Escalation.problems(say)
	for n, d := range p.Hours.Days {
		if !slices.Contains(weekdays, d) {
			say(fmt.Sprintf("hours.days[%d]", n), "hours: there is no day %q; use %s", d, strings.Join(weekdays, " "))
		}
	}
	if len(p.Hours.Days) > 0 {
		if _, err := time.LoadLocation(p.Hours.Zone); err != nil {
			say("hours.zone", "hours: zone %q is not known; write for example Africa/Lagos or Asia/Dhaka", p.Hours.Zone)
		}
		if from, to, ok := span(p.Hours.From, p.Hours.To); !ok || from >= to {
			say("hours", "hours: from and to are not times of one day; write for example from: \"08:00\", to: \"17:00\"")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.NudgeHours)) {
		h := p.NudgeHours[name]
		setting := "nudge_hours." + name
		if !slices.Contains(nudgeHours, name) {
			say(setting, "nudge_hours: there is no part of the day %q; %s", name, sheet.Known(name, nudgeHours))
		}
		if from, to, ok := span(h.From, h.To); !ok || from >= to || (from+to)%time.Hour != 0 {
			say(setting, "nudge_hours: %s: from and to are not whole hours of one day; write for example from: \"07:00\", to: \"11:00\"", name)
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
		if len(p.Holidays) > 0 {
			c.Hours.Holiday = hours.Calendar(p.Holidays).On
		}
	}
	p.Escalation.over(&c)
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
