package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"amana/bot/casework"
	"amana/bot/desk/ui"
	"amana/bot/seal"
)

// liar stands between a desk on a focal point's own machine and the server, and changes what it hands out. It has all that a
// server has: the sealed threads and everybody's public keys. What it seals anew, it seals as the server does.
type liar struct {
	*storied
	reader seal.Identity // to see what was handed out, and to seal another in its place

	mu  sync.Mutex
	lie func(seal.Packet) seal.Packet // nil: the truth
	raw func([]byte) []byte           // of the sealed file
	old []byte                        // the answer that is given in the place of every later one
}

func (l *liar) tells(lie func(seal.Packet) seal.Packet, raw func([]byte) []byte, old []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lie, l.raw, l.old = lie, raw, old
}

// pass changes an answer on its way.
func (l *liar) pass(r *http.Response) error {
	if !strings.HasSuffix(r.Request.URL.Path, "/open") || r.StatusCode != http.StatusOK {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	type file struct {
		Name  string `json:"name"`
		Bytes []byte `json:"bytes"`
	}
	var out struct {
		Files  []file `json:"files"`
		Voices []any  `json:"voices"`
	}
	if err := json.Unmarshal(body, &out); err != nil {
		return err
	}
	for i := range out.Files {
		f := &out.Files[i]
		if l.old != nil {
			f.Bytes = l.old
		}
		if l.lie != nil {
			p, err := seal.OpenHandOut(f.Bytes, l.reader)
			if err != nil {
				return err
			}
			if f.Bytes, err = seal.HandOut(l.lie(p), l.reader.Public()); err != nil {
				return err
			}
		}
		if l.raw != nil {
			f.Bytes = l.raw(f.Bytes)
		}
	}
	if body, err = json.Marshal(out); err != nil {
		return err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// TestBrowserLies: the pages on a focal point's own machine say plainly when a server lies, and show nothing of what it made
// up; the same pages from the server say what they cannot promise.
func TestBrowserLies(t *testing.T) {
	t.Parallel()
	s := newStory(t, "en")
	s.reports()
	s.reports()
	all, err := s.play.reports(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("%d reports, %v", len(all), err)
	}
	code, other := string(all[0].Code), string(all[1].Code)
	l := &liar{storied: s, reader: s.play.people["relief"]}
	b := l.ownMachine()

	open := func(what string) {
		t.Helper()
		b.click("link", s.say("desk.nav.reports", nil))
		b.see(code)
		b.click("link", code)
		b.seeRole("heading", s.say("open.head", map[string]string{"Code": code}))
		b.shot(strings.ReplaceAll(what, " ", "-"))
	}
	shows := func(what, key string) {
		t.Helper()
		open(what)
		b.see(s.say(key, nil))
		if strings.Contains(b.text(), storyWords) || b.has("button", s.say("open.choose.answer", nil)) {
			t.Errorf("%s: it is shown all the same:\n%s", what, b.text())
		}
	}
	open("the truth")
	b.see(storyWords)
	b.see(s.say("desk.verified", nil))
	if strings.Contains(b.text(), s.say("open.warn.server", nil)) {
		t.Error("one's own machine says of itself what only a server must say")
	}

	spy, err := seal.NewIdentity(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	liarKey, err := seal.NewCoordinatorKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, signed, err := signedByLiar(s, liarKey)
	if err != nil {
		t.Fatal(err)
	}
	var theirs seal.Packet // of the other report
	l.tells(func(p seal.Packet) seal.Packet { theirs = p; return p }, nil, nil)
	b.click("link", s.say("desk.nav.reports", nil))
	b.click("link", other)
	b.see(storyWords)
	for _, c := range []struct {
		what, key string
		lie       func(seal.Packet) seal.Packet
	}{
		{"another coordinators roster", "desk.error.lie", func(p seal.Packet) seal.Packet {
			p.Roster, p.RosterSignature, p.Cards = signed.Statement, signed.Signature, signed.Cards
			return p
		}},
		{"a reader more", "desk.error.lie", func(p seal.Packet) seal.Packet {
			card := seal.Card{Version: p.Cards[0].Version, ID: "spy", Name: "Focal point", Role: "reader", Key: spy.Public()}
			p.Cards = append(p.Cards, seal.SignCard(liarKey, card))
			return p
		}},
		{"another key for a reader", "desk.error.lie", func(p seal.Packet) seal.Packet {
			for i := range p.Cards {
				if p.Cards[i].ID == "health" {
					p.Cards[i].Key = spy.Public()
				}
			}
			return p
		}},
		{"the other report for this one", "desk.error.lie", func(seal.Packet) seal.Packet { return theirs }},
		{"another report under this id", "desk.error.lie", func(p seal.Packet) seal.Packet {
			theirs.Report = p.Report
			return theirs
		}},
	} {
		l.tells(c.lie, nil, nil)
		shows(c.what, c.key)
	}
	l.tells(nil, func(file []byte) []byte {
		file = bytes.Clone(file)
		file[len(file)/2] ^= 1
		return file
	}, nil)
	shows("one byte", "desk.error.damaged")

	// An old packet comes again after the coordinator has signed a newer list: whoever was taken off it would be back.
	var old []byte
	l.tells(nil, func(file []byte) []byte { old = bytes.Clone(file); return file }, nil)
	open("before")
	b.see(storyWords)
	s.signsAgain()
	l.tells(nil, nil, nil)
	open("after")
	b.see(storyWords)
	l.tells(nil, nil, old)
	shows("an old packet", "desk.error.older")

	// Served by the server itself, the same pages cannot promise that: they say so, and notice at least another key.
	served := s.sits("health")
	served.click("link", code)
	served.see(storyWords)
	served.see(s.say("open.warn.server", nil))
	served.shot("served")
	evaluate[any](served, `(() => { const kept = JSON.parse(localStorage.getItem('amana-desk')); kept.pin = `+strconv.Quote(liarKey.Public())+`; localStorage.setItem('amana-desk', JSON.stringify(kept)); })()`)
	served.reload()
	served.see(s.say("desk.in.pin", nil))
	if served.has("textbox", s.say("desk.pass", nil)) {
		t.Error("it asks for the passphrase although the coordinator's key is another")
	}
}

// ownMachine serves the pages from the machine of "relief", who signs in there, through the liar.
func (l *liar) ownMachine() *tab {
	l.Helper()
	there, err := url.Parse(l.at)
	if err != nil {
		l.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{ModifyResponse: l.pass, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(there)
		r.Out.Host = there.Host
		if r.In.Header.Get("Origin") != "" {
			r.Out.Header.Set("Origin", l.at)
		}
	}}
	lying := httptest.NewServer(proxy)
	l.Cleanup(lying.Close)
	to, err := url.Parse(lying.URL)
	if err != nil {
		l.Fatal(err)
	}
	d := &localDesk{book: l.play.book, pin: l.play.coordinator.Public(), pages: ui.Pages(), stand: ui.Placeholder()}
	if d.words, d.langs, err = localWords(l.play.book); err != nil {
		l.Fatal(err)
	}
	if d.remote, err = newRemoteDesk(to, http.DefaultTransport); err != nil {
		l.Fatal(err)
	}
	own := httptest.NewServer(d.handler())
	l.Cleanup(own.Close)
	d.hosts = []string{own.Listener.Addr().String()}
	own.Config.Handler = d.handler()
	e, _ := l.play.entry("relief")
	k, err := l.play.seat(l.Context(), e)
	if err != nil {
		l.Fatal(err)
	}
	kept, err := json.Marshal(k)
	if err != nil {
		l.Fatal(err)
	}
	b := browse(l.T, browserOptions{Lang: l.lang})
	b.open(own.URL + "/#/start/" + d.newStart())
	b.seeRole("heading", l.say("desk.in.new", nil))
	l.sitsAt(b, string(kept))
	return b
}

// signedByLiar gives the same roster, signed with another key.
func signedByLiar(s *storied, key seal.CoordinatorKey) (casework.Proposal, casework.Signed, error) {
	p, err := s.play.registry.Propose(s.Context())
	if err != nil {
		return p, casework.Signed{}, err
	}
	signed, err := casework.Sign(key, casework.Proposal{Pending: p.Roster.Entries})
	return p, signed, err
}

// signsAgain lets the coordinator sign a newer list of the same readers.
func (s *storied) signsAgain() {
	s.Helper()
	p, err := s.play.registry.Propose(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	signed, err := casework.Sign(s.play.coordinator, p)
	if err == nil {
		err = s.play.registry.Apply(s.Context(), signed)
	}
	if err != nil {
		s.Fatal(err)
	}
}
