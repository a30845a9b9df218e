package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"amana/bot/directory/table"
)

// The scripts of translate run the program as somebody does who works with translators: each sheet is tried, and what is
// printed for it stands in the script.
func TestTranslateScripts(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join("testdata", "script", "translate*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Files:         scripts,
		UpdateScripts: os.Getenv("AMANA_UPDATE") != "",
		Setup:         func(e *testscript.Env) error { e.Values[scriptKey{}] = &script{}; return nil },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"amana": scriptProgram, "status": scriptStatus, "change": scriptChange, "workbook": scriptWorkbook, "windows": scriptWindows,
		},
	})
}

// scriptWorkbook saves a CSV as a workbook, as a spreadsheet program does: workbook FROM.csv TO.xlsx.
func scriptWorkbook(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: workbook FROM.csv TO.xlsx")
	}
	data := []byte(ts.ReadFile(args[0]))
	b, err := table.Open(args[0], bytes.NewReader(data), int64(len(data)), table.Usual, "")
	ts.Check(err)
	var rows [][]string
	for row, err := range b.Tables[0].Rows() {
		ts.Check(err)
		rows = append(rows, slices.Clone(row.Cells))
	}
	var out bytes.Buffer
	ts.Check(table.WriteXLSX(&out, "", table.Sheet{Name: "Sheet1", Rows: slices.Values(rows)}))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out.Bytes(), 0o600))
}

// scriptWindows saves a text with the line ends and the mark of Windows: windows FILE.
func scriptWindows(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: windows FILE")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("\ufeff"+strings.ReplaceAll(ts.ReadFile(args[0]), "\n", "\r\n")), 0o600))
}

// What locales/README.md shows to translators is what the program says: the sheet in it is refused as it tells, and the table of the
// languages that wait is that of the catalogs.
func TestLocalesReadme(t *testing.T) {
	readme, err := os.ReadFile("../../locales/README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string) string {
		_, rest, ok := strings.Cut(string(readme), "\n```"+kind+"\n")
		if !ok {
			t.Fatalf("the README has no block %s", kind)
		}
		text, _, _ := strings.Cut(rest, "```\n")
		return text
	}
	sheet := filepath.Join(t.TempDir(), "kr.csv")
	if err := os.WriteFile(sheet, []byte(block("csv")), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, status := program("", "translate", "import", "-lang", "kr", "-dir", t.TempDir(), "-dry-run", sheet)
	if status != 1 || !strings.Contains(errs, "kr.csv: 4 mistakes: nothing was changed") || out != block("text") {
		t.Errorf("status %d, %s; the sheet gives\n%s", status, errs, out)
	}
	book, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range book.Unfinished() {
		direction := map[bool]string{true: "right to left", false: "left to right"}[l.RTL()]
		row := "| `" + l.Tag + "` | " + l.English + " | " + direction + " | "
		_, rest, ok := strings.Cut(string(readme), row)
		rule, _, _ := strings.Cut(rest, "\n")
		if !ok || l.Plural != "" && !strings.Contains(rule, "`"+l.Plural+"`") || l.Plural == "" && !strings.HasPrefix(rule, "its own") {
			t.Errorf("the README does not tell of %s: %s … %s", l.Tag, row, l.Plural)
		}
	}
	for _, command := range []string{"amana translate export -lang kr kr.xlsx", "amana translate import -lang kr -dry-run kr.xlsx", "amana translate audio -lang kr", "amana translate status"} {
		if !strings.Contains(string(readme), command) {
			t.Errorf("the README does not name %s", command)
		}
	}
}

// A catalog is written whole or not at all, and nothing else is left in its folder.
func TestCatalogIsReplacedWhole(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "kr", "messages.gotext.json")
	for _, text := range []string{"one", "two"} {
		if err := replaceFile(file, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != text {
			t.Errorf("the file holds %q, %v, want %q", got, err, text)
		}
	}
	// Where it cannot be put in the place of the old one, that stays.
	blocked := filepath.Join(dir, "ps", "messages.gotext.json")
	if err := os.MkdirAll(filepath.Join(blocked, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(blocked, []byte("three")); err == nil {
		t.Error("a folder was written over")
	}
	for _, tag := range []string{"kr", "ps"} {
		left, err := os.ReadDir(filepath.Join(dir, tag))
		if err != nil || len(left) != 1 {
			t.Errorf("%s holds %v, %v", tag, left, err)
		}
	}
}
