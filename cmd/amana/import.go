package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"amana/bot/directory"
	"amana/bot/directory/intake"
	"amana/bot/directory/table"
	"amana/bot/store"
)

// importing is one call of the command.
type importing struct {
	*call
	config  *config
	profile *profile
	kinds   *directory.Kinds
	to      *reach
	dry     bool
	undo    bool
	add     bool
	all     bool
	mapping string
	day, by string
}

func runImport(ctx context.Context, c *call) (err error) {
	i := &importing{call: c}
	var path string
	files, err := c.flagsFirst("import", "FILE…", `Brings the service directory: CSV, XLSX, HXL-tagged sheets, HSDS 3.0 (JSON, or its tables in a zip), and lists of areas
with codes. All files together become the directory, in place of the one in force; it is kept, and -undo brings it back.
A row that cannot be taken is left out and told with file, line, column and remedy. What was done goes to standard output.`, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.BoolVar(&i.dry, "dry-run", false, "show what would be added, changed, removed and refused, and change nothing")
		f.BoolVar(&i.undo, "undo", false, "put the directory before the last import in force again; once more brings it back")
		f.BoolVar(&i.add, "add", false, "keep what the files do not name, instead of removing it")
		f.BoolVar(&i.all, "all", false, "list every change, however many there are")
		f.StringVar(&i.mapping, "mapping", "", "a YAML file that says what the columns and words of the sheets mean")
		f.StringVar(&i.day, "verified", "", "the day on which records that name none were checked, YYYY-MM-DD")
		f.StringVar(&i.by, "by", "", "with -verified: who checked them, by role or organisation")
	})
	if err != nil {
		return err
	}
	switch {
	case i.undo && (len(files) > 0 || i.dry):
		return usagef("import: -undo takes no files: it brings back the directory before this one")
	case !i.undo && len(files) == 0:
		return usagef("import: name the files: amana import FILE…")
	case i.by != "" && i.day == "":
		return usagef("import: -by belongs to -verified DATE")
	}
	if i.day != "" {
		if _, err := time.Parse(time.DateOnly, i.day); err != nil || i.day > i.clock().UTC().AddDate(0, 0, 1).Format(time.DateOnly) {
			return usagef("import: -verified %s is no day that has come; write YYYY-MM-DD", i.day)
		}
	}
	if i.config, err = readConfig(path); err != nil {
		return err
	}
	defer i.frugal()()
	i.to = &reach{config: i.config}
	defer func() { err = errors.Join(err, i.to.Close()) }()
	if i.undo {
		return i.goBack(ctx)
	}
	return i.bring(ctx, files)
}

