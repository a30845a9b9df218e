package guide_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/directory"
	"amana/bot/guide"
	"amana/bot/speech"
	"amana/locales"
)

var now = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func words(pairs ...string) (w directory.Words) {
	for i := 0; i < len(pairs); i += 2 {
		w = w.Put(pairs[i], pairs[i+1])
	}
	return w
}

// camp is a small country: one district, a camp with two blocks, and a town whose id no button could carry.
func camp() *directory.Directory {
	at := func(lat, lon float64) *directory.Point { return &directory.Point{Lat: lat, Lon: lon} }
	d := &directory.Directory{
		Areas: []directory.Area{
			{ID: "XX1", Name: words("en", "Example District", "ar", "ناحية المثال")},
			{ID: "camp", Parent: "XX1", Name: words("en", "Example Camp", "ar", "مخيم المثال"), Point: at(10, 20)},
			{ID: "camp/A", Parent: "camp", Name: words("en", "Block Alif", "ar", "القسم ألف"), Point: at(10.01, 20), Code: "XX0101"},
			{ID: "camp/B", Parent: "camp", Name: words("en", "Block Baa", "ar", "القسم باء"), Point: at(10.05, 20)},
			{ID: "an id that is much too long for a button", Parent: "XX1", Name: words("en", "Town"), Point: at(10.3, 20)},
			{ID: "town 2", Parent: "XX1", Name: words("en", "Town"), Point: at(40, 40)},
		},
		Organisations: []directory.Organisation{{ID: "org", Name: words("en", "Example Help")}},
	}
	add := func(id, kind, area string, more ...func(*directory.Service)) {
		s := &directory.Service{ID: id, Org: "org", Kinds: []string{kind}, Place: directory.Place{Area: area}, Name: words("en", id), ValidUntil: "2027-01-01"}
		for _, m := range more {
			m(s)
		}
		d.Services = append(d.Services, s)
	}
	add("post", "health", "camp/A")
	add("hospital", "health", "XX1")
	add("lawyer", "legal", "camp")
	add("station", "police", "camp/A")
	add("quiet", "legal", "camp/A", func(s *directory.Service) { s.Visibility = directory.OnRequest })
	add("house", "shelter", "camp", func(s *directory.Service) { s.Visibility = directory.ReferrerOnly })
	return d
}

func newGuide(t *testing.T) *guide.Guide {
	t.Helper()
	return guide.New(directory.NewIndex(camp(), directory.Options{}), guide.Options{
		Places: []guide.Place{{"block_a", "camp/A"}, {"the_camp", "camp"}, {"gone", "nowhere"}}, Now: func() time.Time { return now },
	})
}

// Every name fits into a button, comes from the id alone, and none is taken for another.
func TestNames(t *testing.T) {
	g, again := newGuide(t), newGuide(t)
	seen := map[string]bool{}
	var walk func(area string)
	walk = func(area string) {
		for _, name := range g.Inside(area) {
			if len(name) > 24 || !strings.HasPrefix(name, guide.Prefix) || seen[name] {
				t.Errorf("the name %q", name)
			}
			seen[name] = true
			if around, ok := g.Around(name); !ok || around != area {
				t.Errorf("around %s lies %q, %v", name, around, ok)
			}
			walk(name)
		}
		if !slices.Equal(g.Inside(area), again.Inside(area)) {
			t.Error("another guide of the same directory has other names")
		}
	}
	walk("")
	if len(seen) != 6 {
		t.Errorf("walked through %v", seen)
	}
	if _, ok := g.Around("gone"); ok || g.Inside("gone") != nil || g.Inside("a-what") != nil {
		t.Error("an area that is not there is known")
	}
}

func TestNamesThatLookAlikeArePartedByNumber(t *testing.T) {
	d := &directory.Directory{}
	for _, id := range []string{"a", "A", "b c", "b  c", "ب"} {
		d.Areas = append(d.Areas, directory.Area{ID: id, Name: words("en", id)})
	}
	g := guide.New(directory.NewIndex(d, directory.Options{}), guide.Options{})
	names := g.Inside("")
	slices.Sort(names)
	if len(slices.Compact(names)) != 5 {
		t.Errorf("names %v", names)
	}
}

// The mission's own areas are known by their names, and each area of the directory lies in one of them or in none.
func TestPlaces(t *testing.T) {
	g := newGuide(t)
	block := g.Inside("the_camp")
	if len(block) != 2 || !slices.Equal(block, g.Inside(g.Inside(g.Inside("")[0])[0])) {
		t.Fatalf("inside the camp: %v", block)
	}
	for area, want := range map[string]string{block[0]: "block_a", block[1]: "the_camp", "block_a": "block_a", g.Inside("")[0]: "", "unknown": "unknown"} {
		if got := g.Outer(area); got != want {
			t.Errorf("%s lies in %q, want %q", area, got, want)
		}
	}
	if path := g.Path("ar", block[0]); !slices.Equal(path, []string{"مخيم المثال", "القسم ألف"}) {
		t.Errorf("path %v", path) // the one district that holds everything tells nobody anything
	}
	if path := g.Where("fr", "camp/B"); !slices.Equal(path, []string{"Example Camp", "Block Baa"}) {
		t.Errorf("path %v", path)
	}
}

