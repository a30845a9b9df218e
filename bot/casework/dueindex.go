package casework

import (
	"context"
	"fmt"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// misplaced is a report that stands under the wrong day of the index of what is due.
type misplaced struct {
	ref      store.Ref
	under    seal.KeyID
	from, to *store.Day
}

// index works the index of what is due out anew if the rungs of the clock have changed since it was written: the days
// in it depend on them, and a report under a day that is too late would miss its deadline.
func (r *Registry) index(ctx context.Context) error {
	mark := fmt.Sprintf("%d %d", r.Clock.Remind, r.Clock.Coordinator)
	var wrong []misplaced
	same := false
	err := r.Store.View(ctx, func(rd *store.Read) error {
		was, err := rd.DueMark()
		if same = was == mark; same || err != nil {
			return err
		}
		wrong, err = r.misplaced(rd)
		return err
	})
	if err != nil || same {
		return err
	}
	for len(wrong) > 0 {
		page := wrong[:min(len(wrong), 30)]
		wrong = wrong[len(page):]
		err := r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
			for _, m := range page {
				if err := w.MoveDue(m.ref, m.under, m.from, m.to); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error { return w.PutDueMark(mark) })
}

func (r *Registry) misplaced(rd *store.Read) (wrong []misplaced, err error) {
	have := map[store.Ref]store.Day{}
	err = rd.Dues(func(ref store.Ref, day store.Day) error {
		have[ref] = day
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = rd.Reports(func(ref store.Ref, rep ticket.Report) error {
		m := misplaced{ref: ref, to: r.filed(rep).DueDay}
		if day, ok := have[ref]; ok {
			m.from = &day
		}
		if m.from == nil && m.to == nil || m.from != nil && m.to != nil && *m.from == *m.to {
			return nil
		}
		_, m.under, err = rd.Report(ref)
		wrong = append(wrong, m)
		return err
	})
	return wrong, err
}

// Verify says what of the shelves does not hold together, in sentences for an operator that name no report. It takes as
// long as reading everything.
func (r *Registry) Verify(ctx context.Context) (problems []string, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) (err error) {
		if problems, err = rd.Verify(r.Clock.DueDay); err != nil {
			return err
		}
		silent, err := r.silent(rd)
		problems = append(problems, silent...)
		return err
	})
	return problems, err
}
