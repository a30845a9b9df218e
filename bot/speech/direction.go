package speech

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/bidi"
)

// Marks of direction. A chat client takes the direction of a paragraph from its first strong letter; a program
// cannot set it otherwise.
const (
	rlm = "\u200F" // right-to-left mark
	lrm = "\u200E" // left-to-right mark
	fsi = "\u2068" // first strong isolate
	rli = "\u2067" // right-to-left isolate
	pdi = "\u2069" // pop directional isolate
)

// rightToLeft says that a script (ISO 15924) runs from right to left.
func rightToLeft(script string) bool {
	switch script {
	case "Arab", "Aran", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr", "Mend":
		return true
	}
	return false
}

// Direction gives "rtl" or "ltr" for a language tag: by the script it names, else by the script that its language is
// usually written in.
func Direction(tag string) string {
	t := parseTag(tag)
	script := t.script
	if script == "" {
		script = usualScript[t.base]
	}
	if script == "" {
		if s, confidence := language.Make(tag).Script(); confidence != language.No {
			script = s.String()
		}
	}
	if rightToLeft(script) {
		return "rtl"
	}
	return "ltr"
}

// Isolate wraps s so that its direction and that of its neighbours leave each other alone. Control and direction
// characters in s are dropped first; digits alone keep their order from left to right.
func Isolate(s string) string {
	return fsi + clean(s) + pdi
}

// clean drops what could reach beyond an inserted value: control characters become spaces, direction characters go.
// Isolates stay where each is closed, as in a list that is inserted.
func clean(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return unprintable(r) || isBidi(r) }) {
		return s
	}
	keep := balanced(s)
	return strings.Map(func(r rune) rune {
		switch {
		case keep && isIsolate(r):
			return r
		case isBidi(r):
			return -1
		case unprintable(r):
			return ' '
		}
		return r
	}, s)
}

// balanced says that every isolate is closed and every closing one was opened.
func balanced(s string) bool {
	open := 0
	for _, r := range s {
		if !isIsolate(r) {
			continue
		}
		if open++; r == 0x2069 {
			open -= 2
		}
		if open < 0 {
			return false
		}
	}
	return open == 0
}

func isIsolate(r rune) bool { return r >= 0x2066 && r <= 0x2069 }

func unprintable(r rune) bool {
	return r < 0x20 || r >= 0x7F && r < 0xA0 || r == 0x2028 || r == 0x2029 || r == 0xFFFD || r == 0xFEFF
}

// isBidi says that a character does nothing but turn text around.
func isBidi(r rune) bool {
	return r >= 0x202A && r <= 0x202E || isIsolate(r) || r == 0x200E || r == 0x200F || r == 0x061C
}

// strong gives +1 for a left-to-right letter, -1 for a right-to-left one, 0 for the rest.
func strong(r rune) int {
	if r < 0x80 {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return 1
		}
		return 0
	}
	p, _ := bidi.LookupRune(r)
	switch p.Class() {
	case bidi.L:
		return 1
	case bidi.R, bidi.AL:
		return -1
	}
	return 0
}

// Paragraph makes each paragraph of text begin in the direction of its language. A right-to-left paragraph whose
// first strong letter is not right-to-left (a number, a code, a Latin name) gets a right-to-left mark; a left-to-right
// paragraph that begins with a right-to-left word but goes on otherwise gets its counterpart. Twice is as good as once.
func Paragraph(lang, text string) string {
	rtl := Direction(lang) == "rtl"
	var out strings.Builder
	begun := false
	for start := 0; start <= len(text); {
		end := len(text)
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		line := text[start:end]
		if mark := opening(line, rtl); mark != "" {
			if !begun {
				out.Grow(len(text) + 16)
				out.WriteString(text[:start])
				begun = true
			}
			out.WriteString(mark)
		}
		if begun {
			out.WriteString(text[start:min(end+1, len(text))])
		}
		start = end + 1
	}
	if !begun {
		return text
	}
	return out.String()
}

// opening gives the mark that a paragraph needs at its beginning, if any. Clients differ in whether a letter inside an isolate
// counts as the first strong one; a paragraph is left alone only when both readings agree.
func opening(line string, rtl bool) string {
	if strings.TrimSpace(line) == "" {
		return ""
	}
	first, outer, depth, left := 0, 0, 0, false
	for _, r := range line {
		switch {
		case r >= 0x2066 && r <= 0x2068:
			depth++
			continue
		case r == 0x2069:
			depth = max(depth-1, 0)
			continue
		}
		s := strong(r)
		if s == 0 {
			continue
		}
		left = left || s > 0
		if first == 0 {
			first = s
		}
		if outer == 0 && depth == 0 {
			outer = s
		}
	}
	switch {
	case rtl && (first >= 0 || outer >= 0):
		return rlm
	case !rtl && left && (first < 0 || outer < 0):
		return lrm
	}
	return ""
}
