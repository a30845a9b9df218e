package speech

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func options(labels ...string) []Option {
	opts := make([]Option, len(labels))
	for i, l := range labels {
		words := strings.Split(l, "|")
		opts[i] = Option{Name: "n" + string(rune('1'+i)), Labels: words}
	}
	return opts
}

func TestMatch(t *testing.T) {
	b := mustLoad(t, sound().fs(t))
	for _, c := range []struct {
		lang, labels, typed, want string
		how                       How
	}{
		{"en", "Yes/No/Not now", "yes", "n1", Exact},
		{"en", "Yes/No/Not now", "NOT  now.", "n3", Exact},
		{"en", "Yes|yeah|sure/No|nope", "Nope!", "n2", Exact},
		{"en", "Yes/No/Not now", "3", "n3", Digit},
		{"en", "Yes/No/Not now", "4", "", None},
		{"en", "Yes/No/Not now", "0", "", None},
		{"en", "Yes/No/Not now", "-1", "", None},
		{"en", "Yes/No/Not now", "2. No", "n2", Exact},
		{"en", "Yes/No/Not now", "1 no", "", None},
		{"ar", "نعم/لا", "٢) لا", "n2", Exact},
		// A label that is a number goes before the number of a choice.
		{"en", "3/2/1", "1", "n3", Exact},
		{"en", "Adult/Under 18", "18", "", None},
		// Near spellings.
		{"en", "In the camp/On the way/Distribution point", "distributon point", "n3", Guess},
		{"en", "In the camp/On the way/Distribution point", "in teh camp", "n1", Guess},
		{"en", "Health/Food/Legal help", "helth", "n1", Guess},
		{"en", "Health/Food/Legal help", "foood", "n2", Guess},
		{"en", "Health/Food/Legal help", "fod", "", None},
		{"es", "Distribución/Clínica", "distribusion", "n1", Guess},
		{"ar", "في المخيم/في الطريق", "في المخم", "n1", Guess},
		{"so", "Caafimaad/Cunto", "cafimad", "n1", Guess},
		{"bn", "হ্যাঁ/না", "হ্যা", "n1", Guess},
		// Never for short words, never between two, never where digits differ.
		{"en", "Yes/No", "ye", "", None},
		{"en", "Cat/Dog", "cut", "", None},
		{"en", "Boat/Goat", "moat", "", None},
		{"en", "Camp 4/Camp 5", "camp 6", "", None},
		{"en", "Camp 4/Camp 5", "kamp 5", "n2", Guess},
		{"en", "Camp 14/Camp 15", "camp 1", "", None},
		{"en", "Camp ১৪/Camp 15", "Camp 14", "n1", Exact},
		{"en", "Yes/No", "yes and no", "", None},
		{"en", "Yes/No", "no yes", "", None},
		{"en", "Too/To", "tooo", "", None},
		{"en", "Yes/yes!", "yes", "", None},
		{"en", "Yes/No", "", "", None},
		{"en", "Yes/No", "👍", "", None},
		{"en", "👍/👎", "👍", "", None},
		{"en", "", "yes", "", None},
		{"en", "Yes/No", strings.Repeat("yes ", 500), "", None},
		// Scripts without spaces between words.
		{"my", "ဟုတ်ကဲ့/မဟုတ်ပါ", "ဟုတ်ကဲ့ပါရှင်", "n1", Guess},
		{"my", "ဟုတ်ကဲ့/မဟုတ်ပါ", "မဟုတ်ပါခင်ဗျာ", "n2", Guess},
		{"my", "ဟုတ်/မဟုတ်", "ဟုတ်ဘူး", "", None},
		{"my", "ဟုတ်/မဟုတ်", "ဟုတ်လား", "", None},
		{"my", "ဟု/မသိ", "ဟုတ်ပါ", "", None},
		{"my", "ဆေးခန်း/ဆေးခန်းအသစ်", "ဆေးခန်းအသစ်မှာပါ", "n2", Guess},
		{"my", "ကျေးရွာ/မြို့", "ကျေးရွာမှာ ဖြစ်ပါတယ်", "n1", Guess},
		{"th", "ใช่/ไม่", "ใช่ค่ะ", "n1", Guess},
		{"th", "ใช/นอน", "ใช่", "", None},
		{"en", "Yes/No", "yesterday", "", None},
	} {
		var opts []Option
		if c.labels != "" {
			opts = options(strings.Split(c.labels, "/")...)
		}
		name, how, ok := b.Match(c.lang, c.typed, opts)
		if name != c.want || how != c.how || ok != (c.want != "") {
			t.Errorf("Match(%s, %q, %s) = %q, %v; want %q, %v", c.lang, c.typed, c.labels, name, how, c.want, c.how)
		}
	}
}

