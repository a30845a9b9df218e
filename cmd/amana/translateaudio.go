package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"amana/bot/directory/table"
	"amana/bot/translate"
)

func runTranslateAudio(_ context.Context, c *call) error {
	t := translating{call: c}
	var format string
	args, err := c.flagsFirst("translate audio", "", `Lists what remains to be recorded, in the order in which people meet it: the name of the file, and the words to be spoken. A recording
is an Ogg file with Opus, one voice, called after the key: TAG/audio/KEY.ogg in the folder of catalogs. Texts into which a number or
a name is put each time cannot be recorded; they are listed by themselves, and are read only. A choice is spoken without its number, which
stands beside it; the other buttons are not spoken.`, func(f *flag.FlagSet) {
		t.define(f, "the tag of the language")
		f.StringVar(&format, "format", "list", "list or csv")
	})
	if err != nil {
		return err
	}
	if t.lang == "" || len(args) > 0 || format != "list" && format != "csv" {
		return usagef("translate audio: name the language: amana translate audio -lang kr; the format is list or csv")
	}
	if err := t.open(); err != nil {
		return err
	}
	if err := t.known("-lang", t.lang); err != nil {
		return err
	}
	left, varying, unwritten := translate.Audio(t.desk, t.order, t.lang)
	if format == "csv" {
		return table.WriteCSV(c.stdout, table.Sheet{Head: [][]string{{"file", "words", "description", "recorded"}}, Rows: func(yield func([]string) bool) {
			for i, all := range [][]translate.Recording{left, varying} {
				for _, r := range all {
					if !yield([]string{t.lang + "/audio/" + r.Key + ".ogg", r.Text, r.About, []string{"not yet", "cannot be: it changes each time"}[i]}) {
						return
					}
				}
			}
		}})
	}
	fmt.Fprintf(c.stdout, "%s: %s to be recorded\n\n", t.lang, count(len(left), "text remains", "texts remain"))
	show := func(r translate.Recording) {
		fmt.Fprintf(c.stdout, "%s/audio/%s.ogg\n\t%s\n", t.lang, r.Key, strings.ReplaceAll(r.Text, "\n", "\n\t"))
	}
	for _, r := range left {
		show(r)
	}
	if len(varying) > 0 {
		fmt.Fprintf(c.stdout, "\n%s be recorded, because a number or a name is put in each time:\n\n", count(len(varying), "text cannot", "texts cannot"))
		for _, r := range varying {
			fmt.Fprintf(c.stdout, "%s\n\t%s\n", r.Key, strings.ReplaceAll(r.Text, "\n", "\n\t"))
		}
	}
	if unwritten > 0 {
		fmt.Fprintf(c.stdout, "\n%s no words in %s yet, and can be recorded once they are translated\n", count(unwritten, "text has", "texts have"), t.lang)
	}
	return nil
}
