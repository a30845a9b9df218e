package casework_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/kv/kvtest"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// grants is a file of grants in the making, as the program on a reader's machine makes it.
type grants struct {
	share  []string // ids
	all    bool     // seals every message, not only those that somebody lacks
	with   seal.Identity
	others []seal.Identity // who opens what that one cannot
	header func(*seal.Header)
	seed   *seal.Seed
}

// writesGrants makes a file of grants from what a reader has opened.
func (m *mission) writesGrants(th thread, g grants) []byte {
	m.t.Helper()
	var out []seal.Grant
	seed := must(seal.ParseSeed(th.body(m.t).Seed))
	if g.seed != nil {
		seed = *g.seed
	}
	head := func(kind string) (h seal.Header) {
		h = seal.Header{Report: th.packet.Report, Kind: kind}
		_, err := io.ReadFull(rand.Reader, h.Message[:])
		ok(m.t, err)
		return h
	}
	change := func(h seal.Header) seal.Header {
		if g.header != nil {
			g.header(&h)
		}
		return h
	}
	var readers []seal.Reader
	for _, c := range th.packet.Cards {
		readers = append(readers, seal.Reader{ID: c.ID, Key: c.Key})
	}
	for _, id := range g.share {
		e, _ := m.registry.Roster().Find(id)
		h := head(ticket.TypeShare)
		h.Readers = []seal.Reader{{ID: id, Key: e.Key}}
		share, err := seal.SignShare(seed, change(h))
		ok(m.t, err)
		out = append(out, share)
		if !slices.ContainsFunc(readers, func(r seal.Reader) bool { return r.ID == id }) {
			readers = append(readers, h.Readers...)
		}
	}
	for n := range slices.Backward(th.inside) { // the report comes last: whoever is told of it finds everything
		item := th.items[slices.IndexFunc(th.items, func(i seal.Item) bool { return i.ID == th.of[n] })]
		if !g.all && len(g.share) == 0 && len(item.Lacks) == 0 {
			continue
		}
		h := head(ticket.TypeCopy)
		h.Of, h.Readers = item.ID, readers
		c, err := seal.SignCopy(seed, change(h), th.files[n], rand.Reader, append([]seal.Identity{g.with}, g.others...)...)
		ok(m.t, err)
		out = append(out, c)
	}
	files, err := seal.GrantFiles(out)
	ok(m.t, err)
	if len(files) != 1 {
		m.t.Fatalf("%d files of grants", len(files))
	}
	return files[0]
}

// grantsBy lets a reader share a report, or seal again what somebody lacks.
func (m *mission) grantsBy(person, code string, share ...string) casework.Granted {
	m.t.Helper()
	file := m.writesGrants(m.reads(person, code), grants{share: share, with: m.ids[person]})
	g, err := m.registry.Grant(m.t.Context(), person, file)
	ok(m.t, err)
	return g
}

