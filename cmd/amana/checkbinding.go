package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"amana/bot/directory"
	"amana/bot/directory/hours"
	"amana/bot/sheet"
	"amana/bot/speech"
)

// boundTo compares a profile with a service directory: areas without a counterpart, either way, and holidays that have
// come to their end.
func (p *profile) boundTo(d *directory.Directory, now time.Time) (found []finding) {
	if last, ok := hours.Calendar(p.Holidays).Ends(); ok && directory.DateOf(last) < directory.DateOf(now) {
		found = append(found, finding{warning, p.at("holidays"), "the list of holidays ended on " + last.Format(time.DateOnly), "write down those that come: hours that close on holidays are shown as open otherwise"})
	}
	tree, _ := directory.NewAreas(d.Areas)
	if tree.Len() == 0 {
		return found
	}
	b, near := p.bind(tree), newNearest(tree)
	for n, i := range p.Areas {
		if _, ok := b.place(i.Name); ok {
			continue
		}
		hint := "write place: and the id or code of its area in the list of areas"
		if a, ok := near.to(i); ok {
			hint = fmt.Sprintf("did you mean place: %s (%s)?", a.ID, tree.Path(a.ID))
		}
		setting := fmt.Sprintf("areas[%d]", n)
		if i.Place != "" {
			found = append(found, finding{failure, p.at(setting + ".place"), fmt.Sprintf("the place %q of the area %s is not in the service directory", i.Place, i.Name), oneLine(hint)})
			continue
		}
		found = append(found, finding{warning, p.at(setting + ".name"), fmt.Sprintf("the area %s has no counterpart in the service directory: whoever chooses it is shown what there is in all areas", i.Name), oneLine(hint)})
	}
	return append(found, p.unbound(b)...)
}

// unbound are the outermost areas of a directory that lie in none of the profile, and around none.
func (p *profile) unbound(b binding) (found []finding) {
	if len(b.ids) == 0 {
		return nil // that has been told
	}
	around := map[string]bool{}
	for id := range b.names {
		for _, a := range b.tree.Around(id) {
			around[a.ID] = true
		}
	}
	more := 0
	for _, a := range b.tree.All() {
		if _, ok := b.area(a.ID); ok || around[a.ID] || a.Parent != "" && !around[a.Parent] {
			continue
		}
		if len(found) == mostOfASort {
			more++
			continue
		}
		hint := "add it to areas: in " + p.file + ", or leave it if it is too small to be named"
		var names []string
		for _, i := range p.Areas {
			if _, ok := b.place(i.Name); !ok {
				names = append(names, i.Name)
			}
		}
		if name, ok := sheet.Near(a.Name.Any(), names); ok {
			hint = fmt.Sprintf("is it %s of the profile? Then write there place: %s", name, a.ID)
		}
		found = append(found, finding{remark, a.Source, oneLine(fmt.Sprintf("the area %q (%s) lies in none of the profile: no report can name it", a.ID, b.tree.Path(a.ID))), oneLine(hint)})
	}
	if more > 0 {
		found = append(found, finding{remark, "", fmt.Sprintf("%s more lie in none of the profile", count(more, "area", "areas")), ""})
	}
	return found
}

// nearest finds the area of a directory that somebody probably meant.
type nearest struct {
	tree   *directory.Areas
	exact  map[string][]string // folded name → ids
	names  []string
	called map[string]string // a name → id
}

// mostNear bounds in how many areas a name with a slip is looked for: each is compared letter by letter.
const mostNear = 2000

func newNearest(tree *directory.Areas) nearest {
	n := nearest{tree, map[string][]string{}, nil, map[string]string{}}
	for _, a := range tree.All() {
		seen := map[string]bool{}
		for _, name := range spellings(a) {
			folded := speech.Fold("", name)
			if folded == "" || seen[folded] {
				continue
			}
			seen[folded] = true
			n.exact[folded] = append(n.exact[folded], a.ID)
			n.names, n.called[folded] = append(n.names, folded), a.ID
		}
	}
	return n
}

// to gives the area that is called as one of the profile in any language, or nearly so, if there is one alone.
func (n nearest) to(i item) (directory.Area, bool) {
	words := []string{i.Place, i.Name}
	for _, label := range i.Label {
		bare, _, _ := strings.Cut(label, "(")
		words = append(words, bare)
	}
	found := ""
	for _, w := range words {
		for _, id := range n.exact[speech.Fold("", w)] {
			if found != "" && found != id {
				return directory.Area{}, false
			}
			found = id
		}
	}
	if found == "" && n.tree.Len() <= mostNear {
		if name, ok := sheet.Near(speech.Fold("", cmp.Or(i.Place, i.Name)), n.names); ok {
			found = n.called[name]
		}
	}
	return n.tree.Area(found)
}

// spellings lists what an area is called.
func spellings(a directory.Area) []string {
	out := []string{a.ID, a.Code}
	for _, t := range a.Name {
		out = append(out, t.Text)
	}
	return out
}
