package flow

import "go.yaml.in/yaml/v4"

// look reads what a services step looks up: kinds of service by name, or by what was answered before, and the step that
// says where. Whether there are such kinds is known to the mission only, and checked there.
func (p *parser) look(f *Flow, i int, kinds, place *yaml.Node) {
	const hint = "write kinds: [legal, reparations], or kinds: {step: {choice: [kind]}} with earlier choices of this flow"
	s := &f.steps[i]
	s.look = &look{line: kinds.Line}
	switch {
	case kinds.Kind == yaml.SequenceNode && len(kinds.Content) > 0:
		s.look.kinds = p.kinds(s, kinds)
	case kinds.Kind == yaml.MappingNode && len(kinds.Content) > 0:
		for k := 0; k+1 < len(kinds.Content); k += 2 {
			p.kindsOf(f, i, kinds.Content[k], kinds.Content[k+1], hint)
		}
	default:
		p.wrong(kinds.Line, hint, "the kinds of step %s are no list and no map", s.name)
	}
	if place == nil {
		return
	}
	s.look.place, _ = p.word(place, "place")
	at, ok := f.index[s.look.place]
	if !ok || at >= i || f.steps[at].kind != kindPlace && f.steps[at].list != areasList {
		p.wrong(place.Line, "name an earlier step of this flow: of type place, or a choice with choices: {list: areas}",
			"step %s looks within %q, which is no earlier question about an area", s.name, s.look.place)
	}
}

// kindsOf reads which kinds the answers to an earlier step stand for.
func (p *parser) kindsOf(f *Flow, i int, step, as *yaml.Node, hint string) {
	s := &f.steps[i]
	at, ok := f.index[step.Value]
	if !ok || at >= i || f.steps[at].kind != kindChoice {
		p.wrong(step.Line, hint, "step %s looks up what was answered at %q, which is no earlier choice of this flow", s.name, step.Value)
		return
	}
	of := kindOf{step: step.Value, as: map[string][]string{}}
	if as.Kind != yaml.MappingNode {
		p.wrong(as.Line, hint, "what the answers to %s stand for is no map", step.Value)
		return
	}
	for k := 0; k+1 < len(as.Content); k += 2 {
		name := as.Content[k]
		if what, fix := f.steps[at].compares(&expr{op: opHas, name: step.Value, value: name.Value}); what != "" && name.Value != "*" {
			p.wrong(name.Line, fix, "%s", what)
			continue
		}
		if as.Content[k+1].Kind != yaml.SequenceNode {
			p.wrong(name.Line, hint, "what the answer %s stands for is no list of kinds", name.Value)
			continue
		}
		of.as[name.Value] = p.kinds(s, as.Content[k+1])
	}
	s.look.of = append(s.look.of, of)
}

func (p *parser) kinds(s *step, n *yaml.Node) []string {
	out := []string{}
	for _, c := range n.Content {
		if name, ok := p.name(c, "a kind of service", MaxName, false); ok {
			out = append(out, name)
		}
	}
	return out
}

// Kinds gives the kinds of service that the flows look up, each with the place where it is named.
func (s *Set) Kinds() []Asked {
	var out []Asked
	for _, name := range s.names {
		f := s.flows[name]
		for i := range f.steps {
			st := &f.steps[i]
			if st.look == nil {
				continue
			}
			add := func(kinds []string, listed bool) {
				for _, k := range kinds {
					out = append(out, Asked{Flow: name, Listed: listed, File: f.File, Line: st.look.line, Step: st.name, Kind: k})
				}
			}
			add(st.look.kinds, false)
			for _, of := range st.look.of {
				add(of.as["*"], false)
				for _, c := range f.steps[f.index[of.step]].choices {
					as, named := of.as[c.name]
					if !named {
						as = []string{c.name}
					}
					add(as, c.list != "" && !named)
				}
			}
		}
	}
	return out
}

// Asked is one kind of service that a flow looks up.
type Asked struct {
	Flow   string
	File   string
	Line   int
	Step   string
	Kind   string
	Listed bool // asked for as an item of a list, by its own name
}
