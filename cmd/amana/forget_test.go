package main

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot/seal"
)

// An operator forgets what is long due, while the server runs: the months are listed, their keys go, the key backup that
// still holds them is named until its holder says that it is destroyed, and the statements are signed.
func TestForgetCommand(t *testing.T) {
	t.Parallel()
	m := newTrial(t, trialOptions{})
	old := time.Now().AddDate(-4, 0, 0)
	month := string(seal.MonthID(old, seal.Reports))
	keys := filepath.Join(m.dir, "keys")
	if err := os.RemoveAll(keys); err != nil {
		t.Fatal(err)
	}
	house, err := seal.CreateHouse(keys, old, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := house.PinCoordinator(m.coordinator); err != nil {
		t.Fatal(err)
	}
	first, second := filepath.Join(m.tmp, "first.age"), filepath.Join(m.tmp, "second.age")
	m.amana("keys", "backup", "-config", m.config(), first)
	if out := m.amana("forget", "-config", m.config(), "-dry-run"); !strings.Contains(out, month+"\tdue since ") {
		t.Errorf("the dry run lists\n%s", out)
	}
	if _, err := os.Stat(filepath.Join(keys, month)); err != nil {
		t.Fatalf("a dry run has deleted the key: %v", err)
	}
	said := func(status int, want string, args ...string) {
		t.Helper()
		got, out, errs := m.try(args...)
		if got != status || !strings.Contains(out+errs, want) {
			t.Errorf("amana %s: status %d, and\n%s%s", strings.Join(args, " "), got, out, errs)
		}
	}
	said(1, "long due to be forgotten: ", "check", "-config", m.config())
	present := string(seal.MonthID(time.Now(), seal.Reports))
	said(1, "not due yet", "forget", "-config", m.config(), present)
	said(2, "is no month", "forget", "-config", m.config(), "november")
	said(2, "stand by themselves", "forget", "-config", m.config(), "-statements", month)

	m.serve()
	said(0, "forgotten: "+month, "forget", "-config", m.config(), month)
	said(0, "forgotten: ", "forget", "-config", m.config())
	said(0, "nothing is due", "forget", "-config", m.config())
	if _, err := os.Stat(filepath.Join(keys, month)); !os.IsNotExist(err) {
		t.Errorf("the key file of a forgotten month: %v", err)
	}
	said(1, "no key backup of that name is on the list", "forget", "-config", m.config(), "-destroyed", "nothing.age")
	m.stop()
	said(0, `"first.age" of `, "check", "-config", m.config())
	said(1, "still lies on this machine", "forget", "-config", m.config(), "-destroyed", "first.age")
	if err := os.Rename(first, first+".away"); err != nil {
		t.Fatal(err)
	}
	said(1, "the only key backup that holds a living key", "forget", "-config", m.config(), "-destroyed", "first.age")
	m.amana("keys", "backup", "-config", m.config(), second)

	// The holder has not destroyed it: it brings the month back, and that is noticed.
	identity := filepath.Join(m.tmp, "recovery.txt")
	if err := os.WriteFile(identity, []byte(m.recovery.Reveal()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(keys); err != nil {
		t.Fatal(err)
	}
	m.amana("keys", "restore", "-identity", identity, first+".away", keys)
	said(1, "a key backup brought "+month+" back", "check", "-config", m.config())
	if _, err := os.Stat(filepath.Join(keys, month)); !os.IsNotExist(err) {
		t.Errorf("the key that came back lies there: %v", err)
	}
	said(0, "noted: ", "forget", "-config", m.config(), "-destroyed", "first.age")
	if _, out, _ := m.try("check", "-config", m.config()); strings.Contains(out, "brought") || strings.Contains(out, "first.age") {
		t.Errorf("after it was destroyed the check says\n%s", out)
	}

	printed := filepath.Join(m.tmp, "statements.txt")
	text := m.amana("forget", "-config", m.config(), "-statements")
	for _, want := range []string{"forgotten: " + month + "\n", "came back, and forgotten again: " + month + "\n", `destroyed: "first.age" of `, "key: amana-house1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the statements lack %q:\n%s", want, text)
		}
	}
	write := func(s string) {
		if err := os.WriteFile(printed, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(text)
	key := strings.TrimSpace(text[strings.LastIndex(text, "key: ")+5:])
	said(0, "statements, signed by "+key, "forget", "-verify", printed, "-key", key)
	said(0, "the key that the file itself names", "forget", "-verify", printed)
	write(strings.Replace(text, month, "2020-01-report", 1))
	said(1, "was not signed by this house", "forget", "-verify", printed)
	if parts, _ := filepath.Glob(filepath.Join(m.dir, ".amana-*")); len(parts) > 0 {
		t.Errorf("left behind: %v", parts)
	}
}

// What an operator says wrongly of a hold or of retention is told with its remedy.
func TestHoldSlips(t *testing.T) {
	t.Parallel()
	m := newTrial(t, trialOptions{})
	for want, args := range map[string][]string{
		"-as ID":                    {"hold", "-config", m.config(), "-why", "court", "BDFGHJ"},
		"give a reason with -why":   {"hold", "-config", m.config(), "-as", "ana", "BDFGHJ"},
		"is no reason":              {"hold", "-config", m.config(), "-as", "ana", "-why", "maybe", "BDFGHJ"},
		"name one report":           {"hold", "-config", m.config(), "-as", "ana", "-why", "court"},
		"has the id \"ana\"":        {"hold", "-config", m.config(), "-as", "ana", "-why", "court", "BDFGHJ"},
		"-key belongs to":           {"forget", "-config", m.config(), "-key", "x"},
		"nothing.txt: no such file": {"forget", "-verify", filepath.Join(m.tmp, "nothing.txt")},
	} {
		if status, out, errs := m.try(args...); status == 0 || !strings.Contains(out+errs, want) {
			t.Errorf("%q: status %d\n%s%s", args, status, out, errs)
		}
	}
	text, err := os.ReadFile(m.config())
	if err != nil {
		t.Fatal(err)
	}
	for set, want := range map[string]string{
		"retention: {report: 2 years}":    "write for example 24 months",
		"retention: {report: 1 month}":    "1 months is outside of 3 to 120",
		"retention: {feedback: 0 months}": "0 months is outside of 1 to 60",
	} {
		if err := os.WriteFile(m.config(), []byte(string(text)+"\n"+set+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if status, _, errs := m.try("check", "-config", m.config()); status != 2 || !strings.Contains(errs, want) {
			t.Errorf("%s: status %d\n%s", set, status, errs)
		}
	}
}
