package main

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	webdesk "amana/bot/desk"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/locales"
)

// oneCatalog shows one language of those that are shipped.
type oneCatalog struct{ tag string }

func (o oneCatalog) Open(name string) (fs.File, error) {
	if first, _, _ := strings.Cut(name, "/"); first != "." && first != o.tag {
		return nil, fs.ErrNotExist
	}
	return locales.FS.Open(name)
}

func (o oneCatalog) ReadDir(name string) (out []fs.DirEntry, err error) {
	all, err := fs.ReadDir(locales.FS, name)
	for _, e := range all {
		if name != "." || e.Name() == o.tag {
			out = append(out, e)
		}
	}
	return out, err
}

// ownPage is the page of this program in these tests.
const ownPage = "<!doctype html><title>own page</title>"

// ownMachine is a desk on a focal point's machine, and a browser there.
type ownMachine struct {
	t      *testing.T
	local  *localDesk
	server *httptest.Server
	http   *http.Client
	pin    string
}

// newOwnMachine puts a local desk before a server; none if there is no handler.
func newOwnMachine(t *testing.T, remote http.Handler) *ownMachine {
	t.Helper()
	book, err := speech.Load(oneCatalog{speech.Base})
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.NewCoordinatorKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	m := &ownMachine{t: t, pin: key.Public()}
	m.local = &localDesk{book: book, pin: m.pin, wrapped: []byte("wrapped"), pages: fstest.MapFS{
		"index.html": {Data: []byte(ownPage)}, "desk-ABCDEFGH.js": {Data: []byte("own script")},
	}}
	if m.local.words, m.local.langs, err = localWords(book); err != nil {
		t.Fatal(err)
	}
	if remote != nil {
		there := httptest.NewServer(remote)
		t.Cleanup(there.Close)
		to, err := url.Parse(there.URL)
		if err != nil {
			t.Fatal(err)
		}
		if m.local.remote, err = newRemoteDesk(to, http.DefaultTransport); err != nil {
			t.Fatal(err)
		}
	}
	m.server = httptest.NewUnstartedServer(m.local.handler())
	at := m.server.Listener.Addr().String()
	_, port, _ := strings.Cut(at, ":")
	m.local.hosts = []string{at, "localhost:" + port}
	m.server.Config.Handler = m.local.handler()
	m.server.Start()
	t.Cleanup(m.server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	m.http = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return m
}

// do sends a request, and gives status, headers and body of the answer.
func (m *ownMachine) do(method, path, body string, set func(*http.Request)) (int, http.Header, string) {
	m.t.Helper()
	r, err := http.NewRequestWithContext(m.t.Context(), method, m.server.URL+path, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	if set != nil {
		set(r)
	}
	resp, err := m.http.Do(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(got)
}

func (m *ownMachine) get(path string) (int, string) {
	m.t.Helper()
	status, _, body := m.do(http.MethodGet, path, "", nil)
	return status, body
}

func (m *ownMachine) start() {
	m.t.Helper()
	if status, _, body := m.do(http.MethodPost, "/api/start", `{"word":"`+m.local.newStart()+`"}`, nil); status != http.StatusOK {
		m.t.Fatalf("starting: %d %s", status, body)
	}
}

// TestLocalDeskIsForItsOwner: what is not the browser that was started from the terminal gets nothing, and the word that
// starts it works once.
func TestLocalDeskIsForItsOwner(t *testing.T) {
	t.Parallel()
	m := newOwnMachine(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answerPage(w, http.StatusOK, map[string]string{"asked": r.URL.Path})
	}))
	word := m.local.newStart()
	for _, path := range []string{"/api/place", "/api/local", "/api/me", "/words/en.json", "/nothing"} {
		if status, body := m.get(path); status != http.StatusUnauthorized || body != `{"error":"start"}` {
			t.Errorf("%s without a start: %d %s", path, status, body)
		}
	}
	if status, body := m.get("/"); status != http.StatusOK || body != ownPage {
		t.Errorf("the page: %d %s", status, body)
	}
	for _, bad := range []string{`{"word":""}`, `{"word":"` + word[1:] + `"}`, `nonsense`} {
		if status, _, body := m.do(http.MethodPost, "/api/start", bad, nil); status == http.StatusOK {
			t.Errorf("started with %s: %s", bad, body)
		}
	}
	right := `{"word":"` + word + `"}`
	for what, set := range map[string]func(*http.Request){
		"from another origin":      func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"from another port":        func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"with an origin":           func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"under another host":       func(r *http.Request) { r.Host = "evil.example" },
		"under another port":       func(r *http.Request) { r.Host = "127.0.0.1:1" },
		"in a form of another":     func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
		"under a rebound own name": func(r *http.Request) { r.Host = "evil.example:80" },
	} {
		if status, _, body := m.do(http.MethodPost, "/api/start", right, set); status == http.StatusOK {
			t.Errorf("started %s: %s", what, body)
		}
	}
	if status, _, body := m.do(http.MethodPost, "/api/start", right, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }); status != http.StatusOK {
		t.Fatalf("the owner: %d %s", status, body)
	}
	if status, _, _ := m.do(http.MethodPost, "/api/start", right, nil); status != http.StatusUnauthorized {
		t.Error("the word worked twice")
	}
	if status, body := m.get("/api/me"); status != http.StatusOK || body != `{"asked":"/api/me"}` {
		t.Errorf("passed on: %d %s", status, body)
	}
	for what, set := range map[string]func(*http.Request){
		"a rebound name": func(r *http.Request) { r.Host = "evil.example" },
		"another origin": func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"another port":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
	} {
		for _, path := range []string{"/api/place", "/api/me", "/words/en.json"} {
			if status, _, body := m.do(http.MethodGet, path, "", set); status != http.StatusForbidden {
				t.Errorf("%s for %s: %d %s", path, what, status, body)
			}
		}
	}
}

