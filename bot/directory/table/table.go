package table

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"

	"amana/bot/directory"
)

// Limits are what is read of one file at most.
type Limits struct {
	File     int64 // bytes
	Unpacked int64 // bytes, of all that an archive holds
	Rows     int   // of one table
	Columns  int
	Cell     int // bytes
}

// Usual are limits far above the largest directory that is known, and below what a small server bears.
var Usual = Limits{File: 128 << 20, Unpacked: 512 << 20, Rows: 500_000, Columns: 512, Cell: 32 << 10}

// Form is what a file turned out to be.
type Form string

// The forms. JSON is handed on as it is.
const (
	CSV  Form = "csv"
	XLSX Form = "xlsx"
	Zip  Form = "zip"
	JSON Form = "json"
)

// Book is one file.
type Book struct {
	Form   Form
	File   string
	Tables []*Table
	Data   io.Reader // of JSON
	close  func() error
}

// Table is one sheet of a file.
type Table struct {
	File  string // as findings name it
	Name  string // of the sheet, or of the file in an archive without its ending
	Since int    // days between the first day of this workbook's dates and 1899-12-30

	numbers bool // a cell may be a number of a workbook
	hidden  []block
	rows    func(yield func(Row, error) bool)
}

// Hidden says that a column, counted from 0, is not shown in the workbook: somebody did not mean it to be read.
func (t *Table) Hidden(column int) bool {
	return slices.ContainsFunc(t.hidden, func(b block) bool { return column+1 >= b.fromCol && column+1 <= b.toCol })
}

// Row is one row. Its cells may be used until the next one is read; the texts in them may be kept.
type Row struct {
	Line  int // as the file counts, from 1
	Cells []string
}

// Rows reads a table from the beginning. An error, a [directory.Finding] where a person can mend it, ends it.
func (t *Table) Rows() iter.Seq2[Row, error] { return t.rows }

// Close takes away what reading a file needed.
func (b *Book) Close() error {
	if b.close == nil {
		return nil
	}
	return b.close()
}

// Open looks at a file and says what tables are in it. Spare is a folder for what a large workbook needs beside memory;
// empty is the system's own.
func Open(file string, r io.ReaderAt, size int64, l Limits, spare string) (*Book, error) {
	if size > l.File {
		return nil, stop(file, 0, fmt.Sprintf("the file has %d MiB, and at most %d are read", size>>20, l.File>>20), "part it, or take out pictures and sheets that are not needed")
	}
	head := make([]byte, min(size, 64<<10))
	if n, err := r.ReadAt(head, 0); err != nil && (err != io.EOF || n < len(head)) {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	all := func() io.Reader { return io.NewSectionReader(r, 0, size) }
	switch {
	case len(bytes.TrimSpace(head)) == 0:
		return nil, stop(file, 0, "the file is empty", "look whether it was saved")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return openArchive(file, r, size, l, spare)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return nil, stop(file, 0, "the file is an old or a locked workbook", "save it as .xlsx without a password, or as CSV UTF-8")
	case bytes.HasPrefix(head, []byte("%PDF")), bytes.HasPrefix(head, []byte("\x89PNG")), bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return nil, stop(file, 0, "the file is a picture or a printed page, not a table", "ask for the sheet that it was made from")
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return nil, stop(file, 0, "the file is packed", "unpack it first")
	}
	text, begin, err := decoder(file, head)
	if err != nil {
		return nil, err
	}
	if begin == '{' || begin == '[' {
		return &Book{Form: JSON, File: file, Data: text(all())}, nil
	}
	return &Book{Form: CSV, File: file, Tables: []*Table{openCSV(file, file, func() (io.ReadCloser, error) { return io.NopCloser(text(all())), nil }, l)}}, nil
}

func stop(file string, line int, what, remedy string) directory.Finding {
	return directory.Finding{Level: directory.Refused, File: file, Line: line, What: what, Remedy: remedy}
}

// within holds a row to the limits, and takes out what no cell means.
func (l Limits) within(file string, row Row, rows int) error {
	switch {
	case rows > l.Rows:
		return stop(file, row.Line, fmt.Sprintf("the table has more than %d rows", l.Rows), "part it")
	case len(row.Cells) > l.Columns:
		return stop(file, row.Line, fmt.Sprintf("the row has %d columns, and at most %d are read", len(row.Cells), l.Columns), "look whether the sheet is damaged")
	}
	for i, c := range row.Cells {
		if len(c) > l.Cell {
			return stop(file, row.Line, fmt.Sprintf("the cell in column %d has %d bytes, and at most %d are read", i+1, len(c), l.Cell), "look for a quotation mark that is never closed, or shorten the text")
		}
	}
	return nil
}
