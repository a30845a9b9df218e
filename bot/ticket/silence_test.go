package ticket

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Whatever is done with a report while it is open and somebody is left who can read it: a deadline runs, and a rung of it
// is to come, or all were made and whoever holds it sees that it is late. No rung is told to people alone who do not count.
func TestNothingPassesInSilence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := []string{"amal", "ben", "cora", "dana", "eye", "omar"}
		s := story{c: StandardClock(), away: Away{}, now: filed, roster: roster(
			person("amal", "blue", FocalPoint, backup("dana")), person("ben", "green", Backup), person("cora", "un", Coordinator),
			person("dana", "blue", Backup), person("eye", "court", Oversight), person("omar", "green", FocalPoint),
		)}
		if rapid.Bool().Draw(t, "no oversight rung") {
			s.c.Oversight = 0
		}
		s.r = Report{State: Received, Class: ClassReport, Urgency: rapid.SampledFrom([]Urgency{Urgent, Normal}).Draw(t, "urgency")}
		for _, id := range all {
			if id == "amal" || rapid.Bool().Draw(t, "reads") {
				s.r.Readers = append(s.r.Readers, Reader{id, id == "amal" || rapid.IntRange(0, 3).Draw(t, "handed") == 0})
			}
		}
		s.r = s.c.Filed(s.r, filed)
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) { s.holds(t) },
			"wait": func(t *rapid.T) {
				s.now = s.now.Add(time.Duration(rapid.IntRange(1, 400).Draw(t, "hours")) * time.Hour)
				s.tick(t)
			},
			"acknowledge": func(t *rapid.T) {
				if s.held() {
					s.r = s.c.Acknowledged(s.r, s.now)
				}
			},
			"write": func(t *rapid.T) {
				s.r = s.c.Wrote(s.r, s.now)
				s.handOn()
			},
			"answer": func(t *rapid.T) {
				if s.held() {
					s.r, _ = s.c.Answered(s.r, rapid.SampledFrom(ranks).Draw(t, "to"), s.now)
				}
			},
			"note": func(t *rapid.T) {
				if s.held() {
					s.r, _ = s.c.Noted(s.r, rapid.SampledFrom(ranks).Draw(t, "to"), s.now)
				}
			},
			"withdraw": func(t *rapid.T) {
				to := rapid.SampledFrom([]State{s.r.State.Withdraw(), s.r.State.Keep()}).Draw(t, "to")
				s.r, _ = s.c.Turn(s.r, ByReporter, to, s.now)
			},
			"share": func(t *rapid.T) {
				if id := rapid.SampledFrom(all).Draw(t, "to"); s.counts(id) {
					s.r, _ = s.r.Share(id, 0)
				}
			},
			"hand over": func(t *rapid.T) { // as casework allows it: to somebody else who holds it, counts and is there
				id := rapid.SampledFrom(all).Draw(t, "who")
				if MaySee(s.r, id) && slices.ContainsFunc(s.r.Handed(), func(o string) bool { return o != id && s.counts(o) && !s.away[o] }) {
					s.r = s.c.HandedOver(s.r, id, s.now)
				}
			},
			"step out": func(t *rapid.T) {
				id := rapid.SampledFrom(all).Draw(t, "who")
				if slices.ContainsFunc(s.r.Readers, func(x Reader) bool { return x.Person != id && s.counts(x.Person) }) {
					s.r, _ = s.r.Exclude(id)
					s.handOn()
				}
			},
			"revoke": func(t *rapid.T) {
				i := rapid.IntRange(0, len(s.roster.Entries)-1).Draw(t, "who")
				s.roster.Entries[i].Status = StatusRevoked
				s.handOn()
			},
			"absent": func(t *rapid.T) {
				id := rapid.SampledFrom(all).Draw(t, "who")
				s.away[id] = !s.away[id]
			},
		})
	})
}

type story struct {
	c      Clock
	r      Report
	roster Roster
	away   Away
	now    time.Time
}

func (s *story) counts(id string) bool {
	e, ok := s.roster.Find(id)
	return ok && e.Usable() && !s.r.IsExcluded(id)
}

// held says that somebody holds the report who counts.
func (s *story) held() bool { return slices.ContainsFunc(s.r.Handed(), s.counts) }

// handOn gives a report that nobody holds who counts to those who wait, as casework does.
func (s *story) handOn() {
	if s.r.State == Closed || s.held() {
		return
	}
	s.r = s.c.Fresh(s.r.Apply(Move{Hand: slices.DeleteFunc(s.r.Waiting(), func(id string) bool { return !s.counts(id) })}), s.now)
}

