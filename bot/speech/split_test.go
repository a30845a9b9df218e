package speech

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want []string
	}{
		{"", 5, []string{""}},
		{"short", 5, []string{"short"}},
		{"One.\n\nTwo.", 8, []string{"One.\n\n", "Two."}},
		{"One. Two.\n\nThree.", 12, []string{"One. Two.\n\n", "Three."}},
		{"One line\nnext line", 12, []string{"One line\n", "next line"}},
		{"First one. Second one.", 15, []string{"First one. ", "Second one."}},
		{"no sentence here", 12, []string{"no sentence ", "here"}},
		{"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"A. bcdefghijklmnop qr", 20, []string{"A. bcdefghijklmnop ", "qr"}}, // a full stop too early is no place
		{"هل هذا؟ نعم هو", 10, []string{"هل هذا؟ ", "نعم هو"}},
		{"ကောင်းပါတယ်။ဟုတ်ကဲ့", 16, []string{"ကောင်းပါတယ်။", "ဟုတ်ကဲ့"}},
		{"ሰላም ነው።እሺ ነው", 9, []string{"ሰላም ነው።", "እሺ ነው"}},
		// Letters as a reader sees them stay whole.
		{"abe\u0301\u0302cd", 4, []string{"ab", "e\u0301\u0302c", "d"}},
		{"a👨‍👩‍👧b", 5, []string{"a", "👨‍👩‍👧", "b"}},
		{"🇸🇸🇸🇴🇪🇹", 3, []string{"🇸🇸", "🇸🇴", "🇪🇹"}},
		{"👍🏽👍🏽", 3, []string{"👍🏽", "👍🏽"}},
		{"2️⃣3️⃣", 4, []string{"2️⃣", "3️⃣"}},
		{"ক্ষক্ষ", 4, []string{"ক্ষ", "ক্ষ"}},
		{"ဟုတ်ဟုတ်", 5, []string{"ဟုတ်", "ဟုတ်"}},
		{"a\r\nb", 2, []string{"a", "\r\n", "b"}},
		// What is isolated stays together where it can.
		{"رقم \u20684821 7730\u2069 هنا", 13, []string{"رقم ", "\u20684821 7730\u2069 ", "هنا"}},
		{"e" + strings.Repeat("\u0301", 5), 3, []string{"e\u0301\u0301", "\u0301\u0301\u0301"}},
		{"abc", 0, []string{"a", "b", "c"}},
	} {
		if got := Split(c.text, c.most); !slices.Equal(got, c.want) {
			t.Errorf("Split(%q, %d) =\n%q, want\n%q", c.text, c.most, got, c.want)
		}
	}
}

func TestSplitLosesNothing(t *testing.T) {
	pieces := []string{"a", "b", " ", "\n", "\n\n", ". ", "؟ ", "။", "ش", "é", "e\u0301", "👨‍👩‍👧", "🇸🇴", "ক্ষ", "\u2068", "\u2069", "\u200f", "\r\n", "2️⃣", "word", "слово "}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(t, "pieces"), "")
		most := rapid.IntRange(1, 50).Draw(t, "most")
		parts := Split(text, most)
		if strings.Join(parts, "") != text {
			t.Fatalf("lost something: %q", parts)
		}
		for i, p := range parts {
			if Len(p) > most {
				t.Fatalf("%q is too long", p)
			}
			if i == 0 || most < 12 {
				continue
			}
			before, after := lastRune(parts[i-1]), firstRune(p)
			if joined(before, after, 0) && !isFlag(before) {
				t.Fatalf("cut between %q and %q", before, after)
			}
		}
	})
}

func firstRune(s string) rune { return []rune(s)[0] }

func lastRune(s string) rune { r := []rune(s); return r[len(r)-1] }

func TestLen(t *testing.T) {
	if Len("نعم👍") != 4 || Len("") != 0 {
		t.Error("Len counts characters")
	}
}

func TestParagraph(t *testing.T) {
	for _, c := range []struct{ lang, in, want string }{
		{"ar", "مرحبا", "مرحبا"},
		{"ar", "4821 7730", "\u200f4821 7730"},
		{"ar", "\u20684821\u2069", "\u200f\u20684821\u2069"},
		{"ar", "1. نعم\n2. لا", "1. نعم\n2. لا"},
		{"ar", "Amana تسمع", "\u200fAmana تسمع"},
		{"ar", "مرحبا\n\nAmana\n\nنعم", "مرحبا\n\n\u200fAmana\n\nنعم"},
		{"ar", "\u2068Amana\u2069 هنا", "\u200f\u2068Amana\u2069 هنا"},
		{"ar", "\u2068أمانة\u2069 Amana", "\u200f\u2068أمانة\u2069 Amana"},
		{"ar", "👍 نعم", "👍 نعم"},
		{"ar", "", ""},
		{"ar", "\n \n", "\n \n"},
		{"ckb", "۱ Amana", "\u200f۱ Amana"},
		{"rhg-Rohg", "Amana", "\u200fAmana"},
		{"en", "Hello", "Hello"},
		{"en", "4821", "4821"},
		{"en", "العربية", "العربية"},
		{"en", "أمانة is here", "\u200eأمانة is here"},
		{"en", "\u2068أمانة\u2069 is here\nyes", "\u200e\u2068أمانة\u2069 is here\nyes"},
		{"my", "ဟုတ်", "ဟုတ်"},
	} {
		got := Paragraph(c.lang, c.in)
		if got != c.want {
			t.Errorf("Paragraph(%s, %q) = %q, want %q", c.lang, c.in, got, c.want)
		}
		if again := Paragraph(c.lang, got); again != got {
			t.Errorf("Paragraph(%s, %q) once more is %q", c.lang, got, again)
		}
	}
}

// A number before a right-to-left word is no strong letter: the word decides, in both readings.
func TestIsolate(t *testing.T) {
	for in, want := range map[string]string{"4821": "\u20684821\u2069", "": "\u2068\u2069", "a\u2069\u202eb\x00": "\u2068ab \u2069", "\u2066a\u2069": "\u2068\u2066a\u2069\u2069", "\u2069a\u2066": "\u2068a\u2069"} {
		if got := Isolate(in); got != want {
			t.Errorf("Isolate(%q) = %q", in, got)
		}
	}
}

func TestList(t *testing.T) {
	for _, c := range []struct {
		lang  string
		items []string
		want  string
	}{
		{"en", []string{"health", "food"}, "health, food"},
		{"en", []string{"صحة", "food"}, "\u2068صحة\u2069, food"},
		{"ar", []string{"صحة", "WHO"}, "\u2067\u2068صحة\u2069، \u2068WHO\u2069\u2069"},
		{"ckb", []string{"1", "2"}, "\u2067\u20681\u2069، \u20682\u2069\u2069"},
		{"am", []string{"ጤና", "ምግብ"}, "ጤና፣ ምግብ"},
		{"my", []string{"ကျန်းမာရေး", "အစားအစာ"}, "ကျန်းမာရေး၊ အစားအစာ"},
		{"bn", []string{"ক"}, "ক"},
		{"en", nil, ""},
	} {
		if got := List(c.lang, c.items); got != c.want {
			t.Errorf("List(%s) = %q, want %q", c.lang, got, c.want)
		}
	}
}

// A list that is inserted into a sentence keeps its own order.
func TestListInText(t *testing.T) {
	b := mustLoad(t, sound().fs(t))
	got, err := b.Text("ar", "word.to", Args{"Name": List("ar", []string{"WHO", "صحة"})})
	if want := "إلى \u2068\u2067\u2068WHO\u2069، \u2068صحة\u2069\u2069\u2069."; err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}
