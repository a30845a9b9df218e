package casework_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/kv/mem"
	"amana/bot/retention"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// underneath changes what lies in the engine behind the back of everything.
func (m *mission) underneath(change func(kv.Tx) error) {
	m.t.Helper()
	ok(m.t, m.engine.Update(m.t.Context(), kv.ID{}, change))
}

// bends changes the record at a key; nil takes it away.
func (m *mission) bends(k []byte, change func(value []byte) []byte) {
	m.t.Helper()
	m.underneath(func(tx kv.Tx) error {
		value, found, err := tx.Get(k)
		if err != nil || !found {
			return fmt.Errorf("nothing to bend: %v, %v", found, err)
		}
		if value = change(bytes.Clone(value)); value == nil {
			return tx.Delete(k)
		}
		return tx.Put(k, value)
	})
}

// at changes one byte.
func at(n int, b byte) func([]byte) []byte {
	return func(v []byte) []byte { v[n] = b; return v }
}

func last(v []byte) []byte { v[len(v)-1] ^= 1; return v }

// hangs gives the keys of the records of a shelf that hang on a report.
func (m *mission) hangs(label string, shelf byte, ref store.Ref) (keys [][]byte) {
	m.t.Helper()
	id := ref.ID()
	owner := must(m.house.MonthMAC(thisMonth, label, id[:]))
	raw(m.t, m.engine, func(k, _ []byte) {
		if bytes.HasPrefix(k, append([]byte{shelf}, owner[:]...)) {
			keys = append(keys, bytes.Clone(k))
		}
	})
	return keys
}

// leaps brings a mission to a day on which the month is due, as a server does that stood meanwhile.
func (m *mission) leaps(k *retention.Keeper) {
	m.t.Helper()
	m.wait(farOn.Sub(m.now()))
	_, err := m.house.Ensure(m.now())
	ok(m.t, err)
	ok(m.t, k.Prepare(m.t.Context()))
	m.sweep()
	m.tick()
	m.carried()
}

// due gives what the outlook says of the month.
func due(t testing.TB, k *retention.Keeper) retention.Due {
	t.Helper()
	look := must(k.Look(t.Context()))
	i := slices.IndexFunc(look.Months, func(d retention.Due) bool { return d.Month == thisMonth })
	if i < 0 || !look.Months[i].Is {
		t.Fatalf("%s is not due: %+v", thisMonth, look.Months)
	}
	return look.Months[i]
}

// remains counts the records, as they were, of which any part lies in a file, and those whose keys do although nothing lives
// there.
func (m *mission) remains(before []kv.Pair, dirs ...string) (values, keys int) {
	m.t.Helper()
	living := map[string]bool{}
	raw(m.t, m.engine, func(k, _ []byte) { living[string(k)] = true })
	files := everyByte(m.t, dirs...)
	for _, p := range before {
		for _, b := range files {
			if len(p.Value) > 37 && (bytes.Contains(b, p.Value[5:37]) || bytes.Contains(b, p.Value[len(p.Value)-16:])) {
				values++
			}
			if !living[string(p.Key)] && len(p.Key) > 17 && bytes.Contains(b, p.Key) {
				keys++
			}
		}
	}
	return values, keys
}

