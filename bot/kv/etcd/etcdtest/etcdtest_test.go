//go:build etcd

package etcdtest_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/zap"

	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv/etcd/etcdtest"
)

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func dial(t *testing.T, c *etcdtest.Cluster, doors *etcdtest.Doors) *clientv3.Client {
	client, err := clientv3.New(clientv3.Config{
		Endpoints: doors.Endpoints, TLS: c.TLS(), Username: etcdtest.User, Password: etcdtest.Password,
		DialTimeout: 10 * time.Second, Logger: zap.NewNop(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// TestNodes walks through all that a test can do to a cluster.
func TestNodes(t *testing.T) {
	c := etcdtest.Start(t, etcdtest.Options{Election: 500 * time.Millisecond})
	client := dial(t, c, c.Doors)
	put := func(d time.Duration) error {
		ctx, cancel := context.WithTimeout(t.Context(), d)
		defer cancel()
		_, err := client.Put(ctx, etcdtest.Prefix+"k", "v")
		return err
	}
	until := func(what string) {
		t.Helper()
		for end := time.Now().Add(time.Minute); ; {
			err := put(time.Second)
			if err == nil {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%s: %v", what, err)
			}
		}
	}
	leader := func() int {
		t.Helper()
		i, err := c.Leader(within(t, time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	until("at first")

	if _, err := client.Put(within(t, 20*time.Second), "other/k", "v"); err == nil {
		t.Error("a user wrote outside of the own prefix")
	}

	first := leader()
	c.Kill(first)
	if second := leader(); second == first {
		t.Error("a killed node leads")
	}
	until("with the leader killed")
	if err := c.Restart(first); err != nil {
		t.Fatal(err)
	}
	if err := c.Ready(within(t, time.Minute)); err != nil {
		t.Fatal(err)
	}

	first = leader()
	c.Isolate(first)
	for end := time.Now().Add(time.Minute); leader() == first; {
		if time.Now().After(end) {
			t.Fatal("an isolated node leads")
		}
	}
	until("with the leader isolated")
	c.HealAll()
	until("healed")

	first = leader()
	c.Pause(first)
	if second := leader(); second == first {
		t.Error("a paused node leads")
	}
	c.Resume(first)
	until("after a pause")

	alone, err := c.NewDoors()
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	other := dial(t, c, alone)
	for range 2 * c.Nodes() { // a node that lags knows a new sign-in late, and would ask for another
		if _, err := other.Put(within(t, 30*time.Second), etcdtest.Prefix+"k", "v"); err != nil {
			t.Fatal(err)
		}
	}
	alone.Each(func(l *etcdtest.Link) { l.Lose(etcdtest.Back) })
	if _, err := other.Put(within(t, time.Second), etcdtest.Prefix+"lost", "v"); err == nil {
		t.Error("a reply that was lost came")
	}
	if got, err := client.Get(within(t, 20*time.Second), etcdtest.Prefix+"lost"); err != nil || len(got.Kvs) != 1 {
		t.Errorf("the update whose reply was lost: %v, %v", got, err)
	}
	alone.Each((*etcdtest.Link).Heal)
	for end := time.Now().Add(time.Minute); ; { // the ways that lost something end, and new ones are made
		_, err := other.Put(within(t, 10*time.Second), etcdtest.Prefix+"found", "v")
		if err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("a healed door: %v", err)
		}
	}

	c.Each(func(l *etcdtest.Link) { l.Delay(50 * time.Millisecond) })
	begun := time.Now()
	until("slow")
	if took := time.Since(begun); took < 100*time.Millisecond {
		t.Errorf("over a slow way there and back in %v", took)
	}
	c.Each(func(l *etcdtest.Link) { l.Cut() })
	if put(500*time.Millisecond) == nil {
		t.Error("over a way that is cut")
	}
	c.HealAll()
	until("not cut any more")

	if err := c.Compact(within(t, 20*time.Second)); err != nil {
		t.Error(err)
	}
	for i := range c.Nodes() {
		if err := c.Defragment(within(t, 20*time.Second), i); err != nil {
			t.Error(err)
		}
	}

	for i := range c.Nodes() {
		c.Kill(i)
	}
	if put(500*time.Millisecond) == nil {
		t.Error("with all nodes killed")
	}
	for i := range c.Nodes() {
		if err := c.Restart(i); err != nil {
			t.Fatal(err)
		}
	}
	until("all restarted")
}