// Two places that are called alike are told apart by what lies around them, in any language; others keep their name alone.
func TestApart(t *testing.T) {
	g := guide.New(directory.NewIndex(&directory.Directory{Areas: []directory.Area{
		{ID: "1", Name: words("en", "Camp")},
		{ID: "2", Name: words("en", "Road")},
		{ID: "1a", Parent: "1", Name: words("en", "River side", "fr", "Au fleuve")},
		{ID: "2a", Parent: "2", Name: words("en", "River side", "fr", "Côté fleuve")},
		{ID: "2b", Parent: "2", Name: words("en", "Hill")},
	}}, directory.Options{}), guide.Options{})
	var got []string
	for _, around := range g.Inside("") {
		for _, area := range append([]string{around}, g.Inside(around)...) {
			for _, lang := range []string{"en", "fr"} {
				name, ok := g.Apart(lang, area)
				got = append(got, name)
				if !ok {
					t.Errorf("%s has no name", area)
				}
			}
		}
	}
	want := []string{"Camp", "Camp", "River side · Camp", "Au fleuve · Camp", "Road", "Road", "River side · Road", "Côté fleuve · Road", "Hill", "Hill"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if _, ok := g.Apart("en", "a-none"); ok {
		t.Error("an area that is not there has a name")
	}
}

func TestSpelled(t *testing.T) {
	book, err := speech.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	g := newGuide(t)
	for _, c := range []struct {
		lang, typed, want string
		sure              bool
	}{
		{"en", "example camp", "Example Camp", true},
		{"en", "Town", "Town Town", true},
		{"ar", "مخيم المثال", "Example Camp", true},
		{"en", "مُخَيَّم المثال", "Example Camp", true}, // in another language than the one of the conversation, with vowel marks
		{"en", "xx0101", "Block Alif", true},
		{"en", "exam", "Example District Example Camp", false},
		{"en", "alif", "Block Alif", false},
		{"en", "Exampel Camp", "Example Camp", false},
		{"en", "ex", "", false},
		{"en", "nowhere at all", "", false},
		{"en", "", "", false},
	} {
		areas, sure := g.Spelled(book, c.lang, c.typed)
		var got []string
		for _, a := range areas {
			label, _ := g.Label("en", a)
			got = append(got, label)
		}
		slices.Sort(got)
		want := c.want
		if want == "Example District Example Camp" {
			want = "Example Camp Example District"
		}
		if strings.Join(got, " ") != want || sure != c.sure {
			t.Errorf("%q: %v %v, want %s %v", c.typed, got, sure, want, c.sure)
		}
	}
}

func TestNear(t *testing.T) {
	g := newGuide(t)
	label := func(areas []string) string {
		var out []string
		for _, a := range areas {
			l, _ := g.Label("en", a)
			out = append(out, l)
		}
		return strings.Join(out, ", ")
	}
	for _, c := range []struct {
		lat, lon float64
		want     string
	}{
		{10.04, 20, "Block Baa, Block Alif, Town"},
		{40.1, 40, "Town"},
		{-60, 0, ""},
	} {
		if got := label(g.Near(c.lat, c.lon)); got != c.want {
			t.Errorf("near %v,%v: %s, want %s", c.lat, c.lon, got, c.want)
		}
	}
	d := camp()
	for i := range d.Areas {
		d.Areas[i].Point = nil
	}
	bare := guide.New(directory.NewIndex(d, directory.Options{}), guide.Options{})
	if !g.Mapped() || bare.Mapped() || len(bare.Near(10.04, 20)) > 0 {
		t.Error("a directory is mapped that knows of no area where it lies, or is not that does")
	}
}

// What is shown on request only comes to whoever asks for its kind; what is for referrers never; a wider search leaves out
// what was shown; nobody is sent to a police that she has accused.
func TestFind(t *testing.T) {
	g := newGuide(t)
	found := func(q guide.Query) string {
		var ids []string
		for _, h := range g.Find(q).Hits {
			ids = append(ids, h.ID)
		}
		slices.Sort(ids)
		return strings.Join(ids, " ")
	}
	for _, c := range []struct {
		q    guide.Query
		want string
	}{
		{guide.Query{Area: "block_a"}, "hospital lawyer post station"},
		{guide.Query{Area: "block_a", NoPolice: true}, "hospital lawyer post"},
		{guide.Query{Kinds: []string{"police"}, NoPolice: true}, ""},
		{guide.Query{Area: "block_a", Kinds: []string{"legal"}}, "lawyer quiet"},
		{guide.Query{Kinds: []string{"shelter"}}, ""},
		{guide.Query{Area: "the_camp", Beyond: "block_a", Kinds: []string{"health"}}, ""},
		{guide.Query{Beyond: "the_camp"}, ""},
	} {
		if got := found(c.q); got != c.want {
			t.Errorf("%+v: %s, want %s", c.q, got, c.want)
		}
	}
	if g.Empty() {
		t.Error("the guide is empty")
	}
}