// What no backup holds is given up at the word of an operator, and its month goes like any other: what can be read and lives is
// carried over, the statement says how many were given up, the mission's chain that it was done, and nothing is left in any file.
func TestGivenUp(t *testing.T) {
	s := newSpeaking(t, onDisk)
	m := s.mission
	open, held, closed := m.someone(0, "open"), m.someone(1, "held"), m.someone(2, "closed")
	spoken, _, err := s.tells(m.chat(3), "zqmark 3", s.keeps(spokenSound(3000)))
	ok(t, err)
	openSpoken, openCode, err := s.tells(m.chat(4), "zqmark 4", s.keeps(spokenSound(4000)))
	ok(t, err)
	odd := m.someone(5, "closed")
	refs := map[string][]byte{}
	codes := []string{}
	for _, receipt := range []string{spoken, odd} {
		rep := m.report(receipt)
		ref := store.RefOf(rep.Day, rep.ID)
		refs[receipt] = ref[:]
		codes = append(codes, string(rep.Code))
	}
	k := m.keeper(func(o *retention.Options) {
		o.Sweep = func(ctx context.Context) error {
			return m.registry.SweepVoices(ctx, func([]byte) []string { return nil })
		}
	})
	m.ages(farOn, k)
	m.bends(refs[spoken], last)
	m.bends(refs[odd], at(0, 9)) // it does not even say under which key it stands
	before := m.records(thisMonth)
	m.underneath(func(tx kv.Tx) error {
		value, _, err := tx.Get(refs[odd])
		before = append(before, kv.Pair{Key: refs[odd], Value: value})
		return err
	})

	_, err = k.Forget(t.Context(), thisMonth)
	wantErr(t, err, retention.ErrDamaged)
	d := due(t, k).Damage
	if d.Reports != 2 || d.Held != 0 || d.Unsure != 0 {
		t.Fatalf("the damage: %+v", d)
	}
	_, err = k.GiveUp(t.Context(), thisMonth, []byte("another"))
	wantErr(t, err, retention.ErrOthers)
	if n, err := k.GiveUp(t.Context(), thisMonth, d.Sum); n != 2 || err != nil {
		t.Fatalf("given up: %d, %v", n, err)
	}
	m.whole()
	if done := m.forgets(k, thisMonth); !slices.Contains(done, thisMonth) {
		t.Fatalf("forgot %v", done)
	}
	m.whole()
	for n, receipt := range []string{open, held, openSpoken, closed, spoken, odd} {
		if got := m.chat(10 + n).finds(receipt); got != (n < 3) {
			t.Errorf("the receipt of report %d opens: %v", n, got)
		}
	}
	for _, receipt := range []string{open, held, openSpoken} {
		m.reads("bea", m.code(receipt)).verify(t)
	}
	if sounds, _ := s.hears("bea", openCode); len(sounds) != 1 || s.lying("sealed") != 1 {
		t.Errorf("%d voice messages of the open report, %d files", len(sounds), s.lying("sealed"))
	}
	if values, keys := m.remains(before, m.dir, s.dir); len(before) < 40 || values > 0 || keys > 0 {
		t.Errorf("of %d records %d values and %d keys are left", len(before), values, keys)
	}
	said := strings.Join(statements(t, k), "")
	if !strings.Contains(said, "forgotten: 2026-11-report\non: 2028-12-20\ndamaged reports that were given up: 2\nbefore: ") {
		t.Errorf("the statements:\n%s", said)
	}
	shared := must(m.registry.SharedTrail(t.Context(), "ana"))
	lines := 0
	for _, e := range shared {
		if e.Did == "gave up what is damaged in 2026-11-report" {
			lines++
		}
	}
	told := said + fmt.Sprint(shared)
	for _, secret := range append(codes, "zqmark", fmt.Sprintf("%x", refs[spoken][3:]), fmt.Sprintf("%x", refs[odd][3:])) {
		if strings.Contains(told, secret) {
			t.Errorf("statements or the mission's chain tell %q", secret)
		}
	}
	if lines != 1 {
		t.Errorf("%d lines of the mission's chain say so", lines)
	}
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		kept, err := r.Retention()
		if len(kept.Lost) > 0 {
			t.Errorf("noted still: %v", kept.Lost)
		}
		return err
	}))
	m.ages(m.now().AddDate(2, 2, 0), k) // the next month says nothing of it
	m.forgets(k)
	if said := strings.Join(statements(t, k), ""); strings.Count(said, "given up") != 1 {
		t.Errorf("the statements:\n%s", said)
	}
}

// hurt damages something of a report.
type hurt func(m *mission, ref store.Ref)

func record(change func([]byte) []byte) hurt {
	return func(m *mission, ref store.Ref) { m.bends(ref[:], change) }
}

func gone([]byte) []byte { return nil }

