package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"amana/bot/flow"
	"amana/flows"
)

// profile fits the flows to a place: languages, lists, urgent lines, medical windows, deadlines.
type profile struct {
	file string

	Profile       string   `yaml:"profile"`
	Title         string   `yaml:"title"`
	Languages     []string `yaml:"languages"`
	Areas         []item   `yaml:"areas"`
	Organisations []item   `yaml:"organisations"`
	Roles         []item   `yaml:"roles"`
	Lines         []line   `yaml:"lines"`
	Windows       struct {
		First    int    `yaml:"first_hours"`
		Second   int    `yaml:"second_hours"`
		Source   string `yaml:"source"`
		Reviewed string `yaml:"reviewed"`
	} `yaml:"windows"`
	Clocks map[string]map[string]duration `yaml:"clocks"`
	Hours  struct {
		Days []string `yaml:"days"`
		From string   `yaml:"from"`
		To   string   `yaml:"to"`
		Zone string   `yaml:"zone"`
	} `yaml:"hours"`
	NudgeHours map[string]struct {
		From string `yaml:"from"`
		To   string `yaml:"to"`
	} `yaml:"nudge_hours"`
}

// item is one entry of a list, with what it is called in each language.
type item struct {
	Name  string            `yaml:"name"`
	Label map[string]string `yaml:"label"`
}

// readProfile reads a shipped profile by its name, or a file beside the configuration.
func readProfile(c *config) (*profile, error) {
	name := c.Profile
	if strings.ContainsAny(name, "./") {
		file := c.near(name)
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, errConfig{fmt.Sprintf("%s: the profile cannot be read: %v", file, errors.Unwrap(err))}
		}
		return parseProfile(file, data)
	}
	return shippedProfile(name)
}

func shippedProfile(name string) (*profile, error) {
	file := path.Join("profiles", name+".yaml")
	data, err := flows.FS.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		entries, _ := flows.FS.ReadDir("profiles")
		var names []string
		for _, e := range entries {
			names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
		}
		return nil, errConfig{fmt.Sprintf("profile %q is not shipped; there are: %s. A file of your own is named with its ending, such as ./place.yaml", name, strings.Join(names, ", "))}
	}
	if err != nil {
		return nil, err
	}
	return parseProfile("flows/"+file, data)
}

func parseProfile(file string, data []byte) (*profile, error) {
	p := &profile{file: file}
	if err := readYAML(file, data, p); err != nil {
		return nil, err
	}
	if bad := p.problems(); len(bad) > 0 {
		return nil, bad
	}
	return p, nil
}

var isName = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,23}$`)

// problems says what a profile lacks. Everything that a person may read must be there in every language of the profile.
func (p *profile) problems() (bad errConfig) {
	say := func(format string, args ...any) { bad = append(bad, p.file+": "+fmt.Sprintf(format, args...)) }
	words := func(what string, in map[string]string) {
		for _, l := range p.Languages {
			if strings.TrimSpace(in[l]) == "" {
				say("%s has no text in %s; every language of the profile needs one", what, l)
			}
		}
	}
	if len(p.Languages) == 0 {
		say("languages is missing; list at least one")
	}
	for what, list := range map[string][]item{"areas": p.Areas, "organisations": p.Organisations, "roles": p.Roles} {
		seen := map[string]bool{}
		if len(list) == 0 {
			say("%s is empty; list at least one", what)
		}
		for _, i := range list {
			if !isName.MatchString(i.Name) || seen[i.Name] {
				say("%s: the name %q is used twice or not of the form a-z, 0-9, _", what, i.Name)
			}
			seen[i.Name] = true
			words(what+" "+i.Name, i.Label)
		}
	}
	for n, l := range p.Lines {
		what := "line " + strconv.Itoa(n+1)
		if !slices.Contains(lineKinds, l.Kind) {
			say("%s: kind %q is none of %s", what, l.Kind, strings.Join(lineKinds, ", "))
		}
		words(what, l.Label)
		if l.Hours != nil {
			words(what+", hours", l.Hours)
		}
		if l.Note != nil {
			words(what+", note", l.Note)
		}
		for _, a := range l.Areas {
			if !slices.ContainsFunc(p.Areas, func(i item) bool { return i.Name == a }) {
				say("%s: there is no area %q", what, a)
			}
		}
	}
	if p.Windows.First < 24 || p.Windows.Second < p.Windows.First || p.Windows.First%24+p.Windows.Second%24 != 0 {
		say("windows: first_hours and second_hours are whole days in hours, the second not before the first")
	}
	if p.Windows.Source == "" || p.Windows.Reviewed == "" {
		say("windows: name the source, and the day on which somebody looked again")
	}
	return append(bad, p.timeProblems()...)
}

// lists gives the lists that the flows choose from.
func (p *profile) lists() (out []flow.List) {
	for _, l := range []struct {
		name  string
		items []item
	}{{"areas", p.Areas}, {"organisations", p.Organisations}, {"roles", p.Roles}} {
		list := flow.List{Name: l.name}
		for _, i := range l.items {
			list.Items = append(list.Items, i.Name)
		}
		out = append(out, list)
	}
	return out
}

// label gives an item of a list in a language.
func (p *profile) label(lang, list, name string) (string, bool) {
	items := map[string][]item{"areas": p.Areas, "organisations": p.Organisations, "roles": p.Roles}[list]
	for _, i := range items {
		if i.Name == name {
			text, ok := i.Label[lang]
			return text, ok
		}
	}
	return "", false
}

// orgName gives an organisation as people read it; one that is not in the list keeps its name.
func (p *profile) orgName(lang, org string) string {
	if l, ok := p.label(lang, "organisations", org); ok {
		return l
	}
	return org
}

// values gives what sentences want to be told of the place: the medical windows in whole days, and the safe hours of a day.
func (p *profile) values() map[string]string {
	v := map[string]string{
		"Window1": strconv.Itoa(p.Windows.First / 24), "Window2": strconv.Itoa(p.Windows.Second / 24),
	}
	safe := p.safeHours()
	for choice, name := range map[string]string{"morning": "Morning", "midday": "Midday", "evening": "Evening", "night": "Night"} {
		h := safe[choice]
		v[name] = fmt.Sprintf("%d:00–%d:00", h[0], h[1])
	}
	return v
}
