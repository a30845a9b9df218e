package intake

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"amana/bot/directory"
	"amana/bot/directory/table"
)

// Options are what a reader is told.
type Options struct {
	Kinds    *directory.Kinds
	Areas    []directory.Area // in force, for sheets that come without a list
	Mapping  *Mapping         // nil: none
	Verified directory.Date   // the check that whoever imports vouches for, where a row names none
	By       string
	Limits   table.Limits
	Progress func(rows int) // called every thousand rows; nil: nobody waits
}

// What is told at most: whoever gets more mends the sheet and looks again. What is no refusal is told for some rows of a
// column, and then counted.
const (
	mostFindings = 2000
	mostAlike    = 10
)

// alike are findings that differ in their lines alone.
type alike struct{ file, column, what string }

// Reader gathers records from files.
type Reader struct {
	o        Options
	found    []directory.Finding
	more     int // findings that were not kept
	alike    map[alike]int
	hidden   hidden
	rows     int
	refused  int
	stopped  int
	tables   []sheetTable
	packs    []pack // of HSDS
	words    *lexicon
	areas    gazetteer
	listed   bool // a list of areas was given
	orgs     map[string]int
	services map[string]string // id → where it was first met
	out      *directory.Directory
}

// sheetTable is a table whose columns are known.
type sheetTable struct {
	*table.Table
	head heading
}

// Outcome is what came of an import.
type Outcome struct {
	Directory *directory.Directory
	Findings  []directory.Finding
	More      int // findings beyond those that are told
	Rows      int
	Refused   int // records that are left out
	Stopped   int // files and sheets that could not be read to their end: a directory made of the rest would lack what follows
}

// New begins to read.
func New(o Options) *Reader {
	return &Reader{o: o, alike: map[alike]int{}, hidden: hidden{}, words: theLexicon(), orgs: map[string]int{}, services: map[string]string{}, out: &directory.Directory{}}
}

// Add takes a file. The book must stay open until Done has returned.
func (r *Reader) Add(b *table.Book) {
	switch {
	case b.Form == table.JSON:
		r.packs = append(r.packs, pack{file: b.File, json: b.Data})
	case isTabular(b.Tables):
		r.packs = append(r.packs, pack{file: b.File, tables: b.Tables})
	default:
		r.addTables(b.Tables)
	}
}

// addTables takes the sheets of a file that are understood. Beside one that is, another may hold anything.
func (r *Reader) addTables(tables []*table.Table) {
	var strange []error
	before := len(r.tables)
	for _, t := range tables {
		head, err := r.heading(t)
		if err != nil {
			strange = append(strange, err)
			continue
		}
		if head.skip {
			continue
		}
		for _, f := range head.findings {
			r.say(f)
		}
		r.tables = append(r.tables, sheetTable{t, head})
	}
	for _, err := range strange {
		var f directory.Finding
		if errors.As(err, &f) && f.What == strangeSheet && len(r.tables) > before {
			f.Level, f.Remedy = directory.Warning, "it is left out; if it belongs to the directory, say in a mapping file what its columns mean"
			r.say(f)
			continue
		}
		r.stop(tables[0].File, err)
	}
}

// stop notes what ended the reading of a file.
func (r *Reader) stop(file string, err error) {
	var f directory.Finding
	if !errors.As(err, &f) {
		f = directory.Finding{Level: directory.Refused, File: file, What: err.Error(), Remedy: "look whether the file can be read"}
	}
	r.stopped++
	r.say(f)
}

// refuse leaves one record out.
func (r *Reader) refuse(f directory.Finding) {
	r.refused++
	r.say(f)
}

func (r *Reader) say(f directory.Finding) {
	if like := (alike{f.File, f.Column, f.What}); f.Level != directory.Refused && (r.alike[like] > 0 || len(r.alike) < mostFindings) {
		if r.alike[like]++; r.alike[like] > mostAlike {
			return
		}
	}
	if len(r.found) >= mostFindings {
		r.more++
		return
	}
	r.found = append(r.found, f)
}

// countAlike says at the end how often what was told for some rows was met in more.
func (r *Reader) countAlike() {
	var counted []directory.Finding
	for a, n := range r.alike {
		if n > mostAlike {
			counted = append(counted, directory.Finding{Level: directory.Note, File: a.file, Column: a.column, What: fmt.Sprintf("the same in %d more rows: %s", n-mostAlike, a.what)})
		}
	}
	slices.SortFunc(counted, func(a, b directory.Finding) int { return cmp.Compare(a.String(), b.String()) })
	r.found = append(r.found, counted...)
}

// Done reads everything that was added.
func (r *Reader) Done() Outcome {
	// Lists of areas and of organisations first: services name what stands in them.
	for _, t := range r.tables {
		if t.head.list {
			r.listed = true
			r.each(t, r.areaRow)
		}
	}
	r.closeList()
	for _, t := range r.tables {
		if t.head.orgs {
			r.each(t, r.organisationRow)
		}
	}
	for _, t := range r.tables {
		if !t.head.list && !t.head.orgs {
			r.each(t, r.serviceRow)
		}
	}
	for _, p := range r.packs {
		r.hsds(p)
	}
	r.hideNeighbours()
	r.countAlike()
	r.out.Areas = r.areas.list
	offers := map[string]bool{}
	for i := range r.out.Services {
		offers[r.out.Services[i].Org] = true
	}
	r.out.Organisations = slices.DeleteFunc(r.out.Organisations, func(o directory.Organisation) bool { return !offers[o.ID] })
	slices.SortFunc(r.out.Organisations, func(a, b directory.Organisation) int { return cmp.Compare(a.ID, b.ID) })
	r.out.Intern()
	return Outcome{Directory: r.out, Findings: r.found, More: r.more, Rows: r.rows, Refused: r.refused, Stopped: r.stopped}
}

// closeList makes the tree of the list, or takes the one in force.
func (r *Reader) closeList() {
	if r.listed {
		r.areas.parentsByCode()
		_, bad := directory.NewAreas(r.areas.list)
		for _, f := range bad {
			r.refused++
			f.File = rowOf(f.File)
			r.say(f)
		}
		if len(bad) > 0 {
			good, _ := directory.NewAreas(r.areas.list)
			r.areas = newGazetteer(good.All())
		}
	}
	if len(r.areas.list) == 0 && len(r.o.Areas) > 0 {
		r.areas = newGazetteer(r.o.Areas)
		r.listed = true
	}
}

// each walks the rows below the heading of a table.
func (r *Reader) each(t sheetTable, take func(*row)) {
	above := make([]string, len(t.head.columns))
	for at, err := range t.Rows() {
		if err != nil {
			r.stop(t.File, err)
			return
		}
		if at.Line <= t.head.last {
			continue
		}
		one := row{Reader: r, sheetTable: &t, line: at.Line, cells: at.Cells}
		one.plain()
		filled := one.filled()
		if filled == 0 {
			continue
		}
		if r.rows++; r.o.Progress != nil && r.rows%1000 == 0 {
			r.o.Progress(r.rows)
		}
		if filled == 1 && len(t.head.columns) > 2 && !t.head.own {
			one.say(directory.Note, -1, "the row holds one text alone and is taken for a heading", "")
			continue
		}
		one.fill(above)
		take(&one)
	}
}

// Describe says how the columns of a table were understood, for whoever tries a sheet.
func (r *Reader) Describe() (lines []string) {
	for _, t := range r.tables {
		lines = append(lines, fmt.Sprintf("%s: %s", t.File, t.head.describe()))
	}
	return lines
}
