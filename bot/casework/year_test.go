package casework_test

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"testing"
	"time"
)

var (
	wholeYear = flag.Bool("year", false, "TestYear plays a whole year: 20,000 reports, 60 people of staff; it prints the figures")
	yearFiled = flag.Int("year-reports", 20_000, "with -year: so many reports in a year")
	yearDays  = flag.Int("year-days", 365, "with -year: so many days of it")
)

// yearSize is how long a mission is played, and how much it has to do.
type yearSize struct {
	days, reports int
	beat          time.Duration // how finely virtual time goes
	shares        int           // of a hundred steps so many begin with asking a colleague in
	sample        int           // of so many reports one is read whole by everybody who reads it, with all that is written about it
}

// TestYear plays the life of a mission in virtual time: what people file, what focal points do about it or leave undone,
// who is away, who leaves, who gets a new key, and doors that fail for hours, days or for ever. Beside it runs a book of
// what must be true, which is kept from what was done alone and asks nothing of the program:
//
//   - a report that is open is always with somebody who can see it;
//   - a deadline that was missed has gone up every rung, and somebody was handed the report if anybody waited;
//   - what is open is never forgotten, and what is closed is, with its month;
//   - nobody is told of a report that does not exist for them;
//   - the numbers of the shelves, of the audit chains, of the counters and of the book are the same.
//
// With -year it is a whole year; otherwise some weeks of a small mission, with all the same things happening.
func TestYear(t *testing.T) {
	size := yearSize{days: playedDays, reports: playedReports, beat: time.Hour, shares: 3, sample: 1}
	if *wholeYear {
		size = yearSize{days: *yearDays, reports: *yearFiled * *yearDays / 365, beat: time.Hour, shares: 1, sample: 40}
		debug.SetGCPercent(1600) // the book is small beside what is thrown away
		debug.SetMemoryLimit(1 << 30)
	}
	began := time.Now()
	y := newYear(t, size)
	y.play()
	y.judge()
	if *wholeYear {
		fmt.Fprintf(os.Stdout, "\n%s\n\nplayed in %v (bar: 2 min)\n", y.figures(), time.Since(began).Round(time.Second))
	}
}
