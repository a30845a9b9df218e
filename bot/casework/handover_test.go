package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/store"
	"amana/bot/ticket"
)

// TestHandOver: a reader steps back behind a colleague, sees nothing more, and is handed the report again by the last rung.
func TestHandOver(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files("story", "what happened")
	m.wait(time.Hour)
	m.carried()
	for _, to := range []string{"ana", "bo", "cora", "vault", "nobody", ""} { // themselves, who waits, who is nobody
		wantErr(t, m.registry.HandOver(t.Context(), "ana", code, to), casework.ErrLastReader)
	}
	for _, who := range []string{"bo", "cora", "vault", "nobody"} {
		wantErr(t, m.registry.HandOver(t.Context(), who, code, "bea"), casework.ErrUnknown)
		_, err := m.registry.Takers(t.Context(), who, code)
		wantErr(t, err, casework.ErrUnknown)
	}
	wantErr(t, m.registry.HandOver(t.Context(), "ana", "BDFGHJ", "bea"), casework.ErrUnknown)
	if got := must(m.registry.Takers(t.Context(), "ana", code)); !slices.Equal(got, []casework.Taker{{Person: "bea", Name: "Bea"}}) {
		t.Errorf("can be handed to %v", got)
	}
	file := m.writesAnswer(m.reads("ana", code), reply{text: "x"})
	ok(t, m.registry.HandOver(t.Context(), "ana", code, "bea"))

	rep := m.report(receipt)
	if ticket.MaySee(rep, "ana") || !rep.IsReader("ana") || rep.IsExcluded("ana") || !ticket.MaySee(rep, "bea") {
		t.Errorf("%+v", rep.Readers)
	}
	lines, err := m.registry.Desk(t.Context(), "ana", true)
	if len(lines) != 0 || err != nil {
		t.Errorf("still listed: %v %v", lines, err)
	}
	for _, err := range []error{
		second(m.registry.ReadOut(t.Context(), "ana", code)), second(m.registry.ReportTrail(t.Context(), "ana", code)),
		second(m.registry.Acknowledge(t.Context(), "ana", code)), m.registry.HandOver(t.Context(), "ana", code, "bea"),
	} {
		wantErr(t, err, casework.ErrUnknown)
	}
	_, err = m.registry.Answer(t.Context(), "ana", file)
	wantErr(t, err, casework.NotYours)
	wantErr(t, m.registry.HandOver(t.Context(), "bea", code, "ana"), casework.ErrLastReader) // nobody else holds it
	a.writes(receipt, "more")
	m.wait(time.Hour)
	got := m.notices("bea")
	if slices.Sort(got); !slices.Equal(got, []string{"handed " + code, "message " + code}) {
		t.Errorf("bea is told %v", got)
	}
	if got := m.notices("ana"); len(got) != 0 {
		t.Errorf("ana is told %v", got)
	}
	if told := m.audit(receipt); !slices.Contains(told, "ana handed over bea") {
		t.Errorf("the audit chain tells %q", told)
	}

	// Bea misses the deadline: the backup comes, who has not handed it over; only then everybody.
	seen := func(who string) bool { return ticket.MaySee(m.report(receipt), who) }
	m.restart()
	m.wait(23 * time.Hour)
	m.tick()
	if !seen("bo") || seen("ana") || seen("cora") {
		t.Errorf("at the deadline: %+v", m.report(receipt).Readers)
	}
	m.wait(12 * time.Hour)
	m.tick()
	if !seen("cora") || !seen("ana") {
		t.Errorf("after it: %+v", m.report(receipt).Readers)
	}
	m.wait(time.Hour)
	if got := m.notices("ana"); !slices.Contains(got, "late "+code) {
		t.Errorf("ana is told %v", got)
	}
	if got := m.reads("ana", code).texts(); !slices.Equal(got, []string{"report", "more"}) {
		t.Errorf("ana opens %v", got)
	}
	m.whole()
}

// Nobody hands a report to a colleague who cannot open all of it, is away, or is no longer there; and two who do it at the
// same moment do not leave it to each other.
func TestHandOverToWhoCannot(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	refused := func(why string) {
		t.Helper()
		wantErr(t, m.registry.HandOver(t.Context(), "ana", code, "bea"), casework.ErrLastReader)
		if got := must(m.registry.Takers(t.Context(), "ana", code)); len(got) != 0 {
			t.Errorf("%s: can be handed to %v", why, got)
		}
	}
	renewed := theCamp().roster[1]
	renewed.Key = m.entry("bea", "health", ticket.FocalPoint).Key
	m.sign([]ticket.Entry{renewed})
	refused("a new key")
	m.grantsBy("ana", code)
	ok(t, m.registry.Absent(t.Context(), "bea", "bea", ticket.DayOf(m.now())))
	refused("away")
	ok(t, m.registry.Absent(t.Context(), "bea", "bea", 0))
	m.between(func() { _ = m.registry.HandOver(t.Context(), "bea", code, "ana") })
	wantErr(t, m.registry.HandOver(t.Context(), "ana", code, "bea"), casework.ErrLastReader)
	if got := m.report(receipt).Handed(); !slices.Equal(got, []string{"ana"}) {
		t.Errorf("%v hold it", got)
	}
	m.whole()
}

