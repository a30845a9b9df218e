package main

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"amana/bot/sheet"
)

// checkNames looks for names in the configuration that nothing stands behind.
func checkNames(conf *config) (found []finding) {
	p, err := readProfile(conf)
	if err != nil {
		return nil
	}
	areas, orgs := itemNames(p.Areas), itemNames(p.Organisations)
	look := func(setting, name string, known []string, format string, args ...any) {
		if !slices.Contains(known, name) {
			found = append(found, finding{failure, conf.at(setting), fmt.Sprintf(format, args...), sheet.Known(name, known) + " (" + p.file + ")"})
		}
	}
	for _, word := range slices.Sorted(maps.Keys(conf.Posters)) {
		look("posters."+word, conf.Posters[word], areas, "posters: %s stands for the area %q, which the profile does not have", word, conf.Posters[word])
	}
	for n, r := range conf.Routes {
		for k, o := range r.Orgs {
			look(fmt.Sprintf("routes[%d].organisations[%d]", n, k), o, orgs, "routes: %s: there is no organisation %q", r.Name, o)
		}
		for k, a := range r.Areas {
			look(fmt.Sprintf("routes[%d].areas[%d]", n, k), a, areas, "routes: %s: there is no area %q", r.Name, a)
		}
	}
	found = append(found, checkForces(conf, p)...)
	if conf.Coordinator.Key != "" {
		if _, err := os.Stat(conf.Coordinator.Key); err != nil {
			found = append(found, finding{failure, conf.at("coordinator.key"), "coordinator: key: " + conf.Coordinator.Key + " cannot be read", "name the file that `amana keys coordinator -plain FILE` wrote"})
		}
	}
	if d := conf.delay(); d.Normal < d.Least {
		found = append(found, finding{failure, conf.at("notices"), "notices: normal is shorter than least", "least is the shortest wait of a normal notice, normal the longest"})
	}
	return found
}
