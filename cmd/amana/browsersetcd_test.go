//go:build etcd

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// front stands before two machines, as a balancer does. It brings each request to the next one, or all of them to one; and
// where that one does not answer, to the other.
type front struct {
	*httptest.Server
	to   [2]string
	only atomic.Int64 // the machine that has everything; -1: each its turn
	next atomic.Int64
	took [2]atomic.Int64
}

func newFront(tb testing.TB, to ...string) *front {
	f := &front{to: [2]string(to)}
	f.only.Store(-1)
	f.Server = httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}, Transport: f})
	tb.Cleanup(f.Close)
	return f
}

// RoundTrip passes a request on.
func (f *front) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	var body []byte
	if req.Body != nil {
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	first := f.only.Load()
	if first < 0 {
		first = f.next.Add(1)
	}
	for n := range 2 {
		at := (int(first) + n) % 2
		again := req.Clone(req.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		again.URL.Scheme, again.URL.Host = "http", f.to[at]
		if resp, err = http.DefaultTransport.RoundTrip(again); err == nil {
			f.took[at].Add(1)
			return resp, nil
		}
	}
	return nil, err
}

// turns lets each machine have its turn.
func (f *front) turns() { f.only.Store(-1) }

// sticks lets one machine have everything.
func (f *front) sticks(n int) { f.only.Store(int64(n)) }

// TestBrowsersTogether puts balancers before the desks and the chat pages of two machines, some that keep a browser where it
// began and some that do not. What is said of that in bot/doc.go is held against what a browser is answered: a session is of
// one machine, and its loss is told as such and loses no word; a conversation goes on anywhere; nothing is doubled.
func TestBrowsersTogether(t *testing.T) {
	t.Parallel()
	desks, pages := []string{freePort(t), freePort(t)}, []string{freePort(t), freePort(t)}
	b := &browsing{T: t, desk: newFront(t, desks...), page: newFront(t, pages...), desks: desks}
	b.fleet = newFleet(t, 2, trialOptions{}, func(n int) string {
		return fmt.Sprintf("desk: {address: %q, listen: %q}\nweb: {listen: %q}", b.desk.URL, desks[n], pages[n])
	})
	for _, m := range b.fleet.machines {
		m.desked = true
	}
	b.fleet.serveAll()
	b.seatOf("dana")
	b.signingIn()
	b.conversation()
	b.answer()
	b.everywhere()
	b.revoked()
	b.fleet.ended(2)
}

type browsing struct {
	*testing.T
	fleet      *fleet
	desk, page *front
	desks      []string
	dana       *seated
}

// seatOf lets somebody join at a desk that has two machines, and then everybody else.
func (b *browsing) seatOf(id string) {
	word := b.fleet.invitedTo(b.desk.URL, id)
	b.dana = b.fleet.seat(b.desk.URL, nil)
	b.dana.join(word)
	b.fleet.enrol()
}

// try asks as ask does, and gives whatever was answered; anything but JSON fails.
func (s *seated) try(method, path string, question []byte) (status int, word string) {
	s.Helper()
	r, err := http.NewRequest(method, s.at+path, bytes.NewReader(question))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	resp, err := s.http.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	var told struct{ Error string }
	if err := json.NewDecoder(resp.Body).Decode(&told); err != nil {
		s.Fatalf("%s %s: %d, and no JSON: %v", method, path, resp.StatusCode, err)
	}
	return resp.StatusCode, told.Error
}

// signingIn brings the two steps of signing in to two machines: the second knows nothing of the first, and says to sign in.
// Where both reach one machine, it works, and only that machine knows the session; going back to it ends nothing.
func (b *browsing) signingIn() {
	b.desk.turns()
	b.dana.signInTo(http.StatusUnauthorized)
	b.desk.sticks(0)
	b.dana.signInTo(http.StatusOK)
	for n, want := range []int{0: http.StatusOK, 1: http.StatusUnauthorized, 2: http.StatusOK} {
		b.desk.sticks(n % 2)
		if status, word := b.dana.try("GET", "/api/inbox", nil); status != want || status != http.StatusOK && word != "sign_in" {
			b.Errorf("machine %d answers %d %q", n%2, status, word)
		}
	}
	b.desk.turns()
	seen := map[int]int{}
	for range 6 {
		status, _ := b.dana.try("GET", "/api/inbox", nil)
		seen[status]++
	}
	if seen[http.StatusOK] != 3 || seen[http.StatusUnauthorized] != 3 {
		b.Errorf("a balancer that is not sticky is answered %v", seen)
	}
}

// signInTo signs in, and wants an answer to the second step.
func (s *seated) signInTo(status int) {
	s.Helper()
	proof := s.device.Proof()
	var c struct {
		ID, Wait           string
		Wrapped, Challenge []byte
	}
	s.ask("POST", "/api/enter/begin", body{"person": s.person, "proof": proof[:], "browser": s.secret[:]}, &c, 200)
	answer, err := seal.OpenChallenge(c.Challenge, s.key)
	if err != nil {
		s.Fatal(err)
	}
	s.ask("POST", "/api/enter/finish", body{"id": c.ID, "answer": answer[:]}, nil, status)
}

// conversation is told over a chat page whose balancer brings each form to the other machine, and the last one to both, and once
// more when one of them was killed: there is one receipt.
func (b *browsing) conversation() {
	b.page.turns()
	p := &chatting{T: b.T, url: b.page.URL + "/", camp: &camp{house: &house{book: b.fleet.book}}}
	s := p.toStory("en").writes("He wanted something for the card.").sees("One message so far")
	b.page.sticks(0)
	lost := *s
	one := s.writes("It was at the gate, on the second day of the distribution.").sees("2 messages so far")
	b.page.sticks(1) // the answer was lost, and somebody went on writing
	const more = "It was at the gate, on the second day of the distribution, and others saw it."
	if again := lost.writes(more); again.field != more {
		b.Errorf("what was written on is lost: %q stands in the field", again.field)
	}
	one.writes("And later.").sees("3 messages so far")
	if s = one.writes("And later.").sees("3 messages so far"); s.field != "" {
		b.Errorf("what was heard stands in the field again: %q", s.field)
	}
	b.page.turns()
	s = s.tap("Done").skipTo("May this go to", "Skip").tap("Yes, it may go to them").skipTo("This is what would be sent", "Skip")
	send := s.knob("1 · Send")
	var numbers []string
	for n := range 2 {
		b.page.sticks(n)
		numbers = append(numbers, s.send(send).copies)
	}
	dead := b.fleet.machines[1]
	dead.kill()
	last := s.send(send) // to the machine that is left
	numbers = append(numbers, last.copies)
	if receipt := numbers[0]; len(receipt) != 16 || numbers[1] != receipt || numbers[2] != receipt {
		b.Fatalf("one form at two machines shows the numbers %q", numbers)
	}
	last.tap("Begin").sees("Is this a good moment to write?")
	dead.serve()

	b.page.sticks(0) // what was hidden at one machine is hidden at the other
	q := p.begun("en")
	later := *q
	q.hides()
	b.page.sticks(1)
	for until := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if again := later.send(later.knob("Find services")); again.away {
			break
		} else if time.Now().After(until) {
			b.Fatalf("what was hidden at one machine shows at the other: %s", again.said)
		}
	}
	for n := range b.page.took {
		if b.page.took[n].Load() == 0 {
			b.Errorf("machine %d was brought nothing of the chat page", n)
		}
	}
}

