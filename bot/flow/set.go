package flow

import (
	"fmt"
	"slices"
)

// StartFlow is the flow with which a conversation begins. HideFlow is the one that a caller enters after ActHide.
const (
	StartFlow = "start"
	HideFlow  = "hide"
)

// areasList is the list whose answer goes with the urgent lines of the word services.
const areasList = "areas"

// List is a list of choices that the configuration gives, such as the organisations of a mission.
type List struct {
	Name  string
	Items []string
}

// Set is all flows of a mission put together. It never changes and may be used by many at once.
type Set struct {
	flows map[string]*Flow
	names []string // in the order given
	lists map[string][]string
	off   []string // flows that are entered only where their step is not optional
}

// NewSet puts flows and lists together. What is wrong between them but does no harm to a conversation is left to Check:
// a flow or a list that is missing is an absent one. What a mission does not offer is off: an optional step does not enter
// it, and no choice that leads to such a step is shown.
func NewSet(flows []*Flow, lists []List, off ...string) (*Set, error) {
	s := &Set{off: off, flows: make(map[string]*Flow, len(flows)), lists: make(map[string][]string, len(lists))}
	for _, l := range lists {
		if !isName(l.Name, MaxName, true) {
			return nil, fmt.Errorf("putting flows together: a list cannot be called %q: use a-z, 0-9 and _, at most %d", l.Name, MaxName)
		}
		if _, twice := s.lists[l.Name]; twice {
			return nil, fmt.Errorf("putting flows together: there are two lists called %s: keep one", l.Name)
		}
		for i, item := range l.Items {
			if !isName(item, MaxName, false) {
				return nil, fmt.Errorf("putting flows together: list %s cannot have the item %q: use a-z, 0-9 and _, at most %d", l.Name, item, MaxName)
			}
			if slices.Contains(l.Items[:i], item) {
				return nil, fmt.Errorf("putting flows together: list %s has the item %s twice: keep one", l.Name, item)
			}
		}
		s.lists[l.Name] = l.Items
	}
	sums := map[uint16]string{}
	for _, f := range flows {
		if other := s.flows[f.Name]; other != nil {
			return nil, fmt.Errorf("putting flows together: %s and %s both hold the flow %s: rename one", other.File, f.File, f.Name)
		}
		if other, twice := sums[sumOf(f.Name)]; twice {
			return nil, fmt.Errorf("putting flows together: the names %s and %s look alike on a button: rename one", other, f.Name)
		}
		sums[sumOf(f.Name)] = f.Name
		s.flows[f.Name] = f
		s.names = append(s.names, f.Name)
	}
	if s.flows[StartFlow] == nil {
		return nil, fmt.Errorf("putting flows together: there is no flow called %s: a conversation begins with it", StartFlow)
	}
	no := 0
	for _, name := range s.names {
		f, err := s.compile(s.flows[name])
		if err != nil {
			return nil, err
		}
		for i := range f.steps {
			f.steps[i].no = no
			no++
		}
		s.flows[name] = f
	}
	visit := 0
	if f := s.flows[ServicesFlow]; f != nil {
		for i := range f.steps {
			if k := f.steps[i].kind; f.steps[i].acts() || k == kindFlow {
				return nil, fmt.Errorf("putting flows together: %s:%d: step %s of type %s cannot stand in the flow %s, which is entered from the middle of any other: take it out",
					f.File, f.steps[i].line, f.steps[i].name, k, ServicesFlow)
			}
		}
		visit = len(f.steps)
	}
	for _, name := range s.names {
		t := tangle{s: s}
		n := t.longest(s.flows[name], nil) + visit
		switch {
		case t.deep != "":
			return nil, fmt.Errorf("putting flows together: from %s, flows lie deeper than %d within one another, at %s: enter it from further up", name, MaxDepth, t.deep)
		case t.visits > maxVisits:
			return nil, fmt.Errorf("putting flows together: from %s, the flows enter one another in too many ways: enter fewer", name)
		case n > MaxAnswers:
			return nil, fmt.Errorf("putting flows together: a conversation that begins with %s can have %d answers and flows entered, more than %d: shorten it", name, n, MaxAnswers)
		}
	}
	return s, nil
}

