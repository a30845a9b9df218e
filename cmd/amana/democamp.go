package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv/mem"
	"amana/bot/outbox"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/store"
	"amana/bot/ticket"
)

// camp is an invented mission that lives in memory: the whole house, nine invented people who read, and their keys. Only
// in such a place do the keys of everybody lie together; it is what makes it possible to show both sides at once.
type camp struct {
	*house
	dir         string // key directory and roots; in memory where the system offers that
	coordinator seal.CoordinatorKey
	staff       []ticket.Entry
	people      map[string]seal.Identity // by roster id
	outbox      *outbox.Outbox
	lang        string        // of the staff
	skew        time.Duration // by how much the camp's clock is ahead
	told        []told        // what was carried to the staff, in order
}

// told is one message as a member of staff gets it.
type told struct {
	id  string // roster id
	out bot.Outgoing
}

// campOptions fits a camp to a showing or to a test.
type campOptions struct {
	profile string
	flow    string                  // a flow file that is tried; empty: the shipped flows
	lang    string                  // of the staff; the profile's first if empty
	now     func() time.Time        // before anybody lets time pass
	rand    io.Reader               //
	joins   func(ticket.Entry) bool // who signs up; nil: everybody
	also    []ticket.Entry          // who joins them
	kiln    *seal.Kiln              // nil: a new one, as the protocol wants it
}

// demoZone is the time zone of a place that names none.
const demoZone = "UTC"

// newCamp makes the place, its keys and its signed roster. Close takes everything away again.
func newCamp(ctx context.Context, o campOptions) (*camp, error) {
	dir, err := memoryDir()
	if err != nil {
		return nil, err
	}
	c := &camp{dir: dir, people: map[string]seal.Identity{}}
	if err := c.build(ctx, o); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *camp) build(ctx context.Context, o campOptions) error {
	conf := &config{path: "demo", paper: paper{file: "demo: -profile"}, Profile: o.profile, Zone: demoZone}
	for _, d := range []*duration{&conf.Notices.Least, &conf.Notices.Normal, &conf.Notices.Urgent} {
		d.set = true // notices come at once, so that they can be shown
	}
	p, err := readProfile(conf)
	if err != nil {
		return err
	}
	if strings.HasSuffix(o.profile, ".yaml") { // the mission's own words lie beside its place, as they do where it serves
		conf.Locales = wordsNear(o.profile)
	}
	if conf.trial = o.flow; o.flow != "" {
		conf.Locales = cmp.Or(wordsNear(o.flow), conf.Locales)
	}
	conf.Zone = cmp.Or(p.Hours.Zone, demoZone) // in which its opening hours are meant
	conf.Drafts = p.Languages                  // an invented place may show what nobody has checked yet
	if c.lang = o.lang; c.lang == "" {
		c.lang = p.Languages[0]
	}
	if !slices.Contains(p.Languages, c.lang) {
		return usagef("demo: the profile %s has no labels in %q; it has %v", p.Profile, c.lang, p.Languages)
	}
	if o.flow != "" {
		conf.Languages = []string{c.lang} // one language is not asked for, so that the flow begins at once
	}
	now := func() time.Time { return o.now().Add(c.skew) }
	chance := &source{o.rand}
	g := ground{engine: mem.New(now), now: now, rand: chance, kiln: o.kiln, voices: c.dir + "/voice", reserve: 1}
	if g.keys, err = seal.CreateHouse(c.dir+"/keys", now(), g.rand); err != nil {
		return err
	}
	if c.coordinator, err = seal.NewCoordinatorKey(g.rand); err != nil {
		return err
	}
	if err = g.keys.PinCoordinator(c.coordinator.Public()); err != nil {
		return err
	}
	if g.roots, err = seal.OpenRoots(c.dir+"/roots", now(), g.rand); err != nil {
		return err
	}
	if c.house, err = newHouse(ctx, conf, g); err != nil {
		return err
	}
	c.outbox = outbox.New(outbox.Options{
		Shelf: c.registry, Clock: c.registry, Staff: c, Book: c.book, Zone: conf.zone(), Lang: c.lang, Now: now,
		Lanes: 1, // one terminal, and a transcript that reads the same each time
	})
	if err := c.enrol(ctx, o, g.rand); err != nil {
		return err
	}
	// What the directory needs of it is taken elsewhere: otherwise a change of a sheet would change every number of a
	// conversation that is walked again from the same beginning.
	chance.Reader = rand.Reader
	defer func() { chance.Reader = o.rand }()
	return c.stock(ctx)
}

// source is where a camp takes its chance from.
type source struct{ io.Reader }

// Close forgets the place and wipes its folder.
func (c *camp) Close() error { return os.RemoveAll(c.dir) }

// memoryDir makes a folder that the power takes away, where there is such a place, for its owner alone.
func memoryDir() (string, error) {
	dir, err := os.MkdirTemp("/dev/shm", "amana-demo-")
	if err != nil {
		dir, err = os.MkdirTemp("", "amana-demo-")
	}
	if err != nil {
		return "", fmt.Errorf("making a folder for the demonstration: %w", err)
	}
	return dir, nil
}

