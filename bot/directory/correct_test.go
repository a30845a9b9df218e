package directory_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"amana/bot/directory"
)

func TestCorrect(t *testing.T) {
	kinds, err := directory.NewKinds()
	ok(t, err)
	clinic := func() *directory.Service {
		return &directory.Service{ID: "1", Org: "org", Kinds: []string{"health"}, Place: directory.Place{Area: "XX", Name: directory.Say("en", "Clinic")},
			Phones: []directory.Phone{{Number: "0700000001"}}, Times: directory.Times{Open: "24/7", Said: "always"}, Source: "a.csv:3"}
	}
	for _, c := range []struct {
		field, value string
		want         any
	}{
		{"phones", "0700 000 002 / 0700-000-003 (WhatsApp)", []directory.Phone{{Number: "0700000002"}, {Number: "0700000003", Use: "whatsapp"}}},
		{"phones", "", []directory.Phone(nil)},
		{"hours", "Mon-Fri 8:00-16:00", directory.Times{Open: "Mo-Fr 08:00-16:00", Said: "Mon-Fri 8:00-16:00"}},
		{"hours", "", directory.Times{}},
		{"status", "temporarily closed", directory.Paused},
		{"status", "active", directory.Status("")},
		{"status", "defunct", directory.Defunct},
		{"remarks", " Ask at\u202e the\x00 gate\n", directory.Say("en", "Ask at the gate")},
		{"remarks", "", directory.Words(nil)},
	} {
		s := clinic()
		if wrong := s.Correct(directory.Correction{Field: c.field, Value: c.value, Lang: "en", On: "2026-11-26", By: "Example Help"}, kinds); len(wrong) > 0 {
			t.Errorf("%s %q: %v", c.field, c.value, wrong)
		}
		got := map[string]any{"phones": s.Phones, "hours": s.Times, "status": s.Status, "remarks": s.Remarks}[c.field]
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %q: %+v, want %+v", c.field, c.value, got, c.want)
		}
		if want := "a.csv:3; " + c.field + " corrected on 2026-11-26 by Example Help"; s.Source != want {
			t.Errorf("it comes from %q, want %q", s.Source, want)
		}
	}
}

// What cannot stand in a record is refused with a remedy, and nothing of it is kept.
func TestCorrectRefuses(t *testing.T) {
	kinds, err := directory.NewKinds()
	ok(t, err)
	for _, c := range []struct{ kind, field, value, want string }{
		{"health", "phones", "07O0 000 001", "no telephone number"},
		{"health", "phones", "ask the nurse", "no telephone number"},
		{"hotline", "phones", "", "nobody can reach it"},
		{"health", "hours", "whenever", ""},
		{"health", "status", "asleep", "is not known"},
		{"health", "remarks", strings.Repeat("long ", 500), "more than 2000 bytes"},
		{"health", "visibility", "public", "cannot be corrected here"},
		{"health", "name", "Another", "cannot be corrected here"},
		{"shelter", "remarks", "The house behind the mosque", "must not be known"},
		{"shelter", "remarks", "12.34567, 45.67890", "must not be known"},
		{"shelter", "phones", "0700 000 002 (opposite the school)", "must not be known"},
	} {
		s := &directory.Service{ID: "1", Org: "org", Kinds: []string{c.kind}, Place: directory.Place{Area: "XX"}, Phones: []directory.Phone{{Number: "0700000001"}}}
		before := *s
		wrong := s.Correct(directory.Correction{Field: c.field, Value: c.value, On: "2026-11-26", By: "Example Help"}, kinds)
		if len(wrong) == 0 || !strings.Contains(wrong[0].What, c.want) {
			t.Errorf("%s %q: %v, want %s", c.field, c.value, wrong, c.want)
		}
		if len(wrong) > 0 && wrong[0].Remedy == "" && c.field != "hours" {
			t.Errorf("%s %q: no remedy for %s", c.field, c.value, wrong[0].What)
		}
		if !reflect.DeepEqual(*s, before) {
			t.Errorf("%s %q: it is changed to %+v", c.field, c.value, s)
		}
	}
}

