package office_test

import (
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
	"amana/bot/kv/mem"
	"amana/bot/office"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/store"
	"amana/bot/ticket"
	"amana/locales"
)

var book = sync.OnceValues(func() (*speech.Book, error) { return speech.Load(locales.FS) })

// mission is an office over a real Registry, in memory, with two focal points in it.
type mission struct {
	t           testing.TB
	book        *speech.Book
	office      *office.Office
	registry    *casework.Registry
	store       *store.Store
	coordinator seal.CoordinatorKey
	ids         map[string]seal.Identity
	now         time.Time
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newMission(t testing.TB) *mission {
	t.Helper()
	m := &mission{t: t, now: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC), ids: map[string]seal.Identity{}}
	now := func() time.Time { return m.now }
	dir := t.TempDir()
	house, err := seal.CreateHouse(dir+"/keys", m.now, rand.Reader)
	ok(t, err)
	ok(t, os.Mkdir(dir+"/run", 0o700))
	roots, err := seal.OpenRoots(dir+"/run", m.now, rand.Reader)
	ok(t, err)
	m.coordinator, err = seal.NewCoordinatorKey(rand.Reader)
	ok(t, err)
	ok(t, house.PinCoordinator(m.coordinator.Public()))
	m.store = store.New(mem.New(now), house, roots)
	m.registry, err = casework.New(t.Context(), casework.Options{
		Store: m.store, Roots: roots, Kiln: seal.QuickKiln(), Now: now, Rand: rand.Reader, Delay: casework.Delay{},
		OrgName: func(_, org string) string { return org },
	})
	ok(t, err)
	var staff []ticket.Entry
	for id, org := range map[string]string{"ana": "relief", "bea": "health"} {
		staff = append(staff, m.entry(id, org))
	}
	m.sign(staff...)
	for _, e := range staff {
		ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
			return w.PutContact(store.Contact{ID: e.ID, Address: bot.Address("staff:" + e.ID), Lang: "en"})
		}))
	}
	m.book, err = book()
	ok(t, err)
	m.office = office.New(office.Options{Registry: m.registry, Book: m.book, Offered: []string{"en", "ar"}, Zone: time.UTC})
	return m
}

func (m *mission) entry(id, org string) ticket.Entry {
	key, err := seal.NewIdentity(rand.Reader)
	ok(m.t, err)
	m.ids[id] = key
	return ticket.Entry{ID: id, Name: "Name of " + id, Org: org, Role: ticket.FocalPoint, Key: key.Public(), Status: ticket.StatusConfirmed}
}

func (m *mission) sign(more ...ticket.Entry) { m.t.Helper(); m.revoke(nil, more...) }

func (m *mission) revoke(ids []string, more ...ticket.Entry) {
	m.t.Helper()
	p, err := m.registry.Propose(m.t.Context())
	ok(m.t, err)
	p.Pending = append(p.Pending, more...)
	s, err := casework.Sign(m.coordinator, p, ids...)
	ok(m.t, err)
	ok(m.t, m.registry.Apply(m.t.Context(), s))
}

// hears gives what the office answers, and refuses answers that no door could bear or that lack words.
func (m *mission) hears(in bot.Incoming) bot.Reply {
	m.t.Helper()
	reply, err := m.office.Hear(m.t.Context(), in)
	ok(m.t, err)
	for _, o := range reply.Outs {
		if o.Text == "" || strings.Contains(o.Text, "staff.") || strings.Contains(o.Text, "{") || o.Lang == "" {
			m.t.Errorf("an answer without words: %q in %q", o.Text, o.Lang)
		}
		for _, row := range o.Rows {
			for _, c := range row {
				if len(c.Data) > 64 || c.Label == "" {
					m.t.Errorf("a button %q with %q", c.Label, c.Data)
				}
			}
		}
	}
	return reply
}

func (m *mission) types(from bot.Address, text string) bot.Reply {
	m.t.Helper()
	return m.hears(bot.Incoming{Kind: bot.Text, Address: from, Text: text})
}

func (m *mission) commands(from bot.Address, word string) bot.Reply {
	m.t.Helper()
	return m.hears(bot.Incoming{Kind: bot.Command, Address: from, Text: word})
}

