package telegram

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"amana/bot"
)

// TestTheParserKnowsNoNames holds the types of update.go to what they promise: there is nothing that a name, a user
// name or a telephone number could be decoded into.
func TestTheParserKnowsNoNames(t *testing.T) {
	never := []string{"name", "first_name", "last_name", "username", "phone_number", "title", "contact", "vcard", "user_id",
		"forward_origin", "reply_to_message", "is_premium", "photo_url", "entities", "email"}
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			tag := typ.Field(i).Tag.Get("json")
			if slices.Contains(never, tag) || tag == "" || tag == "-" {
				t.Errorf("%v decodes %q", typ, tag)
			}
			switch typ.Field(i).Type {
			case reflect.TypeFor[json.RawMessage](), reflect.TypeFor[any](), reflect.TypeFor[map[string]any]():
				t.Errorf("%v keeps everything under %q", typ, tag)
			}
			walk(typ.Field(i).Type)
		}
	}
	walk(reflect.TypeFor[update]())
	u, ok := parse([]byte(`{"update_id":1,"message":{"message_id":1,"date":1700000000,"chat":{"id":5,"type":"private","first_name":"Marker","username":"marker"},
		"from":{"id":5,"first_name":"Marker","last_name":"Marker","username":"marker","language_code":"ar"},
		"contact":{"phone_number":"+marker","first_name":"Marker","user_id":7},"photo":[{"file_id":"marker"}]}}`))
	b, err := json.Marshal(u)
	if !ok || err != nil || strings.Contains(strings.ToLower(string(b)), "marker") {
		t.Errorf("decoded %s", b)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\x00b\x1b[31m\u0085c\r\nd\re\tf": "ab[31m\nc\nd\ne f",
		"\xff\xfe broken \xed\xa0\x80":     "\uFFFD broken \uFFFD",
		"خط\u200cیار \u2067x\u2069":        "خط\u200cیار \u2067x\u2069", // joiners and isolates are part of words
		"x\uFFFEy\uFDD0":                   "xy",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"../../etc/passwd": "passwd", `C:\x\y.age`: "y.age", "": "file", "..": "file", "a\u202Egpj.age": "agpj.age",
		strings.Repeat("é", 200) + ".age": strings.Repeat("é", 58) + ".age"} {
		if got := cleanName(in); got != want {
			t.Errorf("cleanName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  []string
	}{
		{"", 5, nil},
		{" short ", 10, []string{"short"}},
		{"one two\n\nthree four", 12, []string{"one two", "three four"}},
		{"one\ntwo\nthree", 8, []string{"one\ntwo", "three"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"aaaaaaaa", 3, []string{"aaa", "aaa", "aa"}},
		{"🇸🇸🇸🇸🇸🇸", 3, []string{"🇸🇸", "🇸🇸", "🇸🇸"}},
		{"ab👩🏾‍👧cd", 5, []string{"ab", "👩🏾‍👧c", "d"}},
		{"aက္ခb", 3, []string{"a", "က္ခ", "b"}}, // a Burmese stack is one cluster
		{"ক্ষক্ষ", 4, []string{"ক্ষ", "ক্ষ"}},
		{"مَّمَّ", 4, []string{"مَّ", "مَّ"}},
	} {
		if got := split(c.text, c.limit); !slices.Equal(got, c.want) {
			t.Errorf("split(%q, %d) = %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

func TestSplitLosesNothing(t *testing.T) {
	runes := []rune("ab ,.\n\nمَّ\u200dক্ষ👩🏾🇸🇸é\u0301한\u1112\u1161")
	visible := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.SampledFrom(runes), 0, 300).Draw(t, "text"))
		limit := rapid.IntRange(12, 80).Draw(t, "limit")
		parts := split(text, limit)
		if visible(strings.Join(parts, "")) != visible(text) {
			t.Fatalf("words were lost: %q became %q", text, parts)
		}
		for i, p := range parts {
			if n := utf8.RuneCountInString(p); n == 0 || n > limit {
				t.Fatalf("part %d has %d characters of %d", i, n, limit)
			}
		}
	})
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		code int
		text string
		want kind
	}{
		{403, "Forbidden: bot was blocked by the user", gone},
		{403, "Forbidden: user is deactivated", gone},
		{400, "Bad Request: chat not found", gone},
		{400, "Bad Request: message is not modified: specified new message content", unchanged},
		{400, "Bad Request: message to edit not found", missing},
		{400, "Bad Request: message can't be deleted for everyone", missing},
		{400, "Bad Request: query is too old and response timeout expired or query ID is invalid", stale},
		{400, "Bad Request: can't parse entities: unsupported start tag", refused},
		{401, "Unauthorized", badToken},
		{404, "Not Found", badToken},
		{409, "Conflict: terminated by other getUpdates request", conflict},
		{409, "Conflict: can't use getUpdates method while webhook is active", webhook},
		{429, "Too Many Requests: retry after 5", flood},
		{500, "Internal Server Error", temporary},
		{400, "Bad Request: something new", refused},
		{0, "", garbled},
	} {
		if f := judge("x", c.code, c.text, 0); f.kind != c.want {
			t.Errorf("%d %q is %v, want %v", c.code, c.text, f.kind, c.want)
		}
	}
}

func TestBook(t *testing.T) {
	b := newBook()
	for i := range int64(bookPages + 500) {
		b.ask(i+1, question{id: 1, text: "?"})
	}
	if b.order.Len() > bookPages || len(b.pages) != b.order.Len() {
		t.Errorf("%d pages are remembered", len(b.pages))
	}
	if !b.mayRegret(7) || b.mayRegret(7) || !b.mayRefuse(7) || b.mayRefuse(7) {
		t.Error("said twice, or never")
	}
}

// FuzzUpdate reads hostile updates: nothing panics, nothing that is handed on is malformed.
func FuzzUpdate(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, ok := parse(raw)
		if !ok {
			return
		}
		h := read(u, now)
		in := &h.in
		for _, s := range []string{in.Text, in.Tap, in.Payload, in.Lang} {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
				t.Errorf("handed on: %q", s)
			}
		}
		if in.Payload != "" && !payloadShape.MatchString(in.Payload) || len(in.Tap) > maxData || len(in.Text) > 3*longestText {
			t.Errorf("payload %q, %d bytes of tap, %d of text", in.Payload, len(in.Tap), len(in.Text))
		}
		if in.Place != nil && !(place{in.Place.Lat, in.Place.Lon}).valid() {
			t.Errorf("a place that is nowhere: %v", *in.Place)
		}
		if !h.drop && (h.chat == 0 || (!h.group && h.chat < 0)) {
			t.Errorf("chat %d would be heard", h.chat)
		}
		if in.Sent.After(now) || in.Sent.Year() < 2014 && !h.drop {
			t.Errorf("sent at %v", in.Sent)
		}
		if h.file != nil && in.Kind != bot.Document {
			t.Error("a file that is no document")
		}
	})
}
