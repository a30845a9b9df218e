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

// PageSize is how many services stand on a page of HSDS: so many that a page stays within what is read again.
const PageSize = 5_000

// Pages says how many pages of HSDS a directory fills; an empty one fills one.
func Pages(d *directory.Directory) int { return max(1, (len(d.Services)+PageSize-1)/PageSize) }

// HSDS writes a page of the services of a directory, counted from 1, in the form of HSDS 3.0: each with its organisation
// and its place.
func HSDS(w io.Writer, d *directory.Directory, kinds *directory.Kinds, page int) error {
	areas, bad := directory.NewAreas(d.Areas)
	if len(bad) > 0 {
		return bad[0]
	}
	orgs := map[string]*directory.Organisation{}
	for i := range d.Organisations {
		orgs[d.Organisations[i].ID] = &d.Organisations[i]
	}
	b := bufio.NewWriter(w)
	services := d.Services[min((page-1)*PageSize, len(d.Services)):min(page*PageSize, len(d.Services))]
	fmt.Fprintf(b, `{"total_items":%d,"total_pages":%d,"page_number":%d,"size":%d,"first_page":%t,"last_page":%t,"empty":%t,"contents":[`,
		len(d.Services), Pages(d), page, len(services), page == 1, page == Pages(d), len(services) == 0)
	for i, s := range services {
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
	id := uuid("service", s.ID)
	o := object{"id": id, "status": "active", "organization_id": uuid("organization", s.Org), "organization": organization(s.Org, org)}
	if s.Status != "" {
		o["status"] = string(s.Status)
	}
	o["name"] = or(english(s.Name), title(s, kinds))
	o.set("description", english(s.Says))
	a := attributes{of: id}
	if o.link("url", isURI, s.Web); o["url"] == nil {
		a.text("web", s.Web)
	}
	if o.link("email", isEmail, s.Email); o["email"] == nil {
		a.text("email", s.Email)
	}
	o.set("interpretation_services", english(s.Interprets))
	o.set("application_process", english(s.Referral))
	o.set("fees_description", english(s.Cost.Note))
	o.set("eligibility_description", english(s.Eligibility))
	o.set("alert", english(s.Remarks))
	o.set("assured_date", string(s.VerifiedOn))
	o.link("assurer_email", isEmail, s.VerifiedBy)
	if s.MinAge > 0 {
		o["minimum_age"] = s.MinAge
	}
	if s.MaxAge > 0 {
		o["maximum_age"] = s.MaxAge
	}
	o.list("phones", phones(id, "service_id", s.Phones))
	o.list("languages", languages(s))
	if text := english(s.Bring); text != "" {
		o["required_documents"] = []object{{"id": uuid("required_document", s.ID), "service_id": id, "document": text}}
	}
	if s.Cost.Free == directory.Yes {
		o["cost_options"] = []object{{"id": uuid("cost_option", s.ID), "service_id": id, "option": "free", "amount": 0}}
	}
	o["service_at_locations"] = []object{atLocation(s, areas)}
	a.terms(s, kinds)
	a.own(s)
	o.list("attributes", a.list)
	return o
}

func organization(id string, org *directory.Organisation) object {
	if org == nil {
		return object{"id": uuid("organization", id), "name": id, "description": id}
	}
	name := or(english(org.Name), id)
	o := object{"id": uuid("organization", id), "name": name, "description": or(english(org.Description), name)}
	o.set("alternate_name", org.Alternate)
	a := attributes{of: uuid("organization", id)}
	if o.link("email", isEmail, org.Email); o["email"] == nil {
		a.text("email", org.Email)
	}
	if o.link("website", isURI, org.Web); o["website"] == nil {
		a.text("web", org.Web)
	}
	o.list("phones", phones(a.of, "organization_id", org.Phones))
	if a.of != id {
		a.text("id", id)
	}
	a.words("name", org.Name)
	a.words("says", org.Description)
	a.text("source", org.Source)
	a.pairs(org.Extra)
	o.list("attributes", a.list)
	return o
}

func atLocation(s *directory.Service, areas *directory.Areas) object {
	p := s.Place
	id, at := uuid("location", or(p.ID, "of "+s.ID)), uuid("service_at_location", s.ID)
	l := object{"id": id, "location_type": "physical"}
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
		l["accessibility"] = []object{{"id": uuid("accessibility", s.ID), "location_id": id, "description": text}}
	}
	o := object{"id": at, "service_id": uuid("service", s.ID), "location_id": id, "location": l}
	o.list("schedules", schedules(s, at))
	return o
}

// schedules say the hours for whoever reads HSDS. Where it cannot say them whole, they are left out: hours that are half
// right send somebody to a closed door.
func schedules(s *directory.Service, at string) (list []object) {
	h, err := hours.Parse(s.Times.Open)
	if err != nil {
		return nil
	}
	rows, whole := h.Schedules()
	if !whole {
		return []object{{"id": uuid("schedule", s.ID), "service_at_location_id": at, "description": s.Times.Open}}
	}
	for n, r := range rows {
		if r.ClosesAt == "24:00" { // no time in most of the programs that read this
			r.ClosesAt = "23:59"
		}
		o := object{"id": uuid("schedule", s.ID, strconv.Itoa(n)), "service_at_location_id": at, "freq": r.Freq, "byday": r.ByDay, "opens_at": r.OpensAt, "closes_at": r.ClosesAt}
		o.set("valid_from", r.ValidFrom)
		o.set("valid_to", r.ValidTo)
		list = append(list, o)
	}
	return list
}

func phones(of, link string, all []directory.Phone) (list []object) {
	for n, p := range all {
		o := object{"id": uuid("phone", of, strconv.Itoa(n)), link: of, "number": p.Number, "type": or(p.Use, "voice")}
		if p.Use == "sms" { // as RFC 6350 calls it
			o["type"] = "text"
		}
		switch number, err := strconv.ParseUint(p.Ext, 10, 32); {
		case p.Ext == "":
		case err == nil && strconv.FormatUint(number, 10) == p.Ext:
			o["extension"] = number
		default: // HSDS wants a number, which would lose a zero in front
			o["number"] = p.Number + " ext " + p.Ext
		}
		o.set("description", p.Remark)
		list = append(list, o)
	}
	return list
}

func languages(s *directory.Service) (list []object) {
	for _, l := range s.Langs {
		code, _, _ := strings.Cut(l, "-")
		list = append(list, object{"id": uuid("language", s.ID, l), "service_id": uuid("service", s.ID), "code": code})
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

// link sets a member that has a form, if the value has it.
func (o object) link(name string, isOne func(string) bool, value string) {
	if isOne(value) {
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
