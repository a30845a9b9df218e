package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot/kv/bolt"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/telegram/telegramtest"
	"amana/bot/ticket"
)

var (
	kills    = flag.Int("kills", usualKills, "how often TestKillNine kills the server")
	killSeed = flag.Uint64("kill-seed", 0, "seed of the crowd and of the instants; 0 draws one")
	crowd    = flag.Int("crowd", usualCrowd, "how many people talk to the server at the same time while it is killed")
)

// TestKillNine kills `amana serve` with SIGKILL at random instants while a crowd reports, and starts it again. Promise
// four is then held against the transcripts of everybody's phone and against the database:
//
//   - everybody who walked to the end was shown a receipt, all the copies of it equal;
//   - each receipt opens one mailbox, no two the same, and there is no report beside those;
//   - nobody had to write again because a question was lost: Telegram hands an update over again until it was answered (by
//     webhook, until its answer waited for five seconds, as on a machine with far too much to do: then hardly anybody);
//   - every reader who must be told of a report was sent its code;
//   - nothing waits any more: no notice, no closing record;
//   - the file passes the full check, and the fake saw no call that Telegram would refuse.
//
// Some of the crowd look around for help in the middle of what they tell. In part of the rounds the network fails as well.
func TestKillNine(t *testing.T) {
	t.Parallel()
	k := newKilling(t, *kills, *crowd, *killSeed, "")
	k.run()
	k.judge()
}

// TestKillNineByWebhook does the same, less often, where Telegram brings updates instead of being asked.
func TestKillNineByWebhook(t *testing.T) {
	t.Parallel()
	addr := freePort(t)
	k := newKilling(t, *kills/3, *crowd, *killSeed, "telegram: {webhook: \"https://hook.example/"+hiddenPath+"\", listen: \""+addr+"\"}")
	k.spare = hookSpare
	k.api.Forward("hook.example", addr)
	k.run()
	k.judge()
	if n := len(k.api.Requests("getUpdates")); n > 0 {
		t.Errorf("polled %d times", n)
	}
}

type killing struct {
	*trial
	kills, crowd int
	spare        int                // of a hundred people so many may have to write again
	begin, end   func()             // start what is killed, and stop it
	strike       func() func()      // kills, and gives what starts again
	sound        func(*house) error // looks at what is left, with the house open; nil: the file is verified
	seed         uint64
	rand         *rand.Rand

	hot     atomic.Int64 // people who have just pressed send
	over    atomic.Bool  // no more kills: those who still walk reach the end
	started atomic.Int64
	mu      sync.Mutex
	people  []*walker
	failed  []error
	took    time.Duration
	result  killResult
}

// hookSpare is the spare of a crowd whose updates are brought: what is owed ends sooner there (bot/telegram, By webhook).
const hookSpare = 2

// killResult is what the kills showed.
type killResult struct {
	Kills, People, Reports, Shown, Lost, Doubled, Missing, Unnoticed, Twice int
	Notices, Stalls, Again, Looked                                          int
	Kinds                                                                   map[ticket.Kind]int // of the reports
}

func newKilling(tb testing.TB, kills, crowd int, seed uint64, config string) *killing {
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	tb.Logf("seed %d (-kill-seed)", seed)
	return killingOf(newTrial(tb, killedTrial(seed, config)), kills, crowd, seed)
}

func killedTrial(seed uint64, config string) trialOptions {
	return trialOptions{
		costly: *bars, staff: careStaff(), config: config, fake: telegramtest.Options{Seed: seed, KeepRequests: 10, HookRetry: 100 * time.Millisecond},
	}
}

func killingOf(t *trial, kills, crowd int, seed uint64) *killing {
	k := &killing{trial: t, kills: kills, crowd: crowd, seed: seed, rand: rand.New(rand.NewPCG(seed, 1))}
	k.begin, k.end = k.serve, k.stop
	k.strike = func() func() { k.kill(); return k.serve }
	return k
}

func (k *killing) run() {
	begin := time.Now()
	k.stock()
	k.begin()
	k.enrol()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var all sync.WaitGroup
	for seat := range k.crowd {
		all.Go(func() { k.sit(ctx, seat) })
	}
	for n := range k.kills {
		k.round(n)
	}
	k.over.Store(true)
	all.Wait()
	k.settle()
	k.took = time.Since(begin)
}

// sit is one seat in the crowd: one person after the other walks to their receipt, until the kills are over; two at least,
// so that everything that can be sent is.
func (k *killing) sit(ctx context.Context, seat int) {
	for n := 0; n < 2 || !k.over.Load(); n++ {
		w := k.newcomer(seat, n)
		if _, err := w.report(ctx); err != nil {
			k.mu.Lock()
			k.failed = append(k.failed, fmt.Errorf("person %d of seat %d: %w", n, seat, err))
			k.mu.Unlock()
			return
		}
	}
}

