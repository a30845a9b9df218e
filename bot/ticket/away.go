package ticket

import (
	"maps"
	"slices"
)

// Away are the persons who are not there just now, by roster id; nil: everybody is. It is no part of the signed roster,
// since it changes by the day and nothing is sealed by it: it decides who is handed a report first, and never who can
// read it.
type Away map[string]bool

// and gives who is away from a report: of an urgent one those too who are off duty.
func (a Away) and(u Urgency, off Away) Away {
	if u != Urgent || len(off) == 0 {
		return a
	}
	both := maps.Clone(off)
	maps.Copy(both, a)
	return both
}

// cover hands a plan to somebody who is there: beside each handed reader who is away, to the backup whom the roster
// names for them, and if nobody who holds it is there, to those who wait. Who reads stays the same.
func (r *router) cover(p Plan) Plan {
	hand := r.Away.and(r.c.Urgency, r.Off).standIns(p.Readers, r.Roster)
	if len(hand) == 0 {
		return p
	}
	p.Readers = slices.Clone(p.Readers)
	for i, x := range p.Readers {
		if slices.Contains(hand, x.Person) {
			p.Readers[i].Handed = true
			r.say("%s reads at once: somebody for whom they stand in is away", x.Person)
		}
	}
	p.Why = slices.Clone(r.why)
	return p
}

// standIns gives the waiting readers who are to be handed a report because somebody who holds it is away: the backup of
// each, and if then nobody who is there holds it, the backups who wait, or else the coordinators, or else the oversight
// desk. Nobody who is away stands in.
func (a Away) standIns(readers []Reader, roster Roster) (hand []string) {
	if len(a) == 0 {
		return nil
	}
	there := func(x Reader) bool {
		e, ok := roster.Find(x.Person)
		return ok && e.Usable() && !a[x.Person]
	}
	held := false
	for _, x := range readers {
		e, _ := roster.Find(x.Person)
		switch {
		case !x.Handed:
		case there(x):
			held = true
		case a[x.Person] && !slices.Contains(hand, e.Backup) &&
			slices.ContainsFunc(readers, func(b Reader) bool { return b.Person == e.Backup && !b.Handed && there(b) }):
			hand = append(hand, e.Backup)
		}
	}
	if held || len(hand) > 0 {
		return sorted(hand)
	}
	var backups, coordinators, desk []string
	for _, x := range readers {
		e, _ := roster.Find(x.Person)
		switch {
		case x.Handed || !there(x):
		case isLast(e, readers, roster):
			desk = append(desk, x.Person)
		case e.Role == Coordinator:
			coordinators = append(coordinators, x.Person)
		default:
			backups = append(backups, x.Person)
		}
	}
	for _, row := range [][]string{backups, coordinators, desk} {
		if len(row) > 0 {
			return row
		}
	}
	return nil
}
