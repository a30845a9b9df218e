package casework_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/ticket"
)

// The places and organisations of the year. The ministry is the police's own.
var (
	yearAreas = strings.Fields("a1 a2 a3 a4 a5 a6 a7 a8 b1 b2 b3 b4 b5 b6 b7 b8 c1 c2 c3 c4 c5 c6 c7 c8")
	yearOrgs  = []string{"relief", "health", "water", "school", "shelter"}
)

// yearVault is who holds the recovery key.
const yearVault = "vault_0"

// member is somebody of the staff.
type member struct {
	*year
	id, org, door string
	free          time.Weekday // of which, and of the day after it, they do not work
	lazy          bool         // leaves a third of what comes where it is
	away          time.Time
	revoked       bool
}

// people makes the first roster: sixty, of six organisations, told on four ways. In every second area there are two focal
// points, in the others one; each two share a backup, who is the specialist for children. So a report has five or six readers.
func (y *year) people() {
	var roster []ticket.Entry
	add := func(id, org string, role ticket.Role, change func(*ticket.Entry)) {
		e := y.entry(id, org, role)
		if change != nil {
			change(&e)
		}
		roster = append(roster, e)
	}
	for a, area := range yearAreas {
		backup := "bo_" + yearAreas[a-a%2]
		for k := range 2 - a%2 {
			org := yearOrgs[(a+k)%len(yearOrgs)]
			if a == 2 && k == 1 {
				org = "ministry"
			}
			add(fmt.Sprintf("fp_%s_%d", area, k), org, ticket.FocalPoint, func(e *ticket.Entry) {
				e.Areas, e.Backup = []string{area}, backup
			})
		}
		if a%2 == 0 {
			add(backup, yearOrgs[(a+2)%len(yearOrgs)], ticket.Backup, func(e *ticket.Entry) {
				e.Areas, e.Child = yearAreas[a:a+2], true
			})
		}
	}
	for k := range 6 {
		add(fmt.Sprintf("cw_%d", k), yearOrgs[k%len(yearOrgs)], ticket.FocalPoint, func(e *ticket.Entry) {
			e.Kinds, e.Areas = []ticket.Kind{ticket.Support, ticket.Child}, yearAreas[k/2*8:k/2*8+8]
		})
	}
	for k := range 4 {
		add(fmt.Sprintf("co_%d", k), yearOrgs[k], ticket.Coordinator, func(e *ticket.Entry) { e.Areas = yearAreas[k*6 : k*6+6] })
	}
	for k := range 2 {
		add(fmt.Sprintf("ov_%d", k), yearOrgs[k+1], ticket.Oversight, nil)
	}
	add(yearVault, "relief", ticket.Recovery, nil)
	y.sign(roster, "ana", "bea", "bo", "cora", "vault")
	for _, e := range roster {
		if e.Role != ticket.Recovery {
			y.joins(e)
		}
	}
}

// joins makes somebody of the roster a member who is told on some way.
func (y *year) joins(e ticket.Entry) {
	door := []string{"telegram", "telegram", "mail", "telegram", "webhook", "mail"}[len(y.staff)%6]
	y.reach(e.ID, bot.Address(door+":"+e.ID))
	y.staff = append(y.staff, &member{year: y, id: e.ID, org: e.Org, door: door, free: time.Weekday(len(y.staff) % 7), lazy: len(y.staff)%5 == 3})
}

// works gives when somebody gets to something that would take them this long: in their hours, on five days of the week, from
// eight to five, and not while they are away.
func (m *member) works(from time.Time, in time.Duration) time.Time {
	at := from.Add(in)
	if m.away.After(at) {
		at = m.away.Add(in / 4)
	}
	for off := at.Weekday() - m.free; off == 0 || off == 1 || off == -6 || at.Hour() < 8 || at.Hour() >= 17; off = at.Weekday() - m.free {
		at = at.Add(time.Hour)
	}
	return at
}

// gone says that somebody is not there.
func (m *member) gone() bool { return m.revoked || m.away.After(m.now()) }

