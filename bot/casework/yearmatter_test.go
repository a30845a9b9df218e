package casework_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// matter is one report of the year, as the book knows it: what was told, what became of it, and what is due when. Nothing
// of it is read from the program but what names the report.
type matter struct {
	*year
	n       int
	chance  *rand.Rand
	sampled bool // all of it is opened by everybody who reads it

	mu            sync.Mutex
	open          onScreen
	opened        bool            // by somebody who reads it
	vault         bool            // the holder of the recovery key was asked
	again         bool            // it was closed, and is open again since all was last looked at
	all           bool            // it was opened by everybody to whom it was sealed, or need not be
	body          *ticket.Body    // once it was opened
	pens          []seal.Identity // of those who wrote about it, where it is not of the sample
	receipt, code string
	ref           store.Ref
	kind          ticket.Kind
	class         ticket.Class
	urgent        bool
	state         ticket.State
	filed         time.Time
	due           map[ticket.Step]span
	owner         *member
	touched       time.Time            // when somebody last did something about it
	hands         time.Time            // when it last changed hands
	unseen        map[string]time.Time // for whom it does not exist, and since when; the zero time is from the beginning
	stepped       map[string]bool      // who has handed it over
	withdrew      time.Time            // zero: it stands

	acks, answers, notes, letters, closings, handouts, kept int
}

// span is a deadline of the book.
type span struct{ from, at time.Time }

// say is what somebody tells: the flow's kind and the facts, and what the book makes of them.
type say struct {
	filed  string
	kind   ticket.Kind
	urgent bool
	unseen func(m *member) bool
	facts  []string
}

func (c *matter) one(of ...string) string { return of[c.chance.IntN(len(of))] }

// tells draws what somebody tells.
func (c *matter) tells() (s say) {
	s.unseen = func(*member) bool { return false }
	s.facts = []string{"area", c.one(yearAreas...)}
	child := c.chance.IntN(8) == 0
	if child {
		s.facts, s.urgent = append(s.facts, "age", "under_18"), true
	}
	if c.chance.IntN(10) == 0 {
		s.facts = append(s.facts, "nudge", "yes", "nudge_hours", c.one("any", "evening", "morning"))
	}
	switch roll := c.chance.IntN(100); {
	case roll < 48:
		s.filed, s.kind = "feedback", ticket.Feedback
		return s
	case roll < 54:
		s.filed, s.kind = "participation", ticket.Participation
		return s
	case roll < 60:
		s.filed, s.kind = "support", ticket.Support
		return s
	case roll < 63:
		s.filed, s.kind, s.urgent = "child", ticket.Child, true
		return s
	}
	s.filed = "sea"
	matters := map[string]ticket.Kind{
		"sexual": ticket.SEA, "trafficking": ticket.Trafficking, "favours": ticket.Fraud, "retaliation": ticket.Retaliation,
		"force": ticket.Force, "other": ticket.Other,
	}
	matter := c.one("sexual", "sexual", "sexual", "favours", "favours", "retaliation", "force", "other", "trafficking")
	s.facts, s.kind = append(s.facts, "matter", matter), matters[matter]
	org := c.one(append([]string{"none", "unknown", "ministry"}, yearOrgs...)...)
	s.facts = append(s.facts, "organisation", org)
	accused := ""
	if matter == "force" {
		accused = c.one("police", "police", "")
	}
	if accused != "" {
		s.facts = append(s.facts, "accused", accused)
	}
	if c.chance.IntN(20) == 0 {
		s.facts, s.urgent = append(s.facts, "danger", "yes"), true
	}
	if matter == "sexual" && c.chance.IntN(6) == 0 {
		s.facts, s.urgent = append(s.facts, "when", "within_72h"), true
	}
	involved := ""
	switch c.chance.IntN(16) {
	case 0:
		involved = c.one(yearOrgs...)
		s.facts = append(s.facts, "involved", "yes", "involved_org", involved, "involved_role", "manager")
	case 1:
		s.facts = append(s.facts, "involved", "not_sure")
	}
	police := accused == "police" || org == "ministry" || matter == "force"
	s.unseen = func(m *member) bool {
		return m.org == involved || police && m.org == "ministry" || accused == "police" && m.org == org
	}
	return s
}

