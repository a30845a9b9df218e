package store

import (
	"context"

	"amana/bot/kv"
)

// resealPage is how many records are sealed again in one transaction: the longest trails fit into its bytes.
const resealPage = 20

// Reseal seals again what lives under a daily root that the next step forgets: closing records, trails, nudges. It
// goes a page at a time, and may be called again after a stop.
func (s *Store) Reseal(ctx context.Context) error {
	for _, shelf := range []shelf{closings, trails, nudges} {
		from, to := kv.Prefix([]byte{byte(shelf)})
		for from != nil {
			start := from
			err := s.Update(ctx, ID{}, func(w *Write) error {
				pairs, err := w.r.Scan(start, to, resealPage)
				if err != nil {
					return err
				}
				if from = nil; len(pairs) == resealPage {
					from = kv.After(pairs[resealPage-1].Key)
				}
				for _, p := range pairs {
					if err := w.renewDaily(p.Key, p.Value); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Write) renewDaily(k, value []byte) error {
	if !w.s.roots.Stale(value) {
		return nil
	}
	plain, err := w.s.roots.OpenDaily(k, value)
	if lost(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return w.write(k, "daily", plain, func() ([]byte, error) { return w.s.roots.SealDaily(k, plain) })
}
