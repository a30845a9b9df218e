package store

import "time"

// longestGap is how many bytes of the names of kinds are kept.
const longestGap = 200

// Gap is help of one kind that was looked for in one area and is not there, and how often in a month. Nothing about who
// looked is kept, no day, and no order.
type Gap struct {
	Kinds string // of service, parted by spaces; empty for any
	Area  string // of the mission's own list; empty for everywhere
	Times int
}

// mostGaps bounds how many different gaps of a month are told apart; what comes after is counted together.
const mostGaps = 150

// gapsOf is where the gaps of a month stand. They are numbers about places and not about people, so they stand under the
// standing key and outlive the reports of the month.
func (s *Store) gapsOf(at time.Time) []byte {
	return key(counters, s.name("gaps", at.UTC().Format("2006-01")))
}

// CountGap counts one more in the month of an instant.
func (w *Write) CountGap(at time.Time, kinds, area string) error {
	kinds = kinds[:min(len(kinds), longestGap)]
	k := w.s.gapsOf(at)
	var all []Gap
	if _, err := w.standing(k, &all); err != nil {
		return err
	}
	for i := range all {
		if all[i].Kinds == kinds && all[i].Area == area {
			all[i].Times++
			return w.putStanding(k, all)
		}
	}
	if len(all) == mostGaps {
		all[mostGaps-1] = Gap{Times: all[mostGaps-1].Times + 1}
	} else {
		all = append(all, Gap{kinds, area, 1})
	}
	return w.putStanding(k, all)
}

// Gaps gives the gaps of the month of an instant, in the order in which they first came.
func (r *Read) Gaps(at time.Time) (all []Gap, err error) {
	_, err = r.standing(r.s.gapsOf(at), &all)
	return all, err
}
