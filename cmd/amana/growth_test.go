package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
)

var (
	growTalks   = flag.Int("growth", 1_000_000, "how many open conversations TestGrowth makes with -bars")
	growReports = flag.Int("growth-reports", 100_000, "how many reports TestGrowth makes with -bars")
)

// TestGrowth makes more and more open conversations, and in another mission more and more reports, by the rooms that make
// them when people do, in this process and with receipts that cost little; and looks at each power of ten what has grown:
// the file, the memory of the served program, its start, a turn, and everything that is done again and again. It fails
// when something is lost or does not hold together. With -bars the figures are printed, of a hundred at a time else.
func TestGrowth(t *testing.T) {
	t.Parallel()
	talks, reports := 200, 60
	first := [2]int{20, 20}
	if *bars {
		talks, reports, first = *growTalks, *growReports, [2]int{1000, 1000}
	}
	b := &barTable{T: t}
	b.grow("conversations", first[0], talks, newGrowing(t).converse)
	b.grow("reports", first[1], reports, newGrowing(t).report)
}

// growing is a mission that grows.
type growing struct {
	*trial
	kept *backing
	n    int
	work int // at the same time
}

// grown is what was measured at one size.
type grown struct {
	name string
	took time.Duration
	size int64 // of anything that is no time: bytes
}

func newGrowing(t *testing.T) *growing {
	g := &growing{work: 16}
	o := trialOptions{level: "error"}
	if *bars {
		g.work, o.program = 256, filepath.Join(t.TempDir(), "amana")
		if out, err := exec.Command("go", "build", "-tags="+buildTags[*storeName], "-trimpath", "-o", o.program, ".").CombinedOutput(); err != nil {
			t.Fatalf("building the program: %v\n%s", err, out)
		}
	}
	g.trial = newTrial(t, o)
	g.kept = keepIn(g.trial)
	g.serve()
	g.enrol()
	g.stop()
	return g
}

// roomy opens the mission in this process, without the bounds that keep a flood of reports from it.
func (g *growing) roomy() *house {
	g.Helper()
	conf, err := readConfig(g.config())
	if err != nil {
		g.Fatal(err)
	}
	conf.ground = conditions{kiln: seal.QuickKiln(), many: true}
	h, err := openHouse(context.Background(), conf)
	if err != nil {
		g.Fatal(err)
	}
	if h.bolt != nil {
		if err := h.bolt.Check(context.Background()); err != nil {
			g.Fatal(err)
		}
	}
	return h
}

// grow measures at each power of ten, and prints a table.
func (b *barTable) grow(what string, first, most int, more func(to int) []grown) {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 3, ' ', tabwriter.AlignRight)
	for n := first; n <= most; n *= 10 {
		all := more(n)
		if n == first {
			fmt.Fprint(w, what+"\t")
			for _, m := range all {
				fmt.Fprint(w, m.name+"\t")
			}
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%d\t", n)
		line := fmt.Sprintf("BenchmarkGrowth/%s=%d/store=%s-%d 1", what, n, *storeName, runtime.GOMAXPROCS(0))
		for _, m := range all {
			unit := strings.NewReplacer(" ", "-", ",", "").Replace(m.name)
			if m.size > 0 {
				fmt.Fprintf(w, "%.1f MiB\t", float64(m.size)/(1<<20))
				line += fmt.Sprintf(" %d %s-B", m.size, unit)
				continue
			}
			fmt.Fprintf(w, "%v\t", rounded(m.took))
			line += fmt.Sprintf(" %d %s-ns", m.took.Nanoseconds(), unit)
		}
		fmt.Fprintln(w)
		b.lines = append(b.lines, line)
		b.Logf("%s: %d: %v", what, n, all)
	}
	w.Flush()
	if *bars {
		fmt.Fprintf(os.Stdout, "\nwhat grows: %d cores, %s\n\n%s", runtime.NumCPU(), runtime.Version(), table.String())
		b.printLines()
	}
}

// rounded leaves three digits or so.
func rounded(d time.Duration) time.Duration {
	for unit := time.Second; unit > time.Microsecond; unit /= 10 {
		if d >= 10*unit {
			return d.Round(unit / 10)
		}
	}
	return d.Round(10 * time.Nanosecond)
}

