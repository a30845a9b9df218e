package speech

import (
	"bufio"
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of the words of danger of one language.
const (
	mostDangers   = 500
	longestDanger = 80 // characters
)

// dangers are the words of danger of one language, folded: by their first word, the words that follow. Scripts without
// spaces have them whole, and are searched anywhere in a text.
type dangers struct {
	after map[string][][]string
	whole []string
}

func (d *dangers) add(folded string) {
	if first, _ := utf8.DecodeRuneInString(folded); spaceless(first) {
		d.whole = append(d.whole, strings.ReplaceAll(folded, " ", ""))
		return
	}
	words := strings.Fields(folded)
	if d.after == nil {
		d.after = map[string][][]string{}
	}
	d.after[words[0]] = append(d.after[words[0]], words[1:])
}

// in says that one of them stands in a folded text.
func (d *dangers) in(folded string) bool {
	if len(d.whole) > 0 {
		closed := strings.ReplaceAll(folded, " ", "")
		for _, w := range d.whole {
			if strings.Contains(closed, w) {
				return true
			}
		}
	}
	if d.after == nil {
		return false
	}
	words := strings.Fields(folded)
	for i, w := range words {
		for _, rest := range d.after[w] {
			if begins(words[i+1:], rest) {
				return true
			}
		}
	}
	return false
}

func begins(words, with []string) bool {
	if len(words) < len(with) {
		return false
	}
	for i := range with {
		if words[i] != with[i] {
			return false
		}
	}
	return true
}

// Danger says that a text holds words that may mean danger to a life just now, or the wish to die, as the lists
// safewords.txt of these languages name them. It looks for the words alone and keeps nothing; that it finds none says
// nothing about the person.
func (b *Book) Danger(text string, langs ...string) bool {
	plain := "" // most languages fold alike
	for _, lang := range langs {
		c := b.catalog(lang)
		if c == nil || c.danger.after == nil && c.danger.whole == nil {
			continue
		}
		folded := plain
		switch {
		case homophonesOf(lang) != nil:
			folded = Fold(lang, text)
		case plain == "":
			plain = Fold(lang, text)
			folded = plain
		}
		if c.danger.in(folded) {
			return true
		}
	}
	return false
}

// Dangers counts the words of danger of a language.
func (b *Book) Dangers(lang string) int {
	c := b.catalog(lang)
	if c == nil {
		return 0
	}
	n := len(c.danger.whole)
	for _, rest := range c.danger.after {
		n += len(rest)
	}
	return n
}

// safeWord is one line of a safewords.txt.
type safeWord struct {
	folded string
	out    bool // it takes a word of an earlier layer away
	line   int
}

// readSafeWords reads a safewords.txt: a word or a phrase a line, # before a remark, - before one that an earlier layer has and
// that shall not count.
func readSafeWords(layer fs.FS, path, shown, lang string) (words []safeWord, problems Problems) {
	src, err := fs.ReadFile(layer, path)
	if err != nil {
		return nil, Problems{{shown, 0, "cannot be read: " + why(err), "one word or phrase a line, in UTF-8"}}
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff")) // as the editor of Windows begins a file
	if problem := encoded(src, shown); problem != nil {
		return nil, Problems{*problem}
	}
	seen := map[string]int{}
	lines := bufio.NewScanner(bytes.NewReader(src))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		rest, out := strings.CutPrefix(line, "-")
		w := safeWord{Fold(lang, rest), out, n}
		before := seen[w.folded]
		wrong := func(what, remedy string) {
			problems = append(problems, Problem{shown, n, what, remedy})
		}
		switch {
		case utf8.RuneCountInString(line) > longestDanger:
			wrong("a phrase of danger is long, and nobody types just that", "a few words that stand together are enough")
		case utf8.RuneCountInString(w.folded) < 3:
			wrong("a phrase of danger is too short to mean only that", "use at least three letters, better two words")
		case before > 0:
			wrong("two phrases of danger are typed alike", "keep one of them: accents, case and the mixed spellings of one letter need not be listed")
		default:
			seen[w.folded] = n
			words = append(words, w)
		}
	}
	if err := lines.Err(); err != nil {
		problems = append(problems, Problem{shown, 0, "cannot be read: " + err.Error(), "one word or phrase a line"})
	}
	if len(words) > mostDangers {
		problems = append(problems, Problem{shown, 0, "holds more phrases than anybody can look over", "keep what would be wrong to overlook"})
	}
	return words, problems
}

// idle finds the lines that take out what no earlier layer has: whoever wrote them believes that a phrase is not heard, and it is.
func idle(words, before []safeWord, shown string) (problems Problems) {
	for _, w := range words {
		if w.out && !slices.ContainsFunc(before, func(b safeWord) bool { return b.folded == w.folded && !b.out }) {
			problems = append(problems, Problem{shown, w.line, "takes out a phrase of danger that is not there", "write it after the - as the shipped list has it, or take the line away"})
		}
	}
	return problems
}

// dangersOf gives what counts after all layers.
func dangersOf(words []safeWord) (d dangers) {
	out := map[string]bool{}
	for _, w := range words {
		if w.out {
			out[w.folded] = true
		}
	}
	for _, w := range words {
		if !w.out && !out[w.folded] {
			out[w.folded] = true
			d.add(w.folded)
		}
	}
	return d
}
