package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/ticket"
)

// newKeys gives people of the camp new keys, all in one roster, as if their phones were in one bag.
func (m *mission) newKeys(ids ...string) {
	m.t.Helper()
	var more []ticket.Entry
	for _, e := range theCamp().roster {
		if slices.Contains(ids, e.ID) {
			e.Key = m.entry(e.ID, e.Org, e.Role).Key
			more = append(more, e)
		}
	}
	m.sign(more)
}

// with says who sees a report, and what everybody was told of it within an hour.
func (m *mission) with(receipt string) (sees []string, told map[string][]string) {
	m.t.Helper()
	m.wait(time.Hour)
	told = map[string][]string{}
	for _, who := range []string{"ana", "bea", "bo", "cora"} {
		told[who] = m.notices(who)
	}
	return m.report(receipt).Handed(), told
}

// A report that one reader alone was handed, whose key is then replaced, comes with the next tick to the backup who opens it,
// days before its deadline, and to nobody else; and the backup helps.
func TestOnlyReaderHasANewKey(t *testing.T) {
	for _, restarts := range []bool{false, true} {
		m := newMission(t)
		receipt, code := m.chat(1).files()
		ok(t, m.registry.HandOver(t.Context(), "ana", code, "bea"))
		m.with(receipt)
		m.newKeys("bea")
		if restarts {
			m.restart()
		}
		m.tick()
		sees, told := m.with(receipt)
		if !slices.Equal(sees, []string{"bea", "bo"}) {
			t.Errorf("it is with %v", sees)
		}
		for _, want := range []string{"report " + code, "reseal " + code} {
			if !slices.Contains(told["bo"], want) {
				t.Errorf("bo is told %q", told["bo"])
			}
		}
		if len(told["ana"])+len(told["cora"]) != 0 {
			t.Errorf("those who go on waiting are told %v", told)
		}
		for _, want := range []string{"clock escalated: new key bo", "clock asked to seal again bea"} {
			if lines := m.audit(receipt); !slices.Contains(lines, want) {
				t.Errorf("%q is not in %q", want, lines)
			}
		}
		m.grantsBy("bo", code)
		if got := m.reads("bea", code).texts(); !slices.Equal(got, []string{"report"}) {
			t.Errorf("bea opens %v", got)
		}
		lines := len(m.audit(receipt))
		m.tick()
		m.restart()
		m.tick()
		if len(m.audit(receipt)) != lines {
			t.Error("it is handed on once more")
		}
		m.whole()
	}
}

// Who is away, or stepped back from a report, is passed over while somebody else opens it, and asked when nobody does.
func TestStrandedComesToWhoIsThere(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	ok(t, m.registry.HandOver(t.Context(), "ana", code, "bea"))
	ok(t, m.registry.Absent(t.Context(), "bo", "bo", ticket.DayOf(m.now())+9))
	m.newKeys("bea")
	m.tick()
	if sees, _ := m.with(receipt); !slices.Equal(sees, []string{"bea", "cora"}) {
		t.Errorf("it is with %v", sees)
	}
	m.newKeys("cora")
	m.tick()
	if sees, _ := m.with(receipt); !slices.Equal(sees, []string{"ana", "bea", "bo", "cora"}) {
		t.Errorf("then it is with %v", sees)
	}
	m.whole()
}

// Whoever was asked to seal a report again is revoked before they have: it comes to somebody else who opens it, and they are
// asked. Where a third reader sees it and opens it, they are asked, and nobody is handed it.
func TestHelperIsRevoked(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	m.newKeys("ana")
	m.tick()
	if sees, told := m.with(receipt); !slices.Equal(sees, []string{"ana", "bea"}) || !slices.Contains(told["bea"], "reseal "+code) {
		t.Fatalf("with %v, bea is told %v", sees, told["bea"])
	}
	shared, other := m.chat(2).files()
	m.grantsBy("bea", other, "bo")
	m.newKeys("ana")
	m.tick()
	m.with(receipt)
	m.sign(nil, "bea")
	m.tick()
	sees, told := m.with(receipt)
	if !slices.Equal(sees, []string{"ana", "bea", "bo"}) || !slices.Contains(told["bo"], "reseal "+code) || len(told["bea"]) != 0 {
		t.Errorf("with %v, told %v", sees, told)
	}
	if sees := m.report(shared).Handed(); !slices.Equal(sees, []string{"ana", "bea", "bo"}) || !slices.Contains(told["bo"], "reseal "+other) {
		t.Errorf("the other one is with %v, bo is told %v", sees, told["bo"])
	}
	for _, c := range []string{code, other} {
		m.grantsBy("bo", c)
		if got := m.reads("ana", c).texts(); !slices.Equal(got, []string{"report"}) {
			t.Errorf("ana opens %v", got)
		}
	}
	m.whole()
}

