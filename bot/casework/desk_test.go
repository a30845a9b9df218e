package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/ticket"
)

// The desk lists what the server reads of a report, what its reader cannot open yet, and the closed ones if it is asked.
func TestDesk(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files("area", "block_a", "danger", "yes")
	_, shut := m.chat(2).files()
	m.answers("ana", shut, "closing", "closed")
	line := func(person, code string, all bool) casework.Line {
		t.Helper()
		lines, err := m.registry.Desk(t.Context(), person, all)
		ok(t, err)
		i := slices.IndexFunc(lines, func(l casework.Line) bool { return l.Code == code })
		if i < 0 {
			return casework.Line{}
		}
		return lines[i]
	}
	want := casework.Line{
		Code: code, Kind: "sea", Area: "block_a", Urgency: "urgent", Urgent: true, Day: ticket.DayOf(m.now()), Lang: "en",
		State: "received", Step: "acknowledge", Due: m.now().Add(24 * time.Hour),
	}
	if got := line("ana", code, false); got != want {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if got := line("ana", shut, false); got.Code != "" {
		t.Errorf("closed, and listed: %+v", got)
	}
	if got := line("ana", shut, true); !got.Closed || got.State != "closed" || got.Step != "" || !got.Due.IsZero() {
		t.Errorf("%+v", got)
	}
	if lines := must(m.registry.Desk(t.Context(), "ana", true)); len(lines) != 2 || lines[1].Code != shut {
		t.Errorf("%+v", lines)
	}
	inbox := must(m.registry.Inbox(t.Context(), "ana"))
	if d := asJSON(inbox); d != asJSON(must(m.registry.Desk(t.Context(), "ana", false))) {
		t.Errorf("the inbox of the chat is another: %s", d)
	}
	// With a new key, and as somebody who was shared with, one lacks what was written before.
	renewed := theCamp().roster[0]
	renewed.Key = m.entry("ana", "relief", ticket.FocalPoint).Key
	m.sign([]ticket.Entry{renewed})
	a.writes(receipt, "since then")
	if got := line("ana", code, false).Lacks; got != 1 {
		t.Errorf("ana lacks %d", got)
	}
	if got := line("bea", code, false).Lacks; got != 0 {
		t.Errorf("bea lacks %d", got)
	}
	m.grantsBy("bea", code)
	if got := line("ana", code, false).Lacks; got != 0 {
		t.Errorf("sealed again, and ana lacks %d", got)
	}
	for _, who := range []string{"bo", "cora"} {
		if lines, err := m.registry.Desk(t.Context(), who, true); len(lines) != 0 || err != nil {
			t.Errorf("%s waits, and sees %v %v", who, lines, err)
		}
	}
	for _, who := range []string{"vault", "nobody"} {
		_, err := m.registry.Desk(t.Context(), who, true)
		wantErr(t, err, casework.ErrUnknown)
	}
	m.damage('T') // what is damaged hides no line
	if lines := must(m.registry.Desk(t.Context(), "bea", true)); len(lines) != 2 {
		t.Errorf("%+v", lines)
	}
}

// TestNoteMovesAReport: a reader's note says to where the report was passed on; its reporter is told the state, no word of
// it, and nothing new.
func TestNoteMovesAReport(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files("story", "what happened")
	m.wait(time.Hour)
	m.carried()
	due := func(s ticket.Step) time.Time {
		for _, d := range m.report(receipt).Due {
			if d.Step == s {
				return d.At
			}
		}
		return time.Time{}
	}
	word := due(ticket.Answer)
	leg := &ticket.Leg{Leg: ticket.LegComplaint, To: "The investigators of green", State: ticket.LegSent}
	file := m.writesAnswer(m.reads("ana", code), reply{kind: "note", state: "referred", leg: leg, text: "by e-mail"})
	taken, err := m.registry.Answer(t.Context(), "ana", file)
	if err != nil || !taken.Note || taken.Code != code {
		t.Fatalf("%+v %v", taken, err)
	}
	if taken, err = m.registry.Answer(t.Context(), "bea", file); err != nil || !taken.Again {
		t.Errorf("the same file: %+v %v", taken, err)
	}
	mail := a.opens(receipt)
	if mail.State != "referred" || len(mail.Answers) != 0 {
		t.Errorf("the reporter reads %+v", mail)
	}
	if due(ticket.Acknowledge) != (time.Time{}) || due(ticket.Refer) != (time.Time{}) || !due(ticket.Confirm).Equal(m.now().Add(72*time.Hour)) || due(ticket.Answer) != word {
		t.Errorf("the clocks: %+v", m.report(receipt).Due)
	}
	m.wait(time.Hour)
	if got := m.notices("bea"); !slices.Equal(got, []string{"note " + code}) {
		t.Errorf("bea is told %v", got)
	}
	th := m.reads("bea", code)
	th.verify(t)
	if n := th.inside[1].Note; n == nil || n.Leg == nil || *n.Leg != *leg {
		t.Errorf("bea opens %+v", th.inside[1])
	}
	// What an answer cannot do a note cannot either, nor can it close; an answer with what came of it does.
	refused := func(state string) {
		t.Helper()
		before, told := asJSON(m.report(receipt)), len(m.audit(receipt))
		_, err := m.registry.Answer(t.Context(), "ana", m.writesAnswer(th, reply{kind: "note", state: state, text: "x"}))
		wantErr(t, err, casework.BadState)
		if asJSON(m.report(receipt)) != before || len(m.audit(receipt)) != told {
			t.Errorf("a refused note to %s left its trace", state)
		}
	}
	for _, state := range []string{"read", "received", "closed", "solved", "withdrawn"} {
		refused(state)
	}
	_, err = m.registry.Answer(t.Context(), "ana", m.writesAnswer(th, reply{state: "closed", outcome: ticket.OutcomePassedOn, text: "They have it."}))
	ok(t, err)
	if mail := a.opens(receipt); mail.State != "closed" || len(mail.Answers) != 1 || mail.Answers[0].Text != "They have it." {
		t.Errorf("the reporter reads %+v", mail)
	}
	th = m.reads("bea", code)
	if r := th.inside[2].Reply; r == nil || r.Outcome != ticket.OutcomePassedOn {
		t.Errorf("bea opens %+v", th.inside[2])
	}
	// Closed too early: a note opens it again, and so would an answer.
	for _, state := range []string{"referred", "confirmed", "closed"} {
		refused(state)
	}
	_, err = m.registry.Answer(t.Context(), "bea", m.writesAnswer(th, reply{kind: "note", state: "read", text: "there is more"}))
	ok(t, err)
	if mail := a.opens(receipt); mail.State != "read" || len(mail.Answers) != 1 {
		t.Errorf("the reporter reads %+v", mail)
	}
	if lines := must(m.registry.Desk(t.Context(), "ana", false)); len(lines) != 1 || lines[0].Step != "refer" {
		t.Errorf("%+v", lines)
	}
	// Beneath a withdrawal the note counts, and the withdrawal stays.
	turn := a.turn()
	turn.Withdraw = withdraws(a.opens(receipt).Box)
	_, err = a.commit(turn)
	ok(t, err)
	_, err = m.registry.Answer(t.Context(), "bea", m.writesAnswer(th, reply{kind: "note", state: "confirmed", text: "they wrote back"}))
	ok(t, err)
	if got := m.report(receipt).State; got != ticket.Confirmed.Withdraw() {
		t.Errorf("a note on a withdrawn report left it %s", got)
	}
	if told := strings.Join(m.audit(receipt), "\n"); strings.Count(told, "note") != 3 {
		t.Errorf("the audit chain tells\n%s", told)
	}
	m.whole()
}
