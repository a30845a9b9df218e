package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/mail"
	"amana/bot/webhook"
)

// failing is a door that does what a test says.
type failing struct{ err error }

func (f *failing) Notify(context.Context, bot.Notice, bot.Outgoing) error { return f.err }

// A door is in trouble once nothing has gone through for some minutes; an address that is closed is none of it.
func TestPostTrouble(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	f := &failing{}
	c := &counted{door: f, name: "mail", now: func() time.Time { return now }}
	p := &postroom{map[string]*counted{"mail": c, "webhook": {name: "webhooks", now: c.now}}}
	notify := func(err error) {
		f.err = err
		if got := c.Notify(t.Context(), bot.Notice{}, bot.Outgoing{}); got != err {
			t.Errorf("it gives %v", got)
		}
	}
	down := errors.New("the mail server cannot be reached")
	notify(down)
	now = now.Add(troubleAfter - time.Second)
	notify(down)
	if all := p.troubles(); len(all) != 0 {
		t.Errorf("in trouble already: %v", all)
	}
	now = now.Add(time.Second)
	if all := p.troubles(); len(all) != 1 || all[0] != "mail: the mail server cannot be reached" {
		t.Errorf("%v", all)
	}
	notify(mail.ErrGone)
	if all := p.troubles(); len(all) != 0 {
		t.Errorf("an address that is closed is a trouble: %v", all)
	}
	notify(nil)
	metrics := map[string]any{}
	p.metrics(func(name, _ string, v any) { metrics[name] = v })
	for name, want := range map[string]any{
		`door_sent_total{door="mail"}`: int64(1), `door_failed_total{door="mail"}`: int64(2), `door_gone_total{door="mail"}`: int64(1), `door_trouble{door="mail"}`: 0,
	} {
		if metrics[name] != want {
			t.Errorf("%s is %v, want %v", name, metrics[name], want)
		}
	}
	if len(metrics) != 4 {
		t.Errorf("%v", metrics)
	}
	for a, want := range map[bot.Address]string{"mail:a@example.org": "mail", "webhook:x": "webhooks"} {
		d, ok := p.other(a)
		if !ok || d.(*counted).name != want {
			t.Errorf("%s goes by %v", a.Reveal(), d)
		}
	}
	for _, a := range []bot.Address{"telegram:5", "desk:ana", ""} {
		if _, ok := p.other(a); ok {
			t.Errorf("%s is no chat", a.Reveal())
		}
	}
	d, _ := p.other("webhook:x")
	if err := d.Notify(t.Context(), bot.Notice{}, bot.Outgoing{}); err == nil || err.Error() != "the configuration has no webhooks:, by which this focal point is told" || gone(err) {
		t.Errorf("a door that was taken out says %v", err)
	}
	if !gone(webhook.ErrGone) || gone(down) {
		t.Error("what is gone is not known")
	}
	if _, ok := after(down); ok {
		t.Error("an error asks to wait")
	}
}

