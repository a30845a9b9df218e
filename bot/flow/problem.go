package flow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong in a flow or in its words, told to the person who wrote it.
type Problem struct {
	File string // as it was given to Parse, or the language of a catalog
	Line int    // from 1; 0 when it concerns the whole file
	What string // what is wrong
	Hint string // what to do about it
	Text string // the line itself, without the space around it; empty when there is none to show
}

// String gives "file:line: what; hint" and quotes the line below.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	b.WriteString(": " + p.What)
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	if p.Text != "" {
		fmt.Fprintf(&b, "\n\t%d | %s", p.Line, p.Text)
	}
	return b.String()
}

// Errors are all problems of one file, in the order of its lines.
type Errors []Problem

// Error gives one problem after the other, a line each and the quoted line below it.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, p := range e {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func sortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}

// source remembers the lines of a file, to quote them.
type source struct {
	file  string
	lines []string
}

func newSource(file string, src []byte) *source {
	return &source{file: file, lines: strings.Split(string(src), "\n")}
}

// quoteAt is how much of a line is quoted, in bytes.
const quoteAt = 120

func (s *source) problem(line int, hint, format string, args ...any) Problem {
	p := Problem{File: s.file, Line: line, What: fmt.Sprintf(format, args...), Hint: hint}
	if line >= 1 && line <= len(s.lines) {
		text := strings.TrimSpace(s.lines[line-1])
		if len(text) > quoteAt {
			text = strings.ToValidUTF8(text[:quoteAt], "") + "…"
		}
		p.Text = text
	}
	return p
}
