package store

import (
	"context"
	"slices"

	"amana/bot/seal"
)

// A record whose first bytes are damaged does not say any more under which key it stands, so that it is not found when that key
// goes. Nobody can open it. Where it belongs to something that lives it stays, as evidence of what was lost; else it goes with
// whichever month goes next.

// pointing are the shelves whose records say no more than where something is: one that cannot be opened is worth nothing.
var pointing = []shelf{byMailbox, byCode, byReader, byDueDay, peppers}

// mayStray says whether a record is such a one. Notices alone may stand under a standing key as well.
func mayStray(k, value []byte) bool {
	under, ok := seal.KeyOf(value)
	switch sh := shelf(k[0]); {
	case sh == outbox:
		return !ok
	case sh == threads, sh == chains, slices.Contains(pointing, sh):
		return !isMonth(under)
	}
	return false
}

// dropStray deletes those of these records that belong to no report which is there.
func (s *Store) dropStray(ctx context.Context, odd map[string]bool) error {
	if len(odd) == 0 {
		return nil
	}
	var doomed [][]byte
	err := s.View(ctx, func(r *Read) error {
		doomed = nil
		owned := map[string]bool{}
		err := r.scan([]byte{byte(reports)}, 500, func(k, _ []byte) (bool, error) {
			for _, m := range r.months() {
				prefixes, err := r.hung(m, Ref(k).ID())
				if err != nil {
					return false, err
				}
				for _, p := range prefixes {
					owned[string(p)] = true
				}
			}
			return true, nil
		})
		for k := range odd {
			if !owned[k[:min(len(k), 17)]] {
				doomed = append(doomed, []byte(k))
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.dropThese(ctx, doomed, mayStray)
}
