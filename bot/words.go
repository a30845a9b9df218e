package bot

import (
	"context"
	"log/slog"
	"time"
)

// Person is the keyed pseudonym of somebody who writes: an HMAC of door, bot and chat under the pseudonym root,
// which lives in memory only (sealing.md 6). It finds a draft and a closing record, and nothing else.
type Person [16]byte

// Mark is the keyed number of one update of a door. A mark that was committed is never applied a second time.
type Mark [16]byte

// String hides the pseudonym: a log line that tells two people apart is already one too many.
func (Person) String() string { return "(person)" }

// LogValue hides the pseudonym from structured logs.
func (Person) LogValue() slog.Value { return slog.StringValue("(person)") }

// ClosingID names one closing record: at random, so that it tells nothing of the receipt in it.
type ClosingID [16]byte

// IsZero says that no closing record is named.
func (c ClosingID) IsZero() bool { return c == ClosingID{} }

// IsZero says that there is no person, as in an update that belongs to nobody.
func (p Person) IsZero() bool { return p == Person{} }

// IsZero says that there is no mark: the input came from a door that never repeats itself.
func (m Mark) IsZero() bool { return m == Mark{} }

// Address is where a door can reach somebody, in the door's own words, such as "telegram:12345".
// It lives as long as the turn that carries it; what keeps it, keeps it sealed.
type Address string

// String hides the address: it must never reach a log, an error or a metric.
func (Address) String() string { return "(address)" }

// GoString hides the address from %#v as well.
func (Address) GoString() string { return "(address)" }

// LogValue hides the address from structured logs.
func (Address) LogValue() slog.Value { return slog.StringValue("(address)") }

// Reveal gives the address in clear, for the door that owns it and for the room that seals it.
func (a Address) Reveal() string { return string(a) }

// Kind says what kind of thing a person sent.
type Kind int

// The kinds of input that a door tells apart. What it cannot name is Other, and is answered kindly.
const (
	Text     Kind = iota // words in Incoming.Text
	Tap                  // a button; Incoming.Tap holds its data
	Start                // the conversation was opened; Incoming.Payload may hold a word from a poster
	Location             // a place in Incoming.Place
	Voice                // a voice message in Incoming.Voice; nil there for a sound of another kind, which is refused kindly
	Picture              // a photo, video or sticker: refused kindly, never fetched
	Document             // a file: refused kindly from people; fetched from staff (Incoming.File)
	Edited               // a correction of an earlier message, the new words in Incoming.Text
	Other                // contact cards, polls, games and what comes later
	Left                 // the person blocked the bot or closed the chat; nothing can be answered
	Command              // a slash command; Incoming.Text holds its name without the slash
	Moved                // a group has got another address, Incoming.Moved
)

// Place is a point that somebody chose to share.
type Place struct {
	Lat, Lon float64 // degrees, WGS 84
}

// File is a document that travels to or from a member of staff. Of people's files, voice messages alone are ever fetched.
type File struct {
	Name  string
	Bytes []byte
	Load  func() ([]byte, error) // gives the bytes when they are sent, where they are many; Bytes is empty then
}

// Recording is a voice message that still waits where its door can fetch it.
type Recording struct {
	Seconds int   // as the door was told; nobody has listened
	Size    int64 // in bytes; 0 if the door was not told
	From    Fetcher
}

// Fetcher gets the sound of one voice message, whole and in a form that it takes for one, or says why not. Its errors
// name neither the message nor where it lies.
type Fetcher interface {
	Fetch(context.Context) ([]byte, error)
}

// VoiceNote is a voice message that was kept: the name under which its sound is found, and its length. The name is a key:
// whoever has it can listen.
type VoiceNote struct {
	Ref     string
	Seconds int
}

// String hides the name.
func (VoiceNote) String() string { return "(voice)" }

// GoString hides the name from %#v as well.
func (VoiceNote) GoString() string { return "(voice)" }

// LogValue hides the name from structured logs.
func (VoiceNote) LogValue() slog.Value { return slog.StringValue("(voice)") }

