package casework_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// The largest report that can be filed, with as many readers as have room and many excluded, passes every transaction
// within the limits of every engine: filing, answers, messages, a long stop of the clock.
func TestLargestReport(t *testing.T) {
	m := newMission(t, func(o *casework.Options) { o.Tell = casework.Tell{Kind: true, Area: true} })
	var more []ticket.Entry
	for n := range 30 {
		e := m.entry(fmt.Sprintf("m-%02d-with-the-longest-id-allowed", n), "health", ticket.FocalPoint)
		e.ID = e.ID[:min(len(e.ID), 32)]
		m.ids[e.ID] = m.ids[fmt.Sprintf("m-%02d-with-the-longest-id-allowed", n)]
		more = append(more, e)
	}
	for n := range 11 {
		more = append(more, m.entry(fmt.Sprintf("p-%02d", n), "police", ticket.FocalPoint))
	}
	m.sign(more)
	for _, e := range more {
		m.reach(e.ID, bot.Address("staff:"+e.ID))
	}
	a := m.chat(1)
	a.says(32) // and the draft that it ends takes as many marks along as it can
	receipt, code := a.files("accused", "police", "involved", "yes", "involved_org", "police", "involved_role", "other",
		"story", strings.Repeat("ظلم ", 1000), "area", "block_a", "nudge", "yes", "nudge_hours", "any")
	rep := m.report(receipt)
	if len(rep.Readers) != ticket.MaxFiled-1 || len(rep.Excluded) != 11 { // one recovery key
		t.Fatalf("%d readers, %d excluded", len(rep.Readers), len(rep.Excluded))
	}
	m.wait(time.Hour)
	m.carried()
	who := rep.Handed()[0]
	m.answers(who, code, strings.Repeat("نعم ", 1000), "referred")
	m.wait(time.Hour)
	if n := len(m.carried()); n != len(rep.Handed())-1 {
		t.Errorf("%d others are told of an answer", n)
	}
	a.writes(receipt, strings.Repeat("ب", 4000))
	m.wait(40 * 24 * time.Hour) // everything is late at once
	if n := m.tick(); n != 1 {
		t.Errorf("%d reports moved", n)
	}
	m.wait(time.Hour)
	told := map[string]int{}
	for _, n := range m.carried() {
		if n.Event == "remind" || n.Event == "late" {
			told[n.Reader]++
		}
	}
	for id, n := range told {
		if n != 1 {
			t.Errorf("%s is told %d times of one report after a long stop", id, n)
		}
	}
	if len(told) != len(rep.Readers) {
		t.Errorf("%d of %d readers are told", len(told), len(rep.Readers))
	}
	_, err := a.commit(func() bot.Turn {
		turn := a.turn()
		turn.Withdraw = &bot.Withdraw{Box: a.opens(receipt).Box}
		return turn
	}())
	ok(t, err)
	m.wait(8 * 24 * time.Hour)
	m.tick()
	if s := m.report(receipt).State; s != ticket.Closed {
		t.Errorf("a withdrawal of eight days ago: %s", s)
	}
	m.whole()
}

// What does not fit is refused as a whole, and nothing is cut.
func TestTooLong(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	turn := a.turn()
	turn.Filing = &bot.Filing{Kind: "sea", Lang: "en", Facts: facts("story", strings.Repeat("x", 33_000))}
	_, err := a.commit(turn)
	wantErr(t, err, bot.ErrTooLong)
	receipt, _ := a.files()
	letter := a.turn()
	letter.Letter = &bot.Letter{Box: a.opens(receipt).Box, Text: strings.Repeat("x", 33_000)}
	_, err = a.commit(letter)
	wantErr(t, err, bot.ErrTooLong)
	m.whole()
}

