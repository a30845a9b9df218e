package intake

import (
	"fmt"
	"strings"

	"amana/bot/directory"
	"amana/bot/directory/hours"
)

// serviceRow reads one service.
func (r *Reader) serviceRow(w *row) {
	s := directory.Service{ID: w.value("id"), Source: w.sourced()}
	s.Org = w.organisation()
	s.Kinds = w.kinds()
	s.Place.Area = w.area()
	s.Name, s.Says = w.words("name"), w.words("says")
	s.Place.Name, s.Place.Address = w.words("place"), w.words("address")
	s.Place.Point = w.point()
	s.Phones = w.phones()
	s.Email, s.Web, s.Asks = w.email(), w.value("web"), w.value("asks")
	s.Times = w.times()
	s.Langs, s.Interprets = w.languages(), w.words("interprets")
	s.For = w.groups()
	s.MinAge, s.MaxAge = w.age("min_age"), w.age("max_age")
	s.Eligibility, s.Access, s.Bring, s.Referral, s.Remarks = w.words("eligibility"), w.words("access"), w.words("bring"), w.words("referral"), w.words("remarks")
	s.Cost = w.cost()
	s.Women = w.answer("women")
	s.Deadline, s.VerifiedOn, s.ValidUntil = w.date("deadline"), w.date("verified_on"), w.date("valid_until")
	s.VerifiedBy = w.value("verified_by")
	s.Status, s.Visibility = w.status(), w.visibility()
	s.Place.Redacted = w.confidential()
	w.exact(&s)
	w.person()
	for i, c := range w.head.columns {
		if text := cell(w.cells, c.at); c.field == "" && text != "" {
			w.keep(i, text)
		}
	}
	s.Extra = append(w.extra, w.others()...)
	r.take(&s, w.say, w.columnFor, w.value("kind")+" "+first(s.Name)+" "+first(s.Place.Name), w.source(), w.bad)
}

// take checks a record and puts it into the directory, or says why not. Texts are where a hidden kind may be named
// without being the kind of the record.
func (r *Reader) take(s *directory.Service, say func(directory.Level, int, string, string), column func(string) int, texts, where string, bad bool) {
	if s.VerifiedOn == "" && r.o.Verified != "" {
		s.VerifiedOn = r.o.Verified
		if s.VerifiedBy == "" {
			s.VerifiedBy = r.o.By
		}
	}
	if r.o.Kinds.Hides(texts) {
		s.Place.Redacted = true
	}
	settle(s)
	place := s.Place
	for _, t := range s.Redact(r.o.Kinds) {
		if t.Why != "" {
			say(directory.Warning, column(t.Column), "a shelter might be found by what stands here, so it is not kept: "+t.Why, "write it so that it leads nowhere")
			continue
		}
		r.hidden.hide(place)
		say(directory.Warning, column("address"), "the place of a shelter, or one that is confidential, is not kept: only its area and how to reach it", "take it out of the sheet as well, if others see that")
	}
	if s.ID == "" { // behind the redaction: an id made of the name of a hidden place could be tried against names
		s.ID = "r" + mark(s.Org, strings.Join(s.Kinds, " "), s.Place.Area, first(s.Name), first(s.Place.Name))
	}
	for _, f := range s.Check(r.o.Kinds, r.areas.has, func(org string) bool { _, ok := r.orgs[org]; return ok }) {
		say(f.Level, column(f.Column), f.What, f.Remedy)
		bad = bad || f.Level == directory.Refused
	}
	if s.Until() == "" && !bad {
		say(directory.Warning, column("verified_on"), "nobody says when it was checked: it will stand last, with “call first”", "fill in the day of the check, or vouch for the whole file with -verified DATE -by NAME")
	}
	if at, twice := r.services[s.ID]; twice && !bad {
		say(directory.Refused, column("id"), "it is the same service as in "+at, "put both into one row, or tell them apart by a name or an id")
		bad = true
	}
	if bad {
		r.refused++
		return
	}
	r.services[s.ID] = where
	r.out.Services = append(r.out.Services, s)
}

func first(w directory.Words) string {
	text, _ := w.In("en", "")
	return text
}

