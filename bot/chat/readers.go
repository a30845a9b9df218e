package chat

import (
	"slices"
	"strconv"
	"strings"

	"amana/bot"
	"amana/bot/flow"
	"amana/bot/speech"
)

// beside is a sentence about those who can read.
type beside struct {
	key  string
	args speech.Args
}

// counts says that a text names those who read and how many they are. Such a text is followed by what else is true of
// them, wherever it is said: nobody agrees to half of it.
func (t *turn) counts(lang, key string) bool {
	names := t.Book.Placeholders(lang, key)
	return slices.Contains(names, "Readers") && slices.Contains(names, "Count")
}

// besides gives what follows a text that counts those who read: who can read it later, which keys lie apart, and where the
// people of the accused organisation stand.
func (t *turn) besides(lang string) (all []beside) {
	who := t.circle(lang)
	counted := func(key string, c bot.Circle) {
		if c.Count > 0 {
			all = append(all, beside{key, speech.Args{"Count": strconv.Itoa(c.Count), "Readers": speech.List(lang, c.Names)}})
		}
	}
	counted("word.readers.later", who.Later)
	counted("word.readers.spare", who.Spare)
	accused := speech.Args{"Accused": who.Accused, "Readers": speech.List(lang, who.Outside)}
	switch {
	case who.Accused == "":
	case who.Inside && len(who.Outside) == 0:
		all = append(all, beside{"word.readers.within", accused})
	case who.Inside:
		all = append(all, beside{"word.readers.inside", accused})
	case who.Apart:
		all = append(all, beside{"word.readers.outside", accused})
	}
	return all
}

// readers says it.
func (t *turn) readers(lang string) string {
	var lines []string
	for _, b := range t.besides(lang) {
		lines = append(lines, t.textIn(lang, b.key, b.args))
	}
	return strings.Join(lines, "\n")
}

// circle gives those of whom sentences speak: whoever got what this turn files, else whoever could read it as that was last
// worked out.
func (t *turn) circle(lang string) *bot.Readership {
	switch {
	case t.got != nil:
		return t.got
	case t.who != nil:
		return t.who
	}
	now := t.Mission.Readership("", lang, nil)
	return &now
}

// all names the organisations of everybody who can read, now or later.
func all(who *bot.Readership) []string {
	names := slices.Concat(who.Now.Names, who.Later.Names)
	slices.Sort(names)
	return slices.Compact(names)
}

// tried is who could read with some answers.
type tried struct {
	kind, lang string
	facts      flow.Facts
	who        *bot.Readership
}

// readership works out who could read a report of a kind. A step asks for the same answers again and again, each time that
// a question depends on it, and working it out was most of what a turn did.
func (t *turn) readership(kind string, facts flow.Facts) *bot.Readership {
	lang := t.lang()
	for _, was := range t.tried {
		if was.kind == kind && was.lang == lang && slices.EqualFunc(was.facts, facts, same) {
			return was.who
		}
	}
	who := t.Mission.Readership(kind, lang, t.facts(facts, false))
	t.tried = append(t.tried, tried{kind, lang, facts, &who})
	return &who
}

// same says that two answers are the same.
func same(a, b flow.Fact) bool {
	return a.Flow == b.Flow && a.Step == b.Step && a.Lang == b.Lang && a.Text == b.Text && a.Consent == b.Consent && a.Skipped == b.Skipped &&
		slices.Equal(a.Values, b.Values) && slices.Equal(a.Voices, b.Voices)
}
