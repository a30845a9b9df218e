package pathway_test

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"image"
	"image/color"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	qr "github.com/piglig/go-qr"

	"amana/bot/directory"
	"amana/bot/directory/pathway"
	"amana/bot/directory/tell"
	"amana/bot/speech"
	"amana/locales"
)

var update = flag.Bool("update", false, "write the pages anew")

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// shipped gives the catalogs of the program, loaded once: a Book never changes.
var shipped = sync.OnceValues(func() (*speech.Book, error) {
	return speech.Load(speech.Named{Name: "locales", FS: locales.FS})
})

func book(t testing.TB) *speech.Book {
	t.Helper()
	b, err := shipped()
	ok(t, err)
	return b
}

func kinds(t testing.TB, own ...directory.Kind) *directory.Kinds {
	t.Helper()
	k, err := directory.NewKinds(own...)
	ok(t, err)
	return k
}

// camp is a small directory. None of it exists.
func camp() *directory.Directory {
	both := func(en, ar string) directory.Words {
		return directory.Words{{Lang: "ar", Text: ar}, {Lang: "en", Text: en}}
	}
	place := directory.Place{Area: "C1", Name: both("EXAMPLE clinic", "عيادة مثال"), Address: both("Behind the EXAMPLE gate,\nblock 2", "خلف بوابة مثال\nالقسم 2"), Point: &directory.Point{Lat: 1.2345, Lon: 2}}
	services := []*directory.Service{
		{ID: "clinic", Org: "health", Name: both("EXAMPLE clinic <open>", "عيادة مثال"), Kinds: []string{"health", "cmr"}, Place: place,
			Phones: []directory.Phone{{Number: "+0000001", Ext: "12", Remark: "EXAMPLE nurse"}, {Number: "0000002", Use: "whatsapp"}},
			Times:  directory.Times{Open: "24/7", Note: both("Ramadan: 10-14", "رمضان: 10-14")}, Langs: []string{"ar", "rhg", "en"}, Women: directory.Yes, Cost: directory.Cost{Free: directory.Yes},
			Says: both("Care after sex by force, wounds, pregnancy.", "رعاية وعلاج."), VerifiedOn: "2026-11-02", VerifiedBy: "EXAMPLE desk", Extra: []directory.Pair{{Name: "x", Value: "marked extra"}}},
		{ID: "listen", Org: "women", Kinds: []string{"mhpss"}, Place: directory.Place{Area: "C1", Address: both("EXAMPLE tent 3", "خيمة مثال 3")}, Phones: []directory.Phone{{Number: "0000003"}},
			Times: directory.Times{Open: "Su-Th 09:00-16:00; PH off"}, Langs: []string{"ar"}, Women: directory.Yes, For: []string{"women", "girls", "lgbtqi"}, MinAge: 12, VerifiedOn: "2026-11-02"},
		{ID: "old", Org: "women", Name: both("EXAMPLE old group", "مجموعة مثال"), Kinds: []string{"mhpss"}, Place: directory.Place{Area: "C1"}, Phones: []directory.Phone{{Number: "0000004"}}, Times: directory.Times{Said: "some mornings"}, VerifiedOn: "2025-01-01"},
		{ID: "house", Org: "women", Kinds: []string{"shelter"}, Place: directory.Place{Area: "C1", Redacted: true}, Phones: []directory.Phone{{Number: "0000005"}}, VerifiedOn: "2026-10-20"},
		{ID: "police", Org: "police", Kinds: []string{"police"}, Place: directory.Place{Area: "XX", Name: both("EXAMPLE station", "مركز مثال")}, Phones: []directory.Phone{{Number: "0000006"}}, Times: directory.Times{Open: "24/7"}, VerifiedOn: "2026-11-01"},
		{ID: "law", Org: "women", Kinds: []string{"legal"}, Place: directory.Place{Area: "XX"}, Web: "https://example.org/law", Email: "law@example.org", Bring: both("Any paper you have", "أي ورقة متوفرة"),
			Referral: both("Call, then come", "الاتصال ثم المجيء"), Deadline: "2027-01-31", Cost: directory.Cost{Free: directory.No, Note: both("The stamp", "الطابع")}, Times: directory.Times{Said: "by appointment"}, VerifiedOn: "2026-11-01"},
		{ID: "hidden", Org: "secret", Name: both("marked for referrers", "marked"), Kinds: []string{"cash"}, Place: directory.Place{Area: "C1"}, Phones: []directory.Phone{{Number: "0000007"}}, Visibility: directory.ReferrerOnly, VerifiedOn: "2026-11-01"},
		{ID: "asked", Org: "secret", Name: both("marked on request", "marked"), Kinds: []string{"cash"}, Place: directory.Place{Area: "C1"}, Phones: []directory.Phone{{Number: "0000008"}}, Visibility: directory.OnRequest, VerifiedOn: "2026-11-01"},
		{ID: "closed", Org: "women", Name: both("marked as closed", "marked"), Kinds: []string{"cash"}, Place: directory.Place{Area: "C1"}, Phones: []directory.Phone{{Number: "0000009"}}, Status: directory.Paused, VerifiedOn: "2026-11-01"},
		{ID: "far", Org: "women", Name: both("marked as elsewhere", "marked"), Kinds: []string{"cash"}, Place: directory.Place{Area: "C2"}, Phones: []directory.Phone{{Number: "0000010"}}, VerifiedOn: "2026-11-01"},
	}
	return &directory.Directory{
		Areas: []directory.Area{{ID: "XX", Name: both("EXAMPLE State", "ولاية مثال")}, {ID: "C1", Parent: "XX", Name: both("EXAMPLE Camp", "مخيم مثال"), Level: 1}, {ID: "C2", Parent: "XX", Name: both("EXAMPLE Camp 2", "مخيم مثال 2"), Level: 1}, {ID: "C3", Parent: "XX", Name: both("EXAMPLE Camp 3", "مخيم مثال 3"), Level: 1}},
		Organisations: []directory.Organisation{{ID: "health", Name: both("EXAMPLE Health", "صحة مثال"), Phones: []directory.Phone{{Number: "marked"}}}, {ID: "women", Name: both("EXAMPLE Women", "نساء مثال")}, {ID: "police", Name: both("EXAMPLE Police", "شرطة مثال")},
			{ID: "secret", Name: both("marked organisation", "marked")}},
		Services: services,
	}
}

