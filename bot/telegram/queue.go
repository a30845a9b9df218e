package telegram

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	workers    = 24               // calls under way at the same time
	queueLimit = 200              // waiting errands of one chat; beyond, the oldest that may be dropped is
	keepTrying = 10 * time.Minute // how long an errand is repeated
)

// errand is one thing to do in a chat: one message in its parts, one edit, one deletion.
type errand struct {
	run    func(context.Context) error // nil: done; errMore: again; anything else: failed
	paced  bool                        // counts against what a chat and all chats may receive
	urgent bool                        // leaves also while everything that is paced is held back
	stay   bool                        // is never dropped from a full or wiped queue
	ctx    context.Context             // of a caller who waits; nil for answers, which are repeated on failure
	done   chan<- error                // to the caller who waits, with room for one; nil for answers
	left   func()                      // when the chat turns out to be closed
	debt   *debt                       // of the update that this answers; nil if it answers none

	born  time.Time // repeats are counted from here: when it was put down, or for what stays when it was first tried
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
	probe   bool // its head tells whether the bot may speak again
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
	frozen time.Time     // nothing that is paced and can wait leaves before; zero when nothing is held back
	floods []floodAt
	shut   bool
	swept  time.Time
	global *rate.Limiter
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
		if !e.stay {
			e.born = now
		}
		l.waiting = append(l.waiting, e)
		p.left++
	}
	if over := len(l.waiting) - queueLimit; over > 0 {
		p.drop(l, over)
	}
	p.schedule(l, now)
	return nil
}

// held says how long a chat has to wait because Telegram said so or because sending failed.
func (p *post) held(chat int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.frozen
	if l := p.lines[lineKey{chat: chat}]; l != nil && l.hold.After(until) {
		until = l.hold
	}
	return time.Until(until)
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
			if d := l.due.Sub(now); d > 0 {
				wait = min(wait, d)
				break
			}
			if len(l.waiting) == 0 { // wiped in the meantime
				heap.Pop(h)
				l.idle = now
				continue
			}
			if p.heldBack(l, now) {
				heap.Fix(h, 0)
				continue
			}
			heap.Pop(h)
			l.busy = true
			return l, l.waiting[0].paced, 0
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
