package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"amana/bot/handover"
	"amana/bot/primero/primerotest"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// complaintMapping hands complaints to a server on this machine.
const complaintMapping = `server: %s
user: amana_handover
leg: complaint
receiver: Case management
organisations: [example_health]
flows: [report]
case:
  fields:
    - {field: module_id, value: gbv}
incident:
  fields:
    - {field: date_of_first_report, received: true}
    - {field: consent_reporting, consent: true, values: {yes: "true"}}
    - {field: incident_location_type, step: matter, values: {favours: money, sexual: other}}
refer:
  to: case_supervisor
`

// mappingFor writes a mapping, changed in pairs.
func mappingFor(t *testing.T, address string, change ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "primero.yaml")
	text := strings.NewReplacer(change...).Replace(fmt.Sprintf(complaintMapping, address))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// opensWith runs `amana open` with values in the environment.
func (m machine) opensWith(stdin string, env map[string]string, args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = m.call(&call{
		args: append([]string{"open", "-dir", m.dir, "-lang", "en"}, args...), stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs,
		env: func(name string) string { return env[name] },
	})
	return out.String(), errs.String(), status
}

var withPassword = map[string]string{primeroPassword: primerotest.Password}

// From a report in the house to a record in Primero, and back to the house as a note: by real keys on real folders.
func TestOpenHandsOverToPrimero(t *testing.T) {
	p := newPlace(t)
	_, code := p.file(t)
	s := primerotest.New(t)
	amina := p.readers["amina"]
	mapping := mappingFor(t, s.URL)
	files := p.read(t, "amina", code)
	t.Chdir(t.TempDir())
	args := append([]string{"-profile", "example", "-primero", mapping}, files...)

	// Without a yes, and in a dry run, everything is shown and nothing is sent.
	for _, more := range [][]string{nil, {"-dry-run", "-yes"}} {
		out, errs, status := amina.opensWith(testPassphrase+"\n", withPassword, append(more, args...)...)
		if status != 0 || !strings.Contains(errs, "nothing was sent") || len(s.Requests()) > 0 {
			t.Fatalf("status %d, %s", status, errs)
		}
		var shown struct{ Requests []struct{ Path string } }
		if err := json.Unmarshal([]byte(out), &shown); err != nil || len(shown.Requests) != 4 || shown.Requests[3].Path != "/api/v2/cases/referrals" {
			t.Errorf("%v: %s", err, out)
		}
		for _, no := range []string{"طلبوا", code, primerotest.Password} {
			if strings.Contains(out+errs, no) {
				t.Errorf("%q is in what would be sent:\n%s", no, out)
			}
		}
	}
	out, errs, status := amina.opensWith(testPassphrase+"\n", withPassword, append([]string{"-yes"}, args...)...)
	if status != 0 || !strings.Contains(errs, code+"-handed.amana") {
		t.Fatalf("status %d, %s", status, errs)
	}
	var shown struct {
		Requests []struct {
			Body struct{ Data map[string]any }
		}
	}
	unmarshal(t, []byte(out), &shown)
	caseID, incidentID := shown.Requests[0].Body.Data["id"].(string), shown.Requests[1].Body.Data["id"].(string)
	if r := s.Record("incidents", incidentID); r["incident_location_type"] != "money" || r["date_of_first_report"] != someDay.Format("2006-01-02") || len(r) != 3 {
		t.Errorf("the incident: %v", r)
	}
	if len(s.Record("cases", caseID)) != 1 || !slices.Equal(s.Links(caseID), []string{incidentID}) || len(s.Referred(caseID)) != 1 {
		t.Errorf("the case: %v, %v, %v", s.Record("cases", caseID), s.Links(caseID), s.Referred(caseID))
	}

	// The house takes the note, which moves the report, and readers see which way it went.
	note, err := os.ReadFile(code + "-handed.amana")
	if err != nil {
		t.Fatal(err)
	}
	if taken, err := p.registry.Answer(t.Context(), "amina", note); err != nil || !taken.Note || taken.Code != code {
		t.Fatalf("%+v, %v", taken, err)
	}
	got, errs, status := amina.opensWith(testPassphrase+"\n", nil, append([]string{"-profile", "example"}, p.read(t, "amina", code)...)...)
	if status == 0 {
		for _, want := range []string{"The complaint: Case management (sent)", "State: referred", caseID, incidentID} {
			if !strings.Contains(bare(got), want) {
				t.Errorf("the thread does not show %q:\n%s", want, got)
			}
		}
	} else {
		t.Error(errs)
	}

	// A note that is there already holds up everything; elsewhere the same is sent once more, and nothing is there twice.
	s.Requests()
	if _, errs, status := amina.opensWith(testPassphrase+"\n", withPassword, append([]string{"-yes"}, args...)...); status != 1 || !strings.Contains(errs, "nothing was sent") || len(s.Requests()) > 0 {
		t.Errorf("status %d, %s", status, errs)
	}
	_, errs, status = amina.opensWith(testPassphrase+"\n", withPassword, append([]string{"-yes", "-out", "again.amana"}, args...)...)
	if status != 0 || !strings.Contains(errs, "the case was there from an earlier time") || s.Count("cases") != 1 || s.Count("incidents") != 1 || len(s.Referred(caseID)) != 1 {
		t.Errorf("once more: status %d, %s", status, errs)
	}
}

