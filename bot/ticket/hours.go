package ticket

import "time"

// Hours are the hours in which focal points work. The zero Hours are not known: a deadline in staffed hours then never
// ends, and the one at all hours counts alone.
type Hours struct {
	Days     [7]bool       // by time.Weekday, Sunday first
	From, To time.Duration // since midnight, local time; To is after From
	Zone     *time.Location
}

// After gives the instant at which a number of staffed hours has passed, if that is before the limit (or before a
// fortnight, without one).
func (h Hours) After(start time.Time, term time.Duration, limit time.Time) (time.Time, bool) {
	if term <= 0 || h.To <= h.From || h.Days == ([7]bool{}) {
		return time.Time{}, false
	}
	zone := h.Zone
	if zone == nil {
		zone = time.UTC
	}
	if limit.IsZero() {
		limit = start.AddDate(0, 0, 14)
	}
	y, m, d := start.In(zone).Date()
	for i := 0; ; i++ {
		// time.Date and not an addition of 24 hours: a day on which the clocks change has 23 or 25.
		open := time.Date(y, m, d+i, 0, 0, int(h.From/time.Second), 0, zone)
		shut := time.Date(y, m, d+i, 0, 0, int(h.To/time.Second), 0, zone)
		if !open.Before(limit) {
			return time.Time{}, false
		}
		if open.Before(start) {
			open = start
		}
		if !h.Days[open.In(zone).Weekday()] || !open.Before(shut) {
			continue
		}
		if left := shut.Sub(open); left < term {
			term -= left
			continue
		}
		end := open.Add(term).UTC()
		return end, end.Before(limit)
	}
}
