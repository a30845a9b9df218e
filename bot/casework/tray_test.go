package casework_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/ticket"
)

var forged = flag.Int("forged", 400, "how many forged reports the flood of TestFlood sends")

// pouring lets many people send reports at once, each one after the other, and gives their receipts.
func (m *mission) pouring(people, each int, pairs ...string) (receipts []string) {
	m.t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range people {
		all.Go(func() {
			c := m.chat(1000 + n)
			for range each {
				done, err := c.commit(c.reporting(pairs...))
				if err != nil {
					m.t.Errorf("somebody is refused: %v", err)
					return
				}
				if err := m.registry.Shown(m.t.Context(), c.incoming().Person, done.Closing); err != nil {
					m.t.Error(err)
				}
				mu.Lock()
				receipts = append(receipts, done.Receipt)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return receipts
}

// A flood from many accounts, and one person among them who has something to tell: hers is taken, her readers are told in
// time, and it stands above the flood. Nobody is refused, no reader is told more than once an hour of the tray, and what it
// costs the disk is told.
func TestFlood(t *testing.T) {
	each := casework.StandardBudget.Reports * casework.StandardBudget.Beyond
	people := max(*forged/each, 1)
	if *forged < each {
		people, each = 1, *forged
	}
	m := onDisk(t, func(o *casework.Options) { o.Delay = casework.StandardDelay })
	before := must(os.Stat(m.database())).Size()
	m.pouring(people, each)
	size := must(os.Stat(m.database())).Size() - before
	m.wait(time.Minute)
	her := m.chat(1)
	receipt, code := her.files("story", "what happened")
	urgent, child := m.chat(2).files("story", "now", "danger", "yes")
	if m.lies(receipt) != "" || m.lies(urgent) != "" {
		t.Fatal("hers lies in the tray")
	}
	told, filed := map[string]time.Duration{}, m.now()
	trays := 0
	for range 120 {
		m.wait(time.Minute)
		for _, n := range m.carried() {
			what := n.Event + " " + n.Code
			if n.Event == "tray" {
				trays++
				if n.Code != "" || n.Area != "" || n.Kind != "" || !n.Deadline.IsZero() {
					t.Errorf("the notice of the tray names a report: %+v", n)
				}
			}
			if _, before := told[n.Reader+" "+what]; !before {
				told[n.Reader+" "+what] = m.now().Sub(filed)
			}
		}
	}
	for _, reader := range []string{"ana", "bea"} {
		// More than the mission's budget of others' first reports came with hers only where there are many people.
		hers := min(orNever(told, reader+" report "+code), orNever(told, reader+" crowd "))
		if hers > casework.StandardDelay.Normal+time.Minute {
			t.Errorf("%s hears of hers after %v", reader, hers)
		}
		if at := orNever(told, reader+" report "+child); at > casework.StandardDelay.Urgent+time.Minute {
			t.Errorf("%s hears of the urgent one after %v", reader, at)
		}
		if at := orNever(told, reader+" tray "); at > time.Hour+time.Minute {
			t.Errorf("%s hears of the tray after %v", reader, at)
		}
		lines := must(m.registry.Inbox(t.Context(), reader))
		low := slices.IndexFunc(lines, func(l casework.Line) bool { return l.Tray == "low" })
		for _, c := range []string{code, child} {
			if at := slices.IndexFunc(lines, func(l casework.Line) bool { return l.Code == c }); at < 0 || low < 0 || at > low {
				t.Errorf("%s finds %s at %d, the tray begins at %d", reader, c, at, low)
			}
		}
		if above := people*casework.StandardBudget.Reports + 2; low > above {
			t.Errorf("%d reports stand above the tray, want at most %d", low, above)
		}
	}
	if trays > 2 { // ana and bea, once: nothing came into it after
		t.Errorf("%d notices tell of the tray", trays)
	}
	t.Logf("%d reports of %d people: %d bytes of the disk each", people*each, people, size/int64(people*each))
	if most := int64(80 << 10); size/int64(people*each) > most {
		t.Errorf("a report of a flood takes %d bytes, the documentation says at most %d", size/int64(people*each), most)
	}
	m.whole()
}

func orNever(told map[string]time.Duration, what string) time.Duration {
	if at, found := told[what]; found {
		return at
	}
	return 1000 * time.Hour
}

// Reports of ever new accounts are more than a mission is told of one by one: nobody's first goes to the tray, and one notice
// tells of many.
func TestFloodOfNewAccounts(t *testing.T) {
	m := newMission(t, func(o *casework.Options) {
		o.Budget = casework.Budget{Mission: 5}
		o.Delay = casework.StandardDelay
	})
	for _, receipt := range m.pouring(40, 1) {
		if m.lies(receipt) != "" {
			t.Fatal("somebody's first report lies in the tray")
		}
	}
	again := m.chat(1000) // a second one has to stand back while it is so
	done, err := again.commit(again.reporting())
	ok(t, err)
	if m.lies(done.Receipt) != "low" {
		t.Error("a second report of one person among many lies with the others")
	}
	urgent, _ := m.chat(7).files("danger", "yes")
	if m.lies(urgent) != "" {
		t.Error("an urgent one lies in the tray")
	}
	m.wait(20 * time.Minute)
	got := m.notices("ana")
	count := func(event string) (n int) {
		for _, g := range got {
			if strings.HasPrefix(g, event+" ") {
				n++
			}
		}
		return n
	}
	if count("report") != 6 || count("crowd") < 1 || count("crowd") > 2 {
		t.Errorf("ana is told %v", got)
	}
	m.wait(time.Hour)
	if got := m.notices("ana"); !slices.Equal(got, []string{"tray "}) {
		t.Errorf("ana is told %v", got)
	}
	m.whole()
}

// Who writes fast at night is not stopped: all of it is taken, the readers hear of the first at once and of the rest by few
// notices.
func TestWritingFast(t *testing.T) {
	m := newMission(t, func(o *casework.Options) { o.Delay = casework.StandardDelay })
	a := m.chat(1)
	receipt, code := a.files()
	box := a.opens(receipt).Box
	m.wait(20 * time.Minute)
	m.carried()
	told := 0
	for range 60 { // a minute each
		if wait := a.tries(a.letter(box)); wait != 0 {
			t.Fatalf("she has to wait %v", wait)
		}
		m.wait(time.Minute)
		told += len(m.notices("ana"))
	}
	m.wait(time.Hour)
	told += len(m.notices("ana"))
	if told < 2 || told > 8 {
		t.Errorf("ana is told %d times of 60 messages in an hour", told)
	}
	if got := len(m.reads("ana", code).inside); got != 61 {
		t.Errorf("ana opens %d messages", got)
	}
	m.whole()
}

// The deadlines of the tray run, and escalate as one: everybody is told of it, once an hour at most, and of no report in it.
func TestTrayEscalates(t *testing.T) {
	m := newMission(t)
	m.pouring(1, casework.StandardBudget.Reports)
	a := m.chat(1000)
	var low []string
	for range 5 {
		done, err := a.commit(a.reporting())
		ok(t, err)
		low = append(low, done.Receipt)
	}
	a.writes(low[0], "and more")
	turn := a.withdrawal(a.opens(low[1]).Box, false)
	_, err := a.commit(turn)
	ok(t, err)
	m.wait(time.Hour)
	for _, g := range m.notices("ana") {
		if strings.Contains(g, m.code(low[0])) || strings.Contains(g, m.code(low[1])) {
			t.Errorf("ana is told %s", g)
		}
	}
	m.wait(25 * time.Hour)
	if n := m.tick(); n < 4 {
		t.Errorf("%d reports moved", n)
	}
	m.wait(time.Hour)
	if got := slices.DeleteFunc(m.notices("bo"), func(s string) bool { return s != "tray " }); len(got) != 1 {
		t.Errorf("the backup is told %v", got)
	}
	if rep := m.report(low[0]); !slices.Contains(rep.Handed(), "bo") || rep.Tray != ticket.TrayLow {
		t.Errorf("the backup was not handed it: %+v", rep)
	}
	// Acknowledging takes one out; the notice that was due is not about it.
	for _, receipt := range low {
		if m.report(receipt).State.IsWithdrawn() {
			continue
		}
		_, err := m.registry.Acknowledge(t.Context(), "ana", m.code(receipt))
		ok(t, err)
		if m.lies(receipt) != "" {
			t.Error("acknowledged, and still in the tray")
		}
	}
	m.wait(24 * time.Hour)
	m.tick()
	m.wait(time.Hour)
	if got := m.notices("ana"); slices.Contains(got, "tray ") {
		t.Errorf("nothing lies in the tray, and ana is told %v", got)
	}
	m.whole()
}

// A door that was shut for hours brings one notice of the tray, not one for each hour.
func TestTrayAfterAStop(t *testing.T) {
	m := newMission(t)
	m.pouring(1, casework.StandardBudget.Reports)
	a := m.chat(1000)
	for range 5 {
		_, err := a.commit(a.reporting())
		ok(t, err)
		m.wait(time.Minute)
	}
	m.wait(6 * time.Hour)
	for range 9 {
		_, err := a.commit(a.reporting("danger", "yes"))
		ok(t, err)
	}
	m.wait(2 * time.Hour)
	if got := m.notices("bea"); count(got, "tray ") != 1 {
		t.Errorf("bea is told %v", got)
	}
	m.whole()
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

// The excluded person sees nothing of a tray either: no notice, no line.
func TestTrayOfTheExcluded(t *testing.T) {
	m := newMission(t)
	a := m.chat(3)
	for range casework.StandardBudget.Reports + 3 {
		done, err := a.commit(a.reporting("involved", "yes", "involved_org", "relief", "involved_role", "other"))
		ok(t, err)
		a.shown(done)
	}
	m.wait(2 * time.Hour)
	if got := m.notices("ana"); len(got) != 0 {
		t.Errorf("ana is told %v", got)
	}
	if lines := must(m.registry.Inbox(t.Context(), "ana")); len(lines) != 0 {
		t.Errorf("ana finds %v", lines)
	}
	if got := m.notices("bea"); count(got, "tray ") != 1 {
		t.Errorf("bea is told %v", got)
	}
}

// What the disk has to be kept from waits, whoever sends it; a first report, and a first urgent one, do not.
func TestFloodForTheDisk(t *testing.T) {
	m := newMission(t, func(o *casework.Options) { o.Budget = casework.Budget{Reports: 1, Flood: 2} })
	a, b := m.chat(1), m.chat(2)
	for n, want := range []time.Duration{0, 0, 0, 12 * time.Hour} {
		if wait := a.tries(a.reporting()); wait != want {
			t.Errorf("report %d waits %v", n+1, wait)
		}
	}
	if b.tries(b.reporting()) != 0 || b.tries(b.reporting("danger", "yes")) != 0 {
		t.Error("somebody who has sent nothing waits for a flood")
	}
	if b.tries(b.reporting()) == 0 {
		t.Error("the tray has no end")
	}
}
