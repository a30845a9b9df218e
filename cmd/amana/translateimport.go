package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"amana/bot/directory/table"
	"amana/bot/speech"
	"amana/bot/translate"
)

// sheetLimits are far above what all texts of a mission take, and bound what a damaged file can make of itself.
var sheetLimits = table.Limits{File: 32 << 20, Unpacked: 128 << 20, Rows: 100_000, Columns: 256, Cell: 32 << 10}

func runTranslateImport(_ context.Context, c *call) error {
	t := translating{call: c}
	var dry, each bool
	args, err := c.flagsFirst("translate import", "FILE", `Takes a sheet of translators back, CSV or XLSX. What would change is counted and, with -v, listed. Everything is refused, with row
and remedy, if one text has lost what stands in braces, has wrong plural forms, does not fit, or is typed like another.
An empty cell changes nothing. The catalog, TAG/messages.gotext.json in the folder of catalogs, is written at once or not at all.`, func(f *flag.FlagSet) {
		t.define(f, "the tag of the language whose column is taken")
		f.BoolVar(&dry, "dry-run", false, "show what would change, and change nothing")
		f.BoolVar(&each, "v", false, "list every text that changes")
	})
	if err != nil {
		return err
	}
	if t.lang == "" || len(args) != 1 {
		return usagef("translate import: name the language and one file: amana translate import -lang kr kr.xlsx")
	}
	if err := t.open(); err != nil {
		return err
	}
	if err := t.known("-lang", t.lang); err != nil {
		return err
	}
	if t.dir == "" {
		if t.config != nil {
			return errConfig{fmt.Sprintf("%s: there is no folder for texts of the mission's own; make a folder locales beside it and add a line `locales: locales`, or name a folder with -dir", t.config.path)}
		}
		return usagef("translate import: name the folder of catalogs with -dir, or a mission with -config: its locales: is taken")
	}
	rows, err := readSheet(args[0], t.lang)
	if err != nil {
		return err
	}
	p := translate.Compare(t.desk, t.lang, rows)
	name := path.Join(t.lang, "messages.gotext.json")
	old, err := fs.ReadFile(os.DirFS(t.dir), name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the catalog: %w", err)
	}
	next, err := t.desk.Rewrite(t.lang, old, p.Changes)
	if err != nil {
		return err
	}
	after := t.desk
	if len(p.Changes) > 0 {
		if after, err = openDesk(t.over(map[string][]byte{name: next})); err != nil {
			return fmt.Errorf("reading what would be written: %w", err)
		}
	}
	p.Hold(t.desk, after, t.flows, t.order, t.lang)
	if err := t.told(args[0], p, each); err != nil {
		return err
	}
	file := filepath.Join(t.dir, filepath.FromSlash(name))
	switch {
	case len(p.Changes) == 0:
		fmt.Fprintln(c.stdout, "nothing was changed: the catalog says the same")
		return nil
	case dry:
		fmt.Fprintln(c.stdout, "nothing was changed: this was a dry run")
		return nil
	}
	if err := replaceFile(file, next); err != nil {
		return fmt.Errorf("writing the catalog: %w; the one before is whole", err)
	}
	fmt.Fprintf(c.stdout, "written: %s\n", file)
	t.further(after)
	return nil
}

// readSheet reads the rows of a file.
func readSheet(file, lang string) ([]translate.Row, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, errors.Unwrap(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("reading %s: it is no file", file)
	}
	b, err := table.Open(filepath.Base(file), f, info.Size(), sheetLimits, "")
	if err != nil {
		return nil, err
	}
	defer b.Close()
	return translate.Read(b, lang)
}

// told says what a sheet would change, and fails if anything in it is refused.
func (t *translating) told(file string, p *translate.Plan, each bool) error {
	for _, f := range p.Refused {
		t.finding("error", f)
	}
	for _, f := range p.Told {
		t.finding("note", f)
	}
	if each {
		for _, line := range p.Lines(t.desk, t.lang) {
			fmt.Fprintln(t.stdout, line)
		}
	}
	fmt.Fprintf(t.stdout, "%s: %d new, %d changed, %d confirmed, %d the same, %d left empty\n", t.lang, p.New, p.Changed, p.Confirmed, p.Same, p.Left)
	if n := len(p.Refused); n > 0 {
		return fmt.Errorf("%s: %s: nothing was changed", filepath.Base(file), count(n, "mistake", "mistakes"))
	}
	return nil
}

func (t *translating) finding(l string, f translate.Finding) {
	remedy := f.Remedy
	f.Remedy = ""
	fmt.Fprintf(t.stdout, "%s: %s\n", l, f)
	if remedy != "" {
		fmt.Fprintf(t.stdout, "\t%s\n", remedy)
	}
}

// further says what is to be done next with a language that people are not asked in yet.
func (t *translating) further(after *speech.Desk) {
	s := after.Progress(t.lang)
	switch {
	case !s.Begun():
	case s.Have < s.Want:
		fmt.Fprintf(t.stdout, "%s: %d%%, %s missing; nobody is asked in it until it is complete\n", t.lang, s.Percent(), count(s.Want-s.Have, "text is", "texts are"))
	default:
		fmt.Fprintf(t.stdout, "%s is complete. To offer it as a draft, write \"review\": \"draft\" into %s:\n%s\n", t.lang, filepath.Join(t.dir, t.lang, "language.json"), languageJSON(s.Language))
	}
}

// languageJSON writes the language.json of a language that is complete.
func languageJSON(l speech.Language) string {
	return fmt.Sprintf(`{"tag": %q, "name": %q, "english": %q, "direction": %q, "script": %q, "review": "draft", "reviewer": %q, "plural": %q}`,
		l.Tag, l.Name, l.English, l.Direction, l.Script, l.Reviewer, l.Plural)
}

// replaceFile writes a file beside the old one and puts it in its place, so that there is always a whole one.
func replaceFile(file string, data []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(file); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(file), "."+strings.TrimSuffix(filepath.Base(file), ".json")+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // it is of no use to anybody
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
