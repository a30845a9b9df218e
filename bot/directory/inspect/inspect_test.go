package inspect_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/directory"
	"amana/bot/directory/hours"
	"amana/bot/directory/inspect"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func options(t testing.TB) inspect.Options {
	t.Helper()
	kinds, err := directory.NewKinds()
	if err != nil {
		t.Fatal(err)
	}
	return inspect.Options{Kinds: kinds, Now: noon, Load: time.LoadLocation, Holidays: hours.Calendar{}.On}
}

// sound is a directory in which there is nothing to find: two areas, an organisation, a service in each.
func sound() *directory.Directory {
	return &directory.Directory{
		Areas: []directory.Area{
			{ID: "XX", Name: directory.Say("en", "EXAMPLE Country"), Source: "areas.csv:2"},
			{ID: "XX01", Parent: "XX", Name: directory.Say("en", "EXAMPLE Camp"), Source: "areas.csv:2"},
			{ID: "XX02", Parent: "XX", Name: directory.Say("en", "EXAMPLE Town"), Source: "areas.csv:3"},
		},
		Organisations: []directory.Organisation{{ID: "o", Name: directory.Say("", "EXAMPLE Relief"), Source: "s.csv:2"}},
		Services:      []*directory.Service{service(2, nil), service(3, func(s *directory.Service) { s.Place.Area = "XX02" })},
	}
}

// service is a sound one of a line of s.csv, changed.
func service(line int, change func(*directory.Service)) *directory.Service {
	s := &directory.Service{
		ID: fmt.Sprint("s", line), Org: "o", Kinds: []string{"legal"}, Place: directory.Place{Area: "XX01"}, VerifiedOn: "2026-11-01", Source: fmt.Sprint("s.csv:", line),
		Phones: []directory.Phone{{Number: fmt.Sprintf("07053%05d", line*7919)}}, Times: directory.Times{Open: "Mo-Fr 09:00-16:00"},
	}
	if change != nil {
		change(s)
	}
	return s
}

// told prints what is found, a line each.
func told(t testing.TB, d *directory.Directory, o inspect.Options) []string {
	t.Helper()
	var out []string
	for _, f := range inspect.Look(d, o) {
		out = append(out, fmt.Sprintf("%s %s", f.Level, f))
		if f.Remedy == "" && f.Column != "hours" {
			t.Errorf("no remedy: %s", f)
		}
		if !slices.Contains(inspect.Sorts, f.Sort) {
			t.Errorf("%s is of the sort %q", f, f.Sort)
		}
	}
	return out
}

