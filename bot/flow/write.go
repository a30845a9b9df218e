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

func (t *turn) pieces() []string {
	if k := t.flagged(flagOpen); k >= 0 {
		return t.st.answers[k].vals
	}
	return nil
}

// piece takes one message of a burst. One that does not fit is not taken and not cut, and the person is told.
func (t *turn) piece(text string) {
	if text = ownWords(text); strings.TrimSpace(text) == "" {
		t.again("word.notunderstood.text")
		return
	}
	pieces := append(slices.Clone(t.pieces()), text)
	if length(pieces) > int(t.w.q.max) || !t.put(pieces, t.opened()) {
		t.tooLong(t.w.q.max)
		return
	}
	t.out.Kept = true
	t.ask() // Ask.Partial says how many there are by now
}

// Holds says whether words that somebody wrote stand among the answers, as they were written. Of what went into a mailbox
// nothing is kept, so nobody can tell; then it says yes.
func (st State) Holds(text string) bool {
	text = ownWords(text)
	return slices.ContainsFunc(st.answers, func(a answer) bool { return a.is(flagSent) || slices.Contains(a.vals, text) })
}

// opened gives the flags of a text that is still being written, with one message more.
func (t *turn) opened() uint8 {
	flags := flagOpen
	if k := t.flagged(flagOpen); k >= 0 {
		flags |= t.st.answers[k].flags & flagCalm
	}
	return flags
}

// length counts the characters of the messages of a text, with a line break between two. Voice messages have none.
func length(pieces []string) int {
	n := 0
	for _, p := range wordsOf(pieces) {
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
	if text = ownWords(text); text == "" {
		return false
	}
	if length(a.vals)+1+utf8.RuneCountInString(text) > int(s.max) || t.kept()+len(text)+1 > MaxKept {
		t.tooLong(s.max)
		return true
	}
	a.vals = append(slices.Clone(a.vals), text)
	t.st.answers = slices.Clone(t.st.answers)
	t.st.answers[k] = a
	t.out.Kept = true
	t.again("word.late")
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
