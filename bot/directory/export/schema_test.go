package export_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// hsds is what the tables of HSDS 3.0 say of their fields, written down from the specification: for each table its
// fields, with type or format. "!" marks a required one, "[]" a list of objects of another table, "{}" one such object,
// "=" the values of an enumeration, ">" the id of an object of another table. Since 3.1: label of attribute.
const hsds = `
service: !id uuid, organization_id >organization, program_id text, !name text, alternate_name text, description text, url uri, email email, !status =active|inactive|defunct|temporarily closed,
  interpretation_services text, application_process text, fees_description text, wait_time text, fees text, accreditations text, eligibility_description text, minimum_age number, maximum_age number,
  assured_date date, assurer_email email, licenses text, alert text, last_modified datetime, phones []phone, schedules []schedule, service_areas []service_area, service_at_locations []service_at_location,
  languages []language, organization {}organization, cost_options []cost_option, required_documents []required_document, attributes []attribute
organization: !id uuid, !name text, alternate_name text, !description text, email email, website uri, tax_status text, tax_id text, year_incorporated number, legal_status text, logo text, uri uri,
  parent_organization_id >organization, phones []phone, locations []location, attributes []attribute
service_at_location: !id uuid, service_id >service, location_id >location, description text, phones []phone, schedules []schedule, location {}location, attributes []attribute
location: !id uuid, !location_type =physical|postal|virtual, url uri, organization_id >organization, name text, alternate_name text, description text, transportation text, latitude latitude,
  longitude longitude, external_identifier text, external_identifier_type text, languages []language, accessibility []accessibility, phones []phone, schedules []schedule, attributes []attribute
phone: !id uuid, location_id >location, service_id >service, organization_id >organization, contact_id text, service_at_location_id >service_at_location, !number text, extension number, type text,
  description text, languages []language, attributes []attribute
schedule: !id uuid, service_id >service, location_id >location, service_at_location_id >service_at_location, valid_from date, valid_to date, dtstart date, timezone number, until date, count number,
  wkst =MO|TU|WE|TH|FR|SA|SU, freq =WEEKLY|MONTHLY, interval number, byday days, byweekno text, bymonthday text, byyearday text, description text, opens_at time, closes_at time, schedule_link uri,
  attending_type text, notes text, attributes []attribute
language: !id uuid, service_id >service, location_id >location, phone_id >phone, name text, code iso639, note text, attributes []attribute
cost_option: !id uuid, service_id >service, valid_from date, valid_to date, option text, currency text, amount number, amount_description text, attributes []attribute
required_document: !id uuid, service_id >service, document text, uri uri, attributes []attribute
accessibility: !id uuid, location_id >location, description text, details text, url uri, attributes []attribute
attribute: !id uuid, link_id uuid, taxonomy_term_id >taxonomy_term, link_type text, link_entity text, value text, label text, taxonomy_term {}taxonomy_term
taxonomy_term: !id uuid, code text, !name text, !description text, parent_id >taxonomy_term, taxonomy text, language text, taxonomy_id text, term_uri uri
page: total_items number, total_pages number, page_number number, size number, first_page truth, last_page truth, empty truth, contents []service
`

type hsdsField struct {
	form     string
	required bool
}

// tables reads the text above.
var tables = func() map[string]map[string]hsdsField {
	all := map[string]map[string]hsdsField{}
	for line := range strings.SplitSeq(strings.TrimSpace(strings.ReplaceAll(hsds, ",\n ", ",")), "\n") {
		name, fields, _ := strings.Cut(line, ":")
		all[name] = map[string]hsdsField{}
		for f := range strings.SplitSeq(fields, ",") {
			name1, form, _ := strings.Cut(strings.TrimSpace(f), " ")
			all[name][strings.TrimPrefix(name1, "!")] = hsdsField{strings.TrimSpace(form), strings.HasPrefix(name1, "!")}
		}
	}
	return all
}()

// checker holds what is found in a page while it is checked.
type checker struct {
	faults []string
	seen   map[string]string   // table and id → the object, as JSON
	links  map[string][]string // table and id → who names it
}

// schema says in what a page of services is not HSDS 3.0.
func schema(data []byte) []string {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var page map[string]any
	if err := d.Decode(&page); err != nil {
		return []string{err.Error()}
	}
	c := checker{seen: map[string]string{}, links: map[string][]string{}}
	c.object("page", "page", page)
	for link, by := range c.links {
		at, id, _ := strings.Cut(link, " ")
		if _, there := c.seen[link]; !there {
			c.fault(by[0], "names the %s %s, which is not there", at, id)
		}
	}
	if list, ok := page["contents"].([]any); !ok || fmt.Sprint(page["size"]) != fmt.Sprint(len(list)) || page["empty"] != (len(list) == 0) {
		c.fault("page", "counts %v items", page["total_items"])
	}
	return c.faults
}

func (c *checker) fault(where, format string, args ...any) {
	c.faults = append(c.faults, where+" "+fmt.Sprintf(format, args...))
}

func (c *checker) object(table, where string, o map[string]any) {
	fields := tables[table]
	for name, f := range fields {
		if text, _ := o[name].(string); f.required && text == "" {
			c.fault(where, "has no %s", name)
		}
	}
	for name, value := range o {
		f, known := fields[name]
		if !known {
			c.fault(where, "has the member %s, which %s does not have", name, table)
			continue
		}
		c.value(where+"."+name, f.form, value)
	}
	id, _ := o["id"].(string)
	if table == "page" {
		return
	}
	text, _ := json.Marshal(o)
	// Two services may say different things of one location: a record here holds what it was told.
	if before, twice := c.seen[table+" "+id]; twice && before != string(text) && table != "location" {
		c.fault(where, "has the id of another %s", table)
	}
	if before := c.seen[table+" "+id]; before != "" && !slices.Contains([]string{"organization", "taxonomy_term", "location"}, table) && !strings.Contains(where, ".organization.") {
		c.fault(where, "stands twice")
	}
	c.seen[table+" "+id] = string(text)
}

