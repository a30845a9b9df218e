package directory_test

import (
	"strings"
	"testing"

	"amana/bot/directory"
)

func TestTag(t *testing.T) {
	for _, c := range []struct {
		in, tag string
		ok      bool
	}{
		{"bn", "bn", true}, {" AR ", "ar", true}, {"kmr-arab-iq", "kmr-Arab-IQ", true}, {"KMR_ARAB", "kmr-Arab", true}, {"es-419", "es-419", true}, {"rhg-latn", "rhg-Latn", true},
		{"en-u-nu-latn", "en-u-nu-latn", true}, {"de-1996", "de-1996", true}, {"ar-eg", "ar-EG", true},
		{"", "", false}, {"english", "", false}, {"x", "", false}, {"en fr", "", false}, {"b2", "", false}, {"en-", "", false}, {"en--us", "", false}, {"en-" + strings.Repeat("abcd-", 10) + "x", "", false}, {"عربي", "", false},
	} {
		tag, ok := directory.Tag(c.in)
		if ok != c.ok || ok && tag != c.tag {
			t.Errorf("%q: %q, %v; want %q", c.in, tag, ok, c.tag)
		}
		if again, _ := directory.Tag(tag); ok && again != tag {
			t.Errorf("%q becomes %q and then %q", c.in, tag, again)
		}
	}
}
