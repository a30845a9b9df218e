package flow

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// Tap is what a button carries: which conversation drew it, at which turn, for which question, and what it means.
// There is no room in it for anything about the person.
type Tap struct {
	Tag    [4]byte
	Turn   uint32
	Sum    uint16 // of the name of the flow that asked: two flows may have a step of the same name
	Step   string // a built-in question begins with "!"
	Choice string // a reserved word begins with "!"
}

const tapHead = "t:"

// Data gives the button's data: at most MaxTap bytes.
func (t Tap) Data() string {
	var head [10]byte
	copy(head[:4], t.Tag[:])
	binary.BigEndian.PutUint32(head[4:8], t.Turn)
	binary.BigEndian.PutUint16(head[8:], t.Sum)
	return tapHead + base64.RawURLEncoding.EncodeToString(head[:]) + t.Step + ":" + t.Choice
}

// tapHeadLen is the length of what stands before the step: the head and ten bytes in base64.
const tapHeadLen = len(tapHead) + 14

// ParseTap reads a button's data. What Data did not write, it refuses.
func ParseTap(data string) (Tap, bool) {
	var t Tap
	if len(data) > MaxTap || len(data) < tapHeadLen || !strings.HasPrefix(data, tapHead) {
		return Tap{}, false
	}
	head, err := base64.RawURLEncoding.Strict().DecodeString(data[len(tapHead):tapHeadLen])
	if err != nil {
		return Tap{}, false
	}
	copy(t.Tag[:], head)
	t.Turn = binary.BigEndian.Uint32(head[4:])
	t.Sum = binary.BigEndian.Uint16(head[8:])
	var ok bool
	if t.Step, t.Choice, ok = strings.Cut(data[tapHeadLen:], ":"); !ok {
		return Tap{}, false
	}
	step, choice := strings.TrimPrefix(t.Step, "!"), strings.TrimPrefix(t.Choice, "!")
	if !isName(step, MaxStepName, true) || !isName(choice, MaxName, false) && !isTag(choice) {
		return Tap{}, false
	}
	return t, true
}

// Tap gives what the button of a choice of this question carries.
func (a Ask) Tap(choice string) Tap {
	return Tap{Tag: a.Tag, Turn: a.Turn, Sum: a.sum, Step: a.Step, Choice: choice}
}

// WordTap gives what the button of a reserved word carries.
func (a Ask) WordTap(word string) Tap { return a.Tap("!" + word) }

// sumOf is the short sum of a flow's name: FNV-1a, folded to sixteen bits.
func sumOf(flow string) uint16 {
	h := uint32(2166136261)
	for i := 0; i < len(flow); i++ {
		h = (h ^ uint32(flow[i])) * 16777619
	}
	return uint16(h ^ h>>16)
}
