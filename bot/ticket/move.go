package ticket

import (
	"slices"
	"time"
)

// What says what a missed or nearing deadline brings about.
type What string

// The moves, from the mildest.
const (
	Remind        What = "remind"      // those who hold the report are told again
	ToBackup      What = "backup"      // handed to the backups
	ToCoordinator What = "coordinator" // handed to everyone who still waits, the coordinator first of all
	Final         What = "final"       // a withdrawal stands
)

// Move is one thing that time brings about in a report. Apply makes it so.
type Move struct {
	Step Step
	What What
	At   time.Time // when it fell due
	Late bool      // the deadline itself has passed
	Hand []string  // waiting persons who are handed the report now
	Tell []string  // persons who get a notice: those handed now, or, if there are none, those who hold it; of a reminder both
}

// Due lists what is to be done about a report at a time, in the order in which it fell due; each rung of each step is
// listed once in the life of a deadline, if Apply is kept. A rung on which nobody waits is passed over for the next at
// the same moment, and when nobody waits at all those who hold the report are reminded, so that no deadline is missed in
// silence. The roster tells who is a coordinator and whose key still counts.
//
// For a person who is away, the one who stands in is handed the report at the first rung. Whoever waits and is away is
// passed over while somebody else waits, but for the last rung, which turns to everyone.
func (c Clock) Due(r Report, roster Roster, away Away, now time.Time) []Move {
	var moves []Move
	for _, d := range r.running() {
		for _, rung := range c.rungs(d) {
			if now.Before(rung.at) || d.Made >= rung.made {
				continue
			}
			if rung.what == Remind && !now.Before(d.At) {
				continue // too late to remind: the next rung tells
			}
			m := r.move(rung, roster, away)
			m.Step, m.Late = d.Step, !now.Before(d.At)
			moves = append(moves, m)
			r = r.Apply(m)
			d, _ = r.due(d.Step)
		}
	}
	slices.SortStableFunc(moves, func(a, b Move) int { return a.At.Compare(b.At) })
	return moves
}

// move fills in whom a rung concerns.
func (r Report) move(rung rung, roster Roster, away Away) Move {
	m := Move{What: rung.what, At: rung.at}
	backups, there, all := waiting(r, roster, away)
	switch {
	case m.What == Remind:
		m.Hand = away.standIns(r.unexcluded(), roster)
		m.Tell = slices.Concat(r.Handed(), m.Hand)
		return m
	case m.What == ToBackup && len(backups) > 0:
		m.Hand = backups
	case m.What == ToBackup && len(there) > 0 && len(there) < len(all):
		m.Hand = there // the last rung is still to come for those who are away
	case m.What == ToBackup || m.What == ToCoordinator:
		m.What, m.Hand = ToCoordinator, all
	}
	if m.Tell = m.Hand; len(m.Tell) == 0 {
		m.Tell = r.Handed()
	}
	return m
}

// rung is one move that a deadline has in store.
type rung struct {
	what What
	made Made
	at   time.Time
}

// rungs gives the moves of a deadline in their order.
func (c Clock) rungs(d Due) []rung {
	c = c.set()
	if d.Step == WithdrawFinal {
		return []rung{{Final, MadeFinal, d.At}}
	}
	part := func(percent int) time.Time {
		return d.From.Add(d.At.Sub(d.From) / 100 * time.Duration(percent)).Truncate(time.Second)
	}
	var rs []rung
	if c.Remind > 0 && c.Remind < 100 {
		rs = append(rs, rung{Remind, MadeReminder, part(c.Remind)})
	}
	return append(rs, rung{ToBackup, MadeBackup, d.At}, rung{ToCoordinator, MadeCoordinator, part(max(c.Coordinator, 100))})
}

// running gives the deadlines that count in the present state.
func (r Report) running() []Due {
	var ds []Due
	for _, d := range r.Due {
		if r.State.IsWithdrawn() == (d.Step == WithdrawFinal) {
			ds = append(ds, d)
		}
	}
	return ds
}

// waiting gives the waiting persons whose key still counts: the backups who are there, all who are there, and everyone.
func waiting(r Report, roster Roster, away Away) (backups, there, all []string) {
	for _, id := range r.Waiting() {
		e, ok := roster.Find(id)
		if !ok || !e.Usable() || r.IsExcluded(id) {
			continue
		}
		all = append(all, id)
		if away[id] {
			continue
		}
		there = append(there, id)
		if e.Role != Coordinator {
			backups = append(backups, id)
		}
	}
	return backups, there, all
}

// unexcluded gives the readers for whom the report exists.
func (r Report) unexcluded() []Reader {
	return slices.DeleteFunc(slices.Clone(r.Readers), func(x Reader) bool { return r.IsExcluded(x.Person) })
}

// Apply makes a move: it is noted, and persons are handed the report.
func (r Report) Apply(m Move) Report {
	r = r.clone()
	made := map[What]Made{
		Remind: MadeReminder, ToBackup: MadeBackup, ToCoordinator: MadeCoordinator, Final: MadeFinal,
	}[m.What]
	for i := range r.Due {
		if r.Due[i].Step == m.Step {
			r.Due[i].Made = max(r.Due[i].Made, made)
		}
	}
	for i := range r.Readers {
		if slices.Contains(m.Hand, r.Readers[i].Person) && !r.IsExcluded(r.Readers[i].Person) {
			r.Readers[i].Handed = true
		}
	}
	if m.What == Final && r.State.IsWithdrawn() {
		r.State, r.Due = Closed, nil
	}
	return r
}

// Next gives the instant at which Due will next have something to list.
func (c Clock) Next(r Report) (time.Time, bool) {
	var next time.Time
	found := false
	for _, d := range r.running() {
		for _, rung := range c.rungs(d) {
			if d.Made < rung.made && (!found || rung.at.Before(next)) {
				next, found = rung.at, true
			}
		}
	}
	return next, found
}

// DueDay gives the day under which the report stands in the index of what is due: the day of Next.
func (c Clock) DueDay(r Report) (Day, bool) {
	t, ok := c.Next(r)
	return DayOf(t), ok
}
