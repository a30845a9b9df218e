package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"amana/bot/directory/hours"
	"amana/bot/flow"
	"amana/bot/sheet"
	"amana/flows"
)

// profile fits the flows to a place: languages, lists, urgent lines, medical windows, deadlines.
type profile struct {
	paper

	Profile       string              `yaml:"profile"`
	Title         string              `yaml:"title"`
	Languages     []string            `yaml:"languages"`
	Flows         []string            `yaml:"flows"` // that are offered; none: all
	Areas         []item              `yaml:"areas"`
	Organisations []item              `yaml:"organisations"`
	Roles         []item              `yaml:"roles"`
	Forces        map[string][]string `yaml:"forces"`
	Lines         []line              `yaml:"lines"`
	Remedies      []pathway           `yaml:"remedies"`
	Kinds         []ownKind           `yaml:"kinds"`
	Holidays      []hours.Holiday     `yaml:"holidays"`
	Windows       struct {
		First    int    `yaml:"first_hours"`
		Second   int    `yaml:"second_hours"`
		Source   string `yaml:"source"`
		Reviewed string `yaml:"reviewed"`
	} `yaml:"windows"`
	Clocks     map[string]map[string]duration `yaml:"clocks"`
	Escalation rungs                          `yaml:"escalation"`
	Hours      hoursConfig                    `yaml:"hours"`
	NudgeHours map[string]struct {
		From string `yaml:"from"`
		To   string `yaml:"to"`
	} `yaml:"nudge_hours"`

	words  map[string]placeWords // by language, from files of their own
	beside string                // the folder of these files
}

// item is one entry of a list, with what it is called in each language.
type item struct {
	Name  string            `yaml:"name"`
	Label map[string]string `yaml:"label"`
	Place string            `yaml:"place"` // of an area alone: the one of the service directory that it stands for
}

// readProfile reads a shipped profile by its name, or a file beside the configuration.
func readProfile(c *config) (*profile, error) {
	name := c.Profile
	if strings.ContainsAny(name, "./") {
		file := c.near(name)
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, errConfig{fmt.Sprintf("%s: the profile %s cannot be read: %v; name a file that is there, or a shipped profile (%s)",
				c.at("profile"), file, errors.Unwrap(err), strings.Join(shippedProfiles(), ", "))}
		}
		dir, shown := wordsBeside(file)
		return parseProfile(file, data, dir, shown)
	}
	return shippedProfile(c, name)
}

// shippedProfiles lists the places that come with the program.
func shippedProfiles() (names []string) {
	entries, _ := flows.FS.ReadDir("profiles")
	for _, e := range entries {
		if name, isProfile := strings.CutSuffix(e.Name(), ".yaml"); isProfile {
			names = append(names, name)
		}
	}
	return names
}

func shippedProfile(c *config, name string) (*profile, error) {
	if names := shippedProfiles(); !slices.Contains(names, name) {
		return nil, errConfig{fmt.Sprintf("%s: profile %q is not shipped; %s (a file of your own is named with its ending, such as ./place.yaml)",
			c.at("profile"), name, sheet.Known(name, names))}
	}
	read, _ := shippedPlaces.LoadOrStore(name, sync.OnceValues(func() (*profile, error) {
		file := path.Join("profiles", name+".yaml")
		data, err := flows.FS.ReadFile(file)
		if err != nil {
			return nil, err
		}
		dir, shown := wordsShipped(name)
		return parseProfile("flows/"+file, data, dir, shown)
	}))
	return read.(func() (*profile, error))()
}

// shippedPlaces holds what reads each shipped profile, once a process: it is part of the program, and nobody writes to it.
var shippedPlaces sync.Map

// parseProfile reads a profile and the folder of words that belongs to it.
func parseProfile(file string, data []byte, words fs.FS, shown string) (*profile, error) {
	p := &profile{beside: shown}
	var err error
	if p.paper, err = readPaper(file, data, p, "copy flows/profiles/example.yaml and replace everything in it"); err != nil {
		return nil, err
	}
	others, err := readPlaceWords(words, shown)
	if err != nil {
		return nil, err
	}
	if bad := append(p.fillWords(others), p.problems()...); len(bad) > 0 {
		return nil, bad
	}
	return p, nil
}

