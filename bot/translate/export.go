package translate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"amana/bot/directory/table"
	"amana/bot/speech"
)

// Names of the columns. Those of languages begin with "label::" and end with the tag in brackets.
const (
	colKey      = "key"
	colForm     = "form"
	colAbout    = "description"
	colLimit    = "limit"
	colGlossary = "glossary"
	colState    = "state"
	labelHead   = "label::"
)

// States of a row.
const (
	stateNew   = "new"
	stateStale = "English changed since"
	stateFuzzy = "to be read again"
	stateDone  = "translated"
	stateOK    = "ok" // written by a translator: looked at again and right
)

// Export makes the sheet of one language. Also are further languages to look at beside English. The glossary is that of the
// language, or the English one where there is none yet.
func Export(d *speech.Desk, lines []Line, lang string, also []string, g Glossary) (table.Sheet, error) {
	l, ok := d.Language(lang)
	if !ok {
		return table.Sheet{}, fmt.Errorf("making the sheet: there is no language %q", lang)
	}
	forms, err := d.Forms(lang)
	if err != nil {
		return table.Sheet{}, fmt.Errorf("making the sheet: %w", err)
	}
	also = slices.DeleteFunc(slices.Clone(also), func(tag string) bool { return tag == speech.Base || tag == lang })
	head := []string{colKey, colForm}
	shown := []string{speech.Base}
	if lang == speech.Base {
		shown = nil
	}
	for _, tag := range append(shown, also...) {
		head = append(head, label(d, tag))
	}
	head = append(head, label(d, lang), colAbout, colLimit, colGlossary, colState)
	sheet := table.Sheet{Name: lang, RightToLeft: l.RTL(), Head: [][]string{head}}
	sheet.Rows = func(yield func([]string) bool) {
		for _, line := range lines {
			for _, form := range rowsOf(d, line.Key, lang, forms) {
				row := []string{line.Key, form}
				for _, tag := range append(shown, also...) {
					row = append(row, formOf(d, tag, line.Key, form))
				}
				row = append(row, exactly(d, lang, line.Key, form), line.About, strconv.Itoa(line.Limit), g.in(formOf(d, speech.Base, line.Key, form)), state(d, lang, line.Key, form))
				if !yield(row) {
					return
				}
			}
		}
	}
	return sheet, nil
}

// label names the column of a language.
func label(d *speech.Desk, tag string) string {
	l, _ := d.Language(tag)
	return labelHead + l.Name + " (" + tag + ")"
}

// rowsOf lists the forms for which a text has rows: one without a name where no number stands in it or its words do not
// change with it in English and so far; else the exact numbers that English or the translation has, and every form that the
// language needs.
func rowsOf(d *speech.Desk, key, lang string, needed []string) []string {
	english, _ := d.Text(speech.Base, key)
	here, _ := d.Text(lang, key)
	if english.Counts == "" && here.Counts == "" {
		return []string{""}
	}
	out := slices.Clone(needed)
	add := func(form string) {
		if form != "" && !slices.Contains(out, form) {
			out = append(out, form)
		}
	}
	for _, c := range english.Cases {
		if strings.HasPrefix(c.Form, "=") {
			add(c.Form)
		}
	}
	for _, c := range here.Cases {
		add(c.Form)
	}
	slices.SortFunc(out, speech.CompareForms)
	return out
}

// formOf gives a text in one form, or in the nearest that there is.
func formOf(d *speech.Desk, lang, key, form string) string {
	w, ok := d.Text(lang, key)
	if !ok {
		return ""
	}
	for _, c := range w.Cases {
		if c.Form == form {
			return c.Text
		}
	}
	return w.Cases[len(w.Cases)-1].Text // other, or the only one
}

// exactly gives a text in one form; a text of one form alone is the form other of one that could have several.
func exactly(d *speech.Desk, lang, key, form string) string {
	w, _ := d.Text(lang, key)
	for _, c := range w.Cases {
		if c.Form == form || c.Form == "" && form == "other" {
			return c.Text
		}
	}
	return ""
}

func state(d *speech.Desk, lang, key, form string) string {
	w, ok := d.Text(lang, key)
	switch {
	case !ok, w.Counts != "" && exactly(d, lang, key, form) == "":
		return stateNew
	case d.Stale(lang, key):
		return stateStale
	case w.Fuzzy:
		return stateFuzzy
	}
	return stateDone
}
