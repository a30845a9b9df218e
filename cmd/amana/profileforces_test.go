package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"amana/bot"
	"amana/bot/ticket"
)

// The categories are those that routing knows.
func TestForceKinds(t *testing.T) {
	for _, k := range forceKinds {
		if !ticket.IsForce(k) {
			t.Errorf("%s is no force", k)
		}
	}
}

// The configuration's word on a force stands in the place of the profile's, a whole category at a time.
func TestForces(t *testing.T) {
	p := &profile{Forces: map[string][]string{"police": {"blue", "grey"}, "civil_defence": {"guards"}}}
	for _, c := range []struct {
		own     map[string][]string
		want    string
		dropped int // organisations that are no force any more
	}{
		{nil, "map[civil_defence:[guards] police:[blue grey]]", 0},
		{map[string][]string{"police": {"blue"}}, "map[civil_defence:[guards] police:[blue]]", 1},
		{map[string][]string{"police": {}}, "map[civil_defence:[guards] police:[]]", 2},
		{map[string][]string{"military": {"guards"}}, "map[civil_defence:[] military:[guards] police:[blue grey]]", 0},
	} {
		conf := &config{Forces: c.own, paper: paper{file: "amana.yaml"}}
		if got := fmt.Sprint(conf.forces(p)); got != c.want {
			t.Errorf("%v gives %s, want %s", c.own, got, c.want)
		}
		found := checkForces(conf, p)
		if len(found) != c.dropped {
			t.Errorf("%v: %d warnings, want %d", c.own, len(found), c.dropped)
		}
		for _, f := range found {
			if f.Level != warning || !strings.Contains(f.What, "its own readers") {
				t.Errorf("%+v", f)
			}
		}
	}
	if fmt.Sprint(p.Forces) != "map[civil_defence:[guards] police:[blue grey]]" {
		t.Errorf("the profile was changed: %v", p.Forces)
	}
}

// In every shipped place that names forces, what is told about one of their organisations reaches nobody of that force but
// the oversight desk, although it reads everything else, and the lines of the police are not shown to whoever tells it.
func TestForcesOfShippedPlaces(t *testing.T) {
	places := 0
	for _, name := range shippedProfiles() {
		p, err := shippedProfile(&config{path: "test", Profile: name}, name)
		if err != nil {
			t.Fatal(err)
		}
		h := &house{config: &config{Profile: name}, profile: p}
		for _, force := range slices.Sorted(maps.Keys(p.Forces)) {
			for _, org := range p.Forces[force] {
				places++
				t.Run(name+"/"+org, func(t *testing.T) {
					for _, told := range []bot.Facts{
						{{Flow: "report", Step: "organisation", Values: []string{org}}},
						{{Flow: "report", Step: "accused", Values: []string{force}}},
					} {
						plan := h.mission(org).Route(ticket.Other, "en", told)
						var reads []string
						for _, r := range plan.Readers {
							reads = append(reads, r.Person)
						}
						if plan.Verdict != ticket.OversightOnly || !slices.Equal(reads, []string{"eye", "lid"}) || !slices.Contains(plan.Excluded, "inside") {
							t.Errorf("%v: %s", told, plan.Explain())
						}
						if way := h.routes().Police(told); way != ticket.PoliceNever {
							t.Errorf("%v: the police are shown %s", told, way)
						}
					}
					plan := h.mission(org).Route(ticket.Other, "en", bot.Facts{{Flow: "report", Step: "organisation", Values: []string{"none"}}})
					if !slices.ContainsFunc(plan.Readers, func(r ticket.Reader) bool { return r.Person == "inside" }) {
						t.Errorf("the test proves nothing: %s", plan.Explain())
					}
				})
			}
		}
	}
	if places == 0 {
		t.Error("no place names a force")
	}
}

// mission is one in which somebody of an organisation reads, beside two of others and an oversight desk.
func (h *house) mission(org string) ticket.Mission {
	m := ticket.Mission{Routes: h.routes(), Clock: h.profile.clock()}
	for _, e := range []ticket.Entry{
		{ID: "inside", Org: org, Role: ticket.FocalPoint}, {ID: "amal", Org: "one_else", Role: ticket.FocalPoint}, {ID: "omar", Org: "other_else", Role: ticket.FocalPoint},
		{ID: "eye", Org: "one_else", Role: ticket.Oversight}, {ID: "lid", Org: "other_else", Role: ticket.Oversight},
	} {
		e.Key, e.Status = "age1"+strings.Repeat("q", 58), ticket.StatusConfirmed
		m.Roster.Entries = append(m.Roster.Entries, e)
	}
	return m
}
