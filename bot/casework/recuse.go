package casework

import (
	"context"
	"errors"
	"slices"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// ErrLastReader says that a reader cannot withdraw from a report that nobody else can read.
var ErrLastReader = errors.New("nobody else reads this report")

// MayRecuse says whether a person could withdraw from a report now, so that nobody is asked for what cannot be done.
// Errors: ErrUnknown, ErrLastReader, ErrHeld.
func (r *Registry) MayRecuse(ctx context.Context, person, code string) error {
	if err := r.attend(ctx, person); err != nil {
		return err
	}
	ref, err := r.locate(ctx, person, code)
	if err != nil {
		return err
	}
	return r.Store.View(ctx, func(rd *store.Read) error {
		rep, under, err := visible(rd, person, ref)
		if err != nil {
			return err
		}
		opens, err := r.opens(rd, under, rep)
		if err != nil {
			return err
		}
		_, _, err = r.without(rep, person, opens)
		return err
	})
}

// without gives a report as it is when a person has withdrawn, and who is handed it because of that: those who wait, if
// nobody who holds it counts any more. Whoever can open it does not leave it to those who cannot yet.
func (r *Registry) without(rep ticket.Report, person string, opens map[string]bool) (next ticket.Report, handed []string, err error) {
	counts := func(id string) bool { return r.active(id) == nil && (opens[id] || !opens[person]) }
	next, handed = rep.Exclude(person)
	if slices.ContainsFunc(next.Handed(), counts) {
		return next, handed, nil
	}
	waiting := slices.DeleteFunc(next.Waiting(), func(id string) bool { return !counts(id) })
	if len(waiting) == 0 {
		return rep, nil, ErrLastReader
	}
	return next.Apply(ticket.Move{Hand: waiting}), append(handed, waiting...), nil
}

// opens says which readers have a key to which the report itself is sealed.
func (r *Registry) opens(rd *store.Read, under seal.KeyID, rep ticket.Report) (map[string]bool, error) {
	thread, err := rd.Thread(under, rep.ID)
	if err != nil && !unreadable(err) {
		return nil, err
	}
	keys, out := covered(thread)[told(thread)], map[string]bool{}
	for _, e := range r.current().Recipients(rep) {
		out[e.ID] = keys[e.Key]
	}
	return out, nil
}

// Recuse withdraws a person from a report, for a conflict of interest: from then on it does not exist for them. What
// they have opened before cannot be taken back. If nobody is left who sees it, those who waited are handed it and told.
func (r *Registry) Recuse(ctx context.Context, person, code string) error {
	if err := r.attend(ctx, person); err != nil {
		return err
	}
	ref, err := r.locate(ctx, person, code)
	if err != nil {
		return err
	}
	at := r.Now()
	told, err := r.tellings(seal.MaxReaders, at)
	if err != nil {
		return err
	}
	var opens map[string]bool // looked up in a view: a thread may be longer than an update can touch
	err = r.Store.View(ctx, func(rd *store.Read) error {
		rep, under, err := visible(rd, person, ref)
		if err == nil {
			opens, err = r.opens(rd, under, rep)
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		rep, under, err := visible(&w.Read, person, ref)
		if err != nil {
			return err
		}
		next, handed, err := r.without(rep, person, opens)
		if err != nil {
			return err
		}
		if len(handed) > 0 {
			next = r.Clock.Fresh(next, at)
		}
		if err := r.put(w, ref, under, next, rep); err != nil {
			return err
		}
		if err := told.tell(w, ref, under, "report", handed); err != nil {
			return err
		}
		if err := w.Audit(under, rep.ID, store.Entry{Day: store.DayOf(at), Who: person, Did: "withdrew themselves", Whom: person}); err != nil {
			return err
		}
		for _, id := range handed {
			if err := w.Audit(under, rep.ID, store.Entry{Day: store.DayOf(at), Who: person, Did: "escalated: withdrawal", Whom: id}); err != nil {
				return err
			}
		}
		return nil
	})
}
