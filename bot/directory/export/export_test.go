package export_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"amana/bot/directory"
	"amana/bot/directory/export"
	"amana/bot/directory/intake"
	"amana/bot/directory/table"
)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func kinds(t testing.TB) *directory.Kinds {
	t.Helper()
	k, err := directory.NewKinds()
	ok(t, err)
	return k
}

func read(t testing.TB, files map[string][]byte) intake.Outcome {
	t.Helper()
	r := intake.New(intake.Options{Kinds: kinds(t)})
	for name, data := range files {
		b, err := table.Open(name, bytes.NewReader(data), int64(len(data)), table.Usual, t.TempDir())
		ok(t, err)
		t.Cleanup(func() { b.Close() })
		r.Add(b)
	}
	return r.Done()
}

// full is a directory with every field that there is. None of it exists.
func full() *directory.Directory {
	words := func(s string) directory.Words {
		return directory.Words{{Lang: "ar", Text: "مثال " + s}, {Lang: "en", Text: "EXAMPLE " + s + "\nin two lines"}}
	}
	phones := []directory.Phone{{Number: "+0000001", Ext: "12", Use: "whatsapp", Remark: "EXAMPLE nurse"}, {Number: "000"}}
	all := &directory.Service{ID: "s/1", Source: "=sheet.csv:2", Org: "o1", Group: "g", Name: words("name"), Says: words("says"), Kinds: []string{"legal", "cmr"},
		Place:  directory.Place{ID: "l1", Area: "99-C1", Name: words("place"), Address: words("address"), Point: &directory.Point{Lat: 0.00001, Lon: -120.5}},
		Phones: phones, Email: "help@example.org", Web: "https://example.org", Asks: "EXAMPLE nurse on duty",
		Times:  directory.Times{Open: "Mo-Fr 08:00-12:00; PH off", Said: "EXAMPLE hours", Note: words("ramadan"), Zone: "Africa/Lagos"},
		Status: directory.Paused, Langs: []string{"ar", "rhg"}, Interprets: words("interprets"), For: []string{"women", "girls"}, MinAge: 12, MaxAge: 60,
		Eligibility: words("eligibility"), Cost: directory.Cost{Free: directory.No, Note: words("cost")}, Access: words("access"), Women: directory.Yes, Bring: words("bring"), Referral: words("referral"),
		Deadline: "2027-01-31", Remarks: words("remarks"), Visibility: directory.ReferrerOnly, VerifiedOn: "2026-11-02", VerifiedBy: "EXAMPLE desk", ValidUntil: "2027-02-01",
		Extra: []directory.Pair{{Name: "=Female staff", Value: "on Tuesdays"}, {Name: "Gate, \"colour\"", Value: "=1+1"}, {Name: "Gate, \"colour\"", Value: "'=1"}},
	}
	bare := &directory.Service{ID: "s2", Source: "sheet.csv:3", Org: "o2", Kinds: []string{"cash"}, Place: directory.Place{Area: "XX"}, Phones: phones[1:], Times: directory.Times{Open: "24/7"}, Cost: directory.Cost{Free: directory.Yes}}
	hidden := &directory.Service{ID: "s3", Source: "sheet.csv:4", Org: "o2", Kinds: []string{"shelter"}, Place: directory.Place{Area: "99-C1", Redacted: true}, Phones: phones[1:], VerifiedOn: "2026-11-02"}
	return &directory.Directory{
		Areas: []directory.Area{{ID: "XX", Code: "XX", Name: words("country"), Source: "areas.xlsx:2"}, {ID: "99-C1", Source: "areas.xlsx:3", Parent: "XX", Name: directory.Words{{Text: "EXAMPLE camp"}, {Lang: "de", Text: "Lager EXAMPLE"}}, Level: 2,
			Point: &directory.Point{Lat: 1.5, Lon: 2}, Extra: []directory.Pair{{Name: "date", Value: "2026"}}}},
		Organisations: []directory.Organisation{{ID: "o1", Name: words("org"), Alternate: "EX", Description: words("org says"), Email: "o@example.org", Web: "https://example.org", Phones: phones, Source: "example.org"},
			{ID: "o2", Source: "sheet.csv:3", Name: directory.Say("", "EXAMPLE two")}},
		Services: []*directory.Service{all, bare, hidden},
	}
}

// differences compares two directories, whole.
func differences(a, b *directory.Directory) string { return cmp.Diff(a, b, cmpopts.EquateEmpty()) }

var allForms = []string{"HSDS", "CSV", "XLSX"}

