package outbox_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/kv/mem"
	"amana/bot/outbox"
	"amana/bot/seal"
	"amana/bot/store"
)

var errDead = errors.New("the process is dead")

// process is one of several with an outbox of its own. While it is paused nothing of it moves; once it is dead nothing ever
// does again.
type process struct {
	gated
	n    int
	stop context.CancelFunc
	all  *carriers

	mu     sync.Mutex
	dead   bool
	paused time.Time // until then
}

func newProcess(st *mem.Store, n int, all *carriers) *process {
	p := &process{n: n, all: all}
	p.gated = gated{st, p.waits}
	return p
}

// waits holds everything up while the process is paused, and ends it once it is dead.
func (p *process) waits() error {
	for {
		p.mu.Lock()
		dead, until := p.dead, p.paused
		p.mu.Unlock()
		switch {
		case dead:
			return errDead
		case !now().Before(until):
			return nil
		}
		time.Sleep(until.Sub(now()))
	}
}

// gated is a store before which something stands.
type gated struct {
	*mem.Store
	gate func() error
}

func (g gated) View(ctx context.Context, fn func(kv.Reader) error) error {
	if err := g.gate(); err != nil {
		return err
	}
	return g.Store.View(ctx, fn)
}

func (g gated) Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error {
	if err := g.gate(); err != nil {
		return err
	}
	return g.Store.Update(ctx, id, fn)
}

// Send takes a random time, in which the process may be paused or die: before anything was sent, or after.
func (p *process) Send(ctx context.Context, to bot.Address, _ []bot.Outgoing) error {
	if err := p.waits(); err != nil {
		return err
	}
	p.all.begins(p, to)
	defer p.all.ends(p, to)
	select {
	case <-time.After(p.all.takes()):
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := p.waits(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil { // as each door asks just before something leaves
		return err
	}
	p.all.sent(p, to)
	return p.waits()
}

// carriers is what the far side sees.
type carriers struct {
	t    *testing.T
	mu   sync.Mutex
	rand *mathrand.Rand
	away map[bot.Address]map[*process]bool
	got  map[bot.Address]int
	hurt map[*process]bool // was paused or killed while it carried: what it carried may come twice
	by   map[bot.Address][]*process
}

func (c *carriers) takes() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rand.IntN(4) == 0 {
		return time.Duration(c.rand.IntN(400)) * time.Second // longer than a claim lives
	}
	return time.Duration(c.rand.IntN(3000)) * time.Millisecond
}

func (c *carriers) begins(p *process, to bot.Address) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for other := range c.away[to] {
		if !c.hurt[other] && !c.hurt[p] {
			c.t.Errorf("processes %d and %d carry to %s at once", other.n, p.n, to)
		}
	}
	if c.away[to] == nil {
		c.away[to] = map[*process]bool{}
	}
	c.away[to][p] = true
}

func (c *carriers) ends(p *process, to bot.Address) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.away[to], p)
}

func (c *carriers) sent(p *process, to bot.Address) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, other := range c.by[to] {
		if other != p && !c.hurt[other] {
			c.t.Errorf("process %d sends to %s what process %d, which lives, has sent", p.n, to, other.n)
		}
	}
	c.got[to]++
	c.by[to] = append(c.by[to], p)
}

// Three outboxes share one shelf. Whatever dies or sleeps in between, nobody is told the same twice while whoever tells them
// lives, and nobody is forgotten.
func TestOutboxesTogether(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { synctest.Test(t, func(t *testing.T) { outboxesTogether(t, seed) }) })
	}
}

