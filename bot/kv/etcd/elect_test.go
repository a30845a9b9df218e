//go:build etcd

package etcd_test

import (
	"context"
	"errors"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
	"amana/bot/kv/etcd/etcdtest"
	"amana/bot/kv/kvtest"
)

// line is where the keys of those who ask for an office begin.
func line(t testing.TB, mission, office string) string {
	t.Helper()
	prefix, err := etcd.Prefix(mission)
	if err != nil {
		t.Fatal(err)
	}
	return prefix + "\x00\x02" + office + "/"
}

// mission is what the suite of electors wants to know of a mission and do to it.
func mission(t testing.TB, c *etcdtest.Cluster, name string) kvtest.Mission {
	return kvtest.Mission{
		Asking: func(office string) int {
			got, err := c.Admin().Get(t.Context(), line(t, name, office), clientv3.WithPrefix(), clientv3.WithCountOnly())
			if err != nil {
				t.Fatal(err)
			}
			return int(got.Count)
		},
		Depose: func(office string) {
			got, err := c.Admin().Get(t.Context(), line(t, name, office), clientv3.WithFirstCreate()...)
			if err == nil && len(got.Kvs) == 1 {
				_, err = c.Admin().Delete(context.Background(), string(got.Kvs[0].Key))
			}
			if err != nil {
				t.Error(err)
			}
		},
	}
}

func TestElector(t *testing.T) {
	kvtest.RunElector(t, func(t *testing.T, n int) kvtest.Mission {
		opt := options(shared, shared.Doors)
		m := mission(t, shared, opt.Mission)
		for i := range n {
			if i == 0 {
				m.Processes = append(m.Processes, fresh(t, opt))
			} else {
				m.Processes = append(m.Processes, reopen(t, opt))
			}
		}
		return m
	})
}

// TestPlaceLost takes the key of who waits for an office: it takes another place, and comes in when its turn has come.
func TestPlaceLost(t *testing.T) {
	t.Parallel()
	opt := options(shared, shared.Doors)
	st, m := fresh(t, opt), mission(t, shared, opt.Mission)
	held, err := st.Campaign(t.Context(), "hear")
	if err != nil {
		t.Fatal(err)
	}
	won := make(chan error)
	go func() {
		_, err := st.Campaign(t.Context(), "hear")
		won <- err
	}()
	asking(t, shared, m, 2)
	last, err := shared.Admin().Get(t.Context(), line(t, opt.Mission, "hear"), clientv3.WithLastCreate()...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := shared.Admin().Revoke(t.Context(), clientv3.LeaseID(last.Kvs[0].Lease)); err != nil {
		t.Fatal(err)
	}
	asking(t, shared, m, 2)
	if err := held.Resign(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-won; err != nil {
		t.Error(err)
	}
	for _, office := range []string{"", "a/b", "a\x00"} {
		if _, err := st.Campaign(t.Context(), office); err == nil {
			t.Errorf("%q is an office", office)
		}
	}
}

// TestCampaignOutlasts asks for an office while the cluster is away, for longer than any single question is asked.
func TestCampaignOutlasts(t *testing.T) {
	t.Parallel()
	doors, err := shared.NewDoors()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(doors.Close)
	opt := options(shared, doors)
	fresh(t, opt)
	opt.Attempt, opt.Patience = 300*time.Millisecond, 600*time.Millisecond
	st := reopen(t, opt)
	doors.Each((*etcdtest.Link).Cut)
	begun, won := time.Now(), make(chan error)
	go func() {
		_, err := st.Campaign(t.Context(), "hear")
		won <- err
	}()
	select {
	case err := <-won:
		t.Fatalf("a campaign without a cluster ended: %v", err)
	case <-time.After(2 * time.Second):
	}
	doors.Each((*etcdtest.Link).Heal)
	if err := <-won; err != nil {
		t.Error(err)
	}
	t.Logf("won after %v", time.Since(begun))
}

// TestLeaseMissed cuts a holder off for longer than its lease lives: it hears so as soon as it can.
func TestLeaseMissed(t *testing.T) {
	t.Parallel()
	doors, err := shared.NewDoors()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(doors.Close)
	opt := options(shared, doors)
	st := fresh(t, opt)
	opt.Endpoints = shared.Endpoints
	other := reopen(t, opt)
	old, err := st.Campaign(t.Context(), "hear")
	if err != nil {
		t.Fatal(err)
	}
	doors.Each(func(l *etcdtest.Link) { l.Hold(etcdtest.Both) })
	term, err := other.Campaign(t.Context(), "hear")
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-old.Done():
		t.Error("a holder that hears nothing knows that its term has ended")
	default:
	}
	doors.Each((*etcdtest.Link).Heal)
	select {
	case <-old.Done():
	case <-time.After(patience):
		t.Error("a holder does not hear that its term has ended")
	}
	if err := update(old.Bind(t.Context()), st, kv.ID{1}, "put a 1"); !errors.Is(err, kv.ErrDeposed) {
		t.Errorf("an update under a lease that was missed: %v", err)
	}
	if err := update(term.Bind(t.Context()), other, kv.ID{2}, "put a 2"); err != nil {
		t.Error(err)
	}
}
