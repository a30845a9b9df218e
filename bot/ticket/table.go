package ticket

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Reading is a line of the table of routes: what is answered, and who reads it then.
type Reading struct {
	When  string // the answers that lead here, as an operator reads them
	Plan  Plan
	Cases int // combinations of answers that it stands for
}

// Proof counts what a walk over every combination of answers has found.
type Proof struct {
	All       int
	Enough    int // two people read, one of them outside the accused organisation
	Oversight int // the oversight desk does
	Services  int // a request for help for which nobody is enrolled: its flow shows services
	Nobody    int // the reporter is told so
}

// Readings gives the table of routes and counts what the walk has found. Combinations that lead to the same readers by
// the same rule stand in one line as far as one line can name exactly those. Who is involved multiplies the lines, so
// those in which a person or organisation is named as involved stand in it only on demand; they count in any case.
func (m Mission) Readings(l Lists, involved bool) (out []Reading, p Proof) {
	d := m.apart(l)
	boxes, plans := map[string][]box{}, map[string]Plan{}
	var order []string
	for row := range m.walk(d) {
		p.All++
		switch {
		case row.Plan.Verdict == Enough:
			p.Enough++
		case row.Plan.Verdict == OversightOnly:
			p.Oversight++
		case row.Case.Kind.Care():
			p.Services++
		default:
			p.Nobody++
		}
		if row.Case.Involved == Involved && !involved {
			continue
		}
		key := row.Plan.same()
		if _, have := plans[key]; !have {
			order, plans[key] = append(order, key), row.Plan
		}
		boxes[key] = append(boxes[key], d.point(row.Case))
	}
	for _, key := range order {
		for _, b := range merged(boxes[key]) {
			out = append(out, Reading{When: d.words(b, involved), Plan: plans[key], Cases: b.size()})
		}
	}
	return out, p
}

// same describes a plan, so that two with the same readers by the same rule stand in one line.
func (p Plan) same() string {
	return fmt.Sprintf("%s|%s|%v|%d", p.Verdict, p.Rule, p.Readers, p.LeftOut)
}

// dims is how many answers tell combinations apart: kind, organisation, accused, area, age, language, involvement.
const dims = 7

// box is a set of combinations: for each answer the classes that it may be of. One that is not asked is of none.
type box [dims][]int

func (b box) size() int {
	n := 1
	for _, in := range b {
		n *= max(len(in), 1)
	}
	return n
}

// point gives the box of one case.
func (d apart) point(c Case) (b box) {
	b[0] = []int{slices.Index(firsts(d.kinds), c.Kind)}
	if !c.Kind.Care() {
		b[1], b[2] = []int{slices.Index(firsts(d.orgs), c.Org)}, []int{slices.Index(firsts(d.accused), c.Accused)}
		b[6] = []int{slices.IndexFunc(firsts(d.involved), func(o Case) bool {
			return o.Involved == c.Involved && o.InvolvedOrg == c.InvolvedOrg && o.InvolvedRole == c.InvolvedRole
		})}
	}
	b[3], b[4] = []int{slices.Index(firsts(d.areas), c.Area)}, []int{slices.Index(firsts(d.ages), c.Age)}
	b[5] = []int{slices.Index(firsts(d.langs), c.Lang)}
	return b
}

// merged joins boxes that differ in one answer alone, one answer after the other: what comes out covers exactly what went
// in, each combination once.
func merged(boxes []box) []box {
	for dim := dims - 1; dim >= 0; dim-- {
		at := map[string]int{}
		var out []box
		for _, b := range boxes {
			others := b
			others[dim] = nil
			key := fmt.Sprint(others, len(b[dim]) == 0)
			i, have := at[key]
			if !have {
				at[key] = len(out)
				out = append(out, b)
				continue
			}
			out[i][dim] = slices.Sorted(slices.Values(slices.Concat(out[i][dim], b[dim])))
		}
		boxes = out
	}
	slices.SortStableFunc(boxes, func(a, b box) int {
		for dim := range a {
			if n := slices.Compare(a[dim], b[dim]); n != 0 {
				return n
			}
		}
		return 0
	})
	return boxes
}

// words names the combinations of a box: an answer that may be anything is left out, and so is that nobody is involved.
func (d apart) words(b box, involved bool) string {
	asked := values(d.involved, Case.involvement)
	if !involved {
		asked = asked[:2] // no and not sure
	}
	var parts []string
	for dim, of := range []struct {
		name    string
		classes [][]string
	}{
		{"kind", values(d.kinds, func(k Kind) string { return string(k) })},
		{"organisation", values(d.orgs, func(o string) string { return cmp.Or(o, "not told") })},
		{"accused", values(d.accused, func(a string) string { return cmp.Or(a, "not told") })},
		{"area", values(d.areas, func(a string) string { return cmp.Or(a, "not told") })},
		{"age", values(d.ages, func(a Age) string { return cmp.Or(string(a), "not told") })},
		{"language", values(d.langs, func(t string) string { return cmp.Or(t, "not known") })},
		{"involved", asked},
	} {
		n, last := len(b[dim]), dim == dims-1
		if last && n == len(of.classes) && n > 0 {
			parts = append(parts, "involved or not")
			continue
		}
		if n == 0 || n == len(of.classes) || last && slices.Equal(b[dim], []int{0}) {
			continue
		}
		var in, out []string
		for i, class := range of.classes {
			if slices.Contains(b[dim], i) {
				in = append(in, class...)
			} else {
				out = append(out, class...)
			}
		}
		if len(out) < len(in) {
			parts = append(parts, of.name+" not "+some(out))
		} else {
			parts = append(parts, of.name+" "+some(in))
		}
	}
	if len(parts) == 0 {
		return "anything"
	}
	return strings.Join(parts, "; ")
}

// values names what is in each class.
func values[T any](classes [][]T, name func(T) string) (out [][]string) {
	for _, c := range classes {
		var names []string
		for _, v := range c {
			names = append(names, name(v))
		}
		out = append(out, names)
	}
	return out
}

// some names the first of many.
func some(names []string) string {
	const most = 6
	if more := len(names) - most; more > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(names, ", ")
}

// involvement says who is involved, as an operator writes it.
func (c Case) involvement() string {
	switch {
	case c.Involved == InvolvedNotSure:
		return string(InvolvedNotSure)
	case c.Involved != Involved:
		return string(NotInvolved)
	}
	return strings.TrimSuffix(orAny(c.InvolvedOrg)+":"+string(c.InvolvedRole), ":")
}
