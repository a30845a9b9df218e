package ticket

import (
	"cmp"
	"slices"
	"time"
)

// MaySee says whether a report exists for a person: it was handed to them and they are not excluded. It is the one rule
// behind every list, notice, count and file.
func MaySee(r Report, person string) bool {
	return !r.IsExcluded(person) &&
		slices.ContainsFunc(r.Readers, func(x Reader) bool { return x.Person == person && x.Handed })
}

// Line is one report in a person's inbox.
type Line struct {
	ID      ID
	Code    Code
	Kind    Kind
	Area    string
	Lang    string // of the reporter
	Day     Day    // of filing
	State   State
	Urgency Urgency
	Step    Step      // what is due next; empty if nothing is
	Due     time.Time // until when; zero if nothing is due
	Late    bool
	Tray    Tray
}

// Runs gives all deadlines that count in the present state, in the order of Steps.
func (r Report) Runs() []Due { return r.running() }

// Inbox lists what a person has to do at a time: the reports that they may see and that are not closed, what is due first
// first. Those in the low tray stand below all others, the urgent ones first among them. Nothing in it, not even its order, depends on a report that they may not see.
func Inbox(person string, reports []Report, now time.Time) []Line {
	return slices.DeleteFunc(Desk(person, reports, now), func(l Line) bool { return l.State == Closed })
}

// Desk lists the same with the closed ones, which stand last, the latest first among them.
func Desk(person string, reports []Report, now time.Time) []Line {
	var lines []Line
	for _, r := range reports {
		if !MaySee(r, person) {
			continue
		}
		l := Line{
			ID: r.ID, Code: r.Code, Kind: r.Kind, Area: r.Area, Lang: r.Lang, Day: r.Day, State: r.State, Urgency: r.Urgency,
			Tray: r.Tray,
		}
		if d, ok := r.Deadline(); ok {
			l.Step, l.Due, l.Late = d.Step, d.At, !now.Before(d.At)
		}
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(a, b Line) int {
		if closed := b.State == Closed; closed != (a.State == Closed) {
			return map[bool]int{true: -1, false: 1}[closed]
		}
		if a.State == Closed {
			return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(a.Code, b.Code), slices.Compare(a.ID[:], b.ID[:]))
		}
		if a.Tray != TrayNone || b.Tray != TrayNone {
			if c := cmp.Or(cmp.Compare(a.Tray, b.Tray), cmp.Compare(b.Urgency, a.Urgency)); c != 0 {
				return c
			}
		}
		return cmp.Or(
			dueFirst(a.Due, b.Due),
			cmp.Compare(b.Urgency, a.Urgency), // "urgent" before "normal"
			cmp.Compare(a.Code, b.Code),
			slices.Compare(a.ID[:], b.ID[:]),
		)
	})
	return lines
}

func dueFirst(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}
