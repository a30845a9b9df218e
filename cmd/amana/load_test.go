package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

var (
	loadFor   = flag.Duration("load-for", 20*time.Second, "how long each part of TestLoad lasts with -bars")
	loadRate  = flag.Float64("load-rate", 12, "how many people come in a second in TestLoad with -bars")
	loadSeats = flag.Int("load-seats", 64, "how many people without pauses find the maximum in TestLoad with -bars")
	loadSends = flag.Int("load-sends", 20, "how many seconds reports are sent at each rate in TestLoad with -bars")
	loadStand = flag.Int("load-stand", 2000, "how many conversations stand open in TestLoad with -bars when the server is weighed")
	loadBurst = flag.Int("load-burst", 100, "how many people send a report at once in TestLoad with -bars")
	loadPause = flag.Duration("load-pause", time.Second, "median of the pauses of people in TestLoad with -bars")
	loadSlow  = flag.Duration("load-slow", 20*time.Millisecond, "how long each of the two flushes of a commit takes on the slow disk of TestLoad")
	loadProf  = flag.String("load-profile", "", "a folder for CPU and allocation profiles of the server under TestLoad; empty: none")
)

// What the program is told of the ground of a load.
const (
	unboundMark = "AMANA_TEST_UNBOUND" // set: the doors send as fast as they can, and SIGUSR2 gives back what is not needed
	slowMark    = "AMANA_TEST_SLOW"    // how much longer a commit takes
	profileMark = "AMANA_TEST_PROFILE" // a folder for profiles
)

// load reads what a proof of load asks for.
func (c *conditions) load(env func(string) string) (end func(), err error) {
	if env(unboundMark) != "" {
		c.rates = telegram.Rates{Chat: 1e6, ChatBurst: 1e6, All: 1e6, AllBurst: 1e6}
		tidy := make(chan os.Signal, 1)
		signal.Notify(tidy, syscall.SIGUSR2)
		go func() {
			for range tidy {
				debug.FreeOSMemory()
			}
		}()
	}
	if slow := env(slowMark); slow != "" {
		d, err := time.ParseDuration(slow)
		if err != nil {
			return nil, err
		}
		c.disk = func(commit func() error) error {
			time.Sleep(d)
			return commit()
		}
	}
	return profiled(env(profileMark))
}

// TestLoad lets a crowd talk to `amana serve`, over real HTTP and with a real file on a real disk:
//
//   - people who come at a rate of their own, whether or not those before them were answered, and pause as people do;
//   - the same while the server is killed and started again;
//   - the same on a slow disk;
//   - people without any pauses, as many turns as there can be;
//   - reports sent at one, two, four and eight a second;
//   - with -bars, more reports at once than the slow step of receipts takes: who does not get a receipt is asked to try
//     again, and gets one later.
//
// Every part fails for what was lost, doubled or never answered, and never for a figure. Those are printed with -bars,
// which also makes the crowd larger. Neither the fake nor the program keeps to the limits of Telegram here, 30 messages a
// second in all and one in a chat, which would be all that is measured.
func TestLoad(t *testing.T) {
	t.Parallel()
	b := &barTable{T: t}
	l := loadSize{rate: 8, spell: time.Second, seats: 4, pause: 20 * time.Millisecond, filings: 1, slow: 5 * time.Millisecond, stand: 5}
	if *bars {
		l = loadSize{rate: *loadRate, spell: *loadFor, seats: *loadSeats, pause: *loadPause, filings: *loadSends, slow: *loadSlow, stand: *loadStand, quiet: 5 * time.Second}
	}
	m := b.crowded(l)
	b.sending(l, m)
	if *bars {
		b.tooMany(m)
	}
	m.leave()
	b.slowDisk(l)
	m.kept.more(b, l)
	b.print()
}

// loadSize is how large a load is.
type loadSize struct {
	rate    float64       // people who come in a second
	spell   time.Duration // in which they come
	seats   int           // people at once who make no pauses
	pause   time.Duration // median of the others
	filings int           // seconds of filings at each rate
	slow    time.Duration // one flush of the slow disk
	stand   int           // people who stop at the menu
	quiet   time.Duration // that the server is let alone before its memory counts
}

// mob is a crowd before one server.
type mob struct {
	*trial
	clock     *answers
	langs     []string
	seed      uint64
	pause     time.Duration
	open      atomic.Int64 // conversations that run just now
	kept      *backing
	machines  []*trial        // that serve it, the first of them the trial itself
	pids      [2]atomic.Int64 // of their servers
	hears     int             // the machine that asks for updates, or did when it was last looked
	away      time.Duration   // how long a killed server was not ready
	listen    [2]string       // where updates are brought to each machine, by webhook
	idly      bool            // nobody sends anything
	mu        sync.Mutex
	everybody []*soul
}

