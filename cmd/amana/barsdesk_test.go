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
			ms := evaluate[float64](t, fmt.Sprintf(`new Promise((done) => {
				const begin = performance.now();
				const seen = () => document.body.innerText.includes(%q) && done(performance.now() - begin);
				new MutationObserver(seen).observe(document.body, {childList: true, subtree: true, characterData: true});
				[...document.querySelectorAll('a')].find((a) => a.textContent.includes(%q)).click();
			})`, "He asked for my card", code))
			took = append(took, time.Duration(ms*float64(time.Millisecond)))
		}
		slices.Sort(took)
		median, bar := took[len(took)/2], time.Duration(slower)*500*time.Millisecond
		b.row(fmt.Sprintf("opening a report in the browser, processor %g times slower", slower), "< "+bar.String(), median.Round(time.Millisecond).String(),
			fmt.Sprintf("from the press to its words; median of %d, server on the same machine", times), median < bar, false)
	}
}

// polling is a server whose focal points look at their inboxes: what signing in costs it, and what looking.
func (b *barTable) polling() {
	people, each, most := 2, 2, 50*time.Millisecond
	if *bars {
		people, each = 40, 8 // each of them with as many sessions as one can have
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
	// Five hundred focal points who look once a minute ask eight times a second.
	rate := 10
	if *bars {
		rate = 100
	}
	var mu sync.Mutex
	var waits []time.Duration
	var lanes sync.WaitGroup
	before, begin := used(), time.Now()
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for n := 0; time.Since(begin) < b.spell; n++ {
		<-tick.C
		lanes.Go(func() {
			from := time.Now()
			resp, err := all[n%len(all)].Get(served.URL + "/api/inbox")
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				b.Errorf("the inbox answers %d", resp.StatusCode)
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
	b.row(fmt.Sprintf("inbox, p95 at %d a second", rate), "< "+most.String(), p95.Round(10*time.Microsecond).String(),
		fmt.Sprintf("500 focal points ask 8 a second; here %d sessions, %.0f answers a second, %.0f%% of one processor, client included", sessions,
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
