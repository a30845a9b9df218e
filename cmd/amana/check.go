package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// level says how bad a finding is.
type level string

const (
	failure level = "error"
	warning level = "warning"
	remark  level = "note"
)

// finding is one thing that the check has to say.
type finding struct {
	Level level
	Place string // file, or file:line
	What  string
	Hint  string
}

func runCheck(ctx context.Context, c *call) error {
	var path, mapping string
	var shipped, services bool
	l := &lookingAtServices{call: c, now: c.clock()}
	files, err := c.flagsFirst("check", "[FILE…]", `Looks at everything that an operator can get wrong, and says where it is and what to do. Exit status 1 if
anything must be mended. amana check -directory looks at the service directory alone, and amana check -directory FILE…
at sheets, as an import would take them.`, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.BoolVar(&shipped, "shipped", false, "look at the shipped flows, words and profiles alone, without a mission")
		f.BoolVar(&services, "directory", false, "look at the service directory alone, or at the sheets that are named")
		f.StringVar(&mapping, "mapping", "", "with sheets: a YAML file that says what their columns and words mean")
		f.BoolVar(&l.all, "all", false, "list everything about the service directory, however much it is")
	})
	switch {
	case err != nil:
		return err
	case len(files) > 0 && !services:
		return usagef("check: it takes flags only, not %q; a mission is named with -config, and sheets with -directory FILE…", files[0])
	case services && shipped:
		return usagef("check: -directory belongs to a mission, and -shipped looks at none")
	case mapping != "" && len(files) == 0:
		return usagef("check: -mapping belongs to sheets: amana check -directory -mapping MAP FILE…")
	}
	if shipped {
		if c.alone {
			steady()
		}
		return report(c, checkShipped(c.stdout))
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	conf.prove = c.prove
	l.config, l.to = conf, &reach{config: conf}
	defer l.to.Close()
	if services {
		defer c.frugal()()
		look := l.inForce
		if len(files) > 0 {
			look = func(ctx context.Context) ([]finding, error) { return l.sheets(ctx, files, mapping) }
		}
		found, err := look(ctx)
		if err != nil {
			return err
		}
		return report(c, found)
	}
	found := checkContent(c.stdout, conf)
	found = append(found, checkConfig(conf)...)
	found = append(found, checkPost(conf, c.env)...)
	var f facts
	if err := l.to.ask(ctx, "facts", struct{}{}, &f); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		if !slices.ContainsFunc(found, func(f finding) bool { return strings.HasPrefix(f.What, first) }) { // flows and words were told already
			hint := "until then nothing can be served"
			if notOurs(conf.Keys) != nil {
				hint = "nothing that lies in the database was looked at"
			}
			found = append(found, finding{failure, "", err.Error(), hint})
		}
		if conf.place.clustered() {
			found = append(found, checkCluster(conf, conf.clusterWithout(ctx, c.clock), l.now)...)
		}
		return report(c, found)
	}
	found = append(found, checkFacts(conf, f, l.now)...)
	if p, err := readProfile(conf); err == nil && len(f.Roster.Entries) > 0 {
		writeTable(c.stdout, conf.mission(p, f.Roster), conf.lists(p), false, mostReadings)
	}
	defer c.frugal()()
	of, err := l.inForce(ctx)
	if err != nil {
		of = []finding{{failure, "", "the service directory cannot be read: " + err.Error(), "`amana import -undo` puts the one before in force, or import the sheets again"}}
	}
	return report(c, append(found, of...))
}

// checkShipped looks at every shipped place with the shipped flows and words, each in its own languages. What is said of
// the words alone is the same for all, and told once.
func checkShipped(out io.Writer) (found []finding) {
	type looked struct {
		said  bytes.Buffer
		found []finding
	}
	names := shippedProfiles()
	places := make([]looked, len(names))
	var all sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0)) // a proof keeps a processor busy, and takes memory
	for n, name := range names {
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			conf := &config{path: shippedPath, paper: paper{file: shippedPath}, Profile: name, Zone: "UTC"}
			places[n].found = checkContent(&places[n].said, conf)
		})
	}
	all.Wait()
	for n, name := range names {
		fmt.Fprintf(out, "%s: %s", name, &places[n].said)
		for _, f := range places[n].found {
			if !slices.Contains(found, f) {
				found = append(found, f)
			}
		}
	}
	return found
}

