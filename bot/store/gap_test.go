package store_test

import (
	"fmt"
	"strings"
	"testing"

	"amana/bot/store"
)

// Gaps are counted by month, and however many different ones there are, they fit into one record.
func TestGaps(t *testing.T) {
	s := newShelves(t)
	count := func(kinds, area string) {
		s.update(func(w *store.Write) error { return w.CountGap(friday, kinds, area) })
	}
	count("legal", "block_a")
	count("legal", "block_b")
	count("legal", "block_a")
	gaps := func() (all []store.Gap) {
		s.view(func(r *store.Read) (err error) {
			all, err = r.Gaps(friday)
			return err
		})
		return all
	}
	if got := fmt.Sprint(gaps()); got != "[{legal block_a 2} {legal block_b 1}]" {
		t.Error(got)
	}
	s.view(func(r *store.Read) error {
		all, err := r.Gaps(friday.AddDate(0, 1, 0))
		if len(all) > 0 {
			t.Errorf("another month has %v", all)
		}
		return err
	})
	long := strings.Repeat("participation ", 12)
	for n := range 400 {
		count(long, fmt.Sprintf("an_area_with_a_name_%04d", n))
	}
	all, sum := gaps(), 0
	for _, g := range all {
		sum += g.Times
	}
	if sum != 403 || len(all) > 150 {
		t.Errorf("%d gaps, counted %d times", len(all), sum)
	}
}
