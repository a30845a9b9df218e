package telegram

import (
	"container/heap"
	"time"
)

// Telegram does not say whether a 429 means the chat or the bot. It is taken for the bot's when many chats are told to
// wait at once. Rejected: two chats, as two people could then silence the bot for everybody, for as long as they were
// told to wait themselves.
const (
	manyFloods  = 5                // chats
	floodsApart = 2 * time.Second  // within which they are told to wait
	longFreeze  = 30 * time.Second // how long everybody waits at most before one call is tried
	probeTime   = 2 * time.Second  // how long the others wait for what becomes of that call
)

type floodAt struct {
	chat int64
	at   time.Time
}

// flooded obeys a 429: the chat for as long as it was told, everybody for a while if it seems to be the bot's;
// p.mu is held.
func (p *post) flooded(l *line, now time.Time, err error) {
	after, _ := After(err)
	after = max(after, p.retry)
	l.hold = now.Add(after)
	recent := p.floods[:0]
	for _, f := range p.floods {
		if now.Sub(f.at) < floodsApart && f.chat != l.key.chat {
			recent = append(recent, f)
		}
	}
	p.floods = append(recent, floodAt{l.key.chat, now})
	if len(p.floods) >= manyFloods {
		p.freeze(now, after)
	}
}

func (p *post) freeze(now time.Time, long time.Duration) {
	if until := now.Add(min(long, longFreeze)); until.After(p.frozen) {
		p.frozen = until
	}
}

// heldBack puts off a line that is due while everything waits. The first after a freeze is let through as a probe, and
// the others wait a little longer for what becomes of it; p.mu is held.
func (p *post) heldBack(l *line, now time.Time) bool {
	if e := l.waiting[0]; !e.paced || e.urgent || p.frozen.IsZero() {
		return false
	}
	if now.Before(p.frozen) {
		l.due = p.frozen
		return true
	}
	l.probe, p.frozen = true, now.Add(probeTime)
	return false
}

// probed ends the freeze when its probe was heard by Telegram, or begins it anew; p.mu is held.
func (p *post) probed(l *line, err error) {
	if !l.probe {
		return
	}
	l.probe = false
	switch k := kindOf(err); {
	case err != nil && k == flood:
		after, _ := After(err)
		p.freeze(time.Now(), max(after, p.retry))
	case err != nil && (k == temporary || k == interrupted) && err != errMore:
		// no answer, which tells nothing: another probe follows
	default:
		p.thaw(time.Now())
	}
}

// thaw lets everybody go who waits for nothing else; p.mu is held.
func (p *post) thaw(now time.Time) {
	h := &p.ready[1] // taps are never held back
	for _, l := range *h {
		if l.due.Equal(p.frozen) {
			l.due = now
		}
	}
	p.frozen = time.Time{}
	heap.Init(h)
	select {
	case p.wake <- struct{}{}:
	default:
	}
}
