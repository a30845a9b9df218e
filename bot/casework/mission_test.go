package casework_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/kv/mem"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// engine is what a mission stands on.
type engine interface {
	kv.Store
	kv.Settler
}

// mission is a Registry with all beneath it, and a clock that a test moves.
type mission struct {
	t        testing.TB
	dir      string
	keys     string
	run      string
	engine   engine
	file     *bolt.Store // nil on the memory engine
	house    *seal.House
	roots    *seal.Roots
	store    *store.Store
	registry *casework.Registry
	ids      map[string]seal.Identity
	options  func(*casework.Options)
	told     map[string][]string

	mu     sync.Mutex
	at     time.Time
	drawn  int
	update int64
}

func (m *mission) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

func (m *mission) wait(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

// newMission begins a mission in memory, with its roster in force and everybody reachable.
func newMission(t testing.TB, options ...func(*casework.Options)) *mission {
	return start(t, false, options...)
}

// onDisk begins a mission in a file.
func onDisk(t testing.TB, options ...func(*casework.Options)) *mission {
	return start(t, true, options...)
}

func start(t testing.TB, disk bool, options ...func(*casework.Options)) *mission {
	t.Helper()
	return startIn(t, t.TempDir(), disk, options...)
}

// startIn begins a mission in a folder of its own.
func startIn(t testing.TB, dir string, disk bool, options ...func(*casework.Options)) *mission {
	t.Helper()
	m := &mission{
		t: t, dir: dir, keys: filepath.Join(dir, "keys"), run: filepath.Join(dir, "run"), at: begin, ids: map[string]seal.Identity{},
		told: map[string][]string{},
		options: func(o *casework.Options) {
			for _, set := range options {
				set(o)
			}
		},
	}
	for id, key := range theCamp().ids {
		m.ids[id] = key
	}
	private(t, filepath.Join(theCamp().dir, "keys"), m.keys)
	m.engine = mem.New(m.now)
	if disk {
		ok(t, bolt.Create(m.database()))
		m.file = must(bolt.Open(m.database(), bolt.Options{Now: m.now}))
		m.engine = m.file
	}
	t.Cleanup(func() { m.engine.Close() })
	m.open()
	m.apply(theCamp().signed)
	for _, e := range theCamp().roster {
		if e.Role != ticket.Recovery {
			m.reach(e.ID, bot.Address("staff:"+e.ID))
		}
	}
	return m
}

func (m *mission) database() string { return filepath.Join(m.dir, "data", "amana.db") }

// together lets a mission be one of several processes over one database.
func together(n byte) func(*casework.Options) {
	return func(o *casework.Options) { o.Process = [16]byte{n} }
}

// beside is another process of the same mission: on the same database, with the same keys and roots in folders of its own.
func (m *mission) beside(n byte) *mission {
	m.t.Helper()
	dir := m.t.TempDir()
	b := &mission{
		t: m.t, dir: dir, keys: filepath.Join(dir, "keys"), run: filepath.Join(dir, "run"), at: m.now(), ids: m.ids, engine: m.engine,
		told: map[string][]string{}, drawn: 1000 * int(n), update: 1000 * int64(n),
		options: func(o *casework.Options) {
			m.options(o)
			together(n)(o)
		},
	}
	private(m.t, m.keys, b.keys)
	private(m.t, m.run, b.run)
	b.open()
	return b
}

// open opens a Registry on what is there: at the beginning, and after every stop.
func (m *mission) open() {
	m.t.Helper()
	var err error
	m.house, err = seal.OpenHouse(m.keys, rand.Reader)
	ok(m.t, err)
	_, err = m.house.Ensure(m.now())
	ok(m.t, err)
	m.roots, err = seal.OpenRoots(m.run, m.now(), rand.Reader)
	ok(m.t, err)
	m.store = store.New(m.engine, m.house, m.roots)
	o := casework.Options{
		Store: m.store, Roots: m.roots, Kiln: seal.NewKiln(), Now: m.now, Rand: rand.Reader,
		OrgName: func(lang, org string) string { return org + " (" + lang + ")" },
	}
	m.options(&o)
	m.registry, err = casework.New(m.t.Context(), o)
	ok(m.t, err)
	m.registry.Slow(m.draw, theCamp().stretch)
}

// restart stops the program and starts it again; what lives in memory stays, as it does on an upgrade.
func (m *mission) restart() {
	m.t.Helper()
	if m.file != nil {
		ok(m.t, m.file.Close())
		m.file = must(bolt.Open(m.database(), bolt.Options{Now: m.now}))
		m.engine = m.file
	}
	m.open()
}

// reboot is a restart that loses what lives in memory only.
func (m *mission) reboot() {
	m.t.Helper()
	ok(m.t, os.RemoveAll(m.run))
	m.restart()
}

func (m *mission) draw() (ticket.Receipt, error) {
	m.mu.Lock()
	n := m.drawn
	m.drawn++
	m.mu.Unlock()
	return theCamp().receipt(n), nil
}

func (m *mission) apply(s store.Signed) {
	m.t.Helper()
	ok(m.t, m.registry.Apply(m.t.Context(), s))
}

// sign lets the coordinator sign what waits, with more entries or without some.
func (m *mission) sign(more []ticket.Entry, revoke ...string) {
	m.t.Helper()
	p, err := m.registry.Propose(m.t.Context())
	ok(m.t, err)
	p.Pending = append(p.Pending, more...)
	s, err := casework.Sign(theCamp().coordinator, p, revoke...)
	ok(m.t, err)
	m.apply(s)
}

func (m *mission) reach(id string, a bot.Address) {
	m.t.Helper()
	ok(m.t, m.store.Update(m.t.Context(), store.ID{}, func(w *store.Write) error {
		return w.PutContact(store.Contact{ID: id, Address: a, Lang: "en"})
	}))
}

// entry makes somebody with a key.
func (m *mission) entry(id, org string, role ticket.Role) ticket.Entry {
	key := must(seal.NewIdentity(rand.Reader))
	m.ids[id] = key
	return ticket.Entry{ID: id, Name: id, Org: org, Role: role, Key: key.Public(), Status: ticket.StatusConfirmed}
}

func (m *mission) tick() int {
	m.t.Helper()
	n, err := m.registry.Tick(m.t.Context())
	ok(m.t, err)
	return n
}

func (m *mission) sweep() {
	m.t.Helper()
	ok(m.t, m.registry.Sweep(m.t.Context(), live))
}

// live is the rule for drafts in these tests: one that says so is idle.
func live(draft []byte) bool { return !bytes.HasPrefix(draft, []byte("idle")) }

// whole asks that everything on the shelves holds together.
func (m *mission) whole() {
	m.t.Helper()
	problems, err := m.registry.Verify(m.t.Context())
	ok(m.t, err)
	for _, p := range problems {
		m.t.Errorf("the shelves do not hold together: %s", p)
	}
}

// useCopy goes on with a copy of the database in place of the one before.
func (m *mission) useCopy(copied string) {
	m.t.Helper()
	ok(m.t, m.engine.Close())
	path := filepath.Join(m.t.TempDir(), "data", "restored.db")
	ok(m.t, bolt.Restore(m.t.Context(), copied, path))
	m.file = must(bolt.Open(path, bolt.Options{Now: m.now}))
	m.engine = m.file
	m.open()
}

// between runs something before the next transactions, as if somebody else had been faster.
func (m *mission) between(fn func()) {
	m.t.Helper()
	m.engine = &faster{engine: m.engine, first: fn}
	m.open()
}

// faster is an engine on which something else always comes first.
type faster struct {
	engine
	mu    sync.Mutex
	busy  bool
	first func()
}

func (f *faster) Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error {
	f.mu.Lock()
	now := !f.busy
	f.busy = true
	f.mu.Unlock()
	if now {
		f.first()
		f.mu.Lock()
		f.busy = false
		f.mu.Unlock()
	}
	return f.engine.Update(ctx, id, fn)
}
