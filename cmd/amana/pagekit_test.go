package main

import (
	"bytes"
	"crypto/rand"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/store"
	"amana/bot/web"
)

// chatting is a chat page over the whole house of an invented camp, served over loopback as `amana serve` serves it.
type chatting struct {
	*testing.T
	camp *camp
	door *web.Door
	url  string
	log  *quietly
	via  func(next http.Handler, w http.ResponseWriter, r *http.Request) // what stands in front, such as a network; nil: nothing
}

// between puts something in front of the page.
func (p *chatting) between(via func(next http.Handler, w http.ResponseWriter, r *http.Request)) {
	p.via = via
}

// quietly is a log that many write to.
type quietly struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (q *quietly) Write(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.b.Write(p)
}

func (q *quietly) String() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.b.String()
}

func newChatting(t *testing.T, fit func(*web.Options)) *chatting {
	t.Helper()
	c, err := newCamp(t.Context(), campOptions{profile: "example", now: time.Now, rand: rand.Reader, kiln: seal.QuickKiln()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	p := &chatting{T: t, camp: c, log: &quietly{}}
	p.serve(fit)
	return p
}

// anew is the same house after a restart of what serves the page.
func (p *chatting) anew() *chatting {
	p.Helper()
	q := &chatting{T: p.T, camp: p.camp, log: p.log}
	q.serve(nil)
	return q
}

func (p *chatting) serve(fit func(*web.Options)) {
	p.Helper()
	o := p.camp.pageOptions(slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	o.Rates = web.Rates{Pace: 1000, Burst: 1000, New: 1000} // a test is faster than any hand
	if fit != nil {
		fit(&o)
	}
	var err error
	if p.door, err = web.New(o); err != nil {
		p.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.Fatal(err)
	}
	server := pageServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.via != nil {
			p.via(p.door, w, r)
			return
		}
		p.door.ServeHTTP(w, r)
	}))
	go server.Serve(l)
	p.Cleanup(func() { server.Close() })
	p.url = "http://" + l.Addr().String() + "/"
}

// words says a text of the house.
func (p *chatting) words(lang, key string, args speech.Args) string {
	p.Helper()
	text, err := p.camp.book.Text(lang, key, args)
	if err != nil {
		p.Fatal(err)
	}
	return text
}

