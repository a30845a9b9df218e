package flows_test

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"amana/flows"
)

// placeWords gives what a place is called in the languages that have a file of their own for it.
func placeWords(t *testing.T, profile string) map[string]map[string]string {
	t.Helper()
	files, err := fs.Glob(flows.FS, path.Join("profiles", profile, "words", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for _, file := range files {
		src, err := fs.ReadFile(flows.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		dec := yaml.NewDecoder(bytes.NewReader(src))
		dec.KnownFields(true)
		var w struct {
			Language string
			Words    map[string]string
		}
		if err := dec.Decode(&w); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out[w.Language] = w.Words
	}
	return out
}

// labels gives all texts of a profile, in its languages.
func (p profile) labels() (out []label) {
	for _, items := range [][]item{p.Areas, p.Organisations, p.Roles} {
		for _, i := range items {
			out = append(out, i.Label)
		}
	}
	for _, l := range p.Lines {
		out = append(out, l.Label, l.Hours, l.Note)
	}
	for _, r := range p.Remedies {
		out = append(out, r.Label, r.Needed, r.Until)
	}
	for _, k := range p.Kinds {
		out = append(out, k.Label)
	}
	return slices.DeleteFunc(out, func(l label) bool { return l == nil })
}

// fill puts the words of the files beside those of the profile, and holds the files to it: nothing in them names what is not
// there, and nothing that the sheets say is left without words.
func (p profile) fill(t *testing.T) {
	t.Helper()
	files := placeWords(t, p.Profile)
	known := map[string]bool{}
	for _, l := range p.labels() {
		known[l["en"]] = true
		for tag, words := range files {
			if l[tag] == "" && words[l["en"]] != "" {
				l[tag] = words[l["en"]]
			}
		}
	}
	written := map[string]bool{}
	for _, sheet := range flows.Example(p.Profile) {
		src, err := fs.ReadFile(flows.FS, sheet)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(src)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for col, head := range rows[0] {
			for _, row := range rows[1:] {
				if strings.HasSuffix(head, "(en)") && row[col] != "" {
					known[row[col]], written[row[col]] = true, true
				}
			}
		}
	}
	for tag, words := range files {
		for text := range words {
			if !known[text] {
				t.Errorf("words/%s.yaml: %q is said nowhere in the place", tag, text)
			}
		}
		for text := range written {
			if words[text] == "" {
				t.Errorf("words/%s.yaml: the sheets say %q, and it has no words", tag, text)
			}
		}
	}
}
