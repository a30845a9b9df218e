package hours

import (
	"slices"
	"time"
)

// Hours says when somebody is there. The zero Hours says nothing: it is never open and has no next opening.
type Hours struct {
	rules []rule
}

// IsZero says that nothing is known.
func (h Hours) IsZero() bool { return len(h.rules) == 0 }

// rule is one part of the notation.
type rule struct {
	from, to date // of the range of dates; zero: always
	days     days
	holiday  bool   // names PH
	spans    []span // none: closed
}

// span is a time of opening in minutes after midnight. To may lie after the midnight that follows.
type span struct{ from, to int }

const dayMinutes = 24 * 60

// days is a set of days of the week: bit 0 is Sunday, as in package time.
type days uint8

const allDays days = 1<<7 - 1

func (d days) has(w time.Weekday) bool { return d&(1<<w) != 0 }

// stretch gives the days from one to another, around the end of the week if need be.
func stretch(from, to time.Weekday) (d days) {
	for w := from; ; w = (w + 1) % 7 {
		d |= 1 << w
		if w == to {
			return d
		}
	}
}

// date is a day of the calendar as a number that sorts: 20260301.
type date int

func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date(y*10000 + int(m)*100 + d)
}

func (d date) time() time.Time {
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
}

// Holidays says whether a day, given as its midnight, is a public holiday. Nil knows of none.
type Holidays func(day time.Time) bool

// Always says that there is no time at which it is closed.
func (h Hours) Always() bool {
	return len(h.rules) == 1 && h.rules[0].always() && h.rules[0].from == 0
}

func (r rule) always() bool {
	return r.days == allDays && !r.holiday && len(r.spans) == 1 && r.spans[0] == span{0, dayMinutes}
}

// Holidays says whether a rule speaks of public holidays.
func (h Hours) Holidays() bool {
	return slices.ContainsFunc(h.rules, func(r rule) bool { return r.holiday })
}

// on gives the spans of a day.
func (h Hours) on(day time.Time, holidays Holidays) (spans []span) {
	d := dateOf(day)
	special := h.Holidays() && holidays != nil && holidays(day)
	named := false // a rule for holidays is in force on this day
	for _, r := range h.rules {
		if r.from != 0 && (d < r.from || d > r.to) {
			continue
		}
		switch {
		case special && r.holiday:
			spans, named = r.spans, true
		case !named && r.days.has(day.Weekday()):
			spans = r.spans
		}
	}
	return spans
}

// Open says whether it is open at an instant, and until when. The instant carries the zone of the place. Until is zero
// where no closing comes within eight days.
func (h Hours) Open(at time.Time, holidays Holidays) (open bool, until time.Time) {
	if h.IsZero() {
		return false, until
	}
	y, m, d := at.Date()
	// A span may begin the day before, and another one may follow it without a gap.
	for n := -1; n <= 8; n++ {
		day := time.Date(y, m, d+n, 0, 0, 0, 0, at.Location())
		for _, s := range h.on(day, holidays) {
			begins, ends := clock(day, s.from), clock(day, s.to)
			switch {
			case !open && !begins.After(at) && ends.After(at):
				open, until = true, ends
			case open && !begins.After(until) && ends.After(until):
				until = ends
			}
		}
		if n > 0 && open && until.Before(clock(day, dayMinutes)) || n > 0 && !open {
			return open, until
		}
	}
	return open, time.Time{}
}

// Next gives the next opening after an instant, for hours that are closed then. It looks a little more than a year
// ahead, since a rule may have a range of dates.
func (h Hours) Next(at time.Time, holidays Holidays) (opens time.Time, found bool) {
	if h.IsZero() {
		return opens, false
	}
	y, m, d := at.Date()
	for n := range 372 {
		day := time.Date(y, m, d+n, 0, 0, 0, 0, at.Location())
		for _, s := range h.on(day, holidays) {
			if begins := clock(day, s.from); begins.After(at) && (!found || begins.Before(opens)) {
				opens, found = begins, true
			}
		}
		if found {
			return opens, true
		}
	}
	return opens, false
}

// clock gives the instant at which the wall clock of a day shows so many minutes.
func clock(day time.Time, minutes int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d+minutes/dayMinutes, 0, minutes%dayMinutes, 0, 0, day.Location())
}
