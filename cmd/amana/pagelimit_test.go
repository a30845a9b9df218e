package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/web"
)

// A flood of new conversations is put off kindly, in the language of whoever is put off, and those who are in one go on.
func TestPageFlood(t *testing.T) {
	t.Parallel()
	p := newChatting(t, func(o *web.Options) {
		o.Rates = web.Rates{New: 0.001, NewBurst: 3, Pace: 1000, Burst: 1000}
	})
	inside := p.begun("en")
	var busy *plainPage
	for range 6 {
		if s := visit(t, p.url, "en").tap("العربية"); s.status == http.StatusServiceUnavailable {
			busy = s
		}
	}
	if busy == nil || busy.head.Get("Retry-After") == "" {
		t.Fatal("nobody is put off")
	}
	busy.sees(p.words("ar", "word.busy", nil))
	if again := busy.tap(p.words("ar", "page.again", nil)); again.status != http.StatusServiceUnavailable {
		t.Errorf("the second try is answered with %d", again.status)
	}
	for n := range 20 { // words that nobody gave out are no way around it
		s := post(t, p.url, url.Values{"c": {fmt.Sprintf("AAAAAAAAAAAAAAAAAAAA%dA", n%10)}, "n": {"9"}, "l": {"en"}, "text": {"hello there"}}, nil)
		if s.status != http.StatusServiceUnavailable {
			t.Fatalf("a word of nobody is answered with %d", s.status)
		}
		if s.sees(p.words("en", "word.busy", nil)); s.field != "hello there" {
			t.Errorf("what was typed is lost: %q", s.field)
		}
	}
	inside.tap("Find services").sees("What kind of help")
	if first := visit(t, p.url, "en"); first.status != http.StatusOK {
		t.Error("the first page is put off too")
	}
	if c := p.door.Counts(); c.Busy < 20 {
		t.Errorf("%d were counted as put off", c.Busy)
	}
}

// One conversation has its own pace, and nobody else waits for it.
func TestPagePace(t *testing.T) {
	t.Parallel()
	p := newChatting(t, func(o *web.Options) {
		o.Rates = web.Rates{New: 1000, Pace: 0.001, Burst: 4}
	})
	s := visit(t, p.url, "en").tap("English")
	statuses := map[int]int{}
	for range 6 {
		statuses[s.writes("/help").status]++
	}
	if statuses[http.StatusOK] != 3 || statuses[http.StatusServiceUnavailable] != 3 {
		t.Errorf("six turns at once are answered with %v", statuses)
	}
	if s.hides(); !s.hides().away {
		t.Error("the pace keeps somebody from hiding")
	}
	visit(t, p.url, "en").tap("English").sees("Is this a good moment")
}

// held is a room that keeps everybody waiting until it is let go.
type held struct {
	web.Hearer
	let chan struct{}
	in  chan struct{}
}

func (h held) Hear(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	if in.Text != "/slow" && in.Text != "slow" {
		return h.Hearer.Hear(ctx, in)
	}
	h.in <- struct{}{}
	<-h.let
	return h.Hearer.Hear(ctx, in)
}

// While a turn takes long, hide is answered at once, and what comes out of the turn afterwards is not shown.
func TestPageHidesAtOnce(t *testing.T) {
	t.Parallel()
	h := held{let: make(chan struct{}), in: make(chan struct{}, 1)}
	p := newChatting(t, func(o *web.Options) {
		h.Hearer = o.Hearer
		o.Hearer = h
		o.Rates.Turns = 1
	})
	s := p.toStory("en")
	var slow *plainPage
	var all sync.WaitGroup
	all.Go(func() { slow = s.writes("slow") })
	<-h.in
	began := time.Now()
	if got := s.hides(); !got.away {
		t.Errorf("hide is answered with: %s", got.said)
	}
	if d := time.Since(began); d > time.Minute {
		t.Errorf("hide took %s", d)
	}
	if got := s.writes("once more"); !got.away {
		t.Errorf("words after hide are answered with: %s", got.said)
	}
	close(h.let)
	all.Wait()
	if !slow.away {
		t.Errorf("the turn that took long is answered with: %s", slow.said)
	}
}

