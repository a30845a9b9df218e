package intake

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"amana/bot/directory"
	"amana/bot/directory/table"
)

// pack is a directory in the form of HSDS 3.0: JSON, or the tables of its tabular form.
type pack struct {
	file   string
	json   io.Reader
	tables []*table.Table
}

// text is a value of HSDS, whatever form a program gave it: dates, numbers and truths are texts here.
type text string

// UnmarshalJSON takes a text, a number, a truth or nothing.
func (t *text) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "null":
		return nil
	case len(b) > 0 && b[0] == '"':
		var s string
		err := json.Unmarshal(b, &s)
		*t = text(clean(s))
		return err
	case len(b) > 0 && (b[0] == '{' || b[0] == '['):
		return fmt.Errorf("a single value was expected")
	}
	*t = text(b)
	return nil
}

type hsdsOrganization struct {
	ID            text            `json:"id"`
	Name          text            `json:"name"`
	AlternateName text            `json:"alternate_name"`
	Description   text            `json:"description"`
	Email         text            `json:"email"`
	Website       text            `json:"website"`
	Phones        []hsdsPhone     `json:"phones"`
	Attributes    []hsdsAttribute `json:"attributes"`
}

type hsdsService struct {
	ID             text              `json:"id"`
	OrganizationID text              `json:"organization_id"`
	Name           text              `json:"name"`
	Description    text              `json:"description"`
	URL            text              `json:"url"`
	Email          text              `json:"email"`
	Status         text              `json:"status"`
	Interpretation text              `json:"interpretation_services"`
	Application    text              `json:"application_process"`
	Fees           text              `json:"fees_description"`
	FeesOld        text              `json:"fees"`
	Eligibility    text              `json:"eligibility_description"`
	MinimumAge     text              `json:"minimum_age"`
	MaximumAge     text              `json:"maximum_age"`
	AssuredDate    text              `json:"assured_date"`
	AssurerEmail   text              `json:"assurer_email"`
	Alert          text              `json:"alert"`
	LastModified   text              `json:"last_modified"`
	Organization   *hsdsOrganization `json:"organization"`
	Phones         []hsdsPhone       `json:"phones"`
	Schedules      []hsdsSchedule    `json:"schedules"`
	AtLocations    []hsdsAtLocation  `json:"service_at_locations"`
	Languages      []hsdsLanguage    `json:"languages"`
	Costs          []hsdsCost        `json:"cost_options"`
	Documents      []hsdsDocument    `json:"required_documents"`
	Areas          []hsdsServiceArea `json:"service_areas"`
	Attributes     []hsdsAttribute   `json:"attributes"`
}

type hsdsAtLocation struct {
	ID          text           `json:"id"`
	ServiceID   text           `json:"service_id"`
	LocationID  text           `json:"location_id"`
	Description text           `json:"description"`
	Location    *hsdsLocation  `json:"location"`
	Phones      []hsdsPhone    `json:"phones"`
	Schedules   []hsdsSchedule `json:"schedules"`
}

type hsdsLocation struct {
	ID             text            `json:"id"`
	Type           text            `json:"location_type"`
	Name           text            `json:"name"`
	Description    text            `json:"description"`
	Transportation text            `json:"transportation"`
	Latitude       text            `json:"latitude"`
	Longitude      text            `json:"longitude"`
	External       text            `json:"external_identifier"`
	ExternalType   text            `json:"external_identifier_type"`
	Addresses      []hsdsAddress   `json:"addresses"`
	Languages      []hsdsLanguage  `json:"languages"`
	Accessibility  []hsdsAccess    `json:"accessibility"`
	Phones         []hsdsPhone     `json:"phones"`
	Schedules      []hsdsSchedule  `json:"schedules"`
	Attributes     []hsdsAttribute `json:"attributes"`
}

type hsdsAddress struct {
	Address1 text `json:"address_1"`
	Address2 text `json:"address_2"`
	City     text `json:"city"`
	Region   text `json:"region"`
	State    text `json:"state_province"`
	Country  text `json:"country"`
}

type hsdsPhone struct {
	Number      text `json:"number"`
	Extension   text `json:"extension"`
	Type        text `json:"type"`
	Description text `json:"description"`
}

type hsdsSchedule struct {
	Freq        text `json:"freq"`
	Interval    text `json:"interval"`
	ByDay       text `json:"byday"`
	OpensAt     text `json:"opens_at"`
	ClosesAt    text `json:"closes_at"`
	ValidFrom   text `json:"valid_from"`
	ValidTo     text `json:"valid_to"`
	Until       text `json:"until"`
	ByWeekNo    text `json:"byweekno"`
	ByMonthDay  text `json:"bymonthday"`
	ByYearDay   text `json:"byyearday"`
	Count       text `json:"count"`
	Description text `json:"description"`
	Notes       text `json:"notes"`
}

