package directory_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/directory"
)

func ids(r directory.Result) string {
	var out []string
	for _, h := range r.Hits {
		out = append(out, h.ID)
	}
	return strings.Join(out, " ")
}

// What is found, in which order.
func TestFind(t *testing.T) {
	d := &directory.Directory{Areas: tree(), Organisations: []directory.Organisation{relief()}}
	add := func(id, kind, area string, change func(*directory.Service)) {
		s := service(id, kind, area)
		if change != nil {
			change(&s)
		}
		d.Services = append(d.Services, &s)
	}
	add("wide", "legal", "country", nil)
	add("here", "legal", "camp_a", func(s *directory.Service) { s.Langs = []string{"en"} })
	add("block", "legal", "block_1", func(s *directory.Service) { s.Langs, s.Times.Open = []string{"ar", "en"}, "Mo-Fr 08:00-16:00" })
	add("shut", "legal", "camp_a", func(s *directory.Service) { s.Langs, s.Times.Open = []string{"ar"}, "Su-Th 09:00-16:00" })
	add("old", "legal", "camp_a", func(s *directory.Service) {
		s.VerifiedOn, s.Langs, s.Times.Open = "2026-01-01", []string{"ar"}, "24/7"
	})
	add("girls", "legal", "camp_a", func(s *directory.Service) { s.For, s.MaxAge = []string{"girls"}, 17 })
	add("woman", "legal", "state_b", func(s *directory.Service) {
		s.Women = directory.Yes
		s.Place.Point = &directory.Point{Lat: 10, Lon: 10}
	})
	add("asked", "legal", "camp_a", func(s *directory.Service) { s.Visibility = directory.OnRequest })
	add("secret", "shelter", "camp_a", func(s *directory.Service) { s.Visibility = directory.ReferrerOnly })
	add("gone", "legal", "camp_a", func(s *directory.Service) { s.Status = directory.Paused })
	add("clinic", "health", "state_b", func(s *directory.Service) { s.Place.Point = &directory.Point{Lat: 10.1, Lon: 10} })
	add("both", "health", "camp_b", func(s *directory.Service) { s.Kinds = []string{"health", "cmr", "health"} })
	x := directory.NewIndex(d, directory.Options{})
	for _, c := range []struct {
		name string
		q    directory.Query
		want string
	}{
		{"in, within and around", directory.Query{Kinds: []string{"legal"}, Area: "camp_a"}, "block shut girls here wide old"},
		{"not beside", directory.Query{Kinds: []string{"legal"}, Area: "camp_b"}, "wide"},
		{"the language first", directory.Query{Kinds: []string{"legal"}, Area: "camp_a", Lang: "ar"}, "block shut girls here wide old"},
		{"only the language", directory.Query{Kinds: []string{"legal"}, Area: "camp_a", Speak: "ar"}, "block shut old"},
		{"open now", directory.Query{Kinds: []string{"legal"}, Area: "camp_a", Open: true}, "block old"},
		{"fresh only", directory.Query{Kinds: []string{"legal"}, Area: "camp_a", Fresh: true}, "block shut girls here wide"},
		{"for men", directory.Query{Kinds: []string{"legal"}, Area: "camp_a", For: "men"}, "block shut here wide old"},
		{"for children", directory.Query{Kinds: []string{"legal"}, Area: "camp_a", For: "children", Age: 12}, "block shut girls here wide old"},
		{"of age", directory.Query{Kinds: []string{"legal"}, Area: "camp_a", Age: 30}, "block shut here wide old"},
		{"a woman", directory.Query{Kinds: []string{"legal"}, Women: true}, "woman"},
		{"near", directory.Query{Kinds: []string{"legal", "health"}, Near: &directory.Point{Lat: 10.05, Lon: 10}, Km: 20}, "woman clinic"},
		{"on request", directory.Query{Kinds: []string{"legal"}, Area: "camp_a", May: directory.OnRequest, For: "men"}, "block shut asked here wide old"},
		{"a referrer", directory.Query{Kinds: []string{"shelter"}, Area: "camp_a", May: directory.ReferrerOnly}, "secret"},
		{"anything", directory.Query{Area: "camp_b"}, "both wide"},
		{"the kinds as they are asked for", directory.Query{Kinds: []string{"health", "legal"}, Area: "state_b"}, "clinic woman wide"},
		{"and the other way around", directory.Query{Kinds: []string{"legal", "health"}, Area: "state_b"}, "woman wide clinic"},
		{"two kinds, once", directory.Query{Kinds: []string{"cmr", "health", "cmr"}, Area: "state_a"}, "both"},
		{"the second page", directory.Query{Kinds: []string{"legal"}, Area: "camp_a", Skip: 2, Limit: 2}, "girls here"},
		{"behind the last page", directory.Query{Kinds: []string{"legal"}, Area: "camp_a", Skip: 60}, ""},
	} {
		c.q.Now = friday
		r := x.Find(c.q)
		if ids(r) != c.want {
			t.Errorf("%s: %q, want %q", c.name, ids(r), c.want)
		}
		if (r.Gap != nil) != (r.Total == 0) {
			t.Errorf("%s: gap %v with %d", c.name, r.Gap, r.Total)
		}
	}
	r := x.Find(directory.Query{Kinds: []string{"legal"}, Area: "camp_a", Now: friday})
	if h := r.Hits[0]; !h.Known || !h.Open || h.Until.Hour() != 16 || h.Stale {
		t.Errorf("%+v", h)
	}
	near := x.Find(directory.Query{Kinds: []string{"health"}, Near: &directory.Point{Lat: 10, Lon: 10}, Now: friday})
	if km := near.Hits[0].Km; km < 11.0 || km > 11.3 || near.Hits[1].Km != -1 { // a tenth of a degree of latitude
		t.Errorf("%v km", km)
	}
	if h := r.Hits[1]; h.Open || h.Next.Format(time.DateTime) != "2026-11-22 09:00:00" {
		t.Errorf("%+v", h)
	}
	if h := r.Hits[len(r.Hits)-1]; !h.Stale || r.Total != 6 {
		t.Errorf("%+v of %d", h, r.Total)
	}
	r = x.Find(directory.Query{Kinds: []string{"shelter"}, Area: "camp_a", Now: friday})
	if r.Gap == nil || r.Gap.Area != "camp_a" || !slices.Equal(r.Gap.Kinds, []string{"shelter"}) || r.Wider != "" {
		t.Errorf("a hidden shelter is no gap: %+v", r)
	}
	r = x.Find(directory.Query{Kinds: []string{"health"}, Area: "camp_a", Now: friday})
	if len(r.Hits) != 0 || r.Gap == nil || r.Wider != "state_a" {
		t.Errorf("nothing is wider: %+v", r)
	}
	if _, found := x.Service("secret", directory.Public); found {
		t.Error("a record for referrers is shown by its id")
	}
	if s, found := x.Service("secret", directory.ReferrerOnly); !found || s.ID != "secret" {
		t.Error("a referrer does not see it")
	}
}

