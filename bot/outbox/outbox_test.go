package outbox_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"amana/bot"
	"amana/bot/kv/kvtest"
	"amana/bot/speech"
	"amana/bot/store"
)

func (l *lines) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// about gives what somebody has got about a report.
func about(got []sending, code string) (out []sending) {
	for _, s := range got {
		if strings.Contains(s.out.Text, code) {
			out = append(out, s)
		}
	}
	return out
}

// A notice arrives at least once, after its random wait, and a repeat is the same word for word.
func TestAtLeastOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		filed := now()
		code := m.files()
		m.staff.fail = func(to bot.Address, n int) (bool, error) {
			if to == "staff:ana" && len(m.staff.sent) < 6 && countTo(m.staff.sent, to) == 0 {
				return true, errDown // it was sent, and the answer was lost
			}
			return false, nil
		}
		m.run()
		time.Sleep(time.Minute)
		if len(m.staff.to("staff:ana")) != 0 {
			t.Error("a normal notice went out within two minutes")
		}
		time.Sleep(20 * time.Minute)
		got := m.staff.to("staff:ana")
		if len(got) != 2 || got[0].out.Text != got[1].out.Text || !strings.Contains(got[0].out.Text, code) {
			t.Fatalf("ana got %d notices", len(got))
		}
		if at := got[0].at.Sub(filed); at < 2*time.Minute || at > 15*time.Minute+3*time.Second {
			t.Errorf("after %v", at)
		}
		if n := len(m.staff.to("staff:bea")); n != 1 {
			t.Errorf("bea got %d", n)
		}
		if n := len(m.staff.to("staff:bo")); n != 0 {
			t.Errorf("whoever waits got %d", n)
		}
		time.Sleep(6 * time.Hour)
		if n := len(m.staff.to("staff:ana")); n != 2 {
			t.Errorf("ana got %d in all", n)
		}
		if backlog, err := m.registry.Backlog(t.Context()); backlog != 0 || err != nil {
			t.Errorf("%d notices are left, %v", backlog, err)
		}
		if c := m.box.Counts(); c.Carried != 2 || c.Failed != 1 || c.Dead != 0 {
			t.Errorf("%+v", c)
		}
	})
}

func countTo(sent []sending, to bot.Address) (n int) {
	for _, s := range sent {
		if s.to == to {
			n++
		}
	}
	return n
}

// What cannot be carried waits longer each time and is given up after some two days; meanwhile the deadline has handed
// the report to somebody else.
func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		code := m.files()
		m.staff.fail = func(to bot.Address, _ int) (bool, error) {
			if to == "staff:ana" {
				return false, errDown
			}
			return false, nil
		}
		m.box.Every = 20 * time.Second // three days at two seconds take long even where time is not real
		m.run()
		time.Sleep(11 * time.Hour) // the first reminder comes later
		tries := m.staff.tries("staff:ana")
		if len(tries) < 15 || len(tries) > 30 {
			t.Errorf("%d tries in eleven hours", len(tries))
		}
		for n := 1; n < len(tries); n++ {
			if gap := tries[n].Sub(tries[n-1]); gap < min(time.Second<<(n-1), time.Hour) || gap > time.Hour+30*time.Second {
				t.Errorf("%v before try %d", gap, n)
			}
		}
		time.Sleep(60 * time.Hour)
		dead, err := m.registry.Dead(t.Context())
		if err != nil || dead["ana"] != errDown.Error() {
			t.Errorf("given up: %v, %v", dead, err)
		}
		if m.box.Counts().Dead == 0 {
			t.Error("nothing is counted as given up")
		}
		if len(about(m.staff.to("staff:bo"), code)) == 0 {
			t.Error("the backup was not told")
		}
		if len(about(m.staff.to("staff:bea"), code)) == 0 {
			t.Error("one address that fails holds up another")
		}
	})
}

func TestGoneAndSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.files()
		m.staff.fail = func(to bot.Address, _ int) (bool, error) {
			switch {
			case to == "staff:ana":
				return false, errGone
			case len(m.staff.at[to]) == 1: // the first try
				return false, errSlow
			}
			return false, nil
		}
		m.run()
		time.Sleep(time.Hour)
		if len(m.staff.tries("staff:ana")) != 1 {
			t.Errorf("%d tries at an address that is gone", len(m.staff.tries("staff:ana")))
		}
		if dead, err := m.registry.Dead(t.Context()); err != nil || dead["ana"] == "" {
			t.Errorf("%v, %v", dead, err)
		}
		if bea := m.staff.tries("staff:bea"); len(bea) != 2 || bea[1].Sub(bea[0]) < 10*time.Minute {
			t.Errorf("asked to wait ten minutes: %v", bea)
		}
	})
}

