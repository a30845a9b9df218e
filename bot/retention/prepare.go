package retention

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"amana/bot/store"
)

// Prepare is done at every start and once a day. It looks at the clock, draws for each month by how many days its end is put
// off, ends what a stop cut short, and forgets again what a key backup brought back. Of machines that share a database only
// the process that keeps the house does so: any other would take what that one is at for cut short. It is ErrNotKeeper there.
func (k *Keeper) Prepare(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.prepare(ctx)
}

func (k *Keeper) prepare(ctx context.Context) error {
	if err := k.alone(ctx); err != nil {
		return err
	}
	if err := k.Store.Settle(ctx, k.today(), k.Due); err != nil {
		return fmt.Errorf("ending what was begun: %w", err)
	}
	l, err := k.ledger(ctx)
	if err != nil {
		return err
	}
	if err := k.catchUp(ctx, &l); err != nil {
		return err
	}
	drawn := map[store.Month]int{}
	for _, m := range k.months() {
		n, err := rand.Int(k.Rand, big.NewInt(mostBlur))
		if err != nil {
			return fmt.Errorf("drawing the end of a month: %w", err)
		}
		drawn[m] = int(n.Int64())
	}
	was, err := k.remembered(ctx)
	if err != nil {
		return err
	}
	today, same := k.today(), true
	change := func(r *store.Retention) {
		for m, n := range drawn {
			if _, there := r.Blur[m]; !there {
				r.Blur[m], same = n, false
			}
		}
		for m := range r.Blur {
			if _, living := drawn[m]; !living {
				delete(r.Blur, m)
				same = false
			}
		}
		if r.Seen == 0 || today > r.Seen && today-r.Seen <= leap { // after a leap it stays until an operator has looked
			r.Seen, same = today, false
		}
	}
	if change(&was); same {
		return nil
	}
	return k.remember(ctx, func(_ *store.Write, r *store.Retention) error {
		change(r)
		return nil
	})
}

// clock says whether anything may be forgotten by this clock.
func (k *Keeper) clock(ctx context.Context) error {
	r, err := k.remembered(ctx)
	switch today := k.today(); {
	case err != nil:
		return err
	case today+1 < r.Seen:
		return ErrClockBack
	case r.Seen != 0 && today > r.Seen+leap:
		return ErrClockLeap
	}
	return nil
}

// catchUp brings statements and key directory together, whatever came between: a key that was deleted before the statement
// was written, an older database, an older key directory.
func (k *Keeper) catchUp(ctx context.Context, l *ledger) error {
	stated, ours := gone(l.all), k.Keys.Forgotten()
	r, err := k.remembered(ctx)
	if err != nil {
		return err
	}
	for _, m := range ours {
		if _, _, is := m.Month(); !is || slices.Contains(stated, m) {
			continue
		}
		says := saysEarlier // the database is older than that
		if r.Forgetting == m {
			says = saysForgotten
		}
		if err := k.settled(ctx, l, says, m); err != nil {
			return err
		}
	}
	for _, m := range k.months() {
		if !slices.Contains(stated, m) {
			continue
		}
		if err := k.Keys.Forget(m); err != nil {
			return err
		}
		if k.together() {
			continue // it was this machine's own copy, and not one that came back
		}
		if err := k.settled(ctx, l, saysReturned, m); err != nil {
			return err
		}
	}
	switch m := r.Forgetting; {
	case m == "" || !slices.Contains(k.months(), m) || slices.Contains(gone(l.all), m):
		return nil
	case r.Shut: // another machine was at it, and may have no key any more: nobody may write under the month again
		k.Keys.Retire(m)
		err := k.end(ctx, m, r.Look)
		if r.Look == store.LookAhead && errors.Is(err, ErrDamaged) { // no key is gone yet: the others go on, and it is still due
			return k.reopen(ctx, m)
		}
		return err
	default: // cut short before the key went: it is still due
		return k.reopen(ctx, m)
	}
}

// reopen lets everybody write under a month again that another process was about to forget.
func (k *Keeper) reopen(ctx context.Context, m store.Month) error {
	err := k.remember(ctx, func(_ *store.Write, r *store.Retention) error {
		r.Forgetting, r.Shut, r.Look = "", false, store.LookUnknown
		return nil
	})
	if err == nil {
		k.Keys.Reinstate(m)
	}
	return err
}

// Follow destroys the copies of this machine of keys that another one has forgotten and stated so, and lets this process write
// again under a month that it had shut and another one has opened again. It is for machines that share a database; the
// statement is that of the one that forgot.
func (k *Keeper) Follow(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	l, err := k.ledger(ctx)
	if err != nil {
		return err
	}
	r, err := k.remembered(ctx)
	if err != nil {
		return err
	}
	stated := gone(l.all)
	if m := k.retired; m != "" && m != r.ShutMonth() {
		if k.retired = ""; !slices.Contains(stated, m) {
			k.Keys.Reinstate(m)
		}
	}
	for _, m := range k.months() {
		if slices.Contains(stated, m) {
			if err := k.Keys.Forget(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// settled writes down that a key is gone, in one update: statement, line in the mission's chain, and what is left to do.
func (k *Keeper) settled(ctx context.Context, l *ledger, says string, m store.Month) error {
	still, err := k.holding(ctx, m)
	if err != nil {
		return err
	}
	was, err := k.remembered(ctx)
	if err != nil {
		return err
	}
	write := l.next(says, string(m), was.Lost[m], still)
	return k.remember(ctx, func(w *store.Write, r *store.Retention) error {
		r.Forgetting, r.Shut, r.Look, r.Erased = "", false, store.LookUnknown, true
		delete(r.Lost, m)
		if !slices.Contains(r.Dropping, m) {
			r.Dropping = append(r.Dropping, m)
		}
		if !slices.Contains(r.Gone, m) {
			r.Gone = append(r.Gone, m)
		}
		if says == saysReturned && !slices.Contains(r.Returned, m) {
			r.Returned = append(r.Returned, m)
		}
		if err := w.AuditShared(store.Entry{Day: k.today(), Who: "operator", Did: "forgot " + string(m)}); err != nil {
			return err
		}
		return write(w)
	})
}

// holding gives the key backups that hold a key and are not destroyed.
func (k *Keeper) holding(ctx context.Context, m store.Month) (still []store.Backup, err error) {
	err = k.Store.View(ctx, func(rd *store.Read) error {
		all, err := rd.KeyBackups()
		still = slices.DeleteFunc(all, func(b store.Backup) bool { return !b.Holds(string(m)) })
		return err
	})
	return still, err
}

// isClock says that an error is about the clock alone.
func isClock(err error) bool { return errors.Is(err, ErrClockBack) || errors.Is(err, ErrClockLeap) }
