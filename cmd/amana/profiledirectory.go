package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"amana/bot/directory"
	"amana/bot/directory/hours"
)

// What a profile says about the service directory: kinds of service beside the standard ones, holidays, and which of its
// areas is which.

// ownKind is a kind of service that the place has beside the standard ones, or one of those called in another way.
type ownKind struct {
	Name   string            `yaml:"name"`
	Label  map[string]string `yaml:"label"`
	Words  []string          `yaml:"words"`  // what sheets write
	Hidden bool              `yaml:"hidden"` // the place of such a service is never shown
}

// kindList is the name by which the labels of own kinds are asked for.
const kindList = "kinds"

func (p *profile) directoryProblems(say func(setting, format string, args ...any), words func(setting string, in map[string]string)) {
	for list, items := range map[string][]item{"organisations": p.Organisations, "roles": p.Roles} {
		for n, i := range items {
			if setting := fmt.Sprintf("%s[%d].place", list, n); i.Place != "" {
				say(setting, "%s: only an area has a place, the one of the service directory that it stands for; take it out", setting)
			}
		}
	}
	bound := map[string]string{}
	for n, i := range p.Areas {
		setting := fmt.Sprintf("areas[%d].place", n)
		if slices.Contains(itemNames(p.Areas[:n]), i.Name) {
			continue // said elsewhere
		}
		if id := cmp.Or(i.Place, i.Name); bound[id] == "" {
			bound[id] = p.at(setting)
		} else {
			say(setting, "the place %q belongs to two areas, first in %s; name another, or make one area of the two", id, bound[id])
		}
	}
	seen := map[string]string{}
	var kinds []directory.Kind
	for n, k := range p.Kinds {
		setting := fmt.Sprintf("kinds[%d]", n)
		words(setting+".label", k.Label)
		if before := seen[k.Name]; before != "" {
			say(setting+".name", "the kind %q stands twice, first in %s; make one of the two", k.Name, before)
			continue
		}
		seen[k.Name] = p.at(setting)
		// One more at a time, so that the one is named of which a word is taken already.
		if _, err := directory.NewKinds(append(slices.Clone(kinds), p.kind(k))...); err != nil {
			say(setting, "kinds: %v", err)
			continue
		}
		kinds = append(kinds, p.kind(k))
	}
}

// kind gives an own kind as the directory knows it. Operators read its label in the language of the program, if there is one.
func (p *profile) kind(k ownKind) directory.Kind {
	title := k.Label["en"]
	if title == "" && len(p.Languages) > 0 {
		title = k.Label[p.Languages[0]]
	}
	return directory.Kind{Name: k.Name, Title: title, Hidden: k.Hidden, Words: k.Words}
}

// kinds gives all kinds of service of the place, the standard ones first.
func (p *profile) kinds() (*directory.Kinds, error) {
	var own []directory.Kind
	for _, k := range p.Kinds {
		own = append(own, p.kind(k))
	}
	return directory.NewKinds(own...)
}

// kindItems gives the own kinds as a list from which people choose.
func (p *profile) kindItems() (out []item) {
	for _, k := range p.Kinds {
		out = append(out, item{Name: k.Name, Label: k.Label})
	}
	return out
}

// indexed gives what the index of the directory is told of the mission: its zone, its holidays, and its kinds, some of which
// may hide their place although the directory in force is older.
func (p *profile) indexed(zone *time.Location) directory.Options {
	kinds, err := p.kinds()
	if err != nil { // a profile in which they are wrong is not read
		kinds, _ = directory.NewKinds()
	}
	return directory.Options{Zone: zone, Load: time.LoadLocation, Holidays: hours.Calendar(p.Holidays).On, Kinds: kinds}
}

// binding says which area of the service directory each area of the profile stands for. The profile's areas are few and
// coarse, and a report carries their names; the directory's are many, and services lie in them.
type binding struct {
	tree  *directory.Areas
	ids   map[string]string // by the name of an area of the profile
	names map[string]string // by the id of an area of the directory
}

// bind binds every area of the profile that has a counterpart in a tree: the one that its setting place names, or else the
// one whose id or code is its own name.
func (p *profile) bind(tree *directory.Areas) binding {
	b := binding{tree, map[string]string{}, map[string]string{}}
	for _, i := range p.Areas {
		want := cmp.Or(i.Place, i.Name)
		area, ok := tree.Area(want)
		if all := tree.All(); !ok {
			at := slices.IndexFunc(all, func(a directory.Area) bool { return strings.EqualFold(a.ID, want) || strings.EqualFold(a.Code, want) })
			if ok = at >= 0; ok {
				area = all[at]
			}
		}
		if ok {
			b.ids[i.Name], b.names[area.ID] = area.ID, i.Name
		}
	}
	return b
}

// place gives the id of the directory's area for an area of the profile. Without one, services are looked for in all areas.
func (b binding) place(name string) (id string, ok bool) {
	id, ok = b.ids[name]
	return id, ok
}

// area gives the profile's area in which an area of the directory lies: its own counterpart, or that of the nearest around.
func (b binding) area(id string) (name string, ok bool) {
	if name, ok = b.names[id]; ok {
		return name, true
	}
	for _, around := range b.tree.Around(id) {
		if name, ok = b.names[around.ID]; ok {
			return name, true
		}
	}
	return "", false
}
