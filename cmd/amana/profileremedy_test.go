package main

import (
	"strings"
	"testing"

	"amana/bot/speech"
	"amana/locales"
)

// What exists in a place is said for an area or all of it, with the number isolated; what a profile leaves out is named.
func TestRemedies(t *testing.T) {
	p, err := shippedProfile(&config{path: "test", Profile: "example"}, "example")
	if err != nil {
		t.Fatal(err)
	}
	book, err := speech.Load(speech.Named{Name: "locales", FS: locales.FS})
	if err != nil {
		t.Fatal(err)
	}
	all, here := p.others("ar", remedyList, "", book), p.others("ar", remedyList, "river_side", book)
	if len(all) != len(p.Remedies) || len(here) == 0 || len(here) >= len(all) {
		t.Errorf("%d of %d here", len(here), len(all))
	}
	if !strings.Contains(all[0], "\u20680000007\u2069") && !strings.Contains(all[0], "\u20660000007\u2069") {
		t.Errorf("the number is not isolated: %q", all[0])
	}
	if p.others("ar", "gossip", "", book) != nil {
		t.Error("a list that no place has is not empty")
	}
	own := *p // what is shipped is everybody's
	own.Remedies = []pathway{{Areas: []string{"moon"}, Label: map[string]string{"en": "x", "ar": "x"}, Needed: map[string]string{"en": "x"}}}
	bad := strings.Join(own.problems(), "\n")
	for _, want := range []string{`no area "moon"`, "remedies[0].needed has no text in ar", "remedies[0].until has no text in en"} {
		if !strings.Contains(bad, want) {
			t.Errorf("%q is not found in %s", want, bad)
		}
	}
}
