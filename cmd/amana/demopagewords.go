package main

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"amana/bot/speech"
	"amana/bot/ticket"
)

// frameWords is what the page says around the two others, in a language of the camp. What the server could read stays in
// English: it is told to whoever judges the program.
type frameWords struct {
	Lang   string            `json:"lang"`
	Dir    string            `json:"dir"`
	Words  map[string]string `json:"words"`
	People []someone         `json:"people"`
}

// someone can sit at the desk.
type someone struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Org  string `json:"org"`
}

func (s *stage) words(_ context.Context, r *http.Request) (any, error) {
	p := s.play
	lang := r.FormValue("lang")
	if !slices.Contains(p.offered, lang) {
		return nil, usagef("nobody here speaks %q", lang)
	}
	out := frameWords{Lang: lang, Dir: speech.Direction(lang), Words: map[string]string{}}
	for _, key := range p.book.Keys() {
		if !strings.HasPrefix(key, "demo.") && key != "word.language" {
			continue
		}
		text, err := p.book.Text(lang, key, nil)
		if err != nil {
			return nil, err
		}
		out.Words[key] = text
	}
	for _, e := range p.staff {
		if e.Role != ticket.Recovery {
			out.People = append(out.People, someone{e.ID, p.roleName(lang, e), p.profile.orgName(lang, e.Org)})
		}
	}
	return out, nil
}

// roleName says what somebody of the camp does: their role as the profile calls it in a language, and for what it is if
// that is not everything.
func (c *camp) roleName(lang string, e ticket.Entry) string {
	name, ok := c.profile.label(lang, "roles", string(e.Role))
	if !ok {
		return e.Name
	}
	kinds := e.Kinds
	if e.Child {
		kinds = []ticket.Kind{ticket.Child}
	}
	var does []string
	for _, k := range kinds {
		if word, err := c.book.Text(lang, "staff.kind."+string(k), nil); err == nil {
			does = append(does, word)
		}
	}
	if len(does) > 0 {
		name += " (" + speech.List(lang, does) + ")"
	}
	return name
}
