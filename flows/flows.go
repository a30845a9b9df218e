// Package flows holds the conversations of Amana as data: one file a flow, and the profiles that fit them to a place.
//
// It carries files and no code that reads them: package flow reads and checks the flows, the program's configuration
// reads the profiles. No sentence stands here; the words are in package locales. README.md beside this file is for
// authors of flows.
package flows

import "embed"

// FS holds *.yaml, the flows, and profiles/*.yaml, the places.
//
//go:embed *.yaml profiles/*.yaml
var FS embed.FS
