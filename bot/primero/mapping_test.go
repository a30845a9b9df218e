package primero

import (
	"strings"
	"testing"
)

// small is a mapping that is right.
const small = `server: https://primero.example.org
user: amana_handover
leg: assistance
receiver: Case management
organisations: [example_health]
flows: [report]
case:
  fields:
    - {field: module_id, value: gbv}
    - {field: services_wanted, step: help, as: list, values: {health: medical, legal: legal}}
    - {field: contact, form: who.contact}
incident:
  fields:
    - {field: date_of_first_report, received: true}
    - {field: consent_reporting, consent: true, values: {yes: "true"}}
    - {field: goods_money_exchanged, step: concern, as: truth, values: {sex_for_aid: "true", hiring: "true"}}
    - {field: perpetrator_occupation, subform: alleged_perpetrator, step: accused, values: {police: officer}}
    - {field: possible_exploitation, context: sexual_exploitation, as: truth, values: {yes: "true"}}
refer:
  to: case_supervisor
  notes: with consent
`

// invented is a place that asks what small wants to know.
func invented() Place {
	return Place{
		Flows: map[string][]Question{
			"report": {
				{Step: "age", Choices: []string{"adult", "under_18", "unknown"}}, {Step: "organisation", Choices: []string{"none"}, List: "organisations"},
				{Step: "accused", Choices: []string{"police", "other"}}, {Step: "concern", Choices: []string{"sex_for_aid", "sexual_assault", "hiring"}, Several: true},
				{Step: "involved_org", List: "organisations"}, {Step: "story", Words: true}, {Step: "help", Choices: []string{"health", "legal"}, Several: true},
				{Step: "area", List: "areas"}, {Step: "consent_complaint", Choices: []string{"yes", "no"}, Consent: true},
				{Step: "consent_help", Choices: []string{"yes", "no"}, Consent: true},
			},
			"feedback": {{Step: "about", Choices: []string{"goods"}}, {Step: "consent_complaint", Choices: []string{"yes", "no"}, Consent: true}},
		},
		Lists:  map[string][]string{"organisations": {"example_health", "example_police"}, "areas": {"block_a"}},
		Forces: map[string][]string{"police": {"example_police"}},
	}
}

