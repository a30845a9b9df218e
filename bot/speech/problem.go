package speech

import (
	"bytes"
	"fmt"
	"strings"
)

// Problem is one mistake in a catalog, in words that a translator can act on.
type Problem struct {
	File   string // path of the file, with the name of its layer when that has one
	Line   int    // from 1; 0 when the mistake is not in one line
	What   string // what is wrong
	Remedy string // what to do about it
}

// String gives the problem as "file:line: what (remedy)".
func (p Problem) String() string {
	var s strings.Builder
	s.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&s, ":%d", p.Line)
	}
	s.WriteString(": " + p.What)
	if p.Remedy != "" {
		s.WriteString(" (" + p.Remedy + ")")
	}
	return s.String()
}

// Problems is everything that [Load] found wrong, in the order of files and lines. Each one is fatal.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return "reading catalogs: " + strings.Join(lines, "\n")
}

// lineAt counts the line of a byte offset, from 1.
func lineAt(src []byte, offset int) int {
	return 1 + bytes.Count(src[:max(0, min(offset, len(src)))], []byte("\n"))
}
