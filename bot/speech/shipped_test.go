package speech_test

import (
	"strconv"
	"strings"
	"testing"

	"amana/bot/speech"
	"amana/locales"
)

func shipped(t *testing.T) *speech.Book {
	t.Helper()
	b, err := speech.Load(speech.Named{Name: "locales", FS: locales.FS})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Every text of every shipped language is rendered with every number that some language treats in its own way, and
// holds the number in Latin digits unless it says it in words.
func TestEveryShippedText(t *testing.T) {
	b := shipped(t)
	for _, l := range b.Languages() {
		for _, key := range b.Keys() {
			for _, n := range []int{0, 1, 2, 3, 5, 11, 21, 100} {
				args := speech.Args{}
				for _, name := range b.Placeholders(l.Tag, key) {
					args[name] = strconv.Itoa(n)
				}
				got, err := b.Text(l.Tag, key, args)
				switch {
				case err != nil:
					t.Fatal(err)
				case strings.TrimSpace(got) == "" || got == key || strings.ContainsAny(got, "{}") || strings.Contains(got, "%!"):
					t.Errorf("%s in %s with %d says %q", key, l.Tag, n, got)
				case n > 2 && len(args) > 0 && !strings.Contains(got, strconv.Itoa(n)):
					t.Errorf("%s in %s does not show %d: %q", key, l.Tag, n, got)
				}
				if said := speech.Paragraph(l.Tag, got); speech.Paragraph(l.Tag, said) != said {
					t.Errorf("%s in %s changes direction twice", key, l.Tag)
				}
			}
		}
	}
}

// The ways out can be typed in every shipped language: by their own label, by each of their other words, by slash.
func TestShippedWaysOut(t *testing.T) {
	b := shipped(t)
	for _, l := range b.Languages() {
		for _, word := range []string{"back", "skip", "services", "hide", "stop", "language", "help", "done"} {
			typed := []string{"/" + word}
			label, err := b.Text(l.Tag, "word."+word, nil)
			if err != nil {
				t.Fatal(err)
			}
			typed = append(typed, label)
			if also, err := b.Text(l.Tag, "word."+word+".also", nil); err == nil && also != "-" {
				typed = append(typed, strings.Split(also, "|")...)
			}
			for _, s := range typed {
				if got, ok := b.Word(l.Tag, s); !ok || got != word {
					t.Errorf("%q in %s is %q, want %q", s, l.Tag, got, word)
				}
			}
		}
		for _, name := range []string{l.Name, l.English, l.Tag} {
			if tag, ok := b.MatchLanguage(name); !ok || tag != l.Tag {
				t.Errorf("the language %q is not recognised by %q", l.Tag, name)
			}
		}
	}
}

// A translation follows the English that stands beside it.
func TestShippedTranslationsAreFresh(t *testing.T) {
	for _, p := range shipped(t).Stale() {
		t.Error(p)
	}
}

// A language that sleeps has its reserved words all the same: whatever is typed is heard as if it were awake.
func TestWaysOutNeverSleep(t *testing.T) {
	all := shipped(t)
	b, err := speech.Loading{Awake: []string{"en"}}.Load(speech.Named{Name: "locales", FS: locales.FS})
	if err != nil {
		t.Fatal(err)
	}
	heard := 0
	for _, l := range all.Languages() {
		for _, word := range []string{"back", "skip", "services", "hide", "stop", "language", "help", "done", "listen"} {
			label, err := all.Text(l.Tag, "word."+word, nil)
			if err != nil {
				t.Fatal(err)
			}
			also, _ := all.Text(l.Tag, "word."+word+".also", nil)
			for _, typed := range append(strings.Split(also, "|"), label) {
				want, known := all.Word("", typed)
				if got, ok := b.Word("", typed); got != want || ok != known {
					t.Errorf("%q of %s is %q with %s asleep, and %q awake", typed, word, got, l.Tag, want)
				}
				if known {
					heard++
				}
			}
		}
	}
	if heard < 300 {
		t.Errorf("%d words are heard anywhere", heard)
	}
}
