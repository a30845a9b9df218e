package desk_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"amana/bot/desk"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// questions are all that a page asks about one report, for whoever is signed in.
func questions(b *browser, code string, answer, grant []byte) map[string]func() reply {
	at := "/api/report/" + code
	return map[string]func() reply{
		"standing":    func() reply { return b.get(at + "/standing") },
		"open":        func() reply { return b.post(at+"/open", struct{}{}) },
		"voice":       func() reply { return b.get(at + "/voice/" + code + "-voice-1.amana") },
		"acknowledge": func() reply { return b.post(at+"/acknowledge", struct{}{}) },
		"may recuse":  func() reply { return b.get(at + "/recuse") },
		"recuse":      func() reply { return b.post(at+"/recuse", struct{}{}) },
		"takers":      func() reply { return b.get(at + "/handover") },
		"hand over":   func() reply { return b.post(at+"/handover", fields{"to": "bea"}) },
		"trail":       func() reply { return b.get(at + "/trail") },
		"answer":      func() reply { return b.send("/api/answer", answer) },
		"grant":       func() reply { return b.send("/api/grant", grant) },
	}
}

type reply = answer

// Every way to a report that somebody may not see answers like the way to one that does not exist: byte for byte, with the
// same headers.
func TestAnothersReport(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana, dina := people["ana"], people["dina"]
	_, code := h.files("what happened")
	o := ana.open(code)
	real := ana.write(o, "An answer.", ticket.Read)
	seed := must(seal.ParseSeed(o.body.Seed))
	sharing := func(report [16]byte) []byte {
		head := seal.Header{Report: report, Message: [16]byte{7}, Kind: ticket.TypeShare, Readers: []seal.Reader{{ID: "dina", Key: dina.identity.Public()}}}
		return must(seal.GrantFiles([]seal.Grant{must(seal.SignShare(seed, head))}))[0]
	}
	nowhere := "BDFGHJ"
	if code == nowhere {
		nowhere = "BDFGHK"
	}
	never := o
	never.packet.Report = [16]byte{1, 2, 3}
	unreal := ana.write(never, "An answer.", ticket.Read)
	theirs := questions(dina, code, real, sharing(o.packet.Report))
	nobodys := questions(dina, nowhere, unreal, sharing(never.packet.Report))
	for name, ask := range theirs {
		got, want := ask(), nobodys[name]()
		if got.status != want.status || !bytes.Equal(got.body, want.body) || heads(got.header) != heads(want.header) {
			t.Errorf("%s: %s for another's report, %s for none", name, got, want)
		}
		if got.status == http.StatusOK || got.status == http.StatusInternalServerError {
			t.Errorf("%s: %s", name, got)
		}
		want.header.Del("Date")
		if want.status == http.StatusNotFound {
			want.is(t, http.StatusNotFound, `{"error":"unknown"}`)
		}
	}
	for _, odd := range []string{"x", "%2e%2e", "BDFGHJBDFGHJ", "ÄÖÜ", "BDF%20GHJ", strings.Repeat("B", 500)} {
		dina.get("/api/report/"+odd+"/trail").is(t, http.StatusNotFound, `{"error":"unknown"}`)
	}
	var inbox struct{ Lines []struct{} }
	dina.get("/api/inbox?all=1").into(t, &inbox)
	if len(inbox.Lines) != 0 {
		t.Error("it stands in her inbox")
	}
	ana.post("/api/report/"+code+"/acknowledge", struct{}{}).into(t, &struct{}{}) // and is still ana's
	h.quiet(code, "dina", "ana")
}

func heads(h http.Header) string {
	h = h.Clone()
	h.Del("Date")
	return fmt.Sprint(h)
}

