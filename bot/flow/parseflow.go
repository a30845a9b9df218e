package flow

import (
	"go.yaml.in/yaml/v4"

	"amana/bot/sheet"
)

// flow reads the top of a file and its steps.
func (p *parser) flow(src []byte) *Flow {
	n := p.document(src)
	if n == nil {
		return nil
	}
	fields := p.fields(n, "a flow", "flow", "kind", "steps")
	if fields == nil {
		return nil
	}
	f := &Flow{File: p.src.file, index: map[string]int{}, src: p.src}
	if name := fields["flow"]; name == nil {
		p.wrong(n.Line, "begin with flow: and a name", "the flow has no name")
	} else {
		f.Name, _ = p.name(name, "a flow", MaxFlowName, true)
		if f.Name == "word" || f.Name == "list" || f.Name == "bot" || f.Name == "staff" {
			p.wrong(name.Line, "take another name", "texts under %q belong to something else", f.Name)
		}
	}
	if kind := fields["kind"]; kind != nil {
		f.Kind, _ = p.name(kind, "a kind", MaxFlowName, true)
	}
	steps := fields["steps"]
	switch {
	case steps == nil:
		p.wrong(n.Line, "add steps: and at least one step", "the flow has no steps")
		return f
	case steps.Kind != yaml.SequenceNode || len(steps.Content) == 0:
		p.wrong(steps.Line, "write steps as a list, each beginning with - name:", "steps must be a list")
		return f
	case len(steps.Content) > MaxSteps:
		p.wrong(steps.Line, "move some into a flow of their own", "the flow has more than %d steps", MaxSteps)
		return f
	}
	f.steps = make([]step, len(steps.Content))
	raw := make([]map[string]*yaml.Node, len(steps.Content))
	for i, sn := range steps.Content {
		raw[i] = p.step(f, i, sn)
	}
	for i := range f.steps {
		if raw[i] != nil {
			p.later(f, i, raw[i])
		}
	}
	return f
}

// step reads what a step says about itself. Names of other steps wait for later, when all are known.
func (p *parser) step(f *Flow, i int, n *yaml.Node) map[string]*yaml.Node {
	s := &f.steps[i]
	s.line, s.flow, s.gotoAny = n.Line, f.Name, -1
	fields := p.fields(n, "a step", "name", "type", "choices", "relevant", "goto", "required", "consent", "hint",
		"constraint", "min", "max", "voice", "later", "secret", "flow", "optional", "do", "text", "known", "lines", "kinds", "place")
	if fields == nil {
		return nil
	}
	if fields["name"] == nil {
		p.wrong(s.line, "add name:", "the step has no name")
		return nil
	}
	name, ok := p.name(fields["name"], "a step", MaxStepName, true)
	if !ok {
		return nil
	}
	s.name, s.line = name, fields["name"].Line
	s.key = f.Name + "." + name
	s.hintKey, s.errorKey, s.titleKey = s.key+".hint", s.key+".error", s.key+".title"
	if isReserved(name) {
		p.wrong(s.line, "take another name", "%q means something else in an expression or a goto", name)
	}
	if was, twice := f.index[name]; twice {
		p.wrong(s.line, "take another name", "a step called %q stands on line %d already", name, f.steps[was].line)
	} else {
		f.index[name] = i
	}
	if fields["type"] == nil {
		p.wrong(s.line, "add type:", "step %s has no type", name)
		return nil
	}
	kind, _ := p.word(fields["type"], "the type of step "+name)
	s.kind = kindCount
	for k, known := range kindNames[:kindFind] {
		if kind == known {
			s.kind = stepKind(k)
		}
	}
	if s.kind == kindCount {
		p.wrong(fields["type"].Line, sheet.Known(kind, kindNames[:kindFind]), "step %s has the unknown type %q", name, kind)
		return nil
	}
	if s.kind == kindServices && fields["kinds"] != nil {
		s.kind = kindFind
	}
	p.belongs(s, fields)
	p.choices(s, fields["choices"])
	p.bounds(s, fields)
	p.deeds(f, s, fields)
	p.known(f, s, fields["known"])
	s.required = p.truth(fields["required"], "required")
	s.consent = p.truth(fields["consent"], "consent")
	s.hint = p.truth(fields["hint"], "hint")
	s.voice = p.truth(fields["voice"], "voice")
	p.truth(fields["secret"], "secret")
	if s.later = p.truth(fields["later"], "later"); s.later && (s.consent || fields["goto"] != nil) {
		p.wrong(fields["later"].Line, "take later out, or goto and consent",
			"step %s is passed over by some doors, so it can neither be a consent nor lead anywhere of its own", s.name)
	}
	if s.consent && len(s.known) > 0 {
		p.wrong(fields["known"].Line, "take known out: what is agreed to must have been read here", "step %s is a consent, which no other flow can give", s.name)
	}
	if s.required && !s.consent {
		p.wrong(fields["required"].Line, "take required out, or mark the step consent: true if it is one",
			"step %s is required, but only a consent may be: every other question can be skipped", name)
	}
	return fields
}
