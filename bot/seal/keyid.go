package seal

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Class is a class of retention: what is kept equally long shares a key file each month.
type Class string

// The classes. Their numbers in stored values are their places in classes, counted from 1.
const (
	Reports  Class = "report"
	Feedback Class = "feedback"
)

// classes is the table of classes in the order of their numbers; new ones go to the end.
var classes = []Class{Reports, Feedback}

// Classes gives every class for which month files are made.
func Classes() []Class { return append([]Class(nil), classes...) }

// KeyID names one house key, as its file does: "2026-11-report", "standing-1".
type KeyID string

const standingPrefix = "standing-"

// keyHead is the length of a key id in front of a value: format, class, and year and month or the version.
const keyHead = 5

// Months are taken from UTC, and from years in which this program can have run.
const firstYear, lastYear = 2020, 9999

// MonthID names the key of a month and class. The month is that of UTC.
func MonthID(t time.Time, class Class) KeyID {
	t = t.UTC()
	return monthName(t.Year(), int(t.Month()), class)
}

// monthName writes "2026-11-report". It is asked for with every value that is opened, so nothing here is looked for twice.
func monthName(year, month int, class Class) KeyID {
	b := make([]byte, 0, len("2026-11-")+len(class))
	b = append(b, '0'+byte(year/1000%10), '0'+byte(year/100%10), '0'+byte(year/10%10), '0'+byte(year%10), '-')
	b = append(b, '0'+byte(month/10), '0'+byte(month%10), '-')
	return KeyID(append(b, class...))
}

// ParseKeyID reads a key id as a file name or a list shows it.
func ParseKeyID(s string) (KeyID, error) {
	id := KeyID(s)
	if _, ok := id.head(); !ok {
		return "", fmt.Errorf("reading a key id: %w", ErrMalformed)
	}
	return id, nil
}

// Month gives the first instant of the month and the class of a month key; ok is false for a standing key.
func (id KeyID) Month() (month time.Time, class Class, ok bool) {
	if y, m, class, ok := id.month(); ok {
		return time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC), class, true
	}
	return time.Time{}, "", false
}

// month takes a month key apart. Each has one spelling.
func (id KeyID) month() (year, month int, class Class, ok bool) {
	if len(id) < len("2026-11-") || id[4] != '-' || id[7] != '-' {
		return 0, 0, "", false
	}
	year, ok1 := digits(string(id[:4]))
	month, ok2 := digits(string(id[5:7]))
	class = Class(id[8:])
	return year, month, class, ok1 && ok2 && isMonth(year, month) && classNumber(class) != 0
}

func isMonth(year, month int) bool {
	return year >= firstYear && year <= lastYear && month >= 1 && month <= 12
}

func digits(s string) (n int, ok bool) {
	for _, r := range []byte(s) {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = 10*n + int(r-'0')
	}
	return n, true
}

// version gives the number of a standing key, from 1.
func (id KeyID) version() (int, bool) {
	s, found := strings.CutPrefix(string(id), standingPrefix)
	n, err := strconv.Atoi(s)
	if !found || err != nil || n < 1 || n > 1<<24-1 || standingID(n) != id {
		return 0, false
	}
	return n, true
}

func standingID(n int) KeyID { return KeyID(standingPrefix + strconv.Itoa(n)) }

func classNumber(c Class) byte {
	for i, k := range classes {
		if k == c {
			return byte(i + 1)
		}
	}
	return 0
}

// head gives the key id as it stands in front of values.
func (id KeyID) head() (h [keyHead]byte, ok bool) {
	h[0] = 1
	if n, ok := id.version(); ok {
		h[2], h[3], h[4] = byte(n>>16), byte(n>>8), byte(n)
		return h, true
	}
	year, month, class, ok := id.month()
	if !ok {
		return h, false
	}
	h[1] = classNumber(class)
	h[2], h[3], h[4] = byte(year>>8), byte(year), byte(month)
	return h, true
}

// readHead gives the key id in front of a value.
func readHead(value []byte) (KeyID, bool) {
	if len(value) < keyHead || value[0] != 1 {
		return "", false
	}
	c, a, b, d := int(value[1]), int(value[2]), int(value[3]), int(value[4])
	switch version, year := a<<16|b<<8|d, a<<8|b; {
	case c == 0 && version > 0:
		return standingID(version), true
	case c > 0 && c <= len(classes) && isMonth(year, d):
		return monthName(year, d, classes[c-1]), true
	}
	return "", false
}