// made is a large invented directory of one form for tests and measurements.
func made(n int, seed uint64) *directory.Directory {
	r := rand.New(rand.NewPCG(seed, 1))
	d := &directory.Directory{Organisations: []directory.Organisation{relief()}}
	d.Areas = append(d.Areas, directory.Area{ID: "c", Name: directory.Say("en", "Country EXAMPLE")})
	for s := range 10 {
		state := fmt.Sprintf("s%d", s)
		d.Areas = append(d.Areas, directory.Area{ID: state, Parent: "c", Name: directory.Say("en", state)})
		for c := range 30 {
			d.Areas = append(d.Areas, directory.Area{ID: fmt.Sprintf("%s_%d", state, c), Parent: state, Name: directory.Say("en", state)})
		}
	}
	list := directory.Standard()
	times := []string{"", "24/7", "Su-Th 09:00-16:00", "Mo-Fr 08:00-12:00,13:00-16:00; PH off", "Sa 10:00-12:00"}
	langs := [][]string{nil, {"en"}, {"ar"}, {"ar", "en"}, {"bn"}}
	groups := [][]string{nil, nil, {"women", "girls"}, {"children"}, {"men"}}
	for i := range n {
		s := service(fmt.Sprintf("id%d", i), list[r.IntN(len(list))].Name, d.Areas[r.IntN(len(d.Areas))].ID)
		s.Times.Open, s.Langs, s.For = times[r.IntN(5)], langs[r.IntN(5)], groups[r.IntN(5)]
		s.Women = []directory.Answer{"", directory.Yes, directory.No}[r.IntN(3)]
		s.VerifiedOn = []directory.Date{"2026-11-01", "2026-01-01", "2026-10-10"}[r.IntN(3)]
		s.Visibility = []directory.Visibility{"", "", directory.OnRequest, directory.ReferrerOnly}[r.IntN(4)]
		if r.IntN(2) == 0 {
			s.Place.Point = &directory.Point{Lat: r.Float64()*10 + 5, Lon: r.Float64()*10 + 5}
		}
		d.Services = append(d.Services, &s)
	}
	return d
}

