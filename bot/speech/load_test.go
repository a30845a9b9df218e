package speech

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

var count = plurals("Count", "one", "One message.", "other", "{Count} messages.")

// sound is a small pair of catalogs without a mistake.
func sound() shelf {
	return shelf{
		"en": {"start.hello": "Hello.", "word.back": "Back", "word.back.also": "return|go back", "word.hide": "Hide", "word.partial": count, "word.range": "From {Min} to {Max}.", "word.to": "To {Name}."},
		"ar": {"start.hello": "مرحبا.", "word.back": "رجوع", "word.back.also": "-", "word.hide": "إخفاء",
			"word.partial": plurals("Count", "zero", "لا رسائل.", "one", "رسالة.", "two", "رسالتان.", "few", "{Count} رسائل.", "many", "{Count} رسالة.", "other", "{Count} رسالة."),
			"word.range":   "من {Min} إلى {Max}.", "word.to": "إلى {Name}."},
	}
}

// with gives the sound catalogs with one text of one language changed; an empty text takes the key away.
func with(lang, key, text string) shelf {
	s := sound()
	if text == "" {
		delete(s[lang], key)
	} else {
		s[lang][key] = text
	}
	return s
}

func TestLoadRefuses(t *testing.T) {
	arabic := func(pairs ...string) string { return plurals("Count", pairs...) }
	full := []string{"zero", "ل.", "one", "ر.", "two", "ن.", "few", "{Count} ر.", "many", "{Count} ر.", "other", "{Count} ر."}
	without := func(name string) []string {
		var out []string
		for i := 0; i < len(full); i += 2 {
			if full[i] != name {
				out = append(out, full[i], full[i+1])
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		shelf shelf
		want  string // "file:line: what", the beginning of one of the problems
	}{
		"missing key":              {with("ar", "word.to", ""), `ar/messages.gotext.json: "word.to" is missing`},
		"extra key":                {with("ar", "word.zzz", "شيء"), `ar/messages.gotext.json:9: "word.zzz" is not a key of the base language`},
		"lost placeholder":         {with("ar", "word.to", "إلى."), `ar/messages.gotext.json:8: "word.to" does not declare {Name}`},
		"lost one of two":          {with("ar", "word.range", "من {Min}."), `ar/messages.gotext.json:7: "word.range" has lost {Max}`},
		"unknown placeholder":      {with("ar", "start.hello", "مرحبا {Name}."), `ar/messages.gotext.json:2: "start.hello" holds the unknown {Name}`},
		"near placeholder":         {with("ar", "word.to", "إلى {Nmae}."), `ar/messages.gotext.json:8: "word.to" holds the unknown {Nmae} (did you mean {Name}?)`},
		"near key":                 {with("ar", "word.bakc", "شيء"), `ar/messages.gotext.json:5: "word.bakc" is not a key of the base language (did you mean word.back?)`},
		"stray brace":              {with("ar", "start.hello", "مرحبا {."), `ar/messages.gotext.json:2: "start.hello" has a stray brace`},
		"closing brace":            {with("ar", "start.hello", "مرحبا }{Name}."), `ar/messages.gotext.json:2: "start.hello" has a stray brace`},
		"name with a space":        {with("ar", "word.to", "إلى {Name }."), `ar/messages.gotext.json:8: "word.to" has a stray brace`},
		"form it does not have":    {with("en", "word.partial", plurals("Count", "one", "a", "few", "b {Count}", "other", "{Count} c")), `en/messages.gotext.json:6: "word.partial" has the case "few"`},
		"form it lacks":            {with("ar", "word.partial", arabic(without("few")...)), `ar/messages.gotext.json:6: "word.partial" lacks the case "few"`},
		"no other":                 {with("en", "word.partial", plurals("Count", "one", "One.")), `en/messages.gotext.json:6: "word.partial" lacks the case "other"`},
		"number not shown":         {with("ar", "word.partial", arabic(append(without("few"), "few", "رسائل.")...)), `ar/messages.gotext.json:6: "word.partial" has lost {Count} in the case "few"`},
		"empty case":               {with("ar", "word.partial", arabic(append(without("two"), "two", " ")...)), `ar/messages.gotext.json:6: "word.partial" is empty in the case "two"`},
		"bad exact case":           {with("en", "word.partial", plurals("Count", "=x", "a", "one", "One.", "other", "{Count}.")), `en/messages.gotext.json:6: "word.partial" has the case "=x"`},
		"select by a word":         {with("en", "word.to", plurals("Name", "one", "{Name}", "other", "{Name}")), `en/messages.gotext.json:8: "word.to" selects by "Name", which is not a number`},
		"empty text":               {with("ar", "start.hello", " \n "), `ar/messages.gotext.json:2: "start.hello" is empty`},
		"control character":        {with("ar", "start.hello", "مر\u0007حبا"), `ar/messages.gotext.json:2: "start.hello" holds the character U+0007`},
		"tab":                      {with("ar", "start.hello", "مر\tحبا"), `ar/messages.gotext.json:2: "start.hello" holds the character U+0009`},
		"override":                 {with("ar", "start.hello", "مر\u202eحبا"), `ar/messages.gotext.json:2: "start.hello" holds the character U+202E`},
		"embedding":                {with("en", "start.hello", "\u202bHello\u202c"), `en/messages.gotext.json:2: "start.hello" holds the character U+202B`},
		"isolate left open":        {with("ar", "start.hello", "مرحبا \u2068Amana\nو"), `ar/messages.gotext.json:2: "start.hello" holds an isolate that is not closed`},
		"isolate never opened":     {with("ar", "start.hello", "مرحبا\u2069"), `ar/messages.gotext.json:2: "start.hello" holds U+2069`},
		"broken encoding":          {with("ar", "start.hello", "مر\ufffdحبا"), `ar/messages.gotext.json:2: "start.hello" holds U+FFFD`},
		"byte order mark":          {with("ar", "start.hello", "\ufeffمرحبا"), `ar/messages.gotext.json:2: "start.hello" holds the character U+FEFF`},
		"soft hyphen":              {with("en", "start.hello", "Hel\u00adlo"), `en/messages.gotext.json:2: "start.hello" holds the character U+00AD`},
		"line separator":           {with("en", "start.hello", "Hel\u2028lo"), `en/messages.gotext.json:2: "start.hello" holds the character U+2028`},
		"private use":              {with("en", "start.hello", "Hel\ue000lo"), `en/messages.gotext.json:2: "start.hello" holds the character U+E000`},
		"digits of another script": {with("ar", "start.hello", "٧٢ ساعة"), `ar/messages.gotext.json:2: "start.hello" holds the digit U+0667`},
		"key with capitals":        {with("en", "start.Hello", "Hello"), `en/messages.gotext.json:2: "start.Hello" is not a key`},
		"two words typed alike":    {with("ar", "word.back.also", "اخفاء"), `ar/messages.gotext.json: "word.back" and "word.hide" can be typed with the same word`},
		"no base language":         {shelf{"ar": sound()["ar"]}, `en: the base language is missing`},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.want, c.shelf.fs(t)) })
	}
}

