package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot/mail/mailtest"
	"amana/bot/speech"
	"amana/bot/webhook"
)

const postSecret = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTE="

// caseSystem is the system of an organisation, which takes what is signed, and that once.
type caseSystem struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
	busy   int // how often it has no time before it takes anything
}

func newCaseSystem(t *testing.T) *caseSystem {
	secrets, err := webhook.ParseSecrets(postSecret)
	if err != nil {
		t.Fatal(err)
	}
	s, taken := &caseSystem{busy: 1}, map[string]bool{}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
		s.mu.Lock()
		defer s.mu.Unlock()
		id, wrong := webhook.Verify(secrets, r.Header, body, time.Now())
		switch {
		case err != nil || wrong != nil:
			http.Error(w, "no", http.StatusUnauthorized)
		case s.busy > 0:
			s.busy--
			w.Header().Set("Retry-After", "1")
			http.Error(w, "busy", http.StatusServiceUnavailable)
		case !taken[id]:
			taken[id] = true
			s.bodies = append(s.bodies, body)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// message is a body as the other side reads it.
type message struct {
	Type, Event, Code, Urgency, Digits, Kind, Area string
	File                                           []byte
}

func (s *caseSystem) got(kind, event string) (m message, raw []byte, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.bodies {
		if json.Unmarshal(b, &m) == nil && m.Type == kind && m.Event == event {
			return m, b, true
		}
		m = message{}
	}
	return m, nil, false
}

// readMail reads a mail: its words, and the file that came with it.
func readMail(t testing.TB, raw []byte) (head netmail.Header, text string, file []byte) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if params["boundary"] == "" {
		b, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		if err != nil {
			t.Fatal(err)
		}
		return m.Header, string(b), nil
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err != nil {
			return m.Header, text, file
		}
		if p.FileName() == "" {
			b, _ := io.ReadAll(quotedprintable.NewReader(p))
			text = string(b)
		} else if file, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, p)); err != nil {
			t.Fatal(err)
		}
	}
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waiting in vain: %s", what)
		}
	}
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// TestPostWalk: somebody is told by mail and somebody by webhook, after each has proved it and not before; the sealed file
// opens with their keys; and in nothing else that went out is a word of what was told, nor an address in the log.
func TestPostWalk(t *testing.T) {
	t.Parallel()
	mails := mailtest.Start(t, mailtest.Options{User: "notes", Password: "the password"})
	cases := newCaseSystem(t)
	side := t.TempDir()
	write := func(name string, text []byte) string {
		t.Helper()
		path := filepath.Join(side, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ca := write("ca.pem", mails.PEM)
	hookCA := write("hook-ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cases.Certificate().Raw}))
	s := &tale{trial: newTrial(t, trialOptions{level: "debug", config: fmt.Sprintf(
		"mail: {host: %q, port: %d, from: notes@mission.example.org, user: notes, ca: %q}\nwebhooks:\n  agency: {url: %q, secret_file: %q, ca: %q}\n",
		mails.Host, mails.Port, ca, cases.URL+"/amana", write("agency.secret", []byte(postSecret+"\n")), hookCA)}), lang: "en"}
	s.env = append(s.env, mailSecret+"=the password")
	s.serve()
	s.enrol()
	notices := func(args ...string) string {
		return s.amana(append([]string{"notices", "-config", s.config()}, args...)...)
	}

	mails.RefuseAddress(mailtest.Refusal(451, [3]int{4, 7, 1}, "grey list"))
	notices("-id", "ana", "-at", "mail:ana.a@staff.example.org", "-sealed")
	notices("-id", "hana", "-at", "webhook:agency", "-sealed")
	eventually(t, "the mail with digits", func() bool { return len(mails.Mails()) == 1 })
	eventually(t, "the webhook with digits", func() bool { _, _, ok := cases.got("proof", ""); return ok })
	head, text, _ := readMail(t, mails.Mails()[0].Raw)
	if head.Get("Subject") != s.words("en", "staff.mail.subject", nil) || mails.Mails()[0].To != "ana.a@staff.example.org" {
		t.Errorf("the mail with digits: %v", head)
	}
	// The mail server has the mail before the program has written that it was carried.
	unproved := regexp.MustCompile(`(?m)^ana +telegram +no +mail:ana\.a@staff\.example\.org +0 +0 +-$`)
	eventually(t, "an address that is not proved yet, and no attempt that is late", func() bool { return unproved.MatchString(notices()) })
	if status, _, errs := s.try("notices", "-config", s.config(), "-id", "ana", "-proof", wrongOf(sixDigits.FindString(text))); status != 1 || !strings.Contains(errs, "not the digits") {
		t.Errorf("wrong digits: %d %s", status, errs)
	}
	notices("-id", "ana", "-proof", sixDigits.FindString(text))
	proof, _, _ := cases.got("proof", "")
	notices("-id", "hana", "-proof", proof.Digits)

	const story = "Marked words of a story that nobody else may read."
	w := s.walker(8_111_222_444, "en", map[string]string{
		"age": "adult", "accused": "ngo", "who": "me", "danger": "no", "matter": "sexual", "concern": "sex_for_aid", "organisation": "example_shelter",
		"involved": "no", "area": "block_a", "story": story, "help": "!skip", "call": "no", "consent_complaint": "yes", "nudge": "no",
	})
	mails.RefuseMail(mailtest.Refusal(451, [3]int{4, 3, 0}, "not now"))
	mails.Cut(1)
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the mail about the report", func() bool { return len(mails.Mails()) == 2 })
	got := mails.Mails()[1]
	head, text, file := readMail(t, got.Raw)
	o, err := openFile(file, s.hands["ana"].key)
	if err != nil || strings.Join(strings.Fields(o.body.text("story")), " ") != story {
		t.Fatalf("the file that came by mail: %v", err)
	}
	code := regexp.MustCompile(`\b[A-Z]{6}\b`).FindString(text)
	if want := firstLine(s.words("en", "staff.notice.report", speech.Args{"Code": code, "Deadline": ""}), code); code == "" || !strings.Contains(text, want) {
		t.Errorf("the mail says %q", text)
	}
	for _, n := range head {
		if code != "" && strings.Contains(strings.Join(n, " "), code) {
			t.Error("a header holds the code")
		}
	}
	var m message
	var raw []byte
	eventually(t, "the webhook about the report", func() bool { var ok bool; m, raw, ok = cases.got("notice", "report"); return ok })
	if o, err = openFile(m.File, s.hands["hana"].key); err != nil || strings.Join(strings.Fields(o.body.text("story")), " ") != story {
		t.Errorf("the file that came by webhook: %v", err)
	}
	if m.Code != code || m.Urgency != "normal" || m.Kind != "" || m.Area != "" {
		t.Errorf("the webhook says %+v, the mail %q", m, code)
	}
	for name, out := range map[string][]byte{"mail": got.Raw, "text": []byte(text), "webhook": raw} {
		for _, word := range []string{"Marked", "sex_for_aid", "block_a", "example_shelter", "sea"} {
			if bytes.Contains(bytes.ToLower(out), []byte("\""+word+"\"")) || word != "sea" && bytes.Contains(out, []byte(word)) {
				t.Errorf("%s: what was told stands in it: %s", name, word)
			}
		}
	}
	if n := len(files(s.hands["ana"].phone)); n != 0 {
		t.Error("ana was told in the chat too")
	}
	if log := s.log(); strings.Contains(log, "staff.example.org") || strings.Contains(log, "ana.a") || strings.Contains(log, "the password") || strings.Contains(log, code) {
		t.Errorf("the log names an address, a code or a password:\n%s", tail(log, 3000))
	}
	notices("-id", "ana", "-test")
	eventually(t, "a test", func() bool { return len(mails.Mails()) == 3 })
	if _, text, _ := readMail(t, mails.Mails()[2].Raw); !strings.Contains(text, s.words("en", "staff.notice.test", nil)) {
		t.Errorf("the test says %q", text)
	}
	mails.RefuseAddress(mailtest.Refusal(550, [3]int{5, 1, 1}, "no such ana.a@staff.example.org"))
	notices("-id", "ana", "-test")
	eventually(t, "the address is closed", func() bool {
		return strings.Contains(notices(), "does not know the address, or has closed it (550 5.1.1)")
	})
	if _, out, _ := s.try("check", "-config", s.config()); !strings.Contains(out, "notices to ana were given up: the mail server does not know the address") {
		t.Errorf("the check says\n%s", out)
	}
	notices("-id", "ana", "-at", "there")
	if list := notices(); !regexp.MustCompile(`(?m)^ana +telegram `).MatchString(list) {
		t.Errorf("there:\n%s", list)
	}
}

// wrongOf gives six digits that are others.
func wrongOf(right string) string {
	if right == "000000" {
		return "111111"
	}
	return "000000"
}