func query(r *rand.Rand, d *directory.Directory) directory.Query {
	list := directory.Standard()
	q := directory.Query{Area: d.Areas[r.IntN(len(d.Areas))].ID, Now: friday.Add(time.Duration(r.IntN(200)) * time.Hour), Limit: 5}
	for range r.IntN(3) {
		q.Kinds = append(q.Kinds, list[r.IntN(len(list))].Name)
	}
	q.Lang = []string{"", "ar", "bn"}[r.IntN(3)]
	q.For = []string{"", "women", "children", "men"}[r.IntN(4)]
	q.Open, q.Women, q.Fresh = r.IntN(3) == 0, r.IntN(4) == 0, r.IntN(4) == 0
	q.May = []directory.Visibility{"", directory.OnRequest, directory.ReferrerOnly}[r.IntN(3)]
	if r.IntN(3) == 0 {
		q.Near = &directory.Point{Lat: 10, Lon: 10}
		q.Km = float64(r.IntN(2) * 200)
	}
	return q
}

// The pages of a look-up are one order, with each service once, and none that a plain walk over all would not take.
func TestFindAgainstAPlainWalk(t *testing.T) {
	d := made(1000, 7)
	x := directory.NewIndex(d, directory.Options{})
	single := map[string]*directory.Index{}
	for _, s := range d.Services {
		single[s.ID] = directory.NewIndex(&directory.Directory{Areas: d.Areas, Services: []*directory.Service{s}}, directory.Options{})
	}
	r := rand.New(rand.NewPCG(9, 9))
	for range 150 {
		q := query(r, d)
		want := map[string]bool{}
		around := map[string]bool{q.Area: true}
		for _, a := range x.Areas().Around(q.Area) {
			around[a.ID] = true
		}
		for _, s := range d.Services {
			within := around[s.Place.Area]
			for _, a := range x.Areas().Around(s.Place.Area) {
				within = within || a.ID == q.Area
			}
			if !within || len(q.Kinds) > 0 && !slices.ContainsFunc(q.Kinds, func(k string) bool { return slices.Contains(s.Kinds, k) }) {
				continue
			}
			alone := q
			alone.Area, alone.Kinds = "", nil
			if single[s.ID].Find(alone).Total == 1 {
				want[s.ID] = true
			}
		}
		var before directory.Hit
		total := x.Find(q).Total
		for n := 0; n < total; n++ {
			q.Skip = n
			page := x.Find(q)
			if page.Total != total || len(page.Hits) != min(q.Limit, total-n) {
				t.Fatalf("%+v: %d of %d at %d", q, len(page.Hits), page.Total, n)
			}
			h := page.Hits[0]
			if !want[h.ID] {
				t.Fatalf("%+v finds %s, or finds it twice", q, h.ID)
			}
			delete(want, h.ID)
			if n > 0 && before.Stale && !h.Stale {
				t.Fatalf("%+v: stale before fresh", q)
			}
			before = h
		}
		if len(want) > 0 {
			t.Fatalf("%+v does not find %v", q, want)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	d := made(50_000, 7)
	x := directory.NewIndex(d, directory.Options{})
	r := rand.New(rand.NewPCG(9, 9))
	queries := make([]directory.Query, 500)
	for i := range queries {
		queries[i] = query(r, d)
	}
	for i := 0; b.Loop(); i++ {
		x.Find(queries[i%len(queries)])
	}
}

// A kind that hides its place hides it in every look-up, also of a record that was taken before it did; the record of the
// directory stays as it is.
func TestFindHides(t *testing.T) {
	s := service("x", "seeds", "camp_a")
	s.Place.Name, s.Remarks, s.Extra = directory.Say("", "Marked house"), directory.Say("", "Behind the marked well"), []directory.Pair{{Name: "gate", Value: "marked"}}
	d := &directory.Directory{Areas: tree(), Services: []*directory.Service{&s}}
	for hidden, want := range map[bool]bool{false: true, true: false} {
		x := directory.NewIndex(d, directory.Options{Kinds: kinds(t, directory.Kind{Name: "seeds", Title: "seeds and tools", Hidden: hidden})})
		r := x.Find(directory.Query{Kinds: []string{"seeds"}})
		one, ok := x.Service("x", directory.Public)
		if len(r.Hits) != 1 || !ok {
			t.Fatalf("%+v", r)
		}
		for _, text := range []string{fmt.Sprintf("%+v", *r.Hits[0].Service), fmt.Sprintf("%+v", one)} {
			if strings.Contains(strings.ToLower(text), "marked") != want {
				t.Errorf("hidden %v: %s", hidden, text)
			}
		}
	}
	if len(s.Place.Name) != 1 || len(s.Remarks) != 1 || len(s.Extra) != 1 {
		t.Errorf("the directory was changed: %+v", s)
	}
}
