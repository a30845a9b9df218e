package ticket

import (
	"errors"
	"time"
)

// ErrMove says that a report cannot go from its state to the asked one, or not by this actor, or no longer.
var ErrMove = errors.New("not possible from the present state")

// Turn brings a report into a state, stops the clocks that this answers and starts those that follow. It is ErrMove if
// the actor cannot cause it; a withdrawal is taken back only until its last moment, and stands only after it.
func (c Clock) Turn(r Report, by Actor, to State, at time.Time) (Report, error) {
	was, from := r, r.State
	if !Allowed(by, from, to) {
		return was, ErrMove
	}
	r = r.clone()
	r.State = to
	if by == ByButton || by == ByReader {
		r.Tray = TrayNone // somebody has looked: it lies with the others from then on
	}
	end, limited := r.due(WithdrawFinal)
	switch {
	case from == to:
	case !from.IsWithdrawn() && to.IsWithdrawn():
		c.start(&r, WithdrawFinal, at)
	case by == ByClock:
		if limited && at.Before(end.At) {
			return was, ErrMove
		}
		r.Due = nil
	case from.IsWithdrawn() && !to.IsWithdrawn():
		if limited && at.After(end.At) {
			return was, ErrMove
		}
		stop(&r, WithdrawFinal)
		if limited {
			r.shift(at.Sub(end.From))
		}
	default:
		c.advance(&r, to.Keep(), at)
	}
	return r, nil
}

// advance stops and starts the clocks of a report that has reached a state.
func (c Clock) advance(r *Report, to State, at time.Time) {
	switch to {
	case Received:
		c.start(r, Acknowledge, at)
		c.start(r, Answer, at)
	case Read:
		stop(r, Acknowledge)
		c.start(r, Refer, at)
		if _, ok := r.due(Answer); !ok {
			c.start(r, Answer, at)
		}
	case Referred:
		stop(r, Acknowledge, Refer)
		c.start(r, Confirm, at)
	case Confirmed:
		stop(r, Acknowledge, Refer, Confirm)
	case Closed:
		stop(r, Acknowledge, Refer, Confirm, Answer)
	}
}

// shift moves every deadline by the time in which nobody had to act.
func (r *Report) shift(by time.Duration) {
	if by < 0 {
		return
	}
	for i := range r.Due {
		r.Due[i].From = r.Due[i].From.Add(by).Truncate(time.Second)
		r.Due[i].At = r.Due[i].At.Add(by).Truncate(time.Second)
	}
}

// Acknowledged notes that a reader tapped the button: the first clock stops, and no other. A report that somebody read
// before stays as it is.
func (c Clock) Acknowledged(r Report, at time.Time) Report {
	if next, err := c.Turn(r, ByButton, Read, at); err == nil {
		return next
	}
	return r
}

// Answered takes a reader's signed answer: the report goes to the state that the answer names (its own, if the answer
// changes nothing), and the next word to the reporter is due after the longer term. An answer is a reading: a received
// report becomes read by it. If the reporter withdrew meanwhile the answer still counts, beneath the withdrawal.
func (c Clock) Answered(r Report, to State, at time.Time) (Report, error) {
	if to == Received {
		to = Read
	}
	if r.State.IsWithdrawn() && to.Valid() {
		to = to.Withdraw()
	}
	next, err := c.Turn(r, ByReader, to, at)
	if err != nil || !next.State.Open() {
		return next, err
	}
	c.startIn(&next, Answer, at, c.terms(next).Again)
	return next, nil
}

// Noted takes a reader's signed note that names a state: the report goes there as by an answer, and the clocks which that
// answers stop. The reporter is told the new state and no words, so the next word to them is due when it was. A note
// never closes a report: that needs an answer.
func (c Clock) Noted(r Report, to State, at time.Time) (Report, error) {
	if to == Received {
		to = Read
	}
	if to.Keep() == Closed {
		return r, ErrMove
	}
	if r.State.IsWithdrawn() && to.Valid() {
		to = to.Withdraw()
	}
	return c.Turn(r, ByReader, to, at)
}

// Wrote takes a further message of the reporter: a closed report opens again, and an answer is due within the shorter
// term. A withdrawal stays: it is taken back by nothing but the asking.
func (c Clock) Wrote(r Report, at time.Time) Report {
	if r.State == Closed {
		r, _ = c.Turn(r, ByReporter, Received, at)
		return r
	}
	if !r.State.Open() {
		return r
	}
	next := r.clone()
	c.start(&next, Answer, at)
	was, running := r.due(Answer)
	if now, ok := next.due(Answer); running && (!ok || was.At.Before(now.At)) {
		return r
	}
	return next
}

// startIn begins a clock with a term of its own.
func (c Clock) startIn(r *Report, s Step, at time.Time, term time.Duration) {
	c.start(r, s, at)
	for i := range r.Due {
		if r.Due[i].Step == s && term > 0 {
			r.Due[i].At = after(r.Due[i].From, term)
		}
	}
}

// Fresh begins the running deadlines anew of which every rung was made, for somebody into whose hands the report comes
// alone: without that no clock would ever turn to others again. Deadlines with a rung to come stay as they are, so that
// nothing is put off by handing it on.
func (c Clock) Fresh(r Report, at time.Time) Report {
	next := r
	for _, d := range r.running() {
		if !c.toCome(d) {
			next = next.clone()
			c.start(&next, d.Step, at)
		}
	}
	return next
}

// HandedOver lets a person step back behind those who hold the report: see [Report.StepBack] and [Clock.Fresh].
func (c Clock) HandedOver(r Report, person string, at time.Time) Report {
	return c.Fresh(r.StepBack(person), at)
}
