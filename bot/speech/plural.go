package speech

import (
	"fmt"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// formNames are the names of plural forms in catalogs, in the order of plural.Form.
var formNames = [...]string{plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many"}

// forms is the number of plural forms that any language may have.
const forms = len(formNames)

// rule says which form a number takes in one language.
type rule struct {
	tag    language.Tag
	always bool // always "other"

	has    [forms]bool // forms that the language has, fractions included
	counts [forms]int  // how many of the numbers 0 to 1000 take a form
	only   [forms]int  // the number, when counts is 1
}

// probe is how far numbers are tried to learn which forms a language has. Every integer rule of CLDR repeats
// within 1000 but that for whole millions, which is tried by itself.
const probe = 1000

// newRule finds the plural rule of a language. x/text answers "other" for the languages it does not know, just as
// it does for Burmese, so a language with that one form must say that this is meant.
func newRule(l Language) (rule, error) {
	if l.Plural == "other" {
		r := rule{always: true}
		r.learn()
		return r, nil
	}
	from := l.Plural
	if from == "" {
		from = l.Tag
	}
	tag, err := language.Parse(from)
	if err != nil {
		return rule{}, fmt.Errorf("%q is not a language tag", from)
	}
	r := rule{tag: tag}
	r.learn()
	for _, has := range r.has[1:] {
		if has {
			return r, nil
		}
	}
	return rule{}, fmt.Errorf("no plural rule is known for %q", from)
}

// learn tries numbers to see which forms occur; the data of x/text is not exported.
func (r *rule) learn() {
	r.has[plural.Other] = true
	for n := range probe + 1 {
		f := r.form(n)
		r.has[f] = true
		r.counts[f]++
		r.only[f] = n
	}
	if r.always {
		return
	}
	r.has[r.form(1_000_000)] = true
	for i := range 30 {
		for f := range 30 {
			r.has[plural.Cardinal.MatchPlural(r.tag, i, 1, 1, f, f)] = true
		}
	}
}

// form gives the form that a number takes; the sign does not matter.
func (r *rule) form(n int) plural.Form {
	if r.always {
		return plural.Other
	}
	if n < 0 {
		n = -n
	}
	return plural.Cardinal.MatchPlural(r.tag, n%10_000_000, 0, 0, 0, 0)
}

// needs says that a text of this language must have a form: one that whole numbers take, or "other".
func (r *rule) needs(f int) bool {
	return f == int(plural.Other) || r.counts[f] > 0
}

// formNamed finds a form by its name.
func formNamed(name string) (int, bool) {
	for f, n := range formNames {
		if n == name {
			return f, true
		}
	}
	return 0, false
}