// invented gives the people of the place, over the organisations of its profile: two focal points, one who stands in,
// one for children, a coordinator, an oversight desk, and the recovery key; and three case workers, who read what the
// others never see.
func invented(p *profile) []ticket.Entry {
	org := func(i int, wanted string) string {
		for _, o := range p.Organisations {
			if o.Name == wanted {
				return o.Name
			}
		}
		return p.Organisations[i%len(p.Organisations)].Name
	}
	all := []ticket.Entry{
		{ID: "relief", Org: org(0, "example_relief"), Role: ticket.FocalPoint, Backup: "standin"},
		{ID: "health", Org: org(1, "example_health"), Role: ticket.FocalPoint, Backup: "standin"},
		{ID: "children", Org: org(2, "example_children"), Role: ticket.FocalPoint, Child: true},
		{ID: "care", Org: org(1, "example_health"), Role: ticket.FocalPoint, Kinds: []ticket.Kind{ticket.Support}},
		{ID: "refuge", Org: org(3, "example_shelter"), Role: ticket.FocalPoint, Kinds: []ticket.Kind{ticket.Support, ticket.Child}},
		{ID: "playroom", Org: org(2, "example_children"), Role: ticket.FocalPoint, Kinds: []ticket.Kind{ticket.Child}, Child: true},
		{ID: "standin", Org: org(3, "example_shelter"), Role: ticket.Backup},
		{ID: "coordinator", Org: org(2, "example_children"), Role: ticket.Coordinator},
		{ID: "oversight", Org: org(3, "example_shelter"), Role: ticket.Oversight},
		{ID: "recovery", Org: org(3, "example_shelter"), Role: ticket.Recovery, Holder: "oversight"},
	}
	names := map[string]string{
		"relief": "Focal point", "health": "Focal point", "children": "Focal point for children", "care": "Case worker", "refuge": "Case worker", "playroom": "Case worker for children", "standin": "Stand-in",
		"coordinator": "Coordinator", "oversight": "Oversight desk", "recovery": "Recovery key in a safe",
	}
	for i := range all {
		e := &all[i]
		e.Name, e.Langs, e.Status = names[e.ID], p.Languages, ticket.StatusConfirmed
	}
	return all
}

// enrol makes everybody's key, and does what the coordinator does: signs them all into the roster.
func (c *camp) enrol(ctx context.Context, o campOptions, chance io.Reader) error {
	var joining []ticket.Entry
	for _, e := range append(invented(c.profile), o.also...) {
		if o.joins != nil && !o.joins(e) {
			continue
		}
		if _, joined := c.people[e.Holder]; !joined {
			e.Holder = ""
		}
		key, err := seal.NewIdentity(chance)
		if err != nil {
			return err
		}
		e.Key, c.people[e.ID] = key.Public(), key
		joining = append(joining, e)
	}
	if len(joining) == 0 {
		return nil
	}
	signed, err := casework.Sign(c.coordinator, casework.Proposal{Pending: joining})
	if err != nil {
		return err
	}
	if err := c.registry.Apply(ctx, signed); err != nil {
		return err
	}
	c.staff = joining
	for some := range slices.Chunk(joining, 25) { // an update has room for a hundred keys
		err := c.store.Update(ctx, store.ID{}, func(w *store.Write) error {
			for _, e := range some {
				if e.Role == ticket.Recovery {
					continue
				}
				if err := w.PutContact(store.Contact{ID: e.ID, Address: address(e.ID), Lang: c.lang}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// address is where a member of staff is reached in this place.
func address(id string) bot.Address { return bot.Address("demo:" + id) }

// Send takes what is carried to the staff.
func (c *camp) Send(_ context.Context, to bot.Address, outs []bot.Outgoing) error {
	for _, e := range c.staff {
		if address(e.ID) != to {
			continue
		}
		for _, o := range outs {
			c.told = append(c.told, told{e.ID, o})
		}
	}
	return nil
}

// carry carries the notices that are due, and gives what came of it.
func (c *camp) carry(ctx context.Context) []told {
	before := len(c.told)
	for c.outbox.Round(ctx) > 0 && ctx.Err() == nil {
	}
	return slices.Clone(c.told[before:])
}

// wait lets time pass, hour by hour as the clock of the house does, carries what falls due, and gives the lines for which
// the hour has come.
func (c *camp) wait(ctx context.Context, d time.Duration) (lines []bot.Outgoing, err error) {
	for d > 0 {
		step := min(d, time.Hour)
		d -= step
		c.skew += step
		if _, err := c.keys.Ensure(c.now()); err != nil {
			return lines, err
		}
		if err := c.registry.Sweep(ctx, c.room.Live); err != nil {
			return lines, err
		}
		if err := c.registry.SweepVoices(ctx, c.room.Named); err != nil {
			return lines, err
		}
		if _, err := c.registry.Tick(ctx); err != nil {
			return lines, err
		}
		c.carry(ctx)
		now, err := c.nudges(ctx)
		if err != nil {
			return lines, err
		}
		lines = append(lines, now...)
	}
	return lines, nil
}

// nudges gives the lines for which the hour has come.
func (c *camp) nudges(ctx context.Context) (lines []bot.Outgoing, err error) {
	due, err := c.registry.Nudges(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range due {
		text, err := c.book.Text(p.Out.Lang, "word.nudge", nil)
		if err != nil {
			return nil, err
		}
		p.Out.Text = speech.Paragraph(p.Out.Lang, text)
		lines = append(lines, p.Out)
	}
	return lines, nil
}

// entry gives somebody of the roster.
func (c *camp) entry(id string) (ticket.Entry, bool) {
	i := slices.IndexFunc(c.staff, func(e ticket.Entry) bool { return e.ID == id })
	if i < 0 {
		return ticket.Entry{}, false
	}
	return c.staff[i], true
}