func (s *story) tick(t *rapid.T) {
	for _, m := range s.c.Due(s.r, s.roster, s.away, s.now) {
		idle := m.What == Final && s.r.State.Keep() == Closed // it was closed before, and nothing is due to anybody
		if s.readable() && !idle && !slices.ContainsFunc(m.Tell, s.counts) {
			t.Fatalf("told to nobody who counts: %+v", m)
		}
		s.r = s.r.Apply(m)
	}
	if again := s.c.Due(s.r, s.roster, s.away, s.now); len(again) > 0 {
		t.Fatalf("made twice: %s", words(again))
	}
}

func (s *story) readable() bool {
	return slices.ContainsFunc(s.r.Readers, func(x Reader) bool { return s.counts(x.Person) })
}

func (s *story) holds(t *rapid.T) {
	s.tick(t)
	if _, runs := s.r.Deadline(); s.r.State.Open() && !runs {
		t.Fatalf("open in %s, and nothing runs", s.r.State)
	}
	if !s.r.State.Open() || !s.readable() {
		return
	}
	if !s.held() {
		t.Fatalf("nobody who counts holds it: %+v", s.r.Readers)
	}
	if next, ok := s.c.Next(s.r); ok {
		if !s.now.Before(next) {
			t.Fatalf("a rung that was due at %v was not made", next)
		}
		return
	}
	for _, id := range s.r.Handed() {
		if lines := Inbox(id, []Report{s.r}, s.now); s.counts(id) && (len(lines) != 1 || !lines[0].Late) {
			t.Fatalf("every rung was made, and %s does not see that it is late", id)
		}
	}
	if len(s.c.Overdue(s.r)) == 0 {
		t.Fatal("every rung was made, and the check does not count it")
	}
}

// Who steps back after the last rung leaves a whole term, with all its rungs, to whoever goes on; before it nothing is put off.
func TestHandingOverGivesOneFreshTerm(t *testing.T) {
	c := StandardClock()
	r := c.Filed(Report{State: Received, Readers: []Reader{{"amal", true}, {"cora", false}, {"dana", false}}}, filed)
	r = c.Acknowledged(r, hour(1)) // refer 25, answer 168
	early := c.HandedOver(r.Apply(Move{Hand: []string{"dana"}}), "amal", hour(30))
	if d := cmp.Diff(r.Due, early.Due); d != "" {
		t.Errorf("before the last rung: %s", d)
	}
	for _, m := range c.Due(r, staff, nil, hour(1000)) {
		r = r.Apply(m)
	}
	if _, ok := c.Next(r); ok || len(c.Overdue(r)) != 2 {
		t.Fatal("a rung is left")
	}
	once := c.HandedOver(r, "amal", hour(1000))
	if got := dues(once); got != "refer 1024, answer 1168" {
		t.Errorf("after the last rung: %s", got)
	}
	if again := c.HandedOver(once, "cora", hour(1010)); dues(again) != dues(once) {
		t.Errorf("a second one puts it off: %s", dues(again))
	}
	alone := c.HandedOver(once, "cora", hour(1010))
	want := `refer remind 1012 hand [] tell [dana]
refer backup 1024 late hand [amal] tell [amal]
refer coordinator 1036 late hand [cora] tell [cora]
`
	var got string
	for h := 1010.0; h < 1040; h++ {
		for _, m := range c.Due(alone, staff, nil, hour(h)) {
			got += words([]Move{m})
			alone = alone.Apply(m)
		}
	}
	if got != want {
		t.Errorf("the rungs of the fresh term:\n%s", got)
	}
}

