package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// secretOf unwraps the key on somebody's machine.
func (m machine) secretOf(t *testing.T) string {
	t.Helper()
	id, err := (wallet{m.dir}).identity(&call{stdin: strings.NewReader(testPassphrase + "\n"), env: func(string) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	return id.Reveal()
}

// sitsAt gives what the pages need to open a report as somebody, with what is to be done.
func (p *place) sitsAt(t *testing.T, who, code, do string, what any) asked {
	t.Helper()
	files, err := p.registry.ReadOut(context.Background(), who, code)
	if err != nil {
		t.Fatal(err)
	}
	var raw [][]byte
	for _, f := range files {
		raw = append(raw, f.Bytes)
	}
	return asked{"do": do, "files": raw, "secret": p.readers[who].secretOf(t), "coordinator": p.public, "what": what}
}

// What the pages write is taken by the house as what `amana open` writes, and read by everybody.
func TestDeskSealsAreTaken(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t)
	receipt, code := p.file(t)

	answer := page[[]byte](t, p.sitsAt(t, "amina", code, "answer", asked{"text": "شكرًا.\r\nনমস্কার ሰላም", "state": "read"}))
	taken, err := p.registry.Answer(ctx, "amina", answer)
	if err != nil || taken.Note || len(taken.Missing) > 0 || taken.Code != code {
		t.Fatalf("%+v, %v", taken, err)
	}
	a, err := seal.ParseAnswer(answer)
	if err != nil || len(a.Header.Nudge) != seal.NudgeSize || !slices.IsSorted(readerIDs(a.Header)) {
		t.Errorf("%+v, %v", a.Header, err)
	}
	if taken, err = p.registry.Answer(ctx, "amina", answer); err != nil || !taken.Again {
		t.Errorf("the same once more: %+v, %v", taken, err)
	}
	mail, err := p.registry.Open(ctx, bot.Person{1}, receipt)
	if err != nil || len(mail.Answers) != 1 || mail.Answers[0].Text != "شكرًا.\nনমস্কার ሰላም" || mail.Answers[0].Lang != "ar" {
		t.Errorf("the reporter reads %+v, %v", mail, err)
	}
	note := page[[]byte](t, p.sitsAt(t, "amina", code, "note", asked{"text": "for us alone", "lang": "en"}))
	if taken, err = p.registry.Answer(ctx, "amina", note); err != nil || !taken.Note {
		t.Errorf("%+v, %v", taken, err)
	}

	// Sharing with somebody who joins, and sealing again what arrived meanwhile.
	p.join(t, ticket.Entry{ID: "dora", Name: "Dora ዶራ", Org: "example_health", Role: ticket.FocalPoint}, 9)
	p.confirm(t)
	shares := page[[][]byte](t, p.sitsAt(t, "amina", code, "share", asked{"entry": "dora"}))
	p.letter(t, receipt, "وصلت رسالة أخرى")
	g, err := p.registry.Grant(ctx, "amina", shares[0])
	if err != nil || len(shares) != 1 || len(g.Added) != 1 || g.Copies != 3 || len(g.Missing) != 1 {
		t.Fatalf("%d files, %+v, %v", len(shares), g, err)
	}
	copies := page[[][]byte](t, p.sitsAt(t, "amina", code, "copies", nil))
	if g, err = p.registry.Grant(ctx, "amina", copies[0]); err != nil || g.Copies != 1 || len(g.Missing) != 0 {
		t.Errorf("%+v, %v", g, err)
	}
	if none := page[[][]byte](t, p.sitsAt(t, "amina", code, "copies", nil)); len(none) != 0 {
		t.Error("nobody lacks anything, and something was sealed")
	}
	out, errs, status := p.opens(t, "dora", code)
	if status != 0 || strings.Contains(out+errs, "Do not trust") || strings.Contains(out, "not sealed to you") {
		t.Errorf("dora reads\n%s%s", out, errs)
	}
	for _, want := range []string{"شكرًا.", "for us alone", "طلبوا مالًا مقابل البطاقة", "وصلت رسالة أخرى", "A reader was added"} {
		if !strings.Contains(out, want) {
			t.Errorf("dora does not read %q:\n%s", want, out)
		}
	}
	seen := page[opening](t, p.sitsAt(t, "dora", code, "open", nil))
	if len(seen.Later) != 4 || seen.Forged+seen.Spoilt+seen.Unsealed > 0 || seen.Me != "dora" {
		t.Errorf("dora's page shows %+v", seen)
	}
}

// An enrolment from a page is followed to the roster, which the coordinator's page signs.
func TestDeskSealsEnrolAndSign(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t)
	e := ticket.Entry{ID: "eze", Name: "এজে أمينة ሰላም", Org: "example_health", Role: ticket.FocalPoint, Areas: []string{"town", "block_a"}, Status: ticket.StatusConfirmed}
	word, err := p.registry.Invite(ctx, e, "en", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.registry.Follow(ctx, "telegram:eze", word); err != nil {
		t.Fatal(err)
	}
	const passphrase = "ｃａｆé ሰላም পরিচয়"
	made := page[enrolled](t, asked{"do": "enrol", "passphrase": passphrase, "work": cheap})
	print, err := p.registry.Enrol(ctx, "telegram:eze", made.File)
	if err != nil || print != made.Fingerprint {
		t.Fatalf("%q, %v", print, err)
	}
	device, err := seal.ParseRecoveryCode(made.Code)
	if err != nil || device.RecoveryCode() != made.Code {
		t.Fatal(err)
	}
	enrolment, err := seal.ParseEnrolment(made.File)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := seal.Unwrap(enrolment.Wrapped, "café ሰላም পরিচয়", device); err != nil || id.Reveal() != made.Secret || id.Public() != made.Public {
		t.Errorf("it does not unwrap: %v", err)
	}

	full := page[enrolled](t, asked{"do": "enrol", "passphrase": passphrase, "work": seal.WrapWork}) // once, as everybody does it
	if device, err = seal.ParseRecoveryCode(full.Code); err != nil {
		t.Fatal(err)
	}
	if enrolment, err = seal.ParseEnrolment(full.File); err != nil {
		t.Fatal(err)
	}
	if id, err := seal.Unwrap(enrolment.Wrapped, passphrase, device); err != nil || id.Public() != full.Public {
		t.Errorf("wrapped with full work, it does not unwrap: %v", err)
	}

	key, err := coordinatorKey(&call{stdin: strings.NewReader(testPassphrase + "\n"), env: func(string) string { return "" }}, p.coordinator.dir)
	if err != nil {
		t.Fatal(err)
	}
	proposal, err := p.registry.Propose(ctx)
	if err != nil {
		t.Fatal(err)
	}
	type rows struct {
		Version, Compare int
		Since            string
		Rows             []struct{ Word, Fingerprint string }
	}
	choices := []struct{ revoke, refuse []string }{
		{}, {refuse: []string{"eze"}}, {revoke: []string{"bashir"}}, {revoke: []string{"chair"}, refuse: []string{"eze"}},
	}
	ask := []asked{{"do": "rows", "proposal": proposal, "coordinator": p.public}}
	for _, c := range choices {
		ask = append(ask, asked{"do": "sign", "proposal": proposal, "secret": key.Reveal(), "choice": asked{
			"revoke": c.revoke, "refuse": c.refuse,
		}})
	}
	got := pages(t, ask...)
	var shown rows
	unmarshal(t, got[0].OK, &shown)
	if last := shown.Rows[len(shown.Rows)-1]; shown.Version != 2 || shown.Since != "unremembered" || shown.Compare != 1 || last.Word != "joins" || last.Fingerprint != print {
		t.Errorf("%+v", shown)
	}
	signed := make([]store.Signed, len(choices))
	for n, c := range choices {
		same := proposal
		same.Refuse = c.refuse
		want, err := casework.Sign(key, same, c.revoke...)
		if err != nil {
			t.Fatal(err)
		}
		unmarshal(t, got[n+1].OK, &signed[n])
		if asJSON(t, signed[n]) != asJSON(t, want) { // Ed25519 signs the same alike
			t.Errorf("%+v: the page signs\n%s\namana confirm\n%s", c, asJSON(t, signed[n]), asJSON(t, want))
		}
	}
	if err := p.registry.Apply(ctx, signed[0]); err != nil {
		t.Fatal(err)
	}
	now, ok := p.registry.Roster().Find("eze")
	if !ok || !now.Usable() || now.Key != made.Public || now.Name != e.Name {
		t.Errorf("%+v", now)
	}

	// The coordinator's own file opens in the page, with what stands on paper.
	file, err := os.ReadFile(filepath.Join(p.coordinator.dir, signerFile))
	if err != nil {
		t.Fatal(err)
	}
	if d, err := (wallet{p.coordinator.dir}).device(signerDevice, ""); err != nil {
		t.Fatal(err)
	} else if public := page[string](t, asked{"do": "coordinator", "file": file, "passphrase": testPassphrase, "code": d.RecoveryCode()}); public != p.public {
		t.Errorf("it unwraps %s", public)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