// TestSharing is the other half of story (d): a report is shared, with a message arriving meanwhile. The new reader is
// told once there is something to open, opens all of it, and what was written in between is found and sealed as well.
func TestSharing(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files("story", "what happened", "nudge", "yes", "nudge_hours", "any")
	m.sign([]ticket.Entry{m.entry("dora", "health", ticket.FocalPoint)})
	m.reach("dora", "staff:dora")
	m.answers("ana", code, "an answer", "read")
	m.wait(time.Hour)
	m.carried()
	_, err := m.registry.ReadOut(t.Context(), "dora", code)
	wantErr(t, err, casework.ErrUnknown)

	file := m.writesGrants(m.reads("ana", code), grants{share: []string{"dora"}, with: m.ids["ana"]})
	a.writes(receipt, "meanwhile") // after ana has got the file, before her share is here
	m.wait(time.Hour)
	m.carried()
	mail := a.opens(receipt)
	g, err := m.registry.Grant(t.Context(), "ana", file)
	ok(t, err)
	if g.Code != code || !slices.Equal(g.Added, []string{"dora"}) || g.Copies != 2 || g.Again || len(g.Missing) != 1 || g.Missing[0] != (casework.Lack{Person: "dora", Name: "dora", Count: 1}) {
		t.Errorf("taken: %+v", g)
	}
	m.wait(time.Hour)
	if got := m.notices("dora"); !slices.Equal(got, []string{"sealed " + code}) {
		t.Errorf("the new reader is told %v", got)
	}
	if got := m.notices("bea"); !slices.Equal(got, []string{"joined " + code}) {
		t.Errorf("the other reader is told %v", got)
	}
	if got := m.notices("ana"); len(got) != 0 {
		t.Errorf("whoever shared it is told %v", got)
	}
	th := m.reads("dora", code)
	if got := th.texts(); !slices.Equal(got, []string{"report", "an answer"}) || th.shut != 1 {
		t.Errorf("the new reader opens %v, and %d not", got, th.shut)
	}
	th.verify(t)

	a.writes(receipt, "since then")
	if got := m.reads("dora", code).texts(); !slices.Equal(got, []string{"report", "an answer", "since then"}) {
		t.Errorf("the new reader opens %v", got)
	}
	if g := m.grantsBy("bea", code); len(g.Missing) != 0 || g.Copies != 1 {
		t.Errorf("bea seals what was written meanwhile: %+v", g)
	}
	m.wait(time.Hour)
	if got := m.notices("dora"); !slices.Equal(got, []string{"message " + code, "sealed " + code}) && !slices.Equal(got, []string{"sealed " + code, "message " + code}) {
		t.Errorf("the new reader is told %v", got)
	}
	th = m.reads("dora", code)
	if got := th.texts(); !slices.Equal(got, []string{"report", "an answer", "meanwhile", "since then"}) || th.shut != 0 {
		t.Errorf("the new reader opens %v", got)
	}
	th.verify(t)
	m.reads("ana", code).verify(t)
	if got := m.answers("dora", code, "from dora", "referred"); len(got.Missing) != 0 {
		t.Errorf("her answer lacks %v", got.Missing)
	}
	if after := a.opens(receipt); len(after.Answers) != 2 || after.Answers[0].Text != mail.Answers[0].Text || after.Answers[0].New {
		t.Errorf("the reporter reads %+v", after)
	}
	told := strings.Join(m.audit(receipt), "\n")
	for _, want := range []string{"ana shared dora", "ana sealed again dora", "bea sealed again dora"} {
		if !strings.Contains(told, want) {
			t.Errorf("the audit chain does not tell %q:\n%s", want, told)
		}
	}
	m.whole()
	m.restart()
	m.whole()
}

// A share that comes while a message is being sealed: the message is sealed anew, to the new reader too.
func TestShareOvertakesAMessage(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files()
	file := m.writesGrants(m.reads("ana", code), grants{share: []string{"bo"}, with: m.ids["ana"]})
	box := a.opens(receipt).Box
	turn := a.turn()
	turn.Letter = &bot.Letter{Box: box, Text: "on its way", Lang: "en"}
	once := false
	m.between(func() {
		if !once {
			once = true
			_, err := m.registry.Grant(t.Context(), "ana", file)
			ok(t, err)
		}
	})
	_, err := a.commit(turn)
	ok(t, err)
	if got := m.reads("bo", code).texts(); !once || !slices.Equal(got, []string{"report", "on its way"}) {
		t.Errorf("bo, who waited and was shared with, opens %v", got)
	}
	m.wait(time.Hour)
	if got := m.notices("bo"); !slices.Contains(got, "sealed "+code) {
		t.Errorf("bo is told %v", got)
	}
	m.whole()
}

