package casework_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/tally"
)

var almanac = casework.Almanac{Day: 10, Areas: []string{"block_a", "block_b"}, Langs: []string{"en", "ar"}}

// goTo moves the clock to an instant.
func (m *mission) goTo(year int, month time.Month, day int) {
	m.wait(time.Date(year, month, day, 9, 0, 0, 0, time.UTC).Sub(m.now()))
}

// raw gives the counters of a month, of reports and of feedback.
func (m *mission) raw(month string) map[string]int {
	m.t.Helper()
	out := map[string]int{}
	ok(m.t, m.store.View(m.t.Context(), func(r *store.Read) error {
		for _, class := range seal.Classes() {
			counts, err := r.Counts(seal.KeyID(month + "-" + string(class)))
			if err != nil {
				return err
			}
			for name, n := range counts {
				out[name] += n
			}
		}
		return nil
	}))
	return out
}

// agree fails unless counters and reports tell the same of every month.
func (m *mission) agree() (filed int) {
	m.t.Helper()
	all, err := m.registry.Count(m.t.Context())
	ok(m.t, err)
	for _, month := range all {
		for _, name := range casework.CountedNames() {
			counters, walked := month.Counted(name)
			if counters != walked {
				m.t.Errorf("%s: %s was counted %d times, and the reports tell of %d", month.Month, name, counters, walked)
			}
			if name == "filed" {
				filed += counters
			}
		}
	}
	return filed
}

// What is counted at a filing, and what stands together in one name: nothing else links two answers of a report. Whoever
// adds a name changes a promise.
func TestCountersOfAFiling(t *testing.T) {
	m := newMission(t)
	m.chat(1).files("accused", "ngo", "area", "block_a", "sex", "woman")
	want := "accused ngo=1; area block_a=1; entire=1; filed=1; kind sea=1; language en=1; person sea adult woman=1; read by enough=1; urgency normal=1"
	if got := lines(m.raw("2026-11")); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	// Somebody is kept out: then it is that alone which is counted.
	w := newMission(t)
	w.chat(1).files("accused", "ngo", "area", "block_a", "involved", "yes", "involved_org", "health", "involved_role", "focal_point")
	if got := lines(w.raw("2026-11")); got != "apart=1; apart of bea=1; entire=1; filed=1" {
		t.Error(got)
	}
	m.agree()
	w.agree()
}

func lines(counts map[string]int) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%s=%d", name, counts[name]))
	}
	return strings.Join(out, "; ")
}

// How long a step took is counted in the band that it ends, and in time is what kept its deadline to the second.
func TestTimesOfSteps(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		want  string
	}{
		{24 * time.Hour, "acknowledged=1; in time acknowledged=1; took acknowledged 86400=1"},
		{24*time.Hour + time.Second, "acknowledged=1; took acknowledged 129600=1"},
		{72 * time.Hour, "acknowledged=1; took acknowledged 259200=1"},
		{0, "acknowledged=1; in time acknowledged=1; took acknowledged 3600=1"},
	} {
		m := newMission(t)
		_, code := m.chat(1).files()
		before := m.raw("2026-11")
		m.wait(c.after)
		_, err := m.registry.Acknowledge(t.Context(), "ana", code)
		ok(t, err)
		_, err = m.registry.Acknowledge(t.Context(), "bea", code) // a second time counts nothing
		ok(t, err)
		after := m.raw("2026-11")
		for name := range before {
			delete(after, name)
		}
		if got := lines(after); got != c.want {
			t.Errorf("after %v: %s, want %s", c.after, got, c.want)
		}
	}
}

// A report is counted by month of the deed, each step once for each time that it is passed, and what the counters say is
// what the reports tell when they are walked through again.
func TestCountersFollowTheReports(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, code := a.files()
	m.goTo(2026, time.December, 2)
	m.answers("ana", code, "an answer", "confirmed")
	m.wait(time.Hour)
	m.answers("bea", code, "another", "closed")
	a.writes(receipt, "it goes on")
	_, err := m.registry.Acknowledge(t.Context(), "ana", code)
	ok(t, err)
	th := m.reads("ana", code)
	_, err = m.registry.Answer(t.Context(), "ana", m.writesAnswer(th, reply{kind: "note", text: "sent on", state: "referred"}))
	ok(t, err)
	turn := a.turn()
	turn.Withdraw = &bot.Withdraw{Box: a.opens(receipt).Box}
	_, err = a.commit(turn)
	ok(t, err)
	m.answers("bea", code, "beneath the withdrawal", "confirmed")
	november, december := m.raw("2026-11"), m.raw("2026-12")
	for name, want := range map[string]int{"filed": 0, "acknowledged": 2, "referred": 2, "confirmed": 2, "closed": 1, "answered": 3, "reopened": 1} {
		if december[name] != want {
			t.Errorf("%s: %d in December, want %d", name, december[name], want)
		}
	}
	if november["filed"] != 1 || november["acknowledged"] != 0 {
		t.Error(november)
	}
	if m.agree() != 1 {
		t.Error("not all that was filed is counted")
	}
	m.whole()
}

// What happened to a report and was never counted is noticed by the check.
func TestMiscountedIsNoticed(t *testing.T) {
	m := newMission(t)
	m.chat(1).files()
	m.chat(2).files()
	_, code := m.chat(3).files()
	_, err := m.registry.Acknowledge(t.Context(), "ana", code)
	ok(t, err)
	var taken []byte
	raw(t, m.engine, func(k, _ []byte) {
		if k[0] == 'Y' {
			taken = k
		}
	})
	ok(t, m.engine.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return tx.Delete(taken) }))
	problems, err := m.registry.Verify(t.Context())
	ok(t, err)
	if !strings.Contains(strings.Join(problems, "\n"), "the reports tell of more than the counters of the month") {
		t.Errorf("%q", problems)
	}
}

