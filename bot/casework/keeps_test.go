package casework_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"amana/bot"
	"amana/bot/kv"
	"amana/bot/kv/mem"
	"amana/bot/retention"
	"amana/bot/seal"
	"amana/bot/store"
)

// shares is for a keeper beside which others have the database open.
func shares(o *retention.Options) {
	o.Keeps = func(ctx context.Context) bool { return len(kv.Fences(ctx)) > 0 }
}

// office wins the office of keeping the house for a mission that shares its database.
func (m *mission) office() (keeps context.Context, resign func()) {
	m.t.Helper()
	term := must(m.engine.(kv.Elector).Campaign(m.t.Context(), "keep"))
	return term.Bind(m.t.Context()), func() { ok(m.t, term.Resign(m.t.Context())) }
}

// hooked is a key directory in which something comes before a key is retired for good.
type hooked struct {
	*seal.House
	retired, forget func(store.Month) error
}

func (h hooked) Retire(m store.Month) {
	h.House.Retire(m)
	if h.retired != nil {
		_ = h.retired(m)
	}
}

func (h hooked) Forget(m store.Month) error {
	if err := h.forget(m); err != nil {
		return err
	}
	return h.House.Forget(m)
}

// closedOnBoth is a report that two processes know and that ends with its month, more than two years later.
func closedOnBoth(t *testing.T) (a, b *mission, receipt string) {
	a = newMission(t, together(1))
	b = a.beside(2)
	receipt, code := b.chat(1).files("story", "what happened")
	a.answers("ana", code, "it is done", "closed")
	return a, b, receipt
}

func age(a, b *mission, one *retention.Keeper, keeps context.Context) {
	a.t.Helper()
	for a.now().Before(begin.AddDate(2, 6, 0)) {
		a.wait(30 * day)
		b.wait(30 * day)
		_, err := a.house.Ensure(a.now())
		ok(a.t, err)
		ok(a.t, one.Prepare(keeps))
	}
}

func (c *chat) adds(box [16]byte) error {
	c.t.Helper()
	turn := c.turn()
	turn.Letter = &bot.Letter{Box: box, Text: "later", Lang: "en"}
	_, err := c.commit(turn)
	return err
}

// A process that starts, or is asked to forget, while another one forgets a month, undoes nothing of that: else something
// would be written under the month after the last look, and lost with its key.
func TestNobodyUndoesAForgetting(t *testing.T) {
	a, b, receipt := closedOnBoth(t)
	other := b.keeper(shares)
	var box [16]byte
	reached := 0
	one := a.keeper(shares, func(o *retention.Options) {
		o.Keys = hooked{a.house, func(store.Month) error {
			wantErr(t, other.Prepare(t.Context()), retention.ErrNotKeeper)
			wantErr(t, other.Tidy(t.Context()), retention.ErrNotKeeper)
			wantErr(t, second(other.Forget(t.Context(), thisMonth)), retention.ErrNotKeeper)
			wantErr(t, second(other.Destroyed(t.Context(), "keys.age")), retention.ErrNotKeeper)
			ok(t, other.Follow(t.Context()))
			return nil
		}, func(m store.Month) error {
			if reached++; m == thisMonth && b.chat(1).adds(box) == nil {
				t.Error("something is written after the last look")
			}
			return nil
		}}
	})
	keeps, _ := a.office()
	age(a, b, one, keeps)
	box = b.chat(1).opens(receipt).Box
	done, err := one.Forget(keeps, thisMonth)
	ok(t, err)
	if len(done) != 1 || reached != 1 || b.chat(1).finds(receipt) {
		t.Errorf("forgotten: %v", done)
	}
}

// A machine that has yet to destroy its copy of a forgotten key takes nothing under it, whether it was told of the shutting or
// not: the records of the month are about to be deleted.
func TestNothingUnderAMonthThatIsGone(t *testing.T) {
	for name, sees := range map[string]bool{"that saw it shut": true, "that slept": false} {
		a, b, receipt := closedOnBoth(t)
		keeps, _ := a.office()
		stops := &cut{engine: a.engine}
		stops.left.Store(-1)
		a.engine = stops
		a.open()
		one := a.keeper(shares, func(o *retention.Options) {
			o.Keys = hooked{a.house, nil, func(store.Month) error {
				stops.left.Store(1) // the statement
				if sees {
					ok(t, b.registry.Fresh(t.Context()))
				}
				return nil
			}}
		})
		age(a, b, one, keeps)
		box := b.chat(1).opens(receipt).Box
		wantErr(t, second(one.Forget(keeps, thisMonth)), errCut)
		if !slices.Contains(b.house.Living(), thisMonth) || len(b.records(thisMonth)) == 0 {
			t.Fatal("the month is deleted already")
		}
		if err := b.chat(1).adds(box); !errors.Is(err, seal.ErrForgotten) {
			t.Errorf("a process %s takes a letter under the month: %v", name, err)
		}
	}
}

