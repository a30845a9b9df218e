package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// Due tells the day under which a report stands in the index of what is due; ok is false for none.
type Due = func(ticket.Report) (day Day, ok bool)

// ErrBusy says that a report was written to again and again while it was to be moved. It stays where it is.
var ErrBusy = errors.New("the report is being worked on")

// errDamaged says that the outer record of a report that is being carried cannot be read.
var errDamaged = errors.New("the report is damaged")

// carryTries is how often the copying begins anew because somebody wrote meanwhile.
const carryTries = 30

// A copy is written in pages of so many records and bytes: an update bears a hundred and a mebibyte.
const (
	copyRecords = 20
	copyBytes   = 512 << 10
)

// Carry brings a report with its thread, audit chain, voice records, index and notices from its month under another one of
// the same class, and the pepper of its receipt with it. Its return address stays behind: that key is not carried. While it
// goes on the report is read and written as ever. A stop at any instant is made up for by Settle.
func (s *Store) Carry(ctx context.Context, ref Ref, to Month, today Day, due Due) error {
	if err := s.Settle(ctx, today, due); err != nil {
		return err
	}
	var m moving
	err := s.Update(ctx, ID{}, func(w *Write) error {
		rep, under, err := w.Report(ref)
		if err != nil {
			return err
		}
		if _, class, ok := to.Month(); !ok || string(class) != string(rep.Class) {
			return errors.New("carrying a report: not a month of its class")
		}
		m = moving{ref[:], under, to}
		if under == to {
			return nil
		}
		return w.putMoving(m)
	})
	if err != nil || m.From == m.To {
		return err
	}
	return s.carry(ctx, m, today, due)
}

func (s *Store) carry(ctx context.Context, m moving, today Day, due Due) error {
	for range carryTries {
		heads, err := s.copyHung(ctx, m)
		if err == nil {
			err = s.switchOver(ctx, m, heads, today, due)
		}
		if errors.Is(err, ErrBusy) {
			continue
		}
		if err != nil {
			return fmt.Errorf("carrying a report over: %w", err)
		}
		return s.clear(ctx, m)
	}
	return fmt.Errorf("carrying a report over: %w", ErrBusy)
}

// copyHung copies what hangs on a report, and gives the heads of thread and chain as they stood before: if they stand like
// that still, everything was copied.
func (s *Store) copyHung(ctx context.Context, m moving) (heads [][]byte, err error) {
	var old, new [][]byte
	err = s.View(ctx, func(r *Read) (err error) {
		heads = nil
		if old, err = r.hung(m.From, m.ref().ID()); err != nil {
			return err
		}
		if new, err = r.hung(m.To, m.ref().ID()); err != nil {
			return err
		}
		for _, prefix := range old {
			head, _, err := r.r.Get(headOf(prefix))
			if err != nil {
				return err
			}
			heads = append(heads, head)
		}
		return nil
	})
	if errors.Is(err, seal.ErrForgotten) {
		return nil, nil // it was carried, and the month it came from is gone
	}
	if err != nil {
		return nil, err
	}
	for i := range old {
		if err := s.copyUnder(ctx, m, old[i], new[i]); err != nil {
			return nil, err
		}
	}
	return heads, nil
}

func headOf(prefix []byte) []byte { return append(bytes.Clone(prefix), headID[:]...) }

// copied is one record on its way to its new place.
type copied struct {
	key, plain []byte
	spoken     []ID
}

