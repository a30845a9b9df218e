package office_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/office"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// A focal point's whole way, in each language: link, key, confirmation, notice, reading, answering.
func TestTheWayOfAFocalPoint(t *testing.T) {
	for _, lang := range []string{"en", "ar"} {
		t.Run(lang, func(t *testing.T) {
			m := newMission(t)
			const dora = bot.Address("staff:dora")
			word, err := m.registry.Invite(t.Context(), ticket.Entry{ID: "dora", Name: "Dora", Org: "relief", Role: ticket.FocalPoint}, lang, false)
			ok(t, err)
			reply := m.follows(dora, word)
			m.said(reply, lang, "staff.invited", speech.Args{"Name": "Dora"})
			m.said(reply, lang, "staff.enrol.how", nil)
			m.said(m.types(dora, "hello"), lang, "staff.enrol.how", nil)
			m.said(m.brings(dora, []byte("a picture")), lang, "staff.enrol.bad", nil)
			file := m.enrolment("dora")
			m.said(m.brings(dora, file), lang, "staff.enrol.ok", speech.Args{"Fingerprint": seal.Fingerprint(m.ids["dora"].Public())})
			for range 2 { // and the same file again
				m.said(m.brings(dora, file), lang, "staff.waiting", nil)
				m.said(m.types(dora, "/inbox"), lang, "staff.waiting", nil)
			}
			m.sign()
			m.said(m.commands(dora, "inbox"), lang, "staff.inbox.empty", nil)
			receipt, code := m.files()
			inbox := m.commands(dora, "inbox")
			if len(inbox.Outs) != 1 || !strings.Contains(inbox.Outs[0].Text, code) || !inbox.Outs[0].Protect {
				t.Fatalf("%+v", inbox)
			}
			read := m.taps(dora, inbox.Outs[0].Rows[0][0].Data)
			if len(read.Outs) != 1 || read.Outs[0].File == nil || read.Outs[0].File.Name != code+".amana" {
				t.Fatalf("%q", texts(read))
			}
			m.said(m.taps(dora, "s:ack:"+code), lang, "staff.ack.ok", speech.Args{"Code": code})
			m.said(m.taps(dora, "s:ack:"+code), lang, "staff.ack.already", speech.Args{"Code": code})
			answer := m.answer("dora", *read.Outs[0].File, "the answer", nil)
			m.said(m.brings(dora, answer), lang, "staff.answer.ok", speech.Args{"Code": code})
			m.said(m.brings(dora, answer), lang, "staff.answer.already", nil)
			mail, err := m.registry.Open(t.Context(), bot.Person{1}, receipt)
			if err != nil || len(mail.Answers) != 1 || mail.Answers[0].Text != "the answer" {
				t.Errorf("%+v %v", mail, err)
			}
		})
	}
}

// A report that is late keeps its deadline in the inbox, and is called overdue beside it.
func TestTheInboxOfALateReport(t *testing.T) {
	m := newMission(t)
	_, code := m.files()
	line := func() string {
		t.Helper()
		for _, l := range strings.Split(strings.Join(texts(m.commands("staff:ana", "inbox")), "\n"), "\n") {
			if strings.Contains(l, code) {
				return l
			}
		}
		t.Fatal("the report is not in the inbox")
		return ""
	}
	before := line()
	m.now = m.now.AddDate(0, 0, 3)
	if late := line(); strings.Contains(before, "overdue") || late != before+" · overdue" {
		t.Errorf("in time %q, late %q", before, late)
	}
}

