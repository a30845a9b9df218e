package translate

import (
	"slices"
	"strings"
	"unicode"

	"amana/bot/speech"
)

// Standing is how far a language has come.
type Standing struct {
	speech.Progress
	Stale    int // texts that were made from other English than there is
	Fuzzy    int // texts that are marked to be read again
	Terms    int // of its glossary
	Recorded int // texts that can be heard
	ToRecord int // texts that could be
}

// Missing is how many texts are not written.
func (s Standing) Missing() int { return s.Want - s.Have }

// Stand counts what a language has.
func Stand(d *speech.Desk, lines []Line, lang string, g Glossary) Standing {
	recorded := d.Recorded(lang)
	s := Standing{Progress: d.Progress(lang), Terms: len(g.Terms)}
	for _, l := range lines {
		w, ok := d.Text(lang, l.Key)
		if ok && d.Stale(lang, l.Key) {
			s.Stale++
		}
		if ok && w.Fuzzy {
			s.Fuzzy++
		}
		if speakable(d, l) {
			s.ToRecord++
			if slices.Contains(recorded, l.Key) {
				s.Recorded++
			}
		}
	}
	return s
}

// Recording is one text that somebody is to speak.
type Recording struct {
	Key, Text, About string
}

// Audio lists what remains to be recorded in a language, in the order in which people meet it. Varying are texts that cannot be
// recorded, because a number or a name is put into them each time; unwritten is how many have no text in the language yet.
func Audio(d *speech.Desk, lines []Line, lang string) (left, varying []Recording, unwritten int) {
	recorded := d.Recorded(lang)
	for _, l := range lines {
		if !l.Heard || slices.Contains(recorded, l.Key) {
			continue
		}
		w, ok := d.Text(lang, l.Key)
		if !ok {
			unwritten++
			continue
		}
		r := Recording{l.Key, w.Cases[len(w.Cases)-1].Text, l.About}
		switch {
		case !speakable(d, l):
			varying = append(varying, r)
		case strings.ContainsFunc(r.Text, spoken):
			left = append(left, r)
		}
	}
	return left, varying, unwritten
}

// speakable says that a text is the same each time that it is said.
func speakable(d *speech.Desk, l Line) bool {
	w, ok := d.Text(speech.Base, l.Key)
	return l.Heard && ok && len(w.Names) == 0 && w.Counts == "" && strings.ContainsFunc(w.Cases[0].Text, spoken)
}

// spoken says that a character can be heard: signs alone, such as a comma between names, are not recorded.
func spoken(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
