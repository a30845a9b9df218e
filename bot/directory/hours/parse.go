package hours

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// longest bounds what is read; the hours of a service are a line.
const longest = 512

var (
	dayTags   = [7]string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"}
	monthTags = [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
)

// Parse reads the strict notation. Its error says which part cannot be read, and what to write.
func Parse(s string) (h Hours, err error) {
	if len(s) > longest {
		return h, fmt.Errorf("opening hours of %d bytes; write at most %d", len(s), longest)
	}
	for part := range strings.SplitSeq(s, ";") {
		r, err := parseRule(strings.TrimSpace(part))
		if err != nil {
			return Hours{}, err
		}
		h.rules = append(h.rules, r)
	}
	return h, nil
}

func parseRule(s string) (r rule, err error) {
	words := strings.Fields(s)
	if len(words) == 0 {
		return r, fmt.Errorf("a part of the opening hours is empty; write for example Mo-Fr 08:00-16:00")
	}
	// A range of dates is the only thing that begins with a year: 2026 Mar 01-2026 Mar 30.
	if len(words[0]) == 4 && len(words) >= 5 && strings.Trim(words[0], "0123456789") == "" {
		first, year, ok := strings.Cut(words[2], "-")
		if r.from, err = parseDate(words[0], words[1], first); err != nil {
			return r, err
		}
		if r.to, err = parseDate(year, words[3], words[4]); err != nil || !ok || r.to < r.from {
			return r, fmt.Errorf("the range of dates in %q cannot be read; write for example 2026 Mar 01-2026 Mar 30", clip(s))
		}
		words = words[5:]
	}
	if len(words) == 1 && words[0] == "24/7" {
		r.days, r.spans = allDays, []span{{0, dayMinutes}}
		return r, nil
	}
	if len(words) == 2 || len(words) == 1 && !strings.ContainsAny(words[0][:1], "0123456789") && words[0] != "off" && words[0] != "closed" {
		if err := r.parseDays(words[0]); err != nil {
			return r, err
		}
		words = words[1:]
	} else {
		r.days = allDays
	}
	switch {
	case len(words) == 0:
		return r, fmt.Errorf("%q names days without hours; write for example Mo-Fr 08:00-16:00, or off", clip(s))
	case len(words) > 1:
		return r, fmt.Errorf("%q cannot be read; part rules with a semicolon, as in Mo-Fr 08:00-16:00; Sa off", clip(s))
	case words[0] == "off" || words[0] == "closed":
		return r, nil
	}
	return r, r.parseSpans(words[0])
}

func (r *rule) parseDays(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		if part == "PH" {
			r.holiday = true
			continue
		}
		first, last, isRange := strings.Cut(part, "-")
		from := slices.Index(dayTags[:], first)
		to := from
		if isRange {
			to = slices.Index(dayTags[:], last)
		}
		if from < 0 || to < 0 {
			return fmt.Errorf("%q is not a day; write Mo Tu We Th Fr Sa Su, a range such as Mo-Fr, or PH for public holidays", clip(part))
		}
		r.days |= stretch(time.Weekday(from), time.Weekday(to))
	}
	return nil
}

func (r *rule) parseSpans(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		first, last, ok := strings.Cut(part, "-")
		from, okFrom := parseClock(first)
		to, okTo := parseClock(last)
		if !ok || !okFrom || !okTo || from == dayMinutes {
			return fmt.Errorf("%q is not a span of time; write for example 08:00-16:00", clip(part))
		}
		if err := r.add(from, to); err != nil {
			return err
		}
	}
	return nil
}

// add takes a span into a rule, in order, and refuses one that overlaps another.
func (r *rule) add(from, to int) error {
	switch {
	case from == to:
		return fmt.Errorf("a span ends when it begins; for the whole day write 00:00-24:00")
	case to < from:
		to += dayMinutes
	}
	for _, s := range r.spans {
		if from < s.to && s.from < to || to-dayMinutes > s.from || s.to-dayMinutes > from {
			return fmt.Errorf("two spans of one day overlap; write one for both")
		}
	}
	r.spans = append(r.spans, span{from, to})
	slices.SortFunc(r.spans, func(a, b span) int { return a.from - b.from })
	return nil
}

// parseClock reads HH:MM, from 00:00 to 24:00.
func parseClock(s string) (minutes int, ok bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	hour, err := strconv.ParseUint(s[:2], 10, 8)
	minute, err2 := strconv.ParseUint(s[3:], 10, 8)
	minutes = int(hour)*60 + int(minute)
	return minutes, err == nil && err2 == nil && minute < 60 && minutes <= dayMinutes
}

func parseDate(year, month, day string) (date, error) {
	y, err := strconv.Atoi(year)
	d, err2 := strconv.Atoi(day)
	m := slices.Index(monthTags[:], month) + 1
	when := date(y*10000 + m*100 + d)
	if err != nil || err2 != nil || m == 0 || y < 1900 || y > 2999 || dateOf(when.time()) != when {
		return 0, fmt.Errorf("%q is not a date; write for example 2026 Mar 01", clip(year+" "+month+" "+day))
	}
	return when, nil
}

// String gives the notation, which Parse reads again.
func (h Hours) String() string {
	parts := make([]string, len(h.rules))
	for i, r := range h.rules {
		parts[i] = r.String()
	}
	return strings.Join(parts, "; ")
}

func (r rule) String() string {
	var b strings.Builder
	if r.from != 0 {
		f, t := r.from.time(), r.to.time()
		fmt.Fprintf(&b, "%s-%s ", f.Format("2006 Jan 02"), t.Format("2006 Jan 02"))
	}
	if r.always() {
		return b.String() + "24/7"
	}
	b.WriteString(r.days.String())
	if r.holiday {
		if r.days != 0 {
			b.WriteByte(',')
		}
		b.WriteString("PH")
	}
	b.WriteByte(' ')
	if len(r.spans) == 0 {
		b.WriteString("off")
	}
	for i, s := range r.spans {
		if i > 0 {
			b.WriteByte(',')
		}
		to := wrapped(s.to)
		fmt.Fprintf(&b, "%02d:%02d-%02d:%02d", s.from/60, s.from%60, to/60, to%60)
	}
	return b.String()
}

// wrapped gives the end of a span as a wall clock shows it; the end of the day stays 24:00.
func wrapped(minutes int) int {
	if minutes > dayMinutes {
		return minutes - dayMinutes
	}
	return minutes
}

// String gives days as ranges, such as Su-Th or Mo,We.
func (d days) String() string {
	if d == allDays {
		return "Mo-Su"
	}
	var parts []string
	for _, r := range d.ranges() {
		part := dayTags[r[0]]
		if r[1] != r[0] {
			part += "-" + dayTags[r[1]]
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ",")
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
