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
