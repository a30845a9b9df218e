package retention

import (
	"fmt"
	"time"

	"amana/bot/store"
	"amana/bot/ticket"
)

// Rules say for how many months reports are kept after the month in which they were filed.
type Rules struct {
	Report    int // of the class report
	Feedback  int // of the class feedback
	Withdrawn int // a report whose reporter withdrew it, after that became final
	Automatic bool
}

// StandardRules are those of a mission that sets none. Two years bear an inquiry and what follows from it; feedback is done
// with in half a year; a withdrawal leaves three months for whoever has to put the report on hold.
func StandardRules() Rules { return Rules{Report: 24, Feedback: 6, Withdrawn: 3} }

// Bounds of the rules, in months. What is forgotten too soon was never investigated; what is kept for ever is found one day.
var bounds = map[string][2]int{"report": {3, 120}, "feedback": {1, 60}, "withdrawn": {1, 60}}

// Check says what in the rules cannot be, by the name of the rule.
func (r Rules) Check() map[string]string {
	bad := map[string]string{}
	for name, months := range map[string]int{"report": r.Report, "feedback": r.Feedback, "withdrawn": r.Withdrawn} {
		if b := bounds[name]; months < b[0] || months > b[1] {
			bad[name] = fmt.Sprintf("%d months is outside of %d to %d", months, b[0], b[1])
		}
	}
	return bad
}

func (r Rules) months(class ticket.Class) int {
	if class == ticket.ClassFeedback {
		return r.Feedback
	}
	return r.Report
}

// mostBlur bounds by how many days the end of a month is put off.
const mostBlur = 14

// overdueAfter is for how many days a month may be due before the check calls it an error.
const overdueAfter = 30

// quiet is for how long nothing may have been done with a report that was carried over and closed, before it goes.
const quiet = 30

// leap is how many days the clock may jump ahead between two looks at it. A server that stood longer asks its operator.
const leap = 45

// due gives the day on which a month's key is to be forgotten; ok is false for a key that is no month's.
func (r Rules) due(m store.Month, blur int) (day store.Day, ok bool) {
	month, class, ok := m.Month()
	if !ok {
		return 0, false
	}
	end := month.AddDate(0, 1+r.months(ticket.Class(class)), 0)
	return store.DayOf(end.AddDate(0, 0, blur)), true
}

// withdrawnUntil gives the day on which a report goes that its reporter asked to withdraw on a day.
func (r Rules) withdrawnUntil(asked store.Day, final time.Duration) store.Day {
	return store.DayOf(asked.Time().Add(final).AddDate(0, r.Withdrawn, 0))
}
