package ticket

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var written = time.Date(2026, 11, 2, 21, 4, 5, 123456789, time.UTC)

func sampleBody() *Body {
	return &Body{
		ID: ID{1, 2}, Time: written, Lang: "ar", Mailbox: "age1reporter", Nudge: []byte("blob"), Seed: bytes.Repeat([]byte{7}, 32),
		Answers: []Said{
			{Flow: "report", Step: "age", Values: []string{"adult"}},
			{Flow: "report", Step: "concern", Values: []string{"hiring", "other"}},
			{Flow: "report", Step: "story", Lang: "ar", Text: "طلب <مالاً> & قال \"لا\"\nسطر\u2028آخر 🌍"},
			{Flow: "report", Step: "when", Skipped: true},
		},
		Consents: []Agreed{{Step: "consent_complaint", Lang: "ar", Text: "هل نرسل؟", Given: true}},
	}
}

func samples() map[string]Inside {
	return map[string]Inside{
		TypeReport:  {Report: sampleBody()},
		TypeMessage: {Message: &Message{ID: ID{1}, Time: written, Lang: "en", Text: "more"}},
		TypeReply:   {Reply: &Reply{ID: ID{1}, Time: written, Lang: "en", Role: FocalPoint, State: Referred, Text: "<b>"}},
		TypeNote:    {Note: &Note{ID: ID{1}, Time: written, By: "amal", Text: "called"}},
	}
}

func TestInsideRoundTrip(t *testing.T) {
	for name, in := range samples() {
		b, err := in.Encode()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := DecodeInside(b)
		if err != nil {
			t.Fatalf("%s: %v in %s", name, err, b)
		}
		if d := cmp.Diff(in, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if bytes.Contains(b, []byte(`\u003c`)) || bytes.Contains(b, []byte(`\u0026`)) {
			t.Errorf("%s: escaped for HTML: %s", name, b)
		}
		if id, at := got.About(); id.IsZero() || !at.Equal(written) || got.Type() != name {
			t.Errorf("%s: about %s at %s, type %s", name, id, at, got.Type())
		}
	}
}

// The form on the wire is read by programs of other versions and by browsers: it is part of the protocol.
func TestInsideForm(t *testing.T) {
	for name, want := range map[string]string{
		TypeMessage: `{"v":1,"type":"message","message":{"id":"01000000000000000000000000000000","time":"2026-11-02T21:04:05.123456789Z","lang":"en","text":"more"}}`,
		TypeReply:   `{"v":1,"type":"answer","answer":{"id":"01000000000000000000000000000000","time":"2026-11-02T21:04:05.123456789Z","lang":"en","role":"focal_point","state":"referred","text":"<b>"}}`,
	} {
		got, err := samples()[name].Encode()
		if err != nil || string(got) != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, want)
		}
	}
}

func TestReportInsideHasExactlyTheseFields(t *testing.T) {
	b, err := Inside{Report: sampleBody()}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var e struct{ Report map[string]json.RawMessage }
	if err := json.Unmarshal(b, &e); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"id", "time", "lang", "answers", "consents", "mailbox", "nudge", "seed"} {
		if _, ok := e.Report[f]; !ok {
			t.Errorf("no %s", f)
		}
		delete(e.Report, f)
	}
	for f := range e.Report {
		t.Errorf("%s stands in a report", f)
	}
}

func TestACharacterTakesAtMostSixBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		b, err := encodeJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		if n := utf8.RuneCountInString(text); len(b) > BytesPerChar*n+2 {
			t.Fatalf("%d characters take %d bytes", n, len(b))
		}
		var got string
		if err := decodeJSON(b, &got); err != nil || got != text {
			t.Fatalf("%q came back as %q: %v", text, got, err)
		}
	})
}

func TestInsideTooLong(t *testing.T) {
	in := samples()[TypeMessage]
	in.Message.Text = strings.Repeat("\u2028", 4000)
	if _, err := in.Encode(); err != nil {
		t.Errorf("the worst 4,000 characters: %v", err)
	}
	in.Message.Text = strings.Repeat("x", MaxInside)
	if _, err := in.Encode(); !errors.Is(err, ErrTooLong) {
		t.Errorf("beyond the largest size: %v", err)
	}
}

