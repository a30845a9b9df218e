package desk

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// mostTries is how many people and browsers are remembered who tried to sign in.
	mostTries = 8192
	// tryEvery and triesAtOnce: four times a minute, after eight at once.
	tryEvery    = 15 * time.Second
	triesAtOnce = 8
	// allTries a second are looked at, of everybody together; each costs a look into the database and perhaps a seal.
	allTries = 40
	// knownTries a second are kept for browsers that have signed in since the start, whatever others try.
	knownTries = 10
	// mostKnown is how many of these are remembered.
	mostKnown = 4096
	// inLine is how long somebody waits their turn.
	inLine = 4 * time.Second
)

// pace says who has to wait.
type pace struct {
	now      func() time.Time
	readOuts int
	all      *rate.Limiter
	kept     *rate.Limiter // for those who are known

	mu    sync.Mutex
	known map[[32]byte]bool          // who signed in
	tries map[[32]byte]*rate.Limiter // by person and browser
	reads map[string]*reads
}

// reads is how many reports somebody has got.
type reads struct {
	limit *rate.Limiter
	told  time.Time // when the alarm was given last
}

func newPace(now func() time.Time, readOuts int) *pace {
	return &pace{
		now: now, readOuts: readOuts, all: rate.NewLimiter(allTries, allTries),
		kept: rate.NewLimiter(knownTries, knownTries), known: map[[32]byte]bool{}, tries: map[[32]byte]*rate.Limiter{},
		reads: map[string]*reads{},
	}
}

// enter waits for a place in the line of those who want to come in. It is errSlow for whoever tries too often, and when the
// line is long. What tells one from another is hashed: it is remembered, and may be an id.
//
// A flood of made-up people takes the places of all who are not known yet. Whoever has signed in since the start, by the same
// person and browser, has places of their own: the browser's secret is nothing that a flood could guess.
func (p *pace) enter(ctx context.Context, who ...[]byte) error {
	name := nameOf(who)
	known, may := p.try(name)
	if !may {
		return errSlow
	}
	if known && p.kept.AllowN(p.now(), 1) {
		return nil
	}
	ctx, done := context.WithTimeout(ctx, inLine)
	defer done()
	if p.all.Wait(ctx) != nil {
		return errSlow
	}
	return nil
}

func nameOf(who [][]byte) [32]byte {
	h := sha256.New()
	for _, w := range who {
		sum := sha256.Sum256(w)
		h.Write(sum[:])
	}
	return [32]byte(h.Sum(nil))
}

// entered notes who is known from now on. Somebody of them is forgotten where there are too many.
func (p *pace) entered(name [32]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for other := range p.known {
		if len(p.known) < mostKnown {
			break
		}
		delete(p.known, other)
	}
	p.known[name] = true
}

func (p *pace) try(who [32]byte) (known, may bool) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	known = p.known[who]
	l := p.tries[who]
	if l == nil {
		if len(p.tries) >= mostTries {
			p.forget(now)
		}
		l = rate.NewLimiter(rate.Every(tryEvery), triesAtOnce)
		p.tries[who] = l
	}
	return known, l.AllowN(now, 1)
}

// forget drops those who have waited long enough, and somebody at any rate.
func (p *pace) forget(now time.Time) {
	for who, l := range p.tries {
		if l.TokensAt(now) >= triesAtOnce {
			delete(p.tries, who)
		}
	}
	for who := range p.tries {
		if len(p.tries) < mostTries {
			return
		}
		delete(p.tries, who)
	}
}

// read says whether somebody gets one more report now. Alarm is true the first time in an hour that they do not.
func (p *pace) read(person string) (may, alarm bool) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.reads[person] // only people of the roster come here, so that there are never many
	if r == nil {
		r = &reads{limit: rate.NewLimiter(rate.Limit(float64(p.readOuts)/time.Hour.Seconds()), p.readOuts)}
		p.reads[person] = r
	}
	if r.limit.AllowN(now, 1) {
		return true, false
	}
	if alarm = r.told.IsZero() || now.Sub(r.told) >= time.Hour; alarm {
		r.told = now
	}
	return false, alarm
}
