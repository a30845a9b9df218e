package flow

import (
	"slices"
	"strings"
)

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