// every damages all records of a shelf that hang on it.
func every(label string, shelf byte, change func([]byte) []byte) hurt {
	return func(m *mission, ref store.Ref) {
		m.t.Helper()
		keys := m.hangs(label, shelf, ref)
		for _, k := range keys {
			m.bends(k, change)
		}
		if len(keys) == 0 {
			m.t.Fatal("nothing hangs there")
		}
	}
}

// shelf damages all records of a shelf that stand under the month, whatever they are of.
func shelf(of byte, change func([]byte) []byte) hurt {
	return func(m *mission, _ store.Ref) {
		m.t.Helper()
		var keys [][]byte
		raw(m.t, m.engine, func(k, v []byte) {
			if under, _ := seal.KeyOf(v); k[0] == of && under == thisMonth {
				keys = append(keys, bytes.Clone(k))
			}
		})
		for _, k := range keys {
			m.bends(k, change)
		}
		if len(keys) == 0 {
			m.t.Fatalf("nothing lies on shelf %q", of)
		}
	}
}

// Whatever is damaged of a report, and in whichever way: its month waits where nobody can tell whether it is open, and goes once
// it was given up; beside it what lives goes on, and nothing of the month is left. Both engines behave alike.
func TestEveryDamage(t *testing.T) {
	type kind struct {
		name  string
		hurts []hurt
		stays bool // nobody can tell whether it is open
		sure  bool // whether it is on hold can be told
	}
	for name, kinds := range map[string][]kind{
		"of one report": {
			{"record", []hurt{record(last)}, true, true},
			{"record cut short", []hurt{record(func(v []byte) []byte { return v[:3] })}, true, true},
			{"record of no form", []hurt{record(at(0, 9))}, true, true},
			{"record of a standing key", []hurt{record(at(1, 0))}, true, true},
			{"record of the other class", []hurt{record(at(1, 2))}, true, true},
			{"record of no class", []hurt{record(at(1, 7))}, true, true},
			{"record of a month long ago", []hurt{record(at(3, 0xe5))}, true, true},
			{"record gone", []hurt{record(gone)}, true, true},
			{"record and chain", []hurt{record(last), every("audit", 'A', last)}, true, false},
			{"record and heads of the chain", []hurt{record(last), every("audit", 'A', at(0, 9))}, true, false},
			{"record gone and thread", []hurt{record(gone), every("thread", 'T', last)}, true, true},
			{"record and all that hangs on it", []hurt{record(at(0, 9)), every("audit", 'A', gone), every("thread", 'T', gone)}, true, false},
			{"chain", []hurt{every("audit", 'A', last)}, false, true},
			{"heads of the chain", []hurt{every("audit", 'A', at(0, 9))}, false, true},
			{"thread", []hurt{every("thread", 'T', last)}, false, true},
			{"heads of the thread", []hurt{every("thread", 'T', at(0, 9))}, false, true},
		},
		"of the month": {
			{"index, notices, counters", []hurt{shelf('B', last), shelf('K', last), shelf('P', last), shelf('O', last), shelf('Y', last)}, false, true},
			{"record", []hurt{record(last)}, true, true},
		},
	} {
		for engine, start := range map[string]func(testing.TB, ...func(*casework.Options)) *mission{"in memory": newMission, "in a file": onDisk} {
			t.Run(name+", "+engine, func(t *testing.T) {
				m := start(t)
				k := m.keeper()
				place := func(receipt string) store.Ref {
					rep := m.report(receipt)
					return store.RefOf(rep.Day, rep.ID)
				}
				open, held := m.someone(0, "open"), m.someone(1, "held")
				lives := map[string]store.Ref{open: place(open), held: place(held)}
				var all []string
				var refs []store.Ref
				for n := range kinds {
					all = append(all, m.someone(2+n, "closed"))
					refs = append(refs, place(all[n]))
				}
				m.leaps(k)
				for n, ref := range refs {
					ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
						return w.PutNotice(thisMonth, store.Waiting{ID: store.ID{5, byte(n)}, Report: ref, Reader: "ana", Event: "report", Due: m.now()})
					}))
				}
				before := m.records(thisMonth)
				stays, unsure := 0, 0
				for n, c := range kinds {
					for _, hurt := range c.hurts {
						hurt(m, refs[n])
					}
					if c.stays {
						stays++
					}
					if !c.sure {
						unsure++
					}
					if d := due(t, k).Damage; d.Reports != stays || d.Held != 0 || d.Unsure != unsure {
						t.Fatalf("%s: the damage is %+v, want %d reports, %d unsure", c.name, d, stays, unsure)
					}
				}
				if n, err := k.GiveUp(t.Context(), thisMonth, due(t, k).Damage.Sum); n != stays || err != nil {
					t.Fatalf("given up: %d of %d, %v", n, stays, err)
				}
				if done := m.forgets(k, thisMonth); !slices.Contains(done, thisMonth) {
					t.Fatalf("forgot %v", done)
				}
				ok(t, m.store.View(t.Context(), func(r *store.Read) error {
					for receipt, ref := range lives {
						rep, under, err := r.Report(ref)
						if err != nil || under == thisMonth {
							t.Errorf("what lives lies under %s: %v", under, err)
						}
						if rep.Hold != (receipt == held) {
							t.Error("a hold is lost")
						}
						if thread, err := r.Thread(under, ref.ID()); err != nil || len(thread) == 0 {
							t.Errorf("its thread: %d messages, %v", len(thread), err)
						}
					}
					return nil
				}))
				m.reads("bea", string(m.report(open).Code)).verify(t)
				for n, receipt := range all {
					if m.chat(50 + n).finds(receipt) {
						t.Errorf("%s: what was to be forgotten is there", kinds[n].name)
					}
				}
				if m.file != nil {
					if values, keys := m.remains(before, m.dir); len(before) < 30 || values > 0 || keys > 0 {
						t.Errorf("of %d records %d values and %d keys are left", len(before), values, keys)
					}
				}
			})
		}
	}
}

