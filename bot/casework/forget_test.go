package casework_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/retention"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// farOn is a day on which November 2026 is due, however far its end was put off.
var farOn = time.Date(2028, 12, 20, 9, 0, 0, 0, time.UTC)

// The month ends with one report on hold and one open: their receipts still open, the others' do not, their readers still
// read, their chains still verify, and both go on under the later month. Nothing of the others is left in any file, and an
// old copy of the database opens nothing.
func TestMonthEnds(t *testing.T) {
	s := newSpeaking(t, onDisk)
	m := s.mission
	open, held, closed := m.someone(0, "answered"), m.someone(1, "held"), m.someone(2, "closed")
	spoken, code, err := s.tells(m.chat(3), "zqmark 3", s.keeps(spokenSound(3000)))
	ok(t, err)
	m.answers("ana", code, "it is done", "closed")
	openSpoken, openCode, err := s.tells(m.chat(4), "zqmark 4", s.keeps(spokenSound(4000)))
	ok(t, err)

	keys := filepath.Join(t.TempDir(), "keys.age")
	f := must(os.Create(keys))
	ids := must(m.house.Backup(f, []string{m.ids["vault"].Public()}))
	ok(t, f.Close())
	note := store.Backup{Name: "keys.age", Made: m.now()}
	for _, id := range ids {
		note.Keys = append(note.Keys, string(id))
	}
	ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.PutKeyBackup(note) }))
	copied := filepath.Join(t.TempDir(), "old.db")
	ok(t, m.file.Compact(t.Context(), copied))

	k := m.keeper(func(o *retention.Options) {
		o.Sweep = func(ctx context.Context) error {
			return m.registry.SweepVoices(ctx, func([]byte) []string { return nil })
		}
	})
	m.ages(farOn, k)
	before := m.records(thisMonth)
	if done := m.forgets(k); !slices.Contains(done, thisMonth) {
		t.Fatalf("forgot %v", done)
	}
	m.whole()
	check := func() {
		t.Helper()
		for n, receipt := range []string{open, held, closed, spoken, openSpoken} {
			if got, want := m.chat(10+n).finds(receipt), n < 2 || n == 4; got != want {
				t.Errorf("the receipt of report %d opens: %v", n, got)
			}
		}
	}
	check()
	for _, receipt := range []string{open, held, openSpoken} {
		m.reads("bea", m.code(receipt)).verify(t)
		if trail, err := m.registry.ReportTrail(t.Context(), "bea", m.code(receipt)); err != nil || !slices.ContainsFunc(trail, func(e casework.Trace) bool { return e.Did == "carried over" }) {
			t.Errorf("its trail: %v", err)
		}
	}
	m.chat(20).writes(open, "are you still there")
	m.answers("ana", m.code(open), "we are", "read")
	if mail := m.chat(20).opens(open); len(mail.Answers) != 2 || mail.Answers[1].Text != "we are" || !mail.Answers[1].New {
		t.Errorf("the answers: %+v", mail.Answers)
	}
	if sounds, _ := s.hears("bea", openCode); len(sounds) != 1 {
		t.Errorf("%d voice messages of the open report", len(sounds))
	}
	if n := s.lying("sealed"); n != 1 {
		t.Errorf("%d voice files lie there", n)
	}

	// Nothing of the month is left: no value, and no key but of what was carried.
	living := map[string]bool{}
	ok(t, m.engine.View(t.Context(), func(r kv.Reader) error {
		pairs, err := r.Scan(nil, nil, kv.MaxScan)
		for _, p := range pairs {
			living[string(p.Key)] = true
		}
		return err
	}))
	files := everyByte(t, m.dir, s.dir)
	left, keysLeft := 0, 0
	for _, p := range before {
		for _, b := range files {
			if bytes.Contains(b, p.Value[5:37]) || bytes.Contains(b, p.Value[len(p.Value)-16:]) {
				left++
			}
			if !living[string(p.Key)] && len(p.Key) > 17 && bytes.Contains(b, p.Key) {
				keysLeft++
			}
		}
	}
	if len(before) < 40 || left > 0 || keysLeft > 0 {
		t.Errorf("of %d records %d values and %d keys are left", len(before), left, keysLeft)
	}
	for name := range files {
		if filepath.Base(name) == string(thisMonth) {
			t.Error("the key file is left")
		}
	}

	// The statement says what, when, and what still has to be destroyed, and no more.
	said := statements(t, k)
	i := slices.IndexFunc(said, func(s string) bool { return strings.Contains(s, "forgotten: 2026-11-report\n") })
	if i < 0 || !strings.Contains(said[i], "on: 2028-12-20\n") || !strings.Contains(said[i], `still in the key backup: "keys.age" of 2026-11-20`) {
		t.Fatalf("the statements:\n%s", strings.Join(said, "\n"))
	}
	shared, err := m.registry.SharedTrail(t.Context(), "ana")
	ok(t, err)
	told := strings.Join(said, "") + fmt.Sprint(shared)
	for _, secret := range []string{m.code(open), code, "court", "hold", "zqmark"} {
		if strings.Contains(told, secret) {
			t.Errorf("statements or the mission's chain tell %q", secret)
		}
	}
	look, err := k.Look(t.Context())
	ok(t, err)
	if len(look.Destroy) != 1 || look.Destroy[0].Backup.Name != "keys.age" || len(look.Broken) > 0 || look.Left || !slices.Contains(look.Destroy[0].Months, thisMonth) {
		t.Errorf("the outlook: %+v", look)
	}

	// An old copy of the database opens nothing of that month with the keys of today.
	old := filepath.Join(t.TempDir(), "data", "old.db")
	ok(t, bolt.Restore(t.Context(), copied, old))
	engine := must(bolt.Open(old, bolt.Options{}))
	defer engine.Close()
	shelf := store.New(engine, m.house, m.roots)
	ok(t, shelf.View(t.Context(), func(r *store.Read) error {
		n := 0
		err := r.Reports(func(store.Ref, ticket.Report) error { n++; return nil })
		if err != nil || n > 0 {
			t.Errorf("the old copy opens %d reports: %v", n, err)
		}
		for _, receipt := range []string{open, held, closed, spoken} {
			x := must(theCamp().stretch(t.Context(), receipt))
			carried, err := r.CarriedPeppers()
			ok(t, err)
			for _, p := range slices.Concat(m.house.Peppers(), carried) {
				if _, found, err := r.ByMailbox(x.MailboxID(p)); found || err != nil {
					t.Errorf("a receipt leads into the old copy: %v", err)
				}
			}
		}
		return nil
	}))

	// A restart, a reboot, and the key backup that was not destroyed.
	m.reboot()
	check()
	m.whole()
	restored := filepath.Join(t.TempDir(), "restored")
	r := must(os.Open(keys))
	defer r.Close()
	_, err = seal.RestoreKeys(r, restored, m.ids["vault"])
	ok(t, err)
	ok(t, os.RemoveAll(m.keys))
	private(t, restored, m.keys)
	house := must(seal.OpenHouse(m.keys, newReader(1)))
	if !slices.Contains(house.Living(), thisMonth) {
		t.Fatal("the backup does not bring the month back: this proves nothing")
	}
	m.house = house
	_, err = house.Ensure(m.now())
	ok(t, err)
	m.store = store.New(m.engine, house, m.roots)
	k = m.keeper()
	if look, err = k.Look(t.Context()); err != nil || len(look.Broken) == 0 {
		t.Errorf("a key that came back is not noticed: %+v %v", look, err)
	}
	ok(t, k.Prepare(t.Context()))
	look, err = k.Look(t.Context())
	ok(t, err)
	if slices.Contains(house.Living(), thisMonth) || !slices.Contains(look.Returned, thisMonth) || len(look.Broken) > 0 {
		t.Errorf("after it came back: %+v", look)
	}
	if _, err := os.Stat(filepath.Join(m.keys, string(thisMonth))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its file: %v", err)
	}
}

