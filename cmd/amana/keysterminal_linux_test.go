package main

import (
	"bytes"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"amana/bot/seal"
)

// terminal is a real terminal of this system, with somebody at it.
type terminal struct {
	t      *testing.T
	hand   *os.File // what the person types and sees
	screen *os.File // what the program has as standard input and standard error

	mu    sync.Mutex
	shown bytes.Buffer
}

func newTerminal(t *testing.T) *terminal {
	t.Helper()
	hand, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(hand.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(hand.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	screen, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, hand: hand, screen: screen}
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := hand.Read(b)
			if err != nil {
				return
			}
			term.mu.Lock()
			term.shown.Write(b[:n])
			term.mu.Unlock()
		}
	}()
	t.Cleanup(func() { screen.Close(); hand.Close() })
	return term
}

func (term *terminal) text() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.shown.String()
}

// start runs a command at the terminal; what comes back waits for its end.
func (term *terminal) start(m machine, args ...string) (end func() (stdout string, status int)) {
	var out bytes.Buffer
	done := make(chan int, 1)
	go func() {
		done <- m.call(&call{args: args, stdin: term.screen, stdout: &out, stderr: term.screen, env: func(string) string { return "" }})
	}()
	return func() (string, int) {
		select {
		case status := <-done:
			return out.String(), status
		case <-time.After(patience):
			term.t.Fatalf("the command does not end; the screen shows\n%s", term.text())
			return "", 0
		}
	}
}

// types waits until a text stands on the screen for the nth time, and types a line.
func (term *terminal) types(after string, n int, line string) {
	term.t.Helper()
	for end := time.Now().Add(time.Minute); strings.Count(term.text(), after) < n; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			term.t.Fatalf("%q is not asked; the screen shows\n%s", after, term.text())
		}
	}
	if strings.HasSuffix(after, "passphrase:") || after == "the same once more:" {
		eventually(term.t, "the echo is off", func() bool {
			now, err := unix.IoctlGetTermios(int(term.screen.Fd()), unix.TCGETS)
			return err == nil && now.Lflag&unix.ECHO == 0
		})
	}
	if _, err := term.hand.WriteString(line + "\n"); err != nil {
		term.t.Fatal(err)
	}
}

// At a terminal no passphrase is echoed, and the recovery code is taken off the screen once it is on paper.
func TestKeysAtATerminal(t *testing.T) {
	term, m := newTerminal(t), machine{dir: filepath.Join(t.TempDir(), "a"), dice: dice(5), now: func() time.Time { return someDay }}
	end := term.start(m, "keys", "new", "-dir", m.dir)
	term.types("new passphrase:", 1, "short")
	term.types("new passphrase:", 2, testPassphrase)
	term.types("the same once more:", 1, testPassphrase+"x")
	term.types("new passphrase:", 3, testPassphrase)
	term.types("the same once more:", 2, testPassphrase)
	term.types("Press Enter when it is on paper.", 1, "")
	out, status := end()
	if status != 0 || len(strings.Fields(out)) != 6 {
		t.Fatalf("status %d, %q\n%s", status, out, term.text())
	}
	eventually(t, "what comes next is told", func() bool { return strings.Contains(term.text(), "read them the digits") })
	shown := term.text()
	if strings.Contains(shown, testPassphrase) || strings.Contains(shown, "short\r\n") {
		t.Errorf("a passphrase was echoed:\n%s", shown)
	}
	code, err := os.ReadFile(filepath.Join(m.dir, deviceFile))
	if err != nil {
		t.Fatal(err)
	}
	begin := strings.Index(shown, "Recovery code")
	erased := strings.Index(shown, "A\r\x1b[J")
	if begin < 0 || erased < 0 || !strings.Contains(shown[begin:erased], strings.TrimSpace(string(code))) {
		t.Fatalf("the code is not shown and taken away:\n%q", shown)
	}
	var up int
	if _, err := fmt.Sscanf(shown[strings.LastIndex(shown[:erased], "[")+1:], "%dA", &up); err != nil || up != strings.Count(shown[begin:erased], "\n") {
		t.Errorf("%d lines are taken away, %d were shown: %v", up, strings.Count(shown[begin:erased], "\n"), err)
	}
}

