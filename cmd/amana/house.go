package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"amana/bot/casework"
	"amana/bot/chat"
	"amana/bot/directory"
	"amana/bot/flow"
	"amana/bot/guide"
	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/office"
	"amana/bot/retention"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/store"
	"amana/bot/voice"
)

// house is every room of one mission, wired together.
type house struct {
	config  *config
	profile *profile
	wording *wording
	book    *speech.Book // of the wording
	flows   *flow.Set
	offered []string

	engine   kv.Store
	base     engine      // the same, where it lasts; nil in the demonstration
	bolt     *bolt.Store // the same, where it is a file
	keys     *seal.House
	roots    *seal.Roots
	store    *store.Store
	voices   *voice.Shelf
	registry *casework.Registry
	room     *chat.Room
	guide    atomic.Pointer[guide.Guide] // to the directory in force; nil until somebody asks
	guiding  sync.Mutex
	records  atomic.Pointer[directory.Directory] // that the guide was made of, for the desk
	guided   atomic.Pointer[store.ID]            // which one that is
	amending sync.Mutex                          // one correction at a time
	office   *office.Office
	keeper   *retention.Keeper // nil in the demonstration, in which no month ends
	now      func() time.Time
	clock    *wallClock   // that now asks; nil in the demonstration
	lost     []seal.KeyID // keys that no machine of the mission has any more
	fitness  fitness
	asks     string                      // what this machine asks people, summed up; where others share the database
	keeping  atomic.Pointer[keeperClock] // of a process that serves; nil in a command
	seen     string                      // of the cluster, as it was noted last (noteSeen)
	process  [16]byte                    // names this process among those that share the database; zero: no other has it open
}

// shared says that other processes may have the database open.
func (h *house) shared() bool { return h.process != [16]byte{} }

// ground is what a house stands on. The demonstration brings one that lasts as long as the terminal.
type ground struct {
	engine kv.Store
	keys   *seal.House
	roots  *seal.Roots
	now    func() time.Time
	clock  *wallClock // that now asks; nil in the demonstration
	rand   io.Reader
	kiln   *seal.Kiln // nil: a new one, as the protocol wants it
	voices string     // folder for voice messages; empty: none are taken

	process [16]byte     // where others have the database open
	lost    []seal.KeyID // keys of the mission that no machine has any more

	reserve int64 // bytes of its disk that they leave free; the standard if zero
}

// openHouse opens the house that a configuration describes.
func openHouse(ctx context.Context, c *config) (*house, error) {
	if err := notOurs(c.Keys); err != nil {
		return nil, err
	}
	clock := newWallClock(c.ground.clock, awake)
	g := ground{now: clock.now, clock: clock, rand: rand.Reader, kiln: c.ground.kiln}
	keys, err := seal.OpenHouse(c.Keys, g.rand)
	if _, gone := os.Stat(c.Keys); errors.Is(gone, fs.ErrNotExist) {
		return nil, errConfig{fmt.Sprintf("%s: the key directory %s is not there; restore it with `amana keys restore`, or make a new house with `amana init`", c.at("keys"), c.Keys)}
	}
	if err != nil {
		return nil, fmt.Errorf("%w (`amana keys restore` makes the directory of a key backup anew)", err)
	}
	g.keys = keys
	if c.place.clustered() {
		return openTogether(ctx, c, g)
	}
	if _, err := keys.Ensure(g.now()); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Runtime, 0o700); err != nil {
		return nil, fmt.Errorf("making the runtime directory: %w", err)
	}
	if g.roots, err = seal.OpenRoots(c.Runtime, g.now(), g.rand); err != nil {
		return nil, err
	}
	// The roots step before anybody is heard: what was sealed under one that a long stop has outlived would be forgotten
	// by the sweep that follows.
	if _, err := g.roots.Next(g.now()); err != nil {
		return nil, err
	}
	base, err := openEngine(ctx, c, g.now)
	if err != nil {
		return nil, err
	}
	g.engine, g.voices = base, c.voicesDir()
	h, err := newHouse(ctx, c, g)
	if err != nil {
		base.Close()
		return nil, err
	}
	h.base = base
	h.bolt, _ = base.(*bolt.Store)
	h.keeper = h.newKeeper(c.Retention.rules())
	if err := h.keeper.Prepare(ctx); err != nil {
		base.Close()
		return nil, fmt.Errorf("looking at what was forgotten: %w", err)
	}
	if err := casework.Alone(ctx, h.store); err != nil {
		base.Close()
		return nil, fmt.Errorf("serving alone: %w", err)
	}
	return h, nil
}

