package casework

import (
	"context"
	"errors"
	"math"
	"time"

	"amana/bot/store"
)

// SetBack brings forward the notices that wait, after the clock of this machine was set back by so much: they were to go by the
// clock of before. It says how many. None goes sooner than it would have, but for those of a machine whose clock was right all
// the time. What comes at an hour of the day, as a digest does, stays there. One that cannot be read holds up no other.
func (r *Registry) SetBack(ctx context.Context, by time.Duration) (moved int, err error) {
	now := r.Now()
	var waits []store.Waiting
	var damaged error
	err = r.Store.View(ctx, func(rd *store.Read) error {
		waits = nil
		all, err := rd.Notices(time.Time{}, math.MaxInt)
		damaged = err
		for _, n := range all {
			if !n.Dead && n.Due.After(now) && n.Event != EventDigest {
				waits = append(waits, n)
			}
		}
		return nil
	})
	for err == nil && len(waits) > 0 {
		part, n := waits[:min(page/2, len(waits))], 0
		waits = waits[len(part):]
		err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
			n = 0
			for _, was := range part {
				kept, under, found, err := w.Notice(was.ID, was.Due)
				if err != nil {
					return err
				}
				if !found || kept.Dead || !kept.Due.Equal(was.Due) {
					continue
				}
				if err := w.DropNotice(was.ID, was.Due); err != nil {
					return err
				}
				if kept.Due = kept.Due.Add(-by); kept.Due.Before(now) {
					kept.Due = now.UTC()
				}
				if err := w.PutNotice(under, kept); err != nil {
					return err
				}
				n++
			}
			return nil
		})
		if err == nil {
			moved += n
		}
	}
	return moved, errors.Join(err, damaged)
}
