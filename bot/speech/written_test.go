package speech

import (
	"slices"
	"testing"

	"golang.org/x/text/feature/plural"
)

// What a page is given has every form, and says the same as the book.
func TestWritten(t *testing.T) {
	b := mustLoad(t, shelf{
		"en": {"k.n": plurals("Count", "=0", "None.", "=2", "A pair.", "one", "One.", "other", "{Count} of them."), "k.plain": "Plain.", "k.name": "To {Name}, now."},
		"ar": {"k.n": plurals("Count", "zero", "Z", "one", "O", "two", "T", "few", "F{Count}", "many", "M{Count}", "other", "X{Count}"), "k.plain": "س", "k.name": "{Name} س"},
	}.fs(t))
	for _, c := range []struct {
		lang, key, counts string
		cases             []Case
	}{
		{"en", "k.plain", "", []Case{{"", "Plain."}}},
		{"en", "k.name", "", []Case{{"", "To {Name}, now."}}},
		{"ar", "k.name", "", []Case{{"", "{Name} س"}}},
		{"en", "k.n", "Count", []Case{{"=0", "None."}, {"=2", "A pair."}, {"one", "One."}, {"other", "{Count} of them."}}},
		{"ar", "k.n", "Count", []Case{{"many", "M{Count}"}, {"few", "F{Count}"}, {"two", "T"}, {"one", "O"}, {"zero", "Z"}, {"other", "X{Count}"}}},
	} {
		counts, cases, ok := b.Written(c.lang, c.key)
		if !ok || counts != c.counts || !slices.Equal(cases, c.cases) {
			t.Errorf("%s in %s: %q %q %v", c.key, c.lang, counts, cases, ok)
		}
	}
	for _, c := range [][2]string{{"en", "k.nothing"}, {"xx", "k.plain"}} {
		if _, cases, ok := b.Written(c[0], c[1]); ok || cases != nil {
			t.Errorf("%s in %s: there is none", c[1], c[0])
		}
	}
	if formNames[plural.Other] != "other" || plural.Other != 0 {
		t.Error("the last form is not the one that every language has")
	}
}
