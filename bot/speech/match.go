package speech

import (
	"slices"
	"strings"
	"unicode"
)

// Option is one choice that somebody may type.
type Option struct {
	Name   string   // what is stored
	Labels []string // what is shown, and other words for it
}

// How says how sure a match is.
type How uint8

// The ways in which an answer was recognised. A Guess must be shown back to the person before it counts.
const (
	None  How = iota
	Exact     // the label, after folding
	Digit     // the number in front of the choice
	Guess     // a near spelling, or the label with more written behind it
)

// Match finds the option that somebody typed: by its label, by its number counted from 1, else by the one
// label that is near in spelling. It never guesses on short words, between two options, or where digits differ.
// What matches nothing, or two options, gives ok false.
func (b *Book) Match(lang, typed string, opts []Option) (name string, how How, ok bool) {
	if len(typed) > longest || len(opts) == 0 {
		return "", None, false
	}
	m := newMatcher(opts, b.folder(lang))
	m.typed = m.fold(typed)
	i, how := m.find(typed)
	if how == None {
		return "", None, false
	}
	return opts[i].Name, how, true
}

// folder gives a Fold for one language that knows the folded form of every label of the catalog.
func (b *Book) folder(lang string) func(string) string {
	var known map[string]string
	if c := b.catalog(lang); c != nil {
		known = c.folded
	}
	return func(s string) string {
		if folded, ok := known[s]; ok {
			return folded
		}
		return Fold(lang, s)
	}
}

// matcher is one attempt to find an option.
type matcher struct {
	opts   []Option
	labels []label
	fold   func(string) string
	typed  string // folded
}

// label is one folded label and the option it belongs to.
type label struct {
	text   string
	option int
}

func newMatcher(opts []Option, fold func(string) string) matcher {
	n := 0
	for _, opt := range opts {
		n += len(opt.Labels)
	}
	m := matcher{opts: opts, labels: make([]label, 0, n), fold: fold}
	for i, opt := range opts {
		for _, l := range opt.Labels {
			if folded := fold(l); folded != "" {
				m.labels = append(m.labels, label{folded, i})
			}
		}
	}
	return m
}

// find tries the ways of matching from the surest to the least sure.
func (m *matcher) find(raw string) (int, How) {
	if i, found := m.unique(func(label string) bool { return label == m.typed }); found {
		return sure(i, Exact)
	}
	if n, ok := Number(raw); ok {
		if n >= 1 && n <= len(m.opts) {
			return n - 1, Digit
		}
		return 0, None
	}
	if m.typed == "" {
		return 0, None
	}
	if i, ok := m.numbered(); ok {
		return i, Exact
	}
	if i, found := m.longer(); found {
		return sure(i, Guess)
	}
	if i, found := m.nearest(); found {
		return sure(i, Guess)
	}
	return m.prefix()
}

// sure gives up where two options fit.
func sure(i int, how How) (int, How) {
	if i < 0 {
		return 0, None
	}
	return i, how
}

// unique finds the option that has a fitting label; -1 when several do.
func (m *matcher) unique(fits func(label string) bool) (index int, found bool) {
	for _, l := range m.labels {
		if found && l.option == index || !fits(l.text) {
			continue
		}
		if found {
			return -1, true
		}
		index, found = l.option, true
	}
	return index, found
}

// numbered matches a number followed by the label it stands before, as in "2. Not now".
func (m *matcher) numbered() (int, bool) {
	number, rest, ok := strings.Cut(m.typed, " ")
	if !ok || strings.Trim(number, "0123456789") != "" {
		return 0, false
	}
	n, ok := value(number)
	return n - 1, ok && slices.Contains(m.labels, label{rest, n - 1})
}

// longer matches a word with letters said longer ("yesss", and in words that are not short, "cafimad" for
// "caafimaad"), and one without its chandrabindu.
func (m *matcher) longer() (int, bool) {
	plain := withoutCandrabindu(m.typed)
	short := shortened(plain)
	long := countLetters(short) >= shortest
	return m.unique(func(label string) bool {
		label = withoutCandrabindu(label)
		return label == plain || (long || len(plain) > len(label)) && shortened(label) == short
	})
}

// withoutCandrabindu drops the sign for a nasal vowel, which many leave out in Bangla and its kin.
func withoutCandrabindu(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 0x0901, 0x0981, 0x0A01, 0x0A81, 0x0B01:
			return -1
		}
		return r
	}, s)
}

// shortened writes each lengthened letter once, as in "yesss".
func shortened(s string) string {
	last := rune(-1)
	return strings.Map(func(r rune) rune {
		if r == last && unicode.IsLetter(r) {
			return -1
		}
		last = r
		return r
	}, s)
}
