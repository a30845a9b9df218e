package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// seated is somebody at a desk in a browser, and what lies in it.
type seated struct {
	*trial
	at     string // address of the page
	http   *http.Client
	person string
	pass   string
	device seal.DeviceKey
	secret [32]byte
	key    seal.Identity
}

func (t *trial) seat(at string, transport http.RoundTripper) *seated {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &seated{trial: t, at: at, http: &http.Client{Jar: jar, Transport: transport}, pass: "a passphrase for the desk"}
	if s.device, err = seal.NewDeviceKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	_, _ = rand.Read(s.secret[:])
	return s
}

// ask sends a question in JSON, or a sealed file, and reads the answer, which must have a status.
func (s *seated) ask(method, path string, question, into any, status int) {
	s.Helper()
	kind := "application/json"
	body, isFile := question.([]byte)
	if isFile {
		kind = "application/octet-stream"
	} else if question != nil {
		var err error
		if body, err = json.Marshal(question); err != nil {
			s.Fatal(err)
		}
	}
	r, err := http.NewRequest(method, s.at+path, bytes.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	resp, err := s.http.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	if resp.StatusCode != status {
		s.Fatalf("%s %s: %d %.300s, want %d", method, path, resp.StatusCode, got, status)
	}
	if into != nil {
		if err := json.Unmarshal(got, into); err != nil {
			s.Fatalf("%s %s: %v", method, path, err)
		}
	}
}

type body map[string]any

// join follows a one-time link.
func (s *seated) join(word string) {
	s.Helper()
	var err error
	if s.key, err = seal.NewIdentity(rand.Reader); err != nil {
		s.Fatal(err)
	}
	wrapped, err := seal.Wrap(s.key, s.pass, s.device, 10)
	if err != nil {
		s.Fatal(err)
	}
	file, err := seal.Enrolment{Public: s.key.Public(), Wrapped: wrapped}.Encode()
	if err != nil {
		s.Fatal(err)
	}
	var out struct{ Person, Fingerprint string }
	proof := s.device.Proof()
	s.ask("POST", "/api/enter/enrol", body{"word": word, "file": file, "proof": proof[:], "browser": s.secret[:]}, &out, 200)
	if s.person = out.Person; out.Fingerprint != seal.Fingerprint(s.key.Public()) {
		s.Errorf("the fingerprint is %s", out.Fingerprint)
	}
}

// signIn answers a challenge, or gives the digits that are to be read out.
func (s *seated) signIn() (digits string) {
	s.Helper()
	var c struct {
		ID, Wait           string
		Wrapped, Challenge []byte
	}
	proof := s.device.Proof()
	s.ask("POST", "/api/enter/begin", body{"person": s.person, "proof": proof[:], "browser": s.secret[:]}, &c, 200)
	if c.Wait != "" {
		return c.Wait
	}
	key, err := seal.Unwrap(c.Wrapped, s.pass, s.device)
	if err != nil {
		s.Fatal(err)
	}
	s.key = key
	answer, err := seal.OpenChallenge(c.Challenge, key)
	if err != nil {
		s.Fatal(err)
	}
	s.ask("POST", "/api/enter/finish", body{"id": c.ID, "answer": answer[:]}, nil, 200)
	return ""
}

// opens opens a report, as the page does.
func (s *seated) opens(code string) opened {
	s.Helper()
	var out struct{ Files []struct{ Bytes []byte } }
	s.ask("POST", "/api/report/"+code+"/open", body{}, &out, 200)
	var o opened
	for _, f := range out.Files {
		p, err := seal.OpenHandOut(f.Bytes, s.key)
		if err != nil {
			s.Fatal(err)
		}
		o.packet = p
		for _, item := range p.Thread {
			plain, err := seal.OpenMessage(item.File, s.key)
			if err != nil {
				s.Fatal(err)
			}
			in, err := ticket.DecodeInside(plain)
			if err != nil {
				s.Fatal(err)
			}
			if o.insides = append(o.insides, in); in.Report != nil {
				o.body = &contents{*in.Report}
			}
		}
	}
	return o
}

var joinLine = regexp.MustCompile(`^(http\S+)/#/join/([a-z0-9]+)\n$`)

// invitedTo gives the word of a link to the desk, which stands alone on standard output.
func (t *trial) invitedTo(at, id string, flags ...string) string {
	t.Helper()
	args := append([]string{"invite", "-config", t.config(), "-id", id, "-name", "Name of " + id, "-org", "example_relief"}, flags...)
	line := joinLine.FindStringSubmatch(t.amana(args...))
	if line == nil || line[1] != at {
		t.Fatalf("standard output of invite is not a link to %s alone", at)
	}
	return line[2]
}

// TestServeDesk: beside the bots a focal point reads and answers in a browser, before the page that the server sends and before
// one that her own machine serves; who joined through the staff bot is let in by digits; and the server stops cleanly.
func TestServeDesk(t *testing.T) {
	t.Parallel()
	listen, watch := freePort(t), freePort(t)
	at := "http://" + listen
	tr := newTrial(t, trialOptions{level: "debug", config: fmt.Sprintf("listen: %s\ndesk:\n  address: %s\n  listen: %s\n  idle: 20m", watch, at, listen)})
	conf, err := os.ReadFile(tr.config())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(tr.config(), bytes.Replace(conf, []byte("  link: false"), []byte("  link: true"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	tr.serve()
	word := tr.invitedTo(at, "dana")
	dana := tr.seat(at, nil)
	dana.join(word)
	tr.enrol()
	dana.signIn()
	var me struct {
		Person, Role string
		Confirmed    bool
		Idle         int
	}
	dana.ask("GET", "/api/me", nil, &me, 200)
	if me.Person != "dana" || !me.Confirmed || me.Idle != 20 || me.Role != "focal_point" {
		t.Errorf("she is %+v", me)
	}
	var place struct{ Name, Coordinator, Zone string }
	dana.ask("GET", "/api/place", nil, &place, 200)
	if place.Coordinator != tr.coordinator || place.Name == "" || place.Zone == "" {
		t.Errorf("the place: %+v", place)
	}

	const told, said = "He wanted something for the card.", "We believe you."
	w := tr.walker(8_111_222_777, "en", map[string]string{
		"age": "adult", "accused": "ngo", "danger": "no", "matter": "sexual", "organisation": "example_shelter", "involved": "no",
		"area": "block_a", "story": told, "consent_complaint": "yes",
	})
	receipt, err := w.report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	code := tr.noticed(tr.hands["ana"])
	tr.saw(tr.hands["ana"].phone, at+"/#/report/"+code)

	var inbox struct {
		Lines []struct{ Code, AreaLabel string }
	}
	dana.ask("GET", "/api/inbox", nil, &inbox, 200)
	if len(inbox.Lines) != 1 || inbox.Lines[0].Code != code || inbox.Lines[0].AreaLabel == "" {
		t.Fatalf("the inbox: %+v", inbox)
	}
	if got := dana.opens(code); got.body == nil || got.body.text("story") != told {
		t.Fatal("the report does not open")
	}

	// Ana joined through the staff bot: her browser is let in by whoever runs the program, by her digits.
	ana := tr.seat(at, nil)
	ana.person = "ana"
	digits := ana.signIn()
	if digits == "" {
		t.Fatal("a browser that nobody let in signs in")
	}
	if status, _, errs := tr.try("confirm", "-config", tr.config(), "-browser", "12345"); status != 2 || !strings.Contains(errs, "six digits") {
		t.Errorf("digits that are none: %d %s", status, errs)
	}
	other := fmt.Sprintf("%06d", (mustAtoi(t, digits)+1)%1_000_000)
	if status, _, errs := tr.try("confirm", "-config", tr.config(), "-browser", other); status != 1 || !strings.Contains(errs, "no browser waits") {
		t.Errorf("other digits: %d %s", status, errs)
	}
	tr.amana("confirm", "-config", tr.config(), "-browser", digits[:3]+" "+digits[3:])
	if c := ana.challenged(); len(c) == 0 {
		t.Error("the browser was not let in")
	}
	// The check tells who hears of a report at the desk alone.
	if _, out, _ := tr.try("check", "-config", tr.config()); !strings.Contains(out, "look at the desk: dana.") {
		t.Errorf("the check tells\n%s", out)
	}
	// It is stolen: whoever runs the program lets none of hers in, and she is not told from anybody whose browser is new.
	tr.amana("confirm", "-config", tr.config(), "-forget-browsers", "ana")
	if ana.signIn() != digits {
		t.Error("a browser that was forgotten is let in")
	}
	if status, _, errs := tr.try("confirm", "-config", tr.config(), "-forget-browsers", "nobody"); status != 1 || !strings.Contains(errs, "no browser") {
		t.Errorf("browsers of nobody: %d %s", status, errs)
	}

	// Dana's own machine serves the page, and passes on what it asks.
	own, err := newLocalDesk(wallet{t.TempDir()}, tr.coordinator, at, http.DefaultTransport)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	own.hosts = []string{l.Addr().String()}
	server := deskServer(own.handler())
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	home := *dana
	home.at, home.http = "http://"+l.Addr().String(), tr.seat("", nil).http
	home.ask("POST", "/api/start", body{"word": own.newStart()}, nil, 200)
	home.signIn()
	o := home.opens(code)
	in := ticket.Inside{Reply: &ticket.Reply{ID: o.body.ID, Time: time.Now().UTC(), Lang: "en", Role: ticket.FocalPoint, State: ticket.Read, Text: said}}
	file, _ := tr.signed(o, in, ticket.Read, nil)
	var taken struct {
		Code  string
		Again bool
	}
	home.ask("POST", "/api/answer", file, &taken, 200)
	if taken.Code != code || taken.Again {
		t.Errorf("taken: %+v", taken)
	}
	home.ask("POST", "/api/answer", body{}, nil, 400)
	home.ask("POST", "/api/leave", body{"everywhere": true}, nil, 200)
	home.ask("GET", "/api/me", nil, nil, 401)
	dana.ask("GET", "/api/me", nil, nil, 401) // everywhere

	w.plan = map[string]string{"menu": "mailbox", "number": receipt, "what": "close"}
	w.trace = nil
	if err := w.walk(t.Context(), func() bool { return shownTimes(w.phone, said) == 1 }); err != nil {
		t.Fatal(err)
	}
	metrics, err := http.Get("http://" + watch + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(metrics.Body)
	metrics.Body.Close()
	for _, want := range []string{"amana_desk_signed_in_total 2\n", "amana_desk_alarms_total 0\n", "amana_desk_failed_total 0\n"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the metrics lack %q", want)
		}
	}
	tr.stop()
	if _, err := net.DialTimeout("tcp", listen, time.Second); err == nil {
		t.Error("somebody still listens")
	}
	log := tr.log()
	for _, word := range []string{code, "dana", "Name of", word, digits, told, said, receipt} {
		if strings.Contains(log, word) {
			t.Errorf("the log holds %q", word)
		}
	}
}

// challenged asks to sign in, and gives the challenge.
func (s *seated) challenged() []byte {
	s.Helper()
	var c struct{ Challenge []byte }
	proof := s.device.Proof()
	s.ask("POST", "/api/enter/begin", body{"person": s.person, "proof": proof[:], "browser": s.secret[:]}, &c, 200)
	return c.Challenge
}

func mustAtoi(t *testing.T, s string) (n int) {
	t.Helper()
	if _, err := fmt.Sscan(strings.TrimLeft(s, "0")+" ", &n); err != nil && strings.Trim(s, "0") != "" {
		t.Fatal(err)
	}
	return n
}

// pair writes a certificate for a host and its key.
func pair(t *testing.T, dir, host string, ends time.Time, serial int64) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: ends, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, leaf, &secret.PublicKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	pkcs, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "desk.crt"), filepath.Join(dir, "desk.key")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, data := range map[string][]byte{cert: text, key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs})} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return cert, key, pool
}