// closings is how many receipts wait to be shown, of everybody.
func (p *chatting) closings() (n int) {
	p.Helper()
	err := p.camp.store.View(p.Context(), func(r *store.Read) error {
		n = 0
		open, _, err := r.Closings()
		for _, all := range open {
			n += len(all)
		}
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	return n
}

// reports is how many were filed.
func (p *chatting) reports() int {
	p.Helper()
	all, err := p.camp.reports(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	return len(all)
}

// plainPage is a page as a browser without JavaScript has it: what stands on it, and the form that it sends.
type plainPage struct {
	testing.TB
	url     string
	status  int
	head    http.Header
	raw     string
	said    string     // all visible text
	hidden  url.Values // fields of the form that nobody sees
	buttons []knob
	field   string // what stands in the field
	typing  bool   // there is one
	copies  string // what a button copies
	away    bool
}

// knob is a button of the form.
type knob struct{ name, value, label string }

// visit opens the page.
func visit(tb testing.TB, url, accept string) *plainPage {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, url, nil)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Accept-Language", accept)
	return fetchPage(tb, url, req)
}

// fetchPage sends a request and reads the page that answers it. What holds for every answer is looked at here.
func fetchPage(tb testing.TB, base string, req *http.Request) *plainPage {
	tb.Helper()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	for _, never := range []string{"Set-Cookie", "Server", "Location", "Etag", "Last-Modified"} {
		if resp.Header.Get(never) != "" {
			tb.Errorf("an answer has the header %s", never)
		}
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin",
	} {
		if got := resp.Header.Get(name); got != want {
			tb.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none';") || strings.Contains(csp, "unsafe") {
		tb.Errorf("the policy is %q", csp)
	}
	s := &plainPage{TB: tb, url: base, status: resp.StatusCode, head: resp.Header, raw: string(body), hidden: url.Values{}, away: resp.Header.Get("X-Away") != ""}
	tree, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	s.read(tree, "")
	s.said = plainly(s.said)
	return s
}

func attr(n *html.Node, name string) (value string, ok bool) {
	i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
	if i < 0 {
		return "", false
	}
	return n.Attr[i].Val, true
}

// read walks what is on the page.
func (s *plainPage) read(n *html.Node, form string) {
	if n.Type == html.ElementNode {
		name, _ := attr(n, "name")
		value, _ := attr(n, "value")
		switch n.Data {
		case "script", "style", "title":
			return
		case "form":
			form, _ = attr(n, "id")
		case "input":
			if form == "form" {
				s.hidden.Set(name, value)
			}
		case "textarea":
			s.typing, s.field = true, text(n)
		case "button":
			copies, does := attr(n, "data-copy")
			if does {
				s.copies = copies
			} else if form == "form" {
				s.buttons = append(s.buttons, knob{name, value, plainly(text(n))})
			}
		}
	}
	if n.Type == html.TextNode {
		s.said += n.Data + " "
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.read(c, form)
	}
}

func text(n *html.Node) (out string) {
	if n.Type == html.TextNode {
		return n.Data
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		out += text(c)
	}
	return out
}

// send sends the form with some fields more.
func (s *plainPage) send(more url.Values) *plainPage {
	s.Helper()
	return s.sendWith(more, nil)
}

func (s *plainPage) sendWith(more url.Values, head map[string]string) *plainPage {
	s.Helper()
	fields := url.Values{}
	for _, from := range []url.Values{s.hidden, {"text": {""}}, more} {
		for name, values := range from {
			fields[name] = values
		}
	}
	if !s.typing && more.Get("text") == "" {
		fields.Del("text")
	}
	return post(s.TB, s.url, fields, head)
}

func post(tb testing.TB, base string, fields url.Values, head map[string]string) *plainPage {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, base, strings.NewReader(fields.Encode()))
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range head {
		req.Header.Set(name, value)
	}
	return fetchPage(tb, base, req)
}

// tap taps the button whose label ends in some words: in front of a choice stands its number.
func (s *plainPage) tap(label string) *plainPage {
	s.Helper()
	return s.send(s.knob(label))
}

func (s *plainPage) knob(label string) url.Values {
	s.Helper()
	for _, k := range s.buttons {
		if strings.HasSuffix(k.label, plainly(label)) {
			return url.Values{k.name: {k.value}}
		}
	}
	s.Fatalf("there is no button %q: %q\n%s", label, s.buttons, s.said)
	return nil
}

// writes sends what was typed into the field.
func (s *plainPage) writes(words string) *plainPage {
	s.Helper()
	return s.send(url.Values{"text": {words}})
}

// hides taps Hide, which is a form of its own.
func (s *plainPage) hides() *plainPage {
	s.Helper()
	return post(s.TB, s.url+"away", s.hidden, nil)
}

// sees fails if words do not stand on the page.
func (s *plainPage) sees(words string) *plainPage {
	s.Helper()
	if !strings.Contains(s.said, plainly(words)) {
		s.Fatalf("%q does not stand on the page: %s", words, s.said)
	}
	return s
}

// skipTo skips questions until one is asked that holds some words.
func (s *plainPage) skipTo(words, skip string) *plainPage {
	s.Helper()
	for range 40 {
		if strings.Contains(s.said, plainly(words)) {
			return s
		}
		s = s.tap(skip)
	}
	s.Fatalf("skipping never led to %q, at last to: %s", words, s.said)
	return nil
}

// begun is a conversation that has come to the menu.
func (p *chatting) begun(lang string) *plainPage {
	p.Helper()
	l, _ := p.camp.book.Language(lang)
	s := visit(p, p.url, "en").tap(l.Name)
	return s.tap(p.words(lang, "start.safe_now.yes", nil)).sees(p.words(lang, "start.menu", nil))
}

// told is a report on its way, up to the question for own words.
func (p *chatting) toStory(lang string) *plainPage {
	p.Helper()
	s := p.begun(lang).tap(p.words(lang, "start.menu.report", nil)).tap(p.words(lang, "report.begin.go_on", nil))
	return s.skipTo(p.words(lang, "report.story", nil), p.words(lang, "word.skip", nil))
}

// filed sends a report and gives the page with the receipt.
func (p *chatting) filed(lang, story string) *plainPage {
	p.Helper()
	s := p.toStory(lang).writes(story)
	return p.sent(lang, s.tap(p.words(lang, "word.done", nil)))
}

// sent goes from behind the story to the receipt.
func (p *chatting) sent(lang string, s *plainPage) *plainPage {
	p.Helper()
	skip := p.words(lang, "word.skip", nil)
	s = s.skipTo(p.words(lang, "report.consent_complaint.yes", nil), skip).tap(p.words(lang, "report.consent_complaint.yes", nil))
	s = s.skipTo(p.words(lang, "word.review", nil), skip)
	for _, k := range s.buttons { // not the button of the field, which has no name
		if k.name == "t" && strings.HasSuffix(k.label, plainly(p.words(lang, "word.send", nil))) {
			return s.send(url.Values{k.name: {k.value}})
		}
	}
	p.Fatalf("a review without a way to send it: %s", s.said)
	return nil
}

// word is what the conversation is known by.
func (s *plainPage) word() string { return s.hidden.Get("c") }
