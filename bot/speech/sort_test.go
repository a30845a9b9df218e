package speech

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

func TestSort(t *testing.T) {
	b := mustLoad(t, sound().fs(t))
	for _, c := range []struct{ client, offered, want string }{
		{"ar", "en ar", "ar en"},
		{"ar-EG", "en ckb ar", "ar en ckb"},
		{"AR_eg", "en ckb ar", "ar en ckb"},
		{"", "en ar", "en ar"},
		{"xx", "en ar", "en ar"},
		{"not a tag at all!", "en ar", "en ar"},
		{"-", "en ar", "en ar"},
		// Never to English, which the library's matcher gives with high confidence.
		{"ps", "ar ckb en", "ar ckb en"},
		{"ur", "ar bn en", "ar bn en"},
		{"yo", "ha kr en", "ha kr en"},
		{"ln", "sw fr en", "sw fr en"},
		{"dip", "pga en din", "din pga en"},
		{"swc", "en fr sw", "sw en fr"},
		{"ctg", "en bn", "en bn"},
		{"wal", "en am", "en am"},
		{"nus", "en din nus", "nus en din"},
		// Related by name only.
		{"ku-Arab", "ar ckb ku kmr-Arab-IQ", "kmr-Arab-IQ ku ar ckb"},
		{"ku", "ar kmr-Arab-IQ ku", "ku kmr-Arab-IQ ar"},
		{"kmr", "ar ckb ku", "ku ar ckb"},
		{"ckb-IQ", "ar kmr-Arab-IQ ckb", "ckb ar kmr-Arab-IQ"},
		{"sr", "uk bs sr-Cyrl hr", "sr-Cyrl uk bs hr"},
		{"sr-Latn", "uk sr-Cyrl bs", "sr-Cyrl uk bs"},
		{"bs-Cyrl", "uk bs", "bs uk"},
		{"hr", "uk bs sr", "uk bs sr"},
		{"sr", "en uk", "en uk"},
		// Codes of one language.
		{"knc", "en ha kr", "kr en ha"},
		{"dik", "en din", "din en"},
		{"prs", "ps fa", "fa ps"},
		{"fa-AF", "ps prs", "prs ps"},
		{"shu", "ha ar", "ar ha"},
		{"arb-u-nu-latn", "en ar", "ar en"},
		{"gaz", "am om", "om am"},
		{"rhg", "bn my rhg-Latn rhg-Rohg", "rhg-Latn rhg-Rohg bn my"},
		{"rhg-Rohg", "rhg-Latn rhg-Rohg", "rhg-Rohg rhg-Latn"},
		{"rhg-Beng", "bn rhg-Latn", "rhg-Latn bn"},
		{"en-GB", "ar en", "en ar"},
	} {
		offered := strings.Fields(c.offered)
		if got := strings.Join(b.Sort(c.client, offered), " "); got != c.want {
			t.Errorf("Sort(%q, %s) = %s, want %s", c.client, c.offered, got, c.want)
		}
		if strings.Join(offered, " ") != c.offered {
			t.Error("the offered list was changed")
		}
	}
}

// The library sends these to English with high confidence, and Badini to Arabic; Sort leaves the list alone.
func TestTrapMatcherIsNotSafe(t *testing.T) {
	offered := []string{"en", "ar", "uk"}
	tags := make([]language.Tag, len(offered))
	for i, tag := range offered {
		tags[i] = language.Make(tag)
	}
	matcher := language.NewMatcher(tags)
	b := mustLoad(t, sound().fs(t))
	for client, to := range map[string]string{"ps": "en", "ur": "en", "yo": "en", "ku-Arab": "ar", "sr": "uk"} {
		_, i, _ := matcher.Match(language.Make(client))
		if offered[i] != to {
			t.Errorf("the library now sends %s to %s", client, offered[i])
		}
		if got := b.Sort(client, offered); !slices.Equal(got, offered) {
			t.Errorf("Sort(%s) = %v", client, got)
		}
	}
}

func TestMatchLanguage(t *testing.T) {
	s := shelf{}
	for tag := range about {
		s[tag] = map[string]string{"k.a": "x"}
	}
	b := mustLoad(t, s.fs(t))
	for typed, want := range map[string]string{
		"Arabic": "ar", "العربية": "ar", "العربيه": "ar", "  ARABIC! ": "ar", "ar": "ar", "বাংলা": "bn", "espanol": "es", "Español": "es", "မြန်မာဘာသာ": "my", "українська": "uk",
		"sorani": "ckb", "سۆرانی": "ckb", "سوراني": "ckb", "Kurdish (Sorani)": "ckb", "badini": "kmr-Arab-IQ", "kmr-arab-iq": "kmr-Arab-IQ", "amharic": "am", "አማርኛ": "am",
		"Kurdish": "", "کوردی": "", "arabi": "", "": "", "👍": "", "ps": "", "I want Arabic": "", strings.Repeat("a", 5000): "",
	} {
		if got, ok := b.MatchLanguage(typed); got != want || ok != (want != "") {
			t.Errorf("MatchLanguage(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestDirection(t *testing.T) {
	for tag, want := range map[string]string{
		"ar": "rtl", "ar-YE": "rtl", "ckb": "rtl", "ps": "rtl", "ur": "rtl", "fa": "rtl", "prs": "rtl", "rhg": "rtl", "rhg-Rohg": "rtl", "rhg-Latn": "ltr", "kmr-Arab-IQ": "rtl", "ku": "ltr",
		"kmr": "ltr", "en": "ltr", "bn": "ltr", "my": "ltr", "am": "ltr", "ti": "ltr", "he": "rtl", "pga": "ltr", "shu": "rtl", "apd": "rtl", "": "ltr", "zz": "ltr", "ff-Adlm": "rtl", "uk": "ltr",
	} {
		if got := Direction(tag); got != want {
			t.Errorf("Direction(%q) = %s", tag, got)
		}
	}
}
