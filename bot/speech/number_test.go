package speech

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// zeros are the digit zero of the scripts in which receipts are typed.
var zeros = map[string]rune{
	"ASCII": '0', "Arabic-Indic": '٠', "Extended Arabic-Indic": '۰', "Bengali": '০', "Devanagari": '०', "Myanmar": '၀', "Shan": '႐',
	"full-width": '０', "Tamil": '௦', "Khmer": '០', "Hanifi Rohingya": 0x10D30, "N'Ko": '߀', "Adlam": 0x1E950,
}

// The digits of every script lie in tens from zero to nine: what digit() builds on.
func TestDigitsOfEveryScript(t *testing.T) {
	seen := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		d, ok := digit(r)
		if ok != unicode.Is(unicode.Nd, r) {
			t.Fatalf("U+%04X: digit says %v", r, ok)
		}
		if ok {
			if int(d) != seen%10 {
				t.Fatalf("U+%04X has the value %d", r, d)
			}
			seen++
		}
	}
	for script, zero := range zeros {
		typed := ""
		for d := range rune(10) {
			typed += string(zero + d)
		}
		if got := Digits(typed); got != "0123456789" {
			t.Errorf("%s: %q", script, got)
		}
	}
}

func TestEthiopicNumerals(t *testing.T) {
	for in, want := range map[string]string{
		"፩": "1", "፪": "2", "፱": "9", "፲": "10", "፲፪": "12", "፳፭": "25", "፵፪": "42", "፻": "100", "፪፻": "200", "፪፻፲፭": "215", "፲፱፻፺፱": "1999",
		"፼": "10000", "፪፼፩": "20001", "፩፪": "12", "ክፍል ፫": "ክፍል 3", "፩ ፫": "1 3",
	} {
		if got := Digits(in); got != want {
			t.Errorf("Digits(%q) = %q, want %q", in, got, want)
		}
	}
	hostile := strings.Repeat("፼", 500)
	if got := Digits(hostile); !strings.HasPrefix(got, "10000") {
		t.Errorf("a numeral too large to be one: %.20q", got)
	}
}

func TestNumber(t *testing.T) {
	for _, two := range []string{"2", "٢", "۲", "২", "२", "၂", "፪", "２", "(2)", "2.", "2)", "[2]", "2️⃣", "2\u20e3", "\u200f2", "2\u200f", "\u20682\u2069", "\u061c٢", " 2\n", "02", "2!", "２．", "②", "⑵", "#2", "𝟐", "2-", "2:"} {
		n, ok := Number(two)
		if !ok || n != 2 {
			t.Errorf("Number(%q) = %d, %v", two, n, ok)
		}
	}
	for in, want := range map[string]int{"0": 0, "٠": 0, "000": 0, "12": 12, "🔟": 10, "፲፪": 12, "123456789": 123456789} {
		if n, ok := Number(in); !ok || n != want {
			t.Errorf("Number(%q) = %d, %v", in, n, ok)
		}
	}
	for _, none := range []string{"", " ", "two", "2 or 3", "2 3", "-2", "−2", "- 2", "(-2)", "‑2", "+2", "2.5", "1,000", "1 000", "2nd", "camp 2", "1234567890", "1️⃣3️⃣", "½", "Ⅱ", strings.Repeat("1", 5000)} {
		if n, ok := Number(none); ok {
			t.Errorf("Number(%q) = %d, want none", none, n)
		}
	}
}

func TestAndsAreFolded(t *testing.T) {
	for word := range ands {
		if Fold("", word) != word {
			t.Errorf("%q is listed, but %q is looked up", word, Fold("", word))
		}
	}
}

