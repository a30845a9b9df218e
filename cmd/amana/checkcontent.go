package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"amana/bot/flow"
	"amana/bot/speech"
)

// shippedPath stands for the configuration where there is none: only what is shipped is looked at.
const shippedPath = "(shipped)"

// checkContent looks at profile, flows and words, and prints what the checker of the flows has proved.
func checkContent(out io.Writer, conf *config) (found []finding) {
	bad := func(err error) []finding {
		for _, line := range strings.Split(err.Error(), "\n") {
			if n := len(found); n > 0 && strings.HasPrefix(line, "\t") { // the line of the file, quoted below
				found[n-1].What += "\n" + line
				continue
			}
			found = append(found, finding{Level: failure, What: line})
		}
		return found
	}
	p, err := readProfile(conf)
	if err != nil {
		return bad(err)
	}
	words, err := conf.wording(p)
	if err != nil {
		return bad(err)
	}
	book := words.book
	set, err := words.set(p)
	if err != nil {
		return bad(err)
	}
	found = checkOwn(words)
	proof := conf.proof(set, texts{book.Sources(), words, p}, flowLimits(p))
	for _, pr := range proof.Problems {
		place := pr.File
		if pr.Line > 0 {
			place = fmt.Sprintf("%s:%d", pr.File, pr.Line)
		}
		found = append(found, finding{failure, place, pr.What, pr.Hint})
	}
	fmt.Fprintf(out, "%s, %s: %s explored, %s through, %s in %s\n",
		count(proof.Flows, "flow", "flows"), count(proof.Steps, "step", "steps"), count(proof.States, "state", "states"),
		count(int(min(proof.Paths, math.MaxInt)), "way", "different ways"), count(proof.Texts, "text", "texts"), count(proof.Languages, "language", "languages"))
	for _, s := range book.Stale() {
		found = append(found, finding{warning, fmt.Sprintf("%s:%d", s.File, s.Line), s.What, s.Remedy})
	}
	var drafts []string
	for _, l := range book.Languages() {
		switch {
		case l.Draft():
			drafts = append(drafts, l.Tag)
		case l.Source():
			found = append(found, finding{remark, "locales/" + l.Tag, "the source of all translations: no reader from a place has signed it", "let somebody from the place read it before people do"})
		}
	}
	if len(drafts) > 0 {
		found = append(found, finding{remark, "locales", "drafts that no native reader has signed: " + strings.Join(drafts, ", "), "each is offered only where the configuration lists it under drafts:"})
	}
	found = append(found, checkUnfinished(book)...)
	for _, tag := range p.Languages {
		if what := unfinished(book, tag); what != "" && conf.path == shippedPath {
			found = append(found, finding{failure, p.at("languages"), what, "take it out of the profile until then"})
		}
	}
	reviewed, err := time.Parse(time.DateOnly, p.Windows.Reviewed)
	if err != nil || time.Since(reviewed) > 366*24*time.Hour {
		found = append(found, finding{warning, p.at("windows.reviewed"), "the medical windows were last looked at on " + p.Windows.Reviewed, "ask the health coordination, and note the day"})
	}
	if conf.path != shippedPath {
		if _, err := offered(conf, p, book); err != nil {
			return bad(err)
		}
	}
	return found
}

// prover looks at what a mission asks, as flow.Check does. What two missions ask alike need not be proved twice.
type prover func(*config, *flow.Set, flow.Texts, flow.Limits) flow.Report

func (c *config) proof(set *flow.Set, t flow.Texts, l flow.Limits) flow.Report {
	if c.prove == nil {
		return flow.Check(set, t, l)
	}
	return c.prove(c, set, t, l)
}

// flowLimits are what every door can bear, and the values that the chat fills in.
func flowLimits(p *profile) flow.Limits {
	args := []string{"Readers", "Count", "Hours", "Accused"}
	for name := range p.values() {
		args = append(args, name)
	}
	return flow.Limits{
		Text: 4096, Label: 48, Data: 64, Args: args, Lines: []string{remedyList}, Kinds: p.kindNames(), Others: []string{"bot.", "staff.", "open.", "word.guess", "word.when.", "service.kind.", "service.for.", "service.language.", "card.", "hours.", "pathway.", "page.", "desk.", "demo."},
	}
}

// texts are the catalogs, and over them the labels of the profile's lists.
type texts struct {
	speech.Sources
	words   *wording
	profile *profile
}

// Languages lists those in which people can be asked, and the one with which the others are compared.
func (t texts) Languages() []string { return t.words.langs }

// Keys lists every key of a language. The shipped texts of a flow that the mission has replaced may be left over.
func (t texts) Keys(lang string) []string {
	own, _ := t.words.book.Own(lang)
	return slices.DeleteFunc(t.words.book.Keys(), func(key string) bool {
		name, _, _ := strings.Cut(key, ".")
		_, mine := slices.BinarySearch(own, key)
		return t.words.instead[name] && !mine
	})
}

// Text gives a text of the catalogs, or the label of an item of a list.
func (t texts) Text(lang, key string) (string, []string, bool) {
	if rest, ok := strings.CutPrefix(key, "list."); ok {
		list, name, _ := strings.Cut(rest, ".")
		if !slices.Contains(t.profile.Languages, lang) { // only compared with; nobody is asked in it
			lang = t.profile.Languages[0]
		}
		if label, ok := t.profile.label(lang, list, name); ok {
			return label, nil, true
		}
		if list == kindList {
			return t.Sources.Text(lang, kindKey+name)
		}
	}
	return t.Sources.Text(lang, key)
}

// checkUnfinished tells how far the translations have come that nobody is spoken to in yet.
func checkUnfinished(book *speech.Book) (found []finding) {
	var waiting []string
	for _, p := range book.Unfinished() {
		switch {
		case p.Have == 0:
			waiting = append(waiting, p.Tag)
		case p.Have == p.Want:
			found = append(found, finding{remark, "locales/" + p.Tag, fmt.Sprintf("complete, 100%% of %d texts, and not offered: language.json says that it is begun", p.Want), `write "review": "draft" there, and look for a second reader`})
		default:
			found = append(found, finding{remark, "locales/" + p.Tag, fmt.Sprintf("begun: %d%%, %d of %d texts; it is not offered until it is complete", p.Percent(), p.Have, p.Want), "`amana translate export -lang " + p.Tag + "` writes a sheet for translators"})
		}
	}
	if len(waiting) > 0 {
		found = append(found, finding{remark, "locales", "they wait for translators, 0% is written: " + strings.Join(waiting, ", "), "`amana translate export -lang " + waiting[0] + "` writes a sheet for translators; see locales/README.md"})
	}
	return found
}
