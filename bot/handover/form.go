package handover

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"amana/bot/ticket"
)

// Version is that of the form as it is written. Title is what a reader of the file finds first.
const (
	Version = 2
	title   = "complaint and referral"
)

// part is a part of the form, and its fields in their order.
type part struct {
	name   string
	fields []string
}

// parts are those of the form that is printed at the desk. The fields are the ones of the IASC model form for complaints and
// referrals, as far as it is generally known; almost all stay empty, and are a trained person's to fill in.
var parts = []part{
	{"who", []string{"name", "origin", "contact", "number", "age", "sex"}},
	{"person", []string{"name", "origin", "contact", "number", "age", "sex", "carers", "agrees"}},
	{"event", []string{"time", "place", "state", "witnesses", "words"}},
	{"accused", []string{"name", "work", "org", "address", "age", "sex", "looks"}},
	{"steps", []string{"police", "health", "safety", "others", "help"}},
	{"consent", []string{"told", "complaint", "assistance", "to"}},
	{"done", []string{"by", "org", "when", "passed", "received"}},
}

// Fields lists the fields of the form as PART.FIELD, in their order.
func Fields() (out []string) {
	for _, p := range parts {
		for _, f := range p.fields {
			out = append(out, p.name+"."+f)
		}
	}
	return out
}

// Form is the form of one report: what a person reads in it, and the answers by name, for programs.
type Form struct {
	Code      string // or the beginning of the report's id
	Flow      string // that filed the report
	Kind      ticket.Kind
	Urgency   ticket.Urgency
	Received  time.Time
	Language  string            // of the reporter
	WrittenIn string            // in which the fields are
	Fields    map[string]string // by PART.FIELD; what is empty may be left out
	Answers   []Answer
	Consents  []Consent
	KeptFrom  []string // organisations in which the reporter knows somebody who must not see it
	Handle    string   // of [amana/bot/seal.Seed.Handle], in hexadecimal
}

// Answer is one answer by choices. Own words stand in the fields alone.
type Answer struct {
	Flow   string   `json:"flow"`
	Step   string   `json:"step"`
	Values []string `json:"values"`
}

// Consent is a consent as it was put and answered.
type Consent struct {
	Step     string `json:"step"`
	Given    bool   `json:"given"`
	Language string `json:"language"`
	Text     string `json:"text"`
}

// Take puts the answers and consents of a report into the form. What says whom a report must avoid is kept out, but for the
// organisation, which whoever passes the form on has to know; so is what concerns the reporter's phone alone.
func (f *Form) Take(b ticket.Body) {
	f.Answers, f.Consents, f.KeptFrom = []Answer{}, []Consent{}, []string{}
	involved := false
	for _, a := range b.Answers {
		switch {
		case a.Skipped || len(a.Values) == 0:
		case a.Step == "involved":
			involved = a.Values[0] == string(ticket.Involved)
		case a.Step == "involved_org":
			f.KeptFrom = slices.Clone(a.Values)
		case a.Step == "involved_role", a.Step == "nudge", a.Step == "nudge_hours":
		default:
			f.Answers = append(f.Answers, Answer{a.Flow, a.Step, a.Values})
		}
	}
	if !involved {
		f.KeptFrom = []string{}
	}
	for _, c := range b.Consents {
		f.Consents = append(f.Consents, Consent{c.Step, c.Given, c.Lang, c.Text})
	}
}

// Get gives what was chosen at a step; the last answer counts.
func (f *Form) Get(step string) []string {
	for _, a := range slices.Backward(f.Answers) {
		if a.Step == step {
			return a.Values
		}
	}
	return nil
}

// May says how the reporter answered when asked whether the report may go this leg.
func (f *Form) May(leg string) ticket.Agreement {
	var all []ticket.Agreed
	for _, c := range f.Consents {
		all = append(all, ticket.Agreed{Step: c.Step, Given: c.Given})
	}
	return ticket.AgreedTo(all, leg)
}

// paper is the form as JSON. The parts stand between its two halves.
type paper struct {
	Form      string         `json:"form"`
	Version   int            `json:"version"`
	Code      string         `json:"code"`
	Flow      string         `json:"flow"`
	Kind      ticket.Kind    `json:"kind"`
	Urgency   ticket.Urgency `json:"urgency"`
	Received  time.Time      `json:"received"`
	Language  string         `json:"language"`
	WrittenIn string         `json:"written_in"`

	Who     filled `json:"who"`
	Person  filled `json:"person"`
	Event   filled `json:"event"`
	Accused filled `json:"accused"`
	Steps   filled `json:"steps"`
	Consent filled `json:"consent"`
	Done    filled `json:"done"`

	Answers  []Answer  `json:"answers"`
	Consents []Consent `json:"consents"`
	KeptFrom []string  `json:"kept_from"`
	Handle   string    `json:"handle"`
}

// part gives where a part stands in the paper.
func (p *paper) part(name string) *filled {
	return map[string]*filled{
		"who": &p.Who, "person": &p.Person, "event": &p.Event, "accused": &p.Accused, "steps": &p.Steps, "consent": &p.Consent, "done": &p.Done,
	}[name]
}

// filled are the fields of a part that are not empty, in the order of the form.
type filled []field

type field struct{ name, text string }

// MarshalJSON writes an object whose fields keep their order.
func (f filled) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, x := range f {
		if i > 0 {
			b.WriteByte(',')
		}
		writeText(&b, x.name)
		b.WriteByte(':')
		writeText(&b, x.text)
	}
	return []byte("{" + b.String() + "}"), nil
}

func writeText(b *bytes.Buffer, s string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string can always be written
	b.Truncate(b.Len() - 1)
}

// JSON writes the form as the desk writes it, byte for byte.
func (f *Form) JSON() ([]byte, error) {
	p := paper{
		Form: title, Version: Version, Code: f.Code, Flow: f.Flow, Kind: f.Kind, Urgency: f.Urgency, Received: f.Received, Language: f.Language, WrittenIn: f.WrittenIn,
		Answers: f.Answers, Consents: f.Consents, KeptFrom: f.KeptFrom, Handle: f.Handle,
	}
	for _, part := range parts {
		into := p.part(part.name)
		for _, name := range part.fields {
			if text := strings.TrimSpace(f.Fields[part.name+"."+name]); text != "" {
				*into = append(*into, field{name, text})
			}
		}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(p); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
