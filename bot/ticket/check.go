package ticket

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Lists are the names that answers can take in a mission, beside those that the flow fixes.
type Lists struct {
	Orgs  []string // organisations of the accused and of who is involved
	Areas []string
	Langs []string
	Roles []Role // of who is involved; none: the usual five
}

// Problem is one fault of roster or routes.
type Problem struct {
	Fatal bool   // a report would be refused, or could not be sealed
	At    string // the setting that says so, such as teams.night or routes[2]; empty if none does
	What  string // the fault, with roster ids and names of lists only
	Hint  string // the remedy
	Cases int    // how many combinations of answers it concerns, 0 if it is not about answers
}

// Row is one combination of answers and who reads it.
type Row struct {
	Case Case
	Plan Plan
}

// CheckRoutes walks every combination of kind, accused category, organisation, area, age, language and involvement that
// answers can make, and gives all that is wrong. Values that neither roster nor routes tell apart are walked once for
// all of them, which is complete and keeps a large mission within seconds. A combination is in order if two people can
// read it, one of them outside the accused organisation, or an oversight desk of more than one person. It is fatal if
// reports in which nobody who handles reports is involved cannot be read; the rest is for the mission to weigh, since the
// reporter is then told plainly that nobody can read.
func (m Mission) CheckRoutes(l Lists) []Problem {
	ps := m.checkNames(l)
	found := map[string]*Problem{}
	note := func(fatal bool, c Case, what, hint string) {
		p := found[what]
		if p == nil {
			p = &Problem{Fatal: fatal, What: what, Hint: hint + ", for example " + c.String()}
			found[what] = p
		}
		p.Cases++
	}
	for row := range m.Walk(l) {
		c, p := row.Case, row.Plan
		handed := slices.ContainsFunc(p.Readers, func(r Reader) bool { return r.Handed })
		switch {
		case p.Verdict == Nobody && c.Kind.Care() && !m.enrolled(c.Kind):
			// Many missions have no case workers, and know it: amana check says it once.
		case p.Verdict == Nobody && c.Kind.Care():
			note(false, c, "nobody can read a request for "+string(c.Kind)+", so that its flow only shows services", "enrol two case workers for it, with -kind "+string(c.Kind))
		case p.Verdict == Nobody && c.Involved == InvolvedNotSure:
			note(false, c, "nobody can read when it is not known who is involved", "enrol an oversight desk of two organisations")
		case p.Verdict == Nobody && c.Involved == Involved:
			note(false, c, "nobody can read when somebody of "+orAny(c.InvolvedOrg)+" is involved", "enrol readers of another organisation, or an oversight desk")
		case p.Verdict == Nobody && IsForce(c.Accused) && c.Org != "" && c.Org != NoOrg:
			note(false, c, "nobody can read when "+c.Org+" is said to be the accused force", "enrol readers of another organisation, or an oversight desk")
		case p.Verdict == Nobody && c.Org == "":
			note(true, c, "nobody can read while the accused organisation is not known", "enrol readers of two organisations, or an oversight desk")
		case p.Verdict == Nobody && c.Org == NoOrg:
			note(true, c, "nobody can read when no organisation is concerned", "enrol readers of two organisations, or an oversight desk")
		case p.Verdict == Nobody:
			note(true, c, "nobody outside "+c.Org+" can read about it", "enrol readers of another organisation, or an oversight desk")
		case p.Verdict == Enough && !m.proved(c, p):
			note(true, c, "readers are counted who cannot read, or nobody outside "+orAny(c.Org)+" reads", "enrol readers of another organisation")
		case !handed:
			note(true, c, "nobody would be told of a report", "name a reader who is neither backup nor coordinator")
		case p.Verdict == OversightOnly && len(p.Readers) < 2:
			note(false, c, "one person of the oversight desk reads alone", "enrol a second one of another organisation")
		}
		if p.LeftOut > 0 {
			widened := strings.HasPrefix(p.Rule, "kinds") || strings.HasPrefix(p.Rule, "everyone")
			note(!widened, c, fmt.Sprintf("%s: more than %d readers and recovery keys", p.Rule, MaxFiled), "write a route that names fewer readers")
		}
		if c.Child && p.Verdict != OversightOnly && p.Verdict != Nobody && !m.childReads(p) {
			note(false, c, "a child's report goes to nobody who is a specialist for children", "enrol one, and mark the entry as child")
		}
	}
	for _, p := range found {
		ps = append(ps, *p)
	}
	slices.SortFunc(ps, func(a, b Problem) int {
		if a.Fatal != b.Fatal {
			if a.Fatal {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Hint, b.Hint))
	})
	return ps
}

