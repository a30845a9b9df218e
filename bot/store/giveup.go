package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
)

// GiveUp takes a damaged report away with all that hangs on it, if its record still lies there as it was seen. With is done in
// the same update as the taking away of the record. It may be called again after a stop.
func (s *Store) GiveUp(ctx context.Context, d Damaged, m Month, today Day, due Due, with func(*Write) error) (gone bool, err error) {
	if err := s.Settle(ctx, today, due); err != nil {
		return false, err
	}
	months := append(slices.DeleteFunc(slices.Clone(d.under), func(o Month) bool { return o == m }), m)
	for n, under := range months { // its own comes last, and its record with that: until then it is damaged still
		note, last := moving{Ref: d.Ref[:], From: under}, n == len(months)-1
		err := s.Update(ctx, ID{}, func(w *Write) error {
			gone = false
			value, found, err := w.r.Get(d.Ref[:])
			if err != nil || found == d.gone || found && sha256.Sum256(value) != d.Sum {
				return err
			}
			gone = true
			if last {
				if err := errors.Join(w.drop(d.Ref[:]), with(w)); err != nil {
					return err
				}
			}
			return w.putMoving(note)
		})
		if err != nil || !gone {
			return false, err
		}
		if err := s.clear(ctx, note); err != nil {
			return last, err
		}
	}
	return true, s.dropPointers(ctx, d.Ref)
}

// dropPointers deletes the index records that lead to a report. Which they are only its outer record could tell.
func (s *Store) dropPointers(ctx context.Context, ref Ref) error {
	for _, sh := range []shelf{byMailbox, byCode, byReader, byDueDay} {
		err := s.dropWhere(ctx, []byte{byte(sh)}, func(k, value []byte) bool {
			plain, _, err := s.house.Open(k, value)
			return err == nil && bytes.Equal(plain, ref[:])
		})
		if err != nil {
			return err
		}
	}
	return nil
}
