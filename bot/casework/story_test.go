package casework_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
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
	c, waits := unshown[a.incoming().Person]
	if !waits || c.Receipt != receipt || c.Address != a.address() || c.Lang != "en" {
		t.Fatal("after the start the door has no receipt to show")
	}
	if r := a.recall(a.incoming()); r.Closing == nil || r.Closing.Receipt != receipt {
		t.Fatal("the next message is not answered with the receipt")
	}
	m.wait(11 * time.Minute)
	if unshown, _ = m.registry.Unshown(t.Context()); len(unshown) != 0 {
		t.Error("a receipt of eleven minutes ago is sent without being asked for")
	}
	if r := a.recall(a.incoming()); r.Closing == nil {
		t.Fatal("nor is it kept for whoever asks")
	}
	ok(t, m.registry.Shown(t.Context(), a.incoming().Person))
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

// TestStoryD, as far as it exists: a reader withdraws while a message is on its way. It is sealed to whoever reads when
// it is written down, and to nobody else.
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
		if _, err := seal.OpenMessage(file, m.ids["ana"]); err == nil {
			t.Error("the message was sealed to somebody who had withdrawn")
		}
	}
	m.whole()
}

// TestStoryE: a lost phone. The new key counts once it is confirmed; then others are asked to seal the old messages to it.
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

// TestStoryF, as far as it exists: at a month's end the others' receipts do not open, and an old copy opens nothing.
func TestStoryF(t *testing.T) {
	m := onDisk(t)
	a := m.chat(1)
	old, oldCode := a.files("story", "in November")
	was := m.report(old)
	backup := m.dir + "/data/copy.db"
	ok(t, m.file.Compact(t.Context(), backup))
	m.wait(30 * 24 * time.Hour)
	m.sweep()
	_, err := m.house.Ensure(m.now())
	ok(t, err)
	young, code := m.chat(2).files("story", "in December")
	ok(t, m.house.Forget("2026-11-report"))

	if _, err := m.registry.Open(t.Context(), a.incoming().Person, old); err != bot.ErrWrongReceipt {
		t.Errorf("a forgotten receipt: %v", err)
	}
	if _, err := m.registry.ReadOut(t.Context(), "ana", oldCode); err != casework.ErrUnknown {
		t.Errorf("a forgotten report: %v", err)
	}
	lines, err := m.registry.Inbox(t.Context(), "ana")
	if err != nil || len(lines) != 1 || lines[0].Code != code {
		t.Errorf("the inbox: %v, %v", lines, err)
	}
	if mail := m.chat(2).opens(young); mail.State != "received" {
		t.Errorf("the other month's receipt: %+v", mail)
	}
	if _, err := m.registry.Notices(t.Context(), 50); err != nil {
		t.Error(err)
	}
	m.tick()
	m.whole()
	m.restart()
	m.whole()

	// The old copy, under all the keys that are left.
	m.useCopy(backup)
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		if _, found, err := r.ByCode(oldCode); found || err != nil {
			t.Errorf("the copy finds a forgotten code: %v", err)
		}
		_, _, err := r.Report(store.RefOf(was.Day, was.ID))
		wantErr(t, err, seal.ErrForgotten)
		return nil
	}))
}

// TestStoryG: the host is lost. Database copy, key backup, recovery key and the coordinator's word give everything back.
func TestStoryG(t *testing.T) {
	m := onDisk(t)
	a := m.chat(1)
	receipt, code := a.files("story", "before the flood")
	m.answers("ana", code, "We are on it.", "")
	ok(t, m.file.Compact(t.Context(), m.dir+"/data/copy.db"))
	var keys bytes.Buffer
	_, err := m.house.Backup(&keys, []string{theCamp().ids["vault"].Public()})
	ok(t, err)
	// After the backup somebody is revoked.
	m.sign(nil, "bea")
	m.wait(24 * time.Hour)

	n := newMission(t)
	n.wait(24 * time.Hour)
	n.keys = n.dir + "/restored-keys"
	_, err = seal.RestoreKeys(&keys, n.keys, theCamp().ids["vault"])
	ok(t, err)
	n.useCopy(m.dir + "/data/copy.db")
	ok(t, casework.Hold(t.Context(), n.store))
	n.open()
	if !n.registry.Held() {
		t.Fatal("the restored roster is in force")
	}
	b := n.chat(2)
	turn := b.turn()
	turn.Filing = &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: facts()}
	_, err = b.commit(turn)
	wantErr(t, err, bot.ErrNoReaders)
	_, err = n.registry.ReadOut(t.Context(), "bea", code)
	wantErr(t, err, casework.ErrHeld)
	_, err = n.registry.Inbox(t.Context(), "bea")
	wantErr(t, err, casework.ErrHeld)
	if got, err := n.registry.Notices(t.Context(), 50); len(got) != 0 || err != nil {
		t.Errorf("told while nobody knows who was revoked: %d notices, %v", len(got), err)
	}
	if n.tick() != 0 {
		t.Error("escalated while nobody knows who was revoked")
	}

	n.sign(nil, "bea")
	if n.registry.Held() {
		t.Error("still held after the coordinator's word")
	}
	_, err = n.registry.ReadOut(t.Context(), "bea", code)
	wantErr(t, err, casework.ErrUnknown)
	if got := n.reads("ana", code).texts(); !slices.Equal(got, []string{"report", "We are on it."}) {
		t.Errorf("ana reads %v", got)
	}
	if mail := n.chat(1).opens(receipt); len(mail.Answers) != 1 {
		t.Errorf("the reporter reads %+v", mail)
	}
	files, err := n.registry.ReadOut(t.Context(), "ana", code)
	ok(t, err)
	p, err := seal.OpenHandOut(files[0].Bytes, n.ids["ana"])
	ok(t, err)
	if _, err := seal.OpenMessage(p.Thread[0], theCamp().ids["vault"]); err != nil {
		t.Error("the recovery key does not open the report:", err)
	}
	n.chat(3).files()
	n.whole()
}

