package terminal

import (
	"strings"
	"unicode"
)

// Wrap breaks text into lines of at most so many columns, at spaces; lines that are there stay. A word that is longer
// than a line stands alone on one: a number must not be torn apart.
func Wrap(text string, columns int) (lines []string) {
	for paragraph := range strings.SplitSeq(text, "\n") {
		line, used := "", 0
		for i, word := range strings.Split(paragraph, " ") {
			n := cells(word)
			switch {
			case i == 0:
			case used+1+n > columns && strings.TrimSpace(line) != "":
				lines = append(lines, strings.TrimRight(line, " "))
				line, used = "", 0
			default:
				line, used = line+" ", used+1
			}
			line, used = line+word, used+n
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// cells counts the columns that a text takes: marks above and below letters, and what steers direction, take none.
func cells(s string) (n int) {
	for _, r := range s {
		if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			n++
		}
	}
	return n
}
