package casework

import (
	"context"

	"amana/bot/store"
)

// Measures are numbers for the machine's own eyes. Each is rounded down to tens, so that none of them tells the moment, or the
// existence, of a single report to whoever watches.
type Measures struct {
	Tray int64 // reports that went to the low tray since the start
	Late int   // reports of which something was due before today
	Dead int   // people to whom notices were given up; these are few, and say nothing of reports
}

// Measures takes them.
func (r *Registry) Measures(ctx context.Context) (m Measures, err error) {
	m.Tray = r.trayed.Load() / 10 * 10
	err = r.Store.View(ctx, func(rd *store.Read) error {
		m.Late = 0
		yesterday := store.DayOf(r.Now()) - 1
		refs, err := rd.DueUntil(yesterday)
		m.Late = len(refs) / 10 * 10
		return err
	})
	if err != nil {
		return m, err
	}
	dead, err := r.Dead(ctx)
	m.Dead = len(dead)
	return m, err
}
