package casework_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/retention"
	"amana/bot/seal"
	"amana/bot/store"
)

const (
	thisMonth = store.Month("2026-11-report")
	day       = 24 * time.Hour
)

// keeper makes what forgets, on what the mission stands on just now.
func (m *mission) keeper(options ...func(*retention.Options)) *retention.Keeper {
	o := retention.Options{
		Store: m.store, Keys: m.house, Signer: m.house, Verify: seal.VerifyStatement, Rules: retention.StandardRules(),
		Due: m.registry.DueDay, Held: casework.HeldOn, Withdrawn: casework.WithdrawnOn, Final: 7 * day, Now: m.now, Rand: rand.Reader,
	}
	if m.file != nil {
		o.Renew = m.file.Renew
	}
	for _, set := range options {
		set(&o)
	}
	return retention.New(o)
}

// ages brings a mission to a day, as a server does that runs all the time.
func (m *mission) ages(to time.Time, k *retention.Keeper) {
	m.t.Helper()
	for m.now().Before(to) {
		m.wait(min(30*day, to.Sub(m.now())))
		_, err := m.house.Ensure(m.now())
		ok(m.t, err)
		ok(m.t, k.Prepare(m.t.Context()))
	}
	m.sweep()
	m.tick()
	m.carried()
}

func (m *mission) forgets(k *retention.Keeper, months ...store.Month) []store.Month {
	m.t.Helper()
	done, err := k.Forget(m.t.Context(), months...)
	ok(m.t, err)
	return done
}

func (c *chat) finds(receipt string) bool {
	c.t.Helper()
	_, err := c.registry.Open(c.t.Context(), c.incoming().Person, receipt)
	if err != nil && !errors.Is(err, bot.ErrWrongReceipt) && !errors.Is(err, bot.ErrSlow) {
		c.t.Fatal(err)
	}
	return err == nil
}

func (c *chat) withdraws(receipt string) {
	c.t.Helper()
	turn := c.turn()
	turn.Withdraw = withdraws(c.opens(receipt).Box)
	_, err := c.commit(turn)
	ok(c.t, err)
}

// records gives every pair of the database that stands under a month.
func (m *mission) records(of store.Month) (pairs []kv.Pair) {
	m.t.Helper()
	ok(m.t, m.engine.View(m.t.Context(), func(r kv.Reader) error {
		pairs = nil
		for from := []byte(nil); ; {
			page, err := r.Scan(from, nil, kv.MaxScan)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, p := range page {
				if under, is := seal.KeyOf(p.Value); is && under == of && !slices.Contains([]byte("SUCWN"), p.Key[0]) {
					pairs = append(pairs, p)
				}
			}
			from = kv.After(page[len(page)-1].Key)
		}
	}))
	return pairs
}

// cut is an engine that ends the program before an update.
type cut struct {
	engine
	left atomic.Int64 // updates until then; below zero: never
}

var errCut = errors.New("cut")

func (c *cut) Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error {
	if n := c.left.Load(); n >= 0 && c.left.Add(-1) < 0 {
		c.left.Store(0)
		return errCut
	}
	return c.engine.Update(ctx, id, fn)
}

// statements gives what has been stated, line by line.
func statements(t testing.TB, k *retention.Keeper) (out []string) {
	t.Helper()
	all, key, err := k.Statements(t.Context())
	ok(t, err)
	for _, s := range all {
		ok(t, seal.VerifyStatement(key, s.Text, s.Signature))
		out = append(out, string(s.Text))
	}
	return out
}

// someone files a report and brings it into one of the ways in which a month can find it.
func (m *mission) someone(n int, way string) (receipt string) {
	m.t.Helper()
	c := m.chat(n)
	receipt, code := c.files("story", fmt.Sprintf("zqmark %d of %s", n, way))
	switch way {
	case "open":
	case "answered":
		m.answers("ana", code, "we go on", "read")
	case "closed":
		m.answers("ana", code, "it is done", "closed")
	case "held":
		m.answers("ana", code, "it is done", "closed")
		_, err := m.registry.Hold(m.t.Context(), "ana", code, "court")
		ok(m.t, err)
	case "withdrawn":
		c.withdraws(receipt)
	case "let go":
		m.answers("ana", code, "it is done", "closed")
		_, err := m.registry.Hold(m.t.Context(), "ana", code, "court")
		ok(m.t, err)
		_, err = m.registry.Unhold(m.t.Context(), "ana", code)
		ok(m.t, err)
	}
	return receipt
}

// kept says whether a report that went that way outlives its month.
var kept = map[string]bool{"open": true, "answered": true, "held": true, "closed": false, "withdrawn": false, "let go": false}
