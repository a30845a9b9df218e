package main

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"regexp"
	"slices"
	"sync"
	"syscall"
	"time"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// pageWeight is what a browser gets before somebody can begin, as it is transferred.
func (b *barTable) pageWeight() {
	s := newStory(b.T, "en")
	weigh := func(first string, also ...string) (total int) {
		get := func(path string) []byte {
			r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, s.at+path, nil)
			if err != nil {
				b.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", "gzip") // set here, so that what comes is counted as it comes
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				b.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != http.StatusOK {
				b.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
			}
			total += len(body)
			if resp.Header.Get("Content-Encoding") == "gzip" {
				return unpacked(b, body)
			}
			return body
		}
		page := get(first)
		for _, m := range regexp.MustCompile(`(?:src|href)="([^"]+\.(?:js|css))"`).FindAllSubmatch(page, -1) {
			at := string(m[1])
			if at[0] != '/' {
				at = first + at
			}
			get(at)
		}
		for _, path := range also {
			get(path)
		}
		return total
	}
	desk := weigh("/desk/")
	words := weigh("/desk/", "/api/place", "/words/en.json") - desk
	phone := weigh("/phone/")
	b.row("desk, first load", "< 150 kB", fmt.Sprintf("%.1f kB", float64(desk)/1000), fmt.Sprintf("as transferred; and %.1f kB of words in one language", float64(words)/1000), desk+words < 150_000, false)
	b.row("chat page, first load", "< 50 kB", fmt.Sprintf("%.1f kB", float64(phone)/1000), "as transferred", phone < 50_000, false)
}

// opening is how long a reader waits, from the press on a report to its words: fetched, opened, verified, drawn.
func (b *barTable) opening() {
	s := newStory(b.T, "en")
	s.reports()
	all, err := s.play.reports(b.Context())
	if err != nil || len(all) != 1 {
		b.Fatalf("%d reports, %v", len(all), err)
	}
	code := string(all[0].Code)
	t := s.sits("relief")
	times := 1
	if *bars {
		times = 5
	}
	for _, slower := range []float64{1, 4} {
		t.slow("", slower)
		var took []time.Duration
		for range times {
			t.click("link", s.say("desk.nav.reports", nil))
			t.seeRole("link", code)
			ms := openingTakes(t, code)
			took = append(took, time.Duration(ms*float64(time.Millisecond)))
		}
		slices.Sort(took)
		median, bar := took[len(took)/2], time.Duration(slower)*500*time.Millisecond
		b.row(fmt.Sprintf("opening a report in the browser, processor %g times slower", slower), "< "+bar.String(), median.Round(time.Millisecond).String(),
			fmt.Sprintf("from the press to its words; median of %d, server on the same machine", times), median < bar, false)
	}
}

// openingTakes gives the milliseconds from the press on a report in the inbox to its words.
func openingTakes(t *tab, code string) float64 {
	t.Helper()
	return evaluate[float64](t, fmt.Sprintf(`new Promise((done) => {
		const begin = performance.now();
		const seen = () => document.body.innerText.includes(%q) && done(performance.now() - begin);
		new MutationObserver(seen).observe(document.body, {childList: true, subtree: true, characterData: true});
		[...document.querySelectorAll('a')].find((a) => a.textContent.includes(%q)).click();
	})`, "He asked for my card", code))
}