// What is written in clear is noted as what is sent: the house takes the note, the record has it under its writer, and readers
// see in their own language which way it went. The house does not.
func TestOpenNotesWhatItWrites(t *testing.T) {
	p := newPlace(t)
	_, code := p.file(t)
	amina := p.readers["amina"]
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		args       []string
		note, says string
	}{
		{[]string{"-referral", "form.json"}, code + "-handed-form.amana", "saved the referral form"},
		{[]string{"-csv", "table.csv", "-leg", "complaint"}, code + "-handed-csv.amana", "The complaint: CSV (HXL)"},
		{[]string{"-referral", "again.json", "-out", "mine.amana"}, "mine.amana", "saved the referral form"},
	} {
		_, errs, status := amina.opensWith(testPassphrase+"\n", nil, append(append(c.args, "-profile", "example"), p.read(t, "amina", code)...)...)
		if status != 0 || !strings.Contains(errs, c.note) || !strings.Contains(errs, "only from the file that is for the staff bot") {
			t.Fatalf("%q: status %d, %s", c.args, status, errs)
		}
		note, err := os.ReadFile(c.note)
		if err != nil {
			t.Fatal(err)
		}
		if taken, err := p.registry.Answer(t.Context(), "amina", note); err != nil || !taken.Note || taken.Code != code || len(taken.Missing) > 0 {
			t.Fatalf("%+v, %v", taken, err)
		}
		trail, err := p.registry.ReportTrail(t.Context(), "amina", code)
		if err != nil || len(trail) == 0 || trail[len(trail)-1].Who != "amina" || trail[len(trail)-1].Did != "note" {
			t.Errorf("the record ends with %+v, %v", trail, err)
		}
		got, errs, status := amina.opensWith(testPassphrase+"\n", nil, append([]string{"-profile", "example"}, p.read(t, "amina", code)...)...)
		if status != 0 || !strings.Contains(bare(got), c.says) || strings.Contains(bare(got), "State: referred") {
			t.Errorf("status %d, %s; the thread does not show %q:\n%s", status, errs, c.says, got)
		}
		if bytes.Contains(note, []byte(c.says)) {
			t.Error("the note says it in clear")
		}
	}
}

// asked makes a report whose reporter answered the consents like this.
func askedFor(t *testing.T, own string, change func(*ticket.Body)) *desk {
	t.Helper()
	d := newDesk(t, own)
	body := d.body()
	change(body)
	d.thread = nil
	d.add(t, ticket.Inside{Report: body})
	return d
}

