package casework_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/store"
)

// One process keeps the house and seals again what lives; another one, whose clock is two minutes behind, steps by itself a
// little later. Whatever either of them has written, both read, for as long as it lives.
func TestRootsStepUnderOneKeeper(t *testing.T) {
	a := newMission(t, together(1))
	b := a.beside(2)
	b.wait(-2 * time.Minute)
	ok(t, a.registry.Vouch(t.Context(), false))
	receipt, _ := b.chat(5).files("story", "waits to be shown")
	who := a.chat(5).incoming()
	said := []byte("draft 0")
	both := []*mission{a, b}
	for n := range 90 { // 30 hours
		writes, reads := both[n%2], both[1-n%2]
		turn := writes.chat(1).turn()
		turn.Person, turn.Was = writes.chat(1).incoming().Person, bot.Person{}
		recalled := reads.chat(1).recall(reads.chat(1).incoming())
		if n > 0 && !bytes.Equal(recalled.Draft, said) {
			t.Fatalf("after %d steps one process finds %q, and %q was written", n, recalled.Draft, said)
		}
		said = fmt.Appendf(nil, "draft %d", n+1)
		turn.Draft = said
		_, err := writes.chat(1).commit(turn)
		ok(t, err)
		for _, m := range both {
			if filed := a.now().Sub(begin); filed < 23*time.Hour {
				if r := m.chat(5).recall(who); len(r.Closing) != 1 || r.Closing[0].Receipt != receipt {
					t.Fatalf("after %v a receipt that was not shown is lost: %+v", filed, r)
				}
			}
		}
		a.wait(20 * time.Minute)
		b.wait(20 * time.Minute)
		if n%3 != 1 { // the keeper is busy now and then
			a.sweep()
		}
		ok(t, b.registry.Step(t.Context()))
	}
	ok(t, b.registry.Step(t.Context()))
	if !a.roots.Fits(b.roots.Names()) || !b.roots.Fits(a.roots.Names()) {
		t.Errorf("the roots part: %v and %v", a.roots.Names(), b.roots.Names())
	}
	if b.roots.Due(b.now()) && !a.roots.Due(a.now()) {
		t.Error("roots that are too old are kept")
	}
}

// A month that one machine forgets is destroyed on the other as well, which states nothing of its own.
func TestForgottenOnEveryMachine(t *testing.T) {
	a := newMission(t, together(1))
	b := a.beside(2)
	one, other := a.keeper(shares), b.keeper(shares)
	keeps, resign := a.office()
	for a.now().Before(begin.AddDate(2, 0, 0)) {
		a.wait(30 * day)
		b.wait(30 * day)
		_, err := a.house.Ensure(a.now())
		ok(t, err)
		ok(t, one.Prepare(keeps))
		a.sweep()
		a.tick()
	}
	done, err := one.Forget(keeps)
	ok(t, err)
	const month = store.Month("2026-11-feedback")
	if !slices.Contains(done, month) {
		t.Fatalf("forgotten: %v", done)
	}
	path := filepath.Join(b.keys, string(month))
	if _, err := os.Stat(path); err != nil {
		t.Fatal("the other machine has no key to destroy", err)
	}
	tells := func() bool {
		look, err := other.Look(t.Context())
		ok(t, err)
		return slices.ContainsFunc(look.Broken, func(s string) bool { return strings.Contains(s, string(month)+" was forgotten") })
	}
	if !tells() {
		t.Error("nobody is told that this machine still holds the key")
	}
	key, err := os.ReadFile(path)
	ok(t, err)
	before := statements(t, one)
	ok(t, other.Follow(t.Context()))
	resign()
	keeps, _ = b.office()
	ok(t, other.Prepare(keeps))
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("the file of a forgotten key lies on the other machine", err)
	}
	if tells() {
		t.Error("it is told of a key that is gone")
	}
	ok(t, os.WriteFile(path, key, 0o600)) // the disk did not do as it was told
	if !tells() {
		t.Error("nobody is told that the file still lies there")
	}
	ok(t, os.Remove(path))
	if after := statements(t, one); !slices.Equal(before, after) {
		t.Errorf("it stated %v", after[len(before):])
	}
}

// While one process forgets a month no other writes under it: what it wrote would be lost with the key.
func TestNobodyWritesUnderAMonthThatGoes(t *testing.T) {
	a := newMission(t, together(1))
	b := a.beside(2)
	receipt, _ := b.chat(1).files("story", "what happened")
	shut := func(m store.Month) {
		ok(t, a.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
			r, err := w.Retention()
			if err != nil {
				return err
			}
			r.Forgetting, r.Shut = m, m != ""
			return w.PutRetention(r)
		}))
	}
	writes := func() error {
		box := b.chat(1).opens(receipt).Box
		turn := b.chat(1).turn()
		turn.Letter = &bot.Letter{Box: box, Text: "later", Lang: "en"}
		_, err := b.chat(1).commit(turn)
		return err
	}
	ok(t, writes())
	box := b.chat(1).opens(receipt).Box
	shut(thisMonth)
	turn := b.chat(1).turn()
	turn.Letter = &bot.Letter{Box: box, Text: "too late", Lang: "en"}
	if _, err := b.chat(1).commit(turn); err == nil {
		t.Error("something is written under a month that is going")
	}
	shut("")
	ok(t, writes())
	if got := b.chat(1).opens(receipt); got.State == "" {
		t.Error("the report is gone")
	}
}

// A machine with other keys, without some, or with other roots is told so before it serves anybody.
func TestMachinesThatDiffer(t *testing.T) {
	a := newMission(t, together(1))
	ok(t, a.registry.Vouch(t.Context(), false))
	like := func(m *mission) error {
		return m.store.View(t.Context(), func(rd *store.Read) error {
			_, err := casework.LikeOthers(rd, m.roots)
			return err
		})
	}
	b, c := a.beside(2), a.beside(3)
	ok(t, like(b))
	made, err := a.house.EnsureMonths(a.now(), 6)
	ok(t, err)
	ok(t, like(b))
	ok(t, a.registry.Vouch(t.Context(), false))
	wantErr(t, like(b), casework.ErrLacksKeys)
	_, err = c.house.EnsureMonths(c.now(), 6) // by itself alone
	ok(t, err)
	wantErr(t, like(c), casework.ErrOtherKeys)
	wantErr(t, c.registry.Vouch(t.Context(), false), casework.ErrOtherKeys)
	for _, id := range made {
		data, err := os.ReadFile(filepath.Join(a.keys, string(id)))
		ok(t, err)
		ok(t, os.WriteFile(filepath.Join(b.keys, string(id)), data, 0o600))
	}
	b.open()
	ok(t, like(b))
	ok(t, os.RemoveAll(b.run))
	b.open()
	wantErr(t, like(b), casework.ErrOtherRoots)
	wantErr(t, b.registry.Vouch(t.Context(), false), casework.ErrOtherRoots)
}
