package export_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
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
	all := &directory.Service{ID: "s/1", Org: "o1", Group: "g", Name: words("name"), Says: words("says"), Kinds: []string{"legal", "cmr"},
		Place:  directory.Place{ID: "l1", Area: "99-C1", Name: words("place"), Address: words("address"), Point: &directory.Point{Lat: 0.00001, Lon: -120.5}},
		Phones: phones, Email: "help@example.org", Web: "https://example.org", Asks: "EXAMPLE nurse on duty",
		Times:  directory.Times{Open: "Mo-Fr 08:00-12:00; PH off", Said: "EXAMPLE hours", Note: words("ramadan"), Zone: "Africa/Lagos"},
		Status: directory.Paused, Langs: []string{"ar", "rhg"}, Interprets: words("interprets"), For: []string{"women", "girls"}, MinAge: 12, MaxAge: 60,
		Eligibility: words("eligibility"), Cost: directory.Cost{Free: directory.No, Note: words("cost")}, Access: words("access"), Women: directory.Yes, Bring: words("bring"), Referral: words("referral"),
		Deadline: "2027-01-31", Remarks: words("remarks"), Visibility: directory.ReferrerOnly, VerifiedOn: "2026-11-02", VerifiedBy: "EXAMPLE desk", ValidUntil: "2027-02-01",
		Extra: []directory.Pair{{Name: "Gate, \"colour\"", Value: "=1+1"}, {Name: "Female staff", Value: "on Tuesdays"}},
	}
	bare := &directory.Service{ID: "s2", Org: "o2", Kinds: []string{"cash"}, Place: directory.Place{Area: "XX"}, Phones: phones[1:], Times: directory.Times{Open: "24/7"}, Cost: directory.Cost{Free: directory.Yes}}
	hidden := &directory.Service{ID: "s3", Org: "o2", Kinds: []string{"shelter"}, Place: directory.Place{Area: "99-C1", Redacted: true}, Phones: phones[1:], VerifiedOn: "2026-11-02"}
	return &directory.Directory{
		Areas: []directory.Area{{ID: "XX", Code: "XX", Name: words("country")}, {ID: "99-C1", Parent: "XX", Name: directory.Words{{Text: "EXAMPLE camp"}, {Lang: "de", Text: "Lager EXAMPLE"}}, Level: 2,
			Point: &directory.Point{Lat: 1.5, Lon: 2}, Extra: []directory.Pair{{Name: "date", Value: "2026"}}}},
		Organisations: []directory.Organisation{{ID: "o1", Name: words("org"), Alternate: "EX", Description: words("org says"), Email: "o@example.org", Web: "https://example.org", Phones: phones},
			{ID: "o2", Name: directory.Say("", "EXAMPLE two")}},
		Services: []*directory.Service{all, bare, hidden},
	}
}

// differences compares two directories, without where records came from.
func differences(a, b *directory.Directory) string {
	return cmp.Diff(a, b, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Source" }, cmp.Ignore()), cmpopts.EquateEmpty())
}

func roundTrip(t *testing.T, d *directory.Directory) {
	t.Helper()
	var services, areas bytes.Buffer
	ok(t, export.HSDS(&services, d, kinds(t)))
	ok(t, export.Areas(&areas, d))
	schema(t, services.Bytes())
	files := map[string][]byte{"services.json": services.Bytes()}
	if len(d.Areas) > 0 {
		files["areas.csv"] = areas.Bytes()
	}
	out := read(t, files)
	if out.Refused+out.Stopped > 0 {
		t.Errorf("%v", out.Findings)
	}
	if diff := differences(d, out.Directory); diff != "" {
		t.Errorf("a round trip loses\n%s", diff)
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
	ok(t, export.HSDS(&b, full().Public(), kinds(t)))
	if text := b.String(); strings.Contains(text, "s/1") || strings.Contains(text, "o@example.org") || !strings.Contains(text, `"s2"`) {
		t.Error(text)
	}
}

// required are the members that HSDS 3.0 asks for, table by table, as its specification lists them.
var required = map[string][]string{
	"service": {"id", "name", "status"}, "organization": {"id", "name", "description"}, "service_at_locations": {"id"}, "location": {"id", "location_type"}, "phones": {"id", "number"},
	"schedules": {"id"}, "languages": {"id"}, "attributes": {"id"}, "taxonomy_term": {"id", "name", "description"}, "cost_options": {"id"}, "required_documents": {"id"}, "accessibility": {"id"},
}

// allowed are the values of its lists.
var allowed = map[string][]string{
	"status": {"active", "inactive", "defunct", "temporarily closed"}, "location_type": {"physical", "postal", "virtual"}, "freq": {"WEEKLY", "MONTHLY"},
}

func schema(t *testing.T, data []byte) {
	t.Helper()
	var page struct {
		Contents []map[string]any `json:"contents"`
	}
	ok(t, json.Unmarshal(data, &page))
	ids := map[string]bool{}
	var check func(table string, o map[string]any)
	check = func(table string, o map[string]any) {
		want, known := required[table]
		if !known {
			t.Errorf("HSDS has no table %q", table)
		}
		for _, name := range want {
			if text, isText := o[name].(string); !isText || text == "" {
				t.Errorf("%s has no %s: %v", table, name, o)
			}
		}
		id := table + " " + o["id"].(string)
		if ids[id] && table != "taxonomy_term" { // a term is one of many attributes
			t.Errorf("%s stands twice in a service", id)
		}
		ids[id] = true
		for name, value := range o {
			if list := allowed[name]; list != nil && !strings.Contains("|"+strings.Join(list, "|")+"|", "|"+value.(string)+"|") {
				t.Errorf("%s: %s is %v", table, name, value)
			}
			switch v := value.(type) {
			case map[string]any:
				check(name, v)
			case []any:
				for _, one := range v {
					check(name, one.(map[string]any))
				}
			}
		}
	}
	for _, s := range page.Contents {
		clear(ids)
		check("service", s)
	}
}
