package flow

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// explorer walks every way through the flows with the real Step. Two states are one to it when they wait at the same step
// and the answers that a later expression or goto asks for are the same to all of them.
type explorer struct {
	c        *checker
	env      Env
	mentions map[*step]map[string]bool // values of a step that something asks for
	needed   map[string][]map[string]bool
	met      map[*step]bool            // steps that some walk passed or asked, relevant
	looked   map[*step]bool            // steps whose relevance some walk judged
	taken    map[*step]map[string]bool // choices that were accepted
	checked  map[string]bool           // states whose ways out were tried
	nodes    map[string]*node
	queue    []*node
	full     bool
	told     map[string]bool
}

// node is one abstract state.
type node struct {
	st    State
	q     *step
	depth int
	next  []*node // nil stands for an end, or a new beginning
	mark  uint8   // while ways are counted: 1 under way, 2 counted
	paths uint64
}

// explore proves what can only be seen by walking: what is reached, that everything ends, and the ways out.
func (c *checker) explore() {
	e := &explorer{c: c, met: map[*step]bool{}, looked: map[*step]bool{}, taken: map[*step]map[string]bool{},
		checked: map[string]bool{}, told: map[string]bool{}}
	e.env.Langs = c.langs
	e.env.trace = func(s *step, relevant bool) {
		e.looked[s] = true
		if relevant {
			e.met[s] = true
		}
	}
	e.mention()
	for i, world := range e.worlds() {
		e.env.oracle = world
		e.nodes = map[string]*node{}
		for _, flow := range []string{StartFlow, HideFlow} {
			if c.s.Has(flow) {
				e.begin(flow)
			}
		}
		c.report.States += len(e.nodes)
		if i == 0 {
			c.report.Paths = e.paths()
		} else {
			e.paths()
		}
	}
	e.unreached()
}

// worlds are the ways in which the variable `readers` can turn out: enough everywhere; or, from one of the steps that ask
// for it on, the oversight desk alone, or nobody.
func (e *explorer) worlds() []func(*step) string {
	order := map[*step]int{}
	e.c.steps(func(_ *Flow, _ int, s *step) {
		s.relevant.each(func(a *expr) {
			if a.own == refReaders {
				if _, there := order[s]; !there {
					order[s] = len(order)
				}
			}
		})
	})
	worlds := []func(*step) string{func(*step) string { return ReadersEnough }}
	for from := range len(order) {
		for _, value := range []string{ReadersOversight, ReadersNone} {
			worlds = append(worlds, func(s *step) string {
				if at, there := order[s]; there && at >= from {
					return value
				}
				return ReadersEnough
			})
		}
	}
	return worlds
}

// mention collects, for every step, the values that expressions and gotos tell apart, and for every step of a flow the
// names that it and what follows it still ask for.
func (e *explorer) mention() {
	e.mentions = map[*step]map[string]bool{}
	byName := map[string][]*step{}
	note := func(s *step, value string) {
		if e.mentions[s] == nil {
			e.mentions[s] = map[string]bool{}
		}
		e.mentions[s][value] = true
	}
	e.c.steps(func(_ *Flow, _ int, s *step) {
		byName[s.name] = append(byName[s.name], s)
		for _, j := range s.gotos {
			note(s, j.value)
		}
	})
	e.needed = map[string][]map[string]bool{}
	e.c.steps(func(f *Flow, i int, s *step) {
		for _, x := range []*expr{s.relevant, s.constraint} {
			x.each(func(a *expr) {
				switch {
				case a.own == refSelf:
					note(s, a.value)
				case a.own >= 0:
					note(&f.steps[a.own], a.value)
				case a.own == refOuter:
					for _, of := range byName[a.name] {
						note(of, a.value)
					}
				}
			})
		}
	})
	for _, name := range e.c.s.names {
		f := e.c.s.flows[name]
		after := make([]map[string]bool, len(f.steps)+1)
		after[len(f.steps)] = map[string]bool{}
		for i := len(f.steps) - 1; i >= 0; i-- {
			after[i] = map[string]bool{}
			for n := range after[i+1] {
				after[i][n] = true
			}
			e.names(&f.steps[i], after[i], nil)
		}
		e.needed[name] = after
	}
}

