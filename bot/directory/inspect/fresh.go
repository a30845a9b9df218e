package inspect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"amana/bot/directory"
)

// aLongTime is beyond which nobody should believe a record without looking again.
const aLongTime = 366 * 24 * time.Hour

// aging are the records of one source that are out of date.
type aging struct {
	source                string
	all                   int
	expired, stale, never []place
	oldest                directory.Date
}

// freshness counts, for each source, what is out of date. Two dates of a record are told one by one: those that cannot be.
func (l *look) freshness() {
	var order []*aging
	by := map[string]*aging{}
	for _, s := range l.d.Services {
		at := ofService(s)
		l.dates(s, at)
		a := by[at.file]
		if a == nil {
			a = &aging{source: at.file}
			by[at.file] = a
			order = append(order, a)
		}
		a.all++
		switch {
		case s.Until() == "":
			a.never = append(a.never, at)
		case !s.Stale(l.today):
			continue
		case s.ValidUntil != "":
			a.expired = append(a.expired, at)
		default:
			a.stale = append(a.stale, at)
			if a.oldest == "" || s.VerifiedOn < a.oldest {
				a.oldest = s.VerifiedOn
			}
		}
	}
	for _, a := range order {
		if n := len(a.expired) + len(a.stale) + len(a.never); n > 0 {
			l.say(Freshness, directory.Warning, place{file: a.source}, "", fmt.Sprintf("services that are out of date, and stand last with “call first”: %d of %d: %s", n, a.all, a.parts()),
				"have somebody call them, and import the sheet with the new dates, or vouch for the whole of it with `amana import -verified DATE -by NAME`")
		}
	}
}

func (a *aging) parts() string {
	var parts []string
	part := func(at []place, what string) {
		if len(at) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s (%s)", len(at), what, lines(at)))
		}
	}
	part(a.expired, "whose last day has passed")
	part(a.stale, fmt.Sprintf("that were checked more than %d days ago, the oldest on %s", directory.Freshness/(24*time.Hour), a.oldest))
	part(a.never, "of which nobody says when they were checked")
	return strings.Join(parts, "; ")
}

// dates looks at each date by itself.
func (l *look) dates(s *directory.Service, at place) {
	tomorrow := directory.DateOf(l.o.Now.In(l.o.Zone).AddDate(0, 0, 1))
	if s.VerifiedOn > tomorrow {
		l.say(Freshness, directory.Warning, at, "verified_on", fmt.Sprintf("it was checked on %s, a day that has not come", s.VerifiedOn), "look whether month and day, or the year, were mixed up")
	}
	if s.ValidUntil > directory.DateOf(l.o.Now.Add(aLongTime)) {
		l.say(Freshness, directory.Note, at, "valid_until", fmt.Sprintf("it is believed until %s, for more than a year", s.ValidUntil), "numbers change sooner; have it checked each quarter")
	}
	if s.Deadline != "" && s.Deadline < l.today {
		l.say(Freshness, directory.Warning, at, "deadline", fmt.Sprintf("the last day to apply was %s", s.Deadline), "ask whether it was moved; if not, take the service out")
	}
}

// lines lists where records stand, stretches as one: "lines 3, 5-9 and 12 more".
func lines(at []place) string {
	const most = 8
	var numbers []int
	for _, p := range at {
		if p.n > 0 && !slices.Contains(numbers[max(0, len(numbers)-4):], p.n) { // one row of HSDS may be several services
			numbers = append(numbers, p.n)
		}
	}
	if len(numbers) == 0 {
		return "in no line that is known"
	}
	slices.Sort(numbers)
	var parts []string
	told := 0
	for i := 0; i < len(numbers) && len(parts) < most; {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if j > i {
			parts = append(parts, fmt.Sprintf("%d-%d", numbers[i], numbers[j]))
		} else {
			parts = append(parts, fmt.Sprint(numbers[i]))
		}
		told = j + 1
		i = j + 1
	}
	what := "line "
	switch {
	case !at[0].line:
		what = "service "
		if len(numbers) > 1 {
			what = "services "
		}
	case len(numbers) > 1:
		what = "lines "
	}
	out := what + strings.Join(parts, ", ")
	if more := len(numbers) - told; more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	return out
}