// A copy that alone holds a living key is not called in; one that was destroyed leaves the list, with a statement.
func TestDestroyed(t *testing.T) {
	m := newMission(t)
	k := m.keeper()
	put := func(name string) {
		b := store.Backup{Name: name, Made: m.now()}
		for _, id := range m.house.Living() {
			b.Keys = append(b.Keys, string(id))
		}
		ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.PutKeyBackup(b) }))
	}
	put("first.age")
	m.someone(0, "closed")
	m.ages(farOn, k)
	m.forgets(k)
	_, err := k.Destroyed(t.Context(), "first.age")
	wantErr(t, err, retention.ErrOnlyCopy)
	_, err = k.Destroyed(t.Context(), "second.age")
	wantErr(t, err, retention.ErrNoBackup)
	put("second.age")
	m.wait(day)
	put("second.age")
	_, err = k.Destroyed(t.Context(), "second.age")
	wantErr(t, err, retention.ErrAmbiguous)
	_, err = k.Destroyed(t.Context(), "first.age")
	ok(t, err)
	look, err := k.Look(t.Context())
	ok(t, err)
	said := statements(t, k)
	if len(look.Destroy) != 0 || !strings.Contains(said[len(said)-1], `destroyed: "first.age" of 2026-11-20`) {
		t.Errorf("%+v\n%s", look.Destroy, said[len(said)-1])
	}
}