func TestMatchAll(t *testing.T) {
	b := mustLoad(t, sound().fs(t))
	opts := options("Health", "Food|rice", "Legal help", "None of these")
	for typed, want := range map[string]string{
		"1 3": "n1 n3", "3,1": "n3 n1", "1 1 2": "n1 n2", "health": "n1", "Health, rice": "n1 n2", "legal help\nfood": "n3 n2", "food, 1": "n2 n1", "helth, food": "n1 n2",
		"1 5": "", "0": "", "health, money": "", "health, not food": "", "": "", ",": "", "1-3": "", "٤": "n4", "٢ و ٣": "n2 n3", "health and food": "n1 n2", "food and legal help and health": "n2 n3 n1",
		"food and": "", "sand": "",
	} {
		names, _, ok := b.MatchAll("en", typed, opts)
		if got := strings.Join(names, " "); got != want || ok != (want != "") {
			t.Errorf("MatchAll(%q) = %q, %v; want %q", typed, got, ok, want)
		}
	}
	commas := options("Sex, touching, words", "Touching", "Money, goods", "ဆေးကုသမှု", "ငွေ၊ နေ့စဉ် လိုအပ်တာ")
	for typed, want := range map[string]string{
		"Sex, touching, words": "n1", "sex, touching, words, money, goods": "n1 n3", "Touching, money, goods": "n2 n3", "money, goods, touching": "n3 n2",
		"sex, touching": "", "ဆေးကုသမှု, ငွေ၊ နေ့စဉ် လိုအပ်တာ": "n4 n5", "ငွေ၊ နေ့စဉ် လိုအပ်တာ၊ ဆေးကုသမှု": "n5 n4", "ဆေးကုသမှု, touching and ဆေးကုသမှု": "n4 n2",
	} {
		names, how, ok := b.MatchAll("my", typed, commas)
		if got := strings.Join(names, " "); got != want || ok != (want != "") || ok && how == Guess {
			t.Errorf("MatchAll(%q) = %q, %v, %v; want %q", typed, got, how, ok, want)
		}
	}
	if names, how, _ := b.MatchAll("ar", "طعام، صحة", options("صحّة", "طعام")); !slices.Equal(names, []string{"n2", "n1"}) || how != Exact {
		t.Errorf("Arabic: %v %v", names, how)
	}
	if names, how, _ := b.MatchAll("ar", "طعام و صحة", options("صحّة", "طعام")); !slices.Equal(names, []string{"n2", "n1"}) || how != Exact {
		t.Errorf("Arabic with and: %v %v", names, how)
	}
	if _, how, _ := b.MatchAll("en", "helth, food", opts); how != Guess {
		t.Errorf("a guess among sure answers is %v", how)
	}
}

