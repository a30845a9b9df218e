package retention

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"amana/bot/store"
	"amana/bot/ticket"
)

// Forget forgets the months that are named, or all that are due, and then tidies up. A month that is not due is refused. It
// gives the months that are gone. Naming them says that the clock is right, even where it has leapt ahead.
func (k *Keeper) Forget(ctx context.Context, named ...store.Month) (done []store.Month, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.prepare(ctx); err != nil {
		return nil, err
	}
	if err := k.clock(ctx); err != nil && (err != ErrClockLeap || len(named) == 0) {
		return nil, err
	}
	look, err := k.look(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range named {
		if !slices.ContainsFunc(look.Months, func(d Due) bool { return d.Month == m && d.Is }) {
			return nil, fmt.Errorf("forgetting %s: %w", m, ErrNotDue)
		}
	}
	for _, d := range look.Months {
		if !d.Is || len(named) > 0 && !slices.Contains(named, d.Month) {
			continue
		}
		if err := k.forget(ctx, d.Month); err != nil {
			return done, fmt.Errorf("forgetting %s: %w", d.Month, err)
		}
		done = append(done, d.Month)
	}
	if len(named) > 0 {
		today := k.today()
		err = k.remember(ctx, func(_ *store.Write, r *store.Retention) error {
			r.Seen = max(r.Seen, today)
			return nil
		})
	}
	if err != nil {
		return done, err
	}
	return done, k.tidy(ctx)
}

// forget ends one month: what lives in it is carried over, then its key is deleted, and the rest with it.
func (k *Keeper) forget(ctx context.Context, m store.Month) error {
	err := k.remember(ctx, func(_ *store.Write, r *store.Retention) error {
		r.Forgetting = m
		return nil
	})
	if err != nil {
		return err
	}
	if err := k.carryOver(ctx, m); err != nil {
		return err
	}
	k.Keys.Retire(m)
	err = k.shut(ctx, m, true)
	if err == nil {
		err = k.end(ctx, m)
	}
	if err != nil && slices.Contains(k.months(), m) {
		return k.reinstate(ctx, m, err)
	}
	return err
}

// end forgets a month under which nobody writes: what was on its way is waited for, and looked at once more. A report that was
// opened again a moment ago is carried over like the others.
func (k *Keeper) end(ctx context.Context, m store.Month) error {
	if err := k.lastLook(ctx, m); err != nil {
		return err
	}
	if err := k.Keys.Forget(m); err != nil {
		return err
	}
	l, err := k.ledger(ctx)
	if err != nil {
		return err
	}
	return k.settled(ctx, &l, saysForgotten, m)
}

// reinstate lets everybody write under a month again that could not be forgotten. Where that cannot be said to the other
// processes nobody writes, and whoever keeps the house then ends what was begun.
func (k *Keeper) reinstate(ctx context.Context, m store.Month, because error) error {
	if err := k.shut(ctx, m, false); err != nil {
		return errors.Join(because, err)
	}
	k.Keys.Reinstate(m)
	return because
}

// shut ends the writing under the month that is being forgotten in the other processes too, or allows it again.
func (k *Keeper) shut(ctx context.Context, m store.Month, is bool) error {
	if !k.together() {
		return nil
	}
	return k.remember(ctx, func(_ *store.Write, r *store.Retention) error {
		r.Forgetting, r.Shut = m, is
		return nil
	})
}

func (k *Keeper) lastLook(ctx context.Context, m store.Month) error {
	if err := k.Store.Flush(ctx); err != nil {
		return err
	}
	return k.carryOver(ctx, m)
}

// carryOver brings every report that outlives a month under the present month of its class.
func (k *Keeper) carryOver(ctx context.Context, m store.Month) error {
	_, class, _ := m.Month()
	to := store.MonthOf(k.Now(), ticket.Class(class))
	for {
		var living []store.Ref
		damaged := false
		err := k.Store.View(ctx, func(rd *store.Read) error {
			living, damaged = nil, false
			return rd.UnderMonth(m, func(ref store.Ref, rep ticket.Report, broken bool) error {
				damaged = damaged || broken
				if !broken && lives(rep) {
					living = append(living, ref)
				}
				return nil
			})
		})
		switch {
		case err != nil:
			return err
		case damaged:
			return ErrDamaged
		case len(living) == 0:
			return nil
		}
		for _, ref := range living {
			if err := k.Store.Carry(ctx, ref, to, k.today(), k.Due); err != nil {
				return err
			}
		}
	}
}
