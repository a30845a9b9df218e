package main

import (
	"strings"

	"amana/bot/speech"
	"amana/bot/ticket"
)

// tongue says things in the reader's language.
type tongue struct {
	book    *speech.Book
	lang    string
	profile *profile               // nil when none was given
	filed   map[string]ticket.Kind // flow → what is filed there
	err     error                  // the first text that was missing
}

// tongue chooses the reader's language and reads the mission's names.
func (o *openCommand) tongue() (*tongue, error) {
	book, err := o.book()
	if err != nil {
		return nil, err
	}
	t := &tongue{book: book, lang: o.lang, filed: map[string]ticket.Kind{}}
	if t.lang == "" {
		t.lang = systemLang(o.env, book)
	}
	if _, ok := book.Language(t.lang); !ok {
		return nil, usagef("open: the language %q is not there; there are: %s", t.lang, strings.Join(tags(book), ", "))
	}
	if o.written != "" {
		if _, ok := book.Language(o.written); !ok {
			return nil, usagef("open: -answer-lang %q is not there; there are: %s", o.written, strings.Join(tags(book), ", "))
		}
	}
	all, err := shippedFlows()
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		t.filed[f.Name] = ticket.Kind(f.Kind)
	}
	name := o.profile
	if name == "" && o.wallet.has(ownProfile) {
		name = o.wallet.path(ownProfile)
	}
	if name != "" {
		t.profile, err = readProfile(&config{path: ".", Profile: name})
	}
	return t, err
}

// systemLang takes the language that the system speaks, if it is there.
func systemLang(env func(string) string, book *speech.Book) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		value := env(name)
		if value == "" {
			continue
		}
		tag, _, _ := strings.Cut(value, ".")
		tag, _, _ = strings.Cut(tag, "@")
		tag = strings.ReplaceAll(tag, "_", "-")
		base, _, _ := strings.Cut(tag, "-")
		for _, t := range []string{tag, base} {
			if _, ok := book.Language(t); ok {
				return t
			}
		}
		break
	}
	return speech.Base
}

func tags(book *speech.Book) (out []string) {
	for _, l := range book.Languages() {
		out = append(out, l.Tag)
	}
	return out
}

// say gives a sentence, ready for the terminal.
func (t *tongue) say(key string, args speech.Args) string {
	text, err := t.book.Text(t.lang, key, args)
	if err != nil && t.err == nil {
		t.err = err
	}
	return speech.Paragraph(t.lang, text)
}

// name gives what a language is called in itself.
func (t *tongue) name(tag string) string {
	if l, ok := t.book.Language(tag); ok {
		return l.Name
	}
	return plain(tag)
}

// label gives the label of a word, such as a state, or the bare word where a newer flow has one that is not known here.
func (t *tongue) label(head, word string) string {
	if t.book.Has(t.lang, head+word) {
		return t.say(head+word, nil)
	}
	return plain(word)
}

// written gives a text of a flow, if the catalog has it and nothing is wanted for it that only a conversation knows.
func (t *tongue) written(key string) (string, bool) {
	if !t.book.Has(t.lang, key) {
		return "", false
	}
	// What the names of the choices within_72h and within_120h say, where the mission's own windows are not known.
	values := speech.Args{"Window1": "3", "Window2": "5"}
	if t.profile != nil {
		values = t.profile.values()
	}
	for _, name := range t.book.Placeholders(t.lang, key) {
		if _, ok := values[name]; !ok {
			return "", false
		}
	}
	return t.say(key, values), true
}