// TestStoryEOther: a lost phone whose owner has no recovery code: a colleague seals the old messages to the new key.
// With a recovery key alone, it is opened beside the owner, who hands on what it sealed.
func TestStoryEOther(t *testing.T) {
	for _, by := range []string{"bea", "vault"} {
		t.Run(by, func(t *testing.T) {
			m := newMission(t)
			receipt, code := m.chat(1).files("story", "what happened")
			m.answers("bea", code, "an answer", "read")
			m.wait(time.Hour)
			m.carried()
			if by == "vault" { // nobody else is left
				ok(t, m.registry.Recuse(t.Context(), "bea", code))
			}
			old := m.ids["ana"]
			renewed := theCamp().roster[0]
			renewed.Key = m.entry("ana", "relief", ticket.FocalPoint).Key
			m.sign([]ticket.Entry{renewed})
			m.tick()
			m.wait(time.Hour)
			m.carried()
			m.chat(1).writes(receipt, "since then")
			var g casework.Granted
			if by == "bea" {
				if th := m.reads("ana", code); len(th.inside) != 1 || th.shut != 2 {
					t.Fatalf("the new key opens %v", th.texts())
				}
				g = m.grantsBy("bea", code)
			} else {
				// Ana opens what she is handed, and the holder what is in it.
				files, err := m.registry.ReadOut(t.Context(), "ana", code)
				ok(t, err)
				th := m.unpack(files, m.ids["ana"], m.ids["vault"])
				g, err = m.registry.Grant(t.Context(), "ana", m.writesGrants(th, grants{with: m.ids["vault"]}))
				ok(t, err)
			}
			if len(g.Missing) != 0 || g.Copies != 2 {
				t.Errorf("taken: %+v", g)
			}
			th := m.reads("ana", code)
			th.verify(t)
			if got := th.texts(); !slices.Equal(got, []string{"report", "an answer", "since then"}) {
				t.Errorf("the new key opens %v", got)
			}
			for _, item := range th.items {
				for _, c := range item.Copies {
					if _, err := seal.OpenMessage(must(c.File(item.File)), old); err == nil {
						t.Error("a copy was sealed to the lost key")
					}
				}
			}
			m.wait(time.Hour)
			if got := m.notices("ana"); slices.Contains(got, "sealed "+code) != (by == "bea") {
				t.Errorf("the owner of the new key is told %v", got)
			}
			if got := m.answers("ana", code, "from the new key", ""); len(got.Missing) != 0 {
				t.Errorf("an answer lacks %v", got.Missing)
			}
			m.whole()
		})
	}
}

// Whoever needs nothing more is asked for nothing, and asked is somebody who can open it themselves.
func TestAskedIsWhoOpens(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	renew := func(ids ...string) {
		var more []ticket.Entry
		for _, e := range theCamp().roster {
			if slices.Contains(ids, e.ID) {
				e.Key = m.entry(e.ID, e.Org, e.Role).Key
				more = append(more, e)
			}
		}
		m.sign(more)
	}
	renew("ana", "bea") // both phones were in one bag
	m.tick()
	m.wait(time.Hour)
	for _, who := range []string{"ana", "bea"} {
		if got := m.notices(who); slices.Contains(got, "reseal "+code) {
			t.Errorf("%s is asked to seal what they cannot open: %v", who, got)
		}
	}
	files, err := m.registry.ReadOut(t.Context(), "bea", code)
	ok(t, err)
	file := m.writesGrants(m.unpack(files, m.ids["bea"], m.ids["vault"]), grants{with: m.ids["vault"]})
	_, err = m.registry.Grant(t.Context(), "bea", file)
	ok(t, err)
	renew("ana")
	m.grantsBy("bea", code) // before the clock asks
	m.tick()
	m.wait(time.Hour)
	if got := m.notices("bea"); slices.Contains(got, "reseal "+code) {
		t.Error("asked for what was done already")
	}
	if got := m.reads("ana", code).texts(); !slices.Equal(got, []string{"report"}) {
		t.Errorf("ana opens %v", got)
	}
	if !m.report(receipt).IsReader("ana") {
		t.Error("a key that was renewed made somebody no reader")
	}
	m.whole()
}

