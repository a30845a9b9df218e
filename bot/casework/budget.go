package casework

import (
	"sync"
	"time"

	"amana/bot"
	"amana/bot/ticket"
)

// Budget is how much one person may send at once; as much comes back within an hour, a little at a time. Whoever has
// used it up waits minutes for the next, never as long as a draft lives, and nobody else waits for them. It is kept in
// memory: a restart, and the monthly step of the pseudonyms, begin it anew.
type Budget struct {
	Reports int // urgent ones have a budget of their own, as large, so that nothing sent before can refuse the first
	Letters int // further messages under all receipts together, and withdrawals taken back
	ToOne   int // of these, under one receipt
}

// StandardBudget is what a mission gets that sets none. It leaves room for somebody who writes for a whole neighbourhood.
var StandardBudget = Budget{Reports: 6, Letters: 30, ToOne: 10}

// refill is the time in which a budget that is used up is whole again.
const refill = time.Hour

// purse keeps one kind of budget for many. Of each it remembers only when all of it will be back.
type purse[K comparable] struct {
	size  int
	mu    sync.Mutex
	whole map[K]time.Time
	swept time.Time
}

func newPurse[K comparable](size int) *purse[K] {
	return &purse[K]{size: max(size, 1), whole: map[K]time.Time{}}
}

// piece is how long it takes until one more may be sent.
func (p *purse[K]) piece() time.Duration { return refill / time.Duration(p.size) }

// wait says how long it is until one more may be sent. A clock that was set back makes it no longer than a piece.
func (p *purse[K]) wait(k K, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, spent := p.whole[k]
	if !spent {
		return 0
	}
	return max(0, min(at.Sub(now), refill)-refill+p.piece())
}

func (p *purse[K]) spend(k K, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if since := now.Sub(p.swept); since >= refill || since < 0 { // who has it all back is forgotten
		for k, at := range p.whole {
			if !at.After(now) {
				delete(p.whole, k)
			}
		}
		p.swept = now
	}
	at := p.whole[k]
	if at.Before(now) {
		at = now
	}
	if at = at.Add(p.piece()); at.Sub(now) > refill {
		at = now.Add(refill) // nobody owes more than the whole
	}
	p.whole[k] = at
}

// untouched says that nothing of it is spent.
func (p *purse[K]) untouched(k K, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.whole[k].After(now)
}

// purses are the budgets of everybody.
type purses struct {
	reports *purse[reporter]
	letters *purse[bot.Person]
	toOne   *purse[writer]
}

type reporter struct {
	person bot.Person
	urgent bool
}

type writer struct {
	person bot.Person
	box    [16]byte
}

func newPurses(b Budget) purses {
	return purses{newPurse[reporter](b.Reports), newPurse[bot.Person](b.Letters), newPurse[writer](b.ToOne)}
}

func reporterOf(t bot.Turn) reporter {
	c := ticket.Classify(ticket.Kind(t.Filing.Kind), t.Filing.Lang, t.Filing.Facts)
	return reporter{t.Person, c.Urgency == ticket.Urgent}
}

// written gives the mailbox into which a turn writes.
func written(t bot.Turn) (box [16]byte, ok bool) {
	switch {
	case t.Letter != nil:
		return t.Letter.Box, true
	case t.Withdraw != nil:
		return t.Withdraw.Box, true
	}
	return box, false
}

// mustPause says how long a person has to wait before what this turn sends is taken. Nobody waits to withdraw; taking it
// back comes out of the budget, since the two could otherwise follow each other without end.
func (r *Registry) mustPause(t bot.Turn) (wait time.Duration) {
	now := r.Now()
	if t.Filing != nil {
		wait = r.spent.reports.wait(reporterOf(t), now)
	}
	if box, ok := written(t); ok && (t.Withdraw == nil || t.Withdraw.Keep) {
		wait = max(wait, r.spent.letters.wait(t.Person, now), r.spent.toOne.wait(writer{t.Person, box}, now))
	}
	return wait
}

// spend notes what was sent. What was refused, or could not be saved, costs nothing.
func (r *Registry) spend(t bot.Turn) {
	now := r.Now()
	if t.Filing != nil {
		r.spent.reports.spend(reporterOf(t), now)
	}
	if box, ok := written(t); ok {
		r.spent.letters.spend(t.Person, now)
		r.spent.toOne.spend(writer{t.Person, box}, now)
	}
}

// firstUrgent says that a turn sends something urgent, as this person has not done for a while: no crowd turns it away.
func (r *Registry) firstUrgent(t bot.Turn) bool {
	who := reporterOf(t)
	return who.urgent && r.spent.reports.untouched(who, r.Now())
}
