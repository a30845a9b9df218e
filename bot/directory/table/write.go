package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// Sheet is a table to be written. Every cell is guarded, except in the columns that hold plain numbers.
type Sheet struct {
	Name        string
	RightToLeft bool       // the first column stands on the right
	Head        [][]string // the rows above the records
	Numbers     []bool     // by column: written by the program and a number always; nil: none
	Rows        iter.Seq[[]string]
}

// guard guards a row in place.
func (s *Sheet) guard(row []string) {
	for i := range row {
		if i >= len(s.Numbers) || !s.Numbers[i] {
			row[i] = Guard(row[i])
		}
	}
}

// all gives every row, the head first, guarded.
func (s *Sheet) all() iter.Seq2[int, []string] {
	return func(yield func(int, []string) bool) {
		n := 0
		for _, row := range s.Head {
			row = append([]string(nil), row...)
			for i := range row {
				row[i] = Guard(row[i])
			}
			if n++; !yield(n, row) {
				return
			}
		}
		for row := range s.Rows {
			s.guard(row)
			if n++; !yield(n, row) {
				return
			}
		}
	}
}

// WriteCSV writes a sheet as CSV UTF-8. It begins with the mark that spreadsheets need in order not to take it for
// another encoding. Each row may be used by the writer and is not kept.
func WriteCSV(w io.Writer, s Sheet) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	for _, row := range s.all() {
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// mostInCell is what a cell of a workbook holds, in units of UTF-16. The library would cut what is longer.
const mostInCell = excelize.TotalCellChars

// WriteXLSX writes a workbook. Every cell is a text, so that a telephone number keeps its zeros. Rows go to the spare
// folder once they fill the memory that the library keeps for them, and are taken away again.
func WriteXLSX(w io.Writer, spare string, sheets ...Sheet) (err error) {
	f := excelize.NewFile(excelize.Options{TmpDir: spare})
	defer func() {
		if bad := f.Close(); err == nil {
			err = bad
		}
	}()
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "Amana"}); err != nil {
		return err
	}
	const asText = 49 // the format "@"
	text, err := f.NewStyle(&excelize.Style{NumFmt: asText, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	label, err := f.NewStyle(&excelize.Style{NumFmt: asText, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	for n, s := range sheets {
		if n == 0 {
			err = f.SetSheetName(f.GetSheetName(0), s.Name)
		} else {
			_, err = f.NewSheet(s.Name)
		}
		if err == nil {
			err = s.stream(f, text, label)
		}
		if err != nil {
			return fmt.Errorf("writing the sheet %s: %w", s.Name, err)
		}
	}
	_, err = f.WriteTo(w)
	return err
}

// stream writes a sheet row by row.
func (s *Sheet) stream(f *excelize.File, text, label int) error {
	if err := f.SetSheetView(s.Name, 0, &excelize.ViewOptions{RightToLeft: &s.RightToLeft}); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	if len(s.Head) > 0 {
		below, err := excelize.CoordinatesToCellName(1, len(s.Head)+1)
		if err != nil {
			return err
		}
		if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: len(s.Head), TopLeftCell: below, ActivePane: "bottomLeft"}); err != nil {
			return err
		}
		if err := w.SetColWidth(1, max(len(s.Head[0]), 1), 22); err != nil {
			return err
		}
	}
	for n, row := range s.all() {
		cells, style := make([]any, len(row)), text
		if n <= len(s.Head) {
			style = label
		}
		for i, c := range row {
			if len(c) > mostInCell && len(utf16.Encode([]rune(c))) > mostInCell {
				return fmt.Errorf("the cell in row %d, column %d has more than %d characters, which no workbook holds; use the CSV", n, i+1, mostInCell)
			}
			if c != "" {
				cells[i] = excelize.Cell{StyleID: style, Value: c}
			}
		}
		at, err := excelize.CoordinatesToCellName(1, n)
		if err != nil {
			return err
		}
		if err := w.SetRow(at, cells); err != nil {
			return err
		}
	}
	return w.Flush()
}
