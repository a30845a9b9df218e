package flow

import (
	"slices"
	"strconv"
	"strings"
)

// builtInQuestions are the words among which somebody chooses at a question that no flow asks.
var builtInQuestions = [][]string{{"yes", "no"}, {"send", "change"}, {"change", "remove"}, {"safe.on", "safe.help"},
	{"place.here", "place.more"}, {"cards.more", "cards.wider", "cards.other", "cards.enough"}}

// typedAs is one way in which something can be typed at a question.
type typedAs struct{ folded, what, means, key string }

// Clash is two texts that are typed alike at one question, or one that nobody can type.
type Clash struct {
	Flow, Step string   // of the question; empty for a built-in one
	Line       int      // in the file of the flow, of the choices where they stand by themselves
	What       string   // what is wrong
	Hint       string   // what to do about it
	Keys       []string // of the texts
}

// Clashes gives for one language the things that can be typed at a question and fold to the same. A text that the
// language lacks is left out.
func (s *Set) Clashes(t Texts, lang string) []Clash {
	c := &checker{s: s, t: t}
	return c.clashes(lang)
}

// alike checks for one language that no two things that can be typed at a question fold to the same.
func (c *checker) alike(lang string) {
	for _, found := range c.clashes(lang) {
		if found.Flow == "" {
			c.add(Problem{File: lang, What: found.What, Hint: found.Hint})
			continue
		}
		c.add(c.s.flows[found.Flow].src.problem(found.Line, found.Hint, "%s", found.What))
	}
}

func (c *checker) clashes(lang string) (all []Clash) {
	c.steps(func(f *Flow, _ int, s *step) {
		if !s.kind.waits() || s.kind == kindReview || s.acts() {
			return
		}
		var options []Option
		for _, ch := range s.choices {
			if !ch.hidden {
				options = append(options, Option{Name: ch.name, Key: ch.key})
			}
		}
		done := s.kind == kindText || s.kind == kindChoices
		if a, b, both := c.clash(lang, options, nil, done); both {
			line := s.line
			if s.choiceLine > 0 {
				line = s.choiceLine
			}
			all = append(all, Clash{f.Name, s.name, line, "at step " + s.name + ", " + a.what + " and " + b.what + " are typed alike in " + lang, "change one of the two labels", keysOf(a, b)})
		}
	})
	c.steps(func(f *Flow, i int, s *step) {
		if s.kind != kindReview {
			return
		}
		shown := map[*step]*step{}
		c.above(f, i, shown, nil)
		var titles []Option
		c.steps(func(_ *Flow, _ int, s *step) {
			if of := shown[s]; of != nil { // one answer, wherever it was given
				titles = append(titles, Option{Name: of.flow + "." + of.name, Key: s.titleKey})
			}
		})
		if a, b, both := c.clash(lang, titles, nil, false); both {
			all = append(all, Clash{f.Name, s.name, s.line, "in the review " + s.name + ", " + a.what + " and " + b.what + " are typed alike in " + lang, "change one of the two titles", keysOf(a, b)})
		}
	})
	for _, words := range builtInQuestions {
		if a, b, both := c.clash(lang, nil, words, true); both {
			all = append(all, Clash{What: "at a built-in question, " + a.what + " and " + b.what + " are typed alike", Hint: "change one of the two", Keys: keysOf(a, b)})
		}
	}
	return all
}

// keysOf lists the texts that clash; a number has none.
func keysOf(both ...typedAs) (keys []string) {
	for _, t := range both {
		if t.key != "" && !has(keys, t.key) {
			keys = append(keys, t.key)
		}
	}
	return keys
}

// clash finds two things that are typed alike: labels of choices, their numbers, built-in words and reserved words with
// their synonyms.
func (c *checker) clash(lang string, options []Option, words []string, done bool) (a, b typedAs, both bool) {
	var all []typedAs
	add := func(text, what, means, key string) {
		all = append(all, typedAs{c.t.Fold(lang, text), what, means, key})
	}
	for i, o := range options {
		if text, _, ok := c.t.Text(lang, o.Key); ok {
			add(text, o.Key+" ("+text+")", o.Name, o.Key)
		}
		add(strconv.Itoa(i+1), "the number "+strconv.Itoa(i+1), o.Name, "")
	}
	for i, w := range words {
		add(strconv.Itoa(i+1), "the number "+strconv.Itoa(i+1), "!"+w, "")
	}
	for _, w := range slices.Concat(words, reservedWords, []string{wordListen}) {
		if w == WordDone && !done {
			continue
		}
		if text, _, ok := c.t.Text(lang, "word."+w); ok {
			add(text, "word."+w+" ("+text+")", "!"+w, "word."+w)
		}
		also, _, ok := c.t.Text(lang, "word."+w+".also")
		if !ok || also == "-" {
			continue
		}
		for _, text := range strings.Split(also, "|") {
			add(text, "word."+w+".also ("+text+")", "!"+w, "word."+w+".also")
		}
	}
	by := map[string]typedAs{}
	for _, t := range all {
		if t.folded == "" {
			return t, typedAs{what: "nothing"}, true
		}
		if other, twice := by[t.folded]; twice && other.means != t.means {
			return other, t, true
		}
		by[t.folded] = t
	}
	return a, b, false
}
