package store_test

import (
	"errors"
	"fmt"
	"testing"

	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/store"
)

// Counters are one sum, in one record whoever did what is counted, are forgotten with their month, and stay small enough to be written
// whatever they are asked to count.
func TestCounts(t *testing.T) {
	s := newShelves(t)
	for n := range 700 {
		s.update(func(w *store.Write) error {
			return w.Count(november, "filed", fmt.Sprintf("a name that is made up for each of them %0200d", n), fmt.Sprint("area ", n))
		})
	}
	s.view(func(r *store.Read) error {
		counts, err := r.Counts(november)
		if counts["filed"] != 700 {
			t.Errorf("%d were filed", counts["filed"])
		}
		return err
	})
	records := 0
	ok(t, s.engine.View(t.Context(), func(r kv.Reader) error {
		all, err := r.Scan([]byte{'Y'}, []byte{'Z'}, kv.MaxScan)
		records = len(all)
		return err
	}))
	if records != 1 {
		t.Errorf("the counters of a month lie in %d records, and tell which deeds were whose", records)
	}
	for n := range 600 {
		s.update(func(w *store.Write) error { return w.Count(november, fmt.Sprint("area ", n)) })
	}
	sum := 0
	s.view(func(r *store.Read) error {
		counts, err := r.Counts(november)
		for _, n := range counts {
			sum += n
		}
		return err
	})
	if sum != 3*700+600 {
		t.Errorf("%d were counted", sum)
	}
	ok(t, s.house.Forget(november))
	s.view(func(r *store.Read) error {
		if _, err := r.Counts(november); !errors.Is(err, seal.ErrForgotten) {
			t.Errorf("counters of a forgotten month: %v", err)
		}
		return nil
	})
}

// What was published stays as it was, also when its month is forgotten, and nothing is published twice or afterwards.
func TestPublished(t *testing.T) {
	s := newShelves(t)
	put := func(period, body string) error {
		return s.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.PutPublished(period, []byte(body)) })
	}
	ok(t, put("2026-11", "a"))
	ok(t, put("2026-12", "b"))
	for _, period := range []string{"2026-11", "2026-12", "2026-10"} {
		if err := put(period, "c"); !errors.Is(err, store.ErrPublished) {
			t.Errorf("%s: %v", period, err)
		}
	}
	ok(t, s.house.Forget(november))
	s.view(func(r *store.Read) error {
		body, found, err := r.Published("2026-11")
		all, more := r.Periods()
		if string(body) != "a" || !found || fmt.Sprint(all) != "[2026-11 2026-12]" {
			t.Errorf("%q %v %v", body, found, all)
		}
		return errors.Join(err, more)
	})
}
