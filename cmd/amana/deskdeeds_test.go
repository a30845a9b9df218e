package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/desk/ui"
	"amana/bot/primero/primerotest"
	"amana/bot/seal"
	"amana/bot/speech"
)

// TestDeskDeeds does at the page what is rarer: a second device, a voice message, a colleague with a new key, keeping a
// report, handing over, opening again, stepping back, and sitting still for too long.
func TestDeskDeeds(t *testing.T) {
	t.Parallel()
	d := newDeskCamp(t, "en", "relief", "health", "standin")
	keptBy := map[string]kept{}
	for _, id := range []string{"standin", "relief", "health"} {
		keptBy[id] = d.joins(id)
		d.signs()
	}
	w := &deskWalk{deskCamp: d, tab: browse(t, browserOptions{})}
	w.secondDevice(keptBy["relief"])
	code := w.voiceMessage()
	w.newKey(code)
	w.keeping(code)
	w.handingOver(code)
	w.steppingBack()
	w.sittingStill()
}

// secondDevice signs in where nobody has signed in before.
func (w *deskWalk) secondDevice(k kept) {
	w.open(w.server.URL + "/")
	w.fill(w.words("desk.in.person"), "Relief ")
	w.fill(w.words("desk.code"), strings.ToLower(strings.ReplaceAll(k.device.RecoveryCode(), "-", " ")))
	w.presses("desk.in.ask")
	w.see(w.words("desk.wait.digits"))
	w.looks("waiting")
	digits := evaluate[string](w.tab, "document.querySelector('.digits').textContent.replace(' ', '')")
	waiting, err := w.registry.Browsers(w.tab.Context())
	if err != nil || len(waiting) != 1 || waiting[0].Digits != digits {
		w.tab.Fatalf("%v wait (%v), the page shows %s", waiting, err, digits)
	}
	if err := w.registry.AllowBrowser(w.tab.Context(), "coordinator", waiting[0].ID, true); err != nil {
		w.tab.Fatal(err)
	}
	w.see(w.words("desk.wait.allowed"))
	w.looks("allowed")
	w.fill(w.words("desk.pass"), deskPassphrase)
	w.presses("desk.in.do")
	w.see(w.words("staff.inbox.empty"))
	lies := evaluate[string](w.tab, "JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie")
	for _, secret := range []string{deskPassphrase, w.people["relief"].Reveal(), k.device.RecoveryCode()} {
		if strings.Contains(lies, secret) {
			w.tab.Error("the browser keeps what opens a key")
		}
		if where, does := w.carries([]byte(secret)); does {
			w.tab.Errorf("what opens a key went to %s", where)
		}
	}
}

// voiceMessage opens a report with a voice message, and listens.
func (w *deskWalk) voiceMessage() string {
	ref, err := w.house.voices.Keep(w.tab.Context(), aSound("said and not written", 20_000))
	if err != nil {
		w.tab.Fatal(err)
	}
	w.receipt = w.files("en", storyEnglish, chosen("age", "adult"), chosen("matter", "favours"), chosen("area", "river_side"),
		agreed("consent_complaint", "May this go to 3 people?", true),
		bot.Fact{Step: "reach", Voices: []bot.VoiceNote{{Ref: ref, Seconds: 42}}})
	lines, err := w.registry.Inbox(w.tab.Context(), "relief")
	if err != nil || len(lines) != 1 {
		w.tab.Fatalf("%d lines, %v", len(lines), err)
	}
	code := lines[0].Code
	w.goes("/report/" + code)
	w.see("Voice message, 0:42")
	w.presses("word.listen")
	w.until("the sound to be there", func() bool {
		return evaluate[bool](w.tab, "(document.querySelector('audio')?.src ?? '').startsWith('blob:')")
	})
	w.looks("voice")
	return code
}

// goes goes to a page by its address.
func (w *deskWalk) goes(path string) {
	evaluate[any](w.tab, fmt.Sprintf("void (location.hash = %q)", path))
}

// newKey lets a colleague come back with another key, for whom everything is sealed again.
func (w *deskWalk) newKey(code string) {
	w.joins("health")
	w.signs()
	w.goes("/inbox")
	w.goes("/report/" + code)
	w.see("cannot open one message yet")
	w.presses("open.choose.seal")
	w.see(w.words("open.seal.ask"))
	w.looks("seal")
	w.presses("desk.seal.do")
	w.see(w.words("staff.grant.whole", speech.Args{"Code": code}))
	w.gone("cannot open one message yet")
	opened, err := w.readAs(w.tab.Context(), "health", code)
	if err != nil || len(opened.lacks()) != 0 {
		w.tab.Fatalf("the colleague lacks %v, %v", opened, err)
	}
}

