package telegram

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func tooMuch(after time.Duration) *Fault {
	return &Fault{Method: "sendMessage", Code: 429, After: after, kind: flood, what: "too many requests"}
}

// crowd puts one message each into some chats. The first of them are told to wait for an hour, and so is the first
// probe when it is meant to fail; it gives when each was said.
type crowd struct {
	mu     sync.Mutex
	began  time.Time
	said   map[int64]time.Duration
	tries  []time.Duration // of chats that are not flooded themselves
	bad    int             // how many of those tries are too much as well
	silent int             // how many of those tries have no answer
}

func (c *crowd) flooded(p *post, chats ...int64) {
	for _, chat := range chats {
		first := true
		_ = p.add(lineKey{chat: chat}, &errand{paced: true, run: func(context.Context) error {
			if first {
				first = false
				return tooMuch(time.Hour)
			}
			return nil
		}})
	}
}

func (c *crowd) speaks(p *post, e *errand, chats ...int64) {
	for _, chat := range chats {
		one := *e
		one.run = func(context.Context) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.tries = append(c.tries, time.Since(c.began))
			if c.bad > 0 {
				c.bad--
				return tooMuch(time.Hour)
			}
			if c.silent > 0 {
				c.silent--
				return down
			}
			c.said[chat] = time.Since(c.began)
			return nil
		}
		_ = p.add(lineKey{chat: chat}, &one)
	}
}

func TestFewFloodedChatsSilenceNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, _ := office(t, Rates{})
		c := &crowd{began: time.Now(), said: map[int64]time.Duration{}}
		c.flooded(p, 1, 2, 3, 4)
		synctest.Wait()
		c.speaks(p, &errand{paced: true}, 11)
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if _, ok := c.said[11]; !ok {
			t.Error("four people who were told to wait made everybody wait")
		}
		p.drained(t.Context())
	})
}

func TestAFloodOfManyChatsHoldsEverybodyBackForAShortTimeOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, _ := office(t, Rates{})
		c := &crowd{began: time.Now(), said: map[int64]time.Duration{}, bad: 1}
		c.flooded(p, 1, 2, 3, 4, 5)
		time.Sleep(time.Millisecond)
		synctest.Wait()
		c.speaks(p, &errand{paced: true}, 11, 12, 13, 14)
		c.speaks(p, &errand{paced: true, urgent: true}, 21)
		time.Sleep(70 * time.Second)
		synctest.Wait()
		if c.bad = 0; len(c.tries) < 3 {
			t.Fatalf("tried at %v", c.tries)
		}
		// The deletion goes at once and fails, as the bot may not speak. One probe follows after the freeze; what
		// becomes of it lets the others go at once.
		if at := c.tries[0]; at > time.Second {
			t.Errorf("a deletion waited for %v", at)
		}
		for chat := int64(11); chat <= 14; chat++ {
			if at, ok := c.said[chat]; !ok || at < 29*time.Second || at > 35*time.Second {
				t.Errorf("chat %d was answered after %v (%v)", chat, at, ok)
			}
		}
		p.drained(t.Context())
	})
}

func TestAfterAFreezeOneCallIsTriedAndTheRestWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, _ := office(t, Rates{})
		c := &crowd{began: time.Now(), said: map[int64]time.Duration{}, bad: 2}
		c.flooded(p, 1, 2, 3, 4, 5)
		time.Sleep(time.Millisecond)
		synctest.Wait()
		c.speaks(p, &errand{paced: true}, 11, 12, 13, 14, 15, 16)
		time.Sleep(100 * time.Second)
		synctest.Wait()
		within := func(at, from time.Duration) bool { return at >= from && at < from+3*time.Second }
		if len(c.tries) != 6 || !within(c.tries[0], 30*time.Second) || !within(c.tries[1], 60*time.Second) {
			t.Fatalf("tried at %v", c.tries)
		}
		for _, at := range c.tries[2:] {
			if !within(at, 90*time.Second) {
				t.Errorf("answered after %v", at)
			}
		}
		if len(c.said) != 4 {
			t.Errorf("%d were answered, and two were told to wait for an hour", len(c.said))
		}
		p.drained(t.Context())
	})
}

// TestAProbeWithoutAnAnswerIsFollowedByAnother holds that a network that fails after a flood does not silence anybody
// for ever.
func TestAProbeWithoutAnAnswerIsFollowedByAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, _ := office(t, Rates{})
		c := &crowd{began: time.Now(), said: map[int64]time.Duration{}}
		c.flooded(p, 1, 2, 3, 4, 5)
		time.Sleep(time.Millisecond)
		synctest.Wait()
		c.silent = 2
		c.speaks(p, &errand{paced: true}, 11, 12, 13)
		time.Sleep(45 * time.Second)
		synctest.Wait()
		for chat := int64(11); chat <= 13; chat++ {
			if at, ok := c.said[chat]; !ok || at > 40*time.Second {
				t.Errorf("chat %d was answered after %v (%v)", chat, at, ok)
			}
		}
		if len(c.tries) != 5 || c.tries[1]-c.tries[0] < probeTime {
			t.Errorf("tried at %v", c.tries)
		}
		p.drained(t.Context())
	})
}

func TestWhatStaysIsRepeatedForTenMinutesOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, _ := office(t, Rates{})
		_ = p.add(lineKey{chat: 1}, &errand{stay: true, run: func(context.Context) error { return down }})
		failures, shown, late := 3, false, false
		_ = p.add(lineKey{chat: 1}, &errand{stay: true, run: func(context.Context) error {
			if failures--; failures >= 0 {
				return down
			}
			shown = true
			return nil
		}}, &errand{run: func(context.Context) error { late = true; return down }})
		p.drained(t.Context())
		if !shown || c.Lost.Load() != 2 {
			t.Errorf("the receipt behind a deletion that never worked was shown: %v; lost %d", shown, c.Lost.Load())
		}
		if !late {
			t.Error("other words are tried once at least")
		}
	})
}
