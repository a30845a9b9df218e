//go:build etcd

package etcd_test

import (
	"errors"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
	"amana/bot/kv/kvtest"
)

func TestContract(t *testing.T) { kvtest.Run(t, open) }

// TestModel plays one random history over two stores in turn, as two processes would.
func TestModel(t *testing.T) {
	opt := options(shared, shared.Doors)
	stores := []kvtest.Engine{fresh(t, opt), reopen(t, opt)}
	n := 0
	kvtest.Model(t, stores[0], func(kvtest.Engine) kvtest.Engine {
		n++
		return stores[n%2]
	})
}

func TestWalks(t *testing.T) {
	kvtest.Walks(t, open, func(t *testing.T, now func() time.Time, from kv.Walk) (kvtest.Walker, error) {
		opt := options(shared, shared.Doors)
		opt.Now = now
		if err := etcd.Fill(t.Context(), opt, "a test", from); err != nil {
			return nil, err
		}
		if _, err := etcd.Open(t.Context(), opt); !errors.Is(err, kv.ErrFilling) {
			t.Errorf("a copy that nobody set to be served: %v", err)
		}
		opt.AnyState = true
		st := reopen(t, opt)
		return st, st.SetState(t.Context(), kv.State{Kind: kv.Filling, Note: "a test"}, kv.State{})
	})
}
