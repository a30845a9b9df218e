package main

import (
	"slices"

	"amana/bot"
	"amana/bot/directory"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// line is somebody who can be called at once.
type line struct {
	Kind  string            `yaml:"kind"`
	Areas []string          `yaml:"areas"`
	Label map[string]string `yaml:"label"`
	Phone string            `yaml:"phone"`
	Hours map[string]string `yaml:"hours"`
	Note  map[string]string `yaml:"note"`
}

// policeLine is the kind of line that not everybody can be sent to. A body that watches over police and soldiers from
// outside is of the kind oversight, and is shown to all.
const policeLine = "police"

var lineKinds = []string{"health", "child", policeLine, "oversight", "legal", "shelter", "talk"}

// lines gives the urgent lines of an area, or all of them, ready to be shown to somebody who has told this.
func (h *house) lines(lang, area string, told bot.Facts) []string {
	others, police := h.profile.lines(lang, area, h.book)
	var facts ticket.Facts // nil, not an empty answer, when no report is under way
	if len(told) > 0 {
		facts = told
	}
	switch h.routes().Police(facts) {
	case ticket.PoliceAsListed:
		return h.profile.listed(lang, area, h.book)
	case ticket.PoliceNever:
		return others
	case ticket.PoliceByChoice:
		if word, err := h.book.Text(lang, "word.services.police", nil); err == nil && len(police) > 0 {
			police = append([]string{speech.Paragraph(lang, word)}, police...)
		}
	}
	return append(others, police...)
}

// listed gives the lines of an area in the order of the profile.
func (p *profile) listed(lang, area string, words *speech.Book) (out []string) {
	for _, l := range p.Lines {
		if l.counts(area) {
			out = append(out, l.text(lang, words))
		}
	}
	return out
}

// lines gives the lines of an area, those of the police apart.
func (p *profile) lines(lang, area string, words *speech.Book) (others, police []string) {
	for _, l := range p.Lines {
		switch {
		case !l.counts(area):
		case l.Kind == policeLine:
			police = append(police, l.text(lang, words))
		default:
			others = append(others, l.text(lang, words))
		}
	}
	return others, police
}

func (l line) counts(area string) bool {
	return area == "" || len(l.Areas) == 0 || slices.Contains(l.Areas, area)
}

// text gives a line as it is shown: who it is, and beneath it the number with the hours. Numbers are isolated, so that no
// script turns them around.
func (l line) text(lang string, words *speech.Book) string {
	text := l.Label[lang] + "\n" + phoneWord(words, lang, l.Phone)
	if h := l.Hours[lang]; h != "" {
		text += " · " + h
	}
	if n := l.Note[lang]; n != "" {
		text += "\n" + n
	}
	return speech.Paragraph(lang, text)
}

// phoneWord says a number of a profile as a number of the directory is said.
func phoneWord(words *speech.Book, lang, phone string) string {
	number := speech.Isolate(dialled(phone))
	if said, err := words.Text(lang, "card.phone", speech.Args{"Number": dialled(phone)}); err == nil {
		return said
	}
	return number
}

// dialled gives a number as the directory writes it, so that one number looks the same everywhere.
func dialled(phone string) string {
	if all, bad := directory.Phones(phone); len(all) == 1 && len(bad) == 0 && all[0].Ext == "" {
		return all[0].Number
	}
	return phone
}
