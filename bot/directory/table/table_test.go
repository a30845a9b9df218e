package table_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"amana/bot/directory"
	"amana/bot/directory/table"
)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// dump prints the tables of a file, a row a line.
func dump(t testing.TB, name string, data []byte, l table.Limits) (string, error) {
	t.Helper()
	b, err := table.Open(name, bytes.NewReader(data), int64(len(data)), l, t.TempDir())
	if err != nil {
		return "", err
	}
	defer b.Close()
	var out strings.Builder
	for _, one := range b.Tables {
		for row, err := range one.Rows() {
			if err != nil {
				return out.String(), err
			}
			fmt.Fprintf(&out, "%d:%s\n", row.Line, strings.Join(row.Cells, "|"))
		}
	}
	return out.String(), nil
}

func TestSeparators(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"a,b\nc,d\n", "1:a|b\n2:c|d\n"}, {"a;b\nc,x;d\n", "1:a|b\n2:c,x|d\n"}, {"a\tb, c\nd\te\n", "1:a|b, c\n2:d|e\n"}, {"a|b\nc|d", "1:a|b\n2:c|d\n"},
		{"title\n\na;b\nc;d\n", "1:title\n3:a|b\n4:c|d\n"}, {"\"a,\nb\";c\nd;e\n", "1:a,\nb|c\n3:d|e\n"}, {"one\n", "1:one\n"},
		{"sep=;\r\na,b;c\r\n", "2:a,b|c\n"}, {"\xef\xbb\xbfa,b\r\nc,d\r\n", "1:a|b\n2:c|d\n"}, {"\xff\xfea\x00;\x00b\x00\n\x00", "1:a|b\n"},
	} {
		got, err := dump(t, "x", []byte(c.in), table.Usual)
		if err != nil || got != c.out {
			t.Errorf("%q: %q, %v", c.in, got, err)
		}
	}
}

func workbook(t testing.TB, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	ok(t, f.Write(&b))
	return b.Bytes()
}

// Formulas are never worked out, merged cells say what they show, and gaps keep their lines.
func TestWorkbook(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		ok(t, f.SetCellValue("Sheet1", "A1", "head"))
		ok(t, f.SetCellValue("Sheet1", "A3", "both"))
		ok(t, f.SetCellValue("Sheet1", "B3", 7000000000001))
		ok(t, f.SetCellValue("Sheet1", "B4", 46328.5))
		ok(t, f.SetCellFormula("Sheet1", "C4", `HYPERLINK("http://example.org","x")`))
		ok(t, f.SetCellValue("Sheet1", "D4", "<mergeCell ref=\"A1:D9\"/>"))
		ok(t, f.MergeCell("Sheet1", "A3", "A4"))
		ok(t, f.MergeCell("Sheet1", "A1", "D1"))
		ok(t, f.SetColVisible("Sheet1", "C:D", false))
	})
	got, err := dump(t, "x.xlsx", data, table.Usual)
	if want := "1:head\n2:\n3:both|7000000000001\n4:both|46328.5||<mergeCell ref=\"A1:D9\"/>\n"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	b, err := table.Open("x", bytes.NewReader(data), int64(len(data)), table.Usual, t.TempDir())
	ok(t, err)
	defer b.Close()
	for n, hidden := range []bool{false, false, true, true, false} {
		if b.Tables[0].Hidden(n) != hidden {
			t.Errorf("column %d", n)
		}
	}
}

// What a large workbook needs beside memory is taken away again.
func TestSpareFolder(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		ok(t, err)
		for n := range 60_000 {
			ok(t, w.SetRow(fmt.Sprintf("A%d", n+1), []any{fmt.Sprintf("text %d", n), strings.Repeat("x", 200), n, n, n}))
		}
		ok(t, w.Flush())
	})
	dir := t.TempDir()
	b, err := table.Open("x", bytes.NewReader(data), int64(len(data)), table.Usual, dir)
	ok(t, err)
	rows := 0
	for _, err := range b.Tables[0].Rows() {
		ok(t, err)
		rows++
	}
	ok(t, b.Close())
	left, err := os.ReadDir(dir)
	ok(t, err)
	if rows != 60_000 || len(left) != 0 {
		t.Errorf("%d rows, %d files are left", rows, len(left))
	}
}

func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		ok(t, err)
		_, err = w.Write([]byte(text))
		ok(t, err)
	}
	ok(t, z.Close())
	return b.Bytes()
}

