package casework_test

import (
	"slices"
	"testing"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Whatever leaves the house stands in the report's chain before it leaves: what is asked for by bot or desk, the file that
// goes with a notice, and voice messages, which leave with what was asked for.
func TestEveryWayOutIsNoted(t *testing.T) {
	s := newSpeaking(t, newMission)
	m := s.mission
	receipt, code, err := s.tells(m.chat(0), "zqmark", s.keeps(spokenSound(3000)))
	ok(t, err)
	out := func(person string) (n int) {
		for _, line := range m.audit(receipt) {
			if line == person+" handed out "+person {
				n++
			}
		}
		return n
	}
	if out("ana")+out("bea") != 0 {
		t.Error("noted before anything left")
	}
	files, err := m.registry.ReadOut(t.Context(), "ana", code)
	ok(t, err)
	if voiced := slices.ContainsFunc(files, func(f bot.File) bool { return f.Load != nil }); !voiced || out("ana") != 1 {
		t.Errorf("asked for: voice %v, noted %d times", voiced, out("ana"))
	}
	ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
		return w.PutContact(store.Contact{ID: "bea", Address: "staff:bea", Lang: "en", Sealed: true})
	}))
	m.wait(day / 24)
	sent := 0
	for _, n := range m.carried() {
		if n.File != nil {
			sent++
		}
	}
	if sent != 1 || out("bea") != 1 {
		t.Errorf("with a notice: %d files, noted %d times", sent, out("bea"))
	}

	// What leaves a reader's machine in clear.
	noted := func(want string) {
		t.Helper()
		if lines := m.audit(receipt); !slices.Contains(lines, want) {
			t.Errorf("%q is not noted: %q", want, lines)
		}
	}
	for way, did := range map[string]string{"printed": "printed it", "form": "saved the referral form", "system": "sent it to a case system"} {
		ok(t, m.registry.Left(t.Context(), "ana", code, way))
		noted("ana " + did + " ")
	}
	wantErr(t, m.registry.Left(t.Context(), "ana", code, "a story of my own"), casework.BadWay)
	wantErr(t, m.registry.Left(t.Context(), "cora", code, "printed"), casework.ErrUnknown)

	// A share lets somebody in, and what they get is noted as theirs; sealed again for a new key; handed over, and handed back.
	m.sign([]ticket.Entry{m.entry("eve", "green", ticket.FocalPoint)})
	m.reach("eve", "staff:eve")
	if _, err := m.registry.ReadOut(t.Context(), "eve", code); err != casework.ErrUnknown || out("eve") != 0 {
		t.Errorf("before it is shared: %v", err)
	}
	m.grantsBy("ana", code, "eve")
	noted("ana shared eve")
	m.reads("eve", code).verify(t)
	if out("eve") != 1 {
		t.Errorf("shared: noted %d times", out("eve"))
	}
	m.sign([]ticket.Entry{m.entry("bea", "health", ticket.FocalPoint)}) // a new key
	if th := m.reads("bea", code); th.shut == 0 {
		t.Error("a new key opens what nobody sealed to it: this proves nothing")
	}
	before := out("bea")
	m.grantsBy("ana", code)
	noted("ana sealed again bea")
	if m.reads("bea", code).verify(t); out("bea") != before+1 {
		t.Errorf("sealed again: noted %d times", out("bea")-before)
	}
	ok(t, m.registry.HandOver(t.Context(), "ana", code, "eve"))
	noted("ana handed over eve")
	if _, err := m.registry.ReadOut(t.Context(), "ana", code); err != casework.ErrUnknown {
		t.Errorf("after handing it over ana is handed it: %v", err)
	}
	m.grantsBy("eve", code, "ana")
	had := out("ana")
	if m.reads("ana", code); out("ana") != had+1 {
		t.Error("handed back, and not noted")
	}
	m.whole()
}