func (m *mission) taps(from bot.Address, data string) bot.Reply {
	m.t.Helper()
	return m.hears(bot.Incoming{Kind: bot.Tap, Address: from, Tap: data})
}

func (m *mission) follows(from bot.Address, word string) bot.Reply {
	m.t.Helper()
	return m.hears(bot.Incoming{Kind: bot.Start, Address: from, Payload: office.LinkHead + word})
}

func (m *mission) brings(from bot.Address, file []byte) bot.Reply {
	m.t.Helper()
	return m.hears(bot.Incoming{Kind: bot.Document, Address: from, File: &bot.File{Name: "file", Bytes: file}})
}

// said asks that an answer says a key in a language, whatever else it says.
func (m *mission) said(reply bot.Reply, lang, key string, args speech.Args) {
	m.t.Helper()
	want, err := m.book.Text(lang, key, args)
	ok(m.t, err)
	want = speech.Paragraph(lang, want)
	if !slices.ContainsFunc(reply.Outs, func(o bot.Outgoing) bool { return strings.Contains(o.Text, want) }) {
		m.t.Errorf("it does not say %s, but %q", key, texts(reply))
	}
}

func texts(reply bot.Reply) (out []string) {
	for _, o := range reply.Outs {
		out = append(out, o.Text)
	}
	return out
}

// files sends a report, and gives the only new code that ana sees.
func (m *mission) files() (receipt, code string) {
	m.t.Helper()
	before, err := m.registry.Inbox(m.t.Context(), "ana")
	ok(m.t, err)
	done, err := m.registry.Commit(m.t.Context(), bot.Turn{Person: bot.Person{1}, Address: "telegram:70000001", Lang: "en", Filing: &bot.Filing{
		Flow: "report", Kind: "sea", Lang: "en", Facts: bot.Facts{{Flow: "report", Step: "story", Lang: "en", Text: "what happened"}},
	}})
	ok(m.t, err)
	after, err := m.registry.Inbox(m.t.Context(), "ana")
	ok(m.t, err)
	for _, l := range after {
		if !slices.ContainsFunc(before, func(o casework.Line) bool { return o.Code == l.Code }) {
			return done.Receipt, l.Code
		}
	}
	m.t.Fatal(errors.New("the report did not reach its reader"))
	return "", ""
}

// answer makes the signed answer file of a reader who has read.
func (m *mission) answer(who string, file bot.File, text string, change func(*seal.Header)) []byte {
	m.t.Helper()
	p, err := seal.OpenHandOut(file.Bytes, m.ids[who])
	ok(m.t, err)
	plain, err := seal.OpenMessage(p.Thread[0].File, m.ids[who])
	ok(m.t, err)
	in, err := ticket.DecodeInside(plain)
	ok(m.t, err)
	h := seal.Header{Report: p.Report, Kind: "answer", Nudge: in.Report.Nudge}
	_, err = rand.Read(h.Message[:])
	ok(m.t, err)
	var keys []string
	for _, c := range p.Cards {
		h.Readers, keys = append(h.Readers, seal.Reader{ID: c.ID, Key: c.Key}), append(keys, c.Key)
	}
	if change != nil {
		change(&h)
	}
	plain, err = ticket.Inside{Reply: &ticket.Reply{
		ID: in.Report.ID, Time: m.now, Lang: "en", Role: ticket.FocalPoint, State: ticket.Read, Text: text,
	}}.Encode()
	ok(m.t, err)
	sealed, err := seal.Message(plain, keys, in.Report.Mailbox, rand.Reader)
	ok(m.t, err)
	seed, err := seal.ParseSeed(in.Report.Seed)
	ok(m.t, err)
	signed, err := seal.SignAnswer(seed, h, sealed)
	ok(m.t, err)
	return signed
}

func (m *mission) enrolment(id string) []byte {
	m.t.Helper()
	key, err := seal.NewIdentity(rand.Reader)
	ok(m.t, err)
	m.ids[id] = key
	device, err := seal.NewDeviceKey(rand.Reader)
	ok(m.t, err)
	wrapped, err := seal.Wrap(key, "a long passphrase", device, 10)
	ok(m.t, err)
	file, err := seal.Enrolment{Public: key.Public(), Wrapped: wrapped}.Encode()
	ok(m.t, err)
	return file
}
