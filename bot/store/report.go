package store

import (
	"errors"
	"fmt"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// Report gives the outer record that a reference points to, and the key that it stands under.
func (r *Read) Report(ref Ref) (ticket.Report, seal.KeyID, error) {
	plain, under, found, err := r.get(ref[:])
	if err != nil {
		return ticket.Report{}, under, err
	}
	if !found {
		return ticket.Report{}, "", fmt.Errorf("reading a report: %w", ErrMissing)
	}
	rep, err := ticket.DecodeReport(plain)
	return rep, under, err
}

// Filed is an outer record with the day under which it stands in the index of what is due; nil for nothing due.
type Filed struct {
	ticket.Report
	DueDay *ticket.Day
}

// PutReport writes an outer record with the index records that find it: mailbox, code, readers, due day. Before is
// the record that it replaces, nil for a new one; index records that no longer hold are dropped.
func (w *Write) PutReport(ref Ref, under seal.KeyID, rep Filed, before *Filed) error {
	if err := w.put(ref[:], under, rep.Append(nil)); err != nil {
		return err
	}
	want, err := w.indexKeys(ref, under, rep)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	if before != nil {
		old, err := w.indexKeys(ref, under, *before)
		if err != nil {
			return err
		}
		for _, k := range old {
			have[string(k)] = true
		}
	}
	for _, k := range want {
		if have[string(k)] {
			delete(have, string(k))
			continue
		}
		if err := w.put(k, under, ref[:]); err != nil {
			return err
		}
	}
	for k := range have {
		if err := w.drop([]byte(k)); err != nil {
			return err
		}
	}
	return nil
}

func (r *Read) indexKeys(ref Ref, under seal.KeyID, rep Filed) ([][]byte, error) {
	code, err := r.s.house.MonthMAC(under, "code", []byte(rep.Code))
	if err != nil {
		return nil, err
	}
	keys := [][]byte{key(byMailbox, rep.MailboxID), key(byCode, code)}
	for _, reader := range rep.Readers {
		owner, err := r.s.house.MonthMAC(under, "reader", []byte(reader.Person))
		if err != nil {
			return nil, err
		}
		keys = append(keys, ownerKey(byReader, owner, ref.ID()))
	}
	if rep.DueDay != nil {
		keys = append(keys, dayKey(byDueDay, *rep.DueDay, ref.ID()))
	}
	return keys, nil
}

// ByMailbox finds the report of a mailbox.
func (r *Read) ByMailbox(mailbox ID) (Ref, bool, error) { return r.ref(key(byMailbox, mailbox)) }

// CodeTaken says that a report under this key has the code.
func (r *Read) CodeTaken(under seal.KeyID, code string) (bool, error) {
	name, err := r.s.house.MonthMAC(under, "code", []byte(code))
	if err != nil {
		return false, err
	}
	_, taken, err := r.r.Get(key(byCode, name))
	return taken, err
}

// ByCode finds the report with this code among the living months. It asks for each month, which an update may not.
func (r *Read) ByCode(code string) (Ref, bool, error) {
	for _, id := range r.months() {
		name, err := r.s.house.MonthMAC(id, "code", []byte(code))
		if err != nil {
			continue
		}
		if ref, found, err := r.ref(key(byCode, name)); err != nil || found {
			return ref, found, err
		}
	}
	return Ref{}, false, nil
}

// OfReader gives the reports of which somebody is a reader, handed or waiting, in all living months.
func (r *Read) OfReader(person string) (refs []Ref, err error) {
	for _, id := range r.months() {
		owner, err := r.s.house.MonthMAC(id, "reader", []byte(person))
		if err != nil {
			continue
		}
		err = r.scan(key(byReader, owner), 200, func(k, value []byte) (bool, error) {
			ref, err := r.openRef(k, value)
			if err == nil {
				refs = append(refs, ref)
			}
			return true, unless(err, seal.ErrTampered) // one damaged record hides no other; the check names it
		})
		if err != nil {
			return nil, err
		}
	}
	return refs, nil
}

// unless passes an error on unless it is the one that may be passed over.
func unless(err, over error) error {
	if errors.Is(err, over) {
		return nil
	}
	return err
}

// ForReader gives where a report lies, by its id, for somebody who is one of its readers. It asks for each month, which
// an update may not.
func (r *Read) ForReader(person string, report ID) (Ref, bool, error) {
	for _, id := range r.months() {
		owner, err := r.s.house.MonthMAC(id, "reader", []byte(person))
		if err != nil {
			continue
		}
		if ref, found, err := r.ref(ownerKey(byReader, owner, report)); err != nil || found {
			return ref, found, err
		}
	}
	return Ref{}, false, nil
}

// DueUntil gives the reports that have something due on a day or before.
func (r *Read) DueUntil(day Day) (refs []Ref, err error) {
	err = r.scan([]byte{byte(byDueDay)}, 200, func(k, value []byte) (bool, error) {
		if dayAt(k) > day {
			return false, nil
		}
		ref, err := r.openRef(k, value)
		if errors.Is(err, seal.ErrForgotten) {
			return true, nil
		}
		if err == nil {
			refs = append(refs, ref)
		}
		return true, unless(err, seal.ErrTampered) // one damaged record stops no other deadline; the check names it
	})
	return refs, err
}

// Dues walks the index of what is due: the day under which each report stands in it.
func (r *Read) Dues(fn func(Ref, Day) error) error {
	return r.scan([]byte{byte(byDueDay)}, 200, func(k, value []byte) (bool, error) {
		ref, err := r.openRef(k, value)
		if errors.Is(err, seal.ErrForgotten) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		return true, fn(ref, dayAt(k))
	})
}

// MoveDue puts a report under another day of the index of what is due, or out of it with nil.
func (w *Write) MoveDue(ref Ref, under seal.KeyID, from, to *Day) error {
	if from != nil {
		if err := w.drop(dayKey(byDueDay, *from, ref.ID())); err != nil {
			return err
		}
	}
	if to == nil {
		return nil
	}
	return w.put(dayKey(byDueDay, *to, ref.ID()), under, ref[:])
}

// Reports walks all outer records that still open, in the order of their days. One that is damaged holds up no other: it is
// passed over, and the check names it.
func (r *Read) Reports(fn func(Ref, ticket.Report) error) error {
	return r.reports(func(ref Ref, _ seal.KeyID, rep ticket.Report) error { return fn(ref, rep) }, nil)
}

// reports walks them with their keys, and tells of each that is damaged the key under which it stands.
func (r *Read) reports(fn func(Ref, seal.KeyID, ticket.Report) error, damaged func(under seal.KeyID)) error {
	return r.scan([]byte{byte(reports)}, 200, func(k, value []byte) (bool, error) {
		plain, under, err := r.s.house.Open(k, value)
		if errors.Is(err, seal.ErrForgotten) && isMonth(under) { // another key can only stand there by damage
			return true, nil
		}
		var rep ticket.Report
		if err == nil {
			rep, err = ticket.DecodeReport(plain)
		} else if unless(unless(err, seal.ErrTampered), seal.ErrForgotten) != nil {
			return false, err
		}
		if err != nil {
			if damaged != nil {
				under, _ = seal.KeyOf(value)
				damaged(under)
			}
			return true, nil
		}
		return true, fn(Ref(k), under, rep)
	})
}

// months gives the living month keys.
func (r *Read) months() (ids []seal.KeyID) {
	for _, id := range r.s.house.Living() {
		if _, _, ok := id.Month(); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func (r *Read) ref(k []byte) (Ref, bool, error) {
	value, found, err := r.r.Get(k)
	if err != nil || !found {
		return Ref{}, false, err
	}
	ref, err := r.openRef(k, value)
	if errors.Is(err, seal.ErrForgotten) {
		return Ref{}, false, nil
	}
	return ref, err == nil, err
}

func (r *Read) openRef(k, value []byte) (ref Ref, err error) {
	plain, _, err := r.s.house.Open(k, value)
	if err != nil {
		return ref, err
	}
	if len(plain) != len(ref) {
		return ref, errRecord
	}
	return Ref(plain), nil
}

func dayAt(k []byte) Day { return Day(uint16(k[1])<<8 | uint16(k[2])) }
