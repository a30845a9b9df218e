package speech

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Named gives a layer a name that stands before its files in problems.
type Named struct {
	Name string
	fs.FS
}

// draft is a language as the layers give it, before it is checked against the base language.
type draft struct {
	lang    Language
	file    string // of language.json
	catalog string // of messages.gotext.json in the first layer that has it
	entries map[string]*entry
	asleep  bool // only its description was read
	danger  []safeWord
	audio   map[string]recording
}

// readLayers reads all files and lays the entries over each other. Of a language that sleeps it reads what it is called;
// where folders are named, it reads no others.
func readLayers(layers []fs.FS, sleeps func(folder string) bool, only ...string) (map[string]*draft, Problems) {
	drafts := map[string]*draft{}
	var problems Problems
	for i, layer := range layers {
		name := ""
		if n, ok := layer.(Named); ok {
			name = strings.TrimSuffix(n.Name, "/") + "/"
		}
		folders, err := fs.ReadDir(layer, ".")
		if err != nil {
			problems = append(problems, Problem{name + ".", 0, "cannot be read: " + why(err), "give a folder with one folder a language"})
			continue
		}
		for _, folder := range folders {
			if !folder.IsDir() || strings.HasPrefix(folder.Name(), ".") {
				continue
			}
			if len(only) > 0 && !slices.Contains(only, folder.Name()) {
				continue
			}
			problems = append(problems, readFolder(drafts, layer, name, folder.Name(), i == 0, sleeps != nil && sleeps(folder.Name()))...)
		}
	}
	return drafts, problems
}

// readFolder reads one language of one layer.
func readFolder(drafts map[string]*draft, layer fs.FS, name, folder string, first, asleep bool) Problems {
	about, messages, safe := folder+"/language.json", folder+"/messages.gotext.json", folder+"/safewords.txt"
	hasAbout, hasMessages, hasSafe := exists(layer, about), exists(layer, messages), exists(layer, safe)
	hasAudio := exists(layer, folder+"/audio")
	d := drafts[folder]
	switch {
	case d == nil && !first && !hasAbout:
		remedy := "a language that is not shipped needs language.json and every message"
		if near, ok := nearestOf(folder, sortedKeys(drafts)); ok {
			remedy = "did you mean the folder " + near + "?"
		}
		return Problems{{name + about, 0, "is missing, and " + folder + " is not shipped", remedy}}
	case d == nil && !hasAbout:
		return Problems{{name + about, 0, "is missing", "each language has language.json and messages.gotext.json"}}
	case d == nil && !hasMessages:
		return Problems{{name + messages, 0, "is missing", "each language has language.json and messages.gotext.json"}}
	case d == nil:
		d = &draft{file: name + about, catalog: name + messages, entries: map[string]*entry{}}
		drafts[folder] = d
	}
	if !first && !hasAbout && !hasMessages && !hasSafe && !hasAudio {
		return Problems{{name + messages, 0, "is missing", "put the texts that differ there, or take the folder away"}}
	}
	var problems Problems
	if hasAbout {
		lang, found := readLanguage(layer, about, name+about, folder)
		problems = append(problems, found...)
		d.lang, d.file = lang, name+about
	}
	if d.asleep = asleep && !d.lang.Begun(); d.asleep {
		return problems
	}
	if hasSafe {
		words, found := readSafeWords(layer, safe, name+safe, folder)
		problems = append(append(problems, found...), idle(words, d.danger, name+safe)...)
		d.danger = append(d.danger, words...)
	}
	if hasAudio {
		problems = append(problems, readAudio(d, layer, folder+"/audio", name+folder+"/audio")...)
	}
	if !hasMessages {
		return problems
	}
	file, found := readCatalog(layer, messages, name+messages)
	problems = append(problems, found...)
	if len(found) == 0 && file.Language != folder {
		problems = append(problems, Problem{name + messages, 1, fmt.Sprintf("the language is %q in the folder %q", file.Language, folder), "make them the same"})
	}
	here := map[string]int{}
	for i := range file.Messages {
		e := &file.Messages[i]
		if line, twice := here[e.ID]; twice {
			problems = append(problems, Problem{e.file, e.line, fmt.Sprintf("%q stands twice, first in line %d", e.ID, line), "keep one of them"})
			continue
		}
		here[e.ID] = e.line
		before := d.entries[e.ID]
		if before != nil && !first && len(e.Placeholders) == 0 {
			e.Placeholders = before.Placeholders
		}
		e.before, e.later, e.instead = before, !first, before != nil && (!before.later || before.instead)
		d.entries[e.ID] = e
	}
	return problems
}

func exists(layer fs.FS, path string) bool {
	_, err := fs.Stat(layer, path)
	return err == nil
}