// answer lets a focal point read at one machine and send the answer to the other. It is not taken, with the words to sign in
// again; the same file is then taken there once, and the first machine, to which she goes back, says that it has it.
func (b *browsing) answer() {
	w := b.fleet.walker(8_111_222_777, "en", reporter("He wanted something for the card."))
	if _, err := w.report(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.desk.sticks(0)
	b.dana.signInTo(200)
	var inbox struct{ Lines []struct{ Code string } }
	b.dana.ask("GET", "/api/inbox", nil, &inbox, 200)
	if len(inbox.Lines) != 2 {
		b.Fatalf("%d reports in the inbox", len(inbox.Lines))
	}
	const said = "We believe you."
	code := inbox.Lines[0].Code
	o := b.dana.opens(code)
	in := ticket.Inside{Reply: &ticket.Reply{ID: o.body.ID, Time: time.Now().UTC(), Lang: "en", Role: ticket.FocalPoint, State: ticket.Read, Text: said}}
	file, _ := b.fleet.signed(o, in, ticket.Read, nil)
	send := func(at, status int) (again bool) {
		b.Helper()
		var taken struct{ Again bool }
		b.desk.sticks(at)
		b.dana.ask("POST", "/api/answer", file, &taken, status)
		return taken.Again
	}
	send(1, http.StatusUnauthorized)
	if thread := b.dana.thread(b, 0, code); thread != 1 {
		b.Errorf("%d messages after an answer that was refused", thread)
	}
	b.desk.sticks(1)
	b.dana.signInTo(200)
	if send(1, 200) {
		b.Error("an answer that was refused was taken all the same")
	}
	send(0, http.StatusUnauthorized) // the browser has the session of the other one
	b.dana.signInTo(200)
	if !send(0, 200) {
		b.Error("the same answer was taken twice")
	}
	if thread := b.dana.thread(b, 0, code); thread != 2 {
		b.Errorf("%d messages after an answer", thread)
	}
}

// thread is how many messages a report has.
func (s *seated) thread(b *browsing, at int, code string) int {
	b.desk.sticks(at)
	return len(s.opens(code).insides)
}

// everywhere leaves everywhere at one machine: the session at the other one ends as well.
func (b *browsing) everywhere() {
	home := *b.dana
	home.at, home.http = "http://"+b.desks[1], b.fleet.seat("", nil).http
	home.signInTo(200)
	b.desk.sticks(0)
	b.dana.signInTo(200)
	home.ask("GET", "/api/me", nil, nil, 200)
	b.dana.ask("POST", "/api/leave", body{"everywhere": true}, nil, 200)
	b.dana.ask("GET", "/api/me", nil, nil, 401)
	if status, word := home.try("GET", "/api/me", nil); status != 401 || word != "sign_in" {
		b.Errorf("who left everywhere is still in at the other machine: %d %s", status, word)
	}
	home.signInTo(200) // the same browsers are let in, at any time
	b.dana.signInTo(200)
	home.ask("GET", "/api/me", nil, nil, 200)
}

// revoked revokes somebody at one machine, who has a session at each.
func (b *browsing) revoked() {
	home := *b.dana
	home.at, home.http = "http://"+b.desks[1], b.fleet.seat("", nil).http
	home.signInTo(200)
	b.desk.sticks(0)
	b.dana.signInTo(200)
	signs := b.fleet.machines[1]
	signs.amana("confirm", "-config", signs.config(), "-yes", "-revoke", "dana")
	for n, s := range []*seated{b.dana, &home} {
		if status, word := s.try("GET", "/api/inbox", nil); status != 401 || word != "sign_in" {
			b.Errorf("machine %d answers %d %q to who was revoked", n, status, word)
		}
		if digits := s.signIn(); digits == "" {
			b.Errorf("machine %d lets in who was revoked", n)
		}
	}
}
