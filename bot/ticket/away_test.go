package ticket

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func gone(ids ...string) Away {
	a := Away{}
	for _, id := range ids {
		a[id] = true
	}
	return a
}

func TestWhoIsAwayIsStoodInFor(t *testing.T) {
	north := say("matter=sexual", "age=adult", "area=north", "organisation=blue")
	for name, c := range map[string]struct {
		away  []string
		facts answers
		want  string
	}{
		"nobody":                         {nil, north, "amal (cora) (dana) (eye) kid omar"},
		"whoever reads nothing of it":    {[]string{"nour", "eye", "old", "rec-1", "nobody"}, north, "amal (cora) (dana) (eye) kid omar"},
		"one with a backup":              {[]string{"amal"}, north, "amal (cora) dana (eye) kid omar"},
		"one without, others are there":  {[]string{"omar"}, north, "amal (cora) (dana) (eye) kid omar"},
		"the backup too":                 {[]string{"amal", "dana"}, north, "amal (cora) (dana) (eye) kid omar"},
		"everybody but the backup":       {[]string{"amal", "omar", "kid"}, north, "amal (cora) dana (eye) kid omar"},
		"everybody but the coordinator":  {[]string{"amal", "omar", "kid", "dana"}, north, "amal cora (dana) (eye) kid omar"},
		"everybody":                      {[]string{"amal", "omar", "kid", "dana", "cora"}, north, "amal (cora) (dana) eye kid omar"},
		"the only one for children":      {[]string{"kid"}, north.with("age=under_18"), "cora (eye) kid"},
		"an excluded backup comes never": {[]string{"amal", "omar", "kid"}, north.with("involved=yes", "involved_org=blue", "involved_role=backup"), "cora (eye) kid omar"},
		"the oversight desk":             {[]string{"eye"}, north.with("involved=not_sure"), "eye"},
	} {
		m := camp()
		m.Away = gone(c.away...)
		p := m.Route(Other, "en", c.facts)
		if got := readers(p); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		m.Away = nil
		if changed := readers(p) != readers(m.Route(Other, "en", c.facts)); changed != strings.Contains(p.Explain(), "is away") {
			t.Errorf("%s: is not explained:\n%s", name, p.Explain())
		}
	}
}

// Whoever is away: a plan differs only in who is handed the report, nobody is handed it less, and somebody who is there
// holds it wherever one of its readers is there.
func TestAwayChangesOnlyWhoIsFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMission(t)
		f := drawFacts(t, "organisation", "area", "age", "matter", "accused", "involved", "involved_org", "involved_role")
		before := m.Route(Other, "en", f)
		m.Away = gone(rapid.SliceOfN(rapid.StringMatching(`[a-p]`), 0, 10).Draw(t, "away")...)
		after := m.Route(Other, "en", f)
		there, held := false, false
		for i, r := range after.Readers {
			if r.Person != before.Readers[i].Person || before.Readers[i].Handed && !r.Handed {
				t.Fatalf("%s became %s", readers(before), readers(after))
			}
			if r.Handed && !before.Readers[i].Handed && m.Away[r.Person] {
				t.Fatalf("%s is away and stands in", r.Person)
			}
			there = there || !m.Away[r.Person]
			held = held || r.Handed && !m.Away[r.Person]
		}
		if there && !held {
			t.Fatalf("%s, away %v: nobody who is there holds it", readers(after), m.Away)
		}
		if len(before.Readers) != len(after.Readers) {
			t.Fatalf("%s became %s", readers(before), readers(after))
		}
		after.Readers, after.Why = before.Readers, before.Why
		if d := cmp.Diff(before, after); d != "" {
			t.Fatal(d)
		}
	})
}