func TestOpenHandsOverOnlyWithConsent(t *testing.T) {
	m := newMachine(t, 1)
	s := primerotest.New(t)
	consent := func(step string, given bool) ticket.Agreed {
		return ticket.Agreed{Step: step, Lang: "ar", Text: "هل؟", Given: given}
	}
	both := []ticket.Agreed{consent("consent_complaint", true), consent("consent_help", true)}
	none := []ticket.Agreed{consent("consent_complaint", false)}
	dir := t.TempDir()
	for what, c := range map[string]struct {
		args   []string
		change func(*ticket.Body)
		packet func(*seal.Packet)
		says   string
	}{
		"refused": {[]string{"-yes", "-primero", mappingFor(t, s.URL)}, func(b *ticket.Body) { b.Consents = none }, nil,
			"BDFGHJ is not handed over: the reporter was asked whether this may be passed on, and said no (leg: complaint)"},
		"never asked": {[]string{"-yes", "-primero", mappingFor(t, s.URL, "complaint", "assistance")}, func(b *ticket.Body) {}, nil,
			"the reporter was never asked whether this may be passed on (leg: assistance)"},
		"about them": {[]string{"-yes", "-primero", mappingFor(t, s.URL, "[example_health]", "[example_police]")}, func(b *ticket.Body) {}, nil,
			"the report is about one of those who can see the records there"},
		"kept from them": {[]string{"-yes", "-primero", mappingFor(t, s.URL)}, func(b *ticket.Body) {
			b.Answers = append(b.Answers, ticket.Said{Flow: "report", Step: "involved", Values: []string{"yes"}}, ticket.Said{Flow: "report", Step: "involved_org", Values: []string{"example_health"}})
		}, nil, "the reporter said that this must not reach one of those"},
		"withdrawn": {[]string{"-yes", "-primero", mappingFor(t, s.URL)}, func(b *ticket.Body) { b.Consents = both }, func(p *seal.Packet) { p.State = string(ticket.Read.Withdraw()) },
			"BDFGHJ is not handed over: the server says that the reporter has withdrawn it"},
		"withdrawn for good": {[]string{"-referral", filepath.Join(dir, "a.json")}, func(b *ticket.Body) { b.Consents = both }, func(p *seal.Packet) {
			p.State, p.Turns = string(ticket.Closed), []seal.Turn{{Day: uint32(ticket.DayOf(someDay)), What: turnWithdraw}}
		}, "has withdrawn it"},
		"a table": {[]string{"-csv", filepath.Join(dir, "a.csv"), "-leg", "assistance"}, func(b *ticket.Body) {}, nil,
			"did not agree to the leg assistance, or was not asked: BDFGHJ. Leave the file out; nothing was written"},
		"a form": {[]string{"-referral", filepath.Join(dir, "b.json")}, func(b *ticket.Body) { b.Consents = none }, nil,
			"the reporter was asked, and said no (complaint), and the reporter was never asked whether it may go there (assistance). Nothing was written"},
		"no password": {[]string{"-yes", "-primero", mappingFor(t, s.URL)}, func(b *ticket.Body) {}, nil, "there is no password for"},
		"an open password": {[]string{"-yes", "-primero", mappingFor(t, s.URL, "leg: complaint", "leg: complaint\npassword_file: primero.yaml")}, func(b *ticket.Body) {}, nil,
			"can be read by others on this machine"},
	} {
		if what == "an open password" {
			if err := os.Chmod(c.args[2], 0o644); err != nil {
				t.Fatal(err)
			}
		}
		d := askedFor(t, m.key(t), c.change)
		if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
			t.Fatal(err)
		}
		packet := d.packet()
		if c.packet != nil {
			c.packet(&packet)
		}
		file := hand(t, t.TempDir(), "BDFGHJ.amana", packet, m.key(t))
		t.Chdir(t.TempDir())
		_, errs, status := m.opensWith(testPassphrase+"\n", nil, append(c.args, "-profile", "example", file)...)
		if status != 1 || !strings.Contains(errs, c.says) {
			t.Errorf("%s: status %d, %s\nwant %s", what, status, errs, c.says)
		}
	}
	if asked := s.Requests(); len(asked) > 0 {
		t.Errorf("asked %q", asked)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v was written", left)
	}
}

