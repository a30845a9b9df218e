package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Proposal is what the coordinator is asked to sign: the roster in force, and what waits to join it.
type Proposal struct {
	Roster  ticket.Roster  `json:"roster"`            // in force; version 0 before the first
	Pending []ticket.Entry `json:"pending,omitempty"` // with their keys
	Held    bool           `json:"held,omitempty"`    // restored, and waiting to be confirmed
}

// Sign makes the next version of the roster from a proposal: pending entries join or replace those of the same id,
// and revoked ids keep their place without counting. It needs the coordinator's key, so it runs where that lies.
func Sign(k seal.CoordinatorKey, p Proposal, revoke ...string) (store.Signed, error) {
	next := ticket.Roster{Version: p.Roster.Version + 1, Entries: slices.Clone(p.Roster.Entries)}
	for _, e := range p.Pending {
		if i := slices.IndexFunc(next.Entries, func(o ticket.Entry) bool { return o.ID == e.ID }); i >= 0 {
			next.Entries[i] = e
		} else {
			next.Entries = append(next.Entries, e)
		}
	}
	for _, id := range revoke {
		i := slices.IndexFunc(next.Entries, func(o ticket.Entry) bool { return o.ID == id })
		if i < 0 {
			return store.Signed{}, fmt.Errorf("signing the roster: nobody in it has the id %q", id)
		}
		next.Entries[i].Status = ticket.StatusRevoked
	}
	if err := next.Validate(); err != nil {
		return store.Signed{}, err
	}
	for _, e := range next.Entries {
		if err := seal.CheckPublic(e.Key); err != nil {
			return store.Signed{}, fmt.Errorf("signing the roster: the key of %s: %w", e.ID, err)
		}
	}
	statement, err := next.Encode()
	if err != nil {
		return store.Signed{}, err
	}
	s := store.Signed{Statement: statement, Signature: seal.SignRoster(k, next.Canonical())}
	for _, e := range next.Entries {
		if e.Usable() {
			s.Cards = append(s.Cards, seal.SignCard(k, card(next.Version, e)))
		}
	}
	return s, nil
}

func card(version uint64, e ticket.Entry) seal.Card {
	role := "reader"
	if e.Role == ticket.Recovery {
		role = "recovery"
	}
	return seal.Card{Version: version, ID: e.ID, Name: e.Name, Role: role, Key: e.Key}
}

// Propose gives what waits for the coordinator.
func (r *Registry) Propose(ctx context.Context) (p Proposal, err error) {
	in := r.roster.Load()
	p = Proposal{Roster: in.Roster, Held: in.Held}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		p.Pending = nil
		waiting, err := rd.Pending()
		for _, w := range waiting {
			var e ticket.Entry
			if err := json.Unmarshal(w.Entry, &e); err != nil {
				return errors.New("reading a pending entry: damaged")
			}
			p.Pending = append(p.Pending, e)
		}
		return err
	})
	return p, err
}

// ErrOldRoster says that a signed roster is not the next one.
var ErrOldRoster = errors.New("this roster is not newer than the one in force: list again, sign that, and apply it")

// Apply puts a signed roster in force, if the pinned coordinator signed it and it is newer. It ends the hold of a
// restored one. Everybody who waited in it is told.
func (r *Registry) Apply(ctx context.Context, s store.Signed) error {
	roster, err := r.verify(s)
	if err != nil {
		return err
	}
	for _, e := range roster.Entries {
		if e.Usable() && !slices.ContainsFunc(s.Cards, func(c seal.Card) bool {
			return c.ID == e.ID && c.Key == e.Key && c.Version == roster.Version
		}) {
			return fmt.Errorf("applying the roster: it holds no card of %s for this version", e.ID)
		}
	}
	before := r.roster.Load()
	if roster.Version <= before.Version {
		return ErrOldRoster
	}
	ids := map[string]ticket.ID{}
	for _, e := range roster.Entries {
		if ids[e.ID], err = r.id(); err != nil {
			return err
		}
	}
	s.Held = false
	at := r.Now()
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		if err := w.PutRoster(s); err != nil {
			return err
		}
		waiting, err := w.Pending()
		if err != nil {
			return err
		}
		for _, p := range waiting[:min(len(waiting), 20)] {
			var e ticket.Entry
			if err := json.Unmarshal(p.Entry, &e); err != nil {
				return err
			}
			if now, ok := roster.Find(p.ID); !ok || now.Key != e.Key || !now.Usable() {
				continue
			}
			if err := w.DropPending(p.ID); err != nil {
				return err
			}
			n := store.Waiting{ID: store.ID(ids[p.ID]), Reader: p.ID, Event: "confirmed", Due: at.UTC()}
			if err := w.PutNotice(w.House().Standing(), n); err != nil {
				return err
			}
		}
		return w.AuditShared(store.Entry{
			Day: store.DayOf(at), Who: "coordinator", Did: fmt.Sprintf("signed roster %d", roster.Version), File: store.HashFile(s.Statement),
		})
	})
	if err != nil {
		return err
	}
	r.roster.Store(&signed{Roster: roster, Signed: s})
	return nil
}

// Hold marks the roster of a restored database: nothing is sealed or handed out until the coordinator has signed the
// next version, so that a reader who was revoked after the backup does not come back.
func Hold(ctx context.Context, s *store.Store) error {
	return s.Update(ctx, store.ID{}, func(w *store.Write) error {
		roster, found, err := w.Roster()
		if err != nil || !found {
			return err
		}
		roster.Held = true
		return w.PutRoster(roster)
	})
}
