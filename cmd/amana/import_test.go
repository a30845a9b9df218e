package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"amana/bot/directory"
	"amana/bot/store"
)

const (
	areaSheet = "ADM0_EN,ADM0_PCODE,ADM1_EN,ADM1_PCODE\nEXAMPLE Country,XX,EXAMPLE Camp,XX01\nEXAMPLE Country,XX,EXAMPLE Town,XX02\n"
	firstRows = "Organisation,Service type,Camp,Facility,Phone,Updated on\n" +
		"EXAMPLE Relief,Legal aid,EXAMPLE Camp,EXAMPLE office,000-0001,2026-11-02\n" +
		"EXAMPLE Relief,Safe house,EXAMPLE Camp,EXAMPLE marked house,000-0002,2026-11-02\n" +
		"EXAMPLE Health,Health,EXAMPLE Town,,000-0003,2026-11-02\n"
	secondRows = "Organisation,Service type,Camp,Facility,Phone,Updated on\n" +
		"EXAMPLE Relief,Legal aid,EXAMPLE Camp,EXAMPLE office,000-0009,2026-11-03\n" +
		"EXAMPLE Relief,Safe house,EXAMPLE Camp,,000-0002,2026-11-02\n" +
		"EXAMPLE Relief,Cash,EXAMPLE Town,,000-0004,2026-11-02\n" +
		"EXAMPLE Relief,Cash,Atlantis,,000-0004,2026-11-02\n"
)