// A door that was closed because the program ends has tried nothing: no try is counted, and nobody is warned.
func TestDoorIsShut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		code := m.files()
		m.staff.fail = func(bot.Address, int) (bool, error) { return false, errShut }
		end := m.run()
		time.Sleep(30 * time.Minute)
		end()
		if n := m.box.Counts().Failed; n != 0 {
			t.Errorf("%d tries have failed", n)
		}
		if said := m.log.String(); strings.Contains(said, "not carried") {
			t.Errorf("the log says\n%s", said)
		}
		m.staff.fail = nil
		m.run()
		time.Sleep(5 * time.Minute)
		if got := about(m.staff.to("staff:ana"), code); len(got) != 1 {
			t.Errorf("ana got %d", len(got))
		}
	})
}

// Whoever cannot be reached yet gets the notice once they can.
func TestMissingContact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.DropContact("ana") }))
		code := m.files()
		m.run()
		time.Sleep(5 * time.Hour)
		if len(m.staff.to("staff:ana")) != 0 {
			t.Fatal("sent to nowhere")
		}
		m.reach("ana", "en")
		time.Sleep(2 * time.Hour)
		if len(about(m.staff.to("staff:ana"), code)) != 1 {
			t.Errorf("ana got %d", len(m.staff.to("staff:ana")))
		}
	})
}

// Between a report and its notice a reader may withdraw or be revoked: then there is no notice for them.
func TestNoLongerTheirs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		code := m.files()
		ok(t, m.registry.Recuse(t.Context(), "ana", code))
		m.files()
		m.sign([]string{"bea"})
		m.run()
		time.Sleep(30 * time.Minute)
		if got := about(m.staff.to("staff:ana"), code); len(got) != 0 {
			t.Errorf("whoever has withdrawn is told %q", got[0].out.Text)
		}
		if len(m.staff.to("staff:ana")) != 1 {
			t.Error("the other report is missing")
		}
		if got := m.staff.to("staff:bea"); len(got) != 0 {
			t.Errorf("a revoked person is told %q", got[0].out.Text)
		}
		time.Sleep(time.Hour)
		if backlog, err := m.registry.Backlog(t.Context()); backlog != 0 || err != nil {
			t.Errorf("%d notices are left, %v", backlog, err)
		}
	})
}

// While the disk takes nothing, nobody gets the same notice again and again; when it does, the shelf is in order.
func TestFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.files()
		var full []kvtest.Fault
		for range 400 {
			full = append(full, kvtest.Full)
		}
		m.engine.Fail(full...)
		m.run()
		time.Sleep(40 * time.Minute)
		if n := len(m.staff.to("staff:ana")); n != 1 {
			t.Errorf("ana got the same notice %d times", n)
		}
		time.Sleep(4 * time.Hour) // the faults are used up: there is room again
		if n := len(m.staff.to("staff:ana")); n != 1 {
			t.Errorf("ana got the same notice %d times", n)
		}
		if backlog, err := m.registry.Backlog(t.Context()); backlog != 0 || err != nil {
			t.Errorf("%d notices are left, %v", backlog, err)
		}
	})
}

// A crowd of notices is carried as fast as the door takes them, and not one page at each look.
func TestMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
			for n := range 90 {
				if err := w.PutNotice(w.House().Standing(), store.Waiting{
					ID: store.ID{byte(n), 1}, Reader: "ana", Event: "confirmed", Due: now(),
				}); err != nil {
					return err
				}
			}
			return nil
		}))
		m.run()
		synctest.Wait()
		if n := len(m.staff.to("staff:ana")); n != 90 {
			t.Errorf("%d at once", n)
		}
	})
}

