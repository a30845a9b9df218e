package tally

import (
	"slices"
	"strconv"
)

// Fewest is the smallest number that is shown.
const Fewest = 5

// Table is counts by one or two dimensions, as they are. It must not leave the house before it went through Publish.
type Table struct {
	Rows    []string // what is counted, in the order in which it is shown
	Columns []string // none: a list of one dimension
	Counts  [][]int  // by row and column; a list has one column

	// Known says that everybody knows the totals of the rows already, and with them the grand total, since they stand in
	// what was published before: they are shown, and cover nothing. No row may then have a total below Fewest less one, and
	// there are two columns at least.
	Known bool
}

// NewTable makes an empty table. Without columns it is a list.
func NewTable(rows, columns []string) *Table {
	t := &Table{Rows: slices.Clone(rows), Columns: slices.Clone(columns), Counts: make([][]int, len(rows))}
	for i := range t.Counts {
		t.Counts[i] = make([]int, max(1, len(columns)))
	}
	return t
}

// Add counts n more. The column of a list is empty. It says whether there is such a place; elsewhere nothing is counted.
func (t *Table) Add(row, column string, n int) bool {
	i, j := slices.Index(t.Rows, row), slices.Index(t.Columns, column)
	if len(t.Columns) == 0 && column == "" {
		j = 0
	}
	if i < 0 || j < 0 || n < 0 {
		return false
	}
	t.Counts[i][j] += n
	return true
}

// Number is one number of a published table.
type Number struct {
	N      int  `json:"n,omitempty"`      // 0 where it is hidden
	Hidden bool `json:"hidden,omitempty"` // it is small, or would give a small one away
}

// Shown gives a number that stands alone, beside nothing from which it could be told.
func Shown(n int) Number {
	if n < Fewest {
		return Number{Hidden: true}
	}
	return Number{N: n}
}

// Say writes the number in Latin digits, or the word for one that is hidden.
func (n Number) Say(hidden string) string {
	if n.Hidden {
		return hidden
	}
	return strconv.Itoa(n.N)
}

// Published is what may be shown of a table.
type Published struct {
	Rows         []string   `json:"rows"`
	Columns      []string   `json:"columns,omitempty"`
	Cells        [][]Number `json:"cells"`                   // by row and column; a list has one column
	RowTotals    []Number   `json:"row_totals,omitempty"`    // nil for a list
	ColumnTotals []Number   `json:"column_totals,omitempty"` // nil for a list
	Total        Number     `json:"total"`
}

// Publish leaves out what must not be shown. The same counts give the same table.
func (t *Table) Publish() Published {
	p := Published{Rows: t.Rows, Columns: t.Columns, Cells: make([][]Number, len(t.Rows))}
	n := t.net()
	n.protect()
	at := 0
	next := func() Number {
		e := n.edges[at]
		at++
		if e.hidden {
			return Number{Hidden: true}
		}
		return Number{N: e.n}
	}
	for i := range t.Rows {
		for range t.Counts[i] {
			p.Cells[i] = append(p.Cells[i], next())
		}
	}
	if len(t.Columns) > 0 {
		for range t.Rows {
			p.RowTotals = append(p.RowTotals, next())
		}
		for range t.Columns {
			p.ColumnTotals = append(p.ColumnTotals, next())
		}
	}
	p.Total = next()
	return p
}