// A long thread stays readable, for its reporter and its readers, beyond what one transaction may touch. The same two
// sealed files stand for all its messages.
func TestLongThread(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files()
	a.writes(receipt, strings.Repeat("ظلم ", 2000))
	m.answers("ana", code, "an answer", "")
	rep := m.report(receipt)
	ref := store.RefOf(rep.Day, rep.ID)
	var pattern []store.Message
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		_, under, err := r.Report(ref)
		if err == nil {
			pattern, err = r.Thread(under, rep.ID)
		}
		return err
	}))
	for n := range 60 {
		ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
			_, under, err := w.Report(ref)
			for k, one := range pattern[1:] {
				one.ID = store.ID{byte(n), byte(k), 1}
				err = errors.Join(err, w.AddMessage(under, rep.ID, one))
			}
			return err
		}))
	}
	mail := a.opens(receipt)
	if len(mail.Answers) != 61 || mail.Answers[60].Text != "an answer" || !mail.Answers[60].New {
		t.Fatalf("%d answers", len(mail.Answers))
	}
	if mail = a.opens(receipt); mail.Answers[60].New {
		t.Error("still new")
	}
	a.writes(receipt, "and more")
	files, err := m.registry.ReadOut(t.Context(), "bea", code)
	ok(t, err)
	if th := m.unpack(files, m.ids["bea"]); len(th.inside) != 124 || len(files) < 2 {
		t.Errorf("%d messages in %d files", len(th.inside), len(files))
	}
	m.whole()
}

// repeating draws the same codes in the same order whenever it is set back; codes are drawn byte by byte.
type repeating struct {
	rand io.Reader
	n    int
}

func (r *repeating) Read(p []byte) (int, error) {
	if len(p) != 1 {
		return r.rand.Read(p)
	}
	code, letter := r.n/6, r.n%6
	r.n++
	p[0] = []byte{1, 2, 3, 4, byte(code / 16 % 16), byte(code % 16)}[letter]
	return 1, nil
}

// No two living reports have one code, not even if they are filed at the same moment, or in different months.
func TestCodesAreUnique(t *testing.T) {
	chance := &repeating{rand: newReader(9)}
	m := newMission(t, func(o *casework.Options) { o.Rand = chance })
	seen := map[string]bool{}
	file := func(n int) {
		chance.n = 0
		_, code := m.chat(n).files()
		if seen[code] {
			t.Fatalf("two reports have the code %s", code)
		}
		seen[code] = true
	}
	for n := range 6 {
		if n == 3 {
			m.wait(11 * 24 * time.Hour)
		}
		file(n)
	}
	busy := false
	m.between(func() {
		if !busy {
			busy = true
			file(7)
		}
	})
	file(8)
	if len(seen) != 8 {
		t.Errorf("%d codes", len(seen))
	}
	m.whole()
}

// A damaged record holds up nothing but itself, and the check finds it.
func TestDamage(t *testing.T) {
	t.Run("a report", func(t *testing.T) {
		m := newMission(t)
		_, bad := m.chat(1).files()
		m.damage('R')
		receipt, good := m.chat(2).files()
		m.wait(25 * time.Hour)
		moved, err := m.registry.Tick(t.Context())
		if moved != 1 || !errors.Is(err, seal.ErrTampered) {
			t.Errorf("moved %d: %v", moved, err)
		}
		if !m.report(receipt).IsReader("bo") || !slices.Contains(m.report(receipt).Handed(), "bo") {
			t.Error("the good report did not escalate")
		}
		for carried := 0; ; carried++ { // until only what cannot be read is left
			due, err := m.registry.Notices(t.Context(), 50, nil)
			for _, n := range due {
				if n.Code == bad {
					t.Error("a notice about what cannot be read")
				}
				ok(t, m.registry.NoticeDone(t.Context(), n))
			}
			if len(due) > 0 {
				continue
			}
			if !errors.Is(err, seal.ErrTampered) || carried == 0 {
				t.Errorf("after %d rounds: %v", carried, err)
			}
			break
		}
		lines, err := m.registry.Inbox(t.Context(), "ana")
		if err != nil || len(lines) != 1 || lines[0].Code != good {
			t.Errorf("%v %v", lines, err)
		}
	})
	for shelf, name := range map[byte]string{
		'T': "a thread", 'A': "an audit chain", 'B': "a mailbox index", 'K': "a code index", 'P': "a reader index", 'D': "a due index", 'O': "a notice", 'G': "the shared chain",
	} {
		t.Run(name, func(t *testing.T) {
			m := newMission(t)
			m.chat(1).files()
			m.damage(shelf)
			problems, err := m.registry.Verify(t.Context())
			if err != nil || len(problems) == 0 {
				t.Errorf("the check finds nothing: %v", err)
			}
		})
		t.Run(name+" that is gone", func(t *testing.T) {
			if shelf == 'O' {
				return // a notice that is gone was carried
			}
			m := newMission(t)
			m.chat(1).files()
			var keys [][]byte
			raw(t, m.engine, func(k, _ []byte) {
				if k[0] == shelf {
					keys = append(keys, k)
				}
			})
			ok(t, m.engine.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return tx.Delete(keys[len(keys)-1]) }))
			problems, err := m.registry.Verify(t.Context())
			if err != nil || len(problems) == 0 {
				t.Errorf("the check finds nothing: %v", err)
			}
		})
	}
}

