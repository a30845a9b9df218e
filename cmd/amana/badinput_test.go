package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"amana/bot/telegram/telegramtest"
	"amana/bot/ticket"
)

// taken is an address on which somebody listens already.
func taken(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

// TestBadConfiguration holds every slip of an operator to exit status 2, the place, and a remedy.
func TestBadConfiguration(t *testing.T) {
	t.Parallel()
	tr := newTrial(t, trialOptions{})
	good, err := os.ReadFile(tr.config())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, from, to, says string }{
		{"unknown setting", "zone: UTC", "zone: UTC\nzoone: UTC", `there is no setting "zoone"`},
		{"a setting twice", "zone: UTC", "zone: UTC\nzone: UTC", "amana.yaml:"},
		{"wrong kind", "languages: [en, ar]", "languages: {en: 1}", "amana.yaml:"},
		{"bad indentation", "notices:", "  notices:", "amana.yaml:"},
		{"bad time", "  normal: 0s", "  normal: soon", `"soon" is not a time; write for example 15m`},
		{"negative time", "  normal: 0s", "  normal: -3m", `is not a time; write for example 15m`},
		{"unknown zone", "zone: UTC", "zone: Atlantis/Town", "zone \"Atlantis/Town\" is not known; write for example"},
		{"no database", "database: amana.db", "", "database is missing; add a line"},
		{"no keys", "keys: keys", "", "keys is missing; add a line"},
		{"database among the keys", "database: amana.db", "database: keys/amana.db", "the database lies inside the key directory"},
		{"no such database", "database: amana.db", "database: other.db", "is not there; restore it with `amana restore"},
		{"no such keys", "keys: keys", "keys: otherkeys", "is not there; restore it with `amana keys restore"},
		{"unknown language", "languages: [en, ar]", "languages: [en, xx]", `languages: "xx" is not shipped`},
		{"no such profile", "profile: example", "profile: nowhere", "nowhere"},
		{"open to others", "zone: UTC", "zone: UTC\nlisten: 0.0.0.0:9464", "is open to others; use 127.0.0.1"},
		{"a webhook without TLS", "zone: UTC", hooked("http://hook.example/"+hiddenPath, "127.0.0.1:0"), "webhook must be an address like https://"},
		{"a webhook on another port", "zone: UTC", hooked("https://hook.example:9000/"+hiddenPath, "127.0.0.1:0"), "on port 443, 80, 88 or 8443"},
		{"a webhook that nobody hears", "zone: UTC", "zone: UTC\ntelegram: {webhook: \"https://hook.example/" + hiddenPath + "\"}", "a web server on this machine ends TLS"},
		{"a webhook open to others", "zone: UTC", hooked("https://hook.example/"+hiddenPath, "0.0.0.0:8081"), "is open to others; use 127.0.0.1"},
		{"a listener for no webhook", "zone: UTC", "zone: UTC\ntelegram: {listen: 127.0.0.1:8081}", "take telegram out"},
		{"a chat page without an address", "zone: UTC", "zone: UTC\nweb: {leave: \"https://weather.example\"}", "web: listen is missing; write for example listen: 127.0.0.1:8082"},
		{"a chat page open to others", "zone: UTC", "zone: UTC\nweb: {listen: \"0.0.0.0:8082\"}", "without TLS the network would read what people write"},
		{"a certificate without its key", "zone: UTC", "zone: UTC\nweb: {listen: \"0.0.0.0:8443\", tls: {cert: page.crt}}", "tls needs both cert: and key:"},
		{"a certificate that is not there", "zone: UTC", "zone: UTC\nweb: {listen: \"127.0.0.1:0\", tls: {cert: page.crt, key: page.key}}", "the certificate or its key cannot be read"},
		{"a chat page that leaves for nowhere", "zone: UTC", "zone: UTC\nweb: {listen: \"127.0.0.1:8082\", leave: weather.example}", "leave must be an address like https://"},
		{"a chat page where somebody else listens", "zone: UTC", fmt.Sprintf("zone: UTC\nweb: {listen: %q}", taken(t)), "nothing can listen on 127.0.0.1:"},
		{"a webhook of the wrong kind", "zone: UTC", "zone: UTC\ntelegram: {webhook: {x: " + hiddenPath + "}}", "amana.yaml:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(string(good), "\n"+c.from) {
				t.Fatalf("the configuration has no %q", c.from)
			}
			bad := filepath.Join(tr.dir, strings.ReplaceAll(c.name, " ", "-")+"-amana.yaml")
			text := strings.Replace(string(good), "\n"+c.from, "\n"+c.to, 1)
			if err := os.WriteFile(bad, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			status, _, errs := tr.try("serve", "-config", bad)
			named := strings.Contains(errs, "amana.yaml") || strings.Contains(errs, "profile") // a profile is not of this file
			if strings.Contains(errs, hiddenPath) {
				t.Errorf("it repeats the path of the webhook: %s", errs)
			}
			if status != 2 || !strings.Contains(errs, c.says) || !named {
				t.Errorf("status %d, want 2; it says\n%s\nwhich should hold %q and the name of the file", status, errs, c.says)
			}
		})
	}
	t.Run("no configuration", func(t *testing.T) {
		status, _, errs := tr.try("serve", "-config", filepath.Join(tr.dir, "none.yaml"))
		if status != 2 || !strings.Contains(errs, "amana init") {
			t.Errorf("status %d: %s", status, errs)
		}
	})
	t.Run("no token", func(t *testing.T) {
		cmd := tr.command("serve", "-config", tr.config())
		cmd.Env = append(cmd.Env, "AMANA_TELEGRAM_TOKEN=")
		out, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), "@BotFather") {
			t.Errorf("status %d: %s", cmd.ProcessState.ExitCode(), out)
		}
	})
	t.Run("a token that is none", func(t *testing.T) {
		cmd := tr.command("serve", "-config", tr.config())
		cmd.Env = append(cmd.Env, "AMANA_TELEGRAM_TOKEN=verysecret")
		out, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != 2 || strings.Contains(string(out), "verysecret") {
			t.Errorf("status %d: %s", cmd.ProcessState.ExitCode(), out)
		}
	})
}

