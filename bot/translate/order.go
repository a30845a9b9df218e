package translate

import (
	"fmt"
	"slices"
	"strings"

	"amana/bot/flow"
	"amana/bot/speech"
)

// Line is one text, where people meet it.
type Line struct {
	Key   string
	About string // where it stands and what it does, in English
	Limit int    // characters that fit
	Label bool   // stands on a button, in one line
	Heard bool   // a sentence that is said to somebody who looks for help, so that a recording of it can be heard
}

// Limits are what fits, in characters.
type Limits struct {
	Text  int // of a message
	Label int // of a button
}

// limitsOf are what Telegram takes for what it shows of a bot (Bot API: setMyName, setMyShortDescription,
// setMyDescription, setMyCommands).
var limitsOf = []struct {
	begin string
	most  int
}{
	{"bot.name", 64}, {"bot.short", 120}, {"bot.description", 512}, {"bot.command.", 256}, {"staff.hello", 512}, {"staff.command.", 256},
}

// Order lists all texts in the order in which people meet them: what Telegram shows before the first word, the question for
// the language, the flows step by step, what is said in between, what is found, and then what staff read.
func Order(d *speech.Desk, s *flow.Set, lim Limits) []Line {
	keys := d.Keys()
	place := map[string]int{}
	labels := map[string]bool{}
	uses := map[string]flow.Use{}
	for i, u := range s.Uses() {
		uses[u.Key], place[u.Key] = u, i
		labels[u.Key] = u.Label
	}
	for _, w := range flow.Words() {
		labels[w.Name] = w.Label
	}
	var out []Line
	for _, key := range keys {
		english, _ := d.Text(speech.Base, key)
		l := Line{Key: key, Limit: lim.Text}
		use, used := uses[key]
		if used {
			l.About = aboutUse(d, use)
			l.Heard = true
		} else {
			l.About = aboutFamily(d, key)
			l.Heard = heard(key)
		}
		if values := english.Names; len(values) > 0 {
			l.About += valuesOf(english)
		}
		if labels[key] || strings.HasPrefix(key, kindHead) { // kinds of help are buttons where help is looked for
			l.Label, l.Limit, l.Heard = true, lim.Label, used && use.Role == flow.AsChoice // a choice is heard under its number
		}
		for _, of := range limitsOf {
			if strings.HasPrefix(key, of.begin) {
				l.Limit = of.most
			}
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b Line) int {
		if x, y := part(a.Key, uses), part(b.Key, uses); x != y {
			return x - y
		}
		return place[a.Key] - place[b.Key] // of two that no flow asks for: as the base language has them
	})
	return out
}

// parts are the beginnings of keys in the order in which people meet them; the flows stand where "" does.
var parts = []string{"bot.", "word.language.", "", "word.", "service.", "card.", "hours.", "pathway.", "page.", "staff.", "open.", "desk.", "demo."}

func part(key string, uses map[string]flow.Use) int {
	if _, used := uses[key]; used {
		return slices.Index(parts, "")
	}
	for i, begin := range parts {
		if begin != "" && strings.HasPrefix(key, begin) {
			return i
		}
	}
	return len(parts)
}

// aboutUse says where a text of a flow stands, with the English of the question to which it belongs.
func aboutUse(d *speech.Desk, u flow.Use) string {
	of := "“" + clip(english(d, u.Question)) + "”"
	what := ""
	switch u.Role {
	case flow.AsNote:
		what = "a sentence; nothing is asked after it"
	case flow.AsQuestion:
		what = "a question; the answer is " + answers[u.Kind]
	case flow.AsHint:
		what = "the sentence below the question " + of
	case flow.AsChoice:
		what = fmt.Sprintf("button %d of %d below %s; it can also be typed", u.Place, u.Of, of)
	case flow.AsError:
		what = "said when the answer to " + of + " does not fit"
	case flow.AsTitle:
		what = "a few words for the answer to " + of + ", where all answers are shown once more before they are sent"
	}
	return "Conversation " + u.Flow + ": " + what + "."
}

// answers say what kind of answer a question takes.
var answers = map[string]string{
	"choice": "one of the buttons below", "choices": "one or several of the buttons below", "text": "written in people's own words", "number": "a number",
	"location": "a place that is shared or described", "place": "an area, chosen or typed", "services": "chosen below what was found", "mailbox": "the number of 16 digits",
}

// valuesOf says what the braces of a text stand for.
func valuesOf(w speech.Written) string {
	var out []string
	for _, name := range w.Names {
		what := "a name or words"
		if slices.Contains(w.Numbers, name) {
			what = "a number"
		}
		out = append(out, "{"+name+"} becomes "+what)
	}
	s := " " + strings.Join(out, ", ") + "."
	if w.Counts == "" && len(w.Numbers) > 0 {
		s += " If your language needs plural forms here, copy the row for each of them and fill in the column form."
	}
	return s
}

func english(d *speech.Desk, key string) string {
	w, ok := d.Text(speech.Base, key)
	if !ok {
		return key
	}
	return w.Cases[len(w.Cases)-1].Text
}

// clip shortens a sentence that is quoted.
func clip(s string) string {
	const most = 80
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return s
}
