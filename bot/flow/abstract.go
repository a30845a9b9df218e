package flow

import (
	"maps"
	"slices"
	"strings"
)

// outlook is what the steps that can still be reached from a place of a flow ask about. Two conversations that wait at the
// same step, with the same answers to all of that, and the same ahead of them once this flow ends, go on alike.
type outlook struct {
	own    []*step  // steps of this flow
	outer  []string // names of steps of flows around this one
	borrow []*step  // steps that an answer of a flow around may spare
	subs   []string // flows that can still be entered: one of them on the stack would begin the conversation anew
	subOut []string // what those ask about beyond themselves, in the same two ways
	subBor []*step
}

// survey works out the outlook from every place of every flow, and which values of a step anything tells apart.
func (e *explorer) survey() {
	e.mention()
	e.outlooks = map[*Flow][]outlook{}
	inside := map[string]*gathered{}
	for _, name := range e.c.s.names {
		inside[name] = gather(e.c.s.flows[name])
	}
	for _, name := range e.c.s.names {
		f := e.c.s.flows[name]
		all := make([]outlook, len(f.steps)+1)
		for i := range f.steps {
			all[i] = e.look(f, i, inside)
		}
		e.outlooks[f] = all
	}
}

// gathered is what the steps of a whole flow ask about beyond it.
type gathered struct {
	outer  map[string]bool
	borrow map[*step]bool
	subs   map[string]bool
}

func gather(f *Flow) *gathered {
	g := &gathered{map[string]bool{}, map[*step]bool{}, map[string]bool{}}
	for i := range f.steps {
		g.add(&f.steps[i])
	}
	return g
}

func (g *gathered) add(s *step) {
	for _, x := range []*expr{s.relevant, s.constraint} {
		x.each(func(a *expr) {
			if a.own == refOuter {
				g.outer[a.name] = true
			}
		})
	}
	if len(s.known) > 0 {
		g.borrow[s] = true
	}
	if s.kind == kindFlow {
		g.subs[s.sub] = true
	}
}

func (e *explorer) look(f *Flow, from int, inside map[string]*gathered) outlook {
	own, here := map[*step]bool{}, &gathered{map[string]bool{}, map[*step]bool{}, map[string]bool{}}
	for i := range f.reach(from) {
		s := &f.steps[i]
		here.add(s)
		for _, x := range []*expr{s.relevant, s.constraint} {
			x.each(func(a *expr) {
				if a.own >= 0 {
					own[&f.steps[a.own]] = true
				}
			})
		}
		if s.textOf != "" {
			own[&f.steps[f.index[s.textOf]]] = true
		}
	}
	below := &gathered{map[string]bool{}, map[*step]bool{}, map[string]bool{}}
	queue := slices.Collect(maps.Keys(here.subs))
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if g := inside[name]; g != nil && !below.subs[name] {
			below.subs[name] = true
			maps.Copy(below.outer, g.outer)
			maps.Copy(below.borrow, g.borrow)
			queue = slices.AppendSeq(queue, maps.Keys(g.subs))
		}
	}
	byKey := func(a, b *step) int { return strings.Compare(a.key, b.key) }
	return outlook{
		own: slices.SortedFunc(maps.Keys(own), byKey), outer: slices.Sorted(maps.Keys(here.outer)),
		borrow: slices.SortedFunc(maps.Keys(here.borrow), byKey), subs: slices.Sorted(maps.Keys(below.subs)),
		subOut: slices.Sorted(maps.Keys(below.outer)), subBor: slices.SortedFunc(maps.Keys(below.borrow), byKey),
	}
}

// reach gives the places of a flow that a walk from one of them can come by, itself among them.
func (f *Flow) reach(from int) map[int]bool {
	out, queue := map[int]bool{}, []int{from}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		if i >= len(f.steps) || out[i] {
			continue
		}
		out[i] = true
		s := &f.steps[i]
		if s.gotoAny < 0 || s.relevant != nil {
			queue = append(queue, i+1)
		}
		if s.gotoAny >= 0 {
			queue = append(queue, s.gotoAny)
		}
		for _, j := range s.gotos {
			queue = append(queue, j.to)
		}
	}
	return out
}

