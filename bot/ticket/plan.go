package ticket

import (
	"cmp"
	"slices"
)

// rules tries the rules that match, in order, and gives the plan of the first with enough readers. A child's report tries
// the rules that name its age first.
func (r *router) rules(also func(Match) bool) (Plan, bool) {
	var named, general []Rule
	for _, rule := range r.Routes.Rules {
		switch {
		case !rule.For.accepts(r.c) || !also(rule.For):
		case r.c.Child && len(rule.For.Ages) > 0:
			named = append(named, rule)
		default:
			general = append(general, rule)
		}
	}
	for _, rule := range append(named, general...) {
		readers, bosses := r.persons(rule.Readers), r.persons(rule.Coordinators)
		desk := r.pick(func(e Entry) bool { return slices.Contains(readers, e.ID) })
		coordinators := r.pick(func(e Entry) bool {
			return slices.Contains(bosses, e.ID) || len(bosses) == 0 && e.Role == Coordinator
		})
		r.last = r.persons(rule.Last)
		plan := r.plan
		if r.c.Child && len(rule.For.Ages) == 0 {
			plan = r.childPlan
		}
		p, ok := plan("route "+rule.Name, desk, nil, coordinators)
		r.last = nil
		if ok {
			return p, true
		}
		r.say("route %s: not enough readers", rule.Name)
	}
	return Plan{}, false
}

// matching gives the plan of everyone whom in accepts, by their roles.
func (r *router) matching(name string, in func(Entry) bool) (Plan, bool) {
	desk := r.pick(func(e Entry) bool { return e.Role == FocalPoint && in(e) })
	backups := r.pick(func(e Entry) bool { return e.Role == Backup && in(e) })
	coordinators := r.pick(func(e Entry) bool { return e.Role == Coordinator && in(e) })
	if len(coordinators) == 0 {
		coordinators = r.pick(func(e Entry) bool { return e.Role == Coordinator })
	}
	if r.c.Child {
		return r.childPlan(name, desk, backups, coordinators)
	}
	return r.plan(name, desk, backups, coordinators)
}

// childPlan hands a child's report to specialists for children alone: those of the desk, else those whose areas and kinds
// match, else any. The general focal points only wait, and only if they are needed; they read at once if the mission has
// no specialist.
func (r *router) childPlan(name string, desk, backups, coordinators []Entry) (Plan, bool) {
	special := func(e Entry) bool { return e.keepsChildren() && (e.Role == FocalPoint || e.Role == Backup) }
	child := slices.DeleteFunc(append(slices.Clone(desk), backups...), func(e Entry) bool { return !special(e) })
	if len(child) == 0 {
		child = r.pick(func(e Entry) bool { return special(e) && e.Reads(r.c.Kind, r.c.Area) })
	}
	if len(child) == 0 {
		child = r.pick(special)
	}
	if len(child) == 0 {
		r.say("no specialist for children can read: the general focal points")
		return r.plan(name, desk, backups, coordinators)
	}
	if p, ok := r.plan(name+", specialists for children", child, nil, coordinators); ok {
		return p, true
	}
	return r.plan(name+", specialists for children first", child, slices.Concat(desk, r.named(desk), backups), coordinators)
}

// desk gives the plan of the oversight desk: those outside the accused organisation, if there are any, and waiting behind
// them the coordinators outside it. Alone means that nobody else waits, and that no recovery key goes with it which a
// person outside the desk holds.
func (r *router) desk(alone bool) Plan {
	es := r.pick(Entry.OversightDesk)
	outside := func(e Entry) bool { return e.Org != r.c.Org }
	if slices.ContainsFunc(es, outside) {
		es = slices.DeleteFunc(es, func(e Entry) bool { return !outside(e) })
	}
	coordinators := r.pick(func(e Entry) bool { return e.Role == Coordinator && outside(e) })
	if alone {
		coordinators = nil
		for _, e := range r.Roster.Entries {
			if h, ok := r.Roster.Find(e.Holder); ok && e.Role == Recovery && !h.OversightDesk() {
				r.out[e.ID] = true
			}
		}
	}
	if len(es) == 0 {
		r.say("the oversight desk cannot read")
		return Plan{Verdict: Nobody, Rule: "nobody", Excluded: r.excluded(), Why: slices.Clone(r.why)}
	}
	r.order(es)
	p := r.fill("oversight desk", es, coordinators)
	p.Verdict = OversightOnly
	return p
}

