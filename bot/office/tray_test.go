package office_test

import (
	"strings"
	"testing"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/speech"
)

// What came many at once is listed by itself, below what is open, and acknowledging takes a report out of it.
func TestTheLowTray(t *testing.T) {
	m := newMission(t)
	most := casework.StandardBudget.Reports
	for range most + 3 {
		m.files()
		ok(t, m.registry.Shown(t.Context(), bot.Person{1}, bot.ClosingID{}))
	}
	inbox := m.commands("staff:ana", "inbox")
	m.said(inbox, "en", "staff.inbox.head", speech.Args{"Count": "6"})
	m.said(inbox, "en", "staff.inbox.tray", speech.Args{"Count": "3"})
	if len(inbox.Outs) != 2 || inbox.Outs[1].Rows[0][0].Data != "s:tray:" {
		t.Fatalf("%+v", inbox.Outs)
	}
	low := m.taps("staff:ana", "s:tray:")
	if len(low.Outs) != 1 || strings.Count(low.Outs[0].Text, " · due ") != 3 {
		t.Fatalf("%q", texts(low))
	}
	code := strings.TrimPrefix(low.Outs[0].Rows[0][0].Data, "s:read:")
	if strings.Contains(inbox.Outs[0].Text, code) {
		t.Error("it is listed above as well")
	}
	m.taps("staff:ana", "s:ack:"+code)
	m.said(m.taps("staff:ana", "s:inbox:"), "en", "staff.inbox.tray", speech.Args{"Count": "2"})
	for range 2 {
		next := m.taps("staff:ana", "s:tray:").Outs[0].Rows[0][0].Data
		m.taps("staff:ana", strings.Replace(next, "read", "ack", 1))
	}
	m.said(m.taps("staff:ana", "s:tray:"), "en", "staff.inbox.empty", nil)
}
