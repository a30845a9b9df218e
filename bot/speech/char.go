package speech

import (
	"fmt"
	"unicode"
)

// badRune names the first character that must not stand in a catalog, or gives "".
//
// Forbidden are control characters, embeddings and overrides (they turn text that follows), isolates that are not
// closed in their own paragraph, private-use and unassigned characters, and the mark of a broken encoding. Joiners,
// direction marks and zero-width spaces are letters' business in Persian, Kurdish, Sinhala and Burmese: allowed.
func badRune(s string) string {
	open := 0
	for _, r := range s {
		switch {
		case r == '\n':
			if open > 0 {
				return "an isolate that is not closed in its paragraph"
			}
		case r >= 0x2066 && r <= 0x2068:
			open++
		case r == 0x2069:
			if open--; open < 0 {
				return "U+2069 that closes no isolate"
			}
		case r == 0x200B, r == 0x200C, r == 0x200D, r == 0x200E, r == 0x200F, r == 0x061C:
		case r == unicode.ReplacementChar:
			return "U+FFFD, the mark of a broken encoding"
		case r >= 0xE0020 && r <= 0xE007F: // flags of regions
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp), !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z):
			return fmt.Sprintf("the character U+%04X", r)
		}
	}
	if open > 0 {
		return "an isolate that is not closed in its paragraph"
	}
	return ""
}

// foreignDigit gives the first decimal digit that is not ASCII. Codes, phones, hours and times are always written
// in Latin digits, so that what is read out in one script can be typed in another.
func foreignDigit(s string) (rune, bool) {
	for _, r := range s {
		if r > unicode.MaxASCII && unicode.Is(unicode.Nd, r) {
			return r, true
		}
	}
	return 0, false
}