// keeping keeps the report beyond its time, and ends that.
func (w *deskWalk) keeping(code string) {
	held := func() (reasons []string) {
		all, err := w.registry.Holds(w.tab.Context(), "relief")
		if err != nil {
			w.tab.Fatal(err)
		}
		for _, h := range all {
			if h.Code != code || h.Who != "relief" {
				w.tab.Fatalf("%+v", h)
			}
			reasons = append(reasons, h.Reason)
		}
		return reasons
	}
	told := func(text string) bool {
		return evaluate[bool](w.tab, fmt.Sprintf("[...document.querySelectorAll('.facts div')].some((f) => f.textContent.startsWith(%q))", text))
	}
	says := w.words("desk.hold.held")

	w.does("desk.hold")
	w.presses("desk.hold") // without a reason nothing is kept
	w.until("the reason to be asked for", func() bool {
		return evaluate[string](w.tab, "document.querySelector('.panel .wrong').textContent") != ""
	})
	if got := held(); len(got) != 0 {
		w.tab.Fatalf("kept for %v", got)
	}
	for _, r := range casework.HoldReasons() {
		w.seeRole("radio", w.words("desk.hold."+r))
	}
	w.click("radio", w.words("desk.hold.court"))
	w.looks("hold")
	w.presses("desk.hold")
	w.until("the report to be kept", func() bool { return told(says + w.words("desk.hold.court")) })
	if got := held(); !slices.Equal(got, []string{"court"}) {
		w.tab.Fatalf("kept for %v", got)
	}
	w.looks("held")
	w.does("desk.hold.lift")
	w.until("to be asked once", func() bool { return evaluate[bool](w.tab, "document.querySelector('dialog[open]') !== null") })
	w.looks("hold-lift")
	evaluate[any](w.tab, "document.querySelector('dialog button.danger').click()")
	w.until("the report to be kept no longer", func() bool { return !told(says) })
	if got := held(); len(got) != 0 {
		w.tab.Fatalf("still kept for %v", got)
	}
}

// handingOver closes the report, opens it again, and gives it to a colleague.
func (w *deskWalk) handingOver(code string) {
	w.does("desk.close_it")
	w.fill(w.words("desk.text"), "It is done.")
	w.presses("desk.answer.send")
	w.until("the report to be closed", func() bool { return w.has("button", w.words("desk.reopen")) })
	w.does("desk.reopen")
	w.fill(w.words("desk.text"), "We look at it again.")
	w.presses("desk.answer.send")
	w.until("the report to be open again", func() bool {
		return w.has("button", w.words("desk.refer")) && strings.Contains(w.text(), "We look at it again.")
	})
	w.does("desk.handover")
	w.see(w.words("desk.handover.who"))
	evaluate[any](w.tab, "document.querySelector('.panel input[type=radio]').click()")
	w.looks("handover")
	w.presses("desk.handover.do")
	w.see("from now on")
	w.see(w.words("staff.inbox.empty"))
	w.looks("handed-over")
}

// steppingBack takes a report from the reader.
func (w *deskWalk) steppingBack() {
	w.files("en", storyEnglish, chosen("age", "adult"), chosen("matter", "favours"), agreed("consent_complaint", "May this go to 3 people?", true))
	lines, err := w.registry.Inbox(w.tab.Context(), "relief")
	if err != nil || len(lines) != 1 {
		w.tab.Fatalf("%d lines, %v", len(lines), err)
	}
	code := lines[0].Code
	w.passes(time.Minute) // the page looks for news once a minute
	w.see(code)
	w.seeRole("link", code)
	w.see(w.words("desk.new"))
	w.looks("new-one")
	w.click("link", code)
	w.does("staff.button.recuse")
	w.presses("staff.recuse.yes")
	w.see("does not exist for you here any more")
	w.looks("stepped-back")
	w.presses("desk.close")
	w.see(w.words("staff.inbox.empty"))
	w.tab.may("404 /api/report/")
	w.goes("/report/" + code)
	w.see(w.words("staff.none"))
	w.looks("unknown")
}

