package ticket

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var lists = Lists{
	Orgs: []string{"blue", "green", "red", "un", "court", "npf"}, Areas: []string{"north", "south", "east"}, Langs: []string{"en", "ar"},
}

func fatal(ps []Problem) (got []string) {
	for _, p := range ps {
		if p.Fatal {
			got = append(got, p.What)
		}
	}
	return got
}

func TestCheckOfASoundMission(t *testing.T) {
	m := camp()
	ps := m.CheckRoutes(lists)
	if got := fatal(ps); len(got) > 0 {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	var got []string
	for _, p := range ps {
		got = append(got, p.What)
		if p.Hint == "" {
			t.Errorf("no remedy: %s", p.What)
		}
	}
	want := []string{
		"fred has no backup", "kid has no backup", "omar has no backup",
		"a child's report goes to nobody who is a specialist for children", // when red is involved
		"one person of the oversight desk reads alone",
		"nobody can read when it is not known who is involved", // and the desk's own organisation is the accused force
	}
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCheckFindsMissingReaders(t *testing.T) {
	two := []Entry{person("a", "blue", FocalPoint, backup("b")), person("b", "green", Backup)}
	const notSure, notKnown = "nobody can read when it is not known who is involved", "!nobody can read while the accused organisation is not known"
	for name, c := range map[string]struct {
		roster Roster
		want   []string
	}{
		"nobody": {roster(), []string{
			notSure, notKnown, "!nobody can read when no organisation is concerned", "!nobody outside blue can read about it",
			"nobody can read when somebody of blue is involved", "nobody can read when blue is said to be the accused force",
		}},
		"one organisation": {roster(person("a", "blue", FocalPoint, backup("b")), person("b", "blue", Backup)), []string{
			notSure, notKnown, "!nobody outside blue can read about it", "nobody can read when somebody of blue is involved",
			"nobody can read when blue is said to be the accused force",
		}},
		"no desk": {roster(two...), []string{
			notSure, "nobody can read when somebody of blue is involved", "nobody can read when somebody of green is involved",
			"nobody can read when blue is said to be the accused force", "nobody can read when green is said to be the accused force",
		}},
		"a desk": {roster(append(two, person("e", "court", Oversight), person("f", "un", Oversight))...), nil},
	} {
		var got []string
		for _, p := range (Mission{Roster: c.roster}).CheckRoutes(lists) {
			switch {
			case p.Cases == 0 || p.What == "one person of the oversight desk reads alone" || strings.HasPrefix(p.What, "a child"):
			case p.Fatal:
				got = append(got, "!"+p.What)
			default:
				got = append(got, p.What)
			}
		}
		slices.Sort(c.want)
		slices.Sort(got)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestCheckFindsWrongNames(t *testing.T) {
	m := camp()
	m.Roster.Entries[0].Areas = []string{"nowhere"}
	m.Roster.Entries[1].Org = "pink"
	m.Roster.Entries[1].Backup = "old"
	m.Routes = Routes{
		Teams:  map[string][]string{"team": {"amal", "ghost"}},
		Forces: map[string][]string{"fire": {"blue"}, "police": {"nobody"}},
		Rules: []Rule{
			{Name: "one", Readers: []string{"team", "who"}, For: Match{Orgs: []string{"pinky"}, Areas: []string{"west"}}},
			{Name: "two", For: Match{Kinds: []Kind{"gossip"}, Accused: []string{"priest"}, Ages: []Age{"old"}, Langs: []string{"xx"}}},
			{Name: "three", Readers: []string{"rec-1"}, Exclude: []string{"rec-1"}},
			{Name: "four", Readers: []string{"rec-2"}},
		},
	}
	all := fmt.Sprint(m.CheckRoutes(lists))
	for _, want := range []string{
		"amal reads for the area nowhere", "omar is of pink", "the backup of omar is old", "the team team names ghost", "force fire: blue",
		"force police: nobody", "the route one names who", "the route one: organisation pinky", "the route one: area west",
		"the route two names nobody", "the route two: kind gossip", "the route two: accused priest", "the route two: age old",
		"the route two: language xx", "the route four names the recovery key rec-2",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("not found: %s", want)
		}
	}
	if bad := camp(); true {
		bad.Roster.Version = 0
		if got := fatal(bad.CheckRoutes(lists)); len(got) != 1 || !strings.Contains(got[0], "version") {
			t.Errorf("an invalid roster: %v", got)
		}
	}
}

func TestCheckFindsTooManyReaders(t *testing.T) {
	m := camp()
	for i := range 13 {
		m.Roster.Entries = append(m.Roster.Entries, person(fmt.Sprintf("p%02d", i), "green", FocalPoint))
	}
	got := strings.Join(fatal(m.CheckRoutes(lists)), "\n")
	if !strings.Contains(got, "areas and kinds: more than 12 readers and recovery keys") {
		t.Errorf("not found in %s", got)
	}
	for i := range 5 {
		m.Roster.Entries = append(m.Roster.Entries, person(fmt.Sprintf("rec%d", i), "green", Recovery))
	}
	if got := strings.Join(fatal(m.CheckRoutes(lists)), "\n"); !strings.Contains(got, "7 recovery keys") {
		t.Errorf("not found in %s", got)
	}
}

// The walk leaves out values that lead to the same plans. Here every value is walked, and none leads elsewhere.
func TestWalkIsComplete(t *testing.T) {
	m := camp()
	m.Routes = Routes{Forces: map[string][]string{"police": {"npf"}}, Rules: []Rule{
		{Name: "south", For: Match{Areas: []string{"south"}, Langs: []string{"ar"}}, Readers: []string{"nour", "omar"}},
		{Name: "ngo", For: Match{Accused: []string{"ngo"}, Ages: []Age{Adult}}, Readers: []string{"amal", "nour"}, Exclude: []string{"cora"}},
	}}
	plans := map[string]bool{}
	n := 0
	for row := range m.Walk(lists) {
		plans[string(row.Plan.Verdict)+readers(row.Plan)] = true
		n++
	}
	full := 0
	for _, org := range append([]string{"", "none"}, lists.Orgs...) {
		for _, accused := range []string{"", "ngo", "police", "military", "other"} {
			for _, area := range append([]string{""}, lists.Areas...) {
				for _, age := range []string{"", "adult", "under_18"} {
					for _, matter := range []string{"sexual", "trafficking", "force", "favours", "retaliation", "other"} {
						for _, involved := range []string{"no", "not_sure", "blue focal_point", "blue other", "green backup", "un coordinator", "npf manager", "red "} {
							for _, lang := range lists.Langs {
								f := say("organisation="+org, "accused="+accused, "area="+area, "age="+age, "matter="+matter, "involved="+involved)
								if o, role, ok := strings.Cut(involved, " "); ok {
									f = f.with("involved=yes", "involved_org="+o, "involved_role="+role)
								}
								p := m.Route(Other, lang, f)
								full++
								if !plans[string(p.Verdict)+readers(p)] {
									t.Fatalf("%v in %s is not in the walk: %s %s", f, lang, p.Verdict, readers(p))
								}
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d rows for %d combinations", n, full)
}

func TestCheckOfALargeMissionIsQuick(t *testing.T) {
	m := Mission{Roster: roster(person("rec", "un", Recovery), person("eye", "court", Oversight), person("ear", "un", Oversight))}
	l := Lists{Langs: []string{"en", "ar", "so"}}
	for i := range 12 {
		l.Orgs = append(l.Orgs, fmt.Sprintf("org%d", i))
		l.Areas = append(l.Areas, fmt.Sprintf("area%d", i))
	}
	for i := range 48 {
		m.Roster.Entries = append(m.Roster.Entries, person(fmt.Sprintf("p%02d", i), l.Orgs[i%12], FocalPoint, areas(l.Areas[(i+i/12)%12])))
	}
	l.Orgs = append(l.Orgs, "un", "court")
	start := time.Now()
	ps := m.CheckRoutes(l)
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
	if got := fatal(ps); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

// tableOf writes the table as a test reads it.
func tableOf(m Mission, involved bool) string {
	lines, _ := m.Readings(lists, involved)
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "%s | %s | %s\n", l.When, readers(l.Plan), l.Plan.Verdict)
	}
	return b.String()
}

func TestTable(t *testing.T) {
	m := Mission{Roster: roster(person("amal", "blue", FocalPoint), person("omar", "green", FocalPoint), person("eye", "un", Oversight))}
	want := `kind not support, child; organisation not un; accused not police, military, civil_defence | amal (eye) omar | enough
kind not support, child; organisation not un; accused police, military, civil_defence; involved or not | eye | oversight
kind not support, child; accused not police, military, civil_defence; involved not_sure | eye | oversight
kind not support, child; organisation un | amal omar | enough
kind not support, child; organisation un; accused police, military, civil_defence; involved not_sure |  | none
kind support, child |  | none
`
	if d := tableOf(m, false); d != want {
		t.Error(d)
	}
}

// Every combination of answers stands in exactly one line of the table, with the readers that it has.
func TestTableIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMission(t)
		l := Lists{Orgs: []string{"blue"}, Areas: []string{"north"}, Roles: []Role{FocalPoint}}
		d := m.apart(l)
		boxes, all := map[string][]box{}, 0
		for row := range m.walk(d) {
			boxes[row.Plan.same()] = append(boxes[row.Plan.same()], d.point(row.Case))
			all++
		}
		for key := range boxes {
			boxes[key] = merged(boxes[key])
		}
		sum := 0
		for _, of := range boxes {
			for _, b := range of {
				sum += b.size()
			}
		}
		lines, proof := m.Readings(l, true)
		cases := 0
		for _, line := range lines {
			cases += line.Cases
		}
		if sum != all || cases != all || proof.All != all || proof.Enough+proof.Oversight+proof.Services+proof.Nobody != all {
			t.Fatalf("%d combinations, %d in boxes, %d in lines, %+v", all, sum, cases, proof)
		}
		n := 0
		for row := range m.walk(d) {
			if n++; n%11 != 0 {
				continue
			}
			p, found := d.point(row.Case), 0
			for key, of := range boxes {
				for _, b := range of {
					if holds(b, p) {
						if found++; key != row.Plan.same() {
							t.Fatalf("%s stands where others read", row.Case)
						}
					}
				}
			}
			if found != 1 {
				t.Fatalf("%s stands in %d lines", row.Case, found)
			}
		}
	})
}

func holds(b, p box) bool {
	for dim := range b {
		if len(b[dim]) == 0 != (len(p[dim]) == 0) || len(p[dim]) > 0 && !slices.Contains(b[dim], p[dim][0]) {
			return false
		}
	}
	return true
}

// Explain is what amana route prints for one case.
func TestExplain(t *testing.T) {
	got := camp().Route(SEA, "en", say("area=north", "involved=yes", "involved_org=blue", "involved_role=focal_point")).Explain()
	want := `amal is excluded: the reporter names this role in blue
dana is excluded: the reporter names this role in blue
fred is excluded: the reporter names this role in blue
cora waits
eye waits
kid reads
omar reads
verdict enough, decided by areas and kinds
`
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
