package handover

import (
	"errors"
	"slices"
	"strings"
	"time"

	"amana/bot/directory/table"
	"amana/bot/ticket"
)

// column is one column of the table: what stands above it, its HXL tag, and what it takes from a form.
type column struct {
	title, tag string
	of         func(f *Form) string
}

// listMark parts several values in one cell, as HXL's attribute +list says.
const listMark = "|"

func chosen(step string) func(*Form) string {
	return func(f *Form) string { return strings.Join(f.Get(step), listMark) }
}

// Names tells what an area is called.
type Names interface {
	Area(name string) string
}

// columns gives what each leg needs and no more. Values are names of choices, which are the same in every language; HXL has
// no tags for some of them, and keeps #x_… for such.
func columns(leg string, names Names) []column {
	area := func(f *Form) string {
		if v := f.Get("area"); len(v) > 0 && v[0] != "unknown" {
			return v[0]
		}
		return ""
	}
	out := []column{
		{"Code", "#x_code", func(f *Form) string { return f.Code }},
		{"Received", "#date+received", func(f *Form) string { return f.Received.UTC().Format(time.DateOnly) }},
		{"Urgency", "#x_urgency", func(f *Form) string { return string(f.Urgency) }},
		{"Area", "#loc+code", area},
		{"Name of the area", "#loc+name", func(f *Form) string {
			if a := area(f); a != "" {
				return names.Area(a)
			}
			return ""
		}},
		{"Language", "#x_language", func(f *Form) string { return f.Language }},
		{"Age band", "#x_age", chosen("age")},
	}
	if leg == ticket.LegAssistance {
		return append(out,
			column{"Help wanted", "#service+needed+list", chosen("help")},
			column{"Wishes", "#x_wishes+list", chosen("prefer")},
		)
	}
	return append(out,
		column{"Kind", "#x_kind", func(f *Form) string { return string(f.Kind) }},
		column{"Organisation", "#org+accused", chosen("organisation")},
		column{"Work of the accused", "#x_accused", chosen("accused")},
		column{"When", "#x_when", chosen("when")},
		column{"Going on", "#x_ongoing", chosen("ongoing")},
		column{"Danger now", "#x_danger", chosen("danger")},
	)
}

// ErrNotAgreed is what a hand-over ends with that the reporter did not agree to.
var ErrNotAgreed = errors.New("the reporter did not agree")

// Sheet makes the table of one leg. Codes lists the reports that may not go that way; where there is one, nothing is made.
func Sheet(leg string, forms []*Form, names Names) (s table.Sheet, codes []string, err error) {
	for _, f := range forms {
		if f.May(leg) != ticket.Given {
			codes = append(codes, f.Code)
		}
	}
	if len(codes) > 0 {
		return s, codes, ErrNotAgreed
	}
	cols := columns(leg, names)
	var titles, tags []string
	for _, c := range cols {
		titles, tags = append(titles, c.title), append(tags, c.tag)
	}
	rows := make([][]string, len(forms))
	for i, f := range forms {
		for _, c := range cols {
			rows[i] = append(rows[i], c.of(f))
		}
	}
	return table.Sheet{Name: leg, Head: [][]string{titles, tags}, Rows: slices.Values(rows)}, nil, nil
}
