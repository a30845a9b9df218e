package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"amana/bot"
	"amana/bot/flow"
	"amana/bot/kv/bolt"
	"amana/bot/kv/kvtest"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

var (
	bars     = flag.Bool("bars", false, "TestBars measures in full, and its table says which bars are met")
	barsSize = flag.Int("bars-size", 100_000, "how many conversations and reports TestBars makes")
)

// TestBars measures what the design promises, and with -bars prints a table: bar, figure, what was measured beside it on
// the same machine in the same minute, and whether the bar is met. Without -bars it does the same at a small size, so
// that the measuring itself is kept in order; it never fails because of a figure.
func TestBars(t *testing.T) {
	b := &barTable{T: t, size: 200, spell: 100 * time.Millisecond, filings: 3}
	if !*bars {
		t.Parallel() // that they can be measured is all that is looked at, and figures are beside the point
	} else {
		b.size, b.spell, b.filings = *barsSize, 2*time.Second, 60
		b.program = filepath.Join(t.TempDir(), "amana")
		if out, err := exec.Command("go", "build", "-trimpath", "-o", b.program, ".").CombinedOutput(); err != nil {
			t.Fatalf("building the program: %v\n%s", err, out)
		}
	}
	for _, lang := range []string{"en", "ar"} {
		b.flowTurn(lang)
	}
	for _, lang := range []string{"en", "ar", "bn"} {
		b.words(lang)
	}
	b.checker()
	b.durable()
	b.filing()
	b.memory()
	b.start()
	b.lookUp()
	b.imports()
	b.pageWeight()
	b.opening()
	b.thinLines()
	b.polling()
	b.row("marked strings, then a byte search", "0 hits", "-", "TestMarks, with every `make test`", false, true)
	b.row("kill -9 in the small", "0 lost, doubled, missing", "-", "TestKillNine, with every `make test`", false, true)
	b.print()
	if *bars {
		k := newKilling(t, *kills, *crowd, *killSeed, "")
		k.run()
		k.judge()
		r := k.result
		b.rows = nil
		b.row(fmt.Sprintf("kill -9 at random, %d times", r.Kills), "0 lost, 0 doubled, 0 receipts missing",
			fmt.Sprintf("%d lost, %d doubled, %d missing, %d unnoticed", r.Lost, r.Doubled, r.Missing, r.Unnoticed),
			fmt.Sprintf("%d people, %d reports, %d notices, in %v", r.People, r.Reports, r.Notices, k.took.Round(time.Second)),
			r.Lost+r.Doubled+r.Missing+r.Unnoticed == 0 && r.Reports == r.People, false)
		b.print()
	}
}

type barTable struct {
	*testing.T
	size, filings int
	spell         time.Duration // how long one measurement lasts
	program       string
	rows          []string
	lines         []string // the same for benchstat
}

// row adds a line. Open says that this bar is not measured here.
func (b *barTable) row(what, bar, figure, beside string, met, open bool) {
	verdict := "NOT MET"
	switch {
	case open:
		verdict = "-"
	case met:
		verdict = "met"
	}
	b.rows = append(b.rows, strings.Join([]string{what, bar, figure, beside, verdict}, "\t"))
	if *bars {
		b.Logf("%s: %s (%s)", what, figure, beside) // at once: what follows may take minutes
	}
	if line := benchLine(what, figure); line != "" {
		b.lines = append(b.lines, line)
	}
}

