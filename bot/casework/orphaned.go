package casework

import (
	"context"
	"slices"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// handOn gives the reports that only those hold who no longer count to everybody who waits for them, and tells them. The
// clocks alone would not: whoever stepped back from a report waits for it again after all its rungs were made. It may be
// called again after a stop.
func (r *Registry) handOn(ctx context.Context, revoked []string) error {
	for _, person := range revoked {
		var refs []store.Ref
		err := r.Store.View(ctx, func(rd *store.Read) error {
			refs = nil
			all, err := rd.OfReader(person)
			for _, ref := range all {
				rep, _, err := rd.Report(ref)
				if err == nil && len(r.orphaned(rep)) > 0 {
					refs = append(refs, ref)
				} else if err != nil && !unreadable(err) {
					return err
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, ref := range refs {
			if err := r.handOnOne(ctx, ref); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Registry) handOnOne(ctx context.Context, ref store.Ref) error {
	told, err := r.tellings(seal.MaxReaders, r.Now())
	if err != nil {
		return err
	}
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		rep, under, err := w.Report(ref)
		if err != nil {
			return err
		}
		to := r.orphaned(rep)
		if len(to) == 0 {
			return nil
		}
		return r.hand(w, told, ref, under, rep, to, "revocation")
	})
}

// hand gives a report to readers who wait for it, and tells them.
func (r *Registry) hand(w *store.Write, t tellings, ref store.Ref, under seal.KeyID, rep ticket.Report, to []string, why string) error {
	if err := r.put(w, ref, under, r.Clock.Fresh(rep.Apply(ticket.Move{Hand: to}), t.at), rep); err != nil {
		return err
	}
	if err := t.tell(w, ref, under, "report", to); err != nil {
		return err
	}
	for _, id := range to {
		if err := w.Audit(under, rep.ID, store.Entry{Day: store.DayOf(t.at), Who: "clock", Did: "escalated: " + why, Whom: id}); err != nil {
			return err
		}
	}
	return nil
}

// orphaned gives who waits for a report that is with nobody who counts; nobody while it is with somebody, or closed: what its
// reporter writes then starts a clock of its own.
func (r *Registry) orphaned(rep ticket.Report) (to []string) {
	counts := func(id string) bool { return r.active(id) == nil && !rep.IsExcluded(id) }
	if rep.State == ticket.Closed || slices.ContainsFunc(rep.Handed(), counts) {
		return nil
	}
	for _, id := range rep.Waiting() {
		if counts(id) {
			to = append(to, id)
		}
	}
	return to
}
