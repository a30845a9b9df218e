package speech

import (
	"sync"
	"testing"
	"testing/fstest"
)

// A language that nobody is asked in is read when somebody needs it, and says then what it would have said.
func TestALanguageSleeps(t *testing.T) {
	files := shelf{
		"en": {"a.b": "Yes", "a.c": "Up to {Max} fit", "word.back": "Back"}, "ar": {"a.b": "نعم", "a.c": "يتسع لـ {Max}", "word.back": "رجوع"},
		"bn": {"a.b": "হ্যাঁ", "a.c": "{Max} পর্যন্ত", "word.back": "পেছনে"}, "es": {"a.b": "Sí", "a.c": "Caben {Max}", "word.back": "Atrás"},
	}.fs(t)
	all := mustLoad(t, files)
	b, err := Loading{Awake: []string{"ar"}}.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	if b.catalogs["ar"] == nil || b.catalogs[Base] == nil || len(b.catalogs) != 2 || len(b.asleep) != len(all.langs)-2 {
		t.Fatalf("%d languages are awake, %d asleep, of %d", len(b.catalogs), len(b.asleep), len(all.langs))
	}
	var got, want []string
	for i, l := range b.Languages() {
		got, want = append(got, l.Tag), append(want, all.Languages()[i].Tag)
		if known, ok := b.Language(l.Tag); !ok || known != l {
			t.Errorf("%s is not known while it sleeps", l.Tag)
		}
		if tag, ok := b.MatchLanguage(l.Name); !ok || tag != l.Tag {
			t.Errorf("%s is not recognised while it sleeps", l.Name)
		}
	}
	if len(got) < 3 || len(got) != len(want) {
		t.Fatalf("languages %v, want %v", got, want)
	}
	var at sync.WaitGroup
	for _, l := range all.Languages() {
		for range 4 {
			at.Go(func() {
				for _, key := range all.Keys() {
					args := Args{}
					for _, name := range all.Placeholders(l.Tag, key) {
						args[name] = "7"
					}
					want, err := all.Text(l.Tag, key, args)
					if err != nil {
						t.Error(err)
					}
					if got, err := b.Text(l.Tag, key, args); err != nil || got != want {
						t.Errorf("%s in %s is %q, %v; want %q", key, l.Tag, got, err, want)
					}
				}
			})
		}
	}
	at.Wait()
}

// Words of a mission's own keep a language awake: what is wrong in them is told at the start.
func TestOwnWordsSleepNot(t *testing.T) {
	own := fstest.MapFS{"ar/messages.gotext.json": {Data: []byte(`{"language": "ar", "messages": [{"id": "no.such.key", "translation": "x"}]}`)}}
	if _, err := (Loading{Awake: []string{Base}}).Load(sound().fs(t), own); err == nil {
		t.Error("a wrong text of the mission sleeps on")
	}
	if _, err := (Loading{Awake: []string{Base}, Only: []string{"ar"}}).Load(sound().fs(t)); err != nil {
		t.Error(err)
	}
}
