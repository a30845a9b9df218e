package speech

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a typed word and a label to one form, so that equal forms mean the same word: compatibility forms and case
// are folded, format characters, tatweel, vowel marks and accents dropped, letters unified that people mix in
// Arabic, Kurdish, Hausa or Amharic writing, digits made ASCII, punctuation and emoji made spaces, spaces collapsed
// and trimmed. Marks of Indic scripts, Burmese, Thai and their kin are letters and stay.
// The result is valid UTF-8; folding it again changes nothing.
func Fold(lang, s string) string {
	if folded, ok := foldASCII(s); ok {
		return folded
	}
	homophones := homophonesOf(lang)
	// Folding may bring letters together that compose or decompose once more; two rounds settle all but the oddest.
	for range 4 {
		next := foldOnce(s, homophones)
		if next == s {
			break
		}
		s = next
	}
	return s
}

// foldASCII is the short way for most labels and answers in Latin script.
func foldASCII(s string) (string, bool) {
	clean := true
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return "", false
		}
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == ' ' && i > 0 && i < len(s)-1 && s[i-1] != ' ' {
			continue
		}
		clean = false
	}
	if clean {
		return s, true
	}
	return squeeze(strings.ToLower(s)), true
}

// foldOnce is one round: decompose, map rune by rune, compose.
func foldOnce(s string, homophones map[rune]rune) string {
	s = Digits(zeroAsWa(norm.NFKD.String(strings.ToValidUTF8(s, ""))))
	out := make([]byte, 0, len(s)+8)
	base := rune(0) // the letter that marks belong to
	for _, r := range s {
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) {
			if dropsMark(base, r) {
				continue
			}
			out = utf8.AppendRune(out, r)
			continue
		}
		if unicode.In(r, unicode.Cf, unicode.Cc, unicode.Co, unicode.Cs) && !unicode.IsSpace(r) || isApostrophe(r) || r == 0x0640 || r == 0x0674 {
			continue
		}
		r = unicode.ToLower(r)
		base = r
		if to, ok := homophones[r]; ok {
			r = to
		}
		if to, ok := unified[r]; ok {
			out = append(out, to...)
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	return squeeze(norm.NFC.String(string(out)))
}

// squeeze makes what is neither letter, mark nor digit a space, and collapses and trims spaces. A full stop
// between two letters goes without leaving a space, as in U.N.
func squeeze(s string) string {
	out := make([]byte, 0, len(s))
	space := false
	for i, r := range s {
		if isApostrophe(r) || r == '.' && betweenLetters(s, i) {
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) {
			space = len(out) > 0
			continue
		}
		if space {
			out = append(out, ' ')
			space = false
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

func betweenLetters(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	return unicode.IsLetter(before) && unicode.IsLetter(after)
}

// zeroAsWa turns the Burmese digit zero into the letter wa, which looks the same and is often typed so, where it stands in
// a word and not in a number.
func zeroAsWa(s string) string {
	const zero, wa = "\u1040", "\u101D"
	if !strings.Contains(s, zero) {
		return s
	}
	var out strings.Builder
	before := rune(0)
	for i, r := range s {
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		if r == 0x1040 && !unicode.IsDigit(before) && !unicode.IsDigit(after) && (burmese(before) || burmese(after)) {
			out.WriteString(wa)
		} else {
			out.WriteRune(r)
		}
		before = r
	}
	return out.String()
}

func burmese(r rune) bool {
	return unicode.Is(unicode.Myanmar, r) && (unicode.IsLetter(r) || unicode.IsMark(r))
}
