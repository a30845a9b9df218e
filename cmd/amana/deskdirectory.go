package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	webdesk "amana/bot/desk"
	"amana/bot/directory"
	"amana/bot/directory/tell"
	"amana/bot/guide"
	"amana/bot/speech"
	"amana/bot/store"
)

// deskServices is the service directory as people of the roster work with it at the desk.
type deskServices struct{ *house }

// Find lists what fits, what is out of date first, and then by name.
func (d deskServices) Find(ctx context.Context, lang string, q webdesk.ServiceQuery) (page webdesk.ServicePage, err error) {
	l := d.look(lang)
	type match struct {
		*directory.Service
		title string
		stale bool
	}
	var found []match
	within := l.within(q.Area)
	name := speech.Fold("", q.Name)
	for _, s := range l.records.Services {
		if within != nil && !within[s.Place.Area] || q.Kind != "" && !slices.Contains(s.Kinds, q.Kind) || !l.called(s, name) {
			continue
		}
		m := match{s, "", s.Stale(l.today)}
		if m.stale {
			page.Stale++
		} else if q.Stale {
			continue
		}
		m.title = speech.Fold("", l.title(s))
		found = append(found, m)
	}
	slices.SortFunc(found, func(a, b match) int {
		if a.stale != b.stale {
			if a.stale {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.title, b.title), cmp.Compare(a.ID, b.ID))
	})
	page.Total = len(found)
	page.Services = []webdesk.Service{}
	from := min(q.Page*webdesk.ServicesPerPage, len(found))
	for _, m := range found[from:min(from+webdesk.ServicesPerPage, len(found))] {
		page.Services = append(page.Services, l.service(m.Service))
	}
	page.Areas, page.Kinds = l.areas(), l.choices()
	if l.Err() != nil {
		return page, l.Err()
	}
	return page, ctx.Err()
}

// looking is one look into the directory, in one language.
type looking struct {
	*tell.Teller
	house   *house
	guide   *guide.Guide
	records *directory.Directory
	kinds   *directory.Kinds
	today   directory.Date
}

func (d deskServices) look(lang string) *looking {
	l := &looking{Teller: tell.New(kindWords{d.book, d.profile}, lang), house: d.house, guide: d.guideNow(), records: d.records.Load()}
	if l.records == nil { // it could not be read, and people see none either
		l.records = &directory.Directory{}
	}
	l.kinds = d.profile.indexed(d.config.zone()).Kinds
	l.today = d.today()
	return l
}

// today is the day of the mission's calendar.
func (h *house) today() directory.Date { return directory.DateOf(h.now().In(h.config.zone())) }

// within gives the areas that lie in one, with it; nil for everywhere.
func (l *looking) within(area string) map[string]bool {
	if area == "" {
		return nil
	}
	in := map[string]bool{area: true}
	for grew := true; grew; { // parents may stand behind what lies in them
		grew = false
		for _, a := range l.records.Areas {
			if in[a.Parent] && !in[a.ID] {
				in[a.ID], grew = true, true
			}
		}
	}
	return in
}

// called says whether a service, or who offers it, has these words in its name.
func (l *looking) called(s *directory.Service, folded string) bool {
	if folded == "" {
		return true
	}
	has := func(w directory.Words) bool {
		return slices.ContainsFunc(w, func(t directory.Text) bool { return strings.Contains(speech.Fold("", t.Text), folded) })
	}
	if has(s.Name) {
		return true
	}
	org, _ := l.guide.Organisation(s.Org)
	return has(org.Name) || strings.Contains(speech.Fold("", org.Alternate), folded)
}

// in gives a text of a record in the language of whoever looks, or else as there is one.
func (l *looking) in(w directory.Words) string {
	text, _ := w.In(l.Lang(), "en", "")
	return text
}

func (l *looking) org(id string) string {
	org, _ := l.guide.Organisation(id)
	return cmp.Or(l.in(org.Name), id)
}

