package speech

// Progress tells how far the translation into a language has come.
type Progress struct {
	Language
	Have, Want int // texts
}

// Percent gives the progress in whole percent, rounded down: it is 100 only when nothing is missing.
func (p Progress) Percent() int {
	if p.Want == 0 {
		return 0
	}
	return 100 * p.Have / p.Want
}

// Unfinished lists the languages whose language.json says "review": "begun", by tag. Texts may be missing in them, and those that
// are there are held to the same rules as all others. Nobody is spoken to in such a language: no other method of a Book
// knows it. Translators find it on a [Desk].
func (b *Book) Unfinished() []Progress {
	var out []Progress
	for _, tag := range sortedKeys(b.begun) {
		c := b.begun[tag]
		out = append(out, Progress{c.lang, len(c.texts), len(b.keys)})
	}
	return out
}

// Called gives what its speakers call a language, also one that nobody is spoken to in yet.
func (b *Book) Called(tag string) (name string, ok bool) {
	if s := b.asleep[tag]; s != nil {
		return s.lang.Name, true
	}
	for _, all := range []map[string]*catalog{b.catalogs, b.begun} {
		if c := all[tag]; c != nil {
			return c.lang.Name, true
		}
	}
	return "", false
}
