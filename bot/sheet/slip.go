package sheet

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// unread is said of a line that the library cannot read for a reason that is not told apart here.
const unread = "mend the indentation, colons, quotation marks and brackets here or in the line above"

// slip words what the library says about a file that it cannot read. Since it often stumbles later than the slip was made, the line is
// looked for where an author would look.
func slip(src []byte, err error) *Mistake {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		return &Mistake{0, "the file cannot be read", "mend its indentation, colons, quotation marks and brackets"}
	}
	s := slipped{lines: strings.Split(string(src), "\n"), here: e.Mark.Line, from: e.ContextMark.Line, says: e.Message, during: e.ContextMsg}
	if s.from == 0 || s.from > s.here {
		s.from = s.here
	}
	for n := s.from; n <= s.here; n++ {
		if text := s.line(n); strings.Contains(text[:len(text)-len(strings.TrimLeft(text, " \t"))], "\t") {
			return &Mistake{n, "the line is indented with a tab", "indent with spaces, two for each step"}
		}
	}
	return s.word(e.Mark.Column)
}

type slipped struct {
	lines        []string
	here, from   int // where it stumbled, and where what it was reading began
	says, during string
}

func (s *slipped) line(n int) string {
	if n < 1 || n > len(s.lines) {
		return ""
	}
	return strings.TrimSuffix(s.lines[n-1], "\r")
}

// above gives the number of the last line before this one that says something.
func (s *slipped) above() int {
	for n := s.here - 1; n > 0; n-- {
		if text := strings.TrimSpace(s.line(n)); text != "" && text[0] != '#' {
			return n
		}
	}
	return 0
}

const (
	noGap   = "there is no space behind the colon"
	noColon = "write it as name: value, with a space behind the colon"
	quoteIt = "put the value between quotation marks"
	listIt  = "write the list on the lines below, each item beginning with - and a space, or in the same line as [first, second]"
)

var noSpace = regexp.MustCompile(`^\s*(- )?[A-Za-z0-9_]+:[^\s/]`)

// word tells the slips apart that people make.
func (s *slipped) word(column int) *Mistake {
	is := func(part string) bool { return strings.Contains(s.says, part) }
	within := func(part string) bool { return strings.Contains(s.during, part) }
	switch {
	case within("quoted scalar") && (is("end of stream") || is("document indicator")):
		return &Mistake{s.from, "a text in quotation marks begins here and never ends", "end it with the same mark with which it begins"}
	case within("quoted scalar"):
		return &Mistake{s.here, "a backslash means something else between double quotation marks", "write the text between single ones, '…'"}
	case is("could not find expected ':'") && noSpace.MatchString(s.line(s.from)):
		return &Mistake{s.from, noGap, "write it as name: value"}
	case is("could not find expected ':'"):
		return &Mistake{s.from, "the line has no colon", noColon}
	case is("mapping values are not allowed"):
		return s.colon()
	case is("did not find expected key"):
		return s.key()
	case is("',' or ']'"):
		return &Mistake{s.from, "a list begins here with [ and never ends", "part its items by commas, and end it with ]"}
	case is("',' or '}'"):
		return &Mistake{s.from, "settings begin here with { and never end", "part them by commas, and end them with }"}
	case is("'-' indicator"):
		return &Mistake{s.here, "the line stands in a list, and does not begin with -", "begin it with - and a space, or move it out of the list"}
	case is("block sequence entries"):
		return &Mistake{s.here, "a list begins in the middle of the line", listIt}
	case within("anchor"), within("alias"), is("unknown anchor"):
		return &Mistake{s.here, "a value that begins with & or * means something else", quoteIt}
	case within("tag"), is("tag handle"):
		return &Mistake{s.here, "a value that begins with ! means something else", quoteIt}
	case within("block scalar"):
		return &Mistake{s.from, "something follows | or > in the same line", "write the text on the lines below, indented; or " + quoteIt}
	case is("comment without"):
		return &Mistake{s.here, "a # stands right behind a value", "put a space before it if a comment begins there, otherwise " + quoteIt}
	case is("cannot start any token"):
		first := "This"
		if text := []rune(s.line(s.here)); column >= 1 && column <= len(text) {
			first = strconv.QuoteRune(text[column-1])
		}
		return &Mistake{s.here, "a value cannot begin with " + first, quoteIt}
	case is("node content"):
		return &Mistake{s.here, "something is missing beside a comma or a bracket", "take out the comma that is too much, or write what is missing"}
	case within("directive"), is("directive"), is("document"):
		return &Mistake{s.here, "lines that begin with %, --- or ... are not used here", "take the line out"}
	case is("depth"):
		return &Mistake{s.here, "brackets or settings are nested too deep here", "write it in fewer steps"}
	}
	return &Mistake{s.here, "the line cannot be read", unread}
}

// colon is about a colon where none is expected.
func (s *slipped) colon() *Mistake {
	text := s.line(s.here)
	if strings.Count(text+" ", ": ") > 1 {
		return &Mistake{s.here, "a second colon stands in the line", quoteIt + `: name: "one: two"`}
	}
	switch n := s.above(); {
	case noSpace.MatchString(s.line(n)):
		return &Mistake{n, noGap, "write it as name: value"}
	case n > 0 && !strings.Contains(s.line(n), ":"):
		return &Mistake{n, "the line has no colon", noColon}
	}
	return &Mistake{s.here, "the line is indented deeper than the one above, which has a value already", "begin both in the same column"}
}

// key is about a line that does not go on as the lines before it.
func (s *slipped) key() *Mistake {
	text := strings.TrimSpace(s.line(s.here))
	switch {
	case strings.HasPrefix(text, "- "):
		return &Mistake{s.here, "a list begins here, and no name stands above it", "write name: alone in the line above, without a value"}
	case s.from == s.here && strings.ContainsAny(text, `"'`), strings.Count(text, `"`) > 2, strings.Count(text, "'") > 2:
		return &Mistake{s.here, "something follows behind the end of a text in quotation marks", "put the whole value between them; a ' between single ones is written twice"}
	}
	return &Mistake{s.here, "the line is indented in another way than the lines above", "begin it in the same column as the settings that it belongs to"}
}