func TestInsideRefusesToWrite(t *testing.T) {
	for name, in := range map[string]Inside{
		"nothing":    {},
		"two":        {Message: samples()[TypeMessage].Message, Note: samples()[TypeNote].Note},
		"no id":      {Message: &Message{Time: written}},
		"no time":    {Message: &Message{ID: ID{1}}},
		"odd time":   {Message: &Message{ID: ID{1}, Time: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)}},
		"short seed": {Report: &Body{ID: ID{1}, Time: written, Mailbox: "age1", Seed: []byte{1}}},
		"no mailbox": {Report: &Body{ID: ID{1}, Time: written, Seed: make([]byte, 32)}},
		"no state":   {Reply: &Reply{ID: ID{1}, Time: written}},
		"no author":  {Note: &Note{ID: ID{1}, Time: written}},
	} {
		if b, err := in.Encode(); err == nil {
			t.Errorf("%s: written as %s", name, b)
		}
	}
}

func TestDecodeInsideRefuses(t *testing.T) {
	good, _ := samples()[TypeMessage].Encode()
	edit := func(old, new string) string { return strings.Replace(string(good), old, new, 1) }
	for name, b := range map[string]string{
		"nothing":       "",
		"null":          "null",
		"empty":         "{}",
		"list":          "[]",
		"later":         edit(`"v":1`, `"v":2`),
		"other type":    edit(`"type":"message"`, `"type":"note"`),
		"no type":       edit(`"type":"message",`, ``),
		"unknown":       edit(`"lang":"en"`, `"lang":"en","name":"Amina"`),
		"trailing":      string(good) + "{}",
		"trailing text": string(good) + "x",
		"two":           edit(`"message":{`, `"note":{"id":"01000000000000000000000000000000","time":"2026-11-02T21:04:05Z","by":"x","text":""},"message":{`),
		"short id":      edit(`"01000000000000000000000000000000"`, `"01"`),
		"zero id":       edit(`"01000000000000000000000000000000"`, `"00000000000000000000000000000000"`),
		"bad time":      edit("2026-11-02T21", "2026-13-02T21"),
		"not UTF-8":     edit("more", "mo\xffre"),
		"deep":          strings.Repeat("[", 20000),
		"long":          edit("more", strings.Repeat("x", MaxInside)),
	} {
		in, err := DecodeInside([]byte(b))
		if err == nil {
			t.Errorf("%s: read as %+v", name, in)
			continue
		}
		if strings.Contains(err.Error(), "Amina") || strings.Contains(err.Error(), "more") {
			t.Errorf("%s: the error carries words: %v", name, err)
		}
	}
}

func FuzzInside(f *testing.F) {
	for _, in := range samples() {
		b, err := in.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, in := range []Inside{noteOf(Leg{LegAssistance, "Blue", LegDone}), replyOf(Closed, OutcomeHelped)} {
		b, err := in.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := DecodeInside(b)
		if err != nil {
			return
		}
		again, err := in.Encode()
		if errors.Is(err, ErrTooLong) {
			return // another program may write shorter forms than ours
		}
		if err != nil {
			t.Fatalf("read and not written: %v", err)
		}
		got, err := DecodeInside(again)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(in, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}

// What a program of before cannot read has a version that tells it so, and what it can read keeps its own.
func TestInsideVersions(t *testing.T) {
	note := func(version int, more string) []byte {
		return fmt.Appendf(nil, `{"v":%d,"type":"note","note":{"id":"01000000000000000000000000000000","time":"2026-11-02T21:04:05Z","by":"amal","text":""%s}}`, version, more)
	}
	saw := `,"saw":{"lines":4,"link":"04000000000000000000000000000000"}`
	for _, whole := range [][]byte{note(1, ""), note(2, saw)} {
		in, err := DecodeInside(whole)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := in.Encode(); err != nil || !bytes.Equal(again, whole) {
			t.Errorf("%s, %v", again, err)
		}
	}
	for _, bad := range [][]byte{note(1, saw), note(2, ""), note(0, "")} {
		if _, err := DecodeInside(bad); err == nil || errors.Is(err, ErrNewer) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for _, later := range [][]byte{note(3, ""), note(3, saw), note(4, `,"what":["nobody","knows"]`)} {
		if _, err := DecodeInside(later); !errors.Is(err, ErrNewer) {
			t.Errorf("%s: %v", later, err)
		}
	}
}
