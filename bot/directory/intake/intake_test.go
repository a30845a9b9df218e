package intake_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"amana/bot/directory"
	"amana/bot/directory/intake"
	"amana/bot/directory/table"
	"amana/bot/sheet"
)

var update = flag.Bool("update", false, "write what is printed for each sheet")

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func kinds(t testing.TB) *directory.Kinds {
	t.Helper()
	k, err := directory.NewKinds()
	ok(t, err)
	return k
}

// read imports files, and prints what came of them: how columns were understood, findings, records.
func read(t testing.TB, o intake.Options, files map[string][]byte, order ...string) (string, intake.Outcome) {
	t.Helper()
	o.Kinds = kinds(t)
	r := intake.New(o)
	var b strings.Builder
	for _, name := range order {
		book, err := table.Open(name, bytes.NewReader(files[name]), int64(len(files[name])), table.Usual, t.TempDir())
		if err != nil {
			fmt.Fprintf(&b, "stopped %v\n", err)
			continue
		}
		defer book.Close()
		r.Add(book)
	}
	out := r.Done()
	for _, line := range r.Describe() {
		fmt.Fprintf(&b, "columns %s\n", line)
	}
	for _, f := range out.Findings {
		fmt.Fprintf(&b, "%s %s\n", f.Level, f)
	}
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, list := range []any{out.Directory.Areas, out.Directory.Organisations, out.Directory.Services} {
		raw, err := json.Marshal(list)
		ok(t, err)
		var each []json.RawMessage
		ok(t, json.Unmarshal(raw, &each))
		for _, one := range each {
			ok(t, e.Encode(one))
		}
	}
	fmt.Fprintf(&b, "%d rows, %d refused, %d stopped\n", out.Rows, out.Refused, out.Stopped)
	return b.String(), out
}

// Each sheet of testdata is real in its shape and invented in what it says; beside it lies what is printed for it.
func TestSheets(t *testing.T) {
	list, err := os.ReadFile("testdata/areas.csv")
	ok(t, err)
	sheets, err := filepath.Glob("testdata/sheets/*")
	ok(t, err)
	n := 0
	for _, path := range sheets {
		name := filepath.Base(path)
		if strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".want") {
			continue
		}
		n++
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(path)
			ok(t, err)
			o := intake.Options{}
			if src, err := os.ReadFile(path + ".mapping.yaml"); err == nil {
				o.Mapping = &intake.Mapping{}
				tree, slip := sheet.Read(src, "")
				if slip != nil {
					t.Fatal(slip)
				}
				if _, bad := sheet.Fill(tree, o.Mapping); len(bad) > 0 {
					t.Fatal(bad)
				}
				if bad := o.Mapping.Check(kinds(t)); len(bad) > 0 {
					t.Fatal(bad)
				}
			}
			files, order := map[string][]byte{name: data, "areas.csv": list}, []string{name, "areas.csv"}
			if strings.HasPrefix(name, "noareas_") {
				order = order[:1]
			}
			got, out := read(t, o, files, order...)
			if strings.Contains(got, "marked house") || strings.Contains(got, "marked road") || strings.Contains(got, "marked well") {
				t.Error("the place of a shelter is kept or printed")
			}
			if _, bad := directory.NewAreas(out.Directory.Areas); len(bad) > 0 {
				t.Error(bad)
			}
			if *update {
				ok(t, os.WriteFile(path+".want", []byte(got), 0o644))
				return
			}
			want, err := os.ReadFile(path + ".want")
			ok(t, err)
			if got != string(want) {
				t.Errorf("it prints\n%s\nand should print\n%s", got, want)
			}
		})
	}
	if n < 20 {
		t.Errorf("%d sheets", n)
	}
}
