package casework

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/tally"
	"amana/bot/ticket"
)

// What the counters of a month count. What was not told is not counted: it is what a total has more than its parts.
const (
	nFiled    = "filed"
	nEntire   = "entire" // filed while all of this was counted
	nApart    = "apart"  // filed, and somebody is kept out: see apart
	nReopened = "reopened"
	nSought   = "sought"
	nTook     = "took"
	nInTime   = "in time"

	nWithdrawn = "withdrawn"
)

// everybody stands among those who are kept out of a report for all who do not read it.
const everybody = "*"

// apart says who is kept out of a report: those whom the reporter or a route excluded and those who withdrew themselves,
// and everybody else where the oversight desk reads it alone. Such a report is counted by itself and stands in no list:
// whoever is kept out of it, and sees all others, would find one too many in any total.
func (r *Registry) apart(rep ticket.Report) (who []string) {
	who = slices.Clone(rep.Excluded)
	roster := r.current().Roster
	desk := func(x ticket.Reader) bool {
		e, ok := roster.Find(x.Person)
		return ok && e.OversightDesk()
	}
	other := func(e ticket.Entry) bool { return e.Usable() && e.Role != ticket.Recovery && !rep.IsReader(e.ID) }
	if !slices.ContainsFunc(rep.Readers, func(x ticket.Reader) bool { return !desk(x) }) && slices.ContainsFunc(roster.Entries, other) {
		who = append(who, everybody)
	}
	return who
}

// countedAt gives the month under which something is counted that is done at an instant. It is the month of the deed and
// not of the report, so that the counters of a month never change once it is over.
func (r *Registry) countedAt(at time.Time, under seal.KeyID) seal.KeyID {
	_, class, ok := under.Month()
	month := r.Store.House().Month(at, class)
	if _, err := r.Store.House().MonthMAC(month, "counters"); !ok || err != nil {
		return under // its key was not made, or is gone: no deed fails because it cannot be counted there
	}
	return month
}

// counts says that this machine has the key under which something is to be counted. Nobody is refused help for want of it.
func (r *Registry) counts(under seal.KeyID) bool {
	_, err := r.Store.House().MonthMAC(under, "counters")
	return err == nil
}

// filedCounts gives the counters that a filing moves. Sex and age band are counted together with the kind and with nothing
// else, and the accused category with nothing at all; none of them is ever stored with the report.
func filedCounts(c ticket.Case, p ticket.Plan, out []string) []string {
	names := []string{nFiled, nEntire}
	if len(out) > 0 {
		names = append(names, nApart)
		for _, id := range out {
			names = append(names, nApart+" of "+id)
		}
		return names
	}
	names = append(names, "kind "+string(c.Kind), "urgency "+string(c.Urgency), "language "+c.Lang, "read by "+string(p.Verdict))
	if person := personWord(string(c.Age), c.Sex); person != "" {
		names = append(names, "person "+string(c.Kind)+" "+person)
	}
	if c.Accused != "" {
		names = append(names, "accused "+c.Accused)
	}
	if c.Area != "" {
		names = append(names, "area "+c.Area)
	}
	return names
}

// personWord names a band of persons: by age, by sex, or by both.
func personWord(age, sex string) string { return strings.TrimSpace(age + " " + sex) }

// ranks of the states in which something was done for a report.
var ranks = map[ticket.State]int{ticket.Received: 0, ticket.Read: 1, ticket.Referred: 2, ticket.Confirmed: 3, ticket.Closed: 4}

// steps of a report, as the counters name them, with the clock that each of them stops.
var stepClocks = map[string]ticket.Step{
	"acknowledged": ticket.Acknowledge, "referred": ticket.Refer, "confirmed": ticket.Confirm, "answered": ticket.Answer,
}

// passed names the steps that a report passes by going from one state to another. What is answered at once is acknowledged
// by it, and what is confirmed was referred; a report that is closed need have been neither referred nor confirmed.
func passed(was, next ticket.State, replied bool) (steps []string) {
	was, next = was.Keep(), next.Keep()
	from, to := ranks[was], ranks[next]
	closed := next == ticket.Closed && was != ticket.Closed
	if from == 0 && to > 0 && (replied || !closed) {
		steps = append(steps, "acknowledged")
	}
	if from < 2 && to >= 2 && !closed {
		steps = append(steps, "referred")
	}
	if from < 3 && to == 3 {
		steps = append(steps, "confirmed")
	}
	switch {
	case closed && replied:
		steps = append(steps, "closed")
	case closed:
		steps = append(steps, nWithdrawn)
	case was == ticket.Closed && to < 4:
		steps = append(steps, nReopened)
	}
	if replied {
		steps = append(steps, "answered")
	}
	return steps
}

// countSteps counts what a report passed, and how long it took, by the clocks that it stopped.
func (r *Registry) countSteps(w *store.Write, under seal.KeyID, was, next ticket.Report, replied bool, at time.Time) error {
	steps := passed(was.State, next.State, replied)
	apart := len(r.apart(was)) > 0
	var names []string
	timed := false
	for _, s := range steps {
		if apart {
			names = append(names, nApart+" "+s)
			continue
		}
		names = append(names, s)
		seconds, in, ok := took(was, stepClocks[s], at)
		if !ok && timed && (s == "referred" || s == "confirmed") {
			seconds, in, ok = 0, true, true // its clock would begin where the step before it ended, which is now
		}
		if timed = ok; ok {
			names = append(names, nTook+" "+s+" "+strconv.Itoa(tally.BandOf(seconds)))
		}
		if ok && in {
			names = append(names, nInTime+" "+s)
		}
	}
	return w.Count(r.countedAt(at, under), names...)
}

// took says how long a clock of a report has run, and whether it is still in time. Without a clock nothing is known.
func took(rep ticket.Report, s ticket.Step, at time.Time) (seconds int, in, ok bool) {
	at = at.UTC().Truncate(time.Second)
	for _, d := range rep.Due {
		if d.Step == s && s != "" {
			return int(max(0, at.Sub(d.From)) / time.Second), !at.After(d.At), true
		}
	}
	return 0, false, false
}

// soughtCounts gives the counters that a look-up moves which found something.
func soughtCounts(kinds []string, area string) []string {
	names := []string{nSought, nSought + " kind " + cmp.Or(strings.Join(kinds, " "), "any")}
	if area != "" {
		names = append(names, nSought+" area "+area)
	}
	return names
}
