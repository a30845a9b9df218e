package main

import (
	"fmt"
	"maps"
	"slices"

	"amana/bot/sheet"
	"amana/bot/ticket"
)

// What a profile says about forces: which of its organisations is the police, the army or the civil defence. The answer
// "that organisation" then counts as the answer "a policeman": nobody of that force reads the report, the oversight desk does
// if there is one, and the urgent lines of the police are not shown. A profile has no teams and no routes: these name
// people, whom only the mission knows, and without them the rules above hold already.

// forceKinds are the categories of accused that carry arms or a badge.
var forceKinds = []string{"police", "military", "civil_defence"}

func (p *profile) forceProblems(say func(setting, format string, args ...any)) {
	orgs, seen := itemNames(p.Organisations), map[string]string{}
	for _, force := range slices.Sorted(maps.Keys(p.Forces)) {
		if !slices.Contains(forceKinds, force) {
			say("forces."+force, "forces: there is no force %q; %s", force, sheet.Known(force, forceKinds))
		}
		for n, org := range p.Forces[force] {
			setting := fmt.Sprintf("forces.%s[%d]", force, n)
			switch {
			case !slices.Contains(orgs, org):
				say(setting, "forces: %s: there is no organisation %q; %s", force, org, sheet.Known(org, orgs))
			case seen[org] != "":
				say(setting, "forces: %s stands twice, first in %s; keep one", org, seen[org])
			}
			seen[org] = p.at(setting)
		}
	}
}

// forces gives the organisations of each force: those of the profile, and in the place of a whole category what the
// configuration says of it. An organisation that the configuration puts under one force is of no other.
func (c *config) forces(p *profile) map[string][]string {
	own := map[string]bool{}
	for _, orgs := range c.Forces {
		for _, o := range orgs {
			own[o] = true
		}
	}
	out := map[string][]string{}
	for force, orgs := range p.Forces {
		out[force] = slices.DeleteFunc(slices.Clone(orgs), func(o string) bool { return own[o] })
	}
	maps.Copy(out, c.Forces)
	return out
}

// routes gives the rules of a mission: its own, and what its profile says about forces.
func (c *config) routes(p *profile) ticket.Routes {
	out := ticket.Routes{Teams: c.Teams, Forces: c.forces(p)}
	for _, r := range c.Routes {
		rule := ticket.Rule{Name: r.Name, Readers: r.Readers, Coordinators: r.Coordinators, Last: r.Last, Exclude: r.Exclude}
		rule.For = ticket.Match{Orgs: r.Orgs, Accused: r.Accused, Areas: r.Areas, Langs: r.Langs}
		for _, k := range r.Kinds {
			rule.For.Kinds = append(rule.For.Kinds, ticket.Kind(k))
		}
		for _, a := range r.Ages {
			rule.For.Ages = append(rule.For.Ages, ticket.Age(a))
		}
		out.Rules = append(out.Rules, rule)
	}
	return out
}

// routes gives the rules by which this house chooses readers.
func (h *house) routes() ticket.Routes { return h.config.routes(h.profile) }

// checkForces warns where the configuration takes back that an organisation is a force: what is told about it would reach
// readers of it.
func checkForces(conf *config, p *profile) (found []finding) {
	kept := map[string]bool{}
	for _, orgs := range conf.forces(p) {
		for _, o := range orgs {
			kept[o] = true
		}
	}
	for _, force := range slices.Sorted(maps.Keys(p.Forces)) {
		for _, org := range p.Forces[force] {
			if !kept[org] {
				found = append(found, finding{warning, conf.at("forces." + force), fmt.Sprintf("forces: %s: the profile counts %s among them and the configuration does not: what is told about it can reach its own readers", force, org),
					fmt.Sprintf("add %s to forces: %s:, or take the line out", org, force)})
			}
		}
	}
	return found
}
