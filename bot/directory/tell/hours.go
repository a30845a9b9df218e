package tell

import (
	"fmt"
	"time"

	"amana/bot/directory"
	"amana/bot/directory/hours"
	"amana/bot/speech"
)

// Now says whether a service that was found is open at this moment, until when, or when it opens next.
func (t *Teller) Now(h directory.Hit, now time.Time) string {
	switch {
	case !h.Known:
		return t.unknown(h.Times)
	case h.Open:
		// An end on a later day than tomorrow would need its date, and whoever comes now need not know it.
		if days := between(now, h.Until); h.Until.IsZero() || days > 1 {
			return t.Say("hours.open")
		}
		until := clock(h.Until)
		if until == "0:00" { // nobody takes that for the end of a day
			until = "24:00"
		}
		return t.Say("hours.open.until", "Time", until)
	case h.Next.IsZero():
		return t.Say("hours.closed")
	}
	switch days := between(now, h.Next); {
	case days == 0:
		return t.Say("hours.opens.today", "Time", clock(h.Next))
	case days == 1:
		return t.Say("hours.opens.tomorrow", "Time", clock(h.Next))
	case days < 7:
		return t.Say("hours.opens.day", "Day", t.weekday(h.Next.Weekday()), "Time", clock(h.Next))
	}
	return t.Say("hours.opens.date", "Date", t.Day(h.Next), "Time", clock(h.Next))
}

// Times says all that is known of when somebody is there, a line for each part. Known is false where that is nothing
// that could be relied on: then it is better to call first.
func (t *Teller) Times(of directory.Times) (lines []string, known bool) {
	h, err := hours.Parse(of.Open)
	if err != nil {
		return []string{t.unknown(of)}, false
	}
	return t.Week(h), true
}

// unknown says of hours that nobody can count with what the source says of them.
func (t *Teller) unknown(of directory.Times) string {
	switch {
	case of.Said == "":
		return t.Say("hours.unknown")
	case hours.Appointment(of.Said):
		return t.Say("hours.appointment")
	}
	return t.Say("hours.said", "Words", of.Said)
}

// Call says that it is better to call first, for whoever is told of hours that are not known or of a record that is stale.
func (t *Teller) Call() string { return t.Say("hours.call") }

// Week says hours, a line for each part.
func (t *Teller) Week(h hours.Hours) (lines []string) {
	if h.Always() {
		return []string{t.Say("hours.always")}
	}
	for _, p := range h.Parts() {
		lines = append(lines, t.Say("hours.line", "Days", begin(t.days(p)), "Times", t.spans(p.Spans)))
	}
	return lines
}

// days names the days of a part: "Monday to Thursday, Saturday".
func (t *Teller) days(p hours.Part) string {
	var names []string
	if !p.From.IsZero() {
		names = append(names, t.Say("hours.dates", "From", t.Day(p.From), "To", t.Day(p.To)))
	}
	for _, r := range p.Days {
		switch (r[1] - r[0] + 7) % 7 {
		case 0:
			names = append(names, t.weekday(r[0]))
		case 1:
			names = append(names, t.weekday(r[0]), t.weekday(r[1]))
		case 6:
			names = append(names, t.Say("hours.every"))
		default:
			names = append(names, t.Say("hours.days", "From", t.weekday(r[0]), "To", t.weekday(r[1])))
		}
	}
	if p.Holidays {
		names = append(names, t.Say("hours.holidays"))
	}
	return speech.List(t.lang, names)
}

func (t *Teller) spans(all []hours.Span) string {
	if len(all) == 0 {
		return t.Say("hours.shut")
	}
	var texts []string
	for _, s := range all {
		if s.Next {
			texts = append(texts, t.Say("hours.overnight", "From", s.From, "To", s.To))
		} else {
			texts = append(texts, s.From+"–"+s.To)
		}
	}
	return t.Say("hours.clock", "Times", speech.List(t.lang, texts)) // some count their hours from six in the morning
}

// between counts the midnights from one instant to another, on the clock of the place.
func between(now, then time.Time) int {
	y, m, d := now.In(then.Location()).Date()
	Y, M, D := then.Date()
	return int(time.Date(Y, M, D, 0, 0, 0, 0, time.UTC).Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
}

// clock writes a time of the day as it stands in the hours of a week.
func clock(at time.Time) string { return fmt.Sprintf("%d:%02d", at.Hour(), at.Minute()) }
