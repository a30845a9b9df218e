package flow

import (
	"slices"
	"strings"
)

// act asks the caller to do what the present step is there for. The state stays before it until a result comes.
func (t *turn) act(secret string) {
	f, q := t.w.top(), t.w.q
	a := Act{Flow: q.flow, Step: q.name}
	switch q.kind {
	case kindFile:
		a.Do, a.Kind, a.Facts = ActFile, f.flow.Kind, t.w.facts(f)
	case kindWipe:
		a.Do = ActWipe
	default:
		a.Do, a.Secret = q.do, secret
		if q.do == doWrite {
			told := t.w.text(f, q.textOf)
			a.Text, a.Voices = strings.Join(wordsOf(told), "\n"), voicesOf(told)
		}
	}
	t.out.Act = a
}

// retryName is the one choice of a step that acts while it waits to be told again.
func retryName(q *step) string {
	if q.kind == kindFile || q.do == doWrite {
		return "send"
	}
	return "yes"
}

// result takes how an Act went.
func (t *turn) result(in Input) {
	q := t.w.q
	if q == nil || !q.acts() || t.st.aside == asideLanguage && t.foreign() {
		t.out.Quiet = true
		t.ask()
		return
	}
	switch in.Result {
	case ResultWrong, ResultDigits, ResultSlow:
		if q.do == doOpen {
			t.again("word.receipt." + in.Result)
			return
		}
		t.ask()
	case ResultBusy:
		t.again("word.busy")
	case ResultLater:
		t.again("word.later")
		t.hand(in.Args)
	case ResultVoice:
		t.lost(in.Lost)
	case ResultConsent:
		t.dropConsents()
		t.say("word.consent.again")
		t.advance()
	case ResultOK:
		if !t.finish() {
			t.ask()
			return
		}
		t.advance()
		t.hand(in.Args)
	case ResultTrouble:
		t.trouble()
	default:
		if !isName(in.Result, MaxName, false) || !t.put([]string{in.Result}, 0) {
			t.trouble()
			return
		}
		t.st.aside = asideNone
		t.advance()
		t.hand(in.Args)
	}
}

// trouble says that nothing was saved.
func (t *turn) trouble() {
	if t.w.q.do == doOpen {
		t.again("word.busy")
		return
	}
	t.again("word.saved.not")
}

// hand gives the values that came with a result to the notes that follow it.
func (t *turn) hand(args map[string]string) {
	for i := range t.out.Say {
		if t.out.Say[i].Args == nil {
			t.out.Say[i].Args = args
		}
	}
}

// finish keeps that the step is done, and forgets what it carried away: all that its flow was told when a report was filed
// or the chat erased, the words when a message was sent. It says false if there was no room, which NewSet rules out.
func (t *turn) finish() bool {
	q := t.w.q
	t.st.aside = asideNone
	if q.kind == kindMailbox {
		if q.do == doWrite {
			t.forgetText(q.textOf)
		}
		return t.put([]string{ResultOK}, 0)
	}
	at := t.ensure()
	if at < 0 {
		t.st = State{lang: t.st.lang, tag: t.st.tag, turn: t.st.turn, begun: true} // what was sent is never sent twice
		return true
	}
	mark := t.w.top().mark
	var rest []answer
	for k := range t.st.answers {
		if slices.Contains(t.w.passed[:mark], k) {
			rest = append(rest, t.st.answers[k])
		}
	}
	rest = append(rest, answer{at: uint8(at), kind: q.kind, flags: flagMark, turn: t.st.turn, step: q.name, lang: t.st.lang, vals: []string{ResultOK}})
	t.compact(rest)
	return true
}

// forgetText keeps that a text was written, and not what it said.
func (t *turn) forgetText(name string) {
	f := t.w.top()
	for _, k := range t.w.passed[f.mark:] {
		if a := &t.st.answers[k]; int(a.at) == f.at && a.step == name && a.kind == kindText {
			t.flag(k, flagSent, 0)
			t.st.answers[k].vals = nil
		}
	}
}

// dropConsents takes back what was agreed to and looked over, and nothing else: it is asked again.
func (t *turn) dropConsents() {
	t.st.aside = asideNone
	kept := make([]answer, 0, len(t.st.answers))
	for _, a := range t.st.answers {
		if s := t.w.stepOf(&a); s == nil || !s.consent && s.kind != kindReview {
			kept = append(kept, a)
		}
	}
	t.st.answers = kept
}
