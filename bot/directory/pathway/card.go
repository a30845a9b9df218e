package pathway

import (
	"strconv"

	"amana/bot/directory"
	"amana/bot/speech"
)

// card is a service on paper.
type card struct {
	Title, By said // By is empty where the title is the organisation
	Stale     string
	Says      said
	Woman     string
	Rows      []row
	Checked   string
}

// row is a line of a card: what it is, and what is said of it.
type row struct {
	Label  string
	Phones []phone
	Lines  []string // sentences of the catalogs
	Said   []said   // texts of the directory
}

// phone is a number with what is said of it.
type phone struct {
	Number, Use, Ext string
	Remark           said
}

// uses are the names of what a number is for, as they are written everywhere.
var uses = map[string]string{"whatsapp": "WhatsApp", "sms": "SMS", "viber": "Viber", "signal": "Signal", "telegram": "Telegram", "imo": "imo", "fax": "Fax"}

func (p *printer) card(f found) (c card) {
	s := f.Service
	if c.Title = p.said(p.title(s)); len(s.Name) > 0 {
		c.By = p.said(p.organisation(s.Org))
	}
	c.Says = p.said(s.Says)
	if f.stale {
		c.Stale = p.Say("card.unchecked")
		if len(s.Phones) > 0 {
			c.Stale += " " + p.Call()
		}
	}
	if s.Women == directory.Yes {
		c.Woman = p.Say("card.women")
	}
	add := func(label string, r row) {
		if len(r.Phones)+len(r.Lines)+len(r.Said) > 0 {
			r.Label = p.Say(label)
			c.Rows = append(c.Rows, r)
		}
	}
	add("pathway.also", row{Lines: p.also(f)})
	add("pathway.phone", row{Phones: p.phones(s.Phones)})
	add("pathway.ask", row{Said: some(said{Text: s.Asks})})
	add("pathway.email", row{Said: some(said{Text: s.Email})})
	add("pathway.web", row{Said: some(said{Text: s.Web})})
	add("pathway.place", p.place(f))
	add("pathway.hours", p.hours(f))
	add("pathway.for", row{Lines: p.whom(s), Said: some(p.said(s.Eligibility))})
	add("pathway.cost", p.cost(s))
	add("pathway.languages", p.tongues(s))
	add("pathway.interprets", row{Said: some(p.said(s.Interprets))})
	add("pathway.access", row{Said: some(p.said(s.Access))})
	add("pathway.bring", row{Said: some(p.said(s.Bring))})
	add("pathway.reach", row{Said: some(p.said(s.Referral), p.said(s.Remarks))})
	if s.Deadline != "" {
		add("pathway.deadline", row{Lines: []string{p.Date(s.Deadline)}})
	}
	if s.VerifiedOn != "" {
		c.Checked = p.Say("pathway.checked", "Date", p.Date(s.VerifiedOn))
	}
	return c
}

// some leaves out what is empty.
func some(all ...said) (out []said) {
	for _, one := range all {
		if one.Text != "" {
			out = append(out, one)
		}
	}
	return out
}

// also names what else is offered there.
func (p *printer) also(f found) []string {
	var names []string
	for _, k := range f.Kinds {
		if k != f.kind {
			names = append(names, p.Kind(k))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []string{speech.List(p.Lang(), names)}
}

func (p *printer) phones(all []directory.Phone) (list []phone) {
	for _, one := range all {
		ph := phone{Number: one.Number, Remark: said{Text: one.Remark}}
		if ph.Use = uses[one.Use]; ph.Use == "" {
			ph.Use = one.Use
		}
		if one.Ext != "" {
			ph.Ext = p.Say("pathway.extension", "Number", one.Ext)
		}
		list = append(list, ph)
	}
	return list
}

// place says where to go. What is hidden is said to be hidden, so that nobody looks for it.
func (p *printer) place(f found) (r row) {
	if f.Place.Redacted {
		return row{Lines: []string{p.Say("card.hidden")}}
	}
	if !f.Place.WalkIn() {
		return r
	}
	r.Said = some(p.said(f.Place.Name), p.said(f.Place.Address))
	if f.Place.Area != p.area {
		if a, ok := p.Area(f.Place.Area); ok {
			r.Said = append(r.Said, p.said(a.Name))
		}
	}
	return r
}

func (p *printer) hours(f found) (r row) {
	s := f.Service
	lines, known := p.Times(s.Times)
	r.Lines = lines
	if !known && !f.stale && len(s.Phones) > 0 { // of a record that is stale it is said above
		r.Lines = append(r.Lines, p.Call())
	}
	// Hours of another zone are not those of the clock on the wall here.
	if zone := s.Times.Zone; known && zone != "" && zone != p.o.Now.Location().String() {
		r.Said = append(r.Said, said{Text: "(" + zone + ")"})
	}
	r.Said = append(r.Said, some(p.said(s.Times.Note))...)
	return r
}

func (p *printer) whom(s *directory.Service) (lines []string) {
	if groups := p.For(s.For); groups != "" {
		lines = append(lines, groups)
	}
	from, to := strconv.Itoa(s.MinAge), strconv.Itoa(s.MaxAge)
	switch {
	case s.MinAge > 0 && s.MaxAge > 0:
		lines = append(lines, p.Say("card.ages", "From", from, "To", to))
	case s.MinAge > 0:
		lines = append(lines, p.Say("card.ages.from", "From", from))
	case s.MaxAge > 0:
		lines = append(lines, p.Say("card.ages.to", "To", to))
	}
	return lines
}

func (p *printer) cost(s *directory.Service) (r row) {
	switch s.Cost.Free {
	case directory.Yes:
		r.Lines = []string{p.Say("card.free")}
	case directory.No:
		r.Lines = []string{p.Say("card.paid")}
	}
	r.Said = some(p.said(s.Cost.Note))
	return r
}

func (p *printer) tongues(s *directory.Service) (r row) {
	if len(s.Langs) > 0 {
		r.Lines = []string{p.Languages(s.Langs)}
	}
	return r
}