// staffing is what becomes of the staff: who is away and says so, who is simply not there, and once a month who leaves, who
// joins, and who has lost their key.
func (y *year) staffing() {
	pick := func() *member { return y.staff[y.chance.IntN(len(y.staff))] }
	if m := pick(); y.chance.IntN(3) == 0 && !m.gone() {
		days := 4 + y.chance.IntN(17)
		m.away = y.now().AddDate(0, 0, days)
		if y.chance.IntN(3) > 0 {
			ok(y.t, y.registry.Absent(y.t.Context(), m.id, m.id, ticket.DayOf(m.away)-1))
		}
	}
	if y.now().Day() != 3 {
		return
	}
	if m := pick(); !m.revoked && m.id[:2] == "fp" {
		e, _ := y.registry.Roster().Find(m.id)
		e.ID, e.Name = m.id+"x", m.id+"x"
		e.Key = y.entry(e.ID, e.Org, e.Role).Key
		y.sign([]ticket.Entry{e}, m.id)
		m.revoked, y.shaken[m.id] = true, true
		y.joins(e)
		y.passOn(m)
	}
	if m := pick(); !m.revoked {
		e, _ := y.registry.Roster().Find(m.id)
		e.Key = y.entry(m.id, e.Org, e.Role).Key
		y.sign([]ticket.Entry{e})
		y.shaken[m.id] = true
		y.passOn(nil) // what they alone opened comes to others
	}
}

// passOn takes from somebody who has left what they were at, and notes that what is open may come to others.
func (y *year) passOn(m *member) {
	for _, c := range y.codes {
		c.mu.Lock()
		if m != nil && c.owner == m {
			c.owner = nil
		}
		c.hands = y.now()
		c.mu.Unlock()
	}
}

// told is a notice that has reached somebody. They get to it after some hours, or never.
func (c *matter) told(m *member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.lazy && c.chance.IntN(3) == 0 {
		return
	}
	in := time.Duration(math.Exp(c.chance.NormFloat64()*0.9+0.5) * float64(time.Hour))
	c.later(c, m.works(c.now(), in), func() { c.react(m) })
}

// react is what somebody does who was told: the first acknowledges and takes it on; where something is late another does.
func (c *matter) react(m *member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.gone() || c.state == ticket.Closed || !c.withdrew.IsZero() {
		return
	}
	late := false
	for _, s := range c.due {
		late = late || c.now().After(s.at) && c.now().Sub(c.touched) > oneDay
	}
	if c.owner != nil && !late {
		return
	}
	again, err := c.registry.Acknowledge(c.t.Context(), m.id, c.code)
	if errors.Is(err, casework.ErrUnknown) {
		return // they have stepped back since
	}
	if err != nil || again != (c.state != ticket.Received) {
		c.errorf(c, "%s acknowledges what is %s: again %v, %v", m.id, c.state, again, err)
		return
	}
	if !again {
		c.acks++
		c.sums.acknowledged.Add(1)
		c.turn(ticket.Read)
	}
	c.owner, c.touched = m, c.now()
	c.later(c, m.works(c.now(), time.Duration(1+c.chance.IntN(12))*time.Hour), func() { c.work(m) })
}

// work is one step of whoever has taken it on.
func (c *matter) work(m *member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.owner != m || m.gone() || c.state == ticket.Closed || !c.withdrew.IsZero() {
		return
	}
	ctx := c.t.Context()
	c.touched = c.now()
	again := func(in time.Duration) { c.later(c, m.works(c.now(), in), func() { c.work(m) }) }
	th, reads := c.reads(ctx, m)
	if !reads {
		return
	}
	if th.shut > 0 { // a new key: colleagues are asked to seal it again
		c.sums.lacked.Add(1)
		again(oneDay)
		return
	}
	if th.lacking() {
		if _, err := c.grants(m, th); err != nil {
			c.errorf(c, "%s seals it again: %v", m.id, err)
		}
		c.sums.resealed.Add(1)
	}
	switch roll := c.chance.IntN(100); {
	case roll < 2:
		c.recuses(m)
		return
	case roll < 5 && c.handsOver(m):
		return
	case roll >= 5 && roll < 5+c.size.shares:
		c.shares(m, th)
	}
	kind, to := c.moves()
	if kind == "" {
		again(oneDay)
		return
	}
	if _, err := c.registry.Answer(ctx, m.id, c.writes(m, th, kind, to)); err != nil {
		c.errorf(c, "%s writes a %s to %s: %v", m.id, kind, to, err)
		return
	}
	c.wrote(kind, to)
	if c.state != ticket.Closed {
		again(time.Duration(4+c.chance.IntN(56)) * time.Hour)
	}
}

