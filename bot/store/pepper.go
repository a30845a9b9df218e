package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// A receipt belongs to the pepper of the month in which its report was filed. Where a report outlives that month, the pepper
// goes with it, as a record under the month that it was carried to.

type carriedPepper struct {
	Month  Month  `json:"month"`
	Secret []byte `json:"secret"`
}

// FiledIn names the month key under which a report was filed, wherever it stands by now.
func FiledIn(rep ticket.Report) Month { return seal.MonthID(rep.Day.Time(), seal.Class(rep.Class)) }

func (r *Read) pepperKey(under, filed Month) ([]byte, error) {
	name, err := r.s.house.MonthMAC(under, "pepper", []byte(filed))
	return key(peppers, name), err
}

// CarriedPeppers gives the peppers of months that are forgotten and whose reports live on. A receipt tries them after those
// of the living months.
func (r *Read) CarriedPeppers() (all []seal.Pepper, err error) {
	err = r.carriedPeppers(func(_ []byte, _ Month, p seal.Pepper) { all = append(all, p) })
	return all, err
}

func (r *Read) carriedPeppers(fn func(k []byte, under Month, p seal.Pepper)) error {
	return r.scan([]byte{byte(peppers)}, 200, func(k, value []byte) (bool, error) {
		plain, under, err := r.s.house.Open(k, value)
		if err != nil { // one damaged record shuts out no other receipt; the check names it
			return true, unless(unless(err, seal.ErrForgotten), seal.ErrTampered)
		}
		p, err := readPepper(plain)
		if err == nil {
			fn(k, under, p)
		}
		return true, err
	})
}

func readPepper(plain []byte) (seal.Pepper, error) {
	var c carriedPepper
	if err := decode(plain, &c); err != nil {
		return seal.Pepper{}, err
	}
	return seal.CarriedPepper(c.Month, c.Secret)
}

// pepper gives the pepper of a report that stands under a month: that month's own, or the one that came with the report.
func (r *Read) pepper(under, filed Month) (seal.Pepper, error) {
	if under == filed {
		return r.s.house.Pepper(filed)
	}
	k, err := r.pepperKey(under, filed)
	if err != nil {
		return seal.Pepper{}, err
	}
	plain, _, found, err := r.get(k)
	if err == nil && !found {
		err = fmt.Errorf("reading a carried pepper: %w", ErrMissing)
	}
	if err != nil {
		return seal.Pepper{}, err
	}
	return readPepper(plain)
}

// carryPepper keeps under a month the pepper to which a report's receipt belongs. One that is lost already is not made good
// here: the report is carried all the same, for its readers.
func (w *Write) carryPepper(from, to Month, rep ticket.Report) error {
	filed := FiledIn(rep)
	p, err := w.pepper(from, filed)
	if errors.Is(err, ErrMissing) || errors.Is(err, seal.ErrTampered) || errors.Is(err, seal.ErrForgotten) {
		return nil
	}
	if err != nil {
		return err
	}
	k, err := w.pepperKey(to, filed)
	if err != nil {
		return err
	}
	plain, err := encode(carriedPepper{Month: filed, Secret: p.Reveal()})
	if err != nil {
		return err
	}
	return w.put(k, to, plain)
}

// neededPeppers gives the places at which a carried pepper has to lie, for the reports that live. Sure says that no report is
// damaged, which may need others.
func (r *Read) neededPeppers() (need map[string]bool, sure bool, err error) {
	need, sure = map[string]bool{}, true
	err = r.reports(func(_ Ref, under seal.KeyID, rep ticket.Report) error {
		if filed := FiledIn(rep); filed != under {
			k, err := r.pepperKey(under, filed)
			if err != nil {
				return err
			}
			need[string(k)] = true
		}
		return nil
	}, func(seal.KeyID) { sure = false })
	return need, sure, err
}

// PrunePeppers deletes the carried peppers that no report needs any more; none while one is damaged that may need them.
func (s *Store) PrunePeppers(ctx context.Context) error {
	var idle [][]byte
	err := s.View(ctx, func(r *Read) error {
		idle = nil
		need, sure, err := r.neededPeppers()
		if err != nil || !sure {
			return err
		}
		return r.carriedPeppers(func(k []byte, _ Month, _ seal.Pepper) {
			if !need[string(k)] {
				idle = append(idle, k)
			}
		})
	})
	if err != nil {
		return err
	}
	for page := range slices.Chunk(idle, dropPage) {
		err := s.Update(ctx, ID{}, func(w *Write) error {
			for _, k := range page {
				if err := w.drop(k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
