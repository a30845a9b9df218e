//go:build etcd

package etcd_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
	"amana/bot/kv/etcd/etcdtest"
	"amana/bot/kv/kvtest"
)

var kills = flag.Int("kills", 0, "so many faults of every kind, one after the other, in TestKills")

// trouble is writers at work in two processes, each with its own ways to the nodes, while something happens to the cluster.
type trouble struct {
	t *testing.T
	*etcdtest.Cluster
	doors   []*etcdtest.Doors
	stores  []*etcd.Store
	playing *kvtest.Playing
	opt     etcd.Options
	enough  int // updates to be acknowledged after each thing that happens
}

// begin lets writers work on a new mission until things go well.
func begin(t *testing.T, c *etcdtest.Cluster, set func(*etcd.Options)) *trouble {
	tr := &trouble{t: t, Cluster: c, opt: options(c, c.Doors), enough: 20}
	if set != nil {
		set(&tr.opt)
	}
	var engines []kvtest.Engine
	for i := range 2 {
		doors, err := c.NewDoors()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(doors.Close)
		opt := tr.opt
		opt.Endpoints = doors.Endpoints
		st := (*etcd.Store)(nil)
		if i == 0 {
			st = fresh(t, opt)
		} else {
			st = reopen(t, opt)
		}
		tr.doors, tr.stores, engines = append(tr.doors, doors), append(tr.stores, st), append(engines, st)
	}
	tr.playing = kvtest.Play(engines, 4, 10*time.Millisecond)
	tr.goesOn(20)
	return tr
}

// goesOn waits until so many updates more are acknowledged.
func (tr *trouble) goesOn(n int) {
	tr.t.Helper()
	from := tr.playing.Since()
	for end := time.Now().Add(patience); tr.playing.Acknowledged(from, tr.playing.Since()) < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			tr.t.Fatalf("nothing goes on: %v\n%s", tr.playing, tr.Logs())
		}
	}
}

// during does something, lets things go on, and says how long nothing was acknowledged.
func (tr *trouble) during(what string, fn func()) {
	tr.t.Helper()
	from := tr.playing.Since()
	fn()
	tr.goesOn(tr.enough)
	gap := tr.playing.Gap(from, tr.playing.Since())
	tr.t.Logf("%s: longest gap between acknowledgements %v", what, gap.Round(10*time.Millisecond))
	if gap > 15*time.Second {
		tr.t.Errorf("%s: nothing was acknowledged for %v", what, gap)
	}
}

func (tr *trouble) leader() int {
	tr.t.Helper()
	ctx, cancel := context.WithTimeout(tr.t.Context(), patience)
	defer cancel()
	i, err := tr.Leader(ctx)
	if err != nil {
		tr.t.Fatal(err)
	}
	return i
}

