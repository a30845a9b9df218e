package outbox_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv/kvtest"
	"amana/bot/kv/mem"
	"amana/bot/outbox"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/store"
	"amana/bot/ticket"
	"amana/locales"
)

var book = sync.OnceValues(func() (*speech.Book, error) { return speech.Load(locales.FS) })

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// errDown is what a door says when it cannot send; errGone, when it never will; errSlow, when it is asked to wait; errShut,
// when it is closed because the program ends.
var (
	errDown = errors.New("the network is down")
	errGone = errors.New("the chat is gone")
	errSlow = errors.New("too fast")
	errShut = errors.New("shut")
)

// door is the far side: it notes what was sent, and fails as a test tells it to.
type door struct {
	mu    sync.Mutex
	sent  []sending
	fail  func(to bot.Address, n int) (also bool, err error) // also: it was sent all the same
	hang  func(to bot.Address) time.Duration                 // how long a sending takes
	n     int
	at    map[bot.Address][]time.Time // of every try
	away  map[bot.Address]int         // sendings under way just now
	most  int                         // sendings under way at once
	twice bool                        // two of them to one address
}

type sending struct {
	at  time.Time
	to  bot.Address
	out bot.Outgoing
}

func (d *door) Send(ctx context.Context, to bot.Address, outs []bot.Outgoing) error {
	d.begins(to)
	defer d.ends(to)
	if d.hang != nil {
		select {
		case <-time.After(d.hang(to)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	if d.at == nil {
		d.at = map[bot.Address][]time.Time{}
	}
	d.at[to] = append(d.at[to], now())
	var err error
	sent := true
	if d.fail != nil {
		if sent, err = d.fail(to, d.n); err == nil {
			sent = true
		}
	}
	if sent {
		for _, o := range outs {
			d.sent = append(d.sent, sending{now(), to, o})
		}
	}
	return err
}

func (d *door) begins(to bot.Address) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away == nil {
		d.away = map[bot.Address]int{}
	}
	d.away[to]++
	d.twice = d.twice || d.away[to] > 1
	all := 0
	for _, n := range d.away {
		all += n
	}
	d.most = max(d.most, all)
}

func (d *door) ends(to bot.Address) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.away[to]--
}

// tries gives when it was tried to reach somebody.
func (d *door) tries(a bot.Address) []time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.at[a])
}

// to gives what somebody has got.
func (d *door) to(a bot.Address) (out []sending) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.sent {
		if s.to == a {
			out = append(out, s)
		}
	}
	return out
}

// mission is an outbox over a real Registry; the clock is that of the bubble that it runs in.
type mission struct {
	t        *testing.T
	engine   *kvtest.Flaky
	store    *store.Store
	registry *casework.Registry
	box      *outbox.Outbox
	staff    *door
	people   *door
	codes    map[string]bool
	sign     func(revoke []string, more ...ticket.Entry)
	log      *lines
}

