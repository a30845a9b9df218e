package desk_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"amana/bot/desk"
	"amana/bot/speech"
)

// raw asks without unpacking what comes.
func (b *browser) raw(path string, headers ...string) answer {
	b.t.Helper()
	if !strings.Contains(strings.Join(headers, " "), "Accept-Encoding") {
		headers = append(headers, "Accept-Encoding", "identity")
	}
	return b.do(http.MethodGet, path, "", nil, headers...)
}

// The page comes packed to whoever takes that, and nothing but what it is made of comes at all.
func TestPages(t *testing.T) {
	b := newHall(t).browser()
	for _, c := range []struct {
		path, accept, kind, body string
	}{
		{"/", "identity", "text/html; charset=utf-8", "<!doctype html><title>page</title>"},
		{"/", "gzip", "text/html; charset=utf-8", string(packed("packed page"))},
		{"/", "br, gzip;q=0.5", "text/html; charset=utf-8", string(packed("packed page"))},
		{"/", "gzip;q=0", "text/html; charset=utf-8", "<!doctype html><title>page</title>"},
		{"/app/desk-ABCDEFGH.js", "deflate", "text/javascript; charset=utf-8", "script"},
		{"/app/desk-ABCDEFGH.js", "gzip, deflate, br", "text/javascript; charset=utf-8", string(packed("packed script"))},
		{"/app/plain.css", "gzip", "text/css; charset=utf-8", "style"},
	} {
		a := b.raw(c.path, "Accept-Encoding", c.accept)
		if a.status != http.StatusOK || string(a.body) != c.body || a.header.Get("Content-Type") != c.kind {
			t.Errorf("%s for %s: %d %s %.30q", c.path, c.accept, a.status, a.header.Get("Content-Type"), a.body)
		}
		if a.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s varies with %q", c.path, a.header.Get("Vary"))
		}
	}
	for _, path := range []string{
		"/app/secret.key", "/app/desk-ABCDEFGH.js.gz", "/app/index.html", "/app/nothing-ABCDEFGH.js", "/app/", "/app", "/index.html",
		"/app/%2e%2e%2fgo.mod", "/app/..%2fgo.mod", "/favicon.ico",
	} {
		a := b.raw(path)
		if a.is(t, http.StatusNotFound, `{"error":"unknown"}`); a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s is kept", path)
		}
	}
}

// A program without the pages says so, and all else of it works.
func TestPlaceholder(t *testing.T) {
	b := newHall(t, func(o *desk.Options) { o.Pages, o.Placeholder = fstest.MapFS{}, []byte("<p>placeholder") }).browser()
	if a := b.get("/"); a.status != http.StatusOK || string(a.body) != "<p>placeholder" || a.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("got %s", a)
	}
	b.get("/api/place").into(t, &struct{}{})
}

// The words of a language come in one file, the same as the book says them, and are kept until they change.
func TestWords(t *testing.T) {
	b := newHall(t).browser()
	a := b.raw("/words/en.json", "Accept-Encoding", "gzip")
	z := must(gzip.NewReader(bytes.NewReader(a.body)))
	var w struct {
		Tag, Dir string
		Texts    map[string]any
		Lists    map[string]map[string]string
	}
	ok(t, json.NewDecoder(z).Decode(&w))
	if w.Tag != "en" || w.Dir != "ltr" || w.Lists["areas"]["camp"] != "The camp" {
		t.Errorf("%s %s %v", w.Tag, w.Dir, w.Lists)
	}
	if form, is := w.Texts["staff.inbox.head"].(map[string]any); !is || form["arg"] != "Count" || form["one"] != "One report is open:" || form["other"] != "{Count} reports are open:" {
		t.Errorf("a text with a number: %v", w.Texts["staff.inbox.head"])
	}
	for key, want := range map[string]any{
		"staff.ack.ok": "{Code} is acknowledged. The reporter is told that a person has it.", "report.area.title": "Area", "word.yes": "Yes",
		"word.yes.also": nil, "report.area": nil, "start.menu": nil, "bot.name": nil,
	} {
		if w.Texts[key] != want {
			t.Errorf("%s is %v", key, w.Texts[key])
		}
	}
	for _, key := range english().Keys() {
		if _, has := w.Texts[key]; desk.Own(key) && !has {
			t.Errorf("%s is missing", key)
		}
	}
	plain := b.raw("/words/en.json")
	var same struct{ Tag string }
	if plain.into(t, &same); same.Tag != "en" || plain.header.Get("Content-Encoding") != "" || plain.header.Get("ETag") != a.header.Get("ETag") {
		t.Error("unpacked they are others")
	}
	if again := b.raw("/words/en.json", "If-None-Match", a.header.Get("ETag")); again.status != http.StatusNotModified || len(again.body) != 0 {
		t.Errorf("unchanged: %s", again)
	}
	for _, path := range []string{"/words/ar.json", "/words/en", "/words/", "/words/en.json/x", "/words/..%2fen.json"} {
		b.get(path).is(t, http.StatusNotFound, `{"error":"unknown"}`)
	}
	if n := len(a.body); n > 20_000 {
		t.Errorf("%d bytes are long for a first visit", n)
	}
}

// Languages with a rule of their own say whose it is.
func TestWordsOfOtherLanguages(t *testing.T) {
	catalog := func(tag, dir, script, rule, msg string) fstest.MapFS {
		return fstest.MapFS{
			tag + "/language.json": {Data: must(json.Marshal(speech.Language{
				Tag: tag, Name: tag, English: tag, Direction: dir, Script: script, Review: map[bool]string{true: "source", false: "native"}[tag == "en"], Plural: rule,
			}))},
			tag + "/messages.gotext.json": {Data: []byte(`{"language":"` + tag + `","messages":[{"id":"desk.hello","message":"Hello","translation":` + msg + `}]}`)},
		}
	}
	all := fstest.MapFS{}
	for _, one := range []fstest.MapFS{catalog("en", "ltr", "Latn", "", `"Hello"`), catalog("kr", "ltr", "Latn", "other", `"Hallo"`), catalog("ar", "rtl", "Arab", "", `"س"`)} {
		for name, file := range one {
			all[name] = file
		}
	}
	words := desk.NewWords(must(speech.Load(all)), []string{"en", "ar", "kr"}, nil, nil)
	for tag, want := range map[string]string{
		"ar": `{"tag":"ar","dir":"rtl","texts":{"desk.hello":"س"}}`, "kr": `{"tag":"kr","dir":"ltr","plural":"other","texts":{"desk.hello":"Hallo"}}`,
	} {
		w, found := words.Of(tag)
		if got := string(must(json.Marshal(w))); !found || got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if _, found := words.Of("xx"); found {
		t.Error("a language that is not on offer")
	}
}
