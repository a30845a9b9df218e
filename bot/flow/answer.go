package flow

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// typed says that an input was written by hand, whatever it was taken for.
func typed(in Input) bool {
	switch in.Kind {
	case InText, InChoice, InChoices, InNumber:
		return strings.TrimSpace(in.Text) != ""
	}
	return false
}

// answer takes an input as the answer to the present step.
func (t *turn) answer(in Input) {
	q := t.w.q
	switch {
	case in.Kind == InPlace && q.kind != kindLocation:
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

func (t *turn) pieces() []string {
	if k := t.flagged(flagOpen); k >= 0 {
		return t.st.answers[k].vals
	}
	return nil
}

// piece takes one message of a burst. One that does not fit is not taken and not cut, and the person is told.
func (t *turn) piece(text string) {
	if text = strings.ToValidUTF8(text, "\ufffd"); strings.TrimSpace(text) == "" {
		t.again("word.notunderstood.text")
		return
	}
	pieces := append(slices.Clone(t.pieces()), text)
	if length(pieces) > int(t.w.q.max) || !t.put(pieces, flagOpen) {
		t.tooLong(t.w.q.max)
		return
	}
	t.ask() // Ask.Partial says how many there are by now
}

// length counts the characters of the messages of a text, with a line break between two.
func length(pieces []string) int {
	n := 0
	for _, p := range pieces {
		n += utf8.RuneCountInString(p) + 1
	}
	if n > 0 {
		n--
	}
	return n
}

func (t *turn) tooLong(most int64) {
	if most == 0 {
		most = MaxText
	}
	t.out.Say = append(t.out.Say, Say{Key: "word.toolong", Args: map[string]string{"Max": strconv.FormatInt(most, 10)}})
	t.ask()
}

// late takes a message that was written before the present question was shown. It belongs to the text that was answered
// just before, or to the text that is being collected behind an aside.
func (t *turn) late(text string) bool {
	if t.w.q == nil {
		return false
	}
	if t.w.q.kind == kindText && len(t.pieces()) > 0 {
		if t.st.aside == asideNone {
			return false
		}
		t.piece(text)
		return true
	}
	k := len(t.st.answers) - 1
	if k < 0 || t.st.answers[k].kind != kindText || t.st.answers[k].flags != 0 {
		return false
	}
	a := t.st.answers[k]
	s := t.w.stepOf(&a)
	if s == nil || s.kind != kindText {
		return false
	}
	text = strings.ToValidUTF8(text, "\ufffd")
	if length(a.vals)+1+utf8.RuneCountInString(text) > int(s.max) || t.kept()+len(text)+1 > MaxKept {
		t.tooLong(s.max)
		return true
	}
	a.vals = append(slices.Clone(a.vals), text)
	t.st.answers = slices.Clone(t.st.answers)
	t.st.answers[k] = a
	t.ask()
	return true
}

func (t *turn) answerNumber(in Input) {
	q := t.w.q
	if in.Kind != InNumber {
		t.again("word.notunderstood.text")
		return
	}
	vals := []string{strconv.FormatInt(in.Number, 10)}
	switch {
	case in.Number < q.min || in.Number > q.max:
		t.out.Say = append(t.out.Say, Say{Key: "word.number.range",
			Args: map[string]string{"Min": strconv.FormatInt(q.min, 10), "Max": strconv.FormatInt(q.max, 10)}})
		t.ask()
	case q.constraint != nil && !t.w.holds(q.constraint, vals):
		t.again(q.errorKey)
	default:
		t.store(vals, written)
	}
}

// written stands where the buttons of a question were that was answered in writing.
var written = []Option{{Key: "word.answered"}}

func (t *turn) answerLocation(in Input) {
	switch {
	case in.Kind == InPlace:
		if !(in.Lat >= -90 && in.Lat <= 90 && in.Lon >= -180 && in.Lon <= 180) {
			t.again("word.notunderstood.text")
			return
		}
		t.store([]string{strconv.FormatFloat(in.Lat, 'f', 5, 64) + "," + strconv.FormatFloat(in.Lon, 'f', 5, 64)}, written)
	case typed(in):
		text := strings.ToValidUTF8(strings.TrimSpace(in.Text), "\ufffd")
		if utf8.RuneCountInString(text) > MaxPlace {
			t.tooLong(MaxPlace)
			return
		}
		t.store([]string{text}, written)
	default:
		t.again("word.notunderstood.text")
	}
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

// answerReceipt hands a typed receipt on. It goes into the Act and nowhere else.
func (t *turn) answerReceipt(in Input) {
	switch {
	case in.Kind == InNumber && in.Text == "":
		t.act(strconv.FormatInt(in.Number, 10))
	case !typed(in):
		t.again("word.notunderstood.text")
	case len(in.Text) > MaxSecret:
		t.again("word.receipt.digits")
	default:
		t.act(in.Text)
	}
}