func refused(t *testing.T, want string, layers ...fs.FS) {
	t.Helper()
	b, err := Load(layers...)
	var problems Problems
	if b != nil || !errors.As(err, &problems) {
		t.Fatalf("loaded, with the error %v", err)
	}
	for _, p := range problems {
		if p.Remedy == "" {
			t.Errorf("no remedy for %s", p)
		}
		if strings.HasPrefix(p.String(), want) {
			return
		}
	}
	t.Errorf("want %s\ngot  %v", want, err)
}

func TestLoadRefusesFiles(t *testing.T) {
	const messages, language = "ar/messages.gotext.json", "ar/language.json"
	for name, c := range map[string]struct{ file, content, want string }{
		"invalid UTF-8":     {messages, "{\"language\": \"ar\",\n\"messages\": [\n{\"id\": \"a\", \"translation\": \"\xff\"}]}", "ar/messages.gotext.json:3: not valid UTF-8"},
		"not JSON":          {messages, "{\"language\": \"ar\",\n\"messages\": [\n{\"id\" \"a\"}]}", "ar/messages.gotext.json:3: a colon is missing before"},
		"cut off":           {messages, "{\"language\": \"ar\",\n\"messages\": [", "ar/messages.gotext.json:2: the file ends too early"},
		"empty":             {messages, "", "ar/messages.gotext.json: the file is empty"},
		"unknown field":     {messages, `{"language": "ar", "mesages": []}`, "ar/messages.gotext.json:1: not a catalog"},
		"wrong kind":        {messages, "{\"language\": \"ar\",\n\"messages\": 7}", "ar/messages.gotext.json:2: not a catalog"},
		"other language":    {messages, `{"language": "en", "messages": []}`, `ar/messages.gotext.json:1: the language is "en" in the folder "ar"`},
		"field in message":  {messages, "{\"language\": \"ar\", \"messages\": [\n{\"id\": \"start.hello\", \"tranlation\": \"x\"}]}", "ar/messages.gotext.json:2: not a message"},
		"field in text":     {messages, "{\"language\": \"ar\", \"messages\": [\n{\"id\": \"start.hello\", \"translation\": {\"mgs\": \"x\"}}]}", "ar/messages.gotext.json:2: not a message"},
		"vars":              {messages, "{\"language\": \"ar\", \"messages\": [\n{\"id\": \"start.hello\", \"translation\": {\"var\": {}}}]}", "ar/messages.gotext.json:2: not a message"},
		"name twice":        {messages, "{\"language\": \"ar\", \"messages\": [\n\n{\"id\": \"start.hello\", \"translation\": \"x\", \"translation\": \"y\"}]}", `ar/messages.gotext.json:3: a message names "translation" twice`},
		"name twice within": {messages, "{\"language\": \"ar\", \"messages\": [\n{\"id\": \"start.hello\", \"translation\": {\"msg\": \"say \\\"msg\\\": x\",\n \"m\\u0073g\" : \"y\"}}]}", `ar/messages.gotext.json:2: a message names "msg" twice`},
		"id twice":          {messages, "{\"language\": \"ar\", \"messages\": [\n{\"id\": \"start.hello\", \"translation\": \"x\"},\n{\"id\": \"start.hello\", \"translation\": \"x\"}]}", `ar/messages.gotext.json:3: "start.hello" stands twice, first in line 2`},
		"msg and select":    {messages, "{\"language\": \"ar\", \"messages\": [\n{\"id\": \"word.partial\", \"translation\": {\"msg\": \"x\", \"select\": {\"feature\": \"plural\", \"arg\": \"Count\"}}}]}", `ar/messages.gotext.json:2: "word.partial" has both "msg" and "select"`},
		"gender":            {messages, "{\"language\": \"ar\", \"messages\": [\n{\"id\": \"word.partial\", \"translation\": {\"select\": {\"feature\": \"gender\", \"arg\": \"Count\"}}}]}", `ar/messages.gotext.json:2: "word.partial" selects by "gender"`},
		"select in select":  {messages, "{\"language\": \"ar\", \"messages\": [\n{\"id\": \"word.partial\", \"translation\": {\"select\": {\"feature\": \"plural\", \"arg\": \"Count\", \"cases\": {\"one\": {\"select\": {\"feature\": \"plural\"}}}}}}]}", `ar/messages.gotext.json:2: "word.partial" selects again in the case "one"`},
		"fuzzy":             {"en/messages.gotext.json", strings.Replace(catalogJSON("en", sound()["en"]), `"id":"start.hello"`, `"fuzzy":true,"id":"start.hello"`, 1), `en/messages.gotext.json:2: "start.hello" is marked fuzzy`},
		"placeholder type":  {messages, strings.Replace(catalogJSON("ar", sound()["ar"]), `"type":"string"`, `"type":"float"`, 1), `ar/messages.gotext.json:8: "word.to" declares {Name} with the type "float"`},
		"placeholder kind":  {messages, strings.NewReplacer(`"type":"int"`, `"type":"string"`, `%[1]d`, `%[1]s`, `%[2]d`, `%[2]s`).Replace(catalogJSON("ar", sound()["ar"])), `ar/messages.gotext.json:7: "word.range" declares {Max} as string, English as int`},
		"placeholder verb":  {messages, strings.Replace(catalogJSON("ar", sound()["ar"]), `%[1]s`, `%s`, 1), `ar/messages.gotext.json:8: "word.to" gives {Name} the string "%s"`},
		"placeholder count": {messages, strings.Replace(catalogJSON("ar", sound()["ar"]), `"argNum":2`, `"argNum":1`, 1), `ar/messages.gotext.json:7: "word.range" gives {Min} the number 1`},
		"placeholder expr":  {messages, strings.Replace(catalogJSON("ar", sound()["ar"]), `"expr":"Name"`, `"expr":"Nmae"`, 1), `ar/messages.gotext.json:8: "word.to" names {Name} "Nmae" in expr`},
		"tag":               {language, `{"tag": "en", "name": "ع", "english": "A", "direction": "rtl", "script": "Arab", "review": "draft"}`, `ar/language.json:1: the tag is "en" in the folder "ar"`},
		"direction":         {language, "{\"tag\": \"ar\", \"name\": \"ع\", \"english\": \"A\",\n\"direction\": \"ltr\", \"script\": \"Arab\", \"review\": \"draft\"}", "ar/language.json:2: the script Arab does not run ltr"},
		"tag and script":    {"ku/language.json", `{"tag": "ku", "name": "ک", "english": "K", "direction": "rtl", "script": "Arab", "review": "draft"}`, `ku/language.json:1: the tag "ku" does not tell that it runs rtl`},
		"no direction":      {language, `{"tag": "ar", "name": "ع", "english": "A", "script": "Arab", "review": "draft"}`, `ar/language.json:1: the direction is ""`},
		"script":            {language, `{"tag": "ar", "name": "ع", "english": "A", "direction": "rtl", "script": "Arabic", "review": "draft"}`, `ar/language.json:1: the script is "Arabic"`},
		"review":            {language, `{"tag": "ar", "name": "ع", "english": "A", "direction": "rtl", "script": "Arab", "review": "done"}`, `ar/language.json:1: the review is "done"`},
		"source":            {language, `{"tag": "ar", "name": "ع", "english": "A", "direction": "rtl", "script": "Arab", "review": "source"}`, `ar/language.json:1: the review is "source", which only en is`},
		"no name":           {language, `{"tag": "ar", "name": " ", "english": "A", "direction": "rtl", "script": "Arab", "review": "draft"}`, `ar/language.json:1: the language has no name`},
		"field in language": {language, `{"tag": "ar", "nmae": "ع"}`, `ar/language.json:1: not a language`},
		"plural":            {language, `{"tag": "ar", "name": "ع", "english": "A", "direction": "rtl", "script": "Arab", "review": "draft", "plural": "not a tag"}`, `ar/language.json: "not a tag" is not a language tag`},
	} {
		t.Run(name, func(t *testing.T) {
			files := sound().fs(t)
			if strings.HasPrefix(c.file, "ku/") {
				files["ku/messages.gotext.json"] = &fstest.MapFile{Data: []byte(catalogJSON("ku", sound()["en"]))}
			}
			files[c.file] = &fstest.MapFile{Data: []byte(c.content)}
			refused(t, c.want, files)
		})
	}
	for _, file := range []string{messages, language} {
		files := sound().fs(t)
		delete(files, file)
		refused(t, file+": is missing", files)
	}
	// A language of which x/text knows no plural rule must say what holds.
	files := sound().fs(t)
	files["kr/language.json"] = &fstest.MapFile{Data: []byte(`{"tag": "kr", "name": "K", "english": "K", "direction": "ltr", "script": "Latn", "review": "draft"}`)}
	files["kr/messages.gotext.json"] = &fstest.MapFile{Data: []byte(catalogJSON("kr", sound()["en"]))}
	refused(t, `kr/language.json: no plural rule is known for "kr"`, files)
}

