package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/store"
)

// openTogether opens the house on a machine that shares the database with others. It makes neither keys nor roots where the
// mission has some: what it would make for itself alone, nobody else could read.
func openTogether(ctx context.Context, c *config, g ground) (*house, error) {
	base, err := openEngine(ctx, c, g.now)
	if err != nil {
		return nil, err
	}
	h, err := openShared(ctx, c, g, base)
	if err != nil {
		base.Close()
	}
	return h, err
}

func openShared(ctx context.Context, c *config, g ground, base engine) (*house, error) {
	_, _ = rand.Read(g.process[:])
	if err := os.MkdirAll(c.Runtime, 0o700); err != nil {
		return nil, fmt.Errorf("making the runtime directory: %w", err)
	}
	known := false
	err := store.New(base, g.keys, nil).View(ctx, func(r *store.Read) (err error) {
		if known, err = casework.LikeOthers(r, nil); c.rootsAnew && errors.Is(err, casework.ErrLacksKeys) {
			g.lost, err = casework.Lacking(r)
		}
		return err
	})
	if err != nil {
		return nil, c.unlike(err)
	}
	if known && !c.rootsAnew && !seal.HasRoots(c.Runtime) {
		return nil, errConfig{fmt.Sprintf("%s: the runtime directory %s is empty, as after a reboot, and the other machines have roots: on one that still serves run `amana keys share`, and here `amana keys join`. Only if every machine lost them at once: `amana keys roots -new` on one, which ends all conversations, and then share those", c.at("runtime"), c.Runtime)}
	}
	if g.roots, err = seal.OpenRoots(c.Runtime, g.now(), g.rand); err != nil {
		return nil, err
	}
	if !c.rootsAnew {
		err = store.New(base, g.keys, g.roots).View(ctx, func(r *store.Read) error {
			_, err := casework.LikeOthers(r, g.roots)
			return err
		})
		if err != nil {
			return nil, c.unlike(err)
		}
	}
	if _, err := g.roots.Next(g.now()); err != nil {
		return nil, err
	}
	if !known { // the first machine of the mission makes what it then shares
		if _, err := g.keys.Ensure(g.now()); err != nil {
			return nil, err
		}
	}
	g.engine, g.voices = base, c.voicesDir()
	h, err := newHouse(ctx, c, g)
	if err != nil {
		return nil, err
	}
	h.base, h.lost = base, g.lost
	h.keeper = h.newKeeper(c.Retention.rules())
	if err := h.keeper.Follow(ctx); err != nil { // the rest is for whoever keeps the house
		return nil, fmt.Errorf("looking at what was forgotten: %w", err)
	}
	if err := h.registry.Vouch(ctx, c.rootsAnew); err != nil {
		return nil, c.unlike(err)
	}
	return h, h.oneShelf(ctx)
}

// unlike says what to do on a machine that is not like the others.
func (c *config) unlike(err error) error {
	switch {
	case errors.Is(err, casework.ErrLacksKeys):
		return errConfig{fmt.Sprintf("%s: %v. Nothing was changed: on a machine that has them run `amana keys share`, and here `amana keys join`. Only if no machine has them any more: empty %s, and `amana keys roots -new` goes on without them", c.at("keys"), err, c.Runtime)}
	case errors.Is(err, casework.ErrOtherKeys):
		return errConfig{fmt.Sprintf("%s: %v. Nothing was changed: move %s away and keep it, and take in those of a machine that serves with `amana keys share` there and `amana keys join` here", c.at("keys"), err, c.Keys)}
	case errors.Is(err, casework.ErrOtherRoots):
		return errConfig{fmt.Sprintf("%s: %v. Nothing was changed: empty %s, and take in those of a machine that serves with `amana keys share` there and `amana keys join` here", c.at("runtime"), err, c.Runtime)}
	}
	return err
}

// lostKeys says which keys no machine has any more, and what that means.
func (h *house) lostKeys(ctx context.Context, to io.Writer) error {
	if len(h.lost) == 0 {
		return nil
	}
	under, all := map[seal.KeyID]int{}, 0
	err := h.base.Walk(ctx, func(p kv.Pair) error {
		if id, ok := seal.KeyOf(p.Value); ok && slices.Contains(h.lost, id) {
			under[id]++
			all++
		}
		return nil
	})
	if err != nil {
		return err
	}
	var names []string
	for _, id := range h.lost {
		names = append(names, fmt.Sprintf("%s (%s)", id, count(under[id], "record", "records")))
	}
	means := "nothing stands under them, and nothing that was reported is lost"
	if all > 0 {
		means = "what stands under them, nobody can open again, unless a newer key backup is found: then begin anew with that"
	}
	fmt.Fprintf(to, "the key directory lacks keys that the mission had: %s; %s.\nMake new ones for the months to come with `amana keys new -months 12`, and a key backup\n", strings.Join(names, ", "), means)
	return nil
}

