package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"amana/bot/directory"
	"amana/bot/speech"
)

// gazetteer finds areas by code and by name.
type gazetteer struct {
	list   []directory.Area
	byID   map[string]int
	byName map[string][]int // folded name or code
	made   *directory.Areas
}

func newGazetteer(list []directory.Area) (g gazetteer) {
	for _, a := range list {
		g.add(a)
	}
	return g
}

func (g *gazetteer) add(a directory.Area) {
	if g.byID == nil {
		g.byID, g.byName = map[string]int{}, map[string][]int{}
	}
	at, known := g.byID[a.ID]
	if !known || a.ID == "" {
		at = len(g.list)
		g.list = append(g.list, a)
		g.byID[a.ID] = at
	}
	g.made = nil
	for _, name := range append([]string{a.ID, a.Code}, texts(a.Name)...) {
		folded := speech.Fold("", name)
		if folded != "" && !slices.Contains(g.byName[folded], at) {
			g.byName[folded] = append(g.byName[folded], at)
		}
	}
}

func texts(w directory.Words) (out []string) {
	for _, t := range w {
		out = append(out, t.Text)
	}
	return out
}

func (g *gazetteer) has(id string) bool {
	_, ok := g.byID[id]
	return ok
}

// parentsByCode puts the id for the code where an area names the one around it by its code. A list that has ids as well as
// codes may do either.
func (g *gazetteer) parentsByCode() {
	for n, a := range g.list {
		if a.Parent == "" || g.has(a.Parent) {
			continue
		}
		var fit []string
		for _, at := range g.byName[speech.Fold("", a.Parent)] {
			if g.list[at].Code == a.Parent {
				fit = append(fit, g.list[at].ID)
			}
		}
		if len(fit) == 1 {
			g.list[n].Parent = fit[0]
		}
	}
	g.made = nil
}

// tree gives the areas as they stand.
func (g *gazetteer) tree() *directory.Areas {
	if g.made == nil {
		g.made, _ = directory.NewAreas(g.list)
	}
	return g.made
}

// find gives the area of a name or code that lies in all of some others, if there is one alone.
func (g *gazetteer) find(name string, within []string) (id string, many bool) {
	if at, ok := g.byID[name]; ok {
		return g.list[at].ID, false
	}
	var fit []string
	for _, at := range g.byName[speech.Fold("", name)] {
		if a := g.list[at]; g.liesIn(a, within) {
			fit = append(fit, a.ID)
		}
	}
	if len(fit) == 1 {
		return fit[0], false
	}
	return "", len(fit) > 1
}

// liesIn says whether each of some names or codes names an area around one.
func (g *gazetteer) liesIn(a directory.Area, within []string) bool {
	around := g.tree().Around(a.ID)
	for _, name := range within {
		folded := speech.Fold("", name)
		if !slices.ContainsFunc(around, func(o directory.Area) bool {
			return o.ID == name || slices.Contains(g.byName[folded], g.byID[o.ID])
		}) {
			return false
		}
	}
	return true
}

// level is what a row says of the area at one level.
type level struct {
	n          int
	code       string
	name       directory.Words
	codeColumn int
	nameColumn int
}

// levels gathers the columns of areas, the outermost first.
func (w *row) levels() (out []level) {
	for i, c := range w.head.columns {
		text := cell(w.cells, c.at)
		if c.field != fieldLevel || text == "" {
			continue
		}
		at := slices.IndexFunc(out, func(l level) bool { return l.n == c.level })
		if at < 0 {
			at = len(out)
			out = append(out, level{n: c.level, codeColumn: -1, nameColumn: -1})
		}
		if c.code {
			out[at].code, out[at].codeColumn = text, i
		} else {
			out[at].name, out[at].nameColumn = out[at].name.Put(c.lang, text), i
		}
	}
	slices.SortFunc(out, func(a, b level) int { return cmp.Compare(a.n, b.n) })
	return out
}

// areaRow reads one row of a list of areas, which names the areas around as well.
func (r *Reader) areaRow(w *row) {
	levels := w.levels()
	extra := w.unknown()
	if len(levels) == 0 {
		r.plainArea(w, extra)
		return
	}
	parent := ""
	for i, l := range levels {
		id := l.code
		if id == "" {
			if len(l.name) == 0 {
				continue
			}
			id = named(l.name[0].Text)
			if parent != "" {
				id = parent + "_" + id
			}
		}
		last := i == len(levels)-1
		if at, known := r.areas.byID[id]; known {
			// The same area in many rows is the rule; the same code for two is not.
			if a := r.areas.list[at]; a.Parent != parent || a.Level != l.n {
				w.say(directory.Refused, max(l.codeColumn, l.nameColumn), fmt.Sprintf("the area %q stands at another place of the list as well", clip(id)), "give each area a code of its own, and the same areas around it in every row")
				r.refused++
				return
			}
		} else {
			a := directory.Area{ID: id, Parent: parent, Code: l.code, Name: l.name, Level: l.n, Source: w.source()}
			if len(a.Name) == 0 {
				a.Name = directory.Say("", id)
			}
			if last {
				a.Point, a.Extra = w.point(), directory.Sorted(extra)
			}
			r.areas.add(a)
		}
		parent = id
	}
}

