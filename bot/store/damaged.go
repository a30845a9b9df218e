package store

import (
	"crypto/sha256"
	"errors"
	"slices"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// The outer record of a report says whether somebody still has to act, or to keep it. Where it cannot be read, or is gone, nobody
// can tell, and nothing that hangs on it says so in its place, but for one thing: its audit chain lies apart, and names each hold.

// Damaged is a report whose outer record cannot be read, as it lies there. It tells nothing of what it was.
type Damaged struct {
	Ref   Ref
	Sum   [32]byte // of the record as it lies there
	Later bool     // the record is whole, and written in a form that this program does not know
	Lines []Entry  // of its audit chain, as far as they can be read
	Whole bool     // and these are all of them
	gone  bool     // there is no record, although the index leads to one and something hangs on it
	under []Month  // the months under which something hangs on it
}

// Damaged gives the reports of a month that cannot be read: those whose records say that they stand under it, and those that
// do not even say that any more, and on which something hangs under it. One on which nothing hangs anywhere may have been of
// any month since its day. It takes a view: it asks each living month for what hangs on each of them.
func (r *Read) Damaged(m Month) (all []Damaged, err error) {
	err = r.underMonth(m, nil, func(d *Damaged) error {
		all = append(all, *d)
		return nil
	})
	return all, err
}

// underMonth walks the reports that stand under a month's key, and those that are damaged. A nil function passes over them.
func (r *Read) underMonth(m Month, whole func(Ref, ticket.Report) error, damaged func(*Damaged) error) error {
	there := map[Ref]bool{}
	err := r.scan([]byte{byte(reports)}, 200, func(k, value []byte) (bool, error) {
		ref := Ref(k)
		there[ref] = true
		if says, _ := seal.KeyOf(value); says == m {
			if plain, _, err := r.s.house.Open(k, value); err == nil {
				if rep, err := ticket.DecodeReport(plain); err == nil {
					if whole == nil {
						return true, nil
					}
					return true, whole(ref, rep)
				}
			}
		}
		d, err := r.damagedOf(m, ref, value)
		if d == nil || err != nil {
			return true, err
		}
		return true, damaged(d)
	})
	if err != nil {
		return err
	}
	return r.scan([]byte{byte(byMailbox)}, 500, func(k, value []byte) (bool, error) {
		if says, _ := seal.KeyOf(value); says != m {
			return true, nil
		}
		ref, err := r.openRef(k, value)
		if err != nil || there[ref] { // a damaged record of the index leads nowhere; the check names it
			return true, nil
		}
		there[ref] = true
		d := &Damaged{Ref: ref, gone: true}
		if err := r.hangs(d); err != nil || !slices.Contains(d.under, m) {
			return true, err
		}
		return true, damaged(d)
	})
}

// damagedOf looks whether a record is one of those; nil says that it is not.
func (r *Read) damagedOf(m Month, ref Ref, value []byte) (*Damaged, error) {
	if !mayBeOf(m, ref, value) {
		return nil, nil
	}
	d, err := r.damaged(m, ref, value)
	if d == nil || err != nil {
		return nil, err
	}
	if says, _ := seal.KeyOf(value); says == m || slices.Contains(d.under, m) || len(d.under) == 0 && !isMonth(says) {
		return d, nil
	}
	return nil, nil
}

// mayBeOf says whether the record of a report may be of a month although it does not open. Of those that name another month
// only the ones filed in the same are looked at: whoever walks thousands need not open all of them.
func mayBeOf(m Month, ref Ref, value []byte) bool {
	says, _ := seal.KeyOf(value)
	if says == m {
		return true
	}
	filed := seal.MonthID(ref.Day().Time(), seal.Reports)[:len("2026-11")]
	month := m[:min(len(m), len(filed))]
	if isMonth(says) {
		return filed == month
	}
	return filed <= month
}

func isMonth(id Month) bool {
	_, _, is := id.Month()
	return is
}

// damaged looks at one record that may be of a month; nil says that it can be read, or that its key was forgotten and nothing
// tells otherwise.
func (r *Read) damaged(m Month, ref Ref, value []byte) (*Damaged, error) {
	d := &Damaged{Ref: ref, Sum: sha256.Sum256(value)}
	plain, says, err := r.s.house.Open(ref[:], value)
	switch {
	case err == nil:
		if _, err = ticket.DecodeReport(plain); err == nil {
			return nil, nil
		}
		d.Later = true
	case !errors.Is(err, seal.ErrTampered) && !errors.Is(err, seal.ErrForgotten):
		return nil, err
	}
	if errors.Is(err, seal.ErrForgotten) && isMonth(says) {
		if _, there, _, err := r.left(m, ref.ID()); err != nil || !there {
			return nil, err
		}
	}
	return d, r.hangs(d)
}

// DamagedAt gives the report that a reference points to, if it cannot be read and something hangs on it, and a month under which
// a line can be added to its audit chain; nil if it can be read, or nothing of it is there.
func (r *Read) DamagedAt(ref Ref) (d *Damaged, under Month, err error) {
	value, found, err := r.r.Get(ref[:])
	switch {
	case err != nil:
		return nil, "", err
	case found:
		says, _ := seal.KeyOf(value)
		d, err = r.damaged(says, ref, value)
	default:
		d = &Damaged{Ref: ref, gone: true}
		err = r.hangs(d)
	}
	if err != nil || d == nil || len(d.under) == 0 {
		return nil, "", err
	}
	return d, d.under[len(d.under)-1], nil
}

// hangs notes what hangs on a damaged report, under whichever living month.
func (r *Read) hangs(d *Damaged) error {
	broken := false
	for _, m := range r.months() {
		lines, there, whole, err := r.left(m, d.Ref.ID())
		if err != nil {
			return err
		}
		if there {
			d.under = append(d.under, m)
			d.Lines, broken = append(d.Lines, lines...), broken || !whole
		}
	}
	d.Whole = len(d.Lines) > 0 && !broken
	return nil
}

// left gives the lines of a report's chain under a month that can be read, and says whether anything of the report lies there.
func (r *Read) left(m Month, report ID) (lines []Entry, there, whole bool, err error) {
	prefixes, err := r.hung(m, report)
	if err != nil {
		return nil, false, false, unless(err, seal.ErrForgotten)
	}
	for _, prefix := range prefixes {
		err := r.scan(prefix, 200, func(k, value []byte) (bool, error) {
			there = true
			if shelf(k[0]) != chains || ID(k[len(prefix):]) == headID {
				return shelf(k[0]) == chains, nil // of a thread it is enough that it is there
			}
			var l link
			plain, _, err := r.s.house.Open(k, value)
			if err == nil && decode(plain, &l) == nil {
				lines = append(lines, l.Entry)
			}
			return true, unless(unless(err, seal.ErrTampered), seal.ErrForgotten)
		})
		if err != nil {
			return nil, false, false, err
		}
	}
	chain, err := r.ReportChain(m, report)
	return lines, there, err == nil && len(chain) == len(lines), nil
}

// Opens says whether any record that stands under a month opens: where none does, it is the key that is damaged.
func (r *Read) Opens(m Month) (opens bool, err error) {
	for _, sh := range monthShelves {
		err := r.scan([]byte{byte(sh)}, 200, func(k, value []byte) (bool, error) {
			if says, _ := seal.KeyOf(value); says != m {
				return true, nil
			}
			_, _, err := r.s.house.Open(k, value)
			opens = err == nil
			return !opens, nil
		})
		if err != nil || opens {
			return opens, err
		}
	}
	return false, nil
}