// TestLyingServer: whatever a server sends, the page stays the one of this program, and nothing reaches it that is neither
// JSON nor a sealed file. That lies in JSON and in files are caught is the page's part.
func TestLyingServer(t *testing.T) {
	t.Parallel()
	const evil = "<script>evil</script>"
	var mu sync.Mutex
	send := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }
	var asked []string
	m := newOwnMachine(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.Path)
		w.Header().Set("Content-Security-Policy", "script-src *")
		w.Header().Set("Set-Cookie", "amana-local-8442=stolen; Path=/")
		w.Header().Set("X-Evil", "evil")
		w.Header().Set("Link", "</evil.js>; rel=preload; as=script")
		send(w, r)
	}))
	m.start()
	typed := func(kind, body string, status int) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for what, lie := range map[string]func(http.ResponseWriter, *http.Request){
		"a page":               typed("text/html", evil, 200),
		"a page as an error":   typed("text/html", evil, 500),
		"a script":             typed("text/javascript", "evil()", 200),
		"a style":              typed("text/css", "*{}", 200),
		"a picture":            typed("image/svg+xml", "<svg onload='evil()'/>", 200),
		"JSON that is a page":  typed("application/json", evil, 200),
		"JSON of another name": typed("application/ld+json", "{}", 200),
		"two types":            typed("application/json, text/html", "{}", 200),
		"a file where none is": typed("application/octet-stream", "evil", 200),
		"nothing":              typed("", "", 200),
		"a way to elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.example/", http.StatusFound)
		},
		"a way to another path": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/api/other", http.StatusTemporaryRedirect)
		},
		"packed": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			typed("application/json", "\x01\x02", 200)(w, r)
		},
		"that it has not changed": typed("application/json", "", http.StatusNotModified),
		"a broken line":           func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) },
	} {
		mu.Lock()
		send = lie
		mu.Unlock()
		status, header, body := m.do(http.MethodGet, "/api/inbox", "", nil)
		if status != http.StatusBadGateway || body != `{"error":"foreign"}` && body != `{"error":"server"}` {
			t.Errorf("%s: %d %s", what, status, body)
		}
		m.guarded(what, header)
	}
	for path, kind := range map[string]string{"/api/report/BDFGHJ/voice/x": "application/octet-stream", "/api/inbox": "application/json"} {
		mu.Lock()
		send = func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			typed(kind, "{}", 200)(w, r)
		}
		mu.Unlock()
		status, header, body := m.do(http.MethodGet, path, "", nil)
		if status != http.StatusOK || body != "{}" || header.Get("Content-Type") != kind {
			t.Errorf("%s: %d %s as %s", path, status, body, header.Get("Content-Type"))
		}
		m.guarded(path, header)
	}
	mu.Lock()
	send, asked = typed("text/html", evil, 200), nil
	mu.Unlock()
	for path, want := range map[string]string{
		"/": ownPage, "/app/desk-ABCDEFGH.js": "own script", "/app/evil.js": `{"error":"unknown"}`, "/evil": `{"error":"unknown"}`,
		"/api/local": `{"wrapped":"d3JhcHBlZA=="}`,
	} {
		if _, body := m.get(path); body != want {
			t.Errorf("%s: %s", path, body)
		}
	}
	if len(asked) != 0 {
		t.Errorf("the server was asked for %v", asked)
	}
}

// guarded asks that nothing of a server's headers came through.
func (m *ownMachine) guarded(what string, h http.Header) {
	m.t.Helper()
	if p := h.Get("Content-Security-Policy"); !strings.Contains(p, "script-src 'self'") || strings.Contains(p, "*") || len(h.Values("Content-Security-Policy")) != 1 {
		m.t.Errorf("%s: the policy is %q", what, h.Values("Content-Security-Policy"))
	}
	for _, name := range []string{"X-Evil", "Set-Cookie", "Link", "Location"} {
		if h.Get(name) != "" {
			m.t.Errorf("%s: the header %s came through", what, name)
		}
	}
}

