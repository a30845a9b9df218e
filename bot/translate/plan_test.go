package translate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"amana/bot/flow"
	"amana/bot/speech"
	"amana/bot/translate"
)

// small is a set of catalogs with one text of each sort.
var small = fstest.MapFS{
	"en/language.json": {Data: []byte(`{"tag": "en", "name": "English", "english": "English", "direction": "ltr", "script": "Latn", "review": "source"}`)},
	"en/messages.gotext.json": {Data: []byte(`{"language": "en", "messages": [
{"id": "start.menu", "translation": "What would you like?"},
{"id": "start.menu.yes", "translation": "Yes"},
{"id": "start.menu.no", "translation": "No"},
{"id": "word.back", "translation": "Back"},
{"id": "word.back.also", "translation": "return"},
{"id": "card.between", "translation": ", "},
{"id": "word.max", "translation": "Up to {Max}.", "placeholders": [{"id": "Max", "string": "%[1]d", "type": "int", "underlyingType": "int", "argNum": 1, "expr": "Max"}]},
{"id": "word.code", "translation": "007"},
{"id": "report.limits", "translation": {"select": {"feature": "plural", "arg": "Count", "cases": {"=0": {"msg": "Nobody"}, "one": {"msg": "One at {Name}"}, "other": {"msg": "{Count} at {Name}"}}}},
 "placeholders": [{"id": "Count", "string": "%[1]d", "type": "int", "underlyingType": "int", "argNum": 1, "expr": "Count"}, {"id": "Name", "string": "%[2]s", "type": "string", "underlyingType": "string", "argNum": 2, "expr": "Name"}]}
]}`)},
	"kr/language.json":        {Data: []byte(`{"tag": "kr", "name": "Kanuri", "english": "Kanuri", "direction": "ltr", "script": "Latn", "review": "begun", "plural": "other"}`)},
	"kr/messages.gotext.json": {Data: []byte(`{"language": "kr", "messages": []}`)},
	"my/language.json":        {Data: []byte(`{"tag": "my", "name": "မြန်မာဘာသာ", "english": "Burmese", "direction": "ltr", "script": "Mymr", "review": "draft", "plural": "other"}`)},
	"my/messages.gotext.json": {Data: []byte(`{"language": "my", "messages": [
{"id": "report.limits", "message": "{Count} at {Name}", "translation": {"select": {"feature": "plural", "arg": "Count", "cases": {"other": {"msg": "{Count} aa {Name}"}}}},
 "placeholders": [{"id": "Count", "string": "%[1]d", "type": "int", "underlyingType": "int", "argNum": 1, "expr": "Count"}, {"id": "Name", "string": "%[2]s", "type": "string", "underlyingType": "string", "argNum": 2, "expr": "Name"}]}
]}`)},
	"bn/language.json": {Data: []byte(`{"tag": "bn", "name": "বাংলা", "english": "Bangla", "direction": "ltr", "script": "Beng", "review": "draft"}`)},
	"bn/messages.gotext.json": {Data: []byte(`{"language": "bn", "messages": [
{"id": "start.menu", "message": "Which?", "translation": "Aa\u00a0: bb\u200cc"},
{"id": "word.back", "message": "Back", "translation": "Bb", "fuzzy": true},
{"id": "word.code", "message": "007", "translation": "007"},
{"id": "report.limits", "message": "{Count} at {Name}", "translation": "{Count} aa {Name}",
 "placeholders": [{"id": "Count", "string": "%[1]d", "type": "int", "underlyingType": "int", "argNum": 1, "expr": "Count"}, {"id": "Name", "string": "%[2]s", "type": "string", "underlyingType": "string", "argNum": 2, "expr": "Name"}]}
]}`)},
}

// over gives a catalog as a later layer.
func over(lang string, data []byte) fstest.MapFS {
	return fstest.MapFS{lang + "/messages.gotext.json": {Data: data}}
}