// proved says of a plan, by itself and without the rules that made it, that two people can read it and that one of them is
// outside the accused organisation: of two organisations, while that is not known.
func (m Mission) proved(c Case, p Plan) bool {
	orgs, n := map[string]bool{}, 0
	for _, x := range p.Readers {
		if e, ok := m.Roster.Find(x.Person); ok && e.Usable() && e.Role != Recovery && !slices.Contains(p.Excluded, e.ID) && e.MayRead(c.Kind) {
			orgs[e.Org] = true
			n++
		}
	}
	outside := len(orgs) > 0
	switch c.Org {
	case NoOrg:
	case "":
		outside = len(orgs) > 1
	default:
		delete(orgs, c.Org)
		outside = len(orgs) > 0
	}
	return n >= 2 && outside
}

// enrolled says that anybody is there for a kind.
func (m Mission) enrolled(k Kind) bool {
	return slices.ContainsFunc(m.Roster.Entries, func(e Entry) bool { return e.Usable() && e.Role != Recovery && e.Takes(k) })
}

func (m Mission) childReads(p Plan) bool {
	return slices.ContainsFunc(p.Readers, func(r Reader) bool {
		e, _ := m.Roster.Find(r.Person)
		return r.Handed && e.keepsChildren()
	})
}

// String gives the case as an operator reads it: only what is set.
func (c Case) String() string {
	var parts []string
	for _, f := range [][2]string{
		{"kind", string(c.Kind)}, {"organisation", c.Org}, {"accused", c.Accused}, {"area", c.Area}, {"age", string(c.Age)},
		{"lang", c.Lang},
	} {
		if f[1] != "" {
			parts = append(parts, f[0]+"="+f[1])
		}
	}
	switch c.Involved {
	case Involved:
		parts = append(parts, "involved="+orAny(c.InvolvedOrg)+"/"+orAny(string(c.InvolvedRole)))
	case InvolvedNotSure:
		parts = append(parts, "involved=not_sure")
	}
	return strings.Join(parts, " ")
}

func orAny(s string) string { return cmp.Or(s, "any") }

// checkNames finds what roster and routes say about names that do not exist.
func (m Mission) checkNames(l Lists) []Problem {
	var ps []Problem
	at := ""
	bad := func(fatal bool, hint, what string, args ...any) {
		ps = append(ps, Problem{Fatal: fatal, At: at, What: fmt.Sprintf(what, args...), Hint: hint})
	}
	if err := m.Roster.Validate(); err != nil {
		bad(true, "correct the roster and sign it again", "%v", err)
	}
	recovery := len(m.Roster.recovery(nil))
	switch {
	case recovery == 0:
		bad(false, "add a recovery key that is kept offline", "no recovery key: a lost device may lose reports")
	case recovery > 4:
		bad(true, "keep at most four", "%d recovery keys leave too little room for readers", recovery)
	}
	for _, e := range m.Roster.Entries {
		switch b, ok := m.Roster.Find(e.Backup); {
		case !e.Usable() || e.Role == Recovery:
			continue
		case e.Role == FocalPoint && e.Backup == "":
			bad(false, "name one", "%s has no backup", e.ID)
		case ok && !b.Usable():
			bad(false, "name another", "the backup of %s is %s, whose key is revoked", e.ID, b.ID)
		}
		for _, a := range e.Areas {
			if len(l.Areas) > 0 && !slices.Contains(l.Areas, a) {
				bad(false, "use a name of the list of areas", "%s reads for the area %s, which no answer names", e.ID, a)
			}
		}
		if len(l.Orgs) > 0 && !slices.Contains(l.Orgs, e.Org) {
			bad(false, "add it, so that a reporter can name it", "%s is of %s, which is not in the list of organisations", e.ID, e.Org)
		}
	}
	for name, team := range m.Routes.Teams {
		at = "teams." + name
		m.checkTeam(name, team, bad)
	}
	for category, orgs := range m.Routes.Forces {
		at = "forces." + category
		for _, org := range orgs {
			if !IsForce(category) || len(l.Orgs) > 0 && !slices.Contains(l.Orgs, org) {
				bad(true, "police, military or civil_defence, with names of the list of organisations", "force %s: %s", category, org)
			}
		}
	}
	for n, rule := range m.Routes.Rules {
		at = fmt.Sprintf("routes[%d]", n)
		m.checkRule(rule, l, bad)
	}
	slices.SortFunc(ps, func(a, b Problem) int { return cmp.Compare(a.What, b.What) })
	return ps
}

