package bot

import (
	"errors"
	"fmt"
	"time"
)

// What a room may be told when it asks another room to keep or to find something.
var (
	// ErrNotSaved says that nothing of the turn was written; the person is told so and may send it again.
	ErrNotSaved = errors.New("not saved")
	// ErrPerhaps says that nobody knows yet whether the turn was written. The same message heard again tells; until then
	// nobody may be told that it was not.
	ErrPerhaps = errors.New("perhaps saved")
	// ErrNewer says that a later version of the program has the database from now on. What could not be heard for that reason is
	// brought to it, and nobody is told that anything went wrong.
	ErrNewer = errors.New("a later version of this program")
	// ErrOver says that an older database came into the place of the one for which this process heard people, so that it ends.
	// What could not be heard for that reason is brought to whoever serves next, and nobody is told that anything went wrong.
	ErrOver = fmt.Errorf("%w: the database went back", ErrPerhaps)
	// ErrOvertaken says that another process has heard this person meanwhile, so that the turn begins from what is no longer
	// there; nothing of it was written, and it is to be taken anew.
	ErrOvertaken = errors.New("another process was faster")
	// ErrNoReaders says that too few confirmed keys could read the report, so it was not taken (sealing.md 7).
	ErrNoReaders = errors.New("too few people can read this report")
	// ErrWrongReceipt says that no mailbox opens with the number that was typed.
	ErrWrongReceipt = errors.New("no mailbox opens with this number")
	// ErrSlip says that what was typed cannot be a receipt at all: a digit is wrong or missing. Nothing was tried.
	ErrSlip = errors.New("a digit of the number is wrong or missing")
	// ErrSlow says that this person has tried too many wrong numbers and has to wait a little.
	ErrSlow = errors.New("too many wrong numbers, wait a little")
	// ErrBusy says that more reports come in at once than can be taken, or more of one person than they were shown
	// receipts for; nothing was written, and it works in a minute.
	ErrBusy = errors.New("too many reports at once")
	// ErrNoVoice says that a voice message which belongs to what was told is no longer there; nothing was written.
	ErrNoVoice = errors.New("a voice message is gone")
	// ErrTooLong says that the sealed form of what was told would not fit; nothing is ever cut.
	ErrTooLong = errors.New("too long to be sealed")
)

// Lost names the voice messages that are no longer there. It is ErrNoVoice.
type Lost []string

func (Lost) Error() string { return ErrNoVoice.Error() }

// Is says what it is.
func (Lost) Is(err error) bool { return err == ErrNoVoice }

// Later says that a person has sent so much of late that this has to wait; nothing was written, nothing is lost, and it
// works after the wait.
type Later struct{ Wait time.Duration }

func (l Later) Error() string { return "one person sends too much at once" }

// Recall is what is remembered of a person when a message comes in.
type Recall struct {
	Draft   []byte    // the session as the chat encoded it; nil when there is none
	Seen    bool      // this very update was committed before: answer again, apply nothing
	Closing []Closing // receipts that were not yet confirmed as shown, the oldest first
	Ended   Ended     // something was there that can no longer be read
	From    [32]byte  // what the next turn begins from, to be given back with it; zero where nobody else can come between
}

// Ended says how a conversation broke off that memory no longer holds.
type Ended int

// The ways in which a conversation breaks off.
const (
	EndedNot     Ended = iota
	EndedNothing       // a draft was lost: nothing was sent
	EndedPerhaps       // a closing record was lost: a report may have arrived without its number
)

// Closing is what is left of a filing until its receipt has been shown: number, language, way back.
type Closing struct {
	ID      ClosingID
	Receipt string // 16 digits
	Lang    string
	Address Address
	Filed   time.Time
}

// Turn is all that one message changes, written in one transaction with its update mark.
type Turn struct {
	Person   Person
	Was      Person
	Mark     Mark
	Address  Address
	Lang     string
	From     [32]byte  // as it was recalled
	Draft    []byte    // nil wipes the draft
	Filing   *Filing   // a report to be sealed and filed
	Letter   *Letter   // a further message under a receipt
	Withdraw *Withdraw // a request to withdraw, or its taking back
	Gap      *Gap      // help that was looked for and is not there, to be counted
	Sought   *Sought   // help that was looked for and shown, to be counted
}

