package main

import (
	"fmt"
	"slices"

	"amana/bot/casework"
	"amana/bot/ticket"
)

// checkRoster warns before the roster grows beyond what can travel with a report: then the next one could not be signed.
func checkRoster(roster ticket.Roster) (found []finding) {
	statement, err := roster.Encode()
	if err != nil || len(statement) <= casework.MostRoster*3/4 {
		return nil
	}
	l := warning
	if len(statement) > casework.MostRoster {
		l = failure
	}
	return []finding{{l, "", fmt.Sprintf("the roster takes %d bytes of the %d that can travel with a report: beyond that nobody more can be signed into it", len(statement), casework.MostRoster),
		"`amana confirm -sign … -remove ID` takes out entries that were revoked long ago"}}
}

// checkKinds warns of every kind that nobody in the roster reads: what is for case workers is then not taken at all, and
// everything else goes to whoever reads something.
func checkKinds(roster ticket.Roster) (found []finding) {
	if len(roster.Entries) == 0 {
		return nil // said elsewhere: nobody reads anything
	}
	for _, k := range ticket.Kinds() {
		if slices.ContainsFunc(roster.Entries, func(e ticket.Entry) bool {
			return e.Usable() && e.Role != ticket.Recovery && e.Takes(k)
		}) {
			continue
		}
		what := fmt.Sprintf("nobody is enrolled for the kind %s: it goes to readers of other kinds", k)
		if k.Care() {
			what = fmt.Sprintf("nobody is enrolled for the kind %s: people are shown services, and can ask for nobody", k)
		}
		found = append(found, finding{warning, "", what, fmt.Sprintf("`amana invite … -kind %s`, for two people", k)})
	}
	return found
}

// checkShut warns of open reports that nobody opens to whom they could come: no clock and no reader can bring these on.
func checkShut(n casework.Shut) (found []finding) {
	if n.Kept > 0 {
		found = append(found, finding{warning, "", fmt.Sprintf("%s for nobody any more who may read it: their keys were replaced, or they left; a recovery key still opens it", manyOpen(n.Kept)),
			"a reader who sees it runs `amana open -for-recovery ID CODE.amana` and gives that file to the holder of the recovery key, who runs `amana open -identity KEYFILE -seal FILE`"})
	}
	if n.Lost > 0 {
		found = append(found, finding{warning, "", fmt.Sprintf("%s for nobody any more, and for no recovery key of the roster", manyOpen(n.Lost)),
			"ask its readers by voice whether one of them still has the key from before, and keep whatever they find; what the reporter writes from now on opens for all of them"})
	}
	return found
}

// manyOpen says how many open reports open.
func manyOpen(n int) string {
	return fmt.Sprintf("%s %s", count(n, "open report", "open reports"), map[bool]string{true: "opens", false: "open"}[n == 1])
}
