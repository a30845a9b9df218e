package intake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"amana/bot/directory"
	"amana/bot/directory/table"
)

// isTabular says that the tables of an archive are those of HSDS.
func isTabular(tables []*table.Table) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(tables, func(t *table.Table) bool { return singular(t.Name) == name })
	}
	return has("service") && (has("organization") || has("location"))
}

// singular gives the name of a table as the specification has it: some programs write services.csv and addresses.csv.
func singular(name string) string {
	switch {
	case strings.HasSuffix(name, "sses"):
		return strings.TrimSuffix(name, "es")
	case strings.HasSuffix(name, "ss"):
		return name
	}
	return strings.TrimSuffix(name, "s")
}

// joined is a row of a table of HSDS, with the rows of other tables that belong to it.
type joined struct {
	line  int
	cells map[string]any
}

// How many services are put together at once, and how often the tables are read at most. All tables of fifty thousand
// services would need far more memory than the records that they become, so they are read again for each lot.
const (
	lot     = 4000
	mostLot = 16
)

// tabular are the tables of one archive while they are put together.
type tabular struct {
	*Reader
	tables        map[string]*table.Table
	terms         map[string]joined
	organisations map[string]joined
}

// hsdsTables puts the tables together to the form that the JSON has, and reads that.
func (r *Reader) hsdsTables(p pack) error {
	t := tabular{Reader: r, tables: map[string]*table.Table{}}
	for _, one := range p.tables {
		t.tables[singular(one.Name)] = one
	}
	terms, err := t.rows("taxonomy_term", nil)
	if err != nil {
		return err
	}
	organisations, err := t.rows("organization", nil)
	if err != nil {
		return err
	}
	t.terms, t.organisations = byID(terms), byID(organisations)
	phones, err := t.rows("phone", ofAny("organization_id", t.organisations))
	if err != nil {
		return err
	}
	hang(phones, "organization_id", t.organisations, "phones")
	services := 0
	if _, err := t.rows("service", func(func(string) string) bool { services++; return false }); err != nil {
		return err
	}
	size := max(lot, services/mostLot+1)
	for from := 0; from < services; from += size {
		if err := t.lot(from, from+size, t.tables["service"].File); err != nil {
			return err
		}
	}
	return nil
}

// lot reads the services from one row to before another, with the rows of all tables that belong to them.
func (t *tabular) lot(from, to int, file string) (err error) {
	rows := func(name string, keep func(func(string) string) bool) (rows []joined) {
		if err == nil {
			rows, err = t.rows(name, keep)
		}
		return rows
	}
	n := -1
	all := rows("service", func(func(string) string) bool { n++; return n >= from && n < to })
	services := byID(all)
	places := rows("service_at_location", ofAny("service_id", services))
	at, wanted := byID(places), map[string]joined{}
	for _, a := range places {
		wanted[str(a, "location_id")] = joined{}
	}
	locations := byID(rows("location", ofAny("id", wanted)))
	// Each table hangs on the one that it names; the innermost first.
	for _, one := range []struct {
		table, by string
		owners    map[string]joined
		member    string
	}{
		{"address", "location_id", locations, "addresses"}, {"phone", "location_id", locations, "phones"}, {"schedule", "location_id", locations, "schedules"},
		{"language", "location_id", locations, "languages"}, {"accessibility", "location_id", locations, "accessibility"},
		{"phone", "service_at_location_id", at, "phones"}, {"schedule", "service_at_location_id", at, "schedules"},
	} {
		hang(rows(one.table, ofAny(one.by, one.owners)), one.by, one.owners, one.member)
	}
	for _, a := range places {
		if l, ok := locations[str(a, "location_id")]; ok {
			a.cells["location"] = l.cells
		}
	}
	hang(places, "service_id", services, "service_at_locations")
	for table, member := range map[string]string{"phone": "phones", "schedule": "schedules", "language": "languages", "cost_option": "cost_options", "required_document": "required_documents", "service_area": "service_areas"} {
		hang(rows(table, ofAny("service_id", services)), "service_id", services, member)
	}
	attributes := rows("attribute", ofAny("link_id", services))
	for _, a := range attributes {
		if term, ok := t.terms[str(a, "taxonomy_term_id")]; ok {
			a.cells["taxonomy_term"] = term.cells
		}
	}
	hang(attributes, "link_id", services, "attributes")
	if err != nil {
		return err
	}
	for _, s := range all {
		if o, ok := t.organisations[str(s, "organization_id")]; ok {
			s.cells["organization"] = o.cells
		}
		t.joinedService(s, file)
		t.counted()
	}
	return nil
}

// rows reads the rows of one table that somebody wants; all of them, if nobody says which. A table that is not there has none.
func (t *tabular) rows(name string, keep func(get func(column string) string) bool) (rows []joined, err error) {
	one := t.tables[name]
	if one == nil {
		return nil, nil
	}
	var names []string
	n := 0
	for row, err := range one.Rows() {
		if err != nil {
			return nil, err
		}
		if names == nil { // the first row names the columns
			for _, c := range row.Cells {
				names = append(names, strings.ToLower(strings.TrimSpace(c)))
			}
			continue
		}
		if n++; n > t.limit() {
			return nil, directory.Finding{Level: directory.Refused, File: one.File, Line: row.Line, What: fmt.Sprintf("the table has more than %d rows", t.limit()), Remedy: "part it"}
		}
		get := func(column string) string { return cell(row.Cells, slices.Index(names, column)) }
		if keep != nil && !keep(get) {
			continue
		}
		cells := map[string]any{}
		for i, name := range names {
			if value := cell(row.Cells, i); value != "" && name != "" {
				cells[name] = value
			}
		}
		rows = append(rows, joined{row.Line, cells})
	}
	return rows, nil
}

// ofAny keeps the rows that name one of some owners.
func ofAny(column string, owners map[string]joined) func(func(string) string) bool {
	return func(get func(string) string) bool {
		_, ok := owners[get(column)]
		return ok
	}
}

func (r *Reader) joinedService(s joined, file string) {
	raw, err := json.Marshal(s.cells)
	var h hsdsService
	if err == nil {
		err = json.Unmarshal(raw, &h)
	}
	if err != nil {
		r.refuse(directory.Finding{Level: directory.Refused, File: file, Line: s.line, What: "the service is not in the form of HSDS 3.0", Remedy: "compare it with the tables of the specification"})
		return
	}
	r.hsdsService(h, place{file: file, line: s.line, extra: unknownOf(raw)})
}

func byID(rows []joined) map[string]joined {
	out := make(map[string]joined, len(rows))
	for _, r := range rows {
		if id := str(r, "id"); id != "" {
			out[id] = r
		}
	}
	return out
}

// mostHanging bounds the rows of one table that belong to one row of another.
const mostHanging = 200

// hang puts rows into a member of the rows that they name.
func hang(rows []joined, by string, owners map[string]joined, member string) {
	for _, r := range rows {
		if owner, ok := owners[str(r, by)]; ok {
			if list, _ := owner.cells[member].([]any); len(list) < mostHanging {
				owner.cells[member] = append(list, r.cells)
			}
		}
	}
}

func str(r joined, name string) string {
	s, _ := r.cells[name].(string)
	return s
}
