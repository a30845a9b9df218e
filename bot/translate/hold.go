package translate

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"amana/bot/flow"
	"amana/bot/speech"
)

// Faults holds the texts of a language to every rule: those of the catalogs, what fits on a button and into a message, and
// what can be typed at each question.
func Faults(d *speech.Desk, s *flow.Set, lines []Line, lang string) []speech.Fault {
	out := d.Faults(lang)
	for _, l := range lines {
		w, ok := d.Text(lang, l.Key)
		if !ok {
			continue
		}
		for _, c := range w.Cases {
			in := ""
			if c.Form != "" {
				in = fmt.Sprintf(" in the case %q", c.Form)
			}
			wrong := func(what, remedy string) {
				out = append(out, speech.Fault{Keys: []string{l.Key}, Problem: speech.Problem{File: w.File, Line: w.Line, What: what, Remedy: remedy}})
			}
			if size := utf8.RuneCountInString(c.Text); l.Limit > 0 && size > l.Limit {
				wrong(fmt.Sprintf("%q has %d characters%s, and %d fit", l.Key, size, in, l.Limit), "shorten it")
			}
			if l.Label && strings.Contains(c.Text, "\n") {
				wrong(fmt.Sprintf("%q stands on a button, and has a line break%s", l.Key, in), "write it in one line")
			}
		}
	}
	var told []string // one of the reserved words would be told at every question
	for _, f := range out {
		told = append(told, sorted(f.Keys))
	}
	for _, c := range s.Clashes(texts{d}, lang) {
		for i := range c.Keys {
			c.Keys[i] = inCatalog(c.Keys[i])
		}
		at := sorted(c.Keys)
		if len(c.Keys) == 1 {
			at += " alone" // it is a number, or nothing at all; a mistake of the text itself is another matter
		}
		if slices.Contains(told, at) {
			continue
		}
		told = append(told, at)
		out = append(out, speech.Fault{Keys: c.Keys, Problem: speech.Problem{File: lang, What: strings.ReplaceAll(c.What, listedKind, kindHead), Remedy: c.Hint}})
	}
	return out
}

// sorted names a set of keys, whatever their order.
func sorted(keys []string) string { return strings.Join(slices.Sorted(slices.Values(keys)), " ") }

// Hold looks at what came out of a plan: next is a desk with the catalog as it would be written. Mistakes in texts that the
// sheet changes are refused; those that stand in others are told.
func (p *Plan) Hold(now, next *speech.Desk, s *flow.Set, lines []Line, lang string) {
	var before []string
	for _, f := range Faults(now, s, lines, lang) {
		before = append(before, f.What)
	}
	changed := map[string]bool{}
	for _, c := range p.Changes {
		changed[c.Key] = true
		if w, _ := next.Text(lang, c.Key); w.Counts != c.Counts || !slices.Equal(w.Cases, c.Cases) {
			p.Refused = append(p.Refused, Finding{p.row(c.Key, ""), c.Key, "the text cannot be read back as it would be written", "write it again, letter by letter"})
		}
	}
	for _, f := range Faults(next, s, lines, lang) {
		key := ""
		for _, k := range f.Keys {
			if changed[k] {
				key = k
				break
			}
		}
		what := strings.TrimPrefix(f.What, fmt.Sprintf("%q ", key))
		if key == "" {
			if len(f.Keys) > 0 {
				key = f.Keys[0]
			}
			if slices.Contains(before, f.What) {
				p.Told = append(p.Told, Finding{0, key, "was wrong before, and the sheet does not change it: " + f.What, f.Remedy})
				continue
			}
		}
		for _, other := range f.Keys {
			if n := p.row(other, ""); other != key && n > 0 {
				what += fmt.Sprintf(" (see row %d)", n)
			}
		}
		p.Refused = append(p.Refused, Finding{p.row(key, f.What), key, what, f.Remedy})
	}
	if lang == speech.Base {
		p.others(now, next)
	}
	slices.SortStableFunc(p.Refused, func(a, b Finding) int { return cmp.Compare(a.Row, b.Row) })
}

// others looks at what a change of the base language does to all others: their texts hold what stands in braces there.
func (p *Plan) others(now, next *speech.Desk) {
	for _, l := range next.Languages() {
		if l.Tag == speech.Base {
			continue
		}
		var before []string
		for _, f := range now.Faults(l.Tag) {
			before = append(before, f.What)
		}
		for _, f := range next.Faults(l.Tag) {
			if len(f.Keys) > 0 && !slices.Contains(before, f.What) {
				p.Refused = append(p.Refused, Finding{p.row(f.Keys[0], ""), f.Keys[0], "in " + l.Tag + " the text " + strings.TrimPrefix(f.What, fmt.Sprintf("%q ", f.Keys[0])), "what stands in braces is changed in all languages at once, by whoever maintains the catalogs"})
			}
		}
	}
}

// inCase finds the form of which a fault tells.
var inCase = regexp.MustCompile(`the case "([^"]+)"`)

// row finds the row in which a mistake can be mended.
func (p *Plan) row(key, what string) int {
	rows := p.rows[key]
	if m := inCase.FindStringSubmatch(what); m != nil {
		for _, r := range rows {
			if r.Form == m[1] {
				return r.Number
			}
		}
	}
	if len(rows) == 0 {
		return 0
	}
	return rows[0].Number
}

// inCatalog gives the key under which the label of a choice stands: the list of the kinds of help has its labels there.
func inCatalog(key string) string {
	if kind, ok := strings.CutPrefix(key, listedKind); ok {
		return kindHead + kind
	}
	return key
}

// texts shows a desk to the checks of the flows.
type texts struct{ *speech.Desk }

// Languages lists those of the desk.
func (t texts) Languages() (tags []string) {
	for _, l := range t.Desk.Languages() {
		tags = append(tags, l.Tag)
	}
	return tags
}

// Text gives the longest form of a text.
func (t texts) Text(lang, key string) (text string, places []string, ok bool) {
	w, ok := t.Desk.Text(lang, inCatalog(key))
	for _, c := range w.Cases {
		if utf8.RuneCountInString(c.Text) > utf8.RuneCountInString(text) {
			text = c.Text
		}
	}
	return text, w.Names, ok
}

// Fold folds a typed word.
func (texts) Fold(lang, typed string) string { return speech.Fold(lang, typed) }

// Keys lists all keys.
func (t texts) Keys(string) []string { return t.Desk.Keys() }

// Where gives the place of a text.
func (t texts) Where(lang, key string) (file string, line int) {
	w, _ := t.Desk.Text(lang, key)
	return w.File, w.Line
}
