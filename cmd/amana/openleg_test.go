package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// note adds a note whose signed head names a state.
func (d *desk) note(t testing.TB, n ticket.Note, state ticket.State) *seal.Item {
	t.Helper()
	n.ID, n.Time, n.By = d.report, someDay, "bashir"
	d.add(t, ticket.Inside{Note: &n})
	item := &d.thread[len(d.thread)-1]
	h := *item.Header
	h.State = string(state)
	d.vouch(t, item, h)
	return item
}

// What readers chose beside their words is shown: what was passed on, to whom and how far it has come, the state to which a
// note moves the report, and what came of it in the end.
func TestOpenShowsLegsAndOutcomes(t *testing.T) {
	t.Parallel()
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	open := func(more ...string) string {
		t.Helper()
		file := hand(t, t.TempDir(), "BDFGHJ.amana", d.packet(), m.key(t))
		out, errs, status := m.run(testPassphrase+"\n", slices.Concat([]string{"open", "-dir", m.dir, "-lang", "en"}, more, []string{file})...)
		if status != 0 {
			t.Fatal(errs)
		}
		return strings.NewReplacer("\u2068", "", "\u2069", "").Replace(out)
	}
	d.note(t, ticket.Note{Leg: &ticket.Leg{Leg: ticket.LegComplaint, To: "Green \u202e\u200cinvestigators", State: ticket.LegSent}, Text: "by e-mail"}, ticket.Referred)
	d.note(t, ticket.Note{Leg: &ticket.Leg{Leg: ticket.LegAssistance, To: "Blue", State: ticket.LegDeclined}}, "")
	out := open()
	for _, want := range []string{
		"  The complaint: Green \u200cinvestigators (sent)\n  State: referred\n  by e-mail\n", "  The person's help: Blue (they do not take it)\n", "\nState: referred\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("nothing says %q in\n%s", want, out)
		}
	}
	d.note(t, ticket.Note{Text: "closing by a note"}, ticket.Closed) // which no server takes
	forged := d.note(t, ticket.Note{Text: "of a server"}, ticket.Confirmed)
	forged.Signature = slices.Clone(forged.Signature)
	forged.Signature[0] ^= 1
	if out := open(); !strings.Contains(out, "\nState: referred\n") || strings.Contains(out, "State: confirmed") || strings.Contains(out, "State: closed") {
		t.Errorf("a state that no reader signed:\n%s", out)
	}
	d.add(t, ticket.Inside{Reply: &ticket.Reply{ID: d.report, Time: someDay, Lang: "en", Role: ticket.FocalPoint, State: ticket.Closed, Outcome: ticket.OutcomePassedOn, Text: "They have it."}})
	if out := open(); !strings.Contains(out, "  Others deal with it\n  They have it.\n") || !strings.Contains(out, "\nState: closed\n") {
		t.Errorf("an outcome:\n%s", out)
	}
	var got struct {
		State  string
		Thread []struct {
			Type, State, Outcome string
			Leg                  *ticket.Leg
		}
	}
	if err := json.Unmarshal([]byte(open("-json")), &got); err != nil {
		t.Fatal(err)
	}
	th := got.Thread
	if got.State != "closed" || len(th) != 5 || th[0].State != "referred" || *th[0].Leg != (ticket.Leg{Leg: "complaint", To: "Green \u202e\u200cinvestigators", State: "sent"}) ||
		th[1].State != "" || th[1].Leg.State != "declined" || th[2].State != "" || th[3].State != "" || th[4].State != "closed" || th[4].Outcome != "passed_on" {
		t.Errorf("%+v", got)
	}
}
