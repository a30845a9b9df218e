package intake

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"amana/bot/directory"
	"amana/bot/directory/hours"
	"amana/bot/speech"
)

// place is where a service of HSDS stands in its file.
type place struct {
	file  string
	line  int
	extra []directory.Pair
}

func (p place) String() string {
	if p.line > 0 {
		return fmt.Sprintf("%s:%d", p.file, p.line)
	}
	return p.file
}

// hsdsService takes a service at each of its locations.
func (r *Reader) hsdsService(h hsdsService, at place) {
	say := func(l directory.Level, column, what, remedy string) {
		r.say(directory.Finding{Level: l, File: at.file, Line: at.line, Column: column, What: what, Remedy: remedy})
	}
	org := r.hsdsOrganisation(h, at)
	locations := h.AtLocations
	if len(locations) == 0 {
		locations = []hsdsAtLocation{{}}
	}
	for _, here := range locations {
		s := directory.Service{ID: string(h.ID), Org: org, Source: at.String(), Extra: at.extra}
		if len(locations) > 1 {
			s.ID, s.Group = string(h.ID)+"/"+string(cmp.Or(here.ID, here.LocationID)), string(h.ID)
		}
		if h.ID == "" {
			say(directory.Refused, "id", "the service has no id", "give it one: the next import finds it by that")
			r.refused++
			continue
		}
		r.hsdsFacts(&s, h, say)
		r.hsdsReach(&s, h, here, say)
		bad := r.hsdsPlace(&s, h, here, say)
		readOwn(h.Attributes).over(&s)
		kind := string(h.Name) + " " + first(s.Place.Name)
		r.take(&s, func(l directory.Level, column int, what, remedy string) { say(l, columnNames[column], what, remedy) }, columnNumber, kind, at.String(), bad)
	}
}

// columnNames are the members of HSDS that findings of a check speak of, by the number that the check is given for them.
var columnNames = map[int]string{1: "id", 2: "organization", 3: "attributes", 4: "service_areas", 5: "phones", 6: "latitude", 7: "schedules", 8: "languages", 9: "minimum_age", 10: "assured_date", 11: "status", 12: "addresses",
	13: "name", 14: "description", 15: "alert", 16: "application_process", 17: "eligibility_description", 18: "interpretation_services", 19: "url"}

func columnNumber(field string) int {
	return map[string]int{"id": 1, "organisation": 2, "kind": 3, "area": 4, "phone": 5, "lat": 6, "hours": 7, "languages": 8, "min_age": 9, "verified_on": 10, "status": 11, "address": 12,
		"name": 13, "says": 14, "remarks": 15, "referral": 16, "eligibility": 17, "interprets": 18, "web": 19}[field]
}

func (r *Reader) hsdsOrganisation(h hsdsService, at place) string {
	o := h.Organization
	if o == nil {
		return string(h.OrganizationID)
	}
	own := readOwn(o.Attributes)
	id := cmp.Or(own.texts["id"], string(o.ID), named(string(o.Name)))
	if _, known := r.orgs[id]; known || id == "" {
		return id
	}
	phones, _ := hsdsPhones(o.Phones)
	r.orgs[id] = len(r.out.Organisations)
	org := directory.Organisation{
		ID: id, Name: directory.Say("", string(cmp.Or(o.Name, o.ID))), Alternate: string(o.AlternateName), Description: directory.Say("", string(o.Description)),
		Email: string(o.Email), Web: string(o.Website), Phones: phones, Source: at.String(),
	}
	if own.any {
		org.Email, org.Web = cmp.Or(org.Email, own.texts["email"]), cmp.Or(org.Web, own.texts["web"])
		org.Name, org.Description, org.Extra = own.words["name"], own.words["says"], directory.Sorted(own.extra)
		org.Source = cmp.Or(own.texts["source"], org.Source)
	}
	r.out.Organisations = append(r.out.Organisations, org)
	return id
}