// A process loses its office after it has shut a month: before its key goes, or after. Nobody knows which, so nobody writes
// under the month again, and the next one that keeps the house ends what was begun.
func TestForgettingIsTakenOver(t *testing.T) {
	for name, stop := range map[string]error{"before the key went": errors.New("stopped"), "after": nil} {
		t.Run(name, func(t *testing.T) {
			a, b, receipt := closedOnBoth(t)
			other := b.keeper(shares)
			one := a.keeper(shares, func(o *retention.Options) {
				o.Keys = hooked{a.house, nil, func(store.Month) error {
					a.engine.(*mem.Store).Depose("keep")
					return stop
				}}
			})
			keeps, _ := a.office()
			age(a, b, one, keeps)
			boxes := [][16]byte{a.chat(1).opens(receipt).Box, b.chat(1).opens(receipt).Box}
			if _, err := one.Forget(keeps, thisMonth); !errors.Is(err, kv.ErrDeposed) {
				t.Fatal("forgotten by who has no office", err)
			}
			for n, m := range []*mission{a, b} {
				if m.chat(1).adds(boxes[n]) == nil {
					t.Errorf("process %d writes under a month whose key may be gone", n)
				}
			}
			keeps, resign := b.office()
			ok(t, other.Prepare(keeps))
			ok(t, other.Tidy(keeps))
			resign()
			if b.chat(1).finds(receipt) {
				t.Error("what was begun was not ended")
			}
			ok(t, a.keeper(shares).Follow(t.Context()))
			keeps, _ = a.office()
			ok(t, a.keeper(shares).Prepare(keeps))
			said := slices.DeleteFunc(statements(t, one), func(s string) bool { return !strings.Contains(s, string(thisMonth)) })
			if len(said) != 1 || !strings.Contains(said[0], "\nforgotten: ") {
				t.Errorf("stated: %q", said)
			}
			if slices.Contains(a.house.Living(), thisMonth) || slices.Contains(b.house.Living(), thisMonth) {
				t.Error("a copy of the key lies on a machine")
			}
		})
	}
}

// A process loses its office after it has shut a month, and a report of it is damaged. Before the last look no key is gone: the
// month is opened again for everybody, and others are worked on, until it is restored. After it whatever is damaged was closed:
// the month is ended.
func TestDamagedMonthIsTakenOver(t *testing.T) {
	for name, updates := range map[string]int64{"before the last look": 1, "after it": 4} {
		t.Run(name, func(t *testing.T) {
			a, b, receipt := closedOnBoth(t)
			beside, code := b.chat(2).files("story", "another one")
			a.answers("ana", code, "it is done", "closed")
			keeps, _ := a.office()
			shared := a.engine.(*mem.Store)
			stops := &cut{engine: a.engine}
			stops.left.Store(-1)
			a.engine = stops
			a.open()
			one := a.keeper(shares, func(o *retention.Options) {
				o.Keys = hooked{a.house, func(store.Month) error {
					stops.left.Store(updates) // shut it; see that itself, and wait for what is on its way; note the last look
					return nil
				}, func(store.Month) error { return errors.New("stopped") }}
			})
			age(a, b, one, keeps)
			rep := b.report(receipt)
			boxes := [][16]byte{a.chat(2).opens(beside).Box, b.chat(2).opens(beside).Box}
			if _, err := one.Forget(keeps, thisMonth); err == nil {
				t.Fatal("nothing stopped it")
			}
			stops.left.Store(-1)
			shared.Depose("keep")
			mend := b.spoils(store.RefOf(rep.Day, rep.ID))
			if b.chat(2).adds(boxes[1]) == nil {
				t.Error("something is written under a month that is shut: this proves nothing")
			}
			for _, e := range must(os.ReadDir(a.keys)) { // as an operator shares the keys of the months to come
				if _, err := os.Stat(filepath.Join(b.keys, e.Name())); err != nil {
					ok(t, os.WriteFile(filepath.Join(b.keys, e.Name()), must(os.ReadFile(filepath.Join(a.keys, e.Name()))), 0o600))
				}
			}
			ok(t, second(b.house.TakeIn()))
			other := b.keeper(shares)
			keeps, _ = b.office()
			ok(t, other.Prepare(keeps))
			if updates > 1 {
				if slices.Contains(b.house.Living(), thisMonth) || b.chat(2).finds(beside) {
					t.Error("what was begun is not ended")
				}
				return
			}
			ok(t, one.Follow(t.Context()))
			for n, m := range []*mission{a, b} {
				ok(t, m.chat(2).adds(boxes[n]))
			}
			for range 2 {
				_, err := other.Forget(keeps)
				wantErr(t, err, retention.ErrDamaged)
				ok(t, other.Tidy(keeps))
			}
			if !b.chat(2).finds(beside) || !slices.Contains(b.house.Living(), thisMonth) {
				t.Error("what is open again is gone")
			}
			mend()
			done, err := other.Forget(keeps, thisMonth)
			ok(t, err)
			if len(done) != 1 || b.chat(1).finds(receipt) || !b.chat(2).finds(beside) {
				t.Errorf("restored, and forgotten: %v", done)
			}
			ok(t, a.keeper(shares).Follow(t.Context()))
			a.whole()
		})
	}
}