func outboxesTogether(t *testing.T, seed uint64) {
	const readers = 24
	m := newMission(t)
	c := &carriers{
		t: t, rand: mathrand.New(mathrand.NewPCG(seed, 1)), away: map[bot.Address]map[*process]bool{}, got: map[bot.Address]int{},
		hurt: map[*process]bool{}, by: map[bot.Address][]*process{},
	}
	base := m.engine.Engine.(*mem.Store)
	var more []string
	for n := range readers {
		id := fmt.Sprintf("reader%d", n)
		more = append(more, id)
		m.sign(nil, m.entry(id))
		m.reach(id, "en")
		m.puts(n, id, now().Add(time.Duration(c.rand.IntN(1200))*time.Second))
	}
	var processes []*process
	var running sync.WaitGroup
	for n := range 3 {
		p := newProcess(base.Join(now), n, c)
		box := m.joined(p, n, p)
		var ctx context.Context
		ctx, p.stop = context.WithCancel(t.Context())
		running.Go(func() { box.Run(ctx) })
		processes = append(processes, p)
	}
	// One of them dies, and another sleeps for longer than it holds what it carries, at random moments.
	chance := mathrand.New(mathrand.NewPCG(seed, 2)) // of its own: the carriers draw from theirs meanwhile
	order := chance.Perm(3)
	time.Sleep(time.Duration(chance.IntN(600)) * time.Second)
	hurt := func(p *process, how func()) {
		c.mu.Lock()
		c.hurt[p] = true
		c.mu.Unlock()
		p.mu.Lock()
		how()
		p.mu.Unlock()
	}
	hurt(processes[order[0]], func() { processes[order[0]].dead = true })
	processes[order[0]].stop()
	time.Sleep(time.Duration(chance.IntN(600)) * time.Second)
	sleeper := processes[order[1]]
	hurt(sleeper, func() { sleeper.paused = now().Add(time.Duration(4+chance.IntN(10)) * time.Minute) })
	time.Sleep(2 * time.Hour)
	c.mu.Lock()
	for _, id := range more {
		to := bot.Address("staff:" + id)
		healthy := 0
		for _, p := range c.by[to] {
			if !c.hurt[p] {
				healthy++
			}
		}
		switch {
		case c.got[to] == 0:
			t.Errorf("%s was told nothing", id)
		case healthy > 1, c.got[to] > 3:
			t.Errorf("%s was told %d times, %d times by processes that live", id, c.got[to], healthy)
		}
	}
	c.mu.Unlock()
	if backlog, err := m.registry.Backlog(t.Context()); backlog != 0 || err != nil {
		t.Errorf("%d notices are left: %v", backlog, err)
	}
	for _, p := range processes {
		p.stop()
	}
	running.Wait()
}

// taken is a door in whose midst a process can be paused or killed.
type taken struct {
	p     *process
	begun chan struct{}
	n     atomic.Int32
}

func (d *taken) Send(ctx context.Context, _ bot.Address, _ []bot.Outgoing) error {
	close(d.begun)
	time.Sleep(time.Second)
	if err := d.p.waits(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	d.n.Add(1)
	return nil
}

// A process dies, or is paused, with a notice in its hands that it has not sent. Another one sends it within a quarter of a
// minute, and no sooner than the first has given it up; the first, when it goes on, sends nothing.
func TestInTheHandsOfTheDead(t *testing.T) {
	for _, what := range []string{"killed", "paused"} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMission(t)
				base := m.engine.Engine.(*mem.Store)
				m.sign(nil, m.entry("reader"))
				m.reach("reader", "en")
				m.puts(0, "reader", now())
				var running sync.WaitGroup
				defer running.Wait()
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				first := newProcess(base.Join(now), 0, nil)
				door := &taken{p: first, begun: make(chan struct{})}
				box := m.joined(first, 0, door)
				running.Go(func() { box.Run(ctx) })
				<-door.begun
				begun := now()
				first.mu.Lock()
				first.dead, first.paused = what == "killed", begun.Add(time.Minute)
				first.mu.Unlock()
				var got counting
				other := m.joined(base.Join(now), 1, &got)
				running.Go(func() { other.Run(ctx) })
				for got.n.Load() == 0 && now().Sub(begun) < time.Hour {
					time.Sleep(100 * time.Millisecond)
				}
				if took := now().Sub(begun); took > 15*time.Second || took < 8*time.Second {
					t.Errorf("carried by another process after %v", took)
				}
				time.Sleep(10 * time.Minute)
				if n, late := got.n.Load(), door.n.Load(); n != 1 || late != 0 {
					t.Errorf("carried %d times, and %d times by the one that was %s", n, late, what)
				}
			})
		})
	}
}

// A door that takes its time is waited for: nobody else carries what is on its way, and nothing of it is given up.
func TestASlowDoorIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, base := oneIsTold(t)
		var running sync.WaitGroup
		defer running.Wait()
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var slow, got counting
		carries := m.joined(base.Join(now), 0, slowly{&slow})
		waits := m.joined(base.Join(now), 1, &got)
		running.Go(func() { carries.Run(ctx) })
		time.Sleep(100 * time.Millisecond)
		running.Go(func() { waits.Run(ctx) })
		time.Sleep(10 * time.Minute)
		if one, other := slow.n.Load(), got.n.Load(); one != 1 || other != 0 {
			t.Errorf("carried %d times, and %d times by another process", one, other)
		}
	})
}

// slowly is a door that takes a minute.
type slowly struct{ *counting }

