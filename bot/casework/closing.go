package casework

import (
	"context"
	"slices"
	"time"

	"amana/bot"
	"amana/bot/store"
)

// How long a closing record waits for its person, and how young one must be to be shown without being asked for.
const (
	closingLives = 24 * time.Hour
	closingFresh = 10 * time.Minute
)

// manyClosings is how many receipts wait for one person at most: more than the standard budget lets anybody need in an
// hour. Whoever gets that far was shown none of them.
const manyClosings = 16

// addClosing keeps one more receipt for a person. No receipt gives way to another: where too many wait already, the
// report is not taken, and its person can send it again.
func addClosing(w *store.Write, p bot.Person, c bot.Closing) error {
	all, _, err := w.Closing(p)
	if err != nil {
		return err
	}
	if len(all) >= manyClosings {
		return bot.ErrBusy
	}
	return w.PutClosing(p, append(all, c)...)
}

// Shown wipes one closing record of a person: its receipt arrived, or can never arrive. The others wait on. The zero id
// stands for all of them: nobody is there any more.
func (r *Registry) Shown(ctx context.Context, p bot.Person, id bot.ClosingID) error {
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		all, _, err := w.Closing(p)
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(slices.Clone(all), func(c bot.Closing) bool { return id.IsZero() || c.ID == id })
		if len(left) > 0 && len(left) == len(all) {
			return nil
		}
		return w.PutClosing(p, left...)
	})
}

// Unshown gives the closing records that a door should show by itself after a start: those of the last minutes, whose
// sending may have been cut off.
func (r *Registry) Unshown(ctx context.Context) (map[bot.Person][]bot.Closing, error) {
	out := map[bot.Person][]bot.Closing{}
	err := r.Store.View(ctx, func(rd *store.Read) error {
		clear(out)
		open, _, err := rd.Closings()
		for p, all := range open {
			for _, c := range all {
				if r.Now().Sub(c.Filed) < closingFresh {
					out[p] = append(out[p], c)
				}
			}
		}
		return err
	})
	return out, err
}
