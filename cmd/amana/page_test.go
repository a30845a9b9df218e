package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot/speech"
	"amana/bot/ticket"
	"amana/bot/web"
)

// TestPageFirstStory is the whole of it without JavaScript: somebody reports on the page, a focal point opens the report and
// answers, and the answer is read with the receipt, in a conversation of its own.
func TestPageFirstStory(t *testing.T) {
	t.Parallel()
	for _, tale := range []struct{ lang, told, answer string }{
		{"en", "He wanted something for the card, at the gate.", "We believe you. Nobody asks for your name."},
		{"ar", "طلب مني شيئا مقابل البطاقة عند البوابة", "نحن نصدق ما كُتب."},
	} {
		t.Run(tale.lang, func(t *testing.T) {
			t.Parallel()
			p := newChatting(t, nil)
			s := p.filed(tale.lang, tale.told)
			receipt := s.copies
			if len(receipt) != 16 || !strings.Contains(s.said, grouped(receipt)) {
				t.Fatalf("no number is shown: %s", s.said)
			}
			if !strings.Contains(s.raw, `<html lang="`+tale.lang+`" dir="`+speech.Direction(tale.lang)+`"`) {
				t.Error("the page is not in the language of the person")
			}
			if strings.Contains(s.said, tale.told) {
				t.Error("what was told stands on the page again")
			}
			if p.closings() != 1 {
				t.Errorf("%d receipts wait to be shown, want 1 until the page comes back", p.closings())
			}
			next := s.tap(p.words(tale.lang, "bot.command.start", nil))
			if p.closings() != 0 {
				t.Error("the receipt is not taken for shown although the page with it came back")
			}
			if next.word() == s.word() || next.word() == "" {
				t.Error("who begins anew goes on in the same conversation")
			}

			p.camp.carry(t.Context())
			all, err := p.camp.reports(t.Context())
			if err != nil || len(all) != 1 {
				t.Fatalf("%d reports, %v", len(all), err)
			}
			reader := p.camp.told[0].id
			opened, err := p.camp.readAs(t.Context(), reader, string(all[0].Code))
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if err := p.camp.show(&out, opened); err != nil || !strings.Contains(plainly(out.String()), plainly(tale.told)) {
				t.Errorf("the reader does not find what was told: %v", err)
			}
			file, err := p.camp.write(opened, tale.answer, ticket.Read)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.camp.registry.Answer(t.Context(), reader, file.Bytes); err != nil {
				t.Fatal(err)
			}
			s = p.begun(tale.lang).tap(p.words(tale.lang, "start.menu.mailbox", nil))
			s = s.writes(grouped(receipt)).sees(tale.answer)
			if strings.Contains(s.raw, receipt) || strings.Contains(s.said, grouped(receipt)) {
				t.Error("the number stands on the page after it was typed")
			}
			p.quiet(receipt, tale.told, tale.answer, s.word())
		})
	}
}

// quiet fails if the log of the page tells of anything: who came, what was written, which conversation it was.
func (p *chatting) quiet(words ...string) {
	p.Helper()
	log := p.log.String()
	for _, w := range append(words, "127.0.0.1", "Mozilla", "Go-http-client") {
		if w != "" && strings.Contains(log, w) {
			p.Errorf("the log holds %q:\n%s", w, log)
		}
	}
}

// A second tap, a reload and the same form sent much later do nothing a second time, and the number comes again until the
// page with it has come back.
func TestPageSendsOnce(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	s := p.toStory("en")
	one := s.writes("It was at the gate.").sees("One message so far")
	s.writes("It was at the gate.").sees("One message so far")
	one.writes("And later.").sees("2 messages so far")
	review := one.writes("And later.").sees("2 messages so far").tap("Done").skipTo("May this go to", "Skip").tap("Yes, it may go to them").skipTo("This is what would be sent", "Skip")
	send := review.knob("1 · Send")
	first, second := review.send(send), review.send(send)
	if p.reports() != 1 {
		t.Fatalf("%d reports were filed by two taps", p.reports())
	}
	if first.copies == "" || first.copies != second.copies {
		t.Errorf("the two answers show the numbers %q and %q", first.copies, second.copies)
	}
	if third := review.send(send); third.copies != first.copies {
		t.Error("the number is not shown to a reload")
	}
	second.tap("Begin")
	if last := review.send(send); last.copies != "" || !last.away {
		t.Errorf("a form from long ago shows: %s", last.said)
	}
	if p.reports() != 1 {
		t.Errorf("%d reports in the end", p.reports())
	}
}