func (tr *trouble) restart(nodes ...int) {
	tr.t.Helper()
	for _, i := range nodes {
		if err := tr.Restart(i); err != nil {
			tr.t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(tr.t.Context(), patience)
	defer cancel()
	if err := tr.Ready(ctx); err != nil {
		tr.t.Fatal(err)
	}
}

// end stops the writers and judges what they were told.
func (tr *trouble) end() {
	tr.t.Helper()
	tr.playing.Stop(30 * time.Second)
	lost := int64(0)
	for _, st := range tr.stores {
		_, _, unknowns := st.Counts()
		lost += unknowns
	}
	tr.t.Logf("%v; %d answers were lost", tr.playing, lost)
	if err := tr.playing.Check(tr.t.Context(), tr.stores[0]); err != nil {
		tr.t.Errorf("%v\n%v", err, tr.playing)
	}
}

// faults are what can happen to a cluster, each with its end.
var faults = map[string]func(tr *trouble){
	"leader killed": func(tr *trouble) {
		i := tr.leader()
		tr.during("leader killed", func() { tr.Kill(i) })
		tr.during("and back", func() { tr.restart(i) })
	},
	"follower killed": func(tr *trouble) {
		i := (tr.leader() + 1 + rand.IntN(2)) % 3
		tr.during("follower killed", func() { tr.Kill(i) })
		tr.during("and back", func() { tr.restart(i) })
	},
	"leader parted": func(tr *trouble) {
		i := tr.leader()
		tr.during("leader parted from its followers", func() { tr.Isolate(i) })
		tr.during("and healed", tr.HealAll)
	},
	"leader half parted": func(tr *trouble) { // it hears its followers, and they do not hear it
		i := tr.leader()
		tr.during("leader not heard by its followers", func() {
			for j := range 3 {
				if j != i {
					tr.Way(i, j).Hold(etcdtest.There)
					tr.Way(j, i).Hold(etcdtest.Back)
				}
			}
		})
		tr.during("and healed", tr.HealAll)
	},
	"leader paused": func(tr *trouble) {
		i := tr.leader()
		tr.during("leader paused", func() { tr.Pause(i) })
		tr.during("and resumed", func() { tr.Resume(i) })
	},
	"all restarted": func(tr *trouble) {
		tr.during("all nodes killed and restarted", func() {
			for i := range 3 {
				tr.Kill(i)
			}
			tr.restart(0, 1, 2)
		})
	},
	"replies dropped": func(tr *trouble) {
		tr.during("replies dropped", func() {
			for i := range 4 {
				doors := tr.doors[i%2]
				doors.Each(func(l *etcdtest.Link) { l.Lose(etcdtest.Back) })
				time.Sleep(100 * time.Millisecond)
				doors.Each((*etcdtest.Link).Heal)
				tr.goesOn(10)
			}
		})
	},
	"clients cut off": func(tr *trouble) {
		tr.during("clients cut off", func() {
			for _, doors := range tr.doors {
				doors.Each((*etcdtest.Link).Cut)
			}
			time.Sleep(300 * time.Millisecond)
			for _, doors := range tr.doors {
				doors.Each((*etcdtest.Link).Heal)
			}
		})
	},
}

// ours starts the cluster of tests that do harm to it.
func ours(t *testing.T) *etcdtest.Cluster { return etcdtest.Start(t, etcdtest.Options{}) }

// TestFaults lets one thing after the other happen to the cluster while writers are at work.
func TestFaults(t *testing.T) {
	t.Parallel()
	c := ours(t)
	for _, name := range []string{"leader killed", "follower killed", "leader parted", "leader half parted", "leader paused", "all restarted", "replies dropped", "clients cut off"} {
		t.Run(name, func(t *testing.T) {
			// Whoever meets a member that has fallen silent waits for so long: shorter than usual, or this takes minutes.
			tr := begin(t, c, func(opt *etcd.Options) { opt.Attempt = 500 * time.Millisecond })
			faults[name](tr)
			tr.end()
		})
	}
	t.Run("quorum lost", func(t *testing.T) { testQuorumLost(t, c) })
	t.Run("office outlasts", func(t *testing.T) { testOfficeOutlasts(t, c) })
	t.Run("holder killed with the leader", func(t *testing.T) {
		r := newTakeOvers(t, c, 2*mostTakeOver) // beside all else that runs here; TestTakeOvers looks closer
		r.once(withLeader)
		r.told()
	})
	t.Run("updates without a name", func(t *testing.T) { testForgetful(t, c) })
	t.Run("reading from one member", func(t *testing.T) { testTrusting(t, c) })
}

// testQuorumLost: without a majority nothing is acknowledged, and everybody hears so in a bounded time.
func testQuorumLost(t *testing.T, c *etcdtest.Cluster) {
	const attempt, patience = 500 * time.Millisecond, 1500 * time.Millisecond
	tr := begin(t, c, func(opt *etcd.Options) { opt.Attempt, opt.Patience = attempt, patience })
	i := tr.leader()
	tr.Kill(i)
	tr.Kill((i + 1) % 3)
	from := tr.playing.Since()
	time.Sleep(2 * patience)
	to := tr.playing.Since()
	if n := tr.playing.Acknowledged(from+500*time.Millisecond, to); n > 0 { // what was answered before is noted late on a busy machine
		t.Errorf("%d updates were acknowledged without a majority", n)
	}
	// An update whose outcome is in doubt looks for it a little longer than its patience; the usual patience is ten seconds.
	if slowest, most := tr.playing.Slowest(), patience+3*attempt+3*time.Second; slowest > most {
		t.Errorf("an answer took %v, longer than %v", slowest, most)
	}
	tr.during("two of three nodes are back", func() { tr.restart(i, (i+1)%3) })
	tr.end()
}

// testOfficeOutlasts: a cluster without a leader ends no lease, however long that takes, and the next leader gives each its
// time anew. So an office goes on where it was, and whoever waits for it passes over nobody who lives.
func testOfficeOutlasts(t *testing.T, c *etcdtest.Cluster) {
	opt := options(c, c.Doors)
	opt.Patience = 30 * time.Second
	st := fresh(t, opt)
	term, err := st.Campaign(t.Context(), "hear")
	if err != nil {
		t.Fatal(err)
	}
	next := reopen(t, opt)
	waits, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		if _, err := next.Campaign(waits, "hear"); err == nil {
			t.Error("an office was taken from a process that lives")
		}
	}()
	asking(t, c, mission(t, c, opt.Mission), 2)
	c.Kill(0)
	c.Kill(1)
	time.Sleep(4 * time.Second)
	for i := range 2 {
		if err := c.Restart(i); err != nil {
			t.Fatal(err)
		}
	}
	if err := update(term.Bind(t.Context()), st, kv.ID{1}, "put a 1"); err != nil {
		t.Errorf("an update under an office after the nodes were away: %v", err)
	}
	select {
	case <-term.Done():
		t.Error("an office ended while there was no leader")
	case <-time.After(2 * time.Second):
	}
}

// TestKills is TestFaults at length, in any order, on one database (-kills=N).
func TestKills(t *testing.T) {
	if *kills == 0 {
		return // TestFaults has one of each
	}
	c := ours(t)
	var names []string
	for name := range faults {
		names = append(names, name)
	}
	for done := 0; done < *kills; {
		tr := begin(t, c, nil)
		tr.enough = 200
		for range min(10, *kills-done) {
			faults[names[rand.IntN(len(names))]](tr)
			done++
		}
		tr.end()
		if t.Failed() {
			t.Fatalf("after %d faults", done)
		}
		for _, st := range tr.stores {
			st.Close()
		}
	}
}
