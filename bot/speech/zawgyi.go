package speech

import "unicode"

// Zawgyi says that a text was typed in the old encoding of Burmese that gives the same characters other meanings: read as
// Unicode it is another text, and no word of it can be matched. Two things tell it that no Burmese in Unicode has: the vowel ေ before
// its consonant with nothing of a syllable in front of it, and a sign for stacking, U+1039, with no consonant under it.
func Zawgyi(s string) bool {
	const vowelE, stack = 0x1031, 0x1039
	letters := []rune(s)
	for i, r := range letters {
		switch r {
		case vowelE:
			if i == 0 || !carries(letters[i-1]) {
				return true
			}
		case stack:
			if i+1 == len(letters) || !consonant(letters[i+1]) {
				return true
			}
		}
	}
	return false
}

// carries says that the vowel ေ may follow: a consonant or a sign that goes with one, or a joiner that some keyboards put
// between them.
func carries(r rune) bool {
	return consonant(r) || r >= 0x103B && r <= 0x103E || r == 0x200B || r == 0x200C || r == 0x200D || r == 0x2060 ||
		unicode.Is(unicode.Myanmar, r) && r > 0x104F && unicode.IsLetter(r) || r == 0x1082 || r >= 0x105E && r <= 0x1060
}

func consonant(r rune) bool {
	return r >= 0x1000 && r <= 0x102A || r == 0x103F || r == 0x104E || r >= 0x1050 && r <= 0x1055 || r >= 0x105A && r <= 0x105D || r >= 0x1061 && r <= 0x1081 && unicode.IsLetter(r)
}
