package main

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"amana/bot/directory/table"
	"amana/bot/tally"
)

// statLine is one number in the long form that other programs read: one line for each.
type statLine struct {
	Period    string
	Indicator string // what was counted
	By        string // by what; empty for all of it
	Word      string // of that
	Column    string // of the second dimension, where there are two
	Value     string // empty where it is hidden
	Unit      string // "reports", "hours", "percent", "look-ups"
	Note      string // "not shown", "at least", "at most", "more than"
}

// notShown is what stands in the place of a number that is hidden.
const notShown = "not shown"

func (l statLine) head() string {
	head := l.Period + ", " + l.Indicator
	if l.By != "" {
		head += " by " + l.By
	}
	return head
}

func (l statLine) label() string {
	label := cmp.Or(l.Word, "all")
	if l.Column != "" {
		label += ", " + l.Column
	}
	return label
}

func (l statLine) said() string {
	if l.Value == "" {
		return l.Note
	}
	unit := map[string]string{"hours": " h", "percent": " %"}[l.Unit]
	return strings.TrimSpace(l.Note + " " + l.Value + unit)
}

// words of lists that are none of the mission's own.
func statWord(word string) string {
	switch word {
	case tally.NotTold:
		return "not told"
	case tally.Together:
		return "other kinds, together"
	}
	return word
}

func (l statLine) of(n tally.Number) statLine {
	if n.Hidden {
		l.Note = notShown
		return l
	}
	l.Value = strconv.Itoa(n.N)
	return l
}

// publicationLines gives everything that was published of a period.
func publicationLines(p tally.Publication) (out []statLine) {
	at := func(indicator, by, word, unit string) statLine {
		return statLine{Period: p.Period, Indicator: indicator, By: by, Word: word, Unit: unit}
	}
	lists := func(indicator, unit string, of map[string]tally.Published) {
		for _, by := range slices.Sorted(maps.Keys(of)) {
			for i, word := range of[by].Rows {
				out = append(out, at(indicator, by, statWord(word), unit).of(of[by].Cells[i][0]))
			}
		}
	}
	out = append(out, at("received", "", "", "reports").of(p.Total))
	lists("received", "reports", p.Received)
	out = append(out, at("kept apart", "", "", "reports").of(p.Apart))
	for _, s := range p.Steps {
		if s.Name != "received" {
			out = append(out, at(s.Name, "", "", "reports").of(s.Passed))
		}
		if s.Timed {
			out = append(out, timeLine(at(s.Name, "time", "median", "hours"), s.Median), timeLine(at(s.Name, "time", "nine of ten", "hours"), s.P90))
			share := at(s.Name, "time", "in time", "percent")
			share.Value = strconv.Itoa(s.InTime.Least)
			if s.InTime.Least == 0 && s.InTime.Most < 100 {
				share.Value, share.Note = strconv.Itoa(s.InTime.Most), "at most"
			} else if s.InTime.Least != s.InTime.Most {
				share.Note = "at least"
			}
			out = append(out, share)
		}
	}
	out = append(out, at("looked for", "", "", "look-ups").of(p.Looked))
	lists("looked for", "look-ups", p.Sought)
	for _, g := range p.Gaps {
		l := at("not found", "kind and area", cmp.Or(g.Kind, "any"), "look-ups")
		l.Column, l.Value = cmp.Or(g.Area, "anywhere"), strconv.Itoa(g.Times)
		out = append(out, l)
	}
	return append(out, crossLines(p.Cross)...)
}

func timeLine(l statLine, w tally.Within) statLine {
	l.Value, l.Note = strconv.Itoa(w.UpTo/3600), "at most"
	if w.UpTo == tally.Longer {
		l.Value, l.Note = strconv.Itoa(w.Over/3600), "more than"
	}
	return l
}

func crossLines(c *tally.Cross) (out []statLine) {
	if c == nil {
		return nil
	}
	name := c.Periods[0]
	if n := len(c.Periods); n > 1 {
		name += " to " + c.Periods[n-1]
	}
	at := func(word, column string) statLine {
		return statLine{Period: name, Indicator: "received", By: c.By[0] + " and " + c.By[1], Word: statWord(word), Column: statWord(column), Unit: "reports"}
	}
	for i, word := range c.Table.Rows {
		for j, column := range c.Table.Columns {
			out = append(out, at(word, column).of(c.Table.Cells[i][j]))
		}
		out = append(out, at(word, "all").of(c.Table.RowTotals[i]))
	}
	for j, column := range c.Table.Columns {
		out = append(out, at("all", column).of(c.Table.ColumnTotals[j]))
	}
	return append(out, at("all", "all").of(c.Table.Total))
}

// sumLines adds several periods up: of what was shown, so that a sum says "at least" where something was not.
func sumLines(s tally.Sum) (out []statLine) {
	name := s.Periods[0] + " to " + s.Periods[len(s.Periods)-1]
	add := func(indicator, by, word, unit string, a tally.AtLeast) {
		l := statLine{Period: name, Indicator: indicator, By: by, Word: word, Unit: unit, Value: strconv.Itoa(a.N)}
		switch {
		case !a.Whole && a.N == 0:
			l.Value, l.Note = "", notShown
		case !a.Whole:
			l.Note = "at least"
		}
		out = append(out, l)
	}
	lists := func(indicator, unit string, of map[string][]tally.SumRow) {
		for _, by := range slices.Sorted(maps.Keys(of)) {
			for _, row := range of[by] {
				add(indicator, by, statWord(row.Word), unit, row.Sum)
			}
		}
	}
	add("received", "", "", "reports", s.Total)
	lists("received", "reports", s.Received)
	add("kept apart", "", "", "reports", s.Apart)
	for _, row := range s.Steps {
		if row.Word != "received" {
			add(row.Word, "", "", "reports", row.Sum)
		}
	}
	add("looked for", "", "", "look-ups", s.Looked)
	lists("looked for", "look-ups", s.Sought)
	return out
}

// statSheet lays lines out for spreadsheets and other programs, with the tags of the Humanitarian Exchange Language (HXL
// 1.1). Its tags beginning with x are ours.
func statSheet(lines []statLine) table.Sheet {
	return table.Sheet{
		Head: [][]string{
			{"Period", "Indicator", "By", "Category", "Second category", "Value", "Unit", "Note"},
			{"#date+period", "#indicator+name", "#indicator+type", "#indicator+category", "#indicator+category+second", "#indicator+value+num", "#indicator+unit", "#meta+note"},
		},
		Numbers: []bool{5: true},
		Rows: func(yield func([]string) bool) {
			for _, l := range lines {
				if !yield([]string{l.Period, l.Indicator, l.By, l.Word, l.Column, l.Value, l.Unit, l.Note}) {
					return
				}
			}
		},
	}
}

// statFile makes a part of a file's name of what is counted.
func statFile(parts ...string) string {
	return strings.NewReplacer(" ", "-", "/", "-to-").Replace(strings.Join(parts, "-"))
}
