package hours

import (
	"strings"
	"testing"
	"time"
)

func calendar(t testing.TB, texts ...string) (c Calendar) {
	t.Helper()
	for _, text := range texts {
		var h Holiday
		if err := h.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		c = append(c, h)
	}
	return c
}

func TestCalendar(t *testing.T) {
	c := calendar(t, "2026-03-19 to 2026-03-22", "2026-12-01", "05-01", "12-31 to 01-01", "02-29")
	for day, want := range map[string]bool{
		"2026-03-18": false, "2026-03-19": true, "2026-03-21": true, "2026-03-22": true, "2026-03-23": false, "2027-03-20": false,
		"2026-12-01": true, "2027-12-01": false, "2026-05-01": true, "2031-05-01": true, "2026-05-02": false,
		"2026-12-30": false, "2026-12-31": true, "2027-01-01": true, "2027-01-02": false, "2028-02-29": true, "2027-03-01": false,
	} {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if c.On(d) != want {
			t.Errorf("%s: %v", day, !want)
		}
	}
	if end, ok := c.Ends(); !ok || end.Format(time.DateOnly) != "2026-12-01" {
		t.Errorf("it ends on %v", end)
	}
	if _, ok := calendar(t, "05-01").Ends(); ok {
		t.Error("what comes every year has an end")
	}
	if (Calendar)(nil).On(time.Now()) {
		t.Error("no list knows of a holiday")
	}
}

// A door that closes on holidays is closed on a day of the list, in the zone of the place.
func TestCalendarCloses(t *testing.T) {
	h, err := Parse("Mo-Su 08:00-16:00; PH off")
	if err != nil {
		t.Fatal(err)
	}
	dhaka, err := time.LoadLocation("Asia/Dhaka")
	if err != nil {
		t.Fatal(err)
	}
	c := calendar(t, "2026-03-19 to 2026-03-20")
	for at, want := range map[string]bool{"2026-03-18T12:00": true, "2026-03-19T12:00": false, "2026-03-20T08:01": false, "2026-03-21T08:01": true} {
		instant, err := time.ParseInLocation("2006-01-02T15:04", at, dhaka)
		if err != nil {
			t.Fatal(err)
		}
		if open, _ := h.Open(instant, c.On); open != want {
			t.Errorf("%s: open %v", at, open)
		}
	}
	if next, ok := h.Next(time.Date(2026, 3, 19, 9, 0, 0, 0, dhaka), c.On); !ok || next.Format(time.DateTime) != "2026-03-21 08:00:00" {
		t.Errorf("it opens again at %v", next)
	}
}

func TestCalendarSlips(t *testing.T) {
	for text, want := range map[string]string{
		"Christmas": "is not a day; write 2026-12-25", "": "is not a day", "2026-02-30": "is not a day", "13-01": "is not a day", "25.12.2026": "is not a day",
		"1026-12-25":               "is not a day",
		"2026-03-19 to":            "is not a day",
		"2026-03-19 to March":      "does not end with a day",
		"2026-03-19 to 03-22":      "does not end with a day; write both ends in one way",
		"12-30 to 2027-01-01":      "does not end with a day",
		"2026-03-22 to 2026-03-19": "ends before it begins",
		"2026-03-19 to 2027-03-22": "is a holiday of 369 days",
		"03-22 to 03-19":           "is a holiday of 363 days",
	} {
		var h Holiday
		if err := h.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