// What can be read, what is on hold, what is of another version, what nobody looked at, and what only a wrong key makes
// unreadable is never given up.
func TestNeverGivenUp(t *testing.T) {
	damaged := func(t *testing.T, way string) (m *mission, k *retention.Keeper, ref store.Ref, code string) {
		m = newMission(t)
		k = m.keeper()
		receipt := m.someone(0, way)
		m.someone(1, "open")
		rep := m.report(receipt)
		m.leaps(k)
		return m, k, store.RefOf(rep.Day, rep.ID), string(rep.Code)
	}
	refused := func(t *testing.T, k *retention.Keeper, want error) {
		t.Helper()
		_, err := k.GiveUp(t.Context(), thisMonth, due(t, k).Damage.Sum)
		wantErr(t, err, want)
	}
	t.Run("whole", func(t *testing.T) {
		_, k, _, _ := damaged(t, "closed")
		refused(t, k, retention.ErrWhole)
	})
	t.Run("not due", func(t *testing.T) {
		m := newMission(t)
		k := m.keeper()
		rep := m.report(m.someone(0, "closed"))
		ref := store.RefOf(rep.Day, rep.ID)
		m.bends(ref[:], last)
		_, err := k.GiveUp(t.Context(), thisMonth, nil)
		wantErr(t, err, retention.ErrNotDue)
		_, err = k.GiveUp(t.Context(), "2027-12-report", nil)
		wantErr(t, err, retention.ErrNotDue)
	})
	t.Run("by a clock that was set back", func(t *testing.T) {
		m, k, ref, _ := damaged(t, "closed")
		m.bends(ref[:], last)
		sum := due(t, k).Damage.Sum
		m.wait(-40 * day)
		_, err := k.GiveUp(t.Context(), thisMonth, sum)
		wantErr(t, err, retention.ErrClockBack)
	})
	t.Run("what nobody looked at", func(t *testing.T) {
		m, k, ref, _ := damaged(t, "closed")
		m.bends(ref[:], last)
		sum := due(t, k).Damage.Sum
		m.bends(ref[:], at(9, 9))
		_, err := k.GiveUp(t.Context(), thisMonth, sum)
		wantErr(t, err, retention.ErrOthers)
		_, err = k.GiveUp(t.Context(), thisMonth, nil)
		wantErr(t, err, retention.ErrOthers)
	})
	t.Run("of a later version", func(t *testing.T) {
		m, k, ref, _ := damaged(t, "closed")
		later := must(m.house.Seal(thisMonth, ref[:], []byte{99, 1, 2, 3}))
		m.bends(ref[:], func([]byte) []byte { return later })
		refused(t, k, retention.ErrLater)
	})
	t.Run("by a wrong key", func(t *testing.T) {
		m, _, _, _ := damaged(t, "closed")
		elsewhere := filepath.Join(t.TempDir(), "keys")
		must(seal.CreateHouse(elsewhere, begin, rand.Reader)) // the key of another mission lies there
		ok(t, os.WriteFile(filepath.Join(m.keys, string(thisMonth)), must(os.ReadFile(filepath.Join(elsewhere, string(thisMonth)))), 0o600))
		m.open()
		k := m.keeper()
		if d := due(t, k).Damage; d.Reports != 2 {
			t.Fatalf("the damage: %+v: this proves nothing", d)
		}
		refused(t, k, retention.ErrKey)
	})
	t.Run("on hold", func(t *testing.T) {
		for name, hurt := range map[string]func(m *mission, ref store.Ref){
			"record alone": func(*mission, store.Ref) {},
			"and the lines before and behind": func(m *mission, ref store.Ref) {
				keys := m.hangs("audit", 'A', ref)
				for n, k := range keys { // the first is the head, the last the hold
					if n < len(keys)-1 {
						m.bends(k, last)
					}
				}
			},
			"and no record at all": func(m *mission, ref store.Ref) { m.bends(ref[:], func([]byte) []byte { return nil }) },
		} {
			m, k, ref, code := damaged(t, "held")
			m.sign([]ticket.Entry{m.entry("eve", "aid", ticket.FocalPoint)}) // who came later, and does not read it
			m.bends(ref[:], last)
			hurt(m, ref)
			if d := due(t, k).Damage; d.Held != 1 || d.Reports != 1 {
				t.Errorf("%s: the damage: %+v", name, d)
			}
			refused(t, k, retention.ErrHeld)
			if name == "and the lines before and behind" {
				continue
			}
			// A hold is lifted all the same, at the word of somebody who reads it and of nobody else.
			for _, who := range []string{"nobody", "vault", "eve"} {
				if _, err := m.registry.HoldFor(t.Context(), who, code, ""); err == nil {
					t.Errorf("%s: %s lifts the hold", name, who)
				}
			}
			if _, err := m.registry.Unhold(t.Context(), "ana", code); err == nil {
				t.Errorf("%s: it is lifted without an operator", name)
			}
			if again, err := m.registry.HoldFor(t.Context(), "ana", code, ""); again || err != nil {
				t.Errorf("%s: lifting the hold: %v, %v", name, again, err)
			}
			if again, err := m.registry.HoldFor(t.Context(), "ana", code, ""); !again || err != nil {
				t.Errorf("%s: lifting it again: %v, %v", name, again, err)
			}
			if n, err := k.GiveUp(t.Context(), thisMonth, due(t, k).Damage.Sum); n != 1 || err != nil {
				t.Errorf("%s: given up: %d, %v", name, n, err)
			}
			m.forgets(k, thisMonth)
			m.whole()
		}
	})
}

