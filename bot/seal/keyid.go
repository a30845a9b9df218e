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
	return KeyID(fmt.Sprintf("%04d-%02d-%s", t.Year(), t.Month(), class))
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
	year, rest, found := strings.Cut(string(id), "-")
	mon, name, found2 := strings.Cut(rest, "-")
	y, err := strconv.Atoi(year)
	m, err2 := strconv.Atoi(mon)
	if !found || !found2 || err != nil || err2 != nil || y < firstYear || y > lastYear || m < 1 || m > 12 {
		return time.Time{}, "", false
	}
	month = time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
	if classNumber(Class(name)) == 0 || MonthID(month, Class(name)) != id {
		return time.Time{}, "", false
	}
	return month, Class(name), true
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
	month, class, ok := id.Month()
	if !ok {
		return h, false
	}
	h[1] = classNumber(class)
	h[2], h[3], h[4] = byte(month.Year()>>8), byte(month.Year()), byte(month.Month())
	return h, true
}

// readHead gives the key id in front of a value.
func readHead(value []byte) (KeyID, bool) {
	if len(value) < keyHead || value[0] != 1 {
		return "", false
	}
	c, a, b, d := int(value[1]), int(value[2]), int(value[3]), int(value[4])
	var id KeyID
	switch {
	case c == 0:
		id = standingID(a<<16 | b<<8 | d)
	case c <= len(classes):
		id = KeyID(fmt.Sprintf("%04d-%02d-%s", a<<8|b, d, classes[c-1]))
	}
	_, ok := id.head()
	return id, ok
}
