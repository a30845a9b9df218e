package inspect

import (
	"fmt"
	"strconv"

	"amana/bot/directory"
	"amana/bot/directory/hours"
)

// Spans that are rather a slip of the pen than hours, in minutes.
const (
	shortest = 30
	longest  = 16 * 60
)

// hours looks for hours at which nobody is ever there, and for those that are odd.
func (l *look) hours() {
	first, holidays := place{}, 0
	for _, s := range l.d.Services {
		say := func(level directory.Level, what, remedy string) {
			l.say(Hours, level, ofService(s), "hours", what, remedy)
		}
		zone := l.o.Zone
		if s.Times.Zone != "" {
			var err error
			if l.o.Load == nil {
				err = fmt.Errorf("no zone is known")
			} else {
				zone, err = l.o.Load(s.Times.Zone)
			}
			if err != nil {
				l.say(Hours, directory.Warning, ofService(s), "zone", fmt.Sprintf("the time zone %q is not known, so nobody is told whether it is open", clip(s.Times.Zone)), "write one such as Asia/Dhaka, or leave it empty for the mission's own")
				continue
			}
		}
		h, err := hours.Parse(s.Times.Open)
		if err != nil || h.IsZero() {
			continue // what cannot be read is told of the record
		}
		now := l.o.Now.In(zone)
		open, _ := h.Open(now, l.o.Holidays)
		if _, opens := h.Next(now, l.o.Holidays); !open && !opens {
			say(directory.Warning, fmt.Sprintf("it does not open again within a year: %s", clip(s.Times.Open)), "ask for the hours that hold, or mark the service as closed")
		}
		if minutes, odd := oddSpan(h); odd {
			say(directory.Note, fmt.Sprintf("it opens for %s at a stretch: %s", duration(minutes), clip(s.Times.Open)), "look whether morning and evening were mixed up")
		}
		if h.Holidays() {
			if holidays++; holidays == 1 {
				first = ofService(s)
			}
		}
	}
	if holidays > 0 && l.o.Holidays == nil {
		l.say(Hours, directory.Warning, first, "hours", fmt.Sprintf("the hours of this and %d more say what holds on holidays, and the mission has no list of them", holidays-1), "list them in the profile under holidays:")
	}
}

// oddSpan gives the first span that is very short or very long, but not the whole day.
func oddSpan(h hours.Hours) (minutes int, odd bool) {
	rows, _ := h.Schedules()
	for _, r := range rows {
		from, to := clock(r.OpensAt), clock(r.ClosesAt)
		if minutes = (to - from + 24*60) % (24 * 60); minutes != 0 && minutes < 23*60 && (minutes < shortest || minutes > longest) {
			return minutes, true
		}
	}
	return 0, false
}

func clock(s string) int {
	h, _ := strconv.Atoi(s[:2])
	m, _ := strconv.Atoi(s[3:])
	return h*60 + m
}

func duration(minutes int) string {
	if minutes < 60 {
		return fmt.Sprintf("%d minutes", minutes)
	}
	return fmt.Sprintf("%d:%02d hours", minutes/60, minutes%60)
}
