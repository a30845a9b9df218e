package speech

import (
	"unicode"
	"unicode/utf8"
)

// Len counts the characters of a text as chat services count them: Unicode code points.
func Len(s string) int { return utf8.RuneCountInString(s) }

// Split cuts a text into pieces of at most max characters: between paragraphs if it can, else after a
// sentence, else at a space, else between letters as a reader sees them. Put together again the pieces are the text. A max below 1 counts as 1.
func Split(text string, max int) []string {
	if max < 1 {
		max = 1
	}
	var out []string
	for Len(text) > max {
		at := cutAt(text, max)
		out = append(out, text[:at])
		text = text[at:]
	}
	if text != "" || len(out) == 0 {
		out = append(out, text)
	}
	return out
}

// The places where a text may be cut, worst first.
const (
	cutNowhere = iota
	cutRune
	cutLetter
	cutSpace
	cutSentence
	cutLine
	cutParagraph
	cuts
)

// cutAt finds the best place to cut within the first max characters. A place is passed over for a better
// one unless that would leave less than a quarter of the room used.
func cutAt(text string, max int) int {
	var last, count [cuts]int
	var before rune
	n, flags, depth := 0, 0, 0
	for i, r := range text {
		if i > 0 {
			kind := cutRune
			if !joined(before, r, flags) {
				kind = cutLetter
				if depth == 0 {
					kind = place(text[:i], before, r)
				}
			}
			last[kind], count[kind] = i, n
		}
		if n == max {
			break
		}
		switch {
		case isFlag(r):
			flags++
		default:
			flags = 0
		}
		switch {
		case r >= 0x2066 && r <= 0x2068:
			depth++
		case r == 0x2069 && depth > 0, r == '\n':
			depth = 0
		}
		before = r
		n++
	}
	for kind := cutParagraph; kind > cutLetter; kind-- {
		if last[kind] > 0 && count[kind] >= max/4 {
			return last[kind]
		}
	}
	for kind := cutParagraph; kind > cutNowhere; kind-- {
		if last[kind] > 0 {
			return last[kind]
		}
	}
	return len(text)
}

// place says what kind of place lies between two characters that are not joined.
func place(text string, before, after rune) int {
	switch {
	case before == '\n' && after != '\n' && len(text) > 1 && text[len(text)-2] == '\n':
		return cutParagraph
	case before == '\n' && after != '\n':
		return cutLine
	case unicode.IsSpace(before) && !unicode.IsSpace(after):
		for end := len(text); end > 0; {
			r, size := utf8.DecodeLastRuneInString(text[:end])
			if unicode.IsSpace(r) {
				end -= size
				continue
			}
			if endsSentence(r) {
				return cutSentence
			}
			break
		}
		return cutSpace
	case before == 0x104B, before == 0x1362, before == 0x3002: // full stops that no space follows
		return cutSentence
	case before == 0x200B:
		return cutSpace
	}
	return cutLetter
}

func endsSentence(r rune) bool {
	switch r {
	case '.', '!', '?', '…', '؟', '۔', '।', '॥', '။', '።', '፧', '。', '！', '？':
		return true
	}
	return false
}

// joined says that two characters belong to one letter as a reader sees it. flags counts the regional indicators just before.
func joined(before, after rune, flags int) bool {
	switch {
	case before == '\r' && after == '\n':
		return true
	case before == '\n' || after == '\n':
		return false
	case unicode.IsMark(after), after == 0x200D, after == 0x200C, after >= 0x1F3FB && after <= 0x1F3FF, after >= 0xE0020 && after <= 0xE007F:
		return true
	case before == 0x200D:
		return true
	case isFlag(before) && isFlag(after):
		return flags%2 == 1
	case isVirama(before):
		return true
	case after == 0x2069 || before >= 0x2066 && before <= 0x2068, before == 0x200E || before == 0x200F:
		return true
	case after == 0x0E33 || after == 0x0EB3: // Thai and Lao am
		return true
	case after >= 0x1160 && after <= 0x11FF: // Hangul vowels and finals
		return true
	}
	return false
}

func isFlag(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// isVirama says that a mark joins its letter with the next one.
func isVirama(r rune) bool {
	switch r {
	case 0x094D, 0x09CD, 0x0A4D, 0x0ACD, 0x0B4D, 0x0BCD, 0x0C4D, 0x0CCD, 0x0D4D, 0x0DCA, 0x1039, 0x17D2:
		return true
	}
	return false
}
