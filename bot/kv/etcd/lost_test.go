//go:build etcd

package etcd_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
	"amana/bot/kv/etcd/etcdtest"
)

// apart gives a store whose ways to the cluster are its own, and one that reaches the same database by the usual ways.
func apart(t *testing.T, change func(*etcd.Options)) (st, other *etcd.Store, doors *etcdtest.Doors) {
	t.Helper()
	doors, err := shared.NewDoors()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(doors.Close)
	opt := options(shared, shared.Doors)
	other = fresh(t, opt)
	opt.Endpoints, opt.Attempt, opt.Patience = doors.Endpoints, 500*time.Millisecond, time.Second
	if change != nil {
		change(&opt)
	}
	return reopen(t, opt), other, doors
}

func value(t *testing.T, st kv.Store, key string) string {
	t.Helper()
	got := ""
	err := st.View(t.Context(), func(r kv.Reader) error {
		v, found, err := r.Get([]byte(key))
		if got = string(v); !found {
			got = "none"
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// connects lets a store of little patience make its ways to the cluster, and put 0 under n.
func connects(t *testing.T, st *etcd.Store) {
	t.Helper()
	err := error(nil)
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if err = update(t.Context(), st, kv.ID{1}, "put n 0"); err == nil {
			return
		}
	}
	t.Fatal(err)
}

// TestLostReplies takes every answer away. What was asked for under an id is found out, whenever that is possible again.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	st, other, doors := apart(t, func(o *etcd.Options) { o.Patience = 2 * time.Second })
	connects(t, st)
	more := func(id kv.ID) error {
		return st.Update(t.Context(), id, func(tx kv.Tx) error {
			v, _, err := tx.Get([]byte("n"))
			if err != nil {
				return err
			}
			n, _ := strconv.Atoi(string(v))
			if err := tx.Put([]byte("n"), []byte(strconv.Itoa(n+1))); err != nil {
				return err
			}
			doors.Each(func(l *etcdtest.Link) { l.Lose(etcdtest.Back) })
			return nil
		})
	}
	begun := time.Now()
	for _, id := range []kv.ID{{}, {2}} {
		if err := more(id); !errors.Is(err, kv.ErrUnknown) {
			t.Errorf("named %v, without an answer: %v", !id.IsZero(), err)
		}
		if !id.IsZero() {
			if err := more(id); !errors.Is(err, kv.ErrUnknown) || errors.Is(err, kv.ErrBusy) {
				t.Errorf("asked again, without an answer: %v", err)
			}
		}
		doors.Each((*etcdtest.Link).Heal)
	}
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("it took %v to say so", took)
	}
	if got := value(t, other, "n"); got != "2" {
		t.Errorf("two updates whose answers were lost made %s", got)
	}
	if err := update(t.Context(), st, kv.ID{2}, "put n 9"); err != nil {
		t.Errorf("asked again: %v", err)
	}
	// The answers come back while it still asks: nobody hears of it.
	runs := 0
	err := st.Update(t.Context(), kv.ID{3}, func(tx kv.Tx) error {
		if runs++; runs == 1 {
			doors.Each(func(l *etcdtest.Link) { l.Lose(etcdtest.Back) })
			time.AfterFunc(700*time.Millisecond, func() { doors.Each((*etcdtest.Link).Heal) })
		}
		return tx.Put([]byte("n"), []byte("3"))
	})
	if err != nil || runs != 1 {
		t.Errorf("ran %d times: %v", runs, err)
	}
	if got := value(t, other, "n"); got != "3" {
		t.Errorf("it is %s", got)
	}
}

// TestLateArrival holds what one node tells its leader, so that a request that nobody waits for any more arrives all the
// same, seconds later. Whoever was told meanwhile that it had not been applied must not be wrong then.
func TestLateArrival(t *testing.T) {
	leader, err := shared.Leader(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	follower := (leader + 1) % shared.Nodes()
	st, other, _ := apart(t, func(o *etcd.Options) {
		o.Endpoints = o.Endpoints[follower : follower+1]
		o.Attempt, o.Patience = 500*time.Millisecond, time.Second
	})
	landed := 0
	for round, asks := range []bool{false, true, false, true} {
		id, key := kv.ID{2, byte(round)}, fmt.Sprint("k", round)
		err := st.Update(t.Context(), id, func(tx kv.Tx) error {
			// Nodes send to each other on the connections that the other one has made.
			shared.Way(leader, follower).Hold(etcdtest.Back)
			shared.Way(follower, leader).Hold(etcdtest.There)
			return tx.Put([]byte(key), []byte("late"))
		})
		if !errors.Is(err, kv.ErrUnknown) {
			t.Errorf("a request that was held back: %v", err)
		}
		// Nor is it known to whoever asks again, while that is so.
		if err := st.Update(t.Context(), id, func(tx kv.Tx) error {
			if round < 2 {
				return errors.New("the closure's own")
			}
			return do(tx, "put "+key+" again")
		}); !errors.Is(err, kv.ErrUnknown) {
			t.Errorf("asked again: %v", err)
		}
		if asks {
			if settled, err := other.Settled(t.Context(), id); settled || err != nil {
				t.Fatalf("settled %v, %v", settled, err)
			}
		}
		shared.HealAll()
		got := ""
		for n := 0; n < 20 || !asks && n < 200; n++ { // what may still come is waited for on a busy machine, too
			time.Sleep(50 * time.Millisecond)
			if got = value(t, other, key); got == "late" {
				landed++
				break
			}
		}
		if asks && got != "none" {
			t.Errorf("what was not to be any more came to be")
		}
		// And whoever asks for it once more has it done, once.
		if err := update(t.Context(), other, id, "put "+key+" again"); err != nil {
			t.Error(err)
		}
		if got == "none" {
			got = "again"
		}
		if now := value(t, other, key); now != got {
			t.Errorf("asked for again it is %s, want %s", now, got)
		}
	}
	if landed == 0 {
		t.Error("no request arrived late, so nothing was shown")
	}
}

// TestAway cuts a store off before it sends anything: it says so in time, and that nothing was written.
func TestAway(t *testing.T) {
	t.Parallel()
	st, other, doors := apart(t, nil)
	connects(t, st)
	for _, c := range []struct {
		name string
		hurt func(*etcdtest.Link)
	}{
		{"cut", (*etcdtest.Link).Cut},
		{"held", func(l *etcdtest.Link) { l.Hold(etcdtest.Both) }},
	} {
		for _, id := range []kv.ID{{}, {9}} {
			doors.Each(c.hurt)
			begun := time.Now()
			err := st.View(t.Context(), func(r kv.Reader) error { _, _, err := r.Get([]byte("n")); return err })
			if !errors.Is(err, kv.ErrAway) {
				t.Errorf("%s: a view: %v", c.name, err)
			}
			if err := update(t.Context(), st, id, "get n", "put n 1"); !errors.Is(err, kv.ErrAway) || errors.Is(err, kv.ErrUnknown) {
				t.Errorf("%s: an update: %v", c.name, err)
			}
			short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			if err := update(short, st, kv.ID{9}, "put n 1"); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, kv.ErrUnknown) {
				t.Errorf("%s: an update whose caller left: %v", c.name, err)
			}
			cancel()
			if took := time.Since(begun); took > 12*time.Second {
				t.Errorf("%s: %v", c.name, took)
			}
			doors.Each((*etcdtest.Link).Heal)
		}
	}
	for end := time.Now().Add(patience); ; { // it comes back by itself
		err := update(t.Context(), st, kv.ID{9}, "put back 1")
		if err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	if n, back := value(t, other, "n"), value(t, other, "back"); n != "0" || back != "1" {
		t.Errorf("n is %s, back %s", n, back)
	}
}

// TestCutInBetween cuts the connections again and again while many count. Nothing that was acknowledged is missing, and
// nothing counted twice.
func TestCutInBetween(t *testing.T) {
	st, other, doors := apart(t, func(o *etcd.Options) { o.Patience = 5 * time.Second })
	stop := make(chan struct{})
	var meddler sync.WaitGroup
	meddler.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(30 * time.Millisecond):
			}
			l := doors.Links[i%len(doors.Links)]
			l.Cut()
			l.Heal()
		}
	})
	const writers, each = 6, 15
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				id := kv.ID{byte(w + 1), byte(i + 1), 5}
				for {
					err := st.Update(t.Context(), id, func(tx kv.Tx) error {
						v, _, err := tx.Get([]byte("n"))
						if err != nil {
							return err
						}
						n, _ := strconv.Atoi(string(v))
						return tx.Put([]byte("n"), []byte(strconv.Itoa(n+1)))
					})
					if err == nil {
						break
					}
					if !errors.Is(err, kv.ErrUnknown) && !errors.Is(err, kv.ErrAway) && !errors.Is(err, kv.ErrBusy) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	all.Wait()
	close(stop)
	meddler.Wait()
	if got := value(t, other, "n"); got != strconv.Itoa(writers*each) {
		t.Errorf("%d counted %s", writers*each, got)
	}
	commits, conflicts, unknowns := st.Counts()
	t.Logf("%d commits, %d tried again, %d without an answer", commits, conflicts, unknowns)
	if unknowns == 0 {
		t.Error("no answer was lost")
	}
}

// TestPaused stops one member after the other in its tracks, which keeps its connections. No update fails for it, and a
// process stays no longer with the silent one than it takes to notice.
func TestPaused(t *testing.T) {
	t.Parallel()
	c := ours(t)
	st := fresh(t, options(c, c.Doors))
	for i := range c.Nodes() {
		c.Pause(i)
		var all sync.WaitGroup
		var mu sync.Mutex
		n, longest, begun := 0, time.Duration(0), time.Now()
		for w := range 4 {
			all.Go(func() {
				for u := 0; time.Since(begun) < 4*time.Second; u++ {
					at := time.Now()
					if err := update(t.Context(), st, kv.ID{byte(i + 1), byte(w), byte(u), byte(u >> 8)}, fmt.Sprintf("get k%d", w), fmt.Sprintf("put k%d %d", w, u)); err != nil {
						t.Errorf("member %d paused: %v", i, err)
					}
					mu.Lock()
					n++
					longest = max(longest, time.Since(at))
					mu.Unlock()
				}
			})
		}
		all.Wait()
		c.Resume(i)
		if err := c.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Logf("member %d paused: %d updates, the longest took %v", i, n, longest)
	}
}
