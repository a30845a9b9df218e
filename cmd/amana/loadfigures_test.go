package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"amana/bot/store"
	"amana/bot/telegram/telegramtest"
	"amana/bot/ticket"
)

// answers knows when the bot last said something in each chat, by the clock of the fake: as soon as the call is there, and
// not when somebody gets round to look.
type answers struct {
	mu sync.Mutex
	at map[int64]time.Time
}

func newAnswers() *answers { return &answers{at: map[int64]time.Time{}} }

func (a *answers) hook(stage telegramtest.Stage, q telegramtest.Request) {
	if stage != telegramtest.After || q.Answer != "" || !strings.HasPrefix(q.Method, "send") && !strings.HasPrefix(q.Method, "edit") {
		return
	}
	if id, err := strconv.ParseInt(q.Params["chat_id"], 10, 64); err == nil {
		now := time.Now()
		a.mu.Lock()
		a.at[id] = now
		a.mu.Unlock()
	}
}

func (a *answers) last(chat int64) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.at[chat]
}

// watcher looks at a server and its crowd while a part of the load lasts.
type watcher struct {
	*mob
	begin  time.Time
	server [2]int64
	cpu    time.Duration
	quit   chan struct{}
	done   chan struct{}
	most   int64
	weight int
}

func (m *mob) watch() *watcher {
	w := &watcher{mob: m, begin: time.Now(), server: m.servers(), cpu: m.cpu(), quit: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(w.done)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			w.most, w.weight = max(w.most, w.open.Load()), max(w.weight, w.mob.weight())
			select {
			case <-w.quit:
				return
			case <-tick.C:
			}
		}
	}()
	return w
}

// servers are the processes that serve just now.
func (m *mob) servers() (pids [2]int64) {
	for n := range pids {
		pids[n] = m.pids[n].Load()
	}
	return pids
}

// weight is what the servers hold in memory of their own, in KiB; 0 while there is none.
func (m *mob) weight() (sum int) {
	for _, pid := range m.servers() {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if pid == 0 || err != nil {
			continue
		}
		for _, found := range memoryLine.FindAllStringSubmatch(string(text), -1) {
			if found[1] == "RssAnon" {
				n, _ := strconv.Atoi(found[2])
				sum += n
			}
		}
	}
	return sum
}

// tidied is the same once the servers have given back all that they do not need.
func (m *mob) tidied() int {
	for _, t := range m.machines {
		_ = t.served.cmd.Process.Signal(syscall.SIGUSR2)
	}
	time.Sleep(300 * time.Millisecond)
	return m.weight()
}

// cpu is what the servers have worked so far, for their programs and in the kernel.
func (m *mob) cpu() (sum time.Duration) {
	for _, pid := range m.servers() {
		if pid != 0 {
			sum += workOf(int(pid))
		}
	}
	return sum
}

// workOf is what a process has worked so far; 0 where that cannot be told.
func workOf(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / 100
}

// loadFigures is what a part of the load showed.
type loadFigures struct {
	people, answers int
	times           []time.Duration // sorted, without the slow ones
	slow            []time.Duration // those in which a receipt was made or tried
	lasted          time.Duration   // from the first of them to the last answer
	cpu             time.Duration   // of the server; 0 if it was another at the end
	most            int64           // conversations at the same time
	weight          int             // KiB at the most
	errors, busy    int
	stalls          int           // how often somebody waited for more than three seconds
	gap             time.Duration // for which nobody was answered while somebody waited
	langs, ways     int
}

func (w *watcher) end(part []*soul) loadFigures {
	cpu := w.mob.cpu() - w.cpu
	if w.server != w.servers() {
		cpu = 0
	}
	close(w.quit)
	<-w.done
	f := loadFigures{people: len(part), cpu: cpu, most: w.most, weight: w.weight}
	langs, ways := map[string]bool{}, map[string]bool{}
	end := w.begin.Add(time.Millisecond)
	var at []answered
	for _, s := range part {
		langs[s.lang], ways[s.way] = true, true
		f.stalls += s.stalls
		if s.err != nil || s.lost > 0 {
			f.errors++
		}
		if s.files && s.err == nil && len(receipts(s.phone)) == 0 {
			f.busy++
		}
		for _, a := range s.times {
			if f.answers++; a.slow {
				f.slow = append(f.slow, a.after)
			} else {
				f.times = append(f.times, a.after)
			}
			at = append(at, a)
		}
	}
	slices.SortFunc(at, func(a, b answered) int { return a.at.Compare(b.at) })
	for n, a := range at {
		if end = a.at; n > 0 {
			f.gap = max(f.gap, min(a.at.Sub(at[n-1].at), a.after)) // of whoever was answered first again
		}
	}
	f.lasted, f.langs, f.ways = end.Sub(w.begin), len(langs), len(ways)
	slices.Sort(f.times)
	slices.Sort(f.slow)
	return f
}

