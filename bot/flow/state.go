package flow

// State is what is remembered of a conversation: names, answers and little else. It is a value: Step gives a new one
// and leaves the old as it was. The zero State is a conversation that has not begun.
type State struct {
	lang    string
	tag     [4]byte
	turn    uint32 // of the present question
	begun   bool   // the first words were said
	aside   asideKind
	about   uint32  // turn of the answer that the aside is about
	places  []place // flows entered, the top one first
	answers []answer
}

// Lang is the language of the conversation; empty until one was chosen.
func (st State) Lang() string { return st.lang }

// Tag is the mark that the buttons of this conversation carry.
func (st State) Tag() [4]byte { return st.tag }

// Turn counts the questions asked.
func (st State) Turn() uint32 { return st.turn }

// IsZero says that the conversation has not begun, or is over.
func (st State) IsZero() bool { return len(st.places) == 0 }

// Empty says that nothing was answered or written: nothing is lost with this state.
func (st State) Empty() bool { return len(st.answers) == 0 }

// Flow is the name of the flow that the conversation began with; empty for a zero State.
func (st State) Flow() string {
	if len(st.places) == 0 {
		return ""
	}
	return st.places[0].flow
}

// String hides everything: a state holds what somebody told.
func (State) String() string { return "(state)" }

// GoString hides everything from %#v as well.
func (State) GoString() string { return "(state)" }

// place is one flow on the way from the top: entered at a step of the place above it.
type place struct {
	up   uint8 // index of the place above; 0 for the top itself
	step string
	flow string
}

// What is special about an answer.
const (
	flagSkipped uint8 = 1 << iota // left out on purpose
	flagOpen                      // still being written or ticked: no answer yet
	flagAgain                     // to be asked again; until then it is no answer
	flagMark                      // all that is left of a flow whose report was filed
	flagSent                      // its text went into a mailbox and is kept no longer
	flagCalm                      // open, and once asked about words of danger in it
	flagAll     = flagSkipped | flagOpen | flagAgain | flagMark | flagSent | flagCalm
)

// answer is one answer in the order in which it was given.
type answer struct {
	at    uint8 // index of its place
	kind  stepKind
	flags uint8
	turn  uint32 // of its question
	step  string
	lang  string
	vals  []string // names of choices; the messages of a text; digits; a result
}

func (a *answer) is(flag uint8) bool { return a.flags&flag != 0 }

// asideKind is a built-in question that stands before the present one.
type asideKind uint8

const (
	asideNone asideKind = iota
	asideLanguage
	asideStop
	asideOldTap
	asidePick
	asideEdit
	asideSafe // the words may have meant danger
	asideCount
)

// asideNames are the types, and behind "!" the steps, of the built-in questions.
var asideNames = [asideCount]string{"", "language", "stop", "oldtap", "pick", "edit", "safe"}

// asideKeys are the keys of their sentences.
var asideKeys = [asideCount]string{"", "word.language.ask", "word.stop.ask", "word.oldtap.ask", "word.review.pick", "word.review.change", "word.safe.ask"}

// kept counts what a value costs in the limit MaxKept.
func kept(vals []string) int {
	n := 0
	for _, v := range vals {
		n += len(v) + 1
	}
	return n
}
