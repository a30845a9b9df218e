package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"amana/bot/seal"
	"amana/bot/ticket"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts of keys and open run both commands in this process, with cheap wrapping, a clock that stands and dice that
// fall alike, so that what they print can be compared letter by letter. AMANA_UPDATE=1 writes golden files anew.
func TestKeysAndOpenScripts(t *testing.T) {
	for _, name := range []string{"keys", "open"} {
		scripts, err := filepath.Glob(filepath.Join("testdata", "script", name+"*.txtar"))
		if err != nil || len(scripts) == 0 {
			t.Fatalf("no scripts for %s: %v", name, err)
		}
		testscript.Run(t, testscript.Params{
			Files:         scripts,
			UpdateScripts: os.Getenv("AMANA_UPDATE") != "",
			Setup: func(e *testscript.Env) error {
				e.Values[scriptKey{}] = &script{machine: machine{dice: dice(1), now: func() time.Time { return someDay }}}
				e.Setenv("PASS", testPassphrase)
				e.Setenv("ESC", "\x1b")
				return nil
			},
			Cmds: map[string]func(*testscript.TestScript, bool, []string){
				"amana": scriptAmana, "input": scriptInput, "status": scriptStatus, "desk": scriptDesk, "mode": scriptMode,
			},
		})
	}
}

type (
	scriptKey struct{}
	script    struct {
		machine
		input  string
		status int
	}
)

func scriptOf(ts *testscript.TestScript) *script { return ts.Value(scriptKey{}).(*script) }

// amana runs a command; "! amana" says that it fails.
func scriptAmana(ts *testscript.TestScript, neg bool, args []string) {
	s := scriptOf(ts)
	s.status = s.call(&call{args: args, stdin: strings.NewReader(s.input), stdout: ts.Stdout(), stderr: ts.Stderr(), env: ts.Getenv})
	s.input = ""
	if (s.status != 0) != neg {
		ts.Fatalf("exit status %d", s.status)
	}
}

// input gives the lines of standard input for the next command; @FILE stands for the lines of a file.
func scriptInput(ts *testscript.TestScript, _ bool, args []string) {
	s := scriptOf(ts)
	s.input = ""
	for _, a := range args {
		if name, ok := strings.CutPrefix(a, "@"); ok {
			a = strings.TrimRight(ts.ReadFile(name), "\n")
		}
		s.input += a + "\n"
	}
}

// status compares the exit status of the last command.
func scriptStatus(ts *testscript.TestScript, _ bool, args []string) {
	if got := scriptOf(ts).status; len(args) != 1 || strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit status %d, want %v", got, args)
	}
}

// mode compares the permissions of a file.
func scriptMode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := strconv.FormatUint(uint64(info.Mode().Perm()), 8); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}

// desk DIR signs the key in DIR into a roster, files a report and hands it out as BDFGHJ.amana; the coordinator's public key
// goes to the file PUBLIC. "desk DIR thread" lets the thread go on before it hands out.
func scriptDesk(ts *testscript.TestScript, _ bool, args []string) {
	own, err := wallet{ts.MkAbs(args[0])}.public()
	ts.Check(err)
	t := scriptTB{ts: ts}
	d := newDesk(t, own)
	if len(args) > 1 {
		d.add(t, ticket.Inside{Reply: &ticket.Reply{ID: d.report, Time: someDay.Add(-20 * time.Hour), Lang: "ar", Role: ticket.Backup, State: ticket.Read, Text: "شكرًا. قرأنا رسالتك."}})
		d.add(t, ticket.Inside{Note: &ticket.Note{ID: d.report, Time: someDay.Add(-19 * time.Hour), Lang: "en", By: "bashir", Text: "Referred by phone on Sunday, 9:00."}})
		d.add(t, ticket.Inside{Message: &ticket.Message{ID: d.report, Time: someDay.Add(-2 * time.Hour), Lang: "ar", Text: "متى الرد؟"}})
	}
	hand(t, ts.MkAbs("."), "BDFGHJ.amana", d.packet(), own)
	ts.Check(os.WriteFile(ts.MkAbs("PUBLIC"), []byte(d.coordinator.Public()), 0o600))
	ts.Setenv("PUBLIC", d.coordinator.Public())
	damaged, err := os.ReadFile(ts.MkAbs("BDFGHJ.amana"))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("cut.amana"), damaged[:len(damaged)-1], 0o600))
	damaged[len(damaged)/2] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs("damaged.amana"), damaged, 0o600))
	stranger := newIdentity(t, 97)
	hand(t, ts.MkAbs("."), "stranger.amana", d.packet(), stranger.Public())
}

// scriptTB lets the helpers of tests end a script.
type scriptTB struct {
	testing.TB
	ts *testscript.TestScript
}

func (s scriptTB) Helper()           {}
func (s scriptTB) Fatal(args ...any) { s.ts.Fatalf("%v", args) }

// What a flag could give away on a shared machine is never taken from one: there is no flag for a passphrase or a code.
func TestKeysAndOpenTakeNoSecretByFlag(t *testing.T) {
	m := machine{dir: t.TempDir(), dice: dice(1), now: func() time.Time { return someDay }}
	for _, args := range [][]string{
		{"keys", "new", "-h"}, {"keys", "coordinator", "-h"}, {"keys", "restore", "-h"}, {"keys", "recovery", "-h"}, {"keys", "backup", "-h"},
		{"keys", "pin", "-h"}, {"keys", "show", "-h"}, {"keys", "-h"}, {"open", "-h"},
	} {
		_, errs, status := m.run("", args...)
		if status != 0 || !strings.Contains(errs, "usage: amana ") {
			t.Errorf("%v: status %d, %s", args, status, errs)
		}
		for _, flag := range []string{"-pass", "-code", "-secret", "-key "} {
			if strings.Contains(errs, "  "+flag) {
				t.Errorf("%v has a flag %s", args, flag)
			}
		}
	}
}

// Outside tests a key is wrapped with the full work factor.
func TestKeysWrapWithFullWork(t *testing.T) {
	if k := newKeys(&call{}); k.work != seal.WrapWork {
		t.Errorf("keys are wrapped with work %d", k.work)
	}
}
