package main

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/telegram/telegramtest"
)

// TestSharingStory is stories (d) and (e) of the whole: over the staff bot, with `amana open` on everybody's own machine.
// A report is shared with somebody who joined after it was filed, while its reporter writes again; then a phone is lost,
// and a colleague, asked by the bot, seals everything to the new key.
func TestSharingStory(t *testing.T) {
	t.Parallel()
	s := tale{trial: newTrial(t, trialOptions{staff: []*staffer{
		{id: "ana", org: "example_relief", role: "focal_point"},
		{id: "hana", org: "example_health", role: "focal_point", lang: "ar"},
		{id: "cora", org: "example_health", role: "coordinator"},
	}}), lang: "en", told: "He wanted something for the card, at the gate.", more: "It was on the second day."}
	s.serve()
	s.enrol()
	w := s.walker(8_111_222_444, s.lang, map[string]string{
		"age": "adult", "accused": "ngo", "who": "me", "danger": "no", "matter": "sexual", "concern": "sex_for_aid", "organisation": "example_shelter",
		"involved": "no", "area": "block_a", "story": s.told, "help": "!skip", "call": "no", "consent_complaint": "yes", "nudge": "no",
	})
	w.burst = 3
	receipt, err := w.report(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	ana, hana := s.hands["ana"], s.hands["hana"]
	code := s.noticed(ana)
	s.noticed(hana)

	// Dora joins the mission when the report is there already.
	dora := s.hire(&staffer{id: "dora", org: "example_children", role: "focal_point", lang: "ar"}, 11)
	share := s.writes(ana, code, "-share", "dora")
	w.plan = map[string]string{"menu": "mailbox", "number": receipt, "what": "write", "further": s.more}
	w.trace = nil
	if err := w.walk(s.Context(), func() bool { return w.phone.Seen(s.words(s.lang, "mailbox.sent", nil)) }); err != nil {
		s.Fatal(err)
	}
	ana.phone.SendDocument("share.amana", share)
	s.saw(ana.phone, s.words(ana.lang, "staff.grant.added", speech.Args{"Name": "Name of dora", "Code": code}))
	s.saw(ana.phone, s.words(ana.lang, "staff.grant.missing", speech.Args{"Name": "Name of dora", "Code": code, "Count": "1"}))
	s.saw(dora.phone, s.words(dora.lang, "staff.notice.sealed", speech.Args{"Code": code}))
	s.saw(hana.phone, s.words(hana.lang, "staff.notice.joined", speech.Args{"Code": code}))
	if out := s.shows(dora, code); !strings.Contains(out, s.told) || strings.Contains(out, s.more) {
		s.Errorf("who was shared with reads\n%s", out)
	}
	ana.phone.SendDocument("share.amana", share)
	s.saw(ana.phone, s.words(ana.lang, "staff.grant.already", nil))
	ana.phone.SendDocument("seal.amana", s.writes(ana, code, "-seal"))
	s.saw(ana.phone, s.words(ana.lang, "staff.grant.whole", speech.Args{"Code": code}))
	if out := s.shows(dora, code); !strings.Contains(out, s.told) || !strings.Contains(out, s.more) {
		s.Errorf("who was shared with reads\n%s", out)
	}

	// Hana's phone is lost, and so is her paper: she is invited again, and makes a new key.
	lost := hana.key
	if hana.key, err = seal.NewIdentity(rand.Reader); err != nil {
		s.Fatal(err)
	}
	s.invite(hana)
	s.confirm()
	s.stop()
	s.serve() // its clock looks at once
	s.saw(ana.phone, s.words(ana.lang, "staff.notice.reseal", speech.Args{"Code": code}))
	if status, out, errs := s.open(hana, s.fetch(hana, code)); status != 1 || out != "" || !strings.Contains(errs, "not sealed to you yet") {
		s.Errorf("the new key opens what was there before: %d\n%s%s", status, out, errs)
	}
	ana.phone.SendDocument("seal.amana", s.writes(ana, code, "-seal"))
	s.saw(hana.phone, s.words(hana.lang, "staff.notice.sealed", speech.Args{"Code": code}))
	if out := s.shows(hana, code); !strings.Contains(out, s.told) || !strings.Contains(out, s.more) {
		s.Errorf("with the new key she reads\n%s", out)
	}
	if _, err := seal.OpenHandOut(s.fetch(hana, code), lost); err == nil {
		s.Error("the lost key opens what is handed out")
	}
	for _, e := range w.phone.Transcript() { // of all this the reporter sees nothing
		if e.Message.FromBot && (strings.Contains(e.Message.Text, "Name of ") || e.Message.File != nil) {
			s.Errorf("the reporter was shown %q", e.Message.Text)
		}
	}
}

// hire brings one more person into the roster of a mission at work.
func (t *trial) hire(h *staffer, n int64) *staffer {
	t.Helper()
	var err error
	if h.key, err = seal.NewIdentity(rand.Reader); err != nil {
		t.Fatal(err)
	}
	h.phone = t.api.Bot(staffToken).User(firstStaff+n, telegramtest.UserOptions{FirstName: "Staff " + h.id, Language: h.lang})
	t.hands[h.id] = h
	t.invite(h)
	t.confirm()
	t.saw(h.phone, t.words(h.lang, "staff.confirmed", nil))
	return h
}

// fetch asks for the sealed file in the chat: through the inbox, whose buttons everybody has.
func (t *trial) fetch(h *staffer, code string) []byte {
	t.Helper()
	before := len(files(h.phone))
	h.phone.Send("/inbox")
	_, err := h.phone.Wait(telegramtest.Within(patience), func(telegramtest.Screen) bool {
		return h.phone.TapData("s:read:"+code) == nil
	})
	if err != nil {
		t.Fatalf("%s has no button for the file: %v", h.id, err)
	}
	if _, err := h.phone.Wait(telegramtest.Within(patience), func(telegramtest.Screen) bool { return len(files(h.phone)) > before }); err != nil {
		t.Fatalf("%s got no file: %v", h.id, err)
	}
	all := files(h.phone)
	return all[len(all)-1]
}

// open runs `amana open` on a machine with somebody's key, as `amana keys new` and `amana keys pin` leave it.
func (t *trial) open(h *staffer, file []byte, args ...string) (status int, out, errs string) {
	t.Helper()
	m := machine{dir: t.TempDir(), dice: rand.Reader, now: time.Now}
	device, err := seal.NewDeviceKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := seal.Wrap(h.key, testPassphrase, device, cheap)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.amana")
	for name, data := range map[string][]byte{
		filepath.Join(m.dir, identityFile): wrapped, filepath.Join(m.dir, deviceFile): []byte(device.RecoveryCode()),
		filepath.Join(m.dir, pinFile): []byte(t.coordinator), path: file,
	} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, errs, status = m.run(testPassphrase+"\n", append([]string{"open", "-dir", m.dir, "-lang", "en", path}, args...)...)
	return status, out, errs
}

// writes gets the sealed file, and gives what `amana open` writes for the staff bot.
func (t *trial) writes(h *staffer, code string, args ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out.amana")
	if status, _, errs := t.open(h, t.fetch(h, code), append(args, "-yes", "-out", path)...); status != 0 {
		t.Fatalf("%s: %s", h.id, errs)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// shows gives what somebody reads of a report.
func (t *trial) shows(h *staffer, code string) string {
	t.Helper()
	status, out, errs := t.open(h, t.fetch(h, code))
	if status != 0 || strings.Contains(out+errs, "Do not trust") {
		t.Errorf("%s: %d %s%s", h.id, status, out, errs)
	}
	return strings.Join(strings.Fields(bare(out)), " ")
}
