package speech

import (
	"encoding/json"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"amana/locales"
)

func mustDesk(t testing.TB, layers ...fs.FS) *Desk {
	t.Helper()
	d, err := OpenDesk(layers...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// changeOf gives a text as it stands, as a change.
func changeOf(t testing.TB, d *Desk, lang, key string) Change {
	t.Helper()
	w, ok := d.Text(lang, key)
	if !ok {
		t.Fatalf("there is no %s in %s", key, lang)
	}
	return Change{key, w.English, w.Counts, w.Cases}
}

// A text that is written anew has the form of the catalogs: the same line, where the catalog has it in one, and the same
// content in every language.
func TestRewriteWritesAsTheShippedCatalogs(t *testing.T) {
	d := mustDesk(t, locales.FS)
	for _, l := range d.Languages() {
		src, err := fs.ReadFile(locales.FS, l.Tag+"/messages.gotext.json")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Rewrite(l.Tag, src, nil); err != nil || string(got) != string(src) {
			t.Errorf("%s changes without a change: %v", l.Tag, err)
		}
		_, _, entries, err := entriesIn(src)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			c, raw := changeOf(t, d, l.Tag, e.key), src[e.from:e.to]
			line := d.line(c)
			if l.Tag == Base && !strings.Contains(string(raw), "\n") && line != string(raw) {
				t.Errorf("%s: %s is written as\n%s, want\n%s", l.Tag, e.key, line, raw)
			}
			patched, err := c.into(raw)
			if err != nil {
				t.Fatal(err)
			}
			for _, written := range []string{line, string(patched)} {
				var got, want entry
				if json.Unmarshal([]byte(written), &got) != nil || json.Unmarshal(raw, &want) != nil || !reflect.DeepEqual(got.Translation, want.Translation) || got.Message != want.Message {
					t.Errorf("%s: %s says something else in\n%s", l.Tag, e.key, written)
				}
			}
		}
	}
}

func TestRewriteChangesNothingElse(t *testing.T) {
	const src = "{\r\n \"language\": \"ar\", \"label\": [1, {\"messages\": []}],\r\n\t\"messages\": [ {\"id\":\"b\",\r\n \"translation\" : \"x\",\"comment\":\"c\", \"message\":\"B\", \"fuzzy\": true} ,\r\n{\"id\":\"d\",\"translation\":\"\"}]}"
	d := mustDesk(t, shelf{"en": {"a": "A", "b": "B", "c": "C {Count} {Name}", "d": "D", "e": "E"}, "ar": {"b": "x"}}.fs(t))
	for name, c := range map[string]struct {
		changes []Change
		want    string
	}{
		"a change": {[]Change{{Key: "b", English: "B", Cases: []Case{{"", "<ب>"}}}},
			strings.Replace(strings.Replace(src, `"x"`, `"<ب>"`, 1), "true", "false", 1)},
		"other English": {[]Change{{Key: "b", English: "B\n", Cases: []Case{{"", "x"}}}},
			strings.Replace(strings.Replace(src, `"B"`, `"B\n"`, 1), "true", "false", 1)},
		"a form": {[]Change{{Key: "d", English: "D", Counts: "Count", Cases: []Case{{"=0", "0"}, {"other", "o"}}}},
			strings.Replace(src, `""`, `{"select": {"feature": "plural", "arg": "Count", "cases": {"=0": {"msg": "0"}, "other": {"msg": "o"}}}}`, 1)},
		"before": {[]Change{{Key: "a", English: "A", Cases: []Case{{"", "1"}}}},
			strings.Replace(src, `[ {"id":"b"`, "[ {\"id\": \"a\", \"message\": \"A\", \"translation\": \"1\"},\r\n    {\"id\":\"b\"", 1)},
		"between and behind": {[]Change{{Key: "e", English: "E", Cases: []Case{{"", "5"}}}, {Key: "c", English: "C {Count} {Name}", Cases: []Case{{"", "3"}}}},
			strings.Replace(strings.Replace(src, `true}`, `true},`+"\r\n"+`    {"id": "c", "message": "C {Count} {Name}", "translation": "3", "placeholders": [{"id": "Count", "string": "%[1]d", "type": "int", "underlyingType": "int", "argNum": 1, "expr": "Count"}, {"id": "Name", "string": "%[2]s", "type": "string", "underlyingType": "string", "argNum": 2, "expr": "Name"}]}`, 1),
				`""}`, "\"\"},\r\n    {\"id\": \"e\", \"message\": \"E\", \"translation\": \"5\"}", 1)},
	} {
		got, err := d.Rewrite("ar", []byte(src), c.changes)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got, %v\n%s, want\n%s", name, err, got, c.want)
		}
	}
	for _, empty := range []string{"", "{\n  \"language\": \"ar\",\n  \"messages\": [\n  ]\n}\n"} {
		got, err := d.Rewrite("ar", []byte(empty), []Change{{Key: "b", English: "B", Cases: []Case{{"", "x"}}}, {Key: "a", English: "A", Cases: []Case{{"", "y"}}}})
		want := "{\n  \"language\": \"ar\",\n  \"messages\": [\n    {\"id\": \"a\", \"message\": \"A\", \"translation\": \"y\"},\n    {\"id\": \"b\", \"message\": \"B\", \"translation\": \"x\"}\n  ]\n}\n"
		if err != nil || string(got) != want {
			t.Errorf("an empty catalog becomes, %v\n%s, want\n%s", err, got, want)
		}
	}
	for _, broken := range []string{"[]", `{"language": "ar"}`, `{"messages": 3}`, `{"messages": [3]}`, `{"messages": [`} {
		if got, err := d.Rewrite("ar", []byte(broken), []Change{{Key: "a", Cases: []Case{{"", "y"}}}}); err == nil {
			t.Errorf("%s becomes %s", broken, got)
		}
	}
}

