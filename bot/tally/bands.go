package tally

import "slices"

const hour, day = 3600, 24 * 3600

// bands are the times up to which what took some time is counted together, in seconds. They do not change: counts of two
// months could not be added otherwise. Every deadline that the standard clock knows is one of them.
var bands = []int{
	1 * hour, 2 * hour, 4 * hour, 8 * hour, 12 * hour, 1 * day, 36 * hour, 2 * day, 3 * day, 4 * day, 5 * day, 7 * day,
	10 * day, 14 * day, 21 * day, 30 * day, 60 * day, 90 * day,
}

// Longer stands for whatever took longer than the last band.
const Longer = 0

// BandOf gives the band of a time: the least of the bands that is not less, or Longer. A time of exactly three days took
// at most three days.
func BandOf(seconds int) int {
	i, _ := slices.BinarySearch(bands, seconds)
	if i == len(bands) {
		return Longer
	}
	return bands[i]
}

// Bands lists them, and Longer behind them.
func Bands() []int { return append(slices.Clone(bands), Longer) }

// Took counts, by band, how long something took.
type Took map[int]int

// Of says how many were measured.
func (t Took) Of() (n int) {
	for _, b := range Bands() {
		n += t[b]
	}
	return n
}

// Within is what is known of a time that is told by its band: it took more than Over, and at most UpTo seconds. UpTo is
// Longer where it has no end.
type Within struct {
	Over int `json:"over"`
	UpTo int `json:"up_to"`
}

// Rank gives the band in which the percentile lies, by nearest rank: of one hundred, that many took at most UpTo.
func (t Took) Rank(percent int) (w Within) {
	rank, seen := (t.Of()*percent+99)/100, 0
	for _, b := range Bands() {
		if seen += t[b]; seen >= rank {
			w.UpTo = b
			return w
		}
		w.Over = b
	}
	return w
}

// Share says how many of a hundred were in time: between Least and Most, which are the same where both those who were and
// those who were not are many enough to be told.
type Share struct {
	Least int `json:"least"`
	Most  int `json:"most"`
}

// NewShare words a share without telling a small number: where fewer than [Fewest] were late, or in time, any number from
// none to the most that is small fits what it says.
func NewShare(in, of int) Share {
	switch {
	case of == 0:
		return Share{0, 100}
	case of-in < Fewest:
		return Share{max(0, of-(Fewest-1)) * 100 / of, 100}
	case in < Fewest:
		return Share{0, ((Fewest-1)*100 + of - 1) / of}
	}
	return Share{in * 100 / of, in * 100 / of}
}