func read(t testing.TB, src string) *Mapping {
	t.Helper()
	m, err := ReadMapping("p.yaml", []byte(src))
	if err == nil {
		err = m.Check("p.yaml", invented())
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What is wrong in a mapping is told with its line and what to do.
func TestMappingMistakes(t *testing.T) {
	read(t, small)
	for _, c := range []struct{ from, to, says string }{
		{"server: https", "server: http", "p.yaml:1: server must begin with https://"},
		{"https://primero.example.org", "https://u:p@primero.example.org", "p.yaml:1: server must be an address"},
		{"https://primero.example.org", "https://primero.example.org/api", "nothing before or behind the name"},
		{"https://primero.example.org", "http://127.0.0.1.example.org", "p.yaml:1: server must begin with https://"},
		{"https://primero.example.org", "http://localhost", "p.yaml:1: server must begin with https://"},
		{"user: amana_handover", "user: \"\"", "p.yaml:2: user is missing; write"},
		{"user: amana_handover", "user: x\npassword: geheim", "p.yaml:3: there is no setting \"password\"; did you mean password_file?"},
		{"leg: assistance", "leg: help", `p.yaml:3: leg says which consent is needed, and is "help"; write leg: assistance`},
		{"receiver: Case management", "receiver: " + strings.Repeat("x", 121), "p.yaml:4: receiver is missing, or longer than 120"},
		{"[example_health]", "[]", "p.yaml:5: organisations is missing"},
		{"[example_health]", "[exmple_health]", `p.yaml:5: the mission has no organisation "exmple_health"; did you mean example_health?`},
		{"flows: [report]", "flows: [reprot]", `p.yaml:6: there is no flow "reprot" that files a report; did you mean report?`},
		{"flows: [report]", "flows: [report, feedback]", "p.yaml:6: the flow feedback never asks for the consent to assistance; take it out"},
		{"flows: [report]", "flows: [report, report]", "p.yaml:6: flow report stands twice; keep one"},
		{"field: module_id", "field: Module", `p.yaml:9: field "Module" is no name of a field`},
		{"field: module_id", "field: id", "p.yaml:9: id is made by this program"},
		{"value: gbv", "value: gbv, received: true", "p.yaml:9: module_id has 2 sources; write one of"},
		{", value: gbv", "", "p.yaml:9: module_id has 0 sources"},
		{"step: help", "step: halp", `p.yaml:10: no question of these flows is called "halp"; did you mean help?`},
		{"{health: medical", "{helth: medical", `p.yaml:10: help cannot be answered with "helth"; did you mean health?`},
		{"step: help, as: list", "step: help", "p.yaml:10: several can be chosen at help, and services_wanted takes one; write as: list"},
		{"as: list, values: {health: medical, legal: legal}", "as: list", "p.yaml:10: services_wanted does not say what becomes of a choice"},
		{"as: list, values", "as: liste, values", `p.yaml:10: as is "liste"; write`},
		{"{health: medical", "{health: \"\"", "p.yaml:10: an empty value"},
		{"form: who.contact", "form: who.contakt", `p.yaml:11: the referral form has no field "who.contakt"; did you mean who.contact?`},
		{"form: who.contact", "step: story, values: {x: y}", "p.yaml:11: story is answered in own words; own words go by form:"},
		{"form: who.contact", "step: involved_org, values: {example_health: x}", "p.yaml:11: involved_org says whom a report must avoid"},
		{"form: who.contact", "form: who.contact, values: {a: b}", "p.yaml:11: contact takes no choice"},
		{"form: who.contact", "step: area, values: {block_b: b}", `p.yaml:11: area cannot be answered with "block_b"; did you mean block_a?`},
		{`consent: true, values: {yes: "true"}`, "consent: true", "p.yaml:15: consent_reporting does not say what yes is called there"},
		{`consent: true, values: {yes: "true"}`, `consent: true, values: {no: "false", yes: "true"}`, "p.yaml:15: consent_reporting knows only yes"},
		{`hiring: "true"`, `hiring: "maybe"`, `p.yaml:16: "maybe" is neither true nor false`},
		{"subform: alleged_perpetrator", "subform: consent_reporting", "p.yaml:15: consent_reporting is a list of entries, and a field as well"},
		{"field: perpetrator_occupation, subform: alleged_perpetrator", "field: consent_reporting", "p.yaml:17: consent_reporting is filled twice"},
		{"context: sexual_exploitation", "context: sexual_exploration", `p.yaml:18: there is no context "sexual_exploration"; did you mean sexual_exploitation?`},
		{"  to: case_supervisor\n", "", "p.yaml:19: refer says not to whom"},
	} {
		src := strings.Replace(small, c.from, c.to, 1)
		if src == small {
			t.Fatalf("nothing is changed by %q", c.to)
		}
		m, err := ReadMapping("p.yaml", []byte(src))
		if err == nil {
			err = m.Check("p.yaml", invented())
		}
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("with %q:\n%v\nwant %s", c.to, err, c.says)
		}
	}
	if _, err := ReadMapping("p.yaml", nil); err == nil || !strings.Contains(err.Error(), "amana open -primero example") {
		t.Errorf("empty: %v", err)
	}
	const none = "server: https://p.example.org\nuser: u\nleg: complaint\nreceiver: r\norganisations: [a]\nflows: [f]\nrefer: {to: x}\n"
	if _, err := ReadMapping("p.yaml", []byte(none)); err == nil || !strings.Contains(err.Error(), "neither case nor incident") || !strings.Contains(err.Error(), "only a case can be referred") {
		t.Errorf("without records: %v", err)
	}
}

// A list of a mission that is not at hand is not guessed at.
func TestMappingWithoutAProfile(t *testing.T) {
	m, err := ReadMapping("p.yaml", []byte(strings.Replace(small, "form: who.contact", "step: area, values: {somewhere: b}", 1)))
	if err != nil {
		t.Fatal(err)
	}
	p := invented()
	p.Lists = nil
	if err := m.Check("p.yaml", p); err != nil {
		t.Error(err)
	}
}

// The shipped example is right by itself, and names this machine or anything real nowhere.
func TestExample(t *testing.T) {
	m, err := ReadMapping("example.yaml", Example)
	if err != nil {
		t.Fatal(err)
	}
	if m.Host() != "primero.example.org" || m.Leg != "assistance" {
		t.Errorf("%+v", m)
	}
}

func FuzzMapping(f *testing.F) {
	f.Add([]byte(small))
	f.Add(Example)
	f.Add([]byte("case: {fields: [{field: a, step: b, values: {c: d}}]}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		m, err := ReadMapping("p.yaml", src)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "p.yaml") {
				t.Fatalf("a mistake without a place: %v", err)
			}
			return
		}
		if m.URL().Scheme != "https" && !loopback(m.URL().Hostname()) {
			t.Fatalf("%s is spoken to in clear", m.URL())
		}
		_ = m.Check("p.yaml", invented())
		_, _ = m.Plan(filled(), func(kind string) string { return kind })
	})
}