var isName = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,23}$`)

// problems says what a profile lacks. Everything that a person may read must be there in every language of the profile.
func (p *profile) problems() (bad errConfig) {
	say := func(setting, format string, args ...any) {
		bad = append(bad, p.at(setting)+": "+fmt.Sprintf(format, args...))
	}
	words := func(setting string, in map[string]string) {
		for _, l := range p.Languages {
			if strings.TrimSpace(in[l]) == "" {
				say(setting, "%s has no text in %s; every language of the profile needs one: add %s: \"…\", or a line in %s", setting, l, l, path.Join(p.beside, l+".yaml"))
			}
		}
		for _, l := range slices.Sorted(maps.Keys(in)) {
			if !slices.Contains(p.Languages, l) {
				say(setting+"."+l, "%s has a text in %q, which is no language of the profile; %s", setting, l, sheet.Known(l, p.Languages))
			}
		}
	}
	if len(p.Languages) == 0 {
		say("languages", "languages is missing; list at least one, such as languages: [en]")
	}
	for _, list := range []struct {
		name  string
		items []item
	}{{"areas", p.Areas}, {"organisations", p.Organisations}, {"roles", p.Roles}} {
		seen := map[string]string{}
		if len(list.items) == 0 {
			say(list.name, "%s is empty; list at least one", list.name)
		}
		for n, i := range list.items {
			setting := fmt.Sprintf("%s[%d]", list.name, n)
			switch {
			case !isName.MatchString(i.Name):
				say(setting+".name", "the name %q cannot be used; write it with a-z, 0-9 and _, at most 24 characters", i.Name)
			case seen[i.Name] != "":
				say(setting+".name", "the name %q stands twice, first in %s; give one of them another", i.Name, seen[i.Name])
			}
			seen[i.Name] = p.at(setting)
			words(setting+".label", i.Label)
		}
	}
	areas := itemNames(p.Areas)
	for n, l := range p.Lines {
		setting := fmt.Sprintf("lines[%d]", n)
		if !slices.Contains(lineKinds, l.Kind) {
			say(setting+".kind", "there is no kind of line %q; %s", l.Kind, sheet.Known(l.Kind, lineKinds))
		}
		if strings.TrimSpace(l.Phone) == "" {
			say(setting+".phone", "a line has no number; add phone: \"…\"")
		}
		words(setting+".label", l.Label)
		if l.Hours != nil {
			words(setting+".hours", l.Hours)
		}
		if l.Note != nil {
			words(setting+".note", l.Note)
		}
		for k, a := range l.Areas {
			if !slices.Contains(areas, a) {
				say(fmt.Sprintf("%s.areas[%d]", setting, k), "there is no area %q; %s", a, sheet.Known(a, areas))
			}
		}
	}
	p.forceProblems(say)
	p.remedyProblems(say, words)
	p.directoryProblems(say, words)
	if p.Windows.First < 24 || p.Windows.Second < p.Windows.First || p.Windows.First%24+p.Windows.Second%24 != 0 {
		say("windows", "windows: first_hours and second_hours are whole days in hours, the second not before the first; write for example first_hours: 72 and second_hours: 120")
	}
	if p.Windows.Source == "" || p.Windows.Reviewed == "" {
		say("windows", "windows: source or reviewed is missing; name who says so, and the day on which somebody looked again")
	} else if _, err := time.Parse(time.DateOnly, p.Windows.Reviewed); err != nil {
		say("windows.reviewed", "windows.reviewed %q is not a day; write for example 2026-11-01", p.Windows.Reviewed)
	}
	return append(bad, p.timeProblems()...)
}

func itemNames(items []item) (out []string) {
	for _, i := range items {
		out = append(out, i.Name)
	}
	return out
}

// lists gives the lists that the flows choose from.
func (p *profile) lists(named []flow.Asked) (out []flow.List) {
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
	return append(out, p.kindsAsked(named))
}

// label gives an item of a list in a language.
func (p *profile) label(lang, list, name string) (string, bool) {
	items := map[string][]item{"areas": p.Areas, "organisations": p.Organisations, "roles": p.Roles, kindList: p.kindItems()}[list]
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
