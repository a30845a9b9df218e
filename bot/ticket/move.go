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
	ToCoordinator What = "coordinator" // handed to everyone who still waits but the oversight desk, the coordinator first of all
	ToOversight   What = "oversight"   // handed to the oversight desk, and to whoever else waits
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
// passed over while somebody else waits, but for the coordinator's rung, which turns to everyone before the oversight desk.
// Of an urgent report those are away too who are not at work at that hour.
func (c Clock) Due(r Report, roster Roster, away Away, now time.Time) []Move {
	var moves []Move
	away = away.and(r.Urgency, c.OffDuty(now))
	for _, d := range r.running() {
		for _, rung := range c.rungs(d) {
			if now.Before(rung.at) || d.Made >= rung.made {
				continue
			}
			if rung.what == Remind && !now.Before(d.At) {
				continue // too late to remind: the next rung tells
			}
			m := r.move(rung, c.set().Oversight > 0, roster, away)
			m.Step, m.Late = d.Step, !now.Before(d.At)
			moves = append(moves, m)
			r = r.Apply(m)
			d, _ = r.due(d.Step)
		}
	}
	slices.SortStableFunc(moves, func(a, b Move) int { return a.At.Compare(b.At) })
	return moves
}

// move fills in whom a rung concerns. Without a rung of its own the oversight desk, as far as it waits, is turned to with
// the coordinator.
func (r Report) move(rung rung, desk bool, roster Roster, away Away) Move {
	m := Move{What: rung.what, At: rung.at}
	w := waiting(r, desk, roster, away)
	switch {
	case m.What == Remind:
		m.Hand = away.standIns(r.unexcluded(), roster)
		m.Tell = slices.Concat(r.Handed(), m.Hand)
		return m
	case m.What == Final: // whoever holds it is told
	case m.What == ToBackup && len(w.backups) > 0:
		m.Hand = w.backups
	case m.What == ToBackup && len(w.there) > 0 && len(w.there) < len(w.all):
		m.Hand = w.there // the next rung is still to come for those who are away
	case m.What != ToOversight && (len(w.all) > 0 || len(w.desk) == 0):
		m.What, m.Hand = ToCoordinator, w.all
	default:
		m.What, m.Hand = ToOversight, sorted(append(w.all, w.desk...))
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
	coordinator := max(c.Coordinator, 100)
	rs = append(rs, rung{ToBackup, MadeBackup, d.At}, rung{ToCoordinator, MadeCoordinator, part(coordinator)})
	if c.Oversight > 0 {
		rs = append(rs, rung{ToOversight, MadeOversight, part(max(c.Oversight, coordinator))})
	}
	return rs
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

// row is who waits for a report, of those whose key still counts: the backups who are there, everyone who is there, and
// everyone, all of them before the oversight desk, if it has a rung of its own; and that.
type row struct{ backups, there, all, desk []string }

func waiting(r Report, desk bool, roster Roster, away Away) (w row) {
	for _, id := range r.Waiting() {
		e, ok := roster.Find(id)
		switch {
		case !ok || !e.Usable() || r.IsExcluded(id):
			continue
		case desk && isLast(e, r.Readers, roster):
			w.desk = append(w.desk, id)
			continue
		}
		w.all = append(w.all, id)
		if away[id] {
			continue
		}
		w.there = append(w.there, id)
		if e.Role != Coordinator && !isLast(e, r.Readers, roster) {
			w.backups = append(w.backups, id)
		}
	}
	return w
}

// TurnTo gives those to whom a report comes at once, whatever its deadlines say, of the waiting persons who can do what those
// who hold it cannot: the backups who are there, or else everyone who is, or else everyone, and last the oversight desk.
func (c Clock) TurnTo(r Report, roster Roster, away Away, now time.Time, can func(person string) bool) []string {
	w := waiting(r, c.set().Oversight > 0, roster, away.and(r.Urgency, c.OffDuty(now)))
	for _, row := range [][]string{w.backups, w.there, w.all, w.desk} {
		if row = slices.DeleteFunc(row, func(id string) bool { return !can(id) }); len(row) > 0 {
			return row
		}
	}
	return nil
}

// isLast says that a reader who waits does so as oversight desk: by their role, or beside it, unless they wait as
// coordinator or as the backup of another reader.
func isLast(e Entry, readers []Reader, roster Roster) bool {
	if e.Role == Oversight {
		return true
	}
	return e.OversightDesk() && e.Role == FocalPoint && !slices.ContainsFunc(readers, func(x Reader) bool {
		other, ok := roster.Find(x.Person)
		return ok && other.Backup == e.ID
	})
}

// unexcluded gives the readers for whom the report exists.
func (r Report) unexcluded() []Reader {
	return slices.DeleteFunc(slices.Clone(r.Readers), func(x Reader) bool { return r.IsExcluded(x.Person) })
}

// Apply makes a move: it is noted, and persons are handed the report.
func (r Report) Apply(m Move) Report {
	r = r.clone()
	made := map[What]Made{
		Remind: MadeReminder, ToBackup: MadeBackup, ToCoordinator: MadeCoordinator, ToOversight: MadeOversight, Final: MadeFinal,
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

// Overdue lists the deadlines of an open report that have passed and of which every rung was made: nothing but people can
// bring it on from there.
func (c Clock) Overdue(r Report) (steps []Step) {
	if !r.State.Open() {
		return nil
	}
	for _, d := range r.running() {
		if !c.toCome(d) {
			steps = append(steps, d.Step)
		}
	}
	return steps
}

// toCome says that a rung of a deadline was not made yet.
func (c Clock) toCome(d Due) bool {
	return slices.ContainsFunc(c.rungs(d), func(g rung) bool { return d.Made < g.made })
}
