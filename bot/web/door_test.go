package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"amana/bot"
)

// lines is a room that answers each message with the next reply, and remembers what it heard.
type lines struct {
	replies []bot.Reply
	heard   []bot.Incoming
	err     error // once there are no replies any more
}

func (s *lines) Hear(_ context.Context, in bot.Incoming) (bot.Reply, error) {
	s.heard = append(s.heard, in)
	if len(s.replies) == 0 {
		return bot.Reply{}, cmp.Or(s.err, errors.New("nothing more is known"))
	}
	r := s.replies[0]
	s.replies = s.replies[1:]
	return r, nil
}

type plainNames struct{}

func (plainNames) Person(word string) (now, was bot.Person) {
	copy(now[:], word)
	return now, was
}

func (plainNames) Mark(word string, turn int64) (now, was bot.Mark) {
	now[0], now[1] = byte(turn), byte(turn>>8)
	return now, was
}

const someWord = "AAAAAAAAAAAAAAAAAAAAAA"

func newDoor(t *testing.T, s *lines) *Door {
	t.Helper()
	d, err := New(Options{
		Hearer: s, Names: plainNames{}, Voice: 1000,
		Langs: []Lang{{"en", "English", false}, {"ar", "العربية", true}},
		Words: func(_, key string, _ map[string]string) string { return "«" + key + "»" },
		Sort:  func(string) []string { return []string{"en", "ar"} },
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func send(d *Door, fields url.Values) (status int, body string) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", plainForm)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// Every kind of message that a room can give stands where it belongs, and nothing in it is taken for markup.
func TestEveryKindOfMessage(t *testing.T) {
	s := &lines{replies: []bot.Reply{{
		Answered: "<b>Yes</b>", Toast: "for a moment",
		Outs: []bot.Outgoing{
			{Lang: "ar", Text: "كلمة\nسطر\n\n1234 5678 9012 3456", Keep: true, Closing: bot.ClosingID{1}, Rows: [][]bot.Choice{{{Label: "Copy", Copy: "1234"}}}},
			{Lang: "en", Text: "Do you mean this?", Rows: [][]bot.Choice{{{Label: "1 · Early", Data: "early"}}}},
			{Lang: "en", Text: "A caption", Sound: &bot.Sound{Name: "en/report.story/abc", Load: func() ([]byte, error) { return []byte("OggS and more"), nil }}},
			{Lang: "en", Text: "<script>alert('x')</script>", Replace: true, Takes: bot.Takes{Words: true, Voice: true, Digits: true},
				Rows: [][]bot.Choice{{{Label: "1 · \"One\"", Data: "one"}}, {{Label: "Hide", Data: "h", Word: "hide"}, {Label: "Done", Data: "fin", Word: "done"}, {Label: "Back", Data: "back", Word: "back"}}}},
		},
	}}}
	d := newDoor(t, s)
	status, page := send(d, url.Values{"c": {someWord}, "n": {"4"}, "l": {"ar"}, "t": {"x"}})
	if status != http.StatusOK {
		t.Fatalf("the status is %d", status)
	}
	for _, want := range []string{
		`<html lang="en" dir="ltr"`, "&lt;b&gt;Yes&lt;/b&gt;", "&lt;script&gt;", "for a moment", `<article lang="ar" dir="rtl" class="keep">`, "كلمة<br>سطر",
		`<p class="number">1234 5678 9012 3456</p>`, `data-copy="1234" hidden`, `name="t" value="early"`, `name="t" value="one"`, `name="d" value="fin" class="main"`,
		`name="t" value="back"`, "data-over", `name="n" value="5"`, `name="s" value="01000000000000000000000000000000"`, `inputmode="numeric"`, `autocomplete="off"`, `spellcheck="false"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s:\n%s", want, page)
		}
	}
	for _, never := range []string{"<script>", `value="h"`, "report.story", "style=", "onclick"} {
		if strings.Contains(page, never) {
			t.Errorf("the page has %s", never)
		}
	}
	if strings.Index(page, `value="early"`) > strings.Index(page, `id="ask"`) {
		t.Error("the button of an earlier message stands below everything")
	}
	in := s.heard[0]
	if in.Kind != bot.Tap || in.Tap != "x" || in.Lang != "ar" || in.Door != "page" || !in.Mute || !in.Speaks || in.Mark[0] != 4 || !in.Sent.IsZero() {
		t.Errorf("what was heard is %+v", in)
	}

	sound := regexp.MustCompile(`src="(hear/[^"]+)"`).FindStringSubmatch(page)
	if sound == nil {
		t.Fatal("there is nothing to be heard")
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+sound[1], nil))
	if body, _ := io.ReadAll(w.Body); w.Code != http.StatusOK || string(body) != "OggS and more" || w.Header().Get("Content-Type") != "audio/ogg" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the sound is answered with %d, %q", w.Code, body)
	}
}