// mention collects, for every step, the values that expressions and gotos tell apart, and for every name those that are
// told apart from within other flows.
func (e *explorer) mention() {
	e.mentions, e.named = map[*step]map[string]bool{}, map[string]map[string]bool{}
	e.c.steps(func(f *Flow, i int, s *step) {
		e.mentions[s] = map[string]bool{}
		for _, j := range s.gotos {
			e.mentions[s][j.value] = true
		}
	})
	e.c.steps(func(f *Flow, i int, s *step) {
		for _, x := range []*expr{s.relevant, s.constraint} {
			x.each(func(a *expr) {
				switch {
				case a.own == refSelf:
					e.mentions[s][a.value] = true
				case a.own >= 0:
					e.mentions[&f.steps[a.own]][a.value] = true
				case a.own == refOuter:
					if e.named[a.name] == nil {
						e.named[a.name] = map[string]bool{}
					}
					e.named[a.name][a.value] = true
					found, _ := e.c.outer(f.Name, a.name, map[string]bool{})
					for _, of := range found {
						e.mentions[of][a.value] = true
					}
				}
			})
		}
	})
	for range e.c.s.names { // lenders borrow themselves, along at most so many flows
		e.c.steps(func(_ *Flow, _ int, s *step) {
			for _, name := range s.known {
				of := e.c.lender(s, name)
				if of == nil {
					continue
				}
				maps.Copy(e.mentions[of], e.mentions[s])
				for _, ch := range of.choices { // what is no choice here is asked again
					if !s.takes(ch.name) {
						e.mentions[of][ch.name] = true
					}
				}
			}
		})
	}
}

// key names an abstract state: where it waits, what was answered as far as it still matters, and what follows.
func (e *explorer) key(w *walker) string {
	var b strings.Builder
	for d := w.depth - 1; d >= 0; d-- {
		f := &w.stack[d]
		i := f.i
		if d < w.depth-1 {
			i = f.flow.after(i, nil)
		}
		if i >= len(f.flow.steps) {
			continue
		}
		b.WriteString(f.flow.steps[i].key)
		o := &e.outlooks[f.flow][i]
		for _, s := range o.own {
			e.part(&b, w, s.key, w.answerAt(d, s.name), e.mentions[s])
		}
		for _, name := range o.outer {
			e.part(&b, w, name, w.outerAt(d-1, name), e.named[name])
		}
		for _, s := range o.borrow {
			e.part(&b, w, "<"+s.key, w.borrow(s, d-1), e.mentions[s])
		}
		for _, name := range o.subOut {
			e.part(&b, w, name, w.outerAt(d, name), e.named[name])
		}
		for _, s := range o.subBor {
			e.part(&b, w, "<"+s.key, w.borrow(s, d), e.mentions[s])
		}
		for k := range d + 1 {
			if name := w.stack[k].flow.Name; has(o.subs, name) {
				b.WriteString(" ^" + name)
			}
		}
		b.WriteByte('/')
	}
	return b.String()
}

// part writes an answer as far as it is told apart from others.
func (e *explorer) part(b *strings.Builder, w *walker, name string, k int, said map[string]bool) {
	if k < 0 {
		return
	}
	a := &w.st.answers[k]
	b.WriteString(" " + name)
	if a.kind == kindText && len(a.vals) > 0 {
		b.WriteByte('+')
	}
	if len(a.vals) < 2 {
		for _, v := range a.vals {
			if said[v] {
				b.WriteString("=" + v)
			}
		}
		return
	}
	for _, v := range slices.Sorted(slices.Values(a.vals)) {
		if said[v] {
			b.WriteString("=" + v)
		}
	}
}

// answerAt gives the index of the answer that counts for a step of the flow at a depth; -1 if there is none.
func (w *walker) answerAt(depth int, name string) int {
	f := &w.stack[depth]
	for i := f.mark; i < len(w.passed); i++ {
		if a := &w.st.answers[w.passed[i]]; a.step == name && (int(a.at) == f.at || w.isLent(i, depth)) {
			return w.passed[i]
		}
	}
	return -1
}

// outerAt gives the index of the answer to which a name leads from within a flow at a depth.
func (w *walker) outerAt(depth int, name string) int {
	for d := depth; d >= 0; d-- {
		if _, known := w.stack[d].flow.index[name]; known {
			return w.answerAt(d, name)
		}
	}
	return -1
}
