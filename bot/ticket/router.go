package ticket

import (
	"cmp"
	"fmt"
	"slices"
)

// router works out one plan.
type router struct {
	Mission
	c   Case
	out map[string]bool // excluded roster ids
	why []string
}

func (r *router) say(format string, args ...any) { r.why = append(r.why, fmt.Sprintf(format, args...)) }

// exclude finds everyone for whom the report must not exist: by the answer about involvement, by the accused force, and by
// every rule that matches. A recovery key goes with the person who holds it.
func (r *router) exclude() {
	forces := r.forceOrgs()
	for _, e := range r.Roster.Entries {
		switch {
		case r.c.Involved == Involved && r.c.InvolvedOrg != "" && e.Org == r.c.InvolvedOrg && handles(e, r.c.InvolvedRole):
			r.out[e.ID] = true
			r.say("%s is excluded: the reporter names this role in %s", e.ID, e.Org)
		case slices.Contains(forces, e.Org):
			r.out[e.ID] = true
			r.say("%s is excluded: of the accused force", e.ID)
		}
	}
	for _, rule := range r.Routes.Rules {
		if rule.For.accepts(r.c) {
			for _, id := range r.persons(rule.Exclude) {
				if !r.out[id] {
					r.say("%s is excluded by the route %s", id, rule.Name)
				}
				r.out[id] = true
			}
		}
	}
	for _, e := range r.Roster.Entries {
		if e.Holder != "" && r.out[e.Holder] {
			r.out[e.ID] = true
		}
	}
}

// handles says whether an entry may be the person of whom a reporter says that they have this role. Focal point and
// backup cannot be told apart from outside; a manager, another role, or none at all may be anybody of the organisation.
func handles(e Entry, role Role) bool {
	switch role {
	case FocalPoint, Backup:
		return e.Role == FocalPoint || e.Role == Backup
	case Coordinator, Oversight, Recovery:
		return e.Role == role || role == Oversight && e.OversightDesk()
	}
	return true
}

// force names the force that is accused, by category or by organisation; empty if none is.
func (r *router) force() string {
	if IsForce(r.c.Accused) {
		return r.c.Accused
	}
	for _, category := range []string{"police", "military", "civil_defence"} {
		if r.c.Org != "" && slices.Contains(r.Routes.Forces[category], r.c.Org) {
			return category
		}
	}
	return ""
}

// forceOrgs lists the organisations of the accused force: those that the mission names, one called like the force itself,
// and the one that the reporter named.
func (r *router) forceOrgs() []string {
	force := r.force()
	if force == "" {
		return nil
	}
	orgs := append([]string{force}, r.Routes.Forces[force]...)
	if r.c.Org != "" && r.c.Org != NoOrg {
		orgs = append(orgs, r.c.Org)
	}
	return orgs
}

func (m Match) accepts(c Case) bool {
	return fits(m.Kinds, c.Kind) && fits(m.Orgs, c.Org) && fits(m.Accused, c.Accused) && fits(m.Areas, c.Area) &&
		fits(m.Langs, c.Lang) && fits(m.Ages, c.Age)
}