// TestStoryH: an answer at ten in the morning, with the evening as the safe hours: one neutral line after five.
func TestStoryH(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files("nudge", "yes", "nudge_hours", "evening")
	m.wait(24 * time.Hour)
	nudges := func() int {
		t.Helper()
		out, err := m.registry.Nudges(t.Context())
		ok(t, err)
		for _, p := range out {
			if p.Address != a.address() || p.Out.Lang != "en" || p.Out.Text != "" {
				t.Errorf("a line to %v in %q", p.Address.Reveal(), p.Out.Lang)
			}
		}
		return len(out)
	}
	m.answers("ana", code, "one", "")
	m.answers("bea", code, "two", "")
	for m.now().Hour() != 17 {
		if nudges() != 0 {
			t.Fatalf("a line at %d o'clock", m.now().Hour())
		}
		m.wait(time.Hour)
	}
	if n := nudges(); n != 1 {
		t.Fatalf("%d lines at five", n)
	}
	m.answers("ana", code, "three", "")
	m.wait(48 * time.Hour)
	if nudges() != 0 {
		t.Error("a second line while the first is unread")
	}
	if mail := a.opens(receipt); len(mail.Answers) != 3 {
		t.Fatalf("%+v", mail)
	}
	m.answers("ana", code, "four", "")
	a.opens(receipt) // before the hour has come
	m.wait(24 * time.Hour)
	if nudges() != 0 {
		t.Error("a line for what was read before its hour")
	}
	m.answers("ana", code, "five", "")
	m.reboot()
	m.wait(24 * time.Hour)
	if nudges() != 0 {
		t.Error("a line outlived the memory")
	}
	m.whole()
}

// Without chosen hours no hour is safe, and without the wish there is no line.
func TestNudgeOnlyAsChosen(t *testing.T) {
	for name, answers := range map[string][]string{
		"not asked": nil, "no": {"nudge", "no"}, "no hours": {"nudge", "yes"}, "hours alone": {"nudge_hours", "evening"},
		"no and hours": {"nudge", "no", "nudge_hours", "any"}, "hours nobody knows": {"nudge", "yes", "nudge_hours", "teatime"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMission(t)
			_, code := m.chat(1).files(answers...)
			th := m.reads("ana", code)
			if n := len(th.body(t).Nudge); n != seal.NudgeSize {
				t.Errorf("the blob has %d bytes, which tells what was chosen", n)
			}
			for _, s := range th.body(t).Answers {
				if strings.HasPrefix(s.Step, "nudge") {
					t.Errorf("the readers are told %s", s.Step)
				}
			}
			m.answers("ana", code, "an answer", "")
			m.wait(48 * time.Hour)
			if out, err := m.registry.Nudges(t.Context()); err != nil || len(out) != 0 {
				t.Errorf("%d lines, %v", len(out), err)
			}
		})
	}
}

