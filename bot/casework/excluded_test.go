package casework_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/ticket"
)

// TestStoryK: the complete view of an excluded focal point is the same, byte for byte, with the report and without it.
func TestStoryK(t *testing.T) {
	for _, x := range []struct{ who, how string }{{"ana", "excluded"}, {"bo", "excluded"}, {"ana", "withdrew"}} {
		without, with := viewOf(t, x.who, ""), viewOf(t, x.who, x.how)
		if d := cmp.Diff(without, with); d != "" {
			t.Errorf("%s, who is or has %s, sees a difference:\n%s", x.who, x.how, d)
		}
		if len(with) < 40 {
			t.Errorf("a view of %d lines proves little", len(with))
		}
	}
}

// viewOf plays two weeks of a mission and writes down everything that one focal point can see of them: what they are
// told and when, what every call answers. A report that excludes them, or from which they withdraw as soon as it is there,
// is filed, worked on and closed in the middle of it, or nothing is.
func viewOf(t *testing.T, who, how string) (view []string) {
	t.Helper()
	m := newMission(t, func(o *casework.Options) { o.Tell = casework.Tell{Kind: true, Area: true} })
	codes := map[string]string{}
	say := func(format string, args ...any) {
		line := fmt.Sprintf(format, args...)
		for code, name := range codes {
			line = strings.ReplaceAll(line, code, name)
		}
		view = append(view, m.now().Format("02 15:04 ")+line)
	}
	hours := func(n int) { // everything that is carried is written down at the minute in which it is
		step := 15 * time.Minute
		if n > 3 {
			step = 2 * time.Hour
		}
		for range time.Duration(n) * time.Hour / step {
			m.wait(step)
			if _, err := m.registry.Tick(t.Context()); err != nil {
				say("tick: %v", err)
			}
			if m.now().Hour()%4 == 0 && m.now().Minute() == 0 {
				m.sweep()
			}
			for _, n := range m.carried() {
				if n.Reader == who {
					n.ID, n.Due = [16]byte{}, time.Time{} // neither is shown to anybody
					say("told: %s", asJSON(n))
				}
			}
		}
	}
	look := func() {
		lines, err := m.registry.Inbox(t.Context(), who)
		say("inbox: %s %v", asJSON(lines), err)
		lines, err = m.registry.Desk(t.Context(), who, true)
		say("desk: %s %v", asJSON(lines), err)
		trail, err := m.registry.SharedTrail(t.Context(), who)
		say("mission: %s %v", asJSON(trail), err)
		for code := range codes {
			if codes[code] != "FIRST" {
				continue
			}
			files, err := m.registry.ReadOut(t.Context(), who, code)
			say("read: %d files, %v", len(files), err)
			trail, trailErr := m.registry.ReportTrail(t.Context(), who, code)
			takers, takersErr := m.registry.Takers(t.Context(), who, code)
			say("trail: %s %v, to %s %v", asJSON(trail), trailErr, asJSON(takers), takersErr)
			if err != nil {
				continue
			}
			th := m.unpack(files, m.ids[who])
			say("thread: %q, %d bytes, %d shut", th.texts(), len(files[0].Bytes), th.shut)
			for _, c := range th.packet.Cards {
				say("card: %d %s %s %s", c.Version, c.ID, c.Name, c.Role)
			}
		}
	}
	first, firstCode := m.chat(1).files("area", "block_a")
	codes[firstCode] = "FIRST"
	hours(2)
	look()

	code, file, share, secret := "BDFGHJ", []byte("amana answer 1\nnothing"), []byte(nil), ""
	hidden := how != ""
	if hidden {
		if how == "excluded" {
			secret, code = m.chat(2).files("involved", "yes", "involved_org", "relief", "involved_role", "focal_point", "story", "about them")
		} else {
			secret, code = m.chat(2).files("story", "about them")
			ok(t, m.registry.Recuse(t.Context(), who, code))
		}
		if !m.report(secret).IsExcluded(who) {
			t.Fatal("the report excludes nobody")
		}
		file = m.writesAnswer(m.reads("bea", code), reply{text: "with the right seed"})
		share = m.writesGrants(m.reads("bea", code), grants{share: []string{who}, with: m.ids["bea"]})
	}
	codes[code] = "HIDDEN"
	hours(1)
	work := func(deed func()) {
		if hidden {
			deed()
		}
		hours(3)
		look()
		again, err := m.registry.Acknowledge(t.Context(), who, code)
		say("acknowledge: %v %v", again, err)
		files, err := m.registry.ReadOut(t.Context(), who, code)
		say("read: %d %v", len(files), err)
		say("may withdraw: %v", m.registry.MayRecuse(t.Context(), who, code))
		say("withdraw: %v", m.registry.Recuse(t.Context(), who, code))
		trail, err := m.registry.ReportTrail(t.Context(), who, code)
		say("trail: %s %v", asJSON(trail), err)
		takers, err := m.registry.Takers(t.Context(), who, code)
		say("takers: %s %v", asJSON(takers), err)
		say("hand over: %v", m.registry.HandOver(t.Context(), who, code, "bea"))
		say("left: %v", m.registry.Left(t.Context(), who, code, "printed"))
		_, held, err := m.registry.HoldOf(t.Context(), who, code)
		say("held: %v %v", held, err)
	}
	work(func() { m.answers("bea", code, "we have read", "referred") })
	work(func() { m.chat(2).writes(secret, "more") })
	work(func() {
		note := m.writesAnswer(m.reads("bea", code), reply{kind: "note", state: "confirmed", text: "for readers", leg: &ticket.Leg{
			Leg: ticket.LegComplaint, To: "green", State: ticket.LegConfirmed,
		}})
		_, err := m.registry.Answer(t.Context(), "bea", note)
		ok(t, err)
	})
	work(func() { // neither by a share, nor when it is shared with others, nor when they seal it again
		_, err := m.registry.Grant(t.Context(), "bea", share)
		wantErr(t, err, casework.NotThem)
		m.grantsBy("bea", code, "cora")
	})
	renewed := theCamp().roster[3]
	renewed.Key = m.entry("cora", renewed.Org, renewed.Role).Key
	m.sign([]ticket.Entry{renewed})
	work(func() { m.grantsBy("bea", code) })
	work(func() { ok(t, m.registry.Recuse(t.Context(), "bea", code)) })
	work(func() { m.answers("cora", code, "closing", "closed") })
	if hidden { // whatever they bring, with or without the right seed, is for no report
		_, err := m.registry.Answer(t.Context(), who, file)
		say("answer: %v", err)
		_, err = m.registry.Grant(t.Context(), who, share)
		say("share: %v", err)
	} else {
		say("answer: %v", casework.NotYours)
		say("share: %v", casework.NotYours)
	}
	m.chat(1).writes(first, "again")
	hours(24 * 3)
	look()
	third, thirdCode := m.chat(3).files()
	codes[thirdCode] = "THIRD"
	hours(30)
	look()
	box := m.chat(3).opens(third).Box
	turn := m.chat(3).turn()
	turn.Withdraw = &bot.Withdraw{Box: box}
	_, err := m.chat(3).commit(turn)
	ok(t, err)
	hours(24 * 8)
	look()
	m.whole()
	return view
}

