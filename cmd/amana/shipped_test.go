package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// shipped is the program as it is built for one machine and for a container: it reaches no cluster and needs no library of the
// system. The flag -trimpath, which it is shipped with, changes nothing but the paths that it remembers, and would have
// everything compiled once more.
var shipped struct {
	sync.Once
	dir string
	err error
}

// shippedProgram builds it, once, and gives where it lies.
func shippedProgram(t *testing.T) string {
	t.Helper()
	shipped.Do(func() {
		if shipped.dir, shipped.err = os.MkdirTemp("", "amana-shipped-"); shipped.err != nil {
			return
		}
		build := exec.Command("go", "build", "-o", shipped.dir, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if said, err := build.CombinedOutput(); err != nil {
			shipped.err = fmt.Errorf("building the program: %w\n%s", err, said)
		}
	})
	if shipped.err != nil {
		t.Fatal(shipped.err)
	}
	return filepath.Join(shipped.dir, "amana")
}

// TestWithoutEtcd: the shipped program says which build reaches a cluster wherever one is named, and works without one.
func TestWithoutEtcd(t *testing.T) {
	t.Parallel()
	program := shippedProgram(t)
	testscript.Run(t, testscript.Params{
		Files: []string{"testdata/script/unreached.txtar"},
		Setup: func(e *testscript.Env) error { e.Values[scriptKey{}] = &script{}; return nil },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": scriptStatus, "change": scriptChange,
			"amana": func(ts *testscript.TestScript, neg bool, args []string) {
				cmd := exec.Command(program, args...)
				cmd.Dir, cmd.Stdout, cmd.Stderr = ts.Getenv("WORK"), ts.Stdout(), ts.Stderr()
				cmd.Env = []string{"HOME=" + ts.Getenv("WORK"), "TMPDIR=" + ts.Getenv("TMPDIR"), "AMANA_TELEGRAM_TOKEN=" + peopleToken, "AMANA_STAFF_TOKEN=" + staffToken}
				err := cmd.Run()
				if cmd.ProcessState == nil {
					ts.Fatalf("it does not start: %v", err)
				}
				if scriptOf(ts).status = cmd.ProcessState.ExitCode(); (err != nil) != neg {
					ts.Fatalf("exit status %d", scriptOf(ts).status)
				}
			},
		},
	})
}
