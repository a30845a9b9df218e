package casework_test

import (
	"slices"
	"testing"

	"amana/bot/seal"
)

// TestStoryEAtTheDesk: a phone is lost, and the paper with the recovery code is there. The browsers are forgotten, a new one
// is let in after its digits were read to the coordinator, and opens everything with the same key: nobody has to seal again.
func TestStoryEAtTheDesk(t *testing.T) {
	m := newMission(t)
	dora := m.page("dora")
	dora.enrols(m.invites(doraAtRelief))
	m.ids["dora"] = dora.key
	m.sign(nil)
	_, code := m.chat(1).files("story", "before the loss")
	if !dora.signsIn() {
		t.Fatal("does not sign in")
	}
	if n := must(m.registry.ForgetBrowsers(t.Context(), "dora")); n != 1 {
		t.Errorf("%d browsers were forgotten", n)
	}
	if dora.asks().Wait == "" {
		t.Error("the lost phone still signs in")
	}
	thief := m.page("dora") // with the phone's browser gone, and a guess at the paper
	if thief.asks().Wait == "" {
		t.Error("somebody without the paper is let in")
	}
	again := dora.another()
	digits := again.asks().Wait
	waits, ids := m.queued()
	ok(t, m.registry.AllowBrowser(t.Context(), "cora", ids[slices.Index(waits, "dora "+digits)], true))
	if !again.signsIn() {
		t.Fatal("the new browser does not sign in")
	}
	if got := m.reads("dora", code).texts(); !slices.Equal(got, []string{"report"}) {
		t.Errorf("the same key opens %v", got)
	}
	m.tick()
	if got := m.notices("bea"); slices.Contains(got, "reseal "+code) {
		t.Error("somebody is asked to seal again what opens")
	}
	if dora.asks().Wait == "" {
		t.Error("the lost phone signs in with the new one")
	}
}

// TestStoryELostPassphrase: without the passphrase, or without the paper, the key is gone for good: nothing here can give it
// back. A new one, confirmed, opens what comes, and what was before once a colleague has sealed it again.
func TestStoryELostPassphrase(t *testing.T) {
	m := newMission(t)
	dora := m.page("dora")
	dora.enrols(m.invites(doraAtRelief))
	m.ids["dora"] = dora.key
	m.sign(nil)
	_, code := m.chat(1).files("story", "before the loss")
	c := dora.asks()
	if _, err := seal.Unwrap(c.Wrapped, "another passphrase", dora.device); err == nil {
		t.Fatal("a wrong passphrase unwraps the key")
	}
	if _, err := seal.Unwrap(c.Wrapped, "a long passphrase", m.page("dora").device); err == nil {
		t.Fatal("a wrong recovery code unwraps the key")
	}
	fresh := m.page("dora")
	fresh.enrols(m.invites(doraAtRelief))
	if m.reads("dora", code).shut != 0 {
		t.Error("the key that counts was taken away by a link")
	}
	old := m.ids["dora"]
	m.ids["dora"] = fresh.key
	m.sign(nil)
	if !fresh.signsIn() || dora.asks().Wait == "" {
		t.Error("the wrong one signs in")
	}
	if th := m.reads("dora", code); len(th.inside) != 0 || th.shut != 1 {
		t.Error("the new key opens what was sealed before it")
	}
	m.tick()
	m.grantsBy("bea", code)
	if got := m.reads("dora", code).texts(); !slices.Equal(got, []string{"report"}) {
		t.Errorf("sealed again, and dora opens %v", got)
	}
	files := must(m.registry.ReadOut(t.Context(), "dora", code))
	if _, err := seal.OpenHandOut(files[0].Bytes, old); err == nil {
		t.Error("the lost key opens what is handed out")
	}
	m.whole()
}
