package casework

import (
	"context"
	"time"

	"amana/bot"
	"amana/bot/store"
)

// How long a closing record waits for its person, and how young one must be to be shown without being asked for.
const (
	closingLives = 24 * time.Hour
	closingFresh = 10 * time.Minute
)

// Shown wipes the closing record of a person: the receipt arrived, or nobody is there any more.
func (r *Registry) Shown(ctx context.Context, p bot.Person) error {
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error { return w.DropClosing(p) })
}

// Unshown gives the closing records that a door should show by itself after a start: those of the last minutes, whose
// sending may have been cut off.
func (r *Registry) Unshown(ctx context.Context) (map[bot.Person]bot.Closing, error) {
	out := map[bot.Person]bot.Closing{}
	err := r.Store.View(ctx, func(rd *store.Read) error {
		clear(out)
		open, _, err := rd.Closings()
		for p, c := range open {
			if r.Now().Sub(c.Filed) < closingFresh {
				out[p] = *c
			}
		}
		return err
	})
	return out, err
}
