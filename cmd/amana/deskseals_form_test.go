package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	webdesk "amana/bot/desk"
	"amana/bot/handover"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// pageForm is the form that the page saves of a handed out report.
func pageForm(t *testing.T, m machine, coordinator, lang, file string) (form string, leaves bool) {
	t.Helper()
	book, err := sharedWords()
	if err != nil {
		t.Fatal(err)
	}
	p, err := shippedProfile(&config{path: "test", Profile: "example"}, "example")
	if err != nil {
		t.Fatal(err)
	}
	all, err := shippedFlows()
	if err != nil {
		t.Fatal(err)
	}
	labels := (&wording{book: book, flows: all}).labels()
	lists := func(tag string) map[string]map[string]string {
		out := map[string]map[string]string{}
		for name, items := range map[string][]item{"areas": p.Areas, "organisations": p.Organisations, "roles": p.Roles} {
			out[name] = map[string]string{}
			for _, i := range items {
				out[name][i.Name], _ = p.label(tag, name, i.Name)
			}
		}
		return out
	}
	words, ok := webdesk.NewWords(book, []string{lang}, labels, lists).Of(lang)
	if !ok {
		t.Fatalf("no words in %s", lang)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ask, err := json.Marshal(asked{
		"files": [][]byte{data}, "secret": m.secretOf(t), "coordinator": coordinator, "code": "BDFGHJ", "words": words, "values": p.values(), "now": someDay.Format(time.RFC3339),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Form   string
		Leaves bool
	}
	unmarshal(t, inNode(t, ask, filepath.Join("src", "report", "testdata", "form.mjs")), &got)
	return got.Form, got.Leaves
}

// The referral form that the page saves and the one that `amana open` writes are the same, byte for byte, in a language that
// runs either way; and neither leaves where nobody agreed.
func TestDeskSealsFormAlike(t *testing.T) {
	t.Parallel()
	m := newMachine(t, 1)
	said := func(flow, step, text string, values ...string) ticket.Said {
		return ticket.Said{Flow: flow, Step: step, Lang: "ar", Text: text, Values: values, Skipped: len(values) == 0 && text == ""}
	}
	agreed := func(step string, given bool) ticket.Agreed {
		return ticket.Agreed{Step: step, Lang: "ar", Text: "هل \u202eيمكن؟", Given: given}
	}
	for what, c := range map[string]struct {
		change func(*ticket.Body)
		later  bool
		leaves bool
	}{
		"plain": {func(*ticket.Body) {}, true, true},
		"both agreed, and somebody to avoid": {func(b *ticket.Body) {
			b.Answers = append(b.Answers, said("report", "who", "", "me"), said("report", "help", "", "health", "legal"), said("report", "involved", "", "yes"),
				said("report", "involved_org", "", "example_health"), said("report", "involved_role", "", "coordinator"), said("report", "nudge", "", "yes"))
			b.Consents = append(b.Consents, agreed("consent_help", true))
		}, false, true},
		"of another flow, with a safe way": {func(b *ticket.Body) {
			b.Answers = []ticket.Said{said("feedback", "age", "", "under_18"), said("feedback", "area", "", "town"), said("support", "who", "", "me"), said("support", "help", "", "safe_place"),
				said("support", "prefer", "", "woman"), said("contact", "way", "", "phone"), said("contact", "reach", "000-0009 <a> & \"b\"\\"), said("contact", "hours", "", "morning", "evening"),
				said("contact", "answers", "", "trusted"), said("contact", "cover", "", "own"), said("contact", "cover_words", "من المدرسة")}
			b.Consents = []ticket.Agreed{agreed("consent_send", true), agreed("consent_help", true)}
		}, false, true},
		"nothing agreed": {func(b *ticket.Body) { b.Consents = []ticket.Agreed{agreed("consent_complaint", false)} }, false, false},
		"unknown things": {func(b *ticket.Body) {
			b.Answers = append(b.Answers, said("report", "new_step", "", "new_choice"), said("report", "organisation", "", "nobody_knows"), said("report", "area", "", "unknown"))
		}, false, true},
	} {
		d := askedFor(t, m.key(t), c.change)
		if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
			t.Fatal(err)
		}
		if c.later {
			d.note(t, ticket.Note{Leg: &ticket.Leg{Leg: ticket.LegComplaint, To: "Green \u202e\u200cinvestigators", State: ticket.LegSent}}, ticket.Referred)
			d.note(t, ticket.Note{Leg: &ticket.Leg{Leg: ticket.LegComplaint, To: "Green \u202e\u200cinvestigators", State: ticket.LegConfirmed}}, "")
			d.add(t, ticket.Inside{Message: &ticket.Message{ID: d.report, Time: someDay, Lang: "en", Text: "One thing more\x1b."}})
		}
		file := hand(t, t.TempDir(), "BDFGHJ.amana", d.packet(), m.key(t))
		for _, lang := range []string{"en", "ar"} {
			page, leaves := pageForm(t, m, d.coordinator.Public(), lang, file)
			out := filepath.Join(t.TempDir(), "form.json")
			_, errs, status := m.opensWith(testPassphrase+"\n", nil, "-profile", "example", "-lang", lang, "-referral", out, "-out", filepath.Join(t.TempDir(), "note.amana"), file)
			if leaves != c.leaves || (status == 0) != c.leaves {
				t.Errorf("%s: the page lets it leave: %v, `amana open`: %s", what, leaves, errs)
			}
			if status != 0 {
				continue
			}
			ours, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if page != string(ours) {
				t.Errorf("%s, %s: the page saves\n%s\n`amana open` writes\n%s", what, lang, page, ours)
			}
			f, err := handover.Parse(ours)
			if err != nil {
				t.Errorf("%s: %v", what, err)
				continue
			}
			if again, err := f.JSON(); err != nil || string(again) != page {
				t.Errorf("%s: read and written again it is another, %v", what, err)
			}
			if strings.ContainsAny(page, "\u202e\u2068\u2069") || strings.Contains(page, "involved") || len(f.Handle) != 2*seal.HandleSize {
				t.Errorf("%s: %s", what, page)
			}
		}
	}
}
