package tell_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"amana/bot/directory"
	"amana/bot/directory/hours"
	"amana/bot/directory/tell"
	"amana/bot/speech"
	"amana/locales"
)

// shipped gives the catalogs of the program, loaded once: a Book never changes.
var shipped = sync.OnceValues(func() (*speech.Book, error) {
	return speech.Load(speech.Named{Name: "locales", FS: locales.FS})
})

func book(t testing.TB) *speech.Book {
	t.Helper()
	b, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// plain takes out the marks of direction, which are not seen.
var plain = strings.NewReplacer("\u2067", "", "\u2068", "", "\u2069", "")

func TestWeek(t *testing.T) {
	b := book(t)
	for _, c := range []struct{ lang, open, want string }{
		{"en", "24/7", "Day and night, every day"},
		{"en", "Mo-Fr 08:00-12:00,13:00-16:00; Sa off", "Monday to Friday: 8:00–12:00, 13:00–16:00|Saturday: closed"},
		{"en", "Mo-Fr 08:00-16:00; We off; PH off", "Monday, Tuesday, Thursday, Friday: 8:00–16:00|Wednesday: closed|Public holidays: closed"},
		{"en", "Mo-Su 08:00-16:00; Su 10:00-12:00", "Monday to Saturday: 8:00–16:00|Sunday: 10:00–12:00"},
		{"en", "Fr 22:00-04:00", "Friday: 22:00 to 4:00 the next day"},
		{"en", "Mo-Fr 08:00-16:00; Mo-Fr 09:00-15:00", "Monday to Friday: 9:00–15:00"},
		{"en", "2026 Mar 01-2026 Mar 30 Su-Th 10:00-14:00", "From 1 March 2026 to 30 March 2026, Sunday to Thursday: 10:00–14:00"},
		{"ar", "Su-Th 09:00-16:00; PH off", "من الأحد إلى الخميس: 9:00–16:00|العطل الرسمية: مغلق"},
		{"fr", "Mo-Fr 08:00-16:00; Sa 09:00-12:00", "Du lundi au vendredi : 8:00–16:00|Samedi : 9:00–12:00"},
		{"es", "Mo-Su 08:00-16:00", "Todos los días: 8:00–16:00"},
		{"bn", "Su-Th 09:00-16:00", "রবিবার থেকে বৃহস্পতিবার: 9:00–16:00"},
	} {
		h, err := hours.Parse(c.open)
		if err != nil {
			t.Fatal(err)
		}
		teller := tell.New(b, c.lang)
		got := plain.Replace(strings.ReplaceAll(strings.Join(teller.Week(h), "|"), "\u00a0", " "))
		if got != c.want || teller.Err() != nil {
			t.Errorf("%s in %s: %q, %v; want %q", c.open, c.lang, got, teller.Err(), c.want)
		}
	}
}

// What is not known is said, with what the source says of it.
func TestTimes(t *testing.T) {
	b := book(t)
	for _, c := range []struct {
		of    directory.Times
		want  string
		known bool
	}{
		{directory.Times{}, "We do not know when it is open.", false},
		{directory.Times{Said: "By appointment"}, "By appointment. Ask for a time before you go.", false},
		{directory.Times{Said: "بموعد"}, "By appointment. Ask for a time before you go.", false},
		{directory.Times{Said: "first Monday of the month"}, "The hours, as they were told to us: first Monday of the month", false},
		{directory.Times{Open: "24/7", Said: "24h"}, "Day and night, every day", true},
		{directory.Times{Open: "nonsense"}, "We do not know when it is open.", false},
	} {
		lines, known := tell.New(b, "en").Times(c.of)
		if got := strings.Join(lines, "|"); got != c.want || known != c.known {
			t.Errorf("%+v: %q, %v; want %q", c.of, got, known, c.want)
		}
	}
}

// 2026-11-20 is a Friday.
func TestNow(t *testing.T) {
	b := book(t)
	dhaka := time.FixedZone("+06", 6*3600)
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, dhaka)
	for _, c := range []struct{ open, en, ar string }{
		{"24/7", "Open now.", "مفتوح الآن."},
		{"Mo-Su 08:00-16:00", "Open now, until 16:00.", "مفتوح الآن حتى الساعة 16:00."},
		{"Fr 08:00-24:00", "Open now, until 24:00.", "مفتوح الآن حتى الساعة 24:00."},
		{"Fr 08:00-04:00", "Open now, until 4:00.", "مفتوح الآن حتى الساعة 4:00."},
		{"24/7; 2026 Nov 24-2026 Nov 24 off", "Open now.", "مفتوح الآن."},
		{"Mo-Su 13:00-16:00", "Closed now. Opens today at 13:00.", "مغلق الآن. يفتح اليوم الساعة 13:00."},
		{"Sa 09:00-16:00", "Closed now. Opens tomorrow at 9:00.", "مغلق الآن. يفتح غدًا الساعة 9:00."},
		{"Su-Th 09:00-16:00", "Closed now. Opens on Sunday at 9:00.", "مغلق الآن. يفتح يوم الأحد الساعة 9:00."},
		{"2027 Mar 01-2027 Mar 30 09:00-16:00", "Closed now. Opens on 1 March 2027 at 9:00.", "مغلق الآن. يفتح بتاريخ 1 مارس/آذار 2027 الساعة 9:00."},
		{"off", "Closed now.", "مغلق الآن."},
		{"", "We do not know when it is open.", "لا نعرف متى يكون مفتوحًا."},
	} {
		d := &directory.Directory{Areas: []directory.Area{{ID: "XX"}},
			Services: []*directory.Service{{ID: "1", Kinds: []string{"cmr"}, Place: directory.Place{Area: "XX"}, Times: directory.Times{Open: c.open}}}}
		found := directory.NewIndex(d, directory.Options{Zone: dhaka}).Find(directory.Query{Now: now.UTC()})
		if len(found.Hits) != 1 {
			t.Fatal(c.open, found)
		}
		for lang, want := range map[string]string{"en": c.en, "ar": c.ar} {
			teller := tell.New(b, lang)
			if got := plain.Replace(teller.Now(found.Hits[0], now.UTC())); got != want || teller.Err() != nil {
				t.Errorf("%s in %s: %q, %v; want %q", c.open, lang, got, teller.Err(), want)
			}
		}
	}
}