func TestLoadNamesEveryProblem(t *testing.T) {
	s := sound()
	delete(s["ar"], "word.to")
	s["ar"]["start.hello"] = "\u202eمرحبا"
	s["en"]["word.hide"] = " "
	_, err := Load(s.fs(t))
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 3 {
		t.Fatalf("want three problems, got %v", err)
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 3 || lines[0] != `reading catalogs: ar/messages.gotext.json: "word.to" is missing (translate it; the English text is in en/messages.gotext.json, line 8)` {
		t.Errorf("it says %v", err)
	}
}

// A mission's own words win key by key, under the same checks, and its mistakes carry the name of its folder.
func TestOverlay(t *testing.T) {
	own := func(lang, key, text string) Named {
		return Named{"words", fstest.MapFS{lang + "/messages.gotext.json": {Data: []byte(catalogJSON(lang, map[string]string{key: text}))}}}
	}
	b := mustLoad(t, sound().fs(t), own("ar", "start.hello", "أهلا."), own("ar", "word.to", "لـ {Name}"))
	for key, want := range map[string]string{"start.hello": "أهلا.", "word.to": "لـ \u2068أ\u2069", "word.back": "رجوع"} {
		if got, err := b.Text("ar", key, Args{"Name": "أ"}); err != nil || got != want {
			t.Errorf("%s: %q, %v", key, got, err)
		}
	}
	if got, _ := b.Text("en", "start.hello", nil); got != "Hello." {
		t.Errorf("the English text became %q", got)
	}
	// Placeholders may be left out, and come from the text that is replaced.
	short := fstest.MapFS{"en/messages.gotext.json": {Data: []byte(`{"language": "en", "messages": [{"id": "word.to", "translation": "For {Name}"}]}`)}}
	if got, err := mustLoad(t, sound().fs(t), short).Text("en", "word.to", Args{"Name": "x"}); err != nil || got != "For x" {
		t.Errorf("%q, %v", got, err)
	}
	refused(t, `words/ar/messages.gotext.json:2: "word.to" has lost {Name}`, sound().fs(t), Named{"words", fstest.MapFS{"ar/messages.gotext.json": {Data: []byte("{\"language\": \"ar\", \"messages\": [\n{\"id\": \"word.to\", \"translation\": \"x\"}]}")}}})
	refused(t, `words/ar/messages.gotext.json:2: "word.nothing" is not a key of the base language`, sound().fs(t), own("ar", "word.nothing", "x"))
	refused(t, `words/ar/messages.gotext.json: "extra.key" is missing`, sound().fs(t), own("en", "extra.key", "x"))
	refused(t, `words/arr/language.json: is missing, and arr is not shipped (did you mean the folder ar?)`, sound().fs(t), own("arr", "start.hello", "x"))
	refused(t, `words/ar/messages.gotext.json:2: "word.bakc" is not a key of the base language (did you mean word.back?)`, sound().fs(t), own("ar", "word.bakc", "x"))
	refused(t, `words/ar/messages.gotext.json:2: "word.back" and "word.hide" can be typed with the same word`, sound().fs(t), own("ar", "word.back", "إخفاء"))
	if file, line := b.Where("ar", "word.to"); file != "words/ar/messages.gotext.json" || line != 2 {
		t.Errorf("word.to stands in %s:%d", file, line)
	}
	if file, _ := b.Where("ar", "word.back"); file != "ar/messages.gotext.json" {
		t.Errorf("word.back stands in %s", file)
	}
	if keys, instead := b.Own("ar"); len(keys) != 2 || keys[0] != "start.hello" || !instead["word.to"] {
		t.Errorf("own: %v %v", keys, instead)
	}
	refused(t, `words/ar/messages.gotext.json: is missing (put the texts`, sound().fs(t), Named{"words", fstest.MapFS{"ar/messages.json": {Data: []byte("{}")}}})
	refused(t, `words/en/messages.gotext.json:2: "word.to" has lost {Name}`, sound().fs(t), Named{"words", fstest.MapFS{"en/messages.gotext.json": {Data: []byte("{\"language\": \"en\", \"messages\": [\n{\"id\": \"word.to\", \"translation\": \"x\"}]}")}}})
	refused(t, `words/en/messages.gotext.json:2: "start.hello" holds the unknown {Name}`, sound().fs(t), own("en", "start.hello", "Hello {Name}."))
	refused(t, `words/so/language.json: is missing`, sound().fs(t), own("so", "start.hello", "x"))
	refused(t, `nowhere/.: cannot be read`, sound().fs(t), Named{"nowhere", fstest.MapFS{".": {Data: []byte("not a folder")}}})
}

// A flow of the mission's own brings keys that the shipped catalogs do not know. They are asked of the languages on offer.
func TestOwnKeys(t *testing.T) {
	own := func(lang string, texts map[string]string) Named {
		return Named{"words", fstest.MapFS{lang + "/messages.gotext.json": {Data: []byte(catalogJSON(lang, texts))}}}
	}
	en := own("en", map[string]string{"food.ask": "Is there food?", "food.count": "{Count} days."})
	ar := own("ar", map[string]string{"food.ask": "هل يوجد طعام؟", "food.count": "{Count} أيام."})
	b, err := Loading{Only: []string{"en"}}.Load(sound().fs(t), en)
	if err != nil || !b.Has("en", "food.ask") || b.Has("ar", "food.ask") || !b.Has("ar", "word.back") {
		t.Errorf("English alone: %v, %v", b, err)
	}
	if keys, instead := b.Own("en"); len(keys) != 2 || instead["food.ask"] {
		t.Errorf("own: %v %v", keys, instead)
	}
	if b, err = (Loading{Only: []string{"en", "ar"}}).Load(sound().fs(t), en, ar); err != nil || len(b.Languages()) != 2 {
		t.Errorf("both: %v, %v", b, err)
	}
	for want, layers := range map[string][]fs.FS{
		`words/ar/messages.gotext.json: "food.ask" is missing`: {sound().fs(t), en},
		`words/ar/messages.gotext.json:3: "food.count" has lost {Count}`: {sound().fs(t), en,
			own("ar", map[string]string{"food.ask": "x", "food.count": plurals("Count", "zero", "x", "one", "x", "two", "x", "few", "x", "many", "x", "other", "x")})},
		`words/ar/messages.gotext.json:2: "food.ask" is not a key of the base language`: {sound().fs(t), ar},
	} {
		_, err := Loading{Only: []string{"ar"}}.Load(layers...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s\ngot %v", want, err)
		}
	}
	// A language that is not offered may lack them, but what it has is checked.
	_, err = Loading{Only: []string{"en"}}.Load(sound().fs(t), en, own("ar", map[string]string{"food.ask": "x {Nmae}"}))
	if err == nil || !strings.Contains(err.Error(), `words/ar/messages.gotext.json:2: "food.ask" holds the unknown {Nmae}`) {
		t.Errorf("not offered: %v", err)
	}
}

// While an author tries a flow, a text that is not written yet is its key.
func TestTried(t *testing.T) {
	ar := fstest.MapFS{"ar/messages.gotext.json": {Data: []byte(catalogJSON("ar", map[string]string{"food.count": "{Count} أيام."}))}}
	b, err := Loading{Tried: []string{"food.ask", "food.count", "word.back"}}.Load(sound().fs(t), ar)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"en food.ask": "[food.ask]", "ar food.ask": "[food.ask]", "en food.count": "[food.count]",
		"ar food.count": "\u20683\u2069 أيام.", "en word.back": "Back"} {
		lang, key, _ := strings.Cut(key, " ")
		if got, err := b.Text(lang, key, Args{"Count": "3"}); err != nil || got != want {
			t.Errorf("%s in %s: %q, %v", key, lang, got, err)
		}
	}
	if keys, _ := b.Own("en"); len(keys) != 0 {
		t.Errorf("what stands for a text is nobody's: %v", keys)
	}
}