// TestDamage starts the program on what an accident left. It refuses with status 1 or 2, and names the file and a remedy.
func TestDamage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(*trial) error
		says []string
	}{
		{"a key file is gone", func(t *trial) error {
			return os.Remove(filepath.Join(t.dir, "keys", newestKey(t)))
		}, []string{"keys", "restore"}},
		{"the database is cut", func(t *trial) error { return os.Truncate(t.database(), 9000) }, []string{"amana.db", "restore"}},
		{"the database is something else", func(t *trial) error {
			return os.WriteFile(t.database(), []byte(strings.Repeat("not a database ", 4000)), 0o600)
		}, []string{"amana.db", "restore"}},
		{"the keys are of another house", func(t *trial) error {
			other := newTrial(t.TB, trialOptions{})
			if err := os.RemoveAll(filepath.Join(t.dir, "keys")); err != nil {
				return err
			}
			return os.Rename(filepath.Join(other.dir, "keys"), filepath.Join(t.dir, "keys"))
		}, []string{"key", "restore"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := newTrial(t, trialOptions{})
			tr.serve()
			tr.stop()
			if err := c.do(tr); err != nil {
				t.Fatal(err)
			}
			status, _, errs := tr.try("serve", "-config", tr.config())
			for _, word := range c.says {
				if status == 0 || !strings.Contains(errs, word) {
					t.Errorf("status %d; it says\n%s\nwhich should hold %q", status, errs, word)
				}
			}
		})
	}
}

// newestKey names a month's key file.
func newestKey(t *trial) string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(t.dir, "keys", "*-report*"))
	if err != nil || len(all) == 0 {
		t.Fatalf("no month keys: %v", err)
	}
	return filepath.Base(all[0])
}

