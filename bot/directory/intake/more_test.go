package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"amana/bot/directory"
	"amana/bot/directory/intake"
)

const head = "Organisation,Service type,Camp,Phone,Updated on,Remarks\n"

// A day is read if it can be one day alone.
func TestDates(t *testing.T) {
	for _, c := range []struct{ cell, want string }{
		{"2026-11-02", "2026-11-02"}, {"2026/11/2", "2026-11-02"}, {"2 Nov 2026", "2026-11-02"}, {"02-Nov-2026", "2026-11-02"}, {"2.11.2026", "2026-11-02"}, {"13/11/2026", "2026-11-13"},
		{"11/13/2026", "2026-11-13"}, {"11/11/2026", "2026-11-11"}, {"٢٠٢٦-١١-٠٢", "2026-11-02"}, {"46328", "2026-11-02"}, {"46328.75", "2026-11-02"}, {"2026-11-02T10:00:00Z", "2026-11-02"},
		{"2 nov. 2026", "2026-11-02"}, {"1er mars 2026", "2026-03-01"}, {"2 de noviembre de 2026", "2026-11-02"}, {"٢ نوفمبر ٢٠٢٦", "2026-11-02"}, {"২ নভেম্বর ২০২৬", "2026-11-02"}, {"2 November 2026", "2026-11-02"}, {"32 mars 2026", ""}, {"nov. 2026", ""},
		{"02/11/2026", ""}, {"31/02/2026", ""}, {"yesterday", ""}, {"1026", ""}, {"2026-13-01", ""}, {"0001-01-01", ""},
	} {
		_, out := read(t, intake.Options{}, map[string][]byte{"x.csv": []byte(head + "EXAMPLE,legal,EXAMPLE Camp,000-0001," + c.cell + ",\n")}, "x.csv")
		if len(out.Directory.Services) != 1 || string(out.Directory.Services[0].VerifiedOn) != c.want {
			t.Errorf("%q: %+v", c.cell, out.Directory.Services)
		}
	}
}

// Whoever imports can vouch for rows that name no check, and for no others.
func TestVouch(t *testing.T) {
	o := intake.Options{Verified: "2026-11-20", By: "EXAMPLE desk"}
	_, out := read(t, o, map[string][]byte{"x.csv": []byte(head + "EXAMPLE,legal,EXAMPLE Camp,000-0001,,\nEXAMPLE,cash,EXAMPLE Camp,000-0001,2026-01-01,\n")}, "x.csv")
	got := out.Directory.Services
	if len(got) != 2 || got[0].VerifiedOn != "2026-11-20" || got[0].VerifiedBy != "EXAMPLE desk" || got[1].VerifiedOn != "2026-01-01" || got[1].VerifiedBy != "" {
		t.Errorf("%+v", got)
	}
}

// A row is the same record in the next version of its sheet, although a number or the order has changed.
func TestRowsAreFoundAgain(t *testing.T) {
	ids := func(rows string) map[string]string {
		m := map[string]string{}
		_, out := read(t, intake.Options{}, map[string][]byte{"x.csv": []byte(head + rows)}, "x.csv")
		for _, s := range out.Directory.Services {
			m[s.Kinds[0]] = s.ID
		}
		return m
	}
	before := ids("EXAMPLE,legal,EXAMPLE Camp,000-0001,,\nEXAMPLE,cash,EXAMPLE Camp,000-0001,,\n")
	after := ids("example,CASH,example camp,000-0009,2026-11-02,new\nEXAMPLE,legal,EXAMPLE Camp,000-0002,,\n")
	if len(before) != 2 || before["cash"] != after["cash"] || before["legal"] != after["legal"] || before["cash"] == before["legal"] {
		t.Error(before, after)
	}
}

// The id of a shelter says nothing about its place.
func TestIDsOfShelters(t *testing.T) {
	id := func(facility string) string {
		rows := "Organisation,Service type,Camp,Phone,Facility\nEXAMPLE,safe house,EXAMPLE Camp,000-0001," + facility + "\n"
		_, out := read(t, intake.Options{}, map[string][]byte{"x.csv": []byte(rows)}, "x.csv")
		return out.Directory.Services[0].ID
	}
	if id("EXAMPLE house") != id("EXAMPLE tower") {
		t.Error("the id was made of the place")
	}
}

// What else is offered in the house of a shelter does not show where it is, whichever row comes first.
func TestNeighboursOfShelters(t *testing.T) {
	rows := "Organisation,Service type,Camp,Phone,Facility,Address,Lat,Lon\n" +
		"EXAMPLE,legal,EXAMPLE Camp,000-0001,EXAMPLE office,EXAMPLE Marked Road 1,,\n" +
		"EXAMPLE,cash,EXAMPLE Camp,,EXAMPLE desk,,1.50001,2.50001\n" +
		"EXAMPLE,safe house,EXAMPLE Camp,000-0002,,EXAMPLE marked road 1,1.50002,2.50002\n" +
		"EXAMPLE,health,EXAMPLE Camp,000-0003,EXAMPLE clinic,EXAMPLE other road,1.6,2.6\n"
	text, out := read(t, intake.Options{}, map[string][]byte{"x.csv": []byte(rows)}, "x.csv")
	if got := out.Directory.Services; len(got) != 3 || !got[0].Place.Redacted || !got[1].Place.Redacted || got[2].Place.Redacted || out.Refused != 1 {
		t.Errorf("%s", text)
	}
	if strings.Contains(strings.ToLower(text), "marked road") || !strings.Contains(text, "x.csv:2: it is offered at a place that is hidden") || !strings.Contains(text, "refused x.csv:3: ") {
		t.Errorf("%s", text)
	}
}

