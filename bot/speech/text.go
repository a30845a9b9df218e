package speech

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
)

// Args are the values for the placeholders of a text, by name. A placeholder of type int takes a whole number in
// digits; names that the text does not use are left alone.
type Args map[string]string

// Text says a key in a language. A number chooses the plural form: an exact case such as "=0" first, then the form
// of the language. Every inserted value loses its control and direction characters and is isolated where the
// direction of the language or of the value asks for it; numbers are written in Latin digits.
// A missing key, language or value is an error; what was given never stands in it.
func (b *Book) Text(lang, key string, args Args) (string, error) {
	c := b.catalog(lang)
	if c == nil {
		return "", fmt.Errorf("saying %s: the language %q is not loaded", key, lang)
	}
	t := c.texts[key]
	if t == nil {
		return "", fmt.Errorf("saying %s in %s: there is no such text", key, lang)
	}
	if t.plain != "" {
		return t.plain, nil
	}
	parts := t.parts
	if t.arg != "" {
		n, err := whole(args, t.arg)
		if err != nil {
			return "", fmt.Errorf("saying %s in %s: %w", key, lang, err)
		}
		parts = t.choose(n, &c.rule)
	}
	var out strings.Builder
	size := 0
	for _, p := range parts {
		size += len(p.text) + len(args[p.name]) + 6
	}
	out.Grow(size)
	for _, p := range parts {
		if p.name == "" {
			out.WriteString(p.text)
			continue
		}
		value, ok := args[p.name]
		if !ok {
			return "", fmt.Errorf("saying %s in %s: no value for {%s}", key, lang, p.name)
		}
		if p.number {
			n, err := whole(args, p.name)
			if err != nil {
				return "", fmt.Errorf("saying %s in %s: %w", key, lang, err)
			}
			value = strconv.Itoa(n)
		} else {
			value = clean(value)
		}
		if c.rtl || runsRight(value) {
			out.WriteString(fsi)
			out.WriteString(value)
			out.WriteString(pdi)
		} else {
			out.WriteString(value)
		}
	}
	return out.String(), nil
}

// choose gives the parts for a number.
func (t *text) choose(n int, r *rule) []part {
	if parts, ok := t.exact[n]; ok {
		return parts
	}
	if parts := t.forms[r.form(n)]; parts != nil {
		return parts
	}
	return t.forms[plural.Other]
}

// whole reads the whole number given for a placeholder.
func whole(args Args, name string) (int, error) {
	given, ok := args[name]
	if !ok {
		return 0, fmt.Errorf("no value for {%s}", name)
	}
	n, err := strconv.Atoi(Digits(given))
	if err != nil {
		return 0, fmt.Errorf("the value for {%s} is not a whole number", name)
	}
	return n, nil
}

// runsRight says that a value holds a right-to-left letter.
func runsRight(s string) bool {
	for _, r := range s {
		if r >= 0x0590 && strong(r) < 0 {
			return true
		}
	}
	return false
}

// Sources shows a Book to whoever checks flows against texts: every text as written, placeholders in braces.
type Sources struct{ book *Book }

// Sources gives the texts as written.
func (b *Book) Sources() Sources { return Sources{b} }

// Languages lists the tags of the loaded languages, the base language first.
func (s Sources) Languages() []string {
	tags := make([]string, len(s.book.langs))
	for i, l := range s.book.langs {
		tags[i] = l.Tag
	}
	return tags
}

// Text gives the longest form of a text as written and its placeholders.
func (s Sources) Text(lang, key string) (text string, placeholders []string, ok bool) {
	c := s.book.catalog(lang)
	if c == nil || c.texts[key] == nil {
		return "", nil, false
	}
	t := c.texts[key]
	for _, form := range t.whole {
		if Len(form) > Len(text) {
			text = form
		}
	}
	return text, t.places, true
}

// Where gives the file and the line in which a text stands.
func (s Sources) Where(lang, key string) (file string, line int) { return s.book.Where(lang, key) }

// Fold folds a typed word; see [Fold].
func (Sources) Fold(lang, typed string) string { return Fold(lang, typed) }