// newcomer is a person with habits of their own: language, taps or typing, bursts, questions passed over.
func (k *killing) newcomer(seat, n int) *walker {
	r := rand.New(rand.NewPCG(k.seed, uint64(1000*n+seat+7)))
	lang := []string{"en", "ar"}[(seat+n)%2]
	story := []string{"he asked me to come back alone in the evening", "طلب مني أن أعود وحدي في المساء"}[(seat+n)%2]
	w := &walker{
		trial: k.trial, phone: k.person(8_200_000_000+k.started.Add(1), lang), lang: lang, rand: r,
		typed: []float64{0, 0.3, 1}[r.IntN(3)], skips: 0.4 + 0.6*r.Float64(), burst: 1 + r.IntN(4), looks: []float64{0, 0.05, 0.1}[r.IntN(3)],
		plan: map[string]string{"reach": "000-0000", "story": story, "involved": "no", "age": "under_18"},
	}
	if r.IntN(3) == 0 {
		delete(w.plan, "age") // more questions
		delete(w.plan, "involved")
	}
	// One in three sends something else than a report, each kind in its turn.
	others := ways(story)
	if name := slices.Sorted(maps.Keys(others))[(seat+n/3)%len(others)]; n%3 == 1 {
		w.plan = others[name]
	}
	w.about = func(step string) {
		if step == "check" { // the instants around a filing are where a crash would hurt
			k.hot.Add(1)
			time.AfterFunc(2*time.Second, func() { k.hot.Add(-1) })
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.people = append(k.people, w)
	return w
}

// round lets the server live for a random time, kills it, and starts it again. Two rounds in three wait until somebody
// has just pressed send, as long as that does not take too long.
func (k *killing) round(n int) {
	var heal []func()
	if n%3 == 2 { // the network fails too
		for _, f := range []telegramtest.Fault{
			{Method: "send*", Probability: 0.05, Kind: telegramtest.DropAfter},
			{Method: "getUpdates", Probability: 0.1, Kind: telegramtest.DropAfter},
			{Method: telegramtest.DeliveryMethod, Probability: 0.1, Kind: telegramtest.DropAfter},
			{Probability: 0.05, Kind: telegramtest.BadGateway},
			{Method: "send*", Probability: 0.03, Kind: telegramtest.Flood, RetryAfter: 1},
			{Method: "edit*", Probability: 0.05, Kind: telegramtest.BadGatewayAfter},
		} {
			heal = append(heal, k.api.Fault(f))
		}
	}
	live := time.Duration(k.rand.Int64N(int64(1400 * time.Millisecond)))
	if n%3 != 0 {
		for until := time.Now().Add(time.Second); k.hot.Load() == 0 && time.Now().Before(until); {
			time.Sleep(5 * time.Millisecond)
		}
		live = time.Duration(k.rand.Int64N(int64(800 * time.Millisecond)))
	}
	time.Sleep(live)
	again := k.strike()
	for _, stop := range heal {
		stop()
	}
	again()
}

// settle waits until the server has carried everything and said everything, and stops it.
func (k *killing) settle() {
	k.quiet()
	k.end()
}

// quiet waits until the server has carried everything and said everything.
func (t *trial) quiet() {
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		var f facts
		conf, err := readConfig(t.config())
		if err != nil {
			t.Fatal(err)
		}
		if err := ask(context.Background(), conf, "facts", struct{}{}, &f); err != nil {
			t.Fatal(err)
		}
		if f.Backlog == 0 && t.api.Bot(peopleToken).Pending() == 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// judge holds the promise against what everybody saw and what is on disk.
func (k *killing) judge() {
	r := killResult{Kills: k.kills, People: len(k.people), Kinds: map[ticket.Kind]int{}}
	for _, err := range k.failed {
		k.Error(err)
	}
	h := k.house()
	refs := map[store.Ref]string{}
	for _, w := range k.people {
		shown := receipts(w.phone)
		if times := w.copies(); times > 1 {
			r.Twice++
		}
		switch {
		case len(shown) == 0:
			r.Missing++
			continue
		case len(shown) > 1:
			r.Doubled++
			k.Errorf("somebody was shown %d different receipts", len(shown))
		}
		for _, digits := range shown {
			r.Shown++
			ref, found := k.opens(h, digits)
			if !found {
				r.Lost++
				k.Errorf("a receipt that was shown opens nothing; its person went through %v", w.trace)
				continue
			}
			if other, twice := refs[ref]; twice && other != digits {
				k.Errorf("two receipts open the same report")
			}
			refs[ref] = digits
		}
	}
	for _, w := range k.people {
		r.Stalls += w.stalls
		r.Looked += w.looked
		if r.Again += w.lost; w.lost > 0 {
			k.Logf("somebody had to write again %d times for a question; they went through %v\n%s", w.lost, w.trace, w.phone.Screen())
		}
	}
	if 100*r.Again > k.spare*len(k.people) {
		k.Errorf("questions were lost: %d times somebody had to write again", r.Again)
	}
	k.reports(h, refs, &r)
	k.rest(h)
	if k.sound != nil {
		if err := k.sound(h); err != nil {
			k.Error(err)
		}
	}
	if err := h.Close(); err != nil {
		k.Error(err)
	}
	if k.sound == nil {
		if err := bolt.Verify(context.Background(), k.database()); err != nil {
			k.Error(err)
		}
	}
	if log, err := os.ReadFile(k.logFile()); err != nil || bytes.Contains(log, []byte("DATA RACE")) || bytes.Contains(log, []byte("panic:")) {
		k.Errorf("the log of the server holds a race or a panic (%v)", err)
	}
	if r.Missing > 0 {
		k.Errorf("%d people were left without their receipt", r.Missing)
	}
	if k.crowd > 0 && len(k.people) >= 2*k.crowd+5 {
		for _, kind := range []ticket.Kind{ticket.Feedback, ticket.Participation, ticket.Remedy, ticket.Support, ticket.Child} {
			if r.Kinds[kind] == 0 {
				k.Errorf("nobody sent anything of the kind %s: %v", kind, r.Kinds)
			}
		}
	}
	if k.crowd > 0 && len(k.people) >= 2*k.crowd+5 && r.Looked == 0 {
		k.Error("nobody looked around for help")
	}
	k.result = r
	k.Logf("%d kills in %v; %d people, who were shown services %d times, %d reports %v, %d receipts shown (%d people saw theirs more than once), %d notices; lost %d, doubled %d, without receipt %d, unnoticed %d; %d times somebody waited for more than %v, %d times somebody had to write again",
		r.Kills, k.took.Round(time.Second), r.People, r.Looked, r.Reports, r.Kinds, r.Shown, r.Twice, r.Notices, r.Lost, r.Doubled, r.Missing, r.Unnoticed, r.Stalls, pause, r.Again)
}

// copies counts how often a person was sent a receipt.
func (w *walker) copies() (n int) {
	for _, e := range w.phone.Transcript() {
		if e.Kind == telegramtest.Sent && len(e.Message.Rows) == 1 && e.Message.Rows[0][0].Copy != "" {
			n++
		}
	}
	return n
}

// opens finds the report of a receipt in the database.
func (k *killing) opens(h *house, digits string) (ref store.Ref, found bool) {
	stretched, err := h.keys.Stretch(context.Background(), h.registry.Kiln, digits)
	if err != nil {
		k.Fatal(err)
	}
	err = h.store.View(context.Background(), func(r *store.Read) error {
		for _, pepper := range h.keys.Peppers() {
			if ref, found, err = r.ByMailbox(stretched.MailboxID(pepper)); found || err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		k.Error(err)
	}
	return ref, found
}

// reports holds the reports on disk against the receipts, and their notices against the phones of the staff.
func (k *killing) reports(h *house, refs map[store.Ref]string, r *killResult) {
	told := map[string]string{} // who → everything that they were ever sent
	for id, hand := range k.hands {
		var all strings.Builder
		for _, e := range hand.phone.Transcript() {
			if e.Kind == telegramtest.Sent {
				all.WriteString(e.Message.Text + "\n")
			}
		}
		told[id] = all.String()
	}
	codes := map[string]bool{}
	err := h.store.View(context.Background(), func(rd *store.Read) error {
		return rd.Reports(func(ref store.Ref, rep ticket.Report) error {
			r.Reports++
			codes[string(rep.Code)] = true
			if refs[ref] == "" {
				r.Doubled++
				k.Errorf("there is a report whose receipt nobody was shown")
			}
			r.Kinds[rep.Kind]++
			under := h.keys.Month(rep.Day.Time(), seal.Class(rep.Class))
			thread, err := rd.Thread(under, rep.ID)
			if err != nil || len(thread) != 1 {
				k.Errorf("a report has %d sealed messages, %v", len(thread), err)
			}
			if _, err := rd.ReportChain(under, rep.ID); err != nil {
				k.Error(err)
			}
			for _, person := range rep.Handed() {
				if r.Notices++; !strings.Contains(told[person], string(rep.Code)) {
					r.Unnoticed++
					k.Errorf("%s was never told of a report", person)
				}
			}
			return nil
		})
	})
	if err != nil {
		k.Error(err)
	}
	for id, hand := range k.hands {
		for _, e := range hand.phone.Transcript() {
			for _, row := range e.Message.Rows {
				for _, b := range row {
					if code, ok := strings.CutPrefix(b.Data, "s:ack:"); ok && !codes[code] {
						k.Errorf("%s was told of a code that belongs to no report", id)
					}
				}
			}
		}
	}
}

// rest is what must not be left over.
func (k *killing) rest(h *house) {
	err := h.store.View(context.Background(), func(rd *store.Read) error {
		open, lost, err := rd.Closings()
		if len(open)+len(lost) > 0 {
			k.Errorf("%d closing records are left, %d of them unreadable", len(open)+len(lost), len(lost))
		}
		waiting, err2 := rd.Notices(time.Time{}, 10_000)
		if len(waiting) > 0 {
			k.Errorf("%d notices were never carried", len(waiting))
		}
		if err == nil {
			err = err2
		}
		return err
	})
	if err != nil {
		k.Error(err)
	}
}
