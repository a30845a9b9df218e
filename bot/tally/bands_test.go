package tally_test

import (
	"testing"

	"pgregory.net/rapid"

	"amana/bot/tally"
)

// Each band ends with the very second that it names: what took three days to the second took at most three days, and a
// second more is more.
func TestBandsEndWhereTheySay(t *testing.T) {
	bands := tally.Bands()
	for i, b := range bands[:len(bands)-1] {
		if got := tally.BandOf(b); got != b {
			t.Errorf("%d seconds are counted under %d", b, got)
		}
		if got := tally.BandOf(b + 1); got != bands[i+1] {
			t.Errorf("%d seconds are counted under %d, not %d", b+1, got, bands[i+1])
		}
	}
	if bands[len(bands)-1] != tally.Longer || tally.BandOf(0) != bands[0] {
		t.Error(bands)
	}
	for _, hours := range []int{4, 24, 72, 7 * 24, 14 * 24} { // the deadlines of the standard clock
		if tally.BandOf(hours*3600) != hours*3600 {
			t.Errorf("%d hours are no band, so that it could not be told whether a deadline was kept", hours)
		}
	}
}

// What the bands say of median and ninetieth percentile is true of the times themselves.
func TestRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.IntRange(0, 120*86400), 1, 60).Draw(t, "seconds")
		took := tally.Took{}
		for _, s := range times {
			took[tally.BandOf(s)]++
		}
		for _, percent := range []int{50, 90} {
			w, atMost, below := took.Rank(percent), 0, 0
			for _, s := range times {
				if w.UpTo == tally.Longer || s <= w.UpTo {
					atMost++
				}
				if s <= w.Over && w.Over > 0 {
					below++
				}
			}
			if atMost*100 < percent*len(times) || below*100 >= percent*len(times) {
				t.Fatalf("%d of a hundred took more than %d and at most %d: %v", percent, w.Over, w.UpTo, times)
			}
		}
	})
	if w := (tally.Took{}).Rank(50); w != (tally.Within{UpTo: 3600}) {
		t.Error(w)
	}
}

// A share fits whatever small number lies behind it, and is exact where none does.
func TestShare(t *testing.T) {
	for _, c := range []struct {
		in, of int
		want   tally.Share
	}{
		{12, 12, tally.Share{66, 100}}, {8, 12, tally.Share{66, 100}}, {7, 12, tally.Share{58, 58}},
		{0, 12, tally.Share{0, 34}}, {4, 12, tally.Share{0, 34}}, {5, 5, tally.Share{20, 100}}, {0, 0, tally.Share{0, 100}},
	} {
		if got := tally.NewShare(c.in, c.of); got != c.want {
			t.Errorf("%d of %d: %+v, want %+v", c.in, c.of, got, c.want)
		}
	}
	for of := tally.Fewest; of < 80; of++ {
		for few := range tally.Fewest {
			if tally.NewShare(of-few, of) != tally.NewShare(of, of) {
				t.Errorf("of %d, %d late are told from none", of, few)
			}
			if of >= 2*tally.Fewest && tally.NewShare(few, of) != tally.NewShare(0, of) {
				t.Errorf("of %d, %d in time are told from none", of, few)
			}
		}
	}
}
