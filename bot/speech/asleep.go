package speech

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"slices"
	"sync"
)

// sleeper is a language that is read when somebody first needs it.
type sleeper struct {
	lang  Language
	words map[string]string // folded typed word -> reserved word: these are heard whether it sleeps or not
	wake  func() *catalog
}

// sleeps says which folders of the first layer are not read yet.
func (l Loading) sleeps(layers []fs.FS) func(folder string) bool {
	if len(l.Awake) == 0 {
		return func(string) bool { return false }
	}
	return func(folder string) bool {
		if folder == Base || slices.Contains(l.Awake, folder) || slices.Contains(l.Only, folder) {
			return false
		}
		for _, layer := range layers[1:] {
			if exists(layer, folder) {
				return false
			}
		}
		return true
	}
}

// sleep notes a language that is to be read later.
func (b *Book) sleep(lang Language, layer fs.FS) {
	if b.asleep == nil {
		b.asleep = map[string]*sleeper{}
	}
	b.asleep[lang.Tag] = &sleeper{lang, reservedIn(layer, lang.Tag), sync.OnceValue(func() *catalog {
		alone, problems := readLayers([]fs.FS{layer}, nil, Base, lang.Tag)
		if len(problems) > 0 {
			return nil
		}
		c, problems := alone[lang.Tag].compile(alone[Base], false)
		if problems = append(problems, c.foldAll()...); len(problems) > 0 {
			return nil // a shipped language that is not in order: no test has passed with it
		}
		return c
	})}
}

// reservedIn reads what can be typed for the reserved words of a shipped language, and nothing else of it: each entry is
// looked for by its key. Fear does not look which language was chosen, so these words are never asleep.
func reservedIn(layer fs.FS, tag string) map[string]string {
	src, err := fs.ReadFile(layer, tag+"/messages.gotext.json")
	if err != nil {
		return nil // told when it is read whole
	}
	c := &catalog{lang: Language{Tag: tag}, texts: map[string]*text{}}
	for _, word := range reserved {
		for _, key := range []string{"word." + word, "word." + word + alsoSuffix} {
			at := bytes.Index(src, []byte(`{"id": "`+key+`",`))
			if at < 0 {
				continue
			}
			var e entry
			if json.NewDecoder(bytes.NewReader(src[at:])).Decode(&e) == nil && e.Translation.Select == nil {
				c.texts[key] = &text{plain: e.Translation.Msg}
			}
		}
	}
	c.foldAll()
	return c.words
}

// catalog gives a language, and wakes it if it sleeps; nil if there is none.
func (b *Book) catalog(lang string) *catalog {
	if c := b.catalogs[lang]; c != nil {
		return c
	}
	if s := b.asleep[lang]; s != nil {
		return s.wake()
	}
	return nil
}