// A desk takes what a Book refuses, and says the same of it.
func TestDeskTakesWhatIsNotReady(t *testing.T) {
	files := shelf{
		"en": {"word.back": "Back", "word.skip": "Skip", "k.n": plurals("Count", "one", "One", "other", "{Count} of {Name}"), "k.long": "L {Max}"},
		"ar": {"word.back": "ا", "word.skip": "أ", "k.n": plurals("Count", "one", "X {Name}", "few", "{Count}", "other", "{Count} {Name}")},
	}.fs(t)
	if _, err := Load(files); err == nil {
		t.Fatal("a Book was made of it")
	}
	d := mustDesk(t, files)
	if p := d.Progress("ar"); p.Have != 3 || p.Want != 4 || p.Percent() != 75 {
		t.Errorf("the progress is %+v", p)
	}
	var got []string
	for _, f := range d.Faults("ar") {
		got = append(got, strings.Join(f.Keys, "+")+": "+f.What)
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{`k.n: "k.n" has lost {Name} in the case "few"`, `k.n: "k.n" lacks the case "many"`, `word.skip+word.back: "word.back" and "word.skip" can be typed`} {
		if !strings.Contains(all, want) {
			t.Errorf("the faults are\n%s\nwant %s", all, want)
		}
	}
	w, ok := d.Text("ar", "k.n")
	if !ok || w.Counts != "Count" || len(w.Cases) != 3 || w.Cases[0].Form != "one" || w.Cases[2].Form != "other" {
		t.Errorf("the text is %+v", w)
	}
	if forms, err := d.Forms("ar"); err != nil || strings.Join(forms, " ") != "zero one two few many other" {
		t.Errorf("the forms are %v, %v", forms, err)
	}
	later := fstest.MapFS{"en/messages.gotext.json": {Data: []byte(`{"language": "en", "messages": [{"id": "a.own", "translation": "Own"}, {"id": "word.skip", "translation": "Pass"}]}`)}}
	d = mustDesk(t, files, later)
	if keys := strings.Join(d.Keys(), " "); keys != "k.long k.n word.back word.skip a.own" {
		t.Errorf("the keys stand in the order %s", keys)
	}
}

func FuzzRewrite(f *testing.F) {
	d := mustDesk(f, shelf{"en": {"a": "A", "b": "B"}, "ar": {"b": "x"}}.fs(f))
	f.Add("{\"messages\": [{\"id\": \"b\"}]}", "x")
	f.Add("", "<\u2028>")
	f.Fuzz(func(t *testing.T, src, text string) {
		got, err := d.Rewrite("ar", []byte(src), []Change{{Key: "a", Cases: []Case{{"", text}}}, {Key: "b", Cases: []Case{{"", text}}}})
		if err != nil {
			return
		}
		_, _, entries, err := entriesIn(got)
		if err != nil {
			t.Fatalf("%s: %v", got, err)
		}
		found := 0
		for _, e := range entries {
			if e.key == "a" || e.key == "b" {
				found++
			}
		}
		if found < 2 {
			t.Errorf("the catalog lost texts: %s", got)
		}
	})
}
