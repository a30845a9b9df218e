package inspect

import (
	"fmt"
	"slices"
	"strings"

	"amana/bot/directory"
)

// organisations finds those that are one under two names.
func (l *look) organisations() {
	var names []string
	var whose []*directory.Organisation
	first := map[string]*directory.Organisation{}
	told := map[[2]string]bool{}
	say := func(o, before *directory.Organisation, level directory.Level, how string) {
		if o.ID == before.ID || told[[2]string{o.ID, before.ID}] || told[[2]string{before.ID, o.ID}] {
			return
		}
		told[[2]string{o.ID, before.ID}] = true
		l.near[o.ID] = append(l.near[o.ID], before.ID)
		l.say(Twins, level, placeOf(o.Source, "organisation", o.ID), "organisation", fmt.Sprintf("the organisation %q is called %s %q, of %s", clip(o.ID), how, clip(before.ID), placeOf(before.Source, "organisation", before.ID)),
			"write one name in all rows, if they are the same")
	}
	for i := range l.d.Organisations {
		o := &l.d.Organisations[i]
		for _, t := range o.Name {
			name := fold(t.Text)
			if before := first[name]; before != nil {
				say(o, before, directory.Warning, "as")
				continue
			}
			first[name] = o
			names, whose = append(names, name), append(whose, o)
		}
	}
	for _, p := range pairs(names) {
		say(whose[p.b], whose[p.a], directory.Warning, "nearly as")
	}
}

// mostTwins bounds how many services of one kind and organisation in one area are compared with each other.
const mostTwins = 200

// twin is a service with what tells it from others.
type twin struct {
	*directory.Service
	name, place string // folded; whom it is for stands with the place
}

// shelf is where services lie that are compared with each other.
type shelf struct{ area, kind, org string }

// services finds those that stand twice: of one organisation, kind and area, or of two that differ in spelling alone.
func (l *look) services() {
	shelves := map[shelf][]*twin{}
	var order []shelf
	for _, s := range l.d.Services {
		t := &twin{Service: s, name: fold(s.Name.Any()), place: fold(s.Place.Name.Any() + " " + s.Place.Address.Any() + " " + strings.Join(s.For, " ") + fmt.Sprint(" ", s.MinAge, " ", s.MaxAge))}
		for i, k := range s.Kinds {
			at := shelf{s.Place.Area, k, s.Org}
			if slices.Contains(s.Kinds[:i], k) || len(shelves[at]) == mostTwins {
				continue
			}
			if shelves[at] == nil {
				order = append(order, at)
			}
			shelves[at] = append(shelves[at], t)
		}
	}
	seen := map[[2]*twin]bool{}
	compare := func(a, b *twin, at shelf) {
		if both := [2]*twin{a, b}; !seen[both] {
			seen[both] = true
			l.twins(a, b, at)
		}
	}
	for _, at := range order {
		for i, a := range shelves[at] {
			for _, b := range shelves[at][i+1:] {
				compare(a, b, at)
			}
			for _, org := range l.near[at.org] {
				for _, before := range shelves[shelf{at.area, at.kind, org}] {
					compare(before, a, at)
				}
			}
		}
	}
}

// twins compares two services of one kind and area, whose organisations are the same or alike.
func (l *look) twins(a, b *twin, in shelf) {
	if one, other := ofService(a.Service), ofService(b.Service); one.file == other.file && one.n > other.n {
		a, b = b, a // the later row is told
	}
	what := fmt.Sprintf("%s of %s in %s", in.kind, clip(b.Org), clip(in.area))
	same := func(x, y string) bool { return x == y }
	near := func(x, y string) bool { return x == y || alike(x, y) }
	either := func(f func(x, y string) bool) bool { return f(a.name, b.name) && f(a.place, b.place) }
	switch at := ofService(a.Service); {
	case a.Org == b.Org && either(same):
		l.say(Twins, directory.Warning, ofService(b.Service), "", fmt.Sprintf("%s stands twice, first in %s", what, at), "make one row of the two, or tell them apart by a name or a place")
	case either(near):
		l.say(Twins, directory.Warning, ofService(b.Service), "", fmt.Sprintf("%s differs from %s in its spelling alone", what, at), "make one row of the two, if they are the same")
	case a.Org == b.Org && (a.Group == "" || a.Group != b.Group): // the places of one service of HSDS are meant
		l.say(Twins, directory.Note, ofService(b.Service), "", fmt.Sprintf("%s stands twice under different names or places, first in %s", what, at), "leave it if both are there")
	}
}
