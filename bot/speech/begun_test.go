package speech

import (
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"amana/locales"
)

// begun gives catalogs in which one language says that it is not complete.
func begun(t *testing.T, tag, messages string) fstest.MapFS {
	t.Helper()
	files := shelf{"en": {"word.back": "Back", "word.skip": "Skip", "k.n": plurals("Count", "one", "One", "other", "{Count} letters")}}.fs(t)
	files[tag+"/language.json"] = &fstest.MapFile{Data: []byte(`{"tag": "` + tag + `", "name": "Kanuri", "english": "Kanuri", "direction": "ltr", "script": "Latn", "review": "begun", "plural": "other"}`)}
	files[tag+"/messages.gotext.json"] = &fstest.MapFile{Data: []byte(`{"language": "` + tag + `", "messages": [` + messages + `]}`)}
	return files
}

// told says that loading fails with a problem that holds these words.
func told(t *testing.T, want string, files fstest.MapFS) {
	t.Helper()
	if _, err := Load(files); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v, want %s", err, want)
	}
}

// A language that says that it has only been begun may lack texts, and nobody is spoken to in it.
func TestBegunIsNeverSpoken(t *testing.T) {
	for _, c := range []struct {
		messages string
		have     int
	}{
		{"", 0},
		{`{"id": "word.back", "translation": "Aaa"}`, 1},
		{`{"id": "word.back", "translation": "Aaa"}, {"id": "word.skip", "translation": ""}`, 1}, // as platforms write it
		{`{"id": "k.n", "translation": {"select": {"feature": "plural", "arg": "Count", "cases": {"other": {"msg": ""}}}}}`, 0},
	} {
		b := mustLoad(t, begun(t, "kr", c.messages))
		left := b.Unfinished()
		if len(left) != 1 || left[0].Tag != "kr" || left[0].Have != c.have || left[0].Want != 3 {
			t.Fatalf("unfinished: %+v, want kr with %d of 3", left, c.have)
		}
		if _, ok := b.Language("kr"); ok || len(b.Languages()) != 1 || b.Has("kr", "word.back") {
			t.Error("a language that has been begun is offered")
		}
		if name, ok := b.Called("kr"); !ok || name != "Kanuri" { // what a service speaks is still named
			t.Errorf("it is called %q", name)
		}
		if text, err := b.Text("kr", "word.back", nil); err == nil {
			t.Errorf("it is spoken: %q", text)
		}
		if tag, ok := b.MatchLanguage("Kanuri"); ok {
			t.Errorf("its name is taken for the choice of %q", tag)
		}
		if word, ok := b.Word("", "Aaa"); ok {
			t.Errorf("its words count: %q", word)
		}
	}
}

// What is there is held to the rules, and only the review "begun" allows texts to be missing.
func TestBegunIsStrictInWhatItHas(t *testing.T) {
	const back, skip = `{"id": "word.back", "translation": "Aaa"}`, `{"id": "word.skip", "translation": "aaa"}`
	for want, messages := range map[string]string{
		`"word.bakc" is not a key`:               `{"id": "word.bakc", "translation": "Aaa"}`,
		`holds the unknown {Name}`:               `{"id": "word.back", "translation": "{Name}"}`,
		`has lost {Count}`:                       `{"id": "k.n", "translation": "X", "placeholders": [{"id": "Count", "string": "%[1]d", "type": "int", "underlyingType": "int", "argNum": 1, "expr": "Count"}]}`,
		`can be typed with the same word`:        back + "," + skip,
		`"word.back" stands twice`:               back + "," + back,
		`holds the character U+202E`:             `{"id": "word.back", "translation": "a\u202eb"}`,
		`has the case "few", which the language`: `{"id": "k.n", "translation": {"select": {"feature": "plural", "arg": "Count", "cases": {"few": {"msg": "x {Count}"}, "other": {"msg": "{Count}"}}}}, "placeholders": [{"id": "Count", "string": "%[1]d", "type": "int", "underlyingType": "int", "argNum": 1, "expr": "Count"}]}`,
		`is empty in the case "other"`:           `{"id": "k.n", "translation": {"select": {"feature": "plural", "arg": "Count", "cases": {"=1": {"msg": "x"}, "other": {"msg": ""}}}}, "placeholders": [{"id": "Count", "string": "%[1]d", "type": "int", "underlyingType": "int", "argNum": 1, "expr": "Count"}]}`,
	} {
		told(t, want, begun(t, "kr", messages))
	}
	files := begun(t, "kr", back)
	about := files["kr/language.json"]
	for _, review := range []string{"draft", "peer", "native"} {
		files["kr/language.json"] = &fstest.MapFile{Data: []byte(strings.Replace(string(about.Data), "begun", review, 1))}
		told(t, `"word.skip" is missing`, files)
	}
	files["kr/language.json"] = about
	files["en/language.json"] = &fstest.MapFile{Data: []byte(strings.Replace(string(files["en/language.json"].Data), "source", "begun", 1))}
	told(t, `the review is "begun", and all others are compared with en`, files)
}

