package casework_test

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/outbox"
	"amana/bot/retention"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// lanes is how many cases are worked on beside each other: more than there are processors, so that many share a commit.
const lanes = 48

// year is a mission that is played, and the book beside it.
type year struct {
	*mission
	size   yearSize
	outbox *outbox.Outbox
	staff  []*member
	doors  *doors
	keeper *retention.Keeper
	chance *rand.Rand      // of the serial part alone
	shaken map[string]bool // who has another key or left since all was last looked at

	mu    sync.Mutex
	next  deeds
	codes map[string]*matter
	cases []*matter
	odd   []*matter // of which something is wrong

	months map[seal.KeyID]map[string]int // what the counters should say
	sheets map[string][][]byte           // blank ones, by the key of their writer

	looks sync.WaitGroup // of those who look whether all holds together

	sums sums
}

// sums are what the figures are made of.
type sums struct {
	filed, refused, letters, withdrawn, answers, notes, acknowledged, shared, handed, recused, resealed, recovered, closed atomic.Int64
	missed, escalated, carried, months, forgotten, failed, dead, nudges, checked, lacked                                   atomic.Int64
}

// deed is something that somebody does at a time. Those about the same case are done one after the other.
type deed struct {
	at  time.Time
	seq int
	of  *matter
	do  func()
}

type deeds []deed

func (d deeds) Len() int { return len(d) }
func (d deeds) Less(i, j int) bool {
	return d[i].at.Before(d[j].at) || d[i].at.Equal(d[j].at) && d[i].seq < d[j].seq
}
func (d deeds) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d *deeds) Push(x any)   { *d = append(*d, x.(deed)) }
func (d *deeds) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}

// later lets something be done at a time.
func (y *year) later(c *matter, at time.Time, do func()) {
	y.mu.Lock()
	defer y.mu.Unlock()
	heap.Push(&y.next, deed{at, len(y.codes)<<20 + len(y.next), c, do})
}

func newYear(t *testing.T, size yearSize) *year {
	y := &year{size: size, codes: map[string]*matter{}, months: map[seal.KeyID]map[string]int{}, shaken: map[string]bool{}, sheets: map[string][][]byte{}, chance: rand.New(rand.NewPCG(7, 2027))}
	dir := t.TempDir()
	if fast, err := os.MkdirTemp("/dev/shm", "amana-year-"); err == nil { // commits are whole there too, and wait for no disk
		dir = fast
		t.Cleanup(func() { _ = os.RemoveAll(fast) })
	}
	y.mission = startIn(t, dir, true, func(o *casework.Options) {
		o.Delay = casework.Delay{Least: time.Minute, Normal: 15 * time.Minute, Urgent: 2 * time.Minute}
		o.Routes = ticket.Routes{Forces: map[string][]string{"police": {"ministry"}}}
	})
	y.keeper = y.mission.keeper(func(o *retention.Options) { o.Rules.Report, o.Rules.Feedback = 6, 2 })
	y.people()
	y.doors = newDoors(y)
	y.outbox = outbox.New(outbox.Options{
		Shelf: y.registry, Clock: y.registry, Staff: y.doors, Book: yearBook(), Zone: time.UTC, Lang: "en", Now: y.now,
		Gone: y.doors.gone, Lanes: 64, // so that one round reaches everybody
	})
	return y
}

// play lets the time pass.
func (y *year) play() {
	ctx := y.t.Context()
	y.schedule()
	beats := make(chan struct{}, 1) // the program may be one behind, as it is on a slow machine
	var clocks sync.WaitGroup
	clocks.Go(func() {
		for range beats {
			y.clocks(ctx)
		}
	})
	end := y.now().AddDate(0, 0, y.size.days)
	for n := 0; y.now().Before(end) && !y.t.Failed(); n++ {
		y.wait(y.size.beat)
		y.keeps(ctx)
		beats <- struct{}{}
		y.together(y.due())
	}
	close(beats)
	clocks.Wait()
	y.looks.Wait()
	for _, c := range y.odd {
		y.t.Logf("case %d\n%s", c.n, y.story(c))
	}
}

// clocks lets the program move its deadlines and carry its notices, while people do what they do.
func (y *year) clocks(ctx context.Context) {
	if _, err := y.registry.Tick(ctx); err != nil {
		y.t.Errorf("moving deadlines: %v", err)
	}
	for y.outbox.Round(ctx) > 0 {
	}
	lines, err := y.registry.Nudges(ctx)
	if err != nil {
		y.t.Errorf("looking for lines: %v", err)
	}
	y.sums.nudges.Add(int64(len(lines)))
}