// thinLines is how long somebody waits at the speeds of 3G: for a page that can be used, with nothing kept from before, and
// from the press on a report to its words. What makes a focal point give up is ten seconds, not one.
func (b *barTable) thinLines() {
	s := newStory(b.T, "en")
	s.reports()
	all, err := s.play.reports(b.Context())
	if err != nil || len(all) != 1 {
		b.Fatalf("%d reports, %v", len(all), err)
	}
	code := string(all[0].Code)
	lines := []struct {
		name, is   string
		load, open time.Duration
	}{
		{"3g", "1.6 Mbit/s down, 0.75 up, 150 ms", 4 * time.Second, 2 * time.Second},
		{"slow 3g", "400 kbit/s, 400 ms", 10 * time.Second, 5 * time.Second},
	}
	if !*bars {
		lines = lines[:1]
	}
	t := s.sits("relief")
	for _, line := range lines {
		fresh := t.another(browserOptions{Lang: "en"})
		fresh.slow(line.name, 1)
		begin := time.Now()
		fresh.open(s.at + "/desk/")
		fresh.seeRole("heading", s.say("desk.in.new", nil))
		load := time.Since(begin)
		b.row("desk usable at "+line.name+", first load", "< "+line.load.String(), load.Round(10*time.Millisecond).String(), line.is+"; to the page of signing in, nothing kept", load < line.load, false)
		t.slow(line.name, 1)
		t.click("link", s.say("desk.nav.reports", nil))
		t.seeRole("link", code)
		open := time.Duration(openingTakes(t, code) * float64(time.Millisecond))
		b.row("desk usable at "+line.name+", opening a report", "< "+line.open.String(), open.Round(10*time.Millisecond).String(), line.is+"; from the press to its words", open < line.open, false)
		t.slow("", 1)
	}
}

