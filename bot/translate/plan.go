package translate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"amana/bot/sheet"
	"amana/bot/speech"
)

// Plan is what a sheet would change.
type Plan struct {
	Changes   []speech.Change
	New       int // texts that had none
	Changed   int
	Confirmed int // texts marked ok, which were made from other English or were to be read again
	Same      int
	Left      int // texts whose cells are empty: they stay as they are
	Told      []Finding
	Refused   []Finding

	rows map[string][]Row
	was  map[string]bool // had a text
}

// Compare finds what the rows of a sheet would change in a language. It looks at the sheet alone; whether what comes out
// of it keeps the rules is for Plan.Hold.
func Compare(d *speech.Desk, lang string, rows []Row) *Plan {
	p := &Plan{rows: map[string][]Row{}, was: map[string]bool{}}
	known := d.Keys()
	var order []string
	for _, r := range rows {
		text := strings.TrimSpace(r.Text)
		switch {
		case r.Key == "":
			p.refuse(r, "there is a text, and no key says which one it is", "take the key from the sheet that was exported")
			continue
		case !slices.Contains(known, r.Key):
			if text != "" {
				p.refuse(r, "there is no text of this name", strings.Replace(near(r.Key, known), "take it out", "take the row out", 1))
			}
			continue
		case !isForm(r.Form):
			p.refuse(r, fmt.Sprintf("there is no form %q", r.Form), "the forms are =0, =1, zero, one, two, few, many, other; empty where there is one text only")
			continue
		}
		if i := slices.IndexFunc(p.rows[r.Key], func(o Row) bool { return o.Form == r.Form }); i >= 0 {
			p.refuse(r, fmt.Sprintf("the text stands twice, first in row %d", p.rows[r.Key][i].Number), "keep one of the two rows")
			continue
		}
		if p.rows[r.Key] == nil {
			order = append(order, r.Key)
		}
		p.rows[r.Key] = append(p.rows[r.Key], r)
	}
	for _, key := range order {
		p.text(d, lang, key)
	}
	return p
}

func near(key string, known []string) string {
	if name, ok := sheet.Near(key, known); ok {
		return "did you mean " + name + "?"
	}
	return "take it out: the program has no such text, or none any more"
}

func isForm(s string) bool {
	if exact, ok := strings.CutPrefix(s, "="); ok {
		return exact == "0" || isDigits(exact) && exact[0] != '0' && len(exact) < 6
	}
	return slices.Contains([]string{"", "zero", "one", "two", "few", "many", "other"}, s)
}

func (p *Plan) refuse(r Row, what, remedy string) {
	p.Refused = append(p.Refused, Finding{r.Number, r.Key, what, remedy})
}

// text compares one text.
func (p *Plan) text(d *speech.Desk, lang, key string) {
	english, _ := d.Text(speech.Base, key)
	have, was := d.Text(lang, key)
	p.was[key] = was
	var filled []Row
	confirmed := false
	for _, r := range p.rows[key] {
		confirmed = confirmed || strings.EqualFold(r.State, stateOK)
		if strings.TrimSpace(r.Text) != "" {
			filled = append(filled, r)
		}
	}
	if len(filled) == 0 {
		p.Left++
		return
	}
	slices.SortStableFunc(filled, func(a, b Row) int { return speech.CompareForms(a.Form, b.Form) })
	c := speech.Change{Key: key, English: english.Cases[len(english.Cases)-1].Text}
	next, ok := p.cases(d, lang, key, filled, &c)
	if !ok {
		return
	}
	c.Cases = next
	changed := c.Counts != have.Counts && was || !slices.Equal(c.Cases, have.Cases)
	pending := was && (d.Stale(lang, key) || have.Fuzzy)
	switch {
	case !changed && pending && confirmed:
		p.Confirmed++
	case !changed:
		p.Same++
		return
	case was:
		p.Changed++
	default:
		p.New++
	}
	if lang == speech.Base {
		c.English = c.Cases[len(c.Cases)-1].Text
	} else if !confirmed {
		p.stale(d, filled, &c)
	}
	p.Changes = append(p.Changes, c)
}

