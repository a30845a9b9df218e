package outbox_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"amana/bot"
	"amana/bot/kv/kvtest"
	"amana/bot/outbox"
	"amana/bot/store"
	"amana/bot/ticket"
)

func hangs(who bot.Address, d time.Duration) func(bot.Address) time.Duration {
	return func(to bot.Address) time.Duration {
		if to == who {
			return d
		}
		return 0
	}
}

// A chat that takes a minute for each message holds up nobody else: what is urgent comes within its two minutes, and so do
// the lines to people.
func TestASlowChatHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.staff.hang = hangs("staff:ana", time.Minute)
		for n := range 60 { // an hour's work for that chat
			m.puts(n, "ana", now().Add(time.Duration(n)*time.Second))
		}
		m.run()
		time.Sleep(90 * time.Second)
		filed := now()
		code := m.files(bot.Fact{Flow: "report", Step: "danger", Lang: "en", Values: []string{"yes"}})
		hour := now().Add(time.Minute)
		ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
			return w.PutNudge(store.Nudge{ID: store.ID{1}, Address: "telegram:70000001", Lang: "ar", Hours: "any", At: hour})
		}))
		time.Sleep(2*time.Minute + 5*time.Second)
		got := about(m.staff.to("staff:bea"), code)
		if len(got) != 1 || got[0].at.Sub(filed) > 2*time.Minute+2*time.Second {
			t.Errorf("bea got %d urgent notices", len(got))
		}
		if n := len(m.people.to("telegram:70000001")); n != 1 {
			t.Errorf("a line to a person was sent %d times", n)
		}
		time.Sleep(2 * time.Hour)
		if n := len(m.staff.to("staff:ana")); n != 61 {
			t.Errorf("ana got %d in the end", n)
		}
		if c := m.box.Counts(); c.Carried != 62 || c.Failed != 0 {
			t.Errorf("%+v", c)
		}
	})
}

// A person's chat that takes no line holds up neither the focal points nor the other people.
func TestASlowLineHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.people.hang = hangs("telegram:70000001", time.Hour)
		for n := range 2 {
			at := now().Add(time.Minute)
			ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
				return w.PutNudge(store.Nudge{
					ID: store.ID{byte(n + 1)}, Address: bot.Address(fmt.Sprint("telegram:", 70000001+n)), Lang: "en", Hours: "any", At: at,
				})
			}))
		}
		m.run()
		time.Sleep(2 * time.Minute)
		code := m.files()
		time.Sleep(16 * time.Minute)
		if n := len(about(m.staff.to("staff:ana"), code)); n != 1 {
			t.Errorf("ana got %d", n)
		}
		if n := len(m.people.to("telegram:70000002")); n != 1 {
			t.Errorf("the other person got %d lines", n)
		}
		time.Sleep(time.Hour)
		if n := len(m.people.to("telegram:70000001")); n != 1 {
			t.Errorf("the slow one got %d lines", n)
		}
	})
}

// What goes to one person goes one at a time and in the order in which it was due, also when a try in between fails.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.staff.hang = func(bot.Address) time.Duration { return time.Second }
		var codes []string
		for range 6 {
			codes = append(codes, m.files())
			time.Sleep(20 * time.Minute) // past each notice's wait, so that they are due in this order
		}
		m.run()
		time.Sleep(time.Minute)
		for _, who := range []bot.Address{"staff:ana", "staff:bea"} {
			got := m.staff.to(who)
			if len(got) != len(codes) {
				t.Fatalf("%s got %d", who, len(got))
			}
			for n, s := range got {
				if !strings.Contains(s.out.Text, codes[n]) {
					t.Errorf("%s: at place %d stands another report", who, n)
				}
			}
		}
		if m.staff.twice {
			t.Error("two notices to one person at once")
		}
		if m.staff.most != 2 {
			t.Errorf("%d at once, for two people", m.staff.most)
		}
	})
}

// No more are under way at once than there are lanes; whoever is behind them is served as soon as one is free.
func TestLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		var more []ticket.Entry
		for n := range 20 {
			more = append(more, m.entry(fmt.Sprintf("p%02d", n)))
		}
		m.sign(nil, more...)
		for n, e := range more {
			m.reach(e.ID, "en")
			m.puts(100+n, e.ID, now())
		}
		m.staff.hang = func(bot.Address) time.Duration { return 10 * time.Second }
		m.run()
		time.Sleep(31 * time.Second) // three rounds of eight
		for _, e := range more {
			if n := len(m.staff.to(bot.Address("staff:" + e.ID))); n == 0 {
				t.Errorf("%s got nothing", e.ID)
			}
		}
		if m.staff.most != 8 {
			t.Errorf("%d at once", m.staff.most)
		}
	})
}

