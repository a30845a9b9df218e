package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"amana/bot/directory"
	"amana/bot/directory/export"
	"amana/bot/directory/table"
	"amana/bot/store"
)

// exporting is one run of the command.
type exporting struct {
	*call
	config *config
	dir    string

	public, pathway bool
	area, lang, bot string
}

func runExport(ctx context.Context, c *call) (err error) {
	e := exporting{call: c}
	var path string
	args, err := c.flagsFirst("export", "DIR", `Writes the service directory into DIR in three forms, each of which gives the same directory when it is imported again:
services.json (HSDS 3.0; a large directory in several pages) with areas.csv; services.csv, organisations.csv and areas.csv (with HXL tags); directory.xlsx.
Records that are shown to referrers only are in it, unless it is for the public. To change records, change directory.xlsx: a
spreadsheet that opens a CSV takes the zeros of numbers away and writes dates in another way.

With -pathway it writes sheets to be printed instead, one for each area and language: where people find help, in the order in
which it is needed. They hold what everybody may see and nothing else, since whatever hangs on a wall is public.`, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.BoolVar(&e.public, "public", false, "leave out what is not shown to everybody")
		f.BoolVar(&e.pathway, "pathway", false, "write sheets to be printed, as HTML")
		f.StringVar(&e.area, "area", "", "with -pathway: the id of one area; without it, every area that has services of its own")
		f.StringVar(&e.lang, "lang", "", "with -pathway: the tag of one language; without it, every language that is offered")
		f.StringVar(&e.bot, "bot", "", "with -pathway: the user name of the bot; the sheet shows a code that leads to it")
	})
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return usagef("export: name the folder: amana export DIR")
	}
	e.dir = args[0]
	if !e.pathway && (e.area != "" || e.lang != "" || e.bot != "") {
		return usagef("export: -area, -lang and -bot are for sheets to be printed; add -pathway")
	}
	if e.config, err = readConfig(path); err != nil {
		return err
	}
	to := &reach{config: e.config}
	defer func() { err = errors.Join(err, to.Close()) }()
	var g store.Generations
	if err := to.ask(ctx, "directory", struct{}{}, &g); err != nil {
		return err
	}
	if g.Now == nil {
		return errors.New("there is no service directory yet: bring one with `amana import`")
	}
	d, err := directory.Unpack(to.reads(ctx, *g.Now))
	if err != nil {
		return err
	}
	p, err := readProfile(e.config)
	if err != nil {
		return err
	}
	kinds, err := p.kinds()
	if err != nil {
		return err
	}
	if e.pathway {
		return e.print(d, kinds, p)
	}
	return e.whole(d, kinds)
}

// whole writes everything, in each form.
func (e *exporting) whole(d *directory.Directory, kinds *directory.Kinds) error {
	if e.public {
		d = d.Public()
	}
	sheets, err := export.NewSheets(d, kinds)
	if err != nil {
		return fmt.Errorf("laying out the sheets: %w", err)
	}
	files := []newFile{{"services.json", func(w io.Writer) error { return export.HSDS(w, d, kinds, 1) }}}
	for n := 2; n <= export.Pages(d); n++ {
		files = append(files, newFile{fmt.Sprintf("services-%d.json", n), func(w io.Writer) error { return export.HSDS(w, d, kinds, n) }})
	}
	if err := writeFolder(e.call, e.dir, append(files, []newFile{
		{"services.csv", func(w io.Writer) error { return table.WriteCSV(w, sheets.Services) }},
		{"organisations.csv", func(w io.Writer) error { return table.WriteCSV(w, sheets.Organisations) }},
		{"areas.csv", func(w io.Writer) error { return table.WriteCSV(w, sheets.Areas) }},
		{"directory.xlsx", func(w io.Writer) error { return sheets.XLSX(w, e.dir) }},
	}...)); err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "written: %s\n", holds(store.Generation{Areas: len(d.Areas), Organisations: len(d.Organisations), Services: len(d.Services)}))
	return nil
}

// newFile is a file to be written.
type newFile struct {
	name  string
	write func(io.Writer) error
}

// writeFolder writes files into a folder, and their names to the output. None is written over; one that could not be
// written whole is taken away, so that nobody takes a part for the whole.
func writeFolder(c *call, dir string, files []newFile) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	for _, file := range files {
		name := filepath.Join(dir, file.name)
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			return fmt.Errorf("%s is there already and is never written over; name another folder", name)
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		b := bufio.NewWriter(f)
		if err := errors.Join(file.write(b), b.Flush(), f.Close()); err != nil {
			return fmt.Errorf("writing %s: %w", name, errors.Join(err, os.Remove(name)))
		}
		fmt.Fprintln(c.stdout, name)
	}
	return nil
}