// What cannot work is told with its line and what to write; what works is taken.
func TestPostConfig(t *testing.T) {
	dir := t.TempDir()
	read := func(lines string) (*config, error) {
		t.Helper()
		path := filepath.Join(dir, "amana.yaml")
		text := "profile: example\ndatabase: amana.db\nkeys: keys\nruntime: run\nzone: Asia/Dhaka\n" + lines
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return readConfig(path)
	}
	for lines, want := range map[string]string{
		"mail: {from: a@example.org}\n":                                                                   ":6: mail: host is missing",
		"mail:\n  host: mail.example.org\n":                                                               "mail: from: an address has one @",
		"mail: {host: m.example.org, from: \"Me <a@example.org>\"}\n":                                     "mail: from: there is a blank",
		"mail: {host: m.example.org, from: a@example.org, tls: none}\n":                                   "mail: tls is starttls",
		"mail: {host: m.example.org, from: a@example.org, port: 99999}\n":                                 "mail: port 99999 is none",
		"mail: {host: m.example.org, from: a@example.org, password_file: p}\n":                            "mail: there is a password_file and no user",
		"mail: {host: m.example.org, from: a@example.org, password: secret}\n":                            "password",
		"webhooks:\n  agency: {url: \"http://cases.example.org\"}\n":                                      ":7: webhooks: agency: url: it is plain http to another machine",
		"webhooks:\n  Agency: {url: \"https://cases.example.org\"}\n":                                     ":7: webhooks: \"Agency\" is no name",
		"webhooks:\n  agency: {url: \"https://u:p@cases.example.org\", secret_file: s}\n":                 "webhooks: agency: url: it holds a user",
		"webhooks:\n  agency: {url: \"https://cases.example.org\", secret: whsec_c2VjcmV0c2VjcmV0c2Vj}\n": "secret",
	} {
		_, err := read(lines)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "u:p@") {
			t.Errorf("%s says %v, want %q", lines, err, want)
		}
	}
	conf, err := read("mail: {host: m.example.org, from: a@example.org, user: u, password_file: p, ca: ca.pem}\nwebhooks:\n  agency: {url: \"https://cases.example.org\", secret_file: s}\n  other: {url: \"https://cases.example.org\"}\n")
	if err != nil {
		t.Fatal(err)
	}
	if conf.Mail.Password != filepath.Join(dir, "p") || conf.Webhooks["agency"].Secret != filepath.Join(dir, "s") {
		t.Errorf("%+v %+v", conf.Mail, conf.Webhooks)
	}
	env := map[string]string{}
	texts := func(found []finding) (all string) {
		for _, f := range found {
			all += string(f.Level) + " " + f.Place + " " + f.What + " " + f.Hint + "\n"
		}
		return all
	}
	got := texts(checkPost(conf, func(name string) string { return env[name] }))
	for _, want := range []string{"error ", "mail: ca: ", "mail: password_file: ", "webhooks: agency: ", "note ", "AMANA_WEBHOOK_OTHER"} {
		if !strings.Contains(got, want) {
			t.Errorf("the check lacks %q:\n%s", want, got)
		}
	}
	for name, text := range map[string]string{"p": "the password\n", "s": "not a secret", "ca.pem": "no certificate"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env["AMANA_WEBHOOK_OTHER"] = postSecret
	got = texts(checkPost(conf, func(name string) string { return env[name] }))
	for _, want := range []string{"holds no certificate in PEM", "webhooks: agency: secret 1 does not begin with whsec_"} {
		if !strings.Contains(got, want) {
			t.Errorf("the check lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "password_file") || strings.Contains(got, "OTHER") || strings.Contains(got, "not a secret\n") {
		t.Errorf("the check says too much:\n%s", got)
	}

	for at, want := range map[string]string{"mail:Ana@EXAMPLE.org": "mail:Ana@example.org", "webhook:agency": "webhook:agency"} {
		if a, err := conf.way(at); err != nil || a.Reveal() != want {
			t.Errorf("%s is %q, %v", at, a.Reveal(), err)
		}
	}
	for _, at := range []string{"mail:ana", "mail:", "webhook:none", "telegram:5", "ana@example.org", "desk:ana", "mail:a@example.org\nBcc: b@example.org"} {
		if a, err := conf.way(at); err == nil {
			t.Errorf("%s is taken as %q", at, a.Reveal())
		}
	}
	plain, err := read("")
	if err != nil {
		t.Fatal(err)
	}
	found := texts(checkWays(plain, []casework.Told{{Person: "ana", At: "mail:ana@example.org"}, {Person: "bea", At: "desk", Next: "webhook:agency"}, {Person: "bo", At: "telegram"}}))
	if !strings.Contains(found, "notices to ana cannot go out") || !strings.Contains(found, "bea has not proved") || strings.Contains(found, "bo ") || strings.Contains(found, "example.org") {
		t.Errorf("the check says\n%s", found)
	}
}

// Port 465 speaks TLS from the first byte, unless somebody says otherwise: by STARTTLS it would be waited for in vain.
func TestMailByPort(t *testing.T) {
	for _, c := range []struct {
		config mailConfig
		want   bool
	}{
		{mailConfig{}, false}, {mailConfig{Port: 587}, false}, {mailConfig{Port: 465}, true}, {mailConfig{Port: 465, TLS: "starttls"}, false},
		{mailConfig{TLS: "implicit"}, true}, {mailConfig{Port: 2465, TLS: "implicit"}, true},
	} {
		if got := c.config.implicit(); got != c.want {
			t.Errorf("%+v: implicit is %v", c.config, got)
		}
	}
}
