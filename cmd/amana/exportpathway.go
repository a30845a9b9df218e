package main

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"amana/bot/directory"
	walls "amana/bot/directory/pathway"
)

// isBotName is what Telegram allows as a user name.
var isBotName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{4,31}$`)

// print writes the sheets of areas and languages.
func (e *exporting) print(d *directory.Directory, kinds *directory.Kinds, p *profile) error {
	words, err := e.config.wording(p)
	if err != nil {
		return err
	}
	langs, err := offered(e.config, p, words.book)
	if err != nil {
		return err
	}
	if e.lang != "" {
		if !slices.Contains(langs, e.lang) {
			return usagef("export: -lang %s: the mission does not offer this language; it offers %s", e.lang, strings.Join(langs, ", "))
		}
		langs = []string{e.lang}
	}
	e.bot = strings.TrimPrefix(e.bot, "@")
	if e.bot != "" && !isBotName.MatchString(e.bot) {
		return usagef("export: -bot: write the user name of the bot as Telegram shows it, such as example_bot")
	}
	sheets := walls.New(d, kinds)
	areas := sheets.Areas()
	if e.area != "" {
		one, ok := sheets.Area(e.area)
		if !ok {
			return usagef("export: -area %s: the directory has no such area; write its id, as areas.csv gives it", e.area)
		}
		areas = []directory.Area{one}
	}
	if len(areas) == 0 {
		return errors.New("no service in the directory may be shown to everybody, so there is nothing to print")
	}
	tree, _ := directory.NewAreas(d.Areas)
	bound := p.bind(tree)
	now := time.Now().In(e.config.zone())
	var files []newFile
	for _, a := range areas {
		for _, lang := range langs {
			o := walls.Options{Words: kindWords{words.book, p}, Lang: lang, Lines: p.printed(lang, bound, a.ID), Days: p.Windows.First / 24, Bot: e.bot, Now: now}
			files = append(files, newFile{"pathway-" + fileName(a.ID) + "-" + lang + ".html", func(w io.Writer) error { return sheets.Write(w, a.ID, o) }})
		}
	}
	if err := writeFolder(e.call, e.dir, files); err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "written: %s for %s in %s; print them from a browser, on A4\n", count(len(files), "sheet", "sheets"), count(len(areas), "area", "areas"), count(len(langs), "language", "languages"))
	return nil
}

// printed gives the urgent lines that count everywhere, or in the area of the profile in which one of the directory lies.
func (p *profile) printed(lang string, bound binding, id string) (lines []walls.Line) {
	area, known := bound.area(id)
	for _, l := range p.Lines {
		if len(l.Areas) == 0 || known && l.counts(area) {
			lines = append(lines, walls.Line{Label: l.Label[lang], Phone: dialled(l.Phone), Hours: l.Hours[lang], Note: l.Note[lang], Police: l.Kind == policeLine})
		}
	}
	return lines
}

// fileName makes of an id what every file system bears. Ids that would be written alike are told apart.
func fileName(id string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '_'
	}, id)
	if plain == id && len(id) <= 48 {
		return id
	}
	h := fnv.New32a()
	_, _ = io.WriteString(h, id) // a hash takes everything
	return fmt.Sprintf("%s-%08x", plain[:min(len(plain), 48)], h.Sum32())
}
