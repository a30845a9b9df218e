package flow

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"amana/bot/sheet"
)

// need is a text that must be there, and where it is asked for.
type need struct {
	Key
	file string
	line int
	text string // of that line
}

// texts checks the catalogs: nothing missing, nothing left over, placeholders, lengths, and what is typed alike.
func (c *checker) texts() {
	needs := c.needs()
	known := make(map[string]bool, len(needs))
	for _, n := range needs {
		known[n.Name] = true
	}
	lost := map[string][]string{} // language → keys that have no text in it
	for _, lang := range c.langs {
		for _, n := range needs {
			if !c.text(lang, n) {
				lost[lang] = append(lost[lang], n.Name)
			}
		}
		for _, key := range c.t.Keys(lang) {
			if known[key] || c.elsewhere(key) {
				continue
			}
			p := Problem{File: lang, What: "the text " + key + " belongs to nothing", Hint: c.leftover(key)}
			if near, ok := sheet.Near(key, lost[lang]); ok {
				p.Hint = "did you mean " + near + "?"
			}
			c.add(c.from(lang, key, p))
		}
		c.alike(lang)
		c.whole(lang)
	}
	c.placeholders(needs)
}

// Keys lists the texts that the flows of a set ask for, built-in ones and items of lists left out.
func (s *Set) Keys() []string {
	c := &checker{s: s}
	var keys []string
	for _, n := range c.needs()[len(Words()):] {
		if !strings.HasPrefix(n.Name, "list.") && !has(keys, n.Name) {
			keys = append(keys, n.Name)
		}
	}
	return keys
}

// needs lists every text that the flows and the built-in words ask for.
func (c *checker) needs() []need {
	var out []need
	for _, k := range slices.Concat(Words(), c.lim.Keys) {
		out = append(out, need{Key: k, file: "built in"})
	}
	reviewed := c.reviewed()
	lists := map[string]bool{}
	c.steps(func(f *Flow, _ int, s *step) {
		add := func(key string, label bool, args ...string) {
			p := f.src.problem(s.line, "", "")
			out = append(out, need{Key: Key{Name: key, Label: label, Args: args}, file: f.File, line: s.line, text: p.Text})
		}
		if s.speaks() {
			add(s.key, false)
		}
		if s.hint {
			add(s.hintKey, false)
		}
		if s.complains() {
			if s.bounds() != nil {
				add(s.errorKey, false, "Min", "Max")
			} else {
				add(s.errorKey, false)
			}
		}
		if reviewed[s] != nil {
			add(s.titleKey, true)
		}
		for _, ch := range s.choices {
			switch {
			case ch.list == "" && !ch.hidden:
				add(ch.key, true)
			case ch.list != "" && !lists[ch.key]:
				lists[ch.key] = true
				add(ch.key, true)
			}
		}
	})
	return out
}

// reviewed finds the steps whose answers a review shows.
func (c *checker) reviewed() map[*step]*step {
	out := map[*step]*step{}
	c.steps(func(f *Flow, i int, s *step) {
		if s.kind == kindReview {
			c.above(f, i, out, nil)
		}
	})
	return out
}

// above collects the steps that a review at the place `end` of a flow shows, each with the step for which it counts there:
// itself, or one that may be known from it.
func (c *checker) above(f *Flow, end int, out map[*step]*step, way []string) {
	if has(way, f.Name) {
		return
	}
	for i := range f.steps[:end] {
		s := &f.steps[i]
		if s.reported() {
			out[s] = s
			for _, name := range s.known {
				if of := c.lender(s, name); of != nil {
					out[of] = s
				}
			}
		}
		if sub := c.s.flows[s.sub]; s.kind == kindFlow && sub != nil {
			c.above(sub, len(sub.steps), out, append(way, f.Name))
		}
	}
}

// elsewhere says that a key is looked after by another room, or belongs to a choice or list that is not in use here.
func (c *checker) elsewhere(key string) bool {
	if strings.HasPrefix(key, "list.") {
		return true
	}
	for _, begin := range c.lim.Others {
		if strings.HasPrefix(key, begin) {
			return true
		}
	}
	hidden := false
	c.steps(func(_ *Flow, _ int, s *step) {
		for _, ch := range s.choices {
			hidden = hidden || ch.hidden && ch.key == key
		}
	})
	return hidden
}