// Whoever can open a report does not leave it to colleagues who cannot yet: those who wait and can are handed it, and if
// there is nobody it stays, until it was sealed to somebody.
func TestNobodyLeavesItToWhoCannotOpen(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	renewed := theCamp().roster[0]
	renewed.Key = m.entry("ana", "relief", ticket.FocalPoint).Key
	m.sign([]ticket.Entry{renewed})
	ok(t, m.registry.Recuse(t.Context(), "bea", code))
	if rep := m.report(receipt); !ticket.MaySee(rep, "bo") || !ticket.MaySee(rep, "cora") {
		t.Error("those who waited and can open it were not handed it")
	}
	ok(t, m.registry.Recuse(t.Context(), "bo", code))
	wantErr(t, m.registry.Recuse(t.Context(), "cora", code), casework.ErrLastReader)
	wantErr(t, m.registry.MayRecuse(t.Context(), "cora", code), casework.ErrLastReader)
	m.grantsBy("cora", code)
	ok(t, m.registry.Recuse(t.Context(), "cora", code))
	if got := m.reads("ana", code).texts(); !slices.Equal(got, []string{"report"}) {
		t.Errorf("ana opens %v", got)
	}
	m.whole()
}

// Whoever cannot open it themselves can always step back, while somebody else reads.
func TestStepBackFromWhatDoesNotOpen(t *testing.T) {
	m := newMission(t)
	_, code := m.chat(1).files()
	renewed := theCamp().roster[0]
	renewed.Key = m.entry("ana", "relief", ticket.FocalPoint).Key
	m.sign([]ticket.Entry{renewed})
	ok(t, m.registry.Recuse(t.Context(), "ana", code))
	m.whole()
}

