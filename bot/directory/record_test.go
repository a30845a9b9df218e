package directory_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"amana/bot/directory"
)

// The numbers of a cell, as they are dialled. None of them exists.
func TestPhones(t *testing.T) {
	for _, c := range []struct{ cell, want, bad string }{
		{"000-0001", "0000001", ""},
		{"+000 000 0001", "+0000000001", ""},
		{"0000 001 / 0000 002", "0000001|0000002", ""},
		{"0000001, 0000002; 0000003", "0000001|0000002|0000003", ""},
		{"0000001\n0000002", "0000001|0000002", ""},
		{"0000001 or 0000002", "0000001|0000002", ""},
		{"+000 0001 and +000 0002", "+0000001|+0000002", ""},
		{"+0000001+0000002", "+0000001|+0000002", ""},
		{"٠٠٠٠٠٠١ - ٠٠٠٠٠٠٢", "0000001|0000002", ""}, {"0000001-0000002", "0000001|0000002", ""}, {"0000001 - 0000002 - 0000003", "0000001|0000002|0000003", ""}, {"+000 0000 0001 – +000 0000 0002", "+00000000001|+00000000002", ""},
		{"000-000-0001", "0000000001", ""}, {"0000 - 000001", "0000000001", ""}, {"0000-000001 - 0000-000002", "0000000001|0000000002", ""}, // a dash stands within numbers as well
		{"070-53x1", "", "070-53x1"}, {"07O-5314", "", "07O-5314"}, {"0000001 / 00O0002", "0000001", "00O0002"}, {"0000001x12", "0000001 x12", ""}, {"0000001 ext.12 / 0000002", "0000001 x12|0000002", ""},
		{"٠٠٠-٠٠٠١ ، ০০০-০০০২", "0000001|0000002", ""},
		{"0000001 (WhatsApp)", "0000001 whatsapp", ""},
		{"WhatsApp: 0000001 / SMS 0000002", "0000001 whatsapp|0000002 sms", ""},
		{"واتساب 0000001", "0000001 whatsapp", ""},
		{"0000001 ext. 12", "0000001 x12", ""},
		{"Tel. 0000001 (night nurse)", "0000001 night nurse", ""},
		{"999", "999", ""}, {"*100#", "*100#", ""},
		{"+44 (0)00 0000 0001", "+440000000001", ""},
		{"\u200e+000 0001\u200f", "+0000001", ""},
		{"12", "", "12"}, {"0000001 / see office 12", "0000001", "see office 12"}, {"12345678901234567890", "", "12345678901234567890"},
		{"none", "", ""}, {"", "", ""}, {"0000001 / WhatsApp", "0000001 whatsapp", ""},
	} {
		phones, bad := directory.Phones(c.cell)
		var got []string
		for _, p := range phones {
			s := p.Number
			if p.Ext != "" {
				s += " x" + p.Ext
			}
			got = append(got, strings.TrimSpace(strings.Join(strings.Fields(s+" "+p.Use+" "+p.Remark), " ")))
		}
		if strings.Join(got, "|") != c.want || strings.Join(bad, "|") != c.bad {
			t.Errorf("%q: %q, bad %q; want %q, %q", c.cell, strings.Join(got, "|"), bad, c.want, c.bad)
		}
	}
}

// Whatever stands in a cell, each number can be dialled, and is read again as itself.
func FuzzPhones(f *testing.F) {
	for _, cell := range []string{"0700-000 001 / 0700 000 002 (WhatsApp)", "+44 (0)20 0000 0001 ext. 12", "٠٠٠-٠٠٠١ ، ০০০-০০০২", "070-53x1", "*100#", "0000001 - 0000002"} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		phones, _ := directory.Phones(cell)
		for _, p := range phones {
			digits := strings.Trim(p.Number, "+*#")
			if n := len(digits); n < 3 || n > 15 || strings.LastIndex(p.Number, "+") > 0 || strings.Trim(p.Number, "+*#0123456789") != "" {
				t.Fatalf("%q gives %+v", cell, p)
			}
			if again, bad := directory.Phones(p.Number); len(again) != 1 || len(bad) > 0 || again[0].Number != p.Number {
				t.Fatalf("%q gives %q, which is read as %+v", cell, p.Number, again)
			}
		}
	})
}

