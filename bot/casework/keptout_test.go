package casework_test

import (
	"slices"
	"strings"
	"testing"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/ticket"
)

// The reporter wants nobody of an organisation to read. Whoever of it joins later is let in by nobody: neither by a share, nor
// by handing over, nor with another role; people of other organisations are, and people of that one for other reports.
func TestKeptOutLater(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files("organisation", "relief", "inside", "keep_out")
	_, open := m.chat(2).files("organisation", "relief", "inside", "may")
	_, named := m.chat(3).files("involved", "yes", "involved_org", "relief", "involved_role", "focal_point")
	if lines := m.audit(receipt); !slices.Contains(lines, "reporter excluded: organisation ana bo") {
		t.Fatalf("its chain: %q", lines)
	}
	m.sign([]ticket.Entry{m.entry("dora", "relief", ticket.FocalPoint), m.entry("dina", "relief", ticket.Oversight), m.entry("eve", "green", ticket.FocalPoint)})
	for _, id := range []string{"dora", "dina", "eve"} {
		m.reach(id, bot.Address("staff:"+id))
	}
	share := func(code, to string) error {
		t.Helper()
		_, err := m.registry.Grant(t.Context(), "bea", m.writesGrants(m.reads("bea", code), grants{share: []string{to}, with: m.ids["bea"]}))
		return err
	}
	for _, to := range []string{"dora", "dina"} {
		wantErr(t, share(code, to), casework.NotThem)
		wantErr(t, m.registry.HandOver(t.Context(), "bea", code, to), casework.ErrLastReader)
		if _, err := m.registry.ReadOut(t.Context(), to, code); err != casework.ErrUnknown {
			t.Errorf("%s is handed it: %v", to, err)
		}
		ok(t, share(open, to))
	}
	ok(t, share(code, "eve"))
	ok(t, share(named, "dina")) // one role is named there, and not the whole organisation
	for range 10 {
		m.wait(day)
		m.tick()
		for _, n := range m.carried() {
			if n.Code == code && (n.Reader == "dora" || n.Reader == "dina") {
				t.Errorf("%s is told of it", n.Reader)
			}
		}
	}
	m.whole()
}

// A force that is accused, and that has nobody in the roster when a report is filed, is kept out of it all the same: whoever of
// it is signed later is let in by nobody. Who is accused stands nowhere in what the server keeps, and no reader is shown a mark.
func TestForceKeptOutLater(t *testing.T) {
	m := newMission(t, func(o *casework.Options) {
		o.Routes = ticket.Routes{Forces: map[string][]string{"police": {"ministry"}}}
	})
	receipt, code := m.chat(1).files("accused", "police")
	_, open := m.chat(2).files("story", "another")
	m.sign([]ticket.Entry{m.entry("mina", "ministry", ticket.FocalPoint)})
	m.reach("mina", bot.Address("staff:mina"))
	share := func(code string) error {
		_, err := m.registry.Grant(t.Context(), "bea", m.writesGrants(m.reads("bea", code), grants{share: []string{"mina"}, with: m.ids["bea"]}))
		return err
	}
	wantErr(t, share(code), casework.NotThem)
	wantErr(t, m.registry.HandOver(t.Context(), "bea", code, "mina"), casework.ErrLastReader)
	ok(t, share(open))
	for _, line := range m.audit(receipt) {
		if strings.Contains(line, "police") || strings.Contains(line, "ministry") {
			t.Errorf("its chain: %q", line)
		}
	}
	for _, line := range must(m.registry.ReportTrail(t.Context(), "bea", code)) {
		if strings.Contains(line.Did, "marks") {
			t.Errorf("a reader is shown %+v", line)
		}
	}
	m.whole()
}
