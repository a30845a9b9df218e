package ticket

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// The versions of what stands inside a sealed message: a program of before knows the first alone, and what says nothing of
// the audit chain is of the first.
const (
	insideVersion = 1
	sawVersion    = 2
)

// ErrNewer says that a newer program wrote a message: this one has to be brought up to date.
var ErrNewer = errors.New("made by a newer program")

func (in Inside) version() int {
	if in.Saw() != nil {
		return sawVersion
	}
	return insideVersion
}

// MaxInside is the largest plain size of a sealed message, in bytes.
const MaxInside = 32 << 10

// BytesPerChar is how many bytes a character of a person's words takes inside a report at most.
const BytesPerChar = 6

// The types of sealed content.
const (
	TypeReport  = "report"
	TypeMessage = "message"
	TypeReply   = "answer"
	TypeNote    = "note"
)

// What a reader signs about a report beside what they write: somebody is added to its readers, or a message of it is
// sealed once more.
const (
	TypeShare = "share"
	TypeCopy  = "copy"
)

// ErrTooLong says that a message does not fit into the largest sealed size.
var ErrTooLong = errors.New("longer than a sealed message can hold")

// Said is one answer of the reporter: names of choices in Values, own words in Text, in the language they were written in.
type Said struct {
	Flow    string   `json:"flow,omitempty"`
	Step    string   `json:"step"`
	Lang    string   `json:"lang,omitempty"`
	Values  []string `json:"values,omitempty"`
	Text    string   `json:"text,omitempty"`
	Voices  []Voice  `json:"voices,omitempty"` // said beside or in place of Text
	Skipped bool     `json:"skipped,omitempty"`
}

// Voice is a voice message that hangs to a sealed message: which file it is, what opens it, and what it must be.
type Voice struct {
	ID      ID     `json:"id"`
	Key     []byte `json:"key"`
	Sum     []byte `json:"sum"` // SHA-256 of the sound
	Seconds int    `json:"seconds"`
}

// Agreed is a consent as it was put and answered: the very words, in the language shown.
type Agreed struct {
	Step  string `json:"step"`
	Lang  string `json:"lang"`
	Text  string `json:"text"`
	Given bool   `json:"given"`
}

// Body is the inside of a report.
type Body struct {
	ID       ID        `json:"id"`
	Time     time.Time `json:"time"` // exact, UTC
	Lang     string    `json:"lang"`
	Answers  []Said    `json:"answers,omitempty"` // in the order given
	Consents []Agreed  `json:"consents,omitempty"`
	Mailbox  string    `json:"mailbox"`         // the reporter's public key, an age recipient
	Nudge    []byte    `json:"nudge,omitempty"` // blob that only the server can read, or none
	Seed     []byte    `json:"seed"`            // Ed25519, made for this report: whoever can read can sign
}

// Message is what the reporter wrote later, with the receipt.
type Message struct {
	ID     ID        `json:"id"`
	Time   time.Time `json:"time"`
	Lang   string    `json:"lang,omitempty"`
	Text   string    `json:"text"`
	Voices []Voice   `json:"voices,omitempty"`
}

// Reply is what a reader answers. Role is shown to the reporter, never a name.
type Reply struct {
	ID      ID        `json:"id"`
	Time    time.Time `json:"time"`
	Lang    string    `json:"lang,omitempty"`
	Role    Role      `json:"role"`
	State   State     `json:"state"`             // where the report stands with this answer
	Outcome Outcome   `json:"outcome,omitempty"` // of an answer that closes: what came of the report
	Text    string    `json:"text"`
	Saw     *Saw      `json:"saw,omitempty"`
}

// Note is what readers write for one another; the reporter never sees it.
type Note struct {
	ID   ID        `json:"id"`
	Time time.Time `json:"time"`
	Lang string    `json:"lang,omitempty"`
	By   string    `json:"by"`            // roster id
	Leg  *Leg      `json:"leg,omitempty"` // what was passed on, or became of it
	Text string    `json:"text"`
	Saw  *Saw      `json:"saw,omitempty"`
}

// Saw is the end of the report's audit chain as whoever writes had it before them: how many lines, and the beginning of the
// last link. It travels sealed, so that the server does not know who would miss what it cuts off.
type Saw struct {
	Lines int `json:"lines"`
	Link  ID  `json:"link"`
}

func (s *Saw) valid() bool { return s == nil || s.Lines > 0 }