// Whoever has written and taps Done has sent both; whatever else is tapped, the words stand in the field still.
func TestPageLosesNothingTyped(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	one := p.toStory("en").writes("First.").sees("One message so far")
	fields := one.knob("Done")
	fields.Set("text", "Second.")
	next := one.send(fields)
	if next.field != "" || strings.Contains(next.said, "messages so far") {
		t.Errorf("Done with words in the field leads to: %s", next.said)
	}
	review := next.skipTo("May this go to", "Skip").tap("Yes, it may go to them").skipTo("This is what would be sent", "Skip")
	review.sees("First.").sees("Second.")

	s := p.toStory("en")
	fields = s.knob("Help")
	fields.Set("text", "Half a sentence")
	if s = s.send(fields); s.field != "Half a sentence" {
		t.Errorf("after Help the field holds %q", s.field)
	}
	long := strings.Repeat("ဒီမှာ ", 1000)
	if s = s.writes(long); s.status != http.StatusOK || s.field != strings.TrimSpace(long) {
		t.Errorf("what is longer than an answer is not given back: %d, %d characters", s.status, len(s.field))
	}
	s.sees("Up to 4000 characters fit")
	huge := strings.Repeat("far too long ", 8000)
	if s = s.writes(huge); s.status != http.StatusRequestEntityTooLarge || s.field != strings.TrimSpace(huge) {
		t.Errorf("what is longer than any form is not given back: %d, %d characters", s.status, len(s.field))
	}
	s.sees("Up to 4000 characters fit")
	if again := s.writes("Short."); again.status != http.StatusOK {
		t.Error("and the conversation does not go on")
	} else {
		again.sees("One message so far")
	}
	if s = s.writes(strings.Repeat("x", 3<<20)); s.status == http.StatusOK || p.reports() != 0 {
		t.Errorf("three megabytes are answered with %d", s.status)
	}
	s = p.begun("en")
	if wrong := s.writes("this is none of the choices and much too long for one"); wrong.field == "" {
		t.Error("words at the wrong place are lost")
	}
	if wrong := s.writes("perhaps"); wrong.field != "" {
		t.Errorf("a word stays in the field: %q", wrong.field)
	}
}

// Words of danger are heard before Done: what they are asked stands on the page.
func TestPageHearsDanger(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	one := p.toStory("en").writes("They took my card.")
	fields := one.knob("Done")
	fields.Set("text", "And now I want to die.")
	s := one.send(fields).sees("Some of your words may mean danger").sees("What would you like to do?")
	s.tap("Go on").sees("2 messages so far")
}

// Once hidden, a conversation shows the harmless page and nothing else, whatever of it is sent again, and nothing of what was
// written is left.
func TestPageHides(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	first := visit(t, p.url, "en")
	menu := p.begun("en")
	pages := []*plainPage{menu}
	s := menu.tap("Wrong by aid, police or officials")
	pages = append(pages, s)
	s = s.tap("Go on").skipTo("You can write here what you want them to know", "Skip")
	pages = append(pages, s)
	away := s.hides()
	harmless := func(what string, s *plainPage) {
		t.Helper()
		if !s.away || s.word() != "" || len(s.buttons) > 0 || s.typing || !strings.Contains(s.said, "Water for a household") {
			t.Errorf("%s shows: %s", what, s.said)
		}
		for _, word := range []string{"Amana", "amana", "chat", "Hide", "Telegram", "help"} {
			if strings.Contains(s.raw, word) {
				t.Errorf("%s names %q", what, word)
			}
		}
	}
	harmless("hide", away)
	for _, page := range pages {
		harmless("a page from before, sent again", page.send(url.Values{"t": {page.buttons[0].value}}))
		harmless("words, sent from before", page.writes("I have more to say"))
		harmless("an empty form from before", page.writes(""))
		harmless("hiding again", page.hides())
	}
	harmless("hiding before anything", first.hides())
	harmless("hiding with a word of nobody", post(t, p.url+"away", url.Values{"c": {"AAAAAAAAAAAAAAAAAAAAAA"}, "n": {"7"}, "l": {"en"}}, nil))
	harmless("hiding with what is no form", post(t, p.url+"away", url.Values{"": {"%"}}, map[string]string{"Content-Type": "text/plain"}))
	for _, typed := range []string{"hide", "/hide", "إخفاء"} {
		harmless("typing "+typed, p.begun("en").writes(typed))
	}
	ar := p.begun("ar").hides()
	if !strings.Contains(ar.raw, `lang="ar" dir="rtl"`) {
		t.Error("the harmless page is not in the language of the person")
	}
	p.quiet()
}

