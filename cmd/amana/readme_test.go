package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"amana/flows"
)

var fence = regexp.MustCompile("(?ms)^```([a-z]+) ([a-z/.]+)\n(.*?)^```$")

// TestFlowsReadme does what flows/README.md tells an author: writes its files into a mission, tries the flow in both
// languages, and checks the whole.
func TestFlowsReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../flows/README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "mission")
	if _, errs, status := program("", "init", "-runtime", filepath.Join(t.TempDir(), "run"), dir); status != 0 {
		t.Fatal(errs)
	}
	written := map[string]bool{}
	for _, m := range fence.FindAllStringSubmatch(string(readme), -1) {
		kind, name, text := m[1], m[2], m[3]
		file := filepath.Join(dir, name)
		switch {
		case kind == "diff":
			src, err := flows.FS.ReadFile(filepath.Base(name))
			if err != nil {
				t.Fatal(err)
			}
			text = patched(t, string(src), text)
		case name == "amana.yaml":
			conf, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text = string(conf) + text
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		written[name] = true
	}
	for _, name := range []string{"flows/water.yaml", "flows/start.yaml", "locales/en/messages.gotext.json", "locales/ar/messages.gotext.json", "amana.yaml"} {
		if !written[name] {
			t.Errorf("the README shows no %s", name)
		}
	}

	flow := filepath.Join(dir, "flows", "water.yaml")
	out, errs, status := program("1\n2\n/quit\n", "demo", "-terminal", "-flow", flow)
	if status != 0 || !strings.Contains(out, "In which area?") || !strings.Contains(out, "The water team sits beside the clinic.") || strings.Contains(out, "[water.") {
		t.Errorf("status %d, %s; trying it shows\n%s", status, errs, out)
	}
	if out, _, _ = program("1\n1\n/quit\n", "demo", "-terminal", "-flow", flow, "-lang", "ar"); !strings.Contains(out, "تُفتح الصنابير عند الشروق") {
		t.Errorf("trying it in Arabic shows\n%s", out)
	}
	// Without its words it can be tried as well.
	alone := filepath.Join(t.TempDir(), "water.yaml")
	data, err := os.ReadFile(flow)
	if err == nil {
		err = os.WriteFile(alone, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if out, _, _ = program("1\n1\n/quit\n", "demo", "-flow", alone); !strings.Contains(out, "2 · [water.what.broken]") || !strings.Contains(out, "6 keys have no words in en yet") {
		t.Errorf("without words it shows\n%s", out)
	}

	out, _, _ = program("", "check", "-config", dir)
	for _, want := range []string{
		"start.yaml: takes the place of the shipped flow start", "water.yaml: a flow of the mission's own",
		"locales/en/messages.gotext.json: 1 text in the place of the shipped one: report.story",
		"locales/ar/messages.gotext.json: 7 texts of the mission's own: start.menu.water, water.area",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the check does not say %q:\n%s", want, out)
		}
	}
	for line := range strings.Lines(out) { // a new mission has no coordinator yet; of its flows and words nothing is wrong
		if strings.HasPrefix(line, "error: ") && (strings.Contains(line, "flows/") || strings.Contains(line, "locales/")) {
			t.Error(line)
		}
	}
}

// patched makes the changes of a diff: each piece between @@ stands once in the text, and is exchanged.
func patched(t *testing.T, text, diff string) string {
	t.Helper()
	for piece := range strings.SplitSeq(diff, "@@\n") {
		var old, new strings.Builder
		for line := range strings.Lines(piece) {
			if line[0] != '+' {
				old.WriteString(line[1:])
			}
			if line[0] != '-' {
				new.WriteString(line[1:])
			}
		}
		if strings.Count(text, old.String()) != 1 {
			t.Fatalf("the shipped flow does not hold once\n%s", old.String())
		}
		text = strings.Replace(text, old.String(), new.String(), 1)
	}
	return text
}

// Every type of step and every step that decides stands in the README.
func TestFlowsReadmeIsWhole(t *testing.T) {
	readme, err := os.ReadFile("../../flows/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range slices.Concat(decisive, []string{
		"`note`", "`choice`", "`choices`", "`text`", "`number`", "`location`", "`services`", "`review`", "`file`", "`mailbox`", "`wipe`", "`flow`",
	}) {
		if !strings.Contains(string(readme), word) {
			t.Errorf("the README does not name %s", word)
		}
	}
}
