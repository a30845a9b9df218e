package web

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"
)

// errBusy says that too much comes at once; whoever is told so sends the same form again.
var errBusy = errors.New("too much at once")

// kept is how long a conversation is known here after its latest turn: longer than a draft lives.
const kept = 2 * time.Hour

// mostWaiting is how many turns of one conversation wait for the one before. A hand can send no more.
const mostWaiting = 4

// talk is one conversation as long as it is known here. Nothing of what is said in it is.
type talk struct {
	lane    chan struct{} // holds one while a turn is heard
	pace    *rate.Limiter
	waiting int
	hidden  bool
	last    time.Time

	next int64  // the turn after the latest that was heard
	sum  uint16 // of the latest long words; see sumOf
}

// sumOf tells whether long words are those that were heard. It is too short to say anything about what they are; short
// ones, such as a number, are not even summed.
func sumOf(text string) uint16 {
	if utf8.RuneCountInString(text) <= shortText {
		return 0
	}
	sum := sha256.Sum256([]byte(text))
	return binary.BigEndian.Uint16(sum[:])
}

// stale says that a form of a turn which is over brings other long words than were heard in it: its answer was lost, and
// somebody went on writing, or they went back to an earlier page. Next is the turn in which they can be heard.
func (c *crowd) stale(word string, turn int64, text string) (next int64, stale bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.talks[word]
	if t == nil || turn >= t.next {
		return turn, false
	}
	sum := sumOf(text)
	return t.next, utf8.RuneCountInString(text) > shortText && sum != t.sum
}

// heard notes that a turn was heard, and what long words it brought.
func (c *crowd) heard(word string, turn int64, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.talks[word]
	if t == nil || turn < t.next {
		return
	}
	t.next = turn + 1
	if text != "" {
		t.sum = sumOf(text)
	}
}

// crowd bounds what comes, by conversations and turns alone: there is no address to count by.
//
// What a flood costs at these bounds: a turn is one commit, and leaves a mark of 19 bytes that is kept for 25 hours, some 60
// bytes of the file with what the tree needs for it. A hundred turns a second are nine million in 25 hours, half a gigabyte of
// the disk, and a tenth of one processor. Nothing of it is a report: those cost the slow step, and what casework allows. What
// a flood can take is the five new conversations a second: somebody who comes anew is then asked to send the same form again,
// and whoever is in a conversation goes on. Rejected: a proof of work, which needs a script and is dearest on a cheap phone;
// counting by address, which a page for people who are watched must not know.
type crowd struct {
	mu    sync.Mutex
	talks map[string]*talk // by word
	swept time.Time
	fresh *rate.Limiter
	all   *rate.Limiter // of turns
	slots chan struct{}
	rates Rates
	now   func() time.Time
}

func newCrowd(r Rates, now func() time.Time) *crowd {
	return &crowd{
		talks: map[string]*talk{}, fresh: rate.NewLimiter(rate.Limit(r.New), r.NewBurst), slots: make(chan struct{}, r.Turns), rates: r, now: now,
		all: rate.NewLimiter(rate.Limit(r.All), int(2*r.All)+1),
	}
}

// enter waits for the turn of a conversation; leave ends it. A word that is not known here, new or from before a restart
// or made up by somebody, costs a token of those for new ones.
func (c *crowd) enter(ctx context.Context, word string) (leave func(), err error) {
	t, err := c.join(word)
	if err != nil {
		return nil, err
	}
	defer c.waited(t)
	ctx, done := context.WithTimeout(ctx, c.rates.Wait)
	defer done()
	select {
	case t.lane <- struct{}{}:
	case <-ctx.Done():
		return nil, errBusy
	}
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		<-t.lane
		return nil, errBusy
	}
	if c.all.Wait(ctx) != nil {
		<-c.slots
		<-t.lane
		return nil, errBusy
	}
	return func() { <-c.slots; <-t.lane }, nil
}

// join finds a conversation or makes it, and counts one that waits in it.
func (c *crowd) join(word string) (*talk, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	c.sweep(now)
	t := c.talks[word]
	if t == nil {
		if len(c.talks) >= c.rates.Held || !c.fresh.AllowN(now, 1) {
			return nil, errBusy
		}
		t = &talk{lane: make(chan struct{}, 1), pace: rate.NewLimiter(rate.Limit(c.rates.Pace), c.rates.Burst)}
		c.talks[word] = t
	}
	if t.waiting >= mostWaiting || !t.hidden && !t.pace.AllowN(now, 1) {
		return nil, errBusy
	}
	t.last = now
	t.waiting++
	return t, nil
}

func (c *crowd) waited(t *talk) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t.waiting--
}

// hide marks a conversation at once, whatever is under way in it, and says whether it was marked already. One that is not
// known here needs no mark: what it did was committed, and a repeat is answered with the harmless page anyway.
func (c *crowd) hide(word string) (already bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.talks[word]
	if t == nil {
		return false
	}
	already, t.hidden, t.last = t.hidden, true, c.now()
	return already
}

// last waits for the turn that is under way in a conversation, so that what ends it comes after. No pace holds it up, and
// no place among the others; only a word that is not known here is one of many that somebody could make up.
func (c *crowd) last(ctx context.Context, word string) (leave func(), err error) {
	c.mu.Lock()
	t := c.talks[word]
	c.mu.Unlock()
	if t == nil {
		leave, err := c.enter(ctx, word)
		if err == nil {
			c.hide(word)
		}
		return leave, err
	}
	t.lane <- struct{}{}
	return func() { <-t.lane }, nil
}

func (c *crowd) hidden(word string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.talks[word]
	return t != nil && t.hidden
}

// sweep forgets, once a minute, the conversations that have ended long ago.
func (c *crowd) sweep(now time.Time) {
	if now.Sub(c.swept) < time.Minute {
		return
	}
	c.swept = now
	for word, t := range c.talks {
		if t.waiting == 0 && len(t.lane) == 0 && now.Sub(t.last) > kept {
			delete(c.talks, word)
		}
	}
}
