package main

import (
	"fmt"
	"os"
	"slices"
)

// checkNames looks for names in the configuration that nothing stands behind.
func checkNames(conf *config) (found []finding) {
	p, err := readProfile(conf)
	if err != nil {
		return nil
	}
	known := func(items []item, name string) bool {
		return slices.ContainsFunc(items, func(i item) bool { return i.Name == name })
	}
	say := func(format string, args ...any) {
		found = append(found, finding{failure, conf.path, fmt.Sprintf(format, args...), "compare the spelling with " + p.file})
	}
	for word, area := range conf.Posters {
		if !known(p.Areas, area) {
			say("posters: %s stands for the area %q, which the profile does not have", word, area)
		}
	}
	for _, r := range conf.Routes {
		for _, o := range r.Orgs {
			if !known(p.Organisations, o) {
				say("routes: %s: there is no organisation %q", r.Name, o)
			}
		}
		for _, a := range r.Areas {
			if !known(p.Areas, a) {
				say("routes: %s: there is no area %q", r.Name, a)
			}
		}
	}
	if conf.Coordinator.Key != "" {
		if _, err := os.Stat(conf.Coordinator.Key); err != nil {
			found = append(found, finding{failure, conf.path, "coordinator: key: " + conf.Coordinator.Key + " cannot be read", "name the file that `amana keys coordinator -plain FILE` wrote"})
		}
	}
	if d := conf.delay(); d.Normal < d.Least {
		found = append(found, finding{failure, conf.path, "notices: normal is shorter than least", "least is the shortest wait of a normal notice, normal the longest"})
	}
	return found
}