// Whatever a month holds, in whatever mixture, exactly what is open or on hold outlives it, month after month.
func TestForgettingAnyMixture(t *testing.T) {
	ways := []string{"open", "answered", "held", "closed", "withdrawn", "let go"}
	rapid.Check(t, func(r *rapid.T) {
		m := newMission(t)
		k := m.keeper()
		want := map[string]string{}
		for n, way := range rapid.SliceOfN(rapid.SampledFrom(ways), 1, 6).Draw(r, "ways") {
			want[m.someone(n, way)] = way
		}
		m.ages(farOn, k)
		rounds := rapid.IntRange(1, 3).Draw(r, "rounds")
		for round := range rounds {
			m.forgets(k)
			m.whole()
			n := 100 * (round + 1)
			for receipt, way := range want {
				n++
				if got := m.chat(n).finds(receipt); got != kept[way] {
					r.Fatalf("round %d: the receipt of one that was %s opens: %v", round, way, got)
				}
				if kept[way] {
					m.reads("bea", m.code(receipt)).verify(t)
				}
			}
			m.ages(m.now().AddDate(2, 2, 0), k)
		}
		for receipt := range want {
			if kept[want[receipt]] {
				m.chat(900).writes(receipt, "still here")
			}
		}
		m.whole()
	})
}

// A report that stays open is carried from month to month; its receipt opens for a year and longer.
func TestAYearOfMonths(t *testing.T) {
	m := newMission(t)
	k := m.keeper(func(o *retention.Options) { o.Rules.Report, o.Rules.Feedback = 3, 1 })
	receipt := m.someone(0, "open")
	written := 0
	for month := range 14 {
		m.someone(month+1, "closed")
		m.ages(m.now().AddDate(0, 1, 0), k)
		m.forgets(k)
		m.whole()
		if month%3 == 0 {
			m.chat(200+month).writes(receipt, "month")
			written++
		}
		if th := m.reads("ana", m.code(receipt)); len(th.inside) != 1+written {
			t.Fatalf("month %d: %d messages", month, len(th.inside))
		}
	}
	carried := 0
	for _, line := range m.audit(receipt) {
		if strings.HasPrefix(line, "clock carried over") {
			carried++
		}
	}
	if carried < 3 {
		t.Errorf("carried %d times", carried)
	}
	look, err := k.Look(t.Context())
	ok(t, err)
	if len(look.Broken) > 0 || len(look.Months) > 20 {
		t.Errorf("%+v", look)
	}
	// Closed at last, it goes a month after it grew quiet, and its pepper with it.
	m.answers("ana", m.code(receipt), "it is done", "closed")
	ok(t, k.Tidy(t.Context()))
	if !m.chat(300).finds(receipt) {
		t.Error("gone before its answer could be read")
	}
	m.ages(m.now().Add(40*day), k)
	ok(t, k.Tidy(t.Context()))
	if m.chat(301).finds(receipt) {
		t.Error("kept beyond its own month although it is closed")
	}
	m.whole()
}

