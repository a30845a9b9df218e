package export_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"amana/bot/directory"
)

// pieces are what goes wrong in sheets: formulas, quotation marks, separators, lines, numbers that are no numbers, words that
// mean something to a reader of sheets, other scripts, escapes of the file formats.
var pieces = []string{
	"EXAMPLE", "=1+1", "+000", "-1", "@sum", "'", "'=x", "\"", "\"\"", ",", ";", "|", "\n", "\t", " ", "\\", "<b>&amp;", "]]>", "_x0041_", "1e5", "007", "0.50", "2026-11-02", "02/11/2026",
	"yes", "no", "free", "unknown", "24/7", "by appointment", "all", "legal", "#org", "#x_id", "{}", "[]", "null", "sep=;", "مثال", "٧", "উদাহরণ", "می\u200cروم", "😀", "é", "＝x", "-",
}

var text = rapid.Custom(func(t *rapid.T) string {
	parts := rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 5).Draw(t, "pieces")
	if s := strings.TrimSpace(strings.Join(parts, rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))); s != "" {
		return s
	}
	return "x"
})

var words = rapid.Custom(func(t *rapid.T) (w directory.Words) {
	for _, lang := range []string{"", "ar", "en", "kmr-Arab-IQ"} {
		if rapid.IntRange(0, 3).Draw(t, "in "+lang) == 0 {
			w = w.Put(lang, text.Draw(t, "text"))
		}
	}
	return w
})

func maybe[T any](t *rapid.T, name string, g *rapid.Generator[T]) (v T) {
	if rapid.Bool().Draw(t, "has "+name) {
		v = g.Draw(t, name)
	}
	return v
}

func oneOf[T any](t *rapid.T, name string, from ...T) T { return rapid.SampledFrom(from).Draw(t, name) }

// some takes a few of a list, each once.
func some(t *rapid.T, name string, from []string) (few []string) {
	for _, s := range from {
		if rapid.IntRange(0, 3).Draw(t, name) == 0 {
			few = append(few, s)
		}
	}
	return few
}

