package ticket

import (
	"fmt"
	"slices"
)

// router works out one plan.
type router struct {
	Mission
	c   Case
	out map[string]bool // excluded roster ids
	why []string

	last []string // of the oversight desk, who wait behind the readers of a rule; empty: the whole desk
}

func (r *router) say(format string, args ...any) { r.why = append(r.why, fmt.Sprintf(format, args...)) }

// exclude finds everyone for whom the report must not exist: by the answers about involvement and about the accused organisation, by the accused force, and by
// every rule that matches. A recovery key goes with the person who holds it.
func (r *router) exclude() {
	forces := r.forceOrgs()
	for _, e := range r.Roster.Entries {
		switch {
		case r.c.Names(e):
			r.out[e.ID] = true
			r.say("%s is excluded: the reporter names this role in %s", e.ID, e.Org)
		case r.c.KeepsOut(e):
			r.out[e.ID] = true
			r.say("%s is excluded: the reporter wants nobody of %s to read", e.ID, e.Org)
		case slices.Contains(forces, e.Org):
			r.out[e.ID] = true
			r.say("%s is excluded: of an accused force", e.ID)
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

// Names says whether an entry may be the person whom the reporter names as involved: by organisation and role.
func (c Case) Names(e Entry) bool {
	return c.Involved == Involved && c.InvolvedOrg != "" && e.Org == c.InvolvedOrg && handles(e, c.InvolvedRole)
}

// KeepsOut says whether the reporter wants nobody of an entry's organisation to read.
func (c Case) KeepsOut(e Entry) bool { return c.KeepOut && e.Org == c.Org }

// OrgsKeptOut gives the organisations of which nobody may read a report: the accused one, if the reporter wants it so, and those
// of an accused force.
func (m Mission) OrgsKeptOut(c Case) []string {
	orgs := (&router{Mission: m, c: c}).forceOrgs()
	if c.KeepOut {
		orgs = append(slices.Clone(orgs), c.Org)
	}
	return orgs
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
	return r.Routes.forceOf(r.c.Org)
}

// forceOrgs lists the organisations of the accused force: those that the mission names, one called like the force itself,
// and the one that the reporter named. Where it is told of a force and not of which, these are the forces that there are:
// whoever skips a question must not reach the very people that they are afraid of.
func (r *router) forceOrgs() (orgs []string) {
	force := r.force()
	if force == "" && r.c.Kind != Force {
		return nil
	}
	for _, f := range forceCategories {
		if f == force || force == "" {
			orgs = append(append(orgs, f), r.Routes.Forces[f]...)
		}
	}
	if force != "" && r.c.Org != "" && r.c.Org != NoOrg {
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

// free says that something of this kind may be sealed to an entry and that it is not excluded.
func (r *router) free(e Entry) bool {
	return e.Usable() && e.Role != Recovery && !r.out[e.ID] && e.MayRead(r.c.Kind)
}

func (r *router) pick(in func(Entry) bool) []Entry {
	var es []Entry
	for _, e := range r.Roster.Entries {
		if r.free(e) && in(e) {
			es = append(es, e)
		}
	}
	return es
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
