package speech

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longest is how much of a message is looked at when a number or a choice is expected; longer ones are stories.
const longest = 1024

// signs may make a number less than nothing, or a range; "-2" is not taken for choice 2.
const signs = "-+−–—±‐‑"

// Number reads a message that is one number and nothing else, such as "2", "٢", "፪", "２", "(2)", "2." or "2️⃣", with
// or without direction marks. A sign, a fraction or a separator of thousands makes it none, since scripts and
// countries read these differently. At most nine digits.
func Number(s string) (int, bool) {
	runs, between, ok := numerals(s)
	if !ok || len(runs) != 1 || strings.ContainsAny(between[0], signs) {
		return 0, false
	}
	return value(runs[0])
}

// Numbers reads a message that lists numbers: "1 3", "1,3", "1 and 3", "١ و ٣", "1️⃣3️⃣". Between two numbers may stand
// spaces, punctuation or a word for "and"; a dash may mean a range and a slash a date, so these make it none.
func Numbers(s string) ([]int, bool) {
	runs, between, ok := numerals(s)
	if !ok || len(runs) == 0 {
		return nil, false
	}
	out := make([]int, 0, len(runs))
	for i, run := range runs {
		if i > 0 && strings.ContainsAny(between[i], signs+"/\\:%") {
			return nil, false
		}
		n, ok := value(run)
		if !ok {
			return nil, false
		}
		out = append(out, n)
	}
	if strings.ContainsAny(between[0], signs) {
		return nil, false
	}
	return out, true
}

// ands are the words that join two numbers in a list, folded.
var ands = map[string]bool{
	"and": true, "و": true, "او": true, "اور": true, "e": true, "y": true, "et": true, "na": true, "da": true, "iyo": true, "fi": true, "u": true, "i": true, "ku": true, "kene": true,
	"і": true, "й": true, "та": true, "и": true, "እና": true, "እን": true, "ን": true, "এবং": true, "ও": true, "আর": true, "और": true, "र": true,
	"နှင့်": true, "နဲ့": true, "மற்றும்": true, "සහ": true,
}

// numerals parts a message into runs of ASCII digits and what stands around them: between[0] before the first,
// between[i] before run i, the last after all. It refuses letters other than a word for "and" between two runs.
func numerals(s string) (runs, between []string, ok bool) {
	if len(s) > longest {
		return nil, nil, false
	}
	s = plainDigits(s)
	start, gap := -1, 0
	for i := 0; i <= len(s); i++ {
		isDigit := i < len(s) && s[i] >= '0' && s[i] <= '9'
		switch {
		case isDigit && start < 0:
			start = i
			between = append(between, s[gap:i])
		case !isDigit && start >= 0:
			runs = append(runs, s[start:i])
			start, gap = -1, i
		}
	}
	between = append(between, s[gap:])
	for i, g := range between {
		word := strings.TrimFunc(g, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
		if word == "" {
			continue
		}
		if i == 0 || i == len(between)-1 || !ands[Fold("", word)] {
			return nil, nil, false
		}
	}
	return runs, between, true
}

// plainDigits normalises s for reading numbers: format characters dropped, digits in ASCII, each keycap emoji a number of its own.
func plainDigits(s string) string {
	const ten = "\U0001F51F"
	if isASCII(s) {
		return s
	}
	s = strings.ReplaceAll(s, ten, " 10 ")
	s = strings.ReplaceAll(s, "\uFE0F", "")
	s = strings.ReplaceAll(s, "\u20E3", " ")
	s = norm.NFKC.String(s)
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	return Digits(s)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// value reads up to nine ASCII digits; zeros in front do not count.
func value(digits string) (int, bool) {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return 0, true
	}
	if len(digits) > 9 {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// longestReceipt bounds what Receipt gives back; a receipt has 16 digits.
const longestReceipt = 64

// Receipt draws the digits out of a typed receipt, in ASCII, whatever stands between them: spaces, hyphens, direction
// marks, zero-width characters, words. It gives at most 64 digits; whether they are a receipt is for others to say.
func Receipt(s string) string {
	if len(s) > 4*longest {
		return ""
	}
	s = plainDigits(s)
	out := make([]byte, 0, 16)
	for i := 0; i < len(s) && len(out) < longestReceipt; i++ {
		if s[i] >= '0' && s[i] <= '9' {
			out = append(out, s[i])
		}
	}
	return string(out)
}