var (
	uuids   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	days    = regexp.MustCompile(`^(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*$`)
	iso639  = regexp.MustCompile(`^[a-z]{2,3}$`)
	clock24 = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-][0-9]{2}:[0-9]{2})?$`)
)

func (c *checker) value(where, form string, value any) {
	if table, list := strings.CutPrefix(form, "[]"); list {
		all, ok := value.([]any)
		if !ok || len(all) == 0 && table != "service" {
			c.fault(where, "is no list with something in it")
		}
		for i, one := range all {
			c.value(fmt.Sprintf("%s[%d]", where, i), "{}"+table, one)
		}
		return
	}
	if table, isOne := strings.CutPrefix(form, "{}"); isOne {
		o, ok := value.(map[string]any)
		if !ok {
			c.fault(where, "is no object")
			return
		}
		c.object(table, where, o)
		return
	}
	switch form {
	case "number", "latitude", "longitude":
		n, ok := value.(json.Number)
		v, err := n.Float64()
		if limit := map[string]float64{"latitude": 90, "longitude": 180}[form]; !ok || err != nil || limit > 0 && (v < -limit || v > limit) {
			c.fault(where, "is no %s: %v", form, value)
		}
		return
	case "truth":
		if _, ok := value.(bool); !ok {
			c.fault(where, "is neither true nor false")
		}
		return
	}
	s, ok := value.(string)
	if !ok || s == "" {
		c.fault(where, "is no text: %v", value)
		return
	}
	if table, link := strings.CutPrefix(form, ">"); link {
		c.links[table+" "+s] = append(c.links[table+" "+s], where)
		form = "uuid"
	}
	if list, isEnum := strings.CutPrefix(form, "="); isEnum {
		if !slices.Contains(strings.Split(list, "|"), s) {
			c.fault(where, "is %q, none of %s", s, list)
		}
		return
	}
	if !hasForm(form, s) {
		c.fault(where, "is no %s: %q", form, s)
	}
}

func hasForm(form, s string) bool {
	switch form {
	case "text":
		return true
	case "uuid":
		return uuids.MatchString(s)
	case "uri":
		u, err := url.ParseRequestURI(s)
		return err == nil && u.IsAbs() && u.Host != "" && !strings.ContainsAny(s, " \n\t\"<>")
	case "email":
		a, err := mail.ParseAddress(s)
		return err == nil && a.Address == s && a.Name == ""
	case "date":
		_, err := time.Parse(time.DateOnly, s)
		return err == nil
	case "datetime":
		_, err := time.Parse(time.RFC3339, s)
		return err == nil
	case "time":
		return clock24.MatchString(s)
	case "days":
		return days.MatchString(s)
	case "iso639":
		return iso639.MatchString(s)
	}
	return false
}

// The check itself finds what is wrong.
func TestSchemaFinds(t *testing.T) {
	const id = `"0fdfb57f-c147-8cfb-864c-44788a335d8c"`
	page := func(service string) []byte {
		return []byte(`{"size":1,"empty":false,"contents":[{"id":` + id + `,"name":"x","status":"active"` + service + `}]}`)
	}
	if faults := schema(page(`,"organization_id":` + id + `,"organization":{"id":` + id + `,"name":"x","description":"x"}`)); len(faults) > 0 {
		t.Error(faults)
	}
	for _, c := range []struct{ service, says string }{
		{`,"organization_id":` + id, "names the organization"}, {`,"minimum_age":"12"`, "is no number"}, {`,"colour":"red"`, "which service does not have"}, {`,"url":"example.org"`, "is no uri"},
		{`,"email":"at example.org"`, "is no email"}, {`,"assured_date":"2.11.2026"`, "is no date"}, {`,"phones":[{"id":` + id + `}]`, "has no number"}, {`,"phones":[]`, "is no list with something"},
		{`,"phones":[{"id":"p1","number":"000"}]`, "is no uuid"}, {`,"schedules":[{"id":` + id + `,"freq":"DAILY"}]`, "none of WEEKLY|MONTHLY"}, {`,"schedules":[{"id":` + id + `,"closes_at":"24:00"}]`, "is no time"},
		{`,"phones":[{"id":` + id + `,"number":"0","location_id":` + id + `}]`, "names the location"}, {`,"languages":[{"id":` + id + `,"code":"kmr-Arab"}]`, "is no iso639"},
		{`,"organization":{"id":` + id + `,"name":"x"}`, "has no description"}, {`,"description":""`, "is no text"},
		{`,"phones":[{"id":` + id + `,"number":"000"},{"id":` + id + `,"number":"001"}]`, "has the id of another phone"},
	} {
		if faults := strings.Join(schema(page(c.service)), "\n"); !strings.Contains(faults, c.says) {
			t.Errorf("%s: %q, want %q", c.service, faults, c.says)
		}
	}
	for _, status := range []string{`"open"`, `""`} {
		if len(schema([]byte(strings.Replace(string(page("")), `"active"`, status, 1)))) == 0 {
			t.Errorf("the status %s is taken", status)
		}
	}
}