var somePhones = rapid.Custom(func(t *rapid.T) (list []directory.Phone) {
	for range rapid.IntRange(0, 3).Draw(t, "phones") {
		p := directory.Phone{Number: oneOf(t, "number", "+0000001", "000", "0000002", "*123#"), Ext: oneOf(t, "ext", "", "12"), Use: oneOf(t, "use", "", "whatsapp", "sms", "tty"),
			Remark: maybe(t, "remark", text)}
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
})

var someExtra = rapid.Custom(func(t *rapid.T) (pairs []directory.Pair) {
	for range rapid.IntRange(0, 3).Draw(t, "extras") {
		pairs = append(pairs, directory.Pair{Name: oneOf(t, "column", text.Draw(t, "name"), "Female staff", "=x"), Value: text.Draw(t, "value")})
	}
	return directory.Sorted(pairs)
})

var somewhere = rapid.Custom(func(t *rapid.T) *directory.Point {
	return &directory.Point{Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: rapid.Float64Range(0.0001, 180).Draw(t, "lon")}
})

var directories = rapid.Custom(func(t *rapid.T) *directory.Directory {
	d := &directory.Directory{}
	var kindNames []string
	for _, k := range directory.Standard() {
		kindNames = append(kindNames, k.Name)
	}
	for n := range rapid.IntRange(1, 4).Draw(t, "areas") {
		a := directory.Area{ID: fmt.Sprintf("%s%d", text.Draw(t, "area id"), n), Code: maybe(t, "code", text), Name: words.Draw(t, "area name"), Level: n, Source: "areas.csv:1", Extra: someExtra.Draw(t, "extra")}
		if len(a.Name) == 0 {
			a.Name = directory.Say("", a.ID)
		}
		if n > 0 {
			a.Parent = d.Areas[rapid.IntRange(0, n-1).Draw(t, "parent")].ID
		}
		a.Point = maybe(t, "point", somewhere)
		d.Areas = append(d.Areas, a)
	}
	for n := range rapid.IntRange(1, 3).Draw(t, "organisations") {
		o := directory.Organisation{ID: fmt.Sprintf("%s%d", text.Draw(t, "org id"), n), Name: words.Draw(t, "org name"), Alternate: maybe(t, "alternate", text), Description: words.Draw(t, "org says"),
			Email: maybe(t, "email", text), Web: maybe(t, "web", text), Phones: somePhones.Draw(t, "org phones"), Source: text.Draw(t, "source"), Extra: someExtra.Draw(t, "org extra")}
		if len(o.Name) == 0 {
			o.Name = directory.Say("", o.ID)
		}
		d.Organisations = append(d.Organisations, o)
	}
	slices.SortFunc(d.Organisations, func(a, b directory.Organisation) int { return strings.Compare(a.ID, b.ID) })
	for n := range rapid.IntRange(len(d.Organisations), 6).Draw(t, "services") {
		d.Services = append(d.Services, aService(t, d, n, kindNames))
	}
	return d
})

func aService(t *rapid.T, d *directory.Directory, n int, kindNames []string) *directory.Service {
	day := func(name string) directory.Date {
		return oneOf[directory.Date](t, name, "", "2026-11-02", "2027-02-28")
	}
	answer := func(name string) directory.Answer { return oneOf(t, name, "", directory.Yes, directory.No) }
	s := &directory.Service{
		ID: fmt.Sprintf("%s%d", text.Draw(t, "id"), n), Org: d.Organisations[n%len(d.Organisations)].ID, Group: maybe(t, "group", text), Name: words.Draw(t, "name"), Says: words.Draw(t, "says"),
		Kinds: some(t, "kind", kindNames), Email: maybe(t, "email", text), Web: maybe(t, "web", text), Asks: maybe(t, "asks", text), Phones: append(somePhones.Draw(t, "phones"), directory.Phone{Number: "0009"}),
		Times: directory.Times{Open: oneOf(t, "open", "", "24/7", "Mo-Fr 08:00-16:00; PH off", "Fr 22:00-04:00", "2026 Mar 01-2026 Mar 30 10:00-14:00"), Said: maybe(t, "said", text), Note: words.Draw(t, "note"),
			Zone: oneOf(t, "zone", "", "Asia/Dhaka")},
		Status: oneOf(t, "status", "", directory.Paused, directory.Defunct), Langs: some(t, "lang", []string{"ar", "rhg", "kmr-Arab-IQ"}), Interprets: words.Draw(t, "interprets"),
		For: some(t, "group", directory.Groups), MinAge: oneOf(t, "min", 0, 12), MaxAge: oneOf(t, "max", 0, 18), Eligibility: words.Draw(t, "eligibility"),
		Cost: directory.Cost{Free: answer("free"), Note: words.Draw(t, "cost")}, Access: words.Draw(t, "access"), Women: answer("women"), Bring: words.Draw(t, "bring"), Referral: words.Draw(t, "referral"),
		Deadline: day("deadline"), Remarks: words.Draw(t, "remarks"), Visibility: oneOf(t, "visibility", "", directory.OnRequest, directory.ReferrerOnly), Source: text.Draw(t, "source"),
		VerifiedOn: day("verified"), VerifiedBy: maybe(t, "by", text), ValidUntil: day("until"),
		Place: directory.Place{Area: d.Areas[rapid.IntRange(0, len(d.Areas)-1).Draw(t, "area")].ID},
	}
	if len(s.Kinds) == 0 {
		s.Kinds = []string{"legal"}
	}
	if slices.Contains(s.Kinds, "shelter") || rapid.IntRange(0, 4).Draw(t, "redacted") == 0 {
		s.Place.Redacted = true
		return s
	}
	s.Place.ID, s.Place.Name, s.Place.Address, s.Place.Point = maybe(t, "place", text), words.Draw(t, "place name"), words.Draw(t, "address"), maybe(t, "point", somewhere)
	s.Extra = someExtra.Draw(t, "extra")
	return s
}

// Whatever stands in a directory, each form of it brings back the same.
func TestAnyRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		form := rapid.SampledFrom(allForms).Draw(r, "form")
		d := directories.Draw(r, "directory")
		files := written(t, d, form)
		if data := files["services.json"]; data != nil {
			if faults := schema(data); len(faults) > 0 {
				r.Fatal(faults)
			}
		}
		out := read(t, files)
		if out.Refused+out.Stopped > 0 {
			r.Fatalf("%s: %v", form, out.Findings)
		}
		if diff := differences(d, out.Directory); diff != "" {
			r.Fatalf("a round trip through %s loses\n%s", form, diff)
		}
	})
}