// written writes a directory in one of its forms, and gives the files.
func written(t testing.TB, d *directory.Directory, form string) (files map[string][]byte) {
	t.Helper()
	sheets, err := export.NewSheets(d, kinds(t))
	ok(t, err)
	write := func(to func(io.Writer) error) []byte {
		var b bytes.Buffer
		ok(t, to(&b))
		return b.Bytes()
	}
	csv := func(s table.Sheet) []byte { return write(func(w io.Writer) error { return table.WriteCSV(w, s) }) }
	switch form {
	case "HSDS":
		files = map[string][]byte{"services.json": write(func(w io.Writer) error { return export.HSDS(w, d, kinds(t), 1) }), "areas.csv": csv(sheets.Areas)}
	case "CSV":
		files = map[string][]byte{"services.csv": csv(sheets.Services), "organisations.csv": csv(sheets.Organisations), "areas.csv": csv(sheets.Areas)}
	default:
		files = map[string][]byte{"directory.xlsx": write(func(w io.Writer) error { return sheets.XLSX(w, t.TempDir()) })}
	}
	if len(d.Areas) == 0 {
		delete(files, "areas.csv")
	}
	return files
}

// roundTrip writes a directory in each form, reads it back, and compares everything.
func roundTrip(t *testing.T, d *directory.Directory) {
	t.Helper()
	for _, form := range allForms {
		files := written(t, d, form)
		if data := files["services.json"]; data != nil {
			for _, fault := range schema(data) {
				t.Error(fault)
			}
		}
		out := read(t, files)
		if out.Refused+out.Stopped > 0 {
			t.Errorf("%s: %v", form, out.Findings)
		}
		if diff := differences(d, out.Directory); diff != "" {
			t.Errorf("a round trip through %s loses\n%s", form, diff)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	d := full()
	areas, _ := directory.NewAreas(d.Areas)
	for _, s := range d.Services {
		if bad := s.Check(kinds(t), func(id string) bool { _, ok := areas.Area(id); return ok }, func(string) bool { return true }); len(bad) > 0 {
			t.Fatal(bad)
		}
	}
	roundTrip(t, d)
}

// What was read out of each of the sheets of the intake comes back as well.
func TestRoundTripOfSheets(t *testing.T) {
	list, err := os.ReadFile("../intake/testdata/areas.csv")
	ok(t, err)
	paths, err := filepath.Glob("../intake/testdata/sheets/*")
	ok(t, err)
	n := 0
	for _, path := range paths {
		data, err := os.ReadFile(path)
		ok(t, err)
		if b, err := table.Open("x", bytes.NewReader(data), int64(len(data)), table.Usual, ""); err != nil || strings.HasSuffix(path, ".want") || strings.HasSuffix(path, ".yaml") {
			if err == nil {
				b.Close()
			}
			continue
		}
		files := map[string][]byte{filepath.Base(path): data, "areas.csv": list}
		if strings.Contains(path, "noareas_") {
			delete(files, "areas.csv")
		}
		out := read(t, files)
		if len(out.Directory.Areas) == 0 {
			continue
		}
		n += len(out.Directory.Services)
		t.Run(filepath.Base(path), func(t *testing.T) { roundTrip(t, out.Directory) })
	}
	if n < 20 {
		t.Errorf("%d services", n)
	}
}

// An export for the public holds no record that is not for everybody, and none of its organisations.
func TestPublic(t *testing.T) {
	var b bytes.Buffer
	ok(t, export.HSDS(&b, full().Public(), kinds(t), 1))
	if text := b.String(); strings.Contains(text, "s/1") || strings.Contains(text, "o@example.org") || !strings.Contains(text, `"s2"`) {
		t.Error(text)
	}
	sheets, err := export.NewSheets(full().Public(), kinds(t))
	ok(t, err)
	for _, one := range []table.Sheet{sheets.Services, sheets.Organisations} {
		var b bytes.Buffer
		ok(t, table.WriteCSV(&b, one))
		if text := b.String(); strings.Contains(text, "s/1") || strings.Contains(text, "o@example.org") || !strings.Contains(text, "o2") {
			t.Error(text)
		}
	}
}

// A large directory is written in pages, which together bring it back.
func TestPages(t *testing.T) {
	d := full()
	bare := d.Services[1]
	d.Services = nil
	for n := range export.PageSize + 2 {
		s := *bare
		s.ID = fmt.Sprintf("s%05d", n)
		d.Services = append(d.Services, &s)
	}
	d.Organisations = d.Organisations[1:]
	sheets, err := export.NewSheets(d, kinds(t))
	ok(t, err)
	var areas bytes.Buffer
	ok(t, table.WriteCSV(&areas, sheets.Areas))
	files := map[string][]byte{"areas.csv": areas.Bytes()}
	for n := range export.Pages(d) {
		var b bytes.Buffer
		ok(t, export.HSDS(&b, d, kinds(t), n+1))
		for _, fault := range schema(b.Bytes()) {
			t.Error(fault)
		}
		files[fmt.Sprintf("services%d.json", n)] = b.Bytes()
	}
	out := read(t, files)
	slices.SortFunc(out.Directory.Services, func(a, b *directory.Service) int { return strings.Compare(a.ID, b.ID) })
	if diff := differences(d, out.Directory); len(files) != 3 || diff != "" {
		t.Errorf("%d files, a round trip loses\n%.2000s", len(files), diff)
	}
}
