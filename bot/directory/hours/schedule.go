package hours

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Schedule is one row of the schedule table of HSDS 3.0, in the words of iCalendar (RFC 5545).
type Schedule struct {
	Freq, Interval, ByDay string
	OpensAt, ClosesAt     string // HH:MM, seconds and an offset may follow
	ValidFrom, ValidTo    string // YYYY-MM-DD
	Until                 string // the last day, like ValidTo
	Other                 string // what is filled in of bymonthday, byweekno, byyearday, count, dtstart
}

// FromSchedules puts the rows of one service together. Only a weekly rhythm is understood; any other is an error, so
// that a clinic that is held once a month is not shown as open every week.
func FromSchedules(rows []Schedule) (h Hours, err error) {
	for _, row := range rows {
		r, err := row.rule()
		if err != nil {
			return Hours{}, err
		}
		// Several rows for the same days are several spans of them, and not a change of mind.
		at := slices.IndexFunc(h.rules, func(o rule) bool { return o.from == r.from && o.to == r.to && o.days == r.days })
		if at < 0 {
			if slices.ContainsFunc(h.rules, func(o rule) bool { return o.from == r.from && o.to == r.to && o.days&r.days != 0 }) {
				return Hours{}, fmt.Errorf("two schedules share some days and not others; give each day one row for each span")
			}
			h.rules = append(h.rules, r)
			continue
		}
		for _, s := range r.spans {
			if err := h.rules[at].add(s.from, wrapped(s.to)); err != nil {
				return Hours{}, err
			}
		}
	}
	return h, nil
}

func (s Schedule) rule() (r rule, err error) {
	switch {
	case s.Freq != "" && !strings.EqualFold(s.Freq, "WEEKLY") && !(strings.EqualFold(s.Freq, "DAILY") && strings.TrimSpace(s.ByDay) == ""):
		return r, fmt.Errorf("a schedule with freq %q is not understood; only WEEKLY is", clip(s.Freq))
	case s.Interval != "" && s.Interval != "1":
		return r, fmt.Errorf("a schedule with interval %q is not understood; only every week is", clip(s.Interval))
	case s.Other != "":
		return r, fmt.Errorf("a schedule with %s is not understood; only days of the week are", clip(s.Other))
	}
	if strings.TrimSpace(s.ByDay) == "" {
		r.days = allDays
	}
	for _, d := range strings.FieldsFunc(s.ByDay, func(c rune) bool { return c == ',' || c == ' ' || c == ';' }) {
		at := slices.IndexFunc(dayTags[:], func(tag string) bool { return strings.EqualFold(tag, d) })
		if at < 0 {
			return r, fmt.Errorf("byday %q is not understood; write MO,TU,WE,TH,FR,SA,SU", clip(d))
		}
		r.days |= 1 << time.Weekday(at)
	}
	if r.days == 0 {
		return r, fmt.Errorf("byday %q names no day; write MO,TU,WE,TH,FR,SA,SU", clip(s.ByDay))
	}
	from, okFrom := parseClock(atMost(s.OpensAt, 5))
	to, okTo := parseClock(atMost(s.ClosesAt, 5))
	if !okFrom || !okTo || from == dayMinutes {
		return r, fmt.Errorf("opens_at and closes_at are not both times; write HH:MM")
	}
	if to == 0 || s.ClosesAt != "" && strings.HasPrefix(s.ClosesAt, "23:59") {
		to = dayMinutes
	}
	if err := r.add(from, to); err != nil {
		return r, err
	}
	return r, s.valid(&r)
}

// valid puts the range of dates into a rule. A range with one end is given another far away.
func (s Schedule) valid(r *rule) error {
	last := s.ValidTo
	if last == "" {
		last = s.Until
	}
	if s.ValidFrom == "" && last == "" {
		return nil
	}
	r.from, r.to = 19000101, 29991231
	for _, end := range []struct {
		text string
		into *date
	}{{s.ValidFrom, &r.from}, {last, &r.to}} {
		if end.text == "" {
			continue
		}
		t, err := time.Parse(time.DateOnly, atMost(end.text, 10))
		if err != nil || t.Year() < 1900 || t.Year() > 2999 {
			return fmt.Errorf("%q is not a date; write YYYY-MM-DD", clip(end.text))
		}
		*end.into = dateOf(t)
	}
	if r.to < r.from {
		return fmt.Errorf("valid_to is before valid_from")
	}
	return nil
}

// Schedules gives the rows of HSDS that say the same. A rule that another one replaces on some days is written without
// these days; what only holidays change cannot be said there, and whole is false.
func (h Hours) Schedules() (rows []Schedule, whole bool) {
	whole = !h.Holidays()
	for i, r := range h.rules {
		left := r.days
		for _, later := range h.rules[i+1:] {
			if later.from == 0 || later.from == r.from && later.to == r.to {
				left &^= later.days
			} else if later.days&left != 0 {
				whole = false
			}
		}
		for _, s := range r.spans {
			if left == 0 {
				break
			}
			row := Schedule{Freq: "WEEKLY", OpensAt: fmt.Sprintf("%02d:%02d", s.from/60, s.from%60)}
			to := wrapped(s.to)
			row.ClosesAt = fmt.Sprintf("%02d:%02d", to/60, to%60)
			var tags []string
			for n := range 7 {
				if w := time.Weekday((n + 1) % 7); left.has(w) {
					tags = append(tags, strings.ToUpper(dayTags[w]))
				}
			}
			row.ByDay = strings.Join(tags, ",")
			if r.from > 19000101 {
				row.ValidFrom = r.from.time().Format(time.DateOnly)
			}
			if r.to != 0 && r.to < 29991231 {
				row.ValidTo = r.to.time().Format(time.DateOnly)
			}
			rows = append(rows, row)
		}
	}
	return rows, whole
}

func atMost(s string, n int) string { return s[:min(len(s), n)] }