// report prints findings, the worst first, and fails if one of them is an error.
func report(c *call, found []finding) error {
	order := []level{failure, warning, remark, step}
	mission := ""
	if c.of != nil {
		mission = *c.of
	}
	slices.SortStableFunc(found, func(a, b finding) int { return slices.Index(order, a.Level) - slices.Index(order, b.Level) })
	errs, steps := 0, 0
	for _, f := range found {
		if f.Level == failure {
			errs++
		}
		if f.Level == step {
			steps++
		}
		place := ""
		if f.Place != "" {
			place = f.Place + ": "
		}
		fmt.Fprintf(c.stdout, "%s: %s%s\n", f.Level, place, f.What)
		if f.Hint != "" {
			fmt.Fprintf(c.stdout, "\t%s\n", hinted(f.Hint, mission))
		}
	}
	if errs > 0 {
		return fmt.Errorf("the check found %s", count(errs, "error", "errors"))
	}
	if steps > 0 {
		fmt.Fprintln(c.stdout, "nothing is wrong, and no report is taken yet: do what is next, in this order")
		return nil
	}
	fmt.Fprintln(c.stdout, "nothing stands in the way")
	return nil
}

// checkConfig looks at what the configuration says by itself.
func checkConfig(conf *config) (found []finding) {
	say := func(l level, setting, what, hint string) {
		found = append(found, finding{l, conf.at(setting), what, hint})
	}
	if conf.Coordinator.Key != "" {
		say(warning, "coordinator", "the coordinator's key lies beside the server: whoever takes this machine can add readers to the roster", "keep it on the coordinator's own machine: `amana keys coordinator`")
	}
	if len(conf.Recovery) == 0 {
		say(warning, "recovery", "there is no recovery key: if focal points lose their keys, their reports are lost, and the keys of the house cannot be backed up", "name at least one under `recovery:`")
	}
	for n, r := range conf.Recovery {
		if err := seal.CheckPublic(r.Key); err != nil {
			say(failure, fmt.Sprintf("recovery[%d].key", n), fmt.Sprintf("recovery %q: the key is not an age recipient (age1…)", r.ID), "the holder runs `amana keys recovery` or age-keygen and sends the public half")
		}
	}
	switch {
	case conf.Profile == "example":
		say(warning, "profile", "the profile is the invented example: its organisations and its telephone numbers do not exist", "write a profile of the place, ./place.yaml, and name it under profile:")
	case slices.Contains(shippedProfiles(), conf.Profile):
		say(warning, "profile", fmt.Sprintf("the profile %s is a shipped one: its telephone numbers do not exist, nor does what is called an example in it", conf.Profile), fmt.Sprintf("`amana init -profile %s -copy DIR` writes it out; put it beside this file, replace the examples in it, and name it under profile:", conf.Profile))
	}
	found = append(found, checkPage(conf)...)
	found = append(found, checkNames(conf)...)
	if conf.Zone == "UTC" {
		say(warning, "zone", "zone is UTC: a reporter's “evening” is then an evening in Greenwich", "name the mission's own zone, such as Asia/Dhaka")
	}
	if len(conf.Drafts) > 0 {
		say(warning, "drafts", "offered although no native reader has signed them: "+strings.Join(conf.Drafts, ", "), "the mission answers for every sentence; take a language out of drafts: if it does not")
	}
	if conf.Notices.Normal.set && conf.Notices.Normal.Duration < time.Minute {
		say(warning, "notices.normal", "notices go out at once: their time tells when a report came", "set notices: normal: to some minutes")
	}
	found = append(found, checkDesk(conf)...)
	if conf.Listen != "" {
		if err := loopback(conf.Listen); err != nil {
			say(failure, "listen", err.Error(), "")
		}
	}
	return found
}

