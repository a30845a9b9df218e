package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

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
// restored one. Everybody who waited in it is told; whoever it revokes can no longer be reached, and sees nothing. For
// whoever has a new key, other readers are asked to seal the old messages again.
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
	s.Held = false
	today := store.DayOf(r.Now())
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		if err := w.PutRoster(s); err != nil {
			return err
		}
		wants, err := w.Wants()
		if err != nil {
			return err
		}
		if err := w.PutWants(append(wants, renewed(before.Roster, roster)...)); err != nil {
			return err
		}
		return w.AuditShared(store.Entry{
			Day: today, Who: "coordinator", Did: fmt.Sprintf("signed roster %d", roster.Version), File: store.HashFile(s.Statement),
		})
	})
	if err != nil {
		return err
	}
	r.roster.Store(&signed{Roster: roster, Signed: s})
	return r.admit(ctx)
}

// renewed gives the readers whose key is another than before.
func renewed(before, after ticket.Roster) (wants []store.Want) {
	for _, e := range after.Entries {
		if old, ok := before.Find(e.ID); ok && e.Usable() && e.Role != ticket.Recovery && old.Key != e.Key {
			wants = append(wants, store.Want{Person: e.ID, Version: after.Version})
		}
	}
	return wants
}

// admit brings what lies beside the roster in line with the one in force: keys that it holds wait no longer, and their
// owners are reached where they brought them from; whoever does not count is reached no more. It goes a few at a time
// and may be called again after a stop.
func (r *Registry) admit(ctx context.Context) error {
	if r.Held() {
		return nil
	}
	roster := r.roster.Load().Roster
	var in []store.Pending
	var out []string
	err := r.Store.View(ctx, func(rd *store.Read) error {
		waiting, err := rd.Pending()
		if err != nil {
			return err
		}
		for _, p := range waiting {
			if admitted(roster, p) {
				in = append(in, p)
			}
		}
		known, err := rd.Contacts()
		for _, c := range known {
			if e, ok := roster.Find(c.ID); !ok || !e.Usable() {
				out = append(out, c.ID)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	at := r.Now().UTC()
	for _, p := range in {
		id, err := r.id()
		if err != nil {
			return err
		}
		n := store.Waiting{ID: store.ID(id), Reader: p.ID, Event: "confirmed", Due: at}
		err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
			if now, found, err := w.PendingOf(p.ID); err != nil || !found || !bytes.Equal(now.Entry, p.Entry) {
				return err
			}
			if err := w.DropPending(p.ID); err != nil {
				return err
			}
			c := store.Contact{ID: p.ID, Address: p.Address, Lang: p.Lang, Sealed: p.Sealed, Wrapped: p.Enrolment}
			if err := w.PutContact(c); err != nil {
				return err
			}
			return w.PutNotice(w.House().Standing(), n)
		})
		if err != nil {
			return err
		}
		if err := r.revive(ctx, p.ID); err != nil {
			return err
		}
	}
	for _, id := range out {
		if err := r.Store.Update(ctx, store.ID{}, func(w *store.Write) error { return w.DropContact(id) }); err != nil {
			return err
		}
	}
	return nil
}

// admitted says that the roster holds the key which somebody has brought.
func admitted(roster ticket.Roster, p store.Pending) bool {
	var e ticket.Entry
	if json.Unmarshal(p.Entry, &e) != nil {
		return false
	}
	now, ok := roster.Find(p.ID)
	return ok && now.Usable() && now.Key == e.Key
}

// revive tries the notices to somebody again that were given up, now that there is another way to reach them.
func (r *Registry) revive(ctx context.Context, reader string) error {
	var dead []store.Waiting
	err := r.Store.View(ctx, func(rd *store.Read) error {
		all, err := rd.Notices(time.Time{}, 1<<20)
		for _, n := range all {
			if n.Dead && n.Reader == reader {
				dead = append(dead, n)
			}
		}
		return err
	})
	now := r.Now().UTC()
	for _, n := range dead {
		if err != nil {
			break
		}
		err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
			kept, under, found, err := w.Notice(n.ID, n.Due)
			if err != nil || !found {
				return err
			}
			if err := w.DropNotice(n.ID, n.Due); err != nil {
				return err
			}
			kept.Due, kept.Tries, kept.Dead, kept.Why = now, 0, false, ""
			return w.PutNotice(under, kept)
		})
	}
	return err
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
