package flow

import (
	"slices"
	"strconv"
	"strings"
)

// typedAs is one way in which something can be typed at a question.
type typedAs struct{ folded, what, means string }

// alike checks for one language that no two things that can be typed at a question fold to the same.
func (c *checker) alike(lang string) {
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
		if a, b := c.clash(lang, options, nil, done); a != "" {
			line := s.line
			if s.choiceLine > 0 {
				line = s.choiceLine
			}
			c.wrong(s, line, "change one of the two labels", "at step %s, %s and %s are typed alike in %s", s.name, a, b, lang)
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
		if a, b := c.clash(lang, titles, nil, false); a != "" {
			c.wrong(s, s.line, "change one of the two titles", "in the review %s, %s and %s are typed alike in %s", s.name, a, b, lang)
		}
	})
	for _, words := range [][]string{{"yes", "no"}, {"send", "change"}, {"change", "remove"}, {"safe.on", "safe.help"},
		{"place.here", "place.more"}, {"cards.more", "cards.wider", "cards.other", "cards.enough"}} {
		if a, b := c.clash(lang, nil, words, true); a != "" {
			c.add(Problem{File: lang, What: "at a built-in question, " + a + " and " + b + " are typed alike", Hint: "change one of the two"})
		}
	}
}

// clash finds two things that are typed alike: labels of choices, their numbers, built-in words and reserved words with
// their synonyms.
func (c *checker) clash(lang string, options []Option, words []string, done bool) (a, b string) {
	var all []typedAs
	add := func(text, what, means string) {
		all = append(all, typedAs{c.t.Fold(lang, text), what, means})
	}
	for i, o := range options {
		if text, _, ok := c.t.Text(lang, o.Key); ok {
			add(text, o.Key+" ("+text+")", o.Name)
		}
		add(strconv.Itoa(i+1), "the number "+strconv.Itoa(i+1), o.Name)
	}
	for i, w := range words {
		add(strconv.Itoa(i+1), "the number "+strconv.Itoa(i+1), "!"+w)
	}
	for _, w := range slices.Concat(words, reservedWords, []string{wordListen}) {
		if w == WordDone && !done {
			continue
		}
		if text, _, ok := c.t.Text(lang, "word."+w); ok {
			add(text, "word."+w+" ("+text+")", "!"+w)
		}
		also, _, ok := c.t.Text(lang, "word."+w+".also")
		if !ok || also == "-" {
			continue
		}
		for _, text := range strings.Split(also, "|") {
			add(text, "word."+w+".also ("+text+")", "!"+w)
		}
	}
	by := map[string]typedAs{}
	for _, t := range all {
		if t.folded == "" {
			return t.what, "nothing"
		}
		if other, twice := by[t.folded]; twice && other.means != t.means {
			return other.what, t.what
		}
		by[t.folded] = t
	}
	return "", ""
}
