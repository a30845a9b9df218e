package directory

import (
	"math"
	"slices"
	"sort"
	"time"
)

// Query is what somebody looks for. What is left empty does not count.
type Query struct {
	Kinds   []string // any of them
	Without []string // leave out what is of one of these kinds
	Area    string   // in it, in those within it, and what serves those around it
	Beyond  string   // leave out what was found in this area before
	For     string   // one of Groups; a service for everybody fits too
	Age     int      // in years; 0: not known
	Lang    string   // of the person: services that speak it stand before others
	Speak   string   // only services that speak this language
	Women   bool     // only where a woman can be spoken to
	Open    bool     // only what is open now
	Near    *Point   // the nearest first; never stored
	Km      float64  // only within this distance of Near; 0: any
	Fresh   bool     // leave out what is out of date, instead of putting it last
	May     Visibility
	Now     time.Time
	Skip    int // how many to pass over, for the next page
	Limit   int // at most 100; 0: ten
}

// Hit is a service that was found.
type Hit struct {
	*Service
	Stale bool      // out of date: call first
	Known bool      // whether the hours are known; the next three say nothing otherwise
	Open  bool      // now
	Until time.Time // when it closes, if it is open and closes within days
	Next  time.Time // when it opens, if it is closed; zero: not within a year
	Km    float64   // from Near; negative: not known
}

// Result is what was found.
type Result struct {
	Hits  []Hit
	Total int  // of all pages
	Gap   *Gap // nothing was found
	Wider string
}

// Gap is a search without a result, for the map of what is missing. It says nothing about who asked.
type Gap struct {
	Kinds []string
	Area  string
}

const (
	usual = 10  // hits, where nobody says how many
	most  = 100 // hits of one page
	deep  = 100 * most
)

// Find looks up. The order is: what is believed before what is out of date, services that speak the person's language, the
// nearest where Near is given, the kinds as they are asked for, open before closed, what lies in the area before what serves
// the areas around it, and then by name. A search without a result is a Gap; Wider is then the nearest area around that has
// something, if any.
func (x *Index) Find(q Query) Result {
	if q.Limit <= 0 {
		q.Limit = usual
	}
	q.Limit, q.Skip = min(q.Limit, most), min(max(q.Skip, 0), deep)
	s := search{Index: x, q: q, today: DateOf(q.Now), keep: q.Skip + q.Limit, open: make([]int8, len(x.timings))}
	s.ask()
	s.run(q.Area)
	r := Result{Total: s.total}
	for _, c := range s.best[min(q.Skip, len(s.best)):] {
		r.Hits = append(r.Hits, s.hit(c.entry))
	}
	if s.total > 0 {
		return r
	}
	r.Gap = &Gap{Kinds: slices.Clone(q.Kinds), Area: q.Area}
	for _, a := range x.areas.Around(q.Area) {
		if s.run(a.ID); s.total > 0 {
			r.Wider = a.ID
			break
		}
	}
	return r
}

// search is one look-up under way.
type search struct {
	*Index
	q      Query
	today  Date
	may    uint8
	lang   uint64 // of the person
	speak  uint64
	groups uint32
	near   *vector
	reach  float64             // along the chord
	shown  func(area int) bool // what Beyond leaves out; nil: nothing
	keep   int
	total  int
	best   []candidate
	open   []int8 // of each of the different hours: 0 not looked at yet
}

// ask writes a query down in the form of the entries.
func (s *search) ask() {
	bit := func(lang string) uint64 {
		if n, ok := s.langs[lang]; ok {
			return 1 << n
		}
		return 0
	}
	s.may, s.lang, s.speak = uint8(s.q.May.rank()), bit(s.q.Lang), bit(s.q.Speak)
	for n, g := range Groups {
		if s.q.For != "" && serves(g, s.q.For) {
			s.groups |= 1 << n
		}
	}
	if at, ok := s.areas.byID[s.q.Beyond]; ok {
		from, to := s.areas.enter[at], s.areas.leave[at]
		var around []int
		for _, a := range s.areas.Around(s.q.Beyond) {
			around = append(around, s.areas.enter[s.areas.byID[a.ID]])
		}
		s.shown = func(area int) bool { return area >= from && area < to || slices.Contains(around, area) }
	}
	if s.near = s.q.Near.vector(); s.q.Km > 0 {
		s.reach = 2 * math.Sin(min(s.q.Km/radius, math.Pi)/2)
	}
}

type candidate struct {
	key   uint64
	entry *entry
}

const (
	isUnknown int8 = iota + 1
	isOpen
	isClosed
)

// run gathers the best of an area, of those in it and of those around it.
func (s *search) run(area string) {
	s.total, s.best = 0, s.best[:0]
	lists := [][]*entry{s.all}
	if len(s.q.Kinds) > 0 {
		lists = lists[:0]
		for i, k := range s.q.Kinds {
			if !slices.Contains(s.q.Kinds[:i], k) {
				lists = append(lists, s.kinds[k])
			}
		}
	}
	for n, list := range lists {
		if area == "" {
			s.gather(list, 0, math.MaxInt, 0, n)
			continue
		}
		at, ok := s.areas.byID[area]
		if !ok {
			continue
		}
		s.gather(list, s.areas.enter[at], s.areas.leave[at], 0, n)
		for away := 1; s.areas.all[at].Parent != ""; away++ {
			at = s.areas.byID[s.areas.all[at].Parent]
			s.gather(list, s.areas.enter[at], s.areas.enter[at]+1, away, n)
		}
	}
}

