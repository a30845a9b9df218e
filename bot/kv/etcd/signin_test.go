//go:build etcd

package etcd_test

import (
	"testing"
	"time"

	"amana/bot/kv/etcd/etcdtest"
)

// TestSlowSignIn holds an office for longer than its lease where signing in takes a node most of a second, as it does with the
// stock cost where the processor is busy: a lease is kept alive without signing in again (-kills=N).
func TestSlowSignIn(t *testing.T) {
	if *kills == 0 {
		return // a sign-in that takes so long takes a processor so long
	}
	t.Parallel()
	c := etcdtest.Start(t, etcdtest.Options{Nodes: 1, Args: []string{"--bcrypt-cost", "14"}})
	opt := options(c, c.Doors)
	opt.Attempt = 20 * time.Second
	begun := time.Now()
	st := fresh(t, opt)
	took := time.Since(begun) / 2
	term, err := st.Campaign(t.Context(), "hear")
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-term.Done():
		t.Errorf("the office was lost where signing in takes %v", took.Round(time.Millisecond))
	case <-time.After(4 * time.Second):
		t.Logf("signing in takes %v", took.Round(time.Millisecond))
	}
}
