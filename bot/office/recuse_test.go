package office_test

import (
	"crypto/rand"
	"reflect"
	"slices"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Whoever should not read a report is asked once, may think better of it, and steps back; then every answer about it is,
// byte for byte, the one for a report that never was.
func TestStepBack(t *testing.T) {
	for _, lang := range []string{"en", "ar"} {
		t.Run(lang, func(t *testing.T) {
			m := newMission(t)
			m.taps("staff:ana", "s:lang:"+lang)
			_, code := m.files()
			ask := m.taps("staff:ana", "s:out:"+code)
			m.said(ask, lang, "staff.recuse.ask", speech.Args{"Code": code})
			yes, no := ask.Outs[0].Rows[0][0].Data, ask.Outs[0].Rows[1][0].Data
			m.said(m.taps("staff:ana", no), lang, "staff.recuse.kept", speech.Args{"Code": code})
			if m.taps("staff:ana", "s:read:"+code).Outs[0].File == nil {
				t.Error("it is gone although nobody said yes")
			}
			m.said(m.taps("staff:ana", yes), lang, "staff.recuse.done", speech.Args{"Code": code})
			for _, verb := range []string{"ack", "read", "out", "outyes", "outno"} {
				hidden, none := m.taps("staff:ana", "s:"+verb+":"+code), m.taps("staff:ana", "s:"+verb+":BDFGHJ")
				if !reflect.DeepEqual(hidden, none) {
					t.Errorf("%s tells it from none: %q and %q", verb, texts(hidden), texts(none))
				}
				m.said(none, lang, "staff.none", nil)
			}
			for _, reply := range []bot.Reply{m.commands("staff:ana", "inbox"), m.taps("staff:ana", "s:out:")} {
				m.said(reply, lang, "staff.inbox.empty", nil)
			}
			if len(m.taps("staff:bea", "s:read:"+code).Outs) == 0 {
				t.Error("the other reader has lost it too")
			}
		})
	}
}

// The whole later view of somebody who stepped back is that of a mission in which the report never was.
func TestSteppedBackSeesNothing(t *testing.T) {
	view := func(stepped bool) (out []bot.Reply) {
		m := newMission(t)
		code := "BDFGHJ"
		var receipt string
		if stepped {
			receipt, code = m.files()
			m.taps("staff:ana", "s:outyes:"+code)
		}
		for day := range 6 {
			if stepped && day == 1 {
				file := m.taps("staff:bea", "s:read:"+code).Outs[0].File
				m.brings("staff:bea", m.answer("bea", *file, "we have read it", nil))
			}
			if stepped && day == 2 {
				mail, err := m.registry.Open(t.Context(), bot.Person{1}, receipt)
				ok(t, err)
				_, err = m.registry.Commit(t.Context(), bot.Turn{Person: bot.Person{1}, Letter: &bot.Letter{Box: mail.Box, Text: "more", Lang: "en"}})
				ok(t, err)
			}
			m.now = m.now.Add(26 * time.Hour)
			_, err := m.registry.Tick(t.Context())
			ok(t, err)
			for {
				due, err := m.registry.Notices(t.Context(), 10, nil)
				ok(t, err)
				if len(due) == 0 {
					break
				}
				for _, n := range due {
					if n.Reader == "ana" {
						t.Errorf("ana is told %q", n.Event)
					}
					ok(t, m.registry.NoticeDone(t.Context(), n))
				}
			}
			out = append(out, m.commands("staff:ana", "inbox"), m.commands("staff:ana", "help"))
			for _, verb := range []string{"ack", "read", "out", "outyes", "outno"} {
				out = append(out, m.taps("staff:ana", "s:"+verb+":"+code))
			}
			out = append(out, m.taps("staff:ana", "s:out:"))
		}
		return out
	}
	if with, without := view(true), view(false); !reflect.DeepEqual(with, without) {
		t.Errorf("the views differ:\n%v\n%v", with, without)
	}
}

// The last who could read a report cannot step back, and is told what to do instead.
func TestLastReaderStays(t *testing.T) {
	m := newMission(t)
	_, code := m.files()
	m.taps("staff:bea", "s:outyes:"+code)
	for _, verb := range []string{"out", "outyes"} {
		m.said(m.taps("staff:ana", "s:"+verb+":"+code), "en", "staff.recuse.last", speech.Args{"Code": code})
	}
	m.said(m.taps("staff:ana", "s:outno:"+code), "en", "staff.recuse.kept", speech.Args{"Code": code})
	if m.taps("staff:ana", "s:read:"+code).Outs[0].File == nil {
		t.Error("nobody reads it any more")
	}
}

// While a restored roster waits, nobody steps back either: it would be written to a list of readers that may be wrong.
func TestHeldStepBack(t *testing.T) {
	m := newMission(t)
	_, code := m.files()
	ok(t, casework.Hold(t.Context(), m.store))
	again, err := casework.New(t.Context(), m.registry.Options)
	ok(t, err)
	m.office.Registry = again
	for _, data := range []string{"s:out:" + code, "s:outyes:" + code, "s:outno:" + code, "s:out:"} {
		m.said(m.taps("staff:ana", data), "en", "staff.held", nil)
	}
}

// Few reports have a button each that says what it does; forty have their codes, three in a row; and no inbox has more
// than a door takes.
func TestInboxOfMany(t *testing.T) {
	m := newMission(t)
	var codes []string
	check := func(want int) {
		t.Helper()
		codes = codes[:0]
		lines, err := m.registry.Inbox(t.Context(), "ana")
		ok(t, err)
		for _, l := range lines {
			codes = append(codes, l.Code)
		}
		if len(codes) != want {
			t.Fatalf("%d reports", len(codes))
		}
	}
	buttons := func(out bot.Outgoing) (data []string, widest int) {
		for _, row := range out.Rows {
			widest = max(widest, len(row))
			for _, c := range row {
				data = append(data, c.Data)
			}
		}
		return data, widest
	}
	m.copies(3)
	check(3)
	out := m.commands("staff:ana", "inbox").Outs[0]
	if data, widest := buttons(out); len(data) != 4 || widest != 1 || len(out.Rows) != 4 {
		t.Errorf("three reports: %d buttons in %d rows", len(data), len(out.Rows))
	}
	m.copies(37)
	check(40)
	for _, lang := range []string{"en", "ar"} {
		m.taps("staff:ana", "s:lang:"+lang)
		out = m.commands("staff:ana", "inbox").Outs[0]
		data, widest := buttons(out)
		if len(out.Rows) != 15 || widest != 3 || len(data) != 41 || len([]rune(out.Text)) > 4096 {
			t.Errorf("forty reports: %d buttons in %d rows, %d characters", len(data), len(out.Rows), len([]rune(out.Text)))
		}
		which := m.taps("staff:ana", data[40]).Outs[0]
		m.said(bot.Reply{Outs: []bot.Outgoing{which}}, lang, "staff.recuse.which", nil)
		for i, code := range codes {
			if data[i] != "s:read:"+code {
				t.Errorf("at place %d stands %q and not what is due first", i, data[i])
			}
			if all, _ := buttons(which); !slices.Contains(all, "s:out:"+code) {
				t.Errorf("no way to step back from report %d", i)
			}
		}
	}
	m.copies(80)
	check(120)
	for _, reply := range []bot.Reply{m.commands("staff:ana", "inbox"), m.taps("staff:ana", "s:out:")} {
		if data, _ := buttons(reply.Outs[0]); len(data) > 100 {
			t.Errorf("%d buttons", len(data))
		}
	}
}

// copies files a report and puts others beside it until there are n more, with ids and codes of their own.
func (m *mission) copies(n int) {
	m.t.Helper()
	_, code := m.files()
	var first store.Filed
	var under seal.KeyID
	ok(m.t, m.store.View(m.t.Context(), func(r *store.Read) error {
		ref, _, err := r.ByCode(code)
		if err != nil {
			return err
		}
		first.Report, under, err = r.Report(ref)
		return err
	}))
	for range n - 1 {
		next := first
		_, err := rand.Read(next.ID[:])
		ok(m.t, err)
		_, err = rand.Read(next.MailboxID[:])
		ok(m.t, err)
		next.Code, err = ticket.NewCode(rand.Reader)
		ok(m.t, err)
		ok(m.t, m.store.Update(m.t.Context(), store.ID{}, func(w *store.Write) error {
			return w.PutReport(store.RefOf(next.Day, next.ID), under, next, nil)
		}))
	}
}