// A program that ends before any update of a forgetting ends it with the next start, and loses nothing that lives.
func TestForgettingIsCutOff(t *testing.T) {
	for at := int64(0); ; at++ {
		m := newMission(t)
		receipts := map[string]string{}
		for n, way := range []string{"answered", "closed", "held"} {
			receipts[m.someone(n, way)] = way
		}
		m.ages(farOn, m.keeper())
		breaks := &cut{engine: m.engine}
		breaks.left.Store(-1)
		m.engine = breaks
		m.open()
		k := m.keeper()
		breaks.left.Store(at)
		_, err := k.Forget(t.Context(), thisMonth)
		breaks.left.Store(-1)
		if err != nil && !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		m.open() // the next start
		k = m.keeper()
		ok(t, k.Prepare(t.Context()))
		m.whole()
		look, lerr := k.Look(t.Context())
		ok(t, lerr)
		if len(look.Broken) > 0 {
			t.Errorf("cut before update %d: %v", at, look.Broken)
		}
		if slices.Contains(m.house.Living(), thisMonth) {
			m.forgets(k, thisMonth)
		} else {
			ok(t, k.Tidy(t.Context()))
		}
		m.whole()
		n := 50
		for receipt, way := range receipts {
			if n++; m.chat(n).finds(receipt) != kept[way] {
				t.Errorf("cut before update %d: the receipt of one that was %s", at, way)
			}
		}
		if left := m.records(thisMonth); len(left) > 0 {
			t.Errorf("cut before update %d: %d records are left", at, len(left))
		}
		said := statements(t, k)
		if n := strings.Count(strings.Join(said, ""), "forgotten: 2026-11-report\n"); n != 1 {
			t.Errorf("cut before update %d: stated %d times", at, n)
		}
		if t.Failed() || err == nil {
			if err == nil && at < 15 {
				t.Errorf("it took %d updates", at)
			}
			return
		}
	}
}

// reopening writes to a closed report at the last moment: after the last carrying over, before the month is retired.
type reopening struct {
	*seal.House
	first func()
}

func (r reopening) Retire(m store.Month) {
	if m == thisMonth {
		r.first()
	}
	r.House.Retire(m)
}

func TestReopenedAtTheLastMoment(t *testing.T) {
	m := newMission(t)
	receipt := m.someone(0, "closed")
	k := m.keeper(func(o *retention.Options) {
		o.Keys = reopening{m.house, func() { m.chat(5).writes(receipt, "one thing more") }}
	})
	m.ages(farOn, k)
	m.forgets(k)
	m.whole()
	if th := m.reads("ana", m.code(receipt)); !slices.Contains(th.texts(), "one thing more") {
		t.Errorf("the thread: %q", th.texts())
	}
	if m.report(receipt).State != ticket.Received {
		t.Error("it is not open again")
	}
}

// A clock that was set back forgets nothing; one that leapt ahead nothing by itself.
func TestClocksThatAreWrong(t *testing.T) {
	m := newMission(t)
	k := m.keeper()
	m.someone(0, "closed")
	ok(t, k.Prepare(t.Context()))
	m.wait(26 * 31 * day)
	_, err := m.house.Ensure(m.now())
	ok(t, err)
	_, err = k.Forget(t.Context())
	wantErr(t, err, retention.ErrClockLeap)
	ok(t, k.Tidy(t.Context()))
	if look := must(k.Look(t.Context())); look.Clock == "" || len(m.records(thisMonth)) == 0 {
		t.Errorf("after a leap: %+v", look)
	}
	if done := m.forgets(k, thisMonth); len(done) != 1 { // an operator has looked
		t.Errorf("forgot %v", done)
	}
	m.wait(-40 * day)
	_, err = k.Forget(t.Context())
	wantErr(t, err, retention.ErrClockBack)
	_, err = k.Forget(t.Context(), "2026-12-report")
	wantErr(t, err, retention.ErrClockBack)
	m.whole()
}

