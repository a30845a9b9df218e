package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

// The pages of the desk seal, open and sign in the browser with code of their own. What it makes is handed to the programs
// here, and what these make to it: the two must agree to the byte. Node runs it; the browser's engine is the same.

// deskUI is where the pages lie.
var deskUI = filepath.Join("..", "..", "bot", "desk", "ui")

// deskModules makes sure that Node and the modules that the pages are made of are there.
var deskModules = sync.OnceValue(func() error {
	if _, err := exec.LookPath("node"); err != nil {
		return errors.New("the pages of the desk are tested with Node 20 or later, which is not there: install it, with npm (on Debian: apt install nodejs npm)")
	}
	if _, err := os.Stat(filepath.Join(deskUI, "node_modules", "age-encryption")); err == nil {
		return nil
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	defer stop()
	npm := exec.CommandContext(ctx, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund")
	npm.Dir = deskUI
	if out, err := npm.CombinedOutput(); err != nil {
		return errors.New("the modules of the desk's pages could not be fetched: run `npm ci` in bot/desk/ui while there is a network\n" + string(out))
	}
	return nil
})

// inNode runs Node in the folder of the pages.
func inNode(t testing.TB, stdin []byte, args ...string) []byte {
	t.Helper()
	if err := deskModules(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	node := exec.CommandContext(ctx, "node", append([]string{"--no-warnings"}, args...)...)
	node.Dir, node.Stdin = deskUI, bytes.NewReader(stdin)
	var out, errs bytes.Buffer
	node.Stdout, node.Stderr = &out, &errs
	if err := node.Run(); err != nil {
		t.Fatalf("node %v on %s: %v\n%s%s", args, runtime.GOOS, err, out.Bytes(), errs.Bytes())
	}
	return out.Bytes()
}

// asked is one thing that the pages' code is to do; see bridge.mjs for their names and what they need.
type asked map[string]any

// came is what came of it.
type came struct {
	OK    json.RawMessage `json:"ok"`
	Word  string          `json:"word"`
	Crash string          `json:"crash"`
}

// pages does everything that is asked, in one run.
func pages(t testing.TB, ask ...asked) (out []came) {
	t.Helper()
	in, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(inNode(t, in, filepath.Join("src", "seal", "testdata", "bridge.mjs")), &out); err != nil || len(out) != len(ask) {
		t.Fatalf("%d of %d: %v", len(out), len(ask), err)
	}
	for n, o := range out {
		if o.Crash != "" {
			t.Fatalf("%v ends in another error than its own:\n%s", ask[n]["do"], o.Crash)
		}
	}
	return out
}

// page does one thing, which has to succeed.
func page[T any](t testing.TB, ask asked) (v T) {
	t.Helper()
	got := pages(t, ask)[0]
	if got.Word != "" {
		t.Fatalf("%v: %s", ask["do"], got.Word)
	}
	if err := json.Unmarshal(got.OK, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// The pages' own tests: fixed vectors, and whatever a stranger could send.
func TestDeskSealsByItself(t *testing.T) {
	t.Parallel()
	inNode(t, nil, "--test") // finds every *.test.js, in every version of Node alike
}

func unmarshal(t testing.TB, data []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatal(err)
	}
}

// enrolled is what a page makes for somebody who joins.
type enrolled struct {
	Secret, Public, Fingerprint, Code, Proof string
	File                                     []byte
}
