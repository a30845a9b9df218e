package outbox

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"amana/bot"
	"amana/bot/speech"
)

// Shelf is where notices lie until they are due.
type Shelf interface {
	// Notices gives for each focal point the notice that is due first, at most limit of them, the earliest first. Those
	// for which rest says yes are passed over. It may ask rest more than once about each.
	Notices(ctx context.Context, limit int, rest func(id [16]byte, reader string) bool) ([]bot.Notice, error)
	// NoticeTake says that a notice is for this process to carry, and keeps others from it for at least eight seconds. It is
	// asked before anything is sent, and again while that lasts.
	NoticeTake(ctx context.Context, n bot.Notice) (bool, error)
	// NoticeBack says that this process could not carry it after all, and lets another one do so at once.
	NoticeBack(ctx context.Context, n bot.Notice) error
	// NoticeDone and NoticeLater say what became of it. They change nothing once another process has taken it over.
	NoticeDone(ctx context.Context, n bot.Notice) error
	NoticeLater(ctx context.Context, n bot.Notice, at time.Time, dead bool, why string) error
}

// Clock moves deadlines, and gives the lines whose safe hour has come.
type Clock interface {
	Tick(ctx context.Context) (moved int, err error)
	Nudges(ctx context.Context) ([]bot.Parcel, error)
}

// Carrier is a door: it sends, and says so only when it was sent. It is called by as many goroutines as there are lanes,
// by one at a time for each address.
type Carrier interface {
	Send(ctx context.Context, to bot.Address, outs []bot.Outgoing) error
}

// Notifier is a door that is no chat: it takes a notice as it is, and beside it the words of it in the language of whoever
// it is for. It says that it was sent as a Carrier does.
type Notifier interface {
	Notify(ctx context.Context, n bot.Notice, words bot.Outgoing) error
}

// Options is what an outbox needs.
type Options struct {
	Shelf  Shelf
	Clock  Clock
	Staff  Carrier // to focal points
	People Carrier // for nudges
	// Other gives the door of an address of staff that is no chat; with none, or nil, Staff is sent the words.
	Other func(bot.Address) (Notifier, bool)
	Book  *speech.Book
	Zone  *time.Location // in which deadlines are written
	Lang  string         // for focal points whose language is not known
	// Link gives the address at which a focal point finds a report, to stand below its notice; nil: none does.
	Link func(code string) string

	// Gone says of an error that no later try can succeed; After, how long the door asks to wait. Shut says of one that the
	// door is not open here any more, as when the program ends: nothing was tried then, and the notice stays as it was.
	Gone  func(error) bool
	After func(error) (time.Duration, bool)
	Shut  func(error) bool

	Lanes int           // to how many people something may be on its way at once; 8 if zero
	Every time.Duration // how often the shelf is looked at; 2 s if zero
	Beat  time.Duration // how often the clock is moved; 20 s if zero
	Now   func() time.Time
	Log   *slog.Logger

	// Awake goes on evenly, also while the machine sleeps, and nobody sets it; nil: the time of day, which somebody may.
	Awake func() time.Duration
}

// Outbox carries.
type Outbox struct {
	Options
	carried, failed, dead, moved, nudged atomic.Int64

	lanes sync.WaitGroup
	freed chan struct{} // a lane has become free
	lines chan struct{} // places for lines to people, who hold up no focal point

	mu   sync.Mutex
	busy map[string]bool // readers to whom something is on its way
	held map[[16]byte]hold
	shut map[string]time.Time // readers whose door did not take the last one, and until when the others wait
}

// Counts are sums since the start, without names.
type Counts struct{ Carried, Failed, Dead, Moved, Nudged int64 }

// New makes an outbox; Run sets it going.
func New(o Options) *Outbox {
	if o.Lanes == 0 {
		o.Lanes = 8
	}
	if o.Every == 0 {
		o.Every = 2 * time.Second
	}
	if o.Beat == 0 {
		o.Beat = 20 * time.Second
	}
	if o.Awake == nil {
		begun := time.Now().Round(0)
		o.Awake = func() time.Duration { return time.Now().Round(0).Sub(begun) }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Outbox{
		Options: o, freed: make(chan struct{}, 1), lines: make(chan struct{}, o.Lanes), busy: map[string]bool{},
		held: map[[16]byte]hold{}, shut: map[string]time.Time{},
	}
}

// Counts gives what was done so far.
func (o *Outbox) Counts() Counts {
	return Counts{o.carried.Load(), o.failed.Load(), o.dead.Load(), o.moved.Load(), o.nudged.Load()}
}

// Run carries until ctx ends, and returns when nothing is on its way any more.
func (o *Outbox) Run(ctx context.Context) {
	defer o.lanes.Wait()
	look := time.NewTicker(o.Every)
	defer look.Stop()
	var beat time.Time
	for {
		if now := o.Now(); now.Sub(beat) >= o.Beat || now.Before(beat) {
			beat = now
			o.tick(ctx)
		}
		for ctx.Err() == nil && o.look(ctx) > 0 {
		}
		select {
		case <-ctx.Done():
			return
		case <-o.freed:
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
		o.lanes.Go(func() { o.nudge(ctx, l) })
	}
}

// nudge sends one line. It is off its shelf already, so whatever happens to it now is its end.
func (o *Outbox) nudge(ctx context.Context, l bot.Parcel) {
	select {
	case o.lines <- struct{}{}:
		defer func() { <-o.lines }()
	case <-ctx.Done():
		return
	}
	if o.People.Send(ctx, l.Address, []bot.Outgoing{l.Out}) == nil {
		o.nudged.Add(1)
	}
}

// Round carries to everybody the notice that is due first, waits for them, and gives how many there were. It is for
// whoever does not Run, and not for many goroutines.
func (o *Outbox) Round(ctx context.Context) int {
	n := o.look(ctx)
	o.lanes.Wait()
	return n
}

// look sets going what is due to those to whom nothing is on its way, as far as there are lanes, and gives how many
// notices that is. A notice is looked up just before it goes out, and only one for each reader: what is behind it may no
// longer be theirs by then.
func (o *Outbox) look(ctx context.Context) int {
	o.mu.Lock()
	busy := maps.Clone(o.busy) // before the shelf is read: what arrives meanwhile still lies there for this look
	o.mu.Unlock()
	free := o.Lanes - len(busy)
	if free <= 0 {
		return 0
	}
	notices, err := o.Shelf.Notices(ctx, free, func(id [16]byte, reader string) bool { return busy[reader] || o.rests(id, reader) })
	if err != nil && ctx.Err() == nil {
		o.Log.Error("looking for notices", "error", err)
	}
	for _, n := range notices {
		o.mu.Lock()
		o.busy[n.Reader] = true
		o.mu.Unlock()
		o.lanes.Go(func() {
			defer o.free(n.Reader)
			o.deal(ctx, n)
		})
	}
	return len(notices)
}

// rests says of a notice that it is not to be looked at yet: the shelf did not take it back, or the door to its reader has
// just failed.
func (o *Outbox) rests(id [16]byte, reader string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.Now()
	return now.Before(o.held[id].until) || now.Before(o.shut[reader])
}

func (o *Outbox) free(reader string) {
	o.mu.Lock()
	delete(o.busy, reader)
	o.mu.Unlock()
	select {
	case o.freed <- struct{}{}:
	default: // it is known already
	}
}
