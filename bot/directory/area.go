package directory

import (
	"fmt"
	"slices"
	"strings"
)

// deepest bounds how deep areas lie in each other: country, five divisions, camp, block, and a few more.
const deepest = 12

// Areas is the tree of areas. It is made once and read by many.
type Areas struct {
	all      []Area
	byID     map[string]int
	children map[string][]int
	enter    []int // the number of each area when the tree is walked, parents first
	leave    []int // the first number behind all that lies in it
}

// NewAreas makes the tree. What cannot stand in it is left out and said: a second area of one id, a parent that is not
// there, a ring, a chain deeper than twelve.
func NewAreas(list []Area) (*Areas, []Finding) {
	a := &Areas{byID: map[string]int{}, children: map[string][]int{}}
	var found []Finding
	say := func(area Area, what, remedy string) {
		found = append(found, Finding{Level: Refused, File: area.Source, What: what, Remedy: remedy})
	}
	for _, area := range list {
		switch _, twice := a.byID[area.ID]; {
		case area.ID == "":
			say(area, "an area has no id", "give it the name or the code by which services name it")
		case twice:
			say(area, fmt.Sprintf("the area %q stands twice", area.ID), "keep one; two areas of one name need codes that differ")
		default:
			a.byID[area.ID] = len(a.all)
			a.all = append(a.all, area)
		}
	}
	a.cut(say)
	for i, area := range a.all {
		if area.Parent == "" {
			a.children[""] = append(a.children[""], i)
		} else {
			a.children[area.Parent] = append(a.children[area.Parent], i)
		}
	}
	a.enter, a.leave = make([]int, len(a.all)), make([]int, len(a.all))
	n := 0
	var walk func(int)
	walk = func(i int) {
		a.enter[i] = n
		n++
		for _, c := range a.children[a.all[i].ID] {
			walk(c)
		}
		a.leave[i] = n
	}
	for _, i := range a.children[""] {
		walk(i)
	}
	return a, found
}

// cut takes out the areas that hang on nothing, until all that are left reach an outermost one.
func (a *Areas) cut(say func(Area, string, string)) {
	reaches := func(area Area) string {
		for range deepest {
			if area.Parent == "" {
				return ""
			}
			at, ok := a.byID[area.Parent]
			if !ok {
				return fmt.Sprintf("the area %q lies in %q, which is not there", area.ID, area.Parent)
			}
			area = a.all[at]
		}
		return "deep"
	}
	var keep []Area
	for _, area := range a.all {
		switch what := reaches(area); what {
		case "":
			keep = append(keep, area)
		case "deep":
			say(area, fmt.Sprintf("the area %q lies in itself, or deeper than %d others", area.ID, deepest), "look at the parents of it and of those around it")
		default:
			if _, there := a.byID[area.Parent]; there { // told of the one around it already
				what = fmt.Sprintf("the area %q lies in %q, which is left out", area.ID, area.Parent)
			}
			say(area, what, "import the list of the areas around it as well, or mend its parent")
		}
	}
	a.all, a.byID = keep, map[string]int{}
	for i, area := range keep {
		a.byID[area.ID] = i
	}
}

// Len says how many areas there are.
func (a *Areas) Len() int { return len(a.all) }

// Area gives an area by its id.
func (a *Areas) Area(id string) (Area, bool) {
	at, ok := a.byID[id]
	if !ok {
		return Area{}, false
	}
	return a.all[at], true
}

// All lists the areas in the order in which they came.
func (a *Areas) All() []Area { return slices.Clone(a.all) }

// In lists the areas that lie directly in another, or the outermost ones for an empty id.
func (a *Areas) In(id string) (areas []Area) {
	for _, i := range a.children[id] {
		areas = append(areas, a.all[i])
	}
	return areas
}

// Around lists the areas around one, the nearest first.
func (a *Areas) Around(id string) (areas []Area) {
	at, ok := a.byID[id]
	for ok && a.all[at].Parent != "" {
		if at, ok = a.byID[a.all[at].Parent]; ok {
			areas = append(areas, a.all[at])
		}
	}
	return areas
}

// Path gives the name of an area with those around it, for operators: "Example State / Example Camp".
func (a *Areas) Path(id string) string {
	area, ok := a.Area(id)
	if !ok {
		return id
	}
	parts := []string{area.title()}
	for _, around := range a.Around(id) {
		parts = append(parts, around.title())
	}
	slices.Reverse(parts)
	return strings.Join(parts, " / ")
}

func (a Area) title() string {
	if name, _ := a.Name.In("en", ""); name != "" {
		return name
	}
	return a.ID
}