// gather looks at the entries whose area is numbered from one to before another. Earlier says in how many lists before
// this one an entry may have been met already.
func (s *search) gather(list []*entry, from, to, away, earlier int) {
	begin := sort.Search(len(list), func(i int) bool { return list[i].area >= from })
	for _, e := range list[begin:] {
		if e.area >= to {
			return
		}
		if s.fits(e) && !(earlier > 0 && s.met(e, earlier)) {
			s.total++
			s.take(candidate{s.key(e, away), e})
		}
	}
}

func (s *search) met(e *entry, earlier int) bool {
	seen := 0
	for i, k := range s.q.Kinds {
		if slices.Contains(s.q.Kinds[:i], k) {
			continue
		}
		if seen == earlier {
			return false
		}
		seen++
		if slices.Contains(e.Kinds, k) {
			return true
		}
	}
	return false
}

// fits is everything but kind and area.
func (s *search) fits(e *entry) bool {
	q := &s.q
	switch {
	case e.visible > s.may,
		s.shown != nil && s.shown(e.area),
		len(q.Without) > 0 && slices.ContainsFunc(e.Kinds, func(k string) bool { return slices.Contains(q.Without, k) }),
		q.For != "" && e.some && e.groups&s.groups == 0,
		q.Age > 0 && (q.Age < int(e.minAge) || e.maxAge > 0 && q.Age > int(e.maxAge)),
		q.Speak != "" && e.langs&s.speak == 0,
		q.Women && !e.women,
		q.Fresh && e.until < s.today,
		s.near != nil && q.Km > 0 && (e.at == nil || s.near.chord(e.at) > s.reach),
		q.Open && s.state(e) != isOpen:
		return false
	}
	return true
}

// serves says whether a service for a group is for somebody: children are girls and boys, and the other way around a
// service for girls is also found by whoever looks for children.
func serves(group, who string) bool {
	young := func(g string) bool { return g == "girls" || g == "boys" }
	return group == who || group == "children" && young(who) || who == "children" && young(group)
}

// state says whether an entry is open now, looking at each of the different hours once.
func (s *search) state(e *entry) int8 {
	known := &s.open[e.timing]
	if *known == 0 {
		t := s.timings[e.timing]
		open, _ := t.hours.Open(s.q.Now.In(t.zone), s.holidays)
		switch {
		case t.hours.IsZero():
			*known = isUnknown
		case open:
			*known = isOpen
		default:
			*known = isClosed
		}
	}
	return *known
}

// key puts the order of hits into one number: the smaller, the better.
func (s *search) key(e *entry, away int) (key uint64) {
	if e.until < s.today {
		key |= 1 << 62
	}
	if s.q.Lang != "" && e.langs&s.lang == 0 {
		key |= 1 << 61
	}
	open := uint64(0)
	switch s.state(e) {
	case isClosed:
		open = 1
	case isUnknown:
		open = 2
	}
	if s.near == nil {
		// A level of the tree is soon walked; a door that is shut stays shut.
		return key | s.asked(e)<<56 | open<<40 | uint64(away)<<34 | uint64(uint32(e.rank))
	}
	distance := uint64(farthest)
	if e.at != nil {
		distance = uint64(s.near.chord(e.at) * radius * 100) // tens of metres
	}
	return key | distance<<39 | s.asked(e)<<34 | open<<32 | uint64(uint32(e.rank))
}

// mostAsked is how many kinds of a search are told apart in the order of what it finds.
const mostAsked = 31

// asked says which of the kinds of the search an entry is of, counted from 0.
func (s *search) asked(e *entry) uint64 {
	if len(s.q.Kinds) < 2 {
		return 0
	}
	for n, k := range s.q.Kinds {
		if slices.Contains(e.Kinds, k) {
			return uint64(min(n, mostAsked))
		}
	}
	return mostAsked
}

// take keeps a candidate if it is among the best so far.
func (s *search) take(c candidate) {
	if len(s.best) == s.keep && c.key >= s.best[len(s.best)-1].key {
		return
	}
	at := sort.Search(len(s.best), func(i int) bool { return s.best[i].key > c.key })
	if len(s.best) == s.keep {
		s.best = s.best[:len(s.best)-1]
	}
	s.best = slices.Insert(s.best, at, c)
}

func (s *search) hit(e *entry) Hit {
	h := Hit{Service: e.Service, Stale: e.until < s.today, Km: -1}
	t := s.timings[e.timing]
	if h.Known = !t.hours.IsZero(); h.Known {
		now := s.q.Now.In(t.zone)
		if h.Open, h.Until = t.hours.Open(now, s.holidays); !h.Open {
			h.Next, _ = t.hours.Next(now, s.holidays)
		}
	}
	if s.near != nil {
		h.Km = s.near.km(e.at)
	}
	return h
}
