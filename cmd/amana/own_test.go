package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts of own run the program as an author of flows and an operator do: an own flow is tried, checked and refused.
func TestOwnScripts(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join("testdata", "script", "own*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Files:         scripts,
		UpdateScripts: os.Getenv("AMANA_UPDATE") != "",
		Setup:         func(e *testscript.Env) error { e.Values[scriptKey{}] = &script{}; return nil },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"amana": scriptProgram, "input": scriptInput, "status": scriptStatus, "change": scriptChange,
		},
	})
}

// scriptProgram runs the program; "! amana" says that it fails.
func scriptProgram(ts *testscript.TestScript, neg bool, args []string) {
	s := scriptOf(ts)
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "./", ts.Getenv("WORK")+"/")
	}
	s.status = Main(context.Background(), &call{args: args, stdin: strings.NewReader(s.input), stdout: ts.Stdout(), stderr: ts.Stderr(), env: ts.Getenv})
	s.input = ""
	if (s.status != 0) != neg {
		ts.Fatalf("exit status %d", s.status)
	}
}

// scriptChange exchanges one piece of a file: change FILE FROM TO.
func scriptChange(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: change FILE FROM TO")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o600))
}

// program runs the program with what is typed.
func program(typed string, args ...string) (out, errs string, status int) {
	var o, e strings.Builder
	status = Main(context.Background(), &call{args: args, stdin: strings.NewReader(typed), stdout: &o, stderr: &e, env: func(string) string { return "" }})
	return o.String(), e.String(), status
}