// Gap is help that was looked for and is not there. It says nothing about who asked.
type Gap struct {
	Kinds []string
	Area  string // of the mission's own list; empty for everywhere
}

// Sought is help that was looked for and found. It says nothing about who asked.
type Sought struct {
	Kinds []string
	Area  string // of the mission's own list; empty for everywhere
}

// Done is what a committed turn brought about.
type Done struct {
	Receipt string    // of a filing: 16 digits, shown once
	Closing ClosingID // the record that keeps it until it has been shown
	Readers int       // how many people a filing or letter was handed to
}

// Fact is one answer as it stands in a report: choice names or own words, never a label.
type Fact struct {
	Flow    string      `json:"flow"`
	Step    string      `json:"step"`
	Lang    string      `json:"lang"`
	Values  []string    `json:"values,omitempty"`
	Text    string      `json:"text,omitempty"`
	Voices  []VoiceNote `json:"-"` // said beside or in place of the text
	Consent bool        `json:"consent,omitempty"`
	Shown   string      `json:"shown,omitempty"` // the sentences of a consent as they were shown
	Skipped bool        `json:"skipped,omitempty"`
}

// Facts are the answers of a report in the order in which they were given.
type Facts []Fact

// Get gives the single value of a step, its text, or nothing.
func (f Facts) Get(step string) string {
	for i := len(f) - 1; i >= 0; i-- {
		if f[i].Step != step || f[i].Skipped {
			continue
		}
		if len(f[i].Values) > 0 {
			return f[i].Values[0]
		}
		return f[i].Text
	}
	return ""
}

// Has says whether a step was answered with a value, alone or among several.
func (f Facts) Has(step, value string) bool {
	for i := len(f) - 1; i >= 0; i-- {
		if f[i].Step != step || f[i].Skipped {
			continue
		}
		for _, v := range f[i].Values {
			if v == value {
				return true
			}
		}
		return false
	}
	return false
}

// Filing is a report on its way to being sealed.
type Filing struct {
	Flow  string
	Kind  string // the kind that the flow names; the answers may refine it
	Lang  string
	Facts Facts
}

// Letter is a further message of a reporter. Box is the handle that opening the mailbox gave.
type Letter struct {
	Box    [16]byte
	Text   string
	Voices []VoiceNote
	Lang   string
}

// Withdraw asks that a report be withdrawn, or takes the request back within seven days.
type Withdraw struct {
	Box  [16]byte
	Keep bool
}

// Mail is what a receipt opens: the state and the answers, never what was first told.
type Mail struct {
	Box     [16]byte
	State   string // a state name, worded by the chat
	Since   time.Time
	Asked   bool // a withdrawal was asked for and can still be taken back
	Force   bool // it is about a force that carries arms or a badge, as its outer kind says
	Closed  bool
	Answers []Answer
}

// Answer is one reply of the focal points as the reporter reads it.
type Answer struct {
	Day  time.Time // the day, no finer
	Lang string
	Text string
	New  bool
}

// Readership says who could read a report with the answers given so far.
type Readership struct {
	Verdict string   // "enough", "mixed", "oversight" or "none"
	Now     Circle   // who reads it at once
	Later   Circle   // who can read it once a deadline has passed
	Spare   Circle   // keys that are kept offline, with whom nobody reads who is not counted already
	Accused string   // the organisation of the accused as it is shown to a person; empty if none was named
	Inside  bool     // some who read now or later work there
	Apart   bool     // the person asked that nobody there reads it
	Outside []string // organisations of those who read now or later and do not
	Hours   int      // within how many hours one of them has to read it
}

// Circle is how many people hold something, and their organisations as they are shown to a person, sorted.
type Circle struct {
	Count int
	Names []string
}
