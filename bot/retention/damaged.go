package retention

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"amana/bot/store"
)

// Damage is what a month holds that cannot be read, in numbers that name no report.
type Damage struct {
	Reports int    `json:"reports,omitempty"`
	Held    int    `json:"held,omitempty"`   // of those, how many their own audit chains call on hold
	Unsure  int    `json:"unsure,omitempty"` // of how many nobody can tell whether they are: the chain is damaged as well
	Sum     []byte `json:"sum,omitempty"`    // of all that lies there, so that nothing is given up that was not looked at
}

// What GiveUp answers, beside ErrNotDue and what the clock says.
var (
	// ErrWhole says that nothing of the month is damaged.
	ErrWhole = errors.New("no report of that month is damaged: it is forgotten like any other")
	// ErrHeld says that a damaged report is on hold. That stands in its audit chain, which lies apart.
	ErrHeld = errors.New("a damaged report of that month is on hold, as its audit chain says: its month stays until that is lifted at the word of a reader, `amana hold -as ID -lift CODE`")
	// ErrOthers says that the damage is not the one that was looked at.
	ErrOthers = errors.New("what is damaged has changed since it was looked at: look again")
	// ErrLater says that a report is whole and cannot be understood.
	ErrLater = errors.New("a report of that month was written by a later version of this program, and is not damaged: use that version")
	// ErrKey says that the fault is not that of the reports.
	ErrKey = errors.New("nothing that stands under the key of that month opens, so it may be the key that is damaged: put it back from a key backup, `amana keys restore`")
)

// GiveUp gives up the damaged reports of a month that is due, at the word of an operator who has found no backup that holds
// them, and says how many they were; the month is then forgotten like any other, and its statement says that number. Sum is that
// of the Damage which the operator was shown. What can be read is never given up, nor what is on hold. After a stop it may be
// called again, with what is left.
func (k *Keeper) GiveUp(ctx context.Context, m store.Month, sum []byte) (n int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.prepare(ctx); err != nil {
		return 0, err
	}
	if err := k.clock(ctx); err != nil && err != ErrClockLeap { // naming the month says that the clock is right
		return 0, err
	}
	look, err := k.look(ctx)
	if err != nil {
		return 0, err
	}
	if !slices.ContainsFunc(look.Months, func(d Due) bool { return d.Month == m && d.Is }) {
		return 0, fmt.Errorf("giving up what is damaged in %s: %w", m, ErrNotDue)
	}
	lost, err := k.mayGo(ctx, m, sum)
	if err != nil {
		return 0, fmt.Errorf("giving up what is damaged in %s: %w", m, err)
	}
	for _, d := range lost {
		gone, err := k.Store.GiveUp(ctx, d, m, k.today(), k.Due, func(w *store.Write) error { return k.noteLost(w, m, n == 0) })
		if gone {
			n++
		}
		if err != nil {
			return n, fmt.Errorf("giving up what is damaged in %s: %w", m, err)
		}
	}
	return n, nil
}

// noteLost counts one that is given up, in the update that takes it away, and with the first of them writes the line of the
// mission's chain. That line has no number, which would tell those who read the chain how many reports there were.
func (k *Keeper) noteLost(w *store.Write, m store.Month, first bool) error {
	r, err := w.Retention()
	if err != nil {
		return err
	}
	if r.Lost == nil {
		r.Lost = map[store.Month]int{}
	}
	r.Lost[m]++
	r.Erased = true
	if err := w.PutRetention(r); err != nil || !first {
		return err
	}
	return w.AuditShared(store.Entry{Day: k.today(), Who: "operator", Did: "gave up what is damaged in " + string(m)})
}

// mayGo gives the damaged reports of a month if all of them may be given up.
func (k *Keeper) mayGo(ctx context.Context, m store.Month, sum []byte) (all []store.Damaged, err error) {
	opens := false
	err = k.Store.View(ctx, func(rd *store.Read) (err error) {
		if all, err = rd.Damaged(m); err == nil {
			opens, err = rd.Opens(m)
		}
		return err
	})
	switch d := k.damage(all); {
	case err != nil:
		return nil, err
	case d.Reports == 0:
		return nil, ErrWhole
	case slices.ContainsFunc(all, func(d store.Damaged) bool { return d.Later }):
		return nil, ErrLater
	case d.Held > 0:
		return nil, ErrHeld
	case !opens:
		return nil, ErrKey
	case !bytes.Equal(d.Sum, sum):
		return nil, ErrOthers
	}
	return all, nil
}

func (k *Keeper) damage(all []store.Damaged) (d Damage) {
	h := sha256.New()
	for _, one := range all {
		d.Reports++
		switch {
		case k.Held(one.Lines):
			d.Held++
		case !one.Whole:
			d.Unsure++
		}
		h.Write(one.Ref[:])
		h.Write(one.Sum[:])
	}
	if d.Reports > 0 {
		d.Sum = h.Sum(nil)
	}
	return d
}

// damages looks which of the months that are due hold what is damaged.
func (k *Keeper) damages(ctx context.Context, months []Due) error {
	for i := range months {
		if !months[i].Is {
			continue
		}
		var all []store.Damaged
		err := k.Store.View(ctx, func(rd *store.Read) (err error) {
			all, err = rd.Damaged(months[i].Month)
			return err
		})
		if err != nil {
			return err
		}
		months[i].Damage = k.damage(all)
	}
	return nil
}
