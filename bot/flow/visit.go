package flow

import "slices"

// ServicesFlow is the flow in which help is looked for. The word services enters it from the middle of any other, and
// comes back to the same question: that is a visit. A visit is a second root beside the first, so nothing that was answered
// so far is touched, and what was asked for on a visit is told in no report.
const ServicesFlow = "services"

// visited gives the place of the visit that is under way; 0, the first root, if there is none. The walk starts there.
func (st *State) visited() int {
	for i := 1; i < len(st.places); i++ {
		if st.places[i].step == "" {
			return i
		}
	}
	return 0
}

// visit begins one, if there is a flow for it and it is not being walked already.
func (t *turn) visit() {
	if !t.visits() {
		return
	}
	t.st.places = append(slices.Clip(t.st.places), place{flow: ServicesFlow})
	t.st.turn++
	t.w.walk()
	if t.w.q == nil { // there is nothing to be asked there
		t.leaveVisit()
		return
	}
	if len(t.st.answers) > 0 {
		t.say("word.services.stay")
	}
	for _, n := range t.w.notes {
		t.note(n.step)
	}
}

// visits says that a visit can begin. None begins behind the harmless face: what kinds of help can be asked for would tell
// whoever holds the phone what it hides.
func (t *turn) visits() bool {
	if t.st.Flow() == HideFlow {
		return false
	}
	if t.env.Help == nil || !t.s.Has(ServicesFlow) || t.st.visited() > 0 || t.st.aside != asideNone || len(t.st.places) >= MaxPlaces {
		return false
	}
	for d := range t.w.depth {
		if t.w.stack[d].flow.Name == ServicesFlow {
			return false
		}
	}
	return true
}

// leaveVisit ends the visit and forgets what was asked for on it.
func (t *turn) leaveVisit() {
	at := t.st.visited()
	if at == 0 {
		return
	}
	var kept []answer
	for _, a := range t.st.answers {
		if !t.st.under(int(a.at), at) {
			kept = append(kept, a)
		}
	}
	t.st.places = slices.Clone(t.st.places)
	t.st.places[at].step = "-" // compact drops what nothing stands in
	t.compact(kept)
	t.w.walk()
	t.seen = t.seen[:0]
	t.remember()
}

// under says that a place lies in another, or is it.
func (st *State) under(at, root int) bool {
	for at != root && at != 0 && st.places[at].step != "" {
		at = int(st.places[at].up)
	}
	return at == root
}

// away gives the state as it is without the visit; the state itself if there is none.
func (t *turn) away() *walker {
	if t.st.visited() == 0 {
		return &t.w
	}
	st := t.st
	st.places = slices.Clone(t.st.places)
	st.places[t.st.visited()].step = "-"
	w := &walker{s: t.s, st: &st, env: &t.env}
	w.walk()
	return w
}

// told gives what was answered so far in flows that file a report.
func (w *walker) told() (out Facts) {
	for _, f := range w.since(0) {
		if w.s.flows[f.Flow].Kind != "" {
			out = append(out, f)
		}
	}
	return out
}
