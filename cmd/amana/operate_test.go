package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// operates prints a unit or a container file for a new mission.
func operates(t *testing.T, what string, more ...string) (text, dir string) {
	t.Helper()
	dir = t.TempDir()
	mission := filepath.Join(dir, "mission")
	if out, code := runs(t, nil, "init", mission); code != 0 {
		t.Fatal(out)
	}
	var stdout, stderr bytes.Buffer
	c := &call{args: append([]string{"operate", what, "-config", mission}, more...), stdout: &stdout, stderr: &stderr, env: func(string) string { return "" }}
	if code := Main(t.Context(), c); code != 0 {
		t.Fatal(stderr.String())
	}
	if strings.Contains(stdout.String(), "{{") {
		t.Errorf("something was not filled in:\n%s", stdout.String())
	}
	return stdout.String(), mission
}

// runs runs a command with an environment, and gives all that it printed and its exit status.
func runs(t *testing.T, env map[string]string, args ...string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	code := Main(t.Context(), &call{args: args, stdin: strings.NewReader(""), stdout: &out, stderr: &out, env: func(k string) string { return env[k] }, prove: proveOnce})
	return out.String(), code
}

// directives are all that a unit of ours may use, so that a slip of the pen shows where there is no systemd.
var directives = strings.Fields(`Description Wants After StartLimitIntervalSec StartLimitBurst Type NotifyAccess ExecStart LoadCredential
	Restart RestartSec WatchdogSec WatchdogSignal TimeoutStartSec TimeoutStopSec User UMask RuntimeDirectory RuntimeDirectoryMode
	RuntimeDirectoryPreserve StateDirectory StateDirectoryMode ReadWritePaths ProtectSystem ProtectHome PrivateTmp PrivateDevices
	PrivateUsers PrivateIPC MemorySwapMax LimitCORE MemoryMax LimitNOFILE TasksMax NoNewPrivileges CapabilityBoundingSet
	AmbientCapabilities MemoryDenyWriteExecute RestrictAddressFamilies RestrictNamespaces RestrictRealtime RestrictSUIDSGID
	RemoveIPC LockPersonality ProtectClock ProtectControlGroups ProtectHostname ProtectKernelLogs ProtectKernelModules
	ProtectKernelTunables ProtectProc ProcSubset KeyringMode SystemCallArchitectures SystemCallFilter SystemCallErrorNumber WantedBy`)

