package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// dayOfScripts is the day of the scripts about the service directory: sheets say on which day they were checked.
var dayOfScripts = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// The scripts of directory run the program as an operator does who gets sheets from others: each is tried, and what is
// printed for it stands in the script.
func TestDirectoryScripts(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join("testdata", "script", "directory*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	sheets, err := filepath.Abs(filepath.Join("..", "..", "bot", "directory", "intake", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files:         scripts,
		UpdateScripts: os.Getenv("AMANA_UPDATE") != "",
		Setup: func(e *testscript.Env) error {
			e.Values[scriptKey{}] = &script{}
			e.Setenv("SHEETS", filepath.Join(sheets, "sheets"))
			e.Setenv("AREAS", filepath.Join(sheets, "areas.csv"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"amana": scriptThatDay, "status": scriptStatus, "change": scriptChange,
		},
	})
}

// scriptThatDay runs the program on the day of the scripts; "! amana" says that it fails.
func scriptThatDay(ts *testscript.TestScript, neg bool, args []string) {
	s := scriptOf(ts)
	s.status = Main(context.Background(), &call{
		args: args, stdin: strings.NewReader(""), stdout: ts.Stdout(), stderr: ts.Stderr(), env: ts.Getenv, now: func() time.Time { return dayOfScripts },
	})
	if (s.status != 0) != neg {
		ts.Fatalf("exit status %d", s.status)
	}
}

// Every sample sheet is tried in a script, whoever adds one.
func TestEverySheetIsTried(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "script", "directory_sheets.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "marked") { // it stands in the sheets alone
		t.Error("the place of a shelter is printed")
	}
	sheets, err := filepath.Glob(filepath.Join("..", "..", "bot", "directory", "intake", "testdata", "sheets", "*"))
	if err != nil || len(sheets) == 0 {
		t.Fatalf("no sheets: %v", err)
	}
	for _, s := range sheets {
		if ext := filepath.Ext(s); ext != ".want" && ext != ".yaml" && !strings.Contains(string(text), "/"+filepath.Base(s)+" ") && !strings.Contains(string(text), "/"+filepath.Base(s)+"\n") {
			t.Errorf("%s is tried in no script", s)
		}
	}
}
