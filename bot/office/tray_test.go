package office_test

import (
	"strings"
	"testing"
	"time"

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

// Where digests tell of nothing, the inbox says which reports are to be sealed again, a few at a time.
func TestTheInboxAsksToSeal(t *testing.T) {
	m := newMission(t)
	m.registry.Digest = casework.Digest{Times: []time.Duration{8 * time.Hour}}
	var codes []string
	for range 5 {
		_, code := m.files()
		codes = append(codes, code)
		ok(t, m.registry.Shown(t.Context(), bot.Person{1}, bot.ClosingID{}))
	}
	before := len(m.commands("staff:ana", "inbox").Outs)
	m.sign(m.entry("bea", "health")) // a new key
	inbox := m.commands("staff:ana", "inbox")
	if n := len(inbox.Outs) - before; n != 3 {
		t.Errorf("%d things more are said: %q", n, texts(inbox))
	}
	said := 0
	for _, code := range codes {
		want, err := m.book.Text("en", "staff.notice.reseal", speech.Args{"Code": code})
		ok(t, err)
		for _, o := range inbox.Outs {
			if o.Text == speech.Paragraph("en", want) {
				said++
			}
		}
	}
	if said != 3 {
		t.Errorf("asked %d times: %q", said, texts(inbox))
	}
}
