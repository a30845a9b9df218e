package desk_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"amana/bot/desk"
)

// FuzzQuestions sends whatever a stranger, or somebody signed in, could send: it is answered with the page, with words or with
// a word, is never our own fault, and never lacks what keeps the page to itself.
func FuzzQuestions(f *testing.F) {
	h := newHall(f)
	ana := h.staff()["ana"]
	_, code := h.files("what happened")
	here, err := url.Parse(h.server.URL)
	ok(f, err)
	cookie := must2(ana.http.Jar.Cookies(here))
	for _, r := range routes {
		f.Add(r.method, strings.Replace(r.path, "BDFGHJ", code, 1), kindOf(r.path), []byte(r.body), true)
		f.Add(r.method, r.path, "", []byte(r.body+r.body), false)
	}
	proof := ana.device.Proof()
	for _, in := range []any{
		fields{"person": "ana", "proof": proof[:], "browser": ana.secret[:]}, fields{"word": "x"}, fields{"id": "x", "answer": []byte("x")},
		fields{"word": "x", "file": ana.enrolment(), "proof": proof[:], "browser": ana.secret[:]},
	} {
		for _, path := range []string{"/api/enter/begin", "/api/enter/finish", "/api/enter/invitation", "/api/enter/enrol"} {
			f.Add("POST", path, "application/json", must(json.Marshal(in)), false)
		}
	}
	f.Add("GET", "/", "", []byte(nil), false)
	f.Add("GET", "/app/../words/en.json?x=%00", "", []byte(nil), true)
	f.Fuzz(func(t *testing.T, method, path, kind string, body []byte, in bool) {
		u, err := url.ParseRequestURI(path)
		if err != nil || !strings.HasPrefix(path, "/") || in && strings.Contains(path, "leave") {
			return // whoever is signed in stays so
		}
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Method, r.URL = method, u
		r.Header["Content-Type"] = []string{kind}
		if in {
			r.Header.Set("Cookie", cookie)
		}
		h.wait(1e9)
		w := httptest.NewRecorder()
		h.desk.ServeHTTP(w, r)
		switch {
		case w.Code >= 500:
			t.Errorf("%s %s is answered %d %s", method, path, w.Code, w.Body)
		case !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'"):
			t.Errorf("%s %s: no policy", method, path)
		case w.Header().Get("Content-Type") == "application/json" && !json.Valid(w.Body.Bytes()) && w.Header().Get("Content-Encoding") == "":
			t.Errorf("%s %s: no JSON: %s", method, path, w.Body)
		}
		for _, c := range w.Result().Cookies() {
			if c.Name == desk.CookieName && c.Value != "" {
				t.Errorf("%s %s gave a session", method, path)
			}
		}
	})
}
