package primero

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"amana/bot/sheet"
)

// Question is what a conversation asks, as far as a mapping has to know.
type Question struct {
	Step    string
	Choices []string
	List    string // of the mission, beside Choices
	Several bool
	Words   bool
	Consent bool
}

// Place is what a mapping is held against: for each flow that files a report everything that it and what it enters ask, the
// lists of the mission, and which of its organisations are the police, the army or another force. A list that is nil is not
// known here, and its names are not looked at.
type Place struct {
	Flows  map[string][]Question
	Lists  map[string][]string
	Forces map[string][]string
}

// Check says what of a mapping the conversations, or the mission's lists, do not have, and lets it know the forces. The error
// is Mistakes.
func (m *Mapping) Check(file string, p Place) error {
	m.forces = p.Forces
	var bad Mistakes
	wrong := func(path, hint, format string, args ...any) {
		bad = append(bad, told(file, sheet.Mistake{Line: m.lines.Of(path), What: fmt.Sprintf(format, args...), Hint: hint}))
	}
	all := slices.Sorted(maps.Keys(p.Flows))
	var asked []Question
	for i, name := range m.Flows {
		at := fmt.Sprintf("flows[%d]", i)
		switch questions, there := p.Flows[name]; {
		case !there:
			wrong(at, sheet.Known(name, all), "there is no flow %q that files a report", name)
		case !slices.ContainsFunc(questions, func(q Question) bool { return q.Consent && q.Step == consentStep(m.Leg) }):
			wrong(at, "take it out: such a report can never go this leg", "the flow %s never asks for the consent to %s", name, m.Leg)
		default:
			asked = append(asked, questions...)
		}
	}
	if orgs := p.Lists["organisations"]; orgs != nil {
		for i, o := range m.Organisations {
			if !slices.Contains(orgs, o) {
				wrong(fmt.Sprintf("organisations[%d]", i), sheet.Known(o, orgs), "the mission has no organisation %q", o)
			}
		}
	}
	if len(bad) > 0 {
		return bad // what is asked is not known, so that every step would seem to be missing
	}
	for _, name := range []string{"case", "incident"} {
		record := m.Case
		if name == "incident" {
			record = m.Incident
		}
		for i, row := range record.Fields {
			if row.Step != "" {
				row.check(fmt.Sprintf("%s.fields[%d]", name, i), asked, p, wrong)
			}
		}
	}
	if len(bad) > 0 {
		return bad
	}
	return nil
}

func (row Row) check(at string, asked []Question, p Place, wrong complain) {
	var steps, choices []string
	several, open, found := false, false, false
	for _, q := range asked {
		if !slices.Contains(steps, q.Step) && (len(q.Choices) > 0 || q.List != "") && !kept(q.Step) {
			steps = append(steps, q.Step)
		}
		if q.Step != row.Step {
			continue
		}
		if found = true; q.Words {
			wrong(at+".step", "own words go by form:, such as form: event.words", "%s is answered in own words", row.Step)
			return
		}
		several = several || q.Several
		choices = append(choices, q.Choices...)
		if q.List != "" {
			list := p.Lists[q.List]
			open = open || list == nil
			choices = append(choices, list...)
		}
	}
	switch {
	case kept(row.Step):
		wrong(at+".step", "take it out", "%s says whom a report must avoid, or how the reporter is told: it goes to nobody", row.Step)
		return
	case !found:
		wrong(at+".step", sheet.Known(row.Step, steps), "no question of these flows is called %q", row.Step)
		return
	}
	slices.Sort(choices)
	choices = slices.Compact(choices)
	became := map[string]bool{}
	for _, choice := range slices.Sorted(maps.Keys(row.Values)) {
		became[row.Values[choice]] = true
		if !open && !slices.Contains(choices, choice) {
			wrong(at+".values."+choice, sheet.Known(choice, choices), "%s cannot be answered with %q", row.Step, choice)
		}
	}
	if several && row.As != asList && len(became) > 1 {
		wrong(at, "write as: list, if the field there takes several; or let all choices become the same", "several can be chosen at %s, and %s takes one", row.Step, row.Field)
	}
}

// kept says of a step that its answer leaves the house with nobody.
func kept(step string) bool {
	return strings.HasPrefix(step, "involved") || strings.HasPrefix(step, "nudge")
}