// A mission completes a language that is shipped as begun: with its texts and its own word for the review.
func TestBegunIsCompletedByALaterLayer(t *testing.T) {
	first := begun(t, "kr", `{"id": "word.back", "translation": "Aaa"}`)
	later := fstest.MapFS{
		"kr/language.json": {Data: []byte(strings.Replace(string(first["kr/language.json"].Data), "begun", "peer", 1))},
		"kr/messages.gotext.json": {Data: []byte(catalogJSON("kr", map[string]string{
			"word.skip": "Bbb", "k.n": plurals("Count", "other", "X {Count}")}))},
	}
	b := mustLoad(t, first, later)
	if l, ok := b.Language("kr"); !ok || l.Review != "peer" || len(b.Unfinished()) != 0 {
		t.Errorf("the language is %+v, unfinished are %v", l, b.Unfinished())
	}
	delete(later, "kr/language.json")
	if b = mustLoad(t, first, later); len(b.Unfinished()) != 1 || b.Unfinished()[0].Percent() != 100 {
		t.Errorf("without its own language.json it is still begun: %+v", b.Unfinished())
	}
}

// The languages that wait for translators: how each calls itself, which way it runs, and the plural forms that are asked for.
func TestShippedLanguagesInWaiting(t *testing.T) {
	want := map[string]struct{ name, direction, script, forms string }{
		"kmr-Arab": {"کوردی (بادینی)", "rtl", "Arab", "other, one"},
		"rhg":      {"𐴌𐴟𐴇𐴥𐴝𐴚𐴒𐴙𐴝 (Ruáingga)", "rtl", "Rohg", "other, one"},
		"kr":       {"Kanuri", "ltr", "Latn", "other"},
		"pga":      {"Arabi Juba", "ltr", "Latn", "other"},
		"din":      {"Thuɔŋjäŋ", "ltr", "Latn", "other, one"},
		"nus":      {"Thok Nath", "ltr", "Latn", "other, one"},
		"ff":       {"Fulfulde", "ltr", "Latn", "other, one"},
		"shu":      {"عربي شوا", "rtl", "Arab", "other, zero, one, two, few, many"},
		"uk":       {"Українська", "ltr", "Cyrl", "other, one, few, many"},
		"ps":       {"پښتو", "rtl", "Arab", "other, one"},
		"prs":      {"دری", "rtl", "Arab", "other, one"},
		"ur":       {"اردو", "rtl", "Arab", "other, one"},
	}
	b := mustLoad(t, Named{"locales", locales.FS})
	for tag, w := range want {
		c := b.begun[tag]
		if c == nil {
			c = b.catalogs[tag] // somebody has completed it
		}
		if c == nil {
			t.Errorf("%s is not shipped", tag)
			continue
		}
		if got := c.lang; got.Name != w.name || got.Direction != w.direction || got.Script != w.script || c.rule.list() != w.forms {
			t.Errorf("%s is %q, %s in %s, with the forms %s; want %q, %s in %s, %s", tag, got.Name, got.Direction, got.Script, c.rule.list(), w.name, w.direction, w.script, w.forms)
		}
	}
	// What x/text does not know follows the rule that language.json names, for these numbers as well.
	for tag, forms := range map[string]string{
		"kmr-Arab": "0 other, 1 one, 2 other, 11 other, 21 other", "rhg": "0 one, 1 one, 2 other, 11 other, 21 other",
		"kr": "0 other, 1 other, 2 other, 11 other, 21 other", "pga": "0 other, 1 other, 2 other, 11 other, 21 other",
		"din": "0 other, 1 one, 2 other, 11 other, 21 other", "nus": "0 other, 1 one, 2 other, 11 other, 21 other",
		"ff": "0 one, 1 one, 2 other, 11 other, 21 other", "shu": "0 zero, 1 one, 2 two, 11 many, 21 many",
		"uk": "0 many, 1 one, 2 few, 11 many, 21 one", "ps": "0 other, 1 one, 2 other, 11 other, 21 other",
		"prs": "0 one, 1 one, 2 other, 11 other, 21 other", "ur": "0 other, 1 one, 2 other, 11 other, 21 other",
	} {
		c := b.begun[tag]
		if c == nil {
			c = b.catalogs[tag]
		}
		var got []string
		for _, n := range []int{0, 1, 2, 11, 21} {
			got = append(got, strings.TrimSpace(strings.Join([]string{strconv.Itoa(n), formNames[c.rule.form(n)]}, " ")))
		}
		if s := strings.Join(got, ", "); s != forms {
			t.Errorf("%s: %s, want %s", tag, s, forms)
		}
	}
}
