package speech

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// jargon are words of programmers that no translator is told.
var jargon = regexp.MustCompile(`(?i)unmarshal|\bstruct\b|json|invalid character|literal|\bnil\b|\bEOF\b|\bobject\b|\barray\b|\bbool\b|\bGo\b`)

// Whatever is wrong with a file, it is told by its line, in words of whoever wrote it, with what to do.
func TestSlips(t *testing.T) {
	const messages, language = "ar/messages.gotext.json", "ar/language.json"
	in := func(inner string) string { return "{\"language\": \"ar\",\n\"messages\": [\n" + inner + "\n]}" }
	for _, c := range []struct{ name, file, content, says string }{
		{"spaces only", messages, " \r\n", ": the file is empty (copy the one"},
		{"binary", messages, "PK\x03\x04\x00\x00", ": not a text file (is it the right file?)"},
		{"UTF-16", messages, "\xff\xfe{\x00}\x00", ": not UTF-8 but UTF-16 (save the file as UTF-8"},
		{"byte order mark", messages, "\ufeff" + in(""), ":1: begins with a byte order mark, which cannot be seen (save"},
		{"Latin letters", messages, in("{\"id\": \"\xe9\"}"), ":3: not valid UTF-8: a letter of this line"},
		{"YAML", messages, "language: ar\n", ":1: a text is missing at l (take out"},
		{"comma missing", messages, in("{\"id\": \"a\"\n\"translation\": \"b\"}"), ":4: a comma is missing before \""},
		{"comma missing between messages", messages, in("{\"id\": \"a\"}\n{\"id\": \"b\"}"), ":4: a comma is missing before {"},
		{"comma too much", messages, in("{\"id\": \"a\",}"), ":3: a name is missing at } (take out the comma"},
		{"comma too much after a message", messages, in("{\"id\": \"a\"},"), ":4: a text is missing at ] (take out the comma"},
		{"quotation mark inside", messages, in("{\"id\": \"a\", \"translation\": \"say \"no\" now\"}"), ":3: a comma is missing before n (part the fields"},
		{"line break in a text", messages, in("{\"id\": \"a\",\n\"translation\": \"one\ntwo\"}"), ":4: a text holds a line break, a tab"},
		{"tab in a text", messages, in("{\"id\": \"a\", \"translation\": \"one\ttwo\"}"), ":3: a text holds a line break, a tab"},
		{"backslash", messages, in("{\"id\": \"a\", \"translation\": \"C:\\dir\"}"), ":3: a backslash stands in a text at d (write"},
		{"no quotation marks", messages, in("{\"id\": start.hello}"), ":3: a text is missing at s"},
		{"name without marks", messages, in("{id: \"a\"}"), ":3: a name is missing at i"},
		{"colon missing", messages, in("{\"id\" \"a\"}"), ":3: a colon is missing before \" (write"},
		{"word", messages, in("{\"fuzzy\": tru}"), ":3: something is written wrongly at }"},
		{"something follows", messages, in("") + "}", ":4: something follows the end of the file at }"},
		{"cut off", messages, in("{\"id\": \"a"), ":3: a text holds"},
		{"ends early", messages, "{\"language\": \"ar\",\n\"messages\": [", ":2: the file ends too early (a closing bracket"},
		{"list", messages, "[]", ":1: not a catalog: is a list and must be a group of fields"},
		{"number for a list", messages, "{\"language\": \"ar\",\n\"messages\": 7}", `:2: not a catalog: "messages" is a number and must be a list between`},
		{"near field", messages, "{\"language\": \"ar\",\n\"mesages\": []}", `:2: not a catalog: there is no field "mesages" (did you mean messages?`},
		{"near field of a message", messages, in(`{"id": "word.to", "tranlation": "x"}`), `:3: not a message: there is no field "tranlation" (did you mean translation?)`},
		{"near field of a text", messages, in(`{"id": "word.to", "translation": {"mgs": "x"}}`), `:3: not a message: there is no field "mgs" (did you mean msg?)`},
		{"field like nothing", messages, in(`{"id": "word.to", "colour": "red"}`), `:3: not a message: there is no field "colour" (take it out; the fields are id`},
		{"list for a text", messages, in(`{"id": ["a"]}`), `:3: not a message: "id" is a list and must be a text between`},
		{"text for truth", messages, in(`{"id": "a", "fuzzy": "yes"}`), `:3: not a message: "fuzzy" is a text and must be true or false`},
		{"text for a number", messages, in(`{"id": "a", "placeholders": [{"argNum": "1"}]}`), `:3: not a message: "argNum" is a text and must be a whole number`},
		{"text for a list", messages, in(`{"id": "a", "placeholders": "x"}`), `:3: not a message: "placeholders" is a text and must be a list`},
		{"number for a message", messages, in(`7`), `:3: not a message: is a number and must be a group of fields`},
		{"number for a text", messages, in(`{"id": "a", "translation": 7}`), `:3: not a message: "translation" is a number and must be a text`},
		{"number in a language", language, "{\"tag\": \"ar\",\n\"name\": 7}", `:2: not a language: "name" is a number and must be a text`},
		{"near field of a language", language, "{\"tag\": \"ar\",\n\"nmae\": \"x\"}", `:2: not a language: there is no field "nmae" (did you mean name?)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := sound().fs(t)
			files[c.file] = &fstest.MapFile{Data: []byte(c.content)}
			_, err := Load(files)
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("taken, with the error %v", err)
			}
			got := problems[0].String()
			if !strings.HasPrefix(got, c.file+c.says) {
				t.Errorf("%s\nwant %s%s", got, c.file, c.says)
			}
			for _, p := range problems {
				if word := jargon.FindString(p.What + p.Remedy); word != "" {
					t.Errorf("%s speaks of %q", p, word)
				}
				if p.Remedy == "" {
					t.Errorf("%s names no remedy", p)
				}
			}
		})
	}
	files := sound().fs(t)
	for _, file := range []string{messages, language} {
		files[file] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(files[file].Data), "\n", "\r\n"))}
	}
	mustLoad(t, files)
}
