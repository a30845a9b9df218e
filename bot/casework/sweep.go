package casework

import (
	"context"
	"errors"
	"slices"
	"time"

	"amana/bot"
	"amana/bot/store"
)

// How long things are kept for the sake of what may still come: marks, as long as an update can be delivered again,
// which ends a day after its message; trails, as long as a message can be taken out of a chat.
const (
	markLives  = 25 * time.Hour
	trailLives = 48 * time.Hour
)

// page is how many records are changed in one transaction of a sweep.
const page = 40

// Sweep forgets what time has ended, a page at a time: drafts and closing records that nobody came back for, update
// marks, trails, invitations that nobody took, browsers that nobody allowed. When a root steps, what still lives is sealed again under the new one
// first, and only then the old root goes: a stop in between loses nothing, and the next sweep goes on.
func (r *Registry) Sweep(ctx context.Context, live func(draft []byte) bool) error {
	if _, err := r.Roots.Next(r.Now()); err != nil {
		return err
	}
	if err := r.sweepDrafts(ctx, live); err != nil {
		return err
	}
	if err := r.sweepClosings(ctx); err != nil {
		return err
	}
	if r.Roots.Due(r.Now()) {
		if err := r.Store.Reseal(ctx); err != nil {
			return err
		}
		if err := r.noteStep(ctx); err != nil {
			return err
		}
		if err := r.Roots.Commit(); err != nil {
			return err
		}
	}
	return errors.Join(r.sweepDays(ctx), r.sweepInvitations(ctx), r.tidyBrowsers(ctx))
}

func (r *Registry) sweepDays(ctx context.Context) error {
	now := r.Now()
	for {
		n := 0
		err := r.Store.Update(ctx, store.ID{}, func(w *store.Write) (err error) {
			n, err = w.Sweep(store.DayOf(now.Add(-markLives)), store.DayOf(now.Add(-trailLives)), page)
			return err
		})
		if err != nil || n < page {
			return err
		}
	}
}

// sweepDrafts wipes the drafts that are idle or lost; the others are sealed again where the step asks for it. It looks in
// a view, and changes only what still lies as it was seen: whoever writes meanwhile is let alone.
func (r *Registry) sweepDrafts(ctx context.Context, live func([]byte) bool) error {
	var after bot.Person
	for {
		var found []store.Kept
		err := r.Store.View(ctx, func(rd *store.Read) (err error) {
			found, err = rd.Drafts(after, 5*page)
			return err
		})
		if err != nil || len(found) == 0 {
			return err
		}
		after = found[len(found)-1].Person
		var change []store.Kept
		for _, k := range found {
			switch {
			case k.Lost && r.Now().Sub(r.started) < cutFor: // its person is told, if they come back soon
			case k.Lost || k.Stale || !live(k.Body):
				change = append(change, k)
			}
		}
		for len(change) > 0 {
			part := change[:fits(change)]
			change = change[len(part):]
			var renew []bool
			for _, k := range part {
				renew = append(renew, !k.Lost && live(k.Body))
			}
			if err := r.changeDrafts(ctx, part, renew); err != nil {
				return err
			}
		}
	}
}

// fits is how many of these drafts are changed in one transaction, which has a bound in records and one in bytes.
func fits(change []store.Kept) int {
	const most = 512 << 10
	n, records, size := 0, 0, 0
	for n < len(change) {
		records, size = records+change[n].Records(), size+len(change[n].Body)
		if n > 0 && (records > 2*page || size > most) {
			break
		}
		n++
	}
	return n
}

func (r *Registry) changeDrafts(ctx context.Context, part []store.Kept, renew []bool) error {
	today := store.DayOf(r.Now())
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		for n, k := range part {
			same, err := w.Same(k)
			switch {
			case err != nil:
				return err
			case !same:
			case renew[n]:
				err = w.PutDraft(k.Person, k.Draft, k.Body, bot.Mark{}, today)
			default:
				err = w.DropDraft(k.Person, k.Draft, today)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *Registry) sweepClosings(ctx context.Context) error {
	var old []bot.Person
	over := func(c bot.Closing) bool { return r.Now().Sub(c.Filed) > closingLives }
	err := r.Store.View(ctx, func(rd *store.Read) error {
		open, lost, err := rd.Closings()
		for p, c := range open {
			if slices.ContainsFunc(c, over) {
				old = append(old, p)
			}
		}
		if r.Now().Sub(r.started) > closingLives {
			old = append(old, lost...)
		}
		return err
	})
	for _, p := range old {
		if err != nil {
			return err
		}
		err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
			all, _, err := w.Closing(p)
			if err != nil {
				return err
			}
			return w.PutClosing(p, slices.DeleteFunc(all, over)...)
		})
	}
	return err
}

// sweepInvitations drops the invitations that nobody has used in their time.
func (r *Registry) sweepInvitations(ctx context.Context) error {
	now := r.Now()
	var over []store.ID
	err := r.Store.View(ctx, func(rd *store.Read) error {
		return rd.Invitations(func(name store.ID, i store.Invitation) {
			if now.After(i.Until) {
				over = append(over, name)
			}
		})
	})
	for _, name := range over {
		if err != nil {
			return err
		}
		err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error { return w.DropInvitation(name) })
	}
	return err
}
