package casework

import (
	"context"
	"slices"
	"time"

	"amana/bot/seal"
	"amana/bot/store"
)

// burst is what a reporter's further messages are told with: one notice for each reader, which takes the place of one
// about the same that still waits. So readers are told once of all that came before their notice goes out, and no
// later than they would have been of the first.
//
// The new notice has an id of its own. If the old one is on its way at this very moment, only that one is taken off the
// shelf when it has arrived, and the new one is carried too: nobody can have looked before the latest message came and
// never hear of it.
type burst struct {
	notices []store.Waiting
	before  []store.Waiting // at most one for each reader
}

// same are the events of which a reader need only hear the latest.
var same = map[string][]string{
	"message":  {"message"},
	"withdraw": {"withdraw", "keep"},
	"keep":     {"withdraw", "keep"},
}

// burst looks for what the notices about a report can take the place of. It does so in a view, since no number of waiting
// notices may reach the limits of the transaction, which looks again.
func (r *Registry) burst(ctx context.Context, ref store.Ref, notices []store.Waiting, now time.Time) (b burst, err error) {
	b.notices = notices
	today := store.DayOf(now)
	err = r.Store.View(ctx, func(rd *store.Read) error {
		b.before = nil
		waiting, err := rd.NoticesOf(ref, today-1, today, today+1)
		for _, n := range notices {
			i := slices.IndexFunc(waiting, func(w store.Waiting) bool {
				return w.Reader == n.Reader && slices.Contains(same[n.Event], w.Event)
			})
			if i >= 0 {
				b.before = append(b.before, waiting[i])
			}
		}
		return err
	})
	return b, err
}

func (b burst) write(w *store.Write, under seal.KeyID) error {
	for _, n := range b.notices {
		i := slices.IndexFunc(b.before, func(old store.Waiting) bool { return old.Reader == n.Reader })
		if i >= 0 {
			old, _, found, err := w.Notice(b.before[i].ID, b.before[i].Due)
			if err != nil {
				return err
			}
			if found && !old.Dead {
				if err := w.DropNotice(old.ID, old.Due); err != nil {
					return err
				}
				if old.Due.Before(n.Due) {
					n.Due = old.Due
				}
			}
		}
		if err := w.PutNotice(under, n); err != nil {
			return err
		}
	}
	return nil
}
