package flow

import "math"

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
	entered := e.c.entered()
	e.c.steps(func(f *Flow, _ int, s *step) {
		if s.kind == kindFlow && s.optional && e.c.s.absent(s) || !entered[f.Name] {
			return
		}
		switch {
		case !e.looked[s.no]:
			e.tell(s, "let a goto lead here, or take it out", "no way leads to step "+s.name)
			return
		case !e.met[s.no]:
			e.c.wrong(s, s.relevantLine, "mend the condition, or take the step out", "the condition of step %s is never true: it is never reached", s.name)
			return
		}
		if s.kind != kindChoice && s.kind != kindChoices || len(e.taken[s]) == 0 && !skippable(s) {
			return // the latter was told as a dead end
		}
		for _, name := range s.shown() {
			if !e.taken[s][name] {
				e.tell(s, "mend the constraint, or take the choice out", "step "+s.name+" never takes the choice "+name)
			}
		}
	})
}
