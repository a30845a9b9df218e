package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"amana/bot/flow"
	"amana/bot/sheet"
	"amana/bot/speech"
	"amana/bot/translate"
)

// runTranslate is what translators and whoever works with them need: sheets, and how far each language has come.
//
// It works on a folder of catalogs: that of -dir; else that which the configuration names under locales:; else ./locales, as
// in a copy of this project. A folder with English in it, en/language.json, is complete by itself. Any other one is a mission's
// own wording, which lies over the shipped texts and holds only what differs, so that a mission can complete or change a
// language without this project.
func runTranslate(ctx context.Context, c *call) error {
	deeds := map[string]func(context.Context, *call) error{
		"export": runTranslateExport, "import": runTranslateImport, "status": runTranslateStatus, "audio": runTranslateAudio,
	}
	const lines = "  export  write a sheet for translators, CSV or XLSX\n  import  take a sheet back, after every rule was looked at\n  status  show how far each language has come\n  audio   list what remains to be recorded\n"
	if len(c.args) == 0 {
		return usagef("translate: name what to do: export, import, status or audio; `amana translate -h` explains them")
	}
	name := c.args[0]
	if name == "-h" || name == "--help" || name == "-help" {
		fmt.Fprint(c.stderr, "usage: amana translate export|import|status|audio [flags]\n\n", lines, "\n`amana translate export -h` explains one. locales/README.md is for translators.\n")
		return flag.ErrHelp
	}
	run, ok := deeds[name]
	if !ok {
		return usagef("translate: there is no %q; %s", name, sheet.Known(name, []string{"export", "import", "status", "audio"}))
	}
	sub := *c
	sub.args = c.args[1:]
	return run(ctx, &sub)
}

// translating is one run of one of these commands.
type translating struct {
	*call
	path, dir, lang string

	config *config // nil without a mission
	layers []fs.FS // the last one is that of dir, where dir is named
	desk   *speech.Desk
	flows  *flow.Set
	order  []translate.Line
}

// define adds the flags that these commands share.
func (t *translating) define(f *flag.FlagSet, lang string) {
	f.StringVar(&t.path, "config", "", "the configuration of a mission (amana.yaml here, if there is one)")
	f.StringVar(&t.dir, "dir", "", "the folder of catalogs; without it, the one under locales: in the configuration, or ./locales")
	if lang != "" {
		f.StringVar(&t.lang, "lang", "", lang)
	}
}

// open finds the catalogs and the flows.
func (t *translating) open() error {
	if err := t.mission(); err != nil {
		return err
	}
	if t.dir == "" && t.config != nil {
		t.dir = t.config.Locales
	}
	if t.dir == "" && t.config == nil && isWhole("locales") {
		t.dir = "locales"
	}
	if t.dir != "" {
		if _, err := os.ReadDir(t.dir); err != nil {
			return errConfig{fmt.Sprintf("%s: the folder of catalogs cannot be read: %v; make it, or name another one with -dir", t.dir, cmp.Or(errors.Unwrap(err), err))}
		}
	}
	t.layers = t.over(nil)
	var err error
	if t.desk, err = openDesk(t.layers); err != nil {
		return err
	}
	if t.flows, err = t.conversations(); err != nil {
		return err
	}
	lim := flowLimits(&profile{})
	t.order = translate.Order(t.desk, t.flows, translate.Limits{Text: lim.Text, Label: lim.Label})
	return nil
}

// mission reads the configuration, if one was named or lies here.
func (t *translating) mission() (err error) {
	file := t.path
	if file == "" {
		if _, err := os.Stat("amana.yaml"); err != nil {
			return nil
		}
		file = "amana.yaml"
	}
	t.config, err = readConfig(file)
	return err
}

// isWhole says that a folder holds the base language, and so all that the others are compared with.
func isWhole(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, speech.Base, "language.json"))
	return err == nil
}

// over gives the layers of catalogs; patch lies over the files of the last one.
func (t *translating) over(patch map[string][]byte) []fs.FS {
	var layers []fs.FS
	if t.dir == "" || !isWhole(t.dir) {
		layers = append(layers, shippedWords)
	}
	if t.dir != "" {
		layers = append(layers, speech.Named{Name: t.dir, FS: withWritten{os.DirFS(t.dir), patch}})
	}
	return layers
}

func openDesk(layers []fs.FS) (*speech.Desk, error) {
	d, err := speech.OpenDesk(layers...)
	return d, catalogError(err)
}

// conversations puts the shipped flows together with those of the mission, whatever it offers of them. Of the lists of a place
// there is the one whose labels stand in the catalogs: the kinds of help.
func (t *translating) conversations() (*flow.Set, error) {
	w := &wording{instead: map[string]bool{}}
	var err error
	if w.flows, err = shippedFlows(); err != nil {
		return nil, err
	}
	if t.config != nil && t.config.Flows != "" {
		if w.own, err = ownFlows(t.config); err != nil {
			return nil, err
		}
		for _, f := range w.own {
			w.put(f)
		}
	}
	s, err := flow.NewSet(w.flows, nil)
	if err == nil {
		s, err = flow.NewSet(w.flows, []flow.List{(&profile{}).kindsAsked(s.Kinds())})
	}
	if err != nil && len(w.own) > 0 {
		return nil, errConfig{err.Error()}
	}
	return s, err
}

// known refuses a language that is not there.
func (t *translating) known(flagName, tag string) error {
	var tags []string
	for _, l := range t.desk.Languages() {
		if l.Tag == tag {
			return nil
		}
		tags = append(tags, l.Tag)
	}
	return usagef("translate: %s %q: there is no such language; %s. For a new one, make a folder %s with language.json and an empty messages.gotext.json: see locales/README.md",
		flagName, tag, sheet.Known(tag, tags), path.Join(cmp.Or(t.dir, "locales"), tag))
}

// glossary reads that of a language; the last layer that has one counts. Without one it is empty.
func (t *translating) glossary(tag string) (g translate.Glossary, err error) {
	for _, layer := range slices.Backward(t.layers) {
		name := tag + "/glossary.json"
		src, err := fs.ReadFile(layer, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return g, fmt.Errorf("reading the glossary of %s: %w", tag, err)
		}
		g, err := translate.ReadGlossary(nameOf(layer, name), src)
		if err != nil {
			return g, errConfig{err.Error()}
		}
		return g, nil
	}
	return g, nil
}

func nameOf(layer fs.FS, name string) string {
	if n, ok := layer.(speech.Named); ok {
		return strings.TrimSuffix(n.Name, "/") + "/" + name
	}
	return name
}
