package tally

import "slices"

// Spread says how long something took, of many.
type Spread[T ~int | ~int64] struct {
	Median T
	P90    T // nine of ten took at most this long
	Known  bool
	Of     Number
}

// NewSpread gives the median and the ninetieth percentile by nearest rank, if there are [Fewest] or more: each is what one
// of them took, so what is measured should be coarse, as whole hours or days are.
func NewSpread[T ~int | ~int64](took []T) (s Spread[T]) {
	s.Of = Shown(len(took))
	if s.Of.Hidden {
		return s
	}
	sorted := slices.Sorted(slices.Values(took))
	rank := func(percent int) T { return sorted[(len(sorted)*percent+99)/100-1] }
	return Spread[T]{Median: rank(50), P90: rank(90), Known: true, Of: s.Of}
}
