package inspect

import (
	"fmt"
	"slices"

	"amana/bot/directory"
)

// areas looks at the tree: what cannot stand in it, what stands in it twice, and where nothing is offered.
func (l *look) areas() {
	var bad []directory.Finding
	l.tree, bad = directory.NewAreas(l.d.Areas)
	for _, f := range bad {
		l.say(Areas, f.Level, placeOf(f.File, "the list of areas", ""), "", f.What, f.Remedy)
	}
	l.codes()
	within := map[string][]directory.Area{}
	var parents []string
	for _, a := range l.tree.All() {
		if within[a.Parent] == nil {
			parents = append(parents, a.Parent)
		}
		within[a.Parent] = append(within[a.Parent], a)
	}
	for _, p := range parents {
		l.siblings(within[p])
	}
	l.points()
	l.empty()
}

func ofArea(a directory.Area) place { return placeOf(a.Source, "area", a.ID) }

// codes finds a code that two areas have. An id counts as one: services name areas by either.
func (l *look) codes() {
	first := map[string]directory.Area{}
	for _, a := range l.d.Areas {
		for _, code := range []string{a.ID, a.Code} {
			folded := fold(code)
			before, taken := first[folded]
			switch {
			case folded == "":
			case !taken:
				first[folded] = a
			case before.ID != a.ID:
				l.say(Areas, directory.Refused, ofArea(a), "code", fmt.Sprintf("the code %q belongs to the area %q as well, of %s", clip(code), clip(before.ID), ofArea(before)), "give each area a code of its own: a row that names it may mean either")
			}
		}
	}
}

// siblings compares the names of areas that lie side by side.
func (l *look) siblings(areas []directory.Area) {
	var names []string
	var whose []int
	first, told := map[string]int{}, map[pair]bool{}
	for i, a := range areas {
		for _, t := range a.Name {
			name := fold(t.Text)
			if name == "" {
				continue
			}
			j, twice := first[name]
			switch {
			case !twice:
				first[name] = i
				names, whose = append(names, name), append(whose, i)
			case j != i && !told[pair{j, i}]:
				told[pair{j, i}] = true
				l.say(Areas, directory.Warning, ofArea(a), "", fmt.Sprintf("the area %q is called %q, as %q beside it, of %s", clip(a.ID), clip(t.Text), clip(areas[j].ID), ofArea(areas[j])), "make one of the two, or give them names that people can tell apart")
			}
		}
	}
	for _, p := range pairs(names) {
		i, j := whose[p.a], whose[p.b]
		if i == j || told[pair{i, j}] || told[pair{j, i}] {
			continue
		}
		told[pair{i, j}] = true
		l.say(Areas, directory.Note, ofArea(areas[j]), "", fmt.Sprintf("the area %q is called nearly as %q beside it, of %s: %q and %q", clip(areas[j].ID), clip(areas[i].ID), ofArea(areas[i]), clip(names[p.b]), clip(names[p.a])), "make one of the two, if they are the same")
	}
}

// points finds areas that lie at one point of the map.
func (l *look) points() {
	first := map[directory.Point]directory.Area{}
	for _, a := range l.tree.All() {
		if a.Point == nil {
			continue
		}
		if before, taken := first[*a.Point]; taken && !l.inside(a.ID, before.ID) && !l.inside(before.ID, a.ID) {
			l.say(Areas, directory.Note, ofArea(a), "", fmt.Sprintf("the area %q lies at the same point as %q, of %s", clip(a.ID), clip(before.ID), ofArea(before)), "look whether they are one area with two names")
		} else if !taken {
			first[*a.Point] = a
		}
	}
}

func (l *look) inside(id, around string) bool {
	return slices.ContainsFunc(l.tree.Around(id), func(a directory.Area) bool { return a.ID == around })
}

// empty finds the outermost areas in which nothing is offered.
func (l *look) empty() {
	offers, size := map[string]int{}, map[string]int{}
	count := func(id string, into map[string]int) {
		into[id]++
		for _, around := range l.tree.Around(id) {
			into[around.ID]++
		}
	}
	for _, s := range l.d.Services {
		count(s.Place.Area, offers)
	}
	all := l.tree.All()
	for _, a := range all {
		count(a.ID, size)
	}
	for _, a := range all {
		if offers[a.ID] > 0 || a.Parent != "" && offers[a.Parent] == 0 {
			continue
		}
		what := fmt.Sprintf("nothing is offered in the area %q", clip(a.ID))
		if name := a.Name.Any(); name != a.ID {
			what += fmt.Sprintf(" (%s)", clip(name))
		}
		if n := size[a.ID] - 1; n > 0 {
			what += fmt.Sprintf(" and the %d within it", n)
		}
		l.say(Areas, directory.Note, ofArea(a), "", what, "whoever looks there is shown what serves the areas around it; look whether rows are missing")
	}
}
