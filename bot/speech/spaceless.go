package speech

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// prefix matches a label with polite or further words behind it, in scripts that put no space between words. The
// longest label counts; a remainder that denies or asks makes it none.
func (m *matcher) prefix() (int, How) {
	first, _ := utf8.DecodeRuneInString(m.typed)
	if !spaceless(first) {
		return 0, None
	}
	best, length, ties := 0, 0, 0
	for _, l := range m.labels {
		rest, ok := strings.CutPrefix(m.typed, l.text)
		if !ok || utf8.RuneCountInString(l.text) < 2 || !beginsWord(rest) || denies(rest) {
			continue
		}
		switch {
		case len(l.text) > length:
			best, length, ties = l.option, len(l.text), 0
		case len(l.text) == length && l.option != best:
			ties++
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