// cases lays the cells of a text over what the catalog has, and says false where they cannot be understood.
func (p *Plan) cases(d *speech.Desk, lang, key string, filled []Row, c *speech.Change) ([]speech.Case, bool) {
	english, _ := d.Text(speech.Base, key)
	have, _ := d.Text(lang, key)
	ok := true
	refuse := func(r Row, what, remedy string) {
		p.refuse(r, what, remedy)
		ok = false
	}
	if filled[0].Form == "" && len(filled) > 1 {
		refuse(filled[0], "the text stands in a row without a form and in rows with forms", "empty one of the two")
		return nil, false
	}
	cases := map[string]string{}
	if filled[0].Form != "" {
		c.Counts = cmp.Or(have.Counts, english.Counts)
		if c.Counts == "" && len(english.Numbers) > 0 {
			c.Counts = english.Numbers[0]
		}
		if c.Counts == "" {
			refuse(filled[0], fmt.Sprintf("the row has the form %q, and no number stands in this text", filled[0].Form), "empty the cell in the column form")
			return nil, false
		}
		for _, k := range have.Cases {
			cases[cmp.Or(k.Form, "other")] = k.Text
		}
	}
	names := slices.Concat(english.Names, english.Numbers)
	for _, r := range filled {
		from := formOf(d, speech.Base, key, r.Form)
		before := exactly(d, lang, key, r.Form)
		if before != "" && same(r.Text, before) {
			cases[r.Form] = before
			continue
		}
		if what := spoiled(r.Text, from); what != "" {
			refuse(r, what, "format the column as text, and write the words again")
			continue
		}
		text := mend(r.Text, from, names)
		if isAlso(key) && isDash(text) {
			text = "-"
		}
		cases[r.Form] = text
	}
	if !ok {
		return nil, false
	}
	if len(cases) == 1 && cases["other"] != "" && have.Counts == "" && (len(have.Cases) > 0 || p.single(d, lang)) {
		c.Counts = ""
		return []speech.Case{{Form: "", Text: cases["other"]}}, true
	}
	var out []speech.Case
	for form, text := range cases {
		out = append(out, speech.Case{Form: form, Text: text})
	}
	slices.SortFunc(out, func(a, b speech.Case) int { return speech.CompareForms(a.Form, b.Form) })
	return out, true
}

// single says that a language has one plural form only.
func (p *Plan) single(d *speech.Desk, lang string) bool {
	forms, err := d.Forms(lang)
	return err == nil && len(forms) == 1
}

func isAlso(key string) bool { return strings.HasSuffix(key, alsoSuffix) }

// isDash says that a cell holds a single dash of any length, as programs make them of a hyphen.
func isDash(s string) bool { return len([]rune(s)) == 1 && strings.Contains("-‐‑‒–—−", s) }

// stale looks whether a text was made from the English that there is.
func (p *Plan) stale(d *speech.Desk, filled []Row, c *speech.Change) {
	for _, r := range filled {
		from := formOf(d, speech.Base, c.Key, r.Form)
		if r.English == "" || sameEnglish(r.English, from) {
			continue
		}
		p.Told = append(p.Told, Finding{r.Number, c.Key, "it was translated from other English than there is: “" + clip(from) + "”",
			"it is taken, and listed as one to look at again; export the sheet anew, and write ok into the column state if it is right"})
		if r.Form == "" || r.Form == "other" {
			c.English = strings.TrimSpace(r.English)
		}
	}
}

// Lines tells of every change what was there and what is to be there, a line each.
func (p *Plan) Lines(d *speech.Desk, lang string) (out []string) {
	for _, c := range p.Changes {
		for _, k := range c.Cases {
			before := exactly(d, lang, c.Key, k.Form)
			if before == k.Text && c.Counts != "" {
				continue
			}
			name, from := c.Key, "new"
			if k.Form != "" {
				name += " (" + k.Form + ")"
			}
			if before != "" {
				from = "“" + before + "”"
			}
			f := Finding{Row: p.row(c.Key, fmt.Sprintf("the case %q", k.Form)), Key: name, What: from + " → “" + k.Text + "”"}
			out = append(out, f.String())
		}
	}
	return out
}