// broken is a room that cannot commit while it is told so.
type broken struct {
	web.Hearer
	is     atomic.Bool
	panics bool
}

func (b *broken) Hear(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	switch {
	case !b.is.Load():
		return b.Hearer.Hear(ctx, in)
	case b.panics:
		panic("zqpanicmark of what was written")
	}
	return bot.Reply{}, bot.ErrNotSaved
}

// What cannot be saved is said to be so, stands in the field still, and works once it can. Nothing keeps anybody from hiding.
func TestPageNotSaved(t *testing.T) {
	t.Parallel()
	for _, panics := range []bool{false, true} {
		b := &broken{panics: panics}
		p := newChatting(t, func(o *web.Options) {
			b.Hearer = o.Hearer
			o.Hearer = b
		})
		b.is.Store(true)
		first := visit(t, p.url, "en").tap("English").sees(p.words("en", "word.saved.not", nil))
		b.is.Store(false)
		first.tap("Try again").sees("Is this a good moment")
		s := p.toStory("en")
		b.is.Store(true)
		got := s.writes("It was at the gate.").sees(p.words("en", "word.saved.not", nil))
		if got.status != http.StatusServiceUnavailable || got.field != "It was at the gate." {
			t.Errorf("what could not be saved is answered with %d, and %q stands in the field", got.status, got.field)
		}
		b.is.Store(false)
		got = got.writes(got.field).sees("One message so far")
		b.is.Store(true)
		if !got.hides().away {
			t.Error("nobody can hide while nothing can be saved")
		}
		p.quiet("zqpanicmark", "at the gate", s.word())
	}
}

// unsure is a room over a cluster that does not say what became of what was written to it.
type unsure struct {
	web.Hearer
	how   atomic.Int32
	heard atomic.Int32
}

const (
	fine    = iota
	written // and nobody knows
	lost    // on the way there, and nobody knows
	refused // nothing was written, for certain
)

func (u *unsure) Hear(ctx context.Context, in bot.Incoming) (reply bot.Reply, err error) {
	defer u.heard.Add(1)
	switch how := u.how.Load(); how {
	case refused:
		return reply, bot.ErrNotSaved
	case written, lost:
		if how == written {
			_, err = u.Hearer.Hear(ctx, in)
		}
		return bot.Reply{}, errors.Join(bot.ErrPerhaps, err)
	}
	return u.Hearer.Hear(ctx, in)
}

// Where nobody knows whether a report was saved the page says just that, also when the next try fails for certain; and sent
// again it is there once, with its number, whether the first was written or not, and at whatever process it is heard.
func TestPageNobodyKnows(t *testing.T) {
	t.Parallel()
	for _, how := range []int32{written, lost} {
		for _, elsewhere := range []bool{false, true} {
			u := &unsure{}
			p := newChatting(t, func(o *web.Options) {
				u.Hearer = o.Hearer
				o.Hearer = u
			})
			perhaps, not := p.words("en", "word.saved.perhaps", nil), p.words("en", "word.saved.not", nil)
			s := p.toStory("en")
			u.how.Store(how)
			s = s.writes("It was at the gate.").sees(perhaps)
			if s.field != "It was at the gate." {
				t.Errorf("%q stands in the field", s.field)
			}
			u.how.Store(fine)
			s = s.writes(s.field).sees("One message so far")
			review := s.tap("Done").skipTo("May this go to", "Skip").tap("Yes, it may go to them").skipTo("This is what would be sent", "Skip")
			u.how.Store(how)
			s = review.tap("1 · Send").sees(perhaps)
			if s.copies != "" || s.status != http.StatusServiceUnavailable || s.head.Get("Retry-After") == "" {
				t.Errorf("what nobody knows is answered with %d and the number %q", s.status, s.copies)
			}
			u.how.Store(refused)
			s = s.tap("Try again").sees(perhaps)
			if strings.Contains(s.said, plainly(not)) {
				t.Error("somebody is told that nothing was sent")
			}
			u.how.Store(fine)
			if elsewhere {
				s.url = p.anew().url
			}
			if s = s.tap("Try again"); len(s.copies) != 16 || p.reports() != 1 {
				t.Errorf("%d reports, and the number %q", p.reports(), s.copies)
			}
			p.quiet("at the gate", s.word())
		}
	}
}

