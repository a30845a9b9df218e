package main

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// wallClock tells the time of the machine, and knows when that was set while this process ran. What lies on the shelves is
// judged by the time of day, since it outlives the process; so a clock that is set forward would end every conversation that
// somebody is in the middle of, and one that is set back would hold up every notice that waits.
type wallClock struct {
	wall  func() time.Time
	awake func() time.Duration // goes on evenly, also while the machine sleeps

	mu            sync.Mutex
	begun         time.Time     // by the wall, when awake was 0
	ahead         time.Duration // by how much the wall has run ahead of awake since
	leaps         []leap        // of the last day
	forward, back time.Duration // by how much it was set, until somebody asks
}

// leap is one time that the clock was set.
type leap struct {
	from time.Time     // what it said just before
	by   time.Duration // forward; back if negative
	at   time.Duration // awake
}

// over says whether something was noted before the leap, as far as that can be told now: what a clock that was set back says
// twice is taken for the second time.
func (l leap) over(then, now time.Time) bool {
	if l.by > 0 {
		return !then.After(l.from)
	}
	return !then.After(l.from.Add(l.by)) || then.After(now)
}

const (
	leapLeast = 30 * time.Second // less is a clock that is being steered
	leapLasts = 24 * time.Hour   // after which nothing is judged by it any more
)

func newWallClock(wall func() time.Time, awake func() time.Duration) *wallClock {
	return &wallClock{wall: wall, awake: awake, begun: wall().Round(0).Add(-awake())}
}

// now gives the time.
func (c *wallClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.wall()
	plain := now.Round(0)
	awake := c.awake()
	ahead := plain.Sub(c.begun) - awake
	by := ahead - c.ahead
	c.ahead = ahead
	if by.Abs() < leapLeast {
		return now
	}
	c.forward += max(0, by)
	c.back += max(0, -by)
	c.leaps = append(slices.DeleteFunc(c.leaps, func(l leap) bool { return awake-l.at > leapLasts }), leap{plain.Add(-by), by, awake})
	return now
}

// age says how long ago something was that noted the time then. What a clock was set forward over never passed, and what it was
// set back over did.
func (c *wallClock) age(then time.Time) time.Duration {
	now := c.now().Round(0)
	c.mu.Lock()
	defer c.mu.Unlock()
	age := now.Sub(then.Round(0))
	for _, l := range c.leaps {
		if l.over(then, now) {
			age -= l.by
		}
	}
	return age
}

// set says by how much the clock was set since somebody asked last.
func (c *wallClock) set() (forward, back time.Duration) {
	c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	forward, back = c.forward, c.back
	c.forward, c.back = 0, 0
	return forward, back
}

// doubted says that the clock was set forward within a day: it may be wrong now.
func (c *wallClock) doubted() bool {
	c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.ContainsFunc(c.leaps, func(l leap) bool { return l.by > 0 && c.awake()-l.at < leapLasts })
}

// clockEvery is how often it is looked whether the clock was set.
const clockEvery = 5 * time.Second

// followClock says that the clock was set, and brings forward what waits by the clock of before.
func followClock(ctx context.Context, h *house, log *slog.Logger) {
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	for owed := time.Duration(0); ; {
		forward, back := h.clock.set()
		if forward != 0 || back != 0 {
			log.Warn("the clock of this machine was set while it served", "forward", forward.Round(time.Second), "back", back.Round(time.Second), "remedy", "see that it is right, and let something keep it, such as chrony; if it was set forward, nothing is forgotten or published for a day")
		}
		if owed += back; owed > 0 {
			if n, err := h.registry.SetBack(ctx, owed); err != nil && ctx.Err() == nil {
				log.Error("bringing forward what waits", "error", err)
			} else if err == nil {
				log.Info("notices wait no longer for it", "notices", n)
				owed = 0
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
