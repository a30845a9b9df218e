package speech

import (
	"cmp"
	"io/fs"
	"slices"
)

// Desk is the catalogs as they are written, complete or not, for those who translate. Nobody is spoken to from it: that
// needs a [Book], which takes complete catalogs only.
type Desk struct {
	drafts map[string]*draft
	keys   []string // of the base language, in the order in which they are written
}

// Written is one text as a catalog has it.
type Written struct {
	English string   // from which it was translated; "" if the catalog does not say
	Counts  string   // the placeholder by whose number the form is chosen; "" when there is one form only
	Cases   []Case   // exact numbers first, then the forms from zero to other; of one form alone, one without a name
	Fuzzy   bool     // somebody marked it to be read again
	Names   []string // of the placeholders that are shown, sorted
	Numbers []string // of the placeholders that are numbers, in the order in which they are declared
	File    string
	Line    int
}

// Case is one form of a text.
type Case struct {
	Form string // "one", "other", "=0"; "" when there is one form only
	Text string
}

// Fault is a mistake in the texts of these keys.
type Fault struct {
	Keys []string
	Problem
}

// OpenDesk reads layers of catalogs as [Load] does, but holds them to their form alone: they are JSON, and no key stands twice.
func OpenDesk(layers ...fs.FS) (*Desk, error) {
	drafts, problems := readLayers(layers, nil)
	if len(problems) == 0 && drafts[Base] == nil {
		problems = Problems{{Base, 0, "the base language is missing", "the first layer holds " + Base + "/messages.gotext.json"}}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	d := &Desk{drafts: drafts, keys: sortedKeys(drafts[Base].entries)}
	slices.SortStableFunc(d.keys, func(a, b string) int {
		x, y := drafts[Base].entries[a].first(), drafts[Base].entries[b].first()
		return cmp.Or(boolsFirst(x.later, y.later), cmp.Compare(x.file, y.file), cmp.Compare(x.line, y.line))
	})
	return d, nil
}

// first gives the entry that stood there before a later layer took its place.
func (e *entry) first() *entry {
	for e.before != nil {
		e = e.before
	}
	return e
}

func boolsFirst(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}

// Languages lists the languages, the base language first, the others by tag.
func (d *Desk) Languages() []Language {
	out := []Language{d.drafts[Base].lang}
	for _, tag := range sortedKeys(d.drafts) {
		if tag != Base {
			out = append(out, d.drafts[tag].lang)
		}
	}
	return out
}

// Language gives one language.
func (d *Desk) Language(tag string) (Language, bool) {
	if l := d.drafts[tag]; l != nil {
		return l.lang, true
	}
	return Language{}, false
}

// Keys lists all keys in the order in which the base language has them, those of later layers behind.
func (d *Desk) Keys() []string { return slices.Clone(d.keys) }

// Text gives a text as it is written; ok is false where nobody has written one.
func (d *Desk) Text(lang, key string) (w Written, ok bool) {
	l := d.drafts[lang]
	if l == nil || l.entries[key] == nil || l.entries[key].Translation.unwritten() {
		return Written{}, false
	}
	e := l.entries[key]
	w = Written{English: e.Message.main(), Fuzzy: e.Fuzzy, File: e.file, Line: e.line, Names: e.shown()}
	for _, p := range e.Placeholders {
		if p.Type == "int" {
			w.Numbers = append(w.Numbers, p.ID)
		}
	}
	s := e.Translation.Select
	if s == nil {
		w.Cases = []Case{{"", e.Translation.Msg}}
		return w, true
	}
	w.Counts = s.Arg
	for form, c := range s.Cases {
		w.Cases = append(w.Cases, Case{form, c.Msg})
	}
	slices.SortFunc(w.Cases, func(a, b Case) int { return CompareForms(a.Form, b.Form) })
	return w, true
}

// Stale says that a text was translated from other English than there is.
func (d *Desk) Stale(lang, key string) bool {
	l, from := d.drafts[lang], d.drafts[Base].entries[key]
	return l != nil && lang != Base && from != nil && l.entries[key] != nil && l.entries[key].outdated(from)
}

// Forms lists the plural forms that texts of a language need, from zero to other. It fails when no rule is known.
func (d *Desk) Forms(lang string) ([]string, error) {
	r, err := newRule(d.drafts[lang].lang)
	if err != nil {
		return nil, err
	}
	var out []string
	for f, name := range formNames {
		if r.needs(f) {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, CompareForms)
	return out, nil
}

// CompareForms orders exact numbers before the forms, and these from zero to other.
func CompareForms(a, b string) int {
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func rank(form string) int {
	f, ok := formNamed(form)
	switch {
	case !ok:
		return -1
	case f == 0: // other
		return forms
	}
	return f
}

// Recorded lists the keys of a language that somebody has recorded, sorted.
func (d *Desk) Recorded(lang string) []string {
	if l := d.drafts[lang]; l != nil {
		return sortedKeys(l.audio)
	}
	return nil
}

// Progress tells how many texts of a language are written.
func (d *Desk) Progress(lang string) Progress {
	p := Progress{Want: len(d.keys)}
	p.Language, _ = d.Language(lang)
	for _, key := range d.keys {
		if _, ok := d.Text(lang, key); ok {
			p.Have++
		}
	}
	return p
}

// Faults holds the texts of a language to the rules that [Load] has. That texts are missing is none.
func (d *Desk) Faults(lang string) []Fault {
	l := d.drafts[lang]
	r, err := newRule(l.lang)
	if err != nil {
		return []Fault{{nil, Problem{l.file, 0, err.Error(), `name in "plural" a language with the same rule, or "other" when words never change with a number`}}}
	}
	var out []Fault
	c := &catalog{lang: l.lang, texts: map[string]*text{}}
	for _, key := range sortedKeys(l.entries) {
		e, from := l.entries[key], d.drafts[Base].entries[key]
		if e.Translation.unwritten() {
			continue
		}
		if from == nil {
			out = append(out, Fault{[]string{key}, Problem{e.file, e.line, "is not a key of the base language", "take it out"}})
			continue
		}
		t, found := e.compile(e.compared(from), &r, l.lang.Draft() || l.lang.Begun())
		for _, p := range found {
			out = append(out, Fault{[]string{key}, p})
		}
		c.texts[key] = t
	}
	return append(out, c.gather()...)
}