// plan builds the plan of a desk, its backups and coordinators, and says whether it is enough. The backups that the
// roster names come first, then those given; without a desk the backups see the report, without them the coordinators.
func (r *router) plan(name string, desk, backups, coordinators []Entry) (Plan, bool) {
	named := r.named(desk)
	waiting := slices.Concat(named[:min(len(named), 1)], coordinators[:min(len(coordinators), 1)], named, backups, coordinators)
	switch {
	case len(desk) > 0:
	case len(backups) > 0:
		desk = backups
	default:
		desk = coordinators
	}
	if len(desk) == 0 {
		return Plan{}, false
	}
	desk = slices.Clone(desk)
	r.order(desk)
	fromOutside(waiting, 0, desk[0].Org)
	p := r.fill(name, desk, waiting)
	p.Verdict = Enough
	if !r.enough(p) {
		return p, false
	}
	return r.behind(p), true
}

// behind lets the oversight desk wait behind everybody else, as far as there is room and it is outside the accused
// organisation: the last rung of a clock can only turn to those to whom the report is sealed. It does not count for whether
// there are enough readers, who must be able to act long before that.
func (r *router) behind(p Plan) Plan {
	es := r.pick(func(e Entry) bool {
		return e.OversightDesk() && e.Org != r.c.Org && (len(r.last) == 0 || slices.Contains(r.last, e.ID)) &&
			!slices.ContainsFunc(p.Readers, func(x Reader) bool { return x.Person == e.ID })
	})
	r.order(es)
	room := max(MaxFiled-len(p.Recovery)-len(p.Readers), 0)
	if len(es) > room {
		r.say("no room for %d of the oversight desk behind them", len(es)-room)
		es = es[:room]
	}
	for _, e := range es {
		p.Readers = append(p.Readers, Reader{Person: e.ID})
	}
	sortReaders(p.Readers)
	p.Why = slices.Clone(r.why)
	return p
}

// named gives the backups that the roster names for a desk.
func (r *router) named(desk []Entry) []Entry {
	var es []Entry
	for _, e := range desk {
		if b, ok := r.Roster.Find(e.Backup); ok && r.free(b) {
			es = append(es, b)
		}
	}
	return es
}

// order puts first who fits best, and second the best of another organisation.
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
	if len(desk) > 1 {
		fromOutside(desk, 1, desk[0].Org)
	}
}

// fromOutside brings the first entry of another organisation to a place in the list, so that whoever is left out for
// want of room is never the only one from outside.
func fromOutside(list []Entry, place int, org string) {
	i := slices.IndexFunc(list, func(e Entry) bool { return e.Org != org })
	if i <= place {
		return
	}
	e := list[i]
	copy(list[place+1:i+1], list[place:i])
	list[place] = e
}

// fill makes the list of readers as far as there is room beside the recovery keys. Those who wait keep up to half of it,
// so that a clock always has somebody to turn to.
func (r *router) fill(name string, handed, waiting []Entry) Plan {
	p := Plan{Rule: name, Excluded: r.excluded()}
	for _, e := range r.Roster.recovery(p.Excluded) {
		p.Recovery = append(p.Recovery, e.ID)
	}
	room := max(MaxFiled-len(p.Recovery), 2)
	seen := map[string]bool{}
	once := func(es []Entry) []Entry {
		var out []Entry
		for _, e := range es {
			if !seen[e.ID] {
				seen[e.ID] = true
				out = append(out, e)
			}
		}
		return out
	}
	handed, waiting = once(handed), once(waiting)
	p.LeftOut = max(len(handed)+len(waiting)-room, 0)
	handed = handed[:min(len(handed), room-min(len(waiting), room/2))]
	waiting = waiting[:min(len(waiting), room-len(handed))]
	for _, e := range handed {
		p.Readers = append(p.Readers, Reader{Person: e.ID, Handed: true})
	}
	for _, e := range waiting {
		p.Readers = append(p.Readers, Reader{Person: e.ID})
	}
	sortReaders(p.Readers)
	if p.LeftOut > 0 {
		r.say("%s: no room for %d more readers", name, p.LeftOut)
	}
	p.Why = slices.Clone(r.why)
	return p
}