// Whoever handed a report over comes back to it by a share, or when the colleague withdraws from it.
func TestWayBack(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	ok(t, m.registry.HandOver(t.Context(), "ana", code, "bea"))
	_, err := m.registry.Grant(t.Context(), "bea", m.writesGrants(m.reads("bea", code), grants{share: []string{"ana"}, with: m.ids["bea"]}))
	ok(t, err)
	m.wait(time.Hour)
	if got := m.notices("ana"); !slices.Contains(got, "sealed "+code) || len(m.reads("ana", code).inside) != 1 {
		t.Errorf("ana is told %v", got)
	}
	ok(t, m.registry.HandOver(t.Context(), "ana", code, "bea"))
	ok(t, m.registry.Recuse(t.Context(), "bea", code))
	if rep := m.report(receipt); !ticket.MaySee(rep, "ana") || ticket.MaySee(rep, "bea") {
		t.Errorf("%+v", rep.Readers)
	}
	m.whole()
}

// A trail is shown whole to whoever may see its report, with the names of the roster, or not at all.
func TestTrails(t *testing.T) {
	m := newMission(t)
	_, code := m.chat(1).files("involved", "yes", "involved_org", "relief", "involved_role", "backup")
	_, err := m.registry.Acknowledge(t.Context(), "bea", code)
	ok(t, err)
	m.wait(24 * time.Hour)
	m.grantsBy("bea", code, "cora")
	ok(t, m.registry.HandOver(t.Context(), "cora", code, "bea"))
	before := len(must(m.registry.ReportTrail(t.Context(), "bea", code)))
	trail := must(m.registry.ReportTrail(t.Context(), "bea", code))
	if len(trail) != before {
		t.Error("to ask for the trail is written into it")
	}
	var got []string
	for _, e := range trail {
		got = append(got, strings.Join(strings.Fields(strings.Join([]string{
			e.Day.Time().Format("02"), e.Who, "(" + e.Name + ")", e.Did, e.Whom, "(" + e.WhomName + ")",
		}, " ")), " "))
	}
	want := []string{
		"20 reporter () filed ()", "20 reporter () excluded ana bo (Ana, Bo)", "20 bea (Bea) acknowledged ()",
		"21 bea (Bea) handed out bea (Bea)", "21 bea (Bea) shared cora (Cora)", "21 bea (Bea) sealed again ()", "21 cora (Cora) handed over bea (Bea)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the trail tells\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, who := range []string{"ana", "bo", "cora", "vault", "nobody"} {
		_, err := m.registry.ReportTrail(t.Context(), who, code)
		wantErr(t, err, casework.ErrUnknown)
	}
	_, err = m.registry.ReportTrail(t.Context(), "bea", "BDFGHJ")
	wantErr(t, err, casework.ErrUnknown)
	m.sign(nil, "cora")
	for _, e := range must(m.registry.ReportTrail(t.Context(), "bea", code)) {
		if e.Who == "cora" && e.Name != "Cora" {
			t.Errorf("whoever was revoked still stands in the roster: %+v", e)
		}
	}
	shared := must(m.registry.SharedTrail(t.Context(), "ana"))
	if len(shared) != 2 || shared[1].Did != "signed roster 2" || shared[1].Who != "coordinator" {
		t.Errorf("%+v", shared)
	}
	_, err = m.registry.SharedTrail(t.Context(), "cora")
	wantErr(t, err, casework.ErrUnknown)
	m.damage('A', 'G')
	_, err = m.registry.ReportTrail(t.Context(), "bea", code)
	wantErr(t, err, casework.ErrBroken)
	_, err = m.registry.SharedTrail(t.Context(), "bea")
	wantErr(t, err, store.ErrBroken)
	m.wait(48 * time.Hour) // a broken chain stops no deadline
	if m.tick(); !ticket.MaySee(m.first(code), "bea") {
		t.Error("gone")
	}
}

