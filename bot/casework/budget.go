package casework

import (
	"cmp"
	"sync"
	"time"

	"amana/bot"
	"amana/bot/ticket"
)

// Budget is how much may come at once; as much comes back within an hour, a little at a time. What one person sends beyond
// it is taken and put aside: reports lie in the low tray, further messages are told of once an hour. Only what is Beyond times
// as much waits, for minutes, and nobody else waits for it. It is kept in memory: a restart, and the monthly step of the
// pseudonyms, begin it anew. What is zero is as in StandardBudget.
type Budget struct {
	Reports int // of one person; urgent ones have a budget of their own, as large, so that nothing sent before touches the first
	Letters int // further messages of one person under all receipts together, and withdrawals taken back
	ToOne   int // of these, under one receipt
	Beyond  int // how many times as much is taken before somebody has to wait

	Mission int // reports of everybody, urgent ones by themselves, of each of which readers are told
	Flood   int // reports a day that are filed beyond one of these budgets, for the sake of the disk
}

// StandardBudget is what a mission gets that sets none. It leaves room for somebody who writes for a whole neighbourhood, and
// for a day on which many have something to tell.
var StandardBudget = Budget{Reports: 6, Letters: 30, ToOne: 10, Beyond: 10, Mission: 60, Flood: 20_000}

func (b Budget) filled() Budget {
	s := StandardBudget
	return Budget{
		cmp.Or(b.Reports, s.Reports), cmp.Or(b.Letters, s.Letters), cmp.Or(b.ToOne, s.ToOne), cmp.Or(b.Beyond, s.Beyond),
		cmp.Or(b.Mission, s.Mission), cmp.Or(b.Flood, s.Flood),
	}
}

// refill is the time in which a budget that is used up is whole again, and a day that for the disk.
const (
	refill = time.Hour
	aDay   = 24 * time.Hour
)

// purse keeps one kind of budget for many. Of each it remembers only when all of it will be back.
type purse[K comparable] struct {
	size  int
	span  time.Duration // in which it is whole again
	mu    sync.Mutex
	whole map[K]time.Time
	swept time.Time
}

func newPurse[K comparable](size int, span time.Duration) *purse[K] {
	return &purse[K]{size: max(size, 1), span: span, whole: map[K]time.Time{}}
}

// piece is how long it takes until one more may be sent.
func (p *purse[K]) piece() time.Duration { return p.span / time.Duration(p.size) }

// wait says how long it is until one more may be sent. A clock that was set back makes it no longer than a piece.
func (p *purse[K]) wait(k K, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, spent := p.whole[k]
	if !spent {
		return 0
	}
	return max(0, min(at.Sub(now), p.span)-p.span+p.piece())
}

func (p *purse[K]) spend(k K, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if since := now.Sub(p.swept); since >= p.span || since < 0 { // who has it all back is forgotten
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
	if at = at.Add(p.piece()); at.Sub(now) > p.span {
		at = now.Add(p.span) // nobody owes more than the whole
	}
	p.whole[k] = at
}

// back undoes what was spent last.
func (p *purse[K]) back(k K) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, spent := p.whole[k]; spent {
		p.whole[k] = at.Add(-p.piece())
	}
}

// untouched says that nothing of it is spent.
func (p *purse[K]) untouched(k K, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.whole[k].After(now)
}

// purses are the budgets of everybody: what is taken at once, what is taken at all, and that of the mission.
type purses struct {
	now, most personal
	mission   *purse[bool] // by whether it is urgent
	flood     *purse[struct{}]
}

// personal are budgets of persons.
type personal struct {
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
	of := func(times int) personal {
		return personal{
			newPurse[reporter](b.Reports*times, refill), newPurse[bot.Person](b.Letters*times, refill), newPurse[writer](b.ToOne*times, refill),
		}
	}
	return purses{of(1), of(b.Beyond), newPurse[bool](b.Mission, refill), newPurse[struct{}](b.Flood, aDay)}
}

// wait says how long it is until the budgets of a person hold what a turn sends.
func (p personal) wait(t bot.Turn, now time.Time) (wait time.Duration) {
	if t.Filing != nil {
		wait = p.reports.wait(reporterOf(t), now)
	}
	if box, ok := written(t); ok {
		wait = max(wait, p.letters.wait(t.Person, now), p.toOne.wait(writer{t.Person, box}, now))
	}
	return wait
}

func (p personal) spend(t bot.Turn, now time.Time) {
	if t.Filing != nil {
		p.reports.spend(reporterOf(t), now)
	}
	if box, ok := written(t); ok {
		p.letters.spend(t.Person, now)
		p.toOne.spend(writer{t.Person, box}, now)
	}
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
// back waits as soon as the first budget is used up, since the two could otherwise follow each other without end.
func (r *Registry) mustPause(t bot.Turn) time.Duration {
	now := r.Now()
	switch {
	case t.Withdraw != nil && !t.Withdraw.Keep:
		return 0
	case t.Withdraw != nil:
		return r.spent.now.wait(t, now)
	}
	wait := r.spent.most.wait(t, now)
	if t.Filing != nil && !r.firstUrgent(t) && r.standing(t) != asUsual {
		wait = max(wait, r.spent.flood.wait(struct{}{}, now))
	}
	return wait
}

// spend notes what one person sent. What was refused, or could not be saved, costs nothing.
func (r *Registry) spend(t bot.Turn) {
	now := r.Now()
	r.spent.now.spend(t, now)
	r.spent.most.spend(t, now)
}

// takeIn says how a report stands, and takes it out of the budgets that everybody shares: before it is filed, since many
// are filed at once. GiveBack undoes that for one that was not filed.
func (r *Registry) takeIn(t bot.Turn) (s standing, giveBack func()) {
	if t.Filing == nil {
		return asUsual, func() {}
	}
	now, urgent := r.Now(), reporterOf(t).urgent
	r.standingOne.Lock()
	defer r.standingOne.Unlock()
	s = r.standing(t)
	if s != aside { // what lies in the tray costs nobody else their notice
		r.spent.mission.spend(urgent, now)
	}
	if s != asUsual {
		r.spent.flood.spend(struct{}{}, now)
	}
	return s, func() {
		if s != aside {
			r.spent.mission.back(urgent)
		}
		if s != asUsual {
			r.spent.flood.back(struct{}{})
		}
	}
}

// firstUrgent says that a turn sends something urgent, as this person has not done for a while: no crowd turns it away.
func (r *Registry) firstUrgent(t bot.Turn) bool {
	who := reporterOf(t)
	return who.urgent && r.spent.now.reports.untouched(who, r.Now())
}