// TestManners is how the server behaves towards the machine: it tells the service manager how it is, answers on loopback
// alone, lets no second one near the database, stops soon when asked, and gives up when its token is revoked. Without a
// way to Telegram it waits.
func TestManners(t *testing.T) {
	t.Parallel()
	addr := freePort(t)
	tr := newTrial(t, trialOptions{config: "listen: " + addr, level: "debug"})
	unmend := tr.api.Fault(telegramtest.Fault{Kind: telegramtest.DropBefore}) // Telegram cannot be reached
	tr.serve()
	get := func(path string) string {
		t.Helper()
		resp, err := http.Get("http://" + addr + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", path, resp.StatusCode)
		}
		return string(body)
	}
	if got := get("/healthz"); got != "ok\n" {
		t.Errorf("/healthz says %q", got)
	}
	unmend()
	const id, name = 8_666_777_888, "Zqhealthname"
	u := tr.api.Bot(peopleToken).User(id, telegramtest.UserOptions{FirstName: name})
	u.Start("")
	tr.saw(u, tr.words("en", "word.language.ask", nil))
	metrics := get("/metrics")
	for _, want := range []string{"amana_up_seconds ", `amana_telegram_heard_total{bot="people"} `, "amana_notices_carried_total "} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics has no %q:\n%s", want, metrics)
		}
	}
	for _, text := range []string{metrics, tr.log()} {
		if strings.Contains(text, fmt.Sprint(int64(id))) || strings.Contains(text, name) || strings.Contains(text, peopleToken) {
			t.Error("a person or a token stands in the metrics or in the log")
		}
	}

	second := tr.command("serve", "-config", tr.config())
	out, _ := second.CombinedOutput()
	if second.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "amana.db") {
		t.Errorf("a second server ended with %d: %s", second.ProcessState.ExitCode(), out)
	}
	if got := get("/healthz"); got != "ok\n" {
		t.Errorf("after a second one was tried, /healthz says %q", got)
	}
	mend := tr.api.Fault(telegramtest.Fault{Method: "getUpdates", Kind: telegramtest.Conflict, Times: 2}) // 409
	before := newest(u.Screen())
	u.Send("1")
	if _, err := u.Wait(telegramtest.Within(patience), func(s telegramtest.Screen) bool { return newest(s) > before }); err != nil {
		t.Error("after two conflicts nobody is heard any more:", err)
	}
	mend()

	s := tr.served
	asked := time.Now()
	tr.stop()
	t.Logf("it stopped within %v", time.Since(asked).Round(time.Millisecond))
	var last string
	for state := range s.states {
		last = state
	}
	if last != "STOPPING=1" {
		t.Errorf("the last word to the service manager was %q", last)
	}

	tr.serve()
	s = tr.served
	tr.api.Revoke(peopleToken)
	u.Send("2")
	select {
	case <-s.ended:
		if s.cmd.ProcessState.ExitCode() != 1 || !strings.Contains(tail(tr.log(), 500), "token") {
			t.Errorf("with a revoked token it ended with %v:\n%s", s.err, tail(tr.log(), 500))
		}
	case <-time.After(patience):
		t.Error("with a revoked token it goes on")
	}
	s.close()
	tr.served = nil
}