// TestDeskEndsTLS: with a certificate the desk speaks nothing but TLS, and takes a renewed one without a restart.
func TestDeskEndsTLS(t *testing.T) {
	t.Parallel()
	listen := freePort(t)
	_, port, _ := net.SplitHostPort(listen)
	dir := t.TempDir()
	cert, key, pool := pair(t, dir, "desk.example", time.Now().Add(48*time.Hour), 1)
	tr := newTrial(t, trialOptions{config: fmt.Sprintf("desk:\n  address: https://desk.example:%s\n  listen: %s\n  tls: {cert: %s, key: %s}", port, listen, cert, key)})
	_, found, _ := tr.try("check", "-config", tr.config())
	if !strings.Contains(found, "desk: the certificate ends on") {
		t.Errorf("the check says nothing of its end:\n%s", found)
	}
	tr.serve()
	secure := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "desk.example"}}
	s := tr.seat("https://"+listen, secure)
	s.ask("GET", "/api/place", nil, nil, 200)
	resp, err := http.Get("http://" + listen + "/api/place")
	if err == nil {
		if resp.Body.Close(); resp.StatusCode == http.StatusOK {
			t.Error("it answers without TLS")
		}
	}
	old := secure.TLSClientConfig.Clone()
	old.MaxVersion = tls.VersionTLS11
	if conn, err := tls.Dial("tcp", listen, old); err == nil {
		conn.Close()
		t.Error("it speaks TLS 1.1")
	}
}