func options(t testing.TB, lang string) pathway.Options {
	words := map[string]pathway.Line{"en": {Label: "EXAMPLE line", Hours: "day and night", Note: "Care is free."}, "ar": {Label: "خط مثال", Hours: "ليلًا ونهارًا", Note: "الرعاية مجانية."}}
	one := words[lang]
	one.Phone = "000-0001"
	guard := one
	guard.Phone, guard.Police = "000-0006", true
	return pathway.Options{Words: book(t), Lang: lang, Lines: []pathway.Line{guard, one}, Days: 3, Bot: "example_bot", Now: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)}
}

func write(t testing.TB, d *directory.Directory, area string, o pathway.Options) string {
	t.Helper()
	var b bytes.Buffer
	ok(t, pathway.New(d, kinds(t)).Write(&b, area, o))
	return b.String()
}

// The whole page of a small camp, in both directions.
func TestPages(t *testing.T) {
	for _, lang := range []string{"en", "ar"} {
		got, file := write(t, camp(), "C1", options(t, lang)), "testdata/camp."+lang+".html"
		if *update {
			ok(t, os.WriteFile(file, []byte(got), 0o644))
			continue
		}
		want, err := os.ReadFile(file)
		ok(t, err)
		if got != string(want) {
			t.Errorf("%s is another now; look at it, and run with -update\n%s", file, got)
		}
	}
}

// What is not for a wall stands on none, in no language.
func TestPublic(t *testing.T) {
	d := camp()
	for _, l := range book(t).Languages() {
		for _, area := range []string{"C1", "C3"} {
			o := options(t, "en")
			o.Lang = l.Tag
			got := write(t, d, area, o)
			for _, secret := range []string{"marked", "1.2345", "EXAMPLE desk", "LGBT", "lgbt"} {
				if strings.Contains(got, secret) {
					t.Errorf("%s in %s holds %q", area, l.Tag, secret)
				}
			}
			if n := strings.Count(got, "<article>"); area == "C1" && n != 6 || area == "C3" && n != 2 {
				t.Errorf("%s in %s has %d cards", area, l.Tag, n)
			}
		}
	}
}

// A page asks for nothing, runs nothing, and is well-formed.
func TestStrict(t *testing.T) {
	got := write(t, camp(), "C1", options(t, "ar"))
	for _, bad := range []string{"<script", "javascript:", "src=", "@import", "url(", "http-equiv=\"refresh\"", " on", "<a ", "<open>", "http://"} {
		if strings.Contains(got, bad) {
			t.Errorf("it holds %q", bad)
		}
	}
	for _, good := range []string{`lang="ar" dir="rtl"`, "default-src 'none'", "@page", "break-inside: avoid", "&lt;open&gt;", `<bdi class="number" dir="ltr">&#43;0000001</bdi>`} {
		if !strings.Contains(got, good) && !(good == "&lt;open&gt;") {
			t.Errorf("it lacks %q", good)
		}
	}
	if len(got) > 30_000 {
		t.Errorf("%d bytes", len(got))
	}
	d := xml.NewDecoder(strings.NewReader(got[strings.Index(got, "<body>"):strings.Index(got, "</html>")]))
	d.Entity = xml.HTMLEntity
	d.AutoClose, d.Strict = []string{"br"}, false
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if en := write(t, camp(), "C1", options(t, "en")); !strings.Contains(en, "EXAMPLE clinic &lt;open&gt;") {
		t.Error("a name is not escaped")
	}
}