// file sends it.
func (c *matter) file() {
	s := c.tells()
	who := c.mission.chat(c.n)
	t := who.turn()
	t.Filing = &bot.Filing{Flow: s.filed, Kind: s.filed, Lang: c.one("en", "ar", "fr"), Facts: yearFacts(s.facts)}
	done, err := who.commit(t)
	if errors.Is(err, bot.ErrNoReaders) {
		c.sums.refused.Add(1)
		return
	}
	if err != nil || done.Receipt == "" {
		c.errorf(c, "filing: %v", err)
		return
	}
	if err := c.registry.Shown(c.t.Context(), t.Person, done.Closing); err != nil {
		c.errorf(c, "its number was shown: %v", err)
	}
	rep := c.report(done.Receipt)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.receipt, c.code, c.ref = done.Receipt, string(rep.Code), store.RefOf(rep.Day, rep.ID)
	c.kind, c.class, c.urgent, c.state, c.filed = s.kind, s.kind.Class(), s.urgent, ticket.Received, c.now()
	c.due, c.unseen, c.stepped = map[ticket.Step]span{}, map[string]time.Time{}, map[string]bool{}
	for _, m := range c.staff {
		if s.unseen(m) {
			c.unseen[m.id] = time.Time{}
		}
	}
	if rep.Kind != c.kind || (rep.Urgency == ticket.Urgent) != c.urgent || rep.Class != c.class {
		c.errorf(c, "it was told as %s, urgent %v, and filed as %s, %s", c.kind, c.urgent, rep.Kind, rep.Urgency)
	}
	for _, x := range rep.Readers {
		if c.hidden(x.Person) {
			c.errorf(c, "%s reads it, for whom it must not exist", x.Person)
		}
	}
	c.year.mu.Lock()
	c.codes[c.code] = c
	c.year.mu.Unlock()
	c.sums.filed.Add(1)
	c.tallies("filed")
	c.start(ticket.Acknowledge, c.ackTerm())
	c.start(ticket.Answer, 7*oneDay)
	c.returns()
}

// hidden says that it does not exist for somebody.
func (c *matter) hidden(id string) bool {
	_, is := c.unseen[id]
	return is
}

const oneDay = 24 * time.Hour

func (c *matter) ackTerm() time.Duration {
	if c.class == ticket.ClassFeedback && !c.urgent {
		return 3 * oneDay
	}
	return oneDay
}

// returns lets its reporter come back, some of them.
func (c *matter) returns() {
	switch roll := c.chance.IntN(100); {
	case roll < 5:
		c.sampled = true // they read what was answered
		c.later(c, c.now().Add(time.Duration(1+c.chance.IntN(30))*oneDay), c.writesAgain)
	case roll < 7:
		c.later(c, c.now().Add(time.Duration(1+c.chance.IntN(72))*time.Hour), c.withdraws)
	}
}

// start begins a deadline in the book, and looks later whether it was kept.
func (c *matter) start(step ticket.Step, term time.Duration) {
	s := span{c.now().Truncate(time.Second), c.now().Truncate(time.Second).Add(term)}
	c.due[step] = s
	c.watch(step, s)
}

// watch looks three beats after each rung: the program may be one behind, and what is due in the very beat in which a report
// is taken up again is seen in the next. A rung of a report that is taken up again may have been due before it was withdrawn,
// in the beat that the program had not come to: then it is made after it was taken up.
func (c *matter) watch(step ticket.Step, s span) {
	for n, made := range []ticket.Made{ticket.MadeBackup, ticket.MadeCoordinator, ticket.MadeOversight} {
		at := s.from.Add(s.at.Sub(s.from) * time.Duration(n+2) / 2)
		if at.Before(c.now()) {
			at = c.now()
		}
		c.later(c, at.Add(3*c.size.beat), func() { c.missed(step, s, made) })
	}
}

// turn brings the book's state on, with what then is due.
func (c *matter) turn(to ticket.State) {
	c.state = to
	switch to {
	case ticket.Received:
		c.start(ticket.Acknowledge, c.ackTerm())
		c.start(ticket.Answer, 7*oneDay)
	case ticket.Read:
		delete(c.due, ticket.Acknowledge)
		c.start(ticket.Refer, oneDay)
		if _, runs := c.due[ticket.Answer]; !runs {
			c.start(ticket.Answer, 7*oneDay)
		}
	case ticket.Referred:
		delete(c.due, ticket.Acknowledge)
		delete(c.due, ticket.Refer)
		c.start(ticket.Confirm, 3*oneDay)
	case ticket.Confirmed:
		delete(c.due, ticket.Acknowledge)
		delete(c.due, ticket.Refer)
		delete(c.due, ticket.Confirm)
	case ticket.Closed:
		clear(c.due)
		c.open, c.body = onScreen{}, nil
		c.closings++
	}
}

