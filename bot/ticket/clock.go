package ticket

import (
	"slices"
	"time"
)

// Step is what a deadline waits for.
type Step string

// The steps, in the order in which a report passes them.
const (
	Acknowledge   Step = "acknowledge" // a person has seen it
	Refer         Step = "refer"       // it was sent to the organisation concerned
	Confirm       Step = "confirm"     // that organisation has confirmed it
	Answer        Step = "answer"      // the reporter is told something
	WithdrawFinal Step = "withdraw"    // a withdrawal can no longer be taken back
)

// Steps lists them in order.
func Steps() []Step { return []Step{Acknowledge, Refer, Confirm, Answer, WithdrawFinal} }

// Made says how far up its rungs a deadline has come. A rung that was made is not made again, nor a lower one.
type Made byte

// The rungs that can have been made.
const (
	MadeNothing Made = iota
	MadeReminder
	MadeBackup
	MadeCoordinator
	MadeFinal     // of a withdrawal, which has no other
	MadeOversight // above the coordinator; its number is the highest, since the ones below stand in the store
)

// Due is one running deadline: since when, until when, to the second, and what was done about it.
type Due struct {
	Step     Step
	From, At time.Time
	Made     Made
}

// Terms are the deadlines of one urgency. Zero means that no clock runs for the step.
type Terms struct {
	Acknowledge time.Duration // at all hours
	Staffed     time.Duration // the same counted in staffed hours; whichever ends first
	Refer       time.Duration // from the reading
	Confirm     time.Duration // from the referral
	Answer      time.Duration // from filing, and from a further message
	Again       time.Duration // from an answer to the next word, until the report is closed
}

// Clock holds the deadlines of a mission. It does not tick: every method is given the time. The zero Clock is the
// standard one, so that no mission is without deadlines by omission.
type Clock struct {
	Urgent, Normal, Feedback Terms
	Hours                    Hours            // of the mission
	Staff                    map[string]Hours // of those whose hours are others, by roster id
	Withdraw                 time.Duration    // how long a withdrawal can be taken back
	// The rungs in percent of a term: a reminder before its end, the backups at its end, the coordinator after it, and
	// last the oversight desk. Without the last (0) the rung of the coordinator turns to everyone.
	Remind, Coordinator, Oversight int
}

// StandardClock gives the deadlines of a mission that sets none: urgent reports read within four staffed hours, at most a
// day; others within a day, feedback within three; sent on within a day of reading, confirmed within three days, the
// reporter answered within seven days and every fourteen.
func StandardClock() Clock {
	const day = 24 * time.Hour
	normal := Terms{Acknowledge: day, Refer: day, Confirm: 3 * day, Answer: 7 * day, Again: 14 * day}
	urgent, feedback := normal, normal
	urgent.Staffed = 4 * time.Hour
	feedback.Acknowledge = 3 * day
	return Clock{
		Urgent: urgent, Normal: normal, Feedback: feedback, Withdraw: 7 * day, Remind: 50, Coordinator: 150, Oversight: 200,
	}
}

// IsZero says that no deadline was set at all.
func (c Clock) IsZero() bool {
	none := Terms{}
	return c.Urgent == none && c.Normal == none && c.Feedback == none && c.Withdraw == 0
}

func (c Clock) set() Clock {
	if c.IsZero() {
		return StandardClock()
	}
	return c
}

func (c Clock) terms(r Report) Terms {
	c = c.set()
	switch {
	case r.Urgency == Urgent:
		return c.Urgent
	case r.Class == ClassFeedback:
		return c.Feedback
	}
	return c.Normal
}

// Filed starts the first clocks of a report: acknowledge and answer.
func (c Clock) Filed(r Report, at time.Time) Report {
	r = r.clone()
	c.start(&r, Acknowledge, at)
	c.start(&r, Answer, at)
	return r
}

// start begins a clock anew, with nothing made; a step without a term gets none.
func (c Clock) start(r *Report, s Step, at time.Time) {
	c = c.set()
	t := c.terms(*r)
	at = at.UTC().Truncate(time.Second)
	var end time.Time
	switch s {
	case Acknowledge:
		end = after(at, t.Acknowledge)
		if worked, ok := staffed(c.hoursOf(*r), at, t.Staffed, end); ok && (end.IsZero() || worked.Before(end)) {
			end = worked
		}
	case Refer:
		end = after(at, t.Refer)
	case Confirm:
		end = after(at, t.Confirm)
	case Answer:
		end = after(at, t.Answer)
	case WithdrawFinal:
		end = after(at, c.Withdraw)
	}
	stop(r, s)
	if end.IsZero() {
		return
	}
	r.Due = append(r.Due, Due{Step: s, From: at, At: end})
	order := Steps()
	slices.SortFunc(r.Due, func(a, b Due) int { return slices.Index(order, a.Step) - slices.Index(order, b.Step) })
}

func after(at time.Time, term time.Duration) time.Time {
	if term <= 0 {
		return time.Time{}
	}
	return at.Add(term).Truncate(time.Second)
}

func stop(r *Report, steps ...Step) {
	r.Due = slices.DeleteFunc(r.Due, func(d Due) bool { return slices.Contains(steps, d.Step) })
	if len(r.Due) == 0 {
		r.Due = nil
	}
}

// due finds a running deadline.
func (r Report) due(s Step) (Due, bool) {
	i := slices.IndexFunc(r.Due, func(d Due) bool { return d.Step == s })
	if i < 0 {
		return Due{}, false
	}
	return r.Due[i], true
}

// Deadline gives the earliest deadline that runs, missed ones included. While a withdrawal can be taken back, only its
// end counts.
func (r Report) Deadline() (Due, bool) {
	var first Due
	found := false
	for _, d := range r.Due {
		if r.State.IsWithdrawn() == (d.Step == WithdrawFinal) && (!found || d.At.Before(first.At)) {
			first, found = d, true
		}
	}
	return first, found
}
