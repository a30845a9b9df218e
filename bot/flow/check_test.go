package flow

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// catalog is a Texts made of maps: language, key, text.
type catalog map[string]map[string]string

func (c catalog) Languages() []string       { return slices.Sorted(maps.Keys(c)) }
func (c catalog) Keys(lang string) []string { return slices.Sorted(maps.Keys(c[lang])) }
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

func TestCheckRich(t *testing.T) {
	s := richSet(t)
	r := Check(s, fullCatalog(s, "ar", "en"), Limits{Text: 4096, Label: 64})
	for _, p := range r.Problems {
		t.Error(p)
	}
	if r.Flows != 5 || r.Languages != 2 || r.Paths == 0 || r.States < 50 {
		t.Errorf("%+v", r)
	}
	t.Logf("%d flows, %d steps, %d states, %d paths, %d texts", r.Flows, r.Steps, r.States, r.Paths, r.Texts)
}
