package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// testLog fails a test that is told anything.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Errorf("%s", p)
	return len(p), nil
}

// TestDemoPage shows everything in one window: a report is sent on the left, arrives on the right, is opened and answered,
// and the answer is read on the left. What the server held at each moment is shown, and is what it really held.
func TestDemoPage(t *testing.T) {
	t.Parallel()
	s := newStory(t, "en")
	b := browse(t, browserOptions{Width: 1280, Height: 800, Desktop: true})
	b.open(s.at + "/")
	phone, desk := b.frame("phone"), b.frame("desk")
	desk.seeRole("heading", s.say("desk.nav.reports", nil))
	s.tells(phone)
	b.shot("sent")
	all, err := s.play.reports(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d reports, %v", len(all), err)
	}
	code := string(all[0].Code)
	desk.click("link", code)
	desk.see(storyWords)
	desk.click("button", s.say("staff.button.acknowledge", nil))
	desk.see(s.say("staff.state.read", nil))
	s.answers(desk, code)
	b.shot("both")
	s.comesBack(phone, func() {
		b.click("button", "Write the number into the phone")
		b.until("the number in the phone", func() bool {
			return evaluate[string](phone, "document.getElementById('text').value") == grouped(s.number())
		})
	})
	b.axe()
	b.click("button", "A day passes")
	b.click("button", "What the server could read")
	for _, title := range []string{"A question is answered", "The report is sent", "Focal points are told", "A focal point opens it", "The focal point answers", "The person reads the answer"} {
		b.seeRole("heading", title)
	}
	evaluate[any](b, "document.querySelectorAll('#moments details').forEach((d) => { d.open = true })")
	b.see("with 16 places")
	b.axe()
	b.shot("bytes")
	s.heldWhatItShows(code)

	b.click("button", "Phone and desk")
	b.choose("Who sits there", "Coordinates")
	b.until("the coordinator to sit there", func() bool { return strings.Contains(desk.text(), "Coordinator") })
	b.click("button", "Start anew")
	desk.see(s.say("staff.inbox.empty", nil))
	b.until("a new camp", func() bool { return s.number() == "" })
}

// heldWhatItShows holds the moments to the store and to the story: the draft shows the words, and nothing afterwards does.
func (s *storied) heldWhatItShows(code string) {
	s.Helper()
	resp, err := http.Get(s.at + "/demo/moments")
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	var all []moment
	if err := json.NewDecoder(resp.Body).Decode(&all); err != nil {
		s.Fatal(err)
	}
	seen := map[string]moment{}
	for _, m := range all {
		seen[m.Kind] = m
		text, err := json.Marshal(slices.DeleteFunc(slices.Clone(m.Records), func(r record) bool { return r.Gone }))
		if err != nil {
			s.Fatal(err)
		}
		// In a dump words stand sixteen bytes a line, so a short piece of them is looked for.
		if has := strings.Contains(string(text), "asked for my") || strings.Contains(string(text), "He asked for"); has != (m.Kind == "asked" && m.Times > 5) {
			s.Errorf("%s (%d): the words of the person are in what the server held: %v", m.Kind, m.Times, has)
		}
		if strings.Contains(string(text), "We have read") {
			s.Errorf("%s: the answer is in what the server held", m.Kind)
		}
	}
	outer := seen["sent"].find("outer record of a report")
	if fieldOf(outer, "code") != code || fieldOf(outer, "kind") != "fraud" || fieldOf(outer, "state") != "received" || !strings.Contains(fieldOf(outer, "readers who have it"), "relief") {
		s.Errorf("the outer record: %+v", outer)
	}
	if file := seen["sent"].find("message of a report"); file.Sealed == nil || file.Sealed.Places != 16 || fieldOf(file, "kind") != "report" {
		s.Errorf("the sealed report: %+v", file)
	}
	if out := seen["opened"].find("handed out: " + code); out.Sealed == nil || out.Sealed.Places != 1 {
		s.Errorf("what was handed out: %+v", out)
	}
	if answer := seen["answered"].find("message of a report"); answer.Sealed == nil || fieldOf(answer, "signed header: new state") == "" || fieldOf(answer, "signature") == "" {
		s.Errorf("the answer: %+v", answer)
	}
	if told := seen["noticed"].find("message to relief"); !strings.Contains(fieldOf(told, "in clear"), code) {
		s.Errorf("the notice: %+v", told)
	}
	if len(seen["read"].Records) == 0 {
		s.Error("nothing is told of the moment of reading")
	}
}