// At a terminal open lets the reader pin the coordinator after comparing, and asks one thing after the other.
func TestOpenAtATerminal(t *testing.T) {
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	file := hand(t, t.TempDir(), "BDFGHJ.amana", d.packet(), m.key(t))
	t.Chdir(t.TempDir())

	term := newTerminal(t)
	end := term.start(m, "open", "-dir", m.dir, "-lang", "en", file)
	term.types("Paste the public key", 1, d.coordinator.Public())
	term.types("Are they the same?", 1, "no")
	if out, status := end(); status != 1 || out != "" {
		t.Errorf("digits that differ: status %d, %s", status, out)
	}
	if (wallet{m.dir}).has(pinFile) {
		t.Fatal("a key was pinned although the digits differ")
	}

	term = newTerminal(t)
	end = term.start(m, "open", "-dir", m.dir, "-lang", "en", file)
	term.types("Paste the public key", 1, d.coordinator.Public())
	term.types("Are they the same?", 1, "yes")
	term.types("passphrase:", 1, testPassphrase)
	term.types("What would you like to do now?", 1, "2")
	term.types("Write it for them?", 1, "perhaps")
	term.types("Write it for them?", 2, "Yes")
	term.types("In which language is your answer?", 1, "English")
	term.types("The answer, in plain words.", 1, "We read it.")
	term.types("We read it.", 1, ".")
	term.types("The new state:", 1, "closed")
	if _, status := end(); status != 0 {
		t.Fatalf("status %d\n%s", status, term.text())
	}
	if _, err := os.Stat("BDFGHJ-answer.amana"); err != nil {
		t.Error(err)
	}
	if strings.Contains(term.text(), testPassphrase) {
		t.Error("the passphrase was echoed")
	}

	term = newTerminal(t)
	end = term.start(m, "open", "-dir", m.dir, "-lang", "en", file)
	term.types("passphrase:", 1, testPassphrase)
	term.types("What would you like to do now?", 1, "1")
	if out, status := end(); status != 0 || !strings.Contains(out, "BDFGHJ") {
		t.Errorf("only read: status %d", status)
	}
}

// At a terminal it is offered to share with those whom the coordinator signed, and to seal again while somebody needs it.
func TestOpenGrantsAtATerminal(t *testing.T) {
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	p := d.packet()
	p.Cards = p.Cards[:1]
	p.Thread[0].Lacks = []int{0}
	file := hand(t, t.TempDir(), "BDFGHJ.amana", p, m.key(t))

	term := newTerminal(t)
	end := term.start(m, "open", "-dir", m.dir, "-lang", "en", file)
	term.types("passphrase:", 1, testPassphrase)
	term.types("5  Share with a colleague", 1, "5")
	term.types("2  Coordinator", 1, "2") // neither the reader herself nor the key in the safe is offered
	term.types("Share it?", 1, "no")
	if _, status := end(); status != 1 {
		t.Errorf("status %d\n%s", status, term.text())
	}
	if strings.Contains(term.text(), "3  ") && strings.Contains(term.text(), "3  Recovery") {
		t.Errorf("a recovery key is offered:\n%s", term.text())
	}
	if _, err := os.Stat("BDFGHJ-share.amana"); err == nil {
		t.Error("written against her will")
	}

	term = newTerminal(t)
	end = term.start(m, "open", "-dir", m.dir, "-lang", "en", file)
	term.types("passphrase:", 1, testPassphrase)
	term.types("2  Seal again, for those who cannot open all of it", 1, "2")
	term.types("Seal it for them?", 1, "yes")
	if _, status := end(); status != 0 {
		t.Errorf("status %d\n%s", status, term.text())
	}
	data, err := os.ReadFile("BDFGHJ-seal.amana")
	if err != nil {
		t.Fatal(err)
	}
	if grants, err := seal.ParseGrants(data); err != nil || len(grants) != 1 || !grants[0].IsCopy() {
		t.Errorf("%d grants, %v", len(grants), err)
	}
}

// Ctrl-C ends a question, and leaves a terminal that echoes again.
func TestAskIsInterrupted(t *testing.T) {
	guard := make(chan os.Signal, 8)
	signal.Notify(guard, os.Interrupt) // a signal that comes a moment too early must not end the test
	defer signal.Stop(guard)
	m, term := newMachine(t, 1), newTerminal(t)
	if err := (wallet{m.dir}).pin(newDesk(t, m.key(t)).coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, m.key(t))
	before, err := unix.IoctlGetTermios(int(term.screen.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	end := term.start(m, "open", "-dir", m.dir, hand(t, t.TempDir(), "BDFGHJ.amana", d.packet(), m.key(t)))
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for !strings.Contains(term.text(), "passphrase:") {
			time.Sleep(2 * time.Millisecond)
		}
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
			}
		}
	}()
	out, status := end()
	close(stop)
	<-ended
	if status != 1 || out != "" {
		t.Errorf("status %d, %s", status, out)
	}
	after, err := unix.IoctlGetTermios(int(term.screen.Fd()), unix.TCGETS)
	if err != nil || after.Lflag != before.Lflag {
		t.Errorf("the terminal has flags %x, had %x: %v", after.Lflag, before.Lflag, err)
	}
	if _, err := term.hand.WriteString("\n"); err != nil { // the read that was left behind ends
		t.Error(err)
	}
}