// together does something n times, many at once.
func (g *growing) together(n int, one func(int) error) {
	var all sync.WaitGroup
	var next atomic.Int64
	for range g.work {
		all.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				if err := one(i); err != nil {
					g.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// converse brings people to the menu, where they stay, until there are so many.
func (g *growing) converse(to int) []grown {
	h := g.roomy()
	b := &barTable{}
	begin := time.Now()
	g.together(to-g.n, func(int) error {
		_, err := b.newPerson().walkTo(h, "menu")
		return err
	})
	made := time.Since(begin)
	g.n = to
	out := append([]grown{{name: "made in", took: made}}, g.turns(h)...)
	out = append(out,
		g.times("sweep", 1, func() error { return h.registry.Sweep(context.Background(), h.room.Live) }),
		g.times("sweep of voices", 1, func() error {
			return h.registry.SweepVoices(context.Background(), h.room.Named)
		}),
	)
	if n := g.drafts(h); n < to {
		g.Errorf("of %d conversations %d are there", to, n)
	}
	return append(out, g.served(h)...)
}

// drafts counts the conversations on their shelf.
func (g *growing) drafts(h *house) (n int) {
	err := h.store.View(context.Background(), func(r *store.Read) error {
		for after := (bot.Person{}); ; {
			page, err := r.Drafts(after, 500)
			if err != nil || len(page) == 0 {
				return err
			}
			n, after = n+len(page), page[len(page)-1].Person
		}
	})
	if err != nil {
		g.Error(err)
	}
	return n
}

// report files reports until there are so many. All of them wait to be told of, and then none.
func (g *growing) report(to int) []grown {
	ctx := context.Background()
	h := g.roomy()
	b := &barTable{}
	begin := time.Now()
	g.together(to-g.n, func(int) error {
		p := b.newPerson()
		err := g.file(h, p)
		for errors.Is(err, bot.ErrBusy) { // more wait for a receipt than the queue holds: as people are asked to, they press again
			time.Sleep(time.Second)
			err = g.file(h, p)
		}
		return err
	})
	made := time.Since(begin)
	g.n = to
	out := append([]grown{{name: "made in", took: made}}, g.turns(h)...)
	out = append(out, g.times("filing, quick receipt", 20, func() error { return g.file(h, b.newPerson()) }))
	g.n += 20
	look := func() error { _, err := h.registry.Notices(ctx, 8, nil); return err }
	out = append(out, g.times("look, all wait", 1, look))
	g.carry(h)
	out = append(out, g.times("look, none waits", 5, look), g.times("tick", 3, func() error { _, err := h.registry.Tick(ctx); return err }))
	now := h.registry.Now
	h.registry.Now = func() time.Time { return now().Add(25 * time.Hour) } // when nobody has opened any of them in time
	out = append(out, g.times("tick, all move", 1, func() error { _, err := h.registry.Tick(ctx); return err }),
		g.times("tick after it", 3, func() error { _, err := h.registry.Tick(ctx); return err }))
	h.registry.Now = now
	g.carry(h)
	out = append(out,
		g.times("inbox", 1, func() error { _, err := h.registry.Inbox(ctx, "ana"); return err }),
		g.times("sweep", 1, func() error { return h.registry.Sweep(ctx, h.room.Live) }),
		g.times("verify", 1, func() error {
			problems, err := h.registry.Verify(ctx)
			if len(problems) > 0 {
				return fmt.Errorf("the shelves do not hold together: %v", problems)
			}
			return err
		}))
	return append(out, g.served(h)...)
}

// file sends one report as a conversation does that has come to its end.
func (g *growing) file(h *house, p *heardPerson) error {
	done, err := h.registry.Commit(context.Background(), bot.Turn{
		Person: p.person, Address: "telegram:1", Lang: "en",
		Filing: &bot.Filing{Kind: "sea", Lang: "en", Facts: bot.Facts{
			{Flow: "report", Step: "story", Lang: "en", Text: "She was told to come back alone in the evening, and that there would be a place on the list."},
		}},
	})
	if err != nil {
		return err
	}
	if done.Receipt == "" {
		return fmt.Errorf("a filing gave no receipt")
	}
	return h.registry.Shown(context.Background(), p.person, done.Closing)
}

// carry takes off the shelf whatever waits to be told, as if all of it had arrived.
func (g *growing) carry(h *house) {
	var all []store.Waiting
	err := h.store.View(context.Background(), func(r *store.Read) (err error) {
		all, err = r.Notices(time.Time{}, math.MaxInt)
		return err
	})
	if err != nil {
		g.Error(err)
	}
	g.together(len(all), func(i int) error {
		return h.registry.NoticeDone(context.Background(), bot.Notice{ID: all[i-1].ID, Due: all[i-1].Due})
	})
}

// turns are those of one person who has nobody beside them.
func (g *growing) turns(h *house) []grown {
	n := 20
	if *bars {
		n = 1000
	}
	p := (&barTable{}).newPerson()
	if _, err := p.say(h, bot.Start, ""); err != nil {
		g.Error(err)
	}
	var all []time.Duration
	for range n {
		begin := time.Now()
		if _, err := p.say(h, bot.Text, "?"); err != nil {
			g.Error(err)
		}
		all = append(all, time.Since(begin))
	}
	slices.Sort(all)
	return []grown{{name: "turn p50", took: all[len(all)/2]}, {name: "turn p99", took: all[len(all)*99/100]}}
}

// times gives how long something takes: the median of n.
func (g *growing) times(name string, n int, do func() error) grown {
	var all []time.Duration
	for range n {
		begin := time.Now()
		if err := do(); err != nil {
			g.Errorf("%s: %v", name, err)
		}
		all = append(all, max(time.Since(begin), time.Nanosecond))
	}
	slices.Sort(all)
	return grown{name: name, took: all[n/2]}
}

// served closes the house, starts the program on it, and weighs both.
func (g *growing) served(h *house) []grown {
	if err := h.Close(); err != nil {
		g.Error(err)
	}
	sizes := g.kept.size()
	start := g.times("start", 1, func() error { g.serve(); return nil })
	work := grown{name: "its work", took: workOf(g.trial.served.cmd.Process.Pid)}
	if *bars {
		time.Sleep(5*time.Second + time.Duration(g.n)*20*time.Microsecond)
	}
	all, own := (&barTable{T: g.TB.(*testing.T)}).resident(g.trial.served.cmd.Process.Pid)
	g.stop()
	return append([]grown{start, work, {name: "RSS", size: int64(all) << 20}, {name: "of its own", size: int64(own) << 20}}, sizes...)
}
