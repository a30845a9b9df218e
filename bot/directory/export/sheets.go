package export

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"amana/bot/directory"
	"amana/bot/directory/table"
	"amana/bot/speech"
)

// Sheets are a directory as tables with HXL tags.
type Sheets struct {
	Services, Organisations, Areas table.Sheet
}

// NewSheets lays a directory out. It must not be changed while the sheets are written. Its error says that no sheet can
// hold it.
func NewSheets(d *directory.Directory, kinds *directory.Kinds) (s Sheets, err error) {
	rtl := speech.Direction(most(d)) == "rtl"
	tree, bad := directory.NewAreas(d.Areas)
	if len(bad) > 0 {
		return s, bad[0]
	}
	areas, orgs := pointers(d.Areas), pointers(d.Organisations)
	byID := map[string]*directory.Organisation{}
	for _, o := range orgs {
		byID[o.ID] = o
	}
	s.Areas = sheet("Areas", rtl, areaColumns(areas), areas)
	s.Organisations = sheet("Organisations", rtl, organisationColumns(orgs), orgs)
	s.Services = sheet("Services", rtl, serviceColumns(d.Services, byID, tree, kinds), d.Services)
	for _, one := range []table.Sheet{s.Services, s.Organisations, s.Areas} {
		if n := len(one.Head[0]); n > table.Usual.Columns {
			return s, fmt.Errorf("the sheet %s would have %d columns, and %d can be read again; services.json holds everything", one.Name, n, table.Usual.Columns)
		}
	}
	return s, nil
}

// XLSX writes all sheets as one workbook. What memory cannot hold goes to the spare folder meanwhile; empty is the
// system's own.
func (s Sheets) XLSX(w io.Writer, spare string) error {
	return table.WriteXLSX(w, spare, s.Services, s.Organisations, s.Areas)
}

// most gives the language in which most is said.
func most(d *directory.Directory) (lang string) {
	counts := map[string]int{}
	for _, s := range d.Services {
		for _, words := range []directory.Words{s.Name, s.Says, s.Place.Name, s.Place.Address, s.Remarks} {
			for _, t := range words {
				counts[t.Lang]++
			}
		}
	}
	for l, n := range counts {
		if l != "" && (n > counts[lang] || lang == "" || n == counts[lang] && l < lang) {
			lang = l
		}
	}
	return lang
}

func pointers[T any](list []T) (all []*T) {
	for i := range list {
		all = append(all, &list[i])
	}
	return all
}

// one, must and figure make a column of a single text; one that always stands; one of numbers.
func one[T any](label, tag string, get func(*T) string) column[T] {
	return column[T]{label: label, tag: tag, get: get}
}

func must[T any](label, tag string, get func(*T) string) column[T] {
	return column[T]{label: label, tag: tag, get: get, keep: true}
}

func figure[T any](label, tag string, get func(*T) string) column[T] {
	return column[T]{label: label, tag: tag, get: get, number: true}
}

func areaColumns(all []*directory.Area) (c []column[directory.Area]) {
	type area = directory.Area
	c = append(c, must("ID", "#x_id", func(a *area) string { return a.ID }), must("Code", "#x_code", func(a *area) string { return a.Code }),
		must("Parent", "#x_parent", func(a *area) string { return a.Parent }))
	level := figure("Level", "#x_level", func(a *area) string { return strconv.Itoa(a.Level) })
	level.keep = true
	c = append(c, level)
	c = append(c, said("Name", "#x_area_name", all, func(a *area) directory.Words { return a.Name })...)
	c = append(c, point(func(a *area) *directory.Point { return a.Point })...)
	c = append(c, one("Source", "#meta+source", func(a *area) string { return a.Source }))
	return append(c, extras(all, func(a *area) []directory.Pair { return a.Extra })...)
}

func point[T any](get func(*T) *directory.Point) []column[T] {
	return []column[T]{
		figure("Latitude", "#geo+lat", func(t *T) string {
			if p := get(t); p != nil {
				return number(p.Lat).String()
			}
			return ""
		}),
		figure("Longitude", "#geo+lon", func(t *T) string {
			if p := get(t); p != nil {
				return number(p.Lon).String()
			}
			return ""
		}),
	}
}

func organisationColumns(all []*directory.Organisation) (c []column[directory.Organisation]) {
	type org = directory.Organisation
	c = append(c, must("Organisation ID", "#org+id", func(o *org) string { return o.ID }))
	c = append(c, said("Organisation", "#org+name", all, func(o *org) directory.Words { return o.Name })...)
	c = append(c, must("Acronym", "#org+acronym", func(o *org) string { return o.Alternate }))
	c = append(c, said("Description", "#description", all, func(o *org) directory.Words { return o.Description })...)
	c = append(c, numbers(all, func(o *org) []directory.Phone { return o.Phones })...)
	c = append(c, one("Email", "#contact+email", func(o *org) string { return o.Email }), one("Website", "#contact+url", func(o *org) string { return o.Web }),
		one("Source", "#meta+source", func(o *org) string { return o.Source }))
	return append(c, extras(all, func(o *org) []directory.Pair { return o.Extra })...)
}

// inWords says the kinds of a service in the words of operators, for whoever reads the sheet.
func inWords(s *directory.Service, kinds *directory.Kinds) string {
	var titles []string
	for _, name := range s.Kinds {
		if k, ok := kinds.Kind(name); ok {
			titles = append(titles, k.Title)
		}
	}
	return strings.Join(titles, "; ")
}
