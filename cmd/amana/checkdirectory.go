package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"amana/bot/directory"
	"amana/bot/directory/inspect"
	"amana/bot/directory/intake"
	"amana/bot/store"
)

// lookingAtServices is one look at the service directory.
type lookingAtServices struct {
	*call
	config *config
	to     *reach
	all    bool // list everything, however much it is
	now    time.Time
}

// mostOfASort is how many findings of one sort are listed, where not all are asked for.
const mostOfASort = 20

// inForce looks at the directory in force.
func (l *lookingAtServices) inForce(ctx context.Context) ([]finding, error) {
	var g store.Generations
	if err := l.to.ask(ctx, "directory", struct{}{}, &g); err != nil {
		return nil, err
	}
	if g.Now == nil {
		return []finding{{remark, "", "there is no service directory: people are shown the lines of the profile alone", "`amana import` brings one"}}, nil
	}
	d, err := directory.Unpack(l.to.reads(ctx, *g.Now))
	if err != nil {
		return nil, err
	}
	p, err := readProfile(l.config)
	if err != nil {
		return nil, err
	}
	kinds, err := p.kinds()
	if err != nil {
		return nil, err
	}
	found := l.bounded(inspect.Look(d, p.inspected(kinds, l.config.zone(), l.now)))
	l.counted("the service directory of "+g.Now.Made.In(l.config.zone()).Format("2006-01-02 15:04"), *g.Now, found)
	return append(found, p.boundTo(d, l.now)...), nil
}

// sheets looks at files as an import would take them.
func (l *lookingAtServices) sheets(ctx context.Context, files []string, mapping string) ([]finding, error) {
	i := &importing{call: l.call, config: l.config, to: l.to, dry: true, mapping: mapping}
	var found []finding
	var g store.Generations
	if err := l.to.ask(ctx, "directory", struct{}{}, &g); err != nil {
		found = append(found, finding{warning, "", "the directory in force cannot be read, so its areas are not known here: " + err.Error(), "look at the list of areas together with the sheets"})
	}
	out, err := i.read(ctx, files, g.Now)
	if err != nil {
		return nil, err
	}
	looked := inspect.Look(out.Directory, i.profile.inspected(i.kinds, l.config.zone(), l.now))
	found = append(append(found, asFindings(out)...), l.bounded(withoutTold(looked, out))...)
	d := out.Directory
	l.counted("the sheets", store.Generation{Services: len(d.Services), Organisations: len(d.Organisations), Areas: len(d.Areas)}, found)
	return append(found, i.profile.boundTo(d, l.now)...), nil
}

// counted prints how much was looked at, and what was found.
func (l *lookingAtServices) counted(what string, g store.Generation, found []finding) {
	n := map[level]int{}
	for _, f := range found {
		n[f.Level]++
	}
	fmt.Fprintf(l.stdout, "%s, %s: %s, %s, %s\n", what, holds(g), count(n[failure], "error", "errors"), count(n[warning], "warning", "warnings"), count(n[remark], "note", "notes"))
}

// levels are the words of the check for those of an import.
var levels = map[directory.Level]level{directory.Refused: failure, directory.Warning: warning, directory.Note: remark}

// bounded gives findings as the check prints them, not too many of one sort.
func (l *lookingAtServices) bounded(all []inspect.Finding) (out []finding) {
	type heap struct {
		level directory.Level
		sort  inspect.Sort
	}
	told := map[heap]int{}
	for _, f := range all {
		h := heap{f.Level, f.Sort}
		if told[h]++; told[h] <= mostOfASort || l.all {
			out = append(out, asFinding(f.Finding))
		}
	}
	for _, lv := range []directory.Level{directory.Refused, directory.Warning, directory.Note} {
		for _, s := range inspect.Sorts {
			if more := told[heap{lv, s}] - mostOfASort; more > 0 && !l.all {
				out = append(out, finding{levels[lv], "", fmt.Sprintf("%d more about %s", more, s), "mend these first, or list all: -all"})
			}
		}
	}
	return out
}

// asFinding gives what an import says as the check prints it.
func asFinding(f directory.Finding) finding {
	place := f.File
	if f.Line > 0 {
		place = fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	if f.Column != "" {
		f.What = fmt.Sprintf("column %q: %s", f.Column, f.What)
	}
	return finding{levels[f.Level], oneLine(place), oneLine(f.What), oneLine(f.Remedy)}
}

func asFindings(out intake.Outcome) (found []finding) {
	for _, f := range out.Findings {
		found = append(found, asFinding(f))
	}
	if out.More > 0 {
		found = append(found, finding{warning, "", fmt.Sprintf("and %d more of what an import would tell", out.More), "mend the sheet, and look again"})
	}
	return found
}

// withoutTold leaves out what an import told of the same row.
func withoutTold(looked []inspect.Finding, out intake.Outcome) []inspect.Finding {
	told := map[string]bool{}
	key := func(f directory.Finding) string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.What) }
	for _, f := range out.Findings {
		told[key(f)] = true
	}
	return slices.DeleteFunc(looked, func(f inspect.Finding) bool { return told[key(f.Finding)] })
}

// inspected gives what an inspection is told of the mission.
func (p *profile) inspected(kinds *directory.Kinds, zone *time.Location, now time.Time) inspect.Options {
	o := inspect.Options{Kinds: kinds, Now: now, Zone: zone, Load: time.LoadLocation}
	if len(p.Holidays) > 0 {
		o.Holidays = p.indexed(zone).Holidays
	}
	return o
}
