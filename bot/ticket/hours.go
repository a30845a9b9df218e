package ticket

import (
	"slices"
	"time"
)

// Hours are the hours in which focal points work. The zero Hours are not known: a deadline in staffed hours then never
// ends, and the one at all hours counts alone.
type Hours struct {
	Days     [7]bool       // on which they begin, by time.Weekday, Sunday first
	From, To time.Duration // since midnight, local time; To is after From, and beyond 24 hours where a night is worked
	Zone     *time.Location
	// Holiday says of a day, given by its midnight UTC, that nobody works on it; nil: there are none.
	Holiday func(day time.Time) bool
}

// Known says that somebody works at some time.
func (h Hours) Known() bool { return h.To > h.From && h.Days != ([7]bool{}) }

// At says that an instant lies in these hours.
func (h Hours) At(t time.Time) bool {
	return slices.ContainsFunc(h.shifts(t, t.Add(time.Nanosecond)), func(s shift) bool {
		return !t.Before(s.open) && t.Before(s.shut)
	})
}

// After gives the instant at which a number of staffed hours has passed, if that is before the limit (or before a
// fortnight, without one).
func (h Hours) After(start time.Time, term time.Duration, limit time.Time) (time.Time, bool) {
	return staffed([]Hours{h}, start, term, limit)
}

// staffed does the same for several people: an hour counts once in which any of them is at work.
func staffed(all []Hours, start time.Time, term time.Duration, limit time.Time) (time.Time, bool) {
	if term <= 0 {
		return time.Time{}, false
	}
	if limit.IsZero() {
		limit = start.AddDate(0, 0, 14)
	}
	var shifts []shift
	for _, h := range all {
		shifts = append(shifts, h.shifts(start, limit)...)
	}
	slices.SortFunc(shifts, func(a, b shift) int { return a.open.Compare(b.open) })
	from := start
	for _, s := range shifts {
		if s.open.Before(from) {
			s.open = from
		}
		if !s.open.Before(s.shut) {
			continue
		}
		if left := s.shut.Sub(s.open); left < term {
			term, from = term-left, s.shut
			continue
		}
		end := s.open.Add(term).UTC()
		return end, end.Before(limit)
	}
	return time.Time{}, false
}

// shift is one stretch of work.
type shift struct{ open, shut time.Time }

// shifts gives those that touch a time.
func (h Hours) shifts(from, to time.Time) (out []shift) {
	if !h.Known() {
		return nil
	}
	zone := h.Zone
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := from.In(zone).Date()
	for i := -1; ; i++ { // one may have begun the evening before
		// time.Date and not an addition of 24 hours: a day on which the clocks change has 23 or 25.
		open := time.Date(y, m, d+i, 0, 0, int(h.From/time.Second), 0, zone)
		shut := time.Date(y, m, d+i, 0, 0, int(h.To/time.Second), 0, zone)
		if !open.Before(to) {
			return out
		}
		day := time.Date(y, m, d+i, 0, 0, 0, 0, time.UTC)
		if h.Days[day.Weekday()] && shut.After(from) && (h.Holiday == nil || !h.Holiday(day)) {
			out = append(out, shift{open, shut})
		}
	}
}

// hoursOf gives the hours of those who hold a report, or of the mission while nobody does.
func (c Clock) hoursOf(r Report) []Hours {
	var all []Hours
	mission := len(r.Handed()) == 0
	for _, id := range r.Handed() {
		if own, has := c.Staff[id]; has {
			all = append(all, own)
		} else {
			mission = true
		}
	}
	if mission {
		all = append(all, c.Hours)
	}
	return all
}

// OffDuty gives those with hours of their own who are not at work at a time. An urgent report takes them for away, so that
// at night it comes to whoever works then; a normal one waits for them, since each night would otherwise add readers.
func (c Clock) OffDuty(at time.Time) Away {
	var off Away
	for id, h := range c.Staff {
		if h.Known() && !h.At(at) {
			if off == nil {
				off = Away{}
			}
			off[id] = true
		}
	}
	return off
}
