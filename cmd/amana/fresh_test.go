package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A new mission is not wrong: its check says what to do next, in order, with commands that can be typed where one stands.
func TestCheckOfANewMission(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mission, run := filepath.Join(dir, "mission"), filepath.Join(dir, "run")
	if out, code := runs(t, nil, "init", mission, "-runtime", run); code != 0 {
		t.Fatal(out)
	}
	config := filepath.Join(mission, "amana.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, append(text, "\nruntime_on_disk: true\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	out, code := runs(t, nil, "check", "-config", config)
	if code != 0 {
		t.Errorf("exit status %d", code)
	}
	at := 0
	for _, want := range []string{
		"next: 1. pin the coordinator's key", "next: 2. name a recovery key", "next: 3. invite", "`amana invite -config " + config + " -name … -org …`",
		"next: 4. let the coordinator", "`amana confirm -config " + config + "`", "next: 5. copy the keys", "`amana keys backup -config " + config + " FILE`",
		"next: 6. bring the services", "nothing is wrong, and no report is taken yet",
	} {
		i := strings.Index(out[at:], want)
		if i < 0 {
			t.Fatalf("%q is missing, or not in its place, in\n%s", want, out)
		}
		at += i
	}
	if strings.Contains(out, "error:") {
		t.Errorf("a new mission is wrong:\n%s", out)
	}
}

func TestHinted(t *testing.T) {
	for in, want := range map[string]string{
		"`amana check`":                          "`amana check -config m/amana.yaml`",
		"first `amana invite -child`, then that": "first `amana invite -config m/amana.yaml -child`, then that",
		"`amana confirm -sign … -remove ID`":     "`amana confirm -sign … -remove ID`",
		"`amana keys coordinator`":               "`amana keys coordinator`",
		"`amana keys backup FILE`":               "`amana keys backup -config m/amana.yaml FILE`",
	} {
		if got := hinted(in, "m/amana.yaml"); got != want {
			t.Errorf("%s: %s", in, got)
		}
		if got := hinted(in, "amana.yaml"); got != in {
			t.Errorf("in the mission's own folder: %s", got)
		}
	}
}

// Nobody is called by half of their name.
func TestIDFrom(t *testing.T) {
	for name, want := range map[string]string{
		"Ana María": "ana-maria", "Sára": "sara", "Field officer 2": "field-officer-2", "آمنة": "", "Łucja": "", "Straße": "", "José-Luis O’Neill": "jose-luis-o-neill", "": "",
	} {
		if got := idFrom(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Somebody with the program alone gets the shipped profile, its words and its sheets, and the mission stands on them.
func TestInitCopies(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "mission")
	if out, code := runs(t, nil, "init", dir, "-profile", "yemen", "-copy", "-runtime", filepath.Join(dir, "run")); code != 0 {
		t.Fatal(out)
	}
	for _, name := range []string{"yemen.yaml", "yemen/services.csv", "yemen/areas.csv"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	conf, err := readConfig(dir)
	if err != nil || conf.Profile != "./yemen.yaml" {
		t.Fatalf("%v %v", conf, err)
	}
	shipped, err := readProfile(&config{Profile: "yemen", path: conf.path})
	if err != nil {
		t.Fatal(err)
	}
	own, err := readProfile(conf)
	if err != nil || len(own.Areas) != len(shipped.Areas) || len(own.words) != len(shipped.words) {
		t.Errorf("the copy is another profile: %v, %d of %d words", err, len(own.words), len(shipped.words))
	}
	out, code := runs(t, nil, "import", "-config", dir, filepath.Join(dir, "yemen/areas.csv"), filepath.Join(dir, "yemen/services.csv"))
	if code != 0 || !strings.Contains(out, "0 records refused") {
		t.Errorf("its sheets are not taken: %d\n%s", code, out)
	}
	if out, code := runs(t, nil, "init", filepath.Join(t.TempDir(), "x"), "-profile", "nowhere", "-copy"); code != 2 {
		t.Errorf("%d %s", code, out)
	}
}

// A database that was cut short anywhere is told from one that is whole, in words, and nothing is served.
func TestCheckOfACutDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mission := filepath.Join(dir, "mission")
	if out, code := runs(t, nil, "init", mission, "-runtime", filepath.Join(dir, "run")); code != 0 {
		t.Fatal(out)
	}
	conf, err := readConfig(mission)
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), conf) // writes in it
	if err != nil || h.Close() != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(conf.Database)
	if err != nil {
		t.Fatal(err)
	}
	for size := -1; size < len(whole); size += 509 {
		if err := os.WriteFile(conf.Database, whole[:max(size, 0)], 0o600); err != nil {
			t.Fatal(err)
		}
		var f facts
		if size >= 6*os.Getpagesize() {
			break // what a new file has there is not in use
		}
		err := ask(t.Context(), conf, "facts", struct{}{}, &f)
		if err == nil || strings.Contains(err.Error(), "runtime error") || !strings.Contains(err.Error(), "amana.db") {
			t.Errorf("cut to %d of %d bytes: %v", size, len(whole), err)
		}
	}
}