// Each limit stops a file with a finding that names a remedy.
func TestLimits(t *testing.T) {
	small := table.Limits{File: 4096, Unpacked: 10_000, Rows: 3, Columns: 4, Cell: 20}
	bomb := zipped(t, map[string]string{"service.csv": strings.Repeat("a,b\n", 5000)})
	for _, c := range []struct {
		name string
		data []byte
		says string
	}{
		{"large", []byte(strings.Repeat("a,b\n", 2000)), "MiB, and at most"},
		{"long", []byte("a,b\nc,d\ne,f\ng,h\n"), "more than 3 rows"},
		{"wide", []byte("a,b,c,d,e\n"), "has 5 columns"},
		{"cell", []byte("a," + strings.Repeat("x", 21) + "\n"), "has 21 bytes"},
		{"bomb", bomb, "unpacks to more than"},
		{"many", zipped(t, func() map[string]string {
			m := map[string]string{}
			for n := range 30 {
				m[fmt.Sprintf("%d.txt", n)] = ""
			}
			return m
		}()), "holds no tables"},
		{"cut", bomb[:len(bomb)-30], "damaged or cut off"},
		{"old", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "old or a locked workbook"},
		{"gzip", []byte("\x1f\x8b\x08"), "is packed"},
		{"ods", zipped(t, map[string]string{"content.xml": "<a/>"}), "not a workbook of the kind"},
		{"no book", zipped(t, map[string]string{"xl/workbook.xml": "<a/>"}), "the workbook is damaged"},
		{"binary", []byte("a\x00\x00\x00b\x00\x00c"), "not a text and not a workbook"},
		{"none", nil, "is empty"},
	} {
		_, err := dump(t, c.name, c.data, small)
		var f directory.Finding
		if !errors.As(err, &f) || !strings.Contains(f.What, c.says) || f.Remedy == "" {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	lying := workbook(t, func(f *excelize.File) { ok(t, f.SetCellValue("Sheet1", "A1", strings.Repeat("long ", 100))) })
	if _, err := dump(t, "x", lying, table.Limits{File: 1 << 20, Unpacked: 500, Rows: 9, Columns: 9, Cell: 999}); err == nil || !strings.Contains(err.Error(), "unpacks to more") {
		t.Error(err)
	}
}

// within reads whatever there is, and holds it to the limits.
func within(t *testing.T, data []byte, small table.Limits) {
	b, err := table.Open("x", bytes.NewReader(data), int64(len(data)), small, "")
	if err != nil {
		return
	}
	defer b.Close()
	for _, one := range b.Tables {
		line, rows := 0, 0
		for row, err := range one.Rows() {
			if err != nil {
				break
			}
			if rows++; rows > small.Rows || len(row.Cells) > small.Columns || row.Line <= line {
				t.Fatalf("row %d at line %d after %d with %d cells", rows, row.Line, line, len(row.Cells))
			}
			line = row.Line
		}
	}
}

// Whatever bytes come, the answer is rows within the limits, or a finding.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("a,b\nc,d\n"))
	f.Add([]byte("sep=;\n\"a;b\nc"))
	f.Add([]byte("\xff\xfea\x00,\x00b\x00"))
	f.Add(workbook(f, func(x *excelize.File) {
		_ = x.SetCellValue("Sheet1", "A1", "a")
		_ = x.MergeCell("Sheet1", "A1", "B9")
	}))
	f.Add(zipped(f, map[string]string{"service.csv": "id\n1\n"}))
	small := table.Limits{File: 1 << 20, Unpacked: 4 << 20, Rows: 1000, Columns: 64, Cell: 4096}
	f.Fuzz(func(t *testing.T, data []byte) {
		within(t, data, small)
	})
}

// FuzzSheet changes the sheet and the texts of a workbook that is sound otherwise: an archive with a wrong checksum is
// refused before any of it is read.
func FuzzSheet(f *testing.F) {
	sound := workbook(f, func(x *excelize.File) {
		_ = x.SetSheetRow("Sheet1", "A1", &[]any{"a", 46328, 1.5e10, true})
		_ = x.MergeCell("Sheet1", "A1", "B9")
		_ = x.SetColVisible("Sheet1", "C", false)
	})
	z, err := zip.NewReader(bytes.NewReader(sound), int64(len(sound)))
	ok(f, err)
	parts := map[string]string{}
	for _, one := range z.File {
		r, err := one.Open()
		ok(f, err)
		text, err := io.ReadAll(r)
		ok(f, err)
		parts[one.Name] = string(text)
	}
	const sheet, texts = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
	if parts[sheet] == "" || parts[texts] == "" {
		f.Fatal("the workbook has no sheet or no texts")
	}
	f.Add(parts[sheet], parts[texts])
	f.Add(`<worksheet><sheetData><row r="3"><c r="C3" t="inlineStr"><is><t>a</t></is></c></row><row r="2"/></sheetData></worksheet>`, `<sst><si><t>a</t></si></sst>`)
	small := table.Limits{File: 1 << 20, Unpacked: 4 << 20, Rows: 1000, Columns: 64, Cell: 4096}
	f.Fuzz(func(t *testing.T, a, b string) {
		files := maps.Clone(parts)
		files[sheet], files[texts] = a, b
		within(t, zipped(t, files), small)
	})
}