// leftover says what to do about a text that belongs to nothing.
func (c *checker) leftover(key string) string {
	parts := strings.SplitN(key, ".", 3)
	f := c.s.flows[parts[0]]
	if f == nil || len(parts) < 2 {
		return "take it out, or mend its name"
	}
	i, ok := f.index[parts[1]]
	switch {
	case !ok:
		return "flow " + f.Name + " has no step " + parts[1] + ": take it out, or mend its name"
	case len(parts) == 3 && parts[2] == "hint":
		return "take it out, or give step " + f.steps[i].name + " hint: true"
	case len(parts) == 3 && parts[2] == "title":
		return "take it out: no review shows step " + f.steps[i].name
	}
	return "take it out: step " + f.steps[i].name + " has no use for it"
}

// from puts a problem of a text where the text stands, if that is known.
func (c *checker) from(lang, key string, p Problem) Problem {
	if file, line := c.t.Where(lang, key); file != "" {
		p.File, p.Line, p.Text = file, line, ""
	}
	return p
}

// text checks one text in one language. It says false if there is none.
func (c *checker) text(lang string, n need) bool {
	text, args, ok := c.t.Text(lang, n.Name)
	problem := func(hint, what string) {
		p := Problem{File: n.file, Line: n.line, What: what, Hint: hint, Text: n.text}
		if ok {
			p = c.from(lang, n.Name, p)
		}
		c.add(p)
	}
	if !ok || strings.TrimSpace(text) == "" {
		ok = false
		problem("add "+n.Name+" to the catalog of "+lang, "there is no text "+n.Name+" in "+lang)
		return false
	}
	c.report.Texts++
	for _, a := range args {
		if !has(n.Args, a) && !has(c.lim.Args, a) {
			may := "it takes none"
			if len(n.Args) > 0 {
				may = "it may use " + list(n.Args)
			}
			problem(may+": take it out", "the text "+n.Name+" in "+lang+" has the unknown placeholder "+a)
		}
	}
	most, what := c.lim.Text, "text"
	if n.Label {
		most, what = c.lim.Label, "label"
		if strings.Contains(text, "\n") {
			problem("write it in one line", "the label "+n.Name+" in "+lang+" has a line break: nobody can type it, and a button may cut it off")
		}
	}
	if size := utf8.RuneCountInString(text); most > 0 && size > most {
		problem("shorten it", "the "+what+" "+n.Name+" in "+lang+" has "+strconv.Itoa(size)+" characters, more than "+strconv.Itoa(most))
	}
	return true
}

// placeholders checks that a text has the same ones in every language.
func (c *checker) placeholders(needs []need) {
	for _, n := range needs {
		var first []string
		of := ""
		for _, lang := range c.langs {
			_, args, ok := c.t.Text(lang, n.Name)
			if !ok {
				continue
			}
			args = slices.Compact(slices.Sorted(slices.Values(args)))
			if of == "" {
				first, of = args, lang
			} else if !slices.Equal(first, args) {
				c.add(Problem{File: n.file, Line: n.line, Text: n.text, Hint: "give both the same",
					What: "the text " + n.Name + " has the placeholders [" + list(first) + "] in " + of + " and [" + list(args) + "] in " + lang})
			}
		}
	}
}

// whole checks that a question with its hint and its choices fits into one message.
func (c *checker) whole(lang string) {
	if c.lim.Text <= 0 {
		return
	}
	size := func(key string) int {
		text, _, _ := c.t.Text(lang, key)
		return utf8.RuneCountInString(text)
	}
	c.steps(func(_ *Flow, _ int, s *step) {
		if !s.speaks() || s.kind == kindNote {
			return
		}
		n := size(s.key)
		if s.hint {
			n += 2 + size(s.hintKey)
		}
		if s.voice {
			n += 2 + size("word.voice.may")
		}
		for i, ch := range s.choices {
			n += 5 + len(strconv.Itoa(i)) + size(ch.key)
		}
		if n > c.lim.Text {
			c.wrong(s, s.line, "shorten them", "the question %s with hint and choices has %d characters in %s, more than %d", s.key, n, lang, c.lim.Text)
		}
	})
}
