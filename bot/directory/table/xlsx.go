package table

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// inMemory is how much of a sheet or of its texts the library holds in memory; beyond it uses the spare folder.
const inMemory = 16 << 20

// openXLSX opens a workbook. Its visible sheets are its tables.
func openXLSX(file string, r io.ReaderAt, size int64, z *zip.Reader, l Limits, spare string) (b *Book, err error) {
	damaged := stop(file, 0, "the workbook is damaged", "open it, save it anew as .xlsx, or save the sheet as CSV UTF-8")
	defer calm(&err, damaged)
	f, err := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: l.Unpacked, UnzipXMLSizeLimit: min(inMemory, l.Unpacked), TmpDir: spare,
	})
	if err != nil {
		if f != nil {
			f.Close()
		}
		return nil, damaged
	}
	b = &Book{Form: XLSX, File: file, close: f.Close}
	laid, err := layouts(z)
	if err != nil {
		return nil, errors.Join(damaged, f.Close())
	}
	since := 0
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil && *p.Date1904 {
		since = 1462
	}
	for _, sheet := range f.GetSheetList() {
		if shown, err := f.GetSheetVisible(sheet); err != nil || !shown {
			continue
		}
		where := file
		if f.SheetCount > 1 {
			where = file + " (" + sheet + ")"
		}
		b.Tables = append(b.Tables, &Table{File: where, Name: sheet, Since: since, numbers: true, hidden: laid[sheet].hidden, rows: func(yield func(Row, error) bool) {
			walkXLSX(where, f, sheet, laid[sheet].merged, l, yield)
		}})
	}
	if len(b.Tables) == 0 {
		return nil, errors.Join(stop(file, 0, "the workbook has no sheet that is shown", "show the sheet with the services"), f.Close())
	}
	return b, nil
}

// calm turns a panic of the library over a file that it did not expect into the finding that the file is damaged.
func calm(err *error, damaged error) {
	if recover() != nil {
		*err = damaged
	}
}

func walkXLSX(where string, f *excelize.File, sheet string, merged []block, l Limits, yield func(Row, error) bool) {
	n, stopped := 0, false
	err := func() (err error) {
		calling := false // a panic of whoever reads the rows is theirs
		defer func() {
			if !calling {
				calm(&err, errDamaged)
			}
		}()
		rows, err := f.Rows(sheet)
		if err != nil {
			return errDamaged
		}
		defer rows.Close()
		spread := spread{merged: merged}
		for rows.Next() {
			n++
			cells, err := rows.Columns()
			if err != nil {
				return errDamaged
			}
			row := Row{n, spread.over(n, cells, l.Columns)}
			for i, c := range row.Cells {
				row.Cells[i] = strings.ToValidUTF8(c, "\ufffd")
			}
			if err := l.within(where, row, n); err != nil {
				return err
			}
			calling = true
			more := yield(row, nil)
			if calling = false; !more {
				stopped = true
				return nil
			}
		}
		if rows.Error() != nil {
			return errDamaged
		}
		return nil
	}()
	switch {
	case stopped || err == nil:
	case errors.Is(err, errDamaged):
		yield(Row{}, stop(where, n+1, "the sheet is damaged from here on", "open the workbook, save it anew as .xlsx, or save the sheet as CSV UTF-8"))
	default:
		yield(Row{}, err)
	}
}

var errDamaged = errors.New("damaged sheet")

// Number brings a number that a workbook stores with an exponent, as long telephone numbers are, to its digits. It is not
// for cells that are known to be texts: a code may look like such a number.
func (t *Table) Number(s string) string {
	if !t.numbers || len(s) > 24 || !strings.ContainsAny(s, "eE") || s == "" || !(s[0] >= '0' && s[0] <= '9') {
		return s
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v != float64(int64(v)) || v > 1e15 {
		return s
	}
	return fmt.Sprintf("%d", int64(v))
}