// passes puts the clock of the page ahead. That is the clock of its own scripts, not of those of a test.
func (w *deskWalk) passes(d time.Duration) {
	w.tab.Helper()
	_, err := chromedp.Call(w.tab.ctx, runtime.Evaluate, runtime.EvaluateParams{
		Expression: fmt.Sprintf("{ const now = Date.now; Date.now = () => now() + %d; }", d.Milliseconds()),
	})
	if err != nil {
		w.tab.Fatal(err)
	}
}

// sittingStill is signed out after a warning.
func (w *deskWalk) sittingStill() {
	w.goes("/me")
	w.see(w.words("desk.me.code"))
	w.passes(14*time.Minute + 30*time.Second)
	w.see(w.words("desk.idle.text"))
	w.looks("idle")
	w.presses("desk.idle.stay")
	w.until("the dialog to be over", func() bool { return evaluate[bool](w.tab, "document.querySelector('dialog') === null") })
	w.passes(16 * time.Minute)
	w.see(w.words("desk.in.idle"))
	w.looks("signed-out")
	if w.has("link", "Focal point") {
		w.tab.Error("who was signed in can still be seen")
	}
}

// TestDeskAlone opens a sealed file without a server, from pages of one's own machine.
func TestDeskAlone(t *testing.T) {
	t.Parallel()
	d := newDeskCamp(t, "en", "relief")
	k := d.joins("relief")
	d.signs()
	d.files("en", storyEnglish, chosen("age", "adult"), chosen("matter", "favours"), agreed("consent_complaint", "May this go to 3 people?", true))
	lines, err := d.registry.Inbox(t.Context(), "relief")
	if err != nil {
		t.Fatal(err)
	}
	files, err := d.registry.ReadOut(t.Context(), "relief", lines[0].Code)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), files[0].Name)
	if err := os.WriteFile(path, files[0].Bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	wrapped, err := seal.Wrap(d.people["relief"], deskPassphrase, k.device, 10)
	if err != nil {
		t.Fatal(err)
	}
	l := &localDesk{book: d.book, pin: d.camp.coordinator.Public(), wrapped: wrapped, pages: ui.Pages(), stand: ui.Placeholder()}
	if l.words, l.langs, err = localWords(d.book); err != nil {
		t.Fatal(err)
	}
	there := primerotest.New(t)
	env := &call{env: func(name string) string { return withPassword[name] }}
	if l.primero, err = newLocalPrimero(env, wallet{t.TempDir()}, mappingFor(t, there.URL), "example"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	l.hosts = []string{server.Listener.Addr().String()}
	server.Config.Handler = l.handler()
	server.Start()
	defer server.Close()

	b := browse(t, browserOptions{})
	w := &deskWalk{deskCamp: d, tab: b}
	b.may("401 /api/place")
	b.open(server.URL + "/")
	w.see("open the address that it prints")
	w.looks("no-start")
	b.open(server.URL + "/#/start/" + l.newStart())
	b.reload()
	w.see(w.words("desk.file.key"))
	w.looks("alone")
	w.fill(w.words("desk.code"), k.device.RecoveryCode())
	w.fill(w.words("desk.pass"), "not this one at all")
	w.presses("desk.file.key")
	w.see(w.words("desk.in.wrong"))
	w.fill(w.words("desk.pass"), deskPassphrase)
	w.presses("desk.file.key")
	w.upload(w.words("desk.file.choose"), path)
	w.see(storyEnglish)
	w.see(w.words("desk.verified"))
	w.looks("alone-report")
	w.does("open.choose.answer")
	w.fill(w.words("desk.text"), "We have read it.")
	w.presses("desk.save.file")
	w.see(w.words("desk.saved"))
	raw, _ := json.Marshal(b.sent())
	if strings.Contains(string(raw), http.MethodPost+" /api/answer") {
		t.Error("without a server something was sent")
	}

	// From this machine the report goes to a Primero, after somebody has seen what goes.
	w.presses("desk.close")
	w.does("desk.form")
	w.head("desk.form")
	w.until("the mapping of this machine", func() bool { return w.has("button", w.words("desk.primero")) })
	w.presses("desk.primero")
	w.see("/api/v2/cases/referrals")
	w.see("Case management")
	w.looks("primero")
	if evaluate[bool](b, "document.querySelector('dialog pre').textContent.includes('the list was closed')") || there.Count("cases") != 0 {
		t.Error("own words would go, or something went already")
	}
	evaluate[any](b, "document.querySelector('dialog button.danger').click()")
	w.see("Case management\u2069 has it.")
	if there.Count("cases") != 1 || there.Count("incidents") != 1 {
		t.Errorf("%d cases, %d incidents", there.Count("cases"), there.Count("incidents"))
	}
}
