package speech

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a typed word and a label to one form, so that equal forms mean the same word: compatibility forms and case
// are folded, format characters, tatweel, vowel marks and accents dropped, letters unified that people mix in
// Arabic, Kurdish, Hausa, Amharic or Bangla writing, digits made ASCII, punctuation and emoji made spaces, spaces collapsed
// and trimmed. Marks of Indic scripts, Burmese, Thai and their kin are letters and stay.
// The result is valid UTF-8; folding it again changes nothing. It may be empty.
func Fold(lang, s string) string {
	if isASCII(s) {
		if isFolded(s) {
			return s
		}
		return foldRunes(s, nil)
	}
	s = norm.NFKD.String(strings.ToValidUTF8(s, ""))
	return norm.NFC.String(foldRunes(Digits(zeroAsWa(s)), homophonesOf(lang)))
}

// isFolded says that an ASCII text is lower-case words with single spaces between: most labels after the first time.
func isFolded(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !letter && (c != ' ' || i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// foldRunes maps decomposed text rune by rune. What is neither letter, mark nor number becomes a space; a full stop
// between two letters goes without leaving one, as in U.N.
func foldRunes(s string, homophones map[rune]rune) string {
	out := make([]byte, 0, len(s)+8)
	base := rune(0) // the letter that marks belong to
	space, stop := false, false
	for _, r := range s {
		is := classOf(r)
		switch {
		case is&signMark != 0:
			if !dropsMark(base, r) {
				out = utf8.AppendRune(out, r)
			}
			continue
		case is&unheard != 0:
			continue
		case is&(letter|number|anyMark) == 0:
			stop = r == '.' && unicode.IsLetter(base)
			space = !stop && len(out) > 0 || space
			base = r
			continue
		}
		if is&upper != 0 {
			r = unicode.ToLower(r)
		}
		if space || stop && is&letter == 0 {
			out = append(out, ' ')
		}
		space, stop = false, false
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
	return string(out)
}

// isSilent says that a character is neither seen nor heard: format and control characters that are no spaces, tatweel, and
// the hamza that stands beside a letter.
func isSilent(r rune) bool {
	return r == 0x0640 || r == 0x0674 || r > unicode.MaxLatin1 && unicode.In(r, unicode.Cf, unicode.Co) || r == 0x00AD || r < ' ' && !unicode.IsSpace(r)
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