func (l *looking) title(s *directory.Service) string { return cmp.Or(l.in(s.Name), l.org(s.Org)) }

// service says one record. The place of a shelter is taken out once more: a mission may hide a kind of which records are in
// force.
func (l *looking) service(s *directory.Service) webdesk.Service {
	if s.Hides(l.kinds) {
		bare := *s
		bare.Redact(l.kinds)
		s = &bare
	}
	out := webdesk.Service{
		ID: s.ID, Name: l.title(s), Org: l.org(s.Org), Area: l.guide.Where(l.Lang(), s.Place.Area), Hidden: s.Place.Redacted,
		Visibility: cmp.Or(string(s.Visibility), string(directory.Public)), Phones: []webdesk.ServicePhone{}, Email: s.Email, Says: l.in(s.Says),
		Status: s.Typed(directory.FieldStatus, ""), Verified: string(s.VerifiedOn), VerifiedBy: s.VerifiedBy, Stale: s.Stale(l.today), Typed: map[string]string{},
	}
	for _, k := range s.Kinds {
		out.Kinds = append(out.Kinds, l.Kind(k))
	}
	var place []string
	for _, w := range []directory.Words{s.Place.Name, s.Place.Address} {
		if text := l.in(w); text != "" {
			place = append(place, text)
		}
	}
	out.Place = strings.Join(place, " · ")
	for _, p := range s.Phones {
		out.Phones = append(out.Phones, webdesk.ServicePhone{Number: p.Number, Ext: p.Ext, Use: p.Use})
	}
	out.Hours, _ = l.Times(s.Times)
	for _, field := range directory.Corrected() {
		out.Typed[field] = s.Typed(field, l.Lang())
	}
	return out
}

// areas are those of the mission's own short list that the directory has, or else the outermost ones and what lies directly
// in them.
func (l *looking) areas() (out []webdesk.ServiceChoice) {
	tree, _ := directory.NewAreas(l.records.Areas)
	bound := l.house.profile.bind(tree)
	for _, i := range l.house.profile.Areas {
		if id, ok := bound.place(i.Name); ok {
			name, _ := l.house.profile.label(l.Lang(), "areas", i.Name)
			out = append(out, webdesk.ServiceChoice{ID: id, Name: cmp.Or(name, i.Name)})
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, a := range tree.In("") {
		for _, a := range append([]directory.Area{a}, tree.In(a.ID)...) {
			out = append(out, webdesk.ServiceChoice{ID: a.ID, Name: cmp.Or(l.in(a.Name), a.ID)})
		}
	}
	return out[:min(len(out), mostAreas)]
}

// mostAreas is how many areas a page offers to look in.
const mostAreas = 200

// choices are the kinds of which there is a service.
func (l *looking) choices() (out []webdesk.ServiceChoice) {
	there := map[string]bool{}
	for _, s := range l.records.Services {
		for _, k := range s.Kinds {
			there[k] = true
		}
	}
	for _, name := range l.house.profile.kindNames() {
		if there[name] {
			out = append(out, webdesk.ServiceChoice{ID: name, Name: l.Kind(name)})
		}
	}
	return out
}

// deskGaps gives what people looked for this month and did not find, as people read it.
func (h *house) deskGaps(ctx context.Context, lang string) (out []webdesk.Gap, err error) {
	var gaps []store.Gap
	if err := h.store.View(ctx, func(r *store.Read) (err error) {
		gaps, err = r.Gaps(h.now())
		return err
	}); err != nil {
		return nil, err
	}
	for _, g := range gaps {
		var kinds []string
		for k := range strings.FieldsSeq(g.Kinds) {
			label, ok := h.label(lang, kindList, k)
			if !ok {
				label = k
			}
			kinds = append(kinds, label)
		}
		area, ok := h.profile.label(lang, "areas", g.Area)
		if !ok {
			area = g.Area
		}
		out = append(out, webdesk.Gap{Kind: speech.List(lang, kinds), Area: area, Times: g.Times})
	}
	return out, nil
}
