package flow_test

import (
	"slices"
	"strings"
	"testing"

	"amana/bot/flow"
)

// The texts stand in the order of the walk: what a flow in between says stands where it is entered.
func TestUsesFollowTheWalk(t *testing.T) {
	var all []*flow.Flow
	for _, src := range []string{
		"flow: aside\nsteps:\n  - {name: last, type: note}\n",
		"flow: inner\nsteps:\n  - {name: which, type: choices, choices: [a, b], min: 1}\n",
		"flow: start\nsteps:\n  - {name: first, type: choice, choices: [yes, no], hint: true}\n  - {name: go, type: flow, flow: inner}\n  - {name: story, type: text, max: 100}\n",
	} {
		f, err := flow.Parse("x.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	s, err := flow.NewSet(all, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range s.Uses() {
		got = append(got, string(u.Role)+" "+u.Key)
	}
	want := "question start.first, hint start.first.hint, choice start.first.yes, choice start.first.no, question inner.which, " +
		"choice inner.which.a, choice inner.which.b, error inner.which.error, question start.story, note aside.last"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("uses are\n%s, want\n%s", s, want)
	}
	keys := s.Keys()
	for _, u := range s.Uses() {
		if !slices.Contains(keys, u.Key) {
			t.Errorf("%s is asked for by nothing", u.Key)
		}
	}
	if len(keys) != len(s.Uses()) {
		t.Errorf("%d uses of %d keys", len(s.Uses()), len(keys))
	}
}

type alikeTexts map[string]string

func (alikeTexts) Languages() []string                { return []string{"en"} }
func (alikeTexts) Fold(_, typed string) string        { return strings.ToLower(typed) }
func (alikeTexts) Keys(string) []string               { return nil }
func (alikeTexts) Where(string, string) (string, int) { return "", 0 }
func (t alikeTexts) Text(_, key string) (string, []string, bool) {
	text, ok := t[key]
	return text, nil, ok
}

// A clash names the keys of both texts, and of the one when the other is a number.
func TestClashesNameTheirKeys(t *testing.T) {
	f, err := flow.Parse("x.yaml", []byte("flow: start\nsteps:\n  - {name: first, type: choice, choices: [yes, no]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := flow.NewSet([]*flow.Flow{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		texts alikeTexts
		keys  string
	}{
		{alikeTexts{"start.first.yes": "Yes", "start.first.no": "No"}, ""},
		{alikeTexts{"start.first.yes": "Yes", "start.first.no": "YES"}, "start.first.yes start.first.no"},
		{alikeTexts{"start.first.yes": "2", "start.first.no": "No"}, "start.first.yes"},
		{alikeTexts{"start.first.yes": "Back", "word.back.also": "to|back"}, "start.first.yes word.back.also"},
		{alikeTexts{"start.first.yes": "Yes"}, ""},
	} {
		got := ""
		for _, clash := range s.Clashes(c.texts, "en") {
			if got += strings.Join(clash.Keys, " "); clash.Flow != "start" || clash.Step != "first" || clash.Line != 3 || clash.What == "" || clash.Hint == "" {
				t.Errorf("the clash is %+v", clash)
			}
		}
		if got != c.keys {
			t.Errorf("%v clash in %q, want %q", c.texts, got, c.keys)
		}
	}
}
