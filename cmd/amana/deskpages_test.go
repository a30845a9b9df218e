package main

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// The coordinator at the desk: a key that waits is compared and signed in, somebody is invited, a browser is allowed, and
// somebody is taken out. The signing key and its passphrase leave the page in nothing that is sent, and stay in no storage
// but locked.
func TestDeskCoordinator(t *testing.T) {
	t.Parallel()
	d := newDeskCamp(t, "en", "relief", "coordinator")
	cora := d.joins("coordinator")
	d.signs()
	d.joins("relief")
	pass, files := "a passphrase of the signer", d.signer("a passphrase of the signer")

	b := browse(t, browserOptions{Width: 360, Height: 740, Lang: "en"})
	d.enters(b, cora)
	b.see(d.words("desk.inbox.by")) // an empty list worries nobody who stands by
	b.axe()
	b.shot("stands-by")
	b.open(d.server.URL + "/#/roster")
	b.see(d.words("desk.sign.compare"))
	b.see(seal.Fingerprint(d.people["relief"].Public()))
	b.axe()
	b.click("button", d.words("desk.sign.do"))
	b.see(d.words("desk.sign.left"))
	b.click("radio", d.words("desk.sign.same"))
	b.shot("compared")
	b.click("button", d.words("desk.sign.do"))
	b.seeRole("heading", d.words("desk.signer"))
	b.upload(d.words("desk.signer.file"), files...)
	b.fill(d.words("desk.pass"), "another passphrase")
	b.click("checkbox", d.words("desk.signer.keep"))
	b.shot("signer")
	b.axe()
	inDialog := `document.querySelector('dialog button[type=submit]').click()`
	evaluate[any](b, inDialog)
	b.see(d.words("desk.in.wrong"))
	b.fill(d.words("desk.pass"), pass)
	evaluate[any](b, inDialog)
	b.see(d.words("desk.sign.none"))
	if e, ok := d.registry.Roster().Find("relief"); !ok || !e.Usable() {
		t.Fatal("who was compared is not in the list")
	}
	d.keepsNothing(b, pass)

	// Whoever is taken out is so only when that is signed.
	b.until("the reader to be there", func() bool {
		return evaluate[bool](b, fmt.Sprintf(`[...document.querySelectorAll('.person')].some((p) => p.textContent.includes(%q))`, seal.Fingerprint(d.people["relief"].Public())))
	})
	evaluate[any](b, fmt.Sprintf(`[...document.querySelectorAll('.person')].find((p) => p.textContent.includes(%q)).querySelector('button.danger').click()`, seal.Fingerprint(d.people["relief"].Public())))
	b.see(d.words("desk.revoke.text"))
	b.shot("revoke")
	evaluate[any](b, `document.querySelector('dialog button.danger').click()`)
	b.see(d.words("desk.sign.word.revoked"))
	b.click("button", d.words("desk.sign.do"))
	b.see(d.words("desk.signer.kept"))
	b.fill(d.words("desk.pass"), pass)
	evaluate[any](b, inDialog)
	b.see(d.words("desk.sign.none"))
	if e, _ := d.registry.Roster().Find("relief"); e.Usable() {
		t.Error("who was taken out still reads")
	}
	d.keepsNothing(b, pass)

	b.click("button", d.words("desk.invite"))
	b.fill(d.words("desk.form.name"), "Ana Example")
	b.choose(d.words("desk.org"), "Example Relief")
	b.shot("invite")
	b.axe()
	b.click("button", d.words("desk.invite.make"))
	b.see(d.words("desk.invite.once"))
	b.shot("invited")
	link := evaluate[string](b, `document.querySelector('input[readonly]').value`)
	_, word, _ := strings.Cut(link, "/#/join/")
	if guest, err := d.registry.Peek(t.Context(), word); err != nil || guest.ID != "ana-example" || guest.Org != "example_relief" {
		t.Errorf("the link %q leads to %+v, %v", link, guest, err)
	}

	// A second browser of the coordinator waits, with the same recovery code.
	var other [32]byte
	other[0] = 1
	waits, err := d.registry.Challenge(t.Context(), "coordinator", cora.device.Proof(), other)
	if err != nil || waits.Wait == "" {
		t.Fatal(waits, err)
	}
	b.open(d.server.URL + "/#/inbox")
	b.open(d.server.URL + "/#/roster")
	b.see(waits.Wait[:3] + " " + waits.Wait[3:])
	b.shot("browsers")
	b.axe()
	b.click("button", d.words("desk.allow"))
	b.until("the browser to be allowed", func() bool {
		c, err := d.registry.Challenge(t.Context(), "coordinator", cora.device.Proof(), other)
		return err == nil && c.Wait == ""
	})
}

// signer writes the coordinator's key as `amana keys coordinator` does, with a lock that opens quickly.
func (d *deskCamp) signer(pass string) []string {
	d.Helper()
	device, err := seal.NewDeviceKey(rand.Reader)
	if err != nil {
		d.Fatal(err)
	}
	wrapped, err := seal.WrapCoordinator(d.coordinator, pass, device, 10)
	if err != nil {
		d.Fatal(err)
	}
	dir := d.TempDir()
	files := []string{filepath.Join(dir, signerFile), filepath.Join(dir, signerDevice)}
	for i, data := range [][]byte{wrapped, []byte(device.RecoveryCode() + "\n")} {
		if err := os.WriteFile(files[i], data, 0o600); err != nil {
			d.Fatal(err)
		}
	}
	return files
}