// newHouse wires the rooms on a ground.
func newHouse(ctx context.Context, c *config, g ground) (*house, error) {
	h := &house{config: c, engine: g.engine, keys: g.keys, roots: g.roots, now: g.now, clock: g.clock, process: g.process}
	var err error
	if h.profile, err = readProfile(c); err != nil {
		return nil, err
	}
	if h.wording, err = c.wording(h.profile); err != nil {
		return nil, err
	}
	h.book = h.wording.book
	if h.flows, err = h.wording.set(h.profile); err != nil {
		return nil, err
	}
	if h.offered, err = offered(c, h.profile, h.book); err != nil {
		return nil, err
	}
	if g.kiln == nil {
		g.kiln = seal.NewKiln()
	}
	h.store = store.New(g.engine, g.keys, g.roots)
	var voices chat.Voices
	if g.voices != "" {
		if h.voices, err = voice.Open(voice.Options{Dir: g.voices, Rand: g.rand, Now: g.now, Reserve: g.reserve, Beside: h.shared()}); err != nil {
			return nil, err
		}
		voices = h.voices
	}
	h.registry, err = casework.New(ctx, casework.Options{
		Budget: c.ground.budget(),
		Voices: h.voices,
		Store:  h.store, Roots: g.roots, Kiln: g.kiln, Clock: c.clock(h.profile), Routes: h.routes(),
		OrgName: h.profile.orgName, Tell: casework.Tell{Kind: c.Notices.Kind, Area: c.Notices.Area}, Delay: c.delay(), Digest: c.digest(),
		Zone: c.zone(), Safe: h.profile.safeHours(), Now: g.now, Rand: g.rand, Process: g.process, Form: c.ground.form,
	})
	if err != nil {
		return nil, err
	}
	set := h.flows
	var age func(time.Time) time.Duration
	if g.clock != nil {
		age = g.clock.age
	}
	h.room = chat.New(chat.Options{
		Age: age, Voices: voices, Longest: voice.Longest, Largest: seal.MaxVoice,
		Book: h.book, Keeper: h.registry, Mailroom: h.registry, Now: g.now, Rand: g.rand,
		Mission: chat.Mission{
			Flows: func() *flow.Set { return set }, Readership: h.registry.Readership, Label: h.label,
			Guide: h.guideNow, Words: kindWords{h.book, h.profile}, NoPolice: h.noPolice,
			Lines: h.lines, Listed: h.listed, Values: h.profile.values(), Offered: h.offered, Places: c.Posters,
		},
	})
	h.office = office.New(office.Options{Registry: h.registry, Book: h.book, Offered: h.offered, Zone: c.zone()})
	return h, nil
}

// Close ends the engine. Whatever is under way in it is waited for.
func (h *house) Close() error { return h.engine.Close() }

// delay gives the random wait before notices; what the configuration leaves out is the standard.
func (c *config) delay() casework.Delay {
	d := casework.StandardDelay
	if c.Notices.Least.set {
		d.Least = c.Notices.Least.Duration
	}
	if c.Notices.Normal.set {
		d.Normal = c.Notices.Normal.Duration
	}
	if c.Notices.Urgent.set {
		d.Urgent = c.Notices.Urgent.Duration
	}
	return d
}