func TestEscalationPastWhoIsAway(t *testing.T) {
	team := roster(
		person("amal", "blue", FocalPoint, backup("dana")), person("omar", "green", FocalPoint), person("dana", "green", Backup),
		person("ben", "green", Backup), person("cora", "un", Coordinator),
	)
	for name, c := range map[string]struct {
		readers []Reader
		away    Away
		want    string
	}{
		"at the first rung to the backup": {[]Reader{{"amal", true}, {"ben", false}, {"cora", false}, {"dana", false}, {"omar", true}}, gone("amal"),
			`acknowledge remind 12 hand [dana] tell [amal omar dana]
acknowledge backup 24 late hand [ben] tell [ben]
acknowledge coordinator 36 late hand [cora] tell [cora]
`},
		"nobody of those who hold it is there": {[]Reader{{"ben", false}, {"cora", false}, {"omar", true}}, gone("omar"),
			`acknowledge remind 12 hand [ben] tell [omar ben]
acknowledge coordinator 24 late hand [cora] tell [cora]
`},
		"whoever waits and is away comes last": {[]Reader{{"amal", true}, {"ben", false}, {"cora", false}, {"dana", false}}, gone("ben"),
			`acknowledge remind 12 hand [] tell [amal]
acknowledge backup 24 late hand [dana] tell [dana]
acknowledge coordinator 36 late hand [ben cora] tell [ben cora]
`},
		"the coordinator before a backup who is away": {[]Reader{{"amal", true}, {"ben", false}, {"cora", false}}, gone("ben"),
			`acknowledge remind 12 hand [] tell [amal]
acknowledge backup 24 late hand [cora] tell [cora]
acknowledge coordinator 36 late hand [ben] tell [ben]
`},
		"all who wait are away": {[]Reader{{"amal", true}, {"ben", false}}, gone("ben"),
			`acknowledge remind 12 hand [] tell [amal]
acknowledge coordinator 24 late hand [ben] tell [ben]
`},
	} {
		clock := StandardClock()
		r := clock.Filed(Report{State: Received, Readers: c.readers}, filed)
		var got strings.Builder
		for h := 0.0; h < 48; h += 0.5 { // before the rung of the oversight desk, of which nobody waits
			for _, m := range clock.Due(r, team, c.away, hour(h)) {
				got.WriteString(words([]Move{m}))
				r = r.Apply(m)
			}
		}
		if d := cmp.Diff(c.want, got.String()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// A clock makes the same rungs at the same times whoever is away, never hands a report to anybody to whom it is not
// sealed, and in the end everybody is handed it who would be handed it without.
func TestAwayStopsNoClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := []string{"amal", "ben", "cora", "dana", "omar"}
		var es []Entry
		for _, id := range ids {
			e := person(id, "blue", rapid.SampledFrom([]Role{FocalPoint, Backup, Coordinator}).Draw(t, "role"))
			if e.Backup = rapid.SampledFrom(ids).Draw(t, "backup"); e.Backup == id {
				e.Backup = ""
			}
			es = append(es, e)
		}
		c, r := StandardClock(), Report{State: Received}
		for _, id := range ids {
			r.Readers = append(r.Readers, Reader{id, rapid.Bool().Draw(t, "handed")})
		}
		r.Readers[0].Handed = true
		with, without := c.Filed(r, filed), c.Filed(r, filed)
		away := gone(rapid.SliceOfN(rapid.SampledFrom(ids), 0, 5).Draw(t, "away")...)
		for h := 0.0; h <= 300; h += float64(rapid.IntRange(1, 30).Draw(t, "hours")) {
			a, b := c.Due(with, roster(es...), away, hour(h)), c.Due(without, roster(es...), nil, hour(h))
			for _, m := range a {
				if len(m.Tell) == 0 || slices.ContainsFunc(m.Hand, func(id string) bool { return !with.IsReader(id) }) {
					t.Fatal(words(a))
				}
				with = with.Apply(m)
			}
			for _, m := range b {
				without = without.Apply(m)
			}
			if again := c.Due(with, roster(es...), away, hour(h)); len(again) > 0 {
				t.Fatalf("made twice: %s", words(again))
			}
		}
		if d := cmp.Diff(without.Handed(), with.Handed()); d != "" {
			t.Fatal(d)
		}
	})
}
