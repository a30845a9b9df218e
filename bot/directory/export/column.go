package export

import (
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"amana/bot/directory"
	"amana/bot/directory/table"
)

// column is one column of a sheet.
type column[T any] struct {
	label, tag string
	get        func(*T) string
	number     bool // the program writes it, and a number always
	keep       bool // stands in the sheet even if it is empty everywhere
}

// sheet puts columns to a table: a row of plain words, a row of HXL tags, and the records. Columns that are empty in all
// of them are left out. The attribute “guard” tells bot/directory/intake which columns are guarded.
func sheet[T any](name string, rtl bool, columns []column[T], all []*T) table.Sheet {
	columns = slices.DeleteFunc(columns, func(c column[T]) bool {
		return !c.keep && !slices.ContainsFunc(all, func(one *T) bool { return c.get(one) != "" })
	})
	s := table.Sheet{Name: name, RightToLeft: rtl, Head: make([][]string, 2)}
	for _, c := range columns {
		if !c.number {
			c.tag += "+guard"
		}
		s.Head[0], s.Head[1], s.Numbers = append(s.Head[0], c.label), append(s.Head[1], c.tag), append(s.Numbers, c.number)
	}
	s.Rows = rows(columns, all)
	return s
}

func rows[T any](columns []column[T], all []*T) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		row := make([]string, len(columns))
		for _, one := range all {
			for i, c := range columns {
				row[i] = c.get(one)
			}
			if !yield(row) {
				return
			}
		}
	}
}

// said makes a column for each language in which a text is said somewhere.
func said[T any](label, tag string, all []*T, get func(*T) directory.Words) (columns []column[T]) {
	langs := map[string]bool{}
	for _, one := range all {
		for _, t := range get(one) {
			langs[t.Lang] = true
		}
	}
	for _, l := range slices.Sorted(maps.Keys(langs)) {
		c := column[T]{label: label, tag: tag, get: func(one *T) string {
			for _, t := range get(one) {
				if t.Lang == l {
					return t.Text
				}
			}
			return ""
		}}
		if l != "" {
			c.label += " (" + l + ")"
			c.tag += "+i_" + strings.ToLower(strings.ReplaceAll(l, "-", "_"))
		}
		columns = append(columns, c)
	}
	return columns
}

// numbers makes four columns for each telephone number, since a remark may be anything and would not be found again in
// one cell with others.
func numbers[T any](all []*T, get func(*T) []directory.Phone) (columns []column[T]) {
	most := 0
	for _, one := range all {
		most = max(most, len(get(one)))
	}
	for n := range most {
		part := func(label, tag string, get1 func(directory.Phone) string) {
			columns = append(columns, column[T]{label: fmt.Sprintf(label, n+1), tag: fmt.Sprintf("%s+n%d", tag, n+1), get: func(one *T) string {
				if list := get(one); n < len(list) {
					return get1(list[n])
				}
				return ""
			}})
		}
		part("Phone %d", "#contact+phone", func(p directory.Phone) string { return p.Number })
		part("Phone %d extension", "#x_phone_ext", func(p directory.Phone) string { return p.Ext })
		part("Phone %d use", "#x_phone_use", func(p directory.Phone) string { return p.Use })
		part("Phone %d remark", "#x_phone_remark", func(p directory.Phone) string { return p.Remark })
	}
	return columns
}

// mostExtras bounds the columns that nobody knows, so that a sheet stays within what is read again. Further ones stand
// together in one.
const mostExtras = 200

// place is a column that nobody knows: the nth of its name in a record.
type place struct {
	name string
	nth  int
}

// extras makes a column for each name that nobody knows, and for each time that it stands in one record.
func extras[T any](all []*T, get func(*T) []directory.Pair) (columns []column[T]) {
	places := map[place]bool{}
	for _, one := range all {
		for at := range placed(get(one)) {
			places[at] = true
		}
	}
	known := slices.SortedFunc(maps.Keys(places), func(a, b place) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.nth, b.nth)) })
	rest := map[place]bool{}
	if len(known) > mostExtras {
		for _, at := range known[mostExtras:] {
			rest[at] = true
		}
		known = known[:mostExtras]
	}
	for _, at := range known {
		columns = append(columns, column[T]{label: at.name, tag: "#x_extra", get: func(one *T) string {
			for here, value := range placed(get(one)) {
				if here == at {
					return value
				}
			}
			return ""
		}})
	}
	if len(rest) == 0 {
		return columns
	}
	return append(columns, column[T]{label: "Others", tag: "#x_others", get: func(one *T) string {
		var left []directory.Pair
		for at, value := range placed(get(one)) {
			if rest[at] {
				left = append(left, directory.Pair{Name: at.name, Value: value})
			}
		}
		if left == nil {
			return ""
		}
		text, err := json.Marshal(left)
		if err != nil { // texts alone cannot fail
			panic(err)
		}
		return string(text)
	}})
}

// placed numbers the pairs of a record by their names.
func placed(pairs []directory.Pair) iter.Seq2[place, string] {
	return func(yield func(place, string) bool) {
		for i, p := range pairs {
			nth := 0
			for _, before := range pairs[:i] {
				if before.Name == p.Name {
					nth++
				}
			}
			if !yield(place{p.Name, nth}, p.Value) {
				return
			}
		}
	}
}
