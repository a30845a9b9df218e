package store

import (
	"strconv"
)

// Belongs says to which key directory this database belongs, once it was marked.
func (r *Read) Belongs() (house ID, marked bool, err error) {
	k := key(meta, [16]byte{'h', 'o', 'u', 's', 'e'})
	value, found, err := r.r.Get(k)
	if err != nil || !found || len(value) != len(house) {
		return house, false, err
	}
	return ID(value), true, nil
}

// Mark writes down to which key directory this database belongs.
func (w *Write) Mark() error {
	id := w.s.house.ID()
	return w.tx.Put(key(meta, [16]byte{'h', 'o', 'u', 's', 'e'}), id[:])
}

// Sweep drops what a day has made useless: update marks of days before one, trails and nudges of days before another,
// which nobody can open any more. It returns how many records went, and is called again while that is the limit.
func (w *Write) Sweep(mark, rest Day, limit int) (dropped int, err error) {
	for _, s := range []shelf{marks, trails, nudges} {
		before := rest
		if s == marks {
			before = mark
		}
		if dropped == limit {
			break
		}
		pairs, err := w.r.Scan([]byte{byte(s)}, []byte{byte(s), byte(before >> 8), byte(before)}, limit-dropped)
		if err != nil {
			return dropped, err
		}
		for _, p := range pairs {
			if err := w.drop(p.Key); err != nil {
				return dropped, err
			}
			dropped++
		}
	}
	return dropped, nil
}

// DueMark gives the mark of the rules by which the index of what is due was last worked out.
func (r *Read) DueMark() (mark string, err error) {
	_, err = r.standing(key(meta, r.s.name("meta", "due")), &mark)
	return mark, err
}

// PutDueMark keeps that mark.
func (w *Write) PutDueMark(mark string) error {
	return w.putStanding(key(meta, w.s.name("meta", "due")), mark)
}

// Want is a reader with a new key, to whom the messages of their reports have yet to be sealed by others.
type Want struct {
	Person  string `json:"person"`
	Version uint64 `json:"version"`         // of the roster that brought the key
	After   []byte `json:"after,omitempty"` // the last report for which somebody was asked; empty at first
}

// Wants gives the readers for whom sealing again has yet to be asked.
func (r *Read) Wants() (all []Want, err error) {
	_, err = r.standing(key(meta, r.s.name("meta", "wants")), &all)
	return all, err
}

// PutWants keeps that list in place of the one before.
func (w *Write) PutWants(all []Want) error {
	k := key(meta, w.s.name("meta", "wants"))
	if len(all) == 0 {
		return w.drop(k)
	}
	return w.putStanding(k, all)
}

// Absences gives the last day on which each person is away, by roster id.
func (r *Read) Absences() (until map[string]Day, err error) {
	until = map[string]Day{}
	_, err = r.standing(key(meta, r.s.name("meta", "absences")), &until)
	return until, err
}

// PutAbsences keeps that list in place of the one before.
func (w *Write) PutAbsences(until map[string]Day) error {
	if err := w.turn(); err != nil {
		return err
	}
	k := key(meta, w.s.name("meta", "absences"))
	if len(until) == 0 {
		return w.drop(k)
	}
	return w.putStanding(k, until)
}

// Sizes counts the records of every shelf, for the check and the metrics. It names shelves, never owners.
func (r *Read) Sizes() (map[string]int, error) {
	sizes := map[string]int{}
	err := r.scan(nil, 1000, func(k, _ []byte) (bool, error) {
		sizes[strconv.QuoteRune(rune(k[0]))]++
		return true, nil
	})
	return sizes, err
}
