package tally_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"amana/bot/tally"
)

func table(rows ...string) *tally.Table {
	t := &tally.Table{}
	for i, row := range rows {
		t.Rows = append(t.Rows, fmt.Sprint("r", i))
		var counts []int
		for _, f := range strings.Fields(row) {
			n := 0
			fmt.Sscan(f, &n)
			counts = append(counts, n)
		}
		t.Counts = append(t.Counts, counts)
		if len(counts) > 1 && t.Columns == nil {
			for j := range counts {
				t.Columns = append(t.Columns, fmt.Sprint("c", j))
			}
		}
	}
	return t
}

func lay(p tally.Published) string {
	var lines []string
	for i, row := range p.Cells {
		var line []string
		for _, c := range row {
			line = append(line, c.Say("-"))
		}
		if p.RowTotals != nil {
			line = append(line, "|", p.RowTotals[i].Say("-"))
		}
		lines = append(lines, strings.Join(line, " "))
	}
	var line []string
	for _, c := range p.ColumnTotals {
		line = append(line, c.Say("-"))
	}
	return strings.Join(append(lines, strings.TrimSpace(strings.Join(line, " ")+" = "+p.Total.Say("-"))), "; ")
}

func TestPublish(t *testing.T) {
	for _, c := range []struct {
		rows []string
		want string
	}{
		{[]string{"12", "30"}, "12; 30; = 42"},
		{[]string{"12", "3", "30"}, "-; -; 30; = 45"},          // the smallest of the others goes with it
		{[]string{"12", "3", "1", "30"}, "12; -; -; 30; = 46"}, // of four, either may be all or nothing
		{[]string{"12", "2", "1", "30"}, "-; -; -; 30; = 45"},  // of three, neither can be four
		{[]string{"6", "0"}, "-; -; = 6"},                      // who told nothing is not shown either
		{[]string{"4"}, "-; = -"},
		{[]string{"0"}, "-; = -"},
		{nil, "= -"},
		{[]string{"10 20", "30 40"}, "10 20 | 30; 30 40 | 70; 40 60 = 100"},
		{[]string{"3 20 9", "30 40 9", "9 9 9"}, "- 20 - | 32; 30 40 9 | 79; - 9 - | 27; 42 69 27 = 138"},
		{[]string{"3 0", "0 50"}, "- - | -; - - | 50; - 50 = -"},
		{[]string{"0 0 0", "0 0 0"}, "- - - | -; - - - | -; - - - = -"},
	} {
		if got := lay(table(c.rows...).Publish()); got != c.want {
			t.Errorf("%q: %s, want %s", c.rows, got, c.want)
		}
	}
}

// The solver that the promise is checked with sees what leaving out small numbers alone would give away.
func TestSolverSees(t *testing.T) {
	p := table("12 3", "30 40").Publish()
	for i := range p.Cells {
		for j := range p.Cells[i] {
			p.Cells[i][j] = tally.Shown([][]int{{12, 3}, {30, 40}}[i][j])
		}
		p.RowTotals[i] = tally.Shown([]int{15, 70}[i])
		p.ColumnTotals[i] = tally.Shown([]int{42, 43}[i])
	}
	p.Total = tally.Shown(85)
	least, most := newReader(p).span(func(i, j int) bool { return i == 0 && j == 1 })
	if least.RatString() != "3" || most.RatString() != "3" {
		t.Errorf("from %s to %s", least.RatString(), most.RatString())
	}
}

// holds checks the promise of the room with a solver of its own.
func holds(t interface{ Fatalf(string, ...any) }, counts *tally.Table, p tally.Published) {
	r := newReader(p)
	check := func(what string, n int, shown tally.Number, of func(i, j int) bool, visible int) {
		if !shown.Hidden {
			if shown.N != n || n < tally.Fewest {
				t.Fatalf("%s of %v is shown as %d", what, counts.Counts, shown.N)
			}
			return
		}
		least, most := r.span(of)
		rest := big.NewRat(int64(visible), 1)
		least.Add(least, rest)
		if most.Sign() >= 0 {
			most.Add(most, rest)
		}
		four := big.NewRat(tally.Fewest-1, 1)
		open := most.Sign() < 0
		if width := new(big.Rat).Sub(most, least); !open && width.Cmp(four) < 0 {
			t.Fatalf("%s of %v can be told to lie from %s to %s in %s", what, counts.Counts, least.RatString(), most.RatString(), lay(p))
		}
		if n < tally.Fewest && (least.Sign() > 0 || !open && most.Cmp(four) < 0) {
			t.Fatalf("%s of %v is small, and can be told to lie from %s to %s in %s", what, counts.Counts, least.RatString(), most.RatString(), lay(p))
		}
	}
	line := func(in func(i, j int) bool) (n, visible int) {
		for i := range counts.Counts {
			for j, c := range counts.Counts[i] {
				if in(i, j) {
					n += c
					visible += p.Cells[i][j].N
				}
			}
		}
		return n, visible
	}
	one := func(what string, shown tally.Number, in func(i, j int) bool) {
		n, visible := line(in)
		check(what, n, shown, in, visible)
	}
	for i := range p.Cells {
		for j := range p.Cells[i] {
			one(fmt.Sprintf("the number at %d, %d", i, j), p.Cells[i][j], func(a, b int) bool { return a == i && b == j })
		}
	}
	for n := range p.RowTotals {
		one(fmt.Sprintf("the total of row %d", n), p.RowTotals[n], func(i, _ int) bool { return i == n })
	}
	for n := range p.ColumnTotals {
		one(fmt.Sprintf("the total of column %d", n), p.ColumnTotals[n], func(_, j int) bool { return j == n })
	}
	one("the total", p.Total, func(int, int) bool { return true })
}

