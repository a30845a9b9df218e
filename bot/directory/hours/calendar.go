package hours

import (
	"fmt"
	"strings"
	"time"
)

// longestHoliday bounds a stretch of holidays, in days. A longer one is a slip of the pen, and would close doors for as long.
const longestHoliday = 60

// Calendar is a mission's list of public holidays. Its method On is a [Holidays].
type Calendar []Holiday

// Holiday is a day or a stretch of days, of one year or of every year.
type Holiday struct {
	from, to date // both are in it; without a year, such as 1225, in every year
	yearly   bool
}

// UnmarshalText reads "2026-12-25", "12-25" for every year, or a stretch of either: "2026-03-19 to 2026-03-22". Its error
// says what to write.
func (h *Holiday) UnmarshalText(b []byte) error {
	text := string(b)
	first, last, stretch := strings.Cut(text, " to ")
	from, yearly, ok := holidayDate(first)
	if !ok {
		return fmt.Errorf("%q is not a day; write 2026-12-25, or 12-25 for every year, or a stretch such as 2026-03-19 to 2026-03-22", clip(text))
	}
	*h = Holiday{dateOf(from), dateOf(from), yearly}
	if !stretch {
		return nil
	}
	to, same, ok := holidayDate(last)
	if !ok || same != yearly {
		return fmt.Errorf("%q does not end with a day; write both ends in one way, such as 2026-03-19 to 2026-03-22, or 12-31 to 01-01 for every year", clip(text))
	}
	h.to = dateOf(to)
	if yearly && to.Before(from) { // around the end of the year
		to = to.AddDate(1, 0, 0)
	}
	switch days := to.Sub(from) / (24 * time.Hour); {
	case days < 0:
		return fmt.Errorf("%q ends before it begins; write the first day first", clip(text))
	case days >= longestHoliday:
		return fmt.Errorf("%q is a holiday of %d days; look at both ends: %d are the most", clip(text), days+1, longestHoliday)
	}
	return nil
}

// holidayDate reads a day. One of every year is put into the year 2000, which has a 29th of February.
func holidayDate(text string) (t time.Time, yearly, ok bool) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, false, t.Year() >= 1900
	}
	t, err := time.Parse(time.DateOnly, "2000-"+text)
	return t, true, err == nil
}

// On says whether a day is a holiday.
func (c Calendar) On(day time.Time) bool {
	d := dateOf(day)
	for _, h := range c {
		d := d
		if h.yearly {
			d, h.from, h.to = d%10000, h.from%10000, h.to%10000
		}
		if h.from <= h.to && h.from <= d && d <= h.to || h.from > h.to && (d >= h.from || d <= h.to) {
			return true
		}
	}
	return false
}

// Ends gives the last day of the list, or false where it has none with a year: a list that has ended says nothing about
// the days that come.
func (c Calendar) Ends() (day time.Time, ok bool) {
	for _, h := range c {
		if t := h.to.time(); !h.yearly && t.After(day) {
			day, ok = t, true
		}
	}
	return day, ok
}
