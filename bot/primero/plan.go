package primero

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"amana/bot/handover"
	"amana/bot/ticket"
)

// Contexts are the case contexts that a mapping may fill: what the answers may support together, in the sense in which
// Primero's own indicators use the words. They fill a field or leave it empty; they never say that something is not so.
func Contexts() []string { return []string{"sexual_exploitation", "child_sexual_abuse"} }

// supported says whether the answers support one. Both need that sex or touching by force was chosen: sexual exploitation
// besides that something was given for it, child sexual abuse that the person concerned is under 18.
func supported(name string, f *handover.Form) bool {
	concern := f.Get("concern")
	if !slices.Contains(concern, "sexual_assault") {
		return false
	}
	switch name {
	case "sexual_exploitation":
		return slices.Contains(concern, "sex_for_aid") || slices.Contains(concern, "hiring")
	case "child_sexual_abuse":
		return slices.Equal(f.Get("age"), []string{"under_18"})
	}
	return false
}

// consentStep names the question by which a leg was agreed to.
func consentStep(leg string) string {
	for _, step := range []string{"consent_complaint", "consent_help"} {
		if ticket.AgreedTo([]ticket.Agreed{{Step: step, Given: true}}, leg) == ticket.Given {
			return step
		}
	}
	return ""
}

// Plan is what would be sent of one report.
type Plan struct {
	Case     *Entry
	Incident *Entry
	Refer    Refer // To is empty if nothing is referred
}

// Entry is one record: its id, and its fields by name.
type Entry struct {
	ID     string
	Fields map[string]any
}

// Refusals of a plan. None of them can be passed over.
var (
	ErrRefused  = errors.New("the reporter was asked whether this may be passed on, and said no")
	ErrNotAsked = errors.New("the reporter was never asked whether this may be passed on")
	ErrAccused  = errors.New("the report is about one of those who can see the records there")
	ErrKeptFrom = errors.New("the reporter said that this must not reach one of those who can see the records there")
	ErrFlow     = errors.New("reports of this kind are not among those that the mapping hands over")
	ErrNothing  = errors.New("none of its answers goes into any field, so there is nothing to hand over")
)

// IDs gives the id of a record by its kind, "case" or "incident".
type IDs func(kind string) string

// Plan makes what would be sent of a report. It is one of the refusals above if that must not be.
func (m *Mapping) Plan(f *handover.Form, ids IDs) (Plan, error) {
	var p Plan
	if err := m.allows(f); err != nil {
		return p, err
	}
	told := false
	for _, r := range []struct {
		kind   string
		there  bool
		record Record
		into   **Entry
	}{{"case", m.hasCase(), m.Case, &p.Case}, {"incident", m.hasIncident(), m.Incident, &p.Incident}} {
		if !r.there {
			continue
		}
		e := &Entry{ID: ids(r.kind), Fields: map[string]any{}}
		for _, row := range r.record.Fields {
			value := row.fill(f)
			if value == nil {
				continue
			}
			told = told || row.Value == "" && !row.Consent && !row.Received
			e.put(row, value)
		}
		*r.into = e
	}
	if !told {
		return Plan{}, ErrNothing
	}
	p.Refer = m.Refer
	return p, nil
}

// allows holds a report against what the mapping may hand over.
func (m *Mapping) allows(f *handover.Form) error {
	switch f.May(m.Leg) {
	case ticket.Refused:
		return ErrRefused
	case ticket.NotAsked:
		return ErrNotAsked
	}
	if !slices.Contains(m.Flows, f.Flow) {
		return ErrFlow
	}
	for _, org := range m.Organisations {
		if slices.Contains(f.Get("organisation"), org) {
			return ErrAccused
		}
		for _, force := range f.Get("accused") {
			if slices.Contains(m.forces[force], org) {
				return ErrAccused
			}
		}
		if slices.Contains(f.KeptFrom, org) {
			return ErrKeptFrom
		}
	}
	return nil
}

// fill gives what goes into a field; nil if nothing does.
func (row Row) fill(f *handover.Form) any {
	var values []string
	add := func(v string) {
		if v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	switch {
	case row.Value != "":
		add(row.Value)
	case row.Received:
		add(f.Received.UTC().Format(time.DateOnly))
	case row.Form != "":
		add(f.Fields[row.Form])
	case row.Consent:
		add(row.Values["yes"]) // a plan without the consent is refused
	case row.Context != "":
		if supported(row.Context, f) {
			add(row.Values["yes"])
		}
	default:
		for _, choice := range f.Get(row.Step) {
			add(row.Values[choice])
		}
	}
	var out []any
	for _, v := range values {
		one, err := shaped(v, row.As)
		if err != nil {
			return nil // own words where a number stands: the caseworker's
		}
		out = append(out, one)
	}
	switch {
	case len(out) == 0:
		return nil
	case row.As == asList:
		return out
	case len(out) > 1:
		return nil // an answer of another version of the flow: which of them it was is not guessed
	}
	return out[0]
}

// put puts a value where its row says.
func (e *Entry) put(row Row, value any) {
	if row.Subform == "" {
		e.Fields[row.Field] = value
		return
	}
	list, _ := e.Fields[row.Subform].([]any)
	if len(list) == 0 {
		list = []any{map[string]any{}}
		e.Fields[row.Subform] = list
	}
	list[0].(map[string]any)[row.Field] = value
}

// String names a plan by its records, for notes.
func (p Plan) String() (text string) {
	for _, r := range []struct {
		kind string
		e    *Entry
	}{{"case", p.Case}, {"incident", p.Incident}} {
		if r.e != nil {
			text += fmt.Sprintf("\n%s %s", r.kind, r.e.ID)
		}
	}
	return text
}
