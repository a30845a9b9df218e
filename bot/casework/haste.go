package casework

import (
	"context"

	"amana/bot/store"
)

// Signed is a roster as the coordinator signed it.
type Signed = store.Signed

// NoteHaste writes into the mission's chain that somebody asked for more reports than fit into an hour, where their
// colleagues find it. It names no report, and says nothing of how many there are.
func (r *Registry) NoteHaste(ctx context.Context, person string) error {
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		return w.AuditShared(store.Entry{Day: store.DayOf(r.Now()), Who: person, Did: "asked for too many reports at once"})
	})
}