func TestUnit(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "amana")
	if err := os.WriteFile(binary, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	unit, mission := operates(t, "unit", "-binary", binary)
	for n, line := range strings.Split(unit, "\n") {
		if line == "" || line[0] == '#' || line[0] == '[' {
			continue
		}
		name, _, ok := strings.Cut(line, "=")
		if !ok || !slices.Contains(directives, name) {
			t.Errorf("line %d: %q is nothing that a unit knows", n+1, line)
		}
	}
	for _, want := range []string{
		"ExecStart=" + binary + " serve -config " + filepath.Join(mission, "amana.yaml"), "RuntimeDirectory=amana\n",
		"RuntimeDirectoryPreserve=yes", "MemorySwapMax=0", "LimitCORE=0", "ProtectSystem=strict", "ReadWritePaths=" + mission + "\n",
		"LoadCredential=telegram_token:", "WatchdogSec=60", "TimeoutStartSec=15min", "Restart=on-failure\n", "WatchdogSignal=SIGKILL\n", "User=amana",
	} {
		if !strings.Contains(unit, want) {
			t.Errorf("the unit lacks %q", want)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return // no systemd here: what could be looked at was
	}
	file := filepath.Join(t.TempDir(), "amana.service")
	if err := os.WriteFile(file, []byte(unit), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(analyze, "verify", "--man=no", file).CombinedOutput(); err != nil || strings.Contains(string(out), file) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	out, err := exec.Command(analyze, "security", "--offline=true", "--no-pager", "--threshold=25", file).CombinedOutput()
	if err != nil {
		t.Errorf("systemd-analyze security: %v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	t.Log(lines[len(lines)-1])
}

// A mission elsewhere, and under /var/lib.
func TestOperated(t *testing.T) {
	conf := &config{path: "/var/lib/amana/amana.yaml", Database: "/srv/data/amana.db", Keys: "/etc/amana/keys", Runtime: "/dev/shm/amana"}
	pairs, err := operated(conf, "/usr/bin/amana", "amana")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(pairs, "\n")
	for _, want := range []string{"StateDirectory=amana\n", "/var/lib/amana /srv/data /etc/amana/keys /dev/shm/amana"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if strings.Contains(all, "RuntimeDirectory=") {
		t.Error("a runtime directory outside of /run cannot be made by the unit")
	}
	bare := append(pairs, conf.nodes()...)
	for name, text := range map[string]string{"unit": unitTemplate, "container": containerTemplate} {
		filled := strings.NewReplacer(bare...).Replace(text)
		if strings.Contains(filled, "mail_password") || strings.Contains(filled, "--network=host") || strings.Contains(strings.ToLower(filled), "net_bind_service") {
			t.Errorf("the %s asks for what nobody needs:\n%s", name, filled)
		}
	}
	// Secrets that stand in no file, a port that not everybody may listen on, and what stands in front of a page.
	conf.Mail = mailConfig{Host: "mail.example.org", User: "notes"}
	conf.Webhooks = map[string]webhookConfig{"agency": {}, "other": {Secret: "other.secret"}}
	conf.Desk.TLS.Cert, conf.Desk.TLS.Key = "/etc/tls/desk.crt", "/etc/tls/desk.key"
	conf.Web.Listen, conf.Listen = "0.0.0.0:443", "127.0.0.1:9464"
	if pairs, err = operated(conf, "/usr/bin/amana", "amana"); err != nil {
		t.Fatal(err)
	}
	unit, container := strings.NewReplacer(pairs...).Replace(unitTemplate), strings.NewReplacer(pairs...).Replace(containerTemplate)
	for _, want := range []string{
		"LoadCredential=mail_password:/etc/amana/mail_password\nLoadCredential=webhook_agency:/etc/amana/webhook_agency\n", "\nPrivateUsers=no\n",
		"\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n",
	} {
		if !strings.Contains(unit, want) {
			t.Errorf("%q is missing in\n%s", want, unit)
		}
	}
	for _, want := range []string{"--secret mail_password,", "--secret webhook_agency,", "--network=host", "--cap-add=net_bind_service", "-v /dev/shm/amana:/dev/shm/amana:rw -v /var/lib/amana:/var/lib/amana:rw -v /srv/data:/srv/data:rw -v /etc/amana/keys:/etc/amana/keys:rw -v /etc/tls:/etc/tls:ro amana\n"} {
		if !strings.Contains(container, want) {
			t.Errorf("%q is missing in\n%s", want, container)
		}
	}
	if strings.Contains(unit+container, "webhook_other") {
		t.Error("a secret that stands in a file is asked for")
	}
	conf.path = "/srv/my mission/amana.yaml"
	var usage errUsage
	if _, err := operated(conf, "/usr/bin/amana", "amana"); !errors.As(err, &usage) {
		t.Errorf("a path with white space: %v", err)
	}
	if _, code := runs(t, nil, "operate", "ship"); code != 2 {
		t.Error("something unknown is printed")
	}
}

// The container holds what its file says and nothing else, and the program works in it without a shell, a library or a right.
func TestContainer(t *testing.T) {
	t.Parallel()
	file, _ := operates(t, "container")
	root, from := filepath.Join(t.TempDir(), "root"), t.TempDir()
	copyFile(t, shippedProgram(t), filepath.Join(from, "amana"))
	if err := os.WriteFile(filepath.Join(from, "ca-certificates.crt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var said []string
	for line := range strings.Lines(file) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		said = append(said, words[0])
		if words[0] != "COPY" {
			continue
		}
		to := filepath.Join(root, words[2])
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Link(filepath.Join(from, words[1]), to); err != nil {
			t.Fatal(err)
		}
	}
	if want := "FROM COPY COPY USER ENV STOPSIGNAL ENTRYPOINT CMD"; strings.Join(said, " ") != want || !strings.Contains(file, "FROM scratch\n") || !strings.Contains(file, "USER 65532:65532\n") {
		t.Errorf("the container file says %v", said)
	}
	for _, dir := range []string{filepath.Dir(root), from, root} { // whoever it runs as may go in
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// A camp is made with keys, flows, words and services, which all come out of the program; folders of its own are given to
	// a container, as this one is.
	temp := filepath.Join(root, "tmp")
	if err := errors.Join(os.Mkdir(temp, 0o777), os.Chmod(temp, 0o777)); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"version"}, {"demo", "-terminal"}} {
		cmd := exec.Command("/amana", args...)
		cmd.Dir, cmd.Env, cmd.Stdin = "/", []string{}, strings.NewReader("/quit\n")
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
		if os.Geteuid() == 0 {
			cmd.SysProcAttr.Credential = &syscall.Credential{Uid: 65532, Gid: 65532}
		} else {
			cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
			cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("amana %s in the container: %v\n%s", strings.Join(args, " "), err, out[:min(len(out), 2000)])
		}
	}
}

// A token comes as a credential where the environment has none, and never from a file that is not there.
func TestTokensFromCredentials(t *testing.T) {
	dir := t.TempDir()
	env := map[string]string{"CREDENTIALS_DIRECTORY": dir}
	get := func(k string) string { return env[k] }
	if _, err := readTokens(get, false); err == nil {
		t.Error("there is no token, and none is missed")
	}
	for name, token := range map[string]string{"telegram_token": peopleToken + "\n", "staff_token": staffToken} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(token), 0o400); err != nil {
			t.Fatal(err)
		}
	}
	got, err := readTokens(get, false)
	if err != nil || got.people != peopleToken || got.staff != staffToken {
		t.Errorf("%v %v", err, got.people == peopleToken)
	}
	env["AMANA_STAFF_TOKEN"] = peopleToken
	if got, err := readTokens(get, false); err != nil || got.staff != "" {
		t.Error("the environment does not come first")
	}
}

// The service manager hears that the server is alive as long as the database answers.
func TestWatchdog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	env := map[string]string{"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "40000"}
	heard := func() string {
		b := make([]byte, 64)
		_ = socket.SetReadDeadline(time.Now().Add(patience))
		n, _ := socket.Read(b)
		return string(b[:n])
	}
	ctx, stop := context.WithCancel(t.Context())
	alive, ended := make(chan error, 100), make(chan struct{})
	for range 3 {
		alive <- nil
	}
	go func() {
		watchdog(ctx, func(k string) string { return env[k] }, func(ctx context.Context) error {
			select {
			case err := <-alive:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		close(ended)
	}()
	for range 3 {
		if got := heard(); got != "WATCHDOG=1" {
			t.Errorf("heard %q", got)
		}
	}
	_ = socket.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	if n, err := socket.Read(make([]byte, 64)); err == nil {
		t.Errorf("the database stands still, and %d bytes say that all is well", n)
	}
	stop()
	<-ended
	for _, env := range []map[string]string{{}, {"WATCHDOG_USEC": "x"}, {"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"}} {
		if every := watchedEvery(func(k string) string { return env[k] }); every != 0 {
			t.Errorf("%v: watched every %v", env, every)
		}
	}
}