// Many who send forms drop by drop take the places of those who write, for a bounded time, but nobody's way out.
func TestPageSlowly(t *testing.T) {
	t.Parallel()
	p := newChatting(t, func(o *web.Options) {
		o.Rates = web.Rates{New: 1000, Pace: 1000, Burst: 1000, Turns: 2, Wait: 100 * time.Millisecond}
	})
	addr := strings.TrimSuffix(strings.TrimPrefix(p.url, "http://"), "/")
	s := p.begun("en")
	for range 50 {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nc=")
	}
	for end := time.Now().Add(patience); s.tap("Find services").status != http.StatusServiceUnavailable; {
		if time.Now().After(end) {
			t.Fatal("however many forms are read at once, there is room for one more")
		}
	}
	if visit(t, p.url, "en").status != http.StatusOK || !s.hides().away {
		t.Error("nobody can open the page or hide meanwhile")
	}
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("a", 64<<10))
	answer, _ := io.ReadAll(c)
	if !strings.HasPrefix(string(answer), "HTTP/1.1 431") {
		t.Errorf("headers of 64 kB are answered with %.60q", answer)
	}
}

// TestPageServed is the page of `amana serve`, with a bot for staff and none for people: a report is filed by marked words, and
// none of them is found in what the program wrote, no address and no conversation; nor after it was killed.
func TestPageServed(t *testing.T) {
	t.Parallel()
	addr := freePort(t)
	tr := newTrial(t, trialOptions{config: fmt.Sprintf("web:\n  listen: %q", addr), level: "debug"})
	tr.tokens[0] = ""
	tr.serve()
	tr.enrol()
	url := "http://" + addr + "/"
	say := func(key string) string { return tr.words("en", key, nil) }
	s := visit(t, url, "en, zqacceptmark").tap("English").tap("Yes").tap(say("start.menu.report")).tap("Go on")
	s = s.skipTo(say("report.story"), "Skip").writes("zqpagestorymark").tap("Done")
	s = s.skipTo("Yes, it may go to them", "Skip").tap("Yes, it may go to them").skipTo(say("word.review"), "Skip")
	marks := []mark{{"story", "zqpagestorymark"}, {"conversation", s.word()}, {"languages of a browser", "zqacceptmark"}, {"draft of another", "zqpagedraftmark"}}
	send := s.knob("1 · Send")
	receipt := s.send(send).copies
	if len(receipt) != 16 {
		t.Fatal("no number is shown")
	}
	marks = append(marks, mark{"receipt", receipt}, mark{"receipt in groups", inGroups(receipt)})
	other := visit(t, url, "en").tap("English").tap("Yes").tap(say("start.menu.report")).tap("Go on").skipTo(say("report.story"), "Skip").writes("zqpagedraftmark")
	other.sees("One message so far")
	tr.noticed(tr.hands["ana"])
	where := []string{tr.dir, tr.run, tr.tmp, tr.logFile()}
	tr.amana("backup", "-config", tr.config(), filepath.Join(tr.tmp, "copy.db"))
	tr.findNothing("while it serves", marks, where...)
	tr.kill()
	tr.findNothing("after it was killed", marks, where...)
	tr.serve()
	if again := s.send(send); again.copies != receipt {
		t.Errorf("after the program was killed the number is %q, not the one of before", again.copies)
	}
	other.tap("Done").skipTo("Yes, it may go to them", "Skip")
	tr.stop()
	tr.findNothing("after it has stopped", marks, where...)
	if log := tr.log(); strings.Contains(log, "remote") || strings.Contains(log, "POST") {
		t.Errorf("the log tells of requests:\n%s", tail(log, 2000))
	}
}