func newMission(t *testing.T) *mission {
	t.Helper()
	m := &mission{t: t, engine: &kvtest.Flaky{Engine: mem.New(now)}, staff: &door{}, people: &door{}, codes: map[string]bool{}, log: &lines{}}
	dir := t.TempDir()
	house, err := seal.CreateHouse(dir+"/keys", now(), rand.Reader)
	ok(t, err)
	ok(t, os.Mkdir(dir+"/run", 0o700))
	roots, err := seal.OpenRoots(dir+"/run", now(), rand.Reader)
	ok(t, err)
	coordinator, err := seal.NewCoordinatorKey(rand.Reader)
	ok(t, err)
	ok(t, house.PinCoordinator(coordinator.Public()))
	m.store = store.New(m.engine, house, roots)
	m.registry, err = casework.New(t.Context(), casework.Options{
		Store: m.store, Roots: roots, Kiln: seal.QuickKiln(), Now: now, Rand: rand.Reader, Delay: casework.StandardDelay,
		OrgName: func(_, org string) string { return org }, Tell: casework.Tell{Kind: true, Area: true},
	})
	ok(t, err)
	var p casework.Proposal
	for id, org := range map[string]string{"ana": "relief", "bea": "health", "bo": "relief"} {
		key, err := seal.NewIdentity(rand.Reader)
		ok(t, err)
		e := ticket.Entry{ID: id, Name: id, Org: org, Role: ticket.FocalPoint, Key: key.Public(), Status: ticket.StatusConfirmed}
		if id == "bo" {
			e.Role = ticket.Backup
		}
		p.Pending = append(p.Pending, e)
	}
	signed, err := casework.Sign(coordinator, p)
	ok(t, err)
	ok(t, m.registry.Apply(t.Context(), signed))
	m.sign = func(revoke []string, more ...ticket.Entry) {
		p, err := m.registry.Propose(t.Context())
		ok(t, err)
		p.Pending = append(p.Pending, more...)
		s, err := casework.Sign(coordinator, p, revoke...)
		ok(t, err)
		ok(t, m.registry.Apply(t.Context(), s))
	}
	for id, lang := range map[string]string{"ana": "en", "bea": "ar", "bo": "xx"} {
		m.reach(id, lang)
	}
	words, err := book()
	ok(t, err)
	m.box = outbox.New(outbox.Options{
		Shelf: m.registry, Clock: m.registry, Staff: m.staff, People: m.people, Book: words, Zone: time.UTC, Lang: "en",
		Gone:  func(err error) bool { return errors.Is(err, errGone) },
		After: func(err error) (time.Duration, bool) { return 10 * time.Minute, errors.Is(err, errSlow) },
		Shut:  func(err error) bool { return errors.Is(err, errShut) },
		Now:   now, Log: m.log.logger(),
	})
	return m
}

func (m *mission) entry(id string) ticket.Entry {
	m.t.Helper()
	key, err := seal.NewIdentity(rand.Reader)
	ok(m.t, err)
	return ticket.Entry{ID: id, Name: id, Org: "relief", Role: ticket.FocalPoint, Key: key.Public(), Status: ticket.StatusConfirmed}
}

func (m *mission) reach(id, lang string) {
	m.t.Helper()
	ok(m.t, m.store.Update(m.t.Context(), store.ID{}, func(w *store.Write) error {
		return w.PutContact(store.Contact{ID: id, Address: bot.Address("staff:" + id), Lang: lang})
	}))
}

// run carries in the background until the test ends, or until what it returns is called.
func (m *mission) run() (end func()) {
	ctx, stop := context.WithCancel(m.t.Context())
	var g sync.WaitGroup
	g.Go(func() { m.box.Run(ctx) })
	end = func() { stop(); g.Wait() }
	m.t.Cleanup(end)
	return end
}

// puts lays a notice on the shelf that is about no report.
func (m *mission) puts(n int, reader string, due time.Time) {
	m.t.Helper()
	ok(m.t, m.store.Update(m.t.Context(), store.ID{}, func(w *store.Write) error {
		return w.PutNotice(w.House().Standing(), store.Waiting{ID: store.ID{byte(n), 1}, Reader: reader, Event: "confirmed", Due: due})
	}))
}

// files sends a report and gives its code.
func (m *mission) files(facts ...bot.Fact) string {
	m.t.Helper()
	_, err := m.registry.Commit(m.t.Context(), bot.Turn{Person: bot.Person{1}, Address: "telegram:70000001", Lang: "en", Filing: &bot.Filing{
		Flow: "report", Kind: "sea", Lang: "en", Facts: append(facts, bot.Fact{Flow: "report", Step: "area", Lang: "en", Values: []string{"block_a"}}),
	}})
	ok(m.t, err)
	inbox, err := m.registry.Inbox(m.t.Context(), "ana")
	ok(m.t, err)
	for _, l := range inbox {
		if !m.codes[l.Code] {
			m.codes[l.Code] = true
			return l.Code
		}
	}
	m.t.Fatal("the report did not reach its reader")
	return ""
}

// lines is a log that a test reads.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// now is the clock of a bubble, which begins in the year 2000, moved to a Friday morning of our days.
func now() time.Time { return time.Now().Add(friday.Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))) }

var friday = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
