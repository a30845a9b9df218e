package directory

import (
	"cmp"
	"slices"
	"time"

	"amana/bot/directory/hours"
	"amana/bot/speech"
)

// Index answers look-ups from memory. It is made once from a whole directory and read by many goroutines.
type Index struct {
	areas    *Areas
	orgs     map[string]*Organisation
	byID     map[string]*entry
	kinds    map[string][]*entry // each in the order of the tree of areas
	all      []*entry            // in the same order
	timings  []timing            // the different opening hours
	langs    map[string]uint     // the number of each language
	holidays hours.Holidays
}

// entry is a service as a look-up sees it. What a search asks of each of thousands stands here, and not behind a pointer.
type entry struct {
	*Service
	area, rank     int // number in the walk of the tree, and place in the order of names
	until          Date
	timing         int    // which opening hours
	langs          uint64 // by their number in the index
	groups         uint32 // by their number in Groups
	some, women    bool   // for some groups alone; a woman can be spoken to
	visible        uint8
	minAge, maxAge uint8
	at             *vector
}

// timing is one of the different opening hours of a directory: most services share theirs with many others.
type timing struct {
	hours hours.Hours
	zone  *time.Location
}

// Options are what an index is told of the mission.
type Options struct {
	Zone     *time.Location                            // of services that name none; nil: UTC
	Load     func(name string) (*time.Location, error) // finds the zone that a service names; nil: none is found
	Holidays hours.Holidays                            // nil: none
	Kinds    *Kinds                                    // that hide their place, also where the record was taken before they did; nil: as the records say
}

// NewIndex makes an index. Services that are closed for good or for now, and those whose area is not in the tree, are
// not found in it. The directory must not be changed afterwards.
func NewIndex(d *Directory, o Options) *Index {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	x := &Index{orgs: map[string]*Organisation{}, byID: make(map[string]*entry, len(d.Services)), kinds: map[string][]*entry{}, langs: map[string]uint{}, holidays: o.Holidays}
	x.areas, _ = NewAreas(d.Areas)
	for i := range d.Organisations {
		x.orgs[d.Organisations[i].ID] = &d.Organisations[i]
	}
	known := map[[2]string]int{}
	entries := make([]entry, 0, len(d.Services))
	for i := range d.Services {
		s := d.Services[i]
		at, ok := x.areas.byID[s.Place.Area]
		if !ok || !s.Status.Works() {
			continue
		}
		if o.Kinds != nil && s.Hides(o.Kinds) {
			bare := *s
			bare.Redact(o.Kinds)
			s = &bare
		}
		name := [2]string{s.Times.Open, s.Times.Zone}
		t, seen := known[name]
		if !seen {
			t = len(x.timings)
			known[name] = t
			x.timings = append(x.timings, o.timing(s.Times))
		}
		e := entry{Service: s, area: x.areas.enter[at], until: s.Until(), timing: t, at: s.Place.Point.vector()}
		x.digest(&e)
		entries = append(entries, e)
	}
	x.order(entries)
	return x
}

// digest writes down what searches ask for.
func (x *Index) digest(e *entry) {
	for _, l := range e.Langs {
		if _, seen := x.langs[l]; !seen && len(x.langs) < 64 {
			x.langs[l] = uint(len(x.langs))
		}
		if n, ok := x.langs[l]; ok { // a directory that speaks more than 64 languages finds the first of them
			e.langs |= 1 << n
		}
	}
	for _, g := range e.For {
		if n := slices.Index(Groups, g); n >= 0 {
			e.groups |= 1 << n
		}
	}
	e.some, e.women, e.visible = len(e.For) > 0, e.Women == Yes, uint8(e.Visibility.rank())
	e.minAge, e.maxAge = uint8(min(e.MinAge, 255)), uint8(min(e.MaxAge, 255))
}

func (o Options) timing(t Times) timing {
	h, err := hours.Parse(t.Open)
	if err != nil {
		return timing{zone: o.Zone} // nothing is known, and nothing is said
	}
	if t.Zone == "" {
		return timing{h, o.Zone}
	}
	if o.Load != nil {
		if z, err := o.Load(t.Zone); err == nil {
			return timing{h, z}
		}
	}
	return timing{zone: o.Zone} // open in another zone is not open here
}

// order ranks entries by name and puts them in the order of the tree.
func (x *Index) order(entries []entry) {
	type title struct {
		folded string
		e      *entry
	}
	titles := make([]title, len(entries))
	for i := range entries {
		titles[i] = title{speech.Fold("", x.title(entries[i].Service)), &entries[i]}
	}
	slices.SortFunc(titles, func(a, b title) int { return cmp.Or(cmp.Compare(a.folded, b.folded), cmp.Compare(a.e.ID, b.e.ID)) })
	x.all = make([]*entry, len(titles))
	for i, t := range titles {
		t.e.rank = i
		x.all[i] = t.e
	}
	slices.SortStableFunc(x.all, func(a, b *entry) int { return cmp.Compare(a.area, b.area) })
	for _, e := range x.all {
		x.byID[e.ID] = e
		for _, k := range e.Kinds {
			if in := x.kinds[k]; len(in) == 0 || in[len(in)-1] != e { // a kind that a record names twice
				x.kinds[k] = append(in, e)
			}
		}
	}
}

// title is what a service is called: its name, or that of its organisation.
func (x *Index) title(s *Service) string {
	if len(s.Name) > 0 {
		return s.Name[0].Text
	}
	if o := x.orgs[s.Org]; o != nil && len(o.Name) > 0 {
		return o.Name[0].Text
	}
	return s.Org
}

// Areas gives the tree.
func (x *Index) Areas() *Areas { return x.areas }

// Len says how many services can be found.
func (x *Index) Len() int { return len(x.all) }

// Organisation gives an organisation by its id.
func (x *Index) Organisation(id string) (Organisation, bool) {
	o := x.orgs[id]
	if o == nil {
		return Organisation{}, false
	}
	return *o, true
}

// Service gives a service by its id, for somebody who may see it.
func (x *Index) Service(id string, may Visibility) (Service, bool) {
	e := x.byID[id]
	if e == nil || e.Visibility.rank() > may.rank() {
		return Service{}, false
	}
	return *e.Service, true
}
