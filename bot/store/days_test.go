package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/store"
)

// Notices come when they are due, the earliest first, and stay until they are dropped.
func TestNotices(t *testing.T) {
	s := newShelves(t)
	s.update(func(w *store.Write) error {
		for n, after := range []time.Duration{time.Hour, time.Minute, 25 * time.Hour, 0, 14 * time.Hour} {
			if err := w.PutNotice(november, store.Waiting{ID: store.ID{byte(n)}, Due: friday.Add(after), Dead: after == 0}); err != nil {
				return err
			}
		}
		return nil
	})
	due := func(at time.Duration, limit int) (ids []byte) {
		s.view(func(r *store.Read) error {
			got, err := r.Notices(friday.Add(at), limit)
			for _, n := range got {
				ids = append(ids, n.ID[0])
			}
			return err
		})
		return ids
	}
	for _, x := range []struct {
		at    time.Duration
		limit int
		want  []byte
	}{{-time.Hour, 10, nil}, {time.Minute, 10, []byte{1}}, {2 * time.Hour, 10, []byte{1, 0}}, {48 * time.Hour, 10, []byte{1, 0, 4, 2}}, {48 * time.Hour, 0, nil}} {
		if got := due(x.at, x.limit); !slices.Equal(got, x.want) {
			t.Errorf("after %v: %v, want %v", x.at, got, x.want)
		}
	}
	s.update(func(w *store.Write) error { return w.DropNotice(store.ID{1}, friday.Add(time.Minute)) })
	if got := due(2*time.Hour, 10); !slices.Equal(got, []byte{0}) {
		t.Error(got)
	}
}

// A sweep drops days before the given ones, at most so many at once, and nothing of later days.
func TestSweep(t *testing.T) {
	s := newShelves(t)
	today := store.DayOf(friday)
	for d := range store.Day(4) {
		s.update(func(w *store.Write) error {
			for n := range byte(5) {
				if err := errors.Join(w.PutMark(bot.Mark{n, byte(d)}, today-d), w.PutNudge(store.Nudge{ID: store.ID{n}, At: friday.AddDate(0, 0, -int(d))}),
					w.PutTrail(store.Trail{Person: bot.Person{n}, Address: "x", IDs: []int64{1}, First: friday.AddDate(0, 0, -int(d))})); err != nil {
					return err
				}
			}
			return nil
		})
	}
	total := 0
	for {
		n := 0
		s.update(func(w *store.Write) (err error) {
			n, err = w.Sweep(today, today-1, 7)
			return err
		})
		if total += n; n < 7 {
			break
		}
	}
	if total != 15+10+10 || len(s.keys('U')) != 5 || len(s.keys('W')) != 10 || len(s.keys('N')) != 10 {
		t.Errorf("dropped %d; left %d, %d, %d", total, len(s.keys('U')), len(s.keys('W')), len(s.keys('N')))
	}
}

// A trail is of one chat and one day, and its oldest ids give way beyond its bound.
func TestTrails(t *testing.T) {
	s := newShelves(t)
	p, q := bot.Person{1}, bot.Person{2}
	late := time.Date(2026, 11, 20, 23, 59, 59, 0, time.UTC)
	s.update(func(w *store.Write) error {
		return errors.Join(w.PutTrail(store.Trail{Person: p, Address: "a", IDs: []int64{1, 2}, First: friday}), w.PutTrail(store.Trail{Person: p, Address: "a", IDs: []int64{3}, First: late}),
			w.PutTrail(store.Trail{Person: p, Address: "a", IDs: []int64{4}, First: late.Add(time.Second)}), w.PutTrail(store.Trail{Person: q, Address: "b", IDs: make([]int64, 2500), First: late}))
	})
	s.view(func(r *store.Read) error {
		one, found, err := r.Trail(p, store.DayOf(friday))
		if !found || !slices.Equal(one.IDs, []int64{1, 2, 3}) || !one.First.Equal(friday) || one.Address != "a" || one.Person != p {
			t.Errorf("%+v", one)
		}
		two, _, err2 := r.Trail(q, store.DayOf(friday))
		if len(two.IDs) != 2000 {
			t.Errorf("%d ids", len(two.IDs))
		}
		old, err3 := r.Trails(late, 10)
		if len(old) != 1 || old[0].Person != p {
			t.Errorf("%d trails began before midnight", len(old))
		}
		return errors.Join(err, err2, err3)
	})
}
