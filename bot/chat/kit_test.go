package chat_test

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/chat"
	"amana/bot/directory"
	"amana/bot/flow"
	"amana/bot/guide"
	"amana/bot/kv/mem"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/store"
	"amana/bot/ticket"
	"amana/bot/voice"
	"amana/flows"
	"amana/locales"
)

// mission is a small one with real rooms: people are heard by a real Room over a real Registry on the memory engine.
type mission struct {
	t        *testing.T
	room     *chat.Room
	registry *casework.Registry
	store    *store.Store
	voices   *voice.Shelf
	readers  map[string]seal.Identity
	guide    *guide.Guide
	now      time.Time
	update   uint64
	beside   func(process byte) *chat.Room // another process over the same database
}

// words and flowSet are what is said and asked, read once: neither a Book nor a Set ever changes.
var (
	words   = sync.OnceValues(func() (*speech.Book, error) { return speech.Load(locales.FS) })
	flowSet = sync.OnceValues(readFlows)
)

func readFlows() (*flow.Set, error) {
	files, err := fs.Glob(flows.FS, "*.yaml")
	if err != nil {
		return nil, err
	}
	var all []*flow.Flow
	for _, name := range files {
		data, err := flows.FS.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := flow.Parse(name, data)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return flow.NewSet(all, []flow.List{
		{Name: "areas", Items: []string{"block_a", "block_b"}},
		{Name: "organisations", Items: []string{"example_relief", "example_health"}},
		{Name: "roles", Items: []string{"focal_point", "coordinator", "manager", "other"}},
		{Name: "kinds", Items: []string{"health", "legal", "police", "water"}},
	})
}

func newMission(t *testing.T, options ...func(*casework.Options)) *mission {
	t.Helper()
	m := &mission{t: t, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), readers: map[string]seal.Identity{}}
	now := func() time.Time { return m.now }
	house, err := seal.CreateHouse(t.TempDir()+"/keys", m.now, rand.Reader)
	m.ok(err)
	roots, err := seal.OpenRoots(private(t), m.now, rand.Reader)
	m.ok(err)
	coordinator, err := seal.NewCoordinatorKey(rand.Reader)
	m.ok(err)
	m.ok(house.PinCoordinator(coordinator.Public()))
	engine := mem.New(now)
	m.store = store.New(engine, house, roots)
	m.voices, err = voice.Open(voice.Options{Dir: t.TempDir(), Rand: rand.Reader, Now: now, Reserve: 1})
	m.ok(err)
	o := casework.Options{
		Voices: m.voices,
		Store:  m.store, Roots: roots, Kiln: seal.QuickKiln(), Clock: ticket.StandardClock(), Zone: time.UTC, Now: now, Rand: rand.Reader,
		OrgName: func(_, org string) string { return org },
	}
	for _, set := range options {
		set(&o)
	}
	m.registry, err = casework.New(t.Context(), o)
	m.ok(err)
	var p casework.Proposal
	for id, org := range map[string]string{"ana": "example_relief", "bea": "example_health", "cyn": "example_children"} {
		key, err := seal.NewIdentity(rand.Reader)
		m.ok(err)
		m.readers[id] = key
		p.Pending = append(p.Pending, ticket.Entry{
			ID: id, Name: id, Org: org, Role: ticket.FocalPoint, Key: key.Public(), Status: ticket.StatusConfirmed,
		})
	}
	signed, err := casework.Sign(coordinator, p)
	m.ok(err)
	m.ok(m.registry.Apply(t.Context(), signed))

	book, err := words()
	m.ok(err)
	set, err := flowSet()
	m.ok(err)
	m.guide = guide.New(directory.NewIndex(services(), directory.Options{}), guide.Options{
		Places: []guide.Place{{Name: "block_a", Area: "A"}, {Name: "block_b", Area: "B"}}, Now: now,
	})
	c := chat.Options{
		Voices: m.voices, Longest: voice.Longest, Largest: seal.MaxVoice,
		Book: book, Keeper: m.registry, Mailroom: m.registry, Now: now, Rand: rand.Reader,
		Mission: chat.Mission{
			Flows: func() *flow.Set { return set }, Readership: m.registry.Readership,
			Label:    func(_, _, item string) (string, bool) { return strings.ReplaceAll(item, "_", " "), true },
			Guide:    func() *guide.Guide { return m.guide },
			NoPolice: func(told bot.Facts) bool { return told.Get("matter") == "force" },
			Lines:    func(_, area string, _ bot.Facts) []string { return []string{"Line for " + area + "\n000-0001"} },
			Values: map[string]string{
				"Window1": "3", "Window2": "5", "Morning": "7–11", "Midday": "11–15", "Evening": "17–21", "Night": "21–24",
			},
			Offered: []string{"en", "ar"}, Places: map[string]string{"well": "block_a"},
		},
	}
	m.room = chat.New(c)
	m.beside = func(process byte) *chat.Room {
		o, c := o, c
		o.Process, o.Store = [16]byte{process}, store.New(engine.Join(now), house, roots)
		r, err := casework.New(t.Context(), o)
		m.ok(err)
		c.Keeper, c.Mailroom, c.Mission.Readership = r, r, r.Readership
		return chat.New(c)
	}
	return m
}