// Inside is what one sealed message holds: exactly one of the four.
type Inside struct {
	Report  *Body
	Message *Message
	Reply   *Reply
	Note    *Note
}

// envelope is the form on the wire: a version, a type, and the content under the name of its type.
type envelope struct {
	V       int      `json:"v"`
	Type    string   `json:"type"`
	Report  *Body    `json:"report,omitempty"`
	Message *Message `json:"message,omitempty"`
	Reply   *Reply   `json:"answer,omitempty"`
	Note    *Note    `json:"note,omitempty"`
}

// Encode writes the content as JSON. It is ErrTooLong beyond MaxInside, and an error if a field is missing that a reader
// relies on.
func (in Inside) Encode() ([]byte, error) {
	e := envelope{V: in.version(), Type: in.Type(), Report: in.Report, Message: in.Message, Reply: in.Reply, Note: in.Note}
	if err := in.valid(); err != nil {
		return nil, fmt.Errorf("writing a sealed message: %w", err)
	}
	b, err := encodeJSON(e)
	if err != nil {
		return nil, errors.New("writing a sealed message: a time that cannot be written")
	}
	if len(b) > MaxInside {
		return nil, fmt.Errorf("writing a sealed message: %w", ErrTooLong)
	}
	return b, nil
}

// DecodeInside reads what Encode, or another program of these versions, wrote. Errors carry nothing of it; ErrNewer is told apart. The reader
// still compares the id with the one asked for: see [Inside.About].
func DecodeInside(b []byte) (Inside, error) {
	var e envelope
	if len(b) > MaxInside || !utf8.Valid(b) {
		return Inside{}, fmt.Errorf("reading a sealed message: %w", errDamaged)
	}
	if err := decodeJSON(b, &e); err != nil || e.V > sawVersion {
		var head struct {
			V int `json:"v"`
		}
		if json.Unmarshal(b, &head) == nil && head.V > sawVersion {
			err = ErrNewer
		}
		return Inside{}, fmt.Errorf("reading a sealed message: %w", err)
	}
	in := Inside{Report: e.Report, Message: e.Message, Reply: e.Reply, Note: e.Note}
	if e.V != in.version() || e.Type != in.Type() || in.valid() != nil {
		return Inside{}, fmt.Errorf("reading a sealed message: %w", errDamaged)
	}
	return in, nil
}

// Type names which of the four it is, or is empty if it is none or more than one.
func (in Inside) Type() string {
	kind, n := "", 0
	for name, there := range map[string]bool{
		TypeReport: in.Report != nil, TypeMessage: in.Message != nil, TypeReply: in.Reply != nil, TypeNote: in.Note != nil,
	} {
		if there {
			kind = name
			n++
		}
	}
	if n != 1 {
		return ""
	}
	return kind
}

// About gives the id of the report that the content says it belongs to, and when it was written.
func (in Inside) About() (ID, time.Time) {
	switch {
	case in.Report != nil:
		return in.Report.ID, in.Report.Time
	case in.Message != nil:
		return in.Message.ID, in.Message.Time
	case in.Reply != nil:
		return in.Reply.ID, in.Reply.Time
	case in.Note != nil:
		return in.Note.ID, in.Note.Time
	}
	return ID{}, time.Time{}
}

// Saw gives the end of the audit chain that a reader saw; nil for whatever says nothing of it.
func (in Inside) Saw() *Saw {
	switch {
	case in.Reply != nil:
		return in.Reply.Saw
	case in.Note != nil:
		return in.Note.Saw
	}
	return nil
}

func (in Inside) valid() error {
	if in.Type() == "" {
		return errors.New("one content, and one only")
	}
	id, at := in.About()
	switch {
	case id.IsZero():
		return errors.New("no report id")
	case at.IsZero() || at.Year() < 2000 || at.Year() > 9999:
		return errors.New("no time")
	case in.Report != nil && len(in.Report.Seed) != 32:
		return errors.New("a seed is 32 bytes")
	case in.Report != nil && in.Report.Mailbox == "":
		return errors.New("no mailbox key")
	case !in.Saw().valid():
		return errors.New("an end of the audit chain that is none")
	case in.Reply != nil && !in.Reply.State.Valid():
		return errors.New("no such state")
	case in.Reply != nil:
		return in.Reply.Outcome.check(in.Reply.State)
	case in.Note != nil && in.Note.By == "":
		return errors.New("no author")
	case in.Note != nil && in.Note.Leg != nil:
		return in.Note.Leg.check()
	}
	return nil
}
