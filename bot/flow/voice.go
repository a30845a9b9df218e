package flow

import (
	"slices"
	"strconv"
	"strings"
)

// Voice is a voice message that answers a text, wholly or in part: under which name its sound is kept by the caller, and
// how long it is. The sound itself never comes here.
type Voice struct {
	Ref     string // at most MaxRef of A-Z, a-z, 0-9, - and _
	Seconds int    // at most MaxSeconds
}

// String hides the name: whoever knows it can listen.
func (Voice) String() string { return "(voice)" }

// GoString hides it from %#v as well.
func (Voice) GoString() string { return "(voice)" }

// voiceMark begins a voice message among the messages of a text. What somebody writes never holds it.
const voiceMark = "\x01"

func (v Voice) valid() bool {
	if v.Ref == "" || len(v.Ref) > MaxRef || v.Seconds < 0 || v.Seconds > MaxSeconds {
		return false
	}
	return !strings.ContainsFunc(v.Ref, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	})
}

// piece gives a voice message as it is kept.
func (v Voice) piece() string { return voiceMark + strconv.Itoa(v.Seconds) + " " + v.Ref }

func voiceOf(piece string) (v Voice, ok bool) {
	rest, ok := strings.CutPrefix(piece, voiceMark)
	if !ok {
		return v, false
	}
	seconds, ref, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(seconds)
	v = Voice{Ref: ref, Seconds: n}
	return v, err == nil && v.valid()
}

// wordsOf gives the messages of a text that were written, and voicesOf those that were said.
func wordsOf(pieces []string) (out []string) {
	for _, p := range pieces {
		if !strings.HasPrefix(p, voiceMark) {
			out = append(out, p)
		}
	}
	return out
}

func voicesOf(pieces []string) (out []Voice) {
	for _, p := range pieces {
		if v, ok := voiceOf(p); ok {
			out = append(out, v)
		}
	}
	return out
}

// ownWords makes a typed text one that can be kept.
func ownWords(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), voiceMark, "")
}

// Voices gives every voice message that the conversation still holds. What is not among them any more may be erased.
func (st State) Voices() (out []Voice) {
	for i := range st.answers {
		if st.answers[i].kind == kindText {
			out = append(out, voicesOf(st.answers[i].vals)...)
		}
	}
	return out
}

// listens says that the present question takes voice messages.
func (t *turn) listens() bool {
	q := t.w.q
	return t.env.Voice && (t.st.aside == asideNone || t.st.aside == asideSafe) && q != nil && q.kind == kindText && q.voice
}

// room is how many more voice messages fit here.
func (t *turn) room() int {
	return max(0, min(MaxVoices-len(voicesOf(t.pieces())), MaxVoicesAll-len(t.st.Voices())))
}

// spoken takes one voice message of a burst, and the words that were written under it: both or neither.
func (t *turn) spoken(in Input) {
	v := in.Voice
	pieces := append(slices.Clone(t.pieces()), v.piece())
	if text := ownWords(in.Text); strings.TrimSpace(text) != "" {
		pieces = append(pieces, text)
	}
	switch {
	case !t.listens():
		t.refuse("voice")
	case t.room() == 0:
		t.again("word.voice.full")
	case !v.valid():
		t.again("word.voice.lost")
	case length(pieces) > int(t.w.q.max):
		t.tooLong(t.w.q.max)
	case !t.put(pieces, t.opened()):
		t.again("word.voice.full")
	default:
		t.st.aside = asideNone // whoever speaks on goes on
		t.out.Kept = true
		t.out.Say = append(t.out.Say, Say{Key: "word.voice.kept", Args: map[string]string{"Length": v.Length()}})
		t.ask()
	}
}

// Length gives minutes and seconds, as in 0:42.
func (v Voice) Length() string {
	seconds := strconv.Itoa(v.Seconds % 60)
	if len(seconds) < 2 {
		seconds = "0" + seconds
	}
	return strconv.Itoa(v.Seconds/60) + ":" + seconds
}

// lost takes out the voice messages that can no longer be listened to, before anything is sent without them. The question
// is asked again, with what was written beside them; so is what was agreed to and looked over.
func (t *turn) lost(refs []string) {
	gone := func(p string) bool {
		v, ok := voiceOf(p)
		return ok && slices.Contains(refs, v.Ref)
	}
	kept, said := make([]answer, 0, len(t.st.answers)), []string(nil)
	for _, a := range t.st.answers {
		if a.kind == kindText && slices.ContainsFunc(a.vals, gone) {
			for _, p := range a.vals {
				if v, ok := voiceOf(p); ok && gone(p) {
					said = append(said, v.Length())
				}
			}
			if a.vals = slices.DeleteFunc(slices.Clone(a.vals), gone); len(a.vals) == 0 {
				continue
			}
			a.flags |= flagOpen
		}
		kept = append(kept, a)
	}
	t.st.answers = kept
	t.dropConsents()
	for _, length := range said {
		t.out.Say = append(t.out.Say, Say{Key: "word.voice.gone", Args: map[string]string{"Length": length}})
	}
	t.advance()
}