func TestStale(t *testing.T) {
	s := sound()
	files := s.fs(t)
	files["ar/messages.gotext.json"] = &fstest.MapFile{Data: []byte(strings.NewReplacer(
		`{"id":"start.hello",`, `{"id":"start.hello","message":"Hi.",`, `{"id":"word.back",`, `{"id":"word.back","message":"Back",`).Replace(catalogJSON("ar", s["ar"])))}
	stale := mustLoad(t, files).Stale()
	if len(stale) != 1 || !strings.HasPrefix(stale[0].String(), `ar/messages.gotext.json:2: the English of "start.hello" has changed`) {
		t.Errorf("stale: %v", stale)
	}
}

// A mission that changes an English sentence is told what its other languages still say, and nothing about the rest.
func TestStaleByAMission(t *testing.T) {
	files := sound().fs(t)
	files["ar/messages.gotext.json"] = &fstest.MapFile{Data: []byte(strings.Replace(catalogJSON("ar", sound()["ar"]), `{"id":"start.hello",`, `{"id":"start.hello","message":"Hello.",`, 1))}
	own := Named{"own", fstest.MapFS{"en/messages.gotext.json": {Data: []byte(catalogJSON("en", map[string]string{"start.hello": "Good day."}))}}}
	both := Named{"more", fstest.MapFS{"ar/messages.gotext.json": {Data: []byte(catalogJSON("ar", map[string]string{"start.hello": "نهارك سعيد."}))}}}
	for _, c := range []struct {
		only   []string
		layers []fs.FS
		want   string
	}{
		{nil, []fs.FS{files}, ""},
		{nil, []fs.FS{files, own}, `own/en/messages.gotext.json:2: "start.hello" says something else here, and in ar what is shipped (put it into the folder ar too, beside this one, or leave it if both mean the same)`},
		{[]string{"en"}, []fs.FS{files, own}, ""},
		{nil, []fs.FS{files, own, both}, ""},
	} {
		b, err := Loading{Only: c.only}.Load(c.layers...)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range b.Stale() {
			got += p.String()
		}
		if got != c.want {
			t.Errorf("%v in %d layers: %s", c.only, len(c.layers), got)
		}
	}
}