// sheets writes files of a mission, and gives their names.
func (t *trial) sheets(files map[string]string) map[string]string {
	t.Helper()
	names := map[string]string{}
	for name, text := range files {
		names[name] = filepath.Join(t.tmp, name)
		if err := os.WriteFile(names[name], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// inForce gives the directory in force, read as whoever looks up will read it.
func (t *trial) inForce() *directory.Directory {
	t.Helper()
	conf, err := readConfig(t.config())
	if err != nil {
		t.Fatal(err)
	}
	to := &reach{config: conf}
	defer to.Close()
	var g store.Generations
	if err := to.ask(t.Context(), "directory", struct{}{}, &g); err != nil {
		t.Fatal(err)
	}
	if g.Now == nil {
		return nil
	}
	d, err := directory.Unpack(to.reads(t.Context(), *g.Now))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func phones(d *directory.Directory) string {
	var out []string
	for _, s := range d.Services {
		out = append(out, s.Phones[0].Number)
	}
	return strings.Join(out, " ")
}

// An import is tried, done, done again and undone, with the server away and with it running.
func TestImport(t *testing.T) {
	t.Parallel()
	tr := newTrial(t, trialOptions{staff: []*staffer{}})
	f := tr.sheets(map[string]string{"areas.csv": areaSheet, "first.csv": firstRows, "second.csv": secondRows, "cut.csv": firstRows + "EXAMPLE,\"Legal\n", "empty.csv": "",
		"wrong.yaml": "columns: {Camp: colour}\n", "map.yaml": "areas: {Atlantis: XX02}\n"})
	run := func(want int, args ...string) string {
		t.Helper()
		status, out, errs := tr.try(append([]string{"import", "-config", tr.config()}, args...)...)
		if status != want {
			t.Fatalf("amana import %v: status %d, want %d\n%s%s", args, status, want, out, errs)
		}
		if strings.Contains(out+errs, "marked house") {
			t.Errorf("the place of a shelter is printed:\n%s", out)
		}
		return out + errs
	}
	says := func(text string, parts ...string) {
		t.Helper()
		for _, p := range parts {
			if !strings.Contains(text, p) {
				t.Errorf("%q is not said in\n%s", p, text)
			}
		}
	}
	for _, served := range []bool{false, true} {
		if served {
			tr.serve()
		} else {
			says(run(1, "-undo"), "no directory before this one")
			says(run(0, "-dry-run", f["areas.csv"], f["first.csv"]), "services: 3 added, 0 changed, 0 removed", "this was a dry run", `"Camp": area`)
			if tr.inForce() != nil {
				t.Fatal("a dry run brings a directory")
			}
		}
		says(run(0, f["first.csv"], f["areas.csv"]), "in force: 3 services, 2 organisations, 3 areas", "first.csv:3", "is not kept")
		if d := tr.inForce(); phones(d) != "0000001 0000002 0000003" || !d.Services[1].Place.Redacted || strings.Contains(fmt.Sprintf("%+v", d), "marked house") {
			t.Errorf("%+v", d)
		}
		says(run(0, f["first.csv"]), "nothing was changed: the directory in force says the same")
		text := run(0, f["second.csv"]) // the areas in force are known to it
		says(text, `refused: second.csv:5: column "Camp": the area "Atlantis" is not known`, "added: service example_relief: cash in XX02", "changed: service example_relief: legal in XX01 (phones, verified_on), second.csv:2",
			"removed: service example_health: health in XX02, first.csv:4", "services: 1 added, 1 changed, 1 removed", "1 record refused")
		if d := tr.inForce(); phones(d) != "0000009 0000002 0000004" {
			t.Error(phones(d))
		}
		for name, says := range map[string]string{"cut.csv": "never closed", "empty.csv": "is empty", "areas.csv": "3 services in force would be removed"} {
			if text := run(1, f[name]); !strings.Contains(text, says) || phones(tr.inForce()) != "0000009 0000002 0000004" {
				t.Errorf("%s: %s", name, text)
			}
		}
		says(run(0, "-add", "-mapping", f["map.yaml"], f["first.csv"]), "services: 1 added, 1 changed, 0 removed")
		if d := tr.inForce(); len(d.Services) != 4 {
			t.Error(phones(d))
		}
		says(run(0, "-undo"), "is in force again: 3 services, 1 organisation, 3 areas")
		if d := tr.inForce(); phones(d) != "0000009 0000002 0000004" {
			t.Error(phones(d))
		}
	}
	for n, args := range [][]string{nil, {"-public"}} {
		dir := filepath.Join(tr.tmp, fmt.Sprint("out", n))
		export := append([]string{"export", "-config", tr.config(), dir}, args...)
		tr.amana(export...)
		if status, _, errs := tr.try(export...); status != 1 || !strings.Contains(errs, "never written over") {
			t.Errorf("%d %s", status, errs)
		}
		for _, form := range [][]string{{"services.json", "areas.csv"}, {"services.csv", "organisations.csv", "areas.csv"}, {"directory.xlsx"}} {
			for i, name := range form {
				form[i] = filepath.Join(dir, name)
			}
			says(run(0, form...), "nothing was changed: the directory in force says the same")
		}
	}
	for _, bad := range [][]string{{}, {"-undo", f["first.csv"]}, {"-undo", "-dry-run"}, {"-by", "x", f["first.csv"]}, {"-verified", "soon", f["first.csv"]}, {"-verified", "2999-01-01", f["first.csv"]}, {"-mapping", f["wrong.yaml"], f["first.csv"]}} {
		run(2, bad...)
	}
	says(run(2, "-mapping", f["wrong.yaml"], f["first.csv"]), "wrong.yaml:1: \"colour\" is no field; write one of:")
	says(run(1, filepath.Join(tr.tmp, "nothing.csv")), "nothing.csv")
}

// A kill in the middle of an import leaves the directory in force, and the next one clears what was left.
func TestImportKilled(t *testing.T) {
	t.Parallel()
	tr := newTrial(t, trialOptions{staff: []*staffer{}})
	f := tr.sheets(map[string]string{"areas.csv": areaSheet, "first.csv": firstRows})
	tr.amana("import", "-config", tr.config(), f["areas.csv"], f["first.csv"])
	conf, err := readConfig(tr.config())
	if err != nil {
		t.Fatal(err)
	}
	to := &reach{config: conf}
	var nothing string
	half := store.ID{7}
	for _, err := range []error{
		to.ask(t.Context(), "directory begin", half, &nothing),
		to.ask(t.Context(), "directory put", putDeed{half, 0, [][]byte{[]byte("half")}}, &nothing),
		to.Close(), // as if killed here: the switch never comes
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if d := tr.inForce(); len(d.Services) != 3 {
		t.Error(phones(d))
	}
	tr.amana("import", "-config", tr.config(), "-verified", "2026-11-20", "-by", "EXAMPLE desk", "-add", tr.sheets(map[string]string{"more.csv": strings.ReplaceAll(firstRows, "2026-11-02", "")})["more.csv"])
	d := tr.inForce()
	if len(d.Services) != 3 || d.Services[0].VerifiedBy != "EXAMPLE desk" {
		t.Errorf("%+v", d.Services)
	}
	h := tr.house()
	defer h.Close()
	var problems []string
	var sizes map[string]int
	if err := h.store.View(t.Context(), func(r *store.Read) (err error) {
		if problems, err = h.registry.Verify(t.Context()); err == nil {
			sizes, err = r.Sizes()
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(problems) > 0 || sizes["'F'"] != 2 {
		t.Errorf("%v, %v", problems, sizes)
	}
}

// Whoever imports a long file sees that something happens, in every form: how far the rows are, and what has been written.
func TestImportProgress(t *testing.T) {
	tr := newTrial(t, trialOptions{staff: []*staffer{}})
	const services = 10_500
	areas, sheet := bigSheet(services)
	names := tr.sheets(map[string]string{"areas.csv": string(areas), "sheet.csv": string(sheet), "sheet.xlsx": string(bigWorkbook(t, sheet)), "hsds.zip": string(bigTables(t, sheet))})
	for name, args := range map[string][]string{"sheet.xlsx": {"-dry-run"}, "hsds.zip": {"-dry-run"}, "sheet.csv": nil} {
		status, out, errs := tr.try(append([]string{"import", "-config", tr.config(), names["areas.csv"], names[name]}, args...)...)
		if status != 0 || !strings.Contains(errs, "read 10000 rows\n") {
			t.Fatalf("%s: %d %s %s", name, status, tail(out, 1000), errs)
		}
		if n := strings.Count(errs, "\nwritten "); args == nil && (n < 2 || !strings.Contains(out, fmt.Sprintf("in force: %d services", services))) {
			t.Errorf("%s: it is told %d times that something is written: %s", name, n, tail(out, 1000))
		}
	}
}
