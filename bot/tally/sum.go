package tally

import "slices"

// AtLeast is a sum of numbers of which some may be hidden. It is made of what was published, and of nothing else, so it
// tells nobody more than they could add up by hand.
type AtLeast struct {
	N     int  `json:"n"`
	Whole bool `json:"whole"` // nothing in it was hidden
}

func (a AtLeast) add(n Number) AtLeast { return AtLeast{a.N + n.N, a.Whole && !n.Hidden} }

// SumRow is one line of a [Sum].
type SumRow struct {
	Word string  `json:"word"`
	Sum  AtLeast `json:"sum"`
}

// Sum is publications added up.
type Sum struct {
	Periods  []string            `json:"periods"`
	Received map[string][]SumRow `json:"received"`
	Total    AtLeast             `json:"total"`
	Apart    AtLeast             `json:"apart"`
	Steps    []SumRow            `json:"steps"`
	Sought   map[string][]SumRow `json:"sought"`
	Looked   AtLeast             `json:"looked"`
}

// NewSum adds publications up, in their order.
func NewSum(all []Publication) Sum {
	s := Sum{
		Received: map[string][]SumRow{}, Sought: map[string][]SumRow{},
		Total: AtLeast{Whole: true}, Apart: AtLeast{Whole: true}, Looked: AtLeast{Whole: true},
	}
	var received, sought []map[string]Published
	for _, p := range all {
		s.Periods = append(s.Periods, p.Period)
		s.Total, s.Apart, s.Looked = s.Total.add(p.Total), s.Apart.add(p.Apart), s.Looked.add(p.Looked)
		received, sought = append(received, p.Received), append(sought, p.Sought)
		for _, step := range p.Steps {
			s.Steps = addTo(s.Steps, step.Name, step.Passed, true)
		}
	}
	sumLists(s.Received, received)
	sumLists(s.Sought, sought)
	return s
}

func sumLists(into map[string][]SumRow, parts []map[string]Published) {
	for n, lists := range parts {
		for name, list := range lists {
			for i, word := range list.Rows {
				into[name] = addTo(into[name], word, list.Cells[i][0], n == 0)
			}
			for i, row := range into[name] {
				if !slices.Contains(list.Rows, row.Word) { // not shown this time
					into[name][i].Sum.Whole = false
				}
			}
		}
	}
}

// addTo adds a number to the row of a word. A row that was not there from the first on lacks what was hidden before.
func addTo(rows []SumRow, word string, n Number, first bool) []SumRow {
	i := slices.IndexFunc(rows, func(r SumRow) bool { return r.Word == word })
	if i < 0 {
		i, rows = len(rows), append(rows, SumRow{word, AtLeast{Whole: first}})
	}
	rows[i].Sum = rows[i].Sum.add(n)
	return rows
}
