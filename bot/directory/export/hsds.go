package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"amana/bot/directory"
	"amana/bot/directory/hours"
)

// Taxonomy marks attributes whose codes are the names of our own fields.
const Taxonomy = "amana"

// kindTaxonomy marks the terms of kinds of service.
const kindTaxonomy = "amana-kinds"

// object is a member of the JSON; empty values are left out of it.
type object map[string]any

// HSDS writes all services of a directory as a page of HSDS 3.0 services, each with its organisation and its place.
func HSDS(w io.Writer, d *directory.Directory, kinds *directory.Kinds) error {
	areas, bad := directory.NewAreas(d.Areas)
	if len(bad) > 0 {
		return bad[0]
	}
	orgs := map[string]*directory.Organisation{}
	for i := range d.Organisations {
		orgs[d.Organisations[i].ID] = &d.Organisations[i]
	}
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `{"total_items":%d,"total_pages":1,"page_number":1,"size":%d,"first_page":true,"last_page":true,"empty":%t,"contents":[`, len(d.Services), len(d.Services), len(d.Services) == 0)
	for i, s := range d.Services {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		line, err := json.Marshal(service(s, orgs[s.Org], areas, kinds))
		if err != nil {
			return fmt.Errorf("exporting a service: %w", err)
		}
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return b.Flush()
}

func service(s *directory.Service, org *directory.Organisation, areas *directory.Areas, kinds *directory.Kinds) object {
	o := object{"id": s.ID, "status": "active", "organization": organization(s.Org, org)}
	if s.Status != "" {
		o["status"] = string(s.Status)
	}
	o["name"] = or(english(s.Name), title(s, kinds))
	o.set("description", english(s.Says))
	o.set("url", s.Web)
	o.set("email", s.Email)
	o.set("interpretation_services", english(s.Interprets))
	o.set("application_process", english(s.Referral))
	o.set("fees_description", english(s.Cost.Note))
	o.set("eligibility_description", english(s.Eligibility))
	o.set("alert", english(s.Remarks))
	o.set("assured_date", string(s.VerifiedOn))
	if strings.Contains(s.VerifiedBy, "@") {
		o["assurer_email"] = s.VerifiedBy
	}
	if s.MinAge > 0 {
		o["minimum_age"] = s.MinAge
	}
	if s.MaxAge > 0 {
		o["maximum_age"] = s.MaxAge
	}
	o.list("phones", phones(s.ID, s.Phones))
	o.list("languages", languages(s))
	if text := english(s.Bring); text != "" {
		o["required_documents"] = []object{{"id": s.ID + "/document", "document": text}}
	}
	if s.Cost.Free == directory.Yes {
		o["cost_options"] = []object{{"id": s.ID + "/cost", "option": "free", "amount": 0}}
	}
	o["service_at_locations"] = []object{atLocation(s, areas)}
	o.list("attributes", append(terms(s, kinds), own(s)...))
	return o
}

func organization(id string, org *directory.Organisation) object {
	if org == nil {
		return object{"id": id, "name": id, "description": id}
	}
	name := or(english(org.Name), id)
	o := object{"id": id, "name": name, "description": or(english(org.Description), name)}
	o.set("alternate_name", org.Alternate)
	o.set("email", org.Email)
	o.set("website", org.Web)
	o.list("phones", phones(id, org.Phones))
	a := attributes{of: id}
	a.words("name", org.Name)
	a.words("says", org.Description)
	a.pairs(org.Extra)
	o.list("attributes", a.list)
	return o
}

func atLocation(s *directory.Service, areas *directory.Areas) object {
	p := s.Place
	l := object{"id": or(p.ID, s.ID+"/location"), "location_type": "physical"}
	if !p.WalkIn() {
		l["location_type"] = "virtual"
	}
	l.set("name", english(p.Name))
	l.set("description", english(p.Address))
	if a, ok := areas.Area(p.Area); ok {
		l["external_identifier"] = a.ID
		l["external_identifier_type"] = "area"
	}
	if p.Point != nil {
		l["latitude"], l["longitude"] = number(p.Point.Lat), number(p.Point.Lon)
	}
	if text := english(s.Access); text != "" {
		l["accessibility"] = []object{{"id": s.ID + "/accessibility", "description": text}}
	}
	at := object{"id": s.ID + "/at", "location": l}
	at.list("schedules", schedules(s))
	return at
}

// schedules say the hours for whoever reads HSDS. Where it cannot say them whole, they are left out: hours that are half
// right send somebody to a closed door.
func schedules(s *directory.Service) (list []object) {
	h, err := hours.Parse(s.Times.Open)
	if err != nil {
		return nil
	}
	rows, whole := h.Schedules()
	if !whole {
		return []object{{"id": s.ID + "/hours", "description": s.Times.Open}}
	}
	for n, r := range rows {
		o := object{"id": fmt.Sprintf("%s/hours/%d", s.ID, n), "freq": r.Freq, "byday": r.ByDay, "opens_at": r.OpensAt, "closes_at": r.ClosesAt}
		o.set("valid_from", r.ValidFrom)
		o.set("valid_to", r.ValidTo)
		list = append(list, o)
	}
	return list
}

func phones(of string, all []directory.Phone) (list []object) {
	for n, p := range all {
		o := object{"id": fmt.Sprintf("%s/phone/%d", of, n), "number": p.Number, "type": or(p.Use, "voice")}
		o.set("extension", p.Ext)
		o.set("description", p.Remark)
		list = append(list, o)
	}
	return list
}

func languages(s *directory.Service) (list []object) {
	for _, l := range s.Langs {
		list = append(list, object{"id": s.ID + "/language/" + l, "code": l})
	}
	return list
}

func terms(s *directory.Service, kinds *directory.Kinds) (list []object) {
	for _, k := range s.Kinds {
		name := k
		if kind, ok := kinds.Kind(k); ok {
			name = kind.Title
		}
		list = append(list, object{"id": s.ID + "/kind/" + k, "link_id": s.ID, "link_entity": "service",
			"taxonomy_term": object{"id": kindTaxonomy + "/" + k, "code": k, "name": name, "description": name, "taxonomy": kindTaxonomy}})
	}
	return list
}

// title names a service that has no name.
func title(s *directory.Service, kinds *directory.Kinds) string {
	if len(s.Kinds) > 0 {
		if k, ok := kinds.Kind(s.Kinds[0]); ok {
			return k.Title
		}
	}
	return s.ID
}

func (o object) set(name, value string) {
	if value != "" {
		o[name] = value
	}
}

func (o object) list(name string, list []object) {
	if len(list) > 0 {
		o[name] = list
	}
}

func english(w directory.Words) string {
	text, _ := w.In("en", "")
	return text
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// number writes degrees without an exponent.
func number(f float64) json.Number { return json.Number(strconv.FormatFloat(f, 'f', -1, 64)) }
