package ticket

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Leg is one of the two ways on which a report is passed on, as readers note it for one another: to whom, and how far it
// has come. Each has a consent of its own (H14), so they are noted apart. The latest note about a leg and a receiver holds.
type Leg struct {
	Leg   string `json:"leg"`   // LegComplaint or LegAssistance
	To    string `json:"to"`    // the receiving body, as readers name it
	State string `json:"state"` // one of LegStates
}

// The legs.
const (
	LegComplaint  = "complaint"  // to whoever investigates
	LegAssistance = "assistance" // to whoever helps the person
)

// How far a leg has come.
const (
	LegSent      = "sent"
	LegConfirmed = "confirmed" // they have it
	LegDeclined  = "declined"  // they do not take it on
	LegDone      = "done"      // they have finished
)

// Legs lists the legs, in the order in which they are shown.
func Legs() []string { return []string{LegComplaint, LegAssistance} }

// LegStates lists how far a leg can have come, in order.
func LegStates() []string { return []string{LegSent, LegConfirmed, LegDeclined, LegDone} }

// MaxReceiver is how many characters the name of a receiving body may have.
const MaxReceiver = 120

func (l Leg) check() error {
	switch {
	case !slices.Contains(Legs(), l.Leg):
		return errors.New("no such leg")
	case !slices.Contains(LegStates(), l.State):
		return errors.New("no such state of a leg")
	case strings.TrimSpace(l.To) == "":
		return errors.New("a leg to nobody")
	case !utf8.ValidString(l.To) || utf8.RuneCountInString(l.To) > MaxReceiver || strings.ContainsFunc(l.To, breaksLine):
		return errors.New("the name of a receiver is one short line")
	}
	return nil
}

// breaksLine names the characters that end a line or steer a screen. Joiners stay: names in many scripts need them.
func breaksLine(c rune) bool { return unicode.IsControl(c) || unicode.In(c, unicode.Zl, unicode.Zp) }

// Outcome says what came of a report, in the answer that closes it. It is sealed with the answer, so that the server
// can count none of it.
type Outcome string

// The outcomes.
const (
	OutcomeHelped     Outcome = "helped"      // the person got help
	OutcomePassedOn   Outcome = "passed_on"   // others deal with it
	OutcomeLookedInto Outcome = "looked_into" // it was looked into
	OutcomeNotEnough  Outcome = "not_enough"  // too little is known to go on
	OutcomeElsewhere  Outcome = "elsewhere"   // it belongs to somebody else, of whom the person was told
	OutcomeWithdrawn  Outcome = "withdrawn"   // the person asked for no more
)

// Outcomes lists them in the order in which they are offered.
func Outcomes() []Outcome {
	return []Outcome{OutcomeHelped, OutcomePassedOn, OutcomeLookedInto, OutcomeNotEnough, OutcomeElsewhere, OutcomeWithdrawn}
}

// check says whether an outcome can stand in an answer with a state: none in any, one of the list where it closes.
func (o Outcome) check(s State) error {
	switch {
	case o == "":
	case !slices.Contains(Outcomes(), o):
		return errors.New("no such outcome")
	case s.Keep() != Closed:
		return errors.New("an outcome of what is not closed")
	}
	return nil
}
