package main

import (
	"fmt"
	"strings"

	"amana/bot/sheet"
)

// paper is a file of the operator: what it is called, and where each setting stands in it.
type paper struct {
	file  string
	lines sheet.Lines
}

// at gives the place of a setting such as hours.zone as file:line, or of the file when nothing of it is written there.
func (p paper) at(setting string) string {
	if n := p.lines.Of(setting); n > 0 {
		return fmt.Sprintf("%s:%d", p.file, n)
	}
	return p.file
}

// readPaper reads a file of the operator strictly. Errors name file and line, say what to do and quote the line,
// unless it speaks of a webhook, whose path may be a secret, or of a password. Begin is what to do about an empty file.
func readPaper(file string, data []byte, into any, begin string) (paper, error) {
	var bad errConfig
	say := func(m sheet.Mistake) {
		place, quote := file, ""
		if m.Line > 0 {
			place = fmt.Sprintf("%s:%d", file, m.Line)
			if lines := strings.Split(string(data), "\n"); m.Line <= len(lines) && !strings.Contains(lines[m.Line-1], "webhook") && !strings.Contains(lines[m.Line-1], "password") {
				quote = "\n\t" + clip(strings.TrimSpace(strings.ToValidUTF8(lines[m.Line-1], "?")))
			}
		}
		if m.Hint != "" {
			m.What += "; " + m.Hint
		}
		bad = append(bad, place+": "+m.What+quote)
	}
	tree, m := sheet.Read(data, begin)
	if m != nil {
		say(*m)
		return paper{}, bad
	}
	lines, wrong := sheet.Fill(tree, into)
	for _, m := range wrong {
		say(m)
	}
	if len(bad) > 0 {
		return paper{}, bad
	}
	return paper{file: file, lines: lines}, nil
}

// clip shortens a line that is quoted, and takes out what a terminal would obey.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > 120 {
		return string(runes[:120]) + "…"
	}
	return s
}
