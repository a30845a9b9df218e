package main

import "regexp"

// ofMission finds the commands in a hint that need the configuration of a mission.
var ofMission = regexp.MustCompile("`amana (check|serve|invite|confirm|import|export|backup|restore|migrate|operate|stats|forget|hold|keys backup|keys restore)( [^`]*)?`")

// hinted gives a hint as it can be typed where the mission is not in the current folder. What the coordinator does on their
// own machine knows no mission.
func hinted(hint, mission string) string {
	if mission == "" || mission == "amana.yaml" {
		return hint
	}
	return ofMission.ReplaceAllStringFunc(hint, func(found string) string {
		m := ofMission.FindStringSubmatch(found)
		if elsewhere.MatchString(found) {
			return found
		}
		return "`amana " + m[1] + " -config " + mission + m[2] + "`"
	})
}

var elsewhere = regexp.MustCompile("-sign|-shipped|-config")
