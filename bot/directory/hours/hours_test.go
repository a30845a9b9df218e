package hours_test

import (
	"strings"
	"testing"
	"time"

	"amana/bot/directory/hours"
)

// The strict notation, and how it is written again.
func TestParse(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"24/7", "24/7"},
		{"Mo-Fr 08:00-16:00", "Mo-Fr 08:00-16:00"},
		{"Su-Th 09:00-16:00", "Su-Th 09:00-16:00"},
		{"Sa-Mo 09:00-16:00", "Sa-Mo 09:00-16:00"},
		{"Mo,We,Fr 08:00-12:00,13:00-16:00; PH off", "Mo,We,Fr 08:00-12:00,13:00-16:00; PH off"},
		{"Mo-Su 00:00-24:00", "24/7"},
		{"08:00-16:00", "Mo-Su 08:00-16:00"},
		{"13:00-16:00,08:00-12:00", "Mo-Su 08:00-12:00,13:00-16:00"},
		{"Fr 22:00-04:00", "Fr 22:00-04:00"},
		{"off", "Mo-Su off"},
		{"Mo-Fr 08:00-16:00; We closed", "Mo-Fr 08:00-16:00; We off"},
		{"Su,PH 10:00-12:00", "Su,PH 10:00-12:00"},
		{"Fr-Fr 10:00-12:00", "Fr 10:00-12:00"},
		{"2026 Mar 01-2026 Mar 30 Su-Th 10:00-14:00", "2026 Mar 01-2026 Mar 30 Su-Th 10:00-14:00"},
		{"2026 Mar 01-2026 Mar 30 24/7", "2026 Mar 01-2026 Mar 30 24/7"},
		{"24/7; PH off", "24/7; PH off"},
	} {
		h, err := hours.Parse(c.in)
		if err != nil || h.String() != c.out {
			t.Errorf("%q: %q, %v; want %q", c.in, h, err, c.out)
			continue
		}
		again, err := hours.Parse(h.String())
		if err != nil || again.String() != h.String() {
			t.Errorf("%q is not read again: %v", h, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ in, says string }{
		{"", "is empty"}, {"Mo-Fr 08:00-16:00;", "is empty"}, {"Mo-Fr", "names days without hours"},
		{"Mo-Fr 8-16", "is not a span of time"}, {"Mo-Fr 08:00", "is not a span"}, {"Mo-Fr 08:00-25:00", "is not a span"},
		{"Mo-Fr 24:00-08:00", "is not a span"}, {"Mo-Fr 08:60-09:00", "is not a span"}, {"Mo-Fr +8:00-09:00", "is not a span"},
		{"Xx 08:00-16:00", "is not a day"}, {"Mo-Xx 08:00-16:00", "is not a day"}, {"sunrise-sunset", "is not a day"},
		{"Mo-Fr 08:00-16:00 Sa 09:00-12:00", "part rules with a semicolon"}, {"Mo 09:00-09:00", "00:00-24:00"},
		{"Mo 08:00-12:00,11:00-13:00", "overlap"}, {"Mo 22:00-04:00,03:00-05:00", "overlap"}, {"Mo 03:00-05:00,22:00-04:00", "overlap"},
		{"2026 Mar 30-2026 Mar 01 08:00-16:00", "range of dates"}, {"2026 Feb 30-2026 Mar 01 08:00-16:00", "is not a date"},
		{"2026 Mar 01-2026 Mar 30", "names days without hours"}, {strings.Repeat("Mo off;", 100), "at most 512"},
	} {
		h, err := hours.Parse(c.in)
		if err == nil || !strings.Contains(err.Error(), c.says) || !h.IsZero() {
			t.Errorf("%q: %q, %v; want %q", c.in, h, err, c.says)
		}
	}
}

// What stands in sheets.
func TestRead(t *testing.T) {
	for _, c := range []struct{ in, out, note, assumed string }{
		{"24/7", "24/7", "", ""}, {"24h/24", "24/7", "", ""}, {"24 hours", "24/7", "", ""}, {"24h/24 7j/7", "24/7", "", ""}, {"24h/24 et 7j/7", "24/7", "", ""}, {"Jour et nuit", "24/7", "", ""}, {"على مدار الساعة", "24/7", "", ""}, {"las 24 horas", "24/7", "", ""}, {"দিন রাত (EXAMPLE)", "24/7", "EXAMPLE", ""}, {"24 ساعة", "24/7", "", ""}, {"২৪ ঘণ্টা", "24/7", "", ""},
		{"Sun–Thu 9-4", "Su-Th 09:00-16:00", "", "09:00-04:00 read as 09:00-16:00"},
		{"Sunday to Thursday 9:00 - 16:00", "Su-Th 09:00-16:00", "", ""},
		{"Sun-Thu 9:00-4:00", "Su-Th 09:00-16:00", "", "read as 09:00-16:00"},
		{"Sun-Thu, 9am-4pm", "Su-Th 09:00-16:00", "", ""},
		{"Sun-Thu 9 a.m. - 4 p.m.", "Su-Th 09:00-16:00", "", ""},
		{"Mon, Wed and Fri 08:00-12:00", "Mo,We,Fr 08:00-12:00", "", ""},
		{"9-4", "Mo-Su 09:00-16:00", "", "no day is named"},
		{"Daily 8-17", "Mo-Su 08:00-17:00", "", ""},
		{"every day 8:30-12:00, 13:00-15:30", "Mo-Su 08:30-12:00,13:00-15:30", "", ""},
		{"Mon-Thu 8-12 and 1-5 pm", "Mo-Th 08:00-12:00,13:00-17:00", "", "01:00-17:00 read as 13:00-17:00"},
		{"Mo-Fr 20:00-04:00", "Mo-Fr 20:00-04:00", "", ""},
		{"Lundi à vendredi 8h-16h", "Mo-Fr 08:00-16:00", "", ""},
		{"lun-ven 8h30-12h, 13h-17h ; sam fermé", "Mo-Fr 08:30-12:00,13:00-17:00; Sa off", "", ""},
		{"Lunes a viernes de 9:00 a 17:00", "Mo-Fr 09:00-17:00", "", ""},
		{"Miércoles 9-12", "We 09:00-12:00", "", ""},
		{"الأحد - الخميس 9-4", "Su-Th 09:00-16:00", "", "read as"},
		{"من الأحد إلى الخميس ٩:٠٠ - ١٦:٠٠", "Su-Th 09:00-16:00", "", ""},
		{"الأحد إلى الخميس 9 ص - 4 م", "Su-Th 09:00-16:00", "", ""},
		{"রবি-বৃহস্পতি ৯-৪", "Su-Th 09:00-16:00", "", "read as"},
		{"রবিবার থেকে বৃহস্পতিবার সকাল ৯টা - বিকাল ৪টা", "Su-Th 09:00-16:00", "", ""},
		{"Sun-Thu 9-16 (Ramadan 10-14)", "Su-Th 09:00-16:00", "Ramadan 10-14", ""},
		{"Sun-Thu 9-16; Ramadan: 10-14", "Su-Th 09:00-16:00", "Ramadan: 10-14", ""},
		{"الأحد - الخميس 9:00-16:00، رمضان 10-14", "Su-Th 09:00-16:00", "رمضان 10-14", ""},
		{"Mo-Fr 08:00-16:00 (women only on Tuesday)", "Mo-Fr 08:00-16:00", "women only on Tuesday", ""},
		{"Sun-Thu 9-16\nFri closed", "Su-Th 09:00-16:00; Fr off", "", ""},
		{"Mon-Fri 9-17; holidays closed", "Mo-Fr 09:00-17:00; PH off", "", ""},
		{"\u200fSun-Thu 09:00-16:00\u200e", "Su-Th 09:00-16:00", "", ""},
		{"Sun 0-24", "Su 00:00-24:00", "", ""}, {"Mon-Fri 12-5 pm", "Mo-Fr 12:00-17:00", "", ""},
	} {
		w, err := hours.Read(c.in)
		if err != nil || w.Hours.String() != c.out || w.Note != c.note || !strings.Contains(strings.Join(w.Assumed, "; "), c.assumed) || c.assumed == "" && len(w.Assumed) > 0 {
			t.Errorf("%q: %q, note %q, assumed %q, %v", c.in, w.Hours, w.Note, w.Assumed, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ in, says string }{
		{"by appointment", `the word "by"`}, {"first Monday of the month 9-12", `the word "first"`}, {"9", "has no end"}, {"Mon-", "has no end"},
		{"morning", `the word "morning"`}, {"Mon 25-26", "is not a time"}, {"", "no opening hours"}, {"Mon 9-12 5-6", "without a day"},
		{"sunrise-sunset", `the word "sunrise"`}, {"Mon 13pm-15pm", "outside of 1 to 12"}, {"Mon 4-2", "ends before it begins"}, {"☎", "the sign"},
		{"Mon 9-12, 11-13", "overlap"}, {"(closed for now)", "no opening hours"},
	} {
		if w, err := hours.Read(c.in); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %q, %v; want %q", c.in, w.Hours, err, c.says)
		}
	}
}

// Open now, until when, and the next opening. 2026-11-20 is a Friday; the holiday is Wednesday, 2026-12-16.
func TestOpen(t *testing.T) {
	holidays := func(d time.Time) bool { return d.Format(time.DateOnly) == "2026-12-16" }
	dhaka := time.FixedZone("+06", 6*3600)
	for _, c := range []struct{ hours, at, until, next string }{
		{"24/7", "2026-11-20 03:00", "always", ""},
		{"Su-Th 09:00-16:00", "2026-11-20 10:00", "", "2026-11-22 09:00"},
		{"Su-Th 09:00-16:00", "2026-11-22 09:00", "2026-11-22 16:00", ""},
		{"Su-Th 09:00-16:00", "2026-11-22 08:59", "", "2026-11-22 09:00"},
		{"Su-Th 09:00-16:00", "2026-11-22 16:00", "", "2026-11-23 09:00"},
		{"Fr 22:00-04:00", "2026-11-21 03:59", "2026-11-21 04:00", ""},
		{"Fr 22:00-04:00", "2026-11-21 04:00", "", "2026-11-27 22:00"},
		{"Fr 22:00-24:00; Sa 00:00-02:00", "2026-11-20 23:00", "2026-11-21 02:00", ""},
		{"Fr 08:00-12:00,13:00-16:00", "2026-11-20 12:30", "", "2026-11-20 13:00"},
		{"Fr 08:00-12:00,12:00-16:00", "2026-11-20 11:30", "2026-11-20 16:00", ""},
		{"Mo-Fr 08:00-16:00; We off", "2026-11-25 10:00", "", "2026-11-26 08:00"},
		{"Mo-Fr 08:00-16:00; PH off", "2026-12-16 10:00", "", "2026-12-17 08:00"},
		{"PH off; Mo-Fr 08:00-16:00", "2026-12-16 10:00", "", "2026-12-17 08:00"},
		{"PH 10:00-12:00; Mo-Fr 08:00-16:00", "2026-12-16 11:00", "2026-12-16 12:00", ""},
		{"Mo-Fr 08:00-16:00", "2026-12-16 10:00", "2026-12-16 16:00", ""},
		{"2027 Mar 01-2027 Mar 30 Su-Th 10:00-14:00", "2026-11-20 10:00", "", "2027-03-01 10:00"},
		{"Mo-Fr 08:00-16:00; 2026 Nov 20-2026 Nov 20 off", "2026-11-20 10:00", "", "2026-11-23 08:00"},
		{"24/7; 2026 Nov 22-2026 Nov 22 off", "2026-11-20 10:00", "2026-11-22 00:00", ""},
		{"off", "2026-11-20 10:00", "", ""},
		{"24/7; PH off", "2026-12-16 10:00", "", "2026-12-17 00:00"},
	} {
		h, err := hours.Parse(c.hours)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, dhaka)
		if err != nil {
			t.Fatal(err)
		}
		open, until := h.Open(at, holidays)
		got := ""
		if open {
			got = "always"
			if !until.IsZero() {
				got = until.Format("2006-01-02 15:04")
			}
		}
		if got != c.until {
			t.Errorf("%s at %s: open until %q, want %q", c.hours, c.at, got, c.until)
		}
		next, found := h.Next(at, holidays)
		if !open && (found != (c.next != "") || found && next.Format("2006-01-02 15:04") != c.next) {
			t.Errorf("%s at %s: next %v %s, want %s", c.hours, c.at, found, next.Format("2006-01-02 15:04"), c.next)
		}
	}
	if open, _ := (hours.Hours{}).Open(time.Now(), nil); open {
		t.Error("hours that nobody knows are open")
	}
}

// The wall clock counts, whatever a change to summer time does to the day.
func TestSummerTime(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Sarajevo")
	if err != nil {
		t.Fatal(err)
	}
	h, _ := hours.Parse("Mo-Su 08:00-16:00")
	for _, day := range []int{28, 29, 30} { // March 2026: the clock goes forward on the 29th
		if open, _ := h.Open(time.Date(2026, 3, day, 7, 59, 0, 0, zone), nil); open {
			t.Errorf("open before eight on the %dth", day)
		}
		open, until := h.Open(time.Date(2026, 3, day, 8, 0, 0, 0, zone), nil)
		if !open || until.Hour() != 16 {
			t.Errorf("on the %dth at eight: %v until %v", day, open, until)
		}
	}
}

func TestSchedules(t *testing.T) {
	weekly := func(days, from, to string) hours.Schedule {
		return hours.Schedule{Freq: "WEEKLY", ByDay: days, OpensAt: from, ClosesAt: to}
	}
	for _, c := range []struct {
		rows      []hours.Schedule
		out, says string
	}{
		{[]hours.Schedule{weekly("MO,TU,WE,TH,FR", "08:00", "16:00")}, "Mo-Fr 08:00-16:00", ""},
		{[]hours.Schedule{weekly("MO,TU", "08:00:00Z", "12:00:00Z"), weekly("MO,TU", "13:00", "16:00")}, "Mo-Tu 08:00-12:00,13:00-16:00", ""},
		{[]hours.Schedule{weekly("FR", "22:00", "04:00"), weekly("FR", "05:00", "06:00")}, "Fr 05:00-06:00,22:00-04:00", ""},
		{[]hours.Schedule{weekly("", "00:00", "23:59")}, "24/7", ""},
		{[]hours.Schedule{{Freq: "WEEKLY", ByDay: "SU", OpensAt: "10:00", ClosesAt: "14:00", ValidFrom: "2026-03-01", ValidTo: "2026-03-30"}}, "2026 Mar 01-2026 Mar 30 Su 10:00-14:00", ""},
		{[]hours.Schedule{{Freq: "MONTHLY", ByDay: "1MO", OpensAt: "10:00", ClosesAt: "14:00"}}, "", `freq "MONTHLY"`},
		{[]hours.Schedule{weekly("1MO", "08:00", "16:00")}, "", `byday "1MO"`},
		{[]hours.Schedule{weekly("MO", "", "16:00")}, "", "not both times"},
		{[]hours.Schedule{{Freq: "WEEKLY", Interval: "2", ByDay: "MO", OpensAt: "10:00", ClosesAt: "14:00"}}, "", "interval"},
		{[]hours.Schedule{weekly("MO,TU", "08:00", "12:00"), weekly("TU", "13:00", "16:00")}, "", "share some days"},
	} {
		h, err := hours.FromSchedules(c.rows)
		if h.String() != c.out || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %q, %v; want %q, %q", c.rows, h, err, c.out, c.says)
			continue
		}
		if err != nil {
			continue
		}
		rows, whole := h.Schedules()
		again, err := hours.FromSchedules(rows)
		if err != nil || !whole || again.String() != h.String() {
			t.Errorf("%q came back as %q, %v, %v", h, again, whole, err)
		}
	}
	h, _ := hours.Parse("Mo-Fr 08:00-16:00; We off; PH off")
	if rows, whole := h.Schedules(); whole || len(rows) != 1 || rows[0].ByDay != "MO,TU,TH,FR" {
		t.Errorf("%v, %v", rows, whole)
	}
}

