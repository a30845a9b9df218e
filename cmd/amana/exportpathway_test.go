package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Sheets are written for each area and language, with the urgent lines of the profile and the way to the bot, and without
// what is not for everybody.
func TestExportPathway(t *testing.T) {
	t.Parallel()
	tr := newTrial(t, trialOptions{staff: []*staffer{}})
	dir := func(name string) string { return filepath.Join(tr.tmp, name) }
	export := func(want int, args ...string) string {
		t.Helper()
		status, out, errs := tr.try(append([]string{"export", "-config", tr.config()}, args...)...)
		if status != want {
			t.Fatalf("amana export %v: status %d, want %d\n%s%s", args, status, want, out, errs)
		}
		return out + errs
	}
	if text := export(1, "-pathway", dir("none")); !strings.Contains(text, "bring one with `amana import -config ") {
		t.Error(text)
	}
	rows := firstRows[:strings.Index(firstRows, "\n")] + ",Visibility\n" + strings.ReplaceAll(firstRows[strings.Index(firstRows, "\n")+1:], "2026-11-02\n", "2026-11-02,\n") +
		"EXAMPLE Relief,Cash,EXAMPLE Camp,EXAMPLE marked desk,000-0004,2026-11-02,referrer only\n"
	f := tr.sheets(map[string]string{"areas.csv": areaSheet, "first.csv": rows})
	tr.amana("import", "-config", tr.config(), f["areas.csv"], f["first.csv"])

	conf, err := readConfig(tr.config())
	if err != nil {
		t.Fatal(err)
	}
	p, err := readProfile(conf)
	if err != nil {
		t.Fatal(err)
	}
	langs := []string{"en", "ar"} // that the trial offers
	text := export(0, "-pathway", "-bot", "@example_bot", dir("all"))
	for _, area := range []string{fileName("XX01"), fileName("XX02")} {
		for _, lang := range langs {
			name := filepath.Join(dir("all"), "pathway-"+area+"-"+lang+".html")
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			page := string(data)
			if strings.Contains(page, "marked") || !strings.Contains(page, "https://t.me/example_bot") || !strings.Contains(page, p.Lines[0].Label[lang]) || !strings.Contains(page, `lang="`+lang+`"`) {
				t.Errorf("%s:\n%s", name, page)
			}
			if police := strings.Contains(page, p.Lines[len(p.Lines)-1].Phone); police {
				t.Errorf("%s shows a line of another area", name)
			}
		}
	}
	if want := "4 sheets for 2 areas in 2 languages"; !strings.Contains(text, want) {
		t.Errorf("%q is not said in %s", want, text)
	}
	export(0, "-pathway", "-area", "XX", "-lang", "ar", dir("one"))
	if list, err := os.ReadDir(dir("one")); err != nil || len(list) != 1 || list[0].Name() != "pathway-"+fileName("XX")+"-ar.html" {
		t.Error(list, err)
	}
	for _, bad := range [][]string{{"-area", "XX", dir("x")}, {"-lang", "ar", dir("x")}, {"-bot", "example_bot", dir("x")}, {"-pathway", "-area", "YY", dir("x")}, {"-pathway", "-lang", "xx", dir("x")},
		{"-pathway", "-bot", "a b", dir("x")}, {"-pathway"}} {
		export(2, bad...)
	}
	if _, err := os.Stat(dir("x")); err == nil {
		t.Error("a call that is wrong leaves a folder")
	}
}

// Ids become names that every file system bears and tells apart.
func TestFileName(t *testing.T) {
	seen := map[string]string{}
	for _, id := range []string{"camp_9", "XX01", "99-C1", "a/b", "a\\b", "a:b", "..", ".", "مخيم", "ক্যাম্প", strings.Repeat("x", 300), strings.Repeat("x", 301), "con"} {
		name := fileName(id)
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" || len(name) > 64 || name == "" {
			t.Errorf("%q becomes %q", id, name)
		}
		if other, taken := seen[name]; taken {
			t.Errorf("%q and %q become one", id, other)
		}
		seen[name] = id
	}
	if fileName("camp_9") != "camp_9" || fileName("XX01") != "XX01" {
		t.Error("a plain id is changed")
	}
}
