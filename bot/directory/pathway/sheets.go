package pathway

import (
	"cmp"
	"fmt"
	"slices"

	"amana/bot/directory"
	"amana/bot/speech"
)

// order is how kinds of help follow each other: the body first, then somebody who listens, a safe place, children, the
// law, what life needs. A mission's own kinds come behind these, and the police last of all.
var order = []string{"cmr", "mhpss", "pfa", "case_gbv", "shelter", "case_child", "health", "hotline", "legal", "trafficking", "oversight", "justice", "reparations",
	"cash", "distribution", "registration", "livelihoods", "education", "participation", "governance", "water"}

const police = "police"

// Sheets are all pages of a directory. They are made once and written for each area and language.
type Sheets struct {
	areas    *directory.Areas
	orgs     map[string]*directory.Organisation
	services []*directory.Service
	rank     map[string]int // of a kind
}

// New takes what a wall may show out of a directory, which must not be changed afterwards.
func New(d *directory.Directory, kinds *directory.Kinds) *Sheets {
	d = d.Public()
	s := &Sheets{orgs: map[string]*directory.Organisation{}, rank: map[string]int{}}
	s.areas, _ = directory.NewAreas(d.Areas)
	for i := range d.Organisations {
		s.orgs[d.Organisations[i].ID] = &d.Organisations[i]
	}
	for _, one := range d.Services {
		if _, there := s.areas.Area(one.Place.Area); there && one.Status.Works() {
			s.services = append(s.services, one)
		}
	}
	for n, k := range kinds.All() {
		s.rank[k.Name] = len(order) + n
	}
	for n, name := range order {
		s.rank[name] = n
	}
	s.rank[police] = len(order) + len(s.rank)
	return s
}

// Areas lists the areas that have services of their own, in the order of the directory: those that a page is made for
// unless somebody asks for another.
func (s *Sheets) Areas() (list []directory.Area) {
	has := map[string]bool{}
	for _, one := range s.services {
		has[one.Place.Area] = true
	}
	for _, a := range s.areas.All() {
		if has[a.ID] {
			list = append(list, a)
		}
	}
	return list
}

// Area gives an area by its id.
func (s *Sheets) Area(id string) (directory.Area, bool) { return s.areas.Area(id) }

// Around lists the ids of an area and of those around it, the nearest first.
func (s *Sheets) Around(id string) []string {
	ids := []string{id}
	for _, a := range s.areas.Around(id) {
		ids = append(ids, a.ID)
	}
	return ids
}

// found is a service on a page.
type found struct {
	*directory.Service
	kind  string // under which it stands
	away  int    // how many areas out: 0 in the area or within it
	stale bool
	mute  bool // it does not speak the language of the page
	title string
}

// in gathers what serves an area, in the order of the page.
func (s *Sheets) in(area, lang string, today directory.Date) []found {
	around := s.Around(area)
	var all []found
	for _, one := range s.services {
		away := slices.Index(around, one.Place.Area)
		if away < 0 {
			if !slices.Contains(s.Around(one.Place.Area), area) {
				continue
			}
			away = 0
		}
		f := found{Service: one, kind: slices.MinFunc(one.Kinds, s.byRank), away: away, stale: one.Stale(today), mute: !slices.Contains(one.Langs, lang)}
		f.title, _ = s.title(one).In(lang, "en", "")
		f.title = speech.Fold(lang, f.title)
		all = append(all, f)
	}
	slices.SortStableFunc(all, func(a, b found) int {
		return cmp.Or(s.byRank(a.kind, b.kind), yes(a.stale, b.stale), yes(a.mute, b.mute), cmp.Compare(a.away, b.away), cmp.Compare(a.title, b.title), cmp.Compare(a.ID, b.ID))
	})
	return all
}

func (s *Sheets) byRank(a, b string) int { return cmp.Compare(s.rank[a], s.rank[b]) }

// yes puts what is not before what is.
func yes(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// title is what a service is called: its name, or that of its organisation.
func (s *Sheets) title(one *directory.Service) directory.Words {
	if len(one.Name) > 0 {
		return one.Name
	}
	return s.organisation(one.Org)
}

func (s *Sheets) organisation(id string) directory.Words {
	if o := s.orgs[id]; o != nil && len(o.Name) > 0 {
		return o.Name
	}
	return directory.Say("", id)
}

// errNoArea names the area that is not there.
func errNoArea(id string) error {
	return fmt.Errorf("there is no area %q in the directory; name one by the id that areas.csv gives it", id)
}
