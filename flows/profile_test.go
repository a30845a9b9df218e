package flows_test

import (
	"bytes"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"amana/flows"
)

// label is a text for each language of a profile.
type label map[string]string

// item is one entry of a list that questions choose from.
type item struct {
	Name  string
	Label label
	Place string
}

// kind is a kind of service that the place has beside the standard ones.
type kind struct {
	Name   string
	Label  label
	Words  []string
	Hidden bool
}

// term is a deadline for each urgency; an absent one does not run.
type term struct{ Urgent, Normal, Feedback string }

// span is a part of the day.
type span struct{ From, To string }

// profile is the form of profiles/*.yaml.
type profile struct {
	Profile, Title       string
	Languages            []string
	Flows                []string
	Areas, Organisations []item
	Roles                []item
	Forces               map[string][]string
	Lines                []struct {
		Kind, Phone        string
		Areas              []string
		Label, Hours, Note label
	}
	Remedies []struct {
		Areas                []string
		Label, Needed, Until label
		Phone                string
	}
	Kinds    []kind
	Holidays []string
	Windows  struct {
		FirstHours  int `yaml:"first_hours"`
		SecondHours int `yaml:"second_hours"`
		Source      string
		Reviewed    string
	}
	Escalation struct{ Remind, Coordinator, Oversight int }
	Clocks     struct{ Acknowledge, Staffed, Refer, Confirm, Answer, Again term }
	Hours      struct {
		Days           []string
		From, To, Zone string
	}
	NudgeHours map[string]span `yaml:"nudge_hours"`
}