// The memory of this process is not needed for that: after a restart the state says that somebody has hidden, and what was
// heard before is known by its mark.
func TestPageHidesAfterRestart(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	menu := p.begun("en")
	next := menu.tap("Find services")
	next.hides()
	q := p.anew()
	menu.url, next.url = q.url, q.url
	if s := menu.send(menu.knob("Find services")); !s.away {
		t.Errorf("a repeat after a restart shows: %s", s.said)
	}
	if s := next.writes("more"); !s.away {
		t.Errorf("what was never sent before shows after a restart: %s", s.said)
	}
}

// Somebody was heard, and the answer was lost with the process that gave it. Another one is sent the same form: with the same
// words it is answered from the state, and with more words these stand in the field, under the question that is open.
func TestPageWritesOnElsewhere(t *testing.T) {
	t.Parallel()
	const first, more, last = "He asked for my number, and he wrote it down.", "He asked for my number, and he wrote it down. It was on Monday.", "On Tuesday he came again, and waited at the gate until dark."
	p := newChatting(t, nil)
	form := p.toStory("en")
	elsewhere := func() *plainPage {
		form.url = p.anew().url
		return form
	}
	form.writes(first)
	if s := elsewhere().writes(first); s.field != "" {
		t.Errorf("what was heard stands in the field again: %q", s.field)
	}
	s := elsewhere().writes(more)
	if s.field != more {
		t.Fatalf("what was written on is lost: %q stands in the field", s.field)
	}
	form = s.writes(more)
	if form.field != "" {
		t.Errorf("what was heard stands in the field again: %q", form.field)
	}
	done := form.knob("Done")
	form.writes("And his car was white, with a sign on the door of it.")
	done.Set("text", last)
	if s = elsewhere().send(done); s.field != last {
		t.Fatalf("what was written before Done is lost: %q stands in the field", s.field)
	}
	s.send(done).skipTo("May this go to", "Skip").tap("Yes, it may go to them").skipTo("This is what would be sent", "Skip").sees(more).sees(last).sees("white")
}

// A conversation goes on after a restart, and a word that nobody gave out finds an empty one.
func TestPageWords(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	s := p.toStory("en").writes("Before the restart.")
	s.url = p.anew().url
	s.tap("Done").skipTo("May this go to", "Skip").tap("Yes, it may go to them").skipTo("This is what would be sent", "Skip").sees("Before the restart.")

	forged := post(t, p.url, url.Values{"c": {"AAAAAAAAAAAAAAAAAAAAAA"}, "n": {"3"}, "l": {"en"}, "text": {"what did I tell?"}}, nil)
	forged.sees("In which language shall we write?")
	for _, word := range []string{"short", strings.Repeat("A", 23), "AAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAB", "../../../../../../../.", "<script>"} {
		got := post(t, p.url, url.Values{"c": {word}, "n": {"3"}, "l": {"en"}, "text": {"hello"}}, nil)
		if got.word() != "" || strings.Contains(got.raw, word) {
			t.Errorf("%q is taken for the word of a conversation", word)
		}
	}
	for _, s := range []*plainPage{visit(t, p.url, "en"), visit(t, p.url+"?p=well", "en")} {
		if s.word() != "" {
			t.Error("who only looks has begun a conversation")
		}
	}
	a, b := p.begun("en"), p.begun("en")
	if a.word() == b.word() || strings.Contains(p.url, a.word()) {
		t.Error("two people share a conversation")
	}
}

