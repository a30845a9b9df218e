package ticket

import (
	"fmt"
	"slices"
	"strings"
)

// Verdict says whether enough people can read a report.
type Verdict string

// The verdicts, as the flows know them.
const (
	Enough        Verdict = "enough"    // two confirmed keys, one of them outside the accused organisation
	OversightOnly Verdict = "oversight" // the oversight desk reads it
	Nobody        Verdict = "none"      // the flow does not open
)

// Match says for which reports a rule is: each list names what it accepts, and an empty one accepts everything. What is
// not known about a report is accepted by an empty list only.
type Match struct {
	Kinds   []Kind
	Orgs    []string // of the accused
	Accused []string // categories
	Areas   []string
	Langs   []string
	Ages    []Age
}

// Rule is one route of a mission. Persons are named by roster id or by the name of a team.
type Rule struct {
	Name         string
	For          Match
	Readers      []string // handed the report at filing; their backups wait
	Coordinators []string // wait; empty: the coordinators of the roster
	Last         []string // of the oversight desk, who wait behind all others; empty: the whole desk
	Exclude      []string // never see a report that matches, even if another rule decides
}

// Routes are the rules of a mission in order: the first that matches and has enough readers decides. A mission without
// rules needs none: everyone whose areas and kinds match reads.
type Routes struct {
	Rules  []Rule
	Teams  map[string][]string // name to roster ids
	Forces map[string][]string // "police", "military", "civil_defence" to organisations of the list
}

// Mission is all that decides who reads a report and when they are late. Lists that it holds are not changed by it.
type Mission struct {
	Roster Roster
	Routes Routes
	Clock  Clock
	Away   Away
	Off    Away // who is not at work at this hour; it counts for urgent reports alone
}

// Plan is who would read a report, and why.
type Plan struct {
	Verdict  Verdict
	Rule     string   // what decided: the name of a rule, "areas and kinds", "kinds", "everyone", "oversight desk" or "nobody"
	Readers  []Reader // sorted by person; nobody if the verdict is "none"
	Recovery []string // roster ids of recovery keys: sealed to, never notified, never counted
	Excluded []string
	Why      []string // one sentence a decision, with roster ids and names of lists only
	LeftOut  int      // readers for whom there was no room
}

// Explain gives the plan as lines for an operator.
func (p Plan) Explain() string {
	var b strings.Builder
	for _, w := range p.Why {
		fmt.Fprintf(&b, "%s\n", w)
	}
	for _, r := range p.Readers {
		word := "waits"
		if r.Handed {
			word = "reads"
		}
		fmt.Fprintf(&b, "%s %s\n", r.Person, word)
	}
	fmt.Fprintf(&b, "verdict %s, decided by %s\n", p.Verdict, p.Rule)
	return b.String()
}

// Verdict answers, in the middle of a conversation too, whether a report with these answers could be read by enough
// people. What was not answered counts against the readers, so answers about organisation, area, age and language never
// make it worse, nor does the matter unless it is a force; those about who must not read and about forces may, and so may a route
// that excludes somebody.
func (m Mission) Verdict(filed Kind, lang string, f Facts) Verdict {
	return m.Plan(Classify(filed, lang, f)).Verdict
}

// Route gives the plan for the facts of a report.
func (m Mission) Route(filed Kind, lang string, f Facts) Plan {
	return m.Plan(Classify(filed, lang, f))
}

// Plan gives who reads a case. It is total and deterministic. Who is away changes only who is handed it.
func (m Mission) Plan(c Case) Plan {
	r := &router{Mission: m, c: c, out: map[string]bool{}}
	return r.cover(r.decide())
}

// decide gives who reads a case when everybody is there.
func (r *router) decide() Plan {
	c := r.c
	r.exclude()
	if c.Involved == InvolvedNotSure || c.Involved == Involved && c.InvolvedOrg == "" {
		r.say("somebody who handles reports may be involved, and it is not known who: the oversight desk alone")
		return r.desk(true)
	}
	if force := r.force(); force != "" {
		r.say("a member of the %s is accused: nobody of that force, the oversight desk if there is one", force)
		if p, ok := r.rules(func(m Match) bool {
			return slices.Contains(m.Accused, force) || c.Org != "" && slices.Contains(m.Orgs, c.Org)
		}); ok {
			return p
		}
		if p := r.desk(false); p.Verdict != Nobody {
			return p
		}
	}
	if p, ok := r.rules(func(Match) bool { return true }); ok {
		return p
	}
	ladder := []struct {
		name string
		in   func(Entry) bool
	}{
		{"areas and kinds", func(e Entry) bool { return e.Reads(c.Kind, c.Area) }},
		{"kinds", func(e Entry) bool { return e.Takes(c.Kind) }},
		{"everyone", func(Entry) bool { return true }}, // but for whom the kind is not: see free
	}
	for _, step := range ladder {
		if p, ok := r.matching(step.name, step.in); ok {
			return p
		}
		r.say("%s: not enough readers", step.name)
	}
	if c.Kind.Care() {
		r.say("not enough case workers for %s: nobody reads in their place", c.Kind)
		return Plan{Verdict: Nobody, Rule: "nobody", Excluded: r.excluded(), Why: slices.Clone(r.why)}
	}
	return r.desk(false)
}
