package tell

import (
	"strconv"
	"strings"
	"time"

	"amana/bot/directory"
	"amana/bot/speech"
)

// mark stands before the name, so that the eye finds where one card ends and the next begins.
const mark = "• "

// Card says a service in a few lines: what it is called, what it does, where, when, how to call, what it costs, who speaks
// there. One thing stands on a line, and a number to dial has a line and a word of its own. Org is who offers it; Where the names of the areas
// around, the largest first, which may be none.
func (t *Teller) Card(h directory.Hit, org directory.Organisation, where []string, now time.Time) string {
	s := h.Service
	lines := []string{mark + t.name(s, org)}
	add := func(parts ...string) {
		var said []string
		for _, p := range parts {
			if p != "" {
				said = append(said, p)
			}
		}
		if len(said) > 0 {
			lines = append(lines, strings.Join(said, " "))
		}
	}
	if says := t.own(s.Says); says != "" {
		add(says)
	} else {
		add(t.Kinds(s))
	}
	add(t.place(s, where))
	add(t.hours(h, now), t.own(s.Times.Note))
	phones := t.phones(s, org)
	lines = append(lines, phones...)
	if s.Asks != "" && len(phones) > 0 {
		add(t.Say("card.asks", "Who", s.Asks))
	}
	add(t.women(s))
	add(t.cost(s.Cost))
	add(t.speaks(s), t.own(s.Interprets))
	add(t.groups(s), t.ages(s), t.own(s.Eligibility))
	if bring := t.own(s.Bring); bring != "" {
		add(t.Say("card.bring", "What", bring))
	}
	if how := t.own(s.Referral); how != "" {
		add(t.Say("card.how", "How", how))
	}
	add(t.own(s.Access))
	add(t.own(s.Remarks))
	if s.Deadline != "" {
		add(t.Say("card.until", "Date", t.Date(s.Deadline)))
	}
	if h.Stale || !h.Known {
		add(t.stale(h, len(phones) > 0))
	}
	return strings.Join(lines, "\n")
}

// own gives a text of the directory in the person's language, or else as there is one, kept apart from the script around it.
func (t *Teller) own(w directory.Words) string {
	text, lang := w.In(t.lang, "en", "")
	if text == "" || lang == t.lang {
		return text
	}
	return speech.Isolate(text)
}

func (t *Teller) name(s *directory.Service, org directory.Organisation) string {
	if name := t.own(s.Name); name != "" {
		return name
	}
	if name := t.own(org.Name); name != "" {
		return name
	}
	return t.Kinds(s)
}

// place says where it is. What is hidden is said to be hidden, so that nobody looks for it.
func (t *Teller) place(s *directory.Service, where []string) string {
	if s.Place.Redacted {
		return t.Say("card.hidden")
	}
	var parts []string
	for _, w := range []directory.Words{s.Place.Name, s.Place.Address} {
		if text := t.own(w); text != "" {
			parts = append(parts, strings.TrimRight(text, ".।。۔ "))
		}
	}
	for i := len(where) - 1; i >= 0; i-- {
		parts = append(parts, where[i])
	}
	switch {
	case len(parts) == 0:
		return ""
	case !s.Place.WalkIn():
		return t.Say("card.area", "Place", strings.Join(parts, t.Say("card.between")))
	}
	return t.Say("card.where", "Place", strings.Join(parts, t.Say("card.between")))
}

// phones gives the numbers, each on a line of its own so that a phone takes it for one; those of the organisation where the
// service has none.
func (t *Teller) phones(s *directory.Service, org directory.Organisation) (lines []string) {
	all := s.Phones
	if len(all) == 0 && s.Email == "" && !s.Place.WalkIn() {
		all = org.Phones
	}
	for _, p := range all {
		number := p.Number
		if p.Ext != "" {
			number = t.Say("card.ext", "Number", p.Number, "Ext", p.Ext)
		}
		if p.Use == "fax" {
			continue
		}
		line := t.Say("card.phone", "Number", number)
		if p.Use != "" {
			line += " (" + useNames[p.Use] + ")"
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 && s.Email != "" {
		lines = append(lines, speech.Isolate(s.Email))
	}
	return lines
}

// hours says whether it is open now, and the week: whoever cannot leave now has to plan.
func (t *Teller) hours(h directory.Hit, now time.Time) string {
	week, known := t.Times(h.Times)
	if !known {
		return t.Now(h, now)
	}
	if len(week) == 1 && week[0] == t.Say("hours.always") {
		return t.Say("card.always")
	}
	return t.Now(h, now) + "\n" + strings.Join(week, "\n")
}

// useNames are called so everywhere.
var useNames = map[string]string{"whatsapp": "WhatsApp", "sms": "SMS"}

func (t *Teller) cost(c directory.Cost) string {
	said := ""
	switch c.Free {
	case directory.Yes:
		said = t.Say("card.free")
	case directory.No:
		said = t.Say("card.paid")
	}
	return strings.TrimSpace(said + " " + t.own(c.Note))
}

func (t *Teller) women(s *directory.Service) string {
	if s.Women == directory.Yes {
		return t.Say("card.women")
	}
	return ""
}

func (t *Teller) speaks(s *directory.Service) string {
	if len(s.Langs) == 0 {
		return ""
	}
	return t.Say("card.langs", "Languages", t.Languages(s.Langs))
}

// groups says for whom it is. For everybody goes without saying.
func (t *Teller) groups(s *directory.Service) string {
	if names := t.For(s.For); names != "" {
		return t.Say("card.for", "Groups", names)
	}
	return ""
}

func (t *Teller) ages(s *directory.Service) string {
	least, most := strconv.Itoa(s.MinAge), strconv.Itoa(s.MaxAge)
	switch {
	case s.MinAge > 0 && s.MaxAge > 0:
		return t.Say("card.ages", "From", least, "To", most)
	case s.MinAge > 0:
		return t.Say("card.ages.from", "From", least)
	case s.MaxAge > 0:
		return t.Say("card.ages.to", "To", most)
	}
	return ""
}

// stale says that it is better to call first, and why if the reason is the age of the record.
func (t *Teller) stale(h directory.Hit, phone bool) string {
	said := ""
	switch {
	case h.Stale && h.VerifiedOn != "":
		said = t.Say("card.stale", "Date", t.Date(h.VerifiedOn))
	case h.Stale:
		said = t.Say("card.unchecked")
	}
	if phone {
		said = strings.TrimSpace(said + " " + t.Call())
	}
	return said
}
