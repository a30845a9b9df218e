package speech

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// shelf writes catalogs for tests: tag to key to text. A text that begins with "{" and a quote is the JSON of a selection;
// placeholders are declared as they occur, {Count}, {Max} and {Min} as numbers.
type shelf map[string]map[string]string

var about = map[string]Language{
	"en":          {Name: "English", English: "English", Direction: "ltr", Script: "Latn", Review: "source"},
	"ar":          {Name: "العربية", English: "Arabic", Direction: "rtl", Script: "Arab", Review: "draft"},
	"bn":          {Name: "বাংলা", English: "Bangla", Direction: "ltr", Script: "Beng", Review: "peer"},
	"my":          {Name: "မြန်မာဘာသာ", English: "Burmese", Direction: "ltr", Script: "Mymr", Review: "peer", Plural: "other"},
	"uk":          {Name: "Українська", English: "Ukrainian", Direction: "ltr", Script: "Cyrl", Review: "peer"},
	"es":          {Name: "Español", English: "Spanish", Direction: "ltr", Script: "Latn", Review: "peer"},
	"ha":          {Name: "Hausa", English: "Hausa", Direction: "ltr", Script: "Latn", Review: "peer"},
	"am":          {Name: "አማርኛ", English: "Amharic", Direction: "ltr", Script: "Ethi", Review: "peer"},
	"kr":          {Name: "Kanuri", English: "Kanuri", Direction: "ltr", Script: "Latn", Review: "draft", Plural: "other"},
	"rhg-Latn":    {Name: "Ruáingga", English: "Rohingya", Direction: "ltr", Script: "Latn", Review: "draft", Plural: "bn"},
	"ckb":         {Name: "کوردی (سۆرانی)", English: "Kurdish (Sorani)", Direction: "rtl", Script: "Arab", Review: "peer"},
	"kmr-Arab-IQ": {Name: "کوردی (بادینی)", English: "Kurdish (Badini)", Direction: "rtl", Script: "Arab", Review: "draft", Plural: "ku"},
}

func (s shelf) fs(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for tag, texts := range s {
		l := about[tag]
		l.Tag = tag
		content, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		files[tag+"/language.json"] = &fstest.MapFile{Data: content}
		files[tag+"/messages.gotext.json"] = &fstest.MapFile{Data: []byte(catalogJSON(tag, texts))}
	}
	return files
}

// catalogJSON writes one message a line, the first in line 2, sorted by key.
func catalogJSON(tag string, texts map[string]string) string {
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		lines = append(lines, messageJSON(key, texts[key]))
	}
	return fmt.Sprintf("{\"language\": %q, \"messages\": [\n%s\n]}\n", tag, strings.Join(lines, ",\n"))
}

func messageJSON(key, text string) string {
	translation := text
	if !strings.HasPrefix(text, `{"`) {
		quoted, _ := json.Marshal(text)
		translation = string(quoted)
	}
	var places []string
	for _, name := range []string{"Count", "Max", "Min", "Name", "Receipt"} {
		if !strings.Contains(text, "{"+name+"}") && !strings.Contains(text, `"arg":"`+name) {
			continue
		}
		kind, verb := "int", "d"
		if name == "Name" || name == "Receipt" {
			kind, verb = "string", "s"
		}
		n := len(places) + 1
		places = append(places, fmt.Sprintf(`{"id":%q,"string":"%%[%d]%s","type":%q,"underlyingType":%q,"argNum":%d,"expr":%q}`, name, n, verb, kind, kind, n, name))
	}
	return fmt.Sprintf(`{"id":%q,"translation":%s,"placeholders":[%s]}`, key, translation, strings.Join(places, ","))
}

// plurals writes the JSON of a text with cases, given in pairs.
func plurals(arg string, pairs ...string) string {
	cases := map[string]map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		cases[pairs[i]] = map[string]string{"msg": pairs[i+1]}
	}
	inner, _ := json.Marshal(cases)
	return fmt.Sprintf(`{"select":{"feature":"plural","arg":%q,"cases":%s}}`, arg, inner)
}

func mustLoad(t testing.TB, layers ...fs.FS) *Book {
	t.Helper()
	b, err := Load(layers...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