// routes are all ways into the desk, with a body that each would take.
var routes = []struct{ method, path, body string }{
	{"GET", "/api/me", ""}, {"POST", "/api/me", `{"lang":"en"}`}, {"POST", "/api/leave", `{"everywhere":false}`},
	{"GET", "/api/inbox", ""}, {"GET", "/api/report/BDFGHJ/standing", ""}, {"POST", "/api/report/BDFGHJ/open", "{}"}, {"GET", "/api/report/BDFGHJ/voice/x", ""},
	{"POST", "/api/report/BDFGHJ/acknowledge", "{}"}, {"GET", "/api/report/BDFGHJ/recuse", ""}, {"POST", "/api/report/BDFGHJ/recuse", "{}"},
	{"GET", "/api/report/BDFGHJ/handover", ""}, {"POST", "/api/report/BDFGHJ/handover", `{"to":"x"}`}, {"GET", "/api/report/BDFGHJ/trail", ""},
	{"POST", "/api/answer", "file"}, {"POST", "/api/grant", "file"}, {"GET", "/api/roster", ""}, {"POST", "/api/roster", "{}"},
	{"POST", "/api/roster/invite", "{}"}, {"POST", "/api/roster/browser", `{"id":"","allow":true}`},
	{"POST", "/api/roster/absence", `{"person":"ana","until":""}`}, {"GET", "/api/audit", ""},
}

func kindOf(path string) string {
	if path == "/api/answer" || path == "/api/grant" {
		return "application/octet-stream"
	}
	return "application/json"
}

// Nothing is told or done without a session, nor for a page of another origin, nor in a form that a page of another origin
// could send.
func TestStrangers(t *testing.T) {
	h := newHall(t)
	ana := h.staff()["ana"]
	stranger := h.browser()
	for _, r := range routes {
		kind := kindOf(r.path)
		a := stranger.do(r.method, r.path, kind, []byte(r.body))
		a.is(t, http.StatusUnauthorized, signIn)
		a = stranger.do(r.method, r.path, kind, []byte(r.body), "Cookie", desk.CookieName+"="+strings.Repeat("A", 43))
		a.is(t, http.StatusUnauthorized, signIn)
		if r.method == "GET" {
			continue
		}
		for _, headers := range [][]string{
			{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"},
		} {
			ana.do(r.method, r.path, kind, []byte(r.body), headers...).is(t, http.StatusForbidden, `{"error":"bad"}`)
		}
		for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json+x"} {
			a := ana.do(r.method, r.path, kind, []byte(r.body))
			if a.status != http.StatusBadRequest && a.status != http.StatusForbidden {
				t.Errorf("%s as %q: %s", r.path, kind, a)
			}
		}
		for _, method := range []string{"PUT", "DELETE", "PATCH", "OPTIONS", "GET"} {
			if method == "GET" && (strings.Contains(r.path, "recuse") || strings.Contains(r.path, "handover") || r.path == "/api/me" || r.path == "/api/roster") {
				continue // these can be asked, too
			}
			a := ana.do(method, r.path, kind, []byte(r.body))
			if a.status != http.StatusNotFound {
				t.Errorf("%s %s: %s", method, r.path, a)
			}
		}
		h.wait(time.Minute)
	}
	if ana.get("/api/me").status != http.StatusOK {
		t.Error("the session did not last")
	}
}

// What is too long, or is not the question that it should be, is refused; nothing of it is repeated.
func TestOddBodies(t *testing.T) {
	h := newHall(t)
	ana := h.staff()["ana"]
	for body, status := range map[string]int{
		`{"lang":"en"}`: 200, `{"lang":"en","more":1}`: 400, `{"lang":"en"} {}`: 400, `{"lang":"en"}x`: 400, `[]`: 400, `"en"`: 400, ``: 400,
		`{"lang":5}`: 400, `{"lang":"xx"}`: 400, "{\"lang\":\"\xff\"}": 400, `{"lang":"` + strings.Repeat("x", 200<<10) + `"}`: 413,
		strings.Repeat("[", 100_000): 400,
	} {
		a := ana.do(http.MethodPost, "/api/me", "application/json", []byte(body))
		if a.status != status || status != 200 && strings.TrimSpace(string(a.body)) != `{"error":"bad"}` {
			t.Errorf("%.40q: %s, want %d", body, a, status)
		}
	}
	for path, most := range map[string]int{"/api/answer": seal.MaxAnswer(), "/api/grant": 1 << 20} {
		ana.send(path, make([]byte, most)).is(t, http.StatusUnprocessableEntity, `{"error":"refused","reason":"unreadable"}`)
		ana.send(path, make([]byte, most+1)).is(t, http.StatusRequestEntityTooLarge, `{"error":"bad"}`)
	}
	for _, proof := range []any{"", "AAAA", 5, nil, strings.Repeat("A", 44), "not base64"} {
		a := ana.post("/api/enter/begin", fields{"person": "ana", "proof": proof, "browser": ana.secret[:]})
		if proof != nil && a.status != http.StatusBadRequest {
			t.Errorf("a proof of %v: %s", proof, a)
		}
	}
}

