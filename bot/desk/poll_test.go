package desk_test

import (
	"bytes"
	"net/http"
	"regexp"
	"testing"
	"time"
)

// A page that looks for news gets them once: what has not changed since is not sent again, and whatever a line shows counts.
func TestPolling(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana, bea, dina := people["ana"], people["bea"], people["dina"]
	poll := func(b *browser, mark string) answer { return b.do("GET", "/api/inbox", "", nil, "If-None-Match", mark) }
	empty := ana.get("/api/inbox").header.Get("ETag")
	if !regexp.MustCompile(`^"[0-9a-f]{32}"$`).MatchString(empty) {
		t.Fatalf("the mark is %q", empty)
	}
	nothing := poll(dina, "").header.Get("ETag")
	_, code := h.files("what happened")
	mark := empty
	for _, step := range []struct {
		what string
		do   func()
	}{
		{"a new report", func() {}},
		{"a state, and with it the deadline", func() { ana.post("/api/report/"+code+"/acknowledge", struct{}{}).into(t, &struct{}{}) }},
		{"a deadline that has passed", func() { h.wait(25 * time.Hour); ana.signIn() }},
		{"a colleague's answer", func() {
			bea.signIn()
			o := bea.open(code)
			bea.send("/api/answer", bea.write(o, "An answer.", "referred")).into(t, &struct{}{})
		}},
	} {
		step.do()
		a := poll(ana, mark)
		if a.status != http.StatusOK || a.header.Get("ETag") == mark {
			t.Fatalf("%s: answered %s", step.what, a)
		}
		mark = a.header.Get("ETag")
		same := poll(ana, mark)
		if same.status != http.StatusNotModified || len(same.body) != 0 || same.header.Get("ETag") != mark || same.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s, asked again: answered %s %v", step.what, same, same.header)
		}
	}
	// For whom a report does not exist nothing has changed by it, and the mark of another is worth nothing.
	dina.signIn()
	first := poll(dina, nothing) // of a session that is over
	if first.status != http.StatusOK || !bytes.Contains(first.body, []byte(`"lines":[]`)) {
		t.Errorf("another session takes a mark: %s", first)
	}
	if got := poll(dina, mark).status; got != http.StatusOK {
		t.Errorf("the mark of a colleague: %d", got)
	}
	mine := first.header.Get("ETag")
	h.files("what happened to another")
	if got := poll(dina, mine).status; got != http.StatusNotModified {
		t.Errorf("somebody who may not see it: %d", got)
	}
	if a := ana.get("/api/inbox?all=1"); a.header.Get("ETag") == "" {
		t.Error("all of them have no mark")
	}
	ana.http = h.browser().http
	poll(ana, mark).is(t, http.StatusUnauthorized, signIn)
}

// Where a report stands: what is due, all of it, and who of its readers stands by.
func TestStanding(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana, bo, cora, dina := people["ana"], people["bo"], people["cora"], people["dina"]
	_, code := h.files("what happened")
	at := "/api/report/" + code + "/standing"
	var s struct {
		Line struct {
			Code, State, Step, Due, AreaLabel string
			Late                              bool
		}
		Runs []struct {
			Step, Due string
			Late      bool
		}
		Waiting []string
	}
	look := func() (steps string) {
		t.Helper()
		s.Runs = nil
		ana.get(at).into(t, &s)
		for _, r := range s.Runs {
			steps += r.Step + " "
		}
		return steps
	}
	if got := look(); got != "acknowledge answer " || s.Line.Code != code || s.Line.Step != "acknowledge" || s.Line.AreaLabel != "The camp" || s.Line.Due != s.Runs[0].Due {
		t.Errorf("filed: %q, %+v", got, s)
	}
	if len(s.Waiting) != 2 || s.Waiting[0] != "bo" || s.Waiting[1] != "cora" {
		t.Errorf("%q stand by", s.Waiting)
	}
	ana.post("/api/report/"+code+"/acknowledge", struct{}{}).into(t, &struct{}{})
	if got := look(); got != "refer answer " || s.Line.State != "read" || s.Runs[0].Late {
		t.Errorf("acknowledged: %q, %+v", got, s)
	}
	h.wait(25 * time.Hour)
	ana.signIn()
	if look(); !s.Runs[0].Late || s.Runs[1].Late {
		t.Errorf("a day later: %+v", s.Runs)
	}
	for _, b := range []*browser{bo, cora, dina} { // they stand by, or it is not for them: for them it does not exist yet
		b.signIn()
		b.get(at).is(t, http.StatusNotFound, `{"error":"unknown"}`)
	}
}
