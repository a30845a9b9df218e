package casework_test

import (
	"slices"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/ticket"
)

// Whoever is away still reads what is sealed to them and still counts; their backup is handed it at once beside them.
func TestAbsent(t *testing.T) {
	m := newMission(t, func(o *casework.Options) { o.Zone = time.FixedZone("", 6*3600) })
	today := ticket.DayOf(m.now())
	before := m.registry.Readership("sea", "en", facts())
	plain, _ := m.chat(1).files()
	ok(t, m.registry.Absent(t.Context(), "ana", "ana", today+1))
	for _, who := range []string{"vault", "nobody", ""} {
		wantErr(t, m.registry.Absent(t.Context(), who, who, today), casework.ErrUnknown)
	}
	// The backup who waited reads at once, and a reporter is told so.
	if r := m.registry.Readership("sea", "en", facts()); r.Now.Count != before.Now.Count+1 || r.Later.Count != before.Later.Count-1 || r.Verdict != before.Verdict {
		t.Errorf("the readership is %+v, was %+v", r, before)
	}
	receipt, code := m.chat(2).files("story", "what happened")
	rep, was := m.report(receipt), m.report(plain)
	if !slices.Equal(rep.Handed(), []string{"ana", "bea", "bo"}) || !slices.Equal(was.Handed(), []string{"ana", "bea"}) || len(rep.Readers) != len(was.Readers) {
		t.Errorf("%+v, before %+v", rep.Readers, was.Readers)
	}
	m.wait(time.Hour)
	for _, who := range []string{"ana", "bea", "bo"} {
		if got := m.notices(who); !slices.Contains(got, "report "+code) {
			t.Errorf("%s is told %v", who, got)
		}
		if got := m.reads(who, code).texts(); !slices.Equal(got, []string{"report"}) {
			t.Errorf("%s opens %v", who, got)
		}
	}
	// Of a report from before the first rung hands it to the backup, who is told of it as of a new one.
	m.wait(11 * time.Hour)
	m.tick()
	if !ticket.MaySee(m.report(plain), "bo") {
		t.Error("half of the term is over, and nobody stands in")
	}
	m.wait(time.Hour)
	if got := m.notices("bo"); !slices.Contains(got, "report "+string(was.Code)) {
		t.Errorf("the backup is told %v", got)
	}
	if got := m.notices("bea"); !slices.Contains(got, "remind "+string(was.Code)) {
		t.Errorf("a reader who is there is told %v", got)
	}
	// It ends with its day in the mission's zone, where it is six hours later, and outlives the program.
	m.restart()
	if until, away := m.registry.AbsentUntil("ana"); !away || until != today+1 {
		t.Errorf("after a restart: %v %v", until, away)
	}
	m.wait(20 * time.Hour) // 19 h UTC of the second day
	if _, away := m.registry.AbsentUntil("ana"); away {
		t.Error("the day is over in the mission's zone")
	}
	receipt, _ = m.chat(3).files()
	if got := m.report(receipt).Handed(); !slices.Equal(got, []string{"ana", "bea"}) {
		t.Errorf("back, and handed to %v", got)
	}
	// And by hand.
	ok(t, m.registry.Absent(t.Context(), "cora", "bea", today+400))
	if v := must(m.registry.RosterView(t.Context())); v.Version != 1 || v.Entries[1].ID != "bea" || *v.Entries[1].Absence != (casework.Absence{Until: today + 400}) || v.Entries[0].Absence != nil || v.Entries[0].Fingerprint == "" {
		t.Errorf("%+v", v)
	}
	ok(t, m.registry.Absent(t.Context(), "bea", "bea", 0))
	if _, away := m.registry.AbsentUntil("bea"); away {
		t.Error("still away")
	}
	var did []string
	for _, e := range must(m.registry.SharedTrail(t.Context(), "bea")) {
		if e.Whom != "" {
			did = append(did, e.Who+": "+e.Whom+" "+e.Did)
		}
	}
	if want := []string{"ana: ana is away until 2026-11-21", "cora: bea is away until 2027-12-25", "bea: bea is there again"}; !slices.Equal(did, want) {
		t.Errorf("the shared chain tells %q", did)
	}
	m.whole()
}

// No reader, no report counts whoever is away, and takes nobody's backup for a reader.
func TestAbsentCounts(t *testing.T) {
	m := newMission(t)
	for _, who := range []string{"ana", "bea", "bo", "cora"} {
		ok(t, m.registry.Absent(t.Context(), who, who, ticket.DayOf(m.now())))
	}
	receipt, _ := m.chat(1).files()
	if got := m.report(receipt).Handed(); !slices.Equal(got, []string{"ana", "bea"}) {
		t.Errorf("everybody is away, and it is handed to %v", got)
	}
	m.wait(time.Hour)
	if len(m.notices("ana")) == 0 {
		t.Error("nobody is told")
	}
}

func withdraws(box [16]byte) *bot.Withdraw { return &bot.Withdraw{Box: box} }

// first gives the report with a code to which a test has no receipt.
func (m *mission) first(code string) (rep ticket.Report) {
	m.t.Helper()
	for n := range 3 {
		if r := m.report(theCamp().receipt(n).Digits()); string(r.Code) == code {
			return r
		}
	}
	m.t.Fatal("no such report")
	return rep
}
