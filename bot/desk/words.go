package desk

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"amana/bot/speech"
)

// families are the beginnings of the keys that the page says, beside those of the labels of reports.
var families = []string{"desk.", "staff.", "open.", "word.", "contact.", "hours.", "service.", "card."}

// Words is what the page says in each language, made when somebody first wants it and kept packed.
type Words struct {
	book    *speech.Book
	offered []string
	labels  []string
	lists   Lists

	mu   sync.Mutex
	made map[string]*spoken
}

// spoken is what the page says in one language, as it is sent.
type spoken struct {
	packed []byte
	tag    string // ETag
}

// NewWords takes the languages on offer, the keys of the labels of reports, and what the mission's lists are called.
func NewWords(book *speech.Book, offered, labels []string, lists Lists) *Words {
	return &Words{book: book, offered: offered, labels: labels, lists: lists, made: map[string]*spoken{}}
}

// Wording is the file of one language.
type Wording struct {
	Tag    string                       `json:"tag"`
	Dir    string                       `json:"dir"`
	Plural string                       `json:"plural,omitempty"` // tag whose rule counts here, or "other": there is one form
	Texts  map[string]any               `json:"texts"`            // a string, or the forms by name, with the number's placeholder as arg
	Lists  map[string]map[string]string `json:"lists,omitempty"`
}

// ServeHTTP answers /words/TAG.json.
func (s *Words) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	tag, ok := strings.CutSuffix(r.PathValue("name"), ".json")
	if !ok || !slices.Contains(s.offered, tag) {
		nothing(w, r)
		return
	}
	one, err := s.of(tag)
	if err != nil { // a language that is on offer was checked when it was loaded
		panic("wording the desk: " + err.Error())
	}
	h := w.Header()
	h.Set("Cache-Control", "no-cache") // kept, and asked about each time
	h.Set("ETag", one.tag)
	h.Add("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("If-None-Match"), one.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := one.packed
	if packs(r) {
		h.Set("Content-Encoding", "gzip")
	} else if body, err = unpack(body); err != nil {
		panic("wording the desk: " + err.Error())
	}
	send(w, http.StatusOK, "application/json", body)
}

func (s *Words) of(tag string) (*spoken, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one := s.made[tag]; one != nil {
		return one, nil
	}
	one, err := s.make(tag)
	if err == nil {
		s.made[tag] = one
	}
	return one, err
}

// Of gives the words of one language; ok is false for one that is not on offer.
func (s *Words) Of(tag string) (w Wording, ok bool) {
	lang, loaded := s.book.Language(tag)
	if !loaded || !slices.Contains(s.offered, tag) {
		return w, false
	}
	out := Wording{Tag: tag, Dir: lang.Direction, Plural: lang.Plural, Texts: map[string]any{}}
	for _, key := range s.book.Keys() {
		if Own(key) {
			if text, ok := s.text(tag, key); ok {
				out.Texts[key] = text
			}
		}
	}
	for _, key := range s.labels {
		if text, ok := s.text(tag, key); ok {
			out.Texts[key] = text
		}
	}
	if s.lists != nil {
		out.Lists = s.lists(tag)
	}
	return out, true
}

func (s *Words) make(tag string) (*spoken, error) {
	out, ok := s.Of(tag)
	if !ok {
		return nil, fmt.Errorf("the language %q is not loaded", tag)
	}
	var plain bytes.Buffer
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false) // it is never read as HTML, and would only be longer
	if err := enc.Encode(out); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(plain.Bytes())
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is valid
	_, _ = z.Write(plain.Bytes())
	if err := z.Close(); err != nil {
		return nil, err
	}
	return &spoken{packed: packed.Bytes(), tag: `"` + hex.EncodeToString(sum[:12]) + `"`}, nil
}

// Own says that a key belongs to the page itself, whatever a mission asks. What can be typed for a word is for chats alone.
func Own(key string) bool {
	return !strings.HasSuffix(key, ".also") && slices.ContainsFunc(families, func(f string) bool { return strings.HasPrefix(key, f) })
}

// text gives a text as the page takes it: a string, or its forms by name with the placeholder of the number.
func (s *Words) text(tag, key string) (any, bool) {
	counts, cases, ok := s.book.Written(tag, key)
	if !ok {
		return nil, false
	}
	if counts == "" {
		return cases[0].Text, true
	}
	forms := map[string]string{"arg": counts}
	for _, c := range cases {
		forms[c.Form] = c.Text
	}
	return forms, true
}

func unpack(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
