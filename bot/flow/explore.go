package flow

import (
	"maps"
	"slices"
	"strconv"
)

// explorer walks every way through the flows with the real Step. Two states are one to it when they wait at the same step
// and nothing that can follow tells them apart.
//
// The variable readers turns out in every way: at each step that asks for it anew, a conversation goes on as if there were
// enough, and in two branches as if from there on there were the oversight desk alone, or nobody. Where a step asks for it,
// one more branch goes on as if just there some of the readers worked for the accused organisation.
type explorer struct {
	c        *checker
	env      Env
	mentions map[*step]map[string]bool  // values of a step that something asks for
	named    map[string]map[string]bool // values of a name that something asks for from another flow
	outlooks map[*Flow][]outlook
	met      []bool                    // by step.no: some walk passed or asked it, relevant
	looked   []bool                    // by step.no: some walk judged its relevance
	spoken   map[*step]bool            // steps at which every language was chosen
	taken    map[*step]map[string]bool // choices that were accepted
	lent     map[string]bool           // loans at a step that were given back
	nodes    map[string]*node
	queue    []*node
	full     bool
	told     map[string]bool
	consults []*step // steps that asked for readers since a world was entered
	fresh    []*step // those of them that asked on the way to the state at hand
}

// node is one abstract state.
type node struct {
	st    State
	q     *step
	world world
	next  []*node // nil stands for an end, or a new beginning
	mark  uint8   // while ways are counted: 1 under way, 2 counted
	paths uint64
}

// world is how the variable readers turned out on the way: what it was at the steps that asked so far, and its value at
// all that ask later.
type world struct {
	asked map[*step]string
	value string
}

// enter makes a world the one in which steps are taken.
func (e *explorer) enter(wd world) {
	e.consults, e.fresh = nil, nil
	e.env.oracle = func(s *step) string {
		if value, before := wd.asked[s]; before {
			return value
		}
		e.consults = append(e.consults, s)
		return wd.value
	}
}

// explore proves what can only be seen by walking: what is reached, that everything ends, and the ways out.
func (c *checker) explore() {
	e := &explorer{c: c, met: make([]bool, c.report.Steps), looked: make([]bool, c.report.Steps), spoken: map[*step]bool{}, taken: map[*step]map[string]bool{},
		lent: map[string]bool{}, nodes: map[string]*node{}, told: map[string]bool{}}
	e.env.Langs, e.env.Help, e.env.Voice = c.langs, sampleHelp{}, true
	e.env.trace = func(s *step, relevant bool) {
		e.looked[s.no] = true
		if relevant {
			e.met[s.no] = true
		}
	}
	e.survey()
	for _, flow := range []string{StartFlow, HideFlow} {
		if c.s.Has(flow) {
			e.begin(flow)
		}
	}
	c.report.States, c.report.Paths = len(e.nodes), e.paths()
	e.unreached()
}

// begin explores everything that follows from the beginning of a flow.
func (e *explorer) begin(flow string) {
	lang := ""
	if len(e.c.langs) > 0 {
		lang = e.c.langs[0]
	}
	e.branch(world{value: ReadersEnough}, func(wd world) {
		e.add(e.c.s.enter(flow, lang, [4]byte{1}, e.env), wd)
	})
	for len(e.queue) > 0 && !e.full {
		n := e.queue[0]
		e.queue = e.queue[1:]
		e.expand(n)
	}
}

// branch takes a step in a world, and where it asks for readers anew, in those worlds too that part from it there.
func (e *explorer) branch(wd world, take func(world)) {
	e.enter(wd)
	take(wd)
	if wd.value != ReadersEnough {
		return
	}
	asked := maps.Clone(wd.asked)
	if asked == nil {
		asked = map[*step]string{}
	}
	for _, s := range slices.Clone(e.fresh) {
		if asked[s] != "" {
			continue
		}
		for _, value := range []string{ReadersOversight, ReadersNone} {
			other := world{maps.Clone(asked), value}
			e.enter(other)
			take(other)
		}
		if s.asksWhetherMixed() {
			other := world{maps.Clone(asked), ReadersEnough}
			other.asked[s] = ReadersMixed
			e.branch(other, take)
		}
		asked[s] = ReadersEnough
	}
}

