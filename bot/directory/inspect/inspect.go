package inspect

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"amana/bot/directory"
)

// Sort is what a finding is about.
type Sort string

// The sorts of findings.
const (
	Records   Sort = "records"
	Phones    Sort = "telephone numbers"
	Areas     Sort = "areas"
	Shelters  Sort = "hidden places"
	Hours     Sort = "opening hours"
	Freshness Sort = "freshness"
	Twins     Sort = "records that stand twice"
)

// Sorts lists them in the order in which they are told.
var Sorts = []Sort{Shelters, Records, Phones, Areas, Hours, Freshness, Twins}

// Finding is one thing that was found. A finding that is refused must be mended; a note is only odd.
type Finding struct {
	directory.Finding
	Sort Sort
}

// Options are what an inspection is told of the mission.
type Options struct {
	Kinds    *directory.Kinds
	Now      time.Time
	Zone     *time.Location                            // of services that name none; nil: UTC
	Load     func(name string) (*time.Location, error) // finds the zone that a service names; nil: none is found
	Holidays func(day time.Time) bool                  // nil: the mission has no list
}

// Look looks through a directory. What it finds is in the order of level, file and line.
func Look(d *directory.Directory, o Options) []Finding {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	l := &look{d: d, o: o, today: directory.DateOf(o.Now.In(o.Zone)), orgs: map[string]*directory.Organisation{}, near: map[string][]string{}}
	for i := range d.Organisations {
		l.orgs[d.Organisations[i].ID] = &d.Organisations[i]
	}
	l.areas()
	l.records()
	l.phones()
	l.shelters()
	l.hours()
	l.freshness()
	l.organisations()
	l.services()
	levels := []directory.Level{directory.Refused, directory.Warning, directory.Note}
	slices.SortStableFunc(l.found, func(a, b one) int {
		return cmp.Or(cmp.Compare(slices.Index(levels, a.Level), slices.Index(levels, b.Level)), cmp.Compare(a.place.file, b.place.file), cmp.Compare(a.place.n, b.place.n),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.What, b.What))
	})
	var out []Finding
	for _, f := range l.found {
		out = append(out, f.Finding)
	}
	return out
}

// look is one inspection under way.
type look struct {
	d     *directory.Directory
	o     Options
	today directory.Date
	tree  *directory.Areas
	orgs  map[string]*directory.Organisation
	near  map[string][]string // organisations that are called alike
	found []one
}

type one struct {
	Finding
	place place
}

// place is where a record came from, as an import writes it down.
type place struct {
	file string
	n    int    // the line, or the number of the service in a JSON file; 0: not known
	said string // as it stands in the record
	line bool   // n is a line
}

var (
	atLine = regexp.MustCompile(`^(.+):(\d+)$`)
	inJSON = regexp.MustCompile(`^(.+) \(service (\d+)\)$`)
)

// placeOf reads the source of a record. Without one the record is named by its sort and id.
func placeOf(source, what, id string) place {
	if source == "" {
		return place{file: strings.TrimSpace(what + " " + id)}
	}
	if row := inBrackets(source); atLine.MatchString(row) { // the row itself names a source, and the row stands behind it
		source = row
	}
	for _, form := range []*regexp.Regexp{atLine, inJSON} {
		if m := form.FindStringSubmatch(source); m != nil {
			n, err := strconv.Atoi(m[2])
			if err == nil {
				return place{m[1], n, source, form == atLine}
			}
		}
	}
	return place{file: source}
}

// inBrackets gives what stands in the brackets at the end of a text, in which there may be others.
func inBrackets(s string) string {
	depth := 0
	for i := len(s) - 1; i >= 0 && strings.HasSuffix(s, ")"); i-- {
		switch s[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				return s[i+1 : len(s)-1]
			}
		}
	}
	return ""
}

// String names it for whoever reads another finding.
func (p place) String() string { return cmp.Or(p.said, p.file) }

func (l *look) say(s Sort, level directory.Level, at place, column, what, remedy string) {
	f := directory.Finding{Level: level, File: at.file, Column: column, What: what, Remedy: remedy}
	switch {
	case at.line:
		f.Line = at.n
	case at.n > 0:
		f.File = at.said
	}
	l.found = append(l.found, one{Finding{f, s}, at})
}

func ofService(s *directory.Service) place { return placeOf(s.Source, "service", s.ID) }

// records looks at each service as an import does: the mission may know other kinds and areas than on that day.
func (l *look) records() {
	area := func(id string) bool { _, ok := l.tree.Area(id); return ok }
	org := func(id string) bool { return l.orgs[id] != nil }
	for _, s := range l.d.Services {
		for _, f := range s.Check(l.o.Kinds, area, org) {
			l.say(Records, f.Level, ofService(s), f.Column, f.What, f.Remedy)
		}
		if len(s.Phones) == 0 && s.Email == "" && s.Web != "" && !s.Place.WalkIn() {
			l.say(Records, directory.Note, ofService(s), "web", "it can be reached by its web page alone", "add a number: not everybody can open a page")
		}
	}
}

// clip shortens what is quoted.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// few lists some names, and counts the rest.
func few(names []string) string {
	const most = 5
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
