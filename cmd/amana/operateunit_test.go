package main

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"amana/bot/telegram/telegramtest"
)

// nobody is a user of no rights, as the unit's own is.
const nobody = 65534

// TestUnitIsLivedIn starts what the unit starts, in a house as the unit makes one, without a systemd: its command line, as
// another user, with its umask and limits, no new privileges and no capabilities, the tokens as credentials, the whole file
// system read-only but for its ReadWritePaths, and a service manager that wants a word every second. It answers, keeps what it
// writes to itself, and ends when it is told to.
//
// What is not here: the filter of system calls, of address families and of memory that can be written and run, private users,
// and what hides /proc. `systemd-analyze` reads these (TestUnit). Who is not root runs it as themselves, with the rest.
func TestUnitIsLivedIn(t *testing.T) {
	t.Parallel()
	m := newTrial(t, trialOptions{})
	unit := unitOf(m.amana("operate", "unit", "-config", m.config(), "-binary", "/usr/local/bin/amana"))
	root := os.Geteuid() == 0

	house := shortDir(t)
	binary := filepath.Join(house, "amana")
	copyFile(t, os.Args[0], binary)
	credentials := filepath.Join(house, "credentials")
	if err := os.Mkdir(credentials, 0o700); err != nil {
		t.Fatal(err)
	}
	for n, name := range []string{"telegram_token", "staff_token"} {
		if !strings.Contains(strings.Join(unit["LoadCredential"], " "), name+":") {
			t.Errorf("the unit brings no %s", name)
		}
		if err := os.WriteFile(filepath.Join(credentials, name), []byte(m.tokens[n]+"\n"), 0o400); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(house, "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	writes := strings.Fields(strings.Join(unit["ReadWritePaths"], " "))
	for _, dir := range writes {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range append(writes, credentials, path) {
		given(t, dir, root)
	}
	for dir := filepath.Dir(m.dir); dir != os.TempDir() && len(dir) > 1; dir = filepath.Dir(dir) { // the way there is open
		_ = os.Chmod(dir, 0o755)
	}
	for _, dir := range []string{house, m.run} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}

	script := []string{"set -e", "umask " + strings.Join(unit["UMask"], ""), "ulimit -c " + strings.Join(unit["LimitCORE"], "")}
	if root {
		script = append(script, "mount --make-rprivate /")
		for _, dir := range writes {
			script = append(script, fmt.Sprintf("mount --bind %s %[1]s", dir))
		}
		script = append(script, "mount -o remount,ro,bind /")
	}
	started := strings.TrimPrefix(strings.Join(unit["ExecStart"], ""), "/usr/local/bin/amana ")
	as := "--no-new-privs"
	if root {
		as += fmt.Sprintf(" --reuid %d --regid %[1]d --clear-groups --bounding-set=-all --inh-caps=-all", nobody)
	}
	script = append(script, fmt.Sprintf("exec setpriv %s env -i %s=1 %s=1 AMANA_TELEGRAM_API=%s CREDENTIALS_DIRECTORY=%s NOTIFY_SOCKET=%s WATCHDOG_USEC=2000000 %s -test.run='^TestItself$' -- %s",
		as, childMark, quickMark, m.api.URL(), credentials, path, binary, started))
	args := []string{"/bin/sh", "-c", strings.Join(script, "\n")}
	if root {
		args = append([]string{"unshare", "-m"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = "/"
	log, err := os.Create(m.logFile())
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer cmd.Process.Kill()

	heard := func(want string) {
		t.Helper()
		b := make([]byte, 256)
		_ = manager.SetReadDeadline(time.Now().Add(patience))
		for {
			n, err := manager.Read(b)
			if err != nil {
				t.Fatalf("the service manager waits for %s: %v\n%s", want, err, tail(m.log(), 3000))
			}
			if string(b[:n]) == want {
				return
			}
		}
	}
	heard("READY=1")
	heard("WATCHDOG=1")
	status := statusOf(t, cmd.Process.Pid)
	want := map[string]string{"NoNewPrivs": "1"}
	if root {
		want["Uid"], want["CapBnd"], want["CapEff"], want["Groups"] = fmt.Sprint(nobody), "0000000000000000", "0000000000000000", ""
	}
	for name, value := range want {
		if got := strings.Fields(status[name] + " ."); got[0] != value && !(value == "" && got[0] == ".") {
			t.Errorf("%s is %q", name, status[name])
		}
	}
	mounts, err := os.ReadFile(fmt.Sprintf("/proc/%d/mountinfo", cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	if root && !regexp.MustCompile(`(?m)^\S+ \S+ \S+ \S+ / ro\b`).Match(mounts) {
		t.Errorf("it may write everywhere:\n%s", mounts)
	}
	someone := m.person(8_200_000_777, "en")
	someone.Start("")
	if _, err := someone.Wait(telegramtest.Within(patience), func(s telegramtest.Screen) bool { return len(s) > 0 }); err != nil {
		t.Error(err)
	}
	home := filepath.Dir(m.config())
	if root { // who the operator is, beside a server that is another
		elsewhere := filepath.Join(t.TempDir(), "copy.db")
		if _, _, errs := m.try("backup", "-config", m.config(), elsewhere); !strings.Contains(errs, "Let it write "+filepath.Join(home, "copy.db")+", and move that") {
			t.Errorf("a copy where the server may not write: %s", errs)
		}
		if left, err := os.ReadDir(filepath.Dir(elsewhere)); err != nil || len(left) > 0 {
			t.Errorf("it leaves %v (%v)", left, err)
		}
		m.amana("backup", "-config", m.config(), filepath.Join(home, "copy.db"))
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	heard("STOPPING=1")
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended with %v\n%s", err, tail(m.log(), 3000))
		}
	case <-time.After(patience):
		t.Error("it did not end")
	}
	if root {
		if status, _, errs := m.try("backup", "-config", m.config(), filepath.Join(home, "more.db")); status != 2 || !strings.Contains(errs, "say it as that user") {
			t.Errorf("root in the house of another: %d %s", status, errs)
		}
	}
	for _, dir := range writes {
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if root && ownerOf(t, p) != nobody {
				t.Errorf("%s is not the server's", p)
			}
			if info, err := d.Info(); err == nil && p != dir && info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s is open to others: %v", p, info.Mode())
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// unitOf reads the directives of a unit.
func unitOf(text string) map[string][]string {
	out := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^([A-Za-z]+)=(.*)$`).FindAllStringSubmatch(text, -1) {
		out[m[1]] = append(out[m[1]], m[2])
	}
	return out
}

// given makes a folder, and all that is in it, that of the user who runs the unit.
func given(t *testing.T, path string, root bool) {
	t.Helper()
	if !root {
		return
	}
	err := filepath.WalkDir(path, func(p string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(p, nobody, nobody)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ownerOf gives the user whose a file is.
func ownerOf(t *testing.T, path string) int {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Sys().(*syscall.Stat_t).Uid)
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// statusOf reads what the kernel says of a process.
func statusOf(t *testing.T, pid int) map[string]string {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]string{}
	for s := bufio.NewScanner(f); s.Scan(); {
		name, value, _ := strings.Cut(s.Text(), ":")
		out[name] = strings.TrimSpace(value)
	}
	return out
}