func TestNumbers(t *testing.T) {
	for in, want := range map[string][]int{
		"1 3": {1, 3}, "1,3": {1, 3}, "1, 3": {1, 3}, "1 and 3": {1, 3}, "١ و ٣": {1, 3}, "١ و٣": {1, 3}, "١،٣": {1, 3}, "۱ و ۳": {1, 3}, "১ ও ৩": {1, 3}, "၁၊ ၃": {1, 3}, "၁ နှင့် ၃": {1, 3},
		"፩ እና ፫": {1, 3}, "1;3": {1, 3}, "1\n3": {1, 3}, "1. 3.": {1, 3}, "(1) (3)": {1, 3}, "1️⃣3️⃣": {1, 3}, "1️⃣ 3️⃣": {1, 3}, "1+3": nil, "1&3": {1, 3}, "1 y 3": {1, 3}, "1 et 3": {1, 3},
		"1 da 3": {1, 3}, "1 iyo 3": {1, 3}, "1 na 3": {1, 3}, "1, 2 and 3": {1, 2, 3}, "1,2,and 3": {1, 2, 3}, "2": {2}, "13": {13}, "1 та 3": {1, 3}, "1 І 3": {1, 3}, "\u200f١\u200f ،\u200f ٣": {1, 3},
		"1-3": nil, "1 - 3": nil, "1–3": nil, "1/3": nil, "1:3": nil, "12:30": nil, "1 or 3": nil, "1 not 3": nil, "1 to 3": nil, "and 1 3": nil, "1 3 please": nil, "-1 3": nil, "": nil, "yes": nil, "1 2345678901": nil,
	} {
		got, ok := Numbers(in)
		if ok != (want != nil) || !slices.Equal(got, want) {
			t.Errorf("Numbers(%q) = %v, %v, want %v", in, got, ok, want)
		}
	}
}

// A receipt is heard, copied by hand, typed on another phone, in another script. Whatever stands between its digits, the digits arrive.
func TestReceiptInEveryScript(t *testing.T) {
	between := []string{"", " ", "  ", "-", "–", "‑", " - ", "\u00a0", "\u202f", "\u2009", "\u3000", "\u200e", "\u200f", "\u061c", "\u2066", "\u2069", "\u202a", "\u202c", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\n", "\t", ".", ",", "،", "/", "_", "۔", "\ufe0f"}
	scripts := []string{"Adlam", "Arabic-Indic", "ASCII", "Bengali", "Devanagari", "Extended Arabic-Indic", "full-width", "Hanifi Rohingya", "Khmer", "Myanmar", "N'Ko", "Shan", "Tamil"}
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), 16, 16, -1).Draw(t, "digits")
		zero := zeros[rapid.SampledFrom(scripts).Draw(t, "script")]
		mixed := rapid.Bool().Draw(t, "mixed")
		typed := rapid.SampledFrom(between).Draw(t, "before")
		for _, d := range digits {
			if mixed {
				zero = zeros[rapid.SampledFrom(scripts).Draw(t, "script")]
			}
			typed += string(zero+d-'0') + rapid.SampledFrom(between).Draw(t, "between")
		}
		if got := Receipt(typed); got != digits {
			t.Fatalf("Receipt(%+q) = %s, want %s", typed, got, digits)
		}
	})
}

func TestReceipt(t *testing.T) {
	for in, want := range map[string]string{
		"4821 7730 5516 9042": "4821773055169042", "My number: 4821-7730-5516-9042.": "4821773055169042", "رقمي \u2068٤٨٢١ ٧٧٣٠ ٥٥١٦ ٩٠٤٢\u2069": "4821773055169042",
		"4️⃣8️⃣2️⃣1️⃣": "4821", "no digits": "", "": "", "⓪①": "01",
	} {
		if got := Receipt(in); got != want {
			t.Errorf("Receipt(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Receipt(strings.Repeat("7", 300)); len(got) != longestReceipt {
		t.Errorf("a hostile receipt gave %d digits", len(got))
	}
}

func FuzzReceipt(f *testing.F) {
	for _, s := range []string{"4821 7730 5516 9042", "٤٨٢١-٧٧٣٠", "၄၈၂၁", "４８２１", "2️⃣🔟", "\xff1\u20e3", "፼፼፼", "١ و ٣", "1 and 3", "-1", "⑴½"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Receipt(s)
		if len(got) > longestReceipt || strings.Trim(got, "0123456789") != "" {
			t.Fatalf("Receipt(%q) = %q", s, got)
		}
		if again := Receipt(got); again != got {
			t.Fatalf("Receipt(%q) = %q, again %q", s, got, again)
		}
		if folded := Digits(s); Digits(folded) != folded || utf8.ValidString(s) && !utf8.ValidString(folded) {
			t.Fatalf("Digits(%q) = %q", s, folded)
		}
		n, ok := Number(s)
		if ok && (n < 0 || n > 999_999_999) {
			t.Fatalf("Number(%q) = %d", s, n)
		}
		if ns, several := Numbers(s); ok && (!several || len(ns) != 1 || ns[0] != n) {
			t.Fatalf("Number(%q) = %d, Numbers %v", s, n, ns)
		}
		if ok {
			if n2, ok := Number(strconv.Itoa(n)); !ok || n2 != n {
				t.Fatalf("Number(%d) = %d, %v", n, n2, ok)
			}
		}
	})
}