// The numbers of a month come out on their day and not before, are made once, and stay as they were made: whatever is done
// with its reports later belongs to the month in which it is done.
func TestPublicationDay(t *testing.T) {
	m := newMission(t)
	var codes []string
	for n := range 11 {
		_, code := m.chat(n).files("area", "block_a", "accused", "ngo")
		codes = append(codes, code)
	}
	publish := func() (all []tally.Publication) {
		t.Helper()
		_, err := m.registry.Publish(t.Context(), almanac)
		ok(t, err)
		all, err = m.registry.Published(t.Context())
		ok(t, err)
		return all
	}
	m.goTo(2026, time.December, 9)
	if all := publish(); len(all) != 0 {
		t.Fatalf("published before its day: %+v", all)
	}
	name, day, err := m.registry.Next(t.Context(), almanac)
	ok(t, err)
	if name != "2026-11" || day.Format(time.DateOnly) != "2026-12-10" {
		t.Errorf("next: %s on %s", name, day)
	}
	m.goTo(2026, time.December, 10)
	all := publish()
	if len(all) != 1 || all[0].Period != "2026-11" || all[0].Total.N != 11 {
		t.Fatalf("%+v", all)
	}
	first, _ := json.Marshal(all[0])
	for _, code := range codes[:6] {
		_, err := m.registry.Acknowledge(t.Context(), "ana", code)
		ok(t, err)
	}
	if again, _ := json.Marshal(publish()[0]); string(again) != string(first) {
		t.Errorf("what is done later changes what was published:\n%s\n%s", first, again)
	}
	for _, class := range seal.Classes() {
		ok(t, m.house.Forget(seal.KeyID("2026-11-"+string(class))))
	}
	m.goTo(2027, time.January, 10)
	all = publish()
	if kept, _ := json.Marshal(all[0]); string(kept) != string(first) {
		t.Error("what was published is forgotten with its month")
	}
	if len(all) != 2 || all[1].Period != "2026-12" || !all[1].Total.Hidden || all[1].Steps[1].Passed.N != 6 {
		t.Errorf("%+v", all[1])
	}
	step := all[1].Steps[1]
	if !step.Timed || step.Median.UpTo != 21*86400 || step.InTime != (tally.Share{Least: 0, Most: 67}) {
		t.Errorf("%+v", step)
	}
	if all[1].Cross != nil {
		t.Error("a table of a quarter of which a month was never published")
	}
}

// A focal point who is kept out of a report, and reads all others, finds the same numbers as if it did not exist.
func TestPublicationHidesWhoIsApart(t *testing.T) {
	published := func(with bool) string {
		m := newMission(t)
		for n := range 9 {
			m.chat(n).files("area", "block_a")
		}
		if with {
			_, code := m.chat(20).files("area", "block_a", "involved", "yes", "involved_org", "health", "involved_role", "focal_point")
			_, err := m.registry.Acknowledge(t.Context(), "ana", code)
			ok(t, err)
		}
		m.goTo(2026, time.December, 10)
		_, err := m.registry.Publish(t.Context(), almanac)
		ok(t, err)
		all, err := m.registry.Published(t.Context())
		ok(t, err)
		if all[0].Total.N != 9 {
			t.Errorf("%+v", all[0])
		}
		return asJSON(all)
	}
	if with, without := published(true), published(false); with != without {
		t.Errorf("with:\n%s\nwithout:\n%s", with, without)
	}
}

// A mission whose months are small publishes by quarters, with a table by kind and person; one that changes its mind in
// the middle of a quarter publishes what is left of it. Nothing is published twice.
func TestQuarters(t *testing.T) {
	m := newMission(t)
	for n := range 12 {
		age := "adult"
		if n%2 == 0 {
			age = "under_18"
		}
		m.chat(n).files("age", age)
	}
	m.goTo(2026, time.December, 5)
	for n := range 12 {
		m.chat(20+n).files("matter", "favours", "age", "adult")
	}
	quarterly := almanac
	quarterly.Quarterly = true
	m.goTo(2027, time.January, 10)
	made, err := m.registry.Publish(t.Context(), quarterly)
	ok(t, err)
	if fmt.Sprint(made) != "[2026-11/2026-12]" {
		t.Fatal(made)
	}
	m.goTo(2027, time.February, 10)
	made, err = m.registry.Publish(t.Context(), almanac)
	ok(t, err)
	if fmt.Sprint(made) != "[2027-01]" {
		t.Fatal(made)
	}
	for range 2 {
		m.goTo(2027, time.April, 10)
		if _, err := m.registry.Publish(t.Context(), quarterly); err != nil {
			t.Fatal(err)
		}
	}
	all, err := m.registry.Published(t.Context())
	ok(t, err)
	var names []string
	for _, p := range all {
		names = append(names, p.Period)
	}
	if fmt.Sprint(names) != "[2026-11/2026-12 2027-01 2027-02/2027-03]" || all[0].Total.N != 24 {
		t.Error(names, all[0].Total)
	}
	m.agree()
}

// Two people whose look-ups find something are counted by kind and by area, and by nothing else.
func TestSoughtIsCounted(t *testing.T) {
	m := newMission(t)
	for n := range 2 {
		a := m.chat(n)
		turn := a.turn()
		turn.Draft, turn.Sought = []byte("x"), &bot.Sought{Kinds: []string{"health", "mhpss"}, Area: "block_a"}
		_, err := a.commit(turn)
		ok(t, err)
		_, err = a.commit(turn) // told again
		ok(t, err)
	}
	if got := lines(m.raw("2026-11")); got != "sought=2; sought area block_a=2; sought kind health mhpss=2" {
		t.Error(got)
	}
}
