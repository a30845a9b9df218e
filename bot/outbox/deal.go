package outbox

import (
	"context"
	"errors"
	"time"

	"amana/bot"
)

// hold is what this process remembers of a notice that the shelf did not take back, as with a full disk: that it was
// sent, so that nobody gets it again and again, and when it is looked at next.
type hold struct {
	sent  bool
	until time.Time
}

// hold remembers what the shelf would not take; with none, that it took it.
func (o *Outbox) hold(id [16]byte, h hold) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if h == (hold{}) {
		delete(o.held, id)
		return
	}
	o.held[id] = h
}

// rest lets a notice rest, whatever else is remembered of it.
func (o *Outbox) rest(id [16]byte, until time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	h := o.held[id]
	h.until = until
	o.held[id] = h
}

func (o *Outbox) wasSent(id [16]byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.held[id].sent
}

// deal carries one notice and writes down what became of it. That is written also while the process is told to stop: what
// was sent should not be sent again.
func (o *Outbox) deal(ctx context.Context, n bot.Notice) {
	begun := o.instant()
	switch ours, err := o.Shelf.NoticeTake(ctx, n); {
	case err != nil:
		if ctx.Err() == nil {
			o.Log.Error("taking a notice", "error", err)
			o.rest(n.ID, o.Now().Add(retryShelf))
			if o.wasSent(n.ID) {
				o.rest(n.ID, o.Now().Add(retrySent))
			}
		}
		return
	case !ours:
		o.hold(n.ID, hold{})
		return
	}
	if !o.wasSent(n.ID) {
		way, end := o.keep(ctx, n, begun)
		gone, err := o.carry(way, n)
		lost := way.Err() != nil
		if end(); lost && err != nil {
			if ctx.Err() != nil { // told to stop, and not overtaken
				o.back(ctx, n)
			}
			return
		}
		if err != nil && o.Shut != nil && o.Shut(err) {
			o.back(ctx, n)
			o.hold(n.ID, hold{until: o.Now().Add(retryShelf)})
			return
		}
		if err != nil {
			o.later(context.WithoutCancel(ctx), n, gone, err)
			return
		}
		o.carried.Add(1)
		o.shutUntil(n.Reader, time.Time{})
	}
	if err := o.Shelf.NoticeDone(context.WithoutCancel(ctx), n); err != nil {
		if !o.wasSent(n.ID) {
			o.Log.Error("taking a notice off the shelf; it was sent, and will be sent again after a restart", "error", err)
		}
		o.hold(n.ID, hold{sent: true, until: o.Now().Add(retrySent)})
		return
	}
	o.hold(n.ID, hold{})
}

// back lets another process carry what this one took and could not carry.
func (o *Outbox) back(ctx context.Context, n bot.Notice) {
	if err := o.Shelf.NoticeBack(context.WithoutCancel(ctx), n); err != nil {
		o.Log.Warn("giving a notice back: another process carries it once its claim has ended", "error", err)
	}
}

var errNoContact = errors.New("nobody knows how to reach this focal point: they have not followed their invitation")

// carry sends one notice; gone says that no later try can succeed.
func (o *Outbox) carry(ctx context.Context, n bot.Notice) (gone bool, err error) {
	if n.Address == "" {
		return false, errNoContact
	}
	if err := ctx.Err(); err != nil { // taking it took too long
		return false, err
	}
	if err = o.send(ctx, n); err == nil {
		return false, nil
	}
	return o.Gone != nil && o.Gone(err), err
}

// send brings a notice to its door.
func (o *Outbox) send(ctx context.Context, n bot.Notice) error {
	if o.Other != nil {
		if d, ok := o.Other(n.Address); ok {
			if o.Link != nil && n.Code != "" && n.Event != "proof" {
				n.Link = o.Link(n.Code)
			}
			return d.Notify(ctx, n, o.word(n, true))
		}
	}
	return o.Staff.Send(ctx, n.Address, []bot.Outgoing{o.word(n, false)})
}

// later puts a notice back for another try, or among the dead.
func (o *Outbox) later(ctx context.Context, n bot.Notice, gone bool, why error) {
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
		o.shutUntil(n.Reader, o.Now().Add(min(wait, mostShut)))
	}
	if err := o.Shelf.NoticeLater(ctx, n, o.Now().Add(wait), dead, why.Error()); err != nil {
		o.Log.Error("putting a notice back", "error", err)
		o.hold(n.ID, hold{until: o.Now().Add(max(wait, retryShelf))})
		return
	}
	o.hold(n.ID, hold{})
}

// mostShut is the longest that all notices of a reader wait because one of them was not taken. A door that is down for two
// days is then knocked at by one of them at a time, and the others are not given up for it.
const mostShut = 5 * time.Minute

// shutUntil lets the notices of a reader wait; with no time, no longer.
func (o *Outbox) shutUntil(reader string, until time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if until.IsZero() {
		delete(o.shut, reader)
		return
	}
	o.shut[reader] = until
}

// retryShelf is how long a notice rests that the shelf would not take back, and retrySent one that was sent: another process
// carries it again once nothing is heard of this one.
const (
	retryShelf = 30 * time.Second
	retrySent  = 3 * time.Second
)

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
