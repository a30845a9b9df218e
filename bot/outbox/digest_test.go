package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"amana/bot"
	"amana/bot/casework"
)

// twice is eight in the morning and four in the afternoon of the mission's zone, which is UTC in these tests.
var twice = casework.Digest{Times: []time.Duration{8 * time.Hour, 16 * time.Hour}}

// shown writes all that went to an address: when, and every byte of it.
func (m *mission) shown(a bot.Address) string {
	var b strings.Builder
	for _, s := range m.staff.to(a) {
		fmt.Fprintf(&b, "%s %+v\n", s.at.Format(time.RFC3339Nano), s.out)
	}
	return b.String()
}

// quietly forgets the notices that the rooms wrote when the mission began.
func (m *mission) quietly() {
	time.Sleep(time.Minute)
	m.staff.mu.Lock()
	m.staff.sent = nil
	m.staff.mu.Unlock()
}

func ordinary(n int, m *mission) {
	for i := range n {
		facts := []bot.Fact{{Flow: "report", Step: "age", Lang: "en", Values: []string{"adult"}}}
		if i%2 == 1 { // bea is the one of whom it is told
			facts = append(facts, bot.Fact{Flow: "report", Step: "involved", Lang: "en", Values: []string{"yes"}},
				bot.Fact{Flow: "report", Step: "involved_org", Lang: "en", Values: []string{"health"}})
		}
		_, err := m.registry.Commit(m.t.Context(), bot.Turn{Person: bot.Person{byte(i + 2)}, Address: "telegram:70000002", Lang: "en", Filing: &bot.Filing{
			Flow: "report", Kind: "sea", Lang: "en", Facts: append(facts, bot.Fact{Flow: "report", Step: "area", Lang: "en", Values: []string{"block_a"}}),
		}})
		ok(m.t, err)
	}
}

// With digests everybody is sent the same bytes at the same instants, whether no report came or ten, for three days in
// which no deadline is kept; so are those who are excluded from some of them, and the group of a team.
func TestDigestsTellNothing(t *testing.T) {
	seen := map[int]string{}
	for _, reports := range []int{0, 1, 10} {
		synctest.Test(t, func(t *testing.T) {
			m := newMission(t)
			m.registry.Digest = twice
			m.registry.Routes.Teams = map[string][]string{"night": {"ana", "bea"}}
			m.joins("night", "telegram:-500")
			dee := m.entry("dee")
			dee.Org = "camp"
			m.sign(nil, dee)
			m.reach("dee", "en")
			m.run()
			m.quietly()
			ordinary(reports, m)
			if n := must(m.registry.Inbox(t.Context(), "ana")); (len(n) > 0) != (reports > 0) {
				t.Fatalf("%d reports lie in the inbox", len(n))
			}
			time.Sleep(3 * 24 * time.Hour)
			all := ""
			for _, a := range []bot.Address{"staff:ana", "staff:bea", "staff:bo", "staff:dee", "telegram:-500"} {
				got := m.shown(a)
				if n := strings.Count(got, "\n"); n != 6 {
					t.Errorf("%d reports: %d messages, want two a day:\n%s", reports, n, got)
				}
				all += got
			}
			seen[reports] = all
			m.whole()
		})
	}
	if seen[0] != seen[1] || seen[0] != seen[10] {
		t.Error("what is sent tells whether reports came")
	}
	for line := range strings.SplitSeq(strings.TrimSpace(seen[0]), "\n") {
		if at, _ := time.Parse(time.RFC3339Nano, strings.Fields(line)[0]); at.Minute() != 0 || at.Second() > 2 || at.Hour()%8 != 0 {
			t.Errorf("not at its time: %s", line)
		}
	}
}

// An urgent report goes to its readers within minutes, unless the mission lets it wait too.
func TestUrgentBesideDigests(t *testing.T) {
	for _, waits := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			m := newMission(t)
			m.registry.Digest = casework.Digest{Times: twice.Times, Urgent: waits}
			m.run()
			m.quietly()
			code := m.files(bot.Fact{Flow: "report", Step: "danger", Lang: "en", Values: []string{"yes"}})
			time.Sleep(5 * time.Minute)
			if got := m.shown("staff:ana"); strings.Contains(got, code) == waits {
				t.Errorf("digest_urgent %v: %q", waits, got)
			}
		})
	}
}

// After a stop over several times one digest is sent at the start, and after a crash between shelf and mark none twice.
func TestDigestAfterAStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.registry.Digest = twice
		end := m.run()
		m.quietly()
		time.Sleep(7 * time.Hour) // four has passed
		end()
		before := len(m.staff.to("staff:ana"))
		if before != 1 {
			t.Fatalf("%d digests before the stop", before)
		}
		time.Sleep(50 * time.Hour) // over six of them
		start := now()
		m.box.Run(stopped(t, time.Minute))
		got := m.staff.to("staff:ana")[before:]
		if len(got) != 1 || got[0].at.Sub(start) > 30*time.Second {
			t.Errorf("at the start: %d digests", len(got))
		}
		m.box.Run(stopped(t, time.Minute))
		if n := len(m.staff.to("staff:ana")) - before; n != 1 {
			t.Errorf("after a second start: %d digests", n)
		}
	})
}

// Whoever cannot be reached for days is sent the latest digest alone, and leaves no heap on the shelf.
func TestDigestsDoNotPileUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		m.registry.Digest = twice
		m.run()
		m.quietly()
		m.staff.mu.Lock()
		m.staff.fail = func(bot.Address, int) (bool, error) { return false, errDown }
		m.staff.mu.Unlock()
		time.Sleep(2 * 24 * time.Hour)
		if n := must(m.registry.Backlog(t.Context())); n > 6 {
			t.Errorf("%d notices lie on the shelf", n)
		}
		m.staff.mu.Lock()
		m.staff.fail, m.staff.sent = nil, nil
		m.staff.mu.Unlock()
		time.Sleep(3 * time.Hour)
		if n := len(m.staff.to("staff:ana")); n != 1 {
			t.Errorf("%d digests once the network is back", n)
		}
	})
}

// On the days on which the clocks change a fixed time comes once, at the hour that the wall shows.
func TestDigestsWhenTheClocksChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		berlin, err := time.LoadLocation("Europe/Berlin")
		ok(t, err)
		m.registry.Digest, m.registry.Zone = casework.Digest{Times: []time.Duration{150 * time.Minute, 8 * time.Hour}}, berlin
		time.Sleep(time.Date(2027, 3, 26, 12, 0, 0, 0, berlin).Sub(now()))
		end := m.run()
		m.quietly()
		time.Sleep(4 * 24 * time.Hour)
		end()
		var got []string
		for _, s := range m.staff.to("staff:ana") {
			got = append(got, s.at.In(berlin).Format("02 15:04"))
		}
		want := []string{"27 02:30", "27 08:00", "28 03:30", "28 08:00", "29 02:30", "29 08:00", "30 02:30", "30 08:00"}
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

func stopped(t *testing.T, after time.Duration) context.Context {
	ctx, stop := context.WithTimeout(t.Context(), after)
	t.Cleanup(stop)
	return ctx
}

// joins makes a group the one of a team.
func (m *mission) joins(team string, a bot.Address) {
	m.t.Helper()
	word := must(m.registry.InviteTeam(m.t.Context(), team, "en"))
	_, err := m.registry.JoinGroup(m.t.Context(), a, word)
	ok(m.t, err)
}

func (m *mission) whole() {
	m.t.Helper()
	for _, p := range must(m.registry.Verify(m.t.Context())) {
		m.t.Error(p)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