// TestGrantRefusals: what a file of grants must not do. A refused one leaves no trace.
func TestGrantRefusals(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files("involved", "yes", "involved_org", "agency", "involved_role", "coordinator")
	_, other := m.chat(2).files()
	worker := m.entry("sami", "health", ticket.FocalPoint) // reads what support brings, and nothing else
	worker.Kinds = []ticket.Kind{ticket.Support}
	m.sign([]ticket.Entry{m.entry("dora", "health", ticket.FocalPoint), m.entry("gone", "health", ticket.FocalPoint), worker})
	m.sign(nil, "gone")
	if !m.report(receipt).IsExcluded("cora") {
		t.Fatal("nobody is excluded")
	}
	m.answers("ana", code, "an answer", "")
	th := m.reads("ana", code)
	ana := m.ids["ana"]
	check := func(name, person string, file []byte, want error) {
		t.Helper()
		before, told := asJSON(m.report(receipt)), len(m.audit(receipt))
		_, err := m.registry.Grant(t.Context(), person, file)
		wantErr(t, err, want)
		if asJSON(m.report(receipt)) != before || len(m.audit(receipt)) != told {
			t.Errorf("%s: a refused file left its trace", name)
		}
	}
	check("somebody who reads other kinds", "ana", m.writesGrants(th, grants{share: []string{"sami"}, with: ana}), casework.NotThem)
	good := m.writesGrants(th, grants{share: []string{"dora"}, with: ana})
	for at := 0; at < len(good); at += 97 {
		changed := bytes.Clone(good)
		changed[at] ^= 1
		if _, err := m.registry.Grant(t.Context(), "ana", changed); err == nil {
			t.Fatalf("byte %d was changed, and the file was taken", at)
		}
	}
	forger := must(seal.NewSeed(rand.Reader))
	with := func(change func(*seal.Header)) []byte {
		return m.writesGrants(th, grants{share: []string{"dora"}, with: ana, header: change})
	}
	copies := func(change func(*seal.Header)) []byte {
		return m.writesGrants(th, grants{all: true, with: ana, header: change})
	}
	check("cut short", "ana", good[:len(good)-1], casework.Unreadable)
	check("nothing", "ana", nil, casework.Unreadable)
	check("an answer", "ana", m.writesAnswer(th, reply{text: "x"}), casework.Unreadable)
	check("unsigned", "ana", m.writesGrants(th, grants{share: []string{"dora"}, with: ana, seed: &forger}), casework.BadSignature)
	check("copies signed by nobody", "ana", m.writesGrants(th, grants{all: true, with: ana, seed: &forger}), casework.BadSignature)
	check("a waiting reader", "bo", good, casework.NotYours)
	check("who is not a reader", "dora", good, casework.NotYours)
	check("an excluded person", "cora", good, casework.NotYours)
	check("a recovery key", "vault", good, casework.ErrUnknown)
	check("nobody", "eve", good, casework.ErrUnknown)
	check("replayed for another report", "ana", with(func(h *seal.Header) { h.Report = m.reads("ana", other).packet.Report }), casework.BadSignature)
	check("for no report", "ana", with(func(h *seal.Header) { h.Report = [16]byte{9} }), casework.NotYours)
	check("shared with an excluded person", "ana", m.writesGrants(th, grants{share: []string{"cora"}, with: ana}), casework.NotThem)
	check("shared with a recovery key", "ana", m.writesGrants(th, grants{share: []string{"vault"}, with: ana}), casework.NotThem)
	check("shared with somebody revoked", "ana", m.writesGrants(th, grants{share: []string{"gone"}, with: ana}), casework.NotThem)
	check("shared with a stranger", "ana", m.writesGrants(th, grants{share: []string{"dora"}, with: ana, header: func(h *seal.Header) {
		if h.Kind == ticket.TypeShare {
			h.Readers[0].ID = "eve"
		}
	}}), casework.NotThem)
	check("shared with another key", "ana", with(func(h *seal.Header) {
		if h.Kind == ticket.TypeShare {
			h.Readers[0].Key = ana.Public()
		}
	}), casework.NotThem)
	check("sealed to who was not shared with", "ana", copies(func(h *seal.Header) {
		h.Readers = append(slices.Clone(h.Readers), seal.Reader{ID: "dora", Key: m.ids["dora"].Public()})
	}), casework.Removed)
	check("sealed to an excluded person", "ana", copies(func(h *seal.Header) {
		h.Readers = append(slices.Clone(h.Readers), seal.Reader{ID: "cora", Key: m.ids["cora"].Public()})
	}), casework.Removed)
	check("sealed to a key that was replaced", "ana", copies(func(h *seal.Header) {
		h.Readers = slices.Clone(h.Readers)
		h.Readers[1].Key = must(seal.NewIdentity(rand.Reader)).Public()
	}), casework.Removed)
	check("of a message that is not there", "ana", copies(func(h *seal.Header) { h.Of = [16]byte{7} }), casework.NoMessage)
	check("of another message", "ana", copies(func(h *seal.Header) { h.Of = th.of[0] }), casework.BadSignature)
	check("another kind", "ana", copies(func(h *seal.Header) { h.Kind = "note" }), casework.Unreadable)
	check("another kind of share", "ana", m.writesGrants(th, grants{share: []string{"dora"}, with: ana, header: func(h *seal.Header) {
		if h.Kind == ticket.TypeShare {
			h.Kind = "order"
		}
	}}), casework.Unreadable)
	check("the id of a message", "ana", copies(func(h *seal.Header) { h.Message = th.of[1] }), casework.OtherBytes)

	// A withdrawal ends passing on, and not what those who read already need.
	box := m.chat(1).opens(receipt).Box
	turn := m.chat(1).turn()
	turn.Withdraw = &bot.Withdraw{Box: box}
	_, err := m.chat(1).commit(turn)
	ok(t, err)
	check("withdrawn", "ana", good, casework.Withdrawn)
	turn = m.chat(1).turn()
	turn.Withdraw = &bot.Withdraw{Box: box, Keep: true}
	_, err = m.chat(1).commit(turn)
	ok(t, err)

	g, err := m.registry.Grant(t.Context(), "ana", good)
	ok(t, err)
	if g.Again || len(g.Added) != 1 || g.Copies != 2 || len(g.Missing) != 0 {
		t.Errorf("taken: %+v", g)
	}
	before, told := asJSON(m.report(receipt)), len(m.audit(receipt))
	for _, who := range []string{"ana", "bea", "dora"} {
		if g, err = m.registry.Grant(t.Context(), who, good); err != nil || !g.Again || len(g.Added)+g.Copies != 0 {
			t.Errorf("the same file again: %+v, %v", g, err)
		}
	}
	if asJSON(m.report(receipt)) != before || len(m.audit(receipt)) != told {
		t.Error("the same file counted twice")
	}
	parsed := must(seal.ParseGrants(good))
	check("the same id with other bytes", "ana", m.writesGrants(m.reads("ana", code), grants{all: true, with: ana, header: func(h *seal.Header) {
		h.Message = parsed[1].Header.Message
	}}), casework.OtherBytes)

	// A reader who has withdrawn still knows the seed; and nothing new is sealed to them.
	late := m.writesGrants(m.reads("dora", code), grants{all: true, with: m.ids["dora"]})
	ok(t, m.registry.Recuse(t.Context(), "dora", code))
	check("from a removed reader", "dora", late, casework.NotYours)
	check("the same file from a removed reader", "dora", good, casework.NotYours)
	check("sealed to a removed reader", "ana", late, casework.Removed)
	check("shared again with who withdrew", "ana", m.writesGrants(m.reads("ana", code), grants{share: []string{"dora"}, with: ana}), casework.NotThem)
	m.whole()
}

