package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"amana/bot"
)

const (
	pageSize   = 100
	heardKinds = `["message","edited_message","callback_query","my_chat_member"]`
	alarmAfter = 5 // conflicts in a row that are worth an alarm
	firstLull  = 250 * time.Millisecond
	longLull   = 2 * time.Second
	owedLull   = 600 * time.Millisecond // whoever asks for the same sooner than half a second later gets one update
	silence    = 24 * time.Hour
)

// poller is the state of the loop that asks Telegram for updates.
type poller struct {
	d         *Door
	limit     int   // updates a page; smaller while pages cannot be read
	garbles   int   // pages in a row that could not be read
	fails     int   // of any kind, in a row
	conflicts int   // in a row
	unhooked  bool  // a webhook was removed once
	asked     int64 // offset of the latest poll
	askedAt   time.Time
	lull      time.Duration
	latest    time.Time // when something came last
}

// poll runs until ctx ends, or until the token turns out to be no longer valid.
func (p *poller) poll(ctx context.Context) error {
	p.limit, p.lull, p.latest = pageSize, firstLull, time.Now()
	for ctx.Err() == nil {
		page, err := p.page(ctx, p.d.opt.Poll)
		if ctx.Err() != nil {
			break
		}
		p.d.count.Polls.Add(1)
		if err != nil {
			p.d.count.PollErrors.Add(1)
			if err := p.trouble(ctx, err); err != nil {
				return err
			}
			continue
		}
		p.spread(ctx, page)
	}
	return nil
}

// page makes one long poll.
func (p *poller) page(ctx context.Context, wait time.Duration) (page []json.RawMessage, err error) {
	offset := p.d.window.offset(time.Now())
	params := tg.Params{
		"limit": strconv.Itoa(p.limit), "timeout": strconv.Itoa(int(wait / time.Second)), "allowed_updates": heardKinds,
	}
	params.AddNonZero64("offset", offset)
	ctx, done := context.WithTimeout(ctx, wait+15*time.Second)
	defer done()
	p.asked, p.askedAt = offset, time.Now()
	err = p.d.wire.into(ctx, &page, "getUpdates", params)
	return page, err
}

// spread sends a page of updates into the lanes and waits a little for them. It does not wait for ever: a turn that
// takes long, or cannot be committed, or whose answer cannot be sent, must not keep other people from being heard.
func (p *poller) spread(ctx context.Context, page []json.RawMessage) {
	news, lost := 0, 0
	for _, raw := range page {
		switch id, taken := p.d.receive(raw); {
		case id == 0:
			lost++
		case taken:
			news++
		}
	}
	now := time.Now()
	if len(page) > 0 {
		p.latest = now
	} else if now.Sub(p.latest) > silence {
		p.d.window.reset()
		p.latest = now
	}
	if lost > 0 && lost == len(page) {
		p.fails++
		p.garbled(&Fault{Method: "getUpdates", kind: garbled, what: "an update without a number"})
		sleep(ctx, backoff(p.d.opt.Retry, p.fails))
		return
	}
	p.fails, p.conflicts, p.garbles, p.limit = 0, 0, 0, pageSize
	if news > 0 {
		p.lull = firstLull
	}
	if len(page) >= pageSize {
		p.d.window.full(news)
	}
	switch {
	case p.d.window.wait(ctx, p.lull):
		p.lull = firstLull
	case p.d.window.hearing():
		p.lull = min(2*p.lull, longLull)
	default: // only answers are under way, and nobody has to wait for those of others
		p.lull = owedLull
	}
}

// receive takes one update and gives its number, 0 when it has none; taken is false when it was taken before.
func (d *Door) receive(raw json.RawMessage) (id int64, taken bool) {
	d.count.Updates.Add(1)
	u, ok := parse(raw)
	if !ok {
		d.count.Skipped.Add(1)
		return 0, false
	}
	if !d.window.take(u.ID) {
		return u.ID, false
	}
	h := read(u, d.opt.Now())
	switch {
	case h.drop:
		d.count.Skipped.Add(1)
		d.acknowledge(h.chat, h.callback, "")
	case h.group && d.heedsGroup(h):
		d.count.Groups.Add(1)
		d.enter(h)
		return u.ID, true
	case h.group:
		d.refuse(h)
	case h.in.Kind == bot.Picture && d.book.sameAlbum(h.chat, h.album):
		d.count.Skipped.Add(1) // one answer to an album is enough
		who, _ := d.opt.Names.Person(address(h.chat))
		d.pend(h.chat, who, h.message, h.in.Sent)
		_ = d.post.add(lineKey{chat: h.chat}, d.noting(h.chat))
	default:
		d.enter(h)
		return u.ID, true
	}
	d.window.done(u.ID)
	return u.ID, true
}