// A program that ends before any update of it leaves a month that is due like any other, or whose rest can be given up; and the
// statement tells the number of all.
func TestGivingUpIsCutOff(t *testing.T) {
	step := int64(1)
	for at := int64(0); ; at += step {
		m := newMission(t)
		open := m.someone(0, "answered")
		var lost []string
		for n := range 2 {
			lost = append(lost, m.someone(n+1, "open"))
		}
		k := m.keeper()
		m.leaps(k)
		for _, receipt := range lost {
			rep := m.report(receipt)
			ref := store.RefOf(rep.Day, rep.ID)
			m.bends(ref[:], last)
		}
		breaks := &cut{engine: m.engine}
		breaks.left.Store(-1)
		m.engine = breaks
		m.open()
		k = m.keeper()
		sum := due(t, k).Damage.Sum
		breaks.left.Store(at)
		_, err := k.GiveUp(t.Context(), thisMonth, sum)
		through := err == nil
		if through {
			step = 7 // each update of what follows is cut off in TestForgettingIsCutOff
			_, err = k.Forget(t.Context(), thisMonth)
		}
		breaks.left.Store(-1)
		if err != nil && !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		m.open() // the next start
		k = m.keeper()
		ok(t, k.Prepare(t.Context()))
		if slices.Contains(m.house.Living(), thisMonth) {
			if d := due(t, k).Damage; d.Reports > 0 {
				n, err := k.GiveUp(t.Context(), thisMonth, d.Sum)
				ok(t, err)
				if through || n != d.Reports {
					t.Errorf("cut before update %d: %d given up after it, of %d", at, n, d.Reports)
				}
			}
			m.forgets(k, thisMonth)
		} else {
			ok(t, k.Tidy(t.Context()))
		}
		m.whole()
		if !m.chat(50).finds(open) || m.chat(51).finds(lost[0]) || m.chat(52).finds(lost[1]) {
			t.Errorf("cut before update %d: what is open is lost, or what was given up is there", at)
		}
		if left := m.records(thisMonth); len(left) > 0 {
			t.Errorf("cut before update %d: %d records are left", at, len(left))
		}
		said := strings.Join(statements(t, k), "")
		if strings.Count(said, "forgotten: 2026-11-report\n") != 1 || strings.Count(said, "damaged reports that were given up: 2\n") != 1 {
			t.Errorf("cut before update %d: stated\n%s", at, said)
		}
		if t.Failed() || err == nil {
			if err == nil && at < 20 {
				t.Errorf("it took %d updates", at)
			}
			return
		}
	}
}