type hsdsLanguage struct {
	Name text `json:"name"`
	Code text `json:"code"`
	Note text `json:"note"`
}

type hsdsCost struct {
	Option      text `json:"option"`
	Amount      text `json:"amount"`
	Currency    text `json:"currency"`
	Description text `json:"amount_description"`
}

type hsdsDocument struct {
	Document text `json:"document"`
}

type hsdsAccess struct {
	Description text `json:"description"`
	Details     text `json:"details"`
}

type hsdsServiceArea struct {
	Name        text `json:"name"`
	Description text `json:"description"`
	Extent      text `json:"extent"`
	ExtentType  text `json:"extent_type"`
}

type hsdsAttribute struct {
	Value text      `json:"value"`
	Label text      `json:"label"`
	Term  *hsdsTerm `json:"taxonomy_term"`
}

type hsdsTerm struct {
	Code     text `json:"code"`
	Name     text `json:"name"`
	Taxonomy text `json:"taxonomy"`
}

// longestJSON bounds one service of a JSON file, with all that hangs on it.
const longestJSON = 1 << 20

// hsds reads a pack.
func (r *Reader) hsds(p pack) {
	var err error
	if p.json != nil {
		err = r.hsdsJSON(p)
	} else {
		err = r.hsdsTables(p)
	}
	if err != nil {
		r.stop(p.file, err)
	}
}

// hsdsJSON reads a list of services, a page of one, or one service.
func (r *Reader) hsdsJSON(p pack) error {
	damaged := directory.Finding{Level: directory.Refused, File: p.file, What: "the JSON is cut off or damaged", Remedy: "export it again"}
	d := json.NewDecoder(p.json)
	first, err := d.Token()
	if err != nil {
		return damaged
	}
	if first == json.Delim('{') {
		if found, err := contents(d); err != nil || !found {
			if err != nil {
				return damaged
			}
			return directory.Finding{Level: directory.Refused, File: p.file, What: "the JSON holds no list of services", Remedy: "export services in the form of HSDS 3.0, as a list or under “contents”"}
		}
	}
	for n := 1; d.More(); n++ {
		if n > r.limit() {
			return directory.Finding{Level: directory.Refused, File: p.file, What: fmt.Sprintf("the file holds more than %d services", r.limit()), Remedy: "part it"}
		}
		before := d.InputOffset()
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return damaged
		}
		where := fmt.Sprintf("%s (service %d)", p.file, n)
		if d.InputOffset()-before > longestJSON {
			r.refuse(directory.Finding{Level: directory.Refused, File: where, What: "the service takes more than 1 MiB", Remedy: "look whether the file is damaged"})
			continue
		}
		var s hsdsService
		if err := json.Unmarshal(raw, &s); err != nil {
			r.refuse(directory.Finding{Level: directory.Refused, File: where, What: "the service is not in the form of HSDS 3.0", Remedy: "compare it with the tables of the specification"})
			continue
		}
		r.hsdsService(s, place{file: where, extra: unknownOf(raw)})
		r.counted()
	}
	return nil
}

func (r *Reader) counted() {
	if r.rows++; r.o.Progress != nil && r.rows%1000 == 0 {
		r.o.Progress(r.rows)
	}
}

func (r *Reader) limit() int {
	if r.o.Limits.Rows > 0 {
		return r.o.Limits.Rows
	}
	return table.Usual.Rows
}

// contents goes to the list under "contents" or "services", past all that stands before it.
func contents(d *json.Decoder) (found bool, err error) {
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return false, err
		}
		if name == "contents" || name == "services" {
			begin, err := d.Token()
			return begin == json.Delim('['), err
		}
		var skip json.RawMessage
		if err := d.Decode(&skip); err != nil {
			return false, err
		}
	}
	return false, nil
}

// known are the members of a service that are read.
var known = func() map[string]bool {
	m := map[string]bool{"program_id": true, "program": true, "contacts": true, "funding": true, "metadata": true, "capacities": true, "additional_urls": true}
	for _, name := range []string{"id", "organization_id", "name", "description", "url", "email", "status", "interpretation_services", "application_process", "fees_description", "fees", "eligibility_description",
		"minimum_age", "maximum_age", "assured_date", "assurer_email", "alert", "last_modified", "organization", "phones", "schedules", "service_at_locations", "languages", "cost_options",
		"required_documents", "service_areas", "attributes"} {
		m[name] = true
	}
	return m
}()

// unknownOf keeps the single values of a service that are not read.
func unknownOf(raw json.RawMessage) (pairs []directory.Pair) {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') {
		return nil
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return pairs
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return pairs
		}
		var t text
		if key, ok := name.(string); ok && !known[key] && json.Unmarshal(value, &t) == nil && t != "" {
			pairs = append(pairs, directory.Pair{Name: key, Value: string(t)})
		}
	}
	return pairs
}
