package handover

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/directory/table"
	"amana/bot/ticket"
)

func body() ticket.Body {
	said := func(step string, values ...string) ticket.Said {
		return ticket.Said{Flow: "report", Step: step, Lang: "ar", Values: values, Skipped: len(values) == 0}
	}
	return ticket.Body{
		Answers: []ticket.Said{
			said("age", "adult"), said("danger"), said("organisation", "example_police"), said("involved", "yes"),
			said("involved_org", "example_health"), said("involved_role", "coordinator"), said("area", "block_a"),
			{Flow: "report", Step: "story", Text: "own words"}, said("help", "health", "legal"), said("nudge", "yes"), said("nudge_hours", "evening"),
		},
		Consents: []ticket.Agreed{{Step: "consent_complaint", Lang: "ar", Text: "هل؟", Given: true}, {Step: "consent_help", Lang: "ar", Text: "هل؟"}},
	}
}

func form() *Form {
	f := &Form{
		Code: "BDFGHJ", Flow: "report", Kind: ticket.SEA, Urgency: ticket.Urgent, Received: time.Date(2026, 11, 22, 7, 30, 0, 0, time.UTC), Language: "ar", WrittenIn: "en",
		Fields: map[string]string{"who.contact": " a & <b>\n", "done.by": "Amina", "event.words": "\"x\"\u00e9", "person.name": "  "},
		Handle: strings.Repeat("ab", 32),
	}
	f.Take(body())
	return f
}

// What says whom a report must avoid, and what concerns the reporter's phone, goes to nobody.
func TestTake(t *testing.T) {
	f := form()
	want := []string{"age", "organisation", "area", "help"}
	var got []string
	for _, a := range f.Answers {
		got = append(got, a.Step)
	}
	if !slices.Equal(got, want) || !slices.Equal(f.KeptFrom, []string{"example_health"}) {
		t.Errorf("%v, kept from %v", got, f.KeptFrom)
	}
	b := body()
	b.Answers[3].Values = []string{"no"}
	if f.Take(b); len(f.KeptFrom) != 0 {
		t.Errorf("kept from %v although nobody is involved", f.KeptFrom)
	}
	if f.May(ticket.LegComplaint) != ticket.Given || f.May(ticket.LegAssistance) != ticket.Refused {
		t.Errorf("%s, %s", f.May(ticket.LegComplaint), f.May(ticket.LegAssistance))
	}
}

func TestFormIsReadAsItWasWritten(t *testing.T) {
	f := form()
	data, err := f.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(data, []byte("{\n  \"form\": \"complaint and referral\",\n  \"version\": 2,\n  \"code\": \"BDFGHJ\"")) || !bytes.Contains(data, []byte(`"contact": "a & <b>"`)) ||
		!bytes.Contains(data, []byte("\"person\": {},\n")) || bytes.Contains(data, []byte("own words")) {
		t.Errorf("%s", data)
	}
	got, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	f.Fields = map[string]string{"who.contact": "a & <b>", "done.by": "Amina", "event.words": "\"x\"\u00e9"}
	if !reflect.DeepEqual(got, f) {
		t.Errorf("%+v\nis read as\n%+v", f, got)
	}
	for what, change := range map[string][2]string{
		"another version":   {`"version": 2`, `"version": 1`},
		"another paper":     {"complaint and referral", "invoice"},
		"a field too many":  {`"code"`, `"name": "x", "code"`},
		"an unknown field":  {`"contact"`, `"salary"`},
		"no handle":         {strings.Repeat("ab", 32), "ab"},
		"no kind":           {`"sea"`, `"gossip"`},
		"no urgency":        {`"urgent"`, `"soon"`},
		"no code":           {`"BDFGHJ"`, `""`},
		"a year before it":  {"2026-11-22", "1026-11-22"},
		"an empty answer":   {`"adult"`, ``},
		"a number for text": {`"Amina"`, `7`},
		"broken":            {`{`, `[`},
	} {
		bad := strings.Replace(string(data), change[0], change[1], 1)
		if bad == string(data) {
			t.Fatalf("%s: nothing was changed", what)
		}
		if _, err := Parse([]byte(bad)); err == nil || strings.Contains(err.Error(), "Amina") {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, bad := range map[string]string{"more behind it": string(data) + "{}", "no text": "\xff" + string(data), "too long": string(data) + strings.Repeat(" ", MaxForm), "nothing": ""} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%s was read", what)
		}
	}
}

type areas struct{}

func (areas) Area(name string) string { return "=Block A, " + name }

// The table holds no own words and no way to reach anybody, and no cell that a spreadsheet would take for a formula.
func TestSheet(t *testing.T) {
	f := form()
	s, codes, err := Sheet(ticket.LegComplaint, []*Form{f}, areas{})
	if err != nil || codes != nil {
		t.Fatal(codes, err)
	}
	var out bytes.Buffer
	if err := table.WriteCSV(&out, s); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffCode,Received,Urgency,Area,Name of the area,Language,Age band,Kind,Organisation,Work of the accused,When,Going on,Danger now\n" +
		"#x_code,#date+received,#x_urgency,#loc+code,#loc+name,#x_language,#x_age,#x_kind,#org+accused,#x_accused,#x_when,#x_ongoing,#x_danger\n" +
		"BDFGHJ,2026-11-22,urgent,block_a,\"'=Block A, block_a\",ar,adult,sea,example_police,,,,\n"
	if got := strings.ReplaceAll(out.String(), "\r\n", "\n"); got != want {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	agreed := *f
	agreed.Code, agreed.Consents = "KLMNPQ", []Consent{{Step: "consent_help", Given: true}}
	if _, codes, err = Sheet(ticket.LegAssistance, []*Form{f, &agreed}, areas{}); !errors.Is(err, ErrNotAgreed) || !slices.Equal(codes, []string{"BDFGHJ"}) {
		t.Errorf("without a consent: %v, %v", codes, err)
	}
	s, _, err = Sheet(ticket.LegAssistance, []*Form{&agreed}, areas{})
	if err != nil {
		t.Fatal(err)
	}
	rows := slices.Collect(s.Rows)
	if len(s.Head[0]) != len(s.Head[1]) || len(rows[0]) != len(s.Head[0]) || !slices.Contains(rows[0], "health|legal") || slices.Contains(rows[0], "example_police") {
		t.Errorf("%q", rows)
	}
}

func FuzzParse(f *testing.F) {
	data, err := form().JSON()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"form":"complaint and referral","version":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Parse(data)
		if err != nil {
			return
		}
		again, err := got.JSON()
		if err != nil || !json.Valid(again) {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if _, err := Parse(again); err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		for _, leg := range []string{ticket.LegComplaint, ticket.LegAssistance} {
			got.May(leg)
		}
	})
}
