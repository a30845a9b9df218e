package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/directory"
	"amana/bot/speech"
	"amana/locales"
)

// lookedAt is a shipped place with its invented directory, ready to be looked into.
type lookedAt struct {
	*testing.T
	p     *profile
	d     *directory.Directory
	index *directory.Index
}

func lookAt(t *testing.T, name string) *lookedAt {
	t.Helper()
	p, err := shippedProfile(&config{path: "test", Profile: name}, name)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(p.Hours.Zone)
	if err != nil {
		t.Fatal(err)
	}
	l := &lookedAt{T: t, p: p, d: readExampleSheets(t, p)}
	l.index = directory.NewIndex(l.d, p.indexed(zone))
	return l
}

// find looks for a kind as somebody who may see this much.
func (l *lookedAt) find(may directory.Visibility, area, kind string) []directory.Hit {
	return l.index.Find(directory.Query{Kinds: []string{kind}, Area: area, May: may, Limit: 100, Now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}).Hits
}

// inner lists the areas directly in another.
func (l *lookedAt) inner(id string) (ids []string) {
	tree, _ := directory.NewAreas(l.d.Areas)
	for _, a := range tree.In(id) {
		ids = append(ids, a.ID)
	}
	return ids
}

// The house for women who leave an armed group is found by those who refer alone, and nobody is told where it is.
func TestSafeHouseIsNeverListed(t *testing.T) {
	l := lookAt(t, "somalia")
	for _, may := range []directory.Visibility{"", directory.Public, directory.OnRequest} {
		if hits := l.find(may, "", "shelter"); len(hits) > 0 {
			t.Errorf("%q finds %s", may, hits[0].ID)
		}
	}
	if slices.ContainsFunc(l.p.Lines, func(n line) bool { return n.Kind == "shelter" }) {
		t.Error("a line leads to a shelter")
	}
	hits := l.find(directory.ReferrerOnly, "", "shelter")
	if len(hits) != 1 {
		t.Fatalf("%d houses", len(hits))
	}
	if place := hits[0].Place; place.WalkIn() || !place.Redacted || slices.Contains(l.inner("SO"), place.Area) {
		t.Errorf("its place is told: %+v", place)
	}
	// Whoever asks for a new start by name finds a number and no place; whoever browses finds nothing.
	if public, asked := l.find("", "", "new_start"), l.find(directory.OnRequest, "", "new_start"); len(public) > 0 || len(asked) != 1 || asked[0].Place.WalkIn() || len(asked[0].Phones) == 0 {
		t.Errorf("new_start: %v, %v", public, asked)
	}
}

// Women and children who come back have care in each of the four countries, in places that are never shown.
func TestComingHomeIsNeverShown(t *testing.T) {
	l := lookAt(t, "lake_chad")
	if countries := l.inner(""); !slices.Equal(countries, []string{"CM", "TD", "NE", "NG"}) {
		t.Errorf("the outermost areas are %v", countries)
	}
	for _, country := range l.inner("") {
		hits := l.find(directory.OnRequest, country, "coming_home")
		if len(hits) == 0 {
			t.Errorf("nobody is there in %s", country)
		}
		if len(l.find("", country, "coming_home")) > 0 {
			t.Errorf("%s: it is listed", country)
		}
		for _, h := range append(hits, l.find(directory.ReferrerOnly, country, "child_return")...) {
			if h.Place.WalkIn() || !h.Place.Redacted {
				t.Errorf("%s: its place is told: %+v", h.ID, h.Place)
			}
		}
	}
	if l.p.Lines[0].Kind != "child" {
		t.Errorf("a line for %s stands before the one for children", l.p.Lines[0].Kind)
	}
}

// Each entity has a way of its own, and nobody is sent into another.
func TestWaysByEntity(t *testing.T) {
	l := lookAt(t, "bosnia")
	book, err := speech.Load(speech.Named{Name: "locales", FS: locales.FS})
	if err != nil {
		t.Fatal(err)
	}
	if entities := l.inner("BA"); !slices.Equal(entities, []string{"BA-BIH", "BA-SRP", "BA-BRC"}) {
		t.Errorf("the first-level areas are %v", entities)
	}
	begins := map[string]string{"tuzla": "Federation", "canton_10": "Federation", "republika_srpska": "Republika Srpska", "brcko": "Brčko District"}
	for area, own := range begins {
		all := strings.Join(l.p.others("en", remedyList, area, book), "\n")
		for _, entity := range begins {
			if got := strings.Contains(all, entity+":"); got != (entity == own) {
				t.Errorf("%s: the way of %s is shown: %t", area, entity, got)
			}
		}
	}
	for area, own := range map[string]string{"tuzla": "Federation", "BA-SRP": "Republika Srpska", "BA-BRC": "Brčko District"} {
		hits := l.find("", area, "reparations")
		if len(hits) == 0 {
			t.Errorf("%s: no office", area)
		}
		for _, h := range hits {
			if name, _ := h.Name.In("en", ""); !strings.HasPrefix(name, own) {
				t.Errorf("%s: %s", area, name)
			}
		}
	}
}

// What the other places are for is found there.
func TestPlacesServe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		place, root string
		first       int
		area        string
		kinds       []string
	}{
		{"somalia", "SO", 18, "SO-BY", []string{"case_gbv", "women_space", "participation", "governance"}},
		{"south_sudan", "SS", 13, "example_camp_1", []string{"governance", "participation", "water", "site_safety", "distribution"}},
		{"ethiopia", "ET", 14, "example_camp_1", []string{"governance", "participation", "women_space", "distribution"}},
		{"sri_lanka", "LK", 9, "LK-4", []string{"missing", "absence", "justice", "reparations", "legal", "witness_support"}},
	} {
		l := lookAt(t, c.place)
		if got := l.inner(c.root); len(got) != c.first {
			t.Errorf("%s: %d first-level areas, want %d", c.place, len(got), c.first)
		}
		for _, kind := range c.kinds {
			if len(l.find(directory.OnRequest, c.area, kind)) == 0 {
				t.Errorf("%s: no %s for %s", c.place, kind, c.area)
			}
		}
		tree, _ := directory.NewAreas(l.d.Areas)
		b := l.p.bind(tree)
		for _, a := range l.p.Areas {
			if id, ok := b.place(a.Name); !ok || !slices.Contains(l.inner(c.root), id) {
				t.Errorf("%s: the area %s is bound to %q", c.place, a.Name, id)
			}
		}
	}
}

// Whoever calls a number of a shipped place reaches nobody: an operator who serves one as it is, is told.
func TestShippedNumbersAreWarnedOf(t *testing.T) {
	for _, name := range shippedProfiles() {
		found := checkConfig(&config{path: "test", Profile: name, Zone: "UTC"})
		if !slices.ContainsFunc(found, func(f finding) bool {
			return f.Level == warning && strings.Contains(f.What, "telephone numbers do not exist")
		}) {
			t.Errorf("%s: nothing is said of its numbers", name)
		}
	}
}
