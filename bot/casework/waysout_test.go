package casework_test

import (
	"slices"
	"testing"

	"amana/bot"
	"amana/bot/store"
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
	m.whole()
}