// Incoming is one thing that somebody did, with no more about them than the turn needs.
type Incoming struct {
	Person  Person  // present pseudonym
	Was     Person  // pseudonym under the root before, while that one lives; zero otherwise
	Mark    Mark    // keyed update number under the present root
	MarkWas Mark    // the same under the root before; zero otherwise
	Address Address // for as long as the turn lasts
	Sent    time.Time
	Kind    Kind
	Text    string // valid UTF-8, control characters dropped
	Tap     string // data of the tapped button, as it was given in Choice.Data
	Payload string // what followed /start
	Lang    string // language of the client: sorts a list, decides nothing
	Place   *Place
	File    *File
	Voice   *Recording
	Speaks  bool   // voice messages can come through this door
	Door    string // whose sentences are said in place of the usual ones, where there are any: "page"; empty for the usual
	Group   bool   // in a group: only how it is joined, moved and left is brought, and never what is said there
	Moved   Address
	Mute    bool // nothing can be brought to this person later: the door only answers
}

// Choice is one button.
type Choice struct {
	Label string
	Data  string // opaque, at most 64 bytes; what a tap brings back
	Copy  string // when set, a tap copies this text and brings nothing back
	Word  string // the reserved word that the button stands for, such as "done"; empty for any other
}

// Outgoing is one message to a person: plain text, never markup.
type Outgoing struct {
	Text    string     // paragraphs parted by an empty line
	Lang    string     // BCP 47 tag of Text, which decides its direction
	Rows    [][]Choice // buttons, row by row
	Replace bool       // write over the latest question instead of sending anew, where the door can
	Keep    bool       // leave it in the chat when the rest is wiped, such as a receipt
	Closing ClosingID  // the record whose receipt this shows: the door says Delivered of it once this has been sent
	Protect bool       // ask the client not to forward or save it (staff only)
	File    *File      // travels with the message; staff only
	Sound   *Sound     // a sentence to be heard; Text, if any, stands under it in a few words
	Takes   Takes      // what answers the question in Text, beside its buttons
}

// Takes says what a question can be answered with beside its buttons and their numbers, for a door that can offer it.
type Takes struct {
	Words  bool // own words
	Digits bool // a number
	Voice  bool // a voice message
	Place  bool // a point on the map
}

// Sound is a recorded sentence.
type Sound struct {
	Name string                 // of what is heard: the same name is always the same recording
	Load func() ([]byte, error) // gives the recording, Opus in Ogg; asked only of a door that has to send it
}

// Erase says what a door takes out of the chat.
type Erase int

// How much of a chat is taken away.
const (
	EraseNothing Erase = iota
	EraseTyped         // the message that was just heard
	EraseAll           // everything that the door still may delete but what is marked Keep
)

// Reply is what a room answers to one Incoming.
type Reply struct {
	Outs     []Outgoing
	Answered string // shown in place of the buttons of the question that was just answered; empty leaves it
	Toast    string // a short word on a tap, at most 200 characters; the tap is acknowledged either way
	Erase    Erase
	Hide     bool // the person wants to be out of sight: a door that can leave the conversation leaves it
	Unheard  bool // the update was committed before, and with other words than it brings now
}

// Parcel is words that wait for somebody: a closing record after a start, or a nudge at a safe hour.
type Parcel struct {
	Person  Person
	Address Address
	Out     Outgoing
}

// Notice is what the outbox carries to one focal point: never the content of a report.
type Notice struct {
	ID       [16]byte  // random; with Due the handle under which it is marked done or later
	Due      time.Time // when it was to go out
	Reader   string    // roster id of the focal point
	Address  Address   // of a member of staff
	Lang     string    // of the focal point
	Event    string    // what happened: "report", "message", "late", "remind", "answered", "note", "withdraw", "keep", ...
	Code     string    // six letters, the same at each repeat
	Urgent   bool      // which deadlines run
	Deadline time.Time // until when somebody has to act; zero if nothing is due
	Kind     string    // only where the route says so
	Area     string    // coarse, and only where the route says so
	File     *File     // the sealed file, with deliver: sealed
	Link     string    // where it lies at the desk; only where the mission wants that in notices
	Tries    int       // how often it was tried before
}
