package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// split cuts text into parts of at most limit characters: between paragraphs where it can, else between lines, else
// between words, else between grapheme clusters. Only the white space at a cut is lost. A cluster that is longer than
// a whole part, which nobody writes in earnest, is cut all the same.
func split(text string, limit int) []string {
	var parts []string
	text = strings.TrimSpace(text)
	for utf8.RuneCountInString(text) > limit {
		end := offset(text, limit)
		cut := breakpoint(text[:end], text[end:])
		if part := strings.TrimRightFunc(text[:cut], unicode.IsSpace); part != "" {
			parts = append(parts, part)
		}
		text = strings.TrimLeftFunc(text[cut:], unicode.IsSpace)
	}
	if text != "" {
		parts = append(parts, text)
	}
	return parts
}

// offset gives where the nth character of s begins.
func offset(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// breakpoint finds the best place to cut head, the longest beginning that fits, before rest.
func breakpoint(head, rest string) int {
	// A cut that wastes most of a message would tear a long text into many small ones.
	least := len(head) / 4
	for _, sep := range []string{"\n\n", "\n", " "} {
		if strings.HasPrefix(rest, sep) {
			return len(head)
		}
		if i := strings.LastIndex(head, sep); i > least && !joined(head[:i], head[i:]) {
			return i
		}
	}
	for i := len(head); i > 0; {
		if !joined(head[:i], head[i:]+rest) {
			return i
		}
		_, n := utf8.DecodeLastRuneInString(head[:i])
		i -= n
	}
	return len(head)
}

// joined says whether what ends before and what begins after are one grapheme cluster: the rules of Unicode's annex 29
// as far as the scripts of people who write here need them, and a little stricter where that costs nothing.
func joined(before, after string) bool {
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(after)
	if before == "" || after == "" {
		return false
	}
	switch {
	case a == '\r' && b == '\n':
		return true
	case a == '\n' || b == '\n':
		return false
	case extends(b), a == zwj:
		return true
	case prepends(a):
		return true
	case linker(a) && unicode.IsLetter(b):
		return true
	case flag(a) && flag(b):
		return flagsBefore(before)%2 == 1
	case hangul(a) && hangul(b):
		return true
	}
	return false
}

const zwj = '\u200D'

func extends(r rune) bool {
	return unicode.In(r, unicode.M) || r == zwj || r == '\u200C' ||
		r >= 0x1F3FB && r <= 0x1F3FF || // skin tones
		r >= 0xE0020 && r <= 0xE007F || // tags of flags
		r == 0xFF9E || r == 0xFF9F || // half-width voicing marks
		r == 0x0E33 || r == 0x0EB3 // Thai and Lao AM
}

// prepends: number signs of Arabic and Syriac that stand before their digits.
func prepends(r rune) bool {
	return r >= 0x0600 && r <= 0x0605 || r == 0x06DD || r == 0x070F || r == 0x08E2
}

// linker: signs that bind two consonants of an Indic or Burmese conjunct.
func linker(r rune) bool {
	switch r {
	case 0x094D, 0x09CD, 0x0A4D, 0x0ACD, 0x0B4D, 0x0C4D, 0x0CCD, 0x0D4D, 0x0DCA, 0x1039, 0x103A, 0x17D2, 0x10A3F:
		return true
	}
	return false
}

func flag(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

func flagsBefore(s string) (n int) {
	for {
		r, size := utf8.DecodeLastRuneInString(s)
		if size == 0 || !flag(r) {
			return n
		}
		s, n = s[:len(s)-size], n+1
	}
}

func hangul(r rune) bool {
	return r >= 0x1100 && r <= 0x11FF || r >= 0xA960 && r <= 0xA97C || r >= 0xD7B0 && r <= 0xD7FB
}
