package store

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"amana/bot/seal"
)

// Waiting is a notice on the outbox shelf: that a focal point is to be told something about a report. How to reach
// them is looked up when it goes out, since that may change.
type Waiting struct {
	ID     ID        `json:"id"`
	Report Ref       `json:"report"`
	Reader string    `json:"reader"` // roster id
	Event  string    `json:"event"`
	Due    time.Time `json:"due"`
	Tries  int       `json:"tries,omitempty"`
	Dead   bool      `json:"dead,omitempty"` // given up; shown by the check
	Why    string    `json:"why,omitempty"`  // the last trouble, in the words of the program
	Claim  *Claim    `json:"claim,omitempty"`
}

// Claim says that a process is carrying a notice, where several share the database. It renews it every second while it does,
// and each time it is another one: one that has not changed for a while is that of a process which is dead.
type Claim struct {
	Process ID        `json:"process"`
	Beat    uint32    `json:"beat,omitempty"` // how often it was renewed, and once more; none by a program that goes by Until
	Until   time.Time `json:"until"`          // when that program takes the process for dead, by its own clock
}

// Same says that nothing has changed.
func (c Claim) Same(as Claim) bool {
	return c.Process == as.Process && c.Beat == as.Beat && c.Until.Equal(as.Until)
}

// Never is when a notice is due that was given up. It lies behind everything that will be due, so that those who look for
// that, every two seconds, do not read it each time.
var Never = Day(math.MaxUint16).Time()

// PutNotice keeps a notice until it is due, under the key of its report.
func (w *Write) PutNotice(under seal.KeyID, n Waiting) error {
	plain, err := encode(n)
	if err != nil {
		return err
	}
	return w.put(dayKey(outbox, DayOf(n.Due), n.ID), under, plain)
}

// DropNotice takes a notice off the shelf. Due is the time under which it was put there.
func (w *Write) DropNotice(id ID, due time.Time) error {
	k := dayKey(outbox, DayOf(due), id)
	w.s.looked.drop(k) // should it stay after all, it is opened anew
	return w.drop(k)
}

// Notice gives a notice again, if it still lies where it was.
func (r *Read) Notice(id ID, due time.Time) (n Waiting, under seal.KeyID, found bool, err error) {
	plain, under, found, err := r.get(dayKey(outbox, DayOf(due), id))
	if err != nil || !found {
		return n, under, false, err
	}
	return n, under, true, decode(plain, &n)
}

// NoticesOf gives the notices about a report that are due on some days and not given up, the earliest first. Those that
// cannot be read are passed over.
func (r *Read) NoticesOf(report Ref, days ...Day) (out []Waiting, err error) {
	for _, day := range days {
		prefix := dayKey(outbox, day, ID{})[:3]
		err := r.scan(prefix, 200, func(k, value []byte) (bool, error) {
			var n Waiting
			plain, _, err := r.s.house.Open(k, value)
			if err == nil && decode(plain, &n) == nil && n.Report == report && !n.Dead {
				out = append(out, n)
			}
			return true, nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, func(a, b Waiting) int { return a.Due.Compare(b.Due) })
	return out, nil
}

func (r *Read) openNotice(k, value []byte) (n Waiting, err error) {
	plain, _, err := r.s.house.Open(k, value)
	if err != nil {
		return n, err
	}
	return n, decode(plain, &n)
}

// Notices gives the notices due by a time, or all with a zero time, the earliest first, at most limit. Notices of
// forgotten months are passed over. One that is damaged holds up no other: what could be read comes with the error.
func (r *Read) Notices(by time.Time, limit int) (out []Waiting, err error) {
	var damaged error
	err = r.scan([]byte{byte(outbox)}, 200, func(k, value []byte) (bool, error) {
		if !by.IsZero() && dayAt(k) > DayOf(by) || len(out) == limit {
			return false, nil
		}
		n, err := r.s.looked.notice(k, value, r.openNotice)
		if errors.Is(err, seal.ErrForgotten) {
			return true, nil
		}
		if err != nil {
			damaged = fmt.Errorf("reading a notice: %w", err)
			return true, nil
		}
		if by.IsZero() || !n.Dead && !n.Due.After(by) {
			out = append(out, n)
		}
		return true, nil
	})
	slices.SortStableFunc(out, func(a, b Waiting) int { return a.Due.Compare(b.Due) })
	return out, errors.Join(err, damaged)
}
