package tally_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"amana/bot/tally"
)

// What these tests publish: three kinds, two areas, two bands of persons and those who did not tell.
var (
	kinds    = tally.List{Name: "kind", Words: []string{"sea", "fraud", "other"}}
	areas    = tally.List{Name: "area", Words: []string{"a"}, Open: true}
	persons  = tally.List{Name: "person", Words: []string{"adult", "under_18"}}
	columns  = append(slices.Clone(persons.Words), tally.NotTold)
	places   = append(slices.Clone(areas.Words), tally.NotTold)
	received = []tally.List{kinds, areas}
)

// life is what truly happened: how many reports of each month, kind, area and person.
type life [][3][2][3]int

func (l life) sum(in func(m, k, a, p int) bool) (n int) {
	l.each(func(_, m, k, a, p int) {
		if in(m, k, a, p) {
			n += l[m][k][a][p]
		}
	})
	return n
}

func (l life) each(fn func(v, m, k, a, p int)) {
	v := 0
	for m := range l {
		for k := range l[m] {
			for a := range l[m][k] {
				for p := range l[m][k][a] {
					fn(v, m, k, a, p)
					v++
				}
			}
		}
	}
}

// raw counts a month as the counters do.
func (l life) raw(month int) tally.Raw {
	r := tally.Raw{Period: fmt.Sprint(month), By: map[string]map[string]int{"kind": {}, "area": {}}}
	r.Total = l.sum(func(m, _, _, _ int) bool { return m == month })
	for i, word := range kinds.Words {
		r.By["kind"][word] = l.sum(func(m, k, _, _ int) bool { return m == month && k == i })
	}
	r.By["area"]["a"] = l.sum(func(m, _, a, _ int) bool { return m == month && a == 0 })
	return r
}

func (l life) crossed() map[string]map[string]int {
	out := map[string]map[string]int{}
	for i, kind := range kinds.Words {
		out[kind] = map[string]int{}
		for j, person := range persons.Words {
			out[kind][person] = l.sum(func(_, k, _, p int) bool { return k == i && p == j })
		}
	}
	return out
}

// attacker knows every number that was ever published, and that counts are whole and not negative.
type attacker struct {
	*reader
	life
}

type within func(m, k, a, p int) bool

// learns takes one number of a publication.
func (a *attacker) learns(t interface{ Fatalf(string, ...any) }, n tally.Number, in within) {
	if n.Hidden {
		return
	}
	if truth := a.sum(in); truth != n.N {
		t.Fatalf("%d is published as %d", truth, n.N)
	}
	line := make([]*big.Rat, len(a.hidden)+1)
	a.each(func(v, m, k, ar, p int) {
		line[v] = new(big.Rat)
		if in(m, k, ar, p) {
			line[v].SetInt64(1)
		}
	})
	line[len(a.hidden)] = big.NewRat(int64(n.N), 1)
	a.sums = append(a.sums, line)
}

// keeps checks that a number which was never shown can be told by nobody.
func (a *attacker) keeps(t interface{ Fatalf(string, ...any) }, what string, n tally.Number, in within) {
	if !n.Hidden {
		return
	}
	want := make([]*big.Rat, len(a.hidden))
	a.each(func(v, m, k, ar, p int) {
		want[v] = new(big.Rat)
		if in(m, k, ar, p) {
			want[v].SetInt64(1)
		}
	})
	most, ends := a.best(want)
	for _, w := range want {
		w.Neg(w)
	}
	least, _ := a.best(want)
	least.Neg(least)
	four, truth := big.NewRat(tally.Fewest-1, 1), a.sum(in)
	if ends && new(big.Rat).Sub(most, least).Cmp(four) < 0 {
		t.Fatalf("%s, which is %d, can be told to lie from %s to %s", what, truth, least.RatString(), most.RatString())
	}
	if truth < tally.Fewest && (least.Sign() > 0 || ends && most.Cmp(four) < 0) {
		t.Fatalf("%s, which is %d and small, can be told to lie from %s to %s", what, truth, least.RatString(), most.RatString())
	}
}

// walk goes over every number of all publications.
func walk(pubs []tally.Publication, crosses []*tally.Cross, quarter int, fn func(what string, n tally.Number, in within)) {
	for month, pub := range pubs {
		fn(fmt.Sprintf("the total of month %d", month), pub.Total, func(m, _, _, _ int) bool { return m == month })
		for i, word := range pub.Received["kind"].Rows {
			fn(fmt.Sprintf("kind %s of month %d", word, month), pub.Received["kind"].Cells[i][0], func(m, k, _, _ int) bool { return m == month && kinds.Words[k] == word })
		}
		for i, word := range pub.Received["area"].Rows {
			fn(fmt.Sprintf("area %q of month %d", word, month), pub.Received["area"].Cells[i][0], func(m, _, a, _ int) bool { return m == month && places[a] == word })
		}
	}
	for q, c := range crosses {
		if c == nil {
			continue
		}
		of := func(m int) bool { return m/quarter == q }
		row := func(word string) within {
			return func(m, k, _, _ int) bool {
				return of(m) && (kinds.Words[k] == word || word == tally.Together && !slices.Contains(c.Table.Rows, kinds.Words[k]))
			}
		}
		for i, word := range c.Table.Rows {
			fn("a total of kinds", c.Table.RowTotals[i], row(word))
			for j := range columns {
				fn(fmt.Sprintf("kind %s by person %q of quarter %d", word, columns[j], q), c.Table.Cells[i][j], func(m, k, a, p int) bool { return p == j && row(word)(m, k, a, p) })
			}
		}
		for j := range columns {
			fn(fmt.Sprintf("person %q of quarter %d", columns[j], q), c.Table.ColumnTotals[j], func(m, _, _, p int) bool { return of(m) && p == j })
		}
		fn("the total of a quarter", c.Table.Total, func(m, _, _, _ int) bool { return of(m) })
	}
}