// find gives the first record that begins so.
func (m moment) find(shelf string) record {
	for _, r := range m.Records {
		if strings.HasPrefix(r.Shelf, shelf) && (r.Sealed != nil || !strings.HasPrefix(r.Shelf, "message of")) {
			return r
		}
	}
	return record{}
}

// TestDemoPageOnAPhone: where there is no room for both, one of them is shown at a time.
func TestDemoPageOnAPhone(t *testing.T) {
	t.Parallel()
	s := newStory(t, "ar")
	b := browse(t, browserOptions{Lang: "ar"})
	b.open(s.at + "/")
	b.until("the phone to speak Arabic", func() bool { return len(b.frame("phone").standing().taps) > 0 })
	b.until("the page itself to be in Arabic", func() bool {
		return evaluate[string](b, "document.documentElement.lang + document.documentElement.dir") == "arrtl"
	})
	b.wide()
	b.axe()
	b.shot("phone")
	b.click("button", s.say("demo.desk", nil))
	b.frame("desk").seeRole("heading", s.say("desk.nav.reports", nil))
	b.wide()
	b.axe()
	b.shot("desk")
	if b.has("Iframe", s.say("demo.phone", nil)) {
		t.Error("both are shown")
	}
	b.click("button", s.say("demo.bytes", nil))
	b.seeRole("heading", "A question is answered")
	b.wide()
	b.axe()
}

// TestDemoPageIsForThisMachine: nobody who comes by another name gets in, and no other page can press its buttons.
func TestDemoPageIsForThisMachine(t *testing.T) {
	t.Parallel()
	s := newStory(t, "en")
	for _, c := range []struct {
		method, path, host, site string
		want                     int
	}{
		{"GET", "/", "", "", 200},
		{"GET", "/", "elsewhere.invalid", "", 403},
		{"GET", "/demo/state", "localhost:1", "", 403},
		{"POST", "/demo/anew", "", "cross-site", 403},
		{"POST", "/demo/wait", "", "same-site", 403},
		{"POST", "/demo/wait", "", "same-origin", 400},
		{"GET", "/demo/none", "", "", 404},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, s.at+c.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if c.host != "" {
			r.Host = c.host
		}
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%s %s as %q from %q: %d, want %d", c.method, c.path, c.host, c.site, resp.StatusCode, c.want)
		}
	}
}

// TestDemoPageRuns is the command itself: it prints its address alone on one line, and leaves nothing when it is told to stop.
func TestDemoPageRuns(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	read, write := io.Pipe()
	status := make(chan int, 1)
	go func() {
		status <- Main(ctx, &call{args: []string{"demo"}, stdin: strings.NewReader(""), stdout: write, stderr: write, env: func(string) string { return "" }})
		write.Close()
	}()
	lines := bufio.NewScanner(read)
	address := ""
	for address == "" && lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); strings.HasPrefix(line, "http://127.0.0.1:") {
			address = line
		}
	}
	go func() {
		for lines.Scan() {
		}
	}()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("%s answers %d", address, resp.StatusCode)
	}
	stop()
	if got := <-status; got != 0 {
		t.Errorf("status %d", got)
	}
	if _, errs, status := program("", "demo", "-listen", "0.0.0.0:0"); status != 2 || !strings.Contains(errs, "open to others") {
		t.Errorf("a demonstration for everybody: %d, %s", status, errs)
	}
}
