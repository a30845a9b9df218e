package intake_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"amana/bot/directory"
	"amana/bot/directory/intake"
	"amana/bot/directory/table"
)

// A guard is taken off in the columns that our own export has written, and in no others: in a sheet of somebody else an
// apostrophe belongs to the text.
func TestGuards(t *testing.T) {
	areas := []directory.Area{{ID: "XX", Name: directory.Say("", "EXAMPLE Country")}}
	own := "\ufeffID,Organisation ID,Kind,Area,Phone 1,Remarks,'=Colour,Mine\n#service+id+guard,#org+id+guard,#service+type+guard,#loc+area+guard,#contact+phone+n1+guard,#x_remarks+guard,#x_extra+guard,\n" +
		"'-1,o,legal,XX,'+880001,'=x,''=red,'=kept\n2,o,legal,XX,+880002,-plain,'red,\n"
	_, out := read(t, intake.Options{Areas: areas}, map[string][]byte{"x.csv": []byte(own)}, "x.csv")
	if len(out.Directory.Services) != 2 {
		t.Fatal(out.Findings)
	}
	a, b := out.Directory.Services[0], out.Directory.Services[1]
	if a.ID != "-1" || a.Phones[0].Number != "+880001" || a.Remarks[0].Text != "=x" || len(a.Extra) != 2 || a.Extra[0] != (directory.Pair{Name: "=Colour", Value: "'=red"}) || a.Extra[1] != (directory.Pair{Name: "Mine", Value: "'=kept"}) {
		t.Errorf("%+v", a)
	}
	if b.Phones[0].Number != "+880002" || b.Remarks[0].Text != "-plain" || b.Extra[0].Value != "'red" {
		t.Errorf("%+v", b)
	}
	theirs := "Organisation,Service type,Camp,Phone,Remarks\nEXAMPLE,legal,EXAMPLE Country,'+880001,'=x\nEXAMPLE,cash,EXAMPLE Country,+880002,''-y\n"
	_, out = read(t, intake.Options{Areas: areas}, map[string][]byte{"x.csv": []byte(theirs)}, "x.csv")
	if len(out.Directory.Services) != 2 {
		t.Fatal(out.Findings)
	}
	a, b = out.Directory.Services[0], out.Directory.Services[1]
	if a.Phones[0].Number != "+880001" || a.Remarks[0].Text != "'=x" || b.Phones[0].Number != "+880002" || b.Remarks[0].Text != "''-y" {
		t.Errorf("%+v %+v", a, b)
	}
}

// Whoever changes an exported sheet writes as in any other sheet.
func TestOwnSheetChanged(t *testing.T) {
	areas := []directory.Area{{ID: "XX", Name: directory.Say("", "EXAMPLE Country")}}
	head := "ID,Organisation ID,Organisation,Kind,Kind in words,Area,Phone 1,Phone 1 remark,Opening hours,Opening hours as written,Languages,Woman staff\n" +
		"#service+id+guard,#org+id+guard,#org+name+guard,#service+type+guard,#x_shown+guard,#loc+area+guard,#contact+phone+n1+guard,#x_phone_remark+n1+guard,#x_open+guard,#service+hours+guard,#service+lang+guard,#x_women+guard\n"
	rows := ",,EXAMPLE Relief,Legal aid / Cash,whatever,EXAMPLE country,000-0001 / 000-0002 (WhatsApp),nurse,,Sun-Thu 9-16,Arabic and Bangla,Yes\n" +
		"s2,,EXAMPLE Relief,health; cmr,,XX,000-0003,,Mo-Fr 08:00-16:00,somehow,\"ar, kmr-arab\",no\n" +
		"s3,,EXAMPLE Relief,cash,,XX,000-0004,,unknown,Sun-Thu 9-16,,\n" +
		"s4,,EXAMPLE Relief,cash,,XX,000-0005,,daily 9-16,,,\n"
	text, out := read(t, intake.Options{Areas: areas}, map[string][]byte{"x.csv": []byte(head + rows)}, "x.csv")
	got := out.Directory.Services
	if len(got) != 4 || out.Refused > 0 {
		t.Fatal(text)
	}
	if s := got[0]; s.ID == "" || len(s.Kinds) != 2 || s.Place.Area != "XX" || len(s.Phones) != 2 || s.Phones[0].Remark != "nurse" || s.Phones[1].Use != "whatsapp" || s.Times.Open != "Su-Th 09:00-16:00" || len(s.Langs) != 2 || s.Women != directory.Yes {
		t.Errorf("%+v", s)
	}
	if s := got[1]; s.Kinds[0] != "health" || s.Kinds[1] != "cmr" || s.Times.Open != "Mo-Fr 08:00-16:00" || s.Times.Said != "somehow" || s.Langs[1] != "kmr-Arab" {
		t.Errorf("%+v", s)
	}
	if s := got[2]; s.Times.Open != "" || s.Times.Said != "Sun-Thu 9-16" {
		t.Errorf("%+v", s)
	}
	if s := got[3]; s.Times.Open != "" || !strings.Contains(text, `x.csv:6: column "Opening hours"`) {
		t.Errorf("%+v\n%s", s, text)
	}
}

// FuzzOwnSheet takes a sheet of our own in which somebody has written anything. What comes of it passes its own checks, and
// holds no place of a shelter.
func FuzzOwnSheet(f *testing.F) {
	f.Add("'-1", "legal; cash", "'+880001", "12", "unknown", "by appointment", "ar, kmr-arab", "Note (ar)", "'=x", `[{"name":"x","value":"y"}]`)
	f.Add("", "shelter", "x", "", "24/7", "", "", "", "behind the well", "not JSON")
	f.Add("2", "safe house & legal", "000", "ext", "Mo-Fr", "9-4", "english", "=", "''", `[{"name":"","value":""},{}]`)
	k := kinds(f)
	areas := []directory.Area{{ID: "XX", Name: directory.Say("", "EXAMPLE Country")}}
	f.Fuzz(func(t *testing.T, id, kind, phone, ext, open, hours, langs, label, extra, others string) {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		ok(t, w.WriteAll([][]string{
			{"ID", "Organisation ID", "Kind", "Area", "Phone 1", "Phone 1 extension", "Opening hours", "As written", "Languages", "Place", label, "Others"},
			{"#service+id+guard", "#org+id+guard", "#service+type+guard", "#loc+area+guard", "#contact+phone+n1+guard", "#x_phone_ext+n1+guard", "#x_open+guard", "#service+hours+guard", "#service+lang+guard", "#loc+name+guard", "#x_extra+guard", "#x_others+guard"},
			{id, "o", kind, "XX", phone, ext, open, hours, langs, extra, extra, others},
			{id + "2", "o", "legal", "XX", "'+000", ext, open, hours, langs, "", others, ""},
		}))
		book, err := table.Open("x", bytes.NewReader(b.Bytes()), int64(b.Len()), table.Usual, "")
		if err != nil {
			return
		}
		defer book.Close()
		r := intake.New(intake.Options{Kinds: k, Areas: areas})
		r.Add(book)
		for _, s := range r.Done().Directory.Services {
			for _, found := range s.Check(k, func(id string) bool { return id == "XX" }, func(id string) bool { return id == "o" }) {
				if found.Level == directory.Refused {
					t.Fatalf("%+v is taken: %v", s, found)
				}
			}
			for _, name := range s.Kinds {
				if one, _ := k.Kind(name); one.Hidden && (!s.Place.Redacted || s.Place.WalkIn() || len(s.Extra) > 0) {
					t.Fatalf("a place is kept: %+v", s)
				}
			}
		}
	})
}