// asksWhetherMixed says that a step is there for those alone whose report people of the accused organisation could read.
func (s *step) asksWhetherMixed() (mixed bool) {
	if s.relevant != nil {
		s.relevant.each(func(a *expr) { mixed = mixed || a.own == refReaders && a.value == ReadersMixed })
	}
	return mixed
}

// add gives the node of a state that a step led to; nil if that was an end.
func (e *explorer) add(t *turn, wd world) *node {
	e.fresh = slices.Clone(e.consults)
	if t.out.End {
		return nil
	}
	if wd.value == ReadersEnough && len(e.fresh) > 0 {
		asked := maps.Clone(wd.asked)
		if asked == nil {
			asked = map[*step]string{}
		}
		for _, s := range e.fresh {
			if asked[s] == "" {
				asked[s] = ReadersEnough
			}
		}
		wd.asked = asked
	}
	e.loans(t)
	key := e.key(&t.w)
	if wd.value != ReadersEnough {
		key += wd.value
	}
	if n := e.nodes[key]; n != nil {
		return n
	}
	most := e.c.lim.States
	if most == 0 {
		most = DefaultStates
	}
	if len(e.nodes) >= most {
		if !e.full {
			e.full = true
			e.tell(t.w.q, "split the flows, or ask for fewer answers later", "the flows have more than "+strconv.Itoa(most)+" states to explore; exploring stopped at step "+t.w.q.name)
		}
		return nil
	}
	n := &node{st: t.st, q: t.w.q, world: wd}
	e.nodes[key] = n
	e.queue = append(e.queue, n)
	e.wayOut(n)
	return n
}

// expand takes every answer that differs at a state.
func (e *explorer) expand(n *node) {
	for _, in := range e.inputs(n.q) {
		e.branch(n.world, func(wd world) { e.answer(n, in, wd) })
	}
	e.enter(n.world)
	e.try(n)
}

func (e *explorer) answer(n *node, in Input, wd world) {
	t := e.c.s.step(n.st, in, e.env)
	if n.q.kind == kindText && (in.Kind == InText || in.Kind == InVoice) {
		t = e.c.s.step(t.st, Input{Kind: InWord, Choice: WordDone}, e.env)
	}
	if n.q.do == doOpen && in.Kind == InText {
		if t.out.Act.Do != ActOpen {
			e.tell(n.q, "", "step "+n.q.name+" does not look for a mailbox")
		}
		return
	}
	if t.st.turn == n.st.turn && !t.out.End { // refused: a constraint, too few or too many
		return
	}
	e.accept(n.q, in)
	if t.anew {
		wd = world{value: ReadersEnough}
		e.add(t, wd)
		n.next = append(n.next, nil)
		return
	}
	next := e.add(t, wd)
	e.undone(n, t, in)
	n.next = append(n.next, next)
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

// loans checks, once for each step that waits, that every answer which counts for a flow within can be asked for again, in
// the flow where it was given, and let stand: as a review does it.
func (e *explorer) loans(t *turn) {
	for _, l := range t.w.lent {
		k := t.w.passed[l.pos]
		a := t.st.answers[k]
		of := t.w.stepOf(&a)
		if key := t.w.q.key + " " + of.key + ">" + l.to.key; e.lent[key] || t.barrier() >= k {
			continue
		} else {
			e.lent[key] = true
		}
		again := e.c.s.newTurn(t.st, e.env)
		again.settle()
		again.remember()
		again.redo(a.turn)
		ask := again.out.Ask
		back := e.c.s.step(again.st, Input{Kind: InWord, Choice: WordBack}, e.env).out.Ask
		if ask.Flow != of.flow || ask.Step != of.name || back.Flow != t.w.q.flow || back.Step != t.w.q.name {
			e.tell(l.to, "this is a fault of the program, not of the flow", "the answer to "+of.key+", which counts for "+l.to.key+", cannot be given again")
		}
	}
}