// TestStrangeInput sends a conversation everything that does not belong into it, between one answer and the next. It
// goes on all the same, to its receipt, and somebody who guesses receipts all the while disturbs nobody.
func TestStrangeInput(t *testing.T) {
	t.Parallel()
	tr := newTrial(t, trialOptions{})
	tr.serve()
	tr.enrol()
	people := tr.api.Bot(peopleToken)

	guesser := tr.walker(8_777_000_002, "en", map[string]string{"menu": "mailbox"})
	guesser.about = func(string) { guesser.plan["number"] = nobodys(t) }
	var all sync.WaitGroup
	all.Go(func() {
		slow := tr.words("en", "word.receipt.slow", nil)
		if err := guesser.walk(t.Context(), func() bool { return guesser.phone.Seen(slow) }); err != nil {
			t.Errorf("a guesser was never slowed down: %v", err)
		}
	})

	w := tr.walker(8_777_000_001, "en", map[string]string{
		"age": "adult", "accused": "ngo", "who": "me", "danger": "no", "matter": "other", "involved": "no", "consent_complaint": "yes", "nudge": "!skip",
		"story": "before\u200b\u200d\u202eafter\u2066 \ufeff end",
	})
	u := w.phone
	talker := tr.person(8_777_000_003, "en")
	group := people.Group(-1_009_000_001, u, telegramtest.GroupOptions{Title: "A group"})
	strange := []func(){
		func() { u.SendPhoto([]byte("\xff\xd8\xff"), "") },
		func() { u.SendDocument("list.pdf", []byte("%PDF")) },
		func() { u.SendVoice([]byte("OggS")) },
		func() { u.SendLocation(1.5, 2.5) },
		func() { u.SendContact("+99900", "Somebody") },
		func() { u.Forward("Another", "words of another") },
		func() { _ = u.Edit(u.Send("xyzzy"), "yzzyx") },
		func() { talker.Send(strings.Repeat("a very long text ", 4000)) }, // 64 kB, which a phone parts
		func() { u.Send("\u202e\u2066\u200f\u200b") },
		func() { u.Send("\u0000\u0007 \U000e0041 \ufffd") },
		func() { group.Send(u, "hello in the group") },
		func() {
			people.Inject(`{"message":{"message_id":5,"date":1,"chat":{"id":8777000001,"type":"private"},"from":{"id":8777000001},"text":"\ud800 lone \udc00"}}`)
		},
		func() { people.Inject(`{"message":null}`) },
		func() { people.Inject(`{"message":{"chat":{}}}`) },
		func() { people.Inject(`{"message":{"message_id":"seven","chat":{"id":"x"}}}`) },
		func() { people.Inject(`{"callback_query":{"id":"1","data":"t:\u0000"}}`) },
		func() { people.Inject(`{"poll_answer":{"poll_id":"1"}}`) },
		func() {
			people.Inject(`{"edited_message":{"message_id":1,"chat":{"id":8777000001,"type":"private"},"text":[]}}`)
		},
		func() { _ = u.TapData("t:AAAAAAAAAAAAAAmenu:report") },
		func() { _ = u.TapData("s:read:AAAAAA") },
		func() { _ = u.TapData(strings.Repeat("x", 64)) },
	}
	kinds := len(strange)
	w.about = func(step string) {
		if step == "safe_now" || step == "menu" || strings.HasPrefix(step, "!") {
			return
		}
		for range 2 {
			if len(strange) > 0 {
				strange[0]()
				strange = strange[1:]
				time.Sleep(100 * time.Millisecond)
			}
		}
	}
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(strange) > 0 {
		t.Errorf("%d of %d strange things were never sent", len(strange), kinds)
	}
	for _, key := range []string{"word.refused.picture", "word.refused.document", "word.refused.voice"} {
		if !u.Seen(tr.words("en", key, nil)) {
			t.Errorf("%s was never said", key)
		}
	}
	if !strings.Contains(group.Screen().String(), tr.words("en", "word.refused.group", nil)) {
		t.Errorf("the group was not told why nothing is heard there:\n%s", group.Screen())
	}
	if len(receipts(u)) != 1 {
		t.Errorf("%d receipts", len(receipts(u)))
	}
	tr.saw(talker, tr.words("en", "word.language.ask", nil))
	ana := tr.hands["ana"]
	story := tr.read(ana, tr.noticed(ana)).body.text("story")
	if !strings.Contains(story, "before") || !strings.Contains(story, "end") {
		t.Errorf("the story arrived as %q", story)
	}
	all.Wait()
}

// nobodys is a receipt that fits its own check digit and opens nothing.
func nobodys(tb testing.TB) string {
	r, err := ticket.NewReceipt(rand.Reader)
	if err != nil {
		tb.Error(err)
	}
	return r.Digits()
}

// TestFullDisk fills the disk while people talk: they are told that it was not saved, nobody is shown a receipt for what
// is not there, and once there is room everybody goes on to theirs.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	k := killingOf(newTrial(t, trialOptions{}), 0, 0, 0)
	tr := k.trial
	tr.serve()
	tr.enrol()
	tr.stop()
	info, err := os.Stat(tr.database())
	if err != nil {
		t.Fatal(err)
	}
	// The file is longer than what was ever written into it; room is left for a few conversations.
	used := info.Sys().(*syscall.Stat_t).Blocks * 512
	tr.env = []string{diskMark + "=" + fmt.Sprint(used+12<<10)}
	tr.serve()
	regret := (&house{book: tr.book, offered: []string{"en", "ar"}}).doorWords().NotSaved("en")
	const people = 8
	ctx := t.Context()
	var all sync.WaitGroup
	for n := range people {
		w := tr.walker(8_888_000_000+int64(n), "en", map[string]string{
			"age": "adult", "accused": "ngo", "who": "me", "danger": "no", "matter": "other", "involved": "no", "consent_complaint": "yes", "nudge": "!skip",
			"story": "many words about what happened",
		})
		k.people = append(k.people, w)
		all.Go(func() {
			if _, err := w.report(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	told := false
	for until := time.Now().Add(patience); !told && time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		for _, w := range k.people {
			told = told || w.phone.Seen(regret)
		}
	}
	t.Logf("the file had %d bytes, %d of them written", info.Size(), used)
	if !told {
		t.Error("the disk was never full, or nobody was told")
	}
	if err := tr.served.cmd.Process.Signal(syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	k.settle()
	k.judge()
}
