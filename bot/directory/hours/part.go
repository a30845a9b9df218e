package hours

import (
	"fmt"
	"time"

	"amana/bot/speech"
)

// Part is a part of the hours, for whoever says them in words: at these days, from when to when.
type Part struct {
	From, To time.Time         // the first and the last day, as midnights in UTC; zero: always
	Days     [][2]time.Weekday // from and to, in the order of a week that begins on Monday; both the same for one day
	Holidays bool              // public holidays as well
	Spans    []Span            // none: closed
}

// Span is a time of opening as the clock on a wall shows it, from 0:00 to 24:00.
type Span struct {
	From, To string
	Next     bool // it ends on the day after
}

// Parts gives the hours part by part. Days that a later rule replaces stand in that one alone, so that no day is said
// twice; a rule for a range of dates stands beside those for the rest of the year.
func (h Hours) Parts() (parts []Part) {
	for i, r := range h.rules {
		left := r.days
		holiday := r.holiday
		for _, later := range h.rules[i+1:] {
			if later.from == 0 || later.from == r.from && later.to == r.to {
				left &^= later.days
				holiday = holiday && !later.holiday
			}
		}
		p := Part{Days: left.ranges(), Holidays: holiday}
		if len(p.Days) == 0 && !holiday {
			continue
		}
		if r.from != 0 {
			p.From, p.To = r.from.time(), r.to.time()
		}
		for _, s := range r.spans {
			p.Spans = append(p.Spans, Span{plain(s.from), plain(wrapped(s.to)), s.to > dayMinutes})
		}
		parts = append(parts, p)
	}
	return parts
}

// plain writes minutes as people do: 8:00.
func plain(minutes int) string { return fmt.Sprintf("%d:%02d", minutes/60, minutes%60) }

// ranges gives days as stretches, the one that goes around the end of the week last.
func (d days) ranges() (all [][2]time.Weekday) {
	if d == allDays {
		return [][2]time.Weekday{{time.Monday, time.Sunday}}
	}
	for n := range 7 {
		from := time.Weekday((n + 1) % 7) // the list begins on Monday
		if !d.has(from) || d.has((from+6)%7) {
			continue
		}
		to := from
		for d.has((to + 1) % 7) {
			to = (to + 1) % 7
		}
		all = append(all, [2]time.Weekday{from, to})
	}
	return all
}

// appointments are what sheets write where one has to ask for a time, folded.
var appointments = func() map[string]bool {
	all := map[string]bool{}
	for _, text := range []string{
		"appointment", "by appointment", "on appointment", "by appointment only", "appointment only", "upon appointment", "with appointment",
		"بموعد", "بموعد مسبق", "حسب الموعد", "بالموعد", "عند الطلب بموعد", "sur rendez-vous", "sur rdv", "rendez-vous", "rdv", "sur rendez-vous uniquement",
		"con cita", "con cita previa", "cita previa", "previa cita", "solo con cita", "সময় নিয়ে", "অ্যাপয়েন্টমেন্ট", "আগে সময় নিয়ে",
	} {
		all[speech.Fold("", text)] = true
	}
	return all
}()

// Appointment says that a cell which holds no hours asks for an appointment, and says nothing else.
func Appointment(said string) bool { return appointments[speech.Fold("", said)] }