// Numbers as a mission has them: most are nothing or small, some are large.
var numbers = rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 6), rapid.IntRange(0, 12), rapid.IntRange(0, 200))

// Nobody can tell a hidden number, however small or bare the table.
func TestNothingIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, columns := rapid.IntRange(1, 6).Draw(t, "rows"), rapid.IntRange(0, 5).Draw(t, "columns")
		counts := &tally.Table{}
		for i := range rows {
			counts.Rows = append(counts.Rows, fmt.Sprint(i))
			counts.Counts = append(counts.Counts, rapid.SliceOfN(numbers, max(1, columns), max(1, columns)).Draw(t, "row"))
		}
		for j := range columns {
			counts.Columns = append(counts.Columns, fmt.Sprint(j))
		}
		p := counts.Publish()
		holds(t, counts, p)
		if q := counts.Publish(); lay(p) != lay(q) {
			t.Fatalf("the same counts give %s and %s", lay(p), lay(q))
		}
	})
}

// A list shows its total whenever it is no small number, so that lists of the same people can stand beside each other.
func TestListsKeepTheirTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := &tally.Table{}
		sum := 0
		for i, n := range rapid.SliceOfN(numbers, 0, 8).Draw(t, "counts") {
			counts.Rows, counts.Counts = append(counts.Rows, fmt.Sprint(i)), append(counts.Counts, []int{n})
			sum += n
		}
		if p := counts.Publish(); p.Total != tally.Shown(sum) {
			t.Fatalf("%v: the total is %v", counts.Counts, p.Total)
		}
	})
}

// Where nothing is small nothing is hidden.
func TestLargeNumbersAreShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := table("5 5 5", "5 5 5")
		for i := range counts.Counts {
			for j := range counts.Counts[i] {
				counts.Counts[i][j] = rapid.IntRange(tally.Fewest, 99).Draw(t, "n")
			}
		}
		if got := lay(counts.Publish()); strings.Contains(got, "-") {
			t.Fatalf("%v: %s", counts.Counts, got)
		}
	})
}

func TestAdd(t *testing.T) {
	list := tally.NewTable([]string{"a", "b"}, nil)
	both := tally.NewTable([]string{"a", "b"}, []string{"x", "y"})
	for _, c := range []struct {
		took, want bool
	}{
		{list.Add("a", "", 7), true}, {list.Add("c", "", 1), false}, {list.Add("a", "x", 1), false}, {list.Add("a", "", -1), false},
		{both.Add("b", "y", 5), true}, {both.Add("b", "", 1), false}, {both.Add("b", "z", 1), false},
	} {
		if c.took != c.want {
			t.Errorf("%+v", c)
		}
	}
	if list.Counts[0][0] != 7 || list.Counts[1][0] != 0 || both.Counts[1][1] != 5 {
		t.Error(list.Counts, both.Counts)
	}
}

func TestSpread(t *testing.T) {
	if s := tally.NewSpread([]int{9, 1, 3, 2}); s.Known || s.Median != 0 || s.P90 != 0 || !s.Of.Hidden {
		t.Errorf("%+v", s)
	}
	if s := tally.NewSpread([]int{9, 1, 3, 2, 2}); !s.Known || s.Median != 2 || s.P90 != 9 || s.Of.N != 5 {
		t.Errorf("%+v", s)
	}
	var ten []int
	for n := range 10 {
		ten = append(ten, 10-n)
	}
	if s := tally.NewSpread(ten); s.Median != 5 || s.P90 != 9 {
		t.Errorf("%+v", s)
	}
	if ten[0] != 10 {
		t.Error("what was given is sorted in its place")
	}
}
