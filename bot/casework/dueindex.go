package casework

import (
	"bytes"
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
	mark := fmt.Sprintf("%d %d %d", r.Clock.Remind, r.Clock.Coordinator, r.Clock.Oversight)
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
		counting := r.counting()
		if problems, err = rd.Verify(r.Clock.DueDay, counting.walk); err != nil {
			return err
		}
		silent, err := r.silent(rd)
		if problems = append(problems, silent...); err != nil {
			return err
		}
		uncounted, err := counting.missed(rd)
		if problems = append(problems, uncounted...); err != nil {
			return err
		}
		cut, err := r.chainCut(rd)
		problems = append(problems, cut...)
		return err
	})
	return problems, err
}

// chainCut says whether the mission's chain has lost lines, or other ones stand in their place, since it was noted beside the
// keys.
func (r *Registry) chainCut(rd *store.Read) (problems []string, err error) {
	n, link, err := r.Store.House().NotedChain()
	if err != nil || n == 0 {
		return nil, err
	}
	now, err := rd.SharedLink(n)
	if err == nil && !bytes.Equal(now, link) {
		problems = append(problems, fmt.Sprintf("shared: the audit chain of the mission had %d lines, and does not hold them any more", n))
	}
	return problems, err
}

// NoteChain notes beside the keys how long the mission's chain is, unless it has lost what was noted before: that is told as
// long as nobody has cleared it up.
func (r *Registry) NoteChain(ctx context.Context) error {
	var n int
	var link []byte
	var cut []string
	err := r.Store.View(ctx, func(rd *store.Read) (err error) {
		if cut, err = r.chainCut(rd); err != nil {
			return err
		}
		n, link, err = rd.SharedEnd()
		return err
	})
	if err != nil || len(cut) > 0 || n == 0 {
		return err
	}
	return r.Store.House().NoteChain(n, link)
}

// DueDay gives the day under which a report stands in the index of what is due.
func (r *Registry) DueDay(rep ticket.Report) (ticket.Day, bool) { return r.Clock.DueDay(rep) }
