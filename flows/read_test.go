package flows_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v4"

	"amana/flows"
	"amana/locales"
)

// step is a step as its author wrote it: these tests judge the files, not what the engine makes of them.
type step struct {
	Name, Type, Relevant, Constraint, Flow, Do, Text string
	Choices, Goto                                    yaml.Node
	Required, Consent, Hint, Voice                   bool
	Max                                              int
	Known                                            []string
	Lines                                            string
}

// asks says that the step waits for a person's answer.
func (s step) asks() bool {
	return slices.Contains([]string{"choice", "choices", "text", "number", "location", "place"}, s.Type)
}

// goes gives the step to which an answer leads; "" if it leads on.
func (s step) goes(t *testing.T, choice string) string {
	t.Helper()
	if s.Goto.Kind == yaml.ScalarNode {
		return s.Goto.Value
	}
	var to map[string]string
	if s.Goto.Kind != 0 {
		if err := s.Goto.Decode(&to); err != nil {
			t.Fatalf("reading the goto of %s: %v", s.Name, err)
		}
	}
	if to[choice] == "" {
		return to["*"]
	}
	return to[choice]
}

// names gives the choices that stand in the file, without those of a list.
func (s step) names(t *testing.T) []string {
	t.Helper()
	own := s.Choices
	if own.Kind == yaml.MappingNode {
		var from struct {
			List string
			Also yaml.Node
		}
		if err := own.Decode(&from); err != nil {
			t.Fatalf("reading the choices of %s: %v", s.Name, err)
		}
		own = from.Also
	}
	var names []string
	if own.Kind != 0 {
		if err := own.Decode(&names); err != nil {
			t.Fatalf("reading the choices of %s: %v", s.Name, err)
		}
	}
	return names
}

type steps []step

// at gives the place of a step, and fails if it is not there.
func (all steps) at(t *testing.T, name string) int {
	t.Helper()
	i := slices.IndexFunc(all, func(s step) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("there is no step %s", name)
	}
	return i
}

func (all steps) get(t *testing.T, name string) step {
	t.Helper()
	return all[all.at(t, name)]
}

// inOrder fails unless the steps stand in this order.
func (all steps) inOrder(t *testing.T, names ...string) {
	t.Helper()
	for i := 1; i < len(names); i++ {
		if all.at(t, names[i-1]) >= all.at(t, names[i]) {
			t.Errorf("%s must stand before %s", names[i-1], names[i])
		}
	}
}

// firstText gives the place of the first step that takes free text.
func (all steps) firstText() int {
	return slices.IndexFunc(all, func(s step) bool { return s.Type == "text" })
}

func readFlow(t *testing.T, name string) steps {
	t.Helper()
	src, err := fs.ReadFile(flows.FS, name+".yaml")
	if err != nil {
		t.Fatalf("reading flow %s: %v", name, err)
	}
	var f struct {
		Flow  string
		Steps steps
	}
	if err := yaml.Unmarshal(src, &f); err != nil {
		t.Fatalf("reading flow %s: %v", name, err)
	}
	if f.Flow != name {
		t.Errorf("%s.yaml holds the flow %q", name, f.Flow)
	}
	return f.Steps
}

// said holds every form of every text of a language.
type said map[string][]string

var placeholder = regexp.MustCompile(`\{[A-Za-z0-9]+\}`)

// wordsRead holds what reads each language, once: hardly a test does without it, and some ask for it at every step.
var wordsRead sync.Map

func readWords(t *testing.T, lang string) said {
	t.Helper()
	read, _ := wordsRead.LoadOrStore(lang, sync.OnceValues(func() (said, error) { return parseWords(lang) }))
	words, err := read.(func() (said, error))()
	if err != nil {
		t.Fatalf("reading the words of %s: %v", lang, err)
	}
	return words
}

func parseWords(lang string) (said, error) {
	src, err := fs.ReadFile(locales.FS, lang+"/messages.gotext.json")
	if err != nil {
		return nil, err
	}
	var file struct {
		Messages []struct {
			ID          string
			Translation json.RawMessage
		}
	}
	if err := json.Unmarshal(src, &file); err != nil {
		return nil, err
	}
	words := said{}
	for _, m := range file.Messages {
		var plain string
		if json.Unmarshal(m.Translation, &plain) == nil {
			words[m.ID] = []string{plain}
			continue
		}
		var counted struct {
			Select struct {
				Cases map[string]struct{ Msg string }
			}
		}
		if err := json.Unmarshal(m.Translation, &counted); err != nil {
			return nil, fmt.Errorf("%s: %w", m.ID, err)
		}
		for _, c := range counted.Select.Cases {
			words[m.ID] = append(words[m.ID], c.Msg)
		}
	}
	return words, nil
}

// all gives the forms of a text, and fails if there is none.
func (w said) all(t *testing.T, key string) string {
	t.Helper()
	if len(w[key]) == 0 {
		t.Fatalf("nothing is said under %s", key)
	}
	return strings.Join(w[key], "\n")
}

// toPeople says that a text is read by people who are not staff.
func toPeople(key string) bool {
	first, rest, _ := strings.Cut(key, ".")
	ready := first == "desk" && strings.HasPrefix(rest, "canned.") // focal points send them
	return first != "staff" && first != "open" && first != "demo" && (first != "desk" || ready) && !strings.HasSuffix(key, ".also")
}

// languages are those in which the flows are complete: all that the invented place speaks.
var languages = func() []string {
	src, err := fs.ReadFile(flows.FS, "profiles/example.yaml")
	if err != nil {
		panic(err)
	}
	var p struct{ Languages []string }
	if err := yaml.Unmarshal(src, &p); err != nil || len(p.Languages) == 0 {
		panic("profiles/example.yaml names no languages")
	}
	return p.Languages
}()

var sentenceEnd = regexp.MustCompile(`[.?؟।။።፧:]["”»]?(\s+|$)`)

// sentences cuts a paragraph.
func sentences(paragraph string) []string {
	var out []string
	for _, s := range sentenceEnd.Split(paragraph, -1) {
		if strings.TrimSpace(s) != "" {
			out = append(out, s)
		}
	}
	return out
}

// flowNames are the shipped flows, in the order in which somebody meets them.
var flowNames = []string{"start", "services", "report", "support", "child", "feedback", "rights", "remedy", "participate", "mailbox", "hide",
	"limits", "avoid", "inside", "drop", "contact", "line", "sent"}

// filing are those that send something.
var filing = []string{"report", "support", "child", "feedback", "remedy", "participate"}

// consent gives the name of the question without which nothing is sent.
func (all steps) consent(t *testing.T) string {
	t.Helper()
	i := slices.IndexFunc(all, func(s step) bool { return s.Required })
	if i < 0 {
		t.Fatal("no consent is required")
	}
	return all[i].Name
}
