package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"amana/bot/directory"
	"amana/bot/sheet"
	"amana/flows"
)

// The words of a place stand in its profile, beside the thing that they name. Where a place has many languages they may also
// stand in a file for each language in the folder of the profile, PROFILE/words/TAG.yaml, so that somebody can translate
// them who has never seen a profile: the English text, then what it is called. They count for the profile and for what is
// imported under it. What the profile or a sheet says itself goes before.

// placeWords is one such file.
type placeWords struct {
	paper

	Language string            `yaml:"language"`
	Words    map[string]string `yaml:"words"`
}

// wordsLanguage is the language of what is translated there.
const wordsLanguage = "en"

// readPlaceWords reads all files of a folder that may not be there; shown is what it is called in errors.
func readPlaceWords(dir fs.FS, shown string) (out map[string]placeWords, err error) {
	files, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, err
	}
	var bad errConfig
	for _, file := range files {
		data, err := fs.ReadFile(dir, file)
		if err != nil {
			return nil, errConfig{fmt.Sprintf("%s cannot be read: %v", path.Join(shown, file), errors.Unwrap(err))}
		}
		w := placeWords{}
		if w.paper, err = readPaper(path.Join(shown, file), data, &w, "it begins with language: and words:"); err != nil {
			var wrong errConfig
			if !errors.As(err, &wrong) {
				return nil, err
			}
			bad = append(bad, wrong...)
			continue
		}
		tag := strings.TrimSuffix(file, ".yaml")
		if w.Language != tag {
			bad = append(bad, fmt.Sprintf("%s: the language is %q and the file is called %s; make them the same", w.at("language"), w.Language, file))
			continue
		}
		if out == nil {
			out = map[string]placeWords{}
		}
		out[tag] = w
	}
	if len(bad) > 0 {
		return nil, bad
	}
	return out, nil
}

// wordsBeside gives the folder of words that belongs to a profile of somebody's own.
func wordsBeside(file string) (dir fs.FS, shown string) {
	shown = filepath.Join(strings.TrimSuffix(file, filepath.Ext(file)), "words")
	return os.DirFS(shown), shown
}

// wordsShipped gives that of a shipped one.
func wordsShipped(name string) (dir fs.FS, shown string) {
	shown = path.Join("profiles", name, "words")
	dir, err := fs.Sub(flows.FS, shown)
	if err != nil { // a name that cannot be looked for
		dir = flows.FS
	}
	return dir, "flows/" + shown
}

// fillWords puts the words of the files where the profile itself has none.
func (p *profile) fillWords(all map[string]placeWords) (bad errConfig) {
	for tag, w := range all {
		if !slices.Contains(p.Languages, tag) {
			bad = append(bad, fmt.Sprintf("%s: there are words in %q, which is no language of the profile; %s", w.at("language"), tag, sheet.Known(tag, p.Languages)))
			continue
		}
		for _, in := range p.said() {
			if text := w.Words[in[wordsLanguage]]; in[tag] == "" && text != "" {
				in[tag] = text
			}
		}
	}
	slices.Sort(bad)
	p.words = all
	return bad
}

// said gives every text of the profile that people read, in its languages.
func (p *profile) said() (out []map[string]string) {
	add := func(texts ...map[string]string) {
		for _, t := range texts {
			if t != nil {
				out = append(out, t)
			}
		}
	}
	for _, items := range [][]item{p.Areas, p.Organisations, p.Roles} {
		for _, i := range items {
			add(i.Label)
		}
	}
	for _, l := range p.Lines {
		add(l.Label, l.Hours, l.Note)
	}
	for _, r := range p.Remedies {
		add(r.Label, r.Needed, r.Until)
	}
	for _, k := range p.Kinds {
		add(k.Label)
	}
	return out
}

// fillDirectory gives what was imported its words in the languages of the files, and counts them.
func (p *profile) fillDirectory(d *directory.Directory) (added int) {
	for tag, w := range p.words {
		added += d.Fill(wordsLanguage, tag, w.Words)
	}
	return added
}