// When a mission changes the rungs of its clock, the index of what is due follows, and no deadline is missed.
func TestClockChanges(t *testing.T) {
	early := false
	m := newMission(t, func(o *casework.Options) {
		o.Clock = ticket.StandardClock()
		if o.Clock.Remind = 90; early {
			o.Clock.Remind = 10
		}
		o.Clock.Normal.Acknowledge = 10 * 24 * time.Hour
		o.Clock.Normal.Answer = 10 * 24 * time.Hour
	})
	for n := range 3 {
		m.chat(n).files()
	}
	m.whole()
	early = true
	m.restart()
	m.whole()
	m.wait(25 * time.Hour)
	if n := m.tick(); n != 3 {
		t.Errorf("%d of 3 reports are reminded of in time", n)
	}
	m.whole()
}

// Wrong numbers slow the person who types them, and nobody else; a slip of the finger slows nobody.
func TestWrongReceipts(t *testing.T) {
	m := newMission(t)
	a, b := m.chat(1), m.chat(2)
	receipt, _ := a.files()
	wrong := func(n int) string { return theCamp().receipt(20 + n%2).Digits() }
	open := func(c *chat, receipt string) error {
		_, err := m.registry.Open(t.Context(), c.incoming().Person, receipt)
		return err
	}
	for range 50 {
		slip := []byte(receipt)
		slip[3] = '0' + (slip[3]-'0'+1)%10
		wantErr(t, open(b, string(slip)), bot.ErrSlip)
	}
	for n := range 3 {
		wantErr(t, open(b, wrong(n)), bot.ErrWrongReceipt)
	}
	wantErr(t, open(b, wrong(0)), bot.ErrSlow)
	wantErr(t, open(b, receipt), bot.ErrSlow)
	ok(t, open(a, receipt))
	waited := 30 * time.Second
	for n := range 8 {
		m.wait(waited - time.Second)
		wantErr(t, open(b, wrong(n)), bot.ErrSlow)
		m.wait(time.Second)
		wantErr(t, open(b, wrong(n)), bot.ErrWrongReceipt)
		waited = min(2*waited, 30*time.Minute)
	}
	m.wait(waited)
	ok(t, open(b, receipt))
	ok(t, open(b, receipt))
}

// A withdrawal can be taken back for seven days, and then stands.
func TestWithdraw(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files()
	box := a.opens(receipt).Box
	do := func(keep bool) error {
		turn := a.turn()
		turn.Withdraw = &bot.Withdraw{Box: box, Keep: keep}
		_, err := a.commit(turn)
		return err
	}
	m.wait(time.Hour)
	m.carried()
	ok(t, do(true)) // there is nothing to take back
	ok(t, do(false))
	ok(t, do(false))
	if mail := a.opens(receipt); mail.State != "withdrawn" || !mail.Asked {
		t.Errorf("%+v", mail)
	}
	m.wait(6 * 24 * time.Hour)
	m.tick()
	ok(t, do(true))
	m.wait(time.Hour)
	m.notices("bea") // carried, so that what comes next does not take its place
	if mail := a.opens(receipt); mail.State != "received" || mail.Asked {
		t.Errorf("%+v", mail)
	}
	ok(t, do(false))
	m.wait(7*24*time.Hour + time.Second)
	wantErr(t, do(true), bot.ErrWrongReceipt) // over, before the clock has come by
	m.tick()
	wantErr(t, do(true), bot.ErrWrongReceipt)
	if mail := a.opens(receipt); !mail.Closed {
		t.Errorf("%+v", mail)
	}
	m.wait(time.Hour)
	got := m.notices("ana")
	for _, event := range []string{"withdraw ", "keep ", "withdrawn "} {
		if !slices.Contains(got, event+code) {
			t.Errorf("ana was not told %q: %v", event, got)
		}
	}
	unknown := a.turn()
	unknown.Withdraw = &bot.Withdraw{Box: [16]byte{1}}
	_, err := a.commit(unknown)
	wantErr(t, err, bot.ErrWrongReceipt)
	m.whole()
}