// polling is a server whose focal points look at their inboxes: what signing in costs it, and what looking.
func (b *barTable) polling() {
	people, each, most := 2, 2, 50*time.Millisecond
	if *bars {
		people, each = 63, 8 // each of them with as many sessions as one can have
	}
	s := newStory(b.T, "en")
	var also []ticket.Entry
	for n := range people {
		also = append(also, ticket.Entry{
			ID: fmt.Sprintf("p%03d", n), Name: fmt.Sprintf("Invented %03d", n), Org: "example_relief", Role: ticket.FocalPoint, Backup: "standin",
			Langs: []string{"en"}, Status: ticket.StatusConfirmed,
		})
	}
	s.camping.also = also
	if err := s.begin(b.Context()); err != nil {
		b.Fatal(err)
	}
	served := httptest.NewServer(s.play.desk)
	defer served.Close()
	var all []*http.Client
	var signing time.Duration
	for _, e := range also {
		b.seat(s, e.ID)
		for range each {
			c, took := b.signIn(s, served.URL, e.ID)
			all, signing = append(all, c), signing+took
		}
	}
	sessions := len(all)
	b.row("signing in, work of the server", "< 20 ms", (signing / time.Duration(sessions)).Round(10*time.Microsecond).String(),
		fmt.Sprintf("challenge and answer, %d times, with the client's part; without the wait in line", sessions), signing/time.Duration(sessions) < 20*time.Millisecond, false)

	mission := ticket.Mission{Roster: s.play.registry.Roster(), Routes: s.play.routes(), Clock: s.play.profile.clock()}
	message, err := seal.Message(make([]byte, 2000), []string{s.play.staff[0].Key}, "", rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	for range people {
		if err := putReport(s.play.house, mission, message); err != nil {
			b.Fatal(err)
		}
	}
	// A page looks once a minute. The first round brings every inbox, the others only whether it has changed.
	marks := make([]string, sessions)
	look := func(n int) int {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, served.URL+"/api/inbox", nil)
		if err != nil {
			b.Error(err)
			return 0
		}
		if marks[n] != "" {
			r.Header.Set("If-None-Match", marks[n])
		}
		resp, err := all[n].Do(r)
		if err != nil {
			b.Error(err)
			return 0
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if marks[n] == "" {
			marks[n] = resp.Header.Get("ETag")
		}
		return resp.StatusCode
	}
	for n := range all {
		if status := look(n); status != http.StatusOK {
			b.Fatalf("the inbox answers %d", status)
		}
	}
	rates := []int{10}
	if *bars {
		rates = []int{(sessions + 59) / 60, 100}
	}
	for _, rate := range rates {
		b.polled(rate, sessions, most, look)
	}
}

// polled lets pages look at their inboxes in turn, so many a second, of which none has changed.
func (b *barTable) polled(rate, sessions int, most time.Duration, look func(n int) int) {
	var mu sync.Mutex
	var waits []time.Duration
	var lanes sync.WaitGroup
	spell := b.spell
	if *bars {
		spell = 10 * time.Second
	}
	before, begin := used(), time.Now()
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for n := 0; time.Since(begin) < spell; n++ {
		<-tick.C
		lanes.Go(func() {
			from := time.Now()
			if status := look(n % sessions); status != http.StatusNotModified {
				b.Errorf("an inbox that has not changed answers %d", status)
			}
			mu.Lock()
			waits = append(waits, time.Since(from))
			mu.Unlock()
		})
	}
	lanes.Wait()
	took := time.Since(begin)
	cpu := used() - before
	slices.Sort(waits)
	p95 := waits[len(waits)*95/100]
	b.row(fmt.Sprintf("%d pages polling, p95 at %d a second", sessions, rate), "< "+most.String(), p95.Round(10*time.Microsecond).String(),
		fmt.Sprintf("each page looks once a minute, so that 500 ask 8.4 a second; here %.1f answers a second, all 304, %.1f%% of one processor, client included",
			float64(len(waits))/took.Seconds(), 100*cpu.Seconds()/took.Seconds()), p95 < most, false)
}

// seat keeps the wrapped key of somebody, as if they had joined.
func (b *barTable) seat(s *storied, id string) {
	device, err := seal.NewDeviceKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	e, _ := s.play.entry(id)
	wrapped, err := seal.Wrap(s.play.people[id], demoPassphrase, device, 10)
	if err != nil {
		b.Fatal(err)
	}
	file, err := seal.Enrolment{Public: e.Key, Wrapped: wrapped}.Encode()
	if err != nil {
		b.Fatal(err)
	}
	err = s.play.store.Update(b.Context(), store.ID{}, func(w *store.Write) error {
		c, _, err := w.Contact(id)
		if err != nil {
			return err
		}
		c.Wrapped = file
		return w.PutContact(c)
	})
	if err != nil {
		b.Fatal(err)
	}
}

// signIn lets somebody of the camp sign in over http from a new browser, and gives what the two requests took.
func (b *barTable) signIn(s *storied, at, id string) (*http.Client, time.Duration) {
	e, _ := s.play.entry(id)
	device, err := seal.NewDeviceKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	var browser [32]byte
	_, _ = rand.Read(browser[:])
	if err := s.play.admit(b.Context(), e, device, browser); err != nil {
		b.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	post := func(path string, in, out any) time.Duration {
		body, err := json.Marshal(in)
		if err != nil {
			b.Fatal(err)
		}
		begin := time.Now()
		resp, err := c.Post(at+path, "application/json", bytes.NewReader(body))
		took := time.Since(begin)
		if err != nil {
			b.Fatal(err)
		}
		defer resp.Body.Close()
		if err := json.NewDecoder(resp.Body).Decode(out); err != nil || resp.StatusCode != http.StatusOK {
			b.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
		}
		return took
	}
	var begun struct {
		ID        string
		Challenge []byte
	}
	proof := device.Proof()
	time.Sleep(60 * time.Millisecond) // the line lets in only so many a second, which is no work
	took := post("/api/enter/begin", map[string]any{"person": id, "proof": proof[:], "browser": browser[:]}, &begun)
	secret, err := seal.OpenChallenge(begun.Challenge, s.play.people[id])
	if err != nil {
		b.Fatal(err)
	}
	return c, took + post("/api/enter/finish", map[string]any{"id": begun.ID, "answer": secret[:]}, &struct{}{})
}

// used is how long this process has kept processors busy.
func used() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// unpacked undoes gzip.
func unpacked(b *barTable, body []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	return out
}
