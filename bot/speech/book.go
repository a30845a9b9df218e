package speech

import (
	"io/fs"
	"slices"
	"strings"
)

// Book is every loaded language with all that it says. It does not change after Load.
type Book struct {
	catalogs map[string]*catalog // of the languages that are complete
	asleep   map[string]*sleeper // those of them that are read when they are needed
	begun    map[string]*catalog // of those that say that they are not
	langs    []Language          // the base language first, the others by tag
	keys     []string            // sorted; the same in every language
	names    map[string]string   // folded names and tags of languages
	anywhere map[string]string   // typed words that are reserved in some language and mean nothing else in another
	stale    []Problem
}

// catalog is one language.
type catalog struct {
	lang   Language
	rtl    bool
	rule   rule
	texts  map[string]*text
	folded map[string]string // short texts without placeholders, folded: labels of choices
	words  map[string]string // folded typed word -> reserved word
	danger dangers
	audio  map[string]recording // by key
}

// Load reads catalogs. The first layer is the shipped one (locales.FS); later layers hold an operator's own wording, in the same
// folders and form but with only the messages that differ, and win key by key. The checks are made on the
// whole: any mistake in any layer fails, with all mistakes found in a [Problems].
func Load(layers ...fs.FS) (*Book, error) { return Loading{}.Load(layers...) }

// Loading says how catalogs are read for a mission with flows of its own, or for their author.
type Loading struct {
	// Only are the languages that the mission offers. A key that the first layer does not have, because it belongs to a
	// flow of the mission's own, must be there in each of them and in the base language. The other languages may lack it:
	// nobody is asked in them, and staff who chose one earlier go on in it. Empty: all must have every key.
	Only []string
	// Tried are the keys that an author's flows ask for. One that has no text yet is said as itself, in brackets, so that
	// a flow can be tried before its words are written. It is never used where people are heard.
	Tried []string
	// Awake are the languages that are read at once, beside the base language. The others are read when somebody first needs
	// them: a program that runs for months in three languages does not hold sixteen in memory. They are the shipped ones
	// alone, which are proved before they are shipped; a language of which a later layer says anything is never asleep. The
	// reserved words of all are heard at once. Empty: all are read at once.
	Awake []string
}

// Load reads catalogs in layers, as [Load] does.
func (l Loading) Load(layers ...fs.FS) (*Book, error) {
	drafts, problems := readLayers(layers, l.sleeps(layers))
	if len(problems) == 0 && drafts[Base] == nil {
		problems = Problems{{Base, 0, "the base language is missing", "the first layer holds " + Base + "/messages.gotext.json"}}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	if len(l.Tried) > 0 {
		for _, tag := range sortedKeys(drafts) {
			if !drafts[tag].lang.Begun() {
				drafts[tag].stand(l.Tried, drafts[Base])
			}
		}
	}
	b := &Book{catalogs: make(map[string]*catalog, len(drafts)), begun: map[string]*catalog{}}
	base := drafts[Base]
	for _, tag := range sortedKeys(drafts) {
		d := drafts[tag]
		if d.asleep && !d.lang.Begun() {
			b.sleep(d.lang, layers[0])
			continue
		}
		offered := len(l.Only) == 0 || tag == Base || slices.Contains(l.Only, tag)
		c, found := d.compile(base, offered)
		problems = append(problems, found...)
		if d.lang.Begun() {
			problems = append(problems, c.foldAll()...)
			b.begun[tag] = c
		} else {
			b.catalogs[tag] = c
		}
		if offered {
			b.stale = append(b.stale, d.stale(base)...)
		}
	}
	problems = append(problems, b.index()...)
	if len(problems) > 0 {
		return nil, problems
	}
	return b, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// index fills what is looked up across keys and languages, once all catalogs are compiled.
func (b *Book) index() Problems {
	var problems Problems
	for _, tag := range sortedKeys(b.catalogs) {
		problems = append(problems, b.catalogs[tag].foldAll()...)
	}
	base := b.catalogs[Base]
	b.keys = sortedKeys(base.texts)
	b.langs = append(b.langs, base.lang)
	for tag, c := range b.catalogs {
		if tag != Base {
			b.langs = append(b.langs, c.lang)
		}
	}
	for _, s := range b.asleep {
		b.langs = append(b.langs, s.lang)
	}
	slices.SortFunc(b.langs[1:], func(x, y Language) int { return strings.Compare(x.Tag, y.Tag) })
	b.names = nameLanguages(b.langs)
	b.anywhere = b.wordsAnywhere()
	return problems
}

// Languages lists the loaded languages, the base language first, the others by tag.
func (b *Book) Languages() []Language { return slices.Clone(b.langs) }

// Language gives one loaded language.
func (b *Book) Language(tag string) (Language, bool) {
	if s := b.asleep[tag]; s != nil {
		return s.lang, true
	}
	c, ok := b.catalogs[tag]
	if !ok {
		return Language{}, false
	}
	return c.lang, true
}

// Has says that a key has a text in a language; after Load that is so for all keys and languages, or for none, but for
// the keys of a mission's own flows in languages that it does not offer.
func (b *Book) Has(lang, key string) bool {
	c := b.catalog(lang)
	return c != nil && c.texts[key] != nil
}

// Keys lists all keys, sorted.
func (b *Book) Keys() []string { return slices.Clone(b.keys) }

// Where gives the file, with the name of its layer, and the line in which a text stands; "" if there is none.
func (b *Book) Where(lang, key string) (file string, line int) {
	if c := b.catalog(lang); c != nil {
		if t := c.texts[key]; t != nil {
			return t.file, t.line
		}
	}
	return "", 0
}

// Own lists the keys whose text in a language comes from a later layer than the first, sorted, and says of each whether it
// takes the place of a shipped text.
func (b *Book) Own(lang string) (keys []string, instead map[string]bool) {
	instead = map[string]bool{}
	if c := b.catalog(lang); c != nil {
		for _, key := range sortedKeys(c.texts) {
			if t := c.texts[key]; t.later {
				keys, instead[key] = append(keys, key), t.instead
			}
		}
	}
	return keys, instead
}

// Placeholders lists the names that a text wants to be given, sorted; nil for an unknown key or language.
func (b *Book) Placeholders(lang, key string) []string {
	if c := b.catalog(lang); c != nil {
		if t := c.texts[key]; t != nil {
			return slices.Clone(t.places)
		}
	}
	return nil
}

// Stale lists translations made from an English sentence that has changed since, of the languages for which the book was
// loaded. They are complete and are shown; somebody should look at them again.
func (b *Book) Stale() []Problem { return slices.Clone(b.stale) }
