package flow

// open puts a built-in question before the present one.
func (t *turn) open(kind asideKind, about uint32) {
	t.st.aside, t.st.about = kind, about
	t.st.turn++
}

// closeAside asks the present question again. Its turn is a new one, so that a second tap on the button that closed the
// aside does nothing more.
func (t *turn) closeAside() {
	t.st.aside = asideNone
	switch {
	case t.foreign():
		t.open(asideLanguage, 0)
		t.ask()
	case !t.st.begun:
		t.begin()
	default:
		t.move()
	}
}

// answerAside takes an input as the answer to a built-in question.
func (t *turn) answerAside(in Input) {
	name, ok := oneOf(in, names(t.asideChoices()))
	if !ok {
		t.again("word.notunderstood")
		return
	}
	switch t.st.aside {
	case asideLanguage:
		t.speak(name)
	case asideStop:
		if name == "no" {
			t.closeAside()
			return
		}
		t.say("word.stop.done")
		t.out.Act = Act{Do: ActWipe}
		t.end()
	case asideOldTap:
		if name == "yes" {
			t.redo(t.st.about)
			return
		}
		t.closeAside()
	case asideSafe:
		t.closeAside()
		if name == "help" {
			t.look()
		}
	case asidePick:
		for _, it := range t.items() {
			if it.Name == name {
				t.open(asideEdit, t.turnOf(it))
			}
		}
		t.ask()
	case asideEdit:
		if name == "change" {
			t.redo(t.st.about)
			return
		}
		t.remove(t.st.about)
	}
}

// speak changes the language, keeps the answers and asks the present question in it. What was said since the latest answer is
// said again: who can read, and what must be passed on, nobody should have heard in a language that she left.
func (t *turn) speak(lang string) {
	again := t.st.begun && t.st.lang != "" && t.st.lang != lang
	t.st.lang = lang
	t.closeAside()
	if again && t.st.aside == asideNone && t.out.Act.Do == "" {
		for _, n := range t.w.notes[t.w.fresh:] {
			t.note(n.step)
		}
	}
}

// redo asks the question of an earlier answer again. The answer stands until there is another.
func (t *turn) redo(turn uint32) {
	t.st.aside = asideNone
	if k := t.answerOf(turn); k >= 0 {
		t.flag(k, flagAgain, 0)
	}
	t.move()
}

// remove leaves an earlier answer out, as if it had been skipped.
func (t *turn) remove(turn uint32) {
	t.st.aside = asideNone
	k := t.answerOf(turn)
	if k < 0 {
		t.move()
		return
	}
	a := t.st.answers[k]
	if s := t.w.stepOf(&a); s == nil || !skippable(s) {
		t.move()
		return
	}
	t.drop(k)
	t.st.answers = append(t.st.answers, answer{at: a.at, kind: a.kind, flags: flagSkipped, turn: t.st.turn, step: a.step, lang: t.st.lang})
	t.out.Answered = []Option{{Key: "word.skipped"}}
	t.advance()
}

// answerOf finds the answer that counts, and may still change, by the turn of its question; -1 if there is none.
func (t *turn) answerOf(turn uint32) int {
	barrier := t.barrier()
	for i := len(t.w.passed) - 1; i >= 0; i-- {
		if k := t.w.passed[i]; k > barrier && t.st.answers[k].turn == turn {
			return k
		}
	}
	return -1
}

// turnOf gives the turn of an item of the present review.
func (t *turn) turnOf(it Item) uint32 {
	for _, k := range t.w.passed[t.w.top().mark:] {
		if a := &t.st.answers[k]; item(a, t.w.stepOf(a)).Name == it.Name {
			return a.turn
		}
	}
	return 0
}

// asideChoices gives the options of the built-in question.
func (t *turn) asideChoices() []Option {
	switch t.st.aside {
	case asideLanguage:
		langs := t.langs()
		out := make([]Option, len(langs))
		for i, l := range langs {
			out[i] = Option{Name: l, Chosen: l == t.st.lang}
		}
		return out
	case asidePick:
		items := t.items()
		out := make([]Option, len(items))
		for i, it := range items {
			out[i] = Option{Name: it.Name, Key: it.Title}
		}
		return out
	case asideEdit:
		out := []Option{{Name: "change", Key: "word.change"}}
		if k := t.answerOf(t.st.about); k >= 0 {
			if s := t.w.stepOf(&t.st.answers[k]); s != nil && skippable(s) {
				out = append(out, Option{Name: "remove", Key: "word.remove"})
			}
		}
		return out
	case asideSafe:
		return []Option{{Name: "on", Key: "word.safe.on"}, {Name: "help", Key: "word.safe.help"}}
	}
	return []Option{{Name: "yes", Key: "word.yes"}, {Name: "no", Key: "word.no"}}
}

func names(options []Option) []string {
	out := make([]string, len(options))
	for i := range options {
		out[i] = options[i].Name
	}
	return out
}