func fits[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// persons turns ids and team names into ids, each once, in the order given.
func (r *router) persons(names []string) []string {
	var ids []string
	for _, n := range names {
		team, ok := r.Routes.Teams[n]
		if !ok {
			team = []string{n}
		}
		for _, id := range team {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// free says that something may be sealed to an entry and that it is not excluded.
func (r *router) free(e Entry) bool { return e.Usable() && e.Role != Recovery && !r.out[e.ID] }

func (r *router) pick(in func(Entry) bool) []Entry {
	var es []Entry
	for _, e := range r.Roster.Entries {
		if r.free(e) && in(e) {
			es = append(es, e)
		}
	}
	return es
}

// rules tries the rules that match, in order, and gives the plan of the first with enough readers.
func (r *router) rules(also func(Rule) bool) (Plan, bool) {
	for _, rule := range r.Routes.Rules {
		if !rule.For.accepts(r.c) || !also(rule) {
			continue
		}
		readers, boss := r.persons(rule.Readers), r.persons(rule.Coordinators)
		desk := r.pick(func(e Entry) bool { return slices.Contains(readers, e.ID) })
		coordinators := r.pick(func(e Entry) bool {
			return slices.Contains(boss, e.ID) || len(boss) == 0 && e.Role == Coordinator
		})
		if p, ok := r.plan("route "+rule.Name, desk, nil, coordinators); ok {
			return p, true
		}
		r.say("route %s: not enough readers", rule.Name)
	}
	return Plan{}, false
}

// matching gives the plan of everyone whom in accepts, by their roles. Children's reports go to the specialists for
// children, from elsewhere if there are none here; the general focal points then only wait, and only if they are needed.
func (r *router) matching(name string, in func(Entry) bool) (Plan, bool) {
	desk := r.pick(func(e Entry) bool { return e.Role == FocalPoint && in(e) })
	backups := r.pick(func(e Entry) bool { return e.Role == Backup && in(e) })
	coordinators := r.pick(func(e Entry) bool { return e.Role == Coordinator && in(e) })
	if len(coordinators) == 0 {
		coordinators = r.pick(func(e Entry) bool { return e.Role == Coordinator })
	}
	if !r.c.Child {
		return r.plan(name, desk, backups, coordinators)
	}
	child := r.pick(func(e Entry) bool { return e.Child && (e.Role == FocalPoint || e.Role == Backup) && in(e) })
	if len(child) == 0 {
		child = r.pick(func(e Entry) bool { return e.Child && (e.Role == FocalPoint || e.Role == Backup) })
	}
	if len(child) == 0 {
		r.say("no specialist for children can read: the general focal points")
		return r.plan(name, desk, backups, coordinators)
	}
	if p, ok := r.plan(name+", specialists for children", child, nil, coordinators); ok {
		return p, true
	}
	return r.plan(name+", specialists for children first", child, append(desk, backups...), coordinators)
}

// desk gives the plan of the oversight desk: those outside the accused organisation, if there are any. Alone means that no
// recovery key goes with it which a person outside the desk holds.
func (r *router) desk(alone bool) Plan {
	es := r.pick(Entry.OversightDesk)
	outside := slices.DeleteFunc(slices.Clone(es), func(e Entry) bool { return e.Org == r.c.Org })
	if len(outside) > 0 {
		es = outside
	}
	if alone {
		for _, e := range r.Roster.Entries {
			if h, ok := r.Roster.Find(e.Holder); ok && e.Role == Recovery && !h.OversightDesk() {
				r.out[e.ID] = true
			}
		}
	}
	if len(es) == 0 {
		r.say("the oversight desk cannot read either")
		return Plan{Verdict: Nobody, Rule: "nobody", Excluded: r.excluded(), Why: slices.Clone(r.why)}
	}
	p := r.fill("oversight desk", es, nil)
	p.Verdict = OversightOnly
	return p
}

// plan builds the plan of a desk, its backups and coordinators, and says whether it is enough. The backups named in the
// roster come first, then those given.
func (r *router) plan(name string, desk, backups, coordinators []Entry) (Plan, bool) {
	r.order(desk)
	var waiting []Entry
	for i := range max(len(desk), 1) {
		if i < len(desk) {
			if b, ok := r.Roster.Find(desk[i].Backup); ok && r.free(b) {
				waiting = append(waiting, b)
			}
		}
		if i == 0 && len(coordinators) > 0 {
			waiting = append(waiting, coordinators[0])
		}
	}
	waiting = append(append(waiting, backups...), coordinators...)
	if len(desk) == 0 { // somebody must see it: the backups, and without them the coordinators
		desk, waiting = backups, coordinators
		if len(desk) == 0 {
			desk, waiting = coordinators, nil
		}
	}
	p := r.fill(name, desk, waiting)
	p.Verdict = Enough
	return p, r.enough(p)
}

// order puts first who fits best, and second the best of another organisation, so that whoever is left out for want of
// room is never the one from outside.
func (r *router) order(desk []Entry) {
	score := func(e Entry) int {
		n := 0
		if len(e.Areas) > 0 && e.Reads(r.c.Kind, r.c.Area) {
			n += 2
		}
		if r.c.Lang != "" && slices.Contains(e.Langs, r.c.Lang) {
			n++
		}
		return n
	}
	slices.SortStableFunc(desk, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(score(b), score(a)), cmp.Compare(a.ID, b.ID))
	})
	for i := 1; i < len(desk); i++ {
		if desk[i].Org != desk[0].Org && (desk[0].Org != r.c.Org || desk[i].Org != r.c.Org) {
			e := desk[i]
			copy(desk[2:i+1], desk[1:i])
			desk[1] = e
			break
		}
	}
}

// fill makes the list of readers, those who are handed the report first, as far as there is room beside the recovery
// keys. One place is kept for somebody who waits.
func (r *router) fill(name string, handed, waiting []Entry) Plan {
	p := Plan{Rule: name, Excluded: r.excluded()}
	for _, e := range r.Roster.recovery(p.Excluded) {
		p.Recovery = append(p.Recovery, e.ID)
	}
	room := max(MaxFiled-len(p.Recovery), 2)
	seen := map[string]bool{}
	add := func(es []Entry, hand bool, room int) {
		for _, e := range es {
			switch {
			case seen[e.ID]:
			case len(p.Readers) >= room:
				seen[e.ID] = true
				p.LeftOut++
			default:
				seen[e.ID] = true
				p.Readers = append(p.Readers, Reader{Person: e.ID, Handed: hand})
			}
		}
	}
	kept := min(len(waiting), room/2)
	add(handed, true, room-kept)
	add(waiting, false, room)
	sortReaders(p.Readers)
	if p.LeftOut > 0 {
		r.say("%s: %d readers are left out for want of room", name, p.LeftOut)
	}
	p.Why = slices.Clone(r.why)
	return p
}

// enough is the rule: two confirmed keys, one of them outside the accused organisation. While that is not known, the
// keys must be of two organisations, of which one is then outside whatever it is.
func (r *router) enough(p Plan) bool {
	orgs := map[string]bool{}
	for _, x := range p.Readers {
		e, _ := r.Roster.Find(x.Person)
		orgs[e.Org] = true
	}
	if len(p.Readers) < 2 {
		return false
	}
	switch r.c.Org {
	case NoOrg:
		return true
	case "":
		return len(orgs) >= 2
	}
	delete(orgs, r.c.Org)
	return len(orgs) > 0
}

func (r *router) excluded() []string {
	var ids []string
	for id := range r.out {
		ids = append(ids, id)
	}
	return sorted(ids)
}
