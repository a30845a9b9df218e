package casework

import (
	"context"
	"errors"
	"time"

	"amana/bot"
	"amana/bot/store"
)

// claimLives is the usual Options.Claim.
const claimLives = 2 * time.Minute

// NoticeTake claims a notice for this process before it is carried, and again while it is, at least every half minute. It is
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
		again := r.claimed(kept)
		kept.Claim = &store.Claim{Process: r.Process, Until: now.Add(r.Claim)}
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
	return n.Claim != nil && n.Claim.Process != r.Process && r.shared() && !now.After(n.Claim.Until.Add(r.Claim/2))
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