func (s *Store) copyUnder(ctx context.Context, m moving, old, new []byte) error {
	from, to := kv.Prefix(old)
	for from != nil {
		var page []copied
		start := from
		err := s.View(ctx, func(r *Read) (err error) {
			page, from, err = r.copies(start, to, old, new)
			return err
		})
		if err != nil {
			return err
		}
		err = s.Update(ctx, ID{}, func(w *Write) error {
			for _, c := range page {
				if err := w.put(c.key, m.To, c.plain); err != nil {
					return err
				}
				for _, id := range c.spoken {
					if err := w.put(key(voices, id), m.To, m.Ref[3:]); err != nil {
						return err
					}
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

// copies opens the next records. The head is left for the last step, and what is damaged is left behind: it is lost already.
func (r *Read) copies(start, to, old, new []byte) (page []copied, from []byte, err error) {
	pairs, err := r.r.Scan(start, to, copyRecords)
	if err != nil {
		return nil, nil, err
	}
	size := 0
	for i, p := range pairs {
		if size += len(p.Value); i > 0 && size > copyBytes {
			return page, from, nil
		}
		from = kv.After(p.Key)
		id := p.Key[len(old):]
		if ID(id) == headID {
			continue
		}
		plain, _, err := r.s.house.Open(p.Key, p.Value)
		if errors.Is(err, seal.ErrTampered) || errors.Is(err, seal.ErrForgotten) { // it does not even say under which key it stands
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		c := copied{key: append(bytes.Clone(new), id...), plain: plain}
		if shelf(old[0]) == threads {
			var msg Message
			if _, err := splitFile(plain, &msg); err == nil {
				c.spoken = msg.Voices
			}
		}
		page = append(page, c)
	}
	if len(pairs) < copyRecords {
		from = nil
	}
	return page, from, nil
}

// switchOver is the one update that makes the copy the report: outer record, index, heads, pepper, and a line in its chain.
// It is ErrBusy if somebody wrote since the copying began.
func (s *Store) switchOver(ctx context.Context, m moving, heads [][]byte, today Day, due Due) error {
	ref := m.ref()
	return s.Update(ctx, ID{}, func(w *Write) error {
		rep, under, err := w.Report(ref)
		if errors.Is(err, seal.ErrTampered) {
			return fmt.Errorf("%w: %w", errDamaged, err)
		}
		if err != nil {
			return unless(err, ErrMissing)
		}
		if under == m.To {
			return nil // before the stop that is made up for
		}
		old, err := w.hung(m.From, rep.ID)
		if err != nil {
			return err
		}
		new, err := w.hung(m.To, rep.ID)
		if err != nil {
			return err
		}
		for i, prefix := range old {
			head, found, err := w.r.Get(headOf(prefix))
			if err != nil {
				return err
			}
			if !bytes.Equal(head, heads[i]) {
				return ErrBusy
			}
			plain, _, err := w.s.house.Open(headOf(prefix), head)
			if !found || errors.Is(err, seal.ErrTampered) || errors.Is(err, seal.ErrForgotten) {
				continue
			}
			if err != nil {
				return err
			}
			if err := w.put(headOf(new[i]), m.To, plain); err != nil {
				return err
			}
		}
		filed := Filed{Report: rep}
		if day, ok := due(rep); ok {
			filed.DueDay = &day
		}
		if err := w.reindex(ref, m.From, m.To, filed); err != nil {
			return err
		}
		if err := w.carryPepper(m.From, m.To, rep); err != nil {
			return err
		}
		return w.Audit(m.To, rep.ID, Entry{Day: today, Who: "clock", Did: "carried over"})
	})
}

// reindex writes an outer record under another month, with the index records that find it there.
func (w *Write) reindex(ref Ref, from, to Month, rep Filed) error {
	old, err := w.indexKeys(ref, from, rep)
	if err != nil {
		return err
	}
	want := map[string]bool{}
	next, err := w.indexKeys(ref, to, rep)
	if err != nil {
		return err
	}
	for _, k := range next {
		want[string(k)] = true
		if err := w.put(k, to, ref[:]); err != nil {
			return err
		}
	}
	for _, k := range old {
		if !want[string(k)] {
			if err := w.drop(k); err != nil {
				return err
			}
		}
	}
	return w.put(ref[:], to, rep.Append(nil))
}

// Erase takes a report away before its month ends, with all that hangs on it, if it still answers to a question in the
// update that takes it. Copies of the database that were made before hold it until the month is forgotten.
func (s *Store) Erase(ctx context.Context, ref Ref, today Day, due Due, still func(ticket.Report) bool) error {
	if err := s.Settle(ctx, today, due); err != nil {
		return err
	}
	m, taken := moving{Ref: ref[:]}, false
	err := s.Update(ctx, ID{}, func(w *Write) error {
		taken = false
		rep, under, err := w.Report(ref)
		if err != nil || !still(rep) {
			return unless(err, ErrMissing)
		}
		filed := Filed{Report: rep}
		if day, ok := due(rep); ok {
			filed.DueDay = &day
		}
		index, err := w.indexKeys(ref, under, filed)
		if err != nil {
			return err
		}
		for _, k := range append(index, ref[:]) {
			if err := w.drop(k); err != nil {
				return err
			}
		}
		m.From, taken = under, true
		return w.putMoving(m)
	})
	if err != nil || !taken {
		return err
	}
	return s.clear(ctx, m)
}
