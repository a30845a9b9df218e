package flow

import (
	"slices"

	"amana/bot/sheet"
)

// caller is a step through which a flow is entered.
type caller struct {
	flow *Flow
	i    int
}

// callers lists the steps that enter a flow.
func (c *checker) callers(name string) []caller {
	var out []caller
	c.steps(func(f *Flow, i int, s *step) {
		if s.kind == kindFlow && s.sub == name {
			out = append(out, caller{f, i})
		}
	})
	return out
}

// entered gives the flows that a conversation can come to, those left out to which only what is off would lead.
func (c *checker) entered() map[string]bool {
	out, queue := map[string]bool{}, []string{StartFlow, HideFlow}
	for len(queue) > 0 {
		f := c.s.flows[queue[0]]
		queue = queue[1:]
		if f == nil || out[f.Name] {
			continue
		}
		out[f.Name] = true
		for i := range f.steps {
			if s := &f.steps[i]; s.kind == kindFlow && !c.s.absent(s) {
				queue = append(queue, s.sub)
			}
		}
	}
	return out
}

// references checks what flows say about one another and about lists.
func (c *checker) references() {
	for _, name := range c.s.names {
		f := c.s.flows[name]
		if name != StartFlow && name != HideFlow && len(c.callers(name)) == 0 {
			c.add(f.src.problem(1, "enter it from a step of type flow, or leave the file out", "nothing enters the flow %s", name))
		}
	}
	if c.lim.Kinds != nil {
		for _, a := range c.s.Kinds() {
			if !has(c.lim.Kinds, a.Kind) {
				c.add(Problem{File: a.File, Line: a.Line, Hint: sheet.Known(a.Kind, c.lim.Kinds), What: "step " + a.Step + " looks up the kind of service " + a.Kind + ", which the mission does not know"})
			}
		}
	}
	c.steps(func(f *Flow, i int, s *step) {
		switch {
		case s.kind == kindFlow && !s.optional && c.s.flows[s.sub] == nil:
			c.wrong(s, s.line, "add the flow, or mark the step optional: true", "step %s enters the flow %s, which is not there", s.name, s.sub)
		case s.list != "" && !c.listKnown(s.list):
			c.wrong(s, s.choiceLine, "give the list in the profile, or write the choices here", "step %s chooses from the list %s, which is not there", s.name, s.list)
		case s.list != "" && len(s.choices) == 0:
			c.wrong(s, s.choiceLine, "give the list at least one item", "step %s chooses from the list %s, which is empty", s.name, s.list)
		case s.lines != "" && !has(c.lim.Lines, s.lines):
			c.wrong(s, s.line, "known: "+list(c.lim.Lines), "step %s says the lines %s, which no place has", s.name, s.lines)
		case (s.kind == kindChoice || s.kind == kindChoices) && len(s.shown()) == 0 && s.list == "":
			c.wrong(s, s.choiceLine, "add a flow that one of them leads to", "every choice of step %s leads to a flow that is not there", s.name)
		}
		for _, j := range s.gotos {
			c.listed(s, s, j.line, j.value)
		}
		c.knows(s)
		s.relevant.each(func(a *expr) { c.atom(f, i, s.relevantLine, a) })
		s.constraint.each(func(a *expr) { c.atom(f, i, s.line, a) })
	})
}

// knows checks that each flow in which a step may have been answered before has such a step, of the same form.
func (c *checker) knows(s *step) {
	for _, name := range s.known {
		of := c.lender(s, name)
		const hint = "take it out of known, or give both steps the same name, type and choices"
		switch {
		case of == nil:
			c.wrong(s, s.line, hint, "step %s may be known from the flow %s, which has no such step", s.name, name)
		case of.kind != s.kind || of.list != s.list:
			c.wrong(s, s.line, hint, "step %s may be known from the flow %s, where it is another kind of question", s.name, name)
		case !slices.ContainsFunc(of.choiceNames(), s.takes):
			c.wrong(s, s.line, hint, "step %s may be known from the flow %s, where it has none of these choices", s.name, name)
		case !c.around(s.flow, name, map[string]bool{}):
			c.wrong(s, s.line, "take it out of known", "step %s may be known from the flow %s, which never enters this one", s.name, name)
		}
	}
}

// lender gives the step of another flow whose answer may count for a step.
func (c *checker) lender(s *step, flow string) *step {
	f := c.s.flows[flow]
	if f == nil {
		return nil
	}
	if i, ok := f.index[s.name]; ok {
		return &f.steps[i]
	}
	return nil
}

// around says that a flow can stand around another.
func (c *checker) around(flow, outer string, seen map[string]bool) bool {
	if seen[flow] {
		return false
	}
	seen[flow] = true
	for _, in := range c.callers(flow) {
		if in.flow.Name == outer || c.around(in.flow.Name, outer, seen) {
			return true
		}
	}
	return false
}