// services is where help can be found there: everything in block A, nothing in block B.
func services() *directory.Directory {
	text := func(en, ar string) directory.Words {
		return directory.Words{{Lang: "en", Text: en}, {Lang: "ar", Text: ar}}
	}
	d := &directory.Directory{
		Areas: []directory.Area{
			{ID: "A", Name: text("Block Alif", "القسم ألف"), Point: &directory.Point{Lat: 10, Lon: 20}},
			{ID: "B", Name: text("Block Baa", "القسم باء"), Point: &directory.Point{Lat: 10.1, Lon: 20}},
		},
		Organisations: []directory.Organisation{{ID: "org", Name: text("Example Help", "مساعدة المثال")}},
	}
	add := func(id, kind string, more func(*directory.Service)) {
		s := &directory.Service{ID: id, Org: "org", Kinds: []string{kind}, Name: text(id, id), Place: directory.Place{Area: "A"}, ValidUntil: "2027-12-31", Phones: []directory.Phone{{Number: "0000001"}}}
		if more != nil {
			more(s)
		}
		d.Services = append(d.Services, s)
	}
	for _, id := range []string{"Post one", "Post two", "Post three", "Post four"} {
		add(id, "health", nil)
	}
	add("Lawyer", "legal", func(s *directory.Service) { s.ValidUntil, s.VerifiedOn = "2026-01-01", "2025-12-01" })
	add("Police desk", "police", nil)
	add("House", "shelter", func(s *directory.Service) { s.Place.Redacted = true })
	return d
}

func (m *mission) ok(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// person is somebody with a phone: what they see, and what they do.
type person struct {
	*mission
	id   bot.Person
	loud bool // their door brings voice messages
	page bool // it is the chat page
	last bot.Reply
	seen []bot.Outgoing
}

func (m *mission) person(n byte) *person { return &person{mission: m, id: bot.Person{n}} }

func (p *person) incoming() bot.Incoming {
	p.update++
	in := bot.Incoming{Person: p.id, Address: "test:1001", Lang: "en", Sent: p.now, Speaks: p.loud}
	if p.page {
		in.Door, in.Mute = "page", true
	}
	binary.BigEndian.PutUint64(in.Mark[:], p.update)
	return in
}

func (p *person) hear(in bot.Incoming) bot.Reply {
	p.t.Helper()
	p.now = p.now.Add(5 * time.Second)
	reply, err := p.room.Hear(context.Background(), in)
	p.ok(err)
	p.last = reply
	p.seen = append(p.seen, reply.Outs...)
	return reply
}

func (p *person) types(text string) bot.Reply {
	p.t.Helper()
	in := p.incoming()
	in.Kind, in.Text = bot.Text, text
	return p.hear(in)
}

// taps presses the newest button whose label holds the words.
func (p *person) taps(label string) bot.Reply {
	p.t.Helper()
	in := p.incoming()
	in.Kind, in.Tap = bot.Tap, p.button(label)
	in.Sent = time.Time{}
	return p.hear(in)
}

func (p *person) button(label string) string {
	p.t.Helper()
	for i := len(p.seen) - 1; i >= 0; i-- {
		for _, row := range p.seen[i].Rows {
			for _, c := range row {
				if strings.Contains(c.Label, label) {
					return c.Data
				}
			}
		}
	}
	p.t.Fatalf("no button with %q; the last words were %q", label, p.text())
	return ""
}

// text is everything that the last reply said.
func (p *person) text() string {
	var parts []string
	for _, o := range p.last.Outs {
		parts = append(parts, o.Text)
	}
	return strings.Join(parts, "\n---\n")
}

func (p *person) sees(words string) {
	p.t.Helper()
	if !strings.Contains(p.text(), words) {
		p.t.Fatalf("%q is not said; what is said: %s", words, p.text())
	}
}

// private is a folder that only its owner enters.
func private(t *testing.T) string {
	t.Helper()
	dir := t.TempDir() + "/private"
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}
