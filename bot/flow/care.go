package flow

// care interrupts once where written words may mean danger, or the wish to die: it says what may be needed and whom to call,
// and asks whether to go on. The words themselves stand where they stood. Nothing of it is noted: neither in a report nor
// anywhere else, and whoever goes on with a text is not interrupted again in it.
//
// Before another built-in question, such as the one for the language, it says the same and asks nothing of its own.
//
// Behind the harmless face it is silent, since whoever holds the phone there must not learn what it hides.
func (t *turn) care() {
	switch {
	case t.out.End, t.out.Act.Do != "", t.st.Flow() == HideFlow, t.w.q != nil && t.w.q.do == doOpen:
		return
	case t.st.aside != asideNone:
		t.hushed()
		t.lines("word.safe", "")
		return
	case t.w.q == nil:
		return
	}
	if k := t.flagged(flagOpen); k >= 0 && t.w.q.kind == kindText {
		if t.st.answers[k].is(flagCalm) {
			return
		}
		t.flag(k, flagCalm, 0)
	}
	t.hushed()
	t.lines("word.safe", "")
	t.open(asideSafe, 0)
	t.ask()
}

// hushed says to nobody who may be in danger that she was not understood.
func (t *turn) hushed() {
	said := t.out.Say[:0:0]
	for _, s := range t.out.Say {
		if s.Key != "word.notunderstood" && s.Key != "word.notunderstood.text" {
			said = append(said, s)
		}
	}
	t.out.Say = said
}

// look is what the word services does, without the urgent lines: they have just been said.
func (t *turn) look() {
	t.out = Out{}
	if !t.visits() {
		t.services()
	}
	t.visit()
	t.ask()
}