// newMob starts a server with staff who read everything, a directory, and all shipped languages.
func newMob(tb testing.TB, pause time.Duration, env []string, before ...func(*mob)) *mob {
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	tb.Logf("seed %d (-kill-seed)", seed)
	m := &mob{
		trial: newTrial(tb, trialOptions{costly: *bars, staff: careStaff(), level: "warn", fake: telegramtest.Options{Seed: seed, KeepRequests: 10}}),
		clock: newAnswers(), seed: seed, pause: pause,
	}
	m.machines = []*trial{m.trial}
	m.env = append(m.env, unboundMark+"=1")
	m.env = append(m.env, env...)
	m.kept = keepIn(m.trial)
	m.everyLanguage()
	for _, change := range before {
		change(m)
	}
	m.api.Hook(m.clock.hook)
	m.stock()
	m.start()
	m.enrol()
	if m.kept.join != nil {
		m.kept.join(m)
	}
	return m
}

// start starts the server, or starts it again.
func (m *mob) start() { m.startOn(0) }

func (m *mob) startOn(machine int) {
	t := m.machines[machine]
	t.serve()
	m.pids[machine].Store(int64(t.served.cmd.Process.Pid))
}

// halt stops all of them.
func (m *mob) halt() {
	for _, t := range m.machines {
		t.stop()
	}
}

var languagesLine = regexp.MustCompile(`(?m)^(languages|drafts): \[.*\]$`)

// everyLanguage lets the mission offer all the languages of the invented place, which are those that are shipped for it.
func (m *mob) everyLanguage() {
	p, err := readProfile(&config{path: "(shipped)", Profile: "example", Zone: "UTC"})
	if err != nil {
		m.Fatal(err)
	}
	all := "$1: [" + strings.Join(p.Languages, ", ") + "]"
	text, err := os.ReadFile(m.config())
	if err != nil {
		m.Fatal(err)
	}
	if n := len(languagesLine.FindAll(text, -1)); n != 2 {
		m.Fatalf("the configuration has %d lines of languages", n)
	}
	if err := os.WriteFile(m.config(), languagesLine.ReplaceAll(text, []byte(all)), 0o600); err != nil {
		m.Fatal(err)
	}
	m.langs = p.Languages
}

// arrive lets people come for a while, at a rate, and gives them when all have left. Whoever comes waits for nobody.
func (m *mob) arrive(rate float64, spell time.Duration) []*soul {
	r := rand.New(rand.NewPCG(m.seed, 3))
	ctx := telegramtest.Within(spell + endurance)
	var all sync.WaitGroup
	var part []*soul
	begin := time.Now()
	for next := time.Duration(0); next < spell; next += time.Duration(r.ExpFloat64() / rate * float64(time.Second)) {
		time.Sleep(time.Until(begin.Add(next)))
		s := m.comes()
		part = append(part, s)
		all.Go(func() { s.live(ctx) })
	}
	all.Wait()
	return part
}

// rush lets so many people at once talk without a pause, one after the other on each seat.
func (m *mob) rush(seats int, spell time.Duration) (part []*soul) {
	ctx, cancel := context.WithTimeout(context.Background(), spell+endurance)
	defer cancel()
	was := m.pause
	m.pause = 0
	defer func() { m.pause = was }()
	var all sync.WaitGroup
	var mu sync.Mutex
	begin := time.Now()
	for range seats {
		all.Go(func() {
			for time.Since(begin) < spell {
				s := m.comes()
				mu.Lock()
				part = append(part, s)
				mu.Unlock()
				s.live(ctx)
			}
		})
	}
	all.Wait()
	return part
}

// crowded is the load of people who come by themselves, in quiet and over a kill, and of people without pauses.
func (b *barTable) crowded(l loadSize) *mob {
	var env []string
	if *loadProf != "" {
		env = append(env, profileMark+"="+*loadProf)
	}
	m := newMob(b.T, l.pause, env)
	b.standing(m, l)
	w := m.watch()
	part := m.arrive(l.rate, l.spell)
	f := w.end(part)
	b.figures(fmt.Sprintf("people who come at %g a second", l.rate), "0 errors", f, "")
	for _, fall := range m.kept.falls {
		b.fall(m, l, fall)
	}

	w = m.watch()
	part = m.rush(l.seats, l.spell)
	f = w.end(part)
	b.figures(fmt.Sprintf("%d people who never pause", l.seats), "0 errors", f, "")

	m.idly = true
	w = m.watch()
	part = m.rush(l.seats, l.spell)
	f = w.end(part)
	b.figures(fmt.Sprintf("%d people who never pause and send no report", l.seats), "0 errors", f, "")
	m.idly = false
	return m
}

// fall is the load of people who come by themselves while something befalls what answers them.
func (b *barTable) fall(m *mob, l loadSize, what fall) {
	w, fell := m.watch(), make(chan struct{})
	m.away = 0
	go func() {
		defer close(fell)
		time.Sleep(l.spell / 2)
		heal := what.do(m)
		time.Sleep(l.spell / 4)
		heal()
	}()
	part := m.arrive(l.rate, l.spell)
	<-fell
	f, beside := w.end(part), ""
	if m.away > 0 {
		beside = fmt.Sprintf("ready again after %v; ", m.away.Round(time.Millisecond))
	}
	b.figures("the same, and "+what.what+" in the middle", "0 errors", f, fmt.Sprintf("%snobody of those who waited was answered for %v; ", beside, f.gap.Round(time.Millisecond)))
}

