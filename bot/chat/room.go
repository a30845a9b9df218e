package chat

import (
	"context"
	"errors"
	"io"
	"time"

	"amana/bot"
	"amana/bot/directory/tell"
	"amana/bot/flow"
	"amana/bot/guide"
	"amana/bot/speech"
)

// Keeper remembers people between their messages. A turn that it has committed is on disk.
type Keeper interface {
	Recall(context.Context, bot.Incoming) (bot.Recall, error)
	Commit(context.Context, bot.Turn) (bot.Done, error)
	Shown(context.Context, bot.Person, bot.ClosingID) error // zero: all that waits for the person
	Unshown(context.Context) (map[bot.Person][]bot.Closing, error)
}

// Mailroom opens a mailbox with a receipt: bot.ErrSlip if it is no receipt, bot.ErrWrongReceipt if there is none,
// bot.ErrSlow if this person must wait.
type Mailroom interface {
	Open(ctx context.Context, p bot.Person, receipt string) (bot.Mail, error)
}

// Voices keeps the sound of voice messages for as long as somebody drafts. Keep gives the name under which one is found;
// whoever commits a turn that holds the name finds the sound by it.
type Voices interface {
	Keep(ctx context.Context, sound []byte) (name string, err error)
	Has(name string) bool
	Forget(names ...string)
}

// Mission is what a mission says of itself, in the words of a language.
type Mission struct {
	Flows      func() *flow.Set                                        // with the lists of the mission
	Readership func(kind, lang string, facts bot.Facts) bot.Readership // who could read a report
	Label      func(lang, list, item string) (label string, ok bool)   // of a configured list
	Guide      func() *guide.Guide                                     // to the directory in force; nil: there is none
	Words      tell.Words                                              // that say a service; nil: the book
	NoPolice   func(facts bot.Facts) bool                              // whoever has told this is not sent to the police
	Lines      func(lang, area string, facts bot.Facts) []string       // urgent lines, one text each, for somebody who has told this
	Listed     func(lang, list, area string) []string                  // the same of another list, such as remedies
	Values     map[string]string                                       // for placeholders that the profile fills
	Offered    []string                                                // languages, in the mission's order
	Places     map[string]string                                       // words on posters, and the areas they stand for
}

// Options is what a room needs.
type Options struct {
	Book     *speech.Book
	Mission  Mission
	Keeper   Keeper
	Mailroom Mailroom
	Voices   Voices        // nil: no voice messages are taken
	Longest  time.Duration // that a voice message may last, in whole minutes
	Largest  int           // bytes of its sound
	Idle     time.Duration // after which a draft is gone; an hour if zero
	Now      func() time.Time
	Rand     io.Reader

	// Age says how long ago something was that noted the time then, where the clock may have been set since; nil: by Now.
	Age func(then time.Time) time.Duration
}

// Room is where people are heard. It keeps nothing itself and is safe for use by many goroutines.
type Room struct {
	Options
}

// New opens a room.
func New(o Options) *Room {
	if o.Idle == 0 {
		o.Idle = time.Hour
	}
	if o.Age == nil {
		o.Age = func(then time.Time) time.Duration { return o.Now().Sub(then) }
	}
	return &Room{Options: o}
}

// Live says whether a draft, as this room encoded it, is still one: not idle for too long. It is the rule by which
// drafts are swept.
func (r *Room) Live(draft []byte) bool {
	at, err := touchedAt(draft)
	return err == nil && r.Age(at) < r.Idle
}

// Named gives the names of the voice messages that a draft holds, live or not.
func (r *Room) Named(draft []byte) (names []string) {
	if s, err := decodeSession(draft); err == nil {
		names = named(s.state)
	}
	return names
}

// Hear answers one message of a person. With a nil error the turn is on disk.
func (r *Room) Hear(ctx context.Context, in bot.Incoming) (reply bot.Reply, err error) {
	for range mostOvertaken {
		if reply, err = r.hear(ctx, in); !errors.Is(err, bot.ErrOvertaken) {
			break
		}
	}
	return reply, err
}

// mostOvertaken is how often a turn is taken anew because another process has heard the same person meanwhile.
const mostOvertaken = 10

func (r *Room) hear(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	recall, err := r.Keeper.Recall(ctx, in)
	if err != nil {
		return bot.Reply{}, err
	}
	t := &turn{Room: r, in: in, recall: recall, langs: r.Mission.Offered}
	if r.Mission.Guide != nil {
		t.guide = r.Mission.Guide()
	}
	if in.Kind == bot.Left {
		return bot.Reply{}, t.left(ctx)
	}
	t.wake()
	if recall.Seen {
		return t.again(), nil
	}
	return t.hear(ctx)
}

// Delivered says that one closing message of a person has arrived, or never can.
func (r *Room) Delivered(ctx context.Context, p bot.Person, id bot.ClosingID) error {
	return r.Keeper.Shown(ctx, p, id)
}

// Unsent gives the closing messages that a start has to send by itself.
func (r *Room) Unsent(ctx context.Context) ([]bot.Parcel, error) {
	open, err := r.Keeper.Unshown(ctx)
	if err != nil {
		return nil, err
	}
	var out []bot.Parcel
	for p, all := range open {
		for _, c := range all {
			out = append(out, bot.Parcel{Person: p, Address: c.Address, Out: r.receipt(c, "")})
		}
	}
	return out, nil
}
