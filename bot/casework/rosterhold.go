package casework

import (
	"context"
	"crypto/rand"

	"amana/bot/store"
	"amana/bot/ticket"
)

// Hold marks the roster of a restored database: nothing is sealed or handed out until the coordinator has signed the
// next version for this hold, so that a reader who was revoked after the backup does not come back, not even by a
// roster that was signed earlier. A database without a roster is held as well: there may have been one since. Every browser
// has to be let in anew, the coordinator's by `amana confirm -browser`: one that was forgotten after the backup, with a
// stolen device, must not come back either.
func Hold(ctx context.Context, s *store.Store) error {
	if err := forgetAllBrowsers(ctx, s); err != nil { // first: once the roster is held, nothing looks here again
		return err
	}
	nonce := make([]byte, 16)
	_, _ = rand.Read(nonce) // never fails; not passed in, since one that could be foreseen would hold nothing
	return s.Update(ctx, store.ID{}, func(w *store.Write) error {
		roster, _, err := w.Roster()
		if err != nil {
			return err
		}
		roster.Held, roster.Nonce = true, nonce
		return w.PutRoster(roster)
	})
}

// reload reads the roster from its shelf and puts it in force if its signature holds. One that is older than what was
// in force in this house before, as the key directory remembers, comes from a copy and is held.
func (r *Registry) reload(ctx context.Context) error {
	noted, err := r.Store.House().RosterNoted()
	if err != nil {
		return err
	}
	now, err := r.onShelf(ctx)
	if err != nil {
		return err
	}
	if now.Version < noted && !now.Held {
		if err := Hold(ctx, r.Store); err != nil {
			return err
		}
		if now, err = r.onShelf(ctx); err != nil {
			return err
		}
	}
	r.roster.Store(now)
	return r.Store.House().NoteRoster(now.Version)
}

// onShelf gives the roster as it is kept, verified; version 0 if there is none.
func (r *Registry) onShelf(ctx context.Context) (*signed, error) {
	var s *signed
	err := r.Store.View(ctx, func(rd *store.Read) (err error) {
		s, err = r.rosterOf(rd)
		return err
	})
	return s, err
}

func (r *Registry) rosterOf(rd *store.Read) (*signed, error) {
	s, _, err := rd.Roster()
	if err != nil || len(s.Statement) == 0 {
		return &signed{Signed: store.Signed{Held: s.Held, Nonce: s.Nonce}}, err
	}
	var roster ticket.Roster
	if roster, err = r.verify(s); err != nil {
		return nil, err
	}
	return &signed{Roster: roster, Signed: s}, nil
}
