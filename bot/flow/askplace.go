package flow

import (
	"slices"
	"strings"
)

// spot is where somebody stands in a step of type place.
type spot struct {
	area  string   // the area whose inside is shown; empty for the outermost
	found []string // in its stead, areas that may have been meant
	page  int
}

// spot follows the moves made so far. What is no area any more leads to the beginning. Where there is only one area, one
// stands in it from the first.
func (t *turn) spot() spot {
	sp := spot{area: t.only("")}
	for _, m := range t.pieces() {
		rest, found := strings.CutPrefix(m, moveFound)
		switch {
		case m == moveMore:
			sp.page++
		case found:
			sp = spot{found: slices.DeleteFunc(strings.Fields(rest), func(a string) bool { return !t.isArea(a) })}
		case t.isArea(m):
			sp = spot{area: t.only(m)}
		}
	}
	if len(sp.found) == 0 && len(t.inside(sp)) <= sp.page*AreasShown {
		sp.page = 0
	}
	return sp
}

// only goes down from an area as long as there is just one area within it that holds others.
func (t *turn) only(area string) string {
	for range MaxDepth {
		in := t.env.Help.Inside(area)
		if len(in) != 1 || len(t.env.Help.Inside(in[0])) == 0 {
			break
		}
		area = in[0]
	}
	return area
}

func (t *turn) isArea(name string) bool {
	_, ok := t.env.Help.Around(name)
	return ok && name != ""
}

// inside gives what can be chosen at a spot, all pages.
func (t *turn) inside(sp spot) []string {
	if len(sp.found) > 0 {
		return sp.found
	}
	return t.env.Help.Inside(sp.area)
}

// nearbyList is the list under which an area is labelled with the one around it, since two may be called alike.
const nearbyList = "places around"

const whichPlace = "word.place.which"

// askPlace fills in the areas of the present page.
func (t *turn) askPlace(a *Ask) {
	sp := t.spot()
	a.Where = sp.area
	if len(sp.found) > 0 {
		a.Key = whichPlace
	}
	if len(t.pieces()) > 0 {
		a.Hint = "" // it was read at the first list
	}
	if sp.area != "" {
		a.Choices = append(a.Choices, Option{Name: moveHere, Key: "word.place.here"})
	}
	all := t.inside(sp)
	from := sp.page * AreasShown
	to := min(len(all), from+AreasShown)
	if to == len(all)-1 {
		to++ // a page for one alone is none
	}
	list := placesList
	if len(sp.found) > 0 {
		list = nearbyList
	}
	for _, name := range all[from:to] {
		a.Choices = append(a.Choices, Option{Name: name, List: list})
	}
	if to < len(all) {
		a.Choices = append(a.Choices, Option{Name: moveMore, Key: "word.place.more"})
	}
}

// answerPlace takes an area, a way down or the next page.
func (t *turn) answerPlace(in Input) {
	if in.Kind == InFound {
		t.foundPlaces(in.Choices)
		return
	}
	now := Ask{}
	t.askPlace(&now)
	name, ok := oneOf(in, names(now.Choices))
	if !ok && in.Kind == InChoice && t.isArea(in.Choice) { // a button of an earlier page
		name, ok = in.Choice, true
	}
	if in.Kind == InChoices && len(in.Choices) == 1 && t.isArea(in.Choices[0]) { // typed in full: all of it is meant
		t.takePlace(in.Choices[0])
		return
	}
	switch {
	case !ok && in.Kind == InText:
		t.again("word.place.unknown")
	case !ok:
		t.again("word.notunderstood")
	case name == moveMore:
		t.made(moveMore, []Option{{Name: moveMore, Key: "word.place.more"}})
	case name == moveHere:
		t.takePlace(t.spot().area)
	case now.Key != whichPlace && len(t.env.Help.Inside(name)) > 0:
		t.made(name, []Option{{Name: name, List: placesList}})
	default:
		t.takePlace(name)
	}
}

func (t *turn) takePlace(name string) {
	t.store([]string{name}, []Option{{Name: name, List: placesList}})
}

// mostFound is how many areas are offered for what was typed, or for a point on the map.
const mostFound = 6

// foundPlaces offers areas that may have been meant.
func (t *turn) foundPlaces(found []string) {
	var good []string
	for _, a := range found {
		if t.isArea(a) && !has(good, a) && len(good) < mostFound {
			good = append(good, a)
		}
	}
	if len(good) == 0 { // what was typed and is unknown comes as it was typed
		t.again("word.place.far")
		return
	}
	t.made(moveFound+strings.Join(good, " "), written)
}
