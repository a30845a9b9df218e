package main

import (
	"fmt"
	"slices"

	"amana/bot/sheet"
	"amana/bot/speech"
)

// pathway is one way to justice, reparation or legal help that exists in a place: what it is, what is needed for it, and by
// when. Nothing of it is ours: a mission writes down what the institution itself has published.
type pathway struct {
	Areas  []string          `yaml:"areas"`
	Label  map[string]string `yaml:"label"`
	Needed map[string]string `yaml:"needed"`
	Until  map[string]string `yaml:"until"`
	Phone  string            `yaml:"phone"`
}

// remedyList is the name by which a flow asks for them.
const remedyList = "remedies"

func (p *profile) remedyProblems(say func(setting, format string, args ...any), words func(setting string, in map[string]string)) {
	areas := itemNames(p.Areas)
	for n, r := range p.Remedies {
		setting := fmt.Sprintf("remedies[%d]", n)
		words(setting+".label", r.Label)
		words(setting+".needed", r.Needed)
		words(setting+".until", r.Until)
		for k, a := range r.Areas {
			if !slices.Contains(areas, a) {
				say(fmt.Sprintf("%s.areas[%d]", setting, k), "there is no area %q; %s", a, sheet.Known(a, areas))
			}
		}
	}
}

// listed gives the lines of a list beside the urgent ones, for an area or all of them, ready to be shown.
func (h *house) listed(lang, list, area string) []string {
	return h.profile.others(lang, list, area, h.book)
}

func (p *profile) others(lang, list, area string, words *speech.Book) (out []string) {
	if list != remedyList {
		return nil
	}
	for _, r := range p.Remedies {
		if area != "" && len(r.Areas) > 0 && !slices.Contains(r.Areas, area) {
			continue
		}
		text := r.Label[lang] + "\n" + r.Needed[lang] + "\n" + r.Until[lang]
		if r.Phone != "" {
			text += "\n" + phoneWord(words, lang, r.Phone)
		}
		out = append(out, speech.Paragraph(lang, text))
	}
	return out
}
