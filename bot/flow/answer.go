package flow

import (
	"slices"
	"strconv"
)

// answer takes an input as the answer to the present step.
func (t *turn) answer(in Input) {
	q := t.w.q
	switch {
	case in.Kind == InPlace && q.kind != kindLocation, in.Kind == InFound && q.kind != kindPlace:
		t.again("word.location.refused")
	case q.kind == kindChoice:
		t.answerChoice(in)
	case q.kind == kindChoices:
		t.answerChoices(in)
	case q.kind == kindText:
		t.piece(in.Text)
	case q.kind == kindNumber:
		t.answerNumber(in)
	case q.kind == kindLocation:
		t.answerLocation(in)
	case q.kind == kindPlace:
		t.answerPlace(in)
	case q.kind == kindFind:
		t.answerFind(in)
	case q.kind == kindReview:
		t.answerReview(in)
	case q.do == doOpen:
		t.answerReceipt(in)
	default:
		if name, ok := oneOf(in, []string{retryName(q)}); ok && name != "" {
			t.act("")
			return
		}
		t.again("word.notunderstood")
	}
}

// oneOf finds the choice that an input means: by name, by its number in the list, or alone among several.
func oneOf(in Input, names []string) (string, bool) {
	name := in.Choice
	switch in.Kind {
	case InChoice:
	case InChoices:
		if len(in.Choices) != 1 {
			return "", false
		}
		name = in.Choices[0]
	case InNumber:
		if in.Number < 1 || in.Number > int64(len(names)) {
			return "", false
		}
		name = names[in.Number-1]
	default:
		return "", false
	}
	return name, has(names, name)
}

// shown gives the names of the choices that a person sees.
func (s *step) shown() []string {
	names := make([]string, 0, len(s.choices))
	for i := range s.choices {
		if !s.choices[i].hidden {
			names = append(names, s.choices[i].name)
		}
	}
	return names
}

func (t *turn) answerChoice(in Input) {
	q := t.w.q
	name, ok := oneOf(in, q.shown())
	if !ok {
		t.again("word.notunderstood")
		return
	}
	vals := []string{name}
	if q.constraint != nil && !t.w.holds(q.constraint, vals) {
		t.again(q.errorKey)
		return
	}
	t.store(vals, q.options(vals, true))
}

// answerChoices ticks one choice, or takes several typed at once together with those that are ticked.
func (t *turn) answerChoices(in Input) {
	q := t.w.q
	names := q.shown()
	ticked := slices.Clone(t.ticked())
	switch {
	case in.Kind == InChoice && has(names, in.Choice):
		if k := slices.Index(ticked, in.Choice); k >= 0 {
			ticked = slices.Delete(ticked, k, k+1)
		} else {
			ticked = append(ticked, in.Choice)
		}
		if !t.put(ticked, flagOpen) {
			t.tooLong(0)
			return
		}
		t.out.Redraw = true
		t.ask()
	case in.Kind == InChoices && len(in.Choices) > 0 && len(in.Choices) <= MaxChoices:
		for _, name := range in.Choices {
			if !has(names, name) {
				t.again("word.notunderstood")
				return
			}
			if !has(ticked, name) {
				ticked = append(ticked, name)
			}
		}
		t.complete(ticked)
	case in.Kind == InNumber:
		name, ok := oneOf(in, names)
		if !ok {
			t.again("word.notunderstood")
			return
		}
		if !has(ticked, name) {
			ticked = append(ticked, name)
		}
		t.complete(ticked)
	default:
		t.again("word.notunderstood")
	}
}

// complete closes a `choices` step. What is ticked stays ticked if it is refused.
func (t *turn) complete(ticked []string) {
	q := t.w.q
	if n := int64(len(ticked)); n < q.min || n > q.max || q.constraint != nil && !t.w.holds(q.constraint, ticked) {
		if len(ticked) > 0 && !t.put(ticked, flagOpen) {
			t.tooLong(0)
			return
		}
		key := "word.notunderstood"
		if q.complains() {
			key = q.errorKey
		}
		t.out.Say = append(t.out.Say, Say{Key: key, Args: q.bounds()})
		t.ask()
		return
	}
	t.store(ticked, q.options(ticked, true))
}

// complains says that the step has a sentence of its own for an answer that it refuses.
func (s *step) complains() bool {
	return s.constraint != nil || s.kind == kindChoices && (s.hasMin || s.hasMax)
}

func (s *step) bounds() map[string]string {
	if !s.hasMin && !s.hasMax {
		return nil
	}
	return map[string]string{"Min": strconv.FormatInt(s.min, 10), "Max": strconv.FormatInt(s.max, 10)}
}

// ticked gives what is ticked at the present `choices` step: since it was asked, or before it is asked again.
func (t *turn) ticked() []string {
	for _, flag := range []uint8{flagOpen, flagAgain} {
		if k := t.flagged(flag); k >= 0 {
			names := t.w.q.shown()
			for i, v := range t.st.answers[k].vals {
				if !has(names, v) { // the flow changed since
					kept := slices.Clone(t.st.answers[k].vals[:i])
					for _, v := range t.st.answers[k].vals[i+1:] {
						if has(names, v) {
							kept = append(kept, v)
						}
					}
					return kept
				}
			}
			return t.st.answers[k].vals
		}
	}
	return nil
}

// flagged finds the answer to the present step that has a flag; -1 if there is none.
func (t *turn) flagged(flag uint8) int {
	at, q := t.w.top().at, t.w.q
	for k := len(t.st.answers) - 1; k >= 0; k-- {
		if a := &t.st.answers[k]; int(a.at) == at && a.step == q.name && a.kind == q.kind && a.is(flag) {
			return k
		}
	}
	return -1
}

func (t *turn) answerReview(in Input) {
	names := []string{"send"}
	if len(t.items()) > 0 {
		names = append(names, "change")
	}
	switch name, ok := oneOf(in, names); {
	case !ok:
		t.again("word.notunderstood")
	case name == "send":
		t.store([]string{name}, []Option{{Name: name, Key: "word.send"}})
	default:
		t.open(asidePick, 0)
		t.ask()
	}
}
