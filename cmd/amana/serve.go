package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"amana/bot/kv"
	"amana/bot/outbox"
	"amana/bot/store"
	"amana/bot/telegram"
)

func runServe(ctx context.Context, c *call) error {
	var path, level string
	if _, err := c.flags("serve", "", "Hears and answers until it is told to stop (SIGTERM). The tokens of the bots are read from\nAMANA_TELEGRAM_TOKEN and AMANA_STAFF_TOKEN; with the first alone one bot serves people and staff. With a chat page (web:) neither is needed\nfor people.", func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.StringVar(&level, "log", "info", "how much is logged: debug, info, warn, error; never what people write")
	}); err != nil {
		return err
	}
	var lv slog.Level
	if err := lv.UnmarshalText([]byte(level)); err != nil {
		return usagef("serve: -log is one of debug, info, warn, error")
	}
	if c.alone {
		steady()
	}
	log := slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: lv}))
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	t, err := readTokens(c.env, conf.Web.on())
	if err != nil {
		return err
	}
	if err := conf.checkedWording(); err != nil {
		return err
	}
	conf.ground, conf.lean = c.ground, true
	h, err := openHouse(ctx, conf)
	if err != nil {
		return err
	}
	err = serve(ctx, h, t, log, c.env)
	return errors.Join(err, h.Close())
}

// steady lets the heap grow to five times what is alive before it is swept, up to a bound. What is alive here is small,
// a few megabytes whatever the number of conversations, and with the usual factor of two a third of the processor went
// into sweeping it again and again while many people wrote at once.
func steady() {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(256 << 20)
}

