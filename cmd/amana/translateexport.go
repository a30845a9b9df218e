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
	"strings"

	"amana/bot/directory/table"
	"amana/bot/speech"
	"amana/bot/translate"
)

func runTranslateExport(_ context.Context, c *call) error {
	t := translating{call: c}
	var format, also string
	args, err := c.flagsFirst("translate export", "[FILE]", `Writes a sheet for translators: a row for each text and plural form, in the order in which people meet them, with the English,
the translation so far, where the text stands, how many characters fit, and the words of the glossary that occur. It goes to
FILE, which is never written over, or as CSV to standard output. Fill in the column of your language and send the file
back; amana translate import takes it.`, func(f *flag.FlagSet) {
		t.define(f, "the tag of the language that is translated into, such as kr")
		f.StringVar(&format, "format", "", "csv or xlsx; without it, by the ending of FILE")
		f.StringVar(&also, "also", "", "tags of further languages to look at beside English, such as fr,ar")
	})
	if err != nil {
		return err
	}
	if t.lang == "" || len(args) > 1 {
		return usagef("translate export: name the language, and one file at most: amana translate export -lang kr kr.xlsx")
	}
	file := ""
	if len(args) == 1 {
		file = args[0]
	}
	if format == "" {
		format = strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")
		if file == "" {
			format = "csv"
		}
	}
	switch {
	case format != "csv" && format != "xlsx":
		return usagef("translate export: the format is csv or xlsx: name it with -format, or end the file with .csv or .xlsx")
	case format == "xlsx" && file == "":
		return usagef("translate export: a workbook needs a file: amana translate export -lang %s %s.xlsx", t.lang, t.lang)
	}
	if err := t.open(); err != nil {
		return err
	}
	if err := t.known("-lang", t.lang); err != nil {
		return err
	}
	var beside []string
	for tag := range strings.FieldsFuncSeq(also, func(r rune) bool { return r == ',' || r == ' ' }) {
		if err := t.known("-also", tag); err != nil {
			return err
		}
		beside = append(beside, tag)
	}
	g, err := t.glossary(t.lang)
	if err == nil && len(g.Terms) == 0 {
		g, err = t.glossary(speech.Base)
	}
	if err != nil {
		return err
	}
	s, err := translate.Export(t.desk, t.order, t.lang, beside, g)
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return table.WriteCSV(w, s) }
	if format == "xlsx" {
		write = func(w io.Writer) error { return table.WriteXLSX(w, "", s) }
	}
	if file == "" {
		return write(c.stdout)
	}
	return writeSheet(c, file, write)
}

// writeSheet writes a file that is not there yet: in one that is, somebody's work may stand.
func writeSheet(c *call, file string, write func(io.Writer) error) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already and is never written over: somebody's translation may stand in it; name another file", file)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", file, errors.Unwrap(err))
	}
	b := bufio.NewWriter(f)
	if err := errors.Join(write(b), b.Flush(), f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", file, errors.Join(err, os.Remove(file)))
	}
	_, err = fmt.Fprintln(c.stdout, file)
	return err
}