// The order of care: health after force, then somebody who listens, a safe place, the law; the police last. What is out of
// date stands last of its kind, and says so.
func TestOrder(t *testing.T) {
	got := write(t, camp(), "C1", options(t, "en"))
	at := -1
	for _, next := range []string{"000-0001", "Police are listed last", "000-0006", "Health care after sex by force</h2>", "some help works only in the first 3 days", "EXAMPLE clinic", "Someone to talk to</h2>", "EXAMPLE Women", "EXAMPLE old group",
		"Not checked for a long time. It may have changed. It is better to call first.", "A safer place to stay</h2>", "The place is not shown", "Legal help</h2>", "By appointment", "Police</h2>", "Police are listed last", "0000006", "After 18 January 2027"} {
		found := strings.Index(got[at+1:], next)
		if found < 0 {
			t.Fatalf("%q does not stand behind what should stand before it", next)
		}
		at += 1 + found
	}
	if strings.Count(got, "It may have changed") != 1 || strings.Contains(got, "listed for this place") {
		t.Error("what is fresh is said to be stale, or the page to be empty")
	}
}

func TestAreas(t *testing.T) {
	s := pathway.New(camp(), kinds(t))
	var ids []string
	for _, a := range s.Areas() {
		ids = append(ids, a.ID)
	}
	if fmt.Sprint(ids) != "[XX C1 C2]" {
		t.Error(ids)
	}
	if err := s.Write(io.Discard, "C9", options(t, "en")); err == nil || !strings.Contains(err.Error(), `"C9"`) {
		t.Error(err)
	}
	o := options(t, "en")
	o.Lang = "xx"
	if err := s.Write(io.Discard, "C1", o); err == nil {
		t.Error("a language without texts is printed")
	}
	empty := &directory.Directory{Areas: camp().Areas}
	if got := write(t, empty, "C1", options(t, "en")); !strings.Contains(got, "Nothing is listed for this place yet.") {
		t.Error(got)
	}
}

// ownWords are the catalogs with a kind that the mission adds.
type ownWords struct{ tell.Words }

func (o ownWords) Text(lang, key string, args speech.Args) (string, error) {
	if key == "service.kind.seeds" {
		return "EXAMPLE seeds", nil
	}
	return o.Words.Text(lang, key, args)
}

// A mission's own kind has the label that the mission gives it.
func TestOwnKinds(t *testing.T) {
	d := camp()
	d.Services[5].Kinds = []string{"seeds"}
	k := kinds(t, directory.Kind{Name: "seeds", Title: "seeds and tools"})
	o := options(t, "en")
	plain := o.Words
	o.Words = ownWords{plain}
	var b bytes.Buffer
	ok(t, pathway.New(d, k).Write(&b, "C1", o))
	if got := b.String(); !strings.Contains(got, "EXAMPLE seeds</h2>") || strings.Index(got, "EXAMPLE seeds</h2>") > strings.Index(got, "Police</h2>") {
		t.Error("the own kind is not named, or stands behind the police")
	}
	o.Words = plain
	if err := pathway.New(d, k).Write(io.Discard, "C1", o); err == nil {
		t.Error("a kind without a label is printed")
	}
}

var (
	outline = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)
	side    = regexp.MustCompile(`viewBox="0 0 (\d+) `)
)

// What is printed can be read, and leads to the bot.
func TestCode(t *testing.T) {
	got := write(t, camp(), "C1", options(t, "en"))
	var n int
	_, err := fmt.Sscan(side.FindStringSubmatch(got)[1], &n)
	ok(t, err)
	const scale = 4
	img := image.NewGray(image.Rect(0, 0, n*scale, n*scale))
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	for _, m := range outline.FindAllStringSubmatch(got, -1) {
		var x, y, w, back int
		_, err := fmt.Sscan(m[1]+" "+m[2]+" "+m[3]+" "+m[4], &x, &y, &w, &back)
		ok(t, err)
		if w != back {
			t.Fatalf("%q is no box", m[0])
		}
		for dx := range w * scale {
			for dy := range scale {
				img.SetGray(x*scale+dx, y*scale+dy, color.Gray{})
			}
		}
	}
	if text, err := qr.Decode(img); err != nil || text != "https://t.me/example_bot" {
		t.Errorf("%q, %v", text, err)
	}
	o := options(t, "en")
	o.Bot = ""
	if got := write(t, camp(), "C1", o); strings.Contains(got, "<svg") || strings.Contains(got, "t.me") {
		t.Error("a page without a bot leads to one")
	}
}

// recorder notes which keys are asked for.
type recorder struct {
	*speech.Book
	asked map[string]bool
}

func (r recorder) Text(lang, key string, args speech.Args) (string, error) {
	r.asked[key] = true
	return r.Book.Text(lang, key, args)
}

// Every text of a page is said somewhere, so that no translator works for nothing.
func TestNoTextIsLeftOver(t *testing.T) {
	d := camp()
	d.Services[1].MaxAge, d.Services[0].MaxAge = 60, 60
	d.Services[5].MinAge = 18
	d.Services[5].Interprets, d.Services[5].Access, d.Services[5].Asks = directory.Say("en", "x"), directory.Say("en", "x"), "EXAMPLE desk"
	o := options(t, "en")
	r := recorder{book(t), map[string]bool{}}
	o.Words = r
	write(t, d, "C1", o)
	for _, key := range r.Keys() {
		if strings.HasPrefix(key, "pathway.") && !r.asked[key] {
			t.Errorf("%s is never said", key)
		}
	}
}
