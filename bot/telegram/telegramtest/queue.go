package telegramtest

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// queue holds the updates of one bot until they are confirmed or expire. Bot.mu guards it.
type queue struct {
	updates []update
	lastID  int
	allowed map[string]bool // nil: the kinds that Telegram sends unasked

	poller     *poller
	lastOffset int64
	lastStart  time.Time // real time of the poll before
	lastAsk    time.Time // real time of the latest 409
}

type update struct {
	id      int
	chat    int64 // from which it came; 0 where nobody knows
	raw     []byte
	expires time.Time
}

// poller is a getUpdates that waits.
type poller struct {
	wake   chan struct{} // has room for one
	kicked chan struct{} // closed by a newer poller
}

func newQueue(id int64) queue { return queue{lastID: int(id%1000)*1000 + 100_000} }

// unasked are the kinds that come only when a bot names them.
var unasked = []string{"chat_member", "message_reaction", "message_reaction_count"}

// wants says whether updates of this kind are kept for the bot. What is not wanted when it happens is gone.
func (q *queue) wants(kind string) bool {
	if q.allowed == nil {
		return !slices.Contains(unasked, kind)
	}
	return q.allowed[kind]
}

func (q *queue) add(chat int64, expires time.Time, raw func(id int) []byte) int {
	q.lastID++
	q.updates = append(q.updates, update{q.lastID, chat, raw(q.lastID), expires})
	if q.poller != nil {
		select {
		case q.poller.wake <- struct{}{}:
		default:
		}
	}
	return q.lastID
}

// confirm drops what is confirmed by the offset. A negative one keeps the last few only.
func (q *queue) confirm(offset int64) {
	n := 0
	if offset < 0 {
		n = max(0, len(q.updates)+int(offset))
	} else {
		for n < len(q.updates) && int64(q.updates[n].id) < offset {
			n++
		}
	}
	q.updates = q.updates[n:]
}

// expire drops what is too old.
func (q *queue) expire(now time.Time) {
	q.updates = slices.DeleteFunc(q.updates, func(u update) bool { return !now.Before(u.expires) })
}

// answer is the JSON of the first updates.
func (q *queue) answer(limit int) json.RawMessage {
	out := []byte{'['}
	for i, u := range q.updates[:min(limit, len(q.updates))] {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, u.raw...)
	}
	return append(out, ']')
}

// getUpdates waits for updates. Real time alone counts here: a poll that waits on a clock that stands still would
// never end.
func (b *Bot) getUpdates(ctx context.Context, c *call) (any, *refusal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.webhook.url != "" {
		return nil, conflict(conflictWebhook)
	}
	q := &b.queue
	if r := q.remember(c, b.server.table.answers["Update"]); r != nil {
		return nil, r
	}
	offset := c.int("offset", 0)
	limit := int(c.int("limit", 100))
	wait := min(time.Duration(c.int("timeout", 0))*time.Second, b.server.options.MaxPoll)
	wait, limit = q.hammered(offset, limit, wait, b.server.options.Hammer)
	if q.poller != nil {
		close(q.poller.kicked)
		q.poller = nil
	}
	q.confirm(offset)
	q.expire(b.server.Now())
	if len(q.updates) > 0 || wait == 0 {
		return q.answer(limit), nil
	}
	return b.wait(ctx, limit, wait)
}

// wait sleeps until there is an update, the time is over or a newer poller comes; b.mu is held before and after.
func (b *Bot) wait(ctx context.Context, limit int, wait time.Duration) (any, *refusal) {
	q := &b.queue
	p := &poller{make(chan struct{}, 1), make(chan struct{})}
	q.poller = p
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		b.mu.Unlock()
		over := false
		select {
		case <-p.wake:
			time.Sleep(time.Millisecond) // Telegram too lets a burst gather
		case <-p.kicked:
			b.conflictPause(ctx)
			b.mu.Lock()
			return nil, conflict(conflictPoller)
		case <-timer.C:
			over = true
		case <-ctx.Done():
			over = true
		case <-b.server.quit:
			over = true
		}
		b.mu.Lock()
		if q.poller != p {
			return nil, conflict(conflictPoller)
		}
		q.expire(b.server.Now())
		if over || len(q.updates) > 0 {
			q.poller = nil
			return q.answer(limit), nil
		}
	}
}

// conflictPause spaces the answers 409: the first comes at once, others within three seconds of it come late.
func (b *Bot) conflictPause(ctx context.Context) {
	b.mu.Lock()
	now, pause := time.Now(), b.server.options.Hammer
	if now.Sub(b.queue.lastAsk) >= pause {
		b.queue.lastAsk, pause = now, 0
	}
	b.mu.Unlock()
	select {
	case <-time.After(pause):
	case <-ctx.Done():
	case <-b.server.quit:
	}
}

// hammered slows a bot that asks for the same offset again: within three seconds it waits, within half a second it
// gets one update.
func (q *queue) hammered(offset int64, limit int, wait, forced time.Duration) (time.Duration, int) {
	now := time.Now()
	same := offset == q.lastOffset && !q.lastStart.IsZero()
	since := now.Sub(q.lastStart)
	if same && wait < forced && since < forced {
		wait = forced
	}
	if same && since < forced/6 {
		limit = 1
	}
	q.lastOffset, q.lastStart = offset, now
	return wait, limit
}

// remember keeps the kinds that the bot asks for; a call without them changes nothing, an empty list asks for the
// usual ones.
func (q *queue) remember(c *call, kinds *object) *refusal {
	if !c.has("allowed_updates") {
		return nil
	}
	var names []string
	c.into("allowed_updates", &names)
	allowed := map[string]bool{}
	for _, n := range names {
		if kinds.fields[n] == nil || n == "update_id" {
			return wrong("unknown update type", "allowed_updates names %q", n)
		}
		allowed[n] = true
	}
	if q.allowed = allowed; len(names) == 0 {
		q.allowed = nil
	}
	return nil
}

// Pending says how many updates wait, confirmed ones and expired ones not counted.
func (b *Bot) Pending() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue.expire(b.server.Now())
	return len(b.queue.updates)
}

// Polled says whether a getUpdates of the bot waits for updates.
func (b *Bot) Polled() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.queue.poller != nil
}

// Pending says how many updates of the person's chat wait for the bot, confirmed ones and expired ones not counted.
func (u *User) Pending() (n int) {
	b := u.bot
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue.expire(b.server.Now())
	for _, up := range b.queue.updates {
		if up.chat == u.chat.ID {
			n++
		}
	}
	return n
}

// SkipUpdates leaves out n update numbers, as Telegram may.
func (b *Bot) SkipUpdates(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue.lastID += n
}
