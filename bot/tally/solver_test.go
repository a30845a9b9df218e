package tally_test

import (
	"math/big"

	"amana/bot/tally"
)

// reader is somebody who knows everything that is shown of a table, and asks how much a hidden number can be. It shares
// nothing with the room: it solves linear programs by the simplex method in exact fractions (Bland's rule, so that it ends).
type reader struct {
	hidden [][2]int // the inner numbers that are hidden
	at     map[[2]int]int
	sums   [][]*big.Rat // one equation for each total that is shown, over the hidden numbers; the last column is the sum
}

func newReader(p tally.Published) *reader {
	r := &reader{at: map[[2]int]int{}}
	for i := range p.Cells {
		for j, c := range p.Cells[i] {
			if c.Hidden {
				r.at[[2]int{i, j}] = len(r.hidden)
				r.hidden = append(r.hidden, [2]int{i, j})
			}
		}
	}
	all := func(int, int) bool { return true }
	r.know(p, p.Total, all)
	for n, total := range p.RowTotals {
		r.know(p, total, func(i, _ int) bool { return i == n })
	}
	for n, total := range p.ColumnTotals {
		r.know(p, total, func(_, j int) bool { return j == n })
	}
	return r
}

func (r *reader) know(p tally.Published, total tally.Number, in func(i, j int) bool) {
	if total.Hidden {
		return
	}
	line := make([]*big.Rat, len(r.hidden)+1)
	for i := range line {
		line[i] = new(big.Rat)
	}
	left := total.N
	for i := range p.Cells {
		for j, c := range p.Cells[i] {
			switch {
			case !in(i, j):
			case c.Hidden:
				line[r.at[[2]int{i, j}]].SetInt64(1)
			default:
				left -= c.N
			}
		}
	}
	line[len(r.hidden)].SetInt64(int64(left))
	r.sums = append(r.sums, line)
}

// span gives the least and the most that the sum of some hidden numbers can be. The most is -1 where it has no end.
func (r *reader) span(of func(i, j int) bool) (least, most *big.Rat) {
	want := make([]*big.Rat, len(r.hidden))
	for v, cell := range r.hidden {
		want[v] = new(big.Rat)
		if of(cell[0], cell[1]) {
			want[v].SetInt64(-1)
		}
	}
	least, _ = r.best(want)
	least.Neg(least)
	for _, w := range want {
		w.Neg(w)
	}
	most, ends := r.best(want)
	if !ends {
		most = big.NewRat(-1, 1)
	}
	return least, most
}

// best makes a sum of the hidden numbers as large as it can be.
func (r *reader) best(want []*big.Rat) (value *big.Rat, ends bool) {
	vars, rows := len(r.hidden), len(r.sums)
	width := vars + rows + 1
	t := make([][]*big.Rat, rows)
	base := make([]int, rows)
	for i, line := range r.sums { // right sides are never negative: hidden numbers are not
		t[i] = make([]*big.Rat, width)
		for j := range t[i] {
			t[i][j] = new(big.Rat)
		}
		for j := range vars {
			t[i][j].Set(line[j])
		}
		t[i][vars+i].SetInt64(1)
		t[i][width-1].Set(line[vars])
		base[i] = vars + i
	}
	first := make([]*big.Rat, width-1)
	for j := range first {
		first[j] = new(big.Rat)
		if j >= vars {
			first[j].SetInt64(-1)
		}
	}
	climb(t, base, first, width-1)
	goal := make([]*big.Rat, width-1)
	for j := range goal {
		goal[j] = new(big.Rat)
		if j < vars {
			goal[j].Set(want[j])
		}
	}
	for i, b := range base { // what helped to begin has to leave, or its line says nothing
		if b < vars {
			continue
		}
		if t[i][width-1].Sign() != 0 {
			panic("what is shown does not add up")
		}
		for j := range vars {
			if t[i][j].Sign() != 0 {
				pivot(t, base, i, j)
				break
			}
		}
	}
	ends = climb(t, base, goal, vars)
	value = new(big.Rat)
	for i, b := range base {
		if b < vars {
			value.Add(value, new(big.Rat).Mul(want[b], t[i][width-1]))
		}
	}
	return value, ends
}

// climb goes from corner to corner while it gets better. False says that there is no end.
func climb(t [][]*big.Rat, base []int, goal []*big.Rat, upTo int) bool {
	for {
		enter := -1
		for j := 0; j < upTo && enter < 0; j++ {
			gain := new(big.Rat).Set(goal[j])
			for i, b := range base {
				gain.Sub(gain, new(big.Rat).Mul(goal[b], t[i][j]))
			}
			if gain.Sign() > 0 {
				enter = j
			}
		}
		if enter < 0 {
			return true
		}
		leave, least := -1, new(big.Rat)
		for i := range t {
			if t[i][enter].Sign() <= 0 {
				continue
			}
			ratio := new(big.Rat).Quo(t[i][len(t[i])-1], t[i][enter])
			if c := ratio.Cmp(least); leave < 0 || c < 0 || c == 0 && base[i] < base[leave] {
				leave, least = i, ratio
			}
		}
		if leave < 0 {
			return false
		}
		pivot(t, base, leave, enter)
	}
}

func pivot(t [][]*big.Rat, base []int, row, column int) {
	by := new(big.Rat).Inv(t[row][column])
	for j := range t[row] {
		t[row][j].Mul(t[row][j], by)
	}
	for i := range t {
		if f := new(big.Rat).Set(t[i][column]); i != row && f.Sign() != 0 {
			for j := range t[i] {
				t[i][j].Sub(t[i][j], new(big.Rat).Mul(f, t[row][j]))
			}
		}
	}
	base[row] = column
}