// Only this page may send to itself, as far as a browser tells who sends; one that tells nothing is not turned away.
func TestPageOrigin(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	host := strings.TrimSuffix(strings.TrimPrefix(p.url, "http://"), "/")
	for _, c := range []struct {
		head map[string]string
		want int
	}{
		{nil, 200},
		{map[string]string{"Origin": "http://" + host}, 200},
		{map[string]string{"Origin": "null"}, 200},
		{map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200},
		{map[string]string{"Sec-Fetch-Site": "none"}, 200},
		{map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://other.example"}, 403},
		{map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403},
		{map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{map[string]string{"Origin": "https://other.example"}, 403},
	} {
		if got := visit(t, p.url, "en").sendWith(url.Values{"lang": {"en"}}, c.head); got.status != c.want {
			t.Errorf("with %v the answer is %d, want %d", c.head, got.status, c.want)
		}
	}
}

// A mission may name another page to leave for.
func TestPageLeavesForAnother(t *testing.T) {
	t.Parallel()
	const other = "https://weather.example.org/today"
	p := newChatting(t, func(o *web.Options) { o.Leave = other })
	s := p.begun("en").hides()
	if !s.away || !strings.Contains(s.raw, `<meta http-equiv="refresh" content="0; url=`+other+`">`) {
		t.Errorf("hide does not lead to the page that the mission names:\n%s", s.raw)
	}
	for _, bad := range []string{"javascript:alert(1)", "weather.example", "//x"} {
		o := p.camp.pageOptions(slog.New(slog.DiscardHandler))
		if o.Leave = bad; o.Leave != "" {
			if _, err := web.New(o); err == nil {
				t.Errorf("%s is taken for an address to leave for", bad)
			}
		}
	}
}

// TestPageTLS serves the page with a certificate, and with its successor without a restart.
func TestPageTLS(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	dir, addr := t.TempDir(), freePort(t)
	c := &p.camp.config.Web
	c.Listen, c.TLS.Cert, c.TLS.Key = addr, filepath.Join(dir, "page.crt"), filepath.Join(dir, "page.key")
	certify(t, c.TLS.Cert, c.TLS.Key, 1, 365*24*time.Hour)
	served, err := listenPage(p.camp.house, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer served.close()
	serial := func() int64 {
		t.Helper()
		conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if got := serial(); got != 1 {
		t.Errorf("the certificate is number %d", got)
	}
	certify(t, c.TLS.Cert, c.TLS.Key, 2, 5*24*time.Hour)
	if err := os.Chtimes(c.TLS.Cert, time.Now(), time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != 2 {
		t.Errorf("after it was renewed the certificate is number %d", got)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	resp, err := client.Get("https://" + addr + "/")
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode != http.StatusOK {
		t.Errorf("the page is answered with %d", resp.StatusCode)
	}
	found := checkPage(p.camp.config)
	if len(found) != 1 || found[0].Level != warning || !strings.Contains(found[0].What, "web: the certificate ends on") {
		t.Errorf("the check says %v", found)
	}
	if err := os.Remove(c.TLS.Key); err != nil {
		t.Fatal(err)
	}
	if found := checkPage(p.camp.config); len(found) != 1 || found[0].Level != failure {
		t.Errorf("without its key the check says %v", found)
	}
}

// certify writes a certificate that nobody has signed.
func certify(t *testing.T, cert, key string, serial int64, lasts time.Duration) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(lasts)}
	der, err := x509.CreateCertificate(rand.Reader, about, about, secret.Public(), secret)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// What is asked of the page otherwise.
func TestPageElsewhere(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	for path, want := range map[string]int{"": 200, "away": 200, "away/ar": 200, "away/xx": 200, "hear/abc": 404, "amana.yaml": 404, "..%2f": 404, "shown": 405} {
		if got := visit(t, p.url+path, "en"); got.status != want {
			t.Errorf("/%s is answered with %d, want %d", path, got.status, want)
		}
	}
	first := visit(t, p.url, "ar, en;q=0.5")
	if first.buttons[0].label != "العربية" || first.buttons[1].label != "English" {
		t.Errorf("the languages begin with %q, %q", first.buttons[0].label, first.buttons[1].label)
	}
	if strings.Contains(first.raw, "mana") {
		t.Error("the first page names the program")
	}
}
