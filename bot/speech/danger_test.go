package speech

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestDanger(t *testing.T) {
	own := fstest.MapFS{"en/safewords.txt": {Data: []byte("# of this place\n- suicide\nhe is at the well\n")}}
	files := sound().fs(t)
	files["en/safewords.txt"] = &fstest.MapFile{Data: []byte("\ufeff# remark\r\n\r\nI want to die\nkill myself\nsuicide\n")}
	files["ar/safewords.txt"] = &fstest.MapFile{Data: []byte("أنا في خطر\nسأنتحر\n")}
	b := mustLoad(t, files, own)
	for _, c := range []struct {
		langs, text string
		want        bool
	}{
		{"en", "I want to die.", true},
		{"en", "Some days, I WANT to  die …", true},
		{"en", "I want to diet", false},
		{"en", "want to die", false},
		{"en", "they said: kill\nmyself I could not", true},
		{"en", "They killed my cousin and I am afraid", false},
		{"en", "he is at the well", true},
		{"en", "suicide", false}, // the mission took it out
		{"en", "أنا في خطر", false},
		{"en ar", "انا فى خطر", true},
		{"ar", "قال: سَأَنْتَحِر", true},
		{"xx", "I want to die", false},
		{"", "I want to die", false},
		{"en", "", false},
		{"en", strings.Repeat("die want to ", 2000), false},
	} {
		if got := b.Danger(c.text, strings.Fields(c.langs)...); got != c.want {
			t.Errorf("Danger(%.40q, %s) = %v", c.text, c.langs, got)
		}
	}
	if n := b.Dangers("en"); n != 3 {
		t.Errorf("English has %d phrases, want 3", n)
	}
}

// Burmese has no spaces between words, or has them anywhere.
func TestDangerWithoutSpaces(t *testing.T) {
	files := sound().fs(t)
	files["en/safewords.txt"] = &fstest.MapFile{Data: []byte("သေချင်တယ်\nသူ ကျွန်မကို သတ်မယ်\n")}
	b := mustLoad(t, files)
	for text, want := range map[string]bool{
		"ကျွန်မ သေချင်တယ်ရှင်": true, "သူကျွန်မကိုသတ်မယ်": true, "သေသွားတယ်": false, "want": false,
	} {
		if got := b.Danger(text, "en"); got != want {
			t.Errorf("Danger(%q) = %v", text, got)
		}
	}
}

func TestDangerListsAreLookedOver(t *testing.T) {
	for list, want := range map[string]string{
		"ab\n":                        "safewords.txt:1: a phrase of danger is too short",
		"...\n":                       "too short",
		"x y z\n\nX, y z\n":           "safewords.txt:3: two phrases of danger are typed alike",
		strings.Repeat("long ", 20):   "is long",
		"I want\x00 to die\n":         "safewords.txt",
		"\xff\xfe\n":                  "safewords.txt",
		strings.Repeat("a\n", 70_000): "too short",
	} {
		files := sound().fs(t)
		files["en/safewords.txt"] = &fstest.MapFile{Data: []byte(list)}
		if _, err := Load(files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %.200v, want %q", list, err, want)
		}
	}
}

// A phrase that a mission takes out in another spelling would still be heard, and nobody would know.
func TestTakingOutWhatIsNotThere(t *testing.T) {
	files := sound().fs(t)
	files["en/safewords.txt"] = &fstest.MapFile{Data: []byte("kill myself\nsuicide\n")}
	own := func(list string) Named { return Named{"words", fstest.MapFS{"en/safewords.txt": {Data: []byte(list)}}} }
	mustLoad(t, files, own("- Suicide!\n-kill  MYSELF\n"))
	refused(t, "words/en/safewords.txt:2: takes out a phrase of danger that is not there", files, own("-suicide\n-kill my self\n"))
	refused(t, "words/en/safewords.txt:1: takes out", files, own("-he is here\nhe is at the well\n"))
	refused(t, "en/safewords.txt:1: takes out", sound().fs(t), fstest.MapFS{"en/safewords.txt": {Data: []byte("-suicide\n")}})
}

func TestZawgyi(t *testing.T) {
	for text, want := range map[string]bool{
		"ေကာင္းတယ္":           true, // "good", vowel before the consonant and a bare stacking sign
		"ကၽြန္မ ေနမေကာင္းဘူး": true,
		"ကောင်းတယ်":           false,
		"ကျွန်မ နေမကောင်းဘူး": false,
		"မြန်မာ ဗုဒ္ဓ သတ္တဝါ ဩဂုတ် ဧပြီ ၎င်း ဥက္ကဋ္ဌ": false, // stacked, independent, abbreviated
		"ၸႂ်း ၵေႃ": false, // Shan
		"hello":    false,
		"":         false,
	} {
		if got := Zawgyi(text); got != want {
			t.Errorf("Zawgyi(%q) = %v", text, got)
		}
	}
}

func FuzzDanger(f *testing.F) {
	files := sound().fs(f)
	files["en/safewords.txt"] = &fstest.MapFile{Data: []byte("I want to die\nသေချင်တယ်\n")}
	b := mustLoad(f, files)
	f.Add("I want to die")
	f.Add("သေချင် တယ်\xff")
	f.Fuzz(func(t *testing.T, text string) {
		found := b.Danger(text, "en", "ar")
		if !found && b.Danger(text+" I want to die", "en") == false {
			t.Fatalf("a phrase behind %q is not found", text)
		}
		Zawgyi(text)
	})
}
