package store

import (
	"cmp"
	"slices"
	"time"

	"amana/bot"
	"amana/bot/seal"
)

// Trail is the messages of one chat on one day that can still be taken out of it.
type Trail struct {
	Person  bot.Person  `json:"-"`
	Day     Day         `json:"-"`
	Address bot.Address `json:"address"`
	IDs     []int64     `json:"ids"`
	First   time.Time   `json:"first"`           // when the earliest was sent
	Asked   int64       `json:"asked,omitempty"` // the latest question among them, where several processes may have to know it
}

// maxTrail bounds what one chat can put on the shelf in a day; beyond it the oldest ids give way.
const maxTrail = 2000

// PutTrail adds messages to the trail of a chat on the day of the first of them.
func (w *Write) PutTrail(more Trail) error {
	p, at := more.Person, more.First
	t, _, err := w.Trail(p, DayOf(at))
	if err != nil {
		return err
	}
	if len(t.IDs) == 0 {
		t.First = at
	}
	t.Address, t.IDs, t.Asked = more.Address, append(t.IDs, more.IDs...), cmp.Or(more.Asked, t.Asked)
	t.IDs = t.IDs[max(0, len(t.IDs)-maxTrail):]
	plain, err := encode(t)
	if err != nil {
		return err
	}
	k := dayKey(trails, DayOf(at), ID(p))
	return w.write(k, "daily", plain, func() ([]byte, error) { return w.s.roots.SealDaily(k, plain) })
}

// Trail gives what is left in a chat of one day. What memory no longer opens is as good as wiped: nobody can find it.
func (r *Read) Trail(p bot.Person, day Day) (t Trail, found bool, err error) {
	k := dayKey(trails, day, ID(p))
	value, found, err := r.r.Get(k)
	if err != nil || !found {
		return t, false, err
	}
	return r.openTrail(k, value)
}

func (r *Read) openTrail(k, value []byte) (t Trail, found bool, err error) {
	plain, err := r.s.roots.OpenDaily(k, value)
	if lost(err) {
		return t, false, nil
	}
	if err != nil {
		return t, false, err
	}
	err = decode(plain, &t)
	t.Person, t.Day = bot.Person(k[3:]), dayAt(k)
	return t, err == nil, err
}

// DropTrail takes a trail off the shelf once its messages are gone.
func (w *Write) DropTrail(p bot.Person, day Day) error { return w.drop(dayKey(trails, day, ID(p))) }

// Trails gives the trails that began before a time, at most limit.
func (r *Read) Trails(before time.Time, limit int) (out []Trail, err error) {
	err = r.scan([]byte{byte(trails)}, 200, func(k, value []byte) (bool, error) {
		if dayAt(k) > DayOf(before) || len(out) == limit {
			return false, nil
		}
		t, found, err := r.openTrail(k, value)
		if found && t.First.Before(before) {
			out = append(out, t)
		}
		return true, err
	})
	return out, err
}

// Nudge is one neutral line that waits for a safe hour. Only memory can read it. Its id is a keyed name of the report,
// so that a report has one at most, and the opened mailbox finds the one that is no longer needed.
type Nudge struct {
	ID      ID          `json:"id"`
	Address bot.Address `json:"address"`
	Lang    string      `json:"lang"`
	Hours   string      `json:"hours,omitempty"` // the choice that says which hours are safe
	At      time.Time   `json:"at"`              // when they begin next
}

// NudgeID names the nudge of a report.
func (r *Read) NudgeID(under seal.KeyID, report ID) (ID, error) {
	return r.owner(under, "nudge", report)
}

// PutNudge keeps a nudge until its hour.
func (w *Write) PutNudge(n Nudge) error {
	plain, err := encode(n)
	if err != nil {
		return err
	}
	k := dayKey(nudges, DayOf(n.At), n.ID)
	return w.write(k, "daily", plain, func() ([]byte, error) { return w.s.roots.SealDaily(k, plain) })
}

// DropNudge takes a nudge off the shelf: it was sent, or could not be, or the mailbox was opened before its hour.
func (w *Write) DropNudge(id ID, days ...Day) error {
	for _, d := range days {
		if err := w.drop(dayKey(nudges, d, id)); err != nil {
			return err
		}
	}
	return nil
}

// Nudges gives the nudges whose hour has come. What memory no longer opens is lost, which is accepted.
func (r *Read) Nudges(by time.Time) (out []Nudge, err error) {
	err = r.scan([]byte{byte(nudges)}, 200, func(k, value []byte) (bool, error) {
		if dayAt(k) > DayOf(by) {
			return false, nil
		}
		plain, err := r.s.roots.OpenDaily(k, value)
		if lost(err) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		var n Nudge
		if err := decode(plain, &n); err != nil {
			return false, err
		}
		if !n.At.After(by) {
			out = append(out, n)
		}
		return true, nil
	})
	slices.SortFunc(out, func(a, b Nudge) int { return a.At.Compare(b.At) })
	return out, err
}