func TestNextSafe(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Sarajevo")
	ok(t, err)
	for _, x := range []struct{ now, hours, want string }{
		{"2026-11-20 10:00", "evening", "2026-11-20 17:00"},
		{"2026-11-20 17:00", "evening", "2026-11-20 17:00"},
		{"2026-11-20 20:59", "evening", "2026-11-20 20:59"},
		{"2026-11-20 21:00", "evening", "2026-11-21 17:00"},
		{"2026-11-30 23:30", "morning", "2026-12-01 07:00"},
		{"2026-12-31 23:59", "night", "2026-12-31 23:59"},
		{"2026-12-31 12:00", "any", "2026-12-31 12:00"},
		{"2026-11-20 23:00", "late", "2026-11-20 23:00"},
		{"2026-11-20 04:59", "late", "2026-11-20 04:59"},
		{"2026-11-20 05:00", "late", "2026-11-20 22:00"},
		{"2026-03-28 23:30", "two", "2026-03-29 03:00"}, // two o'clock does not exist on this day
		{"2026-11-20 10:00", "teatime", ""},
		{"2026-11-20 10:00", "never", ""},
	} {
		hours := map[string][2]int{"late": {22, 5}, "two": {2, 3}, "never": {4, 4}}
		for k, v := range casework.StandardSafe {
			hours[k] = v
		}
		now := must(time.ParseInLocation("2006-01-02 15:04", x.now, zone))
		at, found := casework.NextSafe(now, hours, x.hours)
		got := ""
		if found {
			got = at.Format("2006-01-02 15:04")
		}
		if got != x.want {
			t.Errorf("%s from %s: %q, want %q", x.hours, x.now, got, x.want)
		}
		if at.Sub(now) > 24*time.Hour {
			t.Errorf("%s from %s waits more than a day", x.hours, x.now)
		}
	}
}

// TestStoryI: what an answer file must not do.
func TestStoryI(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files()
	_, other := m.chat(2).files()
	th := m.reads("ana", code)
	good := m.writesAnswer(th, reply{text: "the answer", state: "read"})

	check := func(name, person string, file []byte, want error) {
		t.Helper()
		before, told := asJSON(m.report(receipt)), len(m.audit(receipt))
		_, err := m.registry.Answer(t.Context(), person, file)
		wantErr(t, err, want)
		if asJSON(m.report(receipt)) != before || len(m.audit(receipt)) != told {
			t.Errorf("%s: a refused file left its trace", name)
		}
	}
	for at := 0; at < len(good); at += 41 {
		changed := bytes.Clone(good)
		changed[at] ^= 1
		if _, err := m.registry.Answer(t.Context(), "ana", changed); err == nil {
			t.Fatalf("byte %d was changed, and the file was taken", at)
		}
	}
	check("cut short", "ana", good[:len(good)-1], casework.Unreadable)
	check("nothing", "ana", nil, casework.Unreadable)
	check("a waiting reader", "bo", good, casework.NotYours)
	check("a recovery key", "vault", good, casework.ErrUnknown)
	check("nobody", "eve", good, casework.ErrUnknown)
	check("no id", "ana", m.writesAnswer(th, reply{text: "x", header: func(h *seal.Header) { h.Message = [16]byte{} }}), casework.Unreadable)
	check("no such kind", "ana", m.writesAnswer(th, reply{kind: "order", text: "x"}), casework.Unreadable)
	check("no such state", "ana", m.writesAnswer(th, reply{text: "x", state: "solved"}), casework.BadState)
	check("sealed to somebody else", "ana", m.writesAnswer(th, reply{text: "x", header: func(h *seal.Header) { h.Readers = append(h.Readers, "eve") }}), casework.Removed)
	check("replayed for another report", "ana", m.writesAnswer(th, reply{text: "x", header: func(h *seal.Header) { h.Report = m.reads("ana", other).packet.Report }}), casework.BadSignature)
	check("for no report", "ana", m.writesAnswer(th, reply{text: "x", header: func(h *seal.Header) { h.Report = [16]byte{9} }}), casework.NotYours)
	forged := th
	body := *th.body(t)
	body.Seed = must(seal.NewSeed(bytes.NewReader(bytes.Repeat([]byte{7}, 64)))).Reveal()
	forged.inside = []ticket.Inside{{Report: &body}}
	check("signed with another seed", "ana", m.writesAnswer(forged, reply{text: "x"}), casework.BadSignature)

	taken, err := m.registry.Answer(t.Context(), "ana", good)
	ok(t, err)
	if taken.Again || taken.Code != code || len(taken.Missing) != 0 {
		t.Errorf("taken: %+v", taken)
	}
	before := asJSON(m.report(receipt))
	for _, who := range []string{"ana", "bea"} { // whoever of the readers brings it again
		if taken, err = m.registry.Answer(t.Context(), who, good); err != nil || !taken.Again {
			t.Errorf("the same file again: %+v, %v", taken, err)
		}
	}
	if asJSON(m.report(receipt)) != before || len(a.opens(receipt).Answers) != 1 {
		t.Error("the same file counted twice")
	}
	parsed := must(seal.ParseAnswer(good))
	check("the same id with other bytes", "ana", m.writesAnswer(th, reply{text: "y", header: func(h *seal.Header) { h.Message = parsed.Header.Message }}), casework.OtherBytes)
	check("the id of the report itself", "ana", m.writesAnswer(th, reply{text: "y", header: func(h *seal.Header) { h.Message = m.firstMessage(receipt) }}), casework.OtherBytes)

	m.answers("ana", code, "closed", "closed")
	check("not possible from where it stands", "ana", m.writesAnswer(th, reply{text: "x", state: "confirmed"}), casework.BadState)

	// A reader who has withdrawn still knows the seed; the list of readers bars them, and those who seal to them.
	ok(t, m.registry.Recuse(t.Context(), "bea", code))
	check("from a removed reader", "bea", m.writesAnswer(th, reply{text: "x"}), casework.NotYours)
	check("the same file from a removed reader", "bea", good, casework.NotYours)
	check("sealed to a removed reader", "ana", m.writesAnswer(th, reply{text: "x"}), casework.Removed)
	if mail := a.opens(receipt); len(mail.Answers) != 2 {
		t.Errorf("the reporter reads %d answers", len(mail.Answers))
	}
	m.whole()
}