// A room that stays silent on a tap is asked for the present question.
func TestSilence(t *testing.T) {
	s := &lines{replies: []bot.Reply{{}, {Outs: []bot.Outgoing{{Lang: "en", Text: "The question"}}}}}
	_, page := send(newDoor(t, s), url.Values{"c": {someWord}, "n": {"4"}, "t": {"x"}})
	if !strings.Contains(page, "The question") || len(s.heard) != 2 || s.heard[0].Mark != s.heard[1].Mark {
		t.Errorf("%d messages were heard:\n%s", len(s.heard), page)
	}
}

// What belongs to assets alone may be kept; what they are called changes with them.
func TestAssets(t *testing.T) {
	d := newDoor(t, &lines{})
	for _, a := range assets {
		w := httptest.NewRecorder()
		d.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+a.name, nil))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != a.kind || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Body.Len() == 0 {
			t.Errorf("%s is answered with %d, %v", a.name, w.Code, w.Header())
		}
		if strings.Contains(strings.ToLower(w.Body.String()), "amana") {
			t.Errorf("%s names the program", a.name)
		}
	}
}

func TestOptions(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("a page without a room is opened")
	}
	d := newDoor(t, &lines{})
	d.opt.Framed = true
	if framed, err := New(d.opt); err != nil || !strings.Contains(framed.policy, "frame-ancestors 'self'") || !strings.Contains(d.policy, "frame-ancestors 'none'") {
		t.Errorf("the policies are %q and %q: %v", d.policy, framed.policy, err)
	}
}

// Whoever got no answer, and went on writing before they sent the same form again, loses nothing: what was heard is not heard
// twice, and what they wrote stands in the field. The very same form is a repeat.
func TestWrittenOnAfterALostAnswer(t *testing.T) {
	asks := bot.Reply{Erase: bot.EraseTyped, Outs: []bot.Outgoing{{Lang: "en", Text: "The question", Takes: bot.Takes{Words: true}, Rows: [][]bot.Choice{{{Label: "Done", Data: "fin", Word: "done"}}}}}}
	s := &lines{replies: []bot.Reply{asks, asks, asks, asks, asks, asks}}
	d := newDoor(t, s)
	first := strings.Repeat("what happened there ", 4)
	form := url.Values{"c": {someWord}, "n": {"4"}, "text": {first}}
	if _, page := send(d, form); strings.Contains(page, "what happened") {
		t.Errorf("what was heard stands in the field:\n%s", page)
	}
	more := strings.TrimSpace(first) + " and what came after"
	for _, how := range []string{"", "fin"} {
		s.heard = nil
		_, page := send(d, url.Values{"c": {someWord}, "n": {"4"}, "text": {more}, "d": {how}})
		if !strings.Contains(page, ">"+more+"</textarea>") || !strings.Contains(page, `name="n" value="5"`) || !strings.Contains(page, "The question") {
			t.Errorf("what was written on is lost:\n%s", page)
		}
		if len(s.heard) != 1 || s.heard[0].Text != "" || s.heard[0].Tap != "" || s.heard[0].Mark[0] != 4 {
			t.Errorf("what was heard is %+v", s.heard)
		}
	}
	s.heard = nil
	if _, page := send(d, form); strings.Contains(page, "what happened") || len(s.heard) != 1 || s.heard[0].Text == "" {
		t.Errorf("a repeat is answered with %+v\n%s", s.heard, page)
	}
	s.heard = nil
	if _, page := send(d, url.Values{"c": {someWord}, "n": {"5"}, "text": {more}}); strings.Contains(page, "what came after") || len(s.heard) != 1 || s.heard[0].Text != more {
		t.Errorf("in a turn of its own it is answered with %+v\n%s", s.heard, page)
	}
}