// A report that names somebody's own organisation is unseen by its recovery holder too, and by a coordinator.
func TestExcludedEverywhere(t *testing.T) {
	m := newMission(t)
	vault := theCamp().roster[4]
	vault.Holder = "cora"
	m.sign([]ticket.Entry{vault, m.entry("orla", "desk", "oversight"), m.entry("oda", "desk2", "oversight")})
	receipt, code := m.chat(1).files("involved", "yes", "involved_org", "agency", "involved_role", "coordinator")
	rep := m.report(receipt)
	if !rep.IsExcluded("cora") || !rep.IsExcluded("vault") || rep.IsReader("cora") {
		t.Fatalf("excluded: %v", rep.Excluded)
	}
	th := m.reads("bea", code)
	for _, c := range th.packet.Cards {
		if c.ID == "cora" || c.ID == "vault" {
			t.Errorf("the card of %s is handed out", c.ID)
		}
	}
	for _, id := range []string{"cora", "vault"} {
		if files, err := m.registry.ReadOut(t.Context(), id, code); err == nil || files != nil {
			t.Errorf("%s is handed it", id)
		}
	}
	for range 20 {
		m.wait(12 * time.Hour)
		m.tick()
		if got := m.notices("cora"); len(got) != 0 {
			t.Errorf("cora is told %v", got)
		}
	}
	m.whole()
}
