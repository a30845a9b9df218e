package telegram

import (
	"container/heap"
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	workers    = 24               // calls under way at the same time
	queueLimit = 200              // waiting errands of one chat; beyond, the oldest that may be dropped is
	keepTrying = 10 * time.Minute // how long an errand is repeated
)

// errMore is what an errand says that made one call and has another to make.
var errMore = errors.New("more to send")

// errand is one thing to do in a chat: one message in its parts, one edit, one deletion.
type errand struct {
	run   func(context.Context) error // nil: done; errMore: again; anything else: failed
	paced bool                        // counts against what a chat and all chats may receive
	stay  bool                        // is never dropped from a full or wiped queue
	ctx   context.Context             // of a caller who waits; nil for answers, which are repeated on failure
	done  chan<- error                // to the caller who waits, with room for one; nil for answers
	left  func()                      // when the chat turns out to be closed

	born  time.Time
	tries int
}

// lineKey names a queue. Acknowledgements of taps have a line of their own beside the messages of their chat: they
// must not wait for them, and Telegram does not count them.
type lineKey struct {
	chat int64
	ack  bool
}

// line is the queue of one chat. At most one worker is with it, so its errands are done in order.
type line struct {
	key     lineKey
	waiting []*errand
	limit   *rate.Limiter
	paid    bool      // the head has its permission from limit
	hold    time.Time // not before: retry_after, or the wait after a failure
	due     time.Time
	index   int // in the heap, -1 when not there
	busy    bool
	idle    time.Time
}

// post is the post office of a door: it does the errands of all chats, each chat's in order, within the limits.
type post struct {
	rates  Rates
	retry  time.Duration
	count  *counts
	closed func(chat int64) // told once when a chat turns out to be closed

	mu     sync.Mutex
	lines  map[lineKey]*line
	ready  [2]lineHeap // acknowledgements of taps, and everything else
	wake   chan struct{}
	empty  chan struct{} // closed and replaced whenever nothing is left to do
	left   int           // errands waiting or under way
	frozen time.Time     // nothing that is paced leaves before
	floods []floodAt
	shut   bool
	swept  time.Time
	global *rate.Limiter
}

type floodAt struct {
	chat int64
	at   time.Time
}

func newPost(r Rates, retry time.Duration, c *counts, closed func(int64)) *post {
	return &post{
		rates: r, retry: retry, count: c, closed: closed,
		lines:  map[lineKey]*line{},
		wake:   make(chan struct{}, 1),
		empty:  make(chan struct{}),
		global: rate.NewLimiter(rate.Limit(r.All), r.AllBurst),
	}
}

// add puts errands at the end of a line, all or none.
func (p *post) add(key lineKey, errands ...*errand) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut {
		return ErrStopped
	}
	l := p.line(key)
	now := time.Now()
	for _, e := range errands {
		e.born = now
		l.waiting = append(l.waiting, e)
		p.left++
	}
	if over := len(l.waiting) - queueLimit; over > 0 {
		p.drop(l, over)
	}
	p.schedule(l, now)
	return nil
}

// wipe takes away what waits in a chat and need not be said any more.
func (p *post) wipe(chat int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.lines[lineKey{chat: chat}]; l != nil {
		p.drop(l, len(l.waiting))
	}
}

// drop removes up to n of the oldest errands that may go. The one that a worker is with stays.
func (p *post) drop(l *line, n int) {
	kept := l.waiting[:0]
	for i, e := range l.waiting {
		if n == 0 || e.stay || e.done != nil || (i == 0 && l.busy) {
			kept = append(kept, e)
			continue
		}
		n--
		p.count.Dropped.Add(1)
		p.finish(e, nil)
	}
	clear(l.waiting[len(kept):])
	l.waiting = kept
}

// line finds or makes a line; p.mu is held.
func (p *post) line(key lineKey) *line {
	l := p.lines[key]
	if l == nil {
		l = &line{key: key, index: -1, limit: rate.NewLimiter(rate.Limit(p.rates.Chat), p.rates.ChatBurst)}
		p.lines[key] = l
	}
	return l
}

