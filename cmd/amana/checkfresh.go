package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// step is the level of what an operator does next where nothing is wrong and something is still to be made.
const step level = "next"

// fresh says that no roster was ever signed here: nothing is lost, and nothing is ready.
func (f facts) fresh() bool { return f.Roster.Version == 0 && !f.Held }

// checkFresh says what is to be done with a new mission, in its order. Reports are taken from the last but one on.
func checkFresh(conf *config, f facts) (found []finding) {
	say := func(what, hint string) { found = append(found, finding{step, "", what, hint}) }
	if !f.Pinned && conf.Coordinator.Key == "" {
		say("pin the coordinator's key, by which the roster is signed",
			"`amana keys coordinator` on the coordinator's own machine; the public key goes alone into "+filepath.Join(conf.Keys, "coordinator.pub"))
	}
	if len(conf.Recovery) == 0 {
		say("name a recovery key under recovery:, whose holder keeps it offline", "`amana keys recovery FILE` on the holder's own machine")
	}
	if len(f.Pending) == 0 {
		say("invite those who read: two people of different organisations, and the coordinator as a reader",
			"`amana invite -name … -org …`, once for each of them; `amana serve` has to run while they follow their links")
	} else {
		say("these have brought their keys, and wait for the coordinator: "+strings.Join(f.Pending, ", "), "`amana invite -name … -org …` for whoever is missing")
	}
	say("let the coordinator compare the fingerprints by voice and sign", "`amana confirm`, or its three steps -list, -sign and -apply")
	if len(f.Backups) == 0 {
		say("copy the keys of the house, sealed to the recovery keys", "`amana keys backup FILE`")
	}
	say("bring the services of the place, and look at everything once more", "`amana import FILE…`, then `amana check`")
	for n := range found {
		found[n].What = fmt.Sprintf("%d. %s", n+1, found[n].What)
	}
	return found
}
