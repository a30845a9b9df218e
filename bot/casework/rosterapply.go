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

// Propose gives what waits for the coordinator.
func (r *Registry) Propose(ctx context.Context) (p Proposal, err error) {
	if err := r.Fresh(ctx); err != nil {
		return p, err
	}
	in := r.roster.Load()
	p = Proposal{Roster: in.Roster, Statement: in.Statement, Signature: in.Signature, Held: in.Held, Nonce: in.Nonce}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		p.Pending = nil
		waiting, err := rd.Pending()
		for _, w := range waiting {
			e, err := waits(w)
			if err != nil {
				return err
			}
			p.Pending = append(p.Pending, e)
		}
		return err
	})
	return p, err
}

// waits gives the entry that somebody who has brought a key would have.
func waits(p store.Pending) (e ticket.Entry, err error) {
	if json.Unmarshal(p.Entry, &e) != nil {
		return e, errors.New("reading a pending entry: damaged")
	}
	return e, nil
}

// ErrOldRoster says that a signed roster is not the next one.
var ErrOldRoster = errors.New("this roster is not newer than the one in force: list again, sign that, and apply it")

// Apply puts a signed roster in force, if the pinned coordinator signed it, it is newer, and the order that comes with
// it is signed too. It ends the hold of a restored one, if the order was made for that hold. Everybody who waited in it
// is told; whoever it revokes can no longer be reached, and sees nothing; a key that waited when it was made and is not
// in it waits no longer. For whoever has a new key, other readers are asked to seal the old messages again at the next tick,
// and what then opens for nobody who sees it comes to those who wait and open it.
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
	if len(s.Statement) > MostRoster {
		return fmt.Errorf("applying the roster: %d bytes are more than can travel with a report", len(s.Statement))
	}
	if err := r.Fresh(ctx); err != nil {
		return err
	}
	before := r.roster.Load()
	if roster.Version <= before.Version {
		return ErrOldRoster
	}
	public, _ := r.Store.House().Coordinator() // verified with it above
	if err := checkOrder(public, s.Order, roster, before.Signed); err != nil {
		return err
	}
	order := *s.Order
	s.Held, s.Nonce, s.Order = false, nil, nil // an order is carried out once, here
	today := store.DayOf(r.Now())
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		if r.roster.Load() != before {
			return ErrOldRoster // another process has applied one meanwhile
		}
		if err := w.PutRoster(s); err != nil {
			return err
		}
		if err := settle(w, order, roster, today); err != nil {
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
	if err := r.keepRoster(ctx, &signed{Roster: roster, Signed: s}); err != nil {
		return err
	}
	if err := r.Store.House().NoteRoster(roster.Version); err != nil {
		return fmt.Errorf("the roster is in force, but: %w", err)
	}
	return r.admit(ctx)
}

// settle takes away the keys that the coordinator has seen and left out.
func settle(w *store.Write, o store.Order, roster ticket.Roster, today store.Day) error {
	waiting, err := w.Pending()
	if err != nil {
		return err
	}
	for _, p := range waiting {
		e, err := waits(p)
		if err != nil {
			return err
		}
		if !refuses(o, roster, e) {
			continue
		}
		if err := w.DropPending(p.ID); err != nil {
			return err
		}
		if err := w.AuditShared(store.Entry{Day: today, Who: "coordinator", Did: "refused a key", Whom: p.ID}); err != nil {
			return err
		}
	}
	return nil
}

// renewed gives the readers whose key is another than before, or counts no more.
func renewed(before, after ticket.Roster) (wants []store.Want) {
	for _, old := range before.Entries {
		e, _ := after.Find(old.ID)
		gone := old.Usable() && !e.Usable()
		if old.Role != ticket.Recovery && (gone || e.Usable() && old.Key != e.Key) {
			wants = append(wants, store.Want{Person: old.ID, Version: after.Version})
		}
	}
	return wants
}

// admit brings what lies beside the roster in line with the one in force: keys that it holds wait no longer, and their
// owners are reached where they brought them from; whoever does not count is reached no more, and what only they held goes
// to those who wait for it. It goes a few at a time and may be called again after a stop.
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
		var asked *asking
		if p.Way != "" {
			if asked, err = r.asks(p.ID, p.Way, p.Sealed); err != nil {
				return err
			}
		}
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
			// With a new key the address before ends, also where the new one is the desk, which tells nobody anything: their
			// phone may be in other hands. Whoever still has it follows a link there. A mail address or a webhook stays: the
			// operator named it, and it was proved.
			was, found, err := w.Contact(p.ID)
			if err != nil {
				return err
			}
			if found && was.Way != "" {
				c.Way, c.Sealed = was.Way, was.Sealed
			}
			c.Next = was.Next
			if asked != nil {
				c.Next = &asked.next
				if err := w.PutNotice(w.House().Standing(), asked.notice); err != nil {
					return err
				}
			}
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
	var gone []string
	for _, e := range roster.Entries {
		if !e.Usable() {
			gone = append(gone, e.ID)
		}
	}
	if err := r.handOn(ctx, gone); err != nil {
		return err
	}
	for _, id := range out {
		if err := r.Store.Update(ctx, store.ID{}, func(w *store.Write) error { return w.DropContact(id) }); err != nil {
			return err
		}
	}
	return errors.Join(r.tidyBrowsers(ctx), r.tidyAbsences(ctx))
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
