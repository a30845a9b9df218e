package speech

import (
	"fmt"
	"strings"
)

// alsoSuffix marks keys that list further words for the same thing, parted by "|"; "-" lists none.
const alsoSuffix = ".also"

// reserved are the words that count in every step, in the order in which they are looked at.
var reserved = [...]string{"back", "skip", "services", "hide", "stop", "language", "help", "done", "listen"}

// commands are the slash forms, which are the same in all languages.
var commands = map[string]bool{
	"start": true, "services": true, "hide": true, "language": true, "help": true, "stop": true, "privacy": true, "back": true, "skip": true, "done": true,
}

// longestLabel is the length in bytes up to which a text may be a label and is folded in advance.
const longestLabel = 256

// foldAll folds the short texts of a language and gathers its reserved words.
func (c *catalog) foldAll() Problems {
	c.folded = make(map[string]string, len(c.texts))
	for _, t := range c.texts {
		if t != nil && t.plain != "" && len(t.plain) <= longestLabel {
			c.folded[t.plain] = Fold(c.lang.Tag, t.plain)
		}
	}
	var problems Problems
	for _, f := range c.gather() {
		problems = append(problems, f.Problem)
	}
	return problems
}

// gather fills the reserved words, and finds those that are typed alike.
func (c *catalog) gather() (found []Fault) {
	c.words = map[string]string{}
	from := map[string]string{} // folded typed word -> key of the text in which it stands
	for _, word := range reserved {
		for _, s := range c.spellings(word) {
			typed, folded := s.typed, Fold(c.lang.Tag, s.typed)
			if folded == "" {
				continue
			}
			if other, taken := c.words[folded]; taken && other != word {
				file, line := c.lang.Tag+"/messages.gotext.json", 0
				for _, key := range []string{"word." + word, "word." + word + alsoSuffix, "word." + other, "word." + other + alsoSuffix} {
					if t := c.texts[key]; t != nil && t.later { // the mission's own wording is what can be mended there
						file, line = t.file, t.line
					}
				}
				found = append(found, Fault{[]string{s.key, from[folded]}, Problem{file, line,
					fmt.Sprintf("%q and %q can be typed with the same word %q", "word."+other, "word."+word, typed), "give one of them another word"}})
			}
			c.words[folded], from[folded] = word, s.key
		}
	}
	return found
}

// spelling is one way to type a reserved word, and the text in which it stands.
type spelling struct{ typed, key string }

// spellings lists what may be typed for a reserved word.
func (c *catalog) spellings(word string) []spelling {
	var out []spelling
	if t := c.texts["word."+word]; t != nil {
		out = append(out, spelling{t.plain, "word." + word})
	}
	if t := c.texts["word."+word+alsoSuffix]; t != nil {
		for also := range strings.SplitSeq(t.plain, "|") {
			out = append(out, spelling{also, "word." + word + alsoSuffix})
		}
	}
	return out
}

// wordsAnywhere gathers the words that mean one thing in all languages that know them, those that sleep among them.
func (b *Book) wordsAnywhere() map[string]string {
	out := map[string]string{}
	add := func(words map[string]string) {
		for typed, word := range words {
			if before, ok := out[typed]; ok && before != word {
				word = ""
			}
			out[typed] = word
		}
	}
	for _, c := range b.catalogs {
		add(c.words)
	}
	for _, s := range b.asleep {
		add(s.words)
	}
	return out
}

// Word recognises a reserved word: back, skip, services, hide, stop, language, help, done or listen. It must be the whole
// message, in the language of the conversation, folded but otherwise exact: a way out is never guessed. The slash forms
// (/hide, /stop, and also /start and /privacy) are the same in every language. With lang "" or one that is not loaded,
// the words of all languages count, unless one means different things in two of them.
func (b *Book) Word(lang, typed string) (word string, ok bool) {
	if len(typed) > longestLabel {
		return "", false
	}
	typed = strings.TrimSpace(typed)
	if command, slash := strings.CutPrefix(typed, "/"); slash {
		name, _, _ := strings.Cut(command, "@")
		if name = strings.ToLower(strings.TrimSpace(name)); commands[name] {
			return name, true
		}
		typed = command
	}
	if c := b.catalog(lang); c != nil {
		word, ok = c.words[Fold(lang, typed)]
		return word, ok
	}
	word = b.anywhere[Fold(lang, typed)]
	return word, word != ""
}
