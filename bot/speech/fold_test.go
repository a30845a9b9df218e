package speech

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The table that was measured on another engine's number and word tests. There most rows fail; here each must pass.
func TestAcceptance(t *testing.T) {
	b := mustLoad(t, shelf{"en": {"a.b": "x"}}.fs(t))
	two := []Option{{"one", []string{"First"}}, {"two", []string{"Second"}}}
	yes := func(lang, label, other string) func(string) (How, bool) {
		opts := []Option{{"no", []string{other}}, {"yes", []string{label}}}
		return func(typed string) (How, bool) {
			name, how, ok := b.Match(lang, typed, opts)
			return how, ok && name == "yes"
		}
	}
	number := func(typed string) (How, bool) {
		name, how, ok := b.Match("en", typed, two)
		return how, ok && name == "two"
	}
	for _, row := range []struct {
		what  string
		match func(string) (How, bool)
		how   How
		typed []string
	}{
		{"digit two: ASCII, Arabic-Indic, Persian, Bengali", number, Digit, []string{"2", "٢", "۲", "২"}},
		{"in brackets, with full stop, bracket, after a mark, keycap", number, Digit, []string{"(2)", "(٢)", "2.", "২।", "2)", "[2]", "\u200F2", "\u200F٢", "\u20682\u2069", "2️⃣", "2\u20E3", " 2 ", "#2", "②", "⑵"}},
		{"Devanagari, Myanmar, Ethiopic, full-width, Hanifi", number, Digit, []string{"२", "၂", "፪", "２", "\U00010D32"}},
		{"Arabic yes with marks and punctuation", yes("ar", "نعم", "لا"), Exact, []string{"نعم", "\u200Fنعم", "\u061Cنعم", "نعم!", "نعم.", "نعم؟", "«نعم»"}},
		{"Arabic yes with vowel marks; with tatweel", yes("ar", "نعم", "لا"), Exact, []string{"نَعَمْ", "نـعـم", "نعـــم"}},
		{"alef with hamza against bare alef", yes("ar", "أنا", "لا"), Exact, []string{"انا", "أنا", "إنا", "آنا", "ٱنا", "ا\u0654نا"}},
		{"teh marbuta against heh", yes("ar", "مساعدة", "لا"), Exact, []string{"مساعده", "مساعدة"}},
		{"alef maqsura, Persian yeh and kaf", yes("ar", "كبرى", "لا"), Exact, []string{"کبری", "كبري", "كبرى"}},
		{"Kurdish with a zero-width non-joiner against without", yes("ckb", "ده\u200Cمه\u200Cوێ", "نا"), Exact, []string{"دەمەوێ", "دهمهوی", "ده\u200Cمه\u200Cوي"}},
		{"Spanish yes without its accent", yes("es", "Sí", "No"), Exact, []string{"si", "SI", "sí", "si\u0301", "¡Sí!"}},
		{"decomposed accent against composed", yes("fr", "Déjà", "Non"), Exact, []string{"De\u0301ja\u0300", "deja"}},
		{"Bengali yes without chandrabindu", yes("bn", "হ্যাঁ", "না"), Guess, []string{"হ্যা"}},
		{"Bengali yes as it is", yes("bn", "হ্যাঁ", "না"), Exact, []string{"হ্যাঁ", "হ্যাঁ।", "হ্\u200Dযাঁ"}},
		{"Myanmar yes with a polite particle", yes("my", "ဟုတ်ကဲ့", "မဟုတ်ပါ"), Guess, []string{"ဟုတ်ကဲ့ပါ", "ဟုတ်ကဲ့ရှင့်", "ဟုတ်ကဲ့ ခင်ဗျာ"}},
		{"yess for yes", yes("en", "Yes", "No"), Guess, []string{"yess", "yesssss", "YEES"}},
		{"Hausa hooked letters", yes("ha", "ɓaƙi da ƴaɗa", "a'a"), Exact, []string{"baki da yada", "Ɓaƙi da 'yaɗa"}},
		{"Amharic homophones", yes("am", "ፀሐይ", "አይ"), Exact, []string{"ጸሀይ", "ፀሀይ", "ጸሐይ", "ጸኀይ"}},
		{"Bangla letters of one sound", yes("bn", "ভাষা জানি", "না"), Exact, []string{"ভাসা জানি", "ভাশা যানি", "ভাষা জাণি"}},
		{"dotted and dotless i", yes("tr", "İyi", "Kötü"), Exact, []string{"iyi", "IYI", "ıyı"}},
	} {
		for _, typed := range row.typed {
			if how, ok := row.match(typed); !ok || how != row.how {
				t.Errorf("%s: %q gave %v, %v; want %v", row.what, typed, how, ok, row.how)
			}
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ lang, in, want string }{
		{"en", "  Not   NOW… ", "not now"},
		{"en", "I don’t know", "i dont know"},
		{"en", "U.N. staff", "un staff"},
		{"en", "sex-for-aid", "sex for aid"},
		{"en", "✅ Done 👍🏽", "done"},
		{"en", "ﬁne", "fine"},
		{"de", "Straße", "strasse"},
		{"fr", "Œuvre Où", "oeuvre ou"},
		{"om", "ta’e", "tae"},
		{"din", "Ŋɛk", "ngek"},
		{"uk", "Так, ЇЖА", "так їжа"},
		{"uk", "пʼять", "пять"},
		{"sr", "ћирилица", "ћирилица"},
		{"mk", "Ќе ѓавол", "ќе ѓавол"},
		{"ru", "Ещё", "еще"},
		{"ur", "ہاں", "هاں"},
		{"ps", "هېڅ", "هيڅ"},
		{"am", "ሠላም ዓለም", "ሰላም አለም"},
		{"ti", "ሓቂ ዓለም ፀሓይ", "ሓቂ ዓለም ጸሓይ"},
		{"bn", "ক্যাম্প ৪", "ক্যাম্প 4"},
		{"bn", "হ্যাঁ", "হ্যাঁ"},
		{"bn", "ঈদের সেবা জানি", "ইদের শেবা যানি"},
		{"my", "ဟုတ်ကဲ့", "ဟုတ်ကဲ့"},
		{"my", "ဘ၀", "ဘဝ"},
		{"my", "ဇုန် ၁၀", "ဇုန် 10"},
		{"my", "၁၀ခု", "10ခု"},
		{"th", "ใช่ครับ", "ใช่ครับ"},
		{"ta", "ஆம்", "ஆம்"},
		{"si", "ඔව්", "ඔව්"},
		{"rhg", "𐴀𐴟𐴓𐴐𐴔", "𐴀𐴟𐴓𐴐𐴔"},
		{"ar", "لا إله", "لا اله"},
		{"ar", "ﻻ ﻧﻌﻢ", "لا نعم"},
		{"en", "👍", ""},
		{"en", "´`'", ""},
		{"en", "a\xffb", "ab"},
	} {
		if got := Fold(c.lang, c.in); got != norm.NFC.String(c.want) {
			t.Errorf("Fold(%s, %q) = %q %+q, want %q", c.lang, c.in, got, got, c.want)
		}
	}
}

// Marks of these scripts are vowels: a fold that dropped them would make different words one.
func TestFoldKeepsVowelSigns(t *testing.T) {
	for _, pair := range [][3]string{
		{"bn", "কি", "কী"}, {"bn", "না", "নি"}, {"bn", "কল", "কাল"}, {"my", "ကို", "ကု"}, {"my", "မ", "မီ"}, {"hi", "की", "का"},
		{"ta", "கை", "கா"}, {"si", "කි", "කා"}, {"th", "ใช", "ใช่"}, {"km", "កា", "កី"}, {"uk", "їжа", "іжа"}, {"sr", "ћ", "т"}, {"ti", "ሓ", "ሃ"},
	} {
		if Fold(pair[0], pair[1]) == Fold(pair[0], pair[2]) {
			t.Errorf("in %s %q and %q fold to one word", pair[0], pair[1], pair[2])
		}
	}
}

// One round must be enough: what is folded is folded again for every comparison with a label.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"Yes", "نَعَـــم", "হ্যাঁ", "ဟုတ်ကဲ့ ဘ၀", "Ɗaƙi ƴa", "ጸሐይ ፲፪", "Sí\u0301", "2️⃣", "a\u0315\u0300\u05ae\u0062", "\u0344\u0f73", "´ e\u200c\u0301", "\xff\u1040\u1000", "ﷺ", "U.N.", "..a.b.", "İstanbul", "①½", "가\u11a8"} {
		for _, lang := range []string{"en", "am", "ti", "my", "bn"} {
			f.Add(lang, s)
		}
	}
	f.Fuzz(func(t *testing.T, lang, s string) {
		got := Fold(lang, s)
		if !utf8.ValidString(got) {
			t.Fatalf("Fold(%q, %q) = %q is not UTF-8", lang, s, got)
		}
		if again := Fold(lang, got); again != got {
			t.Fatalf("Fold(%q, %q) = %+q, folded again %+q", lang, s, got, again)
		}
		if len(got) > 18*len(s)+8 {
			t.Fatalf("%d bytes became %d", len(s), len(got))
		}
		if got != strings.TrimSpace(got) || strings.Contains(got, "  ") {
			t.Fatalf("Fold(%q, %q) = %q has loose spaces", lang, s, got)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for _, c := range [][3]string{{"ascii", "en", "not now"}, {"latin", "es", "Sí, ahora"}, {"arabic", "ar", "نَعَم، الآن"}, {"burmese", "my", "ဟုတ်ကဲ့ပါ"}} {
		b.Run(c[0], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Fold(c[1], c[2])
			}
		})
	}
}
