//go:build etcd

package etcd_test

import (
	"testing"
	"time"

	"amana/bot/kv/etcd/etcdtest"
)

// TestSlowDisks makes flushes slow beneath writers (-kills=N, since its server is built for it): those of a follower, which
// nobody notices, those of the leader, by a little and by more than an election lasts, and those of all. Nothing is lost.
func TestSlowDisks(t *testing.T) {
	if *kills == 0 {
		return // a slow way between the nodes is in TestFaults
	}
	c := etcdtest.Start(t, etcdtest.Options{Slow: true})
	slow := func(d time.Duration, nodes ...int) {
		t.Helper()
		for _, i := range nodes {
			if err := c.SlowDisk(i, d); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, d := range []time.Duration{20 * time.Millisecond, 200 * time.Millisecond, 3 * time.Second} {
		tr := begin(t, c, nil)
		led := tr.leader()
		quick := tr.playing.Since()
		tr.goesOn(50)
		usual := tr.playing.Since() - quick
		tr.during("a follower flushes "+d.String()+" longer", func() { slow(d, (led+1)%3) })
		slow(0, (led+1)%3)
		led = tr.leader()
		tr.during("the leader flushes "+d.String()+" longer", func() { slow(d, led) })
		time.Sleep(2 * time.Second)
		tr.goesOn(20)
		now := tr.leader()
		t.Logf("the leader was %d, and is %d", led, now)
		slow(0, led)
		if d < time.Second {
			begun := tr.playing.Since()
			tr.during("all flush "+d.String()+" longer", func() { slow(d, 0, 1, 2) })
			tr.goesOn(30)
			took := tr.playing.Since() - begun
			t.Logf("50 updates took %v, and %v before", took.Round(time.Millisecond), usual.Round(time.Millisecond))
			if took < usual {
				t.Error("the disks are no slower than before: this proves nothing")
			}
			slow(0, 0, 1, 2)
		}
		tr.end()
		for _, st := range tr.stores {
			st.Close()
		}
	}
}