// names adds the names that a step, and the flow that it enters, ask for.
func (e *explorer) names(s *step, into map[string]bool, way []string) {
	for _, x := range []*expr{s.relevant, s.constraint} {
		x.each(func(a *expr) {
			if a.own >= refOuter {
				into[a.name] = true
			}
		})
	}
	if s.textOf != "" {
		into[s.textOf] = true
	}
	if sub := e.c.s.flows[s.sub]; s.kind == kindFlow && sub != nil && !has(way, s.sub) {
		for i := range sub.steps {
			e.names(&sub.steps[i], into, append(way, s.sub))
		}
	}
}

// key names an abstract state: where it waits, and what later steps can tell about the answers before it.
func (e *explorer) key(w *walker) string {
	var b strings.Builder
	for d := range w.depth {
		f := &w.stack[d]
		b.WriteString(f.flow.steps[f.i].name + "/")
		from := f.i
		if d < w.depth-1 {
			from++
		}
		needed := map[string]bool{}
		for n := range e.needed[f.flow.Name][from] {
			needed[n] = true
		}
		for deeper := d + 1; deeper < w.depth; deeper++ {
			g := &w.stack[deeper]
			for n := range e.needed[g.flow.Name][g.i] {
				needed[n] = true
			}
		}
		var parts []string
		for _, k := range w.passed[f.mark:] {
			a := &w.st.answers[k]
			if int(a.at) != f.at || !needed[a.step] {
				continue
			}
			s := w.stepOf(a)
			part := a.step
			if a.kind == kindText && len(a.vals) > 0 {
				part += "+"
			}
			vals := slices.Sorted(slices.Values(a.vals))
			for _, v := range vals {
				if e.mentions[s][v] {
					part += "=" + v
				}
			}
			parts = append(parts, part)
		}
		slices.Sort(parts)
		b.WriteString(strings.Join(parts, ",") + ";")
	}
	return b.String()
}

// begin explores everything that follows from the beginning of a flow.
func (e *explorer) begin(flow string) {
	lang := ""
	if len(e.c.langs) > 0 {
		lang = e.c.langs[0]
	}
	t := e.c.s.enter(flow, lang, [4]byte{1}, e.env)
	root := e.add(t)
	if root == nil {
		return
	}
	for len(e.queue) > 0 && !e.full {
		n := e.queue[0]
		e.queue = e.queue[1:]
		e.expand(n)
	}
}

// add gives the node of a state that a step led to; nil if that was an end.
func (e *explorer) add(t *turn) *node {
	if t.out.End {
		return nil
	}
	key := e.key(&t.w)
	if n := e.nodes[key]; n != nil {
		return n
	}
	most := e.c.lim.States
	if most == 0 {
		most = DefaultStates
	}
	if e.c.report.States+len(e.nodes) >= most {
		if !e.full {
			e.full = true
			e.tell(t.w.q, "split the flows, or ask for fewer answers later", "the flows have more than "+strconv.Itoa(most)+" states to explore; exploring stopped at step "+t.w.q.name)
		}
		return nil
	}
	n := &node{st: t.st, q: t.w.q}
	e.nodes[key] = n
	e.queue = append(e.queue, n)
	if !e.checked[key] {
		e.checked[key] = true
		e.wayOut(n)
	}
	return n
}

