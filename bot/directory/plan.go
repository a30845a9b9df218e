package directory

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Plan is what an import would change.
type Plan struct {
	Changes []Change
	Same    int // records that stay as they are
}

// Deed is what becomes of a record.
type Deed string

// The deeds of a plan.
const (
	Added   Deed = "added"
	Changed Deed = "changed"
	Removed Deed = "removed"
)

// Change is one record of a plan.
type Change struct {
	Deed   Deed
	What   string // "area", "organisation", "service"
	ID     string
	Title  string   // for operators
	Fields []string // that differ, by their names in records
	Source string
}

// Counts gives how many records of one sort meet with a deed.
func (p Plan) Counts(d Deed, what string) (n int) {
	for _, c := range p.Changes {
		if c.Deed == d && c.What == what {
			n++
		}
	}
	return n
}

// Planner compares a directory with the one in force, which is walked a record at a time.
type Planner struct {
	next *Directory
	at   map[string]int // by sort and id: where in next
	seen map[string]bool
	plan Plan
	keep bool
}

// NewPlanner begins to compare. With keep, what the new directory does not name stays in force and is added to it.
func NewPlanner(next *Directory, keep bool) *Planner {
	p := &Planner{next: next, at: map[string]int{}, seen: map[string]bool{}, keep: keep}
	for i, a := range next.Areas {
		p.at["area "+a.ID] = i
	}
	for i, o := range next.Organisations {
		p.at["organisation "+o.ID] = i
	}
	for i := range next.Services {
		p.at["service "+next.Services[i].ID] = i
	}
	return p
}

// Old is told each record in force.
func (p *Planner) Old(r Record) error {
	what, id, title, source, old := r.who()
	at, stays := p.at[what+" "+id]
	if !stays {
		if p.keep {
			p.plan.Same++
			p.add(r)
			return nil
		}
		p.plan.Changes = append(p.plan.Changes, Change{Deed: Removed, What: what, ID: id, Title: title, Source: source})
		return nil
	}
	p.seen[what+" "+id] = true
	next := p.next.record(what, at)
	_, _, title, source, now := next.who()
	if fields := differ(reflect.ValueOf(old), reflect.ValueOf(now), ""); len(fields) > 0 {
		p.plan.Changes = append(p.plan.Changes, Change{Changed, what, id, title, fields, source})
	} else {
		p.plan.Same++
	}
	return nil
}

func (p *Planner) add(r Record) {
	switch {
	case r.Area != nil:
		p.next.Areas = append(p.next.Areas, *r.Area)
	case r.Organisation != nil:
		p.next.Organisations = append(p.next.Organisations, *r.Organisation)
	case r.Service != nil:
		p.next.Services = append(p.next.Services, r.Service)
	}
}

// Done gives the plan: what is added first, then what is changed and removed, each in the order of titles.
func (p *Planner) Done() Plan {
	for name, i := range p.at {
		if !p.seen[name] {
			what, _, _ := strings.Cut(name, " ")
			_, id, title, source, _ := p.next.record(what, i).who()
			p.plan.Changes = append(p.plan.Changes, Change{Deed: Added, What: what, ID: id, Title: title, Source: source})
		}
	}
	deeds, sorts := []Deed{Added, Changed, Removed}, []string{"area", "organisation", "service"}
	slices.SortFunc(p.plan.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(slices.Index(deeds, a.Deed), slices.Index(deeds, b.Deed)),
			cmp.Compare(slices.Index(sorts, a.What), slices.Index(sorts, b.What)), cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
	})
	return p.plan
}

func (d *Directory) record(what string, at int) Record {
	switch what {
	case "area":
		return Record{Area: &d.Areas[at]}
	case "organisation":
		return Record{Organisation: &d.Organisations[at]}
	}
	return Record{Service: d.Services[at]}
}

// who names a record.
func (r Record) who() (what, id, title, source string, value any) {
	switch {
	case r.Area != nil:
		return "area", r.Area.ID, r.Area.title(), r.Area.Source, *r.Area
	case r.Organisation != nil:
		name, _ := r.Organisation.Name.In("en", "")
		return "organisation", r.Organisation.ID, cmp.Or(name, r.Organisation.ID), r.Organisation.Source, *r.Organisation
	case r.Service != nil:
		name, _ := r.Service.Name.In("en", "")
		title := fmt.Sprintf("%s in %s", strings.Join(r.Service.Kinds, ", "), r.Service.Place.Area)
		return "service", r.Service.ID, cmp.Or(name, r.Service.Org) + ": " + title, r.Service.Source, *r.Service
	}
	return "", "", "", "", nil
}

// differ names the fields in which two records differ, without where they come from: a sheet that was moved to another
// file has not changed.
func differ(a, b reflect.Value, within string) (fields []string) {
	for i := range a.NumField() {
		name, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
		if name == "source" {
			continue
		}
		if a.Field(i).Kind() == reflect.Struct {
			fields = append(fields, differ(a.Field(i), b.Field(i), within+name+".")...)
		} else if x, y := a.Field(i), b.Field(i); !(x.Kind() == reflect.Slice && x.Len()+y.Len() == 0) && !reflect.DeepEqual(x.Interface(), y.Interface()) {
			fields = append(fields, within+name)
		}
	}
	return fields
}
