package flow

// frame is one flow on the stack of a walk.
type frame struct {
	flow *Flow
	i    int    // its present step
	at   int    // its place in the state; -1 if nothing was answered there
	mark int    // length of walker.passed when it was entered
	key  uint64 // the way to it: seven bits a flow, the step at which each was entered
	skip int    // step after whose answer it goes on, because the rest was filed and dropped; -1 for none
}

// passage is a note, or the urgent lines, that a walk came by.
type passage struct {
	key  uint64
	step *step
}

// loan is an answer of a flow around that counts for a step of a flow within it.
type loan struct {
	pos   int // its index in walker.passed
	depth int // of the frame that borrows
	to    *step
}

// walker derives where a conversation stands. It goes from the top of the flow along the steps that are relevant, past
// what is answered, to the first step that waits. Nothing of a position is stored, so a flow that changes under a running
// conversation cannot break it.
type walker struct {
	s      *Set
	st     *State
	env    *Env
	again  bool // pass answers that are to be asked again as if they stood
	stack  [MaxDepth]frame
	depth  int
	passed []int // indices of the answers that count, in the order of the walk
	lent   []loan
	notes  []passage
	fresh  int   // how many of the notes were passed before the latest answer
	q      *step // the step that waits; nil if the flow ended or begins anew
	anew   *Flow // the flow that a step entered although it is on the stack: everything begins anew with it
}

// top is the frame of the present step.
func (w *walker) top() *frame { return &w.stack[w.depth-1] }

// walk derives the position of w.st.
func (w *walker) walk() {
	w.depth, w.passed, w.lent, w.notes, w.fresh, w.q, w.anew = 0, w.passed[:0], w.lent[:0], w.notes[:0], 0, nil, nil
	if len(w.st.places) == 0 || w.s.flows[w.st.places[0].flow] == nil {
		return
	}
	root := w.st.visited()
	first := w.s.flows[w.st.places[root].flow]
	if first == nil {
		return
	}
	w.push(first, root, 1)
	for w.depth > 0 {
		f := w.top()
		if f.i >= len(f.flow.steps) {
			w.depth--
			if w.depth > 0 {
				up := w.top()
				up.i = up.flow.after(up.i, nil)
			}
			continue
		}
		s := &f.flow.steps[f.i]
		resumed := f.skip == f.i
		relevant := resumed || s.relevant == nil || w.holds(s.relevant, nil)
		if w.env.trace != nil {
			w.env.trace(s, relevant)
		}
		if !relevant || s.later && w.env.Mute {
			f.i++
			continue
		}
		switch {
		case s.kind == kindFlow:
			if w.enter(s) {
				return
			}
		case !s.kind.waits():
			w.notes = append(w.notes, passage{f.key<<7 | uint64(f.i), s})
			f.i = f.flow.after(f.i, nil)
		case s.kind == kindFind && w.env.Help == nil:
			w.notes = append(w.notes, passage{f.key<<7 | uint64(f.i), s})
			f.i = f.flow.after(f.i, nil)
		case s.kind == kindFind && s.optional && w.find(f, s) < 0 && w.env.Help.Found(w.search(f, s)) == 0:
			f.i = f.flow.after(f.i, nil)
		case s.kind == kindPlace && !w.anywhere():
			f.i = f.flow.after(f.i, nil)
		case len(s.choices) == 0 && (s.kind == kindChoice || s.kind == kindChoices):
			f.i = f.flow.after(f.i, nil) // a list that is empty: nothing to ask
		default:
			k := w.find(f, s)
			if k < 0 && len(s.known) > 0 && !w.asksAgain(f, s) {
				if k = w.borrow(s, w.depth-2); k >= 0 {
					w.lent = append(w.lent, loan{len(w.passed), w.depth - 1, s})
				}
			}
			if k < 0 && s.do == doWrite && !w.written(f, s.textOf) {
				f.i = f.flow.after(f.i, nil) // nothing to send
				continue
			}
			if k < 0 {
				w.q = s
				return
			}
			w.passed, w.fresh = append(w.passed, k), len(w.notes)
			a := &w.st.answers[k]
			f.i = f.flow.after(f.i, a.vals)
		}
	}
}

// enter goes into the flow of a step. It says true if the walk is over because everything begins anew.
func (w *walker) enter(s *step) bool {
	f := w.top()
	sub := w.s.flows[s.sub]
	if w.s.absent(s) {
		f.i = f.flow.after(f.i, nil)
		return false
	}
	for k := range w.depth {
		if w.stack[k].flow == sub {
			w.anew = sub
			return true
		}
	}
	if w.depth == MaxDepth { // NewSet lets no set of flows come here
		f.i = f.flow.after(f.i, nil)
		return false
	}
	at := -1
	if f.at >= 0 {
		for k := 1; k < len(w.st.places); k++ {
			p := &w.st.places[k]
			if int(p.up) == f.at && p.flow == sub.Name && p.step == s.name {
				at = k
				break
			}
		}
	}
	w.push(sub, at, f.key<<7|uint64(f.i))
	return false
}

func (w *walker) push(flow *Flow, at int, key uint64) {
	f := &w.stack[w.depth]
	w.depth++
	*f = frame{flow: flow, at: at, mark: len(w.passed), key: key, skip: -1}
	if at < 0 {
		return
	}
	for k := len(w.st.answers) - 1; k >= 0; k-- {
		if a := &w.st.answers[k]; int(a.at) == at && a.is(flagMark) {
			i, there := flow.index[a.step]
			if !there || flow.steps[i].kind != a.kind {
				i = len(flow.steps) // what was filed is not asked for a second time
			}
			f.i, f.skip = i, i
			return
		}
	}
}