// A report never comes to somebody for whom it does not exist, though they alone could have opened others; where nobody opens
// it the coordinator sees that, the check counts it, and the holder of a recovery key mends it.
func TestOpensForNobody(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	hidden, _ := m.chat(2).files("involved", "yes", "involved_org", "agency", "involved_role", "manager")
	if m.report(hidden).IsReader("cora") {
		t.Fatal("this proves nothing")
	}
	m.with(receipt)
	m.newKeys("ana", "bea", "bo")
	m.tick()
	sees, told := m.with(receipt)
	if !slices.Equal(sees, []string{"ana", "bea", "cora"}) || !slices.Contains(told["cora"], "reseal "+code) {
		t.Errorf("it is with %v, and cora is told %v", sees, told["cora"])
	}
	if slices.ContainsFunc(told["cora"], func(n string) bool { return strings.HasSuffix(n, m.code(hidden)) }) || ticket.MaySee(m.report(hidden), "cora") {
		t.Errorf("cora is told %v", told["cora"])
	}
	if n := must(m.registry.Shut(t.Context())); n != (casework.Shut{Lost: 1}) { // the recovery key is of the organisation that is kept out
		t.Errorf("the check counts %+v", n)
	}
	m.newKeys("cora")
	m.tick()
	sees, told = m.with(receipt)
	if !slices.Equal(sees, []string{"ana", "bea", "cora"}) || !slices.Contains(told["cora"], "reseal "+code) {
		t.Errorf("nobody opens it, it is with %v, and cora is told %v", sees, told["cora"])
	}
	if n := must(m.registry.Shut(t.Context())); n != (casework.Shut{Kept: 1, Lost: 1}) {
		t.Errorf("the check counts %+v", n)
	}
	m.grantsWith("vault", "cora", code)
	if n := must(m.registry.Shut(t.Context())); n != (casework.Shut{Lost: 1}) {
		t.Errorf("mended, and the check counts %+v", n)
	}
	m.newKeys("vault", "ana", "bea", "bo", "cora")
	if n := must(m.registry.Shut(t.Context())); n != (casework.Shut{Lost: 2}) {
		t.Errorf("the recovery key is another one, and the check counts %+v", n)
	}
	m.whole()
}

// Where nobody opens it and every coordinator has stepped back, those who see it are told, and can ask for the recovery key.
func TestOpensForNobodyWithoutCoordinator(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	m.grantsBy("ana", code, "bea", "cora")
	ok(t, m.registry.Recuse(t.Context(), "cora", code))
	m.with(receipt)
	m.newKeys("ana", "bea", "bo")
	m.tick()
	sees, told := m.with(receipt)
	if !slices.Equal(sees, []string{"ana", "bea"}) {
		t.Errorf("it is with %v", sees)
	}
	for who, asked := range map[string]bool{"ana": true, "bea": true, "bo": false, "cora": false} {
		if got := slices.Contains(told[who], "reseal "+code); got != asked {
			t.Errorf("%s is asked %v: %q", who, got, told[who])
		}
		if slices.Contains(m.audit(receipt), "clock asked to seal again "+who) != asked {
			t.Errorf("%s: %q", who, m.audit(receipt))
		}
	}
	m.grantsWith("vault", "ana", code)
	if n := must(m.registry.Shut(t.Context())); n != (casework.Shut{}) {
		t.Errorf("mended, and the check counts %+v", n)
	}
	m.whole()
}

// grantsWith lets somebody seal a report again with the recovery key, whose holder has brought it.
func (m *mission) grantsWith(vault, who, code string) {
	m.t.Helper()
	files, err := m.registry.ReadOut(m.t.Context(), who, code)
	ok(m.t, err)
	_, err = m.registry.Grant(m.t.Context(), who, m.writesGrants(m.unpack(files, m.ids[who], m.ids[vault]), grants{with: m.ids[vault]}))
	ok(m.t, err)
}

// A closed report is left where it is, and comes to somebody who opens it in the moment in which its reporter writes again.
func TestReopenedWithNobodyWhoOpens(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files()
	m.answers("ana", code, "closing", "closed")
	ok(t, m.registry.HandOver(t.Context(), "ana", code, "bea"))
	m.newKeys("bea")
	m.tick()
	if sees, _ := m.with(receipt); !slices.Equal(sees, []string{"bea"}) {
		t.Errorf("closed, and with %v", sees)
	}
	a.writes(receipt, "it goes on")
	sees, told := m.with(receipt)
	if !slices.Equal(sees, []string{"bea", "bo"}) || !slices.Contains(told["bo"], "report "+code) || !slices.Contains(told["bo"], "reseal "+code) {
		t.Errorf("open again, and with %v; bo is told %v", sees, told["bo"])
	}
	m.whole()
}
