// Package flows holds the conversations of Amana as data: one file a flow, and the profiles that fit them to a place.
//
// It carries files and no code that reads them: package flow reads and checks the flows, the program's configuration
// reads the profiles, and an import reads the sheets. No sentence stands here; the words are in package locales.
// README.md beside this file is for authors of flows.
package flows

import (
	"embed"
	"io/fs"
	"path"
)

// FS holds *.yaml, the flows, profiles/*.yaml, the places, profiles/NAME/*.csv, an invented directory for each place, and
// profiles/NAME/words/TAG.yaml, what all of that is called in one language more.
//
//go:embed *.yaml profiles/*.yaml profiles/*/*.csv profiles/*/words/*.yaml
var FS embed.FS

// Example lists the sheets in FS that make the invented directory of a place: areas.csv and services.csv. It is empty for
// a place that has none.
func Example(profile string) []string {
	files, err := fs.Glob(FS, path.Join("profiles", profile, "*.csv"))
	if err != nil {
		return nil // a name that cannot be looked for
	}
	return files
}
