package speech

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Option is one choice that somebody may type.
type Option struct {
	Name   string   // what is stored
	Labels []string // what is shown, and other words for it
}

// How says how sure a match is.
type How int

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
	m := matcher{opts: opts, fold: b.folder(lang)}
	m.typed = m.fold(typed)
	i, how := m.find(typed)
	if how == None {
		return "", None, false
	}
	return opts[i].Name, how, true
}

// MatchAll finds several options in one message: numbers ("1 3", "١ و ٣") or labels parted by commas, new lines or a word
// for "and". Every part must match, else none does. The names come in the order typed, each once; how is the least sure of all.
func (b *Book) MatchAll(lang, typed string, opts []Option) (names []string, how How, ok bool) {
	if name, how, ok := b.Match(lang, typed, opts); ok {
		return []string{name}, how, true
	}
	seen := make(map[string]bool, len(opts))
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	if ns, ok := Numbers(typed); ok {
		for _, n := range ns {
			if n < 1 || n > len(opts) {
				return nil, None, false
			}
			add(opts[n-1].Name)
		}
		return names, Digit, true
	}
	if len(typed) > longest {
		return nil, None, false
	}
	for _, piece := range strings.FieldsFunc(typed, isSeparator) {
		if strings.TrimSpace(piece) == "" {
			continue
		}
		name, one, ok := b.Match(lang, piece, opts)
		if !ok {
			return nil, None, false
		}
		how = max(how, one)
		add(name)
	}
	return names, how, len(names) > 0
}

func isSeparator(r rune) bool {
	switch r {
	case ',', ';', '\n', '،', '؛', '፣', '፤', '၊', '、', '，', '+', '&':
		return true
	}
	return false
}

// folder gives a Fold for one language that knows the folded form of every label of the catalog.
func (b *Book) folder(lang string) func(string) string {
	var known map[string]string
	if c := b.catalogs[lang]; c != nil {
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
	opts  []Option
	fold  func(string) string
	typed string // folded
}

// find tries the ways of matching from the surest to the least sure.
func (m *matcher) find(raw string) (int, How) {
	if m.typed == "" {
		if n, ok := Number(raw); ok && n >= 1 && n <= len(m.opts) {
			return n - 1, Digit
		}
		return 0, None
	}
	if i, found := m.unique(func(label string) bool { return label == m.typed }); found != 0 {
		return i, sure(found, Exact)
	}
	if n, ok := Number(raw); ok {
		if n >= 1 && n <= len(m.opts) {
			return n - 1, Digit
		}
		return 0, None
	}
	if i, ok := m.numbered(); ok {
		return i, Exact
	}
	loosened := loose(m.typed)
	if i, found := m.unique(func(label string) bool { return loose(label) == loosened }); found != 0 {
		return i, sure(found, Guess)
	}
	if i, found := m.nearest(); found != 0 {
		return i, sure(found, Guess)
	}
	return m.prefix()
}

func sure(found int, how How) How {
	if found > 1 {
		return None
	}
	return how
}

// unique counts the options that have a fitting label and gives the first.
func (m *matcher) unique(fits func(label string) bool) (index, found int) {
	for i, opt := range m.opts {
		for _, label := range opt.Labels {
			if folded := m.fold(label); folded != "" && fits(folded) {
				if found == 0 {
					index = i
				}
				found++
				break
			}
		}
	}
	return index, found
}

// numbered matches a number followed by the label it stands before, as in "2. Not now".
func (m *matcher) numbered() (int, bool) {
	number, label, ok := strings.Cut(m.typed, " ")
	n, isNumber := value(number)
	if !ok || !isNumber || number[0] < '0' || number[0] > '9' || n < 1 || n > len(m.opts) {
		return 0, false
	}
	for _, l := range m.opts[n-1].Labels {
		if m.fold(l) == label {
			return n - 1, true
		}
	}
	return 0, false
}

// loose drops what people lengthen or leave out without meaning another word: letters said longer ("yesss") and the
// chandrabindu of Bangla and its kin.
func loose(s string) string {
	out := make([]byte, 0, len(s))
	var last rune
	for _, r := range s {
		switch r {
		case 0x0901, 0x0981, 0x0A01, 0x0A81, 0x0B01:
			continue
		}
		if r == last && unicode.IsLetter(r) {
			continue
		}
		last = r
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// prefix matches a label with polite or further words behind it, in scripts that put no space between words. The
// longest label counts; a remainder that denies or asks makes it none.
func (m *matcher) prefix() (int, How) {
	first, _ := utf8.DecodeRuneInString(m.typed)
	if !spaceless(first) {
		return 0, None
	}
	best, length, ties := 0, 0, 0
	for i, opt := range m.opts {
		for _, label := range opt.Labels {
			folded := m.fold(label)
			rest, ok := strings.CutPrefix(m.typed, folded)
			if !ok || utf8.RuneCountInString(folded) < 2 || !beginsWord(rest) || denies(rest) {
				continue
			}
			switch {
			case len(folded) > length:
				best, length, ties = i, len(folded), 0
			case len(folded) == length && i != best:
				ties++
			}
		}
	}
	if length == 0 || ties > 0 {
		return 0, None
	}
	return best, Guess
}

// spaceless says that a script is written without spaces between words.
func spaceless(r rune) bool {
	return unicode.In(r, unicode.Myanmar, unicode.Thai, unicode.Khmer, unicode.Lao)
}

// longestRest is how much may follow a label, in characters, before a message is a story rather than an answer.
const longestRest = 24

// beginsWord says that rest can begin a word: not with a mark, and not with a consonant that closes the
// syllable before it.
func beginsWord(rest string) bool {
	letters := []rune(rest)
	if len(letters) == 0 || len(letters) > longestRest || unicode.IsMark(letters[0]) {
		return false
	}
	for _, r := range letters[1:] {
		switch {
		case r == 0x1039 || r == 0x103A: // stacked, or silenced: belongs to the syllable before
			return false
		case r == 0x1037 || r == 0x1038:
			continue
		}
		break
	}
	return true
}

// denies says that what follows a word turns it into its opposite or a question: Burmese ဘူး, လား; Khmer ទេ; Lao and Thai ບໍ, ไหม, ไม่.
func denies(rest string) bool {
	for _, particle := range [...]string{"ဘူး", "လား", "ទេ", "ບໍ", "ไหม", "มั้ย", "ไม่"} {
		if strings.Contains(rest, particle) {
			return true
		}
	}
	return false
}
