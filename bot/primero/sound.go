package primero

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"amana/bot/handover"
	"amana/bot/sheet"
	"amana/bot/ticket"
)

// complain notes that something is wrong with the setting at a path, and what to do.
type complain func(path, hint, format string, args ...any)

// sound looks for what cannot work whatever a conversation asks.
func (m *Mapping) sound(bad complain) {
	var err error
	if m.url, err = address(m.Server); err != nil {
		bad("server", "", "%v", err)
	}
	if strings.TrimSpace(m.User) == "" {
		bad("user", "write the user of that Primero under which records are made, such as user: amana", "user is missing")
	}
	if !slices.Contains(ticket.Legs(), m.Leg) {
		bad("leg", "write leg: assistance for those who help, or leg: complaint for those who look into it", "leg says which consent is needed, and is %q", m.Leg)
	}
	if m.Receiver = strings.TrimSpace(m.Receiver); m.Receiver == "" || utf8.RuneCountInString(m.Receiver) > ticket.MaxReceiver {
		bad("receiver", "write in one short line who works with the records there; readers see it in the note", "receiver is missing, or longer than %d characters", ticket.MaxReceiver)
	}
	if len(m.Organisations) == 0 {
		bad("organisations", "write organisations: [NAME, …] as in the profile: a report about one of them, or that must not reach it, is never sent there", "organisations is missing: it says who can see the records there")
	}
	if len(m.Flows) == 0 {
		bad("flows", "write for example flows: [support, child]", "flows is missing: it says which conversations may be handed over")
	}
	for i, name := range m.Flows {
		if slices.Index(m.Flows, name) < i {
			bad(fmt.Sprintf("flows[%d]", i), "keep one of the two", "flow %s stands twice", name)
		}
	}
	if !m.hasCase() && !m.hasIncident() {
		bad("", "add case: with its fields, or incident:, or both", "nothing is made: there is neither case nor incident")
	}
	for name, r := range map[string]Record{"case": m.Case, "incident": m.Incident} {
		if m.lines[name] > 0 {
			r.sound(name, bad)
		}
	}
	if m.lines["refer"] > 0 {
		switch {
		case !m.hasCase():
			bad("refer", "add case: with its fields, or take refer out", "only a case can be referred")
		case strings.TrimSpace(m.Refer.To) == "":
			bad("refer", "write to: and the name of the user there, or take refer out", "refer says not to whom")
		}
	}
}

func (r Record) sound(name string, bad complain) {
	if len(r.Fields) == 0 {
		bad(name, "write under it fields: and what goes into each", "%s has no fields", name)
	}
	seen := map[string]bool{}
	for i, row := range r.Fields {
		at := fmt.Sprintf("%s.fields[%d]", name, i)
		if slices.ContainsFunc(r.Fields, func(o Row) bool { return o.Subform != "" && row.Subform == "" && o.Subform == row.Field }) {
			bad(at+".field", "give it its own name", "%s is a list of entries, and a field as well", row.Field)
		}
		if key := row.Subform + "." + row.Field; seen[key] {
			bad(at+".field", "keep one of the two, or put both tables into one", "%s is filled twice", row.Field)
		} else {
			seen[key] = true
		}
		row.sound(at, bad)
	}
}

func (row Row) sound(at string, bad complain) {
	for setting, name := range map[string]string{"field": row.Field, "subform": row.Subform} {
		if !isField(name) && (name != "" || setting == "field") {
			bad(at+"."+setting, "write it as Primero does: a-z, 0-9 and _", "%s %q is no name of a field", setting, name)
		}
	}
	if slices.Contains([]string{"id", "owned_by", "record_state", "status"}, row.Field) && row.Subform == "" {
		bad(at+".field", "take it out", "%s is made by this program or by Primero alone", row.Field)
	}
	sources := 0
	for _, is := range []bool{row.Value != "", row.Step != "", row.Consent, row.Received, row.Context != "", row.Form != ""} {
		if is {
			sources++
		}
	}
	if sources != 1 {
		bad(at, "write one of value, step, consent, received, context, form", "%s has %d sources", row.Field, sources)
		return
	}
	if row.As != "" && !slices.Contains([]string{asText, asList, asTruth, asNumber}, row.As) {
		bad(at+".as", "write as: text, list, truth or number", "as is %q", row.As)
		return
	}
	if row.Context != "" && !slices.Contains(Contexts(), row.Context) {
		bad(at+".context", sheet.Known(row.Context, Contexts()), "there is no context %q", row.Context)
	}
	if row.Form != "" && !slices.Contains(handover.Fields(), row.Form) {
		bad(at+".form", sheet.Known(row.Form, handover.Fields()), "the referral form has no field %q", row.Form)
	}
	switch table := len(row.Values) > 0; {
	case table && (row.Value != "" || row.Received || row.Form != ""):
		bad(at+".values", "take values out", "%s takes no choice, so there is nothing to be translated", row.Field)
	case !table && row.Step != "":
		bad(at, "write values: {choice: what it is called there}; a choice that is not named fills nothing", "%s does not say what becomes of a choice", row.Field)
	case !table && row.said() != "":
		bad(at, "write values: {yes: what it is called there}", "%s does not say what yes is called there", row.Field)
	}
	for choice, value := range row.Values {
		if row.said() != "" && choice != "yes" {
			bad(at+".values."+choice, "write values: {yes: what it is called there}; what is not so fills nothing", "%s knows only yes", row.Field)
		}
		if _, err := shaped(value, row.As); err != nil {
			bad(at+".values."+choice, "", "%v", err)
		}
	}
	if row.Value != "" {
		if _, err := shaped(row.Value, row.As); err != nil {
			bad(at+".value", "", "%v", err)
		}
	}
}

// said names a source that is either so or not told.
func (row Row) said() string {
	switch {
	case row.Consent:
		return "consent"
	case row.Context != "":
		return "context"
	}
	return ""
}

// isField says that a name can be that of a field of Primero.
func isField(s string) bool {
	if s == "" || len(s) > 64 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' })
}

// shaped gives a value the form that its field has.
func shaped(value, as string) (any, error) {
	switch {
	case value == "":
		return nil, fmt.Errorf("an empty value: write what it is called there, or take it out")
	case as == asTruth && value != "true" && value != "false":
		return nil, fmt.Errorf("%q is neither true nor false", value)
	case as == asTruth:
		return value == "true", nil
	case as == asNumber:
		n, err := strconv.Atoi(value)
		if err != nil {
			return nil, fmt.Errorf("%q is no whole number", value)
		}
		return n, nil
	}
	return value, nil
}