// frugal holds a whole directory in little memory until what it gives is called: fifty thousand services fit into 200 MB if
// garbage is looked for early, and a small server has no more to spare. What exceeds the limit still works, only slower.
// Beside others in one process it holds nothing back: the limit is that of the whole process.
func (c *call) frugal() (enough func()) {
	if !c.alone {
		return func() {}
	}
	percent, limit := debug.SetGCPercent(50), debug.SetMemoryLimit(140<<20)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

func (i *importing) goBack(ctx context.Context) error {
	var g store.Generations
	if err := i.to.ask(ctx, "directory", struct{}{}, &g); err != nil {
		return err
	}
	if g.Before == nil {
		return errors.New("there is no directory before this one to go back to")
	}
	var nothing string
	if err := i.to.ask(ctx, "directory undo", undoDeed{g.Now.ID}, &nothing); err != nil {
		return err
	}
	fmt.Fprintf(i.stdout, "the directory of %s is in force again: %s\n", g.Before.Made.In(i.config.zone()).Format("2006-01-02 15:04"), holds(*g.Before))
	return nil
}

// holds says what a directory has in it.
func holds(g store.Generation) string {
	return fmt.Sprintf("%s, %s, %s", count(g.Services, "service", "services"), count(g.Organisations, "organisation", "organisations"), count(g.Areas, "area", "areas"))
}

func (i *importing) bring(ctx context.Context, files []string) error {
	var g store.Generations
	if err := i.to.ask(ctx, "directory", struct{}{}, &g); err != nil {
		return err
	}
	out, err := i.read(ctx, files, g.Now)
	if err != nil {
		return err
	}
	i.findings(out)
	if out.Stopped > 0 {
		return fmt.Errorf("%s could not be read to the end: nothing was changed", count(out.Stopped, "file or sheet", "files or sheets"))
	}
	if len(out.Directory.Services)+len(out.Directory.Areas) == 0 {
		return errors.New("the files hold no record that can be taken: nothing was changed")
	}
	if g.Now != nil && g.Now.Services > 0 && len(out.Directory.Services) == 0 && !i.add {
		return fmt.Errorf("the files hold no service, and %s in force would be removed: nothing was changed; run it with -add to keep what the files do not name", count(g.Now.Services, "service", "services"))
	}
	planner := directory.NewPlanner(out.Directory, i.add)
	if g.Now != nil {
		if err := directory.Walk(i.to.reads(ctx, *g.Now), planner.Old); err != nil {
			return err
		}
	}
	plan := planner.Done()
	if i.add {
		if err := fits(out.Directory); err != nil {
			return err
		}
	}
	i.show(plan, out)
	if i.dry {
		i.looked(out)
		fmt.Fprintln(i.stdout, "nothing was changed: this was a dry run")
		return nil
	}
	if len(plan.Changes) == 0 {
		fmt.Fprintln(i.stdout, "nothing was changed: the directory in force says the same")
		return nil
	}
	if err := putDirectory(ctx, i.to, out.Directory, g.Now, func(pages int) {
		fmt.Fprintf(i.stderr, "written %d KiB\n", pages*store.PageSize>>10)
	}); err != nil {
		return fmt.Errorf("writing the directory: %w; the one before is still in force, run the import again", err)
	}
	fmt.Fprintf(i.stdout, "in force: %s\n", holds(store.Generation{Areas: len(out.Directory.Areas), Organisations: len(out.Directory.Organisations), Services: len(out.Directory.Services)}))
	return nil
}

// fits says whether records that were kept still have their area: another list of areas may have come.
func fits(d *directory.Directory) error {
	areas, bad := directory.NewAreas(d.Areas)
	if len(bad) > 0 {
		return fmt.Errorf("with what is kept: %w", bad[0])
	}
	for i := range d.Services {
		if _, ok := areas.Area(d.Services[i].Place.Area); !ok {
			return fmt.Errorf("the service of %s lies in an area that is no longer there; import it again as well", d.Services[i].Source)
		}
	}
	return nil
}

// read takes all files.
func (i *importing) read(ctx context.Context, files []string, now *store.Generation) (out intake.Outcome, err error) {
	if i.profile, err = readProfile(i.config); err != nil {
		return out, err
	}
	if i.kinds, err = i.profile.kinds(); err != nil {
		return out, err
	}
	o := intake.Options{Kinds: i.kinds, Verified: directory.Date(i.day), By: i.by, Limits: table.Usual}
	if o.Mapping, err = i.readMapping(); err != nil {
		return out, err
	}
	if now != nil {
		if o.Areas, err = areasOf(i.to.reads(ctx, *now)); err != nil {
			return out, err
		}
	}
	o.Progress = func(rows int) {
		if rows%10_000 == 0 {
			fmt.Fprintf(i.stderr, "read %d rows\n", rows)
		}
	}
	if err := os.MkdirAll(i.config.Runtime, 0o700); err != nil {
		return out, fmt.Errorf("making the runtime directory: %w", err)
	}
	var sheets []sheetFile
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return out, fmt.Errorf("reading %s: %w", name, errors.Unwrap(err))
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return out, fmt.Errorf("reading %s: it is no file", name)
		}
		sheets = append(sheets, sheetFile{filepath.Base(name), f, info.Size()})
	}
	out, described, err := readSheets(o, sheets, i.config.Runtime)
	if err != nil {
		return out, err
	}
	if n := i.profile.fillDirectory(out.Directory); n > 0 {
		described = append(described, fmt.Sprintf("%s from the words of the profile", count(n, "text", "texts")))
	}
	if i.dry {
		for _, line := range described {
			fmt.Fprintln(i.stderr, line)
		}
	}
	return out, ctx.Err()
}

// sheetFile is one file of an import, wherever it lies.
type sheetFile struct {
	name string
	io.ReaderAt
	size int64
}

// readSheets takes all files together, and says how the columns of each were understood. Spare is a folder for what a large
// workbook needs beside memory; empty is the system's own.
func readSheets(o intake.Options, files []sheetFile, spare string) (out intake.Outcome, described []string, err error) {
	r := intake.New(o)
	for _, f := range files {
		b, err := table.Open(f.name, f, f.size, o.Limits, spare)
		if err != nil {
			return out, nil, err
		}
		defer b.Close()
		r.Add(b)
	}
	described = r.Describe()
	return r.Done(), described, nil
}

// areasOf gives the areas of a packed directory, which stand before everything else.
func areasOf(r io.Reader) (areas []directory.Area, err error) {
	enough := errors.New("enough")
	err = directory.Walk(r, func(rec directory.Record) error {
		if rec.Area == nil {
			return enough
		}
		areas = append(areas, *rec.Area)
		return nil
	})
	if errors.Is(err, enough) {
		err = nil
	}
	return areas, err
}

func (i *importing) readMapping() (*intake.Mapping, error) {
	if i.mapping == "" {
		return nil, nil
	}
	data, err := os.ReadFile(i.mapping)
	if err != nil {
		return nil, errConfig{fmt.Sprintf("%s: it cannot be read: %v", i.mapping, errors.Unwrap(err))}
	}
	m := &intake.Mapping{}
	p, err := readPaper(i.mapping, data, m, `write for example columns: {"Who": organisation}`)
	if err != nil {
		return nil, err
	}
	bad := m.Check(i.kinds)
	var told errConfig
	for _, setting := range slices.Sorted(maps.Keys(bad)) {
		told = append(told, p.at(setting)+": "+bad[setting])
	}
	if len(told) > 0 {
		return nil, told
	}
	return m, nil
}
