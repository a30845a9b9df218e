package main

import (
	"fmt"

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
