package casework_test

import (
	"bytes"
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/ticket"
)

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
	check("sealed to somebody else", "ana", m.writesAnswer(th, reply{text: "x", header: func(h *seal.Header) {
		h.Readers = append(h.Readers, seal.Reader{ID: "eve", Key: m.ids["ana"].Public()})
	}}), casework.Removed)
	check("sealed to a key that was replaced", "ana", m.writesAnswer(th, reply{text: "x", header: func(h *seal.Header) { h.Readers[1].Key = must(seal.NewIdentity(rand.Reader)).Public() }}), casework.Removed)
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
			h.Readers = slices.DeleteFunc(h.Readers, func(r seal.Reader) bool { return r.ID == missing })
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
		if g := m.grantsBy("ana", code); len(g.Missing) != 0 || g.Copies != 1 {
			t.Errorf("sealed again: %+v", g)
		}
		m.whole()
	}
}
