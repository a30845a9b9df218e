package guide

import (
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"amana/bot/directory"
)

// Place is an area of the mission's own short list, and the one of the directory that it stands for.
type Place struct {
	Name string
	Area string // id in the directory
}

// Options are what a guide is told of the mission.
type Options struct {
	Places []Place
	Now    func() time.Time
}

// Guide answers for one directory. It never changes and may be asked by many at once.
type Guide struct {
	index *directory.Index
	now   func() time.Time
	ids   map[string]string // id of an area by its name in a button, and by its name in the mission's list
	names map[string]string // name in a button by id
	outer map[string]string // name in the mission's list by id
	spell []spelling
	alike map[string]bool // names in buttons of areas that are called as another is
	near  []point
}

// Prefix stands before the name of every area, so that none can be taken for anything else that a button says.
const Prefix = "a-"

// longest is how many characters a name in a button may have.
const longest = 24

// New makes the guide of a directory.
func New(index *directory.Index, o Options) *Guide {
	g := &Guide{index: index, now: o.Now, ids: map[string]string{}, names: map[string]string{}, outer: map[string]string{}}
	for _, a := range index.Areas().All() {
		name := short(a.ID)
		for n := 2; g.ids[name] != ""; n++ {
			name = short(a.ID + " " + strconv.Itoa(n))
		}
		g.ids[name], g.names[a.ID] = a.ID, name
	}
	for _, p := range o.Places {
		if _, ok := g.names[p.Area]; ok {
			g.ids[p.Name], g.outer[p.Area] = p.Area, p.Name
		}
	}
	g.learn()
	return g
}

// short makes a name for a button out of an id: the id itself where it is plain and short, or else a sum of it.
func short(id string) string {
	if len(id) <= longest-len(Prefix) && strings.Trim(id, "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" && id != "" {
		return Prefix + id
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	return Prefix + "-" + strconv.FormatUint(h.Sum64(), 36)
}

// Empty says that there is no service to be found at all.
func (g *Guide) Empty() bool { return g.index.Len() == 0 }

// Inside gives the areas directly within one, by their names, in the order of the directory; those that hold everything
// else for an empty name.
func (g *Guide) Inside(area string) (out []string) {
	id := g.ids[area]
	if area != "" && id == "" {
		return nil
	}
	for _, a := range g.index.Areas().In(id) {
		out = append(out, g.names[a.ID])
	}
	return out
}

// Around gives the area around one, empty for an outermost. An area of the mission's list that the directory does not have
// lies in nothing. False says that there is no such area.
func (g *Guide) Around(area string) (string, bool) {
	id, ok := g.ids[area]
	if !ok {
		return "", false
	}
	a, _ := g.index.Areas().Area(id)
	return g.names[a.Parent], true
}

// Outer gives the area of the mission's list in which an area lies, if there is one. One of that list is its own.
func (g *Guide) Outer(area string) string {
	id, ok := g.ids[area]
	if !ok {
		return area
	}
	if name, ok := g.outer[id]; ok {
		return name
	}
	for _, a := range g.index.Areas().Around(id) {
		if name, ok := g.outer[a.ID]; ok {
			return name
		}
	}
	return ""
}

// Label gives the name of an area in a language.
func (g *Guide) Label(lang, area string) (string, bool) {
	id, ok := g.ids[area]
	if !ok {
		return "", false
	}
	a, _ := g.index.Areas().Area(id)
	if text, _ := a.Name.In(lang, "en", ""); text != "" {
		return text, true
	}
	return a.ID, true
}

// ID gives the id that an area has in the directory, by its name.
func (g *Guide) ID(area string) (string, bool) {
	id, ok := g.ids[area]
	return id, ok
}

// Apart gives the name of an area in a language so that it cannot be taken for another: with the one around it where two
// areas are called alike.
func (g *Guide) Apart(lang, area string) (string, bool) {
	path := g.Path(lang, area)
	switch n := len(path); {
	case n == 0:
		return "", false
	case n > 1 && g.alike[area]:
		return path[n-1] + " · " + path[n-2], true
	default:
		return path[n-1], true
	}
}

// Path gives the name of an area with those around it, the largest first, without those that hold everything.
func (g *Guide) Path(lang, area string) []string {
	id, ok := g.ids[area]
	if !ok {
		return nil
	}
	around := g.index.Areas().Around(id)
	if n := len(around); n > 0 && len(g.index.Areas().In("")) == 1 {
		around = around[:n-1]
	}
	var out []string
	for i := len(around) - 1; i >= 0; i-- {
		label, _ := g.Label(lang, g.names[around[i].ID])
		out = append(out, label)
	}
	label, _ := g.Label(lang, area)
	return append(out, label)
}

// Where gives the names of the areas in which a service lies, by the id of its area, the largest first.
func (g *Guide) Where(lang, id string) []string {
	if name, ok := g.names[id]; ok {
		return g.Path(lang, name)
	}
	return nil
}
