package casework

import (
	"context"
	"errors"

	"amana/bot/store"
	"amana/bot/ticket"
)

// Silent counts, by step, the deadlines of open reports that have passed and of which every rung was made: only people can
// bring these on. It is for the check, and says nothing of which reports they are.
func (r *Registry) Silent(ctx context.Context) (n map[string]int, err error) {
	n = map[string]int{}
	return n, r.Store.View(ctx, func(rd *store.Read) error {
		clear(n)
		err := rd.Reports(func(_ store.Ref, rep ticket.Report) error {
			for _, step := range r.Clock.Overdue(rep) {
				n[string(step)]++
			}
			return nil
		})
		if unreadable(err) || errors.Is(err, store.ErrBroken) {
			return nil // the check names the record
		}
		return err
	})
}
