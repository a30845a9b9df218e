package directory

import (
	"fmt"
	"strings"
)

// Level says what becomes of a record.
type Level string

// A refused record is left out of the directory; a warning is for whoever knows the place; a note says what was assumed.
const (
	Refused Level = "refused"
	Warning Level = "warning"
	Note    Level = "note"
)

// Finding is one thing that an import has to say: where, what and what to do.
type Finding struct {
	Level  Level
	File   string // with the sheet, where a file has several
	Line   int    // 0: the whole file
	Column string // as it is called in the file
	What   string
	Remedy string
}

// String gives "file:line: column "x": what; remedy".
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	b.WriteString(": ")
	if f.Column != "" {
		fmt.Fprintf(&b, "column %q: ", f.Column)
	}
	b.WriteString(f.What)
	if f.Remedy != "" {
		b.WriteString("; " + f.Remedy)
	}
	return b.String()
}

// Error lets a finding that stops an import be its error.
func (f Finding) Error() string { return f.String() }
