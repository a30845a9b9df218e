package tell

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"amana/bot/directory"
	"amana/bot/speech"
)

// Words says a key in a language; *speech.Book does.
type Words interface {
	Text(lang, key string, args speech.Args) (string, error)
}

// Teller speaks one language, for one goroutine. The first text that is missing stays in Err, and what is said after it
// is empty: whoever has said everything looks once.
type Teller struct {
	words Words
	lang  string
	err   error
}

// New gives a teller for a language that is loaded.
func New(words Words, lang string) *Teller { return &Teller{words: words, lang: lang} }

// Lang is the language that is spoken.
func (t *Teller) Lang() string { return t.lang }

// Err gives what could not be said.
func (t *Teller) Err() error { return t.err }

// Say says any key of the catalogs, with values by name: "Time", "8:00".
func (t *Teller) Say(key string, values ...string) string {
	if t.err != nil {
		return ""
	}
	args := speech.Args{}
	for i := 0; i+1 < len(values); i += 2 {
		args[values[i]] = values[i+1]
	}
	text, err := t.words.Text(t.lang, key, args)
	if err != nil {
		t.err = fmt.Errorf("telling of a service: %w", err)
	}
	return text
}

// Kind names a kind of service as it stands on a button.
func (t *Teller) Kind(name string) string { return t.Say("service.kind." + name) }

// Kinds names the kinds of a service.
func (t *Teller) Kinds(s *directory.Service) string {
	var names []string
	for _, k := range s.Kinds {
		names = append(names, t.Kind(k))
	}
	return speech.List(t.lang, names)
}

// Date says a day: 3 December 2026. One that cannot be read is said as it stands.
func (t *Teller) Date(d directory.Date) string {
	at, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return t.Day(at)
}

// Day says the day of an instant in its zone.
func (t *Teller) Day(at time.Time) string {
	month := t.Say("hours.month." + strings.ToLower(at.Month().String()))
	day := t.Say("hours.date", "Day", fmt.Sprint(at.Day()), "Month", month, "Year", fmt.Sprint(at.Year()))
	if speech.Direction(t.lang) == "rtl" {
		// Day, month and year are isolated from each other, so that no letter tells whoever shows the whole that it begins
		// on the right.
		return rli + day + pdi
	}
	return day
}

// Marks of direction: right-to-left isolate, and its end.
const (
	rli = "\u2067"
	pdi = "\u2069"
)

func (t *Teller) weekday(w time.Weekday) string {
	return t.Say("hours.day." + strings.ToLower(w.String()))
}

// begin makes the first letter of a line a capital, where the script has any.
func begin(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