// find gives the index of the answer to a step of a frame, if it counts; -1 if the step is to be asked.
func (w *walker) find(f *frame, s *step) int {
	if f.at < 0 {
		return -1
	}
	for k := len(w.st.answers) - 1; k >= 0; k-- {
		a := &w.st.answers[k]
		if int(a.at) == f.at && a.step == s.name && !a.is(flagOpen) && (w.again || !a.is(flagAgain)) {
			if w.counts(k, a, f, s) {
				return k
			}
			return -1
		}
	}
	return -1
}

// asksAgain says that the step has an answer of its own that is to be given anew: then nobody else's counts.
func (w *walker) asksAgain(f *frame, s *step) bool {
	if f.at < 0 {
		return false
	}
	for k := range w.st.answers {
		if a := &w.st.answers[k]; int(a.at) == f.at && a.step == s.name && a.is(flagAgain|flagOpen) {
			return true
		}
	}
	return false
}

// borrow gives the index of the answer that a flow at a depth or around it, the nearest of those that the step names, has
// had to a step of the same name; -1 if there is none, or one that is no choice here. What was left out there is left out
// here.
func (w *walker) borrow(s *step, depth int) int {
	for d := depth; d >= 0; d-- {
		f := &w.stack[d]
		if !has(s.known, f.flow.Name) {
			continue
		}
		for i := len(w.passed) - 1; i >= f.mark; i-- {
			k := w.passed[i]
			a := &w.st.answers[k]
			if a.step != s.name || int(a.at) != f.at && !w.isLent(i, d) {
				continue
			}
			if a.kind != s.kind || a.is(flagSkipped) && !skippable(s) {
				return -1
			}
			for _, v := range a.vals {
				if !s.takes(v) {
					return -1
				}
			}
			return k
		}
	}
	return -1
}

// isLent says that the answer at a place of passed counts for a step of the frame at a depth.
func (w *walker) isLent(pos, depth int) bool {
	for _, l := range w.lent {
		if l.pos == pos && l.depth == depth {
			return true
		}
	}
	return false
}

// counts says that an answer still answers its step: the flow may have changed since it was given.
func (w *walker) counts(k int, a *answer, f *frame, s *step) bool {
	if a.kind != s.kind {
		return false
	}
	if a.is(flagSkipped) {
		return skippable(s)
	}
	switch s.kind {
	case kindChoice:
		return len(a.vals) == 1 && s.takes(a.vals[0])
	case kindChoices:
		for _, v := range a.vals {
			if !s.takes(v) {
				return false
			}
		}
		return len(a.vals) > 0
	case kindPlace:
		if len(a.vals) != 1 {
			return false
		}
		_, known := w.env.Help.Around(a.vals[0])
		return known
	case kindText:
		return len(a.vals) > 0 || a.is(flagSent)
	case kindNumber:
		n, ok := number(a.vals)
		return ok && n >= s.min && n <= s.max
	case kindReview:
		// What was looked over counts only if nothing was answered since that it would have shown.
		for _, p := range w.passed[f.mark:] {
			if p > k {
				return false
			}
		}
		return len(a.vals) == 1
	}
	return len(a.vals) == 1
}

// holds evaluates an expression; self are the values that a dot stands for.
func (w *walker) holds(e *expr, self []string) bool {
	switch e.op {
	case opAnd:
		return w.holds(e.l, self) && w.holds(e.r, self)
	case opOr:
		return w.holds(e.l, self) || w.holds(e.r, self)
	case opNot:
		return !w.holds(e.l, self)
	}
	var is bool
	switch e.own {
	case refSelf:
		is = has(self, e.value)
	case refReaders:
		is = w.readers() == e.value
	default:
		is = has(w.values(e), e.value)
	}
	return is != (e.op == opDiffers)
}

// values gives what was answered at the step of an atom, in this flow or in the nearest around it that has such a step.
func (w *walker) values(e *expr) []string {
	for d := w.depth - 1; d >= 0; d-- {
		f := &w.stack[d]
		if d < w.depth-1 || e.own < 0 {
			if _, known := f.flow.index[e.name]; !known {
				continue
			}
		}
		for i, k := range w.passed[f.mark:] {
			if a := &w.st.answers[k]; a.step == e.name && (int(a.at) == f.at || w.isLent(f.mark+i, d)) {
				return a.vals
			}
		}
		return nil
	}
	return nil
}

// anywhere says that there are areas to choose from.
func (w *walker) anywhere() bool { return w.env.Help != nil && len(w.env.Help.Inside("")) > 0 }

// written says that a text step of a frame was answered with words that are still there.
func (w *walker) written(f *frame, name string) bool { return len(w.text(f, name)) > 0 }

func (w *walker) text(f *frame, name string) []string {
	for _, k := range w.passed[f.mark:] {
		if a := &w.st.answers[k]; int(a.at) == f.at && a.step == name && a.kind == kindText {
			return a.vals
		}
	}
	return nil
}

// readers asks who could read a report of the nearest flow that files one.
func (w *walker) readers() string {
	if w.env.oracle != nil {
		return w.env.oracle(&w.top().flow.steps[w.top().i])
	}
	if w.env.Readers == nil {
		return ReadersEnough
	}
	for d := w.depth - 1; d >= 0; d-- {
		if f := &w.stack[d]; f.flow.Kind != "" {
			return w.env.Readers(f.flow.Kind, w.facts(f))
		}
	}
	return w.env.Readers("", nil)
}
