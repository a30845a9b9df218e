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

// TestBack brings an earlier snapshot back beneath a store to which writers write. Whatever way that is done, the store ends,
// nothing is acknowledged or written any more, and the next process is told as well, unless it only copies.
func TestBack(t *testing.T) {
	t.Parallel()
	c := ours(t)
	for _, how := range []struct {
		name string
		etcdtest.Restoring
		want error
	}{
		{"as the same cluster", etcdtest.Restoring{}, kv.ErrBack},
		{"as the same cluster, with a higher revision", etcdtest.Restoring{Raise: 1_000_000_000}, kv.ErrBack},
		{"as another cluster", etcdtest.Restoring{Other: true, Raise: 1_000_000_000}, kv.ErrStray},
	} {
		t.Run(how.name, func(t *testing.T) {
			opt := options(c, c.Doors)
			opt.Attempt, opt.Patience = time.Second, 3*time.Second
			st := fresh(t, opt)
			if err := update(t.Context(), st, kv.ID{1}, "put before 1"); err != nil {
				t.Fatal(err)
			}
			was, err := kv.Digest(t.Context(), st.Walk)
			if err != nil {
				t.Fatal(err)
			}
			snapshot, err := c.Snapshot(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			playing := kvtest.Play([]kvtest.Engine{st}, 4, 5*time.Millisecond)
			for playing.Acknowledged(0, playing.Since()) < 20 {
				time.Sleep(time.Millisecond)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			for i := range c.Nodes() {
				c.Kill(i)
			}
			gone := playing.Since()
			if err := c.Restore(ctx, snapshot, how.Restoring); err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			for err = nil; !errors.Is(err, how.want) && ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
				err = st.View(ctx, func(r kv.Reader) error {
					_, there, err := r.Get([]byte("before"))
					if err == nil && how.Raise == 0 {
						t.Error("what was brought back is read, there: ", there)
					}
					return err
				})
			}
			t.Logf("after %v: %v", time.Since(begun).Round(time.Millisecond), err)
			playing.Stop(time.Second)
			if n := playing.Acknowledged(gone, playing.Since()); n > 0 {
				t.Errorf("%d updates were acknowledged in what was brought back", n)
			}
			for name, call := range map[string]func() error{
				"an update":  func() error { return update(ctx, st, kv.ID{}, "put n 1") },
				"a question": func() error { _, err := st.Settled(ctx, kv.ID{1}); return err },
				"forgetting": func() error { _, err := st.Forget(ctx, 1); return err },
				"an office":  func() error { _, err := st.Campaign(ctx, "some"); return err },
			} {
				if err := call(); !errors.Is(err, how.want) {
					t.Errorf("%s afterwards: %v", name, err)
				}
			}

			next := opt
			next.Seen = st.Seen()
			if _, err := etcd.Open(ctx, next); !errors.Is(err, how.want) {
				t.Errorf("the next process: %v", err)
			}
			next.Stray = true
			copying := reopen(t, next)
			if now, err := kv.Digest(ctx, copying.Walk); err != nil || now != was {
				t.Errorf("%v and %v differ, so something was written: %v", now, was, err)
			}
			// Taken away and made anew, it is what it is from then on.
			if err := etcd.Create(ctx, opt); err == nil {
				t.Error("made over what is there")
			}
			prefix, err := etcd.Prefix(opt.Mission)
			if err != nil {
				t.Fatal(err)
			}
			takeAway(t, c, prefix)
			next.Stray = false
			fresh(t, next)
		})
	}
}

// takeAway takes a mission out of a cluster, as an operator does.
func takeAway(t *testing.T, c *etcdtest.Cluster, prefix string) {
	t.Helper()
	if _, err := c.Admin().Delete(t.Context(), prefix, clientv3.WithPrefix()); err != nil {
		t.Fatal(err)
	}
}

// TestWitness forgets the very record that a store takes for its witness, as a keeper does whose clock is days ahead: that is no
// earlier database. Taken away without a word, it is.
func TestWitness(t *testing.T) {
	opt := options(shared, shared.Doors)
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	opt.Now = func() time.Time { return now }
	st, other := fresh(t, opt), reopen(t, opt)
	put := func(id kv.ID) {
		t.Helper()
		if err := update(t.Context(), st, id, "get a", "put a 1"); err != nil {
			t.Fatal(err)
		}
		if seen := st.Seen(); seen.Witness == nil || seen.Witness.Record != id {
			t.Fatalf("%x was acknowledged, and the witness is %v", id, seen.Witness)
		}
	}
	put(kv.ID{1})
	next := opt
	next.Seen = st.Seen()
	for range 2 { // the second time there is nothing more to say
		if n, err := other.Forget(t.Context(), kv.DayOf(now)+1); err != nil || n > 1 {
			t.Fatalf("%d forgotten: %v", n, err)
		}
	}
	put(kv.ID{2})
	reopen(t, next)
	if _, err := other.Forget(t.Context(), kv.DayOf(now)-2); err != nil { // and an earlier day takes nothing back
		t.Fatal(err)
	}
	put(kv.ID{3})

	now = now.Add(24 * time.Hour)
	put(kv.ID{4})
	next.Seen = st.Seen()
	prefix, err := etcd.Prefix(opt.Mission)
	if err != nil {
		t.Fatal(err)
	}
	takeAway(t, shared, prefix+string(kv.SettleKey(kv.ID{4})))
	if err := update(t.Context(), other, kv.ID{}, "put a 2"); err != nil {
		t.Errorf("who was acknowledged nothing: %v", err)
	}
	if _, err := etcd.Open(t.Context(), next); !errors.Is(err, kv.ErrBack) {
		t.Errorf("the next process: %v", err)
	}
	if err := update(t.Context(), st, kv.ID{}, "put a 3"); !errors.Is(err, kv.ErrBack) {
		t.Errorf("without what was acknowledged last: %v", err)
	}
	if got := value(t, other, "a"); got != "2" {
		t.Errorf("a is %s", got)
	}
	// What is days old may have been forgotten by a program that says nothing of it.
	now = now.Add(48 * time.Hour)
	reopen(t, next)
}

// TestSeen: what an earlier process saw counts for the database that it saw, and for none that was made anew in its place.
func TestSeen(t *testing.T) {
	opt := options(shared, shared.Doors)
	st := fresh(t, opt)
	if again := reopen(t, opt).Seen(); again.Database == "" || again.Database != st.Seen().Database {
		t.Errorf("it is %q, and then %q", st.Seen().Database, again.Database)
	}
	opt.Seen = st.Seen()
	reopen(t, opt)
	opt.Seen.Revision += 1_000_000
	if _, err := etcd.Open(t.Context(), opt); !errors.Is(err, kv.ErrBack) {
		t.Errorf("further on than it is: %v", err)
	}
	for _, change := range []func(*etcd.Seen){func(s *etcd.Seen) { s.Cluster++ }, func(s *etcd.Seen) { s.Database += "x" }} {
		other := opt
		change(&other.Seen)
		reopen(t, other)
	}
	prefix, err := etcd.Prefix(opt.Mission)
	if err != nil {
		t.Fatal(err)
	}
	takeAway(t, shared, prefix)
	if err := etcd.Fill(t.Context(), opt, "backup", func(context.Context, func(kv.Pair) error) error { return nil }); err != nil {
		t.Fatal(err)
	}
	mover := opt
	mover.AnyState = true
	if err := reopen(t, mover).SetState(t.Context(), kv.State{Kind: kv.Filling, Note: "backup"}, kv.State{}); err != nil {
		t.Fatal(err)
	}
	reopen(t, opt) // a backup was restored
}