// A field that is put right twice is noted once, and others beside it.
func TestCorrectionsAreNoted(t *testing.T) {
	kinds, err := directory.NewKinds()
	ok(t, err)
	s := &directory.Service{ID: "1", Org: "org", Kinds: []string{"health"}, Place: directory.Place{Area: "XX"}, Phones: []directory.Phone{{Number: "0700000001"}}, Source: "a.csv:3"}
	for _, c := range []directory.Correction{
		{Field: "phones", Value: "0700000002", On: "2026-11-01", By: "One"}, {Field: "remarks", Value: "x", On: "2026-11-02", By: "Two; and more"}, {Field: "phones", Value: "0700000003", On: "2026-11-03", By: "One"},
	} {
		if wrong := s.Correct(c, kinds); len(wrong) > 0 {
			t.Error(wrong)
		}
	}
	if want := "a.csv:3; remarks corrected on 2026-11-02 by Two, and more; phones corrected on 2026-11-03 by One"; s.Source != want {
		t.Errorf("%q", s.Source)
	}
}

// A record that was looked at is fresh, also where its sheet had given it an end; an end that is still to come stays.
func TestVerify(t *testing.T) {
	for _, c := range []struct{ until, want directory.Date }{{"", "2027-02-24"}, {"2026-11-01", "2027-02-24"}, {"2026-12-31", "2026-12-31"}} {
		s := directory.Service{ValidUntil: c.until, VerifiedOn: "2026-01-01"}
		s.Verify("2026-11-26", "Example Help")
		if s.Until() != c.want || s.Stale("2026-11-26") || s.VerifiedBy != "Example Help" {
			t.Errorf("%+v", s)
		}
	}
}

// A packed directory is written anew with its services amended and everything else as it was.
func TestAmend(t *testing.T) {
	d := &directory.Directory{
		Areas:         []directory.Area{{ID: "XX", Name: directory.Say("en", "Example")}},
		Organisations: []directory.Organisation{{ID: "org", Name: directory.Say("en", "Help & more")}},
		Services:      []*directory.Service{{ID: "1", Org: "org"}, {ID: "2", Org: "org"}},
	}
	var was, now bytes.Buffer
	ok(t, directory.Pack(&was, d))
	again := bytes.NewReader(was.Bytes())
	ok(t, directory.Amend(&now, again, func(s *directory.Service) error {
		if s.ID == "2" {
			s.Verify("2026-11-26", "x")
		}
		return nil
	}))
	got, err := directory.Unpack(&now)
	ok(t, err)
	d.Services[1].Verify("2026-11-26", "x")
	if !reflect.DeepEqual(got, d) {
		t.Errorf("%+v", got)
	}
	stop := errors.New("stop")
	if err := directory.Amend(&now, bytes.NewReader(was.Bytes()), func(*directory.Service) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
	if err := directory.Amend(&now, bytes.NewReader(was.Bytes()[:was.Len()-5]), func(*directory.Service) error { return nil }); !errors.Is(err, directory.ErrPacked) {
		t.Error(err)
	}
}

// What is offered for correction and comes back as it was says the same.
func TestTyped(t *testing.T) {
	kinds, err := directory.NewKinds()
	ok(t, err)
	s := &directory.Service{ID: "1", Org: "org", Kinds: []string{"health"}, Place: directory.Place{Area: "XX"},
		Phones:  []directory.Phone{{Number: "+1000000001"}, {Number: "0700000002", Ext: "12"}, {Number: "0700000003", Use: "whatsapp", Remark: "evenings"}, {Number: "116"}},
		Times:   directory.Times{Open: "Mo-Fr 08:00-12:00,13:00-16:00; PH off", Said: "Mo-Fr 08:00-12:00,13:00-16:00; PH off"},
		Remarks: directory.Words{{Lang: "en", Text: "Ring first"}}, Status: directory.Paused,
	}
	before := *s
	for _, field := range directory.Corrected() {
		if wrong := s.Correct(directory.Correction{Field: field, Value: s.Typed(field, "en"), Lang: "en", On: "2026-11-26", By: "x"}, kinds); len(wrong) > 0 {
			t.Errorf("%s: %v", field, wrong)
		}
	}
	s.Source = before.Source
	if !reflect.DeepEqual(*s, before) {
		t.Errorf("%+v, was %+v", *s, before)
	}
	if got := (&directory.Service{Times: directory.Times{Said: "when the light is on"}}).Typed("hours", "en"); got != "when the light is on" {
		t.Error(got)
	}
	if got := (&directory.Service{}).Typed("status", "en"); got != "active" {
		t.Error(got)
	}
}
