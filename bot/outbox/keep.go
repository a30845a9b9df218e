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

	awake func() time.Duration
	mu    sync.Mutex
	taken instant
}

// instant is a moment by the clock of this process, which never jumps, and by one that goes on while the machine sleeps.
type instant struct {
	at    time.Time
	awake time.Duration
}

// Err looks at the clock too.
func (c *carrying) Err() error {
	c.mu.Lock()
	lost := c.past()
	c.mu.Unlock()
	if lost {
		c.stop()
	}
	return c.Context.Err()
}

// past says that the notice was taken too long ago, by either clock.
func (c *carrying) past() bool {
	return time.Since(c.taken.at) >= lostAfter || c.awake()-c.taken.awake >= lostAfter
}

// again says that the notice was taken again by a question that began then.
func (c *carrying) again(begun instant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.past() { // else it may have been somebody else's in between
		c.taken = begun
		c.timer.Reset(time.Until(begun.at.Add(lostAfter)))
	}
}

// keep takes a notice again and again while it is on its way. It was taken first by a question that began then.
func (o *Outbox) keep(ctx context.Context, n bot.Notice, begun instant) (c *carrying, end func()) {
	c = &carrying{taken: begun, awake: o.Awake}
	c.Context, c.stop = context.WithCancel(ctx)
	c.timer = time.AfterFunc(time.Until(begun.at.Add(lostAfter)), c.stop)
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
			begun := o.instant()
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

func (o *Outbox) instant() instant { return instant{time.Now(), o.Awake()} }
