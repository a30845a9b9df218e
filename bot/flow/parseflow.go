package flow

import (
	"strings"

	"go.yaml.in/yaml/v4"
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
		"constraint", "min", "max", "voice", "secret", "flow", "optional", "do", "text")
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
	for k, known := range kindNames {
		if kind == known {
			s.kind = stepKind(k)
		}
	}
	if s.kind == kindCount {
		hint := "known: " + list(kindNames[:])
		if kind == "place" {
			hint = "until there is a directory, use a choice with choices: {list: areas}"
		}
		p.wrong(fields["type"].Line, hint, "step %s has the unknown type %q", name, kind)
		return nil
	}
	p.belongs(s, fields)
	p.choices(s, fields["choices"])
	p.bounds(s, fields)
	p.deeds(f, s, fields)
	s.required = p.truth(fields["required"], "required")
	s.consent = p.truth(fields["consent"], "consent")
	s.hint = p.truth(fields["hint"], "hint")
	s.voice = p.truth(fields["voice"], "voice")
	p.truth(fields["secret"], "secret")
	if s.required && !s.consent {
		p.wrong(fields["required"].Line, "take required out, or mark the step consent: true if it is one",
			"step %s is required, but only a consent may be: every other question can be skipped", name)
	}
	return fields
}

// belongs refuses fields that mean nothing for this type of step.
func (p *parser) belongs(s *step, fields map[string]*yaml.Node) {
	only := map[string][]stepKind{
		"choices":    {kindChoice, kindChoices},
		"required":   {kindChoice},
		"consent":    {kindChoice},
		"hint":       {kindChoice, kindChoices, kindText, kindNumber, kindLocation, kindMailbox},
		"constraint": {kindChoice, kindChoices, kindNumber},
		"min":        {kindChoices, kindNumber},
		"max":        {kindChoices, kindNumber, kindText},
		"voice":      {kindText},
		"secret":     {kindMailbox},
		"flow":       {kindFlow},
		"optional":   {kindFlow},
		"do":         {kindMailbox},
		"text":       {kindMailbox},
	}
	for field, n := range fields {
		kinds, limited := only[field]
		if !limited {
			continue
		}
		fits, names := false, make([]string, len(kinds))
		for i, k := range kinds {
			fits = fits || k == s.kind
			names[i] = k.String()
		}
		if !fits {
			p.wrong(n.Line, field+" belongs to "+list(names)+": take it out", "step %s of type %s cannot have %s", s.name, s.kind, field)
		}
	}
}

// choices reads [a, b] or {list: name, also: [a, b]}.
func (p *parser) choices(s *step, n *yaml.Node) {
	const hint = "write choices: [first, second], or choices: {list: organisations, also: [none]}"
	if s.kind != kindChoice && s.kind != kindChoices {
		return
	}
	if n == nil {
		p.wrong(s.line, hint, "step %s has no choices", s.name)
		return
	}
	s.choiceLine = n.Line
	own := n
	if n.Kind == yaml.MappingNode {
		fields := p.fields(n, "choices", "list", "also")
		if fields["list"] == nil {
			p.wrong(n.Line, hint, "the choices of step %s name no list", s.name)
			return
		}
		s.list, _ = p.name(fields["list"], "a list", MaxName, true)
		if own = fields["also"]; own == nil {
			return
		}
	}
	if own.Kind != yaml.SequenceNode || len(own.Content) == 0 {
		p.wrong(own.Line, hint, "the choices of step %s are not a list of names", s.name)
		return
	}
	if len(own.Content) > MaxChoices {
		p.wrong(own.Line, "ask in two steps", "step %s has more than %d choices", s.name, MaxChoices)
		return
	}
	for _, c := range own.Content {
		name, ok := p.name(c, "a choice", MaxName, false)
		if !ok {
			continue
		}
		for _, other := range s.choices {
			if other.name == name {
				p.wrong(c.Line, "keep one of the two", "step %s has the choice %q twice", s.name, name)
			}
		}
		switch name {
		case "and", "or", "not", "has":
			p.wrong(c.Line, "take another name", "%q means something else in an expression", name)
		case "hint", "error", "title":
			p.wrong(c.Line, "take another name", "the label of a choice called %q would stand under a key that means something else", name)
		}
		s.choices = append(s.choices, choice{name: name, key: s.key + "." + name})
	}
}

// bounds reads min and max.
func (p *parser) bounds(s *step, fields map[string]*yaml.Node) {
	least, most := int64(-MaxNumber), int64(MaxNumber)
	switch s.kind {
	case kindText:
		least, most, s.max = 1, MaxText, DefaultText
	case kindChoices:
		least, most, s.min, s.max = 1, MaxChoices, 1, MaxChoices
	case kindNumber:
		s.min, s.max = 0, MaxNumber
	default:
		return
	}
	if n := fields["min"]; n != nil && s.kind != kindText {
		if v, ok := p.number(n, "min of step "+s.name, least, most); ok {
			s.min, s.hasMin = v, true
		}
	}
	if n := fields["max"]; n != nil {
		if v, ok := p.number(n, "max of step "+s.name, least, most); ok {
			s.max, s.hasMax = v, true
		}
	}
	if s.min > s.max {
		p.wrong(s.line, "make min the smaller one", "step %s takes nothing: its min is above its max", s.name)
	}
	if s.kind == kindChoices && s.list == "" && int64(len(s.choices)) < s.min {
		p.wrong(s.line, "ask for fewer", "step %s wants %d answers of %d choices", s.name, s.min, len(s.choices))
	}
}

// deeds reads what mailbox, flow and file steps need.
func (p *parser) deeds(f *Flow, s *step, fields map[string]*yaml.Node) {
	switch s.kind {
	case kindFile:
		if f.Kind == "" {
			p.wrong(s.line, "add kind: to the top of the file, such as kind: sea", "step %s files something of no kind", s.name)
		}
	case kindFlow:
		if fields["flow"] == nil {
			p.wrong(s.line, "add flow: and the name of a flow", "step %s enters no flow", s.name)
		} else {
			s.sub, _ = p.name(fields["flow"], "a flow", MaxFlowName, true)
		}
		s.optional = p.truth(fields["optional"], "optional")
	case kindMailbox:
		const hint = "write do: open, do: write, do: withdraw or do: keep"
		if fields["do"] == nil {
			p.wrong(s.line, hint, "step %s does not say what it does", s.name)
			return
		}
		switch s.do, _ = p.word(fields["do"], "do"); s.do {
		case doOpen, doWrite, doWithdraw, doKeep:
		default:
			p.wrong(fields["do"].Line, hint, "a mailbox step cannot do %q", s.do)
		}
		if s.do != doOpen {
			for _, field := range []string{"secret", "hint"} {
				if fields[field] != nil {
					p.wrong(fields[field].Line, "take it out: "+field+" belongs to do: open", "step %s asks nothing", s.name)
				}
			}
		}
		if (s.do == doWrite) != (fields["text"] != nil) {
			p.wrong(s.line, "write text: and the name of an earlier text step, with do: write only", "step %s must say what it sends, and only if it writes", s.name)
		}
	}
}

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
		s.kind == kindLocation || s.kind == kindReview || s.kind == kindNumber {
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
		p.wrong(n.Line, "name a later step of this flow, or end", "step %s goes to %q, which is no step of this flow", f.steps[i].name, name)
		return 0, false
	case to <= i:
		p.wrong(n.Line, "a goto leads forward only; move the step down, or enter a flow", "step %s goes back to %s", f.steps[i].name, name)
		return 0, false
	}
	return to, true
}