// standing is what the server holds for people who have come as far as the menu and think about it.
func (b *barTable) standing(m *mob, l loadSize) {
	m.stand(l.stand) // so that what is made once is there
	time.Sleep(l.quiet)
	idle := m.tidied()
	part := m.stand(l.stand)
	time.Sleep(l.quiet)
	grown := m.tidied() - idle
	for _, s := range part {
		if s.err != nil {
			b.Errorf("somebody on the way to the menu: %v", s.err)
		}
	}
	b.row("memory a conversation that stands open, in the server", "no bar", fmt.Sprintf("%.2f KiB", float64(grown)/float64(len(part))),
		fmt.Sprintf("%d more of them, beside as many; %d KiB of the process's own before, without garbage", len(part), idle), false, true)
}

// slowDisk is the load on a disk of which every flush takes long.
func (b *barTable) slowDisk(l loadSize) {
	m := newMob(b.T, l.pause, []string{slowMark + "=" + (2 * l.slow).String()})
	says, heal := fmt.Sprintf("each of the two flushes of a commit takes %v more; ", l.slow), func() {}
	if m.kept.slow != nil {
		says, heal = m.kept.slow(m, l.slow)
	}
	w := m.watch()
	part := m.arrive(l.rate, l.spell)
	b.figures(fmt.Sprintf("people who come at %g a second, on a slow disk", l.rate), "0 errors", w.end(part), says)
	m.idly = true
	w = m.watch()
	part = m.rush(l.seats, l.spell)
	b.figures(fmt.Sprintf("%d people who never pause and send no report, on a slow disk", l.seats), "0 errors", w.end(part), "")
	heal()
	m.leave()
}

// sending is how long people wait who press send, at rising rates, and where the slow step of receipts has had enough.
func (b *barTable) sending(l loadSize, m *mob) {
	for _, rate := range []int{1, 2, 4, 8} {
		ready := m.ready(rate * l.filings)
		w := m.watch()
		part := m.send(ready, rate)
		f := w.end(part)
		f.times = f.slow
		bar, met := "no bar", false
		if rate == 1 {
			bar, met = "p95 < 1 s", f.p(95) < time.Second
		}
		b.row(fmt.Sprintf("%d reports a second", rate), bar,
			fmt.Sprintf("p95 %v, p50 %v, max %v; %.2f filed a second", f.p(95), f.p(50), f.p(100), float64(f.answers)/f.lasted.Seconds()),
			fmt.Sprintf("%d sent, %d were asked to send again in a minute", len(part), f.busy), met, rate > 1)
		b.line("Filing/rate="+fmt.Sprint(rate), f)
	}
}

// tooMany lets so many people send within two seconds that the queue before the slow step of receipts is full. Those who come
// then are told so, and all of them have their receipt once they have pressed send again often enough.
func (b *barTable) tooMany(m *mob) {
	ready := m.ready(*loadBurst)
	w := m.watch()
	left := m.send(ready, max(1, *loadBurst/2))
	f, told, again := w.end(ready), 0, 0
	begin := time.Now()
	for ; len(left) > 0 && time.Since(begin) < patience; again++ {
		var busy []*soul
		for _, s := range left {
			if s.err != nil || len(receipts(s.phone)) > 0 {
				continue
			}
			busy = append(busy, s)
			if again > 0 {
				continue
			}
			if told++; !strings.Contains(s.phone.Screen().String(), m.words(s.lang, "word.busy", nil)) {
				b.Errorf("somebody has no receipt and was not asked to try again:\n%s", s.phone.Screen())
			}
		}
		if len(busy) > 0 {
			time.Sleep(5 * time.Second)
			m.send(busy, 4)
		}
		left = busy
	}
	lost := 0
	for _, s := range ready {
		if s.err != nil || len(receipts(s.phone)) == 0 {
			lost++
			b.Errorf("somebody among many who sent at once has no receipt: %v", s.err)
		}
	}
	f.times = f.slow
	b.row(fmt.Sprintf("%d reports within two seconds", len(ready)), "0 lost",
		fmt.Sprintf("%d lost; %d were asked to try again in a minute", lost, told),
		fmt.Sprintf("the others waited p50 %v, max %v; the last of all had a receipt %v after that, pressed send again up to %d times", f.p(50), f.p(100), time.Since(begin).Round(time.Second), max(0, again-1)), lost == 0, false)
	if told == 0 { // where what leads to the pressing is slow, they do not press at once
		b.Log("nobody was asked to try again: of the queue's end this shows nothing (-load-burst)")
	}
}
