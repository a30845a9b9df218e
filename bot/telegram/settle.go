package telegram

import (
	"context"
	"errors"
	"time"
)

// errMore is what an errand says that made one call and has another to make.
var errMore = errors.New("more to send")

// serve does the first errand of a line and puts the line back.
func (p *post) serve(ctx context.Context, l *line) {
	p.mu.Lock()
	e := l.waiting[0]
	if e.born.IsZero() {
		e.born = time.Now()
	}
	p.mu.Unlock()
	var err error
	if e.ctx != nil && e.ctx.Err() != nil {
		err = e.ctx.Err()
	} else {
		err = e.run(ctx)
	}
	for _, left := range p.settle(l, e, err) {
		left()
	}
}

// settle decides what becomes of an errand after a try. When the chat turned out to be closed, it gives what has to be told.
func (p *post) settle(l *line, e *errand, err error) (tell []func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	l.busy, l.paid = false, false
	p.probed(l, err)
	switch k := kindOf(err); {
	case err == nil:
		p.pop(l, e, nil)
	case errors.Is(err, errMore):
		e.tries = 0
	case k == gone && !l.key.ack:
		p.count.Blocked.Add(1)
		tell = append(p.shred(l, err), func() { p.closed(l.key.chat) })
	case k == temporary, k == flood, k == garbled, k == badToken, k == conflict, k == interrupted:
		p.again(l, e, err, now)
	default: // Telegram will not take it, however often we ask
		p.count.Refused.Add(1)
		p.pop(l, e, err)
	}
	p.schedule(l, now)
	return tell
}

// again decides when a failed errand is repeated, and whether.
func (p *post) again(l *line, e *errand, err error, now time.Time) {
	e.tries++
	if kindOf(err) == flood {
		p.count.Floods.Add(1)
		p.flooded(l, now, err)
	} else {
		l.hold = now.Add(backoff(p.retry, e.tries))
	}
	if e.done != nil || now.Sub(e.born) > keepTrying {
		p.count.Lost.Add(1)
		p.pop(l, e, err)
		return
	}
	p.count.Retries.Add(1)
}

// leave empties a chat of which we know that it is closed.
func (p *post) leave(chat int64) {
	p.mu.Lock()
	var tell []func()
	if l := p.lines[lineKey{chat: chat}]; l != nil && !l.busy {
		tell = p.shred(l, ErrGone)
	}
	p.mu.Unlock()
	for _, f := range tell {
		f()
	}
}

// shred finishes everything in a line as undeliverable; p.mu is held.
func (p *post) shred(l *line, err error) (tell []func()) {
	for _, e := range l.waiting {
		if e.left != nil {
			tell = append(tell, e.left)
		}
		p.finish(e, err)
	}
	l.waiting = nil
	return tell
}

// pop takes the head away; p.mu is held.
func (p *post) pop(l *line, e *errand, err error) {
	l.waiting[0] = nil
	l.waiting = l.waiting[1:]
	if len(l.waiting) == 0 {
		l.waiting = nil
	}
	p.finish(e, err)
}

func (p *post) finish(e *errand, err error) {
	if e.done != nil {
		e.done <- err
	}
	e.debt.pay(err)
	p.left--
	if p.left == 0 {
		close(p.empty)
		p.empty = make(chan struct{})
	}
}

// backoff is the wait before the nth repeat: first, twice, four times … at most thirty times first.
func backoff(first time.Duration, n int) time.Duration {
	return min(first<<min(max(n-1, 0), 10), 30*first)
}
