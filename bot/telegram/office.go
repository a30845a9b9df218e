package telegram

import (
	"context"
	"errors"
	"sync"
)

// term is the time for which a door hears: until it is told to stop, or until another process has become the one that asks
// Telegram for updates.
type term struct {
	stopping <-chan struct{}
	hearing  context.Context // of turns; outlives stopping by the grace, but not the office
}

func (t *term) isStopping() bool {
	select {
	case <-t.stopping:
		return true
	default:
		return false
	}
}

// always is the office of a door that no other process shares.
func always(ctx context.Context, work func(context.Context) error) error { return work(ctx) }

// poll asks for updates until ctx ends, and confirms what was heard by then, or until the office is lost, which ends bound
// alone. Every turn is heard under bound, so that whoever lost the office without knowing writes nothing.
func (d *Door) poll(ctx, bound context.Context) error {
	rest := context.WithoutCancel(bound)
	hearing, stopHearing := context.WithCancel(rest)
	defer stopHearing()
	d.book.shut() // another process may have asked much since
	before := d.term.Swap(&term{bound.Done(), hearing})
	defer d.term.Store(before)
	looks, stopLooks := context.WithCancel(bound)
	defer stopLooks()
	var own sync.WaitGroup
	own.Go(func() { d.chores(looks) })
	p := &poller{d: d}
	err := p.poll(bound)
	stopLooks()
	if ctx.Err() == nil && err == nil {
		stopHearing()
		d.abandon(rest)
		own.Wait()
		return nil
	}
	grace, done := context.WithTimeout(rest, d.opt.Grace)
	defer done()
	hung := d.closeLanes(grace, stopHearing)
	d.post.drained(grace)
	// What was not said in time is not confirmed either: it comes again and is answered again.
	if err == nil {
		p.confirm(rest)
	}
	own.Wait()
	return errors.Join(err, hung)
}

// abandon forgets what was taken from Telegram and not settled: it was not confirmed, so whoever has the office now is
// brought it. Answers to what was committed are still sent.
func (d *Door) abandon(ctx context.Context) {
	grace, done := context.WithTimeout(ctx, d.opt.Grace)
	defer done()
	if d.closeLanes(grace, func() {}) != nil {
		d.opt.Log.Error("a turn did not end although the office is lost; whatever it writes is refused")
	}
	d.window.abandon()
	d.lanes.mu.Lock()
	defer d.lanes.mu.Unlock()
	clear(d.lanes.of)
	d.lanes.shut = false
}
