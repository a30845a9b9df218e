package retention

import (
	"context"
	"errors"
	"slices"

	"amana/bot/store"
	"amana/bot/ticket"
)

// Tidy deletes what ends before its month, and whatever a stop left to be deleted. It is done by the server itself, once a
// day.
func (k *Keeper) Tidy(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.prepare(ctx); err != nil {
		return err
	}
	return k.tidy(ctx)
}

func (k *Keeper) tidy(ctx context.Context) error {
	if err := k.clock(ctx); err != nil && !isClock(err) {
		return err
	} else if err == nil {
		if err := k.eraseEnded(ctx); err != nil {
			return err
		}
	}
	r, err := k.remembered(ctx)
	if err != nil || !r.Erased {
		return err
	}
	for _, m := range r.Dropping {
		if err := k.Store.DropMonth(ctx, m); err != nil {
			return err
		}
	}
	if err := k.Store.PrunePeppers(ctx); err != nil {
		return err
	}
	if k.Sweep != nil {
		if err := k.Sweep(ctx); err != nil {
			return err
		}
	}
	if k.Renew != nil {
		if err := k.Renew(ctx); err != nil {
			return err
		}
	}
	dropped := r.Dropping
	return k.remember(ctx, func(_ *store.Write, r *store.Retention) error {
		r.Erased = false
		r.Dropping = slices.DeleteFunc(r.Dropping, func(m store.Month) bool { return slices.Contains(dropped, m) })
		return nil
	})
}

// eraseEnded takes away the reports that end before their month.
func (k *Keeper) eraseEnded(ctx context.Context) error {
	var refs []store.Ref
	err := k.Store.View(ctx, func(rd *store.Read) error {
		refs = nil
		return rd.Reports(func(ref store.Ref, rep ticket.Report) error {
			if lives(rep) {
				return nil
			}
			over, err := k.ended(rd, ref)
			if over {
				refs = append(refs, ref)
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	return k.erase(ctx, refs)
}

// erase takes closed reports away. That some go is noted first, so that a stop in between does not leave them in the file.
func (k *Keeper) erase(ctx context.Context, refs []store.Ref) error {
	if len(refs) == 0 {
		return nil
	}
	err := k.remember(ctx, func(_ *store.Write, r *store.Retention) error {
		r.Erased = true
		return nil
	})
	for _, ref := range refs {
		if err != nil {
			return err
		}
		err = k.Store.Erase(ctx, ref, k.today(), k.Due, func(rep ticket.Report) bool { return !lives(rep) })
	}
	return err
}

// ended says whether a closed report is to go before its month does. A chain that is broken says nothing that counts.
func (k *Keeper) ended(rd *store.Read, ref store.Ref) (bool, error) {
	rep, under, err := rd.Report(ref)
	if err != nil {
		return false, err
	}
	lines, err := rd.ChainLength(under, rep.ID)
	if err != nil && !errors.Is(err, context.Canceled) {
		return false, nil
	}
	home := store.FiledIn(rep) == under
	if home && lines > 0 && k.stays[ref] == lines {
		return false, nil
	}
	chain, err := rd.ReportChain(under, rep.ID)
	if err != nil || len(chain) == 0 {
		if errors.Is(err, context.Canceled) {
			return false, err
		}
		return false, nil
	}
	asked, withdrawn := k.Withdrawn(chain)
	if withdrawn && k.today() >= k.Rules.withdrawnUntil(asked, k.Final) {
		return true, nil
	}
	if home && !withdrawn {
		if k.stays == nil || len(k.stays) >= mostStays {
			k.stays = map[store.Ref]int{}
		}
		k.stays[ref] = lines
	}
	return !home && k.today() >= chain[len(chain)-1].Day+quiet, nil
}