// checkFacts looks at what the database says: roster, routes, keys, notices.
func checkFacts(conf *config, f facts, now time.Time) (found []finding) {
	say := func(l level, what, hint string) { found = append(found, finding{l, "", what, hint}) }
	for _, b := range f.Broken {
		say(failure, "the database: "+b, brokenHint(b))
	}
	if !f.Memory {
		l := failure
		if conf.OnDisk {
			l = warning
		}
		say(l, conf.Runtime+" is not on a memory file system: pseudonyms and drafts would stay on the disk, and whoever takes it could try telephone accounts against them", "a folder under /run or /dev/shm; with systemd RuntimeDirectory=amana. To go on all the same: runtime_on_disk: true")
	}
	found = append(found, checkCluster(conf, f.Cluster, now)...)
	found = append(found, checkForgetting(f.Forgetting)...)
	found = append(found, checkMonths(f.Ends, now)...)
	if f.fresh() {
		return append(found, checkFresh(conf, f)...)
	}
	if !f.Pinned {
		say(failure, "no coordinator's key is pinned: no roster can be signed, so no report can be taken", "`amana keys coordinator` on the coordinator's machine; put the public key into "+filepath.Join(conf.Keys, "coordinator.pub"))
	}
	if f.Held {
		say(failure, "the restored roster waits for the coordinator: nothing is sealed or handed out", "`amana confirm`")
	}
	if len(f.Pending) > 0 {
		say(warning, "keys wait for the coordinator: "+strings.Join(f.Pending, ", "), "`amana confirm`")
	}
	for _, id := range f.Missing {
		say(warning, fmt.Sprintf("%s is in the roster but has no address: notices cannot reach them", id), "`amana invite` with the same -id")
	}
	if len(f.AtDesk) > 0 {
		say(remark, "told of a report only when they look at the desk: "+strings.Join(f.AtDesk, ", ")+". Where nobody else holds it, it waits until somebody looks or a deadline turns to others", "`amana notices -id ID -at mail:NAME@HOST` tells them by mail; `amana invite` with the same -id and -at telegram through the staff bot, under a new key")
	}
	for id, why := range f.Dead {
		say(warning, fmt.Sprintf("notices to %s were given up: %s", id, why), "call them; their deadlines went on to others. `amana notices -id "+id+" -test` tries once more, -at names another way")
	}
	found = append(found, checkWays(conf, f.Told)...)
	found = append(found, checkRoster(f.Roster)...)
	found = append(found, checkKinds(f.Roster)...)
	found = append(found, checkShut(f.Shut)...)
	found = append(found, checkClock(conf, f)...)
	found = append(found, checkRoutes(conf, f.Roster)...)
	found = append(found, checkKeyBackups(conf, f, now)...)
	return append(found, checkGaps(f.Gaps)...)
}

// checkRoutes proves that every combination of answers has its readers, or says where reports would not be taken.
func checkRoutes(conf *config, roster ticket.Roster) (found []finding) {
	if len(roster.Entries) == 0 {
		return []finding{{failure, "", "nobody is in the roster: reports are not taken", "`amana invite`, then `amana confirm`"}}
	}
	p, err := readProfile(conf)
	if err != nil {
		return nil
	}
	m := ticket.Mission{Roster: roster, Routes: conf.routes(p), Clock: conf.clock(p)}
	for _, pr := range m.CheckRoutes(ticket.Lists{Orgs: itemNames(p.Organisations), Areas: itemNames(p.Areas)}) {
		l := warning
		if pr.Fatal {
			l = failure
		}
		at := pr.At
		if at == "" {
			at = "routes"
		}
		found = append(found, finding{l, conf.at(at), pr.What, pr.Hint})
	}
	if !slices.ContainsFunc(roster.Entries, func(e ticket.Entry) bool { return e.Child && e.Usable() && e.Takes(ticket.SEA) }) {
		found = append(found, finding{warning, "", "nobody in the roster is a specialist for children, but children are told that such people read", "`amana invite … -child`"})
	}
	return found
}

// checkKeyBackups warns when the key of this month or the next stands in no backup.
func checkKeyBackups(conf *config, f facts, now time.Time) (found []finding) {
	held := map[string]bool{}
	for _, b := range f.Backups {
		for _, k := range b.Keys {
			held[k] = true
		}
	}
	for _, at := range []time.Time{now, now.AddDate(0, 1, 0)} {
		for _, class := range seal.Classes() {
			if id := string(seal.MonthID(at, class)); !held[id] {
				found = append(found, finding{warning, "", "the key " + id + " stands in no key backup: if this machine is lost, so is every report of that month", "`amana keys backup FILE`"})
			}
		}
	}
	return found
}

// checkDatabase is what a start looks at: all but whether the shelves hold together, which takes as long as reading them
// and is looked at while people are heard already.
func checkDatabase(ctx context.Context, h *house) []finding {
	f, err := quickFacts(ctx, h)
	if err != nil {
		return []finding{{warning, "", "the database could not be looked at: " + err.Error(), "`amana check`"}}
	}
	return checkFacts(h.config, f, h.now())
}

// settleDays is how long the outcome of an update can still be asked for.
func settleDays(now time.Time) kv.Day { return kv.DayOf(now) - 2 }