// What nobody sees and what turns lines around does not get into a card; what parts and joins letters does.
func TestTextsAreClean(t *testing.T) {
	rows := head + "\"EXAMPLE\u202e\x07\x00 gnp\",legal,EXAMPLE Camp,000-0001,,\"می\u200cروم\nক্\u200dষ \u2067x\u2069\"\n"
	_, out := read(t, intake.Options{}, map[string][]byte{"x.csv": []byte(strings.ReplaceAll(rows, "\x00", ""))}, "x.csv")
	if got := out.Directory.Services[0].Remarks[0].Text; got != "می\u200cروم\nক্\u200dষ x" {
		t.Errorf("%+q", got)
	}
	if got := out.Directory.Organisations[0].Name[0].Text; got != "EXAMPLE gnp" {
		t.Errorf("%+q", got)
	}
}

func TestMappingCheck(t *testing.T) {
	m := &intake.Mapping{Columns: map[string]string{"A": "organisation", "B": "remarks.de", "C": "adm2_code", "D": "-", "E": "colour", "F": "phone.de", "G": "adm99"}, Fill: []string{"area", "nothing"},
		Kinds: map[string]string{"x": "legal", "y": "magic"}}
	bad := m.Check(kinds(t))
	for _, want := range []string{"columns.E", "columns.F", "columns.G", "fill[1]", "kinds.y"} {
		if bad[want] == "" {
			t.Errorf("%s is taken", want)
		}
	}
	if len(bad) != 5 {
		t.Error(bad)
	}
}

// A sheet without a list of areas names those in force.
func TestAreasInForce(t *testing.T) {
	o := intake.Options{Areas: []directory.Area{{ID: "XX01", Name: directory.Say("en", "EXAMPLE State")}, {ID: "C9", Parent: "XX01", Name: directory.Say("ar", "مخيم")}}}
	_, out := read(t, o, map[string][]byte{"x.csv": []byte(head + "EXAMPLE,legal,مخيم,000-0001,,\nEXAMPLE,legal,Elsewhere,000-0001,,\n")}, "x.csv")
	if len(out.Directory.Services) != 1 || out.Directory.Services[0].Place.Area != "C9" || len(out.Directory.Areas) != 2 || out.Refused != 1 {
		t.Errorf("%+v, %v", out.Directory, out.Findings)
	}
}

// Findings are bounded: ten thousand bad rows do not fill the memory of whoever looks.
func TestFindingsAreBounded(t *testing.T) {
	_, out := read(t, intake.Options{}, map[string][]byte{"x.csv": []byte(head + strings.Repeat("EXAMPLE,magic,EXAMPLE Camp,000-0001,,\n", 5000))}, "x.csv")
	if out.Refused != 5000 || len(out.Findings) != 2000 || out.More != 3000 {
		t.Errorf("%d refused, %d told, %d more", out.Refused, len(out.Findings), out.More)
	}
}

// What is assumed in every row is told for the first ones, and then counted.
func TestFindingsAlike(t *testing.T) {
	rows := "Organisation,Service type,Camp,Phone,Updated on,Hours\n"
	for n := range 50 {
		rows += fmt.Sprintf("EXAMPLE %d,legal,EXAMPLE Camp,000-0001,2026-11-02,9-4\n", n)
	}
	_, out := read(t, intake.Options{}, map[string][]byte{"x.csv": []byte(rows)}, "x.csv")
	told := map[string]int{}
	for _, f := range out.Findings {
		told[f.What]++
	}
	if told["09:00-04:00 read as 09:00-16:00"] != 10 || told["the same in 40 more rows: 09:00-04:00 read as 09:00-16:00"] != 1 {
		t.Error(told)
	}
}

// A list of areas may have ids, codes, or both, and name the area around by either. Its id is then the one that it was given,
// so that what names an area by it goes on doing so when a code is filled in.
func TestAreasWithIDs(t *testing.T) {
	for _, c := range []struct{ sheet, want string }{
		{"id,parent,Area name,code,level,source\nland,,EXAMPLE Land,XX,0,EXAMPLE list\ncamp,land,EXAMPLE Camp,,1,\n", "land  XX EXAMPLE list (x.csv:2) camp land  x.csv:3"},
		{"id,parent,Area name,code\n1,,EXAMPLE Land,XX\n2,XX,EXAMPLE Camp,XX01\n", "1  XX x.csv:2 2 1 XX01 x.csv:3"},
		{"parent,Area name,code\n,EXAMPLE Land,XX\nXX,EXAMPLE Camp,XX01\n", "XX  XX x.csv:2 XX01 XX XX01 x.csv:3"},
		{"id,parent,Area name,source\nland,,EXAMPLE Land,EXAMPLE list\ncamp,moon,EXAMPLE Camp,EXAMPLE list (old)\n", "land   EXAMPLE list (x.csv:2)"},
		{"id,parent,Area name,code\n1,,EXAMPLE Land,XX\n2,,EXAMPLE Land,XX\n3,XX,EXAMPLE Camp,XX01\n", "1  XX x.csv:2 2  XX x.csv:3"}, // of which of the two is not known
	} {
		_, out := read(t, intake.Options{}, map[string][]byte{"x.csv": []byte(c.sheet)}, "x.csv")
		var got []string
		for _, a := range out.Directory.Areas {
			got = append(got, a.ID+" "+a.Parent+" "+a.Code+" "+a.Source)
		}
		for _, f := range out.Findings {
			if f.Level == directory.Refused && !strings.HasPrefix(f.String(), "x.csv:") {
				t.Errorf("%s does not begin with the row", f)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q\n%q", got, c.want)
		}
	}
}
