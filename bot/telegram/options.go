package telegram

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"amana/bot"
)

// Options is what a door needs. Token, Hearer, Names and Words are required; everything else has a default.
type Options struct {
	Token     string            // as the BotFather gave it; its number before the colon names the bot
	API       string            // base URL of the Bot API server; "" is https://api.telegram.org
	Transport http.RoundTripper // nil is HTTP/1.1 with TLS 1.2 or newer
	Log       *slog.Logger      // nil is silence
	Now       func() time.Time  // nil is time.Now; tells ages, never measures waits

	Hearer Hearer
	Route  func(bot.Address, bot.Incoming) Hearer // when set, picks the hearer of each update instead of Hearer
	Closer Closer                                 // nil: nothing has a closing record
	Names  Pseudonyms
	Trail  Trail                  // nil: nothing is ever wiped
	Fetch  func(bot.Address) bool // whose documents are fetched; nil fetches nobody's
	Groups bool                   // the hearer is told how groups are joined, moved and left; else they are refused
	Words  Words
	Faces  []Face // what Telegram shows of the bot, per language; empty leaves it as it is

	Webhook *Webhook // nil: the door asks for updates

	// Office does the work that only one of several processes may do for this bot, under a context that ends when another
	// one has taken it over, and then waits to do it again: asking for updates, and what goes with it. It returns once
	// ctx has ended and the work with it, or with an error of the work. Nil: no other process has this bot.
	Office func(ctx context.Context, work func(context.Context) error) error

	Poll  time.Duration // how long one long poll waits, at most and by default 50 s
	Retry time.Duration // first wait after a failure, doubled up to 30 times as much; default 1 s
	Turn  time.Duration // how long one Hear may take before it counts as failed; default 60 s
	Grace time.Duration // how long Run finishes turns and sends answers after it was told to stop; default 5 s
	Sweep time.Duration // how often old messages are wiped; default 10 min
	Watch time.Duration // how often Telegram is asked about the webhook; default 1 min
	Lanes int           // how many people are heard at the same time; default 256, more than a page of updates
	Rates Rates

	// Alarm is how long something must have failed before Troubles names it; default 3 min, longer than any poll.
	Alarm time.Duration

	// GiveUp is how long one update is tried before it is lost and its person is told so; default 10 min.
	GiveUp time.Duration
}

// Rates bound what is sent, by what Telegram is known to bear.
type Rates struct {
	Chat      float64 // messages, edits and deletions a second in one chat; default 2: an answer is an edit and a message
	ChatBurst int     // at once to one chat; default 8
	All       float64 // calls a second in all; default 30
	AllBurst  int     // at once in all; default 30
}

// Words are the few sentences that the door says when no room can. Each takes a BCP 47 tag, which may be empty or unknown.
type Words struct {
	NotSaved func(lang string) string // this could not be saved yet and is being tried again
	Perhaps  func(lang string) string // nobody knows yet whether this was saved, and it is being found out
	Lost     func(lang string) string // this could not be saved and is tried no longer; the person may say it again
	Group    func(lang string) string // this bot listens in private chats only
}

// Face is what Telegram shows of the bot in one language. An empty field is left as it is.
type Face struct {
	Lang        string // two letters, or "" for everybody else: Telegram knows no other languages here
	Name        string // at most 64 characters
	Description string // at most 512
	Short       string // at most 120
	Commands    []Command
}

// Command is one entry of the command menu.
type Command struct {
	Name string // 1-32 of a-z, 0-9, _
	Text string // 1-256 characters
}

// Hearer is who a door hears for. When Hear returns nil, what it heard is durable, and it must recognise the mark of an
// update that comes again. It is called by several goroutines, for one person by one at a time.
type Hearer interface {
	Hear(context.Context, bot.Incoming) (bot.Reply, error)
}

// Closer keeps the closing records: receipts that have not been shown yet.
type Closer interface {
	// Delivered says that this closing message of the person was sent, or never can be because they left.
	Delivered(context.Context, bot.Person, bot.ClosingID) error
	// Unsent gives the closing messages that a start has to send by itself.
	Unsent(context.Context) ([]bot.Parcel, error)
}

// Pseudonyms turns what Telegram numbers into keyed names; was is the name under the root before, or zero.
type Pseudonyms interface {
	Person(bot.Address) (now, was bot.Person)
	Mark(botID string, update int64) (now, was bot.Mark)
}

// Trail remembers the numbers of messages that can still be deleted.
type Trail interface {
	Note(ctx context.Context, what Trace) error                // added to what is known of that day
	Take(ctx context.Context, who bot.Person) ([]Trace, error) // all of one person; they stay until forgotten
	Forget(ctx context.Context, what Trace) error              // as Take or Due gave it: deleted, or past deleting

	// Due gives what began before a time, the oldest days first and at most limit; it stays until forgotten.
	Due(ctx context.Context, before time.Time, limit int) ([]Trace, error)
}

// Trace is messages of one chat that were noted together or on one day; At is when the earliest was written.
type Trace struct {
	Person  bot.Person
	Address bot.Address
	IDs     []int64
	At      time.Time
	Asked   int64 // the question that was asked last, where other processes have this bot too; 0 if that is not known
}

const (
	defaultAPI  = "https://api.telegram.org"
	scheme      = "telegram:" // of a bot.Address of this door
	longestPoll = 50 * time.Second
)

func (o *Options) fill() {
	if o.API == "" {
		o.API = defaultAPI
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Office == nil {
		o.Office = always
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Poll <= 0 || o.Poll > longestPoll {
		o.Poll = longestPoll
	}
	orDuration(&o.Retry, time.Second)
	orDuration(&o.Turn, time.Minute)
	orDuration(&o.Grace, 5*time.Second)
	orDuration(&o.Sweep, 10*time.Minute)
	orDuration(&o.GiveUp, 10*time.Minute)
	orDuration(&o.Watch, time.Minute)
	orDuration(&o.Alarm, 3*time.Minute)
	if o.Lanes <= 0 {
		o.Lanes = 256
	}
	if o.Rates.Chat <= 0 {
		o.Rates.Chat = 2
	}
	if o.Rates.ChatBurst <= 0 {
		o.Rates.ChatBurst = 8
	}
	if o.Rates.All <= 0 {
		o.Rates.All = 30
	}
	if o.Rates.AllBurst <= 0 {
		o.Rates.AllBurst = 30
	}
}

func orDuration(d *time.Duration, or time.Duration) {
	if *d <= 0 {
		*d = or
	}
}
