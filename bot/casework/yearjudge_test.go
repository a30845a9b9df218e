package casework_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// everyCaseIsWithSomebody looks at all that is open: somebody sees it whose key counts. Of what nobody has opened yet it asks
// that somebody can, once it has lain for three days, or whatever its age; and of what has a reader who got another key or left, or
// is open again, that it still opens, within a day.
func (y *year) everyCaseIsWithSomebody(whatever bool) {
	ok(y.t, y.store.View(y.t.Context(), func(r *store.Read) error {
		roster := y.registry.Roster()
		for _, c := range y.cases {
			if c.code == "" || c.state == ticket.Closed {
				continue
			}
			rep, under, err := r.Report(c.ref)
			if err != nil {
				y.errorf(c, "it cannot be read: %v", err)
				continue
			}
			if !slices.ContainsFunc(rep.Handed(), func(id string) bool {
				e, found := roster.Find(id)
				return found && e.Usable() && !rep.IsExcluded(id)
			}) {
				y.errorf(c, "it is %s, and nobody sees it: %+v", rep.State, rep.Readers)
			}
			if !c.opened && (whatever || y.now().Sub(c.filed) > 3*oneDay) || !c.all || c.again ||
				slices.ContainsFunc(rep.Readers, func(x ticket.Reader) bool { return y.shaken[x.Person] }) {
				c.again = false
				c.opensForSomebody(r, rep, under)
			}
		}
		clear(y.shaken)
		return nil
	}))
}

// judge holds the shelves, the audit chains, the counters and the book against each other.
func (y *year) judge() {
	y.whole()
	y.everyCaseIsWithSomebody(true)
	book, shelf, chains := map[string]int{}, map[string]int{}, map[string]int{}
	for _, c := range y.cases {
		if c.code == "" {
			continue
		}
		if _, _, err := y.view(c); errors.Is(err, store.ErrMissing) || errors.Is(err, seal.ErrForgotten) {
			if c.state != ticket.Closed || y.now().Sub(c.filed) < 60*oneDay {
				y.errorf(c, "it is %s, and was forgotten", c.state)
			}
			y.sums.forgotten.Add(1)
			continue
		}
		if !c.opened {
			y.errorf(c, "nobody has opened it")
		}
		book["filed"]++
		book["kind "+string(c.kind)]++
		book["state "+y.stateOf(c)]++
		book["acknowledged"] += c.acks
		book["answered"] += c.answers
		book["note"] += c.notes
		book["wrote"] += c.letters
		book["handed out"] += c.handouts
	}
	ok(y.t, y.store.View(y.t.Context(), func(r *store.Read) error {
		return r.Reports(func(ref store.Ref, rep ticket.Report) error {
			shelf["filed"]++
			shelf["kind "+string(rep.Kind)]++
			shelf["state "+string(rep.State)]++
			_, under, err := r.Report(ref)
			if err != nil {
				return err
			}
			chain, err := r.ReportChain(under, rep.ID)
			for _, e := range chain {
				did, _, _ := strings.Cut(e.Did, ":")
				chains[did]++
			}
			return err
		})
	}))
	y.sums.escalated.Store(int64(chains["escalated"]))
	same := func(what string, a map[string]int, with string, b map[string]int, names ...string) {
		for _, name := range names {
			if a[name] != b[name] {
				y.t.Errorf("%s: %s says %d, %s says %d", name, what, a[name], with, b[name])
			}
		}
	}
	var kinds, states []string
	for name := range maps.Keys(book) {
		switch {
		case strings.HasPrefix(name, "kind "):
			kinds = append(kinds, name)
		case strings.HasPrefix(name, "state "):
			states = append(states, name)
		}
	}
	same("the book", book, "the shelves", shelf, slices.Concat([]string{"filed"}, kinds, states)...)
	same("the book", book, "the chains", chains, "filed", "acknowledged", "answered", "note", "wrote", "handed out")
	if y.sums.missed.Load() == 0 || y.sums.escalated.Load() == 0 || y.sums.dead.Load() == 0 || y.sums.failed.Load() == 0 || y.sums.resealed.Load() == 0 || y.sums.forgotten.Load() == 0 && y.size.days > 120 {
		y.t.Errorf("a year in which nothing went wrong proves nothing:\n%s", y.figures())
	}
}

// tallies notes in the book what the counters of this month should count.
func (c *matter) tallies(name string) {
	id := seal.MonthID(c.now(), seal.Class(c.class))
	c.year.mu.Lock()
	defer c.year.mu.Unlock()
	if c.months[id] == nil {
		c.months[id] = map[string]int{}
	}
	c.months[id][name]++
}

// counted holds the counters of a month that is over against the reports and their chains, and against the book.
func (y *year) counted(at time.Time) {
	all, err := y.registry.Count(y.t.Context())
	ok(y.t, err)
	looked := 0
	for _, m := range all {
		if m.Month != seal.MonthID(at, "report") && m.Month != seal.MonthID(at, "feedback") {
			continue
		}
		looked++
		for _, name := range casework.CountedNames() {
			counters, walked := m.Counted(name)
			if counters != walked {
				y.t.Errorf("%s, %s: the counters say %d, the reports and their chains %d", m.Month, name, counters, walked)
			}
			y.mu.Lock()
			n := y.months[m.Month][name]
			y.mu.Unlock()
			if known := name == "filed" || name == "answered"; known && n != counters {
				y.t.Errorf("%s, %s: the counters say %d, the book %d", m.Month, name, counters, n)
			}
		}
	}
	if looked != 2 {
		y.t.Errorf("%s: %d months were counted", at.Format("2006-01"), looked)
	}
}

// stateOf is the state of a case as the shelf should have it.
func (y *year) stateOf(c *matter) string {
	if !c.withdrew.IsZero() && c.now().Sub(c.withdrew) >= 7*oneDay {
		return string(ticket.Closed)
	}
	if !c.withdrew.IsZero() {
		return string(c.state.Withdraw())
	}
	return string(c.state)
}

// figures are the sums of the year, a line each.
func (y *year) figures() string {
	var b strings.Builder
	s := &y.sums
	for _, row := range []struct {
		what string
		n    int64
	}{
		{"days", int64(y.size.days)}, {"people of staff", int64(len(y.staff))}, {"reports filed", s.filed.Load()},
		{"of which nobody could be asked to read, and were not taken", s.refused.Load()}, {"acknowledged", s.acknowledged.Load()},
		{"answers", s.answers.Load()}, {"notes", s.notes.Load()}, {"closed with an answer", s.closed.Load()}, {"further messages", s.letters.Load()},
		{"withdrawn", s.withdrawn.Load()}, {"shared", s.shared.Load()}, {"handed over", s.handed.Load()}, {"stepped back from", s.recused.Load()},
		{"sealed again", s.resealed.Load()}, {"of it with the recovery key", s.recovered.Load()}, {"read in vain, for a new key", s.lacked.Load()}, {"deadlines missed", s.missed.Load()}, {"hands made by a clock", s.escalated.Load()},
		{"notices carried", s.carried.Load()}, {"tries that failed", s.failed.Load()}, {"given up", s.dead.Load()}, {"lines to reporters", s.nudges.Load()},
		{"months forgotten, of reports or of feedback", s.months.Load()}, {"reports forgotten with them", s.forgotten.Load()},
	} {
		fmt.Fprintf(&b, "%9d  %s\n", row.n, row.what)
	}
	return b.String()
}