func (b *barTable) print() {
	if !*bars {
		return
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintf(w, "\nfigures of this machine: %d cores, %s\n\nwhat\tbar\tfigure\tbeside it\tverdict\n", runtime.NumCPU(), runtime.Version())
	for _, r := range b.rows {
		fmt.Fprintln(w, r)
	}
	w.Flush()
	b.printLines()
}

// flowTurn is the conversation of 8 waits, each turn with its storage: decode, step, encode.
func (b *barTable) flowTurn(lang string) {
	src, err := os.ReadFile("../../bot/flow/testdata/eight/start.yaml")
	if err != nil {
		b.Fatal(err)
	}
	f, err := flow.Parse("start.yaml", src)
	if err != nil {
		b.Fatal(err)
	}
	set, err := flow.NewSet([]*flow.Flow{f}, nil)
	if err != nil {
		b.Fatal(err)
	}
	where, what := "near the water point",
		"She was told that there would be a place on the list if she came back alone in the evening. It happened to two more women."
	if lang == "ar" {
		where = "قرب نقطة المياه"
		what = "قيل لها إن هناك مكانا في القائمة إذا عادت وحدها في المساء. وحدث الأمر نفسه لامرأتين أخريين في الأسبوع الماضي قرب المخزن."
	}
	inputs := []flow.Input{
		{Kind: flow.InChoice, Choice: "yes"}, {Kind: flow.InChoice, Choice: "other"}, {Kind: flow.InChoice, Choice: "aid"},
		{Kind: flow.InText, Text: where}, {Kind: flow.InWord, Choice: flow.WordDone}, {Kind: flow.InChoice, Choice: "week"},
		{Kind: flow.InText, Text: what}, {Kind: flow.InWord, Choice: flow.WordDone}, {Kind: flow.InChoice, Choice: "no"},
		{Kind: flow.InChoice, Choice: "send"},
	}
	env := flow.Env{Langs: []string{"en", "ar", "bn"}}
	state, _ := set.Begin(lang, [4]byte{1, 2, 3, 4}, env)
	stored := make([][]byte, len(inputs))
	largest, text, allocs := 0, 0, 0.0
	buf := make([]byte, 0, 4096)
	for i, in := range inputs {
		stored[i] = state.Append(nil)
		turn := func() {
			s, _ := flow.Decode(stored[i])
			s, _ = set.Step(s, in, env)
			buf = s.Append(buf[:0])
		}
		if *bars { // beside other tests nobody can tell whose allocations they are
			allocs = max(allocs, testing.AllocsPerRun(20, turn))
		}
		turn()
		state, _ = set.Step(state, in, env)
		text += len(in.Text)
		largest = max(largest, len(state.Append(nil))-text)
	}
	if !state.IsZero() {
		b.Fatal("the conversation did not end")
	}
	n, begin := 0, time.Now()
	for ; n%len(inputs) != 0 || time.Since(begin) < b.spell; n++ {
		s, _ := flow.Decode(stored[n%len(inputs)])
		s, _ = set.Step(s, inputs[n%len(inputs)], env)
		buf = s.Append(buf[:0])
	}
	each := time.Since(begin) / time.Duration(n)
	b.row("a turn of flow with its storage, "+lang, "< 10 µs", each.String(), "goflow on such a machine: 282 µs", each < 10*time.Microsecond, false)
	b.row("its allocations, at most, "+lang, "< 60", fmt.Sprint(allocs), "goflow: 852", allocs < 60, false)
	b.row("state beside the text, at most, "+lang, "< 600 bytes", fmt.Sprintf("%d bytes", largest), fmt.Sprintf("%d bytes of text", text), largest < 600, false)
}

// checker is the proof of all flows in all languages.
func (b *barTable) checker() {
	conf := &config{path: "(shipped)", Profile: "example", Zone: "UTC"}
	p, err := readProfile(conf)
	if err != nil {
		b.Fatal(err)
	}
	words, err := conf.wording(p)
	if err != nil {
		b.Fatal(err)
	}
	book := words.book
	set, err := words.set(p)
	if err != nil {
		b.Fatal(err)
	}
	begin := time.Now()
	proof := flow.Check(set, texts{book.Sources(), words, p}, flowLimits(p))
	took := time.Since(begin)
	b.row("the checker over all flows", "< 30 s", took.Round(time.Millisecond).String(),
		fmt.Sprintf("%d states, %d ways, %d languages", proof.States, proof.Paths, proof.Languages), took < 30*time.Second, false)
}

// quiet is a mission without doors, on the disk of the temporary folder.
func (b *barTable) quiet() (*trial, *house) {
	t := newTrial(b.T, trialOptions{costly: true, program: b.program})
	return t, t.house()
}

// heardUpdates numbers what is said to a house as a door does: in the order in which it comes.
var heardUpdates atomic.Int64

// heardPerson is one person who is heard without a door.
type heardPerson struct{ person bot.Person }

func (b *barTable) newPerson() *heardPerson {
	p := &heardPerson{}
	if _, err := rand.Read(p.person[:]); err != nil {
		b.Error(err)
	}
	return p
}

func (p *heardPerson) say(h *house, kind bot.Kind, text string) (bot.Reply, error) {
	in := bot.Incoming{Person: p.person, Address: "telegram:1", Sent: time.Now(), Kind: kind, Lang: "en"}
	in.Mark, _ = names{roots: h.roots}.Mark("7", heardUpdates.Add(1))
	if kind == bot.Tap {
		in.Tap = text
	} else {
		in.Text = text
	}
	return h.room.Hear(context.Background(), in)
}

// durable is turns a second of one person and of 64 at once, beside lone commits of two flushes on the same disk.
func (b *barTable) durable() {
	if *bars {
		steady()
	}
	t, h := b.quiet()
	b.checked(h.bolt)
	for _, people := range []int{1, 64} {
		// In short turns, and each beside the flushes right before and after it: whatever else the machine does weighs on
		// both, and the median of the ratios is what does not come from that.
		var ratios, turns, flushes []float64
		for range 15 {
			before := b.flushes(t.dir)
			rate := b.turns(h, people, b.spell/8)
			lone := (before + b.flushes(t.dir)) / 2
			ratios, turns, flushes = append(ratios, rate/lone), append(turns, rate), append(flushes, lone)
		}
		slices.Sort(ratios)
		slices.Sort(turns)
		slices.Sort(flushes)
		ratio := ratios[len(ratios)/2]
		beside := fmt.Sprintf("%.0f lone two-flush commits a second, %.0f turns; medians of %d", flushes[len(flushes)/2], turns[len(turns)/2], len(ratios))
		if people == 1 {
			b.row("one lone turn, against two flushes", "≤ 1.5 ×", fmt.Sprintf("%.2f × (half of them %.2f to %.2f)", 1/ratio, 1/ratios[len(ratios)*3/4], 1/ratios[len(ratios)/4]), beside, 1/ratio <= 1.5, false)
			continue
		}
		b.row("durable turns, 64 people at once", "≥ 5 × two flushes", fmt.Sprintf("%.1f × (half of them %.1f to %.1f)", ratio, ratios[len(ratios)/4], ratios[len(ratios)*3/4]), beside, ratio >= 5, false)
	}
	for _, writers := range []int{1, 64} {
		path := filepath.Join(t.TempDir(), "engine", "engine.db")
		if err := bolt.Create(path); err != nil {
			b.Fatal(err)
		}
		st, err := bolt.Open(path, bolt.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.checked(st)
		rounds := 3
		if *bars {
			rounds = 9
		}
		c, err := kvtest.Compare(st, filepath.Dir(path), writers, rounds)
		if err != nil {
			b.Fatal(err)
		}
		b.row(fmt.Sprintf("the engine alone, %d writers", writers), "no bar", fmt.Sprintf("%.2f × (%.0f a second)", c.Ratio, c.Speed.PerSecond),
			fmt.Sprintf("%.0f lone two-flush commits a second", c.Flushes), false, true)
		st.Close()
	}
	h.Close()
}

// checked does what every server does first, and what makes it write less afterwards.
func (b *barTable) checked(st *bolt.Store) {
	if err := st.Check(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// flushes gives the lone commits of two flushes a second that the disk makes just now.
func (b *barTable) flushes(dir string) float64 {
	f, err := kvtest.Flushes(dir, b.spell/8)
	if err != nil {
		b.Fatal(err)
	}
	return f
}

// turns lets people talk for a while, and gives their turns a second.
func (b *barTable) turns(h *house, people int, d time.Duration) float64 {
	var n atomic.Int64
	var all sync.WaitGroup
	everybody := make([]*heardPerson, people)
	for i := range everybody {
		everybody[i] = b.newPerson()
		if _, err := everybody[i].say(h, bot.Start, ""); err != nil {
			b.Fatal(err)
		}
	}
	begin := time.Now()
	for _, p := range everybody {
		all.Go(func() {
			for time.Since(begin) < d {
				if _, err := p.say(h, bot.Text, "?"); err != nil {
					b.Error(err)
					return
				}
				n.Add(1)
			}
		})
	}
	all.Wait()
	return float64(n.Load()) / time.Since(begin).Seconds()
}

// turnsTo answers until a step is asked, and counts its turns.
func (p *heardPerson) turnsTo(h *house, step string) (int, error) {
	_, turns, err := p.walk(h, step)
	return turns, err
}

// walkTo answers until a step is asked, and gives its question.
func (p *heardPerson) walkTo(h *house, step string) (data map[string]string, err error) {
	data, _, err = p.walk(h, step)
	return data, err
}

func (p *heardPerson) walk(h *house, step string) (data map[string]string, turns int, err error) {
	reply, err := p.say(h, bot.Start, "")
	want := map[string]string{"!language": "en", "menu": "report", "begin": "go_on", "involved": "no", "consent_complaint": "yes"}
	for turns = 1; turns <= 60; turns++ {
		if err != nil {
			return nil, turns, err
		}
		asked := ""
		data = map[string]string{}
		for _, out := range reply.Outs {
			for _, row := range out.Rows {
				for _, c := range row {
					if tap, ok := flow.ParseTap(c.Data); ok {
						asked, data[tap.Choice] = tap.Step, c.Data
					}
				}
			}
		}
		if asked == step {
			return data, turns, nil
		}
		choice := want[asked]
		if choice == "" {
			choice = "!skip"
		}
		if data[choice] == "" {
			return nil, turns, fmt.Errorf("at %q there is no %q", asked, choice)
		}
		reply, err = p.say(h, bot.Tap, data[choice])
	}
	return nil, turns, fmt.Errorf("%q was never asked", step)
}

// filing is how long a person waits who has pressed send, at one filing a second.
func (b *barTable) filing() {
	t := newTrial(b.T, trialOptions{costly: true, program: b.program})
	t.serve()
	t.enrol()
	t.stop()
	h := t.house()
	var waits []time.Duration
	for range b.filings {
		p := b.newPerson()
		data, err := p.walkTo(h, "check")
		if err != nil {
			b.Fatal(err)
		}
		begin := time.Now()
		reply, err := p.say(h, bot.Tap, data["send"])
		if err != nil || len(reply.Outs) == 0 || reply.Outs[0].Closing.IsZero() {
			b.Fatalf("a filing gave no receipt: %v", err)
		}
		waits = append(waits, time.Since(begin))
		if *bars {
			time.Sleep(time.Until(begin.Add(time.Second)))
		}
	}
	h.Close()
	slices.Sort(waits)
	p95 := waits[len(waits)*95/100]
	b.row("filing a report, p95 at one a second", "< 1 s", p95.Round(time.Millisecond).String(),
		fmt.Sprintf("%d filings, median %v, longest %v", len(waits), waits[len(waits)/2].Round(time.Millisecond), waits[len(waits)-1].Round(time.Millisecond)),
		p95 < time.Second, false)
}

var memoryLine = regexp.MustCompile(`(?m)^(VmRSS|RssAnon):\s+(\d+) kB$`)

// resident gives what a process holds in memory, in MiB: all of it, and without what is only mapped from files.
func (b *barTable) resident(pid int) (all, own int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skipf("there is no /proc here: %v", err)
	}
	for _, m := range memoryLine.FindAllStringSubmatch(string(text), -1) {
		n, _ := strconv.Atoi(m[2])
		if m[1] == "VmRSS" {
			all = n / 1024
		} else {
			own = n / 1024
		}
	}
	return all, own
}

// memory is what the served program holds: idle, and with so many open conversations.
func (b *barTable) memory() {
	t, h := b.quiet()
	h.Close()
	t.serve()
	b.settled(t)
	idle, own := b.resident(t.served.cmd.Process.Pid)
	b.row("memory, idle", "< 40 MB", fmt.Sprintf("%d MiB", idle), fmt.Sprintf("RSS of `amana serve` with two bots; %d MiB without mapped files", own), idle < 40, false)
	t.stop()
	h = t.house()
	var all sync.WaitGroup
	for part := range 64 {
		all.Go(func() {
			for n := part; n < b.size; n += 64 {
				if _, err := b.newPerson().walkTo(h, "menu"); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	h.Close()
	t.serve()
	b.settled(t)
	full, own := b.resident(t.served.cmd.Process.Pid)
	b.row(fmt.Sprintf("memory, %d open conversations", b.size), "< 200 MB", fmt.Sprintf("%d MiB", full),
		fmt.Sprintf("drafts lie sealed on disk; RSS after a start that swept them once; %d MiB without mapped files", own), full < 200, false)
	t.stop()
}

// settled waits until a server has done what it does once at the start.
func (b *barTable) settled(*trial) { time.Sleep(b.spell + time.Second) }

// start is the time from the call to "ready" with so many reports on disk. Each has its own record, index, thread and
// audit chain; the sealed message in the thread is one prepared once.
func (b *barTable) start() {
	t := newTrial(b.T, trialOptions{costly: true, program: b.program})
	t.serve()
	t.enrol()
	t.stop()
	h := t.house()
	roster := h.registry.Roster()
	mission := ticket.Mission{Roster: roster, Routes: h.routes(), Clock: h.profile.clock()}
	var readers []string
	for _, e := range roster.Entries {
		readers = append(readers, e.Key)
	}
	message, err := seal.Message(make([]byte, 2000), readers, "", rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	var all sync.WaitGroup
	for part := range 16 {
		all.Go(func() {
			for n := part; n < b.size; n += 16 {
				if err := putReport(h, mission, message); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	if err := h.Close(); err != nil {
		b.Fatal(err)
	}
	var times []time.Duration
	for range 3 {
		begin := time.Now()
		t.serve()
		times = append(times, time.Since(begin))
		t.stop()
	}
	slices.Sort(times)
	info, err := os.Stat(t.database())
	if err != nil {
		b.Fatal(err)
	}
	b.row(fmt.Sprintf("start with %d reports", b.size), "< 1 s", times[1].Round(time.Millisecond).String(),
		fmt.Sprintf("from the call to READY after a clean stop, median of 3; database of %d MiB", info.Size()>>20), times[1] < time.Second, false)
}

// putReport writes one report as a filing does, without the slow way from a receipt to its mailbox.
func putReport(h *house, m ticket.Mission, message []byte) error {
	now := h.now()
	rep, _, err := m.File(rand.Reader, ticket.SEA, "en", bot.Facts{}, now)
	if err != nil {
		return err
	}
	if _, err := rand.Read(rep.MailboxID[:]); err != nil {
		return err
	}
	rep.MailboxKey = m.Roster.Entries[0].Key
	id, err := ticket.NewID(rand.Reader)
	if err != nil {
		return err
	}
	under := h.keys.Month(now, seal.Class(rep.Class))
	filed := store.Filed{Report: rep}
	if day, ok := h.registry.Clock.DueDay(rep); ok {
		filed.DueDay = &day
	}
	return h.store.Update(context.Background(), store.ID{}, func(w *store.Write) error {
		if err := w.PutReport(store.RefOf(rep.Day, rep.ID), under, filed, nil); err != nil {
			return err
		}
		if err := w.AddMessage(under, rep.ID, store.Message{ID: store.ID(id), Kind: ticket.TypeReport, Day: rep.Day, File: message}); err != nil {
			return err
		}
		return w.Audit(under, rep.ID, store.Entry{Day: rep.Day, Who: "reporter", Did: "filed", File: store.HashFile(message)})
	})
}
