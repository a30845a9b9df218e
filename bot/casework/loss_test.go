package casework_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
)

// A key that is deleted takes its month along: receipts, codes, and an old copy. TestMonthEnds tells the whole story.
func TestForgottenKey(t *testing.T) {
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
	if _, err := m.registry.Notices(t.Context(), 50, nil); err != nil {
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
	if got, err := n.registry.Notices(t.Context(), 50, nil); len(got) != 0 || err != nil {
		t.Errorf("told while nobody knows who was revoked: %d notices, %v", len(got), err)
	}
	if n.tick() != 0 {
		t.Error("escalated while nobody knows who was revoked")
	}

	n.sign(nil, "bea")
	if n.registry.Held() {
		t.Error("still held after the coordinator's word")
	}
	if got := n.notices("ana"); !slices.Contains(got, "report "+code) {
		t.Errorf("ana is told %v: what waited was lost", got)
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
	if _, err := seal.OpenMessage(p.Thread[0].File, theCamp().ids["vault"]); err != nil {
		t.Error("the recovery key does not open the report:", err)
	}
	n.chat(3).files()
	n.whole()
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