// Every answer carries what keeps the page to itself, whatever was asked for.
func TestHeaders(t *testing.T) {
	for _, frame := range []bool{false, true} {
		h := newHall(t, func(o *desk.Options) { o.FrameSelf = frame })
		b := h.browser()
		for _, path := range []string{"/", "/app/desk-ABCDEFGH.js", "/app/nothing.js", "/api/place", "/api/me", "/words/en.json", "/words/xx.json", "/nothing"} {
			a := b.get(path)
			ancestors := "frame-ancestors 'none'"
			if frame {
				ancestors = "frame-ancestors 'self'"
			}
			policy := a.header.Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "form-action 'none'", "base-uri 'none'", ancestors} {
				if !strings.Contains(policy, want) {
					t.Errorf("%s: the policy %q lacks %s", path, policy, want)
				}
			}
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin",
			} {
				if got := a.header.Get(name); got != want {
					t.Errorf("%s: %s is %q", path, name, got)
				}
			}
			kept := "no-store"
			switch path {
			case "/app/desk-ABCDEFGH.js":
				kept = "public, max-age=31536000, immutable"
			case "/words/en.json":
				kept = "no-cache"
			}
			if got := a.header.Get("Cache-Control"); got != kept {
				t.Errorf("%s: kept as %q", path, got)
			}
		}
	}
}

// Whoever asks for more reports than fit into an hour waits, and the mission's chain says so to all of its readers, once.
func TestHaste(t *testing.T) {
	h := newHall(t, func(o *desk.Options) { o.ReadOuts = 5 })
	people := h.staff()
	ana, bea := people["ana"], people["bea"]
	_, code := h.files("what happened")
	for range 5 {
		ana.open(code)
	}
	for range 3 {
		ana.post("/api/report/"+code+"/open", struct{}{}).is(t, http.StatusTooManyRequests, `{"error":"slow"}`)
	}
	bea.open(code)
	tell := func() (n int) {
		var audit struct {
			Entries []struct{ Who, Name, Did string }
			Whole   bool
			Total   int
		}
		bea.get("/api/audit").into(t, &audit)
		if !audit.Whole || audit.Total != len(audit.Entries) {
			t.Errorf("the chain: %+v", audit)
		}
		for _, e := range audit.Entries {
			if e.Did == "asked for too many reports at once" {
				if n++; e.Who != "ana" || e.Name != "Name of ana" {
					t.Errorf("told of %+v", e)
				}
			}
		}
		return n
	}
	if n := tell(); n != 1 {
		t.Errorf("told %d times", n)
	}
	h.wait(13 * time.Minute)
	ana.open(code)
	if n := strings.Count(h.log.String(), "more reports than fit into an hour"); n != 1 {
		t.Errorf("logged %d times", n)
	}
	h.quiet("ana", code)
}

// A session that asks without pause is told to wait.
func TestPace(t *testing.T) {
	h := newHall(t)
	ana := h.staff()["ana"]
	slow := 0
	for range 80 {
		if ana.get("/api/me").status == http.StatusTooManyRequests {
			slow++
		}
	}
	if slow < 15 || slow > 20 {
		t.Errorf("%d of 80 were slowed", slow)
	}
	h.wait(10 * time.Second)
	ana.get("/api/me").into(t, &struct{}{})
}

// Whoever holds many lines and sends slowly keeps nobody from their reports who has signed in.
func TestSlowStrangers(t *testing.T) {
	h := newHall(t)
	ana := h.staff()["ana"]
	address := h.server.Listener.Addr().String()
	for range 160 {
		c := must(net.Dial("tcp", address))
		defer c.Close()
		must(io.WriteString(c, "POST /api/enter/begin HTTP/1.1\r\nHost: "+address+"\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n{"))
	}
	stranger := h.browser()
	for end := time.Now().Add(10 * time.Second); stranger.get("/api/place").status != http.StatusServiceUnavailable; {
		if time.Now().After(end) {
			t.Fatal("the places for strangers are not taken")
		}
	}
	ana.get("/api/inbox").into(t, &struct{ Lines []struct{} }{})
}
