package office_test

import (
	"bytes"
	"crypto/rand"
	"slices"
	"testing"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// grants makes the file with which a reader shares a report with somebody, and seals the report itself to them.
func (m *mission) grants(who string, file bot.File, with string, change func(*seal.Header)) []byte {
	m.t.Helper()
	p, err := seal.OpenHandOut(file.Bytes, m.ids[who])
	ok(m.t, err)
	plain, err := seal.OpenMessage(p.Thread[0].File, m.ids[who])
	ok(m.t, err)
	in, err := ticket.DecodeInside(plain)
	ok(m.t, err)
	seed, err := seal.ParseSeed(in.Report.Seed)
	ok(m.t, err)
	h := seal.Header{Report: p.Report, Kind: ticket.TypeShare, Readers: []seal.Reader{{ID: with, Key: m.ids[with].Public()}}}
	_, err = rand.Read(h.Message[:])
	ok(m.t, err)
	if change != nil {
		change(&h)
	}
	share, err := seal.SignShare(seed, h)
	ok(m.t, err)
	c := seal.Header{Report: h.Report, Of: p.Thread[0].ID, Kind: ticket.TypeCopy, Readers: h.Readers}
	_, err = rand.Read(c.Message[:])
	ok(m.t, err)
	sealed, err := seal.SignCopy(seed, c, p.Thread[0].File, rand.Reader, m.ids[who])
	ok(m.t, err)
	files, err := seal.GrantFiles([]seal.Grant{share, sealed})
	ok(m.t, err)
	return files[0]
}

// A report is shared in each language: who reads with it is said, what is still missing, and what a wrong file is.
func TestSharing(t *testing.T) {
	for _, lang := range []string{"en", "ar"} {
		t.Run(lang, func(t *testing.T) {
			m := newMission(t)
			receipt, code := m.files()
			m.sign(m.entry("dora", "health"))
			m.said(m.taps("staff:ana", "s:lang:"+lang), lang, "staff.language.set", nil)
			read := m.taps("staff:ana", "s:read:"+code)
			file := m.grants("ana", *read.Outs[0].File, "dora", nil)
			mail, err := m.registry.Open(t.Context(), bot.Person{1}, receipt)
			ok(t, err)
			_, err = m.registry.Commit(t.Context(), bot.Turn{Person: bot.Person{1}, Lang: "en", Letter: &bot.Letter{Box: mail.Box, Text: "meanwhile", Lang: "en"}})
			ok(t, err)

			reply := m.brings("staff:ana", file)
			m.said(reply, lang, "staff.grant.added", speech.Args{"Name": "Name of dora", "Code": code})
			m.said(reply, lang, "staff.grant.sealed", speech.Args{"Code": code, "Count": "1"})
			m.said(reply, lang, "staff.grant.missing", speech.Args{"Name": "Name of dora", "Code": code, "Count": "1"})
			m.said(m.brings("staff:ana", file), lang, "staff.grant.already", nil)

			refused := func(file []byte, why string) {
				t.Helper()
				reason, err := m.book.Text(lang, "staff.answer.reason."+why, nil)
				ok(t, err)
				m.said(m.brings("staff:ana", file), lang, "staff.grant.refused", speech.Args{"Reason": reason})
			}
			changed := bytes.Clone(file)
			changed[len(changed)-1700] ^= 1 // of the second signature
			refused(changed, "signature")
			refused(file[:300], "unreadable")
			refused([]byte("amana grants 2\nx"), "unreadable")
			m.ids["eve"] = m.ids["dora"]
			refused(m.grants("ana", *read.Outs[0].File, "eve", nil), "them")
			refused(m.grants("ana", *read.Outs[0].File, "dora", func(h *seal.Header) { h.Report[0] ^= 1 }), "unknown")
			if lines, err := m.registry.Inbox(t.Context(), "dora"); err != nil || len(lines) != 1 {
				t.Errorf("who was shared with has %v in the inbox, %v", lines, err)
			}
		})
	}
}

// Whoever is no reader is told the same of a share as of any other file for a report that does not exist.
func TestSharingNotTheirs(t *testing.T) {
	m := newMission(t)
	_, code := m.files()
	read := m.taps("staff:ana", "s:read:"+code)
	m.sign(m.entry("dora", "health"))
	file := m.grants("ana", *read.Outs[0].File, "dora", nil)
	ok(t, m.registry.Recuse(t.Context(), "bea", code))
	reason, err := m.book.Text("en", "staff.answer.reason.unknown", nil)
	ok(t, err)
	m.said(m.brings("staff:bea", file), "en", "staff.grant.refused", speech.Args{"Reason": reason})
	other := m.brings("staff:bea", m.grants("ana", *read.Outs[0].File, "dora", nil))
	if !slices.Equal(texts(other), texts(m.brings("staff:bea", file))) {
		t.Error("two answers for what is not there")
	}
}