// Whatever is read is written and read again the same, and open and next agree.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"24/7", "Sun–Thu 9-4", "Mo-Fr 08:00-16:00; PH off", "الأحد - الخميس ٩-٤ (رمضان)", "2026 Mar 01-2026 Mar 30 22:00-04:00", "lun-ven 8h30-12h", "12-12pm", "(", "24h/24 7j/7"} {
		f.Add(s, int64(1_795_000_000))
	}
	f.Fuzz(func(t *testing.T, s string, unix int64) {
		w, err := hours.Read(s)
		if err != nil {
			return
		}
		text := w.Hours.String()
		again, err := hours.Parse(text)
		if err != nil || again.String() != text {
			t.Fatalf("%q gives %q, which is read as %q: %v", s, text, again, err)
		}
		at := time.Unix(unix%4_000_000_000, 0).UTC()
		open, until := w.Hours.Open(at, nil)
		if open && !until.IsZero() {
			if still, _ := w.Hours.Open(until, nil); still || !until.After(at) {
				t.Fatalf("%q: open at %v until %v, and still open then", text, at, until)
			}
		}
		if next, found := w.Hours.Next(at, nil); found {
			if begins, _ := w.Hours.Open(next, nil); !begins || !next.After(at) {
				t.Fatalf("%q: the next opening after %v is %v, and it is closed then", text, at, next)
			}
		}
	})
}

