package speech

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// encoded says how a file is written that is no UTF-8 text; nil if it is one.
func encoded(src []byte, shown string) *Problem {
	const asText = "save the file as UTF-8; in Notepad: Save as, Encoding"
	switch {
	case len(bytes.TrimSpace(src)) == 0:
		return &Problem{shown, 0, "the file is empty", "copy the one of a neighbouring language, and begin from it"}
	case bytes.HasPrefix(src, []byte("\xff\xfe")), bytes.HasPrefix(src, []byte("\xfe\xff")):
		return &Problem{shown, 0, "not UTF-8 but UTF-16", asText}
	case bytes.HasPrefix(src, []byte("\xef\xbb\xbf")):
		return &Problem{shown, 1, "begins with a byte order mark, which cannot be seen", "save the file as UTF-8 without BOM"}
	case bytes.IndexByte(src, 0) >= 0:
		return &Problem{shown, 0, "not a text file", "is it the right file?"}
	case utf8.Valid(src):
		return nil
	}
	at := 0
	for at < len(src) {
		r, n := utf8.DecodeRune(src[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	return &Problem{shown, lineAt(src, at), "not valid UTF-8: a letter of this line is written in another way", asText}
}

var (
	character = regexp.MustCompile(`^invalid character '(.+)' (.*)$`)
	noField   = regexp.MustCompile(`unknown field "([^"]*)"`)
)

// slip words what the reader of JSON says, and gives a remedy. Fields are those that the form knows. A sentence that is
// not known gets a plain one: no translator is told about types of a programming language.
func slip(err error, fields []string) (what, remedy string) {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		name := kind.Field[strings.LastIndex(kind.Field, ".")+1:]
		want := form(kind.Type)
		if name == "" {
			return "is " + given(kind.Value) + " and must be " + want, "compare it with its neighbours"
		}
		return strconv.Quote(name) + " is " + given(kind.Value) + " and must be " + want, "compare it with its neighbours"
	}
	text := err.Error()
	if m := noField.FindStringSubmatch(text); m != nil {
		if near, ok := nearestOf(m[1], fields); ok {
			return "there is no field " + strconv.Quote(m[1]), "did you mean " + near + "?"
		}
		return "there is no field " + strconv.Quote(m[1]), "take it out; the fields are " + strings.Join(fields, ", ")
	}
	if strings.Contains(text, "unexpected end") {
		return "the file ends too early", "a closing bracket or quotation mark is missing at its end"
	}
	m := character.FindStringSubmatch(text)
	if m == nil {
		return "the file cannot be read here", "look for a missing comma, bracket or quotation mark just before"
	}
	here := "at " + m[1]
	switch where := m[2]; {
	case strings.Contains(where, "in string literal"):
		return "a text holds a line break, a tab or another sign that must not stand in it", `write \n for a line break, and end the text with " in the same line`
	case strings.Contains(where, "escape"):
		return "a backslash stands in a text " + here, `write \" for a quotation mark, \n for a line break and \\ for a backslash`
	case strings.Contains(where, "after object key:value"), strings.Contains(where, "after array element"):
		return "a comma is missing before " + m[1], `part the fields by commas; a quotation mark inside of a text is written \"`
	case strings.Contains(where, "object key string"):
		return "a name is missing " + here, "take out the comma before a closing bracket, and put names between double quotation marks"
	case strings.Contains(where, "after object key"):
		return "a colon is missing before " + m[1], `write "name": "text"`
	case strings.Contains(where, "after top-level"):
		return "something follows the end of the file " + here, "take it out, or mend the brackets before it"
	case strings.Contains(where, "beginning of value"):
		return "a text is missing " + here, "take out the comma that is too much, and put texts between double quotation marks"
	}
	return "something is written wrongly " + here, "put texts between double quotation marks, and look for a missing comma just before"
}

// given names what stands in a file.
func given(value string) string {
	switch word, _, _ := strings.Cut(value, " "); word {
	case "string":
		return "a text"
	case "number":
		return "a number"
	case "bool":
		return "true or false"
	case "array":
		return "a list"
	case "object":
		return "a group of fields"
	}
	return "nothing"
}

const formText = `a text between " and "`

// form names what must stand there.
func form(t reflect.Type) string {
	if t.ConvertibleTo(reflect.TypeFor[source]()) {
		return formText
	}
	switch t.Kind() {
	case reflect.String:
		return formText
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Slice:
		return "a list between [ and ]"
	}
	return "a group of fields between { and }"
}

// fieldsOf lists the names of forms.
func fieldsOf(forms ...any) (names []string) {
	for _, form := range forms {
		t := reflect.TypeOf(form)
		for i := range t.NumField() {
			if tag := t.Field(i).Tag.Get("json"); tag != "" && !slices.Contains(names, tag) {
				names = append(names, tag)
			}
		}
	}
	return names
}

// nearestOf finds the one name that was probably meant: a slip or two away, and nearer than any other.
func nearestOf(typed string, known []string) (string, bool) {
	word := []rune(strings.ToLower(typed))
	most := slips(len(word))
	if len(word) == shortest-1 {
		most = 1 // names of fields and keys are fewer than words that people type
	}
	for limit := 0; limit <= most; limit++ {
		var found []string
		for _, k := range known {
			if within(word, strings.ToLower(k), limit) {
				found = append(found, k)
			}
		}
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
	}
	return "", false
}
