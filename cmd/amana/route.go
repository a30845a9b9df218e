package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"amana/bot/sheet"
	"amana/bot/ticket"
)

// routing is what the explanation of a route wants to know of a database.
type routing struct {
	Roster ticket.Roster `json:"roster"`
	Away   []string      `json:"away"` // who is absent today
}

func doRouting(_ context.Context, h *house, _ json.RawMessage) (any, error) {
	r := routing{Roster: h.registry.Roster()}
	for _, e := range r.Roster.Entries {
		if _, away := h.registry.AbsentUntil(e.ID); away {
			r.Away = append(r.Away, e.ID)
		}
	}
	return r, nil
}

// mission gives all that decides who reads, with a roster and everybody there.
func (c *config) mission(p *profile, roster ticket.Roster) ticket.Mission {
	return ticket.Mission{Roster: roster, Routes: c.routes(p), Clock: c.clock(p)}
}

// lists gives the names that answers can take in a mission.
func (c *config) lists(p *profile) ticket.Lists {
	l := ticket.Lists{Orgs: itemNames(p.Organisations), Areas: itemNames(p.Areas)}
	for _, r := range c.Routes {
		for _, t := range r.Langs {
			if !slices.Contains(l.Langs, t) {
				l.Langs = append(l.Langs, t)
			}
		}
	}
	return l
}

// caseAsked is one case, as the flags of the command tell it.
type caseAsked struct {
	path, kind, org, accused, area, lang, age, involved, at string
	urgent, table                                           bool
}

func runRoute(ctx context.Context, c *call) error {
	var a caseAsked
	if _, err := c.flags("route", "", `Explains one case: who would read a report with these answers at once, who waits, who is excluded and why, and when
each deadline turns to whom. What is left out counts as not answered. Nothing is filed and nobody is told.`, func(f *flag.FlagSet) {
		f.StringVar(&a.path, "config", "amana.yaml", "the configuration")
		f.StringVar(&a.kind, "kind", "sea", "what the report is about: sea, trafficking, force, fraud, retaliation, other, support, child, remedy, participation, feedback")
		f.StringVar(&a.org, "org", "", "organisation of the accused, or none")
		f.StringVar(&a.accused, "accused", "", "category of the accused, such as ngo or police")
		f.StringVar(&a.area, "area", "", "area")
		f.StringVar(&a.lang, "lang", "", "language of the reporter")
		f.StringVar(&a.age, "age", "", "adult or under_18")
		f.StringVar(&a.involved, "involved", "no", "who of those who handle reports is involved: no, not_sure, ORGANISATION or ORGANISATION:ROLE")
		f.StringVar(&a.at, "at", "", "when it is filed, such as 2026-11-20T22:30, in the mission's zone; left out: now")
		f.BoolVar(&a.urgent, "urgent", false, "danger now, or harm to a body in the last three days")
		f.BoolVar(&a.table, "table", false, "print the whole table of routes in place of one case, who is involved included")
	}); err != nil {
		return err
	}
	conf, err := readConfig(a.path)
	if err != nil {
		return err
	}
	p, err := readProfile(conf)
	if err != nil {
		return err
	}
	of, at, err := a.read(conf, p, c.clock())
	if err != nil {
		return err
	}
	var r routing
	if err := ask(ctx, conf, "routing", struct{}{}, &r); err != nil {
		return err
	}
	if len(r.Roster.Entries) == 0 {
		return errors.New("nobody is in the roster: `amana invite`, then `amana confirm`")
	}
	m := conf.mission(p, r.Roster)
	if a.table {
		writeTable(c.stdout, m, conf.lists(p), true, 0)
		return nil
	}
	m.Away, m.Off = ticket.Away{}, m.Clock.OffDuty(at)
	for _, id := range r.Away {
		m.Away[id] = true
	}
	explain(c.stdout, m, of, at, conf.zone())
	return nil
}

// read makes the case that the flags tell, or says which of them is no name of the mission.
func (a caseAsked) read(conf *config, p *profile, now time.Time) (of ticket.Case, at time.Time, err error) {
	one := func(flag, value string, names ...string) {
		if value != "" && !slices.Contains(names, value) && err == nil {
			err = usagef("route: %s %q is not known; %s", flag, value, sheet.Known(value, names))
		}
	}
	orgs := itemNames(p.Organisations)
	one("-kind", a.kind, textsOf(ticket.Kinds())...)
	one("-org", a.org, append([]string{ticket.NoOrg}, orgs...)...)
	one("-accused", a.accused, ticket.AccusedCategories()...)
	one("-area", a.area, itemNames(p.Areas)...)
	one("-age", a.age, string(ticket.Adult), string(ticket.Under18))
	of = ticket.Case{Kind: ticket.Kind(a.kind), Org: a.org, Accused: a.accused, Area: a.area, Lang: a.lang, Age: ticket.Age(a.age), Involved: ticket.NotInvolved}
	switch org, role, _ := strings.Cut(a.involved, ":"); a.involved {
	case "", "no":
	case string(ticket.InvolvedNotSure):
		of.Involved = ticket.InvolvedNotSure
	default:
		one("-involved", org, append([]string{"no", "not_sure"}, orgs...)...)
		one("-involved ORGANISATION:", role, itemNames(p.Roles)...)
		of.Involved, of.InvolvedOrg, of.InvolvedRole = ticket.Involved, org, ticket.Role(role)
	}
	if of.Kind.Care() {
		of.Org, of.Accused = ticket.NoOrg, ""
	}
	if of.Kind == ticket.Child && of.Age == ticket.AgeUnknown {
		of.Age = ticket.Under18
	}
	of.Class, of.Child, of.Urgency = of.Kind.Class(), of.Age == ticket.Under18, ticket.Normal
	if a.urgent || of.Child {
		of.Urgency = ticket.Urgent
	}
	if at = now; a.at != "" && err == nil {
		for _, form := range []string{"2006-01-02T15:04", "2006-01-02 15:04", time.RFC3339} {
			if t, bad := time.ParseInLocation(form, a.at, conf.zone()); bad == nil {
				return of, t, nil
			}
		}
		err = usagef("route: -at %q is not a time; write for example 2026-11-20T22:30", a.at)
	}
	return of, at, err
}