// Where processes share a database only the one that keeps the house gives up. When it loses its office on the way, the next one
// ends it; and each destroys its copy of the key.
func TestGivingUpIsTakenOver(t *testing.T) {
	a, b, receipt := closedOnBoth(t)
	open, _ := b.chat(2).files("story", "another one")
	keeps, _ := a.office()
	one, other := a.keeper(shares), b.keeper(shares)
	age(a, b, one, keeps)
	rep := b.report(receipt)
	b.spoils(store.RefOf(rep.Day, rep.ID))
	sum := due(t, other).Damage.Sum
	_, err := other.GiveUp(t.Context(), thisMonth, sum)
	wantErr(t, err, retention.ErrNotKeeper)
	n, err := one.GiveUp(keeps, thisMonth, sum)
	ok(t, err)
	a.engine.(*mem.Store).Depose("keep")
	if _, err := one.Forget(keeps, thisMonth); n != 1 || err == nil {
		t.Fatalf("%d given up, and forgotten by who has no office: %v", n, err)
	}
	for _, e := range must(os.ReadDir(a.keys)) { // as an operator shares the keys of the months to come
		if _, err := os.Stat(filepath.Join(b.keys, e.Name())); err != nil {
			ok(t, os.WriteFile(filepath.Join(b.keys, e.Name()), must(os.ReadFile(filepath.Join(a.keys, e.Name()))), 0o600))
		}
	}
	ok(t, second(b.house.TakeIn()))
	keeps, _ = b.office()
	done, err := other.Forget(keeps, thisMonth)
	ok(t, err)
	ok(t, one.Follow(t.Context()))
	if len(done) != 1 || slices.Contains(a.house.Living(), thisMonth) || slices.Contains(b.house.Living(), thisMonth) {
		t.Errorf("forgotten: %v, and a copy of the key lies on a machine", done)
	}
	if said := strings.Join(statements(t, other), ""); strings.Count(said, "damaged reports that were given up: 1\n") != 1 {
		t.Errorf("stated:\n%s", said)
	}
	if b.chat(1).finds(receipt) || !b.chat(2).finds(open) {
		t.Error("what is open is lost, or what was given up is there")
	}
	a.whole()
}
