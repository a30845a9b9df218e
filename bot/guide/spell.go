package guide

import (
	"cmp"
	"slices"
	"strings"

	"amana/bot/directory"
	"amana/bot/speech"
)

// spelling is a name of an area as typed names are compared with it.
type spelling struct {
	folded string
	area   string // its name in a button
	raw    string
}

// point is an area on the map.
type point struct {
	at   directory.Point
	area string
	leaf bool
}

func (g *Guide) learn() {
	areas := g.index.Areas()
	for _, a := range areas.All() {
		name := g.names[a.ID]
		for _, t := range a.Name {
			g.spell = append(g.spell, spelling{speech.Fold(t.Lang, t.Text), name, t.Text})
		}
		if a.Code != "" {
			g.spell = append(g.spell, spelling{speech.Fold("", a.Code), name, a.Code})
		}
		if a.Point != nil {
			g.near = append(g.near, point{*a.Point, name, len(areas.In(a.ID)) == 0})
		}
	}
	slices.SortStableFunc(g.spell, func(a, b spelling) int { return strings.Compare(a.folded, b.folded) })
	g.alike = map[string]bool{}
	for i := 1; i < len(g.spell); i++ {
		if a, b := g.spell[i-1], g.spell[i]; a.folded == b.folded && a.area != b.area {
			g.alike[a.area], g.alike[b.area] = true, true
		}
	}
}

// most is how many areas are given for what was typed.
const most = 6

// leastPrefix is how many letters of a name count as its beginning.
const leastPrefix = 3

// Matcher finds the one of many that was meant by a near spelling; *speech.Book does.
type Matcher interface {
	Match(lang, typed string, opts []speech.Option) (name string, how speech.How, ok bool)
}

// Spelled gives the areas that somebody may have meant, and whether they are called so in full: by their name, else by the
// beginning of it or of a word of it, else by a spelling that is near one of them. At most six.
func (g *Guide) Spelled(m Matcher, lang, typed string) (out []string, sure bool) {
	add := func(area string) {
		if !slices.Contains(out, area) && len(out) < most {
			out = append(out, area)
		}
	}
	wanted := []string{speech.Fold(lang, typed)}
	if plain := speech.Fold("", typed); plain != wanted[0] {
		wanted = append(wanted, plain)
	}
	for _, w := range wanted {
		from, _ := slices.BinarySearchFunc(g.spell, w, func(s spelling, w string) int { return strings.Compare(s.folded, w) })
		for _, s := range g.spell[from:] {
			if s.folded != w {
				break
			}
			add(s.area)
		}
	}
	if len(out) > 0 {
		return out, true
	}
	for _, w := range wanted {
		if speech.Len(w) < leastPrefix {
			continue
		}
		for _, s := range g.spell {
			if strings.HasPrefix(s.folded, w) || strings.Contains(s.folded, " "+w) {
				add(s.area)
			}
		}
	}
	if len(out) > 0 {
		return out, false
	}
	var opts []speech.Option
	for _, s := range g.spell {
		opts = append(opts, speech.Option{Name: s.area, Labels: []string{s.raw}})
	}
	if area, _, ok := m.Match(lang, typed, opts); ok {
		add(area)
	}
	return out, false
}

// reach is how far away, in kilometres, an area may be to be called near.
const reach = 60

// Mapped says whether it is known of any area where it lies, so that a point on the map can be answered.
func (g *Guide) Mapped() bool { return len(g.near) > 0 }

// Near gives the areas nearest to a point, at most three: those that hold no others, if any of them is near. Nothing of the point is kept.
func (g *Guide) Near(lat, lon float64) (out []string) {
	here := directory.Point{Lat: lat, Lon: lon}
	type away struct {
		point
		km float64
	}
	var all []away
	for _, leaves := range []bool{true, false} {
		for _, p := range g.near {
			if km := here.Km(p.at); p.leaf == leaves && km <= reach { // false for what is no number
				all = append(all, away{p, km})
			}
		}
		if len(all) > 0 {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b away) int { return cmp.Compare(a.km, b.km) })
	for _, a := range all[:min(3, len(all))] {
		out = append(out, a.area)
	}
	return out
}