func TestBook(t *testing.T) {
	b := mustLoad(t, sound().fs(t))
	langs := b.Languages()
	if len(langs) != 2 || langs[0].Tag != "en" || langs[1].Tag != "ar" || langs[1].Name != "العربية" || !langs[1].RTL() || !langs[1].Draft() || langs[0].Draft() || !langs[0].Source() || langs[1].Source() {
		t.Errorf("languages: %+v", langs)
	}
	if !b.Has("ar", "word.to") || b.Has("ar", "word.nothing") || b.Has("xx", "word.to") {
		t.Error("Has")
	}
	if got := strings.Join(b.Placeholders("ar", "word.range"), " "); got != "Max Min" {
		t.Errorf("placeholders: %s", got)
	}
	if keys := b.Keys(); len(keys) != 7 || keys[0] != "start.hello" {
		t.Errorf("keys: %v", keys)
	}
	if l, ok := b.Language("ar"); !ok || l.English != "Arabic" {
		t.Error("Language")
	}
	if _, ok := b.Language("xx"); ok {
		t.Error("Language of an unknown tag")
	}
	text, places, ok := b.Sources().Text("ar", "word.partial")
	if !ok || text != "{Count} رسالة." || len(places) != 1 {
		t.Errorf("source: %q %v", text, places)
	}
	if got := strings.Join(b.Sources().Languages(), " "); got != "en ar" {
		t.Errorf("tags: %s", got)
	}
	if _, _, ok := b.Sources().Text("ar", "nothing"); ok {
		t.Error("a source for an unknown key")
	}
}

// A catalog is written by people and platforms: whatever is in it, Load says what is wrong or says it right.
func FuzzLoad(f *testing.F) {
	f.Add(catalogJSON("ar", sound()["ar"]))
	f.Add(`{"language":"ar","messages":[{"id":"word.back","translation":{"select":{"feature":"plural","arg":"Count","cases":{"=0":null,"one":{"msg":"{"}}}}}]}`)
	f.Add(`{"language":"ar","messages":[null,7,{},{"id":["a"]}]}`)
	files := sound().fs(f)
	f.Fuzz(func(t *testing.T, content string) {
		b, err := Load(files, fstest.MapFS{"ar/messages.gotext.json": {Data: []byte(content)}})
		if err != nil {
			return
		}
		for _, key := range b.Keys() {
			for _, n := range []string{"0", "1", "2", "3", "11", "100"} {
				got, err := b.Text("ar", key, Args{"Count": n, "Min": n, "Max": n, "Name": n})
				if err != nil || strings.TrimSpace(got) == "" || !utf8.ValidString(got) {
					t.Fatalf("%s with %s: %q, %v", key, n, got, err)
				}
			}
		}
	})
}
