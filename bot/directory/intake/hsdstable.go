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
		return slices.ContainsFunc(tables, func(t *table.Table) bool { return t.Name == name || t.Name == name+"s" })
	}
	return has("service") && (has("organization") || has("location"))
}

// joined is a row of a table of HSDS, with the rows of other tables that belong to it.
type joined struct {
	line  int
	cells map[string]any
}

// hsdsTables puts the tables together to the form that the JSON has, and reads that.
func (r *Reader) hsdsTables(p pack) error {
	read := map[string][]joined{}
	for _, t := range p.tables {
		rows, err := r.joinedRows(t)
		if err != nil {
			return err
		}
		read[strings.TrimSuffix(t.Name, "s")] = rows
	}
	rows := func(name string) []joined { return read[strings.TrimSuffix(name, "s")] }
	// Each table hangs on the one that it names; the innermost first.
	terms := byID(rows("taxonomy_term"))
	for _, a := range rows("attribute") {
		if term, ok := terms[str(a, "taxonomy_term_id")]; ok {
			a.cells["taxonomy_term"] = term.cells
		}
	}
	locations := byID(rows("location"))
	hang(rows("address"), "location_id", locations, "addresses")
	hang(rows("phone"), "location_id", locations, "phones")
	hang(rows("schedule"), "location_id", locations, "schedules")
	hang(rows("language"), "location_id", locations, "languages")
	hang(rows("accessibility"), "location_id", locations, "accessibility")
	at := byID(rows("service_at_location"))
	hang(rows("phone"), "service_at_location_id", at, "phones")
	hang(rows("schedule"), "service_at_location_id", at, "schedules")
	for _, a := range at {
		if l, ok := locations[str(a, "location_id")]; ok {
			a.cells["location"] = l.cells
		}
	}
	services := byID(rows("service"))
	hang(rows("service_at_location"), "service_id", services, "service_at_locations")
	for table, member := range map[string]string{"phone": "phones", "schedule": "schedules", "language": "languages", "cost_option": "cost_options", "required_document": "required_documents", "service_area": "service_areas"} {
		hang(rows(table), "service_id", services, member)
	}
	hang(rows("attribute"), "link_id", services, "attributes")
	organisations := byID(rows("organization"))
	hang(rows("phone"), "organization_id", organisations, "phones")
	file := p.file + "/service.csv"
	for _, s := range rows("service") {
		if o, ok := organisations[str(s, "organization_id")]; ok {
			s.cells["organization"] = o.cells
		}
		r.joinedService(s, file)
		r.counted()
	}
	return nil
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

// joinedRows reads one table, whose first row names its columns.
func (r *Reader) joinedRows(t *table.Table) (rows []joined, err error) {
	var names []string
	for row, err := range t.Rows() {
		if err != nil {
			return nil, err
		}
		if names == nil {
			for _, c := range row.Cells {
				names = append(names, strings.ToLower(strings.TrimSpace(c)))
			}
			continue
		}
		one := joined{row.Line, map[string]any{}}
		for i, name := range names {
			if value := cell(row.Cells, i); value != "" && name != "" {
				one.cells[name] = value
			}
		}
		rows = append(rows, one)
		if len(rows) > r.limit() {
			return nil, directory.Finding{Level: directory.Refused, File: t.File, Line: row.Line, What: fmt.Sprintf("the table has more than %d rows", r.limit()), Remedy: "part it"}
		}
	}
	return rows, nil
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
