package main

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/store"
	"amana/bot/ticket"
)

// markedPass is the passphrase of the one who joins; it must never leave their browser, in no form.
const markedPass = "marked orchard lantern passphrase"

// storied is one whole story in the browser: a mission with its desk and its chat page, and who takes part.
type storied struct {
	*testing.T
	*stage
	lang string
	at   string // address of the demonstration: /desk/ and /phone/
	wire *wire
}

// wire keeps every body that came to the server, whatever the browser says of it.
type wire struct {
	next http.Handler
	mu   sync.Mutex
	all  [][]byte
}

func (w *wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	if r.Body != nil {
		_, _ = body.ReadFrom(r.Body)
		r.Body = readCloser{bytes.NewReader(body.Bytes())}
	}
	w.mu.Lock()
	w.all = append(w.all, append([]byte(r.Method+" "+r.URL.String()+"\n"), body.Bytes()...))
	w.mu.Unlock()
	w.next.ServeHTTP(rw, r)
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

func newStory(t *testing.T, lang string) *storied {
	t.Helper()
	s := &stage{call: &call{stderr: testLog{t}}, camping: campOptions{profile: "example", lang: lang, kiln: seal.QuickKiln()}}
	w := &wire{}
	server := httptest.NewServer(w)
	s.host = server.Listener.Addr().String()
	if err := s.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.next = s.handler()
	t.Cleanup(func() {
		server.Close()
		if err := s.play.Close(); err != nil {
			t.Error(err)
		}
	})
	return &storied{T: t, stage: s, lang: lang, at: server.URL, wire: w}
}

// say gives a text of the catalog in the language of the story, as a page shows it.
func (s *storied) say(key string, values speech.Args) string {
	s.Helper()
	text, err := s.play.book.Text(s.lang, key, values)
	if err != nil {
		s.Fatal(err)
	}
	return plainly(text)
}

// TestBrowserStory walks the whole story on both pages, on a window as large as a phone's: somebody joins by invitation and
// is confirmed; a person reports; the one who joined opens, acknowledges and answers it; the person reads the answer with
// their number; then note, referral, share, closing and opening again. No request carries what must stay in a browser.
func TestBrowserStory(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ar"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := newStory(t, lang)
			amal := s.joins()
			s.confirms()
			phone := s.reports()
			code := s.opens(amal)
			s.answers(amal, code)
			s.readsAnswer(phone)
			s.goesOn(amal, code)
			s.keptApart(amal, phone)
		})
	}
}

// joins follows an invitation in a new browser: a passphrase, a recovery code on paper, digits to be compared.
func (s *storied) joins() *tab {
	s.Helper()
	word, err := s.play.registry.Invite(s.Context(), ticket.Entry{
		ID: "amal", Name: "Invented Amal", Org: "example_relief", Role: ticket.FocalPoint, Backup: "standin", Langs: []string{s.lang},
	}, s.lang, false)
	if err != nil {
		s.Fatal(err)
	}
	b := browse(s.T, browserOptions{Lang: s.lang})
	b.open(s.at + "/desk/#/join/" + word)
	b.seeRole("heading", s.say("desk.join.hello", speech.Args{"Name": "Invented Amal"}))
	b.axe()
	b.wide()
	b.shot("join")
	b.fill(s.say("desk.pass.new", nil), markedPass)
	b.fill(s.say("desk.pass.again", nil), markedPass)
	b.click("button", s.say("desk.join.make", nil))
	b.seeRole("heading", s.say("desk.paper", nil))
	groups := evaluate[[]string](b, "[...document.querySelectorAll('ol.groups li')].map((e) => e.textContent)")
	if _, err := seal.ParseRecoveryCode(strings.Join(groups, "-")); err != nil {
		s.Fatalf("the recovery code on the page: %v", err)
	}
	b.axe()
	b.shot("paper")
	for n, group := range groups {
		if name := s.say("desk.paper.type", speech.Args{"Number": strconv.Itoa(n + 1)}); b.has("textbox", name) {
			b.fill(name, group)
		}
	}
	b.click("button", s.say("desk.paper.kept", nil))
	b.seeRole("heading", s.say("desk.joined", nil))
	p, found := s.pending("amal")
	if !found {
		s.Fatal("no key waits for the coordinator")
	}
	b.see(seal.Fingerprint(p.Key))
	b.axe()
	b.shot("joined")
	return b
}