// A notice tells code, urgency, deadline and what the route allows, in the reader's language, and nothing else.
func TestWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		words, err := book()
		ok(t, err)
		secret := "MARK told in confidence"
		normal := m.files(bot.Fact{Flow: "report", Step: "story", Lang: "en", Text: secret})
		urgent := m.files(bot.Fact{Flow: "report", Step: "danger", Lang: "en", Values: []string{"yes"}})
		m.run()
		time.Sleep(2*time.Minute + 3*time.Second)
		if got := about(m.staff.to("staff:ana"), urgent); len(got) != 1 {
			t.Error("an urgent notice did not come within two minutes")
		}
		time.Sleep(15 * time.Minute)
		for lang, who := range map[string]bot.Address{"en": "staff:ana", "ar": "staff:bea"} {
			for code, key := range map[string]string{normal: "staff.notice.report", urgent: "staff.notice.report.urgent"} {
				got := about(m.staff.to(who), code)
				if len(got) != 1 {
					t.Fatalf("%s got %d", who, len(got))
				}
				out := got[0].out
				deadline, _, _ := strings.Cut(out.Text[max(strings.Index(out.Text, "2026-"), 0):], "\n")
				want, err := words.Text(lang, key, speech.Args{"Code": code, "Deadline": deadline[:min(len(deadline), 16)]})
				ok(t, err)
				if !strings.Contains(out.Text, want) {
					t.Errorf("%q does not say %q", out.Text, want)
				}
				if out.Lang != lang || !out.Protect || out.File != nil || strings.Contains(out.Text, "staff.") || strings.Contains(out.Text, "MARK") {
					t.Errorf("%+v", out)
				}
				if !strings.Contains(out.Text, "block_a") || !strings.Contains(out.Text, "2026-11-") && code == normal {
					t.Errorf("without place or deadline: %q", out.Text)
				}
				if !slices.Equal([]string{out.Rows[0][0].Data, out.Rows[0][1].Data, out.Rows[1][0].Data}, []string{"s:ack:" + code, "s:read:" + code, "s:out:" + code}) {
					t.Errorf("%+v", out.Rows)
				}
			}
		}
		time.Sleep(24 * time.Hour) // to the backup, whose language nobody has
		if got := m.staff.to("staff:bo"); len(got) == 0 || got[0].out.Lang != "en" {
			t.Errorf("%+v", got)
		}
		log := m.log.String()
		for _, s := range []string{"MARK", "staff:", "telegram:", normal, urgent} {
			if strings.Contains(log, s) {
				t.Errorf("the log holds %q", s)
			}
		}
	})
}

// Where the mission wants it, a notice ends with the address of its report, on a line of its own, in whatever script the rest is.
func TestLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.box.Link = func(code string) string { return "https://desk.example/#/report/" + code }
		code := m.files()
		m.run()
		time.Sleep(20 * time.Minute)
		for _, who := range []bot.Address{"staff:ana", "staff:bea"} {
			got := about(m.staff.to(who), code)
			if len(got) != 1 || !strings.HasSuffix(got[0].out.Text, "\n\nhttps://desk.example/#/report/"+code) {
				t.Errorf("%s got %+v", who, got)
			}
		}
	})
}

// Every event has its words in every language.
func TestEveryEvent(t *testing.T) {
	words, err := book()
	ok(t, err)
	for _, lang := range []string{"en", "ar"} {
		for _, event := range []string{"report", "report.urgent", "message", "late", "remind", "answered", "note", "withdraw", "keep", "withdrawn", "reseal", "joined", "sealed", "handed"} {
			if !words.Has(lang, "staff.notice."+event) {
				t.Errorf("%s: no words for %s", lang, event)
			}
		}
	}
}

// The neutral line goes out once, at its hour; one that fails is lost, and told to nobody.
func TestNudge(t *testing.T) {
	for _, fails := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			m := newMission(t)
			hour := now().Add(7 * time.Hour)
			ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
				return w.PutNudge(store.Nudge{ID: store.ID{1}, Address: "telegram:70000001", Lang: "ar", Hours: "any", At: hour})
			}))
			m.people.fail = func(bot.Address, int) (bool, error) {
				if fails {
					return false, errDown
				}
				return true, nil
			}
			tries := func() int { return len(m.people.tries("telegram:70000001")) }
			m.run()
			time.Sleep(7*time.Hour - time.Second)
			if tries() != 0 {
				t.Error("before its hour")
			}
			time.Sleep(48 * time.Hour)
			if tries() != 1 {
				t.Errorf("%d tries", tries())
			}
			if !fails {
				words, err := book()
				ok(t, err)
				want, err := words.Text("ar", "word.nudge", nil)
				ok(t, err)
				if got := m.people.to("telegram:70000001"); len(got) != 1 || !strings.Contains(got[0].out.Text, want) {
					t.Errorf("%+v", got)
				}
			}
			if log := m.log.String(); strings.Contains(log, "70000001") {
				t.Error("the log names the chat")
			}
		})
	}
}

// The loop ends with its context, also in the middle of a sending.
func TestStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.files()
		m.run()
		time.Sleep(time.Minute)
	})
}
