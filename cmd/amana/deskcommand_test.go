package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"amana/bot/desk/ui"
	"amana/bot/seal"
)

// TestDeskCommand: the desk of one's own machine opens nothing to others, goes nowhere in clear, and believes one coordinator.
func TestDeskCommand(t *testing.T) {
	t.Parallel()
	key, err := seal.NewCoordinatorKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.NewCoordinatorKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(t.TempDir(), "coordinator.pub")
	if err := os.WriteFile(file, []byte(key.Public()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ call, says string }{
		{"-listen 0.0.0.0:8442", "is open to others"},
		{"-listen 8442", "is not an address like"},
		{"-server http://desk.example.org", "must begin with https://"},
		{"-server https://desk.example.org/desk", "nothing behind the name"},
		{"-server desk.example.org", "must be one like https://"},
		{"-dir " + dir, "no coordinator's key is pinned on this machine"},
		{"-dir " + dir + " -coordinator nonsense", "neither a coordinator's public key"},
		{"file", "takes flags only"},
	} {
		out, errs, status := program("", append([]string{"desk"}, strings.Fields(c.call)...)...)
		if status != 2 || !strings.Contains(errs, c.says) || out != "" {
			t.Errorf("amana desk %s: status %d, %s", c.call, status, errs)
		}
	}
	w := wallet{dir}
	if pin, err := w.pinned(); err != nil || pin != "" {
		t.Fatalf("pinned %q, %v", pin, err)
	}
	var said strings.Builder
	c := &call{stderr: &said}
	for _, given := range []string{file, "", key.Public()} {
		said.Reset()
		if pin, err := pinnedFor(c, w, given); err != nil || pin != key.Public() || !strings.Contains(said.String(), seal.Fingerprint(pin)) {
			t.Errorf("with %q: %q, %v, %s", given, pin, err, said.String())
		}
	}
	if _, err := pinnedFor(c, w, other.Public()); err == nil || !strings.Contains(err.Error(), "another coordinator's key is pinned here") {
		t.Errorf("another key: %v", err)
	}
	if !ui.Built() {
		if _, errs, status := program("", "desk", "-dir", dir); status != 1 || !strings.Contains(errs, "the pages of the desk are not in this program") {
			t.Errorf("without pages: status %d, %s", status, errs)
		}
	}
}

// TestDeskRuns: the address that is printed, alone, opens the page, and works until the program is told to stop.
func TestDeskRuns(t *testing.T) {
	t.Parallel()
	l := newOwnMachine(t, nil).local
	ctx, stop := context.WithCancel(t.Context())
	from, to := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- l.run(ctx, &call{stdout: to, stderr: io.Discard}, "127.0.0.1:0")
		to.Close()
	}()
	lines := bufio.NewReader(from)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`^(http://127\.0\.0\.1:\d+)/#/start/([A-Z2-7]{26})\n$`).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("printed %q", line)
	}
	resp, err := http.Get(found[1] + "/")
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if string(page) != ownPage {
		t.Errorf("the page: %s", page)
	}
	resp, err = http.Post(found[1]+"/api/start", "application/json", strings.NewReader(`{"word":"`+found[2]+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode != http.StatusOK {
		t.Errorf("started: %d", resp.StatusCode)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if rest, _ := io.ReadAll(lines); len(rest) > 0 {
		t.Errorf("printed more: %q", rest)
	}
	if _, err := http.Get(found[1] + "/"); err == nil {
		t.Error("it goes on")
	}
}

// TestInviteLeadsSomewhere: a link leads to the desk where there is one, and to Telegram where that is wanted.
func TestInviteLeadsSomewhere(t *testing.T) {
	t.Parallel()
	tr := newTrial(t, trialOptions{config: "desk: {address: https://desk.example.org/, listen: 127.0.0.1:8443}\nmail: {host: mail.example.org, from: notes@example.org}"})
	tr.invitedTo("https://desk.example.org", "dana")
	tr.invitedTo("https://desk.example.org", "dana", "-at", "mail:dana@example.org")
	tr.invitedTo("https://desk.example.org", "dana", "-at", "desk")
	args := []string{"invite", "-config", tr.config(), "-name", "Dana", "-org", "example_relief"}
	if out := tr.amana(append(args, "-at", "telegram")...); !linkLine.MatchString(out) {
		t.Errorf("printed %q", out)
	}
	if status, _, errs := tr.try(append(args, "-at", "mail")...); status != 2 || !strings.Contains(errs, "-at is desk, telegram, mail:") {
		t.Errorf("elsewhere: %d %s", status, errs)
	}
	for _, at := range []string{"mail:dana", "mail:Dana <dana@example.org>", "webhook:agency"} {
		if status, _, errs := tr.try(append(args, "-at", at)...); status != 2 || !strings.Contains(errs, "invite: -at ") {
			t.Errorf("at %s: %d %s", at, status, errs)
		}
	}
	plain := newTrial(t, trialOptions{})
	args[2] = plain.config()
	if out := plain.amana(args...); !linkLine.MatchString(out) {
		t.Errorf("printed %q", out)
	}
	if status, _, errs := plain.try(append(args, "-at", "desk")...); status != 2 || !strings.Contains(errs, "there is no desk") {
		t.Errorf("without a desk: %d %s", status, errs)
	}
}
