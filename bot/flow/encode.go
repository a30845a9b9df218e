package flow

import (
	"encoding/binary"
	"errors"
	"unicode/utf8"
)

// stateVersion is the first byte of an encoded state. A new one raises the version of the draft that it stands in.
const stateVersion = 1

// ErrState says that some bytes are no state that this program wrote.
var ErrState = errors.New("reading a conversation: these bytes are no state")

// Append writes the state behind b: lengths and names, no field names, each text once.
func (st State) Append(b []byte) []byte {
	b = append(b, stateVersion)
	var flags byte
	if st.begun {
		flags = 1
	}
	b = append(b, flags, byte(st.aside))
	b = append(b, st.tag[:]...)
	b = binary.AppendUvarint(b, uint64(st.turn))
	b = binary.AppendUvarint(b, uint64(st.about))
	b = appendString(b, st.lang)
	b = append(b, byte(len(st.places)))
	for i := range st.places {
		p := &st.places[i]
		b = append(b, p.up)
		b = appendString(b, p.step)
		b = appendString(b, p.flow)
	}
	b = binary.AppendUvarint(b, uint64(len(st.answers)))
	vals := 0
	for i := range st.answers {
		vals += len(st.answers[i].vals)
	}
	b = binary.AppendUvarint(b, uint64(vals))
	for i := range st.answers {
		a := &st.answers[i]
		same := byte(0)
		if a.lang == st.lang {
			same = sameLang
		}
		b = append(b, a.at, byte(a.kind), a.flags|same)
		b = binary.AppendUvarint(b, uint64(a.turn))
		b = appendString(b, a.step)
		if same == 0 {
			b = appendString(b, a.lang)
		}
		b = binary.AppendUvarint(b, uint64(len(a.vals)))
		for _, v := range a.vals {
			b = appendString(b, v)
		}
	}
	return b
}

// sameLang stands beside the flags of an answer whose language is that of the conversation.
const sameLang = 0x80

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// Decode reads what Append wrote. It takes any bytes: what is not a state within the limits gives ErrState. The error
// names nothing of the content.
func Decode(b []byte) (State, error) {
	if len(b) > MaxState {
		return State{}, ErrState
	}
	r := reader{rest: string(b)}
	var st State
	version, flags, aside := r.byte(), r.byte(), r.byte()
	for i := range st.tag {
		st.tag[i] = r.byte()
	}
	st.turn, st.about = r.uint32(), r.uint32()
	st.begun, st.aside = flags == 1, asideKind(aside)
	st.lang = r.string(MaxName)
	r.refuse(version != stateVersion || flags > 1 || st.aside >= asideCount || st.lang != "" && !isTag(st.lang))
	r.places(&st)
	r.answers(&st)
	if r.bad || r.rest != "" || len(st.places) == 0 && len(st.answers) > 0 {
		return State{}, ErrState
	}
	return st, nil
}

// reader takes a state apart. After the first thing that is wrong it gives only zero values.
type reader struct {
	rest string
	bad  bool
}

func (r *reader) refuse(wrong bool) {
	if wrong {
		r.bad, r.rest = true, ""
	}
}

func (r *reader) byte() byte {
	if r.rest == "" {
		r.refuse(true)
		return 0
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	return c
}

func (r *reader) uint32() uint32 {
	var v uint64
	for shift := 0; shift < 35; shift += 7 {
		c := r.byte()
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			r.refuse(v > 1<<32-1 || c == 0 && shift > 0)
			if r.bad {
				return 0
			}
			return uint32(v)
		}
	}
	r.refuse(true)
	return 0
}

// count reads a number of things of which at least `each` bytes follow.
func (r *reader) count(most, each int) int {
	n := int(r.uint32())
	r.refuse(n > most || n*each > len(r.rest))
	if r.bad {
		return 0
	}
	return n
}

func (r *reader) string(most int) string {
	n := r.count(most, 1)
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) places(st *State) {
	n := int(r.byte())
	r.refuse(n > MaxPlaces || n*3 > len(r.rest))
	if r.bad || n == 0 {
		return
	}
	st.places = make([]place, n)
	for i := range st.places {
		p := &st.places[i]
		p.up, p.step, p.flow = r.byte(), r.string(MaxStepName), r.string(MaxFlowName)
		if i == 0 {
			r.refuse(p.up != 0 || p.step != "")
		} else {
			visit := p.step == "" && p.up == 0 && p.flow == ServicesFlow && st.visited() == i
			r.refuse(int(p.up) >= i || !visit && !isName(p.step, MaxStepName, true))
		}
		r.refuse(!isName(p.flow, MaxFlowName, true))
	}
}

func (r *reader) answers(st *State) {
	n, all := r.count(MaxAnswers, 6), r.count(MaxKept, 1)
	if r.bad || n == 0 {
		r.refuse(all != 0)
		return
	}
	st.answers = make([]answer, n)
	vals := make([]string, 0, all)
	size := 0
	for i := range st.answers {
		a := &st.answers[i]
		a.at, a.kind, a.flags = r.byte(), stepKind(r.byte()), r.byte()
		a.turn, a.step, a.lang = r.uint32(), r.string(MaxStepName), st.lang
		if a.flags&sameLang == 0 {
			a.lang = r.string(MaxName)
			r.refuse(a.lang == st.lang || a.lang != "" && !isTag(a.lang))
		}
		a.flags &^= sameLang
		r.refuse(int(a.at) >= len(st.places) || a.kind >= kindCount || !a.kind.waits() || a.flags&^flagAll != 0 ||
			!isName(a.step, MaxStepName, true))
		count := r.count(MaxKept, 1)
		r.refuse(len(vals)+count > all)
		if r.bad {
			return
		}
		from := len(vals)
		for range count {
			v := r.string(MaxKept)
			r.refuse(v == "" || !utf8.ValidString(v))
			vals = append(vals, v)
		}
		if count > 0 {
			a.vals = vals[from:len(vals):len(vals)]
		}
		size += kept(a.vals)
	}
	r.refuse(len(vals) != all || size > MaxKept)
}
