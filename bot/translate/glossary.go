package translate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"amana/bot/speech"
)

// Glossary is the words that a language has agreed upon: the content of its glossary.json.
type Glossary struct {
	Language string `json:"language"`
	Terms    []Term `json:"terms"`
}

// Term is one word of a glossary.
type Term struct {
	Term    string   `json:"term"`    // in the language
	Meaning string   `json:"meaning"` // "english, english: what is meant"
	Source  string   `json:"source"`
	Avoid   []string `json:"avoid"` // words that hurt, blame or mean something else
	Note    string   `json:"note"`
}

// ReadGlossary reads a glossary. File is how it is called in an error.
func ReadGlossary(file string, src []byte) (Glossary, error) {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.DisallowUnknownFields()
	var g Glossary
	if err := dec.Decode(&g); err != nil {
		line := 1 + bytes.Count(src[:min(int(dec.InputOffset()), len(src))], []byte("\n"))
		return Glossary{}, fmt.Errorf("%s:%d: it is no glossary: %w; compare it with the one of a neighbouring language", file, line, err)
	}
	return g, nil
}

// in lists the terms whose English occurs in an English text, a line each, with the words to avoid.
func (g Glossary) in(text string) string {
	words := " " + speech.Fold(speech.Base, text) + " "
	var out []string
	for _, t := range g.Terms {
		if !slices.ContainsFunc(t.english(g.Language), func(e string) bool {
			return e != "" && (strings.Contains(words, " "+e+" ") || strings.Contains(words, " "+e+"s "))
		}) {
			continue
		}
		line := t.Term
		if g.Language != speech.Base {
			name, _, _ := strings.Cut(t.Meaning, ":")
			line = name + " = " + t.Term
		}
		if len(t.Avoid) > 0 {
			line += " (not: " + strings.Join(t.Avoid, ", ") + ")"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// english lists the English words that a term stands for, folded.
func (t Term) english(lang string) []string {
	names := t.Term
	if lang != speech.Base {
		names, _, _ = strings.Cut(t.Meaning, ":")
	}
	var out []string
	for name := range strings.FieldsFuncSeq(names, func(r rune) bool { return r == ',' || r == ';' || r == '/' }) {
		out = append(out, speech.Fold(speech.Base, name))
	}
	return out
}
