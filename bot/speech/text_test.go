package speech

import (
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	texts "golang.org/x/text/message/catalog"
	"golang.org/x/text/runes"
	"golang.org/x/text/search"
	"golang.org/x/text/unicode/norm"
)

func TestPlurals(t *testing.T) {
	b := mustLoad(t, shelf{
		"en":       {"k.n": plurals("Count", "=0", "None.", "one", "One.", "other", "{Count}.")},
		"ar":       {"k.n": plurals("Count", "zero", "Z", "one", "O", "two", "T", "few", "F{Count}", "many", "M{Count}", "other", "X{Count}")},
		"bn":       {"k.n": plurals("Count", "one", "O{Count}", "other", "X{Count}")},
		"my":       {"k.n": "X{Count}"},
		"uk":       {"k.n": plurals("Count", "one", "O{Count}", "few", "F{Count}", "many", "M{Count}", "other", "X{Count}")},
		"kr":       {"k.n": plurals("Count", "=0", "Z", "=1", "O", "other", "X{Count}")},
		"rhg-Latn": {"k.n": plurals("Count", "=0", "Z", "one", "O", "other", "X{Count}")},
	}.fs(t))
	iso := func(s string) string { return "\u2068" + s + "\u2069" }
	for lang, want := range map[string]map[string]string{
		"en":       {"0": "None.", "1": "One.", "2": "2.", "-1": "One.", "1000000": "1000000.", "٢": "2."},
		"ar":       {"0": "Z", "1": "O", "2": "T", "3": "F" + iso("3"), "11": "M" + iso("11"), "100": "X" + iso("100"), "102": "X" + iso("102"), "103": "F" + iso("103")},
		"bn":       {"0": "O0", "1": "O1", "2": "X2"},
		"my":       {"0": "X0", "1": "X1", "72": "X72"},
		"uk":       {"0": "M0", "1": "O1", "2": "F2", "5": "M5", "11": "M11", "21": "O21", "22": "F22"},
		"kr":       {"0": "Z", "1": "O", "2": "X2"},
		"rhg-Latn": {"0": "Z", "1": "O", "2": "X2"},
	} {
		for n, want := range want {
			if got, err := b.Text(lang, "k.n", Args{"Count": n}); err != nil || got != want {
				t.Errorf("%s with %s: %q, %v; want %q", lang, n, got, err, want)
			}
		}
	}
	for _, bad := range []Args{nil, {"Count": ""}, {"Count": "many"}, {"Count": "1.5"}, {"count": "1"}} {
		got, err := b.Text("en", "k.n", bad)
		if err == nil || got != "" || strings.Contains(err.Error(), "many") {
			t.Errorf("%v: %q, %v", bad, got, err)
		}
	}
}

// What is missing is an error: no English sentence, no key, and nothing of what was to be inserted.
func TestMissingIsAnError(t *testing.T) {
	b := mustLoad(t, sound().fs(t))
	for _, c := range []struct{ lang, key string }{{"ar", "word.nothing"}, {"xx", "word.to"}, {"", "word.to"}, {"ar-YE", "word.to"}, {"ar", "word.range"}} {
		got, err := b.Text(c.lang, c.key, Args{"Name": "hidden words", "Min": "hidden words", "Max": "1"})
		if err == nil || got != "" || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s in %q: %q, %v", c.key, c.lang, got, err)
		}
	}
}

func TestInsertedValuesAreIsolated(t *testing.T) {
	b := mustLoad(t, sound().fs(t))
	for _, c := range []struct{ lang, value, want string }{
		{"en", "Amana", "To Amana."},
		{"en", "4821 7730", "To 4821 7730."},
		{"en", "أمانة", "To \u2068أمانة\u2069."},
		{"ar", "أمانة", "إلى \u2068أمانة\u2069."},
		{"ar", "4821 7730", "إلى \u20684821 7730\u2069."},
		{"en", "a\u202eb\u2069c\u200f\x07d\ne", "To abc d e."},
		{"ar", "\u2067x\u2069\u2069\u061c", "إلى \u2068x\u2069."},
		{"en", "{Max} %d", "To {Max} %d."},
	} {
		if got, err := b.Text(c.lang, "word.to", Args{"Name": c.value}); err != nil || got != c.want {
			t.Errorf("%s with %q: %q, %v; want %q", c.lang, c.value, got, err, c.want)
		}
	}
	if got, _ := b.Text("ar", "word.range", Args{"Min": "٣", "Max": "৭"}); got != "من \u20683\u2069 إلى \u20687\u2069." {
		t.Errorf("numbers: %q", got)
	}
}

// The traps of golang.org/x/text that this package exists to avoid, each shown by the library itself first. Should
// one of the first halves fail after an upgrade, the library has changed and the reason may be gone.

func TestTrapFallbackPrintsTheKey(t *testing.T) {
	c := texts.NewBuilder(texts.Fallback(language.English))
	_ = c.SetString(language.English, "k.hello", "Hello.")
	_ = c.SetString(language.Arabic, "k.other", "شيء")
	if got := message.NewPrinter(language.Arabic, message.Catalog(c)).Sprintf("k.hello"); got != "k.hello" {
		t.Errorf("the library now says %q", got)
	}
	refused(t, `ar/messages.gotext.json: "k.hello" is missing`, shelf{"en": {"k.hello": "Hello.", "k.other": "A thing"}, "ar": {"k.other": "شيء"}}.fs(t))
}