// restoring says that the database in hand is one that a restore is making.
func (c *config) restoring() bool { return c.anyState && c.rootsAnew }

// shelfMark names the file by which the machines know that they have one folder for voice messages.
const shelfMark = "shared"

// oneShelf refuses a folder for voice messages that is not the one of the other machines: what one of them took, the others
// could not hand out.
func (h *house) oneShelf(ctx context.Context) error {
	if h.voices == nil {
		return nil
	}
	dir := h.config.voicesDir()
	var noted string
	err := h.store.View(ctx, func(r *store.Read) (err error) {
		noted, err = r.ShelfMark()
		return err
	})
	if err != nil {
		return err
	}
	var here string
	if noted == "" || h.config.restoring() { // the file comes first: a mark on record without one would shut every machine out
		if here, err = markShelf(dir); err != nil {
			return fmt.Errorf("marking the folder for voice messages: %w", err)
		}
		err = h.store.Update(ctx, store.ID{}, func(w *store.Write) error {
			if noted, err = w.ShelfMark(); err != nil || noted != "" && !h.config.restoring() {
				return err
			}
			noted = here
			return w.PutShelfMark(here)
		})
	} else if here, err = markOf(dir); errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return err
	}
	if here == noted {
		return nil
	}
	return errConfig{fmt.Sprintf("%s: %s is not the folder for voice messages that the other machines share: mount that one here, or take voices out on every machine, and no voice messages are taken. Only if it is that folder, and lost the file %s in it: write the line %s into that file", h.config.at("voices"), dir, shelfMark, noted)}
}

func markOf(dir string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, shelfMark))
	return trimmed(data), err
}

// markShelf gives the mark of a folder, and makes it where there is none. Of two machines that do so at once, one makes it.
func markShelf(dir string) (mark string, err error) {
	path := filepath.Join(dir, shelfMark)
	if mark, err = markOf(dir); err == nil && mark != "" || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return mark, err
	}
	if err == nil { // empty: it was cut short, and nobody goes by it
		if err := os.Remove(path); err != nil {
			return "", err
		}
	}
	f, err := os.CreateTemp(dir, ".new-*") // mode 0600
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(rand.Text() + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		if err := os.Rename(f.Name(), path); err != nil { // a file system without hard links: two at once refuse later on
			return "", err
		}
	}
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
	return markOf(dir)
}

// How often a process looks at what others changed, and at its own roots and keys.
const (
	followEvery = time.Second
	stepEvery   = time.Minute
)

// followOthers is done by every process that shares the database: the roster, the absences and the directory are renewed
// also while nobody asks, its own roots step, and its own copies of forgotten keys are destroyed. A process ends where a later
// program has taken over the database, and where an older database came into its place.
func followOthers(ctx context.Context, h *house, log *slog.Logger, stop context.CancelCauseFunc) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	say := func(what string, err error) {
		if err != nil && ctx.Err() == nil {
			log.Error(what, "error", err)
		}
	}
	var stepped time.Time
	for {
		err := h.follow(ctx)
		if errors.Is(err, casework.ErrNewer) {
			stop(err)
			return
		}
		say("noting the revision", h.noteSeen())
		if brought(err) {
			stop(h.config.wentBack(err))
			return
		}
		say("following the other processes", err)
		if err == nil {
			say("looking at what other machines ask", h.followAsks(ctx, log))
		}
		if now := h.now(); now.Sub(stepped) >= stepEvery || now.Before(stepped) {
			stepped = now
			say("stepping the roots", h.registry.Step(ctx))
			taken, err := h.keys.TakeIn()
			say("taking in keys", err)
			if len(taken) > 0 {
				log.Info("keys were taken in", "keys", taken)
			}
			say("destroying keys of forgotten months", h.keeper.Follow(ctx))
			h.lookFit(ctx, log)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (h *house) follow(ctx context.Context) error {
	if err := h.registry.Fresh(ctx); err != nil {
		return err
	}
	g, err := h.directories(ctx)
	if err != nil {
		return err
	}
	var now store.ID
	if g.Now != nil {
		now = g.Now.ID
	}
	if was := h.guided.Load(); was != nil && *was != now {
		return h.renewGuide(ctx)
	}
	return nil
}

func (h *house) likeOthers(ctx context.Context) error {
	return h.store.View(ctx, func(r *store.Read) error {
		_, err := casework.LikeOthers(r, h.roots)
		return err
	})
}
