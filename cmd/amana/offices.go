package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/outbox"
	"amana/bot/telegram"
)

// What only one of the processes does that share a database. Each office is won on its own, so that two processes may share
// them out; with one process both are held at once and for good.
const (
	hearOffice = "hear" // asks Telegram for the updates of a bot; there is one for each bot
	keepOffice = "keep" // moves the clocks, forgets, publishes, seals again under the next roots
)

// The waits of a process that could not ask for an office, or could not give it back.
const (
	campaignAgain = time.Second
	resignWithin  = 2 * time.Second
)

// offices lets the processes agree. An engine that one process holds needs no agreement.
type offices struct {
	elector kv.Elector
	log     *slog.Logger
}

func (h *house) offices(log *slog.Logger) offices {
	if e, elects := h.engine.(kv.Elector); elects && h.shared() {
		return offices{fitting{e, &h.fitness}, log}
	} else if elects {
		return offices{e, log}
	}
	return offices{kv.Alone{}, log}
}

// hold does some work while this process has an office: under a context by which every write compares the office in its own
// commit, and which ends when the office is lost. Then it asks for the office again. It returns once ctx has ended and the
// work with it; also when the work ends by itself, with its error. What ends since the office is lost is no error.
func (o offices) hold(ctx context.Context, office string, work func(context.Context) error) error {
	for ctx.Err() == nil {
		term, err := o.elector.Campaign(ctx, office)
		if err != nil {
			if ctx.Err() == nil {
				o.log.Warn("asking for an office, trying again", "office", office, "error", err)
				idle(ctx, campaignAgain)
			}
			continue
		}
		lost, err := o.serve(ctx, term, work)
		if !lost {
			return err
		}
		o.log.Warn("another process has an office now that this one had; asking for it again", "office", office)
		idle(ctx, campaignAgain)
	}
	return nil
}

// serve does the work of one term.
func (o offices) serve(ctx context.Context, term kv.Term, work func(context.Context) error) (lost bool, err error) {
	bound, stop := context.WithCancelCause(term.Bind(ctx))
	defer stop(nil)
	over := make(chan struct{})
	defer close(over)
	go func() {
		select {
		case <-term.Done():
			stop(kv.ErrDeposed)
		case <-over:
		}
	}()
	err = work(bound)
	if errors.Is(context.Cause(bound), kv.ErrDeposed) || errors.Is(err, kv.ErrDeposed) {
		lost, err = true, nil
	}
	resign, done := context.WithTimeout(context.WithoutCancel(ctx), resignWithin)
	defer done()
	if gone := term.Resign(resign); gone != nil && !lost {
		o.log.Warn("giving an office back: the next process waits until it is missed", "error", gone)
	}
	return lost, err
}

func idle(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// keeperClock moves the clocks of the reports while this process keeps the house. The outbox, which drives it, runs in every
// process.
type keeperClock struct {
	registry *casework.Registry
	bound    atomic.Pointer[context.Context] // nil while another process keeps the house
}

// whileKeeping lets the clock run until ctx ends.
func (c *keeperClock) whileKeeping(ctx context.Context) { c.bound.Store(&ctx) }

// under gives a context that ends with either, and by which the office is compared.
func (c *keeperClock) under(ctx context.Context) (bound context.Context, end func(), keeps bool) {
	p := c.bound.Load()
	if p == nil || (*p).Err() != nil {
		return nil, nil, false
	}
	bound, stop := context.WithCancel(*p)
	after := context.AfterFunc(ctx, stop)
	return bound, func() { after(); stop() }, true
}

// errElsewhere says that a deed is for the process that keeps the house, and that this is another one.
var errElsewhere = errors.New("another machine keeps the house just now, and only there anything is forgotten, so that no two do it at once. Nothing was changed: run this on the other machines that serve; the one that keeps the house does it")

// officeWait is how long a command waits for the office of an engine in which nobody may have it.
const officeWait = 5 * time.Second

// asKeeper does what only the process that keeps the house may do: under its term in a process that serves, and in a command
// under a term of its own, if no other process has the office.
func (h *house) asKeeper(ctx context.Context, work func(context.Context) error) error {
	if !h.shared() {
		return work(ctx)
	}
	if c := h.keeping.Load(); c != nil {
		bound, end, keeps := c.under(ctx)
		if !keeps {
			return errElsewhere
		}
		defer end()
		return orElsewhere(work(bound))
	}
	o := h.offices(slog.New(slog.DiscardHandler))
	wait, stop := context.WithTimeout(ctx, officeWait)
	defer stop()
	term, err := o.elector.Campaign(wait, keepOffice)
	if err != nil {
		if ctx.Err() == nil && wait.Err() != nil {
			return errElsewhere
		}
		return fmt.Errorf("asking for the office of keeping the house: %w", err)
	}
	lost, err := o.serve(ctx, term, work)
	if lost {
		return errElsewhere
	}
	return err
}

func orElsewhere(err error) error {
	if errors.Is(err, kv.ErrDeposed) {
		return fmt.Errorf("%w (%w)", errElsewhere, err)
	}
	return err
}

// clockOf gives the clock that the outbox drives: with one process, the reports themselves.
func (h *house) clockOf(c *keeperClock) outbox.Clock {
	if h.shared() {
		return c
	}
	return h.registry
}

// door gives the office of a bot's door; nil where no other process has it.
func (h *house) door(bot string, log *slog.Logger) func(context.Context, func(context.Context) error) error {
	if !h.shared() {
		return nil
	}
	o, name := h.offices(log), hearOffice
	if bot != "people" {
		name += "-" + bot
	}
	return func(ctx context.Context, work func(context.Context) error) error { return o.hold(ctx, name, work) }
}

// hook gives the webhook of a bot. Its secret lives as long as the process, or, where several are brought updates for one
// bot, is the same in all of them.
func (h *house) hook(bot string) *telegram.Webhook {
	w := h.config.Telegram.hook(bot)
	if w != nil && h.shared() {
		mac := h.keys.MAC("webhook secret", []byte(bot))
		w.Secret = hex.EncodeToString(mac[:])
	}
	return w
}

// Tick moves what is due.
func (c *keeperClock) Tick(ctx context.Context) (int, error) {
	bound, end, keeps := c.under(ctx)
	if !keeps {
		return 0, nil
	}
	defer end()
	n, err := c.registry.Tick(bound)
	return n, unlessDeposed(err)
}

// Nudges takes the lines whose hour has come.
func (c *keeperClock) Nudges(ctx context.Context) ([]bot.Parcel, error) {
	bound, end, keeps := c.under(ctx)
	if !keeps {
		return nil, nil
	}
	defer end()
	lines, err := c.registry.Nudges(bound)
	return lines, unlessDeposed(err)
}

func unlessDeposed(err error) error {
	if errors.Is(err, kv.ErrDeposed) {
		return nil
	}
	return err
}