// plainArea reads a list with one column for the name, and one for the area around it.
func (r *Reader) plainArea(w *row, extra []directory.Pair) {
	name := w.words("area_name")
	if len(name) == 0 {
		name = directory.Say("", w.value("area"))
	}
	if len(name) == 0 {
		name = w.words("name")
	}
	id := cmp.Or(w.value("id"), w.value("code"))
	if w.head.own {
		id = w.value("id")
	}
	if id == "" && len(name) > 0 {
		id = named(name[0].Text)
	}
	if id == "" {
		w.say(directory.Refused, w.of("area"), "the area has neither a name nor a code", "fill in one")
		r.refused++
		return
	}
	if len(name) == 0 {
		name = directory.Say("", id)
	}
	if _, twice := r.areas.byID[id]; twice {
		w.say(directory.Refused, max(w.of("code"), w.of("area")), fmt.Sprintf("the area %q stands twice", clip(id)), "keep one; two areas of one name need codes that differ")
		r.refused++
		return
	}
	a := directory.Area{ID: id, Parent: w.value("parent"), Code: w.value("code"), Name: name, Level: w.age("level"), Point: w.point(), Source: w.sourced(), Extra: directory.Sorted(append(extra, w.others()...))}
	r.areas.add(a)
}

// unknown gathers the cells that nobody knows.
func (w *row) unknown() (pairs []directory.Pair) {
	for _, c := range w.head.columns {
		if text := cell(w.cells, c.at); c.field == "" && text != "" {
			pairs = append(pairs, directory.Pair{Name: c.label, Value: text})
		}
	}
	return pairs
}

// area finds the area of a service: by the column that names it, or the innermost of the levels. Where there is no list,
// the areas that the row names are put into one.
func (w *row) area() string {
	text := w.value("area")
	if id, ok := w.o.Mapping.area(text); ok && text != "" {
		return id
	}
	levels := w.levels()
	if !w.listed {
		return w.newArea(levels, text)
	}
	var within []string
	for _, l := range levels {
		within = append(within, cmp.Or(l.code, first(l.name), anyText(l.name)))
	}
	if text == "" {
		if len(within) == 0 {
			return ""
		}
		text, within = within[len(within)-1], within[:len(within)-1]
		if id, ok := w.o.Mapping.area(text); ok {
			return id
		}
	}
	id, many := w.areas.find(text, within)
	switch {
	case many:
		w.say(directory.Refused, max(w.of("area"), w.of(fieldLevel)), fmt.Sprintf("there are several areas named %q", clip(text)), "write the code of the one that is meant, or the areas around it in columns of their own")
	case id == "":
		return text // the check says that it is not known
	}
	return id
}

// newArea puts the areas of a row into the list.
func (w *row) newArea(levels []level, text string) string {
	parent := ""
	for _, l := range levels {
		id := l.code
		if id == "" {
			id = named(l.name[0].Text)
			if parent != "" {
				id = parent + "_" + id
			}
		}
		if len(l.name) == 0 {
			l.name = directory.Say("", id)
		}
		if _, known := w.areas.byID[id]; !known {
			w.areas.add(directory.Area{ID: id, Parent: parent, Name: l.name, Code: l.code, Level: l.n, Source: w.source()})
		}
		parent = id
	}
	if text == "" || strings.EqualFold(text, parent) {
		return parent
	}
	id := named(text)
	if id == "" {
		return parent
	}
	if parent != "" {
		id = parent + "_" + id
	}
	if _, known := w.areas.byID[id]; !known {
		w.areas.add(directory.Area{ID: id, Parent: parent, Name: directory.Say("", text), Level: lowest(levels) + 1, Source: w.source()})
	}
	return id
}

func lowest(levels []level) int {
	if len(levels) == 0 {
		return 0
	}
	return levels[len(levels)-1].n
}

func anyText(w directory.Words) string {
	if len(w) == 0 {
		return ""
	}
	return w[0].Text
}
