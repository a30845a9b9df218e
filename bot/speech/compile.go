package speech

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// stand puts keys in brackets in the place of texts that nobody has written yet.
func (d *draft) stand(keys []string, base *draft) {
	for key, e := range base.entries {
		if e.later {
			keys = append(keys[:len(keys):len(keys)], key)
		}
	}
	for _, key := range keys {
		if d.entries[key] == nil {
			d.entries[key] = &entry{ID: key, Translation: source{Msg: "[" + key + "]"}, file: d.catalog, stands: true}
		}
	}
}

// compile checks a language against the base language and makes it ready. Where it is not offered, it need not have what
// only the operator's own flows ask for; where it has only been begun, it need not have anything, but what it has must be right.
func (d *draft) compile(base *draft, offered bool) (*catalog, Problems) {
	c := &catalog{lang: d.lang, rtl: d.lang.RTL(), texts: make(map[string]*text, len(d.entries)), danger: dangersOf(d.danger)}
	var problems Problems
	var err error
	if c.rule, err = newRule(d.lang); err != nil {
		problems = append(problems, Problem{d.file, 0, err.Error(),
			`name in "plural" a language with the same rule, or "other" when words never change with a number`})
		c.rule.always = true
		c.rule.learn()
	}
	for _, key := range sortedKeys(base.entries) {
		if d.entries[key] == nil && !d.lang.Begun() && (offered || !base.entries[key].later || base.entries[key].instead) {
			file := d.catalog
			if from := base.entries[key]; from.later && !from.instead { // it belongs beside the one of the base language
				file = strings.Replace(from.file, "/"+Base+"/", "/"+d.lang.Tag+"/", 1)
			}
			problems = append(problems, Problem{file, 0, fmt.Sprintf("%q is missing", key), "translate it; the English text is in " + base.entries[key].file + ", line " + strconv.Itoa(base.entries[key].line)})
		}
	}
	for _, key := range sortedKeys(d.entries) {
		e := d.entries[key]
		if d.lang.Begun() && e.Translation.unwritten() { // as platforms write what nobody has come to yet
			continue
		}
		from := base.entries[key]
		if from == nil {
			remedy := "correct its name or remove it"
			if near, ok := nearestOf(key, sortedKeys(base.entries)); ok {
				remedy = "did you mean " + near + "?"
			}
			problems = append(problems, Problem{e.file, e.line, fmt.Sprintf("%q is not a key of the base language", key), remedy})
			continue
		}
		t, found := e.compile(e.compared(from), &c.rule, d.lang.Draft() || d.lang.Begun())
		problems = append(problems, found...)
		c.texts[key] = t
	}
	problems = append(problems, c.recorded(d)...)
	slices.SortStableFunc(problems, func(a, b Problem) int {
		if n := strings.Compare(a.File, b.File); n != 0 {
			return n
		}
		return a.Line - b.Line
	})
	return c, problems
}

// compared gives the text of the base language with which this one is compared.
func (e *entry) compared(from *entry) *entry {
	for from.before != nil { // what is told to a text is told to its mission's own wording, English included
		from = from.before
	}
	if e.stands || from.stands { // there is nothing yet to be compared with
		return e
	}
	return from
}

// stale finds translations whose English source differs from what English says now.
func (d *draft) stale(base *draft) []Problem {
	if d.lang.Tag == Base {
		return nil
	}
	var out []Problem
	for _, key := range sortedKeys(d.entries) {
		e, from := d.entries[key], base.entries[key]
		if from == nil || !e.outdated(from) || d.lang.Begun() && e.Translation.unwritten() {
			continue
		}
		if from.later && !e.later { // a mission cannot mend what is shipped
			out = append(out, Problem{from.file, from.line, fmt.Sprintf("%q says something else here, and in %s what is shipped", key, d.lang.Tag),
				"put it into the folder " + d.lang.Tag + " too, beside this one, or leave it if both mean the same"})
			continue
		}
		out = append(out, Problem{e.file, e.line, fmt.Sprintf("the English of %q has changed since it was translated", key), `compare the two, then put the new English into "message"`})
	}
	return out
}

// outdated says that a text was translated from other English than there is.
func (e *entry) outdated(from *entry) bool {
	return e.Message.Msg != "" && e.Message.Msg != from.Translation.main()
}
