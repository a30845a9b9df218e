package main

import (
	"fmt"
	"slices"
	"strings"

	"amana/bot/sheet"
	"amana/bot/ticket"
)

// decisive are the steps of a reporting flow whose answers decide who reads a report and how soon.
var decisive = []string{
	"age", "danger", "matter", "concern", "organisation", "accused", "involved", "involved_org", "involved_role", "when", "area",
}

// decisiveForCare are those of a flow for case workers, which asks nothing about who did it.
var decisiveForCare = []string{"age", "danger", "when", "area"}

// checkOwn says which flows and texts are the mission's own, and what the house would miss in them.
func checkOwn(w *wording) (found []finding) {
	var kinds []string
	for _, k := range ticket.Kinds() {
		kinds = append(kinds, string(k))
	}
	for _, f := range w.own {
		what := "a flow of the mission's own"
		if w.instead[f.Name] {
			what = "takes the place of the shipped flow " + f.Name
		}
		found = append(found, finding{remark, f.File, what, ""})
		if f.Kind == "" {
			continue
		}
		if !slices.Contains(kinds, f.Kind) {
			found = append(found, finding{failure, f.File, fmt.Sprintf("there is no kind of report %q", f.Kind), sheet.Known(f.Kind, kinds)})
		}
		steps := f.Steps()
		need := decisive
		if ticket.Kind(f.Kind).Care() {
			need = decisiveForCare
		}
		missing := slices.DeleteFunc(slices.Clone(need), func(name string) bool { return slices.Contains(steps, name) })
		if len(missing) > 0 {
			found = append(found, finding{warning, f.File, "the flow files reports and has no step " + strings.Join(missing, ", "),
				"these answers decide who reads and how soon: without involved, somebody may read what is told about them; see flows/README.md"})
		}
	}
	for _, lang := range tags(w.book) {
		byFile := map[string][2][]string{} // file → keys that win over shipped ones, keys that are new
		var files []string
		keys, instead := w.book.Own(lang)
		for _, key := range keys {
			file, _ := w.book.Where(lang, key)
			if _, seen := byFile[file]; !seen {
				files = append(files, file)
			}
			both := byFile[file]
			if instead[key] {
				both[0] = append(both[0], key)
			} else {
				both[1] = append(both[1], key)
			}
			byFile[file] = both
		}
		for _, file := range files {
			for i, what := range []string{" in the place of the shipped one: ", " of the mission's own: "} {
				if keys := byFile[file][i]; len(keys) > 0 {
					found = append(found, finding{remark, file, count(len(keys), "text", "texts") + what + strings.Join(keys, ", "), ""})
				}
			}
		}
	}
	return found
}