// Each of the standard kinds has a short label in each language, and no two can be taken for each other.
func TestKinds(t *testing.T) {
	b := book(t)
	for _, l := range b.Languages() {
		teller, seen := tell.New(b, l.Tag), map[string]string{}
		for _, k := range directory.Standard() {
			label := teller.Kind(k.Name)
			if n := utf8.RuneCountInString(label); n == 0 || n > 38 {
				t.Errorf("%s in %s: %q has %d characters", k.Name, l.Tag, label, n)
			}
			folded := speech.Fold(l.Tag, label)
			if other, twice := seen[folded]; twice {
				t.Errorf("%s and %s are called the same in %s: %q", k.Name, other, l.Tag, label)
			}
			seen[folded] = k.Name
		}
		if teller.Err() != nil {
			t.Error(teller.Err())
		}
	}
}

// recorder notes which keys are asked for.
type recorder struct {
	tell.Words
	asked map[string]bool
}

func (r recorder) Text(lang, key string, args speech.Args) (string, error) {
	r.asked[key] = true
	return r.Words.Text(lang, key, args)
}

// Every text under the room's keys is said somewhere, so that no translator works for nothing.
func TestNoTextIsLeftOver(t *testing.T) {
	b := book(t)
	r := recorder{b, map[string]bool{}}
	teller := tell.New(r, "en")
	for _, k := range directory.Standard() {
		teller.Kind(k.Name)
	}
	for m := range 12 {
		teller.Day(time.Date(2026, time.Month(m+1), 1, 0, 0, 0, 0, time.UTC))
	}
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for _, open := range []string{"Mo,We,Fr 08:00-12:00; Tu,Th off; Sa,Su 22:00-04:00; PH off", "Mo-Fr 08:00-12:00", "24/7", "2026 Mar 01-2026 Mar 30 09:00-10:00"} {
		teller.Times(directory.Times{Open: open})
	}
	for _, h := range []directory.Hit{{Known: true, Open: true}, {Known: true, Open: true, Until: now}, {Known: true}, {Known: true, Next: now},
		{Known: true, Next: now.AddDate(0, 0, 1)}, {Known: true, Next: now.AddDate(0, 0, 2)}, {Known: true, Next: now.AddDate(0, 0, 9)}} {
		h.Service = &directory.Service{}
		teller.Now(h, now)
	}
	for _, said := range []string{"", "by appointment", "somehow"} {
		teller.Times(directory.Times{Said: said})
	}
	teller.Call()
	teller.For(directory.Groups)
	teller.Languages([]string{"rhg", "ctg", "shu", "mrt", "pga", "shk", "wba", "guc", "rki", "kmr", "ckb"})
	if teller.Err() != nil {
		t.Fatal(teller.Err())
	}
	for _, key := range b.Keys() {
		if (strings.HasPrefix(key, "hours.") || strings.HasPrefix(key, "service.")) && !r.asked[key] {
			t.Errorf("%s is never said", key)
		}
	}
	if !slices.Contains(b.Keys(), "hours.always") {
		t.Error("the catalogs hold no such keys")
	}
}

