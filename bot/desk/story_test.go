package desk_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// TestStory is the whole of it: an invitation is followed in a browser, the coordinator signs the key, its owner signs in, a
// report is opened, acknowledged and answered there, and its reporter reads the answer. Nothing that opens a key goes over the
// line.
func TestStory(t *testing.T) {
	h := newHall(t)
	ana := h.browser()
	word := h.invited(ticket.Entry{ID: "ana", Name: "Name of ana", Org: "relief", Role: ticket.FocalPoint})
	var guest struct{ Name, Org, Lang string }
	for range 2 { // a look uses nothing up
		ana.post("/api/enter/invitation", fields{"word": word}).into(t, &guest)
	}
	if guest.Name != "Name of ana" || guest.Org != "relief" || guest.Lang != "en" {
		t.Errorf("invited: %+v", guest)
	}
	if got := ana.join(word); got != seal.Fingerprint(ana.identity.Public()) {
		t.Errorf("the fingerprint is %q", got)
	}
	late := h.browser()
	late.post("/api/enter/invitation", fields{"word": word}).is(t, http.StatusNotFound, `{"error":"gone"}`)
	late.identity = must(seal.NewIdentity(rand.Reader))
	proof := late.device.Proof()
	late.post("/api/enter/enrol", fields{"word": word, "file": late.enrolment(), "proof": proof[:], "browser": late.secret[:]}).
		is(t, http.StatusNotFound, `{"error":"gone"}`)

	ana.signIn()
	var me struct {
		Person, Name, Org, Role, Lang, Fingerprint string
		Confirmed, Coordinator, Held               bool
		Idle                                       int
	}
	ana.get("/api/me").into(t, &me)
	if me.Confirmed || me.Person != "ana" || me.Lang != "en" || me.Idle != 15 {
		t.Errorf("before she was confirmed: %+v", me)
	}
	ana.get("/api/inbox").is(t, http.StatusNotFound, `{"error":"unknown"}`)
	ana.get("/api/roster").is(t, http.StatusForbidden, `{"error":"not_allowed"}`)

	for _, e := range []ticket.Entry{
		{ID: "bea", Name: "Name of bea", Org: "health", Role: ticket.FocalPoint},
		{ID: "cora", Name: "Name of cora", Org: "agency", Role: ticket.Coordinator},
	} {
		h.browser().join(h.invited(e))
	}
	h.sign()
	ana.get("/api/me").into(t, &me)
	if !me.Confirmed || me.Role != "focal_point" || me.Fingerprint != seal.Fingerprint(ana.identity.Public()) {
		t.Errorf("confirmed: %+v", me)
	}

	const told = "He wanted something for the card."
	receipt, code := h.files(told)
	var inbox struct {
		Lines []struct {
			Code, Kind, Urgency, Area, AreaLabel, Day, Lang, State, Step, Due string
			Late, Closed                                                      bool
			Lacks                                                             int
		}
	}
	ana.get("/api/inbox").into(t, &inbox)
	if len(inbox.Lines) != 1 {
		t.Fatalf("the inbox holds %d lines", len(inbox.Lines))
	}
	if l := inbox.Lines[0]; l.Code != code || l.Kind != "sea" || l.Area != "camp" || l.AreaLabel != "The camp" || l.Day != "2026-11-20" ||
		l.State != "received" || l.Due == "" || l.Late || l.Closed || l.Lacks != 0 {
		t.Errorf("in the inbox: %+v", l)
	}
	o := ana.open(code)
	if got := o.body.Answers[len(o.body.Answers)-1].Text; got != told {
		t.Errorf("opened: %q", got)
	}
	var again struct{ Again bool }
	ana.post("/api/report/"+code+"/acknowledge", struct{}{}).into(t, &again)
	if again.Again {
		t.Error("acknowledged before")
	}
	ana.post("/api/report/"+strings.ToLower(code)+"/acknowledge", struct{}{}).into(t, &again)
	if !again.Again {
		t.Error("acknowledged for the first time again")
	}

	file := ana.write(o, "We believe you.", ticket.Read)
	var taken struct {
		Code        string
		Note, Again bool
		Missing     []string
	}
	ana.send("/api/answer", file).into(t, &taken)
	if taken.Code != code || taken.Note || taken.Again || taken.Missing == nil || len(taken.Missing) != 0 {
		t.Errorf("taken: %+v", taken)
	}
	ana.send("/api/answer", file).into(t, &taken)
	if !taken.Again {
		t.Error("the same file was taken twice")
	}
	file[len(file)-1] ^= 1
	ana.send("/api/answer", file).is(t, http.StatusUnprocessableEntity, `{"error":"refused","reason":"signature"}`)
	if mail := h.mailbox(receipt); len(mail.Answers) != 1 || mail.Answers[0].Text != "We believe you." {
		t.Errorf("the reporter reads %+v", mail)
	}
	if got := ana.open(code).texts; len(got) != 1 || got[0] != "We believe you." {
		t.Errorf("the thread: %q", got)
	}
	var trail struct {
		Entries []struct{ Day, Who, Name, Did string }
		Whole   bool
	}
	ana.get("/api/report/"+code+"/trail").into(t, &trail)
	if !trail.Whole || len(trail.Entries) < 4 {
		t.Errorf("the trail: %+v", trail)
	}
	var last struct{}
	ana.post("/api/leave", fields{"everywhere": false}).into(t, &last)
	ana.get("/api/me").is(t, http.StatusUnauthorized, `{"error":"sign_in"}`)

	if secret := base64.StdEncoding.EncodeToString(ana.secret[:]); !strings.Contains(h.wire.sent.String(), secret) {
		t.Error("the line is not listened to")
	}
	// What would open a key, or what was told, in every form in which it could have gone over the line.
	for name, secret := range map[string][]byte{
		"the passphrase": []byte(ana.passphrase), "the device key": ana.device.Reveal(), "the recovery code": []byte(ana.device.RecoveryCode()),
		"the key":                         []byte(ana.identity.Reveal()),
		"the recovery code without marks": []byte(strings.ReplaceAll(ana.device.RecoveryCode(), "-", "")),
		"what was told":                   []byte(told), "the answer": []byte("We believe you."),
	} {
		for _, form := range []string{
			string(secret), hex.EncodeToString(secret), base64.StdEncoding.EncodeToString(secret), base64.RawURLEncoding.EncodeToString(secret),
		} {
			if strings.Contains(h.wire.sent.String(), form) || strings.Contains(h.wire.got.String(), form) {
				t.Errorf("%s went over the line", name)
			}
		}
	}
	h.quiet(code, "ana", "Name of ana", "bea", word, receipt, "127.0.0.1")
}

// quiet looks for what the log must not hold.
func (h *hall) quiet(words ...string) {
	h.t.Helper()
	for _, w := range words {
		if strings.Contains(h.log.String(), w) {
			h.t.Errorf("the log holds %q:\n%s", w, h.log)
		}
	}
}
