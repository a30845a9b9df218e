package outbox

import (
	"context"
	"sync"
	"time"

	"amana/bot"
)

// A notice is taken again every keepEvery while it is carried. Another process takes it for its own once it has seen for nine
// seconds that nothing of the kind happened, so this one gives it up sooner, lostAfter the last time that it was taken for
// certain: nothing of it is begun any more then.
const (
	keepEvery = time.Second
	lostAfter = 5 * time.Second
)

// carrying is the context under which a notice is on its way. It ends when the notice is no longer ours, and what was not
// sent by then is not. Timers alone would not do: in a process that was paused the sending may wake before them, and so
// whoever asks Err just before something leaves has the clock looked at.
type carrying struct {
	context.Context
	stop  context.CancelFunc
	timer *time.Timer

	mu    sync.Mutex
	taken time.Time
}

// Err looks at the clock too.
func (c *carrying) Err() error {
	c.mu.Lock()
	lost := past(c.taken)
	c.mu.Unlock()
	if lost {
		c.stop()
	}
	return c.Context.Err()
}

// past says that a notice was taken too long ago: by the clock that never jumps, or by the one that goes on while the machine
// sleeps.
func past(taken time.Time) bool {
	now := time.Now()
	return now.Sub(taken) >= lostAfter || now.Round(0).Sub(taken.Round(0)) >= lostAfter
}

// again says that the notice was taken again by a question that began then.
func (c *carrying) again(begun time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !past(c.taken) { // else it may have been somebody else's in between
		c.taken = begun
		c.timer.Reset(time.Until(begun.Add(lostAfter)))
	}
}

// keep takes a notice again and again while it is on its way. It was taken first by a question that began then.
func (o *Outbox) keep(ctx context.Context, n bot.Notice, begun time.Time) (c *carrying, end func()) {
	c = &carrying{taken: begun}
	c.Context, c.stop = context.WithCancel(ctx)
	c.timer = time.AfterFunc(time.Until(begun.Add(lostAfter)), c.stop)
	o.lanes.Go(func() {
		defer c.timer.Stop()
		tick := time.NewTicker(keepEvery)
		defer tick.Stop()
		for {
			select {
			case <-c.Done():
				return
			case <-tick.C:
			}
			begun := time.Now()
			switch ours, err := o.Shelf.NoticeTake(c, n); {
			case err == nil && ours:
				c.again(begun)
			case err == nil:
				c.stop()
				return
			}
		}
	})
	return c, c.stop
}