func (c *checker) listKnown(name string) bool {
	_, ok := c.s.lists[name]
	return ok
}

// listed checks a value against a step whose choices come from a list.
func (c *checker) listed(at, of *step, line int, value string) {
	if of.list != "" && c.listKnown(of.list) && (of.kind == kindChoice || of.kind == kindChoices) && !has(of.choiceNames(), value) {
		c.wrong(at, line, "its choices are "+list(of.choiceNames()), "step %s has no choice %s", of.name, value)
	}
}

// atom checks one comparison: the step that it names must come earlier and must be able to have that value.
func (c *checker) atom(f *Flow, i, line int, a *expr) {
	s := &f.steps[i]
	switch {
	case a.own >= 0:
		c.listed(s, &f.steps[a.own], line, a.value)
		return
	case a.own == refSelf:
		c.listed(s, s, line, a.value)
		return
	case a.own == refReaders:
		return
	}
	found, later := c.outer(f.Name, a.name, map[string]bool{})
	if len(found) == 0 {
		if later {
			c.wrong(s, line, "ask it before this flow is entered", "step %s asks for the answer of %s, which comes later in the flow around it", s.name, a.name)
			return
		}
		c.wrong(s, line, "name an earlier step of this flow or of a flow that enters it", "step %s asks for the answer of %s, and there is no such step", s.name, a.name)
		return
	}
	for _, of := range found {
		if what, hint := of.compares(a); what != "" {
			c.wrong(s, line, hint, "%s", what)
			return
		}
		c.listed(s, of, line, a.value)
	}
}

// outer finds the steps that a name can mean in the flows around a flow: the nearest on each way in. It says later if a
// flow around has such a step, but only after it enters this one.
func (c *checker) outer(flow, name string, seen map[string]bool) (found []*step, later bool) {
	if seen[flow] {
		return nil, false
	}
	seen[flow] = true
	for _, in := range c.callers(flow) {
		if at, ok := in.flow.index[name]; ok {
			if at < in.i {
				found = append(found, &in.flow.steps[at])
			} else {
				later = true
			}
			continue
		}
		more, late := c.outer(in.flow.Name, name, seen)
		found, later = append(found, more...), later || late
	}
	return found, later
}

// What a report takes beside the words in it, in bytes: its frame, and that of one answer.
const (
	reportFrame = 1024
	factFrame   = 64
	charBytes   = 6   // of one character of text, at worst
	voiceBytes  = 256 // of what a report holds of one voice message: its key, its sum, its length
)

// reports checks that the longest report of every flow that files one fits.
func (c *checker) reports() {
	most := c.lim.Report
	if most == 0 {
		most = MaxReport
	}
	c.steps(func(f *Flow, i int, s *step) {
		if s.kind != kindFile {
			return
		}
		if n := reportFrame + c.longest(f, i, nil); n > most {
			c.wrong(s, s.line, "lower the max of its text steps", "the longest report of flow %s takes %d bytes, %d more than fit", f.Name, n, n-most)
		}
	})
}

// longest reckons the bytes of the longest report that the steps before `end` can make, relevance left aside.
func (c *checker) longest(f *Flow, end int, way []string) int {
	if has(way, f.Name) || len(way) >= MaxDepth {
		return 0
	}
	way = append(way, f.Name)
	from := make([]int, len(f.steps)+1)
	for i := end - 1; i >= 0; i-- {
		s := &f.steps[i]
		next := from[i+1]
		if s.gotoAny >= 0 {
			next = from[s.gotoAny]
		}
		for _, j := range s.gotos {
			next = max(next, from[j.to])
		}
		switch {
		case s.reported():
			next += s.bytes()
		case s.kind == kindFlow && c.s.flows[s.sub] != nil:
			sub := c.s.flows[s.sub]
			next += c.longest(sub, len(sub.steps), way)
		}
		from[i] = next
		if s.relevant != nil {
			from[i] = max(next, from[i+1])
		}
	}
	return from[0]
}

// bytes reckons the longest answer of a step.
func (s *step) bytes() int {
	n := factFrame + len(s.flow) + len(s.name)
	switch s.kind {
	case kindText:
		if s.voice {
			n += voiceBytes * MaxVoices
		}
		return n + charBytes*int(s.max)
	case kindLocation, kindPlace:
		return n + charBytes*MaxPlace
	case kindNumber:
		return n + 12
	}
	longest := 0
	for _, ch := range s.choices {
		longest = max(longest, len(ch.name)+4)
		if s.kind == kindChoices {
			n += len(ch.name) + 4
		}
	}
	if s.kind == kindChoice {
		n += longest
	}
	return n
}