// p gives a percentile of the waits.
func (f loadFigures) p(percent int) time.Duration {
	if len(f.times) == 0 {
		return 0
	}
	return f.times[min(len(f.times)-1, len(f.times)*percent/100)].Round(10 * time.Microsecond)
}

// figures adds a row of a part of the load, and its line for benchstat.
func (b *barTable) figures(what, bar string, f loadFigures, beside string) {
	work := ""
	if len(f.slow) > 0 {
		r := loadFigures{times: f.slow}
		work = fmt.Sprintf("; with a receipt: %d, p50 %v, p95 %v", len(f.slow), r.p(50), r.p(95))
	}
	if f.cpu > 0 && f.answers > 0 {
		work += fmt.Sprintf("; %v of the server's processor a turn", (f.cpu / time.Duration(f.answers)).Round(10*time.Microsecond))
	}
	b.row(what, bar, fmt.Sprintf("%d errors; %.0f turns a second, p50 %v, p95 %v, p99 %v, max %v", f.errors, float64(f.answers)/f.lasted.Seconds(), f.p(50), f.p(95), f.p(99), f.p(100)),
		fmt.Sprintf("%s%d people in %d languages, %d at the same time, %d turns; %d times somebody waited for more than %v%s", beside, f.people, f.langs, f.most, f.answers, f.stalls, pause, work), f.errors == 0, false)
	b.line(what, f)
}

// settled waits until everything was said that the server has to say.
func (m *mob) settled() {
	m.Helper()
	for deadline := time.Now().Add(patience); m.api.Bot(peopleToken).Pending() > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			m.Error("updates are left that were not heard")
			break
		}
	}
	m.halt()
}

// leave stops the server and holds what is on disk against what everybody saw: whoever sent a report has one receipt, each
// receipt opens a report of its own, and there is no report beside those.
func (m *mob) leave() {
	m.Helper()
	m.settled()
	k := killingOf(m.trial, 0, 0, 0)
	h := m.house()
	refs, shown, opened := map[store.Ref]bool{}, map[string]bool{}, 0
	for _, s := range m.everybody {
		mine := receipts(s.phone)
		switch {
		case s.err != nil:
			m.Errorf("somebody who %s: %v", s.way, s.err)
		case s.lost > 0:
			m.Errorf("somebody who %s had to write again %d times; they went through %v\n%s", s.way, s.lost, s.trace, s.story())
		case len(mine) > 1:
			m.Errorf("somebody was shown %d receipts", len(mine))
		case s.files && len(mine) == 0 && s.way != "presses send":
			m.Errorf("somebody who %s has no receipt", s.way)
		}
		for _, digits := range mine {
			if shown[digits] {
				m.Error("two people were shown the same receipt")
			}
			shown[digits] = true
			if !m.quick && opened >= 40 { // each takes as long as a person waits for it
				continue
			}
			opened++
			ref, found := k.opens(h, digits)
			if !found || refs[ref] {
				m.Errorf("a receipt opens nothing, or what another opens")
			}
			refs[ref] = true
		}
	}
	n := 0
	err := h.store.View(context.Background(), func(rd *store.Read) error {
		open, lost, err := rd.Closings()
		if len(open)+len(lost) > 0 {
			m.Errorf("%d closing records are left", len(open)+len(lost))
		}
		if err != nil {
			return err
		}
		return rd.Reports(func(store.Ref, ticket.Report) error { n++; return nil })
	})
	if err != nil || n != len(shown) {
		m.Errorf("there are %d reports for %d receipts, %v", n, len(shown), err)
	}
	problems, err := h.registry.Verify(context.Background())
	if err != nil || len(problems) > 0 {
		m.Errorf("the shelves do not hold together: %v, %v", problems, err)
	}
	if err := h.Close(); err != nil {
		m.Error(err)
	}
	m.kept.whole()
	m.Logf("%d people, %d reports", len(m.everybody), n)
}

// story is the end of what happened in a person's chat.
func (s *soul) story() string {
	var b strings.Builder
	all := s.phone.Transcript()
	for _, e := range all[max(0, len(all)-12):] {
		data := ""
		for _, row := range e.Message.Rows {
			for _, button := range row {
				data += " " + button.Data
			}
		}
		fmt.Fprintf(&b, "%s %v: %.60q %q%s\n", e.At.Format("05.000"), e.Kind, e.Message.Text, e.Text, data)
	}
	return b.String()
}

// profiled writes what the program works on and what it allocates into a folder, when it ends.
func profiled(dir string) (end func(), err error) {
	if dir == "" {
		return func() {}, nil
	}
	name := func(what string) string { return filepath.Join(dir, fmt.Sprintf("%s-%d.prof", what, os.Getpid())) }
	cpu, err := os.Create(name("cpu"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		cpu.Close()
		if f, err := os.Create(name("allocs")); err == nil {
			runtime.GC()
			_ = pprof.Lookup("allocs").WriteTo(f, 0)
			f.Close()
		}
	}, nil
}