// Whoever is not staff learns nothing: every message is answered alike, whether a code exists or not.
func TestStrangers(t *testing.T) {
	m := newMission(t)
	_, code := m.files()
	const eve = bot.Address("staff:eve")
	for name, in := range map[string]bot.Incoming{
		"text":     {Kind: bot.Text, Text: "inbox"},
		"command":  {Kind: bot.Command, Text: "inbox"},
		"start":    {Kind: bot.Start},
		"read":     {Kind: bot.Tap, Tap: "s:read:" + code},
		"ack":      {Kind: bot.Tap, Tap: "s:ack:" + code},
		"language": {Kind: bot.Tap, Tap: "s:lang:ar"},
		"file":     {Kind: bot.Document, File: &bot.File{Bytes: []byte("amana answer 1\n")}},
		"key":      {Kind: bot.Document, File: &bot.File{Bytes: m.enrolment("eve")}},
		"big file": {Kind: bot.Document},
		"voice":    {Kind: bot.Voice}, "other": {Kind: bot.Other},
	} {
		in.Address = eve
		reply := m.hears(in)
		want, err := m.book.Text("en", "staff.unknown", nil)
		ok(t, err)
		if got := texts(reply); !slices.Equal(got, []string{speech.Paragraph("en", want)}) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if m.office.Knows(t.Context(), bot.Incoming{Kind: bot.Text, Address: eve}) || m.office.MayBring(t.Context(), eve) {
		t.Error("a stranger is known")
	}
	m.said(m.follows(eve, "wrong"), "en", "staff.enrol.expired", nil)
	if reply := m.hears(bot.Incoming{Kind: bot.Left, Address: eve}); len(reply.Outs) != 0 {
		t.Error("somebody who has left is answered")
	}
}

// What a colleague may not see is answered like what is not there.
func TestNotTheirs(t *testing.T) {
	m := newMission(t)
	_, code := m.files()
	ok(t, m.registry.Recuse(t.Context(), "bea", code))
	for _, verb := range []string{"ack", "read"} {
		hidden, none := m.taps("staff:bea", "s:"+verb+":"+code), m.taps("staff:bea", "s:"+verb+":BDFGHJ")
		if !reflect.DeepEqual(hidden, none) {
			t.Errorf("%s tells a hidden report from none: %q and %q", verb, texts(hidden), texts(none))
		}
		m.said(none, "en", "staff.none", nil)
	}
	m.said(m.commands("staff:bea", "inbox"), "en", "staff.inbox.empty", nil)
}

// One bot for people and staff: whom the office knows, and whom not.
func TestKnows(t *testing.T) {
	m := newMission(t)
	word, err := m.registry.Invite(t.Context(), ticket.Entry{ID: "dora", Name: "Dora", Org: "relief", Role: ticket.FocalPoint}, "en", false)
	ok(t, err)
	knows := func(in bot.Incoming) bool { return m.office.Knows(t.Context(), in) }
	if !knows(bot.Incoming{Kind: bot.Text, Address: "staff:ana"}) || !m.office.MayBring(t.Context(), "staff:ana") {
		t.Error("a colleague is not known")
	}
	if knows(bot.Incoming{Kind: bot.Start, Address: "staff:dora", Payload: "well"}) || m.office.MayBring(t.Context(), "staff:dora") {
		t.Error("the word on a poster makes somebody staff")
	}
	if !knows(bot.Incoming{Kind: bot.Start, Address: "staff:dora", Payload: office.LinkHead + word}) {
		t.Error("somebody with a link is not known")
	}
	m.follows("staff:dora", word)
	if !m.office.MayBring(t.Context(), "staff:dora") {
		t.Error("a guest cannot bring a key")
	}
	m.said(m.follows("staff:eve", word), "en", "staff.enrol.expired", nil) // forwarded
	if m.office.MayBring(t.Context(), "staff:eve") {
		t.Error("a forwarded link let somebody else in")
	}
	m.brings("staff:dora", m.enrolment("dora"))
	if !m.office.MayBring(t.Context(), "staff:dora") {
		t.Error("whoever waits is not known")
	}
	m.sign()
	m.revoke([]string{"dora"})
	if knows(bot.Incoming{Kind: bot.Text, Address: "staff:dora"}) {
		t.Error("a revoked person is known")
	}
	m.said(m.types("staff:dora", "inbox"), "en", "staff.unknown", nil)
	late, err := m.registry.Invite(t.Context(), ticket.Entry{ID: "late", Name: "Late", Org: "relief", Role: ticket.FocalPoint}, "ar", false)
	ok(t, err)
	m.follows("staff:late", late)
	m.now = m.now.Add(25 * time.Hour)
	if m.office.MayBring(t.Context(), "staff:late") {
		t.Error("an invitation lives for more than a day")
	}
	m.said(m.brings("staff:late", m.enrolment("late")), "en", "staff.unknown", nil)
}

// A lost phone with the same account: whoever is known brings a new key under a new invitation.
func TestNewKeyFromTheSameAddress(t *testing.T) {
	m := newMission(t)
	file := m.enrolment("ana")
	m.said(m.brings("staff:ana", file), "en", "staff.enrol.expired", nil) // nobody has invited her
	e := m.entry("ana", "relief")
	word, err := m.registry.Invite(t.Context(), e, "en", false)
	ok(t, err)
	m.said(m.follows("staff:ana", word), "en", "staff.invited", speech.Args{"Name": "Name of ana"})
	m.said(m.brings("staff:ana", file), "en", "staff.enrol.ok", speech.Args{"Fingerprint": fingerprintIn(t, file)})
	m.said(m.commands("staff:ana", "inbox"), "en", "staff.inbox.empty", nil) // the old key counts until then
	m.sign()
	if got, _ := m.registry.Roster().Find("ana"); seal.Fingerprint(got.Key) != fingerprintIn(t, file) {
		t.Error("the new key is not in the roster")
	}
}

func fingerprintIn(t *testing.T, file []byte) string {
	t.Helper()
	e, err := seal.ParseEnrolment(file)
	ok(t, err)
	return seal.Fingerprint(e.Public)
}

// Files that are no answers, or wrong ones, are refused with the reason; what is typed goes nowhere.
func TestWrongFiles(t *testing.T) {
	m := newMission(t)
	_, code := m.files()
	read := m.taps("staff:ana", "s:read:"+code)
	file := *read.Outs[0].File
	good := m.answer("ana", file, "x", nil)
	changed := bytes.Clone(good)
	changed[len(changed)-5] ^= 1
	for name, x := range map[string]struct {
		file   []byte
		reason string
	}{
		"cut short":       {good[:200], "unreadable"},
		"only a head":     {[]byte("amana answer 1\n"), "unreadable"},
		"a later version": {[]byte("amana answer 2\nx"), "unreadable"},
		"huge":            {append(bytes.Clone(good), make([]byte, 1<<20)...), "unreadable"},
		"changed":         {changed, "signature"},
		"no report":       {m.answer("ana", file, "x", func(h *seal.Header) { h.Report[0] ^= 1 }), "unknown"},
		"for a stranger": {m.answer("ana", file, "x", func(h *seal.Header) {
			h.Readers = append(h.Readers, seal.Reader{ID: "eve", Key: m.ids["ana"].Public()})
		}), "removed"},
		"a state": {m.answer("ana", file, "x", func(h *seal.Header) { h.State = "solved" }), "state"},
	} {
		reason, err := m.book.Text("en", "staff.answer.reason."+x.reason, nil)
		ok(t, err)
		t.Log(name)
		m.said(m.brings("staff:ana", x.file), "en", "staff.answer.refused", speech.Args{"Reason": reason})
	}
	m.said(m.brings("staff:ana", nil), "en", "staff.file.unknown", nil)
	m.said(m.brings("staff:ana", file.Bytes), "en", "staff.file.unknown", nil) // the hand-out itself, sent back
	size, err := m.book.Text("en", "staff.answer.reason.size", nil)
	ok(t, err)
	m.said(m.hears(bot.Incoming{Kind: bot.Document, Address: "staff:ana"}), "en", "staff.answer.refused", speech.Args{"Reason": size})
	missing := m.answer("ana", file, "x", func(h *seal.Header) { h.Readers = h.Readers[:1] })
	reply := m.brings("staff:ana", missing)
	m.said(reply, "en", "staff.answer.ok", speech.Args{"Code": code})
	m.said(reply, "en", "staff.answer.reseal", speech.Args{"Code": code})
	for _, kind := range []bot.Kind{bot.Text, bot.Voice, bot.Picture, bot.Location, bot.Edited, bot.Other} {
		m.said(m.hears(bot.Incoming{Kind: kind, Address: "staff:ana", Text: "tell the reporter that I come"}), "en", "staff.typed", nil)
	}
	// Every reason that there is has its words.
	for _, why := range []casework.Refusal{
		casework.Unreadable, casework.NotYours, casework.BadSignature, casework.Removed, casework.BadState, casework.OtherBytes,
		casework.NotThem, casework.Full, casework.NoMessage, casework.TooMany, casework.Withdrawn,
	} {
		for _, lang := range []string{"en", "ar"} {
			if _, err := m.book.Text(lang, "staff.answer.reason."+string(why), nil); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestWords(t *testing.T) {
	m := newMission(t)
	const ana = bot.Address("staff:ana")
	m.said(m.hears(bot.Incoming{Kind: bot.Start, Address: ana}), "en", "staff.hello", nil)
	m.said(m.commands(ana, "help"), "en", "staff.help", nil)
	m.said(m.types(ana, "HELP"), "en", "staff.help", nil)
	m.said(m.types(ana, " Inbox "), "en", "staff.inbox.empty", nil)
	choice := m.commands(ana, "language").Outs[0]
	if len(choice.Rows) != 2 {
		t.Fatalf("%+v", choice)
	}
	m.said(m.taps(ana, choice.Rows[1][0].Data), "ar", "staff.language.set", nil)
	m.said(m.commands(ana, "inbox"), "ar", "staff.inbox.empty", nil)
	m.said(m.types(ana, "مساعدة"), "ar", "staff.help", nil)
	if reply := m.taps(ana, "s:lang:xx"); len(reply.Outs) != 1 || len(reply.Outs[0].Rows) != 2 {
		t.Errorf("a language that is not on offer: %q", texts(reply))
	}
	m.said(m.types(ana, "English"), "en", "staff.language.set", nil)
	for _, data := range []string{"", "s", "s:read", "s:what:BDFGHJ", "t:0:1:x:y", "s:read:", "s:ack:\x00", "x:ack:BDFGHJ", strings.Repeat("s:", 40)} {
		m.said(m.taps(ana, data), "en", "staff.none", nil)
	}
}

// While a restored roster waits for the coordinator, everything is answered with that.
func TestHeld(t *testing.T) {
	m := newMission(t)
	_, code := m.files()
	file := *m.taps("staff:ana", "s:read:"+code).Outs[0].File
	answer := m.answer("ana", file, "x", nil)
	ok(t, casework.Hold(t.Context(), m.store))
	again, err := casework.New(t.Context(), m.registry.Options)
	ok(t, err)
	m.office.Registry = again
	for _, reply := range []bot.Reply{
		m.commands("staff:ana", "inbox"), m.taps("staff:ana", "s:read:"+code), m.taps("staff:ana", "s:ack:"+code), m.brings("staff:ana", answer),
	} {
		m.said(reply, "en", "staff.held", nil)
	}
}