// organisation finds or makes the organisation of a row.
func (w *row) organisation() string {
	name, id := w.words("organisation"), w.value("organisation_id")
	if id == "" {
		if len(name) == 0 {
			return ""
		}
		if id = named(name[0].Text); id == "" {
			return ""
		}
	}
	at, known := w.orgs[id]
	if !known {
		if len(name) == 0 {
			name = directory.Say("", id)
		}
		at = len(w.out.Organisations)
		w.orgs[id] = at
		w.out.Organisations = append(w.out.Organisations, directory.Organisation{ID: id, Name: name, Source: w.source()})
	}
	org := &w.out.Organisations[at]
	for _, t := range name { // another row may name it in another language
		if _, lang := org.Name.In(t.Lang); lang != t.Lang {
			org.Name = org.Name.Put(t.Lang, t.Text)
		}
	}
	if org.Alternate == "" {
		org.Alternate = w.value("acronym")
	}
	return id
}

// kinds reads the kinds of a row. Several may stand in one cell, and in several columns: the finer one counts.
func (w *row) kinds() (kinds []string) {
	unknown := ""
	for i, c := range w.head.columns {
		text := cell(w.cells, c.at)
		if c.field != "kind" || text == "" {
			continue
		}
		got, left := w.kindsOf(text)
		for _, k := range got {
			kinds = appendNew(kinds, k)
		}
		switch {
		case len(left) > 0 && len(got) == 0:
			unknown = text
		case len(left) > 0:
			w.keep(i, text)
			w.say(directory.Warning, i, fmt.Sprintf("the kind of service %q is not known", strings.Join(left, ", ")), "say in a mapping file which kind it is, or write a known one")
		}
	}
	if len(kinds) == 0 && unknown != "" {
		return []string{unknown} // the check says that it is not known
	}
	return kinds
}

func (w *row) kindsOf(text string) (kinds, left []string) {
	read := func(s string) (string, bool) {
		if k, ok := w.o.Mapping.kind(s); ok {
			return k, true
		}
		return w.o.Kinds.Read(s)
	}
	if names, ok := w.kindNames(text); ok {
		return names, nil
	}
	if k, ok := read(text); ok {
		return []string{k}, nil
	}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(";,\n|،؛+", r) }) {
		part = strings.TrimSpace(part)
		if k, ok := read(part); ok || part == "" {
			kinds = appendNew(kinds, k)
			continue
		}
		for piece := range strings.FieldsFuncSeq(part, func(r rune) bool { return r == '/' || r == '&' }) {
			if k, ok := read(piece); ok {
				kinds = appendNew(kinds, k)
			} else if piece = strings.TrimSpace(piece); piece != "" {
				left = append(left, piece)
			}
		}
	}
	return kinds, left
}

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	if s == "" {
		return list
	}
	return append(list, s)
}

// phones reads all columns with numbers.
func (w *row) phones() (phones []directory.Phone) {
	for i, c := range w.head.columns {
		text := cell(w.cells, c.at)
		if text == "" || c.field != "phone" && c.field != "whatsapp" {
			continue
		}
		got, bad := directory.Phones(text)
		if c.nth > 0 && len(got) > 0 {
			w.beside(&got[0], c.nth)
		}
		for _, p := range got {
			if c.field == "whatsapp" {
				p.Use = "whatsapp"
			}
			phones = append(phones, p)
		}
		if len(bad) > 0 || len(got) == 0 {
			w.keep(i, text)
			w.say(directory.Warning, i, "it holds something that is no telephone number", "write numbers as they are dialled, parted by a slash")
		}
	}
	return phones
}

// times reads the opening hours and keeps what they say word for word.
func (w *row) times() (t directory.Times) {
	t.Note, t.Zone = w.words("hours_note"), w.value("zone")
	i := w.of("hours")
	if t.Said = w.value("hours"); w.of("open") >= 0 && w.value("open") != "" {
		t.Open = w.open()
		return t
	}
	if t.Said == "" {
		return t
	}
	h, err := hours.Read(t.Said)
	if h.Note != "" {
		t.Note = t.Note.Put(w.head.columns[i].lang, strings.TrimSpace(strings.Join([]string{first(t.Note), h.Note}, " ")))
	}
	if err != nil {
		w.say(directory.Warning, i, err.Error(), "until then nobody is told whether it is open")
		return t
	}
	for _, a := range h.Assumed {
		w.say(directory.Note, i, a, "")
	}
	t.Open = h.Hours.String()
	return t
}

// person leaves out the names of people, and says so once for a table.
func (w *row) person() {
	i := w.of("person")
	if i < 0 || w.value("person") == "" || w.head.columns[i].code {
		return
	}
	w.head.columns[i].code = true // told
	w.say(directory.Warning, i, "names of people are not kept: whoever reads a card needs no name, and people change", "write a role, such as “nurse on duty”, into a column named Role")
}
