package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"amana/bot/directory"
	"amana/bot/directory/table"
)

// column is what is known of one column of a sheet.
type column struct {
	at    int    // from 0
	label string // as the file calls it
	field string // empty: kept under its label; leftOut: not taken
	lang  string
	level int  // of an area
	code  bool // of an area: its code and not its name

	nth     int  // of several columns of a field, that belong together with those of the same number: from 1
	guarded bool // written by our own export: see [table.Guard]
}

const leftOut = "-"

// heading is where the columns of a table are named.
type heading struct {
	columns  []column
	last     int  // line behind which the data begin
	list     bool // a list of areas and not of services
	skip     bool // a sheet that the mapping does not name
	own      bool // written by our own export: what it says is exact, and nothing is guessed
	orgs     bool // a list of organisations
	findings []directory.Finding
}

// within is how far down a heading is looked for.
const within = 25

func (r *Reader) heading(t *table.Table) (h heading, err error) {
	m := r.o.Mapping
	if m != nil && len(m.Sheets) > 0 && !slices.Contains(m.Sheets, t.Name) && t.Name != t.File {
		return heading{skip: true}, nil
	}
	var top [][]string
	var lines []int
	for row, err := range t.Rows() {
		if err != nil {
			return h, err
		}
		top, lines = append(top, slices.Clone(row.Cells)), append(lines, row.Line)
		if len(top) == within {
			break
		}
	}
	if n := tagRow(top); n >= 0 {
		h.last = lines[n]
		labels := top[n]
		if n > 0 {
			labels = top[n-1]
		}
		for i, tag := range top[n] {
			c := readTag(tag)
			c.at, c.label = i, cmp.Or(cell(labels, i), strings.TrimSpace(tag))
			if c.guarded {
				c.label, h.own = table.Unguard(c.label), true
			}
			h.columns = append(h.columns, c)
		}
		for i := len(top[n]); i < len(labels); i++ {
			h.columns = append(h.columns, column{at: i, label: cell(labels, i)})
		}
	} else if n := r.headerRow(top, lines, m); n >= 0 {
		h.last = lines[n]
		for i, label := range top[n] {
			c := r.words.column(label)
			c.at, c.label = i, strings.TrimSpace(strings.Join(strings.Fields(label), " "))
			h.columns = append(h.columns, c)
		}
	}
	for i := range h.columns {
		c := &h.columns[i]
		if m != nil {
			m.apply(c)
		}
		if t.Hidden(c.at) && c.field != leftOut {
			h.findings = append(h.findings, directory.Finding{Level: directory.Warning, File: t.File, Line: h.last, Column: c.label,
				What: "the column is hidden in the workbook: it is kept with the records and shown to nobody", Remedy: "show it in the workbook if people may read it, or take it out"})
			c.field, c.lang = "", ""
		}
	}
	h.columns = slices.DeleteFunc(h.columns, func(c column) bool { return c.field == leftOut || c.label == "" && c.field == "" })
	return h, h.judge(t, m)
}

// tagRow finds the row of HXL tags.
func tagRow(top [][]string) int {
	for n, cells := range top {
		tags, others := 0, 0
		for _, c := range cells {
			switch c = strings.TrimSpace(c); {
			case len(c) > 1 && c[0] == '#' && (c[1] >= 'a' && c[1] <= 'z' || c[1] >= 'A' && c[1] <= 'Z'):
				tags++
			case c != "":
				others++
			}
		}
		if tags > 1 && tags > others {
			return n
		}
	}
	return -1
}

// headerRow finds the row with the most known headers, at least two of them and a third of its cells.
func (r *Reader) headerRow(top [][]string, lines []int, m *Mapping) int {
	best, most := -1, 1
	for n, cells := range top {
		if m != nil && lines[n] == m.Header && m.names(cells) {
			return n
		}
		known, filled := 0, 0
		seen := map[string]bool{}
		for _, c := range cells {
			if strings.TrimSpace(c) == "" || seen[c] {
				continue
			}
			seen[c] = true
			filled++
			one := r.words.column(c)
			if m != nil {
				one.label = strings.TrimSpace(strings.Join(strings.Fields(c), " "))
				m.apply(&one)
			}
			if one.field != "" {
				known++
			}
		}
		if known > most && known*3 >= filled {
			best, most = n, known
		}
	}
	return best
}

const strangeSheet = "the columns of this sheet are not known: it has neither tags nor headers for organisation, kind of service and area"

// judge says whether enough is known, and of which sort the table is.
func (h *heading) judge(t *table.Table, m *Mapping) error {
	has := map[string]int{}
	for i, c := range h.columns {
		name := c.field
		if name == fieldLevel || isText[name] {
			name = fmt.Sprint(name, c.level, c.code, c.lang)
		}
		if name == "" || name == "phone" || c.nth > 0 || name == "kind" || name == "for" || name == "languages" || name == "remarks" {
			continue // these may stand in several columns
		}
		if first, twice := has[name]; twice {
			h.findings = append(h.findings, directory.Finding{Level: directory.Warning, File: t.File, Line: h.last, Column: c.label,
				What: fmt.Sprintf("it means the same as column %q, which counts; this one is kept as it stands", h.columns[first].label), Remedy: "say in a mapping file what each means"})
			h.columns[i].field = ""
			continue
		}
		has[name] = i
	}
	count := func(fields ...string) (n int) {
		for _, c := range h.columns {
			if slices.Contains(fields, c.field) {
				n++
			}
		}
		return n
	}
	h.orgs = h.own && count("organisation_id") > 0 && count("kind", "area", fieldLevel) == 0
	h.list = count("organisation", "organisation_id") == 0 && count("kind", "phone", "hours") == 0 && count(fieldLevel, "area", "parent") > 0
	if h.list || h.orgs || count("organisation", "organisation_id")+count("kind")+count("area", fieldLevel) >= 2 {
		return nil
	}
	return directory.Finding{Level: directory.Refused, File: t.File, Line: h.last, What: strangeSheet,
		Remedy: "write a mapping file that says what each column means, and name it with -mapping"}
}

// describe lists the columns as they were understood.
func (h heading) describe() string {
	var parts []string
	for _, c := range h.columns {
		what := c.field
		switch {
		case c.field == "":
			what = "kept as it is"
		case c.field == fieldLevel && c.code:
			what = fmt.Sprintf("code of the area at level %d", c.level)
		case c.field == fieldLevel:
			what = fmt.Sprintf("area at level %d", c.level)
		}
		if c.lang != "" {
			what += " (" + c.lang + ")"
		}
		parts = append(parts, fmt.Sprintf("%q: %s", c.label, what))
	}
	return strings.Join(parts, ", ")
}

func cell(cells []string, i int) string {
	if i < 0 || i >= len(cells) {
		return ""
	}
	return clean(cells[i])
}

// clean takes out of a text what nobody sees and what would turn the line around it: control characters, and marks that
// override the direction. Marks that join and part letters stay.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= ' ' && s[i] != 0x7f && s[i] != 0xc2 && s[i] != 0xe2
	}
	if plain {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
		case r < ' ', r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x2028, r == 0x2029:
			return -1
		}
		return r
	}, s))
}