// Fifteen readers and recovery keys have room in a message, and no more.
func TestShareBeyondFifteen(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	var more []ticket.Entry
	for n := range 12 {
		more = append(more, m.entry(fmt.Sprintf("more%02d", n), "health", ticket.FocalPoint))
	}
	m.sign(more)
	free := 15 - len(m.report(receipt).Readers) - 1 // the key in the vault
	for n := range free {
		m.grantsBy("ana", code, more[n].ID)
	}
	if th := m.reads("ana", code); len(th.packet.Cards) != 15 {
		t.Fatalf("%d readers", len(th.packet.Cards))
	}
	th := m.reads("ana", code)
	th.packet.Cards = th.packet.Cards[:14] // a program would not even write it
	_, err := m.registry.Grant(t.Context(), "ana", m.writesGrants(th, grants{share: []string{more[free].ID}, with: m.ids["ana"]}))
	wantErr(t, err, casework.Full)
	// A recovery key that comes to a full mission keeps nobody from writing.
	m.sign([]ticket.Entry{m.entry("vault2", "agency", ticket.Recovery)})
	m.chat(1).writes(receipt, "more")
	if got := m.reads("ana", code); len(got.packet.Cards) != 15 || len(got.inside) != 2 {
		t.Errorf("%d readers of %d messages", len(got.packet.Cards), len(got.inside))
	}
	for n := range free {
		if got := m.reads(more[n].ID, code).texts(); !slices.Equal(got, []string{"report", "more"}) {
			t.Errorf("%s opens %v", more[n].ID, got)
		}
	}
	m.whole()
}

