package directory

import "strings"

// Fill adds to each text that stands in one language what it is called in another, by a list of pairs, and counts what it
// added. A text that has words in the other language keeps them. Texts whose language nobody named count as being in the
// language `from`.
func (d *Directory) Fill(from, to string, pairs map[string]string) (added int) {
	fill := func(all ...*Words) {
		for _, w := range all {
			if text := pairs[w.source(from)]; text != "" && w.in(to) == "" {
				*w = append(*w, Text{Lang: to, Text: text})
				added++
			}
		}
	}
	for i := range d.Areas {
		fill(&d.Areas[i].Name)
	}
	for i := range d.Organisations {
		o := &d.Organisations[i]
		fill(&o.Name, &o.Description)
	}
	for _, s := range d.Services {
		fill(&s.Name, &s.Says, &s.Interprets, &s.Eligibility, &s.Access, &s.Bring, &s.Referral, &s.Remarks, &s.Place.Name, &s.Place.Address,
			&s.Times.Note, &s.Cost.Note)
	}
	return added
}

// in gives the text in a language exactly; empty if there is none.
func (w Words) in(lang string) string {
	for _, t := range w {
		if strings.EqualFold(t.Lang, lang) {
			return t.Text
		}
	}
	return ""
}

// source gives the text in a language, or the one whose language nobody named.
func (w Words) source(lang string) string {
	if text := w.in(lang); text != "" {
		return text
	}
	return w.in("")
}
