//go:build etcd

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var builtClock = flag.Bool("built-clock", false, "let TestClockSet build the program with a time of day that can be set, and wait for the sweep")

// TestClockSet sets the clock of the machine an hour and a half forward while somebody tells what happened, and back while the
// notice of it waits. The conversation goes on, and the notice comes when it was to, once.
//
// All that a program knows of the time comes from a clock that is set here; with -built-clock only the time of day is, and the
// clocks by which it waits go on, as on a machine.
func TestClockSet(t *testing.T) {
	t.Parallel()
	o := trialOptions{}
	if *builtClock {
		o.program = buildClock(t)
	}
	f := newTrial(t, o)
	wall := filepath.Join(f.tmp, "wall")
	f.env = append(f.env, setMark+"="+wall)
	const forward, wait = 90 * time.Minute, 10 * time.Second
	set := func(by time.Duration) {
		t.Helper()
		if err := os.WriteFile(wall+".new", fmt.Append(nil, int(by/time.Second)), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(wall+".new", wall); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(f.config())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.config(), []byte(strings.NewReplacer("least: 0s", "least: "+wait.String(), "normal: 0s", "normal: "+wait.String(), "urgent: 0s", "urgent: "+wait.String()).Replace(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	f.serve()
	f.enrol()
	w := f.walker(8_111_222_333, "en", reporter("He wanted something for the card."))
	var once sync.Once
	w.about = func(step string) {
		if step != "help" { // behind the story
			return
		}
		once.Do(func() {
			set(forward)
			if *builtClock {
				time.Sleep(time.Minute + 10*time.Second) // somebody who is swept away hears nothing of it
			}
		})
	}
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	filed := time.Now()
	set(0)
	if n := w.copies(); n != 1 || w.lost > 0 || strings.Count(strings.Join(w.trace, " "), "!language") != 1 {
		t.Errorf("the receipt was shown %d times, somebody had to write again %d times: %v", n, w.lost, w.trace)
	}
	ana := f.hands["ana"]
	code := f.noticed(ana)
	took := time.Since(filed)
	t.Logf("told after %v", took.Round(10*time.Millisecond))
	if took > forward/2 {
		t.Error("that is too long")
	}
	if o := f.read(ana, code); o.body == nil || o.body.text("story") != "He wanted something for the card." {
		t.Error("what was told before the clock was set is not in the report")
	}
	f.quiet()
	if codes := f.codes(ana); len(slices.Compact(codes)) != 1 {
		t.Errorf("told of %v", codes)
	}
	said := f.log()
	for _, way := range []string{" forward=", " back="} {
		if !strings.Contains(said, way+forward.String()) {
			t.Errorf("the log does not tell that the clock was set: %s%v", way, forward)
		}
	}
}

// setClock is what the package time of such a program has besides.
const setClock = `package time

import (
	"sync/atomic"
	"syscall"
)

var wrongBy atomic.Int64

func init() {
	name, named := syscall.Getenv("` + setMark + `")
	if !named {
		return
	}
	go func() {
		for b := make([]byte, 32); ; Sleep(20 * Millisecond) {
			fd, err := open(name)
			if err != nil {
				continue
			}
			n, _ := read(fd, b)
			closefd(fd)
			by, sign := int64(0), int64(1)
			for _, c := range b[:max(n, 0)] {
				switch {
				case c == '-':
					sign = -1
				case c >= '0' && c <= '9':
					by = 10*by + int64(c-'0')
				}
			}
			wrongBy.Store(sign * by)
		}
	}()
}
`

// buildClock builds the program from the same source and another time of day.
func buildClock(t *testing.T) string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir, std := t.TempDir(), filepath.Join(strings.TrimSpace(string(root)), "src", "time")
	text, err := os.ReadFile(filepath.Join(std, "time.go"))
	if err != nil {
		t.Fatal(err)
	}
	const asks = "func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n"
	if strings.Count(string(text), asks) != 1 {
		t.Fatal("where the time of day is asked for has another form")
	}
	replace := map[string]string{}
	for name, text := range map[string]string{"time.go": strings.Replace(string(text), asks, asks+"\tsec += wrongBy.Load()\n", 1), "wrongby.go": setClock} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(std, name)] = path
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "amana")
	if out, err := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("building a program whose clock can be set: %v\n%s", err, out)
	}
	return program
}
