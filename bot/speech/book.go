package speech

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Book is every loaded language with all that it says. It does not change after Load.
type Book struct {
	catalogs map[string]*catalog
	langs    []Language        // the base language first, the others by tag
	keys     []string          // sorted; the same in every language
	names    map[string]string // folded names and tags of languages
	anywhere map[string]string // typed words that are reserved in some language and mean nothing else in another
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
}

// Named gives a layer a name that stands before its files in problems.
type Named struct {
	Name string
	fs.FS
}

// Load reads catalogs. The first layer is the shipped one (locales.FS); later layers hold an operator's own wording, in the same
// folders and form but with only the messages that differ, and win key by key. The checks are made on the
// whole: any mistake in any layer fails, with all mistakes found in a [Problems].
func Load(layers ...fs.FS) (*Book, error) {
	drafts, problems := readLayers(layers)
	if len(problems) == 0 && drafts[Base] == nil {
		problems = Problems{{Base, 0, "the base language is missing", "the first layer holds " + Base + "/messages.gotext.json"}}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	b := &Book{catalogs: make(map[string]*catalog, len(drafts))}
	base := drafts[Base]
	for _, tag := range sortedKeys(drafts) {
		d := drafts[tag]
		c, found := d.compile(base)
		problems = append(problems, found...)
		b.catalogs[tag] = c
		b.stale = append(b.stale, d.stale(base)...)
	}
	problems = append(problems, b.index()...)
	if len(problems) > 0 {
		return nil, problems
	}
	return b, nil
}

// draft is a language as the layers give it, before it is checked against the base language.
type draft struct {
	lang    Language
	file    string // of language.json
	catalog string // of messages.gotext.json in the first layer that has it
	entries map[string]*entry
}

// readLayers reads all files and lays the entries over each other.
func readLayers(layers []fs.FS) (map[string]*draft, Problems) {
	drafts := map[string]*draft{}
	var problems Problems
	for i, layer := range layers {
		name := ""
		if n, ok := layer.(Named); ok {
			name = strings.TrimSuffix(n.Name, "/") + "/"
		}
		folders, err := fs.ReadDir(layer, ".")
		if err != nil {
			problems = append(problems, Problem{name + ".", 0, "cannot be read: " + tidy(err), "give a folder with one folder a language"})
			continue
		}
		for _, folder := range folders {
			if !folder.IsDir() || strings.HasPrefix(folder.Name(), ".") {
				continue
			}
			problems = append(problems, readFolder(drafts, layer, name, folder.Name(), i == 0)...)
		}
	}
	return drafts, problems
}

// readFolder reads one language of one layer.
func readFolder(drafts map[string]*draft, layer fs.FS, name, folder string, first bool) Problems {
	about, messages := folder+"/language.json", folder+"/messages.gotext.json"
	hasAbout, hasMessages := exists(layer, about), exists(layer, messages)
	d := drafts[folder]
	switch {
	case d == nil && !hasAbout:
		return Problems{{name + about, 0, "is missing", "each language has language.json and messages.gotext.json"}}
	case d == nil && !hasMessages:
		return Problems{{name + messages, 0, "is missing", "each language has language.json and messages.gotext.json"}}
	case d == nil:
		d = &draft{file: name + about, catalog: name + messages, entries: map[string]*entry{}}
		drafts[folder] = d
	}
	var problems Problems
	if hasAbout {
		lang, found := readLanguage(layer, about, name+about, folder)
		problems = append(problems, found...)
		d.lang, d.file = lang, name+about
	}
	if !hasMessages {
		return problems
	}
	file, found := readCatalog(layer, messages, name+messages)
	problems = append(problems, found...)
	if len(found) == 0 && file.Language != folder {
		problems = append(problems, Problem{name + messages, 1, fmt.Sprintf("the language is %q in the folder %q", file.Language, folder), "make them the same"})
	}
	here := map[string]int{}
	for i := range file.Messages {
		e := &file.Messages[i]
		if line, twice := here[e.ID]; twice {
			problems = append(problems, Problem{e.file, e.line, fmt.Sprintf("%q stands twice, first in line %d", e.ID, line), "keep one of them"})
			continue
		}
		here[e.ID] = e.line
		if before := d.entries[e.ID]; before != nil && !first && len(e.Placeholders) == 0 {
			e.Placeholders = before.Placeholders
		}
		d.entries[e.ID] = e
	}
	return problems
}

func exists(layer fs.FS, path string) bool {
	_, err := fs.Stat(layer, path)
	return err == nil
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
	for _, tag := range sortedKeys(b.catalogs) {
		if tag != Base {
			b.langs = append(b.langs, b.catalogs[tag].lang)
		}
	}
	b.names = nameLanguages(b.langs)
	b.anywhere = b.wordsAnywhere()
	return problems
}

// Languages lists the loaded languages, the base language first, the others by tag.
func (b *Book) Languages() []Language { return slices.Clone(b.langs) }

// Language gives one loaded language.
func (b *Book) Language(tag string) (Language, bool) {
	c, ok := b.catalogs[tag]
	if !ok {
		return Language{}, false
	}
	return c.lang, true
}

// Has says that a key has a text in a language; after Load that is so for all keys and languages, or for none.
func (b *Book) Has(lang, key string) bool {
	c, ok := b.catalogs[lang]
	return ok && c.texts[key] != nil
}

// Keys lists all keys, sorted.
func (b *Book) Keys() []string { return slices.Clone(b.keys) }

// Placeholders lists the names that a text wants to be given, sorted; nil for an unknown key or language.
func (b *Book) Placeholders(lang, key string) []string {
	if c, ok := b.catalogs[lang]; ok {
		if t := c.texts[key]; t != nil {
			return slices.Clone(t.places)
		}
	}
	return nil
}

// Stale lists translations made from an English sentence that has changed since. They are complete and are shown;
// somebody should look at them again.
func (b *Book) Stale() []Problem { return slices.Clone(b.stale) }