func TestTrapRefusedPluralFormIsEmpty(t *testing.T) {
	c := texts.NewBuilder()
	if err := c.Set(language.Burmese, "k.n", plural.Selectf(1, "%d", plural.One, "a", plural.Other, "b")); err == nil {
		t.Error("the library now takes a form that the language lacks")
	}
	if got := message.NewPrinter(language.Burmese, message.Catalog(c)).Sprintf("k.n", 1); strings.TrimSpace(got) == "b" {
		t.Error("the library now falls back to other")
	}
	refused(t, `my/messages.gotext.json:2: "k.n" has the case "one"`, shelf{"en": {"k.n": count}, "my": {"k.n": count}}.fs(t))
}

func TestTrapExactCasesInEveryLanguage(t *testing.T) {
	all := shelf{}
	for tag := range about {
		all[tag] = map[string]string{"k.n": "{Count}"}
	}
	all["en"]["k.n"] = plurals("Count", "=0", "none", "=1", "single", "one", "{Count}", "other", "{Count}")
	all["kr"]["k.n"] = plurals("Count", "=0", "none", "=1", "single", "other", "{Count}")
	b := mustLoad(t, all.fs(t))
	for _, lang := range []string{"en", "kr"} {
		for n, want := range map[string]string{"0": "none", "1": "single", "2": "2"} {
			if got, _ := b.Text(lang, "k.n", Args{"Count": n}); got != want {
				t.Errorf("%s with %s: %q", lang, n, got)
			}
		}
	}
}

func TestTrapRegionFlipsDigits(t *testing.T) {
	say := func(tag string) string { return message.NewPrinter(language.Make(tag)).Sprintf("%d", 72) }
	if say("ar") == say("ar-YE") || say("bn") == "72" {
		t.Errorf("the library now writes %s and %s", say("ar"), say("ar-YE"))
	}
	b := mustLoad(t, shelf{"en": {"k.max": "{Max}"}, "ar": {"k.max": "{Max}"}, "bn": {"k.max": "{Max}"}, "my": {"k.max": "{Max}"}, "ckb": {"k.max": "{Max}"}}.fs(t))
	for _, l := range b.Languages() {
		if got, _ := b.Text(l.Tag, "k.max", Args{"Max": "72"}); strings.Trim(got, fsi+pdi) != "72" {
			t.Errorf("%s: %q", l.Tag, got)
		}
	}
}

func BenchmarkText(b *testing.B) {
	book := mustLoad(b, sound().fs(b))
	args := Args{"Count": "3", "Name": "x"}
	for _, key := range []string{"start.hello", "word.to", "word.partial"} {
		b.Run(key, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := book.Text("ar", key, args); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestTrapAtoiKnowsASCIIOnly(t *testing.T) {
	for _, typed := range []string{"٢", "۲", "২", "၂", "२", "２", "\U00010D32"} {
		if _, err := strconv.Atoi(typed); err == nil {
			t.Errorf("the library now reads %q", typed)
		}
		if r, _ := utf8.DecodeRuneInString(typed); !unicode.IsDigit(r) {
			t.Errorf("%q is no digit to the library", typed)
		}
		if norm.NFKC.String("٢") == "2" {
			t.Error("normalisation now converts digits")
		}
		if n, ok := Number(typed); !ok || n != 2 {
			t.Errorf("Number(%q) = %d, %v", typed, n, ok)
		}
	}
}

func TestTrapLooseSearchMissesSpellings(t *testing.T) {
	for _, c := range []struct{ lang, label, typed string }{
		{"ar", "أنا", "انا"}, {"ar", "مساعدة", "مساعده"}, {"ckb", "نازانی", "نازاني"}, {"ckb", "کات", "كات"}, {"ha", "ɗaki", "daki"}, {"ha", "ƴaya", "yaya"}, {"am", "ጾም", "ፆም"},
	} {
		if start, _ := search.New(language.Make(c.lang), search.Loose).IndexString(c.label, c.typed); start >= 0 {
			t.Errorf("the library now finds %q in %q", c.typed, c.label)
		}
		if Fold(c.lang, c.label) != Fold(c.lang, c.typed) {
			t.Errorf("%q and %q fold apart in %s", c.label, c.typed, c.lang)
		}
	}
	// Dropping all marks makes one word of many.
	strip := runes.Remove(runes.In(unicode.M))
	if strip.String("কি") != strip.String("কল")[:len("ক")] || Fold("bn", "কি") == Fold("bn", "ক") {
		t.Error("the marks of Bangla")
	}
}

// Burmese in the Zawgyi encoding is not converted yet; it must at least come through folding unharmed and be no other word.
func TestTrapZawgyi(t *testing.T) {
	zawgyi, unicodeText := "\u1031\u1000\u102c\u1004\u1039\u1038", "ကောင်း"
	if got := Fold("my", zawgyi); got != norm.NFC.String(zawgyi) || got == Fold("my", unicodeText) {
		t.Errorf("Fold = %+q", got)
	}
}