// TestDeskThatEnded: an operator is told when nobody is heard at the desk any more, though the bots go on.
func TestDeskThatEnded(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &desked{browserSide: browserSide{server: deskServer(http.NotFoundHandler())}}
	ended := make(chan struct{})
	go func() { d.serve(l); close(ended) }()
	l.Close()
	<-ended
	s := &health{seats: d}
	if wrong := s.listening(); len(wrong) != 1 || !strings.Contains(wrong[0], "desk") {
		t.Errorf("told %q", wrong)
	}
	again := &desked{browserSide: browserSide{server: deskServer(http.NotFoundHandler())}}
	again.close() // as the program stops it
	if again.serve(l); again.ended.Load() {
		t.Error("a desk that was closed counts as one that ended")
	}
}

// TestPageThatEnded: and so with the chat page, where people are not heard.
func TestPageThatEnded(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &chatPage{browserSide: browserSide{server: pageServer(http.NotFoundHandler())}}
	ended := make(chan struct{})
	go func() { p.serve(l); close(ended) }()
	l.Close()
	<-ended
	if wrong := (&health{page: p}).listening(); len(wrong) != 1 || !strings.Contains(wrong[0], "chat page") {
		t.Errorf("told %q", wrong)
	}
	again := &chatPage{browserSide: browserSide{server: pageServer(http.NotFoundHandler())}}
	again.close()
	if again.serve(l); again.ended.Load() {
		t.Error("a page that was closed counts as one that ended")
	}
}