// What is not due is not forgotten; the day was drawn once, and stays.
func TestNotDueYet(t *testing.T) {
	m := newMission(t)
	k := m.keeper()
	ok(t, k.Prepare(t.Context()))
	on := func() store.Day {
		look := must(k.Look(t.Context()))
		i := slices.IndexFunc(look.Months, func(d retention.Due) bool { return d.Month == thisMonth })
		return look.Months[i].On
	}
	due := on()
	first := store.DayOf(time.Date(2028, 12, 1, 0, 0, 0, 0, time.UTC))
	if due < first || due >= first+14 {
		t.Errorf("due %d days after the end", int(due)-int(first))
	}
	m.ages(due.Time().Add(-time.Hour), k)
	_, err := k.Forget(t.Context(), thisMonth)
	wantErr(t, err, retention.ErrNotDue)
	if on() != due {
		t.Error("the day was drawn again")
	}
	m.ages(due.Time(), k)
	m.forgets(k, thisMonth)
}

// A withdrawal that is final is carried out some months later; not while the report is on hold, and not if its reporter
// thought better of it.
func TestWithdrawnIsTakenAway(t *testing.T) {
	m := newMission(t)
	k := m.keeper()
	gone, held, undone := m.someone(0, "withdrawn"), m.someone(1, "withdrawn"), m.someone(2, "withdrawn")
	_, err := m.registry.Hold(t.Context(), "ana", m.code(held), "inquiry")
	ok(t, err)
	turn := m.chat(2).turn()
	turn.Withdraw = withdraws(m.chat(2).opens(undone).Box)
	turn.Withdraw.Keep = true
	_, err = m.chat(2).commit(turn)
	ok(t, err)
	m.ages(begin.Add(8*day), k)
	ok(t, k.Tidy(t.Context()))
	for n, receipt := range []string{gone, held, undone} {
		if !m.chat(10 + n).finds(receipt) {
			t.Errorf("report %d went at once", n)
		}
	}
	m.ages(begin.AddDate(0, 3, 9), k)
	ok(t, k.Tidy(t.Context()))
	m.whole()
	for n, receipt := range []string{gone, held, undone} {
		if m.chat(20+n).finds(receipt) != (n > 0) {
			t.Errorf("report %d", n)
		}
	}
	if said := statements(t, k); len(said) > 0 {
		t.Errorf("stated: %q", said)
	}
}

// spoils changes a byte of the outer record of a report, and changes it back.
func (m *mission) spoils(ref store.Ref) (mend func()) {
	m.t.Helper()
	flip := func() {
		ok(m.t, m.engine.Update(m.t.Context(), kv.ID{}, func(tx kv.Tx) error {
			value, _, err := tx.Get(ref[:])
			value[len(value)-1] ^= 1
			return errors.Join(err, tx.Put(ref[:], value))
		}))
	}
	flip()
	return flip
}

