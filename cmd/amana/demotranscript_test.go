package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the transcripts of flows/testdata anew")

const transcripts = "../../flows/testdata"

// storyFile is one branch of one flow, as far as a hand writes it, or one place.
type storyFile struct {
	story   string
	profile string // the place where it happens
	script  []string
	never   []string
}

// TestTranscripts walks every script of flows/testdata in every language and compares whole conversations. A file that
// is missing fails, and so does one that nothing belongs to: with -update they are written, and one looks at the diff.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	p, err := readProfile(&config{path: "demo", Profile: exampleProfile})
	if err != nil {
		t.Fatal(err)
	}
	langs := p.Languages[:min(walkedLanguages, len(p.Languages))] // the invented place speaks every language that is complete
	stories := readStories(t, p.Languages, langs)
	if len(stories) == 0 {
		t.Fatalf("there is no transcript under %s", transcripts)
	}
	cover := &coverage{said: map[string]*strings.Builder{}, chosen: map[string]bool{}}
	all := 0 // that happen in the example, which must show everything
	t.Run("each", func(t *testing.T) {
		for n, name := range slices.Sorted(maps.Keys(stories)) {
			if n%walkedOfStories != 0 {
				continue
			}
			s := stories[name]
			spoken := placeLanguages(t, s.profile, langs)
			if s.profile == exampleProfile {
				all += len(spoken)
			}
			for _, lang := range spoken {
				t.Run(name+"."+lang, func(t *testing.T) {
					t.Parallel()
					got := walkStory(t, s, lang)
					if s.profile == exampleProfile {
						cover.add(lang, got)
					}
					compare(t, filepath.Join(transcripts, name+"."+lang+".txtar"), got.String())
				})
			}
		}
	})
	if walkedOfStories == 1 && cover.walked == all { // not when a part was asked for with -run
		cover.check(t, langs)
	}
}

// readStories finds the branches and the places. Each language has a file with the same script; the first language's one
// leads. Every shipped place but the example has a story, in the languages of its profile. Only the files of languages that
// are walked are looked into.
func readStories(t *testing.T, langs, walked []string) map[string]storyFile {
	t.Helper()
	out := map[string]storyFile{}
	files, err := filepath.Glob(transcripts + "/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name, _ := strings.CutPrefix(filepath.ToSlash(strings.TrimSuffix(file, ".txtar")), transcripts+"/")
		branch, lang, _ := strings.Cut(name, ".")
		if !slices.Contains(langs, lang) {
			t.Errorf("%s: the name of a transcript is FLOW/BRANCH.LANGUAGE.txtar, with a language of %v", file, langs)
			continue
		}
		if !slices.Contains(walked, lang) {
			continue
		}
		s := readStory(t, file)
		if place, is := strings.CutPrefix(branch, "places/"); is {
			s.profile = place
		}
		if !slices.Contains(shippedProfiles(), s.profile) {
			t.Errorf("%s: the name of a transcript of a place is places/PROFILE.LANGUAGE.txtar, with a profile of %v", file, shippedProfiles())
			continue
		}
		if !slices.Contains(placeLanguages(t, s.profile, langs), lang) {
			t.Errorf("%s: the profile does not speak this language", file)
			continue
		}
		if first, seen := out[branch]; seen && !*update && !reflect.DeepEqual(first, s) {
			t.Errorf("%s tells another story than its sister in another language; change %s.%s.txtar and run with -update", file, branch, langs[0])
		}
		if _, seen := out[branch]; !seen || lang == langs[0] {
			out[branch] = s
		}
	}
	for _, name := range shippedProfiles() {
		if _, walked := out["places/"+name]; !walked && name != exampleProfile {
			t.Errorf("%s/places/%s.%s.txtar is missing: what happens there is told by no transcript", transcripts, name, langs[0])
		}
	}
	for branch, s := range out {
		for _, lang := range placeLanguages(t, s.profile, walked) {
			file := filepath.Join(transcripts, branch+"."+lang+".txtar")
			if _, err := os.Stat(file); err != nil && !*update {
				t.Errorf("%s is missing; go test ./cmd/amana -run Transcripts -update writes it", file)
			}
		}
	}
	return out
}

// placeLanguages gives those of the languages in which a story of a place is told that are its own.
func placeLanguages(t *testing.T, profile string, langs []string) []string {
	t.Helper()
	p, err := readProfile(&config{path: "demo", Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Clone(langs), func(l string) bool { return !slices.Contains(p.Languages, l) })
}

func readStory(t *testing.T, file string) storyFile {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string][]string{}
	for _, f := range a.Files {
		sections[f.Name] = strings.FieldsFunc(string(f.Data), func(r rune) bool { return r == '\n' })
	}
	s := storyFile{story: strings.TrimSpace(string(a.Comment)), profile: exampleProfile, script: sections["script"], never: sections["never"]}
	if s.story == "" || strings.Contains(s.story, "\n") {
		t.Errorf("%s: begin with the story in one line", file)
	}
	for name := range sections {
		if !slices.Contains([]string{"script", "chat", "report", "notice", "never"}, name) {
			t.Errorf("%s: there is no section %q", file, name)
		}
	}
	if len(s.script) == 0 {
		t.Errorf("%s: the script is missing", file)
	}
	return s
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		return // told by readStories
	}
	if string(want) != got {
		diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n"))
		t.Errorf("the conversation changed (-was +is); if that is meant, run with -update and look at the diff:\n%s", diff)
	}
}

// walkStory walks a script in a language, and holds every screen to what must be true of all of them.
func walkStory(t *testing.T, s storyFile, lang string) transcript {
	t.Helper()
	p := newPlayer(t, s.profile, lang, s.script)
	p.story, p.never = s.story, s.never
	p.walk(lang)
	got, err := p.finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.checkNever(got)
	return got
}

// walk plays all lines of a script in a language.
func (p *player) walk(lang string) {
	p.t.Helper()
	for i := 0; i < len(p.lines); i++ {
		line := p.lines[i]
		p.at = fmt.Sprintf("line %d of the script, %q", i+1, line)
		p.script = append(p.script, line)
		for i+1 < len(p.lines) && strings.HasPrefix(p.lines[i+1], " ") {
			i++
			p.script = append(p.script, p.lines[i])
			if tag, words, ok := strings.Cut(strings.TrimSpace(p.lines[i]), ": "); ok && tag == lang {
				head, _, _ := strings.Cut(line, ": ")
				line = head + ": " + words
			}
		}
		if line != "" && !strings.HasPrefix(line, "#") {
			p.play(line)
		}
	}
}
