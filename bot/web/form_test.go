package web

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

func request(kind, body string) *http.Request {
	r, err := http.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", kind)
	return r
}

const plainForm = "application/x-www-form-urlencoded"

func TestReadForm(t *testing.T) {
	const word = "AAAAAAAAAAAAAAAAAAAAAA"
	f, err := readForm(request(plainForm, "c="+word+"&n=7&l=ar&s=00000000000000000000000000000001,zz&t=t:x&text=one%0D%0Atwo%00+%F0%9F%99%82&place=1.5,-2&p=well"), 10)
	if err != nil {
		t.Fatal(err)
	}
	if f.word != word || f.turn != 7 || f.lang != "ar" || len(f.shown) != 1 || f.shown[0][15] != 1 || f.tap != "t:x" || f.text != "one\ntwo 🙂" || f.place == nil || f.place.Lon != -2 || f.poster != "well" {
		t.Errorf("the form is %+v", f)
	}
	for _, bad := range []string{"c=short", "n=-1", "n=99999999999999999999", "t=%0a", "d=" + strings.Repeat("x", 65), "p=a/b", "p=%3Cscript%3E", "place=91,0", "place=NaN,0", "place=1", "s=00000000000000000000000000000000"} {
		f, err := readForm(request(plainForm, bad), 10)
		if err != nil || f.word != "" || f.turn != 0 || f.tap != "" || f.done != "" || f.poster != "" || f.place != nil || f.shown != nil {
			t.Errorf("%s is taken: %+v, %v", bad, f, err)
		}
	}
	for _, kind := range []string{"", "text/plain", "application/json", "multipart/form-data"} {
		if _, err := readForm(request(kind, "c=1"), 10); !errors.Is(err, errForm) {
			t.Errorf("a body of %q: %v", kind, err)
		}
	}
}

func TestLongForms(t *testing.T) {
	words := strings.Repeat("a long story ", 6000)
	f, err := readForm(request(plainForm, "n=3&text="+strings.ReplaceAll(words, " ", "+")), 10)
	if !errors.Is(err, errLong) || f.text != strings.TrimSpace(words) || f.turn != 3 {
		t.Errorf("%v, %d characters, turn %d", err, len(f.text), f.turn)
	}
	f, err = readForm(request(plainForm, "n=3&text="+strings.Repeat("%E1%80%80", 1<<20)), 10)
	if !errors.Is(err, errLong) || len(f.text) > maxGiven || !utf8.ValidString(f.text) {
		t.Errorf("%v, %d bytes", err, len(f.text))
	}
}

func parts(fields map[string]string) (kind, body string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		if name == "voice" {
			p, _ := w.CreateFormFile(name, "blob")
			io.WriteString(p, value)
			continue
		}
		w.WriteField(name, value)
	}
	w.Close()
	return w.FormDataContentType(), b.String()
}

func TestVoiceForms(t *testing.T) {
	kind, body := parts(map[string]string{"c": "AAAAAAAAAAAAAAAAAAAAAA", "n": "3", "text": "hello", "voice": "0123456789"})
	f, err := readForm(request(kind, body), 10)
	if err != nil || !f.spoken || string(f.voice) != "0123456789" || f.text != "hello" || f.turn != 3 {
		t.Errorf("%v: %+v", err, f)
	}
	if f, err = readForm(request(kind, body), 9); err != nil || !f.spoken || f.voice != nil {
		t.Errorf("a voice message that is too long: %v, %d bytes", err, len(f.voice))
	}
	if f, err = readForm(request(kind, body), 0); err != nil || f.voice != nil {
		t.Errorf("a voice message where none is taken: %v, %d bytes", err, len(f.voice))
	}
	kind, body = parts(map[string]string{"n": "3", "text": strings.Repeat("x", maxForm+1)})
	if _, err := readForm(request(kind, body), 10); !errors.Is(err, errLong) {
		t.Errorf("long words in a form of parts: %v", err)
	}
	if _, err := readForm(request(kind, body[:300]), 10); !errors.Is(err, errForm) {
		t.Errorf("half a form: %v", err)
	}
}

// FuzzForm: whatever comes, what is taken out of it is bounded, valid and harmless.
func FuzzForm(f *testing.F) {
	kind, body := parts(map[string]string{"c": "AAAAAAAAAAAAAAAAAAAAAA", "n": "3", "text": "hello", "voice": "x"})
	f.Add(kind, body)
	f.Add(plainForm, "c=AAAAAAAAAAAAAAAAAAAAAA&n=3&text=a%20b&t=t:x&s=0f")
	f.Add(plainForm, "text=%E1%80&place=1,2&hide")
	f.Fuzz(func(t *testing.T, kind, body string) {
		got, err := readForm(request(kind, body), 1000)
		if got == nil {
			if err == nil {
				t.Error("neither a form nor an error")
			}
			return
		}
		if got.word != "" && !aWord(got.word) || got.turn < 0 || got.turn > maxTurn || len(got.shown) > mostShown || len(got.voice) > 1000 {
			t.Errorf("%+v", got)
		}
		for _, s := range []string{got.tap, got.done, got.poster} {
			if len(s) > 64 || strings.ContainsAny(s, "\n\r\x00") {
				t.Errorf("%q", s)
			}
		}
		if !utf8.ValidString(got.text) || strings.ContainsAny(got.text, "\r\x00\t") || len(got.text) > 3*maxGiven {
			t.Errorf("the words are %d bytes", len(got.text))
		}
		if clean(got.text) != got.text {
			t.Error("clean is not clean")
		}
		if hiding(got.turn) >= 0 {
			t.Error("the turn of hiding is one of the others")
		}
	})
}