func TestWord(t *testing.T) {
	b := mustLoad(t, shelf{
		"en": {"word.back": "Back", "word.back.also": "go back|return", "word.hide": "Hide", "word.hide.also": "-", "word.stop": "Stop", "word.done": "Done"},
		"ar": {"word.back": "رجوع", "word.back.also": "-", "word.hide": "إخفاء", "word.hide.also": "اخف", "word.stop": "توقف", "word.done": "تم"},
		"es": {"word.back": "Atrás", "word.back.also": "volver", "word.hide": "Ocultar", "word.hide.also": "-", "word.stop": "Parar", "word.done": "Stop"},
	}.fs(t))
	for _, c := range []struct{ lang, typed, want string }{
		{"en", "Back", "back"}, {"en", " back. ", "back"}, {"en", "GO BACK", "back"}, {"en", "return", "back"}, {"en", "back to the camp", ""}, {"en", "bakc", ""}, {"en", "backk", ""}, {"en", "-", ""}, {"en", "", ""},
		{"en", "/hide", "hide"}, {"en", "/HIDE@SomeBot", "hide"}, {"ar", "/stop", "stop"}, {"ar", "/إخفاء", "hide"}, {"en", "/start", "start"}, {"en", "/privacy", "privacy"}, {"en", "start", ""}, {"en", "/unknown", ""}, {"en", "/", ""},
		{"ar", "اخفاء", "hide"}, {"ar", "\u200fإِخْفَاء", "hide"}, {"ar", "اخف", "hide"}, {"ar", "hide", ""}, {"es", "atras", "back"}, {"es", "stop", "done"},
		{"", "Hide", "hide"}, {"", "ocultar", "hide"}, {"xx", "رجوع", "back"}, {"", "stop", ""}, {"", "nothing", ""},
		{"en", strings.Repeat("back ", 1000), ""},
	} {
		if got, ok := b.Word(c.lang, c.typed); got != c.want || ok != (c.want != "") {
			t.Errorf("Word(%q, %.40q) = %q, want %q", c.lang, c.typed, got, c.want)
		}
	}
}

// Whatever is typed, an answer is one of the options or none; a label always finds its own option, unless two are alike.
func FuzzMatch(f *testing.F) {
	b := mustLoad(f, sound().fs(f))
	for _, typed := range []string{"yes", "2", "٢", "(2)", "yess", "ဟုတ်ကဲ့ပါ", "\xff", "1 no", "2️⃣", "/back", "Not now|No", "camp 4"} {
		for _, lang := range []string{"en", "ar", "my", "am"} {
			f.Add(lang, typed, "Yes/No/Not now/ဟုတ်ကဲ့/Camp 4")
		}
	}
	f.Fuzz(func(t *testing.T, lang, typed, labels string) {
		opts := options(strings.Split(labels, "/")...)
		if len(opts) > 20 {
			return
		}
		name, how, ok := b.Match(lang, typed, opts)
		if ok != (how != None) || ok && !slices.ContainsFunc(opts, func(o Option) bool { return o.Name == name }) {
			t.Fatalf("Match(%q) = %q, %v, %v", typed, name, how, ok)
		}
		if again, _, _ := b.Match(lang, typed, opts); again != name {
			t.Fatalf("Match(%q) = %q, then %q", typed, name, again)
		}
		b.MatchAll(lang, typed, opts)
		b.MatchLanguage(typed)
		b.Word(lang, typed)
		for _, o := range opts {
			for _, label := range o.Labels {
				folded := Fold(lang, label)
				alike := slices.ContainsFunc(opts, func(other Option) bool {
					return other.Name != o.Name && slices.ContainsFunc(other.Labels, func(l string) bool { return Fold(lang, l) == folded })
				})
				if folded == "" || alike || len(label) > longest {
					continue
				}
				if name, how, ok := b.Match(lang, label, opts); !ok || name != o.Name || how != Exact {
					t.Fatalf("the label %q of %s matches %q, %v", label, o.Name, name, how)
				}
			}
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add("Hello there. How are you?\n\nFine.", 10)
	f.Add("ဟုတ်ကဲ့ပါရှင်။ ကောင်းပါတယ်။", 7)
	f.Add("👨‍👩‍👧‍👦🇸🇸🇸🇴e\u0301\u0302\r\n\u2068x\u2069", 2)
	f.Fuzz(func(t *testing.T, text string, most int) {
		if !utf8.ValidString(text) || most < 1 || most > 5000 {
			return
		}
		parts := Split(text, most)
		if strings.Join(parts, "") != text {
			t.Fatalf("Split(%q, %d) lost something: %q", text, most, parts)
		}
		for _, p := range parts {
			if Len(p) > most || p == "" && text != "" {
				t.Fatalf("Split(%q, %d) gave %q", text, most, p)
			}
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	book := mustLoad(b, sound().fs(b))
	opts := options("رجوع", "إخفاء", "مرحبا.", "في المخيم", "في الطريق", "مكان آخر")
	for name, typed := range map[string]string{"number": "٣", "label": "في الطريق", "near": "في الطرق", "none": "شيء آخر تماما"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				book.Match("ar", typed, opts)
			}
		})
	}
}
