package ticket

import (
	"slices"
	"strings"
)

// State says where a report stands, in the words that its reporter is told.
type State string

// The states. A withdrawal lies over one of them: see [State.Withdraw].
const (
	Received  State = "received"  // it is here
	Read      State = "read"      // a person has seen it
	Referred  State = "referred"  // sent to the organisation concerned
	Confirmed State = "confirmed" // that organisation has confirmed it
	Closed    State = "closed"    // closed with an answer
	Withdrawn State = "withdrawn" // the word of every withdrawal; never a state by itself
)

const over = "withdrawn:"

// Actor is what causes a change of state.
type Actor string

// The actors. Only a signed answer moves a report beyond "read": a stolen staff account has no signature.
const (
	ByReporter Actor = "reporter" // with the receipt
	ByButton   Actor = "button"   // a reader's unsigned acknowledgement
	ByReader   Actor = "reader"   // a reader's signed answer
	ByClock    Actor = "clock"    // time alone
)

var ranks = []State{Received, Read, Referred, Confirmed, Closed}

// Valid says that this is a state in which a report can stand.
func (s State) Valid() bool {
	base, _ := strings.CutPrefix(string(s), over)
	return slices.Contains(ranks, State(base))
}

// Word gives the state as the reporter is told it: a catalog key ends with it.
func (s State) Word() string {
	if s.IsWithdrawn() {
		return string(Withdrawn)
	}
	return string(s)
}

// IsWithdrawn says that the reporter asked to withdraw, and that time may still undo it.
func (s State) IsWithdrawn() bool { return strings.HasPrefix(string(s), over) }

// Withdraw lays a withdrawal over the state; a second one changes nothing.
func (s State) Withdraw() State {
	if s.IsWithdrawn() {
		return s
	}
	return over + s
}

// Keep takes a withdrawal away again.
func (s State) Keep() State {
	base, _ := strings.CutPrefix(string(s), over)
	return State(base)
}

// Open says that somebody still has to act: neither closed nor withdrawn.
func (s State) Open() bool { return s != Closed && !s.IsWithdrawn() }

func (s State) rank() int { return slices.Index(ranks, s) }

// Possible says whether anybody can bring a report from one state to another. To stay is possible for a reader: an answer
// need not change the state.
func Possible(from, to State) bool {
	return Allowed(ByReporter, from, to) || Allowed(ByButton, from, to) || Allowed(ByReader, from, to) ||
		Allowed(ByClock, from, to)
}

// Allowed says whether this actor can bring a report from one state to another.
//
//	reporter  any state to its withdrawal; a withdrawal back (within seven days: see [Clock.Turn]); closed to received
//	button    received to read
//	reader    forward, also past a state; to stay; closed to read; all this beneath a withdrawal too
//	clock     a withdrawal to closed
func Allowed(by Actor, from, to State) bool {
	if !from.Valid() || !to.Valid() {
		return false
	}
	switch by {
	case ByReporter:
		return !from.IsWithdrawn() && to == from.Withdraw() || from.IsWithdrawn() && to == from.Keep() ||
			from == Closed && to == Received
	case ByButton:
		return from == Received && to == Read
	case ByReader:
		if from.IsWithdrawn() != to.IsWithdrawn() {
			return false
		}
		from, to = from.Keep(), to.Keep()
		return to.rank() >= from.rank() || from == Closed && to == Read
	case ByClock:
		return from.IsWithdrawn() && to == Closed
	}
	return false
}
