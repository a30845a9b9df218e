package flow

import "slices"

// look is what a step of type services looks up when it has kinds.
type look struct {
	kinds []string // always these
	of    []kindOf // or those that earlier answers stand for
	place string   // the step whose answer is the area; empty: everywhere
	line  int
}

// kindOf says which kinds of service the answers to a step stand for. A choice that it does not name is a kind itself;
// "*" is no answer.
type kindOf struct {
	step string
	as   map[string][]string
}

// search puts together what a step looks up, without the moves made at it.
func (w *walker) search(f *frame, q *step) Search {
	l := q.look
	s := Search{Kinds: l.kinds, Area: w.one(f, l.place)}
	for _, of := range l.of {
		v := w.one(f, of.step)
		as, named := of.as[v]
		switch {
		case v == "":
			as = of.as["*"]
		case !named:
			as = []string{v}
		}
		s.Kinds = append(slices.Clip(s.Kinds), as...)
	}
	if _, ok := w.env.Help.Around(s.Area); !ok {
		s.Area = ""
	}
	return s
}

// search puts together what the present step looks up, after the moves made so far.
func (t *turn) search() Search {
	s := t.w.search(t.w.top(), t.w.q)
	s.Facts = t.away().told()
	for _, m := range t.pieces() {
		switch m {
		case moveMore:
			s.From += Cards
		case moveWider:
			s, _ = t.wider(s)
		}
	}
	return s
}

// wider gives the search in the nearest area around one in which there is something that was not shown yet, if there is one.
func (t *turn) wider(s Search) (Search, bool) {
	out := s
	for out.From, out.Beyond = 0, s.Area; out.Area != ""; {
		around, ok := t.env.Help.Around(out.Area)
		if !ok {
			break
		}
		if out.Area = around; t.env.Help.Found(out) > 0 {
			return out, true
		}
	}
	return s, false
}

// Looking gives what the present question looks up, also where a built-in question stands before it; nil if it is no
// services step.
func (s *Set) Looking(st State, env Env) *Search {
	if st.IsZero() || env.Help == nil {
		return nil
	}
	t := s.newTurn(st, env)
	t.settle()
	if t.w.q == nil || t.w.q.kind != kindFind {
		return nil
	}
	out := t.search()
	return &out
}

// askFind looks up, and offers what can be done next.
func (t *turn) askFind(a *Ask) {
	s := t.search()
	found := t.env.Help.Found(s)
	if s.From >= found {
		s.From = 0 // the directory has changed since
	}
	a.Search, a.Found = &s, found
	offer := func(move string) { a.Choices = append(a.Choices, Option{Name: move, Key: "word.cards." + move}) }
	if s.From+Cards < found {
		offer(moveMore)
	}
	if _, ok := t.wider(s); ok {
		offer(moveWider)
	}
	if t.w.q.flow == ServicesFlow && t.kindAnswer() >= 0 {
		offer(moveOther)
	}
	offer(moveClose)
}

// kindAnswer gives the first answer that said which kind of service is looked up, if it can be given again; -1 if none can.
func (t *turn) kindAnswer() int {
	at, barrier := t.w.top().at, t.barrier()
	for _, of := range t.w.q.look.of {
		for _, k := range t.w.passed {
			if a := &t.st.answers[k]; k > barrier && int(a.at) == at && a.step == of.step {
				return k
			}
		}
	}
	return -1
}

// beside gives the answers that say with this one, in the same look-up, which kind of service is meant.
func (t *turn) beside(a answer) (out []int) {
	f := t.s.flows[t.st.places[a.at].flow]
	if f == nil {
		return nil
	}
	for i := range f.steps {
		l := f.steps[i].look
		if l == nil || !slices.ContainsFunc(l.of, func(o kindOf) bool { return o.step == a.step }) {
			continue
		}
		for k := range t.st.answers {
			if b := &t.st.answers[k]; b.at == a.at && b.step != a.step && slices.ContainsFunc(l.of, func(o kindOf) bool { return o.step == b.step }) {
				out = append(out, k)
			}
		}
	}
	return out
}

func (t *turn) answerFind(in Input) {
	now := Ask{}
	t.askFind(&now)
	switch name, ok := oneOf(in, names(now.Choices)); {
	case !ok:
		t.again("word.notunderstood")
	case name == moveOther:
		if k := t.flagged(flagOpen); k >= 0 {
			t.drop(k)
			t.w.walk()
		}
		first := t.st.answers[t.kindAnswer()]
		for _, k := range t.beside(first) {
			t.flag(k, flagAgain, 0) // or the kind chosen from the long list would stand for whoever asks for that list again
		}
		t.redo(first.turn)
		t.out.Answered = []Option{{Name: moveOther, Key: "word.cards." + moveOther}}
	case name == moveClose:
		t.store([]string{moveClose}, []Option{{Name: moveClose, Key: "word.cards." + moveClose}})
	default:
		t.made(name, []Option{{Name: name, Key: "word.cards." + name}})
	}
}
