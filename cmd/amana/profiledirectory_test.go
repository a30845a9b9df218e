package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/directory"
	"amana/bot/flow"
)

// An area of the profile is bound by its own name, or by the id or code that it names; an area of the directory belongs to
// the nearest one around it that is bound.
func TestBinding(t *testing.T) {
	tree, bad := directory.NewAreas([]directory.Area{
		{ID: "xx"}, {ID: "xx01", Parent: "xx", Code: "XX-01"}, {ID: "xx0101", Parent: "xx01"}, {ID: "river_side", Parent: "xx"}, {ID: "bank", Parent: "river_side"}, {ID: "xx02", Parent: "xx"},
	})
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	p := &profile{Areas: []item{{Name: "block_a", Place: "xx-01"}, {Name: "river_side"}, {Name: "block_b", Place: "xx09"}, {Name: "XX0101"}, {Name: "town"}}}
	b := p.bind(tree)
	for name, want := range map[string]string{"block_a": "xx01", "river_side": "river_side", "block_b": "", "town": "", "XX0101": "xx0101", "moon": ""} {
		if id, ok := b.place(name); id != want || ok != (want != "") {
			t.Errorf("%s is %q, want %q", name, id, want)
		}
	}
	for id, want := range map[string]string{"xx": "", "xx01": "block_a", "xx0101": "XX0101", "bank": "river_side", "river_side": "river_side", "xx02": "", "moon": ""} {
		if name, ok := b.area(id); name != want || ok != (want != "") {
			t.Errorf("%s lies in %q, want %q", id, name, want)
		}
	}
}

// What a profile adds is known to whoever reads sheets and whoever looks up.
func TestProfileOfTheDirectory(t *testing.T) {
	p, err := shippedProfile(&config{path: "test", Profile: "example"}, "example")
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := p.kinds()
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"seeds", "Semences", "Seeds and tools"} {
		if k, ok := kinds.Read(word); !ok || k != "seeds" {
			t.Errorf("%q is %q", word, k)
		}
	}
	if _, ok := kinds.Kind("legal"); !ok {
		t.Error("the standard kinds are gone")
	}
	if label, ok := p.label("fr", kindList, "seeds"); !ok || !strings.HasPrefix(label, "Semences") {
		t.Errorf("its label is %q", label)
	}
	o := p.indexed(time.UTC)
	if !o.Holidays(time.Date(2027, 3, 10, 0, 0, 0, 0, time.UTC)) || o.Holidays(time.Date(2027, 3, 12, 0, 0, 0, 0, time.UTC)) {
		t.Error("the holidays do not reach the index")
	}
}

// A profile says which flows are on. Its names are checked, and what nobody can do without cannot be off.
func TestProfileFlows(t *testing.T) {
	all := []*flow.Flow{{Name: "start"}, {Name: "report"}, {Name: "rights"}, {Name: "mailbox"}, {Name: "hide"}}
	for list, want := range map[string]string{
		"":                           "",
		"report,mailbox,hide":        "",
		"report,rights,mailbox,hide": "",
		"report,right,mailbox,hide":  `there is no flow "right"; did you mean rights?`,
		"report,rights":              "mailbox cannot be off; add it to the list",
		"mailbox,hide":               "report cannot be off",
		"report,mailbox":             "hide cannot be off",
		"hide,hide,report,mailbox":   "hide stands twice",
	} {
		p := &profile{paper: paper{file: "place.yaml"}}
		if list != "" {
			p.Flows = strings.Split(list, ",")
		}
		bad := strings.Join(p.flowProblems(all), "\n")
		if (bad == "") != (want == "") || !strings.Contains(bad, want) {
			t.Errorf("%s: %q, want %q", list, bad, want)
		}
		off := p.off(all)
		if slices.Contains(off, "rights") != (list != "" && !strings.Contains(list, "rights")) || slices.Contains(off, "report") && strings.Contains(list, "report") {
			t.Errorf("%s: off are %v", list, off)
		}
	}
}
