package translate

import (
	"fmt"
	"slices"
	"strings"

	"amana/bot/directory/table"
	"amana/bot/speech"
)

// Row is what stands in one row of a sheet.
type Row struct {
	Number  int // as the spreadsheet counts, from 1
	Key     string
	Form    string
	English string // "" if the sheet has no such column
	Text    string // in the language
	State   string
}

// Finding is one thing that a translator should know.
type Finding struct {
	Row    int // 0: the whole sheet
	Key    string
	What   string
	Remedy string
}

// String gives "row 12, start.menu: what; remedy".
func (f Finding) String() string {
	place := ""
	if f.Row > 0 {
		place = fmt.Sprintf("row %d", f.Row)
	}
	if f.Key != "" {
		if place != "" {
			place += ", "
		}
		place += f.Key
	}
	if place != "" {
		place += ": "
	}
	if f.Remedy == "" {
		return place + f.What
	}
	return place + f.What + "; " + f.Remedy
}

// headRows is how many rows may stand above the names of the columns.
const headRows = 20

// Read takes the rows for a language out of a file. Sheets of a workbook in which its columns are not found are passed
// over; there must be one. What cannot be read at all is the error.
func Read(b *table.Book, lang string) ([]Row, error) {
	var out []Row
	found := false
	best := &Finding{What: "no table is in it", Remedy: "use a sheet that `amana translate export` wrote"}
	for _, t := range b.Tables {
		rows, missing, err := readTable(b.Form, t, lang)
		if err != nil {
			return nil, err
		}
		if missing != nil {
			best = missing
			continue
		}
		found = true
		out = append(out, rows...)
	}
	if !found {
		return nil, fmt.Errorf("%s: %s", b.File, best)
	}
	return out, nil
}

// columns are the places of the columns of a sheet; -1 for one that is not there.
type columns struct{ key, form, english, text, state int }

// readTable reads one table. Missing says which columns were not found.
func readTable(form table.Form, t *table.Table, lang string) (out []Row, missing *Finding, err error) {
	var at *columns
	count := counter{xlsx: form == table.XLSX}
	missing = &Finding{What: "the row with the names of the columns was not found: key, form, " + labelHead + "… (" + lang + ")", Remedy: "use a sheet that `amana translate export -lang " + lang + "` wrote, and keep its first row"}
	for row, err := range t.Rows() {
		if err != nil {
			return nil, nil, err
		}
		number := count.of(row)
		if at == nil {
			var why *Finding
			if at, why = columnsOf(row.Cells, lang); why != nil {
				missing = why
			}
			if at == nil && number >= headRows {
				return nil, missing, nil
			}
			continue
		}
		r := Row{Number: number, Key: strings.ToLower(tidy(cell(row, at.key))), Form: formNamed(cell(row, at.form)), English: cell(row, at.english), Text: cell(row, at.text), State: tidy(cell(row, at.state))}
		if r.Key != "" || strings.TrimSpace(r.Text) != "" {
			out = append(out, r)
		}
	}
	if at == nil {
		return nil, missing, nil
	}
	return out, nil, nil
}

// cell gives the content of a cell as it was before a spreadsheet touched it, but for what mend does.
func cell(row table.Row, at int) string {
	if at < 0 || at >= len(row.Cells) {
		return ""
	}
	s := strings.NewReplacer("_x000D_", "", "\r\n", "\n", "\r", "\n").Replace(row.Cells[at])
	return table.Unguard(s)
}

// columnsOf finds the columns in a row of names. Why says what is missing in a row that looks like one.
func columnsOf(cells []string, lang string) (at *columns, why *Finding) {
	c := columns{-1, -1, -1, -1, -1}
	var labels []string
	double := ""
	for i, name := range cells {
		name = strings.ToLower(tidy(name))
		into := &c.key
		switch {
		case name == colKey || name == "id":
		case name == colForm:
			into = &c.form
		case name == colState:
			into = &c.state
		case strings.HasPrefix(strings.ReplaceAll(name, " ", ""), labelHead):
			tag := tagOf(name)
			labels = append(labels, tag)
			switch {
			case tag == strings.ToLower(lang):
				into = &c.text
			case tag == speech.Base:
				into = &c.english
			default:
				continue
			}
		default:
			continue
		}
		if *into >= 0 {
			double = name
			continue
		}
		*into = i
	}
	switch {
	case c.key < 0 && len(labels) == 0:
		return nil, nil
	case double != "":
		return nil, &Finding{What: fmt.Sprintf("there are two columns %q", double), Remedy: "keep one of them"}
	case c.key < 0:
		return nil, &Finding{What: "there is no column key", Remedy: "it says which text a row is: take it from the sheet that was exported"}
	case c.text < 0 && len(labels) > 0:
		return nil, &Finding{What: fmt.Sprintf("there is no column for the language %s, only for %s", lang, strings.Join(slices.Compact(labels), ", ")), Remedy: "is it the right file? The column is called " + labelHead + "… (" + lang + ")"}
	case c.text < 0:
		return nil, &Finding{What: "there is no column for the language " + lang, Remedy: "the column is called " + labelHead + "… (" + lang + ")"}
	}
	return &c, nil
}

// tagOf gives the tag in the name of a column: what stands in its last brackets, or behind "label::".
func tagOf(name string) string {
	if open := strings.LastIndexAny(name, "(（"); open >= 0 {
		return strings.TrimSpace(strings.Trim(name[open:], "()（） "))
	}
	_, tag, _ := strings.Cut(name, "::")
	return strings.TrimSpace(tag)
}

// tidy takes off what a spreadsheet adds around a word that nobody reads as a text.
func tidy(s string) string {
	return strings.TrimFunc(strings.ReplaceAll(s, "\u00a0", " "), func(r rune) bool {
		return r <= ' ' || r == '\ufeff' || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e
	})
}

// formNamed reads the name of a plural form. A spreadsheet makes the number 0 of "=0".
func formNamed(s string) string {
	s = strings.ToLower(tidy(s))
	if s != "" && strings.Trim(s, "0123456789") == "" {
		return "=" + s
	}
	return strings.ReplaceAll(s, "= ", "=")
}

// counter counts rows as a spreadsheet does. A text file counts lines, of which a row may have several.
type counter struct {
	xlsx        bool
	next, lines int // the number of the next row, and the line at which it begins if nothing is left out
}

func (c *counter) of(row table.Row) int {
	if c.xlsx {
		return row.Line
	}
	if c.next == 0 {
		c.next, c.lines = 1, 1
	}
	number := c.next + max(row.Line-c.lines, 0) // empty lines are rows too
	c.next, c.lines = number+1, row.Line+1
	for _, cell := range row.Cells {
		c.lines += strings.Count(cell, "\n")
	}
	return number
}
