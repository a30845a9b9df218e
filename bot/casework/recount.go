package casework

import (
	"context"
	"errors"
	"maps"
	"slices"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// MonthCount is what the counters of a month and class say, beside what the reports say that are still there: every report
// walked through again, by its audit chain and its thread.
type MonthCount struct {
	Month    seal.KeyID
	Counters map[string]int // nil: they were forgotten
	Walked   map[string]int // "filed", and each step that a report passes
}

// walkedNames are the counters that the chains and threads of reports tell again. A withdrawal that stands leaves no line
// in a chain, since nobody did anything.
var walkedNames = []string{nFiled, "acknowledged", "referred", "confirmed", "closed", "answered", nReopened}

// Sum gives a counter of both kinds of report, those that are counted by themselves included.
func (m MonthCount) sum(name string) int {
	if name == nFiled {
		return m.Counters[name]
	}
	return m.Counters[name] + m.Counters[nApart+" "+name]
}

// Counted gives a counter and what the reports say in its place. They are the same while no report of the month, and none
// with which anything was done in it, was forgotten or erased.
func (m MonthCount) Counted(name string) (counters, walked int) { return m.sum(name), m.Walked[name] }

// CountedNames lists what Counted can be asked for.
func CountedNames() []string { return slices.Clone(walkedNames) }

// Count counts everything that is there once more. Nothing of it is suppressed, so it must not leave the program: it is
// for the check, which says whether the two agree, and for tests.
func (r *Registry) Count(ctx context.Context) (all []MonthCount, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) (err error) {
		all, err = r.count(rd)
		return err
	})
	return all, err
}

// counting counts once more what the reports say.
type counting struct {
	*Registry
	months map[seal.KeyID]map[string]int
}

func (r *Registry) counting() *counting {
	c := &counting{r, map[seal.KeyID]map[string]int{}}
	for _, id := range r.Store.House().Living() {
		if _, _, ok := id.Month(); ok {
			c.months[id] = map[string]int{}
		}
	}
	return c
}

func (r *Registry) count(rd *store.Read) (all []MonthCount, err error) {
	c := r.counting()
	err = rd.Reports(func(ref store.Ref, rep ticket.Report) error {
		_, under, err := rd.Report(ref)
		if err != nil {
			return err
		}
		chain, err := rd.ReportChain(under, rep.ID)
		if unreadable(err) || errors.Is(err, store.ErrBroken) {
			return nil // the check names it
		}
		if err != nil {
			return err
		}
		thread, err := rd.Thread(under, rep.ID)
		if err != nil && !unreadable(err) {
			return err
		}
		c.walk(rep, chain, thread)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return c.sums(rd)
}

// sums gives what was counted, beside what the counters say.
func (c *counting) sums(rd *store.Read) (all []MonthCount, err error) {
	living := c.Store.House().Living()
	for _, id := range slices.Sorted(maps.Keys(c.months)) {
		m := MonthCount{Month: id, Walked: c.months[id]}
		if slices.Contains(living, id) { // of a month that was forgotten a report may live on that was carried over
			if m.Counters, err = rd.Counts(id); errors.Is(err, seal.ErrForgotten) {
				m.Counters, err = nil, nil
			}
		}
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

func (c *counting) note(day store.Day, class ticket.Class, names ...string) {
	id := seal.MonthID(day.Time(), seal.Class(class))
	if c.months[id] == nil {
		c.months[id] = map[string]int{}
	}
	for _, n := range names {
		c.months[id][n]++
	}
}

// walk goes through the life of a report as its audit chain tells it.
func (c *counting) walk(rep ticket.Report, chain []store.Entry, thread []store.Message) {
	headers := map[string][]byte{} // of answers and notes, by the hash of their file
	for _, m := range thread {
		if m.Kind == ticket.TypeReply || m.Kind == ticket.TypeNote {
			headers[string(store.HashFile(m.File))] = m.Header
		}
	}
	at := ticket.Report{State: ticket.Received, Urgency: rep.Urgency, Class: rep.Class}
	for _, e := range chain {
		next, replied := at, false
		switch e.Did {
		case nFiled:
			c.note(e.Day, rep.Class, nFiled)
			continue
		case "acknowledged":
			next = c.Clock.Acknowledged(at, e.Day.Time())
		case "answered", "note":
			replied = e.Did == "answered"
			next = c.moved(at, headers[string(e.File)], e, replied)
		case "wrote":
			next = c.Clock.Wrote(at, e.Day.Time())
		case didWithdraw:
			next.State = at.State.Withdraw()
		case didKeep:
			next.State = at.State.Keep()
		}
		c.note(e.Day, rep.Class, passed(at.State, next.State, replied)...)
		at = next
	}
}

// moved gives a report after an answer or a note, whose signed header says where it goes.
func (r *Registry) moved(at ticket.Report, header []byte, e store.Entry, replied bool) ticket.Report {
	h, err := seal.ParseHeader(header)
	if err != nil {
		return at
	}
	to, next := ticket.State(h.State), at
	switch {
	case replied && to == "":
		next, err = r.Clock.Answered(at, at.State, e.Day.Time())
	case replied:
		next, err = r.Clock.Answered(at, to, e.Day.Time())
	case to != "":
		next, err = r.Clock.Noted(at, to, e.Day.Time())
	}
	if err != nil {
		return at
	}
	return next
}

// missed says where more happened to reports than was counted. Less is no fault: reports are erased and forgotten, and
// counters are not. Months that began before all of this was counted are left out.
func (c *counting) missed(rd *store.Read) (problems []string, err error) {
	all, err := c.sums(rd)
	for _, m := range all {
		if m.Counters == nil || m.Counters[nEntire] != m.Counters[nFiled] {
			continue
		}
		for _, name := range walkedNames {
			if counters, walked := m.Counted(name); walked > counters {
				problems = append(problems, string(m.Month)+": the reports tell of more than the counters of the month: "+name)
			}
		}
	}
	return problems, err
}
