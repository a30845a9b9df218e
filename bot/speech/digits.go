package speech

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Digits writes every decimal digit of every script, and Ethiopic numerals, as ASCII digits: "٤٢" and "፵፪" both
// become "42". The rest of s is left as it is.
func Digits(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII && (isEthiopicNumeral(r) || unicode.Is(unicode.Nd, r)) }) {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if isEthiopicNumeral(r) {
			run := i
			for i < len(s) {
				r, n := utf8.DecodeRuneInString(s[i:])
				if !isEthiopicNumeral(r) {
					break
				}
				i += n
			}
			out.WriteString(ethiopic(s[run:i]))
			continue
		}
		if d, ok := digit(r); ok {
			out.WriteByte('0' + d)
		} else {
			out.WriteString(s[i : i+n])
		}
		i += n
	}
	return out.String()
}

// digit gives the value of a decimal digit. Unicode keeps the digits of a script together, from zero to nine, so
// the value is the distance from the beginning of the range; strconv knows ASCII only.
func digit(r rune) (byte, bool) {
	if r < utf8.RuneSelf {
		return byte(r - '0'), r >= '0' && r <= '9'
	}
	if r <= 0xFFFF {
		for _, span := range unicode.Nd.R16 {
			if r < rune(span.Lo) {
				return 0, false
			}
			if r <= rune(span.Hi) {
				return byte((r - rune(span.Lo)) % 10), true
			}
		}
		return 0, false
	}
	for _, span := range unicode.Nd.R32 {
		if r < rune(span.Lo) {
			return 0, false
		}
		if r <= rune(span.Hi) {
			return byte((r - rune(span.Lo)) % 10), true
		}
	}
	return 0, false
}

// isEthiopicNumeral says whether r is one of the signs for 1 to 9, 10 to 90, 100 and 10,000.
func isEthiopicNumeral(r rune) bool { return r >= 0x1369 && r <= 0x137C }

// ethiopic reads a numeral such as ፲፪ (10+2) or ፪፻፲ (2×100+10). Two units or two tens in a row are no numeral
// but digits put one after the other, and are read so.
func ethiopic(run string) string {
	total, hundreds, last := 0, 0, 0
	asDigits := false
	for _, r := range run {
		value := int(r-0x1369) + 1
		switch {
		case value <= 9:
			asDigits = asDigits || last == 1
			last = 1
			hundreds += value
		case value <= 18:
			asDigits = asDigits || last == 1 || last == 10
			last = 10
			hundreds += (value - 9) * 10
		case value == 19: // 100
			last = 0
			hundreds = max(hundreds, 1) * 100
		default: // 10,000
			last = 0
			total = (total + max(hundreds, 1)) * 10_000
			hundreds = 0
		}
		if total > math.MaxInt32 || hundreds > math.MaxInt32 {
			asDigits = true
			total, hundreds = 0, 0
		}
	}
	if !asDigits {
		return strconv.Itoa(total + hundreds)
	}
	var out strings.Builder
	for _, r := range run {
		value := int(r-0x1369) + 1
		switch {
		case value <= 9:
			out.WriteString(strconv.Itoa(value))
		case value <= 18:
			out.WriteString(strconv.Itoa((value - 9) * 10))
		case value == 19:
			out.WriteString("100")
		default:
			out.WriteString("10000")
		}
	}
	return out.String()
}