// Whoever keeps all publications of a mission, monthly lists and the tables of their quarters, and subtracts them from
// each other in whatever way, learns no small number: neither one that was never shown, nor one that lies behind others.
func TestPublicationsSubtracted(t *testing.T) {
	crossed := 0
	rapid.Check(t, func(t *rapid.T) {
		quarter := rapid.IntRange(1, 2).Draw(t, "months of a table")
		quarters := rapid.IntRange(1, 2).Draw(t, "tables")
		l := make(life, quarter*quarters)
		few := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 4), rapid.IntRange(0, 30))
		l.each(func(_, m, k, a, p int) { l[m][k][a][p] = few.Draw(t, "n") })
		var pubs []tally.Publication
		var crosses []*tally.Cross
		for m := range l {
			var before *tally.Publication
			if m > 0 {
				before = &pubs[m-1]
			}
			pubs = append(pubs, l.raw(m).Publish(received, nil, before))
			if (m+1)%quarter == 0 {
				c := tally.NewCross(pubs[m+1-quarter:], "kind", "person", persons, l[m+1-quarter:m+1].crossed())
				if crosses = append(crosses, c); c != nil {
					crossed++
				}
			}
		}
		a := &attacker{reader: &reader{}, life: l}
		l.each(func(int, int, int, int, int) { a.hidden = append(a.hidden, [2]int{}) })
		walk(pubs, crosses, quarter, func(_ string, n tally.Number, in within) { a.learns(t, n, in) })
		hidden := 0
		walk(pubs, crosses, quarter, func(_ string, n tally.Number, _ within) {
			if n.Hidden {
				hidden++
			}
		})
		first, at := rapid.IntRange(0, max(0, hidden-1)).Draw(t, "asked"), 0 // the solver is slow: some, others in each life
		walk(pubs, crosses, quarter, func(what string, n tally.Number, in within) {
			if !n.Hidden {
				return
			}
			if at++; at > first && at <= first+2 {
				a.keeps(t, what, n, in)
			}
		})
	})
	if crossed == 0 {
		t.Error("no table of two dimensions was ever published")
	}
}

// The solver that the promise is checked with sees what a quarter whose totals are simply added up would give away.
func TestAttackerSees(t *testing.T) {
	l := life{{{{3}}, {{20}}, {{4}}}, {{{20}}, {{20}}, {{20}}}}
	a := &attacker{reader: &reader{}, life: l}
	l.each(func(int, int, int, int, int) { a.hidden = append(a.hidden, [2]int{}) })
	var pubs []tally.Publication
	for m := range l {
		pubs = append(pubs, l.raw(m).Publish(received, nil, nil))
	}
	walk(pubs, nil, 2, func(_ string, n tally.Number, in within) { a.learns(t, n, in) })
	if pubs[0].Received["kind"].Cells[0][0] != (tally.Number{Hidden: true}) || pubs[1].Received["kind"].Cells[0][0].N != 20 {
		t.Fatalf("%+v", pubs)
	}
	sea := func(_, k, _, _ int) bool { return k == 0 }
	a.learns(t, tally.Number{N: 23}, sea) // of both months
	told := &refused{}
	a.keeps(told, "sea of month 0", tally.Number{Hidden: true}, func(m, k, _, _ int) bool { return m == 0 && k == 0 })
	if told.text == "" {
		t.Error("a hidden number that follows by subtraction is not noticed")
	}
}

type refused struct{ text string }

func (r *refused) Fatalf(format string, args ...any) { r.text = fmt.Sprintf(format, args...) }