// pending gives the entry of somebody whose key waits.
func (s *storied) pending(id string) (e ticket.Entry, found bool) {
	s.Helper()
	proposal, err := s.play.registry.Propose(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	for _, e := range proposal.Pending {
		if e.ID == id {
			return e, true
		}
	}
	return e, false
}

// sits lets somebody of the camp sign in from a browser of their own, which their coordinator has allowed.
func (s *storied) sits(id string) *tab {
	s.Helper()
	e, _ := s.play.entry(id)
	k, err := s.play.seat(s.Context(), e)
	if err != nil {
		s.Fatal(err)
	}
	kept, err := json.Marshal(k)
	if err != nil {
		s.Fatal(err)
	}
	b := browse(s.T, browserOptions{Lang: s.lang})
	b.open(s.at + "/desk/")
	s.sitsAt(b, string(kept))
	return b
}

// sitsAt gives a browser what it keeps of somebody, and lets them sign in.
func (s *storied) sitsAt(b *tab, kept string) {
	s.Helper()
	evaluate[any](b, "localStorage.setItem('amana-desk', "+strconv.Quote(kept)+")")
	b.reload()
	s.signsIn(b, demoPassphrase)
}

// signsIn types a passphrase, and sees the inbox.
func (s *storied) signsIn(b *tab, passphrase string) {
	s.Helper()
	b.fill(s.say("desk.pass", nil), passphrase)
	b.click("button", s.say("desk.in.do", nil))
	b.seeRole("heading", s.say("desk.nav.reports", nil))
}

// confirms lets the coordinator compare the digits of the key that waits, and sign it into the list of readers in their own
// browser, with the signing key out of a file.
func (s *storied) confirms() {
	s.Helper()
	e, _ := s.pending("amal")
	key := filepath.Join(s.TempDir(), "coordinator.key")
	if err := os.WriteFile(key, []byte(s.play.coordinator.Reveal()+"\n"), 0o600); err != nil {
		s.Fatal(err)
	}
	b := s.sits("coordinator")
	b.click("link", s.say("desk.nav.roster", nil))
	b.see(seal.Fingerprint(e.Key))
	b.axe()
	b.wide()
	b.shot("roster")
	b.click("radio", s.say("desk.sign.same", nil))
	b.click("button", s.say("desk.sign.do", nil))
	b.upload(s.say("desk.signer.file", nil), key)
	b.axe()
	b.shot("signing")
	b.click("button", s.say("desk.sign.do", nil))
	b.see(s.say("desk.sign.done", nil))
	if _, waits := s.pending("amal"); waits {
		s.Fatal("the key waits still")
	}
	if where, does := b.carries([]byte(s.play.coordinator.Reveal())); does {
		s.Errorf("the coordinator's signing key went out with %s", where)
	}
}

// story is what the person answers, by step. What is not named here is skipped; the last words are sent.
var storyAnswers = map[string]string{
	"safe_now": "yes", "menu": "report", "begin": "go_on", "age": "adult", "who": "me", "danger": "no", "matter": "favours",
	"organisation": "example_health", "accused": "ngo", "involved": "no", "consent_complaint": "yes", "consent_help": "yes", "check": "send", "call": "no", "nudge": "no",
}

// storyWords is what the person tells; the coordinator's language does not matter.
const storyWords = "He asked for my card. مرحبا."

// reports walks the report on the chat page, and gives it with the number that it shows.
func (s *storied) reports() *tab {
	s.Helper()
	b := browse(s.T, browserOptions{Lang: s.lang})
	b.open(s.at + "/phone/")
	b.axe()
	b.shot("languages")
	l, _ := s.play.book.Language(s.lang)
	b.click("button", l.Name)
	s.tells(b)
	b.axe()
	b.wide()
	b.shot("sent")
	return b
}

// tells walks the report from its first question to its number.
func (s *storied) tells(b *tab) {
	s.Helper()
	b.until("the first question", func() bool { return len(b.standing().taps) > 0 })
	told, before := false, s.number()
	for turn := 0; s.number() == before; turn++ {
		if turn > 60 {
			s.Fatalf("the conversation does not end; the page shows\n%s", b.text())
		}
		at := b.standing()
		if at.step == "story" && !told {
			b.fill(s.say("page.write", nil), storyWords)
			b.click("button", s.say("word.send", nil))
			told = true
		} else {
			b.tapData(at.pick(storyAnswers, told))
		}
		b.until("the next question", func() bool { return s.number() != before || b.standing().mark != at.mark })
	}
	b.see(grouped(s.number()))
}

// number gives the latest number that was shown.
func (s *storied) number() string {
	s.play.mu.Lock()
	defer s.play.mu.Unlock()
	return s.play.receipt
}

// opens finds the report at the desk of whoever joined, who signs in for it, and reads it.
func (s *storied) opens(b *tab) (code string) {
	s.Helper()
	all, err := s.play.reports(s.Context())
	if err != nil || len(all) != 1 {
		s.Fatalf("%d reports, %v", len(all), err)
	}
	code = string(all[0].Code)
	b.click("link", s.say("desk.in", nil))
	s.signsIn(b, markedPass)
	b.see(code)
	b.axe()
	b.wide()
	b.shot("inbox")
	b.click("link", code)
	b.see(storyWords)
	b.axe()
	b.wide()
	b.shot("report")
	b.click("button", s.say("staff.button.acknowledge", nil))
	b.until("it to be acknowledged", func() bool { return !b.has("button", s.say("staff.button.acknowledge", nil)) })
	return code
}

// answers writes an answer, and sends it.
func (s *storied) answers(b *tab, code string) {
	s.Helper()
	b.deed(s.say("open.choose.answer", nil), s.say("word.more", nil))
	b.fill(s.say("desk.text", nil), "We have read it. نحن هنا.")
	b.axe()
	b.wide()
	b.shot("answer")
	b.click("button", s.say("desk.answer.send", nil))
	b.see("We have read it.")
	b.gone(s.say("desk.answer.send", nil))
}

// readsAnswer types the number on the chat page, and reads.
func (s *storied) readsAnswer(b *tab) {
	s.Helper()
	s.comesBack(b, func() { b.fill(s.say("page.write", nil), grouped(s.number())) })
	b.axe()
	b.shot("mailbox")
}

// comesBack walks to the answer on the chat page; how the number gets into its field is somebody else's matter.
func (s *storied) comesBack(b *tab, number func()) {
	s.Helper()
	if evaluate[bool](b, "!!document.querySelector('#ask button[name=lang]')") {
		b.click("button", s.say("bot.command.start", nil))
		b.until("the first question", func() bool { return len(b.standing().taps) > 0 })
	}
	for turn := 0; !strings.Contains(b.text(), "We have read it."); turn++ {
		if turn > 20 {
			s.Fatalf("the answer does not come; the page shows\n%s", b.text())
		}
		at := b.standing()
		if at.step == "number" {
			number()
			b.click("button", s.say("word.send", nil))
		} else {
			b.tapData(at.pick(map[string]string{"safe_now": "yes", "menu": "mailbox"}, false))
		}
		b.until("what comes next", func() bool { return b.standing().mark != at.mark })
	}
}

// goesOn writes a note, passes on, shares, closes and opens again.
func (s *storied) goesOn(b *tab, code string) {
	s.Helper()
	b.deed(s.say("open.choose.note", nil), s.say("word.more", nil))
	b.fill(s.say("desk.text", nil), "Let us talk tomorrow.")
	b.click("button", s.say("desk.note.send", nil))
	b.see("Let us talk tomorrow.")

	b.deed(s.say("desk.refer", nil), s.say("word.more", nil))
	b.fill(s.say("desk.leg.to", nil), "An invented office")
	b.shot("refer")
	b.axe()
	b.click("button", s.say("desk.leg.send", nil))
	b.see("An invented office")

	before := s.report(code)
	b.deed(s.say("open.choose.share", nil), s.say("word.more", nil))
	b.seeRole("heading", s.say("open.choose.share", nil))
	b.click("radio", "Oversight desk")
	b.axe()
	b.shot("share")
	b.click("button", s.say("desk.share.do", nil))
	b.until("one reader more", func() bool { return len(s.report(code).Handed()) == len(before.Handed())+1 })
	b.gone(s.say("open.share.who", nil))

	b.deed(s.say("desk.close_it", nil), s.say("word.more", nil))
	b.fill(s.say("desk.text", nil), "We close this now.")
	b.click("button", s.say("desk.answer.send", nil))
	b.until("it to be closed", func() bool { return s.report(code).State == ticket.Closed })
	b.deed(s.say("desk.reopen", nil), s.say("word.more", nil))
	b.fill(s.say("desk.text", nil), "We open it again.")
	b.click("button", s.say("desk.answer.send", nil))
	b.until("it to be open", func() bool { return s.report(code).State == ticket.Read })
	b.see("We open it again.")
	b.axe()
	b.wide()
	b.shot("thread")
}

func (s *storied) report(code string) ticket.Report {
	s.Helper()
	all, err := s.play.reports(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	for _, r := range all {
		if string(r.Code) == code {
			return r
		}
	}
	s.Fatalf("there is no report %s", code)
	return ticket.Report{}
}

// keptApart looks through everything that went over the wire: the passphrase, the device key and the secret of whoever
// joined are in none of it, in no usual spelling; and of the browser's storage nothing unlocks the key by itself.
func (s *storied) keptApart(b, phone *tab) {
	s.Helper()
	var kept struct{ Device, Browser []byte }
	if err := json.Unmarshal([]byte(evaluate[string](b, "localStorage.getItem('amana-desk')")), &kept); err != nil {
		s.Fatal(err)
	}
	device, err := seal.ParseDeviceKey(kept.Device)
	if err != nil {
		s.Fatal(err)
	}
	var wrapped []byte
	err = s.play.store.View(s.Context(), func(r *store.Read) error {
		c, _, err := r.Contact("amal")
		e, _ := seal.ParseEnrolment(c.Wrapped)
		wrapped = e.Wrapped
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	id, err := seal.Unwrap(wrapped, markedPass, device)
	if err != nil {
		s.Fatalf("what the server keeps does not open with passphrase and device key: %v", err)
	}
	secrets := map[string][]byte{"passphrase": []byte(markedPass), "device key": kept.Device, "secret": []byte(id.Reveal()), "code": []byte(strings.ReplaceAll(device.RecoveryCode(), "-", ""))}
	marks := map[string][]byte{}
	for name, v := range secrets {
		marks[name] = v
		marks[name+" in base64"] = []byte(strings.TrimRight(base64.StdEncoding.EncodeToString(v), "=")[:len(v)*4/3-1])
		marks[name+" in base64url"] = []byte(base64.RawURLEncoding.EncodeToString(v)[:len(v)*4/3-1])
		marks[name+" in hex"] = []byte(hex.EncodeToString(v))
		marks[name+" in base32"] = []byte(strings.TrimRight(base32.StdEncoding.EncodeToString(v), "="))
	}
	for name, mark := range marks {
		for _, t := range []*tab{b, phone} {
			if where, does := t.carries(mark); does {
				s.Errorf("the %s went out with %s", name, where)
			}
		}
		s.wire.mu.Lock()
		for _, got := range s.wire.all {
			if bytes.Contains(got, mark) {
				first, _, _ := strings.Cut(string(got), "\n")
				s.Errorf("the %s came to the server with %s", name, first)
			}
		}
		s.wire.mu.Unlock()
	}
	if where, does := phone.carries([]byte("He+asked+for+my+card")); !does || !strings.HasPrefix(where, "POST /phone/") {
		s.Errorf("the search itself finds nothing: the person's words went out with %q", where)
	}
	if storage := evaluate[string](b, "JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie"); regexp.MustCompile(`AGE-SECRET|marked orchard`).MatchString(storage) {
		s.Errorf("the browser keeps %s", storage)
	}
}