// A long thread is shared with one file, a page at a time, and a stop in between loses and doubles nothing.
func TestLongThreadIsShared(t *testing.T) {
	m := newMission(t, func(o *casework.Options) { o.Budget = casework.Budget{Reports: 1, Letters: 60, ToOne: 60} })
	a := m.chat(1)
	receipt, code := a.files()
	for n := range 50 {
		a.writes(receipt, fmt.Sprint("message ", n))
	}
	m.sign([]ticket.Entry{m.entry("dora", "health", ticket.FocalPoint)})
	m.reach("dora", "staff:dora")
	m.wait(time.Hour)
	m.carried()
	file := m.writesGrants(m.reads("ana", code), grants{share: []string{"dora"}, with: m.ids["ana"]})
	flaky := &kvtest.Flaky{Engine: m.engine}
	m.engine = flaky
	m.restart()
	flaky.Fail(kvtest.Fine, kvtest.Fine, kvtest.Full)
	_, err := m.registry.Grant(t.Context(), "ana", file)
	wantErr(t, err, kv.ErrFull)
	flaky.Fail()
	if th := m.reads("dora", code); len(th.inside) != 20 {
		t.Errorf("%d messages open after the first page", len(th.inside))
	}
	m.wait(time.Hour)
	if got := m.notices("dora"); len(got) != 0 {
		t.Errorf("told %v before the report itself opens", got)
	}
	g, err := m.registry.Grant(t.Context(), "ana", file)
	ok(t, err)
	if g.Again || g.Copies != 31 || len(g.Missing) != 0 {
		t.Errorf("taken: %+v", g)
	}
	if got := m.reads("dora", code).texts(); len(got) != 51 || got[50] != "message 49" {
		t.Errorf("%d messages open", len(got))
	}
	m.wait(time.Hour)
	if got := m.notices("dora"); !slices.Equal(got, []string{"sealed " + code}) {
		t.Errorf("told %v", got)
	}
	m.whole()
}

// What a bad copy hides no good one: the newest few that name a reader come with the message, and there is an end.
func TestManyCopies(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	sizes := map[int]bool{}
	n, err := 0, error(nil)
	for ; err == nil && n < 100; n++ {
		th := m.reads("ana", code)
		sizes[len(th.items[0].Copies)] = true
		_, err = m.registry.Grant(t.Context(), "ana", m.writesGrants(th, grants{all: true, with: m.ids["ana"]}))
	}
	wantErr(t, err, casework.TooMany)
	if n != 65 || len(sizes) != 5 || !sizes[4] {
		t.Errorf("%d files were taken; as many copies were handed out: %v", n, sizes)
	}
	if got := m.reads("bea", code).texts(); !slices.Equal(got, []string{"report"}) {
		t.Errorf("bea opens %v", got)
	}
	// Whoever uses the copies up, so that nobody else is helped to read any more, uses up their own.
	if g, err := m.registry.Grant(t.Context(), "bea", m.writesGrants(m.reads("bea", code), grants{all: true, with: m.ids["bea"]})); err != nil || g.Copies != 1 {
		t.Errorf("bea seals %d copies: %v", g.Copies, err)
	}
	_ = receipt
	m.whole()
}

// A withdrawal, and its taking back, reach the reader by the server's word.
func TestHandedWithTheState(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	box := m.chat(1).opens(receipt).Box
	var got []string
	look := func() {
		p := m.reads("ana", code).packet
		got = append(got, fmt.Sprint(p.State, len(p.Turns)))
	}
	look()
	for _, keep := range []bool{false, true} {
		m.wait(26 * time.Hour)
		turn := m.chat(1).turn()
		turn.Withdraw = &bot.Withdraw{Box: box, Keep: keep}
		_, err := m.chat(1).commit(turn)
		ok(t, err)
		look()
	}
	if want := []string{"received0", "withdrawn:received1", "received2"}; !slices.Equal(got, want) {
		t.Errorf("handed with %v, want %v", got, want)
	}
	turns := m.reads("ana", code).packet.Turns
	if turns[0].What != casework.TurnWithdraw || turns[1].What != casework.TurnKeep || turns[1].Day != turns[0].Day+1 || store.Day(turns[1].Day) != store.DayOf(m.now()) {
		t.Errorf("%+v", turns)
	}
}