// The ladder of a mission with an oversight desk: it comes last, also where nobody waits between.
func TestOversightIsTheLastRung(t *testing.T) {
	team := roster(
		person("amal", "blue", FocalPoint), person("dana", "green", Backup), person("cora", "un", Coordinator),
		person("eye", "court", Oversight), person("fay", "red", FocalPoint, func(e *Entry) { e.Oversight = true }),
	)
	c := StandardClock()
	for name, x := range map[string]struct {
		clock   Clock
		readers []Reader
		want    string
	}{
		"step by step": {c, []Reader{{"amal", true}, {"cora", false}, {"dana", false}, {"eye", false}, {"fay", false}},
			`acknowledge remind 12 hand [] tell [amal]
acknowledge backup 24 late hand [dana] tell [dana]
acknowledge coordinator 36 late hand [cora] tell [cora]
acknowledge oversight 48 late hand [eye fay] tell [eye fay]
`},
		"nobody between": {c, []Reader{{"amal", true}, {"eye", false}},
			`acknowledge remind 12 hand [] tell [amal]
acknowledge oversight 24 late hand [eye] tell [eye]
`},
		"the rung is off": {func() Clock { c := c; c.Oversight = 0; return c }(), []Reader{{"amal", true}, {"cora", false}, {"eye", false}},
			`acknowledge remind 12 hand [] tell [amal]
acknowledge coordinator 24 late hand [cora eye] tell [cora eye]
`},
	} {
		r := x.clock.Filed(Report{State: Received, Readers: x.readers}, filed)
		got := ""
		for h := 0.0; h < 80; h += 0.5 {
			for _, m := range x.clock.Due(r, team, nil, hour(h)) {
				got += words([]Move{m})
				r = r.Apply(m)
			}
		}
		if got != x.want {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

// The oversight desk waits behind the readers of a report, is outside the accused organisation, and makes nothing "enough".
func TestOversightWaitsBehind(t *testing.T) {
	m := Mission{Roster: roster(
		person("amal", "blue", FocalPoint), person("omar", "green", FocalPoint), person("care", "red", FocalPoint, kinds(Support)),
		person("case", "blue", FocalPoint, kinds(Support)), person("eye", "court", Oversight), person("lid", "green", Oversight),
	), Routes: Routes{Rules: []Rule{
		{Name: "fraud", For: Match{Kinds: []Kind{Fraud}}, Readers: []string{"amal", "omar"}, Last: []string{"lid"}},
	}}}
	for facts, want := range map[string]string{
		"organisation=blue": "amal (eye) (lid) omar", "organisation=green": "amal (eye) omar", "matter=favours": "amal (lid) omar",
	} {
		if got := readers(m.Route(Other, "en", say(facts))); got != want {
			t.Errorf("%s: %s, want %s", facts, got, want)
		}
	}
	if got := readers(m.Route(Support, "en", say())); got != "care case" {
		t.Errorf("a request for help: %s", got)
	}
	m.Roster.Entries = m.Roster.Entries[:1]
	m.Roster.Entries = append(m.Roster.Entries, person("eye", "court", Oversight))
	if p := m.Route(Other, "en", say()); p.Verdict != OversightOnly || readers(p) != "eye" {
		t.Errorf("one focal point and the desk: %s %s", p.Verdict, readers(p))
	}
}

// An urgent report comes at night to whoever works then, beside those who sleep; a normal one waits for the morning.
func TestOffDuty(t *testing.T) {
	all := [7]bool{true, true, true, true, true, true, true}
	day := Hours{Days: all, From: 8 * time.Hour, To: 16 * time.Hour}
	c := StandardClock()
	c.Staff = map[string]Hours{"amal": day, "omar": day, "dana": {Days: all, From: 20 * time.Hour, To: 30 * time.Hour}}
	m := Mission{Clock: c, Roster: roster(
		person("amal", "blue", FocalPoint, backup("dana")), person("omar", "green", FocalPoint), person("dana", "green", Backup),
	)}
	at := func(h int) time.Time { return time.Date(2026, 11, 3, h, 0, 0, 0, time.UTC) }
	for _, x := range []struct {
		hour         int
		facts, wants string
	}{
		{3, "danger=yes", "amal dana omar"}, {3, "danger=no", "amal (dana) omar"}, {9, "danger=yes", "amal (dana) omar"},
		{18, "danger=yes", "amal (dana) omar"}, // nobody works just then
	} {
		m.Off = c.OffDuty(at(x.hour))
		if got := readers(m.Route(Other, "en", say(x.facts))); got != x.wants {
			t.Errorf("at %d, %s: %s, want %s", x.hour, x.facts, got, x.wants)
		}
	}
	// The hours of those who hold it count, each once: from eight in the evening dana works, four hours of hers end at midnight.
	r := c.Filed(Report{State: Received, Urgency: Urgent, Readers: []Reader{{"amal", true}, {"dana", true}, {"omar", true}}}, at(15))
	if d, _ := r.due(Acknowledge); !d.At.Equal(at(23)) {
		t.Errorf("one hour until four, three from eight: %v", d.At)
	}
}