var name = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,23}$`)

func TestProfiles(t *testing.T) {
	files, err := fs.Glob(flows.FS, "profiles/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no profiles: %v", err)
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			src, err := fs.ReadFile(flows.FS, file)
			if err != nil {
				t.Fatal(err)
			}
			dec := yaml.NewDecoder(bytes.NewReader(src))
			dec.KnownFields(true)
			var p profile
			if err := dec.Decode(&p); err != nil {
				t.Fatal(err)
			}
			p.fill(t)
			if "profiles/"+p.Profile+".yaml" != file {
				t.Errorf("it calls itself %q", p.Profile)
			}
			p.lists(t)
			p.lines(t)
			p.remedies(t)
			p.directory(t)
			p.times(t)
		})
	}
}

func (p profile) said(t *testing.T, what string, l label) {
	t.Helper()
	for _, lang := range p.Languages {
		if l[lang] == "" {
			t.Errorf("%s has no words in %s", what, lang)
		}
	}
	if len(l) != len(p.Languages) {
		t.Errorf("%s has words in %d languages, want %d", what, len(l), len(p.Languages))
	}
}

// longestLabel is what a small phone shows of a button in one line, in letters.
const longestLabel = 38

// fits wants labels that can be read whole on a button.
func (p profile) fits(t *testing.T, what string, l label) {
	t.Helper()
	for lang, text := range l {
		if n := len([]rune(text)); n > longestLabel {
			t.Errorf("%s: the label in %s has %d letters, want at most %d: %q", what, lang, n, longestLabel, text)
		}
	}
}

// exampleWord gives the word that marks in a language what is invented: the one behind the first line of the profile.
func (p profile) exampleWord(lang string) string {
	return regexp.MustCompile(`\([^()]+\)$`).FindString(p.Lines[0].Label[lang])
}

// invented wants the mark in every language, and a number that is nobody's. Nothing that is shipped can be called or visited.
func (p profile) invented(t *testing.T, l label, phone string) {
	t.Helper()
	for lang, text := range l {
		if mark := p.exampleWord(lang); mark == "" || !strings.Contains(text, mark) {
			t.Errorf("%q could be taken for a real one", text)
		}
	}
	if !regexp.MustCompile(`^000-00[0-9]{2}$`).MatchString(phone) {
		t.Errorf("the number %s may be somebody's", phone)
	}
}

func (p profile) lists(t *testing.T) {
	for list, items := range map[string][]item{"areas": p.Areas, "organisations": p.Organisations, "roles": p.Roles} {
		seen := map[string]bool{}
		for _, i := range items {
			if !name.MatchString(i.Name) || seen[i.Name] || i.Name == "none" || i.Name == "unknown" {
				t.Errorf("%s: the name %q cannot be used, or stands twice", list, i.Name)
			}
			seen[i.Name] = true
			p.said(t, list+" "+i.Name, i.Label)
			p.fits(t, list+" "+i.Name, i.Label)
		}
		if len(items) == 0 {
			t.Errorf("%s is empty", list)
		}
	}
	var roles []string
	for _, r := range p.Roles {
		roles = append(roles, r.Name)
	}
	if !slices.Equal(roles, []string{"focal_point", "backup", "coordinator", "manager", "other"}) {
		t.Errorf("the roles are %v", roles)
	}
}

func (p profile) lines(t *testing.T) {
	kinds := []string{"health", "child", "police", "oversight", "legal", "shelter", "talk"}
	found := map[string]bool{}
	for _, l := range p.Lines {
		found[l.Kind] = true
		if !slices.Contains(kinds, l.Kind) {
			t.Errorf("a line of the unknown kind %q", l.Kind)
		}
		p.said(t, "the line "+l.Phone, l.Label)
		p.invented(t, l.Label, l.Phone)
		p.said(t, "the hours of "+l.Phone, l.Hours)
		if l.Note != nil {
			p.said(t, "the note of "+l.Phone, l.Note)
		}
		for _, a := range l.Areas {
			if !slices.ContainsFunc(p.Areas, func(i item) bool { return i.Name == a }) {
				t.Errorf("the line %s is for %q, which is no area", l.Phone, a)
			}
		}
	}
	for _, kind := range []string{"health", "child", "talk"} {
		if !found[kind] {
			t.Errorf("there is no line of kind %s: the clock, children and danger lead to it", kind)
		}
	}
}

// remedies are said in every language, with what is needed and by when; each says that it is invented.
func (p profile) remedies(t *testing.T) {
	for _, r := range p.Remedies {
		p.said(t, "the remedy "+r.Label["en"], r.Label)
		p.said(t, "what is needed for "+r.Label["en"], r.Needed)
		p.said(t, "the last day of "+r.Label["en"], r.Until)
		p.invented(t, r.Label, r.Phone)
		for _, a := range r.Areas {
			if !slices.ContainsFunc(p.Areas, func(i item) bool { return i.Name == a }) {
				t.Errorf("the remedy %q is for %q, which is no area", r.Label["en"], a)
			}
		}
	}
}

// directory is what a profile says about services: kinds said in every language, each with a word by which a sheet names it.
func (p profile) directory(t *testing.T) {
	for _, k := range p.Kinds {
		if !name.MatchString(k.Name) || len(k.Words) == 0 {
			t.Errorf("the kind %q cannot be used, or no sheet would name it", k.Name)
		}
		p.said(t, "the kind "+k.Name, k.Label)
		p.fits(t, "the kind "+k.Name, k.Label)
		if p.Profile == "example" && !strings.Contains(k.Label["en"], "(example)") {
			t.Errorf("%q could be taken for a real one", k.Label["en"])
		}
	}
	for _, f := range p.Flows {
		if _, err := fs.Stat(flows.FS, f+".yaml"); err != nil {
			t.Errorf("there is no flow %q", f)
		}
	}
	for _, i := range append(slices.Clone(p.Organisations), p.Roles...) {
		if i.Place != "" {
			t.Errorf("%s has a place; only areas have", i.Name)
		}
	}
	if len(p.Holidays) == 0 {
		t.Error("no holiday: hours that close on holidays would be shown as open")
	}
}

func (p profile) times(t *testing.T) {
	w := p.Windows
	if w.FirstHours%24 != 0 || w.SecondHours%24 != 0 || w.FirstHours <= 0 || w.SecondHours <= w.FirstHours {
		t.Errorf("the windows are %d and %d hours; want whole days, the second later", w.FirstHours, w.SecondHours)
	}
	if _, err := time.Parse(time.DateOnly, w.Reviewed); err != nil || w.Source == "" {
		t.Error("the windows need a source and the day on which somebody looked again")
	}
	for step, c := range map[string]term{"acknowledge": p.Clocks.Acknowledge, "staffed": p.Clocks.Staffed, "refer": p.Clocks.Refer,
		"confirm": p.Clocks.Confirm, "answer": p.Clocks.Answer, "again": p.Clocks.Again} {
		for urgency, text := range map[string]string{"urgent": c.Urgent, "normal": c.Normal, "feedback": c.Feedback} {
			if (step == "staffed" || urgency == "feedback") && text == "" {
				continue
			}
			if d, err := time.ParseDuration(text); err != nil || d < time.Hour || d%time.Hour != 0 {
				t.Errorf("%s %s is %q; want whole hours", step, urgency, text)
			}
		}
	}
	for _, part := range []string{"morning", "midday", "evening", "night"} {
		s := p.NudgeHours[part]
		if len(s.From) != 5 || len(s.To) != 5 || s.From >= s.To {
			t.Errorf("%s runs from %q to %q", part, s.From, s.To)
		}
	}
}
