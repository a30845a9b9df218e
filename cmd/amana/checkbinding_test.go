package main

import (
	"strings"
	"testing"
	"time"

	"amana/bot/directory"
)

// The area that was probably meant is named by any of its spellings and languages, and never guessed among two.
func TestNearestArea(t *testing.T) {
	tree, bad := directory.NewAreas([]directory.Area{
		{ID: "XX"}, {ID: "XX01", Parent: "XX", Name: directory.Words{{Lang: "ar", Text: "مخيم مثال"}, {Lang: "en", Text: "EXAMPLE Camp"}}}, {ID: "XX02", Parent: "XX", Code: "N-7", Name: directory.Say("en", "River side")},
		{ID: "XX0101", Parent: "XX01", Name: directory.Say("", "EXAMPLE Town")}, {ID: "XX0201", Parent: "XX02", Name: directory.Say("", "EXAMPLE Town")},
	})
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	near := newNearest(tree)
	for _, c := range []struct {
		item item
		want string
	}{
		{item{Name: "river_side"}, "XX02"}, {item{Name: "river_sdie"}, "XX02"}, {item{Name: "x", Label: map[string]string{"ar": "مخيم مثال (اختراع)"}}, "XX01"},
		{item{Name: "y", Place: "n-7"}, "XX02"}, {item{Name: "town", Label: map[string]string{"en": "EXAMPLE Town"}}, ""}, {item{Name: "elsewhere"}, ""},
		{item{Name: "river_side", Label: map[string]string{"en": "EXAMPLE Camp"}}, ""},
	} {
		if a, ok := near.to(c.item); a.ID != c.want || ok != (c.want != "") {
			t.Errorf("%+v is %q, want %q", c.item, a.ID, c.want)
		}
	}
}

// A profile is compared with a directory once: without areas nothing is said of them, and of what is bound nothing either.
func TestBoundTo(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	p := &profile{paper: paper{file: "place.yaml"}, Areas: []item{{Name: "camp"}, {Name: "town", Place: "t"}}}
	if found := p.boundTo(&directory.Directory{}, now); len(found) > 0 {
		t.Error(found)
	}
	areas := []directory.Area{{ID: "xx"}, {ID: "camp", Parent: "xx"}, {ID: "block", Parent: "camp"}, {ID: "t", Parent: "xx"}}
	if found := p.boundTo(&directory.Directory{Areas: areas}, now); len(found) > 0 {
		t.Error(found)
	}
	for n := range mostOfASort + 3 {
		areas = append(areas, directory.Area{ID: strings.Repeat("v", n+1), Parent: "xx"})
	}
	if found := p.boundTo(&directory.Directory{Areas: areas}, now); len(found) != mostOfASort+1 || !strings.HasPrefix(found[mostOfASort].What, "3 areas more") || found[0].Level != remark {
		t.Error(found)
	}
}