// Nobody is told that nothing was sent while nobody knows, also not when the next try fails for certain, and what was written
// comes back either way under the same turn.
func TestWhatIsSaidOfAFormThatFailed(t *testing.T) {
	const doubt = `name="u" value="1"`
	for _, c := range []struct {
		err   error
		doubt string // of an earlier try
		says  string
	}{
		{fmt.Errorf("writing a turn: %w", bot.ErrNotSaved), "", "«word.saved.not»"},
		{errors.New("recalling"), "", "«word.saved.not»"},
		{fmt.Errorf("writing a turn: %w", bot.ErrPerhaps), "", "«word.saved.perhaps»"},
		{fmt.Errorf("writing a turn: %w", bot.ErrPerhaps), "1", "«word.saved.perhaps»"},
		{fmt.Errorf("writing a turn: %w", bot.ErrNotSaved), "1", "«word.saved.perhaps»"},
		{errors.New("recalling"), "1", "«word.saved.perhaps»"},
	} {
		d := newDoor(t, &lines{err: c.err})
		form := url.Values{"c": {someWord}, "n": {"4"}, "text": {"what happened"}}
		if c.doubt != "" {
			form.Set("u", c.doubt)
		}
		status, page := send(d, form)
		if strings.Contains(page, doubt) != (c.says == "«word.saved.perhaps»") {
			t.Errorf("%v: whether nobody knows does not stand in the form:\n%s", c.err, page)
		}
		if status != http.StatusServiceUnavailable || !strings.Contains(page, c.says) || !strings.Contains(page, `name="n" value="4"`) || !strings.Contains(page, ">what happened</textarea>") {
			t.Errorf("%v is answered with %d:\n%s", c.err, status, page)
		}
	}
	d := newDoor(t, &lines{replies: []bot.Reply{{Outs: []bot.Outgoing{{Lang: "en", Text: "The question"}}}}})
	if _, page := send(d, url.Values{"c": {someWord}, "n": {"4"}, "text": {"what happened"}, "u": {"1"}}); strings.Contains(page, doubt) {
		t.Error("what is known stays in doubt")
	}
	d = newDoor(t, &lines{})
	d.crowd.rates.Wait = 1
	for range cap(d.crowd.slots) {
		d.crowd.slots <- struct{}{}
	}
	if _, page := send(d, url.Values{"c": {someWord}, "n": {"4"}, "text": {"what happened"}, "u": {"1"}}); !strings.Contains(page, "«word.busy»") || !strings.Contains(page, doubt) {
		t.Errorf("whoever has to wait is told\n%s", page)
	}
}

// A form that could not even be read is not answered with a new conversation, which would leave the one that it belongs to.
func TestUnreadForm(t *testing.T) {
	s := &lines{}
	d := newDoor(t, s)
	d.opt.Rates.Wait = 1
	for range cap(d.forms) {
		d.forms <- struct{}{}
	}
	status, page := send(d, url.Values{"c": {someWord}, "n": {"4"}, "text": {"what happened"}})
	if status != http.StatusServiceUnavailable || !strings.Contains(page, "«word.busy»") || strings.Contains(page, "bot.command.start") || len(s.heard) != 0 {
		t.Errorf("%d:\n%s", status, page)
	}
}
