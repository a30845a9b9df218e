package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"amana/bot/flow"
	"amana/bot/sheet"
	"amana/bot/speech"
	"amana/flows"
	"amana/locales"
)

// shippedWords are the catalogs that come with the program.
var shippedWords = speech.Named{Name: "locales", FS: locales.FS}

// readWords loads the shipped catalogs, once a process: they are part of the program, and a Book never changes.
var readWords = sync.OnceValues(func() (*speech.Book, error) { return speech.Load(shippedWords) })

// shippedFlows gives the flows of the house in a fixed order, in a slice that is the caller's.
func shippedFlows() ([]*flow.Flow, error) {
	all, err := readFlows()
	return slices.Clone(all), err
}

// readFlows parses them, once a process: a Flow never changes either.
var readFlows = sync.OnceValues(func() (out []*flow.Flow, err error) {
	entries, err := flows.FS.ReadDir(".")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".yaml") {
			continue
		}
		data, err := flows.FS.ReadFile(e.Name())
		if err != nil {
			return nil, err
		}
		f, err := flow.Parse("flows/"+e.Name(), data)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
})

// offered gives the languages that people may choose: those of the configuration, or of the profile; a draft only
// where the operator has said so by its tag.
func offered(c *config, p *profile, book *speech.Book) ([]string, error) {
	want := c.languages(p)
	var out []string
	var bad errConfig
	say := func(setting, format string, args ...any) {
		bad = append(bad, c.at(setting)+": "+fmt.Sprintf(format, args...))
	}
	tags := tags(book)
	for n, tag := range c.Drafts {
		if what := unfinished(book, tag); what != "" {
			say(fmt.Sprintf("drafts[%d]", n), "drafts: %s", what)
		} else if !slices.Contains(tags, tag) {
			say(fmt.Sprintf("drafts[%d]", n), "drafts: %q is not shipped; %s", tag, sheet.Known(tag, tags))
		}
	}
	for n, tag := range want {
		l, ok := book.Language(tag)
		switch {
		case !ok && unfinished(book, tag) != "":
			say(fmt.Sprintf("languages[%d]", n), "languages: %s", unfinished(book, tag))
		case !ok:
			say(fmt.Sprintf("languages[%d]", n), "languages: %q is not shipped; %s", tag, sheet.Known(tag, tags))
		case !slices.Contains(p.Languages, tag):
			say(fmt.Sprintf("languages[%d]", n), "languages: the profile %s has no labels in %q; add them to %s, or take the language out", p.Profile, tag, p.file)
		case l.Draft() && !slices.Contains(c.Drafts, tag):
			// Not offered: no reader has checked it, and the operator has not taken that upon the mission.
		default:
			out = append(out, tag)
		}
	}
	if len(bad) == 0 && len(out) == 0 {
		say("languages", "no language can be offered: all of %s are drafts; list under `drafts:` those that the mission answers for", strings.Join(want, ", "))
	}
	if len(bad) > 0 {
		return nil, bad
	}
	return out, nil
}

// unfinished says of a language that has only been begun that it cannot be offered, and what to do; "" of all others.
func unfinished(book *speech.Book, tag string) string {
	for _, p := range book.Unfinished() {
		if p.Tag != tag {
			continue
		}
		if p.Have == p.Want {
			return fmt.Sprintf("%q is complete, but its language.json still says that it is begun; write \"review\": \"draft\" there", tag)
		}
		return fmt.Sprintf("%q is not complete (%d of %d texts), and nobody is asked in half a language; `amana translate export -lang %s` writes a sheet for translators", tag, p.Have, p.Want, tag)
	}
	return ""
}
