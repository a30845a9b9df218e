//go:build etcd

package etcd_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
	"amana/bot/kv/etcd/etcdtest"
	"amana/bot/kv/kvtest"
)

// mostTakeOver is for how long nobody may hold an office after its holder was killed.
const mostTakeOver = 5 * time.Second

// What dies in a take-over.
type deaths int

const (
	alone       deaths = iota // the holder
	withLeader                // and at the same instant the leader of the nodes
	leaderLater               // and within a second the leader
	leaderOnly                // the leader, and the holder stays
)

func (d deaths) String() string {
	return []string{"the holder killed", "the leader killed with it", "the leader killed within a second", "the leader killed alone"}[d]
}

// takeOvers lets one process after the other hold an office, and another wait for it.
type takeOvers struct {
	*testing.T
	c      *etcdtest.Cluster
	name   string
	m      kvtest.Mission
	n      int
	holder *child
	most   time.Duration // that a take-over may take
	took   map[deaths][]time.Duration
}

func newTakeOvers(t *testing.T, c *etcdtest.Cluster, most time.Duration) *takeOvers {
	opt := options(c, c.Doors)
	fresh(t, opt)
	r := &takeOvers{T: t, c: c, name: opt.Mission, m: mission(t, c, opt.Mission), most: most, took: map[deaths][]time.Duration{}}
	r.holder = r.hire()
	r.holder.waits("elected")
	return r
}

func (r *takeOvers) hire() *child {
	r.n++
	return hire(r.T, r.c, part{Name: fmt.Sprint("p", r.n), Mission: r.name})
}

// once lets something die, and sees to it that everything is as before.
func (r *takeOvers) once(d deaths) {
	r.Helper()
	waiter := r.hire()
	first := fmt.Sprintf("p%d.0", r.n)
	asking(r.T, r.c, r.m, 2)
	time.Sleep(rand.N(time.Second)) // anywhere between two beats
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	leader, err := r.c.Leader(ctx)
	if err != nil {
		r.Fatal(err)
	}
	begun := time.Now()
	if d == withLeader || d == leaderOnly {
		r.c.Kill(leader)
	}
	if d != leaderOnly {
		r.holder.kill()
	}
	if d == leaderLater {
		time.Sleep(rand.N(time.Second))
		r.c.Kill(leader)
	}
	if d == leaderOnly {
		time.Sleep(mostTakeOver)
		if said := r.holder.heard("deposed"); said || waiter.heard("elected") {
			r.Errorf("an office was taken from a process that lives (it heard so: %v)", said)
		}
		waiter.kill()
	} else {
		took := waiter.waits(first).Sub(begun)
		r.took[d] = append(r.took[d], took)
		r.holder = waiter
		if took > r.most {
			r.Errorf("%v: nobody held the office for %v", d, took)
		}
	}
	if d != alone {
		if err := r.c.Restart(leader); err != nil {
			r.Fatal(err)
		}
		if err := r.c.Ready(ctx); err != nil {
			r.Fatal(err)
		}
	}
	for end := time.Now().Add(patience); r.m.Asking("hear") > 1; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			r.Fatal("the dead still stand in the line")
		}
	}
}

// told gives how long each kind took: the middle, the longest, how many.
func (r *takeOvers) told() {
	for d, all := range r.took {
		slices.Sort(all)
		r.Logf("%v: the office was taken over within %v, half of the time %v (%d times)", d,
			all[len(all)-1].Round(10*time.Millisecond), all[len(all)/2].Round(10*time.Millisecond), len(all))
	}
}

var busy = flag.Bool("busy", false, "TestTakeOvers: every processor works at something else meanwhile, twice over")

// TestTakeOvers lets holders and leaders die, one after the other, in all kinds (-kills=N, half as often).
func TestTakeOvers(t *testing.T) {
	if *kills == 0 {
		return // TestHolders and TestFaults do it once
	}
	if *busy {
		stop := make(chan struct{})
		defer close(stop)
		for range 2 * runtime.GOMAXPROCS(0) {
			go func() {
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					default:
					}
				}
			}()
		}
	}
	r := newTakeOvers(t, ours(t), mostTakeOver)
	defer r.told()
	for i := range (*kills + 1) / 2 {
		r.once(deaths(i % 4))
	}
}

// TestPassedOver puts keys into a line before somebody: one without a sign of the present reign is passed over, one with it is
// not, nor one of a program that gives none. Where the reign changes meanwhile, as it does on a busy machine, nothing is shown.
func TestPassedOver(t *testing.T) {
	t.Parallel()
	opt := options(shared, shared.Doors)
	st := fresh(t, opt)
	reign := func() uint64 {
		now, err := shared.Admin().Get(t.Context(), "x")
		if err != nil {
			t.Fatal(err)
		}
		return now.Header.RaftTerm
	}
	sign := func(reign uint64) string { return strconv.FormatUint(reign, 10) }
	for what, c := range map[string]struct {
		sign, later func(uint64) string
		passed      bool
	}{
		"of an earlier reign":   {func(now uint64) string { return sign(now - 1) }, nil, true},
		"of this reign":         {sign, nil, false},
		"of a later one":        {func(now uint64) string { return sign(now + 1) }, nil, false},
		"of an earlier program": {func(uint64) string { return "" }, nil, false},
		"late":                  {func(now uint64) string { return sign(now - 1) }, sign, false},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			for try := range 5 {
				office := fmt.Sprint("hear", len(what), ".", try)
				key := line(t, opt.Mission, office) + "0"
				now := reign()
				if _, err := shared.Admin().Put(t.Context(), key, c.sign(now)); err != nil {
					t.Fatal(err)
				}
				within := patience
				if !c.passed {
					within = 3 * time.Second
				}
				begun := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), within)
				defer cancel()
				if c.later != nil {
					time.AfterFunc(time.Second/2, func() { _, _ = shared.Admin().Put(t.Context(), key, c.later(now)) })
				}
				term, err := st.Campaign(ctx, office)
				if reign() != now {
					continue
				}
				if passed := err == nil; passed != c.passed {
					t.Errorf("passed over: %v (%v)", passed, err)
				}
				if err != nil {
					return
				}
				t.Logf("passed over after %v", time.Since(begun).Round(10*time.Millisecond))
				got, err := shared.Admin().Get(t.Context(), line(t, opt.Mission, office), clientv3.WithPrefix())
				if err != nil || len(got.Kvs) != 1 || string(got.Kvs[0].Key) == key {
					t.Errorf("in the line stand %v: %v", got, err)
				}
				if err := update(term.Bind(t.Context()), st, kv.ID{1}, "put a 1"); err != nil {
					t.Error(err)
				}
				return
			}
			t.Error("the reign changed each time")
		})
	}
}
