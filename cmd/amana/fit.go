package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// yieldFor is how long a process whose keys do not fit leaves its offices to others before it asks for them again. Where there
// is nobody else it has them back then, and does what it can.
const yieldFor = 30 * time.Second

// handOver is for how long it leaves what comes by webhook to others without knowing whether there are any.
const handOver = 10 * time.Second

// fitness says since when this machine is not like the others: its keys are not those by which they work just now, or it asks
// people other questions (asks.go). Nil: it is.
type fitness struct {
	since      atomic.Pointer[time.Time]
	keys, asks atomic.Bool // which of them differ
}

// judge notes what was found of either, and says whether that is new.
func (f *fitness) judge() (changed bool) { return f.set(!f.keys.Load() && !f.asks.Load()) }

// set notes what was found, and says whether that is new.
func (f *fitness) set(fits bool) (changed bool) {
	if fits == (f.since.Load() == nil) {
		return false
	}
	var since *time.Time
	if !fits {
		now := time.Now()
		since = &now
	}
	f.since.Store(since)
	return true
}

// lookFit compares keys and roots with the other machines. With other keys, or without those of this month, a process would
// refuse reports that another one can take. A key of a coming month that is missing is said, and stops nothing yet.
func (h *house) lookFit(ctx context.Context, log *slog.Logger) {
	err := h.likeOthers(ctx)
	if ctx.Err() != nil {
		return
	}
	lacks := errors.Is(err, casework.ErrLacksKeys) && h.lacksPresent()
	was := h.fitness.keys.Swap(lacks || errors.Is(err, casework.ErrOtherKeys))
	if h.fitness.judge(); was && err == nil {
		log.Warn("the keys on this machine fit again")
	}
	if err != nil {
		log.Error("comparing keys and roots with the other machines", "error", h.config.unlike(err), "leaves_to_others", h.fitness.since.Load() != nil)
	}
}

func (h *house) lacksPresent() bool {
	for _, class := range []ticket.Class{ticket.ClassReport, ticket.ClassFeedback} {
		if _, err := h.keys.Print(h.keys.Month(h.now(), seal.Class(class))); err != nil {
			return true
		}
	}
	return false
}

// refuses says that what comes by webhook is for another process: Telegram brings it again.
func (h *house) refuses() bool {
	since := h.fitness.since.Load()
	if since == nil {
		return false
	}
	if time.Since(*since) < handOver {
		return true
	}
	if c := h.keeping.Load(); c != nil {
		if _, end, keeps := c.under(context.Background()); keeps { // nobody else took it
			end()
			return false
		}
	}
	return true
}

// fitting lets a process whose keys do not fit give back its offices, once, and ask for them behind the others.
type fitting struct {
	kv.Elector
	*fitness
}

func (f fitting) Campaign(ctx context.Context, office string) (kv.Term, error) {
	for since := f.since.Load(); since != nil && time.Since(*since) < yieldFor && ctx.Err() == nil; since = f.since.Load() {
		idle(ctx, campaignAgain)
	}
	term, err := f.Elector.Campaign(ctx, office)
	if err != nil {
		return nil, err
	}
	t := &fitTerm{Term: term, done: make(chan struct{}), over: make(chan struct{})}
	go t.watch(f.fitness, f.since.Load())
	return t, nil
}

// fitTerm ends also where the keys of its process cease to fit.
type fitTerm struct {
	kv.Term
	done, over chan struct{}
	once       sync.Once
}

func (t *fitTerm) watch(f *fitness, begun *time.Time) {
	tick := time.NewTicker(campaignAgain)
	defer tick.Stop()
	for {
		select {
		case <-t.over:
			return
		case <-t.Term.Done():
			close(t.done)
			return
		case <-tick.C:
		}
		if since := f.since.Load(); since != nil && since != begun {
			close(t.done)
			return
		}
	}
}

func (t *fitTerm) Done() <-chan struct{} { return t.done }

func (t *fitTerm) Resign(ctx context.Context) error {
	t.once.Do(func() { close(t.over) })
	return t.Term.Resign(ctx)
}