// missed looks at a deadline of the book that has passed: it must stand on the shelf as it stands here, with every rung
// made; and once the last is made, nobody waits who could be asked.
func (c *matter) missed(step ticket.Step, s span, made ticket.Made) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.due[step] != s || !c.withdrew.IsZero() {
		return
	}
	if made == ticket.MadeBackup {
		c.sums.missed.Add(1)
	}
	rep, _, err := c.view(c)
	if err != nil {
		c.errorf(c, "a deadline was missed, and the report cannot be read: %v", err)
		return
	}
	i := slices.IndexFunc(rep.Due, func(d ticket.Due) bool { return d.Step == step })
	if i >= 0 && rep.Due[i].From.After(s.from) && !c.hands.Before(s.from) { // it has changed hands, and has a term anew
		c.due[step] = span{rep.Due[i].From, rep.Due[i].At}
		c.watch(step, c.due[step])
		return
	}
	if i < 0 || !rep.Due[i].From.Equal(s.from) || !rep.Due[i].At.Equal(s.at) || rung(rep.Due[i].Made) < rung(made) {
		c.errorf(c, "%s was due from %v to %v, and stands as %+v", step, s.from, s.at, rep.Due)
		return
	}
	for _, id := range rep.Waiting() {
		e, found := c.registry.Roster().Find(id)
		last := made == ticket.MadeOversight || made == ticket.MadeCoordinator && e.Role != ticket.Oversight
		if last && found && e.Usable() && !c.stepped[id] {
			c.errorf(c, "%s was missed long ago, and %s still waits", step, id)
		}
	}
	c.sums.checked.Add(1)
}

// rung gives the rungs their order.
func rung(made ticket.Made) int {
	return slices.Index([]ticket.Made{ticket.MadeNothing, ticket.MadeReminder, ticket.MadeBackup, ticket.MadeCoordinator, ticket.MadeOversight, ticket.MadeFinal}, made)
}

// writesAgain lets the reporter read the answers and write once more.
func (c *matter) writesAgain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	who := c.mission.chat(c.n)
	mail, err := c.registry.Open(c.t.Context(), who.incoming().Person, c.receipt)
	if err != nil || len(mail.Answers) != c.answers {
		c.errorf(c, "its mailbox has %d answers of %d: %v", len(mail.Answers), c.answers, err)
		return
	}
	t := who.turn()
	t.Letter = &bot.Letter{Box: mail.Box, Text: "It has happened again.", Lang: "en"}
	if _, err := who.commit(t); err != nil {
		c.errorf(c, "writing once more: %v", err)
		return
	}
	c.letters++
	c.sums.letters.Add(1)
	switch at := c.now().Truncate(time.Second).Add(7 * oneDay); {
	case !c.withdrew.IsZero():
	case c.state == ticket.Closed:
		c.owner, c.again = nil, true
		c.turn(ticket.Received)
	case c.due[ticket.Answer].at.After(at):
		c.start(ticket.Answer, 7*oneDay)
	}
}

// withdraws lets the reporter withdraw it, and take that back, some of them.
func (c *matter) withdraws() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == ticket.Closed || !c.asks(false) {
		return
	}
	c.withdrew = c.now()
	c.sums.withdrawn.Add(1)
	if c.chance.IntN(3) == 0 {
		c.later(c, c.now().Add(time.Duration(1+c.chance.IntN(6))*oneDay), func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			if !c.asks(true) {
				return
			}
			waited := c.now().Truncate(time.Second).Sub(c.withdrew.Truncate(time.Second))
			c.withdrew, c.kept = time.Time{}, c.kept+1
			if !c.hands.IsZero() { // a term that began anew when it changed hands stood still as well
				c.hands = c.hands.Add(waited)
			}
			for step, s := range c.due {
				c.due[step] = span{s.from.Add(waited), s.at.Add(waited)}
				c.watch(step, c.due[step])
			}
			if m := c.owner; m != nil {
				c.later(c, m.works(c.now(), time.Hour), func() { c.work(m) })
			}
		})
		return
	}
	c.later(c, c.now().Add(7*oneDay+2*c.size.beat), func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.state, c.withdrew, c.open, c.body = ticket.Closed, time.Time{}, onScreen{}, nil
		clear(c.due)
		if rep, _, err := c.view(c); err != nil || rep.State != ticket.Closed {
			c.errorf(c, "its withdrawal is final, and it is %s: %v", rep.State, err)
		}
	})
}

func (c *matter) asks(keep bool) bool {
	who := c.mission.chat(c.n)
	mail, err := c.registry.Open(c.t.Context(), who.incoming().Person, c.receipt)
	if err == nil {
		t := who.turn()
		t.Withdraw = &bot.Withdraw{Box: mail.Box, Keep: keep}
		_, err = who.commit(t)
	}
	if err != nil {
		c.errorf(c, "withdrawing it, or not (%v): %v", keep, err)
	}
	return err == nil
}

// yearFacts are answers, step and value in turn, and a few words.
func yearFacts(pairs []string) (f bot.Facts) {
	for i := 0; i+1 < len(pairs); i += 2 {
		f = append(f, bot.Fact{Flow: "report", Step: pairs[i], Lang: "en", Values: []string{pairs[i+1]}})
	}
	return append(f,
		bot.Fact{Flow: "report", Step: "story", Lang: "en", Text: strings.Repeat("It was told to me. ", 4)},
		bot.Fact{Flow: "report", Step: "consent_complaint", Lang: "en", Values: []string{"yes"}, Consent: true, Shown: "May this go to them?"},
	)
}
