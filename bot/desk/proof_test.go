package desk_test

import (
	"net/http"
	"strings"
	"testing"
)

// Whoever has signed in brings back the digits that were sent to the place of their notices, in the digits of their own
// script; nobody else can, and nobody learns whose they are.
func TestProof(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana, bea := people["ana"], people["bea"]
	proves := func(b *browser) bool {
		var me struct {
			Proves, Elsewhere bool
		}
		b.get("/api/me").into(t, &me)
		if me.Proves && me.Elsewhere {
			t.Error("told elsewhere before the proof")
		}
		return me.Proves
	}
	if proves(ana) {
		t.Error("digits are waited for that nobody asked for")
	}
	ok(t, h.registry.TellAt(t.Context(), "operator", "ana", "mail:ana@example.org", false))
	digits := ""
	for _, n := range must(h.registry.Notices(t.Context(), 50, nil)) {
		if n.Event == "proof" {
			digits = n.Code
		}
	}
	if !proves(ana) || proves(bea) || len(digits) != 6 {
		t.Fatalf("digits %q", digits)
	}
	type brought struct {
		Digits string `json:"digits"`
	}
	wrong := strings.Map(func(r rune) rune { return '0' + (r-'0'+1)%10 }, digits)
	bea.post("/api/proof", brought{digits}).is(t, http.StatusOK, `{"not":"none"}`)
	ana.post("/api/proof", brought{wrong}).is(t, http.StatusOK, `{"not":"wrong"}`)
	ana.post("/api/proof", brought{""}).is(t, http.StatusOK, `{"not":"wrong"}`)
	h.browser().post("/api/proof", brought{digits}).is(t, http.StatusUnauthorized, signIn)
	arabic := strings.Map(func(r rune) rune { return '\u0660' + r - '0' }, digits)
	ana.post("/api/proof", brought{" " + arabic[:len(arabic)/2] + " " + arabic[len(arabic)/2:]}).is(t, http.StatusOK, `{"not":""}`)
	if proves(ana) {
		t.Error("digits are waited for still")
	}
	ana.post("/api/proof", brought{digits}).is(t, http.StatusOK, `{"not":"none"}`)
	if strings.Contains(h.log.String(), digits) || strings.Contains(h.log.String(), "example.org") {
		t.Error("the log holds digits or an address")
	}
}
