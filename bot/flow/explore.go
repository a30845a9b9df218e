package flow

import "strconv"

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
	if in.Kind == InChoice {
		e.taken[q][in.Choice] = true
	}
	for _, c := range in.Choices {
		e.taken[q][c] = true
	}
}