// serve opens the doors, and closes them in the reverse order when ctx ends: first nobody is heard any more, then
// nothing is carried, then the database is closed.
func serve(ctx context.Context, h *house, t tokens, log *slog.Logger, env func(string) string) error {
	if !h.roots.Memory() && !h.config.OnDisk {
		return errConfig{fmt.Sprintf("%s: runtime: %s is not on a memory file system: what must be lost with the power would stay on the disk. Use a folder under /run, or say runtime_on_disk: true", h.config.path, h.config.Runtime)}
	}
	if err := h.loadGuide(ctx); err != nil {
		return err
	}
	warn(h, log)
	people, staff, err := doors(h, t, log, h.config.ground.rates)
	if err != nil {
		return err
	}
	letters, err := openPost(h, env)
	if err != nil {
		return err
	}
	if h.shared() {
		if err := h.sayAsks(ctx); err != nil {
			return err
		}
	}
	agreed, clock := h.offices(log), &keeperClock{registry: h.registry}
	h.keeping.Store(clock)
	box := outbox.New(outbox.Options{
		Shelf: h.registry, Clock: h.clockOf(clock), Staff: carrier(staff), People: carrier(people), Book: h.book, Zone: h.config.zone(),
		Other: letters.other, Lang: h.offered[0], Gone: gone, After: after, Shut: shut,
		Link: h.reportLink(), Now: h.now, Awake: awake, Log: log,
	})
	hooks, err := listenHooks(h, people, staff)
	if err != nil {
		return err
	}
	defer hooks.close()
	seats, err := listenDesk(h, log.With("room", "desk"))
	if err != nil {
		return err
	}
	defer seats.close()
	page, err := listenPage(h, log)
	if err != nil {
		return err
	}
	defer page.close()
	bots := botsOf(people, staff)
	if staff == nil && letters.none() {
		log.Warn("there is no bot for staff: notices wait, and nobody is told that a report has come", "remedy", "AMANA_STAFF_TOKEN")
	}
	socket, err := listenSocket(h.config)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	inner, stopInner := context.WithCancel(context.WithoutCancel(ctx))

	var rooms, doorway sync.WaitGroup
	rooms.Go(func() { serveSocket(inner, socket, h, log) })
	rooms.Go(func() { box.Run(inner) })
	rooms.Go(func() {
		_ = agreed.hold(inner, keepOffice, func(ctx context.Context) error {
			clock.whileKeeping(ctx)
			keepHouse(ctx, h, log)
			return nil
		})
	})
	if h.shared() {
		rooms.Go(func() { followOthers(inner, h, log, stop) })
	}
	rooms.Go(func() { followClock(inner, h, log) })
	rooms.Go(func() { watchdog(inner, env, h.alive) })
	if h.config.Listen != "" {
		server, err := listenHealth(h, bots, page, box, seats, letters)
		if err != nil {
			stopInner()
			socket.Close()
			rooms.Wait()
			return err
		}
		rooms.Go(func() { <-inner.Done(); server.Close() })
	}
	for _, d := range bots {
		doorway.Go(func() {
			if err := d.Run(ctx); err != nil {
				stop(err)
			}
		})
	}
	debug.FreeOSMemory() // what reading flows, words and directory took: it is not needed again
	log.Info("serving", "profile", h.profile.Profile, "languages", h.offered, "version", version)
	for _, at := range h.config.addresses(bots) {
		log.Info(at[0], "at", at[1])
	}
	notify(env, "READY=1")
	<-ctx.Done()
	notify(env, "STOPPING=1")
	log.Info("stopping")
	doorway.Wait()
	hooks.close()
	seats.close()
	page.close()
	stopInner()
	socket.Close()
	rooms.Wait()
	if err := h.noteSeen(); err != nil {
		log.Warn("a cluster that goes back before the next start may not be told", "error", err)
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// alive says whether the database answers. A cluster that is away is not mended by starting this process again, which would
// take what it holds in memory along.
func (h *house) alive(ctx context.Context) error {
	err := h.store.View(ctx, func(r *store.Read) error {
		_, err := r.Format()
		return err
	})
	if errors.Is(err, kv.ErrAway) {
		return nil
	}
	return err
}

// keepHouse does what time asks for: new month keys, steps of the roots, forgetting.
func keepHouse(ctx context.Context, h *house, log *slog.Logger) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	var looked store.Day // when it was last looked at what is to be forgotten
	if h.bolt != nil && !h.bolt.Checked() {
		if err := h.bolt.Check(ctx); err != nil && ctx.Err() == nil {
			log.Error("checking the database", "error", err)
		}
	}
	problems, err := h.registry.Verify(ctx)
	if err != nil && ctx.Err() == nil {
		log.Error("looking whether the shelves hold together", "error", err)
	}
	for _, p := range problems {
		log.Error(p, "remedy", "`amana check`")
	}
	for {
		if !h.shared() { // else one machine makes them, and shares them: `amana keys new -months`
			made, err := h.keys.Ensure(h.now())
			if err != nil {
				log.Error("making the keys of the next months", "error", err)
			}
			if len(made) > 0 {
				log.Warn("new month keys were made; a key backup should hold them", "keys", made)
			}
		}
		if err := h.registry.Sweep(ctx, h.room.Live); err != nil && ctx.Err() == nil {
			log.Error("forgetting what has ended", "error", err)
		}
		if err := h.registry.SweepVoices(ctx, h.room.Named); err != nil && ctx.Err() == nil {
			log.Error("erasing voice messages that nobody needs", "error", err)
		}
		if !h.clock.doubted() { // what this does cannot be taken back
			keepDays(ctx, h, log, &looked)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// keepDays does what the days ask for: it publishes and forgets.
func keepDays(ctx context.Context, h *house, log *slog.Logger, looked *store.Day) {
	if made, err := h.registry.Publish(ctx, h.almanac()); err != nil && ctx.Err() == nil {
		log.Error("publishing the numbers of the mission", "error", err)
	} else if len(made) > 0 {
		log.Info("numbers were published; `amana stats` shows them", "periods", made)
	}
	if _, err := h.base.Forget(ctx, settleDays(h.now())); err != nil && ctx.Err() == nil {
		log.Error("forgetting settled updates", "error", err)
	}
	if day := store.DayOf(h.now()); day != *looked {
		*looked = day
		forgetDaily(ctx, h, log)
	}
}

func listenHealth(h *house, bots map[string]*telegram.Door, page *chatPage, box *outbox.Outbox, seats *desked, letters *postroom) (*http.Server, error) {
	if err := loopback(h.config.Listen); err != nil {
		return nil, errConfig{fmt.Sprintf("%s: %v", h.config.path, err)}
	}
	s := &health{house: h, box: box, since: time.Now(), doors: bots, page: page, seats: seats, post: letters}
	l, err := net.Listen("tcp", h.config.Listen)
	if err != nil {
		return nil, fmt.Errorf("opening the listener for health and metrics: %w", err)
	}
	server := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }()
	return server, nil
}

// warn says at the start what an operator should not find out later.
func warn(h *house, log *slog.Logger) {
	if from, upgraded := h.registry.Upgraded(); upgraded {
		remedy := "keep the backup that was made before this start, in case you have to go back"
		if h.shared() {
			remedy += "; an older version that still serves on another machine ends by itself within seconds, so put the new one there now"
		}
		log.Warn("the database was written by an older version of this program, which can read it no longer from now on",
			"form", from, "form now", h.registry.Form, "remedy", remedy)
	}
	if h.registry.Held() {
		log.Warn("the restored roster waits for the coordinator: nothing is sealed or handed out before `amana confirm`")
	}
	if len(h.registry.Roster().Entries) == 0 {
		log.Warn("nobody is in the roster yet: reports are not taken", "remedy", hinted("`amana check` says what to do next", h.config.path))
	}
	for _, f := range checkDatabase(context.Background(), h) {
		if f.Level == warning {
			log.Warn(f.What, "remedy", hinted(f.Hint, h.config.path))
		}
	}
}