// hsdsFacts is what does not hang on the location.
func (r *Reader) hsdsFacts(s *directory.Service, h hsdsService, say func(directory.Level, string, string, string)) {
	s.Name, s.Says = directory.Say("", string(h.Name)), directory.Say("", string(h.Description))
	s.Email, s.Web = string(h.Email), string(h.URL)
	s.Interprets, s.Referral = directory.Say("", string(h.Interpretation)), directory.Say("", string(h.Application))
	s.Eligibility, s.Remarks = directory.Say("", string(h.Eligibility)), directory.Say("", string(h.Alert))
	s.MinAge, s.MaxAge = years(h.MinimumAge), years(h.MaximumAge)
	s.VerifiedBy = string(h.AssurerEmail)
	if d, ok := readDate(string(h.AssuredDate), 0); ok {
		s.VerifiedOn = d
	} else if h.AssuredDate != "" {
		say(directory.Warning, "assured_date", fmt.Sprintf("%q is no day", clip(string(h.AssuredDate))), "write YYYY-MM-DD")
	}
	if h.Status != "" && h.Status != "active" {
		s.Status = directory.Status(h.Status)
	}
	fees := []string{string(cmp.Or(h.Fees, h.FeesOld))}
	for _, c := range h.Costs {
		fees = append(fees, strings.TrimSpace(strings.Join([]string{string(c.Option), string(c.Amount), string(c.Currency), string(c.Description)}, " ")))
	}
	note := strings.TrimSpace(strings.Join(fees, "\n"))
	if name, whole := meaning(costs, note); whole && note != "" {
		s.Cost.Free = directory.Answer(name)
	} else {
		s.Cost.Note = directory.Say("", note)
	}
	var documents []string
	for _, d := range h.Documents {
		documents = append(documents, string(d.Document))
	}
	s.Bring = directory.Say("", strings.Join(documents, "\n"))
	for _, l := range h.Languages {
		tag, ok := directory.Tag(string(l.Code))
		if !ok {
			tag = cmp.Or(tongues[speech.Fold("", string(l.Code))], tongues[speech.Fold("", string(l.Name))])
		}
		if tag != "" {
			s.Langs = appendNew(s.Langs, tag)
		} else if name := string(cmp.Or(l.Name, l.Code)); name != "" {
			say(directory.Warning, "languages", fmt.Sprintf("the language %q is not known, and left out", clip(name)), "give its code")
		}
	}
	s.Kinds = r.hsdsKinds(h)
}

// hsdsKinds finds the kinds in the terms of a service, and where they say nothing, in its name.
func (r *Reader) hsdsKinds(h hsdsService) (kinds []string) {
	for _, a := range h.Attributes {
		if a.Term == nil || a.Term.Taxonomy == ownTaxonomy {
			continue
		}
		for _, word := range []text{a.Term.Code, a.Term.Name, a.Value} {
			if k, ok := r.o.Mapping.kind(string(word)); ok {
				kinds = appendNew(kinds, k)
				break
			}
			if k, ok := r.o.Kinds.Read(string(word)); ok {
				kinds = appendNew(kinds, k)
				break
			}
		}
	}
	if len(kinds) == 0 {
		if k, ok := r.o.Kinds.Read(string(h.Name)); ok {
			kinds = []string{k}
		}
	}
	return kinds
}

func years(t text) int {
	f, err := strconv.ParseFloat(string(t), 64)
	if err != nil || f < 0 || f > 150 {
		return 0
	}
	return int(f)
}

// hsdsReach is numbers and hours: those at the location before those of the service.
func (r *Reader) hsdsReach(s *directory.Service, h hsdsService, here hsdsAtLocation, say func(directory.Level, string, string, string)) {
	phones, schedules := append(here.Phones, h.Phones...), here.Schedules
	if here.Location != nil {
		phones = append(phones, here.Location.Phones...)
	}
	if len(schedules) == 0 {
		schedules = h.Schedules
	}
	if len(schedules) == 0 && here.Location != nil {
		schedules = here.Location.Schedules
	}
	var bad bool
	if s.Phones, bad = hsdsPhones(phones); bad {
		say(directory.Warning, "phones", "it holds something that is no telephone number, and is left out", "write numbers as they are dialled")
	}
	var rows []hours.Schedule
	var notes []string
	for _, one := range schedules {
		row := hours.Schedule{Freq: string(one.Freq), Interval: string(one.Interval), ByDay: string(one.ByDay), OpensAt: string(one.OpensAt), ClosesAt: string(one.ClosesAt),
			ValidFrom: string(one.ValidFrom), ValidTo: string(one.ValidTo), Until: string(one.Until)}
		for _, other := range []struct {
			name  string
			value text
		}{{"bymonthday", one.ByMonthDay}, {"byweekno", one.ByWeekNo}, {"byyearday", one.ByYearDay}, {"count", one.Count}} {
			if other.value != "" {
				row.Other = other.name
			}
		}
		notes = appendNew(appendNew(notes, string(one.Description)), string(one.Notes))
		if row != (hours.Schedule{}) {
			rows = append(rows, row)
		}
	}
	s.Times.Note = directory.Say("", strings.Join(notes, "\n"))
	times, err := hours.FromSchedules(rows)
	if err != nil {
		say(directory.Warning, "schedules", err.Error(), "until then nobody is told whether it is open")
		var said []string
		for _, row := range rows {
			said = append(said, strings.Join(strings.Fields(strings.Join([]string{row.Freq, row.ByDay, row.OpensAt, row.ClosesAt, row.ValidFrom, row.ValidTo}, " ")), " "))
		}
		s.Times.Said = strings.Join(said, "; ")
		return
	}
	s.Times.Open = times.String()
	if w, err := hours.Read(string(first(s.Times.Note))); s.Times.Open == "" && err == nil && len(w.Assumed) == 0 { // hours in words alone
		s.Times.Open, s.Times.Said = w.Hours.String(), first(s.Times.Note)
	}
}

