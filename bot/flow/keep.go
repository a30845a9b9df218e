package flow

import "slices"

// store keeps the answer to the present step and goes on.
func (t *turn) store(vals []string, shown []Option) {
	if !t.put(vals, 0) {
		t.tooLong(0)
		return
	}
	t.out.Answered = shown
	t.st.aside = asideNone
	t.advance()
}

// leave keeps that the present step was left out, and goes on.
func (t *turn) leave() {
	if !t.put(nil, flagSkipped) {
		t.tooLong(0)
		return
	}
	t.out.Answered = []Option{{Key: "word.skipped"}}
	t.st.aside = asideNone
	t.advance()
}

// put keeps an answer to the present step as the latest one, in place of earlier ones to the same step. With flagOpen it
// replaces only what is open. It says false if it does not fit, and then has changed nothing that counts.
func (t *turn) put(vals []string, flags uint8) bool {
	at := t.ensure()
	if at < 0 {
		return false
	}
	q := t.w.q
	var next []answer
	size, root := 0, t.st.visited()
	for pass := range 2 {
		next, size = make([]answer, 0, len(t.st.answers)+1), kept(vals)
		for k := range t.st.answers {
			a := &t.st.answers[k]
			if int(a.at) == at && a.step == q.name && (flags&flagOpen == 0 || a.is(flagOpen)) {
				continue
			}
			if pass == 1 && !a.is(flagAgain|flagMark) && !slices.Contains(t.w.passed, k) && t.st.under(int(a.at), root) {
				continue // answers that count no more make room
			}
			next = append(next, *a)
			size += kept(a.vals)
		}
		if size <= MaxKept && len(next) < MaxAnswers {
			t.st.answers = append(next, answer{at: uint8(at), kind: q.kind, flags: flags, turn: t.st.turn, step: q.name, lang: t.st.lang, vals: vals})
			return true
		}
	}
	return false
}

// ensure gives the place of the present flow in the state and makes one if it has none; -1 if there is no room.
func (t *turn) ensure() int {
	w := &t.w
	if len(t.st.places)+w.depth > MaxPlaces {
		t.compact(slices.Clone(t.st.answers))
		w.walk()
		if w.q == nil || len(t.st.places)+w.depth > MaxPlaces {
			return -1
		}
	}
	for d := 1; d < w.depth; d++ {
		if f := &w.stack[d]; f.at < 0 {
			up := &w.stack[d-1]
			t.st.places = append(slices.Clip(t.st.places), place{up: uint8(up.at), step: up.flow.steps[up.i].name, flow: f.flow.Name})
			f.at = len(t.st.places) - 1
		}
	}
	return w.top().at
}

// compact keeps these answers, which it changes, and only the places that they stand in.
func (t *turn) compact(answers []answer) {
	used := make([]bool, len(t.st.places))
	used[0], used[t.st.visited()] = true, true
	for i := range answers {
		for at := answers[i].at; !used[at]; at = t.st.places[at].up {
			used[at] = true
		}
	}
	to := make([]uint8, len(used))
	var places []place
	for i, is := range used {
		if is {
			p := t.st.places[i]
			p.up = to[p.up]
			to[i] = uint8(len(places))
			places = append(places, p)
		}
	}
	for i := range answers {
		answers[i].at = to[answers[i].at]
	}
	t.st.answers, t.st.places = answers, places
}

// kept counts the bytes of all answers.
func (t *turn) kept() int {
	n := 0
	for i := range t.st.answers {
		n += kept(t.st.answers[i].vals)
	}
	return n
}

// drop takes out one answer.
func (t *turn) drop(k int) {
	t.st.answers = append(slices.Clone(t.st.answers[:k]), t.st.answers[k+1:]...)
}

// flag sets flags of one answer and clears others.
func (t *turn) flag(k int, set, clear uint8) {
	t.st.answers = slices.Clone(t.st.answers)
	a := &t.st.answers[k]
	a.flags = a.flags&^clear | set
}

// barrier gives the index of the latest answer that cannot be undone: something was sent, withdrawn or erased. Nothing
// given before it is changed any more. It is -1 if there is none.
func (t *turn) barrier() int {
	for k := len(t.st.answers) - 1; k >= 0; k-- {
		a := &t.st.answers[k]
		if a.kind == kindFile || a.kind == kindWipe || a.kind == kindMailbox {
			s := t.w.stepOf(a)
			if (s == nil || s.do != doOpen) && has(a.vals, ResultOK) {
				return k
			}
		}
	}
	return -1
}

// latest gives the index of the answer given last among those that count, -1 if it cannot be undone.
func (t *turn) latest() int {
	last := -1
	for _, k := range t.w.passed {
		last = max(last, k)
	}
	if last <= t.barrier() {
		return -1
	}
	return last
}

// items lists the answers of a review that can still be changed.
func (t *turn) items() []Item {
	all := t.w.items()
	barrier := t.barrier()
	if barrier < 0 {
		return all
	}
	var out []Item
	for _, it := range all {
		for k := barrier + 1; k < len(t.st.answers); k++ {
			if a := &t.st.answers[k]; a.step == it.Step && t.st.places[a.at].flow == it.Flow {
				out = append(out, it)
				break
			}
		}
	}
	return out
}
