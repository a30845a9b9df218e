package tally

import (
	"cmp"
	"maps"
	"slices"
)

// NotTold is the row of whatever the words of a list do not make up.
const NotTold = ""

// List says which words a list has. They are fixed before anything is counted: a row that stood there only because
// something was counted in it would tell that something was.
type List struct {
	Name  string   // "kind"
	Words []string // in the order in which they are shown
	Open  bool     // a row for what was not told follows
}

// Raw is the counts of one period as they are. It must not leave the house before it went through Publish.
type Raw struct {
	Period string // as it is named, such as 2026-11
	Total  int    // reports received, without those from which somebody is kept out
	By     map[string]map[string]int

	Apart   int            // reports from which somebody is kept out
	ApartOf map[string]int // of them, by whom

	Steps  map[string]int  // by step: how many reports passed it
	Took   map[string]Took // by step: how long that took
	InTime map[string]int  // by step: how many of those kept their deadline

	Sought   int // look-ups of help that found something
	SoughtBy map[string]map[string]int
	Gaps     []Gap
}

// Gap is help that was looked for in a place and is not there.
type Gap struct {
	Kind  string `json:"kind"`
	Area  string `json:"area"`
	Times int    `json:"times"`
}

// Publication is what is published of one period, once. Nothing in it is ever reckoned anew.
type Publication struct {
	Period   string               `json:"period"`
	Received map[string]Published `json:"received"` // lists, by name; they share their total
	Total    Number               `json:"total"`
	Apart    Number               `json:"apart"` // reports that stand in no list, since somebody is kept out of them
	Steps    []Step               `json:"steps"`
	Sought   map[string]Published `json:"sought"` // lists of look-ups; they share their total
	Looked   Number               `json:"looked"`
	Gaps     []Gap                `json:"gaps,omitempty"` // those that were looked for often enough
	Cross    *Cross               `json:"cross,omitempty"`
}

// Step is how many reports passed a step in a period, and how long that took.
type Step struct {
	Name   string `json:"name"`
	Passed Number `json:"passed"`
	SoFar  int    `json:"so_far"`        // the sum of all that was shown of this step, this time included
	Hid    bool   `json:"hid,omitempty"` // once at least nothing was shown of it
	Timed  bool   `json:"timed,omitempty"`
	Median Within `json:"median,omitzero"`
	P90    Within `json:"p90,omitzero"`
	InTime Share  `json:"in_time,omitzero"`
}

// steps names the steps of a report, and which step each of them needs: nothing is acknowledged that was not received.
// What was answered needs none, since one report is answered more than once.
var steps = []struct{ name, needs string }{
	{"received", ""}, {"acknowledged", "received"}, {"referred", "acknowledged"}, {"confirmed", "referred"},
	{"closed", "acknowledged"}, {"answered", ""},
}

// StepNames lists the steps in the order in which they are shown.
func StepNames() (names []string) {
	for _, s := range steps {
		names = append(names, s.name)
	}
	return names
}

// Publish makes the publication of a period. Before is the one of the period before, nil for the first. The same counts
// give the same publication.
func (r Raw) Publish(received, sought []List, before *Publication) Publication {
	p := Publication{Period: r.Period, Received: map[string]Published{}, Sought: map[string]Published{}}
	for _, l := range received {
		p.Received[l.Name] = l.count(r.By[l.Name], r.Total).Publish()
	}
	for _, l := range sought {
		p.Sought[l.Name] = onlyShown(l.count(r.SoughtBy[l.Name], r.Sought).Publish())
	}
	p.Total, p.Looked, p.Apart = Shown(r.Total), Shown(r.Sought), r.apart()
	p.Steps = r.steps(before)
	for _, g := range r.Gaps {
		if g.Times >= Fewest {
			p.Gaps = append(p.Gaps, g)
		}
	}
	slices.SortFunc(p.Gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Area, b.Area))
	})
	return p
}

// count lays counts out as a list: its words first, then words that it no longer has, then what was not told.
func (l List) count(by map[string]int, total int) *Table {
	rows, left := slices.Clone(l.Words), total
	for _, word := range slices.Sorted(maps.Keys(by)) {
		left -= by[word]
		if !slices.Contains(rows, word) {
			rows = append(rows, word)
		}
	}
	if l.Open || left > 0 {
		rows = append(rows, NotTold)
	}
	t := NewTable(rows, nil)
	for word, n := range by {
		t.Add(word, "", n)
	}
	if left > 0 {
		t.Add(NotTold, "", left)
	}
	return t
}

// onlyShown leaves the rows out that are hidden, so that nobody sees which of them were counted at all.
func onlyShown(p Published) Published {
	out := Published{Total: p.Total, Rows: []string{}, Cells: [][]Number{}}
	for i, row := range p.Rows {
		if !p.Cells[i][0].Hidden {
			out.Rows, out.Cells = append(out.Rows, row), append(out.Cells, p.Cells[i])
		}
	}
	return out
}

// apart shows how many reports stand in no list, unless somebody who is kept out of some of them and reads all others
// could tell from it how few those are.
func (r Raw) apart() Number {
	for _, n := range r.ApartOf {
		if n > 0 && n < Fewest {
			return Number{Hidden: true}
		}
	}
	return Shown(r.Apart)
}

// steps shows how many reports passed each step. A number is also left out where it would tell of another by the order of
// the steps: what is shown of a step all in all stays below what is shown of the step that it needs, by as much as a
// small number can be once one is hidden.
func (r Raw) steps(before *Publication) (out []Step) {
	done := map[string]Step{}
	for _, s := range steps {
		step := Step{Name: s.name, Passed: Shown(r.Steps[s.name])}
		if s.name == "received" {
			step.Passed = Shown(r.Total)
		}
		if before != nil {
			if i := slices.IndexFunc(before.Steps, func(b Step) bool { return b.Name == s.name }); i >= 0 {
				step.SoFar, step.Hid = before.Steps[i].SoFar, before.Steps[i].Hid
			}
		}
		if s.needs != "" {
			most := done[s.needs].SoFar
			if step.Hid {
				most -= Fewest - 1
			}
			if step.SoFar+step.Passed.N > most {
				step.Passed = Number{Hidden: true}
			}
		}
		step.SoFar += step.Passed.N
		step.Hid = step.Hid || step.Passed.Hidden
		if took := r.Took[s.name]; !step.Passed.Hidden && took.Of() >= Fewest {
			step.Timed, step.Median, step.P90 = true, took.Rank(50), took.Rank(90)
			step.InTime = NewShare(r.InTime[s.name], took.Of())
		}
		done[s.name] = step
		out = append(out, step)
	}
	return out
}