// keeps is what the program does by itself: keys of the months to come, roots, sweeping; and once a day what people do who
// look after the mission. Whoever looks whether all holds together, tidies or forgets does it while the mission goes on.
func (y *year) keeps(ctx context.Context) {
	y.sweep()
	if h := time.Duration(y.now().Hour()) * time.Hour; h < 6*time.Hour || h >= 6*time.Hour+y.size.beat {
		return
	}
	_, err := y.house.Ensure(y.now())
	ok(y.t, err)
	_, err = y.file.Forget(ctx, kv.DayOf(y.now())-2)
	ok(y.t, err)
	y.everyCaseIsWithSomebody(false)
	y.staffing()
	switch day := y.now().Day(); {
	case day == 2 && (!*wholeYear || y.now().Month()%3 == 0):
		y.looks.Wait()
		month := y.now().AddDate(0, -1, 0)
		y.looks.Go(func() { y.whole(); y.counted(month) })
	case day == 14:
		y.looks.Wait()
		y.looks.Go(func() {
			if err := y.keeper.Tidy(ctx); err != nil {
				y.t.Errorf("tidying: %v", err)
			}
		})
	case day == 28:
		y.looks.Wait() // what is looked at is not to be forgotten meanwhile
		y.looks.Go(func() {
			done, err := y.keeper.Forget(ctx)
			if err != nil {
				y.t.Errorf("forgetting: %v", err)
			}
			y.sums.months.Add(int64(len(done)))
		})
	}
}

// due takes the deeds whose time has come.
func (y *year) due() (now []deed) {
	y.mu.Lock()
	defer y.mu.Unlock()
	for len(y.next) > 0 && !y.next[0].at.After(y.now()) {
		now = append(now, heap.Pop(&y.next).(deed))
	}
	return now
}

// together does what is due, what concerns different cases beside each other.
func (y *year) together(now []deed) {
	of := map[*matter][]deed{}
	var order []*matter
	for _, d := range now {
		if of[d.of] == nil {
			order = append(order, d.of)
		}
		of[d.of] = append(of[d.of], d)
	}
	work := make(chan *matter)
	var wg sync.WaitGroup
	for range lanes {
		wg.Go(func() {
			for c := range work {
				for _, d := range of[c] {
					d.do()
				}
			}
		})
	}
	for _, c := range order {
		work <- c
	}
	close(work)
	wg.Wait()
}

// schedule spreads what people will file over the time there is: more by day, more in some weeks.
func (y *year) schedule() {
	from := y.now()
	for n := range y.size.reports {
		day := int(float64(y.size.days-1) * y.chance.Float64())
		if week := day / 7; week%9 == 4 && y.chance.IntN(2) == 0 { // a distribution, a flood, a rumour
			day = min(week*7+y.chance.IntN(3), y.size.days-1)
		}
		at := from.AddDate(0, 0, day).Add(time.Duration(y.chance.NormFloat64()*4*float64(time.Hour)) + time.Duration(y.chance.IntN(3600))*time.Second)
		if at.Before(from) {
			at = from
		}
		c := &matter{year: y, n: n, chance: rand.New(rand.NewPCG(uint64(n), 2027)), sampled: n%y.size.sample == 0, all: n%(5*y.size.sample) > 0}
		y.cases = append(y.cases, c)
		y.later(c, at, c.file)
	}
}

// view reads the outer record of a case.
func (y *year) view(c *matter) (rep ticket.Report, under seal.KeyID, err error) {
	err = y.store.View(y.t.Context(), func(r *store.Read) (err error) {
		rep, under, err = r.Report(c.ref)
		return err
	})
	return rep, under, err
}

func (y *year) errorf(c *matter, format string, args ...any) {
	y.t.Errorf("%s, case %d (%s): %s", y.now().Format("2006-01-02 15:04"), c.n, c.code, fmt.Sprintf(format, args...))
	y.mu.Lock()
	defer y.mu.Unlock()
	if !slices.Contains(y.odd, c) {
		y.odd = append(y.odd, c)
	}
}

// story is what the chain of a case says, and what stands in the book of it.
func (y *year) story(c *matter) string {
	var b strings.Builder
	err := y.store.View(y.t.Context(), func(r *store.Read) error {
		rep, under, err := r.Report(c.ref)
		if err != nil {
			return err
		}
		b.Reset()
		chain, err := r.ReportChain(under, rep.ID)
		for _, e := range chain {
			fmt.Fprintf(&b, "\t%v %s %s %s\n", e.Day, e.Who, e.Did, e.Whom)
		}
		fmt.Fprintf(&b, "\tthe shelf: %s, %+v, due %+v\n", rep.State, rep.Readers, rep.Due)
		return err
	})
	fmt.Fprintf(&b, "\tthe book: %s, filed %v, hands %v, withdrew %v (%d times taken back), unseen by %v, due %v; %v\n", c.state, c.filed, c.hands, c.withdrew, c.kept, c.unseen, c.due, err)
	return b.String()
}
