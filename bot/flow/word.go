package flow

// word does what a reserved word says, wherever the conversation stands.
func (t *turn) word(word string) {
	switch word {
	case WordHide:
		t.st = t.st.anew(StartFlow)
		t.out.Act = Act{Do: ActHide}
	case WordStop:
		t.open(asideStop, 0)
		t.ask()
	case WordLanguage:
		if len(t.langs()) > 1 {
			t.open(asideLanguage, 0)
		}
		t.ask()
	case WordServices:
		t.services()
		t.visit()
		t.ask()
	case WordHelp:
		t.again("word.help.text")
	case WordBack:
		t.back()
	case WordSkip:
		t.skip()
	case WordDone:
		t.done()
	default:
		t.again("word.notunderstood")
	}
}

// services says the urgent lines, for the area that was answered if one was. It makes no report and asks nothing. What was
// answered in a report goes with it: nobody is sent to those whom she has just accused.
func (t *turn) services() { t.lines("word.services.here", "") }

// lines says lines of the mission: the urgent ones, or those of another list.
func (t *turn) lines(key, of string) {
	outside := t.away()
	say := Say{Key: key, Do: "services", Of: of, Facts: outside.told()}
	for _, w := range []*walker{outside, &t.w} { // what is asked on a visit comes after what was answered before
		for _, k := range w.passed {
			a := &w.st.answers[k]
			if s := w.stepOf(a); s != nil && (s.list == areasList || s.kind == kindPlace) && len(a.vals) == 1 {
				say.Area = a.vals[0]
			}
		}
	}
	t.out.Say = append(t.out.Say, say)
}

// What back would undo now.
type undo uint8

const (
	undoNothing undo = iota
	undoAside        // leave the built-in question
	undoPiece        // drop the latest message of a burst
	undoMove         // take back the latest move in a list of areas or services
	undoAgain        // let the answer stand that was to be given again
	undoAnswer       // drop the latest answer and ask it again
	undoVisit        // leave the flow services for the question in the middle of which it was entered
)

func (t *turn) undo() undo {
	switch {
	case t.st.aside != asideNone:
		if t.foreign() {
			return undoNothing
		}
		return undoAside
	case t.w.q.kind == kindText && len(t.pieces()) > 0:
		return undoPiece
	case t.wanders() && len(t.pieces()) > 0:
		return undoMove
	case t.flagged(flagAgain) >= 0:
		return undoAgain
	case t.latest() >= 0:
		return undoAnswer
	case t.st.visited() > 0:
		return undoVisit
	}
	return undoNothing
}

func (t *turn) back() {
	switch t.undo() {
	case undoAside:
		t.closeAside()
	case undoPiece:
		pieces := t.pieces()
		k := t.flagged(flagOpen)
		if len(pieces) == 1 {
			t.drop(k)
		} else {
			a := t.st.answers[k]
			t.drop(k)
			a.vals = pieces[:len(pieces)-1]
			t.st.answers = append(t.st.answers, a)
		}
		t.ask()
	case undoMove:
		t.unmade()
	case undoVisit:
		t.leaveVisit()
		t.say("word.services.back")
		t.st.turn++
		t.ask()
	case undoAgain:
		if k := t.flagged(flagOpen); k >= 0 {
			t.drop(k)
		}
		k := t.flagged(flagAgain)
		t.flag(k, 0, flagAgain)
		for _, k := range t.beside(t.st.answers[k]) {
			t.flag(k, 0, flagAgain)
		}
		t.move()
	case undoAnswer:
		k := t.latest()
		if a := &t.st.answers[k]; a.kind == kindText && a.flags == 0 {
			t.say("word.takenout") // the chat shows them no more, so nobody would know
		}
		t.drop(k)
		t.move()
	default:
		t.ask()
	}
}

// skip leaves the present question out. In a built-in question it means back.
func (t *turn) skip() {
	switch {
	case t.st.aside != asideNone:
		if t.foreign() {
			t.again("word.notunderstood")
			return
		}
		t.closeAside()
	case !skippable(t.w.q):
		t.again("word.noskip")
	default:
		if len(t.pieces()) > 0 && t.w.q.kind == kindText {
			t.say("word.takenout")
		}
		t.leave()
	}
}

// done closes a text or a choice of several. With nothing collected there is nothing to be done with. After words of danger
// it is said of the text in which they stood, and goes on.
func (t *turn) done() {
	if t.st.aside == asideSafe {
		t.st.aside = asideNone
	}
	if t.st.aside == asideNone {
		switch pieces := t.pieces(); {
		case t.w.q.kind == kindText && len(pieces) > 0:
			t.store(pieces, written)
			return
		case t.w.q.kind == kindText:
			t.again("word.notunderstood.text")
			return
		case t.w.q.kind == kindChoices && len(t.ticked()) > 0:
			t.complete(t.ticked())
			return
		}
	}
	t.again("word.notunderstood")
}

// refuse says kindly why something is not taken.
func (t *turn) refuse(what string) {
	if !has(refusals, what) {
		what = "other"
	}
	t.again("word.refused." + what)
}