// A reader who withdraws leaves the report with somebody; the last one cannot.
func TestRecuse(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	m.wait(time.Hour)
	m.carried()
	ok(t, m.registry.MayRecuse(t.Context(), "ana", code))
	if m.report(receipt).IsExcluded("ana") {
		t.Error("to ask has done it")
	}
	ok(t, m.registry.Recuse(t.Context(), "ana", code))
	wantErr(t, m.registry.MayRecuse(t.Context(), "ana", code), casework.ErrUnknown)
	wantErr(t, m.registry.Recuse(t.Context(), "ana", code), casework.ErrUnknown)
	ok(t, m.registry.Recuse(t.Context(), "bea", code))
	if got := m.report(receipt).Handed(); !slices.Equal(got, []string{"bo", "cora"}) {
		t.Fatalf("handed to %v", got)
	}
	m.wait(time.Hour)
	if got := m.notices("bo"); !slices.Equal(got, []string{"report " + code}) {
		t.Errorf("bo is told %v", got)
	}
	ok(t, m.registry.Recuse(t.Context(), "bo", code))
	wantErr(t, m.registry.MayRecuse(t.Context(), "cora", code), casework.ErrLastReader)
	wantErr(t, m.registry.Recuse(t.Context(), "cora", code), casework.ErrLastReader)
	if m.reads("cora", code).body(t) == nil {
		t.Error("nobody reads it any more")
	}
	m.whole()
}

// Whoever was revoked reads nothing any more, although the report still names them: then it goes to those who wait.
func TestRecuseBesideTheRevoked(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	m.sign(nil, "bea")
	m.wait(time.Hour)
	m.carried()
	ok(t, m.registry.Recuse(t.Context(), "ana", code))
	if got := m.report(receipt).Handed(); !slices.Contains(got, "bo") || !slices.Contains(got, "cora") {
		t.Fatalf("handed to %v", got)
	}
	m.wait(time.Hour)
	if got := m.notices("bo"); !slices.Equal(got, []string{"report " + code}) {
		t.Errorf("bo is told %v", got)
	}
	m.sign(nil, "bo")
	wantErr(t, m.registry.Recuse(t.Context(), "cora", code), casework.ErrLastReader)
	m.whole()
}

// The sealed file travels with a notice for those who want it, and the audit chain tells that it left the house.
func TestSealedDelivery(t *testing.T) {
	m := newMission(t)
	word, err := m.registry.Invite(t.Context(), ticket.Entry{ID: "dora", Name: "Dora", Org: "relief", Role: ticket.FocalPoint}, "ar", true)
	ok(t, err)
	_, err = m.registry.Follow(t.Context(), "staff:dora", word)
	ok(t, err)
	_, err = m.registry.Enrol(t.Context(), "staff:dora", m.enrolment("dora"))
	ok(t, err)
	m.sign(nil)
	receipt, code := m.chat(1).files()
	m.wait(time.Hour)
	var got *bot.Notice
	for _, n := range m.carried() {
		if n.Code == code && n.Reader == "dora" {
			got = &n
		} else if n.File != nil {
			t.Errorf("%s gets a file they did not ask for", n.Reader)
		}
	}
	if got == nil || got.File == nil || got.Lang != "ar" {
		t.Fatalf("%+v", got)
	}
	if m.unpack([]bot.File{*got.File}, m.ids["dora"]).body(t) == nil {
		t.Error("the file does not open")
	}
	if n := strings.Count(strings.Join(m.audit(receipt), "\n"), "dora handed out dora"); n != 1 {
		t.Errorf("the audit chain tells of %d hand-outs", n)
	}
}