// Rows of HSDS give hours that stand in the notation, and rows again that mean the same.
func FuzzSchedules(f *testing.F) {
	f.Add("WEEKLY", "MO,TU", "08:00", "16:00", "2026-01-01", "", "WE", "22:00", "04:00")
	f.Add("", "", "00:00", "23:59", "", "2026-12-31", "SU", "08:00:00", "12:00+02:00")
	f.Fuzz(func(t *testing.T, freq, days, opens, closes, from, to, days2, opens2, closes2 string) {
		h, err := hours.FromSchedules([]hours.Schedule{{Freq: freq, ByDay: days, OpensAt: opens, ClosesAt: closes, ValidFrom: from, ValidTo: to}, {ByDay: days2, OpensAt: opens2, ClosesAt: closes2, ValidFrom: from, ValidTo: to}})
		if err != nil {
			return
		}
		text := h.String()
		again, err := hours.Parse(text)
		if err != nil || again.String() != text {
			t.Fatalf("%q is read as %q: %v", text, again, err)
		}
		rows, whole := h.Schedules()
		if !whole {
			return
		}
		back, err := hours.FromSchedules(rows)
		if err != nil {
			t.Fatalf("%q gives %+v: %v", text, rows, err)
		}
		for day := range 8 {
			for hour := range 24 {
				at := time.Date(2026, 6, 1+day, hour, 30, 0, 0, time.UTC)
				a, _ := h.Open(at, nil)
				if b, _ := back.Open(at, nil); a != b {
					t.Fatalf("%q is %v at %v, and %q is %v", text, a, at, back, b)
				}
			}
		}
	})
}
