package outbox

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"amana/bot"
	"amana/bot/speech"
)

// Shelf is where notices lie until they are due.
type Shelf interface {
	Notices(ctx context.Context, limit int) ([]bot.Notice, error)
	NoticeDone(ctx context.Context, n bot.Notice) error
	NoticeLater(ctx context.Context, n bot.Notice, at time.Time, dead bool, why string) error
}

// Clock moves deadlines, and gives the lines whose safe hour has come.
type Clock interface {
	Tick(ctx context.Context) (moved int, err error)
	Nudges(ctx context.Context) ([]bot.Parcel, error)
}

// Carrier is a door: it sends, and says so only when it was sent.
type Carrier interface {
	Send(ctx context.Context, to bot.Address, outs []bot.Outgoing) error
}

// Options is what an outbox needs.
type Options struct {
	Shelf  Shelf
	Clock  Clock
	Staff  Carrier // to focal points
	People Carrier // for nudges
	Book   *speech.Book
	Zone   *time.Location // in which deadlines are written
	Lang   string         // for focal points whose language is not known

	// Gone says of an error that no later try can succeed; After, how long the door asks to wait.
	Gone  func(error) bool
	After func(error) (time.Duration, bool)

	Every time.Duration // how often the shelf is looked at; 2 s if zero
	Beat  time.Duration // how often the clock is moved; 20 s if zero
	Now   func() time.Time
	Log   *slog.Logger
}

// Outbox carries.
type Outbox struct {
	Options
	carried, failed, dead, moved, nudged atomic.Int64
	held                                 map[[16]byte]hold
}

// hold is what this process remembers of a notice that the shelf did not take back, as with a full disk: that it was
// sent, so that nobody gets it again and again, and when it is looked at next.
type hold struct {
	sent  bool
	until time.Time
}

// Counts are sums since the start, without names.
type Counts struct{ Carried, Failed, Dead, Moved, Nudged int64 }

// New makes an outbox; Run sets it going.
func New(o Options) *Outbox {
	if o.Every == 0 {
		o.Every = 2 * time.Second
	}
	if o.Beat == 0 {
		o.Beat = 20 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Outbox{Options: o, held: map[[16]byte]hold{}}
}

// Counts gives what was done so far.
func (o *Outbox) Counts() Counts {
	return Counts{o.carried.Load(), o.failed.Load(), o.dead.Load(), o.moved.Load(), o.nudged.Load()}
}

// page is how many notices are taken from the shelf at once.
const page = 32

// Run carries until ctx ends.
func (o *Outbox) Run(ctx context.Context) {
	look := time.NewTicker(o.Every)
	defer look.Stop()
	var beat time.Time
	for {
		if now := o.Now(); now.Sub(beat) >= o.Beat {
			beat = now
			o.tick(ctx)
		}
		for o.Round(ctx) == page && ctx.Err() == nil {
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

func (o *Outbox) tick(ctx context.Context) {
	moved, err := o.Clock.Tick(ctx)
	o.moved.Add(int64(moved))
	if err != nil && ctx.Err() == nil {
		o.Log.Error("moving deadlines", "error", err)
	}
	lines, err := o.Clock.Nudges(ctx)
	if err != nil && ctx.Err() == nil {
		o.Log.Error("looking for lines whose hour has come", "error", err)
	}
	for _, l := range lines {
		text, err := o.Book.Text(l.Out.Lang, "word.nudge", nil)
		if err != nil || o.People == nil {
			continue
		}
		l.Out.Text = speech.Paragraph(l.Out.Lang, text)
		if o.People.Send(ctx, l.Address, []bot.Outgoing{l.Out}) == nil {
			o.nudged.Add(1)
		}
	}
}

// Round carries what is due now, and gives how many notices it has dealt with. It is not for many goroutines.
func (o *Outbox) Round(ctx context.Context) (done int) {
	notices, err := o.Shelf.Notices(ctx, page)
	if err != nil && ctx.Err() == nil {
		o.Log.Error("looking for notices", "error", err)
	}
	for _, n := range notices {
		if ctx.Err() != nil {
			return 0
		}
		if o.deal(ctx, n) {
			done++
		}
	}
	return done
}

// deal carries one notice and writes down what became of it; it says whether that succeeded.
func (o *Outbox) deal(ctx context.Context, n bot.Notice) bool {
	h, waits := o.held[n.ID]
	if waits && o.Now().Before(h.until) {
		return false
	}
	if !h.sent {
		gone, err := o.carry(ctx, n)
		if ctx.Err() != nil && err != nil {
			return false
		}
		if err != nil {
			return o.later(ctx, n, gone, err)
		}
		o.carried.Add(1)
	}
	if err := o.Shelf.NoticeDone(ctx, n); err != nil {
		o.Log.Error("taking a notice off the shelf; it was sent, and will be sent again after a restart", "error", err)
		o.held[n.ID] = hold{sent: true, until: o.Now().Add(retryShelf)}
		return false
	}
	delete(o.held, n.ID)
	return true
}

var errNoContact = errors.New("nobody knows how to reach this focal point: they have not followed their invitation")

// carry sends one notice; gone says that no later try can succeed.
func (o *Outbox) carry(ctx context.Context, n bot.Notice) (gone bool, err error) {
	if n.Address == "" {
		return false, errNoContact
	}
	if err = o.Staff.Send(ctx, n.Address, []bot.Outgoing{o.word(n)}); err == nil {
		return false, nil
	}
	return o.Gone != nil && o.Gone(err), err
}

// later puts a notice back for another try, or among the dead.
func (o *Outbox) later(ctx context.Context, n bot.Notice, gone bool, why error) bool {
	o.failed.Add(1)
	wait := backoff(n.Tries)
	if o.After != nil {
		if asked, ok := o.After(why); ok {
			wait = max(wait, asked)
		}
	}
	dead := gone || n.Tries+1 >= mostTries
	if dead {
		o.dead.Add(1)
		o.Log.Error("a notice cannot be carried and is given up; see the check", "error", why)
	} else {
		o.Log.Warn("a notice was not carried, trying again", "tries", n.Tries+1, "error", why)
	}
	if err := o.Shelf.NoticeLater(ctx, n, o.Now().Add(wait), dead, why.Error()); err != nil {
		o.Log.Error("putting a notice back", "error", err)
		o.held[n.ID] = hold{until: o.Now().Add(max(wait, retryShelf))}
		return false
	}
	delete(o.held, n.ID)
	return true
}

// retryShelf is how long a notice rests that the shelf would not take back.
const retryShelf = 30 * time.Second

// A notice is tried for about two days: at first after a second, later once an hour.
const (
	firstWait = time.Second
	mostWait  = time.Hour
	mostTries = 60
)

// backoff is how long a notice waits after it was tried so often.
func backoff(tries int) time.Duration {
	if tries > 12 {
		return mostWait
	}
	return min(firstWait<<tries, mostWait)
}
