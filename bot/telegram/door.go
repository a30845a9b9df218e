package telegram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"amana/bot"
)

var (
	errTurnHangs = errors.New("a turn did not end in time")
	errPanicked  = errors.New("hearing an update: the room panicked")
	errRunning   = errors.New("the door was opened before")
	errOptions   = errors.New("a door needs a Hearer or a Route, Names, and all Words")
)

// Door is one bot: it hears whoever writes to it and answers them.
type Door struct {
	opt    Options
	shared bool // other processes have this bot too
	botID  string
	wire   *wire
	post   *post
	lanes  lanes
	book   *book
	fresh  fresh

	hook   *hook // nil where the door asks for updates
	window *window
	sounds sounds
	count  counts
	opened atomic.Bool
	term   atomic.Pointer[term] // under which turns are heard just now
}

// New makes a door without touching the network.
func New(o Options) (*Door, error) {
	shared := o.Office != nil
	o.fill()
	if (o.Hearer == nil && o.Route == nil) || o.Names == nil ||
		o.Words.NotSaved == nil || o.Words.Perhaps == nil || o.Words.Lost == nil || o.Words.Group == nil {
		return nil, errOptions
	}
	id, err := BotID(o.Token)
	if err != nil {
		return nil, err
	}
	w, err := newWire(o.Token, o.API, o.Transport)
	if err != nil {
		return nil, err
	}
	w.pulse.alarm = o.Alarm
	d := &Door{opt: o, shared: shared, botID: id, wire: w, book: newBook(), window: newWindow()}
	if o.Webhook != nil {
		hooked := *o.Webhook
		if err := hooked.check(); err != nil {
			return nil, err
		}
		d.opt.Webhook, d.hook = &hooked, newHook(hooked)
	}
	d.fresh.of = map[int64]*freshIDs{}
	d.lanes.of = map[int64][]*heard{}
	d.lanes.slots = make(chan struct{}, o.Lanes)
	d.post = newPost(o.Rates, o.Retry, &d.count, d.left)
	return d, nil
}

// Run hears and answers until ctx ends, then finishes the turns that are under way, confirms them and sends what waits,
// for as long as the grace lasts; then it returns nil. It returns early only when the token is not valid.
// A door runs once.
func (d *Door) Run(ctx context.Context) error {
	if !d.opened.CompareAndSwap(false, true) {
		return errRunning
	}
	rest := context.WithoutCancel(ctx)
	posting, stopPosting := context.WithCancel(rest)
	hearing, stopHearing := context.WithCancel(rest)
	looks, stopLooks := context.WithCancel(ctx)
	defer stopHearing()
	d.term.Store(&term{ctx.Done(), hearing})
	d.wire.pulse.begin(time.Now())

	var own sync.WaitGroup
	own.Go(func() { d.post.run(posting) })
	err := d.hello(ctx)
	if err == nil && d.hook != nil {
		own.Go(func() { _ = d.opt.Office(looks, func(ctx context.Context) error { d.chores(ctx); return nil }) })
		err = d.beBrought(ctx)
	} else if err == nil {
		err = d.opt.Office(ctx, func(bound context.Context) error { return d.poll(ctx, bound) })
	}
	stopLooks()

	grace, done := context.WithTimeout(rest, d.opt.Grace)
	defer done()
	hung := d.closeLanes(grace, stopHearing)
	d.post.drained(grace)
	// What was not said in time is not confirmed either: it comes again and is answered again.
	if d.hook != nil {
		close(d.hook.ended)
	}
	stopPosting()
	own.Wait()
	d.wire.close()
	return errors.Join(err, hung)
}

// chores do what one process does for a bot: its faces, wiping what grows old, what a stop left unsent.
func (d *Door) chores(ctx context.Context) {
	var own sync.WaitGroup
	own.Go(func() { d.setup(ctx) })
	own.Go(func() { d.sweep(ctx) })
	own.Go(func() { d.resume(ctx) })
	own.Wait()
}

// closeLanes lets turns end by themselves, then cancels them; a turn that ignores even that is reported, not waited for.
func (d *Door) closeLanes(grace context.Context, cancel func()) error {
	d.lanes.mu.Lock()
	d.lanes.shut = true
	d.lanes.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		d.lanes.all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-grace.Done():
	}
	cancel()
	last, done := context.WithTimeout(context.WithoutCancel(grace), d.opt.Grace)
	defer done()
	select {
	case <-ended:
		return nil
	case <-last.Done():
		return errTurnHangs
	}
}

// hello asks Telegram who we are until it answers. A network that is not there yet is waited for.
func (d *Door) hello(ctx context.Context) error {
	for try := 1; ctx.Err() == nil; try++ {
		var me struct {
			ID int64 `json:"id"`
		}
		err := d.wire.into(ctx, &me, "getMe", tg.Params{})
		if err == nil {
			if me.ID != 0 && strconv.FormatInt(me.ID, 10) != d.botID {
				d.opt.Log.Warn("the number in the token is not the number of the bot")
			}
			return nil
		}
		if errors.Is(err, ErrToken) {
			return fmt.Errorf("asking Telegram who we are: %w", err)
		}
		if ctx.Err() != nil {
			break
		}
		if try == 1 || try%20 == 0 {
			d.opt.Log.Warn("Telegram cannot be reached, trying again", "error", err, "tries", try)
		}
		after, _ := After(err)
		sleep(ctx, max(after, backoff(d.opt.Retry, try)))
	}
	return nil
}

// resume sends the closing messages that a stop left unsent.
func (d *Door) resume(ctx context.Context) {
	if d.opt.Closer == nil {
		return
	}
	for try := 1; ; try++ {
		parcels, err := d.opt.Closer.Unsent(ctx)
		if err == nil {
			d.deliver(parcels)
			return
		}
		d.opt.Log.Warn("closing records could not be read, trying again", "tries", try)
		if !sleep(ctx, backoff(d.opt.Retry, try)) {
			return
		}
	}
}

func (d *Door) deliver(parcels []bot.Parcel) {
	for _, p := range parcels {
		chat, ours := chatOf(p.Address)
		if !ours {
			continue
		}
		_ = d.post.add(lineKey{chat: chat}, d.message(chat, p.Person, p.Out), d.noting(chat))
	}
}

// left passes on that somebody turned out to be out of reach.
func (d *Door) left(chat int64) {
	d.book.forget(chat)
	d.unpend(chat)
	if chat > 0 || d.opt.Groups {
		d.enter(&heard{chat: chat, in: bot.Incoming{Kind: bot.Left, Sent: d.opt.Now(), Group: chat < 0}})
	}
}

// moved passes on that a group turned out to have another number.
func (d *Door) moved(from, to int64) {
	if d.opt.Groups && from < 0 && to < 0 && to >= -maxID {
		d.enter(&heard{chat: from, in: bot.Incoming{Kind: bot.Moved, Sent: d.opt.Now(), Group: true, Moved: address(to)}})
	}
}
