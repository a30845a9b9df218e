package casework_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/kv/kvtest"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// TestStoryA: killed between commit and send, restarted: the person gets the receipt.
func TestStoryA(t *testing.T) {
	m := onDisk(t)
	a := m.chat(1)
	receipt, _ := a.files()
	m.restart()

	unshown, err := m.registry.Unshown(t.Context())
	ok(t, err)
	waits := unshown[a.incoming().Person]
	if len(waits) != 1 {
		t.Fatal("after the start the door has no receipt to show")
	}
	c := waits[0]
	if c.Receipt != receipt || c.Address != a.address() || c.Lang != "en" {
		t.Fatal("after the start the door has no receipt to show")
	}
	if r := a.recall(a.incoming()); r.Closing == nil || r.Closing[0].Receipt != receipt {
		t.Fatal("the next message is not answered with the receipt")
	}
	m.wait(11 * time.Minute)
	if unshown, _ = m.registry.Unshown(t.Context()); len(unshown) != 0 {
		t.Error("a receipt of eleven minutes ago is sent without being asked for")
	}
	if r := a.recall(a.incoming()); r.Closing == nil {
		t.Fatal("nor is it kept for whoever asks")
	}
	ok(t, m.registry.Shown(t.Context(), a.incoming().Person, c.ID))
	if r := a.recall(a.incoming()); r.Closing != nil {
		t.Error("a receipt that was shown is shown again")
	}
	m.whole()
}

// A receipt that was never confirmed as shown is wiped after a day.
func TestClosingRecordEnds(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	a.files()
	m.wait(23 * time.Hour)
	m.sweep()
	if a.recall(a.incoming()).Closing == nil {
		t.Error("gone after 23 hours")
	}
	m.wait(2 * time.Hour)
	m.sweep()
	if a.recall(a.incoming()).Closing != nil {
		t.Error("still there after 25 hours")
	}
}

// TestStoryB: back after 40 days: reads, writes again, readers receive.
func TestStoryB(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files("story", "what happened")
	m.wait(time.Hour)
	m.carried()
	m.answers("ana", code, "We have spoken to them.", "referred")
	for range 40 { // days in which the program runs, and steps its roots
		m.wait(24 * time.Hour)
		m.sweep()
		m.tick()
	}
	m.carried()

	mail := a.opens(receipt)
	if mail.State != "referred" || len(mail.Answers) != 1 || mail.Answers[0].Text != "We have spoken to them." || !mail.Answers[0].New {
		t.Fatalf("opened: %+v", mail)
	}
	if again := a.opens(receipt); again.Answers[0].New {
		t.Error("an answer stays new after it was read")
	}
	a.writes(receipt, "Nothing has changed.")
	m.wait(time.Hour)
	for _, who := range []string{"ana", "bea"} {
		if got := m.notices(who); !slices.Contains(got, "message "+code) {
			m.t.Errorf("%s is told %v", who, got)
		}
	}
	if got := m.reads("bea", code).texts(); !slices.Equal(got, []string{"report", "We have spoken to them.", "Nothing has changed."}) {
		t.Errorf("bea reads %v", got)
	}
	m.whole()
}

// TestStoryC: escalation to a backup, who opens; before it there is nothing for them, although it is sealed to them.
func TestStoryC(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files("story", "what happened")
	m.wait(time.Hour)
	m.carried()
	for _, who := range []string{"bo", "cora"} {
		if !m.report(receipt).IsReader(who) {
			t.Fatalf("the report is not sealed to %s", who)
		}
		lines, err := m.registry.Inbox(t.Context(), who)
		ok(t, err)
		_, readErr := m.registry.ReadOut(t.Context(), who, code)
		_, ackErr := m.registry.Acknowledge(t.Context(), who, code)
		if len(lines) != 0 || readErr != casework.ErrUnknown || ackErr != casework.ErrUnknown {
			t.Errorf("%s waits, and sees it: %v, %v, %v", who, lines, readErr, ackErr)
		}
	}
	m.wait(11*time.Hour + time.Minute) // half of the term
	m.tick()
	m.wait(3 * time.Minute)
	if got := m.notices("ana"); !slices.Contains(got, "remind "+code) {
		t.Errorf("halfway the reader is told %v", got)
	}
	m.wait(12 * time.Hour) // the term
	if n := m.tick(); n != 1 {
		t.Fatalf("%d reports moved", n)
	}
	m.wait(3 * time.Minute)
	if got := m.notices("bo"); !slices.Equal(got, []string{"late " + code}) {
		t.Errorf("the backup is told %v", got)
	}
	if got := m.reads("bo", code).body(t).Answers; len(got) == 0 {
		t.Error("the backup cannot read")
	}
	if m.tick() != 0 {
		t.Error("the same escalation is made twice")
	}
	if _, err := m.registry.ReadOut(t.Context(), "cora", code); err != casework.ErrUnknown {
		t.Error("the coordinator came with the backup")
	}
	m.wait(13 * time.Hour)
	m.tick()
	m.wait(3 * time.Minute)
	if got := m.notices("cora"); !slices.Contains(got, "late "+code) {
		t.Errorf("the coordinator is told %v", got)
	}
	if got := m.audit(receipt); !slices.Contains(got, "clock escalated: acknowledge bo") || !slices.Contains(got, "clock escalated: acknowledge cora") {
		t.Errorf("the audit chain tells %q", got)
	}
	m.whole()
}