func (d slowly) Send(ctx context.Context, to bot.Address, outs []bot.Outgoing) error {
	select {
	case <-time.After(time.Minute):
		return d.counting.Send(ctx, to, outs)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// outage is when a store is away from all who share it.
type outage struct {
	mu    sync.Mutex
	until time.Time
}

func (o *outage) begin(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.until = now().Add(d)
}

func (o *outage) away() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if now().Before(o.until) {
		return kv.ErrAway
	}
	return nil
}

// The store is away from everybody for half a minute, just when a notice was sent and that is to be written down. Nobody takes whom
// nobody could hear of for dead: it is not sent again.
func TestSentWhileTheStoreIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, base := oneIsTold(t)
		var running sync.WaitGroup
		defer running.Wait()
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var out outage
		var again counting
		carries := m.joined(gated{base.Join(now), out.away}, 0, sends(func() { time.Sleep(5900 * time.Millisecond); out.begin(30500 * time.Millisecond) }))
		waits := m.joined(gated{base.Join(now), out.away}, 1, &again)
		running.Go(func() { carries.Run(ctx) })
		time.Sleep(1500 * time.Millisecond) // it sees the last claim before the store goes, and is the first to look when it is back
		running.Go(func() { waits.Run(ctx) })
		time.Sleep(10 * time.Minute)
		if n := again.n.Load(); n != 0 {
			t.Errorf("what was sent was sent again %d times", n)
		}
		if left, err := m.registry.Backlog(t.Context()); left != 0 || err != nil {
			t.Errorf("%d notices are left: %v", left, err)
		}
	})
}

// sends is a door that sends, and does something with it.
type sends func()

func (s sends) Send(context.Context, bot.Address, []bot.Outgoing) error {
	s()
	return nil
}

// oneIsTold makes a mission in which one reader is to be told of one report, and gives the engine under it.
func oneIsTold(t *testing.T) (*mission, *mem.Store) {
	m := newMission(t)
	m.sign(nil, m.entry("reader"))
	m.reach("reader", "en")
	m.puts(0, "reader", now())
	return m, m.engine.Engine.(*mem.Store)
}

// joined gives the outbox of one process more over the shelf of a mission.
func (m *mission) joined(s kv.Store, n int, staff outbox.Carrier) *outbox.Outbox {
	m.t.Helper()
	words, err := book()
	ok(m.t, err)
	roots, err := seal.OpenRoots(m.t.TempDir()+"/run", now(), rand.Reader)
	ok(m.t, err)
	registry, err := casework.New(m.t.Context(), casework.Options{
		Store: store.New(s, m.store.House(), roots), Roots: roots, Kiln: seal.QuickKiln(), Now: now, Rand: rand.Reader,
		OrgName: func(_, org string) string { return org }, Process: [16]byte{byte(n + 1)},
	})
	ok(m.t, err)
	return outbox.New(outbox.Options{
		Shelf: registry, Clock: noClock{}, Staff: staff, Book: words, Zone: time.UTC, Lang: "en", Now: now, Lanes: 4,
	})
}

// stuck is a door that brings nothing through before it is told to stop.
type stuck struct{}

func (stuck) Send(ctx context.Context, _ bot.Address, _ []bot.Outgoing) error {
	<-ctx.Done()
	return ctx.Err()
}

// counting is a door that counts.
type counting struct{ n atomic.Int32 }

func (c *counting) Send(context.Context, bot.Address, []bot.Outgoing) error {
	c.n.Add(1)
	return nil
}

// What a process is carrying when it is told to stop another one carries at once, and does not wait for the end of a claim.
func TestAStopGivesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, base := oneIsTold(t)
		var running sync.WaitGroup
		defer running.Wait()
		first, stop := context.WithCancel(t.Context())
		holds := m.joined(base.Join(now), 0, stuck{})
		running.Go(func() { holds.Run(first) })
		second, end := context.WithCancel(t.Context())
		defer end()
		var got counting
		time.Sleep(10 * time.Second)
		waits := m.joined(base.Join(now), 1, &got)
		running.Go(func() { waits.Run(second) })
		time.Sleep(10 * time.Second)
		if n := got.n.Load(); n != 0 {
			t.Errorf("what another process carries was carried %d times", n)
		}
		stop()
		time.Sleep(10 * time.Second)
		if n := got.n.Load(); n != 1 {
			t.Errorf("what was given back was carried %d times", n)
		}
	})
}

// noClock moves nothing: the clock is another office.
type noClock struct{}

func (noClock) Tick(context.Context) (int, error)            { return 0, nil }
func (noClock) Nudges(context.Context) ([]bot.Parcel, error) { return nil, nil }
