package speech_test

import (
	"strconv"
	"strings"
	"testing"

	"amana/bot/speech"
	"amana/locales"
)

// Every text of every shipped language is rendered with every number that some language treats in its own way.
func TestEveryShippedText(t *testing.T) {
	b, err := speech.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range b.Languages() {
		for _, key := range b.Keys() {
			for _, n := range []int{0, 1, 2, 3, 5, 11, 21, 100} {
				args := speech.Args{}
				for _, name := range b.Placeholders(l.Tag, key) {
					args[name] = strconv.Itoa(n)
				}
				got, err := b.Text(l.Tag, key, args)
				if err != nil {
					t.Fatal(err)
				}
				if strings.TrimSpace(got) == "" || got == key || strings.ContainsAny(got, "{}%") && !strings.Contains(got, "%") {
					t.Errorf("%s in %s with %d says %q", key, l.Tag, n, got)
				}
			}
		}
	}
}