func textsOf[T ~string](list []T) (out []string) {
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

// explain writes what becomes of one case.
func explain(out io.Writer, m ticket.Mission, of ticket.Case, at time.Time, zone *time.Location) {
	plan := m.Plan(of)
	fmt.Fprintf(out, "%s, %s\n\n", of, of.Urgency)
	for _, why := range plan.Why {
		fmt.Fprintf(out, "  %s\n", why)
	}
	fmt.Fprintf(out, "  verdict: %s, decided by %s\n\n", plan.Verdict, plan.Rule)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	who := func(what, id string) {
		e, _ := m.Roster.Find(id)
		note := ""
		if m.Away[id] {
			note = "away"
		} else if m.Off[id] {
			note = "not at work at this hour"
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Join([]string{what, id, e.Name, e.Org, string(e.Role), note}, "\t"), "\t"))
	}
	for _, handed := range []bool{true, false} {
		for _, r := range plan.Readers {
			if r.Handed == handed {
				who(map[bool]string{true: "reads at once", false: "waits"}[handed], r.Person)
			}
		}
	}
	for _, id := range plan.Excluded {
		who("excluded", id)
	}
	for _, id := range plan.Recovery {
		who("recovery key", id)
	}
	w.Flush()
	if plan.Verdict == ticket.Nobody {
		fmt.Fprintln(out, "\nnobody reads: the person is shown services and told so")
		return
	}
	r := m.Clock.Filed(ticket.Report{
		Kind: of.Kind, Urgency: of.Urgency, Class: of.Class, State: ticket.Received, Readers: plan.Readers, Excluded: plan.Excluded,
	}, at)
	ladder(out, "filed", m, r, at, zone)
	read := m.Clock.Acknowledged(r, at)
	ladder(out, "if it is acknowledged then", m, only(read, ticket.Refer), at, zone)
	if sent, err := m.Clock.Turn(read, ticket.ByReader, ticket.Referred, at); err == nil {
		ladder(out, "if it is referred then", m, only(sent, ticket.Confirm), at, zone)
	}
	if answered, err := m.Clock.Answered(r, ticket.Read, at); err == nil {
		ladder(out, "if it is answered then, until the next word", m, only(answered, ticket.Answer), at, zone)
	}
}

// only leaves one deadline of a report.
func only(r ticket.Report, step ticket.Step) ticket.Report {
	r.Due = slices.DeleteFunc(slices.Clone(r.Due), func(d ticket.Due) bool { return d.Step != step })
	return r
}

// ladder writes the deadlines of a report and every rung of each, as if nobody did anything.
func ladder(out io.Writer, when string, m ticket.Mission, r ticket.Report, at time.Time, zone *time.Location) {
	form := func(t time.Time) string { return t.In(zone).Format("2006-01-02 15:04 MST") }
	fmt.Fprintf(out, "\n%s on %s\n", when, form(at))
	for _, d := range r.Due {
		fmt.Fprintf(out, "  %s by %s\n", d.Step, form(d.At))
		alone := only(r, d.Step)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		for {
			next, ok := m.Clock.Next(alone)
			if !ok {
				break
			}
			for _, mv := range m.Clock.Due(alone, m.Roster, m.Away, next) {
				what := map[ticket.What]string{ticket.Remind: "reminder", ticket.ToBackup: "to the backup", ticket.ToCoordinator: "to the coordinator", ticket.ToOversight: "to the oversight desk"}[mv.What]
				if len(mv.Hand) == 0 && mv.What != ticket.Remind {
					what = "nobody waits: told again"
				}
				fmt.Fprintf(w, "    %s\t%s\t%s\n", form(mv.At), what, strings.Join(mv.Tell, ", "))
				alone = alone.Apply(mv)
			}
		}
		w.Flush()
	}
}

// mostReadings is how many lines of the table stand in a check; amana route -table prints them all.
const mostReadings = 40

// writeTable prints who reads what, and what the walk over every combination of answers has proved.
func writeTable(out io.Writer, m ticket.Mission, l ticket.Lists, involved bool, most int) {
	lines, proof := m.Readings(l, involved)
	left := 0
	if most > 0 && len(lines) > most {
		left, lines = len(lines)-most, lines[:most]
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "READS AT ONCE\tWAITS\tVERDICT\tDECIDED BY\tWHEN")
	for _, line := range lines {
		var reads, waits []string
		for _, r := range line.Plan.Readers {
			if r.Handed {
				reads = append(reads, r.Person)
			} else {
				waits = append(waits, r.Person)
			}
		}
		list := func(ids []string) string { return cmp.Or(strings.Join(ids, " "), "–") }
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", list(reads), list(waits), line.Plan.Verdict, line.Plan.Rule, line.When)
	}
	w.Flush()
	if left > 0 {
		fmt.Fprintf(out, "… and %d lines more: `amana route -table`\n", left)
	}
	fmt.Fprintf(out, "%d combinations of answers: in %d two people read or more, one of them outside the accused organisation; in %d the oversight desk reads; in %d a request for help finds services alone; in %d nobody reads and the person is told so\n",
		proof.All, proof.Enough, proof.Oversight, proof.Services, proof.Nobody)
}
