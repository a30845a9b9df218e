package ticket

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Walk gives the plan of every combination of answers that roster or routes can tell apart: of values that both treat
// alike the first stands for all. It is deterministic.
func (m Mission) Walk(l Lists) iter.Seq[Row] {
	kinds := alike(Kinds(), func(k Kind) string {
		apart := ""
		if k.Care() || k == Force { // which have rules of their own
			apart = string(k)
		}
		return apart + m.seen(func(e Entry) bool { return e.Takes(k) }, func(f Match) bool { return fits(f.Kinds, k) }) +
			m.seen(func(e Entry) bool { return e.MayRead(k) }, nil)
	})
	areas := alike(append([]string{""}, l.Areas...), func(a string) string {
		return m.seen(func(e Entry) bool { return fits(e.Areas, a) }, func(f Match) bool { return fits(f.Areas, a) })
	})
	langs := alike(append([]string{""}, l.Langs...), func(t string) string {
		return m.seen(nil, func(f Match) bool { return fits(f.Langs, t) }) // how a desk is ordered changes no verdict
	})
	ages := []Age{AgeUnknown, Adult, Under18}
	ages = alike(ages, func(a Age) string {
		return fmt.Sprint(a == Under18) + m.seen(nil, func(f Match) bool { return fits(f.Ages, a) })
	})
	orgs := alike(slices.Concat([]string{"", NoOrg}, l.Orgs), func(o string) string {
		special := ""
		if o == "" || o == NoOrg {
			special = o + "!"
		}
		return special + m.org(o) + m.seen(nil, func(f Match) bool { return fits(f.Orgs, o) })
	})
	accused := alike(slices.Concat([]string{""}, accusedCategories[:len(accusedCategories)-1]), func(a string) string {
		force := ""
		if IsForce(a) {
			force = a
		}
		return force + "!" + m.seen(nil, func(f Match) bool { return fits(f.Accused, a) })
	})
	involved := m.involvements(l)
	return func(yield func(Row) bool) {
		for _, kind := range kinds {
			orgs, accused, involved := orgs, accused, involved
			if kind.Care() {
				orgs, accused, involved = []string{NoOrg}, []string{""}, involved[:1] // none of it is asked
			}
			for _, org := range orgs {
				for _, acc := range accused {
					for _, area := range areas {
						for _, age := range ages {
							for _, lang := range langs {
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
func (m Mission) involvements(l Lists) []Case {
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
	all = alike(all, func(c Case) string {
		return m.seen(func(e Entry) bool { return e.Org == c.InvolvedOrg && handles(e, c.InvolvedRole) }, nil)
	})
	return append([]Case{{Involved: NotInvolved}, {Involved: InvolvedNotSure}}, all...)
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

// alike keeps the first of all values of one description.
func alike[T any](values []T, describe func(T) string) []T {
	have := map[string]bool{}
	var out []T
	for _, v := range values {
		if d := describe(v); !have[d] {
			have[d] = true
			out = append(out, v)
		}
	}
	return out
}

// Table gives the rows of Walk without involvement as lines for an operator: who reads at once, and who waits.
func (m Mission) Table(l Lists) string {
	var b strings.Builder
	for row := range m.Walk(l) {
		if row.Case.Involved != NotInvolved {
			continue
		}
		var reads, waits []string
		for _, r := range row.Plan.Readers {
			if r.Handed {
				reads = append(reads, r.Person)
			} else {
				waits = append(waits, r.Person)
			}
		}
		fmt.Fprintf(&b, "%s | %s | reads %s", row.Case, row.Plan.Verdict, strings.Join(reads, " "))
		if len(waits) > 0 {
			fmt.Fprintf(&b, " | waits %s", strings.Join(waits, " "))
		}
		b.WriteByte('\n')
	}
	return b.String()
}
