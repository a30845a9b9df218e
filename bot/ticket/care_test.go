package ticket

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
)

// withCare is the mission of camp with case workers: two for adults, two for children, one of them both.
func withCare() Mission {
	m := camp()
	m.Roster.Entries = append(m.Roster.Entries,
		person("care", "green", FocalPoint, kinds(Support)),
		person("refuge", "red", FocalPoint, kinds(Support, Child)),
		person("play", "blue", FocalPoint, kinds(Child)),
		person("lead", "red", Coordinator, kinds(Support, Child)),
	)
	return m
}

func TestCareIsReadByCaseWorkersAlone(t *testing.T) {
	for name, c := range map[string]struct {
		kind    Kind
		facts   answers
		verdict Verdict
		readers string
	}{
		"support":                        {Support, say("age=adult", "area=north"), Enough, "care (lead) refuge"},
		"support, nothing answered":      {Support, say(), Enough, "care (lead) refuge"},
		"support, a matter of report":    {Support, say("matter=sexual", "accused=police", "organisation=blue"), Enough, "care (lead) refuge"},
		"a child":                        {Child, say("age=under_18"), Enough, "(lead) play refuge"},
		"a child, age not known":         {Child, say(), Enough, "(lead) play refuge"},
		"abuse by an aid worker":         {SEA, say("matter=sexual", "age=adult", "area=north", "organisation=blue"), Enough, "amal (cora) (dana) (eye) kid omar"},
		"a child and an aid worker":      {SEA, say("matter=sexual", "age=under_18", "area=north", "organisation=blue"), Enough, "(cora) (eye) kid"},
		"remedy goes to the focal point": {Remedy, say("area=north"), Enough, "amal (cora) (dana) (eye) omar"},
	} {
		p := withCare().Route(c.kind, "ar", c.facts)
		if got := readers(p); p.Verdict != c.verdict || got != c.readers {
			t.Errorf("%s: %s, %s; want %s, %s\n%s", name, p.Verdict, got, c.verdict, c.readers, p.Explain())
		}
	}
}

// No focal point, coordinator or oversight desk reads in the place of case workers, whatever the rules of a mission say;
// and however few are left, a case worker is handed no report of another kind.
func TestNobodyReadsInTheirPlace(t *testing.T) {
	m := withCare()
	m.Routes.Rules = []Rule{{Name: "all", Readers: []string{"amal", "omar", "eye", "care"}}}
	for _, k := range []Kind{Support, Child} {
		for _, gone := range []string{"refuge", "care", "play"} {
			less := m
			less.Roster.Entries = slices.DeleteFunc(slices.Clone(m.Roster.Entries), func(e Entry) bool { return e.ID == gone || e.ID == "lead" })
			p := less.Route(k, "ar", say())
			for _, r := range p.Readers {
				if e, _ := less.Roster.Find(r.Person); !slices.Contains(e.Kinds, k) {
					t.Errorf("%s without %s: %s reads", k, gone, r.Person)
				}
			}
			if len(p.Readers) < 2 && p.Verdict != Nobody {
				t.Errorf("%s without %s: %s with %d readers", k, gone, p.Verdict, len(p.Readers))
			}
		}
	}
	for _, k := range Kinds() {
		for row := range m.Walk(lists) {
			if row.Case.Kind != k {
				continue
			}
			for _, r := range row.Plan.Readers {
				if e, _ := m.Roster.Find(r.Person); (k.Care() || slices.ContainsFunc(e.Kinds, Kind.Care)) && !slices.Contains(e.Kinds, k) {
					t.Fatalf("%s reads %s", r.Person, row.Case)
				}
			}
		}
	}
	if p := camp().Route(Support, "ar", say()); p.Verdict != Nobody || len(p.Readers)+len(p.Recovery) != 0 {
		t.Errorf("without case workers: %s", p.Explain())
	}
	if _, _, err := camp().File(rand.Reader, Support, "ar", say(), filed); err != ErrNobody {
		t.Errorf("without case workers it is filed: %v", err)
	}
}

func TestOwnKinds(t *testing.T) {
	for _, k := range []Kind{Support, Child, Remedy, Participation, Feedback} {
		c := Classify(k, "ar", say("matter=sexual", "accused=police", "concern=sex_for_aid"))
		if c.Kind != k {
			t.Errorf("%s becomes %s", k, c.Kind)
		}
		want := ClassReport
		if k == Participation || k == Feedback {
			want = ClassFeedback
		}
		if c.Class != want {
			t.Errorf("%s is kept as %s", k, c.Class)
		}
	}
	for _, c := range []struct {
		kind  Kind
		facts answers
		want  Urgency
	}{
		{Support, say(), Normal}, {Support, say("danger=yes"), Urgent}, {Support, say("when=within_72h"), Urgent}, {Support, say("when=within_120h"), Normal},
		{Child, say(), Urgent}, {Child, say("age=unknown"), Urgent}, {Feedback, say(), Normal}, {Feedback, say("age=under_18"), Urgent},
		{Remedy, say("when=within_72h"), Normal}, {Participation, say(), Normal},
	} {
		if got := Classify(c.kind, "ar", c.facts).Urgency; got != c.want {
			t.Errorf("%s with %v is %s", c.kind, c.facts, got)
		}
	}
	if Classify(Child, "ar", say()).Age != Under18 || Classify(Support, "ar", say()).Age != AgeUnknown {
		t.Error("the band of age is not what the flow says")
	}
}

// What is feedback is due later, and everything else as before.
func TestFeedbackIsDueLater(t *testing.T) {
	r, _, err := withCare().File(rand.Reader, Feedback, "ar", say("area=north"), filed)
	if err != nil || r.Class != ClassFeedback {
		t.Fatalf("%v, class %s", err, r.Class)
	}
	if d, _ := r.due(Acknowledge); d.At.Sub(d.From).Hours() != 72 {
		t.Errorf("due after %v", d.At.Sub(d.From))
	}
}

// A mission with one case worker is told; one without any is not told by every combination.
func TestCheckNamesCareThatNobodyReads(t *testing.T) {
	all := func(m Mission) (got []string) {
		for _, p := range m.CheckRoutes(lists) {
			if strings.Contains(p.What, "a request for") {
				if p.Fatal || p.Hint == "" {
					t.Errorf("%+v", p)
				}
				got = append(got, p.What)
			}
		}
		return got
	}
	one := withCare()
	one.Roster.Entries = slices.DeleteFunc(one.Roster.Entries, func(e Entry) bool { return e.ID == "refuge" || e.ID == "lead" })
	if got := all(one); len(got) != 2 {
		t.Errorf("one case worker: %v", got)
	}
	if got := slices.Concat(all(withCare()), all(camp())); len(got) != 0 {
		t.Errorf("%v", got)
	}
}
