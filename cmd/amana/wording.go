package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"amana/bot/flow"
	"amana/bot/speech"
)

// wording is what a mission asks and says: the shipped flows and words, and over them the mission's own.
type wording struct {
	book    *speech.Book
	flows   []*flow.Flow    // all of them, the mission's own in the places of those that they replace
	own     []*flow.Flow    // the mission's own
	instead map[string]bool // by name: the mission's own takes the place of a shipped one
	langs   []string        // in which every text must be there
}

// wording reads flows and words of a mission. Without folders of its own these are the shipped ones.
func (c *config) wording(p *profile) (*wording, error) {
	w := &wording{instead: map[string]bool{}}
	var err error
	if w.flows, err = shippedFlows(); err != nil {
		return nil, err
	}
	if c.Flows != "" {
		if w.own, err = ownFlows(c); err != nil {
			return nil, err
		}
		for _, f := range w.own {
			w.put(f)
		}
	}
	if c.trial != "" {
		return w, c.tried(w, p)
	}
	switch {
	case c.Flows != "" || c.Locales != "":
		w.book, err = c.ownWords(speech.Loading{Only: c.languages(p), Awake: c.awake(p)})
	case c.lean:
		w.book, err = c.ownWords(speech.Loading{Awake: c.awake(p)})
	default:
		w.book, err = readWords()
	}
	if err != nil {
		return nil, err
	}
	w.langs = slices.DeleteFunc(tags(w.book), func(tag string) bool {
		return tag != speech.Base && !slices.Contains(c.languages(p), tag)
	})
	return w, nil
}

// awake gives the languages that a program which runs for long holds in memory: those that people are asked in. Whatever
// else the staff may have chosen is read when they write. Empty where all are wanted.
func (c *config) awake(p *profile) []string {
	if !c.lean {
		return nil
	}
	awake := []string{speech.Base}
	names, err := speech.Loading{Awake: awake}.Load(shippedWords)
	if err != nil {
		return nil // told by whoever reads the words
	}
	if asked, err := offered(c, p, names); err == nil {
		awake = append(awake, asked...)
	}
	return awake
}

// put adds a flow of the mission's own, or puts it into the place of the shipped one of its name.
func (w *wording) put(f *flow.Flow) {
	i := slices.IndexFunc(w.flows, func(other *flow.Flow) bool { return other.Name == f.Name })
	if i < 0 {
		w.flows = append(w.flows, f)
		return
	}
	w.flows[i], w.instead[f.Name] = f, true
}

// set puts the flows together with the lists of the place. Its error also tells which flows of the profile there are not.
func (w *wording) set(p *profile) (*flow.Set, error) {
	if bad := p.flowProblems(w.flows); len(bad) > 0 {
		return nil, bad
	}
	// A kind that one of the needs stands for is not asked for a second time under its name.
	set, err := flow.NewSet(w.flows, p.lists(nil), p.off(w.flows)...)
	if err == nil {
		set, err = flow.NewSet(w.flows, p.lists(set.Kinds()), p.off(w.flows)...)
	}
	if err != nil && len(w.own) > 0 {
		return nil, errConfig{err.Error()}
	}
	return set, err
}

// ownFlows reads the folder of flows. A file is called as the flow in it.
func ownFlows(c *config) (out []*flow.Flow, err error) {
	entries, err := os.ReadDir(c.Flows)
	if err != nil {
		return nil, c.noFolder("flows", c.Flows, err)
	}
	var bad errConfig
	for _, e := range entries {
		file := filepath.Join(c.Flows, e.Name())
		switch ext := filepath.Ext(file); {
		case e.IsDir() || strings.HasPrefix(e.Name(), "."):
			continue
		case ext == ".yml":
			bad = append(bad, file+": a flow is read from a file that ends in .yaml; give it that name")
			continue
		case ext != ".yaml":
			continue
		}
		f, err := readFlow(file)
		if err != nil {
			bad = append(bad, err.Error())
			continue
		}
		if want := f.Name + ".yaml"; e.Name() != want {
			bad = append(bad, fmt.Sprintf("%s: the file holds the flow %s; call the file %s, or the flow as the file", file, f.Name, want))
			continue
		}
		out = append(out, f)
	}
	if len(bad) > 0 {
		return nil, bad
	}
	return out, nil
}

// readFlow reads one flow of an author. What is wrong with it is told as an errConfig.
func readFlow(file string) (*flow.Flow, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, errConfig{fmt.Sprintf("%s: the flow cannot be read: %v; name a file that is there", file, errors.Unwrap(err))}
	}
	f, err := flow.Parse(file, data)
	if err != nil {
		return nil, errConfig{err.Error()}
	}
	return f, nil
}

// ownWords reads the shipped catalogs, and over them the folder of the mission's own, if there is one.
func (c *config) ownWords(l speech.Loading) (*speech.Book, error) {
	layers := []fs.FS{shippedWords}
	if c.Locales != "" {
		if _, err := os.ReadDir(c.Locales); err != nil {
			return nil, c.noFolder("locales", c.Locales, err)
		}
		layers = append(layers, speech.Named{Name: c.Locales, FS: os.DirFS(c.Locales)})
	}
	book, err := l.Load(layers...)
	return book, catalogError(err)
}

// catalogError tells what is wrong in catalogs as mistakes of the operator, one a line; other errors stay as they are.
func catalogError(err error) error {
	var problems speech.Problems
	if !errors.As(err, &problems) {
		return err
	}
	var bad errConfig
	for _, p := range problems {
		bad = append(bad, p.String())
	}
	return bad
}

func (c *config) noFolder(setting, dir string, err error) error {
	return errConfig{fmt.Sprintf("%s: %s: the folder %s cannot be read: %v; make it, or take the line out", c.at(setting), setting, dir, cmp.Or(errors.Unwrap(err), err))}
}

// languages are those that the mission wants to offer.
func (c *config) languages(p *profile) []string {
	if len(c.Languages) > 0 {
		return c.Languages
	}
	return p.Languages
}

// checkedWording refuses flows and words of the mission's own in which the checker finds an error: nobody may be led into
// a conversation without a way out. The shipped ones are proved before they are shipped.
func (c *config) checkedWording() error {
	if c.Flows == "" && c.Locales == "" {
		return nil
	}
	var bad errConfig
	for _, f := range checkContent(io.Discard, c) {
		if f.Level == failure {
			bad = append(bad, strings.TrimPrefix(f.Place+": "+f.What+"; "+f.Hint, ": "))
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return append(bad, "nothing is served while this stands; `amana check` shows it with everything else")
}
