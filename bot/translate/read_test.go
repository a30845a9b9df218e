package translate_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"amana/bot/directory/table"
	"amana/bot/translate"
)

func open(t testing.TB, file string) *table.Book {
	t.Helper()
	b, err := table.Open("sheet.csv", strings.NewReader(file), int64(len(file)), table.Usual, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Rows are numbered as a spreadsheet program numbers them, however many lines their cells have.
func TestRowsAreNumberedAsInTheSpreadsheet(t *testing.T) {
	b := open(t, "key,label::ar\na,\"1\n2\n3\"\n\n\nb,x\nc,\"1\r\n2\"\r\n ,\nd,y\n")
	rows, err := translate.Read(b, "ar")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%d %s", r.Number, r.Key))
	}
	if s := strings.Join(got, ", "); s != "2 a, 5 b, 6 c, 8 d" {
		t.Errorf("the rows are %s", s)
	}
}

// Columns are found by what they are called, as people and programs write it.
func TestColumnsAreFound(t *testing.T) {
	for head, want := range map[string]string{
		"key,label::العربية (ar)":                      "b",
		" Key ;LABEL :: Arabic (AR) ;x":                "b",
		"label::ar,key":                                "b",
		"id,form,label::English (en),label::A（ar）":     "b",
		"\ufeffkey\tlabel::Kurdish (Badini) (ar)":      "b",
		"key,label::English (en),label::Arabic (ar-x)": "there is no column for the language ar, only for en, ar-x",
		"key,translation":                              "there is no column for the language ar",
		"key,label::ar,label::Arabic (ar)":             `there are two columns "label::arabic (ar)"`,
		"label::ar,form":                               "there is no column key",
		"what,is,this":                                 "the row with the names of the columns was not found",
	} {
		var row string
		for _, name := range strings.FieldsFunc(head, func(r rune) bool { return strings.ContainsRune(",;\t", r) }) {
			cell := "-"
			switch low := strings.ToLower(name); {
			case strings.Contains(low, "key") || strings.Contains(low, "id"):
				cell = "a"
			case strings.Contains(low, "ar"):
				cell = "b"
			}
			row += cell + string(strings.TrimLeft(head, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:() \ufeffالعربية")[0])
		}
		rows, err := translate.Read(open(t, head+"\n"+row+"\n"), "ar")
		switch {
		case err != nil && !strings.Contains(err.Error(), want):
			t.Errorf("%q: %v, want %s", head, err, want)
		case err == nil && (len(rows) != 1 || rows[0].Key != "a" || rows[0].Text != want):
			t.Errorf("%q gives %+v", head, rows)
		}
	}
}

// A formula that an export has made harmless is the text that it was.
func TestGuardedCellsComeBack(t *testing.T) {
	for _, text := range []string{"-", "=1+1", "+4 a", "@a", "'-", "' a", "- a", "\t-"} {
		var out bytes.Buffer
		err := table.WriteCSV(&out, table.Sheet{Head: [][]string{{"key", "form", "label::ar"}}, Rows: func(yield func([]string) bool) { yield([]string{"a", "=0", text}) }})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := translate.Read(open(t, out.String()), "ar")
		if err != nil || len(rows) != 1 || rows[0].Text != text || rows[0].Form != "=0" {
			t.Errorf("%q comes back as %+v, %v", text, rows, err)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("key,form,label::English (en),label::Kanuri (kr),state\nstart.menu,,What,Aa,ok\nreport.limits,0,,\"{count} '=1\n\",\n"))
	f.Add([]byte("sep=;\n\ufeffKey;label::kr\nstart.menu;#NAME?\nx;\n;y\n"))
	fuzzRead(f)
}

func FuzzReadXLSX(f *testing.F) {
	for _, rows := range [][][]string{{{"key", "label::kr"}, {"start.menu", "Aa"}}, {{"x"}, {"key", "form", "label::kr"}, {"report.limits", "=0", "_x000D_\n{Count}"}}} {
		var out bytes.Buffer
		if err := table.WriteXLSX(&out, f.TempDir(), table.Sheet{Name: "a", Rows: func(yield func([]string) bool) {
			for _, r := range rows {
				if !yield(r) {
					return
				}
			}
		}}); err != nil {
			f.Fatal(err)
		}
		f.Add(out.Bytes())
	}
	fuzzRead(f)
}

// fuzzRead holds the way from a file to a catalog: whatever stands in it, either it is refused, or the catalog that would
// be written can be read and holds what the plan says.
func fuzzRead(f *testing.F) {
	d := desk(f, small)
	set := smallSet(f)
	order := translate.Order(d, set, limits)
	f.Fuzz(func(t *testing.T, file []byte) {
		b, err := table.Open("sheet", bytes.NewReader(file), int64(len(file)), table.Limits{File: 1 << 20, Unpacked: 4 << 20, Rows: 1000, Columns: 64, Cell: 4096}, t.TempDir())
		if err != nil {
			return
		}
		defer b.Close()
		rows, err := translate.Read(b, "kr")
		if err != nil {
			return
		}
		p := translate.Compare(d, "kr", rows)
		next, err := d.Rewrite("kr", nil, p.Changes)
		if err != nil {
			t.Fatalf("rewriting: %v", err)
		}
		if len(p.Changes) == 0 {
			return
		}
		after := desk(t, small, over("kr", next))
		p.Hold(d, after, set, order, "kr")
		for _, r := range p.Refused {
			if strings.Contains(r.What, "cannot be read back") {
				t.Errorf("%s: %s", r, next)
			}
		}
	})
}