// schedule puts a line with something to do into the heap; p.mu is held.
func (p *post) schedule(l *line, now time.Time) {
	if l.busy || l.index >= 0 {
		return
	}
	if len(l.waiting) == 0 {
		l.idle = now
		return
	}
	l.due = now
	if l.waiting[0].paced && !l.paid {
		l.due = now.Add(l.limit.ReserveN(now, 1).DelayFrom(now))
		l.paid = true
	}
	if l.due.Before(l.hold) {
		l.due = l.hold
	}
	heap.Push(p.heap(l), l)
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// run does errands until ctx ends; what is then still waiting is told ErrStopped.
func (p *post) run(ctx context.Context) {
	work := make(chan *line)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for l := range work {
				p.serve(ctx, l)
			}
		})
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for ctx.Err() == nil {
		l, paced, wait := p.next(time.Now())
		if l == nil {
			timer.Reset(wait)
			select {
			case <-ctx.Done():
			case <-p.wake:
			case <-timer.C:
			}
			continue
		}
		if paced {
			_ = p.global.Wait(ctx) // fails only when ctx ends, and then the call does
		}
		work <- l
	}
	close(work)
	all.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shut = true
	for _, l := range p.lines {
		for _, e := range l.waiting {
			p.finish(e, ErrStopped)
		}
		l.waiting = nil
	}
}

// next gives the line whose turn it is, or how long there is nothing to do.
func (p *post) next(now time.Time) (l *line, paced bool, wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tidy(now)
	wait = time.Minute
	for i := range p.ready {
		h := &p.ready[i]
		for len(*h) > 0 {
			l = (*h)[0]
			paced = len(l.waiting) > 0 && l.waiting[0].paced
			if paced && l.due.Before(p.frozen) && now.Before(p.frozen) {
				l.due = p.frozen
				heap.Fix(h, 0)
				continue
			}
			if d := l.due.Sub(now); d > 0 {
				wait = min(wait, d)
				break
			}
			heap.Pop(h)
			if len(l.waiting) > 0 {
				l.busy = true
				return l, paced, 0
			}
			l.idle = now // wiped in the meantime
		}
	}
	return nil, false, wait
}

func (p *post) heap(l *line) *lineHeap {
	if l.key.ack {
		return &p.ready[0]
	}
	return &p.ready[1]
}

// serve does the first errand of a line and puts the line back.
func (p *post) serve(ctx context.Context, l *line) {
	p.mu.Lock()
	e := l.waiting[0]
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

// flooded obeys a 429. Telegram does not say whether the chat or the bot is meant: when a second chat is told to wait
// within two seconds, it is the bot.
func (p *post) flooded(l *line, now time.Time, err error) {
	after, _ := After(err)
	until := now.Add(max(after, p.retry))
	l.hold = until
	recent := p.floods[:0]
	for _, f := range p.floods {
		if now.Sub(f.at) < 2*time.Second && f.chat != l.key.chat {
			recent = append(recent, f)
		}
	}
	if len(recent) > 0 && until.After(p.frozen) {
		p.frozen = until
	}
	p.floods = append(recent, floodAt{l.key.chat, now})
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
	p.left--
	if p.left == 0 {
		close(p.empty)
		p.empty = make(chan struct{})
	}
}

// tidy forgets lines that have been idle for so long that their limiter is full again; p.mu is held.
func (p *post) tidy(now time.Time) {
	if now.Sub(p.swept) < time.Minute {
		return
	}
	p.swept = now
	for key, l := range p.lines {
		if !l.busy && l.index < 0 && now.Sub(l.idle) > time.Minute && l.hold.Before(now) {
			delete(p.lines, key)
		}
	}
}

// drained waits until nothing is left to do, or ctx ends.
func (p *post) drained(ctx context.Context) {
	for {
		p.mu.Lock()
		left, empty := p.left, p.empty
		p.mu.Unlock()
		if left == 0 {
			return
		}
		select {
		case <-empty:
		case <-ctx.Done():
			return
		}
	}
}

// backoff is the wait before the nth repeat: first, twice, four times … at most thirty times first.
func backoff(first time.Duration, n int) time.Duration {
	return min(first<<min(max(n-1, 0), 10), 30*first)
}

// lineHeap has the line with the earliest due time in front.
type lineHeap []*line

func (h lineHeap) Len() int           { return len(h) }
func (h lineHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }
func (h lineHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *lineHeap) Push(x any) {
	l := x.(*line)
	l.index = len(*h)
	*h = append(*h, l)
}
func (h *lineHeap) Pop() any {
	old := *h
	l := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	l.index = -1
	return l
}