// An answer that lacks a reader is kept, and its sender is asked to seal it again.
func TestMissingReader(t *testing.T) {
	for _, missing := range []string{"bea", "bo", "vault"} {
		m := newMission(t)
		receipt, code := m.chat(1).files()
		m.wait(time.Hour)
		m.carried()
		file := m.writesAnswer(m.reads("ana", code), reply{text: "x", header: func(h *seal.Header) {
			h.Readers = slices.DeleteFunc(h.Readers, func(id string) bool { return id == missing })
		}})
		taken, err := m.registry.Answer(t.Context(), "ana", file)
		ok(t, err)
		if !slices.Equal(taken.Missing, []string{missing}) {
			t.Errorf("missing: %v, want %s", taken.Missing, missing)
		}
		m.wait(time.Hour)
		if got := m.notices("ana"); !slices.Contains(got, "reseal "+code) {
			t.Errorf("ana is told %v", got)
		}
		if len(m.chat(1).opens(receipt).Answers) != 1 {
			t.Error("the answer was not kept")
		}
	}
}

// TestStoryJ: a reboot ends what lives in memory, and says so to those whom it may have cut off.
func TestStoryJ(t *testing.T) {
	t.Run("in a draft", func(t *testing.T) {
		m := onDisk(t)
		a := m.chat(1)
		turn := a.turn()
		turn.Draft = []byte("half a report")
		_, err := a.commit(turn)
		ok(t, err)
		m.restart()
		if r := a.recall(a.incoming()); string(r.Draft) != "half a report" || r.Ended != bot.EndedNot {
			t.Fatalf("a restart lost the draft: %+v", r.Ended)
		}
		m.reboot()
		if r := a.recall(a.incoming()); r.Draft != nil || r.Ended != bot.EndedNothing {
			t.Errorf("after a reboot: %v", r.Ended)
		}
		in := a.incoming()
		in.Kind = bot.Start
		if r := a.recall(in); r.Ended != bot.EndedNot {
			t.Error("whoever opens a conversation is told that another one ended")
		}
		m.restart() // the process starts once more soon after
		if r := a.recall(a.incoming()); r.Ended != bot.EndedNothing {
			t.Errorf("after a second start: %v", r.Ended)
		}
		m.wait(61 * time.Minute)
		if r := a.recall(a.incoming()); r.Ended != bot.EndedNot {
			t.Error("an hour later somebody is still told")
		}
		m.sweep()
		m.restart()
		if r := a.recall(a.incoming()); r.Ended != bot.EndedNot {
			t.Error("the lost draft was not swept")
		}
	})
	t.Run("between commit and send", func(t *testing.T) {
		m := onDisk(t)
		a := m.chat(1)
		receipt, code := a.files()
		m.reboot()
		if r := a.recall(a.incoming()); r.Closing != nil || r.Ended != bot.EndedPerhaps {
			t.Errorf("after a reboot: %v", r.Ended)
		}
		if unshown, err := m.registry.Unshown(t.Context()); err != nil || len(unshown) != 0 {
			t.Errorf("%d receipts, %v", len(unshown), err)
		}
		if m.reads("ana", code).body(t) == nil || m.report(receipt).Code == "" {
			t.Error("the report is lost")
		}
		m.wait(2 * time.Hour)
		if r := a.recall(a.incoming()); r.Ended != bot.EndedPerhaps {
			t.Errorf("two hours later: %v", r.Ended)
		}
		m.wait(23 * time.Hour)
		m.sweep()
		m.restart()
		if r := a.recall(a.incoming()); r.Ended != bot.EndedNot {
			t.Error("the lost closing record was not swept")
		}
		m.whole()
	})
	t.Run("with nobody in it", func(t *testing.T) {
		m := newMission(t)
		m.reboot()
		a := m.chat(1)
		if r := a.recall(a.incoming()); r.Ended != bot.EndedNot {
			t.Error("told of an end where nothing was")
		}
	})
}