// TestCertificateIsReadAgain: what was renewed counts at once, and a half-written one not at all.
func TestCertificateIsReadAgain(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Now()
	cert, key, _ := pair(t, dir, "desk.example", now.Add(time.Hour), 1)
	c := &certificate{cert: cert, key: key}
	serial := func() int64 {
		t.Helper()
		p, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(p.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return leaf.SerialNumber.Int64()
	}
	if serial() != 1 {
		t.Fatal("another certificate")
	}
	pair(t, dir, "desk.example", now.Add(time.Hour), 2)
	if err := os.Chtimes(cert, now.Add(time.Second), now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if serial() != 2 {
		t.Error("the renewed one is not read")
	}
	if err := os.WriteFile(cert, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if serial() != 2 {
		t.Error("a half-written one took its place")
	}
	if err := os.Remove(cert); err != nil {
		t.Fatal(err)
	}
	if serial() != 2 {
		t.Error("without a file there is none")
	}
	if _, err := (&certificate{cert: cert, key: key}).get(nil); err == nil {
		t.Error("a certificate out of nothing")
	}
}

// TestDeskConfig: what cannot work, or would send a sign-in over the net in clear, is refused with its place and a remedy.
func TestDeskConfig(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lines, says string }{
		{"desk: {address: https://desk.example.org, listen: 127.0.0.1:8443}", ""},
		{"desk: {address: https://desk.example.org/, listen: 127.0.0.1:8443, idle: 30m}", ""},
		{"desk: {address: https://desk.example.org, listen: 0.0.0.0:443, tls: {cert: a, key: b}}", ""},
		{"desk: {address: http://127.0.0.1:8443, listen: 127.0.0.1:8443}", ""},
		{"desk: {address: http://desk.example.org, listen: 127.0.0.1:8443}", "must begin with https://"},
		{"desk: {address: https://desk.example.org, listen: 0.0.0.0:8443}", "plain http stays on this machine"},
		{"desk: {address: https://desk.example.org, listen: 8443}", "is not an address like 127.0.0.1:8443"},
		{"desk: {address: https://desk.example.org}", "is not an address like 127.0.0.1:8443"},
		{"desk: {listen: 127.0.0.1:8443}", "address must be one like"},
		{"desk: {address: https://desk.example.org/desk, listen: 127.0.0.1:8443}", "nothing behind the name"},
		{"desk: {address: \"https://user@desk.example.org\", listen: 127.0.0.1:8443}", "address must be one like"},
		{"desk: {address: https://desk.example.org, listen: 127.0.0.1:8443, tls: {cert: a}}", "tls needs both files"},
		{"desk: {address: http://127.0.0.1:8443, listen: 127.0.0.1:8443, tls: {cert: a, key: b}}", "begins with https://"},
		{"desk: {address: https://desk.example.org, listen: 127.0.0.1:8443, idle: 5s}", "idle lies between"},
		{"desk: {idle: 15m}", "address and listen are missing"},
		{"desk: {adress: https://desk.example.org}", "did you mean address"},
		{"notices: {link: true}", "needs a desk"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "amana.yaml")
		text := "profile: example\ndatabase: a.db\nkeys: keys\nruntime: run\nzone: UTC\n" + c.lines + "\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readConfig(path)
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", c.lines, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "amana.yaml:6")):
			t.Errorf("%s: %v", c.lines, err)
		}
	}
}
