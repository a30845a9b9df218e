package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHelpOfACommand: help explains the command that stands behind it, as -h does.
func TestHelpOfACommand(t *testing.T) {
	if out, _, status := program("", "help"); status != 0 || !strings.Contains(out, "amana help COMMAND") {
		t.Errorf("help: status %d\n%s", status, out)
	}
	for _, args := range [][]string{
		{"demo"}, {"init"}, {"check"}, {"serve"}, {"invite"}, {"confirm"}, {"keys"}, {"open"}, {"backup"}, {"restore"},
		{"keys", "new"}, {"keys", "recovery"},
	} {
		_, want, _ := program("", append(args, "-h")...)
		_, got, status := program("", append([]string{"help"}, args...)...)
		if status != 0 || got != want || !strings.HasPrefix(got, "usage: amana "+strings.Join(args, " ")) {
			t.Errorf("help %v: status %d\n%s", args, status, got)
		}
		if first, _, _ := strings.Cut(got, "\n"); strings.HasSuffix(first, " ") {
			t.Errorf("%q ends with a space", first)
		}
	}
	if _, errs, status := program("", "help", "nothing"); status != 2 || !strings.Contains(errs, `no command "nothing"`) {
		t.Errorf("help of what there is not: status %d, %s", status, errs)
	}
	if _, errs, _ := program("", "init", "-h"); !strings.Contains(errs, "-coordinator string") {
		t.Errorf("init -h does not say what -coordinator takes:\n%s", errs)
	}
}

// TestAMissionIsNamedByItsFlag: a folder that stands alone is not passed over in silence.
func TestAMissionIsNamedByItsFlag(t *testing.T) {
	for _, name := range []string{"check", "serve", "invite", "confirm"} {
		if _, errs, status := program("", name, "mission"); status != 2 || !strings.Contains(errs, `"mission"`) || !strings.Contains(errs, "-config") {
			t.Errorf("%s mission: status %d, %s", name, status, errs)
		}
	}
}

// TestOperatorSlips: what an operator can get wrong with a mission that is right, called from another folder by a path
// that is relative, as people call it.
func TestOperatorSlips(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, errs, status := program("", "init", "-runtime", filepath.Join(t.TempDir(), "run"), "mission"); status != 0 {
		t.Fatal(errs)
	}
	yaml, err := os.ReadFile("mission/amana.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("mission/amana.yaml", append(yaml, "runtime_on_disk: true\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("there", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		call, says string
	}{
		{"backup -config mission mission/keys/copy.db", "lies in the key directory"},
		{"invite -config mission -name Ana -org example_relief -lang xx", `-lang "xx" is not on offer here; known here: en`},
		{"keys restore backup folder", "name the recovery key"},
		{"confirm -config mission -list there", "there is there already and is never written over: take it away"},
		{"init -profile exmple other", "did you mean example? (a file of your own"},
	} {
		_, errs, status := program("", strings.Fields(c.call)...)
		if status == 0 || !strings.Contains(errs, c.says) {
			t.Errorf("amana %s: status %d, %s", c.call, status, errs)
		}
	}
	if _, err := os.Lstat("mission/keys/copy.db"); err == nil {
		t.Error("a copy of the database lies beside the keys")
	}
	within, err := filepath.Abs("mission/keys")
	if err != nil {
		t.Fatal(err)
	}
	both := strings.Replace(string(yaml), "database: amana.db", "database: keys/amana.db", 1)
	both = strings.Replace(both, "keys: keys", "keys: "+within, 1)
	if err := os.WriteFile("mission/amana.yaml", []byte(both), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, _ := program("", "check", "-config", "mission"); !strings.Contains(errs, "the database lies inside the key directory") {
		t.Errorf("a database beside its keys is let pass: %s", errs)
	}
}