// Flows gives the names of the flows, in the order in which they were put together.
func (s *Set) Flows() []string { return slices.Clone(s.names) }

// Has says that a flow is there.
func (s *Set) Has(flow string) bool { return s.flows[flow] != nil }

// compile copies a flow and writes out its lists and what is hidden.
func (s *Set) compile(f *Flow) (*Flow, error) {
	c := *f
	c.steps = slices.Clone(f.steps)
	for i := range c.steps {
		st := &c.steps[i]
		var all []choice
		for _, item := range s.lists[st.list] {
			if !has(st.choiceNames(), item) {
				all = append(all, choice{name: item, key: "list." + st.list + "." + item, list: st.list})
			}
		}
		st.choices = append(all, st.choices...)
		if len(st.choices) > MaxChoices {
			return nil, fmt.Errorf("putting flows together: %s:%d: step %s has %d choices with list %s, more than %d: shorten the list",
				f.File, st.line, st.name, len(st.choices), st.list, MaxChoices)
		}
	}
	for i := range c.steps {
		for k := range c.steps[i].choices {
			ch := &c.steps[i].choices[k]
			ch.hidden = s.leadsNowhere(&c, i, ch.name)
		}
	}
	return &c, nil
}

// leadsNowhere says that a choice only leads to an optional flow that is not there: by its goto, or because that flow is
// relevant only with this very choice.
func (s *Set) leadsNowhere(f *Flow, i int, name string) bool {
	st := &f.steps[i]
	if st.kind != kindChoice {
		return false
	}
	absent := func(t *step) bool { return t.kind == kindFlow && t.optional && s.absent(t) }
	for _, j := range st.gotos {
		if j.value == name && j.to < len(f.steps) && absent(&f.steps[j.to]) {
			return true
		}
	}
	for k := i + 1; k < len(f.steps); k++ {
		r := f.steps[k].relevant
		if r != nil && r.own == i && r.l == nil && r.op != opDiffers && r.value == name && absent(&f.steps[k]) {
			return true
		}
	}
	return false
}

// absent says that a step enters no flow: there is none, or the mission does not offer it.
func (s *Set) absent(st *step) bool {
	return s.flows[st.sub] == nil || st.optional && has(s.off, st.sub)
}

// tangle follows how flows enter one another.
type tangle struct {
	s      *Set
	visits int
	deep   string // a flow that lies too deep; empty if none does
}

// maxVisits bounds how many ways through the flows are followed.
const maxVisits = 10_000

// longest counts the answers, and the flows entered, of the longest way through a flow, relevance left aside. A flow on the way is not entered
// again: that begins anew.
func (t *tangle) longest(f *Flow, way []string) int {
	if slices.Contains(way, f.Name) {
		return 0
	}
	if t.visits++; len(way) >= MaxDepth || t.visits > maxVisits {
		if len(way) >= MaxDepth {
			t.deep = f.Name
		}
		return 0
	}
	way = append(way, f.Name)
	from := make([]int, len(f.steps)+1)
	for i := len(f.steps) - 1; i >= 0; i-- {
		st := &f.steps[i]
		next := from[i+1]
		if st.gotoAny >= 0 {
			next = from[st.gotoAny]
		}
		for _, j := range st.gotos {
			next = max(next, from[j.to])
		}
		switch {
		case st.kind.waits():
			next++
		case st.kind == kindFlow && t.s.flows[st.sub] != nil:
			next += 1 + t.longest(t.s.flows[st.sub], way)
		}
		from[i] = next
		if st.relevant != nil {
			from[i] = max(next, from[i+1])
		}
	}
	return from[0]
}
