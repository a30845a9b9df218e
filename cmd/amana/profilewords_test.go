package main

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// A language may have its words in a file of its own: the profile then says everything in it, and so does its directory.
func TestWordsOfAPlaceInAFile(t *testing.T) {
	src, err := os.ReadFile("../../flows/profiles/iraq.yaml")
	if err != nil {
		t.Fatal(err)
	}
	data := []byte(strings.Replace(string(src), "languages: [ar, ", "languages: [pga, ar, ", 1))
	if string(data) == string(src) {
		t.Fatal("the profile does not begin as this test expects")
	}
	sorani, err := os.ReadFile("../../flows/profiles/iraq/words/ckb.yaml")
	if err != nil {
		t.Fatal(err)
	}
	beside := func(file, words string) fstest.MapFS {
		return fstest.MapFS{"ckb.yaml": {Data: sorani}, file: {Data: []byte(words)}}
	}
	shipped := fstest.MapFS{"ckb.yaml": {Data: sorani}}
	_, err = parseProfile("iraq.yaml", data, shipped, "iraq/words")
	if err == nil || !strings.Contains(err.Error(), "has no text in pga; every language of the profile needs one: add pga: \"…\", or a line in iraq/words/pga.yaml") {
		t.Fatalf("without words: %v", err)
	}
	words := []string{"language: pga", "words:"}
	p, err := parseProfile("iraq.yaml", src, shipped, "iraq/words")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, in := range p.said() {
		if !seen[in["en"]] {
			seen[in["en"]] = true
			words = append(words, "  "+quoted(in["en"])+": "+quoted("pga "+in["en"]))
		}
	}
	if p, err = parseProfile("iraq.yaml", data, beside("pga.yaml", strings.Join(words, "\n")+"\n"), "iraq/words"); err != nil {
		t.Fatal(err)
	}
	if got, _ := p.label("pga", "areas", p.Areas[0].Name); got != "pga "+p.Areas[0].Label["en"] {
		t.Errorf("an area is called %q", got)
	}
	for name, c := range map[string]struct{ file, data, want string }{
		"a language that is not the profile's": {"uk.yaml", "language: uk\nwords: {a: b}\n", `iraq/words/uk.yaml:1: there are words in "uk"`},
		"another name":                         {"pga.yaml", "language: uk\nwords: {a: b}\n", `iraq/words/pga.yaml:1: the language is "uk"`},
		"no YAML":                              {"pga.yaml", "language: [\n", "iraq/words/pga.yaml:"},
		"a slip":                               {"pga.yaml", "language: pga\nword: {a: b}\n", "iraq/words/pga.yaml:2"},
	} {
		if _, err := parseProfile("iraq.yaml", data, beside(c.file, c.data), "iraq/words"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func quoted(s string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), `"`, `\"`) + `"`
}
