package speech

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
)

// catalogFile is the content of one messages.gotext.json, each message with its line.
type catalogFile struct {
	Language string
	Messages []entry
}

// entry is one message in the gotext form. Fields that only translators' platforms use are accepted and ignored.
type entry struct {
	ID           string        `json:"id"`
	Key          string        `json:"key"`
	Meaning      string        `json:"meaning"`
	Message      source        `json:"message"`
	Translation  source        `json:"translation"`
	Comment      string        `json:"comment"`
	Translator   string        `json:"translatorComment"`
	Placeholders []placeholder `json:"placeholders"`
	Fuzzy        bool          `json:"fuzzy"`
	Position     string        `json:"position"`

	file    string
	line    int
	later   bool   // it stands in a later layer than the first
	instead bool   // and takes the place of one that stands in the first
	before  *entry // the one that it takes the place of
	stands  bool   // nobody wrote it: its key stands for it
}

// placeholder declares one {Name} of a message.
type placeholder struct {
	ID         string            `json:"id"`
	String     string            `json:"string"`
	Type       string            `json:"type"`
	Underlying string            `json:"underlyingType"`
	ArgNum     int               `json:"argNum"`
	Expr       string            `json:"expr"`
	Comment    string            `json:"comment"`
	Example    string            `json:"example"`
	Features   []json.RawMessage `json:"features"`
}

// source is a text as a file gives it: a string, {"msg": …} or {"select": …}.
type source struct {
	Msg    string     `json:"msg"`
	Select *selection `json:"select"`
}

// selection is a text with one case per plural form or exact number.
type selection struct {
	Feature string            `json:"feature"`
	Arg     string            `json:"arg"`
	Cases   map[string]source `json:"cases"`
}

// UnmarshalJSON reads the short and the long form of a text.
func (s *source) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &s.Msg)
	}
	type plain source // without this method
	return strict(b, (*plain)(s))
}

// strict decodes JSON and refuses fields that nobody reads.
func strict(b []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

// readCatalog reads one file of messages. A file that is not JSON gives one problem and no messages.
func readCatalog(layer fs.FS, path, shown string) (catalogFile, Problems) {
	src, problem := readText(layer, path, shown)
	if problem != nil {
		return catalogFile{}, Problems{*problem}
	}
	var top struct {
		Language string            `json:"language"`
		Messages []json.RawMessage `json:"messages"`
	}
	if err := strict(src, &top); err != nil {
		what, remedy := slip(err, []string{"language", "messages"})
		return catalogFile{}, Problems{{shown, lineOf(src, err), "not a catalog: " + what, remedy + `; the form is {"language": "…", "messages": […]}`}}
	}
	out := catalogFile{Language: top.Language}
	var problems Problems
	at, line := 0, 1
	for _, raw := range top.Messages {
		// The raw messages are copies of pieces of src, in order: looking for each behind the last gives its line.
		found := at + max(bytes.Index(src[at:], raw), 0)
		line += bytes.Count(src[at:found], []byte("\n"))
		at = found
		e := entry{file: shown, line: line}
		if key := repeated(raw); key != "" {
			problems = append(problems, Problem{shown, e.line, fmt.Sprintf("a message names %q twice", key), "keep one of them"})
		} else if err := strict(raw, &e); err != nil {
			what, remedy := slip(err, fieldsOf(entry{}, source{}, selection{}, placeholder{}))
			problems = append(problems, Problem{shown, e.line, "not a message: " + what, remedy})
		} else {
			out.Messages = append(out.Messages, e)
		}
		line += bytes.Count(raw, []byte("\n"))
		at += len(raw)
	}
	return out, problems
}

// readText reads a file and makes sure that it is one well-formed JSON value in UTF-8.
func readText(layer fs.FS, path, shown string) ([]byte, *Problem) {
	src, err := fs.ReadFile(layer, path)
	if err != nil {
		return nil, &Problem{shown, 0, "cannot be read: " + why(err), "each language has language.json and messages.gotext.json"}
	}
	if problem := encoded(src, shown); problem != nil {
		return nil, problem
	}
	var all json.RawMessage
	if err := json.Unmarshal(src, &all); err != nil {
		what, remedy := slip(err, nil)
		return nil, &Problem{shown, lineOf(src, err), what, remedy}
	}
	return src, nil
}

// lineOf gives the line of a decoding error, 0 when it does not tell.
func lineOf(src []byte, err error) int {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return lineAt(src, int(syntax.Offset)-1)
	case errors.As(err, &kind):
		return lineAt(src, int(kind.Offset)-1)
	}
	if m := noField.FindStringSubmatch(err.Error()); m != nil {
		if at := bytes.Index(src, []byte(strconv.Quote(m[1]))); at >= 0 {
			return lineAt(src, at)
		}
	}
	return 0
}

// repeated finds a name that stands twice in one object, which encoding/json would pass over in silence. The text was found
// well-formed before, so a string before a colon is a name, and every bracket is closed.
func repeated(raw []byte) string {
	var open []map[string]bool // the names in what is open; nil in a list
	for at := 0; at < len(raw); at++ {
		switch raw[at] {
		case '{':
			open = append(open, map[string]bool{})
		case '[':
			open = append(open, nil)
		case '}', ']':
			open = open[:len(open)-1]
		case '"':
			end := at + 1
			for ; raw[end] != '"'; end++ {
				if raw[end] == '\\' {
					end++
				}
			}
			if next := bytes.TrimLeft(raw[end+1:], " \t\r\n"); len(next) > 0 && next[0] == ':' {
				var name string
				if json.Unmarshal(raw[at:end+1], &name) != nil {
					return ""
				}
				if names := open[len(open)-1]; names[name] {
					return name
				} else {
					names[name] = true
				}
			}
			at = end
		}
	}
	return ""
}

// why gives the cause of an error of the file system, without the path, which stands before it already.
func why(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
