package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
)

// hiddenPath is the path of a webhook, which nobody is told.
const hiddenPath = "Zqpath-4711"

// hooked are lines of a configuration with a webhook.
func hooked(webhook, listen string) string {
	return fmt.Sprintf("zone: UTC\ntelegram:\n  webhook: %q\n  listen: %q", webhook, listen)
}

// portsGiven are the addresses that freePort has given in this process.
var portsGiven sync.Map

// freePort gives an address of the loopback interface on which nobody listens just now. It lies below the ports that a system
// gives to whoever asks for any, so that it is free still when the server starts, and when one that was killed comes back.
func freePort(t *testing.T) string {
	t.Helper()
	for range 1000 {
		addr := fmt.Sprint("127.0.0.1:", 10_000+rand.IntN(10_000))
		if _, given := portsGiven.LoadOrStore(addr, true); given {
			continue
		}
		if l, err := net.Listen("tcp", addr); err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
}

// TestServeByWebhook walks to a receipt where Telegram brings updates, with staff who join through their own bot, goes over
// to polling and back, and looks for what must not be told.
func TestServeByWebhook(t *testing.T) {
	t.Parallel()
	addr := freePort(t)
	lines := fmt.Sprintf("telegram: {webhook: \"https://hook.example/%s/\", listen: %q}", hiddenPath, addr)
	tr := newTrial(t, trialOptions{config: lines, level: "debug"})
	tr.api.Forward("hook.example", addr)
	tr.serve()
	tr.enrol()
	people, staff := tr.api.Bot(peopleToken), tr.api.Bot(staffToken)
	if people.Webhook() != "https://hook.example/"+hiddenPath+"/people" || staff.Webhook() != "https://hook.example/"+hiddenPath+"/staff" {
		t.Errorf("the webhooks are %q and %q", people.Webhook(), staff.Webhook())
	}
	secrets := []string{people.WebhookSecret(), staff.WebhookSecret()}
	if len(secrets[0]) < 20 || secrets[0] == secrets[1] {
		t.Error("the secrets are short, or the same")
	}
	w := tr.walker(8_111_222_444, "en", map[string]string{"age": "under_18", "involved": "no", "reach": "000-0000"})
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/": 404, "/" + hiddenPath: 404, "/" + hiddenPath + "/people": 401} {
		resp, err := http.Post("http://"+addr+path, "application/json", strings.NewReader(`{"update_id":1}`))
		if err != nil {
			t.Fatal(err)
		}
		if resp.Body.Close(); resp.StatusCode != want {
			t.Errorf("a stranger at a path is answered %d, want %d", resp.StatusCode, want)
		}
	}
	polls := len(tr.api.Requests("getUpdates"))
	tr.stop()

	with, err := os.ReadFile(tr.config())
	if err != nil {
		t.Fatal(err)
	}
	configure := func(text []byte) {
		t.Helper()
		if err := os.WriteFile(tr.config(), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	configure(bytes.Replace(with, []byte(lines), nil, 1))
	one := tr.person(8_111_222_555, "en")
	one.Start("")
	tr.serve()
	tr.saw(one, tr.words("en", "word.language.ask", nil))
	if people.Webhook() != "" || len(tr.api.Requests("getUpdates")) == polls {
		t.Error("it does not poll")
	}
	tr.kill()
	configure(with)
	two := tr.person(8_111_222_666, "en")
	two.Start("")
	tr.serve()
	tr.saw(two, tr.words("en", "word.language.ask", nil))
	if again := people.WebhookSecret(); again == "" || again == secrets[0] {
		t.Error("the secret outlived its process")
	}
	tr.stop()
	log := tr.log()
	for _, word := range append(secrets, hiddenPath, "hook.example", people.WebhookSecret(), peopleToken) {
		if strings.Contains(log, word) {
			t.Errorf("the log holds %q", word)
		}
	}
	if polls != 0 {
		t.Errorf("polled %d times beside the webhook", polls)
	}
}
