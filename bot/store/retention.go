package store

import (
	"context"
	"slices"
	"time"

	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// Month names the house key of a month and class of retention, such as 2026-11-report. Standing keys have such a name too.
type Month = seal.KeyID

// Retention is what is remembered of forgetting, beside the statements.
type Retention struct {
	Blur       map[Month]int `json:"blur,omitempty"`       // days by which the end of a month is put off, drawn once
	Seen       Day           `json:"seen,omitempty"`       // the last day on which the clock was looked at
	Forgetting Month         `json:"forgetting,omitempty"` // the month that is being forgotten just now
	Shut       bool          `json:"shut,omitempty"`       // and under which no process writes any more
	Look       Look          `json:"look,omitempty"`       // how far the one that shut it had come
	Dropping   []Month       `json:"dropping,omitempty"`   // forgotten months whose records are being deleted
	Erased     bool          `json:"erased,omitempty"`     // records were deleted, and the file has yet to be made anew
	Returned   []Month       `json:"returned,omitempty"`   // forgotten keys that a key backup brought back
	Gone       []Month       `json:"gone,omitempty"`       // all that were forgotten, for machines that have yet to destroy their copies
	Lost       map[Month]int `json:"lost,omitempty"`       // damaged reports that were given up, by the living month to which they belonged
}

// Look says of a month that is shut how far the process had come that shut it: a key goes only after the last look.
type Look int

// The looks. LookUnknown is what an older program leaves.
const (
	LookUnknown Look = iota
	LookAhead        // nobody's key is gone
	LookDone         // nothing lives in it any more, and keys may be gone
)

// ShutMonth is the month under which no process writes any more; empty if there is none.
func (r Retention) ShutMonth() Month {
	if r.Shut {
		return r.Forgetting
	}
	return ""
}

// Retention gives what is remembered.
func (r *Read) Retention() (out Retention, err error) {
	_, err = r.standing(key(meta, r.s.name("meta", "retention")), &out)
	if out.Blur == nil {
		out.Blur = map[Month]int{}
	}
	return out, err
}

// PutRetention keeps that in place of what was remembered before.
func (w *Write) PutRetention(all Retention) error {
	was, err := w.Retention()
	if err != nil {
		return err
	}
	if was.ShutMonth() != all.ShutMonth() || !slices.Equal(was.Gone, all.Gone) {
		if err := w.turn(); err != nil { // whoever shares the database hears of it before they write again
			return err
		}
	}
	return w.putStanding(key(meta, w.s.name("meta", "retention")), all)
}

// Statement is one signed statement of what was forgotten: text that people read, and the signature over its bytes.
type Statement struct {
	Text      []byte `json:"text"`
	Signature []byte `json:"signature"`
}

// Statements gives all of them in their order.
func (r *Read) Statements() (all []Statement, err error) {
	err = r.each(statements, func(plain []byte) error {
		var s Statement
		err := decode(plain, &s)
		all = append(all, s)
		return err
	})
	return all, err
}

// PutStatement keeps the statement of a number, from 1. One that is there is never replaced.
func (w *Write) PutStatement(n int, s Statement) error {
	k := key(statements, numbered(n))
	if _, found, err := w.r.Get(k); err != nil || found {
		return err
	}
	return w.putStanding(k, s)
}

// UnderMonth walks the reports that stand under a month's key. Of one whose record is damaged it gives the place alone; so it
// does of those that do not even say any more under which key they stand, as Damaged tells them.
func (r *Read) UnderMonth(m Month, fn func(ref Ref, rep ticket.Report, damaged bool) error) error {
	return r.underMonth(m, func(ref Ref, rep ticket.Report) error { return fn(ref, rep, false) },
		func(d *Damaged) error { return fn(d.Ref, ticket.Report{}, true) })
}

// monthShelves are those whose records stand under the key of a month.
var monthShelves = []shelf{reports, threads, voices, chains, byMailbox, byCode, byReader, byDueDay, outbox, counters, peppers}

// DropMonth deletes every record that stands under a month's key, which has been forgotten: nobody can open them, and their
// places still say that something was there. What was damaged so that it says no key at all goes with them, if nothing that
// lives owns it. It may be called again after a stop.
func (s *Store) DropMonth(ctx context.Context, m Month) error {
	odd := map[string]bool{}
	for _, sh := range monthShelves {
		err := s.dropWhere(ctx, []byte{byte(sh)}, func(k, value []byte) bool {
			if mayStray(k, value) {
				odd[string(k)] = true
			}
			under, ok := seal.KeyOf(value)
			return ok && under == m
		})
		if err != nil {
			return err
		}
	}
	return s.dropStray(ctx, odd)
}

// dropPage is how many records are deleted in one update.
const dropPage = 40

// dropWhere deletes the records with a prefix that answer to a question, which is asked again in the update.
func (s *Store) dropWhere(ctx context.Context, prefix []byte, gone func(k, value []byte) bool) error {
	from, to := kv.Prefix(prefix)
	for from != nil {
		var doomed [][]byte
		start := from
		err := s.View(ctx, func(r *Read) error {
			doomed = nil
			pairs, err := r.r.Scan(start, to, 500)
			if err != nil {
				return err
			}
			if from = nil; len(pairs) == 500 {
				from = kv.After(pairs[499].Key)
			}
			for _, p := range pairs {
				if gone(p.Key, p.Value) {
					doomed = append(doomed, p.Key)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := s.dropThese(ctx, doomed, gone); err != nil {
			return err
		}
	}
	return nil
}

// dropThese deletes those of some records that still answer to a question.
func (s *Store) dropThese(ctx context.Context, doomed [][]byte, gone func(k, value []byte) bool) error {
	for page := range slices.Chunk(doomed, dropPage) {
		err := s.Update(ctx, ID{}, func(w *Write) error {
			for _, k := range page {
				value, found, err := w.r.Get(k)
				if err == nil && found && gone(k, value) {
					err = w.drop(k)
				}
				if err != nil {
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

// MonthOf names the key of the month of an instant and of a class.
func MonthOf(t time.Time, class ticket.Class) Month { return seal.MonthID(t, seal.Class(class)) }

// Flush returns once every update that was begun before is on the disk, or is not: whatever is written under a month that was
// retired before has come in by then.
func (s *Store) Flush(ctx context.Context) error {
	return s.Update(ctx, ID{}, func(*Write) error { return nil })
}
