package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"amana/bot/directory/table"
	"amana/bot/speech"
	"amana/bot/translate"
)

// statusHead are the columns. The name in the language itself stands last: it may run from right to left.
var statusHead = []string{"tag", "language", "review", "reviewer", "done", "missing", "stale", "glossary", "audio", "offered", "name"}

func runTranslateStatus(_ context.Context, c *call) error {
	t := translating{call: c}
	var format string
	args, err := c.flagsFirst("translate status", "", `Shows how far each language has come: how much is translated, how many texts are missing, how many were made from English
that has changed since (stale), how many words its glossary has, how much has been recorded, and whether people are asked in it.`, func(f *flag.FlagSet) {
		t.define(f, "")
		f.StringVar(&format, "format", "table", "table or csv")
	})
	if err != nil {
		return err
	}
	if len(args) > 0 || format != "table" && format != "csv" {
		return usagef("translate status: it takes flags only, and the format is table or csv")
	}
	if err := t.open(); err != nil {
		return err
	}
	offered, err := t.offers()
	if err != nil {
		return err
	}
	rows := [][]string{statusHead}
	for _, l := range t.desk.Languages() {
		g, err := t.glossary(l.Tag)
		if err != nil {
			return err
		}
		s := translate.Stand(t.desk, t.order, l.Tag, g)
		rows = append(rows, []string{l.Tag, l.English, l.Review, l.Reviewer, strconv.Itoa(s.Percent()) + "%", strconv.Itoa(s.Missing()), strconv.Itoa(s.Stale + s.Fuzzy),
			strconv.Itoa(s.Terms), fmt.Sprintf("%d of %d", s.Recorded, s.ToRecord), offered(s), l.Name})
	}
	if format == "csv" {
		return table.WriteCSV(c.stdout, table.Sheet{Head: rows[:1], Rows: slices.Values(rows[1:])})
	}
	return inColumns(c.stdout, rows)
}

// offers says of a language whether people are asked in it, and why not: in this mission, or in any.
func (t *translating) offers() (func(translate.Standing) string, error) {
	if t.config == nil {
		return func(s translate.Standing) string {
			switch {
			case s.Begun() || s.Missing() > 0:
				return "no: not complete"
			case s.Draft():
				return "where a mission names it under drafts:"
			}
			return "where a mission has it"
		}, nil
	}
	p, err := readProfile(t.config)
	if err != nil {
		return nil, err
	}
	return func(s translate.Standing) string {
		switch {
		case s.Begun() && s.Missing() == 0:
			return "no: language.json says that it is begun"
		case s.Begun() || s.Missing() > 0:
			return "no: not complete"
		case !slices.Contains(t.config.languages(p), s.Tag):
			return "no: not under languages:"
		case !slices.Contains(p.Languages, s.Tag):
			return "no: the profile has no labels in it"
		case s.Draft() && !slices.Contains(t.config.Drafts, s.Tag):
			return "no: a draft, and not under drafts:"
		}
		return "yes"
	}, nil
}

// inColumns prints rows below each other.
func inColumns(w io.Writer, rows [][]string) error {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, c := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, c := range row {
			if i > 0 {
				line.WriteString("  ")
			}
			if i == len(row)-1 {
				if speech.Direction(row[0]) == "rtl" {
					c = speech.Isolate(c)
				}
				line.WriteString(c)
				continue
			}
			line.WriteString(c + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c)))
		}
		if _, err := fmt.Fprintln(w, line.String()); err != nil {
			return err
		}
	}
	return nil
}
