package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"amana/bot/directory"
	"amana/bot/directory/export"
	"amana/bot/store"
)

func runExport(ctx context.Context, c *call) (err error) {
	var path string
	var public bool
	args, err := c.flagsFirst("export", "DIR", `Writes the service directory into DIR: services.json in the form of HSDS 3.0, and areas.csv with HXL tags. Importing both
gives the same directory. Records that are shown to referrers only are in it, unless it is for the public.`, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.BoolVar(&public, "public", false, "leave out what is not shown to everybody")
	})
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return usagef("export: name the folder: amana export DIR")
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	to := &reach{config: conf}
	defer func() { err = errors.Join(err, to.Close()) }()
	var g store.Generations
	if err := to.ask(ctx, "directory", struct{}{}, &g); err != nil {
		return err
	}
	if g.Now == nil {
		return errors.New("there is no service directory yet: bring one with `amana import`")
	}
	d, err := directory.Unpack(&pageReader{ctx: ctx, to: to, of: *g.Now})
	if err != nil {
		return err
	}
	if public {
		d = d.Public()
	}
	p, err := readProfile(conf)
	if err != nil {
		return err
	}
	kinds, err := p.kinds()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(args[0], 0o700); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	for _, file := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"services.json", func(w io.Writer) error { return export.HSDS(w, d, kinds) }},
		{"areas.csv", func(w io.Writer) error { return export.Areas(w, d) }},
	} {
		name := filepath.Join(args[0], file.name)
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			return fmt.Errorf("%s is there already and is never written over", name)
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		if err := errors.Join(file.write(f), f.Close()); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		fmt.Fprintln(c.stdout, name)
	}
	fmt.Fprintf(c.stderr, "written: %s\n", holds(store.Generation{Areas: len(d.Areas), Organisations: len(d.Organisations), Services: len(d.Services)}))
	return nil
}
