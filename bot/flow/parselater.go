package flow

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"amana/bot/sheet"
)

// later reads what names other steps of this flow: relevant, constraint, goto, text.
func (p *parser) later(f *Flow, i int, fields map[string]*yaml.Node) {
	s := &f.steps[i]
	if n := fields["relevant"]; n != nil {
		s.relevant, s.relevantLine = p.expr(f, i, n, false), n.Line
	}
	if n := fields["constraint"]; n != nil {
		s.constraint = p.expr(f, i, n, true)
	}
	if n := fields["goto"]; n != nil {
		p.jumps(f, i, n)
	}
	if n := fields["kinds"]; n != nil {
		p.look(f, i, n, fields["place"])
	}
	if n := fields["text"]; n != nil && s.kind == kindMailbox {
		s.textOf, _ = p.word(n, "text")
		if at, ok := f.index[s.textOf]; !ok || at >= i || f.steps[at].kind != kindText {
			p.wrong(n.Line, "name a text step that stands before it in this flow", "step %s sends %q, which is no earlier text step", s.name, s.textOf)
		}
	}
}

// expr reads an expression and points its names at the steps of this flow.
func (p *parser) expr(f *Flow, i int, n *yaml.Node, self bool) *expr {
	text, ok := p.word(n, "an expression")
	if !ok {
		return nil
	}
	e, err := parseExpr(text)
	if err != nil {
		p.wrong(n.Line, err.hint, "in %q: %s", strings.TrimSpace(text), err.what)
		return nil
	}
	e.each(func(a *expr) { p.atom(f, i, n.Line, a, self) })
	return e
}

func (p *parser) atom(f *Flow, i, line int, a *expr, self bool) {
	s := &f.steps[i]
	of := s
	switch a.name {
	case ".":
		if !self {
			p.wrong(line, "name the step whose answer you mean", "a dot means the answer of the step itself, which relevant cannot know yet")
			return
		}
		a.own = refSelf
	case readersName:
		a.own = refReaders
		if !has(readersValues, a.value) {
			p.wrong(line, "it can be "+list(readersValues), "readers is never %q", a.value)
		}
		return
	default:
		at, ok := f.index[a.name]
		if !ok {
			a.own = refOuter
			if !isName(a.name, MaxStepName, true) {
				p.wrong(line, "name a step", "no step can be called %q", a.name)
			}
			return
		}
		if at >= i {
			p.wrong(line, "name an earlier step, or move this one down", "step %s asks for the answer of %s, which comes later", s.name, a.name)
			return
		}
		a.own, of = at, &f.steps[at]
	}
	if what, hint := of.compares(a); what != "" {
		p.wrong(line, hint, "%s", what)
	}
}

// compares says what is wrong with comparing this step's answer as the atom does; empty when nothing is.
func (s *step) compares(a *expr) (what, hint string) {
	switch s.kind {
	case kindChoice, kindChoices:
		if s.kind == kindChoices && a.op != opHas {
			return "step " + s.name + " can have several answers", "write " + s.name + " has " + a.value
		}
		if s.list != "" && len(s.choices) == 0 {
			return "", "" // a list is known only when the flows are put together
		}
		for _, c := range s.choices {
			if c.name == a.value {
				return "", ""
			}
		}
		if s.list == "" {
			return "step " + s.name + " has no choice " + a.value, "its choices are " + list(s.choiceNames())
		}
	case kindNumber:
		for i := 0; i < len(a.value); i++ {
			if a.value[i] < '0' || a.value[i] > '9' {
				return "step " + s.name + " is a number, and " + a.value + " is none", "compare it with a number"
			}
		}
	case kindFind:
		if a.value != moveClose {
			return "step " + s.name + " never ends with " + a.value, "it can be " + moveClose + ", where something was shown"
		}
	case kindFile, kindMailbox, kindWipe:
		if !has(results, a.value) {
			return "step " + s.name + " never ends with " + a.value, "it can be " + list(results)
		}
	default:
		return "step " + s.name + " of type " + s.kind.String() + " has no answer to compare", "name a choice, choices, number or a step that acts"
	}
	return "", ""
}

func (s *step) choiceNames() []string {
	names := make([]string, len(s.choices))
	for i := range s.choices {
		names[i] = s.choices[i].name
	}
	return names
}

// jumps reads goto: step, or goto: {choice: step, "*": step}.
func (p *parser) jumps(f *Flow, i int, n *yaml.Node) {
	s := &f.steps[i]
	if n.Kind == yaml.ScalarNode {
		if to, ok := p.target(f, i, n); ok {
			s.gotoAny = to
		}
		return
	}
	if n.Kind != yaml.MappingNode || s.kind == kindNote || s.kind == kindServices || s.kind == kindFlow || s.kind == kindText ||
		s.kind == kindLocation || s.kind == kindPlace || s.kind == kindFind || s.kind == kindReview || s.kind == kindNumber {
		p.wrong(n.Line, "write goto: step, or goto: end", "the goto of step %s must be the name of one step", s.name)
		return
	}
	seen := map[string]bool{}
	for k := 0; k+1 < len(n.Content); k += 2 {
		value := n.Content[k].Value
		to, ok := p.target(f, i, n.Content[k+1])
		switch {
		case n.Content[k].Kind != yaml.ScalarNode:
			p.wrong(n.Content[k].Line, "write a choice, or \"*\" for any other answer", "this goto has no plain name")
		case seen[value]:
			p.wrong(n.Content[k].Line, "keep one of the two", "the goto of step %s has %q twice", s.name, value)
		case !ok:
		case value == "*":
			s.gotoAny = to
		default:
			a := &expr{op: opHas, name: s.name, value: value}
			if what, hint := s.compares(a); what != "" {
				p.wrong(n.Content[k].Line, hint, "%s", what)
				continue
			}
			s.gotos = append(s.gotos, jump{value: value, to: to, line: n.Content[k].Line})
		}
		seen[value] = true
	}
}

// stepNames lists the steps from one on.
func (f *Flow) stepNames(from int) (names []string) {
	for i := from; i < len(f.steps); i++ {
		if f.steps[i].name != "" {
			names = append(names, f.steps[i].name)
		}
	}
	return names
}

func (p *parser) target(f *Flow, i int, n *yaml.Node) (int, bool) {
	name, ok := p.word(n, "a goto")
	if !ok {
		return 0, false
	}
	if name == "end" {
		return len(f.steps), true
	}
	to, ok := f.index[name]
	switch {
	case !ok:
		hint := "name a later step of this flow, or end"
		if near, ok := sheet.Near(name, f.stepNames(i+1)); ok {
			hint = "did you mean " + near + "?"
		}
		p.wrong(n.Line, hint, "step %s goes to %q, which is no step of this flow", f.steps[i].name, name)
		return 0, false
	case to <= i:
		p.wrong(n.Line, "a goto leads forward only; move the step down, or enter a flow", "step %s goes back to %s", f.steps[i].name, name)
		return 0, false
	}
	return to, true
}
