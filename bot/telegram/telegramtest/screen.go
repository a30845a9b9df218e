package telegramtest

import (
	"strings"
	"time"
)

// Message is a message as a person sees it.
type Message struct {
	ID        int
	At        time.Time // full seconds
	Edited    time.Time // zero when it never was
	FromBot   bool
	From      int64  // who wrote it
	Text      string // the caption where there is a file
	Entities  []Entity
	Rows      [][]Button
	File      *File
	Place     *Place
	Contact   string // phone number of a shared contact
	ReplyTo   int
	Protected bool // no forwarding, no saving
	Silent    bool
	NoPreview bool // links are not looked up
}

// Button is a button under a message. Exactly one of Data, URL and Copy is set.
type Button struct {
	Text, Data, URL, Copy, Style string
}

// File is what travelled with a message.
type File struct {
	ID    string
	Kind  string // "document", "photo" or "voice"
	Name  string
	MIME  string
	Bytes []byte

	seconds   int   // of a voice message; 0: by its bytes
	announced int64 // size as the bot is told with the message; 0: the true one
}

// Place is a shared location.
type Place struct {
	Lat, Lon float64
}

// Screen is what is in a chat now, oldest first.
type Screen []Message

// Last is the newest message of the bot; false if there is none.
func (s Screen) Last() (Message, bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].FromBot {
			return s[i], true
		}
	}
	return Message{}, false
}

// Has says whether any message of the bot contains the words.
func (s Screen) Has(words string) bool {
	for _, m := range s {
		if m.FromBot && strings.Contains(m.Text, words) {
			return true
		}
	}
	return false
}

// Button finds the newest button with this label: one that is equal to it, else one that contains it.
func (s Screen) Button(label string) (Message, Button, bool) {
	return s.find(func(b Button) bool { return b.Text == label }, func(b Button) bool { return strings.Contains(b.Text, label) })
}

func (s Screen) find(tests ...func(Button) bool) (Message, Button, bool) {
	for _, test := range tests {
		for i := len(s) - 1; i >= 0; i-- {
			for _, row := range s[i].Rows {
				for _, b := range row {
					if test(b) {
						return s[i], b, true
					}
				}
			}
		}
	}
	return Message{}, Button{}, false
}

// Labels are the labels of all buttons of a message, row by row.
func (m Message) Labels() []string {
	var out []string
	for _, row := range m.Rows {
		for _, b := range row {
			out = append(out, b.Text)
		}
	}
	return out
}

// String writes the screen as a transcript has it: "<" the person, ">" the bot, buttons in brackets.
func (s Screen) String() string {
	var b strings.Builder
	for _, m := range s {
		side := "< "
		if m.FromBot {
			side = "> "
		}
		b.WriteString(side + strings.ReplaceAll(m.Text, "\n", "\n  ") + "\n")
		if m.File != nil {
			b.WriteString("  {" + m.File.Kind + " " + m.File.Name + "}\n")
		}
		for _, row := range m.Rows {
			b.WriteString(" ")
			for _, x := range row {
				b.WriteString(" [" + x.Text + "]")
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// EventKind says what happened in a chat.
type EventKind int

// What happens in a chat, as its transcript has it.
const (
	Sent      EventKind = iota // the bot sent Message
	Rewritten                  // the bot edited Message; it is as it became
	Deleted                    // the bot deleted Message, its own or the person's
	Heard                      // a person sent Message
	Corrected                  // a person edited Message
	Tapped                     // a person tapped the button Text of Message
	Toasted                    // the bot answered a tap; Text is what flashed up and may be empty
)

var eventNames = [...]string{"sent", "rewritten", "deleted", "heard", "corrected", "tapped", "toasted"}

// String names the kind.
func (k EventKind) String() string { return eventNames[k] }

// Event is one thing that happened in a chat.
type Event struct {
	At      time.Time
	Kind    EventKind
	Message Message
	Text    string
	Alert   bool // a toast that has to be closed
}