func hsdsPhones(list []hsdsPhone) (phones []directory.Phone, bad bool) {
	for _, h := range list {
		got, wrong := directory.Phones(string(h.Number))
		bad = bad || len(wrong) > 0 || len(got) == 0
		for _, p := range got {
			p.Ext = cmp.Or(p.Ext, string(h.Extension))
			if use := strings.ToLower(string(h.Type)); use != "" && use != "voice" && use != "cell" {
				if use == "text" { // as RFC 6350 calls it
					use = "sms"
				}
				p.Use = cmp.Or(p.Use, use)
			}
			p.Remark = cmp.Or(p.Remark, string(h.Description))
			twice := false
			for _, have := range phones {
				twice = twice || have == p
			}
			if !twice {
				phones = append(phones, p)
			}
		}
	}
	return phones, bad
}

// hsdsPlace finds the area and writes down the place, unless it is confidential.
func (r *Reader) hsdsPlace(s *directory.Service, h hsdsService, here hsdsAtLocation, say func(directory.Level, string, string, string)) (bad bool) {
	l := cmp.Or(here.Location, &hsdsLocation{})
	switch strings.ToLower(string(l.Type)) {
	case "redacted", "confidential":
		s.Place.Redacted = true
	}
	s.Place.ID = string(cmp.Or(l.ID, here.LocationID))
	s.Place.Name = directory.Say("", string(l.Name))
	var lines []string
	var names []text // of areas, the outermost first
	for _, a := range l.Addresses {
		lines = append(lines, strings.TrimSpace(string(a.Address1)+" "+string(a.Address2)))
		names = append(names, a.Country, a.State, a.Region, a.City)
	}
	if len(l.Addresses) > 1 {
		names = names[:4]
	}
	lines = append(lines, string(l.Transportation))
	s.Place.Address = directory.Say("", strings.TrimSpace(strings.Join(lines, "\n")))
	if l.Latitude != "" || l.Longitude != "" {
		lat, okLat := degrees(string(l.Latitude))
		lon, okLon := degrees(string(l.Longitude))
		if okLat && okLon {
			s.Place.Point = &directory.Point{Lat: lat, Lon: lon}
		} else {
			say(directory.Warning, "latitude", "the point on the map cannot be read", "write degrees with a decimal point")
		}
	}
	var access []string
	for _, a := range l.Accessibility {
		access = append(access, strings.TrimSpace(string(a.Description)+" "+string(a.Details)))
	}
	s.Access = directory.Say("", strings.Join(access, "\n"))
	for _, a := range h.Areas {
		if len(h.AtLocations) == 0 {
			names = append(names, a.Name, a.Extent)
		}
	}
	var many bool
	if s.Place.Area, many = r.hsdsArea(string(l.External), names, s.Source); many {
		say(directory.Refused, "addresses", "there are several areas of this name", "give the code of the area as external_identifier of the location")
	}
	return many
}

// hsdsArea finds the innermost area that a location names; without a list, the names become one.
func (r *Reader) hsdsArea(code string, names []text, source string) (id string, many bool) {
	if code != "" {
		if id, _ := r.areas.find(code, nil); id != "" || r.listed {
			return cmp.Or(id, code), false
		}
	}
	var filled []string
	for _, n := range names {
		if n != "" {
			filled = appendNew(filled, string(n))
		}
	}
	if r.listed {
		for i := len(filled) - 1; i >= 0; i-- {
			if id, ok := r.o.Mapping.area(filled[i]); ok {
				return id, false
			}
			if id, many = r.areas.find(filled[i], nil); id != "" {
				return id, false
			}
			if id, _ = r.areas.find(filled[i], filled[:i]); id != "" {
				return id, false
			}
		}
		if len(filled) > 0 {
			return filled[len(filled)-1], many
		}
		return "", many
	}
	parent := ""
	for n, name := range filled {
		id := named(name)
		if parent != "" {
			id = parent + "_" + id
		}
		if !r.areas.has(id) {
			r.areas.add(directory.Area{ID: id, Parent: parent, Name: directory.Say("", name), Level: n, Source: source})
		}
		parent = id
	}
	return parent, false
}