func smallSet(t testing.TB) *flow.Set {
	t.Helper()
	f, err := flow.Parse("start.yaml", []byte("flow: start\nsteps:\n  - {name: menu, type: choice, choices: [yes, no]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := flow.NewSet([]*flow.Flow{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What a translator writes, and what stands in the catalog for it: "key|form|text|english|state" to "key=form:text", with
// the English that is kept beside it where it is not the present one.
func TestWhatBecomesOfACell(t *testing.T) {
	for _, c := range []struct{ lang, rows, want string }{
		{"kr", "start.menu||  Aa\u00a0bb \r\n", "start.menu=Aa\u00a0bb"},
		{"kr", "start.menu||Aa\r\nbb\tcc", "start.menu=Aa\nbb cc"},
		{"kr", "card.between||،", "card.between=، "},
		{"kr", "card.between||， ", "card.between=， "},
		{"kr", "word.max||aa { max } bb", "word.max=aa {Max} bb"},
		{"kr", "word.max||{“Max”}", "word.max={Max}"},
		{"kr", "word.max||{\u200eMax\u200f}\u00a0x", "word.max={Max}\u00a0x"},
		{"kr", "word.max||｛ＭＡＸ｝", "word.max={Max}"},
		{"kr", "word.max||{Mux}", "word.max={Mux}"}, // told, never guessed
		{"kr", "word.back.also||–", "word.back.also=-"},
		{"kr", "word.code||7", "word.code=7"},
		{"kr", "report.limits|other|{Count} aa {Name}", "report.limits={Count} aa {Name}"},
		{"kr", "report.limits|=0|Aa;report.limits|other|{Count} aa {Name}", "report.limits==0:Aa other:{Count} aa {Name}"},
		{"kr", "word.max|other|{Max} aa;word.max|=1|Aa", "word.max==1:Aa other:{Max} aa"},
		{"my", "report.limits|other| {Count} aa {Name} ", ""}, // written as forms, of which there is one
		{"my", "report.limits|other|{Count} bb {Name}", "report.limits=other:{Count} bb {Name}"},
		{"kr", "start.menu|||", ""},
		{"kr", "gone||", ""},
		{"bn", "start.menu||Aa : bb\u200cc", ""},              // the space that does not break was lost on the way
		{"bn", "start.menu||Aa : bbc", "start.menu=Aa : bbc"}, // a joiner is a letter's business
		{"bn", "word.code||7", ""},
		{"bn", "report.limits|other|{Count} aa {Name};report.limits|one|", ""},
		{"bn", "report.limits|one|Bb {Name}", "report.limits=one:Bb {Name} other:{Count} aa {Name}"},
		{"bn", "start.menu||Aa : bb\u200cc|What would you like?|ok", "start.menu=Aa\u00a0: bb\u200cc"},
		{"bn", "word.back||Bb||OK", "word.back=Bb"},
		{"bn", "word.back||Cc|Back in 1999|", "word.back=Cc (Back in 1999)"},
		{"bn", "word.back||Cc|“Back” |", "word.back=Cc (“Back”)"},
	} {
		d := desk(t, small)
		p := translate.Compare(d, c.lang, rowsOf(c.rows))
		var got []string
		for _, change := range p.Changes {
			var cases []string
			for _, k := range change.Cases {
				cases = append(cases, strings.TrimPrefix(k.Form+":"+k.Text, ":"))
			}
			s := change.Key + "=" + strings.Join(cases, " ")
			if w, _ := d.Text("en", change.Key); change.English != w.Cases[len(w.Cases)-1].Text {
				s += " (" + change.English + ")"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "; "); s != c.want || len(p.Refused) > 0 {
			t.Errorf("%s %q becomes %q, %v, want %q", c.lang, c.rows, s, p.Refused, c.want)
		}
	}
}

func rowsOf(s string) (rows []translate.Row) {
	for i, line := range strings.Split(s, ";") {
		c := append(strings.Split(line, "|"), "", "", "")
		rows = append(rows, translate.Row{Number: i + 2, Key: c[0], Form: c[1], Text: c[2], English: c[3], State: c[4]})
	}
	return rows
}

// A mistake that stood there before is told and refuses nothing; one that the sheet makes is refused, in its own row.
func TestOldMistakesAreTold(t *testing.T) {
	broken := fstest.MapFS{}
	for name, file := range small {
		broken[name] = file
	}
	broken["bn/messages.gotext.json"] = &fstest.MapFile{Data: []byte(`{"language": "bn", "messages": [
{"id": "start.menu", "message": "What would you like?", "translation": "Aa {Gone}"},
{"id": "gone.key", "translation": "x"},
{"id": "start.menu.no", "message": "No", "translation": "Xx"}
]}`)}
	d, set := desk(t, broken), smallSet(t)
	order := translate.Order(d, set, limits)
	hold := func(rows string) *translate.Plan {
		p := translate.Compare(d, "bn", rowsOf(rows))
		next, err := d.Rewrite("bn", broken["bn/messages.gotext.json"].Data, p.Changes)
		if err != nil {
			t.Fatal(err)
		}
		p.Hold(d, desk(t, broken, over("bn", next)), set, order, "bn")
		return p
	}
	p := hold("start.menu.yes||Yy")
	if len(p.Refused) > 0 || len(p.Told) != 2 {
		t.Errorf("refused: %v, told: %v", p.Refused, p.Told)
	}
	p = hold("start.menu||Bb;start.menu.yes||xx")
	if len(p.Refused) != 1 || p.Refused[0].Row != 3 || !strings.Contains(p.Refused[0].String(), "row 3, start.menu.yes: at step menu, start.menu.yes (xx) and start.menu.no (Xx) are typed alike in bn; change one of the two labels") {
		t.Errorf("refused: %v", p.Refused)
	}
	if len(p.Told) != 1 { // the other one is mended
		t.Errorf("told: %v", p.Told)
	}
	p = hold("start.menu||Two\nlines;start.menu.yes||Yy\nzz")
	if len(p.Refused) != 1 || !strings.Contains(p.Refused[0].String(), "row 3, start.menu.yes: stands on a button, and has a line break; write it in one line") {
		t.Errorf("refused: %v", p.Refused)
	}
	p = hold("word.back||2)") // a number is told once, not at every question
	if len(p.Refused) != 1 || p.Refused[0].Row != 2 || !strings.Contains(p.Refused[0].What, "the number 2") {
		t.Errorf("refused: %v", p.Refused)
	}
	for text, want := range map[string]string{
		"a\u202eb": "holds the character U+202E", "a\x07b": "holds the character U+0007", "a\ue000": "holds the character U+E000", "a\u2067b": "an isolate that is not closed",
	} {
		if p := hold("start.menu||" + text); len(p.Refused) != 1 || !strings.Contains(p.Refused[0].What, want) {
			t.Errorf("%q: %v, want %s", text, p.Refused, want)
		}
	}
}

// The glossary names the words that occur, those to avoid, and none that stands only inside of another word.
func TestGlossaryTermsThatOccur(t *testing.T) {
	g, err := translate.ReadGlossary("bn/glossary.json", []byte(`{"language": "bn", "terms": [
{"term": "Aa", "meaning": "back, return: go to the question before", "source": "s", "avoid": ["bb", "cc"], "note": "n"},
{"term": "Dd", "meaning": "menu", "source": "s", "avoid": [], "note": ""},
{"term": "Ee", "meaning": "turn: something else", "source": "s", "avoid": [], "note": ""}]}`))
	if err != nil {
		t.Fatal(err)
	}
	d := desk(t, small)
	s, err := translate.Export(d, translate.Order(d, smallSet(t), limits), "bn", nil, g)
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(s.Head[0], "glossary")
	for row := range s.Rows {
		want := ""
		if strings.HasPrefix(row[0], "word.back") {
			want = "back, return = Aa (not: bb, cc)"
		}
		if row[column] != want {
			t.Errorf("%s: %q", row[0], row[column])
		}
	}
	for _, bad := range []string{"", "[]", "{\n\"terms\": 3}", `{"words": []}`} {
		if _, err := translate.ReadGlossary("bn/glossary.json", []byte(bad)); err == nil || !strings.HasPrefix(err.Error(), "bn/glossary.json:") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Every shipped glossary can be read, and belongs to its folder.
func TestShippedGlossaries(t *testing.T) {
	d := desk(t, shippedFS)
	for _, l := range d.Languages() {
		src, err := shippedFS.ReadFile(l.Tag + "/glossary.json")
		if err != nil {
			continue // an unfinished language need not have one
		}
		g, err := translate.ReadGlossary(l.Tag, src)
		if err != nil || g.Language != l.Tag || len(g.Terms) == 0 {
			t.Errorf("%s: %d terms for %q, %v", l.Tag, len(g.Terms), g.Language, err)
		}
	}
}

func ExampleFinding_String() {
	fmt.Println(translate.Finding{Row: 12, Key: "start.menu", What: "has lost {Name}", Remedy: "put it where the value is to stand"})
	// Output: row 12, start.menu: has lost {Name}; put it where the value is to stand
}

// The rows of a text are those of the language: its forms, and the exact numbers of English.
func TestRowsOfAText(t *testing.T) {
	d := desk(t, small)
	for lang, want := range map[string]string{"kr": "=0 other", "bn": "=0 one other", "en": "=0 one other"} {
		s, err := translate.Export(d, translate.Order(d, smallSet(t), limits), lang, nil, translate.Glossary{})
		if err != nil {
			t.Fatal(err)
		}
		var forms []string
		for row := range s.Rows {
			if row[0] == "report.limits" {
				forms = append(forms, row[1])
			} else if row[1] != "" {
				t.Errorf("%s in %s has the form %q", row[0], lang, row[1])
			}
		}
		if got := strings.Join(forms, " "); got != want {
			t.Errorf("%s has the rows %s, want %s", lang, got, want)
		}
	}
	if _, err := translate.Export(d, nil, "xx", nil, translate.Glossary{}); err == nil {
		t.Error("a language that is not there has a sheet")
	}
	if _, ok := d.Language(speech.Base); !ok {
		t.Error("there is no base language")
	}
}