// keepsNothing fails if the signing key or its passphrase was sent, or lies in a storage of the browser.
func (d *deskCamp) keepsNothing(b *tab, pass string) {
	d.Helper()
	kept := evaluate[string](b, `JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])`)
	for what, secret := range map[string][]byte{"passphrase": []byte(pass), "signing key": []byte(d.coordinator.Reveal())} {
		if where, does := b.carries(secret); does {
			d.Errorf("the %s was sent in %s", what, where)
		}
		if strings.Contains(kept, string(secret)) || strings.Contains(kept, base64.StdEncoding.EncodeToString(secret)) {
			d.Errorf("the %s lies in the storage of the browser", what)
		}
	}
}

// TestDeskPages looks at readers, services, numbers and the record in two scripts and widths, and does what can be done there.
func TestDeskPages(t *testing.T) {
	t.Parallel()
	for _, look := range []struct {
		lang  string
		width int64
	}{{"en", 360}, {"ar", 360}, {"ar", 1200}} {
		t.Run(fmt.Sprintf("%s-%d", look.lang, look.width), func(t *testing.T) {
			t.Parallel()
			d := newDeskCamp(t, look.lang, "relief")
			relief := d.joins("relief")
			d.signs()
			d.busy()
			b := browse(t, browserOptions{Width: look.width, Height: 740, Lang: look.lang, Desktop: look.width > 800})
			d.enters(b, relief)
			see := func(name, hash, words string) {
				b.open(d.server.URL + "/#/" + hash)
				b.see(words)
				b.rests()
				b.shot(name)
				b.axe()
				b.wide()
			}
			see("roster", "roster", d.words("desk.verified"))
			see("numbers", "numbers", d.words("desk.numbers.gaps"))
			if n := evaluate[int](b, `document.querySelectorAll('figure.chart svg[role=img] title').length`); n != 5 {
				t.Errorf("%d pictures", n)
			}
			see("record", "record", d.words("desk.trail.whole"))
			see("services", "services", d.words("desk.services.stale"))
			if look.lang == "en" {
				d.corrects(b)
			}
			(&deskWalk{deskCamp: d, tab: b}).lowTray()
			b.open(d.server.URL + "/#/roster")
			d.isAway(b)
		})
	}
}

// busy files some reports, and lets people look for what is not there.
func (d *deskCamp) busy() {
	d.Helper()
	for n := range 14 {
		area := []string{"block_a", "block_b", "river_side"}[min(n/6, 2)]
		matter := []string{"sexual", "favours"}[n%2]
		if n == 9 {
			d.skew += 30 * 24 * time.Hour
		}
		d.files("en", "It was like this.", chosen("age", "adult"), chosen("matter", matter), chosen("area", area), chosen("involved", "no"), agreed("consent_complaint", "May this go to them?", true))
	}
	lines, err := d.registry.Desk(d.Context(), "relief", true)
	if err != nil || len(lines) < 14 {
		d.Fatal(len(lines), err)
	}
	for _, l := range lines[:8] {
		if _, err := d.registry.Acknowledge(d.Context(), "relief", l.Code); err != nil {
			d.Fatal(err)
		}
	}
	if err := d.store.Update(d.Context(), store.ID{}, func(w *store.Write) error {
		for n := range 9 {
			if err := w.CountGap(d.now(), []string{"legal", "cash education"}[n/7], "block_a"); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		d.Fatal(err)
	}
}

// corrects puts a number right, and says that a service was checked.
func (d *deskCamp) corrects(b *tab) {
	d.Helper()
	b.fill(d.words("desk.form.name"), "pharmacy")
	b.until("one service", func() bool { return evaluate[int](b, `document.querySelectorAll('main li.card').length`) == 1 })
	evaluate[any](b, `document.querySelector('main li.card details').open = true`)
	b.fill(d.words("desk.services.phones"), "ask inside")
	b.may("422")
	b.click("button", d.words("desk.services.save"))
	b.see(d.words("desk.services.wrong"))
	b.shot("wrong")
	b.axe()
	b.fill(d.words("desk.services.phones"), "000-0099")
	b.click("button", d.words("desk.services.save"))
	b.see("0000099")
	b.click("checkbox", d.words("desk.services.right"))
	b.click("button", d.words("desk.services.verify"))
	b.until("the service to be checked", func() bool {
		return evaluate[int](b, `document.querySelectorAll('main li.card .badge.warn').length`) == 0
	})
	b.shot("checked")
	s, _ := serviceOf(d.house, "pharmacy")
	if s.Phones[0].Number != "0000099" || s.VerifiedOn != d.today() || s.VerifiedBy != "Example Relief" {
		d.Errorf("in force: %+v", s)
	}
}

// isAway says that the reader is away for three days, and looks whether everybody sees it.
func (d *deskCamp) isAway(b *tab) {
	d.Helper()
	until := ticket.DayOf(d.now().AddDate(0, 0, 3))
	b.see(d.words("desk.away.say"))
	evaluate[any](b, fmt.Sprintf(`(() => {
		const form = document.querySelector('.person details'); form.open = true;
		form.querySelector('input[type=date]').value = %q;
		[...form.querySelectorAll('button')][0].click();
	})()`, until.Time().Format(time.DateOnly)))
	b.until("the absence to be known", func() bool {
		got, away := d.registry.AbsentUntil("relief")
		return away && got == until
	})
	b.until("the absence to be seen", func() bool { return evaluate[bool](b, `document.querySelector('.person .badge.warn') !== null`) })
	b.shot("away")
}