// checkTeam asks of a team that two of its people can read and that they are of different organisations: one alone is away
// some day, and one organisation alone must not decide what becomes of a report about itself.
func (m Mission) checkTeam(name string, team []string, bad func(fatal bool, hint, what string, args ...any)) {
	orgs, people := map[string]bool{}, map[string]bool{}
	for _, id := range team {
		e, ok := m.Roster.Find(id)
		switch {
		case !ok:
			bad(true, "use a roster id", "the team %s names %s, who is not in the roster", name, id)
		case e.Role == Recovery:
			bad(true, "recovery keys are added to every report by themselves", "the team %s names the recovery key %s", name, id)
		case !e.Usable():
			bad(false, "take the id out of it", "the team %s names %s, whose key is revoked", name, id)
		default:
			people[id], orgs[e.Org] = true, true
		}
	}
	switch {
	case len(people) < 2:
		bad(true, "name two people of different organisations", "%s of the team %s can read", map[bool]string{true: "one person", false: "nobody"}[len(people) == 1], name)
	case len(orgs) < 2:
		bad(true, "name somebody of another organisation in it", "everybody in the team %s is of %s", name, slices.Collect(maps.Keys(orgs))[0])
	}
}

func (m Mission) checkRule(rule Rule, l Lists, bad func(fatal bool, hint, what string, args ...any)) {
	for _, n := range rule.Last {
		for _, id := range (&router{Mission: m}).persons([]string{n}) {
			if e, ok := m.Roster.Find(id); ok && !e.OversightDesk() {
				bad(true, "enrol them with -oversight, or with -role oversight", "the route %s names %s as last, who is not of the oversight desk", rule.Name, id)
			}
		}
	}
	for _, n := range slices.Concat(rule.Readers, rule.Coordinators, rule.Last, rule.Exclude) {
		_, team := m.Routes.Teams[n]
		e, person := m.Roster.Find(n)
		switch {
		case !team && !person:
			bad(true, "use a roster id or the name of a team", "the route %s names %s, who is not in the roster", rule.Name, n)
		case person && e.Role == Recovery && !slices.Contains(rule.Exclude, n):
			bad(true, "recovery keys are added to every report by themselves", "the route %s names the recovery key %s", rule.Name, n)
		}
	}
	if len(rule.Readers) == 0 && len(rule.Exclude) == 0 {
		bad(true, "name readers, or leave the route out", "the route %s names nobody", rule.Name)
	}
	unknown := func(list, of []string, what string) {
		for _, v := range list {
			if len(of) > 0 && !slices.Contains(of, v) {
				bad(true, "use a name of the list", "the route %s: %s %s does not exist", rule.Name, what, v)
			}
		}
	}
	unknown(rule.For.Orgs, append([]string{NoOrg}, l.Orgs...), "organisation")
	unknown(rule.For.Areas, l.Areas, "area")
	unknown(rule.For.Langs, l.Langs, "language")
	unknown(rule.For.Accused, accusedCategories, "accused")
	unknown(texts(rule.For.Kinds), texts(Kinds()), "kind")
	unknown(texts(rule.For.Ages), []string{string(Adult), string(Under18)}, "age")
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
