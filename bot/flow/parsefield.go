package flow

import "go.yaml.in/yaml/v4"

// belongs refuses fields that mean nothing for this type of step.
func (p *parser) belongs(s *step, fields map[string]*yaml.Node) {
	only := map[string][]stepKind{
		"choices":    {kindChoice, kindChoices},
		"required":   {kindChoice},
		"consent":    {kindChoice},
		"hint":       {kindChoice, kindChoices, kindText, kindNumber, kindLocation, kindPlace, kindMailbox},
		"constraint": {kindChoice, kindChoices, kindNumber},
		"min":        {kindChoices, kindNumber},
		"max":        {kindChoices, kindNumber, kindText},
		"voice":      {kindText},
		"later":      {kindChoice, kindChoices},
		"secret":     {kindMailbox},
		"flow":       {kindFlow},
		"optional":   {kindFlow, kindFind},
		"do":         {kindMailbox},
		"text":       {kindMailbox},
		"known":      {kindChoice, kindChoices},
		"lines":      {kindServices},
		"kinds":      {kindFind},
		"place":      {kindFind},
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

// known reads the flows in which a question may have been answered before.
func (p *parser) known(f *Flow, s *step, n *yaml.Node) {
	if n == nil {
		return
	}
	const hint = "write known: [feedback], with flows that enter this one and have a step of the same name"
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		p.wrong(n.Line, hint, "known of step %s is no list of flows", s.name)
		return
	}
	for _, c := range n.Content {
		name, ok := p.name(c, "a flow", MaxFlowName, true)
		switch {
		case !ok:
		case name == f.Name || has(s.known, name):
			p.wrong(c.Line, hint, "step %s names the flow %s in known, which is this one or stands there already", s.name, name)
		default:
			s.known = append(s.known, name)
		}
	}
}

// deeds reads what mailbox, flow and file steps need.
func (p *parser) deeds(f *Flow, s *step, fields map[string]*yaml.Node) {
	switch s.kind {
	case kindFind:
		s.optional = p.truth(fields["optional"], "optional")
	case kindServices:
		if fields["lines"] != nil {
			s.lines, _ = p.name(fields["lines"], "lines", MaxName, true)
		}
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
