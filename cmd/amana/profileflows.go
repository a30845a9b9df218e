package main

import (
	"fmt"
	"slices"

	"amana/bot/flow"
	"amana/bot/sheet"
)

// alwaysOn are the flows that no mission can do without: help comes before everything, a wrong can be told, its answer be
// read, and the chat be cleared. What is not shipped of them need not be named.
var alwaysOn = []string{"services", "report", "mailbox", "hide"}

// flowProblems compares the flows that a profile names with those that there are.
func (p *profile) flowProblems(all []*flow.Flow) (bad errConfig) {
	if len(p.Flows) == 0 {
		return nil
	}
	var known []string
	for _, f := range all {
		known = append(known, f.Name)
	}
	seen := map[string]bool{}
	for n, name := range p.Flows {
		at := p.at(fmt.Sprintf("flows[%d]", n))
		switch {
		case !slices.Contains(known, name):
			bad = append(bad, fmt.Sprintf("%s: flows: there is no flow %q; %s", at, name, sheet.Known(name, known)))
		case seen[name]:
			bad = append(bad, fmt.Sprintf("%s: flows: %s stands twice; keep one", at, name))
		}
		seen[name] = true
	}
	for _, name := range alwaysOn {
		if slices.Contains(known, name) && !seen[name] {
			bad = append(bad, fmt.Sprintf("%s: flows: %s cannot be off; add it to the list", p.at("flows"), name))
		}
	}
	return bad
}

// off lists the flows that the mission does not offer. They are on no menu: a flow that others enter as a part of theirs,
// such as the safe hours of a call, stays where it is, and whoever is under 18 is led to the flow child from others even
// where no menu offers it.
func (p *profile) off(all []*flow.Flow) (names []string) {
	for _, f := range all {
		if len(p.Flows) > 0 && !slices.Contains(p.Flows, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}
