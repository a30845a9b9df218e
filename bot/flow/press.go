package flow

import "strings"

// tap finds out what a button means by now. It gives the input that the tap stands for, or has answered it already.
//
// A button of the present question is its answer, however old the message is that it hangs on. A button of an earlier
// question is never taken as an answer: it offers to go back there. Words that only help are taken from any button.
func (t *turn) tap(tp Tap) (Input, bool) {
	if word, is := strings.CutPrefix(tp.Choice, "!"); is {
		return t.tapWord(word, tp)
	}
	if tp.Step == "!"+asideNames[asideLanguage] && has(t.langs(), tp.Choice) {
		t.speak(tp.Choice)
		return Input{}, false
	}
	if tp.Tag != t.st.tag {
		t.again("word.oldtap.gone")
		return Input{}, false
	}
	in := Input{Kind: InChoice, Choice: tp.Choice}
	if strings.HasPrefix(tp.Step, "!") {
		if t.st.aside != asideNone && tp.Step == "!"+asideNames[t.st.aside] && tp.Turn == t.st.turn {
			return in, true
		}
		if tp.Step == "!"+asideNames[asideSafe] && tp.Choice == "help" && t.st.visited() == 0 { // she wrote on, and wants it now
			return Input{Kind: InWord, Choice: WordServices}, true
		}
		t.out.Quiet = true
		t.ask()
		return Input{}, false
	}
	if t.st.visited() > 0 && !t.onVisit(tp) {
		t.leaveVisit()
	}
	if q := t.w.q; q != nil && q.name == tp.Step && sumOf(q.flow) == tp.Sum && !t.foreign() {
		if t.wanders() && tp.Turn != t.st.turn && !t.isArea(tp.Choice) { // "more" means the page after the one it stands under
			t.out.Quiet = t.justAnswered(tp.Turn)
			t.ask()
			return Input{}, false
		}
		t.st.aside = asideNone
		return in, true
	}
	t.tapEarlier(tp)
	return Input{}, false
}

func (t *turn) tapWord(word string, tp Tap) (Input, bool) {
	in := Input{Kind: InWord, Choice: word}
	switch word {
	case WordServices, WordHide, WordStop, WordLanguage, WordHelp:
		return in, true
	case WordBack, WordSkip, WordDone:
		if tp.Tag != t.st.tag {
			break
		}
		if tp.Turn == t.st.turn {
			return in, true
		}
		t.out.Quiet = t.justAnswered(tp.Turn) && t.st.aside != asideSafe // that one stands before a text that goes on
		t.ask()
		return Input{}, false
	}
	t.again("word.oldtap.gone")
	return Input{}, false
}

// onVisit says that a button belongs to the visit that is under way.
func (t *turn) onVisit(tp Tap) bool {
	if q := t.w.q; q != nil && q.name == tp.Step && sumOf(q.flow) == tp.Sum {
		return true
	}
	for _, k := range t.w.passed {
		if a := &t.st.answers[k]; a.step == tp.Step && sumOf(t.st.places[a.at].flow) == tp.Sum {
			return true
		}
	}
	return false
}

// justAnswered says that the latest answer was given at a turn: a second tap on the same button says nothing new.
func (t *turn) justAnswered(turn uint32) bool {
	n := len(t.st.answers)
	return n > 0 && t.st.answers[n-1].turn == turn
}

// tapEarlier answers a button of an earlier question.
func (t *turn) tapEarlier(tp Tap) {
	barrier := t.barrier()
	for i := len(t.w.passed) - 1; i >= 0; i-- {
		k := t.w.passed[i]
		a := &t.st.answers[k]
		if a.step != tp.Step || sumOf(t.st.places[a.at].flow) != tp.Sum {
			continue
		}
		switch {
		case len(a.vals) == 1 && a.vals[0] == tp.Choice:
			t.out.Quiet = true
			t.ask()
			return
		case k > barrier && !t.foreign():
			t.open(asideOldTap, a.turn)
			t.ask()
			return
		}
	}
	t.again("word.oldtap.gone")
}