// TestStoryD, the half of it in which a reader goes: they withdraw while a message is on its way, which is sealed to
// whoever reads when it is written down, and to nobody else. The half in which one comes is TestSharing.
func TestStoryD(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files()
	box := a.opens(receipt).Box
	// The message is sealed before the withdrawal and committed after it.
	turn := a.turn()
	turn.Letter = &bot.Letter{Box: box, Text: "meanwhile", Lang: "en"}
	meanwhile := 0
	m.between(func() {
		if meanwhile++; meanwhile == 1 {
			ok(t, m.registry.Recuse(t.Context(), "ana", code))
		}
	})
	_, err := a.commit(turn)
	ok(t, err)
	if meanwhile == 0 {
		t.Fatal("nothing happened in between")
	}
	m.wait(time.Hour)
	if got := m.notices("ana"); len(got) != 0 {
		t.Errorf("whoever has withdrawn is told %v", got)
	}
	if got := m.notices("bea"); !slices.Contains(got, "message "+code) {
		t.Errorf("whoever reads is told %v", got)
	}
	th := m.reads("bea", code)
	if !slices.Contains(th.texts(), "meanwhile") {
		t.Error("the message does not open for bea")
	}
	for _, file := range th.packet.Thread[1:] {
		if _, err := seal.OpenMessage(file.File, m.ids["ana"]); err == nil {
			t.Error("the message was sealed to somebody who had withdrawn")
		}
	}
	m.whole()
}

// Asking to seal again goes on after a stop where it was, and asks nobody twice.
func TestAskingGoesOn(t *testing.T) {
	m := newMission(t)
	codes := map[string]bool{}
	for n := range 5 {
		_, code := m.chat(n).files()
		codes["reseal "+code] = true
	}
	m.wait(time.Hour)
	m.carried()
	flaky := &kvtest.Flaky{Engine: m.engine}
	m.engine = flaky
	m.restart()
	m.sign([]ticket.Entry{func() ticket.Entry {
		e := theCamp().roster[0]
		e.Key = m.entry("ana", "relief", ticket.FocalPoint).Key
		return e
	}()})
	for range 3 {
		flaky.Fail(kvtest.Fine, kvtest.Fine, kvtest.Full)
		if _, err := m.registry.Tick(t.Context()); err != nil && !errors.Is(err, kv.ErrFull) {
			t.Error(err)
		}
		m.restart()
	}
	flaky.Fail()
	m.tick()
	m.wait(time.Hour)
	got := m.notices("bea")
	slices.Sort(got)
	if want := slices.Sorted(maps.Keys(codes)); !slices.Equal(got, want) {
		t.Errorf("asked for %v, want %v", got, want)
	}
	m.tick()
	m.wait(time.Hour)
	if got := m.notices("bea"); len(got) != 0 {
		t.Errorf("asked again for %v", got)
	}
	m.whole()
}

// TestStoryE: a lost phone. The new key counts once it is confirmed; then others are asked to seal the old messages to it.
// What they do about it is in TestStoryEOther.
func TestStoryE(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	m.wait(time.Hour)
	m.carried()
	old := m.ids["ana"]
	word, err := m.registry.Invite(t.Context(), theCamp().roster[0], "ar", false)
	ok(t, err)
	if _, err := m.registry.Follow(t.Context(), "staff:new", word); err != nil {
		t.Fatal(err)
	}
	_, err = m.registry.Enrol(t.Context(), "staff:new", m.enrolment("ana"))
	ok(t, err)
	if c, _, _ := m.registry.Colleague(t.Context(), "staff:new"); c.Signed {
		t.Fatal("a key counts that nobody has confirmed")
	}
	if c, known, _ := m.registry.Colleague(t.Context(), "staff:ana"); !known || !c.Signed {
		t.Fatal("the link alone took the place of the one who holds the id")
	}
	m.sign(nil)
	if c, _, _ := m.registry.Colleague(t.Context(), "staff:new"); !c.Signed || c.ID != "ana" || c.Lang != "ar" {
		t.Fatalf("the confirmed key does not count: %+v", c)
	}
	if _, known, _ := m.registry.Colleague(t.Context(), "staff:ana"); known {
		t.Error("the lost phone is still known")
	}
	m.tick()
	m.wait(time.Hour)
	if got := m.notices("ana"); !slices.Equal(got, []string{"confirmed "}) {
		t.Errorf("the owner of the new key is told %v", got)
	}
	if got := m.notices("bea"); !slices.Equal(got, []string{"reseal " + code}) {
		t.Errorf("another reader is told %v", got)
	}
	th := m.reads("ana", code)
	if len(th.inside) != 0 || th.shut != 1 {
		t.Error("the new key opens what was sealed before it")
	}
	m.chat(1).writes(receipt, "since then")
	if got := m.reads("ana", code).texts(); !slices.Equal(got, []string{"since then"}) {
		t.Errorf("the new key opens %v", got)
	}
	files, err := m.registry.ReadOut(t.Context(), "ana", code)
	ok(t, err)
	if _, err := seal.OpenHandOut(files[0].Bytes, old); err == nil {
		t.Error("the lost key still opens what is handed out")
	}
	m.tick()
	m.wait(time.Hour)
	if got := m.notices("bea"); slices.Contains(got, "reseal "+code) {
		t.Error("asked twice")
	}
	if got := m.audit(receipt); !slices.Contains(got, "clock asked to seal again ana") {
		t.Errorf("the audit chain tells %q", got)
	}
	m.whole()
}
