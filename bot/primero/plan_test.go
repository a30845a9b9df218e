package primero

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"amana/bot/handover"
	"amana/bot/ticket"
)

// filled is the form of a report with which everything in small is filled.
func filled() *handover.Form {
	said := func(step string, values ...string) handover.Answer {
		return handover.Answer{Flow: "report", Step: step, Values: values}
	}
	return &handover.Form{
		Code: "BDFGHJ", Flow: "report", Kind: ticket.SEA, Urgency: ticket.Normal, Received: time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC), Language: "ar", WrittenIn: "en",
		Fields: map[string]string{"who.contact": "call the neighbour", "event.words": "what happened"},
		Answers: []handover.Answer{
			said("age", "adult"), said("concern", "sexual_assault", "sex_for_aid", "hiring"), said("accused", "police"), said("area", "block_a"),
			said("help", "health", "legal", "money"), said("organisation", "unknown"),
		},
		Consents: []handover.Consent{{Step: "consent_complaint", Given: true}, {Step: "consent_help", Given: true}},
		KeptFrom: []string{}, Handle: strings.Repeat("ab", 32),
	}
}

func ids(kind string) string {
	return map[string]string{"case": "11111111-1111-4111-8111-111111111111", "incident": "22222222-2222-4222-8222-222222222222"}[kind]
}

func TestPlan(t *testing.T) {
	p, err := read(t, small).Plan(filled(), ids)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal([]*Entry{p.Case, p.Incident})
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"ID":"11111111-1111-4111-8111-111111111111","Fields":{"contact":"call the neighbour","module_id":"gbv","services_wanted":["medical","legal"]}},` +
		`{"ID":"22222222-2222-4222-8222-222222222222","Fields":{"alleged_perpetrator":[{"perpetrator_occupation":"officer"}],"consent_reporting":"true","date_of_first_report":"2026-11-22","goods_money_exchanged":true,"possible_exploitation":true}}]`
	if string(got) != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if strings.Contains(string(got), "what happened") || strings.Contains(string(got), "BDFGHJ") {
		t.Error("something goes that the mapping does not name")
	}
}

// Nothing is made without the consent to this very leg, nor for whom the report is about or must avoid.
func TestPlanRefuses(t *testing.T) {
	change := func(f func(*handover.Form)) *handover.Form { g := filled(); f(g); return g }
	answer := func(step string, values ...string) func(*handover.Form) {
		return func(f *handover.Form) {
			f.Answers = append(f.Answers, handover.Answer{Flow: "report", Step: step, Values: values})
		}
	}
	police := strings.Replace(small, "[example_health]", "[example_police]", 1)
	for what, c := range map[string]struct {
		mapping string
		form    *handover.Form
		want    error
	}{
		"refused":                 {small, change(func(f *handover.Form) { f.Consents[1].Given = false }), ErrRefused},
		"not asked":               {small, change(func(f *handover.Form) { f.Consents = f.Consents[:1] }), ErrNotAsked},
		"no consents":             {small, change(func(f *handover.Form) { f.Consents = nil }), ErrNotAsked},
		"the other leg, refused":  {strings.Replace(small, "assistance", "complaint", 1), change(func(f *handover.Form) { f.Consents[0].Given = false }), ErrRefused},
		"the other leg":           {strings.Replace(small, "assistance", "complaint", 1), change(func(f *handover.Form) { f.Consents[1].Given = false }), nil},
		"about them":              {small, change(answer("organisation", "example_health")), ErrAccused},
		"about their force":       {police, filled(), ErrAccused},
		"must not reach them":     {small, change(func(f *handover.Form) { f.KeptFrom = []string{"example_health"} }), ErrKeptFrom},
		"of another conversation": {small, change(func(f *handover.Form) { f.Flow = "feedback" }), ErrFlow},
		"nothing to tell": {small, change(func(f *handover.Form) {
			f.Fields, f.Answers = nil, []handover.Answer{{Flow: "report", Step: "age", Values: []string{"adult"}}}
		}), ErrNothing},
		"fine": {small, filled(), nil},
	} {
		if _, err := read(t, c.mapping).Plan(c.form, ids); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
}

// A context is told only if the answers say all of it, and never denied.
func TestContexts(t *testing.T) {
	for _, c := range []struct {
		concern []string
		age     string
		want    string
	}{
		{[]string{"sexual_assault", "sex_for_aid"}, "adult", "sexual_exploitation"},
		{[]string{"sexual_assault", "hiring"}, "unknown", "sexual_exploitation"},
		{[]string{"sexual_assault"}, "under_18", "child_sexual_abuse"},
		{[]string{"sexual_assault", "sex_for_aid"}, "under_18", "sexual_exploitation child_sexual_abuse"},
		{[]string{"sex_for_aid"}, "under_18", ""},
		{[]string{"harassment", "relationship", "other"}, "under_18", ""},
		{[]string{"sexual_assault"}, "", ""},
		{[]string{"sexual_assault"}, "unknown", ""},
		{nil, "under_18", ""},
	} {
		f := filled()
		f.Answers = []handover.Answer{{Flow: "report", Step: "concern", Values: c.concern}, {Flow: "report", Step: "age", Values: []string{c.age}}}
		var got []string
		for _, name := range Contexts() {
			if supported(name, f) {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v, %s: %v, want %q", c.concern, c.age, got, c.want)
		}
	}
}

// What a later version of a conversation says is not forced into a field.
func TestPlanGuessesNothing(t *testing.T) {
	m := read(t, strings.Replace(small, "{police: officer}", "{police: officer, other: somebody}", 1))
	f := filled()
	f.Answers[2].Values = []string{"police", "other"}
	p, err := m.Plan(f, ids)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Incident.Fields["alleged_perpetrator"]; got != nil {
		t.Errorf("one of two was chosen: %v", got)
	}
	m = read(t, strings.Replace(small, "form: who.contact", "form: who.contact, as: number", 1))
	if p, err = m.Plan(f, ids); err != nil || p.Case.Fields["contact"] != nil {
		t.Errorf("words became a number: %v, %v", p.Case, err)
	}
}
