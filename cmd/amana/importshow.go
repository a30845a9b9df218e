package main

import (
	"fmt"
	"strings"

	"amana/bot/directory"
	"amana/bot/directory/inspect"
	"amana/bot/directory/intake"
)

// listed is how many changes of one deed are listed, where not all are asked for.
const listed = 50

// findings prints what the files said that could not be taken, or only with an assumption.
func (i *importing) findings(out intake.Outcome) {
	for _, f := range out.Findings {
		fmt.Fprintf(i.stdout, "%s: %s\n", f.Level, oneLine(f.String()))
	}
	if out.More > 0 {
		fmt.Fprintf(i.stdout, "and %d more of these: mend the sheet, and look again\n", out.More)
	}
}

// looked prints what would mislead people in the directory that the files make, beside what was told of their rows.
func (i *importing) looked(out intake.Outcome) {
	l := &lookingAtServices{all: i.all}
	for _, f := range l.bounded(withoutTold(inspect.Look(out.Directory, i.profile.inspected(i.kinds, i.config.zone(), i.clock())), out)) {
		where := ""
		if f.Place != "" {
			where = f.Place + ": "
		}
		fmt.Fprintf(i.stdout, "%s: %s%s; %s\n", f.Level, where, f.What, f.Hint)
	}
}

// show prints a plan.
func (i *importing) show(p directory.Plan, out intake.Outcome) {
	shown := map[directory.Deed]int{}
	for n, c := range p.Changes {
		if shown[c.Deed]++; shown[c.Deed] > listed && !i.all {
			if n+1 == len(p.Changes) || p.Changes[n+1].Deed != c.Deed {
				fmt.Fprintf(i.stdout, "%s: %d more; -all lists them\n", c.Deed, shown[c.Deed]-listed)
			}
			continue
		}
		line := fmt.Sprintf("%s: %s %s", c.Deed, c.What, c.Title)
		if len(c.Fields) > 0 {
			line += " (" + strings.Join(c.Fields, ", ") + ")"
		}
		fmt.Fprintf(i.stdout, "%s, %s\n", oneLine(line), oneLine(c.Source))
	}
	for _, what := range [][2]string{{"area", "areas"}, {"organisation", "organisations"}, {"service", "services"}} {
		a, c, r := p.Counts(directory.Added, what[0]), p.Counts(directory.Changed, what[0]), p.Counts(directory.Removed, what[0])
		if a+c+r > 0 {
			fmt.Fprintf(i.stdout, "%s: %d added, %d changed, %d removed\n", what[1], a, c, r)
		}
	}
	fmt.Fprintf(i.stdout, "%s, %s, %s\n", count(out.Rows, "row read", "rows read"), count(p.Same, "record stays as it is", "records stay as they are"), count(out.Refused, "record refused", "records refused"))
}

// oneLine makes a line of what a sheet says: it may come from anybody, and a terminal must not obey it.
func oneLine(s string) string { return strings.ReplaceAll(plain(s), "\n", " ") }