// The order of the steps tells nothing either: whoever knows that nothing is closed that was not acknowledged finds every
// hidden number as wide open as without it.
func TestStepsInOrder(t *testing.T) {
	needs := map[string]string{"acknowledged": "received", "referred": "acknowledged", "confirmed": "referred", "closed": "acknowledged"}
	rapid.Check(t, func(t *rapid.T) {
		months := rapid.IntRange(1, 4).Draw(t, "months")
		done, hist := map[string]int{}, []map[string]int{}
		var pubs []tally.Publication
		for m := range months {
			now := map[string]int{"received": rapid.OneOf(rapid.IntRange(0, 6), rapid.IntRange(0, 20)).Draw(t, "received")}
			done["received"] += now["received"]
			for _, s := range []string{"acknowledged", "referred", "confirmed", "closed"} {
				now[s] = rapid.IntRange(0, done[needs[s]]-done[s]).Draw(t, s)
				done[s] += now[s]
			}
			var before *tally.Publication
			if m > 0 {
				before = &pubs[m-1]
			}
			hist = append(hist, now)
			pubs = append(pubs, tally.Raw{Total: now["received"], Steps: now}.Publish(nil, nil, before))
		}
		// One variable for each step and month, and one for the slack of each line of the order.
		names := []string{"received", "acknowledged", "referred", "confirmed", "closed"}
		at := func(step string, m int) int { return slices.Index(names, step)*months + m }
		slack := len(names) * months
		size := slack + len(needs)*months
		r := &reader{hidden: make([][2]int, size)}
		add := func(sum int, in map[int]int64) {
			line := make([]*big.Rat, size+1)
			for v := range line {
				line[v] = big.NewRat(in[v], 1)
			}
			line[size] = big.NewRat(int64(sum), 1)
			r.sums = append(r.sums, line)
		}
		for m, p := range pubs {
			for _, s := range p.Steps {
				if slices.Contains(names, s.Name) && !s.Passed.Hidden {
					if s.Passed.N != hist[m][s.Name] || s.Passed.N < tally.Fewest {
						t.Fatalf("%s is shown as %d", s.Name, s.Passed.N)
					}
					add(s.Passed.N, map[int]int64{at(s.Name, m): 1})
				}
			}
		}
		for step, before := range needs {
			for m := range months {
				in := map[int]int64{slack: -1}
				slack++
				for i := 0; i <= m; i++ {
					in[at(before, i)], in[at(step, i)] = 1, -1
				}
				add(0, in)
			}
		}
		for m, p := range pubs {
			for _, s := range p.Steps {
				if !slices.Contains(names, s.Name) || !s.Passed.Hidden {
					continue
				}
				want := make([]*big.Rat, size)
				for v := range want {
					want[v] = new(big.Rat)
				}
				v := at(s.Name, m)
				want[v].SetInt64(1)
				most, ends := r.best(want)
				want[v].SetInt64(-1)
				least, _ := r.best(want)
				if least.Sign() != 0 || ends && most.Cmp(big.NewRat(tally.Fewest-1, 1)) < 0 {
					t.Fatalf("%s of month %d, %d, can be told to lie from %s to %s: %v", s.Name, m, hist[m][s.Name], least.Neg(least).RatString(), most.RatString(), hist)
				}
			}
		}
	})
}

// A publication is kept as it was made, and what is added up of several is what anybody could add up.
func TestSum(t *testing.T) {
	jan := tally.Raw{Period: "1", Total: 30, By: map[string]map[string]int{"kind": {"sea": 12, "fraud": 3, "other": 15}}, Steps: map[string]int{"acknowledged": 20}}.Publish([]tally.List{kinds}, nil, nil)
	feb := tally.Raw{Period: "2", Total: 33, By: map[string]map[string]int{"kind": {"sea": 11, "fraud": 11, "other": 11}}}.Publish([]tally.List{kinds}, nil, &jan)
	s := tally.NewSum([]tally.Publication{jan, feb})
	if s.Total != (tally.AtLeast{N: 63, Whole: true}) || fmt.Sprint(s.Received["kind"]) != "[{sea {11 false}} {fraud {11 false}} {other {26 true}}]" {
		t.Errorf("%+v", s)
	}
	if s.Steps[1].Sum != (tally.AtLeast{N: 20}) {
		t.Error(s.Steps)
	}
	kept, err := json.Marshal(jan)
	if err != nil {
		t.Fatal(err)
	}
	var again tally.Publication
	if err := json.Unmarshal(kept, &again); err != nil {
		t.Fatal(err)
	}
	if twice, _ := json.Marshal(again); string(twice) != string(kept) {
		t.Errorf("%s\n%s", kept, twice)
	}
}

// Who is kept out of a few reports, and reads all others, cannot tell from a publication that there are any.
func TestApart(t *testing.T) {
	base := tally.Raw{Total: 20, By: map[string]map[string]int{"kind": {"sea": 20}}}
	want, _ := json.Marshal(base.Publish(received, nil, nil))
	for n := range tally.Fewest {
		r := base
		r.Apart, r.ApartOf = n, map[string]int{"ana": n}
		if got, _ := json.Marshal(r.Publish(received, nil, nil)); string(got) != string(want) {
			t.Errorf("%d reports without ana: %s", n, got)
		}
		r.Apart, r.ApartOf = n+20, map[string]int{"ana": n, "bea": 20}
		if got := r.Publish(received, nil, nil).Apart; n > 0 && !got.Hidden {
			t.Errorf("ana, who reads the 20 without bea, counts %d of her own", n)
		}
	}
	r := base
	r.Apart, r.ApartOf = 12, map[string]int{"ana": 5, "bea": 7}
	if got := r.Publish(received, nil, nil).Apart; got.N != 12 {
		t.Error(got)
	}
}
