package main

import (
	"cmp"
	"fmt"
	"slices"

	"amana/bot/store"
)

// fewest is the smallest number that is told: what was looked for less often could point to somebody.
const fewest = 5

// mostGapsTold is how many gaps a check lists.
const mostGapsTold = 10

// checkGaps tells what people looked for and did not find, the most wanted first: what a mission could offer next.
func checkGaps(gaps []store.Gap) (found []finding) {
	gaps = slices.Clone(gaps)
	slices.SortStableFunc(gaps, func(a, b store.Gap) int { return cmp.Compare(b.Times, a.Times) })
	for _, g := range gaps[:min(len(gaps), mostGapsTold)] {
		times := fmt.Sprintf("fewer than %d times", fewest)
		if g.Times >= fewest {
			times = fmt.Sprintf("%d times", g.Times)
		}
		found = append(found, finding{remark, "", fmt.Sprintf("this month people looked for %s in %s and found nothing, %s",
			cmp.Or(g.Kinds, "any help"), cmp.Or(g.Area, "any area"), times), "`amana import` what there is, or talk to those who could offer it"})
	}
	return found
}