// Several reports go into one table, each once, and what nobody agreed to goes nowhere.
func TestOpenWritesATable(t *testing.T) {
	m := newMachine(t, 1)
	dir, own := t.TempDir(), m.key(t)
	first := newDesk(t, own)
	if err := (wallet{m.dir}).pin(first.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	second := newDesk(t, own)
	second.report = ticket.ID{9, 9}
	second.thread = nil
	body := second.body()
	body.Answers[0].Values, body.Answers[6].Values = []string{"under_18"}, []string{"unknown"}
	second.add(t, ticket.Inside{Report: body})
	a, b := hand(t, dir, "BDFGHJ.amana", first.packet(), own), hand(t, dir, "KLMPRT.amana", second.packet(), own)
	out := filepath.Join(dir, "out.csv")
	t.Chdir(t.TempDir())
	_, errs, status := m.opensWith(testPassphrase+"\n", nil, "-csv", out, "-leg", "complaint", "-profile", "example", a, b)
	if status != 0 || !strings.Contains(errs, "no lock") {
		t.Fatalf("status %d, %s", status, errs)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeffCode,Received,Urgency,Area,Name of the area,Language,Age band,Kind,Organisation,Work of the accused,When,Going on,Danger now\n" +
		"#x_code,#date+received,#x_urgency,#loc+code,#loc+name,#x_language,#x_age,#x_kind,#org+accused,#x_accused,#x_when,#x_ongoing,#x_danger\n" +
		"BDFGHJ,2026-11-22,urgent,block_a,Block A (example),ar,adult,sea,example_police,,within_72h,,no\n" +
		"KLMPRT,2026-11-22,urgent,,,ar,under_18,sea,example_police,,within_72h,,no\n"
	if text := strings.ReplaceAll(string(got), "\r\n", "\n"); text != want {
		t.Errorf("%q\nwant\n%q", text, want)
	}
	if info, err := os.Stat(out); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	for _, note := range []string{"BDFGHJ-handed-csv.amana", "KLMPRT-handed-csv.amana"} {
		if _, err := os.Stat(note); err != nil || !strings.Contains(errs, note) {
			t.Errorf("%v, %s", err, errs)
		}
	}
	if _, errs, status := m.opensWith(testPassphrase+"\n", nil, "-csv", out+"2", "-leg", "complaint", a); status != 0 || !strings.Contains(errs, "BDFGHJ-handed-csv-2.amana") {
		t.Errorf("once more, with a note of its own: status %d, %s", status, errs)
	}
	if _, errs, status := m.opensWith(testPassphrase+"\n", nil, "-referral", "form.json", "-out", "BDFGHJ-handed-csv.amana", a); status != 1 || !strings.Contains(errs, "nothing was written") {
		t.Errorf("a note that was named is there already: status %d, %s", status, errs)
	}
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		says string
		args []string
	}{
		{"never written over", []string{"-csv", out, "-leg", "complaint", a}},
		{"are of several reports, and only -csv takes several", []string{"-referral", out + ".json", a, b}},
		{"two reports would stand as BDFGHJ", []string{"-csv", out + "2", "-leg", "complaint", a, hand(t, t.TempDir(), "BDFGHJ.amana", second.packet(), own)}},
		{"-csv needs -leg", []string{"-csv", out + "2", a}},
		{"choose one", []string{"-csv", out + "2", "-leg", "complaint", "-referral", "x", a}},
		{"-leg belongs to -csv", []string{"-referral", "x", "-leg", "complaint", a}},
		{"-leg belongs to -csv", []string{"-leg", "complaint", a}},
		{"hands over does nothing else", []string{"-csv", out + "2", "-leg", "complaint", "-json", a}},
		{"belong to -primero", []string{"-csv", out + "2", "-leg", "complaint", "-dry-run", a}},
		{"does not belong to -csv", []string{"-csv", out + "2", "-leg", "complaint", "-out", "x", a}},
		{"takes the place of a sealed file", []string{"-primero", "x", "-from", "x", a}},
		{"name the file that the staff bot sent", []string{"-referral", "x"}},
		{"readers hand over", []string{"-referral", "x", "-identity", "k", a}},
	} {
		if _, errs, status := m.opensWith(testPassphrase+"\n", nil, c.args...); status == 0 || !strings.Contains(errs, c.says) {
			t.Errorf("%q: status %d, %s\nwant %s", c.args, status, errs, c.says)
		}
	}
}

// A form that was saved is handed over as the report itself is, under the same ids, and the consents in it count.
func TestOpenHandsOverASavedForm(t *testing.T) {
	m := newMachine(t, 1)
	s := primerotest.New(t)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	file := hand(t, t.TempDir(), "BDFGHJ.amana", d.packet(), m.key(t))
	mapping := mappingFor(t, s.URL, "field: module_id, value: gbv", "field: contact, form: who.contact")
	if _, errs, status := m.opensWith(testPassphrase+"\n", nil, "-profile", "example", "-referral", "form.json", file); status != 0 {
		t.Fatal(errs)
	}
	whole, errs, status := m.opensWith(testPassphrase+"\n", nil, "-profile", "example", "-primero", mapping, file)
	if status != 0 {
		t.Fatal(errs)
	}
	out, errs, status := m.opensWith("", withPassword, "-profile", "example", "-yes", "-primero", mapping, "-from", "form.json")
	if status != 0 || out != whole || s.Count("cases") != 1 || !strings.Contains(errs, "note it for the other readers") {
		t.Errorf("status %d, %s\n%s\nwant\n%s", status, errs, out, whole)
	}
	if !strings.Contains(out, "اتصلوا بجارتي مساءً") || strings.Contains(out, "بطاقة") {
		t.Errorf("own words: %s", out)
	}
	data, err := os.ReadFile("form.json")
	if err != nil {
		t.Fatal(err)
	}
	f, err := handover.Parse(data)
	if err != nil || strings.ContainsAny(f.Fields["event.words"], "\u202e\x1b\u2068") {
		t.Errorf("%q, %v", f.Fields["event.words"], err)
	}
	for name, text := range map[string]string{
		"refused.json": strings.Replace(string(data), `"given": true`, `"given": false`, 1), "other.json": "{}", "cut.json": string(data[:len(data)/2]),
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, errs, status := m.opensWith("", withPassword, "-yes", "-primero", mapping, "-from", name); status != 1 || s.Count("cases") != 1 {
			t.Errorf("%s: status %d, %s", name, status, errs)
		}
	}
}

// A mapping is looked at by itself, and the shipped one is right for the shipped conversations and the example place.
func TestOpenLooksAtAMapping(t *testing.T) {
	m := machine{dir: t.TempDir(), dice: dice(1)}
	example, _, status := m.opensWith("", nil, "-primero", "example")
	path := filepath.Join(t.TempDir(), "primero.yaml")
	if err := os.WriteFile(path, []byte(example), 0o600); status != 0 || err != nil {
		t.Fatal(status, err)
	}
	if _, errs, status := m.opensWith("", nil, "-profile", "example", "-primero", path); status != 0 || !strings.Contains(errs, "nothing is wrong with it") {
		t.Errorf("status %d, %s", status, errs)
	}
	bad := mappingFor(t, "https://primero.example.org", "matter", "mattter", "[example_health]", "[health]")
	if _, errs, status := m.opensWith("", nil, "-profile", "example", "-primero", bad); status != 2 || !strings.Contains(errs, `primero.yaml:5: the mission has no organisation "health"`) {
		t.Errorf("status %d, %s", status, errs)
	}
	if _, errs, status := m.opensWith("", nil, "-primero", bad); status != 2 || !strings.Contains(errs, `primero.yaml:14: no question of these flows is called "mattter"; did you mean matter?`) {
		t.Errorf("without a profile: status %d, %s", status, errs)
	}
	if _, errs, status := m.opensWith("", nil, "-primero", path+"x"); status != 2 || !strings.Contains(errs, "amana open -primero example") {
		t.Errorf("status %d, %s", status, errs)
	}
}