// Each thing that misleads is found, with its line, its level and nothing else beside it.
func TestLook(t *testing.T) {
	if found := told(t, sound(), options(t)); len(found) > 0 {
		t.Fatalf("in a sound directory: %s", strings.Join(found, "\n"))
	}
	alter := func(change func(*directory.Service)) func(*directory.Directory) {
		return func(d *directory.Directory) { change(d.Services[0]) }
	}
	phone := func(number string) func(*directory.Directory) {
		return alter(func(s *directory.Service) { s.Phones[0].Number = number })
	}
	add := func(change func(*directory.Service)) func(*directory.Directory) {
		return func(d *directory.Directory) { d.Services = append(d.Services, service(9, change)) }
	}
	shelter := func(change func(*directory.Service)) func(*directory.Directory) {
		return alter(func(s *directory.Service) {
			s.Kinds, s.Place.Redacted = []string{"shelter"}, true
			change(s)
		})
	}
	for name, c := range map[string]struct {
		change func(*directory.Directory)
		want   []string // the whole of each up to its remedy
	}{
		"number with letters":       {phone("07053x1"), []string{`refused s.csv:2: column "phone": the number "07053x1" has letters or spaces in it and cannot be dialled`}},
		"two numbers":               {phone("07053+12"), []string{`refused s.csv:2: column "phone": the number "07053+12" has a plus in the middle: these are two numbers`}},
		"too short":                 {phone("12"), []string{`refused s.csv:2: column "phone": the number "12" is too short to be dialled`}},
		"too long":                  {phone("1234567890123457"), []string{`refused s.csv:2: column "phone": the number "1234567890123457" is too long to be dialled: no number has more than 15 digits`}},
		"short with a country code": {phone("+234705"), []string{`warning s.csv:2: column "phone": the number "+234705" is too short for one with a country code`}},
		"two in one":                {phone("07053140705315"), []string{`warning s.csv:2: column "phone": the number "07053140705315" has 14 digits and no country code: these may be two numbers`}},
		"no country":                {phone("+07053419828"), []string{`warning s.csv:2: column "phone": the number "+07053419828" begins with +0, and no country code begins with 0`}},
		"zeros":                     {phone("000"), []string{`warning s.csv:2: column "phone": the number "000" looks like one that was filled in until somebody knows it`}},
		"zeros at the end":          {phone("+234700000000"), []string{`warning s.csv:2: column "phone": the number "+234700000000" looks like one that was filled in until somebody knows it`}},
		"counting up":               {phone("123456"), []string{`warning s.csv:2: column "phone": the number "123456" looks like one that was filled in until somebody knows it`}},
		"counting down":             {phone("07009876543"), []string{`warning s.csv:2: column "phone": the number "07009876543" looks like one that was filled in until somebody knows it`}},
		"four ones":                 {phone("1111"), []string{`note s.csv:2: column "phone": the number "1111" looks like one that was filled in until somebody knows it`}},
		"short codes are none":      {phone("999"), nil},
		"number twice":              {alter(func(s *directory.Service) { s.Phones = append(s.Phones, s.Phones[0]) }), []string{`note s.csv:2: column "phone": the number "0705315838" stands twice`}},
		"one number for two uses": {alter(func(s *directory.Service) {
			s.Phones = append(s.Phones, directory.Phone{Number: s.Phones[0].Number, Use: "whatsapp"})
		}), nil},
		"number of an organisation": {func(d *directory.Directory) { d.Organisations[0].Phones = []directory.Phone{{Number: "777777"}} }, []string{`warning s.csv:2: column "phone": the number "777777" looks like one that was filled in until somebody knows it`}},
		"nobody can reach it":       {alter(func(s *directory.Service) { s.Phones = nil }), []string{`refused s.csv:2: column "phone": nobody can reach it: there is no number, no address to write to and no place to walk to`}},
		"a web page alone":          {alter(func(s *directory.Service) { s.Phones, s.Web = nil, "https://example.org" }), []string{`note s.csv:2: column "web": it can be reached by its web page alone`}},
		"number of many":            {shared("07053419828", "legal"), []string{`warning s.csv:10: column "phone": the number "07053419828" stands with 3 organisations: p0, p1, p2`}},
		"hotline of many":           {shared("07053419828", "hotline"), []string{`note s.csv:10: column "phone": the number "07053419828" stands with 3 organisations: p0, p1, p2`}},
		"kind that is not known":    {alter(func(s *directory.Service) { s.Kinds = []string{"magic"} }), []string{`refused s.csv:2: column "kind": the kind of service "magic" is not known`}},
		"organisation that is not":  {alter(func(s *directory.Service) { s.Org = "nobody" }), []string{`refused s.csv:2: column "organisation": no organisation is named`}},
		"area that is not":          {add(func(s *directory.Service) { s.Place.Area = "moon" }), []string{`refused s.csv:9: column "area": the area "moon" is not known`}},
		"hours that cannot be":      {alter(func(s *directory.Service) { s.Times.Open = "Mo-Fr 25:00-26:00" }), []string{`refused s.csv:2: column "hours": `}},
		"hours that have ended":     {alter(func(s *directory.Service) { s.Times.Open = "2026 Mar 01-2026 Mar 30 Mo-Fr 09:00-16:00" }), []string{`warning s.csv:2: column "hours": it does not open again within a year: 2026 Mar 01-2026 Mar 30 Mo-Fr 09:00-16:0…`}},
		"never open":                {alter(func(s *directory.Service) { s.Times.Open = "Mo-Su off" }), []string{`warning s.csv:2: column "hours": it does not open again within a year: Mo-Su off`}},
		"morning and evening":       {alter(func(s *directory.Service) { s.Times.Open = "Mo-Fr 09:00-04:00" }), []string{`note s.csv:2: column "hours": it opens for 19:00 hours at a stretch: Mo-Fr 09:00-04:00`}},
		"ten minutes":               {alter(func(s *directory.Service) { s.Times.Open = "Mo-Fr 09:00-09:10" }), []string{`note s.csv:2: column "hours": it opens for 10 minutes at a stretch: Mo-Fr 09:00-09:10`}},
		"always":                    {alter(func(s *directory.Service) { s.Times.Open = "24/7" }), nil},
		"zone that is not":          {alter(func(s *directory.Service) { s.Times.Zone = "Atlantis/Town" }), []string{`warning s.csv:2: column "zone": the time zone "Atlantis/Town" is not known, so nobody is told whether it is open`}},
		"another zone":              {alter(func(s *directory.Service) { s.Times.Zone = "Asia/Dhaka" }), nil},
		"last day passed":           {alter(func(s *directory.Service) { s.ValidUntil = "2026-11-19" }), []string{`warning s.csv: services that are out of date, and stand last with “call first”: 1 of 2: 1 whose last day has passed (line 2)`}},
		"last day today":            {alter(func(s *directory.Service) { s.ValidUntil = "2026-11-20" }), nil},
		"checked long ago":          {alter(func(s *directory.Service) { s.VerifiedOn = "2026-08-01" }), []string{`warning s.csv: services that are out of date, and stand last with “call first”: 1 of 2: 1 that were checked more than 90 days ago, the oldest on 2026-08-01 (line 2)`}},
		"checked tomorrow":          {alter(func(s *directory.Service) { s.VerifiedOn = "2027-01-02" }), []string{`warning s.csv:2: column "verified_on": it was checked on 2027-01-02, a day that has not come`}},
		"believed for long":         {alter(func(s *directory.Service) { s.ValidUntil = "2030-01-01" }), []string{`note s.csv:2: column "valid_until": it is believed until 2030-01-01, for more than a year`}},
		"too late to apply":         {alter(func(s *directory.Service) { s.Deadline = "2026-11-19" }), []string{`warning s.csv:2: column "deadline": the last day to apply was 2026-11-19`}},
		"area twice":                {func(d *directory.Directory) { d.Areas = append(d.Areas, d.Areas[2]) }, []string{`refused areas.csv:3: the area "XX02" stands twice`}},
		"area in itself": {func(d *directory.Directory) {
			d.Areas = append(d.Areas, directory.Area{ID: "r", Parent: "r", Source: "areas.csv:9"})
		}, []string{`refused areas.csv:9: the area "r" lies in itself, or deeper than 12 others`}},
		"area around is missing":  {func(d *directory.Directory) { d.Areas = append(d.Areas, directory.Area{ID: "r", Parent: "q"}) }, []string{`refused the list of areas: the area "r" lies in "q", which is not there`}},
		"area of the same name":   {func(d *directory.Directory) { d.Areas[2].Name = directory.Say("fr", "exámple camp") }, []string{`warning areas.csv:3: the area "XX02" is called "exámple camp", as "XX01" beside it, of areas.csv:2`}},
		"area of nearly the same": {func(d *directory.Directory) { d.Areas[2].Name = directory.Say("en", "EXAMPLE Cmap") }, []string{`note areas.csv:3: the area "XX02" is called nearly as "XX01" beside it, of areas.csv:2: "example cmap" and "example camp"`}},
		"numbered areas are not": {func(d *directory.Directory) {
			d.Areas[1].Name, d.Areas[2].Name = directory.Say("en", "Camp 21"), directory.Say("en", "Camp 22")
		}, nil},
		"code of another": {func(d *directory.Directory) { d.Areas[2].Code = "xx01" }, []string{`refused areas.csv:3: column "code": the code "xx01" belongs to the area "XX01" as well, of areas.csv:2`}},
		"areas at one point": {func(d *directory.Directory) {
			d.Areas[1].Point, d.Areas[2].Point = &directory.Point{Lat: 1, Lon: 2}, &directory.Point{Lat: 1, Lon: 2}
		}, []string{`note areas.csv:3: the area "XX02" lies at the same point as "XX01", of areas.csv:2`}},
		"area without a service": {func(d *directory.Directory) {
			d.Areas = append(d.Areas, directory.Area{ID: "XX03", Parent: "XX", Name: directory.Say("", "EXAMPLE Hills"), Source: "areas.csv:7"}, directory.Area{ID: "XX0301", Parent: "XX03", Source: "areas.csv:7"})
		}, []string{`note areas.csv:7: nothing is offered in the area "XX03" (EXAMPLE Hills) and the 1 within it`}},
		"shelter with its place":     {alter(func(s *directory.Service) { s.Kinds, s.Place.Name = []string{"shelter"}, directory.Say("", "marked") }), []string{`refused s.csv:2: column "address": the place of a shelter, or one that is confidential, is kept`}},
		"shelter with a point":       {shelter(func(s *directory.Service) { s.Place.Point = &directory.Point{Lat: 1, Lon: 2} }), []string{`refused s.csv:2: column "address": the place of a shelter, or one that is confidential, is kept`}},
		"shelter with other columns": {shelter(func(s *directory.Service) { s.Extra = []directory.Pair{{Name: "gate", Value: "marked"}} }), []string{`refused s.csv:2: column "address": the place of a shelter, or one that is confidential, is kept`}},
		"shelter without anything": {shelter(func(s *directory.Service) {
			s.Remarks = directory.Say("", "EXAMPLE: a room for a few nights, and somebody to talk to")
		}), nil},
		"way to a shelter":    {shelter(func(s *directory.Service) { s.Remarks = directory.Say("", "Behind the marked well") }), []string{`refused s.csv:2: column "remarks": a shelter can be found by what stands here: the word “behind” may tell the way`}},
		"way in Arabic":       {shelter(func(s *directory.Service) { s.Says = directory.Say("ar", "بجانب المسجد") }), []string{`refused s.csv:2: column "says": a shelter can be found by what stands here: the word “بجانب” may tell the way`}},
		"point in words":      {shelter(func(s *directory.Service) { s.Referral = directory.Say("", "come to 12.34567, 98.76543") }), []string{`refused s.csv:2: column "referral": a shelter can be found by what stands here: it holds two numbers that look like a point on the map`}},
		"link to a map":       {shelter(func(s *directory.Service) { s.Web = "https://maps.app.goo.gl/marked" }), []string{`refused s.csv:2: column "web": a shelter can be found by what stands here: it holds a link or a code that stands for a point on the map`}},
		"way beside a number": {shelter(func(s *directory.Service) { s.Phones[0].Remark = "gate 4" }), []string{`refused s.csv:2: column "phone": a shelter can be found by what stands here: the word “gate” may tell the way`}},
		"organisation of the same": {func(d *directory.Directory) {
			d.Organisations = append(d.Organisations, directory.Organisation{ID: "p", Name: directory.Say("", "Example, relief"), Source: "t.csv:4"})
		}, []string{`warning t.csv:4: column "organisation": the organisation "p" is called as "o", of s.csv:2`}},
		"organisation of nearly": {func(d *directory.Directory) {
			d.Organisations = append(d.Organisations, directory.Organisation{ID: "p", Name: directory.Say("", "EXAMPLE Releif"), Source: "t.csv:4"})
		}, []string{`warning t.csv:4: column "organisation": the organisation "p" is called nearly as "o", of s.csv:2`}},
		"service twice":            {add(nil), []string{`warning s.csv:9: legal of o in XX01 stands twice, first in s.csv:2`}},
		"service at another place": {add(func(s *directory.Service) { s.Place.Name = directory.Say("", "EXAMPLE centre") }), []string{`note s.csv:9: legal of o in XX01 stands twice under different names or places, first in s.csv:2`}},
		"places of one service": {func(d *directory.Directory) {
			d.Services[0].Group = "g"
			add(func(s *directory.Service) { s.Group, s.Place.Name = "g", directory.Say("", "EXAMPLE centre") })(d)
		}, nil},
		"service for others":        {add(func(s *directory.Service) { s.For = []string{"children"} }), []string{`note s.csv:9: legal of o in XX01 stands twice under different names or places, first in s.csv:2`}},
		"service with another kind": {add(func(s *directory.Service) { s.Kinds = []string{"cash"} }), nil},
		"service with a slip": {func(d *directory.Directory) {
			d.Services[0].Name = directory.Say("", "EXAMPLE advice")
			add(func(s *directory.Service) { s.Name = directory.Say("", "EXAMPLE advise") })(d)
		}, []string{`warning s.csv:9: legal of o in XX01 differs from s.csv:2 in its spelling alone`}},
		"service of a slip": {func(d *directory.Directory) {
			d.Organisations = append(d.Organisations, directory.Organisation{ID: "p", Name: directory.Say("", "EXAMPLE Releif"), Source: "t.csv:4"})
			add(func(s *directory.Service) { s.Org = "p" })(d)
		}, []string{`warning s.csv:9: legal of p in XX01 differs from s.csv:2 in its spelling alone`, `warning t.csv:4: column "organisation": the organisation "p" is called nearly as "o", of s.csv:2`}},
	} {
		t.Run(name, func(t *testing.T) {
			d := sound()
			c.change(d)
			found := told(t, d, options(t))
			if strings.Contains(strings.ToLower(strings.Join(found, "")), "marked") || strings.Contains(strings.Join(found, ""), "98.76") {
				t.Errorf("the place of a shelter is printed: %s", found)
			}
			if len(found) != len(c.want) {
				t.Fatalf("found\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(c.want, "\n"))
			}
			for i, f := range found {
				if !strings.HasPrefix(f, c.want[i]) {
					t.Errorf("found\n%s\nwant\n%s", f, c.want[i])
				}
			}
		})
	}
}

// shared gives one number to three organisations in different areas.
func shared(number, kind string) func(*directory.Directory) {
	return func(d *directory.Directory) {
		for n := range 3 {
			id, area := fmt.Sprint("p", n), fmt.Sprint("XX1", n)
			d.Areas = append(d.Areas, directory.Area{ID: area, Parent: "XX", Name: directory.Say("", area)})
			d.Organisations = append(d.Organisations, directory.Organisation{ID: id, Name: directory.Say("", id)})
			d.Services = append(d.Services, service(10+n, func(s *directory.Service) {
				s.Org, s.Phones[0].Number, s.Place.Area, s.Kinds[0] = id, number, area, kind
			}))
		}
	}
}

// Where a mission has no list of holidays, hours that speak of them are told once.
func TestNoHolidays(t *testing.T) {
	d := sound()
	for _, s := range d.Services {
		s.Times.Open = "Mo-Fr 09:00-16:00; PH off"
	}
	o := options(t)
	if found := told(t, d, o); len(found) > 0 {
		t.Error(found)
	}
	o.Holidays = nil
	if found := told(t, d, o); len(found) != 1 || !strings.HasPrefix(found[0], `warning s.csv:2: column "hours": the hours of this and 1 more say what holds on holidays`) {
		t.Error(found)
	}
}

// Findings name the row from which a record came, in every form in which an import writes it down, in the order of rows.
func TestPlaces(t *testing.T) {
	sources := []string{"b.xlsx (Sheet one):12", "EXAMPLE (north) desk (b.xlsx (Sheet one):4)", "a.json (service 11)", "a.json (service 2)", "c.zip/service.csv:7", "told by phone", ""}
	d := sound()
	d.Services = nil
	for n, source := range sources {
		d.Services = append(d.Services, service(n, func(s *directory.Service) {
			s.Source, s.Phones[0].Number, s.Place.Area = source, "12", []string{"XX01", "XX02"}[n%2]
		}))
		d.Services[n].Kinds = []string{[]string{"legal", "cash", "water", "police"}[n/2]}
	}
	var got []string
	for _, f := range inspect.Look(d, options(t)) {
		at, _, _ := strings.Cut(f.String(), ": ")
		got = append(got, at)
	}
	want := []string{"a.json (service 2)", "a.json (service 11)", "b.xlsx (Sheet one):4", "b.xlsx (Sheet one):12", "c.zip/service.csv:7", "service s6", "told by phone"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// What is out of date is counted for each sheet, and lines that follow each other are one stretch.
func TestFreshnessBySource(t *testing.T) {
	d := sound()
	d.Services = nil
	for n, on := range []string{"2026-11-01", "2026-01-01", "2026-01-02", "2026-01-03", "", "2026-11-01", "2026-02-01", "2025-01-01", "2026-11-02"} {
		d.Services = append(d.Services, service(n+2, func(s *directory.Service) {
			s.VerifiedOn, s.Name = directory.Date(on), directory.Say("", fmt.Sprint("EXAMPLE ", n))
			s.Source = fmt.Sprintf("%s.csv:%d", []string{"s", "t"}[n/8], n+2)
		}))
	}
	d.Services[6].ValidUntil = "2026-10-01"
	var got []string
	for _, f := range inspect.Look(d, options(t)) {
		if f.Sort == inspect.Freshness {
			got = append(got, f.What)
		}
	}
	want := []string{"services that are out of date, and stand last with “call first”: 6 of 8: 1 whose last day has passed (line 8); 4 that were checked more than 90 days ago, the oldest on 2025-01-01 (lines 3-5, 9); 1 of which nobody says when they were checked (line 6)"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