// A damaged report stops the forgetting of its month: nobody can tell whether it is open. It stops nothing else: what is
// closed beside it goes, what is open stays, the other months are forgotten, what was withdrawn is taken away, the file is made
// anew, the program starts, and the check names it. Once it is restored its month is forgotten.
func TestDamagedStopsForgetting(t *testing.T) {
	m := newMission(t)
	renewed := 0
	k := m.keeper(func(o *retention.Options) { o.Renew = func(context.Context) error { renewed++; return nil } })
	receipt, beside, open := m.someone(0, "closed"), m.someone(1, "closed"), m.someone(2, "open")
	rep := m.report(receipt)
	m.wait(40 * day)
	_, err := m.house.Ensure(m.now())
	ok(t, err)
	later := m.someone(3, "closed") // in the month after next
	m.ages(farOn.AddDate(0, 2, 0), k)
	late := m.chat(4)
	taken, _ := late.files("story", "zqmark withdrawn")
	late.withdraws(taken)
	mend := m.spoils(store.RefOf(rep.Day, rep.ID))
	m.ages(m.now().AddDate(0, 7, 0), k)

	for range 2 {
		done, err := k.Forget(t.Context())
		wantErr(t, err, retention.ErrDamaged)
		if slices.Contains(done, thisMonth) || !slices.Contains(m.house.Living(), thisMonth) {
			t.Error("forgotten all the same")
		}
	}
	for n, receipt := range []string{beside, open, later, taken} {
		if m.chat(n+1).finds(receipt) != (receipt == open) {
			t.Errorf("report %d: found %v", n+1, receipt != open)
		}
	}
	if renewed == 0 || k.Tidy(t.Context()) != nil {
		t.Error("nothing is tidied up")
	}
	if _, under, err := m.found(open); err != nil || under != thisMonth {
		t.Errorf("what is open lies under %s, %v", under, err)
	}
	problems := must(m.registry.Verify(t.Context()))
	if !slices.Contains(problems, string(thisMonth)+": a report is damaged and cannot be read") {
		t.Errorf("the check says %q", problems)
	}
	m.options = func(o *casework.Options) { // the index of what is due is worked out anew
		o.Clock = ticket.StandardClock()
		o.Clock.Normal.Refer *= 2
	}
	m.restart()
	m.chat(5).files("story", "others go on")

	mend()
	k = m.keeper()
	if done := m.forgets(k); !slices.Contains(done, thisMonth) || m.chat(0).finds(receipt) || !m.chat(2).finds(open) {
		t.Errorf("restored, and forgotten: %v", done)
	}
	m.whole()
}

// found gives the outer record of a report, and the key under which it lies.
func (m *mission) found(receipt string) (rep ticket.Report, under store.Month, err error) {
	m.t.Helper()
	rep = m.report(receipt)
	err = m.store.View(m.t.Context(), func(r *store.Read) (err error) {
		rep, under, err = r.Report(store.RefOf(rep.Day, rep.ID))
		return err
	})
	return rep, under, err
}

// A hold is set and lifted by those who see the report, with a reason, and stands in its own chain alone.
func TestHold(t *testing.T) {
	m := newMission(t)
	receipt := m.someone(0, "closed")
	code := m.code(receipt)
	_, err := m.registry.Hold(t.Context(), "bo", code, "court") // who waits does not see it
	wantErr(t, err, casework.ErrUnknown)
	_, err = m.registry.Hold(t.Context(), "ana", code, "because of Ana")
	wantErr(t, err, casework.BadReason)
	shared := len(must(m.registry.SharedTrail(t.Context(), "ana")))
	for _, again := range []bool{false, true} {
		if got, err := m.registry.Hold(t.Context(), "ana", code, "court"); got != again || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	}
	all, err := m.registry.Holds(t.Context(), "bea")
	ok(t, err)
	if len(all) != 1 || all[0].Code != code || all[0].Reason != "court" || all[0].Who != "ana" {
		t.Errorf("%+v", all)
	}
	if _, err := m.registry.HoldFor(t.Context(), "bea", code, ""); err != nil {
		t.Error(err)
	}
	lines := m.audit(receipt)
	if got := lines[len(lines)-2:]; got[0] != "ana put on hold: court " || got[1] != "operator lifted the hold bea" {
		t.Errorf("%q", got)
	}
	if len(must(m.registry.SharedTrail(t.Context(), "ana"))) != shared {
		t.Error("the mission's chain tells of it")
	}
	m.whole()
}