// TestLocalPlaceBelievesItself: the key that is pinned and the words are those of this machine, whatever the server says.
func TestLocalPlaceBelievesItself(t *testing.T) {
	t.Parallel()
	m := newOwnMachine(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/place":
			_, _ = io.WriteString(jsoned(w), `{"name":"A place","coordinator":"amana-coordinator1evil","local":false,"pinned":false,"demo":true,"zone":"Africa/Lagos","promised":{"urgent":4},"values":{"Window1":"3\u001b[2J"},"languages":[{"tag":"en"},{"tag":"xx","name":"<b>"}]}`)
		case "/words/en.json":
			_, _ = io.WriteString(jsoned(w), `{"tag":"en","texts":{"staff.held":"All is well.","word.yes":"No","desk.foreign":"evil","report.area.title":"evil","ours.step.title":"Ours"},"lists":{"areas":{"camp":"The camp"}}}`)
		default:
			t.Errorf("asked for %s", r.URL.Path)
		}
	}))
	m.start()
	var p webdesk.Here
	_, body := m.get("/api/place")
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		t.Fatal(err)
	}
	if p.Coordinator != m.pin || !p.Local || !p.Pinned || p.Offline || p.Demo || p.Zone != "Africa/Lagos" || p.Name != "A place" ||
		p.Promised["urgent"] != 4 || p.Values["Window1"] != "3[2J" || len(p.Languages) != 1 || p.Languages[0].Name != "English" || p.Server != m.local.remote.to.Host {
		t.Errorf("the place: %s", body)
	}
	var w webdesk.Wording
	_, body = m.get("/words/en.json")
	if err := json.Unmarshal([]byte(body), &w); err != nil {
		t.Fatal(err)
	}
	held, err := m.local.book.Text("en", "staff.held", nil)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{"staff.held": held, "word.yes": "Yes", "desk.foreign": nil, "report.area.title": "Area", "ours.step.title": "Ours"} {
		if w.Texts[key] != want {
			t.Errorf("%s is %v, want %v", key, w.Texts[key], want)
		}
	}
	if w.Lists["areas"]["camp"] != "The camp" {
		t.Errorf("the lists: %v", w.Lists)
	}
}

func jsoned(w http.ResponseWriter) http.ResponseWriter {
	w.Header().Set("Content-Type", "application/json")
	return w
}

// TestOffline: without a server the page is there, and nothing else is asked anywhere.
func TestOffline(t *testing.T) {
	t.Parallel()
	m := newOwnMachine(t, nil)
	m.start()
	var p webdesk.Here
	_, body := m.get("/api/place")
	if err := json.Unmarshal([]byte(body), &p); err != nil || !p.Offline || !p.Local || !p.Pinned || p.Coordinator != m.pin || len(p.Languages) == 0 {
		t.Errorf("the place: %s (%v)", body, err)
	}
	if status, body := m.get("/api/inbox"); status != http.StatusNotFound || body != `{"error":"unknown"}` {
		t.Errorf("an inbox: %d %s", status, body)
	}
	if status, _ := m.get("/words/en.json"); status != http.StatusOK {
		t.Error("no words")
	}
}

// TestTwoLocalDesks: a browser sends its cookies to every port of this machine, and two desks on it, as of two missions, leave
// each other alone.
func TestTwoLocalDesks(t *testing.T) {
	t.Parallel()
	one, other := newOwnMachine(t, nil), newOwnMachine(t, nil)
	other.http = one.http
	one.start()
	other.start()
	for what, m := range map[string]*ownMachine{"first": one, "second": other} {
		if status, body := m.get("/api/local"); status != http.StatusOK {
			t.Errorf("the %s: %d %s", what, status, body)
		}
	}
}

// TestLocalMarks: what has not changed since is not fetched again over a thin line; a server that says so of what was never
// marked is told apart.
func TestLocalMarks(t *testing.T) {
	t.Parallel()
	const mark = `"0123456789abcdef0123456789abcdef"`
	answer := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", mark)
		if r.Header.Get("If-None-Match") == mark {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		answerPage(w, http.StatusOK, map[string]string{"asked": r.Header.Get("If-None-Match")})
	}
	m := newOwnMachine(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(w, r) }))
	m.start()
	ask := func(mark string) (int, string, string) {
		status, h, body := m.do(http.MethodGet, "/api/inbox", "", func(r *http.Request) { r.Header.Set("If-None-Match", mark) })
		return status, h.Get("ETag"), body
	}
	if status, got, body := ask("*"); status != http.StatusOK || got != mark || body != `{"asked":""}` {
		t.Errorf("asked first: %d %s %s", status, got, body)
	}
	if status, got, body := ask(mark); status != http.StatusNotModified || got != mark || body != "" {
		t.Errorf("asked again: %d %s %s", status, got, body)
	}
	answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }
	if status, _, body := ask(""); status != http.StatusBadGateway || body != `{"error":"foreign"}` {
		t.Errorf("nothing was marked: %d %s", status, body)
	}
	answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"<script>"`)
		answerPage(w, http.StatusOK, struct{}{})
	}
	if status, got, _ := ask(""); status != http.StatusOK || got != "" {
		t.Errorf("a mark that is none: %d %s", status, got)
	}
}
