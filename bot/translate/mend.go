package translate

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// same says that a cell holds what the catalog has, but for what a spreadsheet does to a text on its own: line ends, spaces at
// the ends, spaces that do not break, letters in parts, zeros lost in front of a number.
func same(cell, have string) bool {
	a, b := plain(cell), plain(have)
	if a == b {
		return true
	}
	return isDigits(a) && isDigits(b) && strings.TrimLeft(a, "0") == strings.TrimLeft(b, "0")
}

func plain(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ", "\u202f", " ", "\ufeff", "").Replace(s)
	return norm.NFC.String(strings.TrimSpace(s))
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// mend brings a new text into the form of a catalog. Names are those that may stand in braces; English is what was
// translated: spaces at its ends are meant, and a spreadsheet takes them off.
func mend(text, english string, names []string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\ufeff", "").Replace(text)
	text = braces(text, names)
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	before := english[:len(english)-len(strings.TrimLeft(english, " \n"))]
	after := english[len(strings.TrimRight(english, " \n")):]
	return before + text + after
}

// group is what may have been a placeholder: something short between braces of any width.
var group = regexp.MustCompile(`[{｛]([^{}｛｝\n]{1,64})[}｝]`)

// braces mends the names of placeholders: nothing but a name can stand there.
func braces(text string, names []string) string {
	return group.ReplaceAllStringFunc(text, func(s string) string {
		inner := strings.Map(func(r rune) rune {
			switch {
			case strings.ContainsRune(" \u00a0\u202f'\"‘’“”„«»‚‹›`´", r), r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x061c:
				return -1
			case r >= 0xff01 && r <= 0xff5e: // wide letters and digits
				return r - 0xfee0
			}
			return r
		}, group.FindStringSubmatch(s)[1])
		for _, name := range names {
			if strings.EqualFold(inner, name) {
				return "{" + name + "}"
			}
		}
		return s
	})
}

// spoiled says what a spreadsheet has made of a text, so that nobody can tell what it was; "" if nothing.
func spoiled(text, english string) string {
	t := tidy(text)
	switch {
	case strings.HasPrefix(t, "#") && (strings.HasSuffix(t, "!") || strings.HasSuffix(t, "?") || t == "#N/A" || strings.Trim(t, "#") == ""):
		return "the cell holds " + t + ", which is a message of the spreadsheet program"
	case number.MatchString(t) && !strings.ContainsAny(english, "0123456789"):
		return "the cell holds the number " + t + ": a spreadsheet program makes one of a text that looks like a number or a day"
	}
	return ""
}

var number = regexp.MustCompile(`^[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?$`)

// sameEnglish says that the English of a row is the one that there is. Nobody translates from other spaces or quotation marks.
func sameEnglish(cell, have string) bool {
	tidy := strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "’", "'", "‘", "'", "…", "...", "–", "-", "—", "-")
	words := func(s string) string { return strings.Join(strings.Fields(tidy.Replace(plain(s))), " ") }
	return words(cell) == words(have)
}
