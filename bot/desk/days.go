package desk

import (
	"time"

	"amana/bot/ticket"
)

// day reads a day of the calendar; none is the zero day.
func day(text string) (ticket.Day, error) {
	if text == "" {
		return 0, nil
	}
	at, err := time.Parse(time.DateOnly, text)
	if err != nil || at.Year() < 2000 || at.Year() > 2999 {
		return 0, errBad
	}
	return ticket.DayOf(at), nil
}

// dated writes a day.
func dated(d ticket.Day) string { return d.Time().Format(time.DateOnly) }

// instant writes a time, and none as nothing.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
