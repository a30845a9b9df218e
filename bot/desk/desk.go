package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// Options fits a desk to a mission.
type Options struct {
	Registry Registry
	Book     *speech.Book
	Offered  []string // languages of the page, the first for whoever has none
	Labels   []string // keys of the texts by which a page names questions and answers of reports
	Lists    Lists    // what the mission's own lists are called; nil: they have no names
	Zone     *time.Location
	Place    Place

	Pages       fs.FS  // index.html, and files with a hash in their names, each beside its gzip
	Placeholder []byte // in their place, where they are not in this program

	Address   string // the public address, such as https://desk.example.org; links and the check of origins need it
	Secure    bool   // it is reached by https alone
	FrameSelf bool   // pages of the same origin may show it in a frame: for the demonstration
	// Entry completes the entry with which somebody is invited, or says why it cannot be; nil: whatever the roster takes.
	Entry func(ticket.Entry) (ticket.Entry, error)
	// Mail gives the place of notices for a mail address, or says why it cannot be one; nil: this mission sends no mail.
	Mail func(address string) (bot.Address, error)
	// Propose gives what waits for the coordinator, where that is more than the registry knows; nil: what it knows.
	Propose func(context.Context) (casework.Proposal, error)
	// Services is the service directory; nil: this desk has none.
	Services Services
	// Gaps gives what people looked for this month and did not find; nil: nobody counts it.
	Gaps func(ctx context.Context, lang string) ([]Gap, error)

	Idle      time.Duration // after which a session ends; 15 minutes if zero
	Patience  time.Duration // how long a question may take, with all that it asks of the registry; 30 seconds if zero
	ReadOuts  int           // reports that one reader can get an hour; 60 if zero
	MaxAnswer int           // bytes of the longest answer file
	Now       func() time.Time
	Rand      io.Reader
	Log       *slog.Logger
}

// Lists gives the names of the mission's lists in a language: list, item, label.
type Lists func(lang string) map[string]map[string]string

// Place is what anybody may know of this desk.
type Place struct {
	Name        string
	Coordinator string // public key that is pinned here; "" if none is
	Demo        bool
	Version     string
	Promised    map[string]int    // urgency: hours within which a report is to be opened, as its reporter was told
	Values      map[string]string // what stands for the placeholders in labels of choices
}

// Desk is an http.Handler, safe for use by many goroutines.
type Desk struct {
	Options
	handler    http.Handler
	sessions   *sessions
	challenges *challenges
	pace       *pace
	words      *Words
	counts     counts
}

// longest is how long a session lives at most, however busy it is.
const longest = 12 * time.Hour

// New makes a desk.
func New(o Options) *Desk {
	o.Idle = cmp.Or(o.Idle, 15*time.Minute)
	o.Patience = cmp.Or(o.Patience, 30*time.Second)
	o.ReadOuts = cmp.Or(o.ReadOuts, 60)
	o.MaxAnswer = cmp.Or(o.MaxAnswer, 64<<10)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	d := &Desk{
		Options: o, sessions: newSessions(o.Idle, o.Now, o.Rand), challenges: newChallenges(o.Now, o.Rand),
		pace: newPace(o.Now, o.ReadOuts), words: NewWords(o.Book, o.Offered, o.Labels, o.Lists),
	}
	d.handler = d.guard(d.mux())
	return d
}

// ServeHTTP answers one request.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.handler.ServeHTTP(w, r) }

// Counts are sums since the start, without names.
type Counts struct {
	SignedIn, Refused int64 // challenges that were answered, and that were answered wrongly or late
	Slowed            int64 // requests that were told to come again
	Opened, Taken     int64 // reports handed out, and files that came back
	Alarms            int64 // readers who asked for more reports than fit into an hour
	Failed            int64 // requests that the program could not answer
}

type counts struct {
	signedIn, refused, slowed, opened, taken, alarms, failed atomic.Int64
}

// Counts gives what was done so far.
func (d *Desk) Counts() Counts {
	c := &d.counts
	return Counts{
		c.signedIn.Load(), c.refused.Load(), c.slowed.Load(), c.opened.Load(), c.taken.Load(), c.alarms.Load(), c.failed.Load(),
	}
}
