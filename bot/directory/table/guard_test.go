package table_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"amana/bot/directory/table"
)

// What a spreadsheet would take for a formula is none behind a guard, and the guard comes off without a trace.
func FuzzGuard(f *testing.F) {
	for _, s := range []string{"=1+1", "+88000", "-1", "@x", "\t=x", "'=x", "''+1", "'", "''", "x", "", " =x", "＝x", "'x", "' -1", "\u00a0@"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		guarded := table.Guard(s)
		if table.Unguard(guarded) != s {
			t.Errorf("%q comes back from %q as %q", s, guarded, table.Unguard(guarded))
		}
		if guarded != "" && strings.ContainsAny(guarded[:1], "=+-@\t") {
			t.Errorf("%q is a formula", guarded)
		}
		if guarded != s && !strings.ContainsAny(s, "=+-@\t＝＋－＠") {
			t.Errorf("%q is guarded without need", s)
		}
	})
}

func example() table.Sheet {
	return table.Sheet{Name: "EXAMPLE", RightToLeft: true, Head: [][]string{{"=head", "Phone", "Lat"}, {"#a", "#b", "#c"}}, Numbers: []bool{false, false, true},
		Rows: slices.Values([][]string{{"=HYPERLINK(\"http://example.org\")", "+0000001", "-1.5"}, {"'=x\nnew line", "007", ""}, {"_x0041_", "1e5", "2"}})}
}

// Cells that would be formulas are guarded wherever they stand, but for the numbers that the program itself writes.
func TestWrite(t *testing.T) {
	var text, book bytes.Buffer
	ok(t, table.WriteCSV(&text, example()))
	want := "\ufeff'=head,Phone,Lat\n#a,#b,#c\n\"'=HYPERLINK(\"\"http://example.org\"\")\",'+0000001,-1.5\n\"''=x\nnew line\",007,\n_x0041_,1e5,2\n"
	if text.String() != want {
		t.Errorf("%q", text.String())
	}
	ok(t, table.WriteXLSX(&book, t.TempDir(), example(), table.Sheet{Name: "Other", Head: [][]string{{"x"}}, Rows: slices.Values([][]string{{"y"}})}))
	want = "1:'=head|Phone|Lat\n2:#a|#b|#c\n3:'=HYPERLINK(\"http://example.org\")|'+0000001|-1.5\n4:''=x\nnew line|007\n5:_x0041_|1e5|2\n1:x\n2:y\n"
	if got, err := dump(t, "x", book.Bytes(), table.Usual); err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	f, err := excelize.OpenReader(&book)
	ok(t, err)
	defer f.Close()
	for cell, want := range map[string]string{"B4": "007", "A5": "_x0041_", "C3": "-1.5"} {
		if kind, err := f.GetCellType("EXAMPLE", cell); err != nil || kind != excelize.CellTypeInlineString {
			t.Errorf("%s is no text: %v, %v", cell, kind, err)
		}
		if got, err := f.GetCellValue("EXAMPLE", cell); err != nil || got != want {
			t.Errorf("%s: %q, %v", cell, got, err)
		}
	}
	for sheet, rtl := range map[string]bool{"EXAMPLE": true, "Other": false} {
		if view, err := f.GetSheetView(sheet, 0); err != nil || *view.RightToLeft != rtl {
			t.Errorf("%s: %+v, %v", sheet, view, err)
		}
	}
}

// A text that no cell of a workbook holds is an error, and never cut.
func TestWriteTooLong(t *testing.T) {
	long := strings.Repeat("আ", 32_768)
	err := table.WriteXLSX(&bytes.Buffer{}, t.TempDir(), table.Sheet{Name: "x", Head: [][]string{{"head"}}, Rows: slices.Values([][]string{{"y"}, {long}})})
	if err == nil || !strings.Contains(err.Error(), "the cell in row 3, column 1 has more than 32767 characters") {
		t.Error(err)
	}
	ok(t, table.WriteXLSX(&bytes.Buffer{}, t.TempDir(), table.Sheet{Name: "x", Rows: slices.Values([][]string{{long[:len(long)-3]}})}))
}
