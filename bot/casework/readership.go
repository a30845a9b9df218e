package casework

import (
	"cmp"
	"slices"
	"time"

	"amana/bot"
	"amana/bot/ticket"
)

// Readership says who could read a report of a kind with the answers given so far, in the words that a person is
// shown: how many people read it at once, and of which organisations; how many could once nobody has acted in time; which
// keys lie apart; and whether people of the accused organisation are among them. Nobody is counted twice.
func (r *Registry) Readership(kind, lang string, facts bot.Facts) bot.Readership {
	m := r.mission()
	c := ticket.Classify(ticket.Kind(kind), lang, facts)
	plan := m.Plan(c)
	out := bot.Readership{Verdict: string(plan.Verdict), Hours: r.within(c)}
	counted := map[string]bool{}
	add := func(to *bot.Circle, person, org string) {
		if counted[person] { // whoever reads and holds a recovery key too is one person
			return
		}
		counted[person] = true
		to.Count++
		if name := r.OrgName(lang, org); !slices.Contains(to.Names, name) {
			to.Names = append(to.Names, name)
		}
	}
	for _, reader := range plan.Readers {
		e, ok := m.Roster.Find(reader.Person)
		if !ok {
			continue
		}
		circle := &out.Later
		if reader.Handed {
			circle = &out.Now
		}
		add(circle, e.ID, e.Org)
		switch name := r.OrgName(lang, e.Org); {
		case e.Org == c.Org:
			out.Inside = true
		case !slices.Contains(out.Outside, name):
			out.Outside = append(out.Outside, name)
		}
	}
	for _, id := range plan.Recovery {
		if e, ok := m.Roster.Find(id); ok {
			add(&out.Spare, cmp.Or(e.Holder, e.ID), e.Org)
		}
	}
	if c.Org != "" && c.Org != ticket.NoOrg {
		out.Accused, out.Apart = r.OrgName(lang, c.Org), c.KeepOut
		if out.Inside && plan.Verdict == ticket.Enough {
			out.Verdict = "mixed"
		}
	}
	for _, names := range [][]string{out.Now.Names, out.Later.Names, out.Spare.Names, out.Outside} {
		slices.Sort(names)
	}
	return out
}

// within gives within how many hours one of the readers has to open a report.
func (r *Registry) within(c ticket.Case) int {
	terms := r.Clock.Normal
	switch {
	case c.Urgency == ticket.Urgent:
		terms = r.Clock.Urgent
	case c.Class == ticket.ClassFeedback:
		terms = r.Clock.Feedback
	}
	return int(terms.Acknowledge / time.Hour)
}
