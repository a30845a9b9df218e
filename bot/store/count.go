package store

import (
	"errors"
	"slices"

	"amana/bot/seal"
)

// The counters of a month and class hold numbers and never a report: what was counted has no day, no order, and no link to
// anything else that was counted in the same deed, but for the names that say so. They stand under the month's own key, so
// that they are forgotten with it; what was published of them stands under the standing key, and stays.
//
// All of a month and class lies in one record. Rejected: to spread it over several by the id of a report or of a person, so
// that those who write at the same moment touch different ones. In a quiet month each would hold the numbers of one or two,
// and whoever has the keys of the house could tell to whose report an age or an accused category belongs.

// What a record of counters can hold. Names come from short lists; whatever goes beyond is counted together.
const (
	mostNames   = 600
	longestName = 100
	otherNames  = "other names"
)

// Count adds one to each name in the counters of a month.
func (w *Write) Count(under seal.KeyID, names ...string) error {
	if len(names) == 0 {
		return nil
	}
	k := w.s.counterKey(under)
	counts := map[string]int{}
	plain, _, found, err := w.get(k)
	if err != nil {
		return err
	}
	if found {
		if err := decode(plain, &counts); err != nil {
			return err
		}
	}
	for _, n := range names {
		n = n[:min(len(n), longestName)]
		if _, known := counts[n]; !known && len(counts) >= mostNames {
			n = otherNames
		}
		counts[n]++
	}
	if plain, err = encode(counts); err != nil {
		return err
	}
	return w.put(k, under, plain)
}

// Counts gives the counters of a month.
func (r *Read) Counts(under seal.KeyID) (map[string]int, error) {
	counts := map[string]int{}
	plain, _, found, err := r.get(r.s.counterKey(under))
	if err != nil || !found {
		return counts, err
	}
	return counts, decode(plain, &counts)
}

func (s *Store) counterKey(under seal.KeyID) []byte {
	return key(counters, s.name("counters", string(under)))
}

// ErrPublished says that the numbers of a period were published before. They are never published again.
var ErrPublished = errors.New("the numbers of this period are published already")

// Periods names the periods whose numbers were published, in the order in which they were.
func (r *Read) Periods() (all []string, err error) {
	_, err = r.standing(key(counters, r.s.name("published", "periods")), &all)
	return all, err
}

// Published gives what was published of a period, as it was made.
func (r *Read) Published(period string) (body []byte, found bool, err error) {
	body, _, found, err = r.get(key(counters, r.s.name("published", period)))
	return body, found, err
}

// PutPublished keeps what is published of a period. It is ErrPublished if the period, or any after it, was published.
func (w *Write) PutPublished(period string, body []byte) error {
	all, err := w.Periods()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(p string) bool { return p >= period }) {
		return ErrPublished
	}
	if err := w.put(key(counters, w.s.name("published", period)), w.s.house.Standing(), body); err != nil {
		return err
	}
	return w.putStanding(key(counters, w.s.name("published", "periods")), append(all, period))
}
