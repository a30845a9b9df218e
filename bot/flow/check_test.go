package flow

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// catalog is a Texts made of maps: language, key, text.
type catalog map[string]map[string]string

func (c catalog) Languages() []string             { return slices.Sorted(maps.Keys(c)) }
func (c catalog) Where(_, _ string) (string, int) { return "", 0 }
func (c catalog) Keys(lang string) []string       { return slices.Sorted(maps.Keys(c[lang])) }
func (c catalog) Fold(_, typed string) string {
	return strings.ToLower(strings.TrimSpace(typed))
}

func (c catalog) Text(lang, key string) (string, []string, bool) {
	text, ok := c[lang][key]
	var args []string
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "{")
		if !found {
			return text, args, ok
		}
		name, more, _ := strings.Cut(after, "}")
		args, rest = append(args, name), more
	}
}

// fullCatalog writes a text for everything that a set needs, in these languages.
func fullCatalog(s *Set, langs ...string) catalog {
	out := catalog{}
	for _, lang := range langs {
		out[lang] = map[string]string{}
		c := &checker{s: s, t: out}
		for _, n := range c.needs() {
			text := lang + " " + n.Name
			for _, a := range n.Args {
				text += " {" + a + "}"
			}
			if strings.HasSuffix(n.Name, ".also") {
				text = "-"
			}
			out[lang][n.Name] = text
		}
	}
	return out
}

// placed is a catalog that knows where its texts stand: in the line of their place among the keys.
type placed struct{ catalog }

func (c placed) Where(lang, key string) (string, int) {
	return lang + ".json", slices.Index(c.Keys(lang), key) + 1
}

// A text that must be mended is named by its own file; one that is missing by the step that asks for it, and a key with a
// slip in it by what was meant.
func TestCheckPlacesTexts(t *testing.T) {
	s := inline(t, "flow: start\nsteps:\n  - {name: a, type: choice, choices: [x, y]}\n")
	texts := fullCatalog(s, "en")
	texts["en"]["start.a"] = strings.Repeat("long ", 40)
	texts["en"]["start.a.xx"] = texts["en"]["start.a.x"]
	delete(texts["en"], "start.a.x")
	var got []string
	for _, p := range Check(s, placed{texts}, Limits{Text: 100, Label: 50}).Problems {
		if strings.Contains(p.What, "start.a") && !strings.Contains(p.What, "question") {
			got = append(got, p.String())
		}
	}
	for i, want := range []string{
		"en.json:1: the text start.a in en has 200 characters, more than 100; shorten it",
		"en.json:2: the text start.a.xx belongs to nothing; did you mean start.a.x?",
		"inline0.yaml:3: there is no text start.a.x in en; add start.a.x to the catalog of en",
	} {
		if i >= len(got) || !strings.HasPrefix(got[i], want) {
			t.Errorf("%q\nwant %q", got, want)
		}
	}
	if keys := s.Keys(); !slices.Equal(keys, []string{"start.a", "start.a.x", "start.a.y"}) {
		t.Errorf("the flow asks for %v", keys)
	}
}

func TestCheckRich(t *testing.T) {
	s := richSet(t)
	r := Check(s, fullCatalog(s, "ar", "en"), Limits{Text: 4096, Label: 64})
	for _, p := range r.Problems {
		t.Error(p)
	}
	if r.Flows != 6 || r.Languages != 2 || r.Paths == 0 || r.States < 50 {
		t.Errorf("%+v", r)
	}
	t.Logf("%d flows, %d steps, %d states, %d paths, %d texts", r.Flows, r.Steps, r.States, r.Paths, r.Texts)
}
