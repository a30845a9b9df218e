package casework

import (
	"context"
	"errors"
	"sync"
	"time"

	"amana/bot"
	"amana/bot/store"
)

const (
	// claimEnds is for how long a claim must not change before its process is taken for dead, as another one sees it with its
	// own clock: no two clocks are compared. Who carries renews it every second and stops by itself after five without.
	claimEnds = 9 * time.Second

	// lookGap is the longest time between two looks at the shelf in which a claim counts as unchanged. While the shelf is away
	// nobody can renew anything.
	lookGap = 6 * time.Second

	// clockClaim is what a claim says to programs that know no beats: they go by clocks, and add half of it for these.
	clockClaim = 2 * time.Minute
)

// watchedClaims is what this process has seen of the claims of others.
type watchedClaims struct {
	mu     sync.Mutex
	looked time.Time // when the shelf was looked at last
	seen   map[store.ID]watchedClaim
}

type watchedClaim struct {
	store.Claim
	since, last time.Time // seen like this
}

// look says that the shelf was read just now.
func (c *watchedClaims) look(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.looked) > lookGap {
		clear(c.seen)
	}
	c.looked = now
	for id, s := range c.seen {
		if now.Sub(s.last) > time.Minute {
			delete(c.seen, id)
		}
	}
}

// silence is for how long a claim has been seen as it is.
func (c *watchedClaims) silence(id store.ID, claim store.Claim, now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, known := c.seen[id]
	if !known || !s.Same(claim) {
		s = watchedClaim{Claim: claim, since: now}
	}
	s.last = now
	if c.seen == nil {
		c.seen = map[store.ID]watchedClaim{}
	}
	c.seen[id] = s
	return now.Sub(s.since)
}

// NoticeTake claims a notice for this process before it is carried, and again while it is, every second. It is
// false for one that another process carries, that was carried meanwhile, or that is no longer to be carried as it was looked
// up. With a sealed file it notes at the first try that this leaves the house. Where no other process has the database open,
// everything is ours, and nothing is written.
func (r *Registry) NoticeTake(ctx context.Context, n bot.Notice) (ours bool, err error) {
	if !r.shared() {
		return true, nil
	}
	id, err := r.id()
	if err != nil {
		return false, err
	}
	now := r.Now().UTC()
	err = r.Store.Update(ctx, store.ID(id), func(w *store.Write) error {
		ours = false
		kept, under, found, err := w.Notice(n.ID, n.Due)
		if err != nil || !found || kept.Dead || !kept.Due.Equal(n.Due) || kept.Tries != n.Tries || r.othersHold(kept, now) {
			return err
		}
		again, beat := r.claimed(kept), uint32(1)
		if again {
			beat += kept.Claim.Beat
		}
		kept.Claim = &store.Claim{Process: r.Process, Beat: beat, Until: now.Add(clockClaim)}
		if n.File != nil && n.Tries == 0 && !again {
			rep, month, err := visible(&w.Read, n.Reader, kept.Report)
			if errors.Is(err, ErrUnknown) {
				return nil // they have ceased to be a reader: the next look drops it
			}
			if err != nil {
				return err
			}
			if err := w.Audit(month, rep.ID, store.Entry{Day: store.DayOf(now), Who: n.Reader, Did: "handed out", Whom: n.Reader}); err != nil {
				return err
			}
		}
		ours = true
		return w.PutNotice(under, kept)
	})
	if err != nil {
		return false, err
	}
	return ours, nil
}

// claimed says that a notice is claimed by this process.
func (r *Registry) claimed(n store.Waiting) bool {
	return n.Claim != nil && n.Claim.Process == r.Process
}

// othersHold says that another process carries a notice, as far as anybody knows.
func (r *Registry) othersHold(n store.Waiting, now time.Time) bool {
	switch {
	case n.Claim == nil || n.Claim.Process == r.Process || !r.shared():
		return false
	case n.Claim.Beat == 0:
		return !now.After(n.Claim.Until.Add(clockClaim / 2))
	}
	return r.claims.silence(n.ID, *n.Claim, time.Now()) < claimEnds
}

// NoticeBack gives up the claim of this process, which could not carry a notice after all, so that another one can at once.
func (r *Registry) NoticeBack(ctx context.Context, n bot.Notice) error {
	if !r.shared() {
		return nil
	}
	id, err := r.id()
	if err != nil {
		return err
	}
	return r.Store.Update(ctx, store.ID(id), func(w *store.Write) error {
		kept, under, found, err := w.Notice(n.ID, n.Due)
		if err != nil || !found || !r.claimed(kept) {
			return err
		}
		kept.Claim = nil
		return w.PutNotice(under, kept)
	})
}

// stillOurs says that what became of a notice is for this process to write: no other has taken it over meanwhile.
func (r *Registry) stillOurs(w *store.Write, n bot.Notice) (bool, error) {
	if !r.shared() {
		return true, nil
	}
	kept, _, found, err := w.Notice(n.ID, n.Due)
	return found && r.claimed(kept), err
}