// expand takes every answer that differs at a state.
func (e *explorer) expand(n *node) {
	for _, in := range e.inputs(n.q) {
		t := e.c.s.step(n.st, in, e.env)
		if n.q.kind == kindText && in.Kind == InText {
			t = e.c.s.step(t.st, Input{Kind: InWord, Choice: WordDone}, e.env)
		}
		if n.q.do == doOpen && in.Kind == InText {
			if t.out.Act.Do != ActOpen {
				e.tell(n.q, "", "step "+n.q.name+" does not look for a mailbox")
			}
			continue
		}
		if t.st.turn == n.st.turn && !t.out.End { // refused: a constraint, too few or too many
			continue
		}
		e.accept(n.q, in)
		var next *node
		if !t.anew {
			next = e.add(t)
			e.undone(n, t, in)
		} else {
			e.add(t)
		}
		n.next = append(n.next, next)
	}
	e.try(n)
}

// try offers the choices that were accepted nowhere so far.
func (e *explorer) try(n *node) {
	if n.q.kind != kindChoice && n.q.kind != kindChoices {
		return
	}
	for _, name := range n.q.shown() {
		if e.taken[n.q][name] {
			continue
		}
		for _, in := range e.with(n.q, name) {
			if t := e.c.s.step(n.st, in, e.env); t.out.End || t.st.turn != n.st.turn {
				e.accept(n.q, in)
				break
			}
		}
	}
}

// accept notes which choices a step took.
func (e *explorer) accept(q *step, in Input) {
	if e.taken[q] == nil {
		e.taken[q] = map[string]bool{}
	}
	e.taken[q][in.Choice] = true
	for _, c := range in.Choices {
		e.taken[q][c] = true
	}
}

// paths counts the ways from the first states to an end, and tells of any that does not end.
func (e *explorer) paths() uint64 {
	total := uint64(0)
	pointed := map[*node]bool{}
	for _, n := range e.nodes {
		for _, next := range n.next {
			pointed[next] = true
		}
	}
	for _, n := range e.nodes {
		count := e.count(n)
		if !pointed[n] {
			total = plus(total, count)
		}
	}
	return total
}

func (e *explorer) count(n *node) uint64 {
	switch n.mark {
	case 1:
		e.tell(n.q, "a goto leads forward only: this should not be possible", "a way through step "+n.q.name+" never ends")
		return 0
	case 2:
		return n.paths
	}
	n.mark = 1
	for _, next := range n.next {
		if next == nil {
			n.paths = plus(n.paths, 1)
		} else {
			n.paths = plus(n.paths, e.count(next))
		}
	}
	if len(n.next) == 0 && !e.full {
		e.tell(n.q, "let it be skipped, or mend what it refuses", "step "+n.q.name+" takes no answer at all: a dead end")
	}
	n.mark = 2
	return n.paths
}

func plus(a, b uint64) uint64 {
	if a > math.MaxUint64-b {
		return math.MaxUint64
	}
	return a + b
}

// tell tells a problem of a step once.
func (e *explorer) tell(s *step, hint, what string) {
	if s == nil {
		s = &e.c.s.flows[StartFlow].steps[0]
	}
	if key := s.key + what; !e.told[key] {
		e.told[key] = true
		e.c.wrong(s, s.line, hint, "%s", what)
	}
}

// unreached tells of steps and choices that no way came by.
func (e *explorer) unreached() {
	if e.full {
		return
	}
	e.c.steps(func(f *Flow, _ int, s *step) {
		if s.kind == kindFlow && s.optional && e.c.s.flows[s.sub] == nil || f.Name != StartFlow && f.Name != HideFlow && len(e.c.callers(f.Name)) == 0 {
			return
		}
		switch {
		case !e.looked[s]:
			e.tell(s, "let a goto lead here, or take it out", "no way leads to step "+s.name)
			return
		case !e.met[s]:
			e.c.wrong(s, s.relevantLine, "mend the condition, or take the step out", "the condition of step %s is never true: it is never reached", s.name)
			return
		}
		if s.kind != kindChoice && s.kind != kindChoices {
			return
		}
		for _, name := range s.shown() {
			if !e.taken[s][name] {
				e.tell(s, "mend the constraint, or take the choice out", "step "+s.name+" never takes the choice "+name)
			}
		}
	})
}
