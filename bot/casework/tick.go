package casework

import (
	"context"
	"errors"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Tick makes every move whose time has come: reminders, the hand to a backup, to the coordinator, the end of a
// withdrawal. It returns how many reports moved. While a restored roster is unconfirmed nothing escalates.
func (r *Registry) Tick(ctx context.Context) (moved int, err error) {
	if r.Held() {
		return 0, nil
	}
	now := r.Now()
	var due []store.Ref
	err = r.Store.View(ctx, func(rd *store.Read) error {
		due, err = rd.DueUntil(store.DayOf(now), 500)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, ref := range due {
		did, err := r.move(ctx, ref)
		if errors.Is(err, store.ErrMissing) || errors.Is(err, seal.ErrForgotten) {
			continue
		}
		if err != nil {
			return moved, err
		}
		if did {
			moved++
		}
	}
	return moved, nil
}

// move makes the moves of one report, each with its notices and its line in the audit chain.
func (r *Registry) move(ctx context.Context, ref store.Ref) (did bool, err error) {
	now := r.Now()
	ids := make([]ticket.ID, 64)
	for i := range ids {
		if ids[i], err = r.id(); err != nil {
			return false, err
		}
	}
	wait, err := r.delay(ticket.Urgent)
	if err != nil {
		return false, err
	}
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		did = false
		rep, under, err := w.Report(ref)
		if err != nil {
			return err
		}
		moves := r.Clock.Due(rep, r.current().Roster, now)
		next, used := rep, 0
		for _, m := range moves {
			next = next.Apply(m)
			event := "remind"
			if len(m.Hand) > 0 {
				event = "late"
			}
			for _, person := range m.Tell {
				if used == len(ids) {
					break
				}
				n := store.Waiting{ID: store.ID(ids[used]), Report: ref, Reader: person, Event: event, Due: now.Add(wait).UTC()}
				if used++; m.What == ticket.Final {
					n.Event = "withdrawn"
				}
				if err := w.PutNotice(under, n); err != nil {
					return err
				}
			}
			for _, person := range m.Hand {
				if err := w.Audit(under, rep.ID, store.Entry{
					Day: store.DayOf(now), Who: "clock", Did: "escalated: " + string(m.Step), Whom: person,
				}); err != nil {
					return err
				}
			}
		}
		if did = len(moves) > 0; !did {
			return nil
		}
		return r.put(w, ref, under, next, rep)
	})
	return did, err
}

// Sweep forgets what time has ended, a page at a time: drafts and closing records that nobody came back for, update
// marks, trails. When a root steps, what still lives is sealed again under the new one first, and only then the old
// root goes: a stop in between loses nothing.
func (r *Registry) Sweep(ctx context.Context, live func(draft []byte) bool) error {
	stepped, err := r.Roots.Next(r.Now())
	if err != nil {
		return err
	}
	if err := r.sweepDrafts(ctx, live); err != nil {
		return err
	}
	if err := r.sweepClosings(ctx); err != nil {
		return err
	}
	if stepped || r.Roots.Due(r.Now()) {
		if err := r.Store.Reseal(ctx); err != nil {
			return err
		}
		if err := r.Roots.Commit(); err != nil {
			return err
		}
	}
	for {
		var n int
		err := r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
			n, err = w.Sweep(store.DayOf(r.Now())-2, 40)
			return err
		})
		if err != nil || n < 40 {
			return err
		}
	}
}

// sweepDrafts wipes the drafts that are idle or lost; the others are sealed again where the step asks for it.
func (r *Registry) sweepDrafts(ctx context.Context, live func([]byte) bool) error {
	var after bot.Person
	for {
		var n int
		start := after
		err := r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
			people, drafts, err := w.Drafts(start, 40)
			if err != nil {
				return err
			}
			if n = len(people); n > 0 {
				after = people[n-1]
			}
			for i, p := range people {
				lost := drafts[i] == nil
				switch {
				case lost && !r.longSince(): // the person is told that nothing was sent, if they come back soon
				case lost || !live(drafts[i]):
					err = w.DropDraft(p)
				default:
					err = w.RenewDraft(p, drafts[i])
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || n < 40 {
			return err
		}
	}
}

func (r *Registry) sweepClosings(ctx context.Context) error {
	var old []bot.Person
	err := r.Store.View(ctx, func(rd *store.Read) error {
		old = nil
		open, lost, err := rd.Closings()
		for p, c := range open {
			if r.Now().Sub(c.Filed) > closingLives {
				old = append(old, p)
			}
		}
		if r.longSince() {
			old = append(old, lost...)
		}
		return err
	})
	for _, p := range old {
		if err == nil {
			err = r.Shown(ctx, p)
		}
	}
	return err
}

// longSince says that this program has run for a day: what memory could not open when it started is older than that.
func (r *Registry) longSince() bool { return r.Now().Sub(r.started) > closingLives }