// Whoever withdraws while something else is on its way to them is not told of what they withdrew from.
func TestWithdrawnMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.puts(1, "ana", now())
		code := m.files()
		time.Sleep(20 * time.Minute)
		m.staff.hang = hangs("staff:ana", time.Minute)
		m.run()
		time.Sleep(30 * time.Second)
		ok(t, m.registry.Recuse(t.Context(), "ana", code))
		time.Sleep(time.Hour)
		if got := about(m.staff.to("staff:ana"), code); len(got) != 0 {
			t.Errorf("ana is told %q", got[0].out.Text)
		}
		if len(about(m.staff.to("staff:bea"), code)) != 1 {
			t.Error("bea is not told")
		}
	})
}

// Told to stop, the outbox ends at once: what was not sent stays for the next start, what was sent is taken off.
func TestStopsInTheMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.files()
		time.Sleep(20 * time.Minute)
		m.staff.hang = hangs("staff:ana", time.Hour)
		end := m.run()
		time.Sleep(10 * time.Second)
		asked := now()
		end()
		if took := now().Sub(asked); took != 0 {
			t.Errorf("it ended after %v", took)
		}
		if ana, bea := len(m.staff.to("staff:ana")), len(m.staff.to("staff:bea")); ana != 0 || bea != 1 {
			t.Errorf("ana got %d, bea %d", ana, bea)
		}
		if c := m.box.Counts(); c.Failed != 0 {
			t.Errorf("to be stopped is no failure: %+v", c)
		}
		m.staff.hang = nil
		m.run()
		time.Sleep(10 * time.Second)
		if ana, bea := len(m.staff.to("staff:ana")), len(m.staff.to("staff:bea")); ana != 1 || bea != 1 {
			t.Errorf("after the next start ana got %d, bea %d", ana, bea)
		}
	})
}

// What arrives at the very moment in which the outbox is told to stop is noted all the same.
func TestSentWhileStopping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.puts(1, "ana", now())
		var end func()
		stopping := make(chan struct{})
		m.staff.fail = func(bot.Address, int) (bool, error) {
			go func() { end(); close(stopping) }()
			synctest.Wait() // the context has ended, and Run waits for this sending
			return true, nil
		}
		ready := make(chan struct{})
		m.staff.hang = func(bot.Address) time.Duration { <-ready; return 0 }
		end = m.run()
		close(ready)
		<-stopping
		if backlog, err := m.registry.Backlog(t.Context()); backlog != 0 || err != nil {
			t.Errorf("%d notices are left, %v", backlog, err)
		}
	})
}

// With more notices held back by a full disk than there are lanes, what comes later is carried all the same.
func TestHeldNoticesHoldUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		var full []kvtest.Fault
		for n := range 40 {
			m.puts(n, "ana", now())
		}
		for range 60 {
			full = append(full, kvtest.Full)
		}
		m.engine.Fail(full...)
		m.run()
		time.Sleep(20 * time.Second)
		if n := len(m.staff.to("staff:ana")); n != 40 {
			t.Errorf("ana got %d of 40", n)
		}
		time.Sleep(time.Hour)
		if n := len(m.staff.to("staff:ana")); n != 40 {
			t.Errorf("in the end ana got %d of 40", n)
		}
		if backlog, err := m.registry.Backlog(t.Context()); backlog != 0 || err != nil {
			t.Errorf("%d notices are left, %v", backlog, err)
		}
	})
}

// slowShelf reads what is due as of one moment, as a database does, and is asked what rests some time later.
type slowShelf struct{ outbox.Shelf }

func (s slowShelf) Notices(ctx context.Context, _ int, rest func([16]byte, string) bool) (out []bot.Notice, err error) {
	all, err := s.Shelf.Notices(ctx, 100, nil)
	time.Sleep(3 * time.Second)
	for _, n := range all {
		if !rest(n.ID, n.Reader) {
			out = append(out, n)
		}
	}
	return out, err
}

// What arrived while the shelf was being looked at is not taken from that look and sent once more.
func TestALookThatIsOldSendsNothingAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.staff.hang = hangs("staff:ana", 10*time.Second)
		m.box.Shelf = slowShelf{m.registry}
		m.puts(1, "ana", now())
		m.run()
		time.Sleep(2 * time.Minute)
		if n := len(m.staff.to("staff:ana")); n != 1 {
			t.Errorf("one notice was sent %d times", n)
		}
	})
}
