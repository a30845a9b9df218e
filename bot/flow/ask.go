package flow

// ask puts the present question, or the built-in one before it, into the answer.
func (t *turn) ask() {
	if t.st.aside == asideNone && t.w.q == nil {
		t.end()
		return
	}
	a := Ask{Turn: t.st.turn, Tag: t.st.tag}
	if t.st.aside != asideNone {
		t.askAside(&a)
	} else {
		t.askStep(&a)
	}
	t.out.Ask = a
}

func (t *turn) askAside(a *Ask) {
	a.Type = asideNames[t.st.aside]
	a.Step = "!" + a.Type
	a.Key = asideKeys[t.st.aside]
	a.Choices = t.asideChoices()
	if a.Voice = t.listens(); a.Voice {
		a.Room = t.room()
	}
	if t.st.aside == asideEdit {
		if k := t.answerOf(t.st.about); k >= 0 {
			if s := t.w.stepOf(&t.st.answers[k]); s != nil {
				a.Review = []Item{item(&t.st.answers[k], s)}
			}
		}
	}
	a.Words = t.words(false)
}

func (t *turn) askStep(a *Ask) {
	q := t.w.q
	a.Flow, a.Step, a.Type, a.Key, a.sum = q.flow, q.name, q.kind.String(), q.key, sumOf(q.flow)
	a.Required, a.Consent = q.required, q.consent
	if q.consent && t.w.env.oracle == nil {
		t.w.readers() // its sentences name them, and what was answered since they were last looked for may have changed them
	}
	if q.hint {
		a.Hint = q.hintKey
	}
	switch q.kind {
	case kindChoice:
		a.Choices = q.options(nil, false)
	case kindChoices:
		a.Choices, a.Several, a.Min, a.Max = q.options(t.ticked(), false), true, q.min, q.max
		a.Done = len(t.ticked()) > 0
	case kindText:
		a.Max, a.Partial = q.max, len(t.pieces())
		a.Done = a.Partial > 0
		if a.Voice = t.listens(); a.Voice {
			a.Room = t.room()
		}
	case kindNumber:
		a.Min, a.Max = q.min, q.max
	case kindPlace:
		t.askPlace(a)
	case kindFind:
		t.askFind(a)
	case kindReview:
		a.Review = t.items()
		a.Key = "word.review"
		a.Choices = []Option{{Name: "send", Key: "word.send"}, {Name: "change", Key: "word.change"}}
		if len(a.Review) == 0 {
			a.Key, a.Choices = "word.review.empty", a.Choices[:1]
		}
	case kindWipe:
		a.Key, a.Choices = asideKeys[asideStop], []Option{{Name: "yes", Key: "word.yes"}}
	case kindFile, kindMailbox:
		if q.do == doOpen {
			a.Secret = true
			break
		}
		a.Key, a.Choices = "word.unsent", []Option{{Name: "send", Key: "word.send"}}
		if retryName(q) != "send" {
			a.Choices = []Option{{Name: "yes", Key: "word.yes"}}
		}
	}
	a.Words = t.words(a.Done)
}

// words lists the reserved words that do something here, always in the same order.
func (t *turn) words(done bool) []string {
	out := make([]string, 0, 8)
	if done {
		out = append(out, WordDone)
	}
	if t.undo() != undoNothing {
		out = append(out, WordBack)
	}
	if t.st.aside == asideNone && skippable(t.w.q) {
		out = append(out, WordSkip)
	}
	out = append(out, WordServices, WordHide, WordStop)
	if len(t.langs()) > 1 && t.st.aside != asideLanguage {
		out = append(out, WordLanguage)
	}
	return append(out, WordHelp)
}