// moves draws the next step.
func (c *matter) moves() (kind string, to ticket.State) {
	roll := c.chance.IntN(10)
	switch {
	case c.state == ticket.Referred && roll < 6:
		return ticket.TypeNote, ticket.Confirmed
	case c.state == ticket.Referred && roll < 8:
		return "answer", ticket.Confirmed
	case c.state == ticket.Referred:
		return "", ""
	case c.state == ticket.Confirmed && roll < 8:
		return "answer", ticket.Closed
	case c.state == ticket.Confirmed:
		return "answer", ticket.Confirmed
	case c.class == ticket.ClassFeedback && roll < 9, roll < 3:
		return "answer", ticket.Closed
	case roll < 8:
		return ticket.TypeNote, ticket.Referred
	}
	return "answer", ticket.Read
}

// wrote brings the book on after an answer or a note.
func (c *matter) wrote(kind string, to ticket.State) {
	was := c.state
	if to != was {
		c.turn(to)
	}
	if kind == ticket.TypeNote {
		c.notes++
		c.sums.notes.Add(1)
		return
	}
	c.answers++
	c.tallies("answered")
	c.sums.answers.Add(1)
	if to == ticket.Closed {
		c.sums.closed.Add(1)
		return
	}
	c.start(ticket.Answer, 14*oneDay)
}

func (c *matter) recuses(m *member) {
	err := c.registry.Recuse(c.t.Context(), m.id, c.code)
	if errors.Is(err, casework.ErrLastReader) {
		return
	}
	if err != nil {
		c.errorf(c, "%s withdraws from it: %v", m.id, err)
	}
	c.unseen[m.id], c.owner, c.hands = c.now(), nil, c.now()
	c.sums.recused.Add(1)
}

func (c *matter) handsOver(m *member) bool {
	ctx := c.t.Context()
	takers, err := c.registry.Takers(ctx, m.id, c.code)
	if err != nil || len(takers) == 0 {
		return false
	}
	to := takers[c.chance.IntN(len(takers))].Person
	if err := c.registry.HandOver(ctx, m.id, c.code, to); err != nil {
		c.errorf(c, "%s hands it over to %s: %v", m.id, to, err)
		return false
	}
	c.stepped[m.id], c.hands = true, c.now()
	c.sums.handed.Add(1)
	i := slices.IndexFunc(c.staff, func(o *member) bool { return o.id == to })
	c.owner = c.staff[i]
	c.later(c, c.owner.works(c.now(), 4*time.Hour), func() { c.work(c.staff[i]) })
	return true
}

// shares asks a colleague in. Some may not be: it does not exist for them, or there is no room.
func (c *matter) shares(m *member, th thread) {
	with := c.staff[c.chance.IntN(len(c.staff))]
	if with.revoked {
		return
	}
	_, err := c.grants(m, th, with.id)
	var refused casework.Refusal
	switch {
	case errors.As(err, &refused):
	case err != nil:
		c.errorf(c, "%s shares it with %s: %v", m.id, with.id, err)
	case c.hidden(with.id):
		c.errorf(c, "%s shares it with %s, for whom it must not exist", m.id, with.id)
	default:
		delete(c.stepped, with.id)
		c.hands = c.now()
		c.sums.shared.Add(1)
	}
}
