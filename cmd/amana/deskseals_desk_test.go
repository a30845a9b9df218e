package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// A referral and an outcome, which a page chooses and no program here writes, are taken and shown by all of them.
func TestDeskSealsLegs(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t)
	receipt, code := p.file(t)
	leg := ticket.Leg{Leg: ticket.LegComplaint, To: "তদন্ত দপ্তর", State: ticket.LegSent}
	note := page[[]byte](t, p.sitsAt(t, "amina", code, "note", asked{"leg": leg, "state": "referred"}))
	if taken, err := p.registry.Answer(ctx, "amina", note); err != nil || !taken.Note {
		t.Fatalf("%+v, %v", taken, err)
	}
	if refused := pages(t, p.sitsAt(t, "amina", code, "note", asked{"leg": asked{"leg": "assistance", "to": "x", "state": "sent"}}))[0]; refused.Word != "consent" {
		t.Errorf("without a consent: %+v", refused)
	}
	mail, err := p.registry.Open(ctx, bot.Person{1}, receipt)
	if err != nil || mail.State != "referred" || len(mail.Answers) != 0 {
		t.Errorf("the reporter is told %+v, %v", mail, err)
	}
	end := page[[]byte](t, p.sitsAt(t, "amina", code, "answer", asked{"state": "closed", "outcome": "passed_on", "text": "It is with them."}))
	if _, err := p.registry.Answer(ctx, "amina", end); err != nil {
		t.Fatal(err)
	}
	out, errs, status := p.opens(t, "amina", code, "-json")
	var shown jsonReport
	if err := json.Unmarshal([]byte(out), &shown); err != nil || status != 0 {
		t.Fatalf("%v %s", err, errs)
	}
	if len(shown.Thread) != 2 || shown.Thread[0].Leg == nil || *shown.Thread[0].Leg != leg || shown.Thread[0].State != "referred" ||
		shown.Thread[1].Outcome != "passed_on" || shown.State != "closed" || shown.Forged+shown.Spoilt > 0 {
		t.Errorf("amana open shows %+v", shown.Thread)
	}
	type legs struct {
		State string
		Moves []string
		Later []struct {
			Leg            *ticket.Leg
			State, Outcome string
		}
	}
	seen := page[legs](t, p.sitsAt(t, "amina", code, "open", nil))
	if len(seen.Later) != 2 || seen.Later[0].Leg == nil || *seen.Later[0].Leg != leg || seen.Later[0].State != "referred" || seen.Later[1].Outcome != "passed_on" ||
		seen.State != "closed" || strings.Join(seen.Moves, " ") != "read closed" {
		t.Errorf("the page shows %+v", seen)
	}

	// Both have said how the record ended: that lines are cut off behind it is seen by all.
	type record struct{ Cut bool }
	if page[record](t, p.sitsAt(t, "amina", code, "open", nil)).Cut {
		t.Error("the page misses what is there")
	}
	p.cutTrail(t, p.trailOf(t, "amina", code).Lines-1)
	if !page[record](t, p.sitsAt(t, "amina", code, "open", nil)).Cut {
		t.Error("the page misses nothing of a record that was cut")
	}
	if out, errs, _ := p.opens(t, "amina", code, "-json"); !strings.Contains(out, `"record_changed": true`) || !strings.Contains(errs, "This record was changed") {
		t.Errorf("amana open of a record that was cut: %s", errs)
	}
}

// trailOf gives the end of the record that somebody is handed with a report.
func (p *place) trailOf(t *testing.T, who, code string) seal.Trail {
	t.Helper()
	files, err := p.registry.ReadOut(context.Background(), who, code)
	if err != nil {
		t.Fatal(err)
	}
	id, err := seal.ParseIdentity(p.readers[who].secretOf(t))
	if err != nil {
		t.Fatal(err)
	}
	packet, err := seal.OpenHandOut(files[0].Bytes, id)
	if err != nil {
		t.Fatal(err)
	}
	return packet.Trail
}

// Somebody joins at the desk and signs in: with what the browser keeps, and with nothing that the house could use.
func TestDeskSealsSignIn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t)
	word, err := p.registry.Invite(ctx, ticket.Entry{ID: "eze", Name: "Eze", Org: "example_health", Role: ticket.FocalPoint, Status: ticket.StatusConfirmed}, "en", false)
	if err != nil {
		t.Fatal(err)
	}
	const passphrase = "বাংলা ሰላም سلام"
	made := page[enrolled](t, asked{"do": "enrol", "passphrase": passphrase, "work": cheap})
	var b casework.Browser
	if _, err := rand.Read(b.Secret[:]); err != nil {
		t.Fatal(err)
	}
	proof, err := hex.DecodeString(made.Proof)
	if err != nil {
		t.Fatal(err)
	}
	copy(b.Proof[:], proof)
	device, err := seal.ParseRecoveryCode(made.Code)
	if err != nil || device.Proof() != b.Proof {
		t.Fatalf("the page proves the device otherwise, %v", err)
	}
	person, print, err := p.registry.EnrolAtDesk(ctx, word, made.File, b)
	if err != nil || person != "eze" || print != made.Fingerprint {
		t.Fatalf("%s %s, %v", person, print, err)
	}
	for _, when := range []string{"while the key waits", "once it is confirmed"} {
		c, err := p.registry.Challenge(ctx, person, b.Proof, b.Secret)
		if err != nil || c.Wait != "" {
			t.Fatalf("%s: %+v, %v", when, c, err)
		}
		secret := page[string](t, asked{"do": "unwrapFile", "file": c.Wrapped, "passphrase": passphrase, "code": made.Code})
		if secret != made.Secret {
			t.Errorf("%s: another key is unwrapped", when)
		}
		if answer := page[[]byte](t, asked{"do": "challenge", "secret": secret, "file": c.Sealed}); [32]byte(answer) != c.Secret {
			t.Errorf("%s: the challenge is answered wrongly", when)
		}
		p.confirm(t)
	}
}
