package ticket

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Walk gives the plan of every combination of answers that roster or routes can tell apart: of values that both treat
// alike the first stands for all. It is deterministic.
func (m Mission) Walk(l Lists) iter.Seq[Row] { return m.walk(m.apart(l)) }

// apart is what answers can be, in classes of values that roster and routes treat alike.
type apart struct {
	kinds                       [][]Kind
	ages                        [][]Age
	areas, langs, orgs, accused [][]string
	involved                    [][]Case
}

func (m Mission) apart(l Lists) (d apart) {
	d.kinds = alike(Kinds(), func(k Kind) string {
		apart := ""
		if k.Care() || k == Force { // which have rules of their own
			apart = string(k)
		}
		return apart + m.seen(func(e Entry) bool { return e.Takes(k) }, func(f Match) bool { return fits(f.Kinds, k) }) +
			m.seen(func(e Entry) bool { return e.MayRead(k) }, nil)
	})
	d.areas = alike(append([]string{""}, l.Areas...), func(a string) string {
		return m.seen(func(e Entry) bool { return fits(e.Areas, a) }, func(f Match) bool { return fits(f.Areas, a) })
	})
	d.langs = alike(append([]string{""}, l.Langs...), func(t string) string {
		return m.seen(nil, func(f Match) bool { return fits(f.Langs, t) }) // how a desk is ordered changes no verdict
	})
	d.ages = alike([]Age{AgeUnknown, Adult, Under18}, func(a Age) string {
		return fmt.Sprint(a == Under18) + m.seen(nil, func(f Match) bool { return fits(f.Ages, a) })
	})
	d.orgs = alike(slices.Concat([]string{"", NoOrg}, l.Orgs), func(o string) string {
		special := ""
		if o == "" || o == NoOrg {
			special = o + "!"
		}
		return special + m.org(o) + m.seen(nil, func(f Match) bool { return fits(f.Orgs, o) })
	})
	d.accused = alike(slices.Concat([]string{""}, accusedCategories[:len(accusedCategories)-1]), func(a string) string {
		force := ""
		if IsForce(a) {
			force = a
		}
		return force + "!" + m.seen(nil, func(f Match) bool { return fits(f.Accused, a) })
	})
	d.involved = m.involvements(l)
	return d
}

func (m Mission) walk(d apart) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, kind := range firsts(d.kinds) {
			orgs, accused, involved := firsts(d.orgs), firsts(d.accused), firsts(d.involved)
			if kind.Care() {
				orgs, accused, involved = []string{NoOrg}, []string{""}, involved[:1] // none of it is asked
			}
			for _, org := range orgs {
				for _, acc := range accused {
					for _, area := range firsts(d.areas) {
						for _, age := range firsts(d.ages) {
							for _, lang := range firsts(d.langs) {
								for _, c := range involved {
									c.Kind, c.Class, c.Org, c.Accused, c.Area = kind, kind.Class(), org, acc, area
									c.Age, c.Child, c.Lang, c.Urgency = age, age == Under18, lang, Normal
									if c.Child {
										c.Urgency = Urgent
									}
									if !yield(Row{Case: c, Plan: m.Plan(c)}) {
										return
									}
								}
							}
						}
					}
				}
			}
		}
	}
}

// involvements gives no, not sure, and every organisation and role that excludes different persons.
func (m Mission) involvements(l Lists) [][]Case {
	roles := l.Roles
	if len(roles) == 0 {
		roles = []Role{FocalPoint, Backup, Coordinator, RoleManager, RoleOther}
	}
	var all []Case
	for _, org := range l.Orgs {
		for _, role := range append([]Role{""}, roles...) {
			all = append(all, Case{Involved: Involved, InvolvedOrg: org, InvolvedRole: role})
		}
	}
	return append([][]Case{{{Involved: NotInvolved}}, {{Involved: InvolvedNotSure}}}, alike(all, func(c Case) string {
		return m.seen(func(e Entry) bool { return e.Org == c.InvolvedOrg && handles(e, c.InvolvedRole) }, nil)
	})...)
}

// org describes what roster and forces know of an organisation; one that neither knows is like every other such.
func (m Mission) org(o string) string {
	var b strings.Builder
	for _, e := range m.Roster.Entries {
		fmt.Fprint(&b, boolByte(e.Org == o))
	}
	for _, category := range forceCategories {
		fmt.Fprint(&b, boolByte(slices.Contains(m.Routes.Forces[category], o) || o == category))
	}
	return b.String()
}

// seen gives what the entries and the rules make of a value: two values with the same answer lead to the same plans.
func (m Mission) seen(entry func(Entry) bool, rule func(Match) bool) string {
	var b strings.Builder
	if entry != nil {
		for _, e := range m.Roster.Entries {
			fmt.Fprint(&b, boolByte(entry(e)))
		}
	}
	if rule != nil {
		for _, r := range m.Routes.Rules {
			fmt.Fprint(&b, boolByte(rule(r.For)))
		}
	}
	return b.String()
}

func boolByte(v bool) int {
	if v {
		return 1
	}
	return 0
}

// alike parts values into classes of one description, in the order of their first values.
func alike[T any](values []T, describe func(T) string) (out [][]T) {
	at := map[string]int{}
	for _, v := range values {
		d := describe(v)
		if _, have := at[d]; !have {
			at[d] = len(out)
			out = append(out, nil)
		}
		out[at[d]] = append(out[at[d]], v)
	}
	return out
}

// firsts gives the value of each class that stands for it.
func firsts[T any](classes [][]T) []T {
	out := make([]T, len(classes))
	for i, c := range classes {
		out[i] = c[0]
	}
	return out
}
