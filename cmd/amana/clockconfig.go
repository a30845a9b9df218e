package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"amana/bot/casework"
	"amana/bot/directory/hours"
	"amana/bot/ticket"
)

// hoursConfig are hours of work, in a profile those of the mission, in the configuration those of one person.
type hoursConfig struct {
	Days []string `yaml:"days"`
	From string   `yaml:"from"`
	To   string   `yaml:"to"`
	Zone string   `yaml:"zone"`
}

// rungs are when a missed deadline turns to others, in percent of its term.
type rungs struct {
	Remind      int     `yaml:"remind"`
	Coordinator int     `yaml:"coordinator"`
	Oversight   percent `yaml:"oversight"`
}

// percent is a part of a term of which nothing is another thing than not being there.
type percent struct {
	n   int
	set bool
}

// UnmarshalText reads a whole number; its error says what to write.
func (p *percent) UnmarshalText(b []byte) error {
	n, err := strconv.Atoi(string(b))
	if err != nil || n < 0 {
		return fmt.Errorf("%q is not a part of the term; write a whole number of percent, such as 200", b)
	}
	p.n, p.set = n, true
	return nil
}

func (r rungs) problems(say func(setting, format string, args ...any)) {
	coordinator := r.Coordinator
	if coordinator == 0 {
		coordinator = ticket.StandardClock().Coordinator
	}
	switch {
	case r.Remind < 0 || r.Remind >= 100:
		say("escalation.remind", "escalation: remind is a part of the term in percent, from 1 to 99; write for example 50")
	case coordinator < 100 || coordinator > 1000:
		say("escalation.coordinator", "escalation: coordinator comes when the term is over, at 100 to 1000 percent of it; write for example 150")
	case r.Oversight.n != 0 && (r.Oversight.n < coordinator || r.Oversight.n > 1000):
		say("escalation.oversight", "escalation: oversight comes after the coordinator, up to 1000 percent of the term, or never with 0; write for example 200")
	}
}

// over lays them over those of a clock.
func (r rungs) over(c *ticket.Clock) {
	if r.Remind > 0 {
		c.Remind = r.Remind
	}
	if r.Coordinator > 0 {
		c.Coordinator = r.Coordinator
	}
	if r.Oversight.set {
		c.Oversight = r.Oversight.n
	} else {
		c.Oversight = max(c.Oversight, c.Coordinator)
	}
	if c.Oversight > 0 { // where a mission says one of them and its profile the other
		c.Oversight = max(c.Oversight, c.Coordinator)
	}
}

// clockProblems looks at what the configuration says about time: digests, and the hours of single people.
func (c *config) clockProblems(say func(setting, format string, args ...any)) {
	c.Escalation.problems(say)
	seen := map[time.Duration]bool{}
	for n, text := range c.Notices.Digest {
		at, ok := timeOfDay(text)
		setting := fmt.Sprintf("notices.digest[%d]", n)
		switch {
		case !ok || at >= 24*time.Hour:
			say(setting, "notices: digest: %q is not a time of day; write for example [\"08:00\", \"16:00\"]", text)
		case seen[at]:
			say(setting, "notices: digest: %s stands twice; keep one", text)
		}
		seen[at] = true
	}
	if len(c.Notices.Digest) > 24 {
		say("notices.digest", "notices: digest: at most 24 times a day")
	}
	if c.Notices.DigestUrgent && len(c.Notices.Digest) == 0 {
		say("notices.digest_urgent", "notices: digest_urgent needs times; add digest: [\"08:00\", \"16:00\"], or take it out")
	}
	for _, id := range slices.Sorted(maps.Keys(c.StaffHours)) {
		setting := "staff_hours." + id
		if _, why := c.StaffHours[id].hours(c.zone(), nil); why != "" {
			say(setting, "staff_hours: %s: %s", id, why)
		}
	}
}

// hours reads them, or says what to write. A night ends on the next day.
func (h hoursConfig) hours(zone *time.Location, feast hours.Calendar) (out ticket.Hours, why string) {
	for _, d := range h.Days {
		i := slices.Index(weekdays, d)
		if i < 0 {
			return out, fmt.Sprintf("there is no day %q; use %s", d, strings.Join(weekdays, " "))
		}
		out.Days[i] = true
	}
	from, to, ok := span(h.From, h.To)
	if !ok || from == to || from >= 24*time.Hour || len(h.Days) == 0 {
		return out, "days, from and to are needed; write for example {days: [sun, mon], from: \"08:00\", to: \"16:00\"}"
	}
	if to < from {
		to += 24 * time.Hour
	}
	out.From, out.To, out.Zone = from, to, zone
	if h.Zone != "" {
		var err error
		if out.Zone, err = time.LoadLocation(h.Zone); err != nil {
			return out, fmt.Sprintf("zone %q is not known; write for example Africa/Lagos or Asia/Dhaka", h.Zone)
		}
	}
	if len(feast) > 0 {
		out.Holiday = feast.On
	}
	return out, ""
}

// digest gives the fixed times at which everybody is told the same.
func (c *config) digest() (out casework.Digest) {
	for _, text := range c.Notices.Digest {
		at, _ := timeOfDay(text)
		out.Times = append(out.Times, at)
	}
	slices.Sort(out.Times)
	out.Urgent = c.Notices.DigestUrgent
	return out
}

// clock gives the deadlines of a mission: those of its profile, with the hours of single people.
func (c *config) clock(p *profile) ticket.Clock {
	clock := p.clock()
	if c.Escalation != (rungs{}) {
		c.Escalation.over(&clock)
	}
	for id, h := range c.StaffHours {
		if clock.Staff == nil {
			clock.Staff = map[string]ticket.Hours{}
		}
		clock.Staff[id], _ = h.hours(c.zone(), hours.Calendar(p.Holidays))
	}
	return clock
}

// checkClock says what of this the roster does not bear out, which teams have a group, and what is late beyond every rung.
func checkClock(conf *config, f facts) (found []finding) {
	say := func(l level, setting, what, hint string) {
		found = append(found, finding{l, conf.at(setting), what, hint})
	}
	for _, id := range slices.Sorted(maps.Keys(conf.StaffHours)) {
		if e, ok := f.Roster.Find(id); !ok || !e.Usable() {
			say(warning, "staff_hours."+id, "staff_hours: nobody in the roster has the id "+id, "use a roster id, or take the line out")
		}
	}
	if len(conf.Notices.Digest) > 0 && len(conf.Teams) > 0 {
		for _, team := range slices.Sorted(maps.Keys(conf.Teams)) {
			what := "the team " + team + " has no group"
			if slices.Contains(f.Groups, team) {
				what = "the team " + team + " has a group, which gets the digests"
			}
			say(remark, "teams."+team, what, "")
		}
	}
	for _, team := range f.Groups {
		if _, there := conf.Teams[team]; !there || len(conf.Notices.Digest) == 0 {
			say(warning, "teams", "a group belongs to the team "+team+", and gets nothing: there is no such team, or there are no digests", "name the team and notices: digest: again, or take the bot out of the group")
		}
	}
	for _, step := range ticket.Steps() {
		if n := f.Silent[string(step)]; n > 0 {
			found = append(found, finding{warning, "", fmt.Sprintf("%s of open reports: %s is overdue, and everybody to whom it can turn was told", count(n, "deadline", "deadlines"), step),
				"call the coordinator; the desk and /inbox show which are late to those who may see them"})
		}
	}
	return found
}
