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
// gives the months that are gone. Naming them says that the clock is right, even where it has leapt ahead. A month with a
// damaged report stays, with ErrDamaged at the end, and holds up no other; what is closed in it goes all the same.
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
	var stays error
	for _, d := range look.Months {
		if !d.Is || len(named) > 0 && !slices.Contains(named, d.Month) {
			continue
		}
		err := k.forget(ctx, d.Month)
		if errors.Is(err, ErrDamaged) {
			stays = errors.Join(stays, fmt.Errorf("forgetting %s: %w", d.Month, err))
			if err = k.eraseClosed(ctx, d.Month); err == nil {
				continue
			}
		}
		if err != nil {
			return done, errors.Join(stays, fmt.Errorf("forgetting %s: %w", d.Month, err))
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
		return done, errors.Join(stays, err)
	}
	return done, errors.Join(stays, k.tidy(ctx))
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
	if err := k.carryOver(ctx, m, false); err != nil {
		return err
	}
	k.Keys.Retire(m)
	err = k.shut(ctx, m, true)
	if err == nil {
		err = k.end(ctx, m, store.LookAhead)
	}
	if err != nil && slices.Contains(k.months(), m) {
		return k.reinstate(ctx, m, err)
	}
	return err
}

// end forgets a month under which nobody writes: what was on its way is waited for, and looked at once more. A report that was
// opened again a moment ago is carried over like the others. That this is done is noted before the key goes: whoever takes it
// over knows by that whether a key may be gone, and what is damaged since then was closed.
func (k *Keeper) end(ctx context.Context, m store.Month, looked store.Look) error {
	done := looked == store.LookDone
	switch err := k.lastLook(ctx, m, done); {
	case err != nil && !(done && errors.Is(err, ErrDamaged)):
		return err
	case looked == store.LookAhead && k.together():
		if err := k.remember(ctx, func(_ *store.Write, r *store.Retention) error {
			r.Look = store.LookDone
			return nil
		}); err != nil {
			return err
		}
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
		k.retired = m
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
		if r.Forgetting, r.Shut, r.Look = m, is, store.LookUnknown; is {
			r.Look = store.LookAhead
		}
		return nil
	})
}

func (k *Keeper) lastLook(ctx context.Context, m store.Month, whatever bool) error {
	if err := k.Store.Flush(ctx); err != nil {
		return err
	}
	return k.carryOver(ctx, m, whatever)
}

// eraseClosed takes away what is closed in a month that cannot be forgotten: its time has come, whatever is damaged beside it.
// Copies of the database that were made before hold it until the month's key goes.
func (k *Keeper) eraseClosed(ctx context.Context, m store.Month) error {
	var refs []store.Ref
	err := k.Store.View(ctx, func(rd *store.Read) error {
		refs = nil
		return rd.UnderMonth(m, func(ref store.Ref, rep ticket.Report, damaged bool) error {
			if !damaged && !lives(rep) {
				refs = append(refs, ref)
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return k.erase(ctx, refs)
}

// carryOver brings every report that outlives a month under the present month of its class. It is ErrDamaged where one cannot
// be read: then the others stay as well, or are carried over all the same where the month has to end whatever there is.
func (k *Keeper) carryOver(ctx context.Context, m store.Month, whatever bool) error {
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
		case damaged && (len(living) == 0 || !whatever):
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