// heedsGroup says that something from a group is for the room, where one takes groups: how it is joined, moved and left, and
// once a day that something was said there, which the room answers if the group is none of its own.
func (d *Door) heedsGroup(h *heard) bool {
	if !d.opt.Groups {
		return false
	}
	switch h.in.Kind {
	case bot.Start, bot.Moved, bot.Left:
		return true
	}
	return !h.quiet && h.callback == "" && d.book.mayRefuse(h.chat)
}

// refuse says in a group that the bot listens in private only: once a day, and nothing of the group is heard.
func (d *Door) refuse(h *heard) {
	d.count.Groups.Add(1)
	d.acknowledge(h.chat, h.callback, "")
	if d.opt.Groups || h.quiet && h.in.Kind == bot.Left {
		return
	}
	if d.book.mayRefuse(h.chat) {
		_ = d.post.add(lineKey{chat: h.chat},
			d.message(h.chat, bot.Person{}, bot.Outgoing{Text: d.opt.Words.Group(h.in.Lang), Lang: h.in.Lang}))
	}
}

// trouble waits out a failed poll, or says that there is no point in waiting.
func (p *poller) trouble(ctx context.Context, err error) error {
	log := p.d.opt.Log
	p.fails++
	p.d.window.unreachable(time.Now())
	wait := backoff(p.d.opt.Retry, p.fails)
	switch kindOf(err) {
	case badToken:
		return fmt.Errorf("asking Telegram for updates: %w", err)
	case webhook:
		if !p.unhooked {
			p.unhooked = true
			log.Warn("a webhook was set for this bot; removing it, keeping what waits")
			if _, err := p.d.wire.call(ctx, "deleteWebhook", tg.Params{"drop_pending_updates": "false"}); err == nil {
				return nil
			}
		}
		p.conflict(err)
	case conflict:
		p.conflict(err)
	case garbled:
		p.garbled(err)
	default:
		if p.fails == 1 || p.fails%20 == 0 {
			log.Warn("no updates from Telegram, trying again", "error", err, "failures", p.fails)
		}
	}
	if after, asked := After(err); asked {
		wait = max(wait, after)
	}
	sleep(ctx, wait)
	return nil
}

func (p *poller) conflict(err error) {
	p.d.count.Conflicts.Add(1)
	p.conflicts++
	switch {
	case p.conflicts == alarmAfter || p.conflicts%50 == 0:
		p.d.opt.Log.Error("another program keeps asking for this bot's updates; only one may", "error", err, "failures", p.conflicts)
	case p.conflicts == 1:
		p.d.opt.Log.Warn("somebody else asked for this bot's updates", "error", err)
	}
}

// garbled deals with a page that cannot be read, whatever it was: it may have been cut off on the way, and it may hold
// an update that never can be read. So the page gets smaller, and a single update that stays unreadable is stepped over.
func (p *poller) garbled(err error) {
	p.garbles++
	p.limit = max(1, p.limit/4)
	p.d.opt.Log.Warn("a page of updates could not be read", "error", err, "failures", p.garbles)
	if p.limit > 1 || p.garbles < 2*patience {
		return
	}
	p.garbles = 0
	id := p.d.window.offset(time.Now()) // a guess, if we have seen any: numbers mostly follow each other
	if f, ok := err.(*Fault); ok && f.skip != 0 {
		id = f.skip
	}
	if id != 0 && p.d.window.take(id) {
		p.d.window.done(id)
		p.d.count.Poison.Add(1)
		p.d.opt.Log.Error("an update that cannot be read was stepped over")
	}
}

// confirm tells Telegram of everything settled since the last poll, so that a clean stop repeats nothing. A poll that
// we broke off has told it already, if it had the time to arrive; the answer is of no interest.
func (p *poller) confirm(ctx context.Context) {
	if p.d.window.offset(time.Now()) == p.asked && time.Since(p.askedAt) > 100*time.Millisecond {
		return
	}
	ctx, done := context.WithTimeout(ctx, time.Second)
	defer done()
	p.limit = 1
	_, _ = p.page(ctx, 0)
}

// sleep waits and says whether it could wait to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