// A report is never with nobody who counts: when the one to whom all others handed it over is revoked, even after every
// deadline has passed, those who stepped back have it again, and are told.
func TestHandedOverAndRevoked(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	closed, shut := m.chat(2).files()
	m.answers("ana", shut, "closing", "closed")
	ok(t, m.registry.HandOver(t.Context(), "ana", shut, "bea"))
	for range 60 {
		m.wait(24 * time.Hour)
		m.tick()
	}
	for _, who := range []string{"ana", "bo", "cora"} {
		ok(t, m.registry.HandOver(t.Context(), who, code, "bea"))
	}
	m.wait(time.Hour)
	m.notices("ana")
	m.sign(nil, "bea")
	m.tick()
	m.wait(time.Hour)
	for _, who := range []string{"ana", "bo", "cora"} {
		if !ticket.MaySee(m.report(receipt), who) {
			t.Errorf("%s does not see it: %+v", who, m.report(receipt).Readers)
		}
		if got := m.notices(who); !slices.Contains(got, "report "+code) {
			t.Errorf("%s is told %v", who, got)
		}
	}
	if told := m.audit(receipt); !slices.Contains(told, "clock escalated: revocation ana") || !slices.Contains(told, "clock escalated: revocation cora") {
		t.Errorf("the audit chain tells %q", told)
	}
	if got := m.report(closed).Handed(); !slices.Equal(got, []string{"bea"}) {
		t.Errorf("a closed report is handed to %v", got)
	}
	before := len(m.audit(receipt))
	m.restart()
	if len(m.audit(receipt)) != before {
		t.Error("a start hands it on once more")
	}
	m.whole()
}

// When the one to whom all others handed a report over loses their key, it comes at once to those who open it, although every
// one of them had stepped back from it.
func TestHandedOverAndKeyLost(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	for range 60 {
		m.wait(24 * time.Hour)
		m.tick()
	}
	for _, who := range []string{"ana", "bo", "cora"} {
		ok(t, m.registry.HandOver(t.Context(), who, code, "bea"))
	}
	m.wait(time.Hour)
	m.notices("ana")
	m.newKeys("bea")
	m.tick()
	m.wait(time.Hour)
	for _, who := range []string{"ana", "bo", "cora"} {
		if got := m.notices(who); !slices.Contains(got, "report "+code) || !ticket.MaySee(m.report(receipt), who) {
			t.Errorf("%s is told %v, of %+v", who, got, m.report(receipt).Readers)
		}
	}
	m.grantsBy("ana", code)
	if got := m.reads("bea", code).texts(); !slices.Equal(got, []string{"report"}) {
		t.Errorf("bea opens %v", got)
	}
	m.whole()
}

// A closed report whose only holder was revoked comes, when its reporter writes again, to those who waited behind them.
func TestReopenedWithNobody(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files()
	m.answers("ana", code, "closing", "closed")
	ok(t, m.registry.HandOver(t.Context(), "ana", code, "bea"))
	m.sign(nil, "bea")
	a.writes(receipt, "it goes on")
	m.wait(time.Hour)
	if got := m.notices("ana"); !slices.Contains(got, "report "+code) || !ticket.MaySee(m.report(receipt), "ana") {
		t.Errorf("ana is told %v, of %+v", got, m.report(receipt).Readers)
	}
	if _, runs := m.report(receipt).Deadline(); !runs {
		t.Error("nothing runs")
	}
	m.whole()
}

// After the last rung whoever takes a report over alone has a deadline before them again, and at its end the others.
func TestHandedOverAfterTheLastRung(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	for range 60 {
		m.wait(24 * time.Hour)
		m.tick()
	}
	if lines := must(m.registry.Desk(t.Context(), "bea", false)); len(lines) != 1 || !lines[0].Late {
		t.Errorf("every rung was made, and the desk shows %+v", lines)
	}
	if n := must(m.registry.Silent(t.Context())); n["acknowledge"] != 1 || n["answer"] != 1 {
		t.Errorf("the check counts %v", n)
	}
	for _, who := range []string{"ana", "bo", "cora"} {
		ok(t, m.registry.HandOver(t.Context(), who, code, "bea"))
		m.wait(time.Hour)
	}
	if lines := must(m.registry.Desk(t.Context(), "bea", false)); len(lines) != 1 || lines[0].Late || lines[0].Due.Sub(m.now()) != 21*time.Hour {
		t.Errorf("the desk shows %+v", lines)
	}
	if n := must(m.registry.Silent(t.Context())); len(n) > 0 {
		t.Errorf("the check counts %v", n)
	}
	m.carried()
	m.wait(60 * time.Hour)
	m.tick()
	m.wait(time.Hour)
	for _, who := range []string{"ana", "bo", "cora"} {
		if got := m.notices(who); !ticket.MaySee(m.report(receipt), who) || !slices.Contains(got, "late "+code) {
			t.Errorf("%s is told %v", who, got)
		}
	}
	m.whole()
}