func TestLanguages(t *testing.T) {
	b := book(t)
	for _, c := range []struct{ lang, tags, want string }{
		{"en", "ar rhg kmr-Arab-IQ so", "Arabic, Rohingya, Kurmanji, Somali"}, {"en", "ku ckb rki", "Kurdish, Sorani, Rakhine"}, {"ar", "en rhg", "الإنجليزية، الروهينغية"}, {"fr", "ha pga", "haoussa, arabe de Djouba"},
		{"es", "es qqq x guc", "español, qqq, x, wayuunaiki"}, {"bn", "shu-Latn bn", "শুয়া আরবি, বাংলা"},
	} {
		teller := tell.New(b, c.lang)
		if got := plain.Replace(teller.Languages(strings.Fields(c.tags))); got != c.want || teller.Err() != nil {
			t.Errorf("%s in %s: %q, %v; want %q", c.tags, c.lang, got, teller.Err(), c.want)
		}
	}
}

// Each group has a word, but the one whose name may put somebody in danger.
func TestFor(t *testing.T) {
	teller := tell.New(book(t), "en")
	if got := teller.For([]string{"women", "lgbtqi", "older"}); got != "women, older people" || teller.Err() != nil {
		t.Errorf("%q, %v", got, teller.Err())
	}
	if got := teller.For([]string{"lgbtqi"}); got != "" {
		t.Errorf("%q", got)
	}
}

// A day keeps its order in a line that begins with no letter of its script: a chat and a page isolate what they insert,
// and take the direction from the first letter that is not isolated.
func TestDayRunsRight(t *testing.T) {
	b := book(t)
	day := time.Date(2026, 12, 3, 0, 0, 0, 0, time.UTC)
	if got := tell.New(b, "ar").Day(day); !strings.HasPrefix(got, "\u2067") || !strings.HasSuffix(got, "\u2069") || plain.Replace(got) != "3 ديسمبر/كانون الأول 2026" {
		t.Errorf("%+q", got)
	}
	for lang, want := range map[string]string{"en": "3 December 2026", "fr": "3 décembre 2026", "es": "3 de diciembre de 2026", "bn": "3 ডিসেম্বর 2026"} {
		if got := tell.New(b, lang).Day(day); got != want {
			t.Errorf("%+q", got)
		}
	}
	if got := tell.New(b, "en").Date("soon"); got != "soon" {
		t.Errorf("%q", got)
	}
}

// A text that is missing is an error and never an empty line that nobody sees.
func TestMissing(t *testing.T) {
	teller := tell.New(book(t), "xx")
	if got := teller.Kind("cmr") + teller.Call(); got != "" || teller.Err() == nil {
		t.Errorf("%q, %v", got, teller.Err())
	}
}

// A language that the tables of names lack is called as its speakers call it, also where nobody is spoken to in it yet.
func TestLanguageThatTheTablesLack(t *testing.T) {
	b := book(t)
	for _, lang := range []string{"en", "ha"} {
		if name := tell.New(b, lang).Language("kr"); name != "Kanuri" {
			t.Errorf("in %s it is called %q", lang, name)
		}
	}
	if name := tell.New(b, "ha").Language("qaa"); name != "qaa" {
		t.Errorf("a language that nobody has a name for is called %q", name)
	}
	if name := tell.New(struct{ tell.Words }{b}, "ha").Language("kr"); name != "kr" { // words that know no names
		t.Errorf("it is called %q", name)
	}
}