func TestKinds(t *testing.T) {
	k := kinds(t, directory.Kind{Name: "seeds", Title: "seeds and tools", Words: []string{"seed fair"}}, directory.Kind{Name: "shelter", Title: "shelter of this place"})
	for _, c := range []struct{ text, want string }{
		{"legal", "legal"}, {"Legal Aid", "legal"}, {"LEGAL AID SERVICES (free)", "legal"}, {"Health/CMR", "cmr"}, {"GBV case management", "case_gbv"}, {"CP case management", "case_child"},
		{"الدعم النفسي الاجتماعي", "mhpss"}, {"مأوى", "shelter"}, {"Hébergement", "shelter"}, {"Salud mental", "mhpss"}, {"আইনি সহায়তা", "legal"}, {"Seed fair", "seeds"},
		{"clinical management of rape", "cmr"}, {"legal aid and cash", ""}, {"anything", ""}, {"", ""},
	} {
		if got, _ := k.Read(c.text); got != c.want {
			t.Errorf("%q is %q, want %q", c.text, got, c.want)
		}
	}
	if one, _ := k.Kind("shelter"); !one.Hidden || one.Title != "shelter of this place" {
		t.Errorf("a profile made the place of a shelter visible: %+v", one)
	}
	if !k.Hides("Legal aid, safe house") || k.Hides("legal aid") {
		t.Error("what hides a place")
	}
	for _, bad := range []directory.Kind{{Name: "Bad Name"}, {Name: "other", Words: []string{"legal aid"}}} {
		if _, err := directory.NewKinds(bad); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

// The place of a shelter is taken out of the record, whatever the record says.
func TestRedact(t *testing.T) {
	point := &directory.Point{Lat: 1, Lon: 2}
	for _, c := range []struct {
		kind     string
		says     bool
		redacted bool
	}{{"shelter", false, true}, {"legal", true, true}, {"legal", false, false}} {
		s := service("x", c.kind, "camp_a")
		s.Place = directory.Place{ID: "l", Area: "camp_a", Name: directory.Say("en", "Marked house"), Address: directory.Say("", "Marked road"), Point: point, Redacted: c.says}
		s.Extra = []directory.Pair{{Name: "How to get there", Value: "Marked bus"}}
		if went := len(s.Redact(kinds(t))) > 0; went != c.redacted || s.Place.Redacted != c.redacted {
			t.Errorf("%+v: %v, %+v", c, went, s.Place)
		}
		if text := fmt.Sprintf("%+v", s); c.redacted && (strings.Contains(text, "Marked") || s.Place.Point != nil || s.Place.Area != "camp_a") {
			t.Errorf("%+v leaves %s", c, text)
		}
		if went := s.Redact(kinds(t)); len(went) > 0 {
			t.Error("it goes twice")
		}
	}
}

// Words that may tell the way to a shelter go, in every column and language, and what helps without leading there stays.
func TestWaysToAShelter(t *testing.T) {
	for text, leads := range map[string]bool{
		"EXAMPLE: a bed for a few nights, and somebody to talk to": false, "Call first. A woman answers. Free of charge.": false, "an EXAMPLE route for referral": false,
		"near the marked well": true, "Behind the school": true, "House No. 5": true, "third floor": true, "12.34567, 98.76543": true, "https://maps.app.goo.gl/x": true, "7FG8V3V9+XX": true, "geo:1,2": true,
		"عن طريق الهاتف": false, "بجانب المسجد": true, "شارع ٥": true, "une chambre pour quelques nuits": false, "derrière l’école": true, "en face de la mairie": true, "por teléfono, de día": false, "Calle 5": true, "detrás del mercado": true,
		"ফোনে কথা বলুন": false, "স্কুলের পেছনে": true, "রোড ৫": true, "1,000 / 2,000": false,
	} {
		s := service("x", "shelter", "camp_a")
		s.Place = directory.Place{Area: "camp_a", Redacted: true}
		s.Remarks, s.Says, s.Asks = directory.Words{{Lang: "ar", Text: "EXAMPLE"}, {Lang: "en", Text: text}}, directory.Say("", text), text
		s.Phones = []directory.Phone{{Number: "070531", Remark: text}}
		taken := s.Redact(kinds(t))
		if gone := len(s.Remarks) == 0 && len(s.Says) == 0 && s.Asks == "" && s.Phones[0] == (directory.Phone{Number: "070531"}); gone != leads || (len(taken) == 4) != leads {
			t.Errorf("%q: %+v, %+v", text, taken, s)
		}
		open := service("x", "legal", "camp_a")
		open.Remarks = directory.Say("", text)
		if len(open.Redact(kinds(t))) > 0 || len(open.Remarks) != 1 {
			t.Errorf("%q goes out of a record with a place", text)
		}
	}
}

func TestCheck(t *testing.T) {
	areas, _ := directory.NewAreas(tree())
	known := func(org string) bool { return org == "example_relief" }
	there := func(area string) bool { _, ok := areas.Area(area); return ok }
	for _, c := range []struct {
		change func(*directory.Service)
		want   string
	}{
		{func(s *directory.Service) {}, ""},
		{func(s *directory.Service) { s.ID = "" }, "refused id"},
		{func(s *directory.Service) { s.Org = "nobody" }, "refused organisation"},
		{func(s *directory.Service) { s.Kinds = nil }, "refused kind"},
		{func(s *directory.Service) { s.Kinds = []string{"magic"} }, "refused kind"},
		{func(s *directory.Service) { s.Place.Area = "" }, "refused area"},
		{func(s *directory.Service) { s.Place.Area = "atlantis" }, "refused area"},
		{func(s *directory.Service) { s.Phones = nil }, "refused phone"},
		{func(s *directory.Service) { s.Phones, s.Email = nil, "help@example.org" }, ""},
		{func(s *directory.Service) { s.Phones, s.Place.Address = nil, directory.Say("", "by the well") }, ""},
		{func(s *directory.Service) {
			s.Phones, s.Place.Address, s.Place.Redacted = nil, directory.Say("", "by the well"), true
		}, "refused phone"},
		{func(s *directory.Service) { s.Place.Point = &directory.Point{Lat: 91} }, "refused lat"},
		{func(s *directory.Service) { s.Place.Point = &directory.Point{} }, "refused lat"},
		{func(s *directory.Service) { s.Langs = []string{"Arabic please"} }, "warning languages"},
		{func(s *directory.Service) { s.For = []string{"vips"} }, "warning for"},
		{func(s *directory.Service) { s.MinAge, s.MaxAge = 18, 10 }, "refused min_age"},
		{func(s *directory.Service) { s.Women = "maybe" }, "refused women"},
		{func(s *directory.Service) { s.Visibility = "friends" }, "refused visibility"},
		{func(s *directory.Service) { s.Status = "sleeping" }, "refused status"},
		{func(s *directory.Service) { s.Times.Open = "9-4" }, "refused hours"},
		{func(s *directory.Service) { s.VerifiedOn = "1.11.2026" }, "refused verified_on"},
		{func(s *directory.Service) { s.ValidUntil = "2026-02-30" }, "refused valid_until"},
		{func(s *directory.Service) { s.ValidUntil = "2026-10-01" }, "warning valid_until"},
		{func(s *directory.Service) { s.Remarks = directory.Say("en", strings.Repeat("x", 2001)) }, "refused remarks"},
	} {
		s := service("x", "legal", "camp_a")
		c.change(&s)
		var got []string
		for _, f := range s.Check(kinds(t), there, known) {
			got = append(got, string(f.Level)+" "+f.Column)
			if f.What == "" || f.Remedy == "" && f.Column != "hours" {
				t.Errorf("%s has no remedy: %+v", c.want, f)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%q, want %q", strings.Join(got, ", "), c.want)
		}
	}
}

// A record is believed until the day that it names, or ninety days after its check, or not at all.
func TestStale(t *testing.T) {
	for _, c := range []struct {
		verified, until, today directory.Date
		stale                  bool
	}{
		{"2026-11-01", "", "2026-11-20", false}, {"2026-08-22", "", "2026-11-20", false}, {"2026-08-21", "", "2026-11-20", true},
		{"2026-11-01", "2026-11-19", "2026-11-20", true}, {"2026-11-01", "2026-11-20", "2026-11-20", false}, {"", "", "2026-11-20", true}, {"", "2027-01-01", "2026-11-20", false},
	} {
		s := directory.Service{VerifiedOn: c.verified, ValidUntil: c.until}
		if s.Stale(c.today) != c.stale {
			t.Errorf("%+v", c)
		}
	}
}

func TestAreas(t *testing.T) {
	a, found := directory.NewAreas(tree())
	if len(found) > 0 || a.Len() != 6 {
		t.Fatal(found)
	}
	if p := a.Path("block_1"); p != "country (EXAMPLE) / state_a (EXAMPLE) / camp_a (EXAMPLE) / block_1 (EXAMPLE)" {
		t.Error(p)
	}
	var in []string
	for _, area := range a.In("state_a") {
		in = append(in, area.ID)
	}
	if !slices.Equal(in, []string{"camp_b", "camp_a"}) {
		t.Error(in)
	}
	ring := append(tree(), directory.Area{ID: "p", Parent: "q"}, directory.Area{ID: "q", Parent: "p"}, directory.Area{ID: "lost", Parent: "nowhere"},
		directory.Area{ID: "below", Parent: "lost"}, directory.Area{ID: "camp_a"}, directory.Area{})
	a, found = directory.NewAreas(ring)
	if a.Len() != 6 || len(found) != 6 {
		t.Errorf("%d areas, %v", a.Len(), found)
	}
	for _, f := range found {
		if f.Level != directory.Refused || f.Remedy == "" {
			t.Errorf("%+v", f)
		}
	}
}

func TestWords(t *testing.T) {
	w := directory.Say("ar", "مثال").Put("en", "example").Put("en", " example two ").Put("fr", "")
	if want := (directory.Words{{"ar", "مثال"}, {"en", "example two"}}); !reflect.DeepEqual(w, want) {
		t.Error(w)
	}
	if text, lang := w.In("bn", "en"); text != "example two" || lang != "en" {
		t.Error(text, lang)
	}
	if text, lang := w.In("bn"); text != "مثال" || lang != "ar" {
		t.Error(text, lang)
	}
}
