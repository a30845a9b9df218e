package flow

// Kinds of step. Their names are what stands after `type:` in a flow file.
type stepKind uint8

const (
	kindNote stepKind = iota
	kindChoice
	kindChoices
	kindText
	kindNumber
	kindLocation
	kindServices
	kindReview
	kindFile
	kindMailbox
	kindWipe
	kindFlow
	kindPlace
	kindFind // a services step that looks up; kept states hold these numbers, so new kinds stand last
	kindCount
)

var kindNames = [kindCount]string{
	"note", "choice", "choices", "text", "number", "location", "services", "review", "file", "mailbox", "wipe", "flow", "place", "services",
}

func (k stepKind) String() string {
	if k < kindCount {
		return kindNames[k]
	}
	return "?"
}

// waits says that a step of this kind stops the walk until it has an answer.
func (k stepKind) waits() bool { return k != kindNote && k != kindServices && k != kindFlow }

// What a mailbox step does.
const (
	doOpen     = "open"
	doWrite    = "write"
	doWithdraw = "withdraw"
	doKeep     = "keep"
)

// Results of an Act that are kept as the answer of its step, so that an expression can ask for them.
const (
	ResultOK      = "ok"      // it is done, and on disk
	ResultRefused = "refused" // it was rightly not done: no reader, nothing to withdraw any more
	ResultClosed  = "closed"  // the mailbox opens, but takes nothing more

	ResultWithdrawn = "withdrawn" // the mailbox opens, of a report whose withdrawal can still be undone
)

// Results that leave the person where they are, with a sentence and the question again.
const (
	ResultConsent = "consent" // the sentences of a consent would now be others than those agreed to: it is asked again
	ResultTrouble = "trouble" // not saved; the person may try again
	ResultVoice   = "voice"   // a voice message is gone; it is taken out, and what was agreed to is asked again
	ResultBusy    = "busy"    // too many at once; the person may try again
	ResultLater   = "later"   // too much from this person at once; the person may try again after {Count} minutes
	ResultWrong   = "wrong"   // no mailbox has this receipt
	ResultDigits  = "digits"  // this cannot be a receipt: a digit is wrong or missing
	ResultSlow    = "slow"    // too many wrong receipts; wait
)

// results are the values that an expression or a goto may name for a step that acts.
var results = []string{ResultOK, ResultRefused, ResultClosed, ResultWithdrawn}

// Flow is one file of the flow language, read and found to be sound by itself.
type Flow struct {
	Name  string
	Kind  string // of what is filed here; empty if nothing is
	File  string
	steps []step
	index map[string]int
	src   *source
}

// step is one step of a flow. A Set holds its own copies with the choices written out.
type step struct {
	no   int // in its set, counted through all flows
	name string
	kind stepKind
	line int
	flow string // name of the flow it stands in

	choices    []choice // own choices, or those beside a list
	list       string
	choiceLine int

	relevant     *expr
	relevantLine int
	constraint   *expr
	gotos        []jump // in the order of the file
	gotoAny      int    // index of a step, len(steps) for the end, -1 for the next step
	required     bool
	consent      bool
	hint         bool
	voice        bool
	later        bool // it asks for something that comes later: passed over where the person's door cannot bring that
	min, max     int64
	hasMin       bool
	hasMax       bool

	sub      string // flow to enter
	optional bool
	do       string
	textOf   string   // step whose text a mailbox step sends
	known    []string // flows around this one in which an answer to a step of the same name counts here too
	lines    string   // which lines of the mission a services step says; empty for the urgent ones
	look     *look    // what a services step looks up; nil if it says lines

	key, hintKey, errorKey, titleKey string
}

// choice is one possible answer.
type choice struct {
	name, key, list string
	hidden          bool // it leads only to a flow that is not loaded
}

// jump is one entry of a goto: after this value, to that step.
type jump struct {
	value string
	to    int
	line  int
}

// after gives the index of the step that follows step i, once it was answered with these values.
func (f *Flow) after(i int, values []string) int {
	s := &f.steps[i]
	for _, j := range s.gotos {
		for _, v := range values {
			if v == j.value {
				return j.to
			}
		}
	}
	if s.gotoAny >= 0 {
		return s.gotoAny
	}
	return i + 1
}

// takes says that a step has this choice and shows it.
func (s *step) takes(name string) bool {
	for i := range s.choices {
		if s.choices[i].name == name {
			return !s.choices[i].hidden
		}
	}
	return false
}

// acts says that a step asks the caller to do something.
func (s *step) acts() bool { return s.kind == kindFile || s.kind == kindMailbox || s.kind == kindWipe }

// report says that answers to this step belong into a report and its review.
func (s *step) reported() bool {
	switch s.kind {
	case kindChoice, kindChoices, kindText, kindNumber, kindLocation, kindPlace:
		return true
	}
	return false
}

// speaks says that the step has a sentence of its own under flow.step.
func (s *step) speaks() bool {
	return s.reported() || s.kind == kindNote || s.kind == kindFind || s.kind == kindServices && s.lines != "" || s.kind == kindMailbox && s.do == doOpen
}

// name rules: lower case ASCII, digits and underscore; stepname and flowname begin with a letter.
func isName(s string, most int, letterFirst bool) bool {
	if s == "" || len(s) > most {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z':
		case c >= '0' && c <= '9':
			if i == 0 && letterFirst {
				return false
			}
		case c == '_' && i > 0:
		default:
			return false
		}
	}
	return true
}

// isTag says that a language tag is short and plain enough to travel in a button.
func isTag(s string) bool {
	if s == "" || len(s) > MaxName {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' && i > 0) {
			return false
		}
	}
	return true
}

// Steps gives the names of the steps, in their order.
func (f *Flow) Steps() []string { return f.stepNames(0) }

// Enters gives the names of the flows that its steps enter, in their order.
func (f *Flow) Enters() (names []string) {
	for i := range f.steps {
		if f.steps[i].kind == kindFlow && !has(names, f.steps[i].sub) {
			names = append(names, f.steps[i].sub)
		}
	}
	return names
}
