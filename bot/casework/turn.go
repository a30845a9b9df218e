package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"amana/bot"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Recall gives what is remembered of whoever sent a message.
func (r *Registry) Recall(ctx context.Context, in bot.Incoming) (out bot.Recall, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		out = bot.Recall{}
		if out.Seen, err = seen(rd, r.Now(), in.Mark, in.MarkWas); err != nil {
			return err
		}
		var lostDraft, lostClosing bool
		for _, p := range []bot.Person{in.Person, in.Was} {
			if p.IsZero() {
				continue
			}
			if out.Draft == nil {
				var lost bool
				if out.Draft, lost, err = rd.Draft(p); err != nil {
					return err
				}
				lostDraft = lostDraft || lost
			}
			all, lost, err := rd.Closing(p)
			if err != nil {
				return err
			}
			out.Closing, lostClosing = append(out.Closing, all...), lostClosing || lost
		}
		if out.Draft == nil && out.Closing == nil && !out.Seen {
			out.Ended = r.ended(in, lostDraft, lostClosing)
		}
		return nil
	})
	return out, err
}

// cutFor is how long after a start somebody who comes back may have been cut off in a draft: as long as a draft lives.
const cutFor = time.Hour

// ended says how the conversation of somebody without one broke off. A reboot takes the pseudonyms with the roots, so
// that nobody can say whose drafts and closing records are left on the shelves: whoever goes on talking soon after it,
// instead of opening the conversation, is taken for one of them.
func (r *Registry) ended(in bot.Incoming, draft, closing bool) bot.Ended {
	since := r.Now().Sub(r.started)
	talks := in.Kind != bot.Start && in.Kind != bot.Left
	switch {
	case closing || talks && r.closed && since < closingLives:
		return bot.EndedPerhaps
	case draft || talks && r.drafted && since < cutFor:
		return bot.EndedNothing
	}
	return bot.EndedNot
}

func seen(rd *store.Read, now time.Time, marks ...bot.Mark) (bool, error) {
	today, oldest := store.DayOf(now), store.DayOf(now.Add(-markLives))
	for _, m := range marks {
		if m.IsZero() {
			continue
		}
		// A repeat can come until 24 hours after the message, which in the first hour of a day is the edge of the day
		// before yesterday. A clock that was set back may have written one tomorrow.
		days := []store.Day{today, today - 1, today + 1}
		if oldest < today-1 {
			days = append(days, oldest)
		}
		if found, err := rd.Marked(m, days...); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// What ends a transaction that must not be committed.
var (
	errRepeat = errors.New("this update was committed before")
	errStale  = errors.New("what was prepared no longer fits") // somebody else changed the report meanwhile
)

// prepared is how often a turn is prepared anew because somebody changed the report in between.
const prepared = 4

// Commit writes what one message changed. A turn whose update was committed before changes nothing: it is settled,
// and the caller answers from the state. Errors: bot.ErrNoReaders, bot.ErrTooLong and bot.ErrBusy; bot.Later for a person
// whose budget is used up; bot.ErrWrongReceipt for a mailbox that is gone or a withdrawal that no longer can be;
// bot.ErrNotSaved when nothing was written. Any other error leaves open whether the turn was written; its update mark
// tells.
func (r *Registry) Commit(ctx context.Context, t bot.Turn) (done bot.Done, err error) {
	if wait := r.mustPause(t); wait > 0 {
		return bot.Done{}, bot.Later{Wait: wait}
	}
	for range prepared {
		done, err = r.commit(ctx, t)
		if again := errors.Is(err, errStale) || errors.Is(err, store.ErrUnknown) && marked(t); !again {
			break
		}
	}
	switch {
	case err == nil:
		r.spend(t)
		return done, nil
	case errors.Is(err, errRepeat):
		return bot.Done{}, nil
	case errors.Is(err, bot.ErrWrongReceipt), errors.Is(err, bot.ErrNoReaders), errors.Is(err, bot.ErrTooLong),
		errors.Is(err, bot.ErrBusy):
		return bot.Done{}, err
	case errors.Is(err, store.ErrUnknown):
		return bot.Done{}, fmt.Errorf("writing a turn: %w", err)
	}
	return bot.Done{}, fmt.Errorf("writing a turn: %w: %w", bot.ErrNotSaved, err)
}

// marked says that the update mark alone settles an unknown outcome, so that no record of its own is written for it: the
// turn brings no report, letter or withdrawal, and a second try that finds its mark has nothing more to give.
func marked(t bot.Turn) bool {
	return !t.Mark.IsZero() && t.Filing == nil && t.Letter == nil && t.Withdraw == nil
}

func (r *Registry) commit(ctx context.Context, t bot.Turn) (done bot.Done, err error) {
	var deeds []func(*store.Write) error
	if t.Filing != nil {
		f, err := r.prepareFiling(ctx, t)
		if err != nil {
			return done, err
		}
		done.Receipt, done.Closing, done.Readers = f.receipt.Digits(), f.closing.ID, len(f.report.Handed())
		deeds = append(deeds, f.write)
	}
	if t.Letter != nil {
		l, err := r.prepareLetter(ctx, *t.Letter)
		if err != nil {
			return done, err
		}
		done.Readers = len(l.handed)
		deeds = append(deeds, l.write)
	}
	if t.Withdraw != nil {
		d, err := r.prepareWithdraw(ctx, *t.Withdraw)
		if err != nil {
			return done, err
		}
		deeds = append(deeds, d.write)
	}
	var settle ticket.ID
	if !marked(t) {
		if settle, err = r.id(); err != nil {
			return done, err
		}
	}
	today := store.DayOf(r.Now())
	return done, r.Store.Update(ctx, store.ID(settle), func(w *store.Write) error {
		if repeat, err := r.repeated(&w.Read, t, today); err != nil {
			return err
		} else if repeat {
			return errRepeat
		}
		if err := r.settle(w, t, today); err != nil {
			return err
		}
		for _, deed := range deeds {
			if err := deed(w); err != nil {
				return err
			}
		}
		return nil
	})
}

// repeated says that an update was committed before. For a turn that brings nothing of weight it looks only at the days
// on which that can have happened since Recall has looked at all of them.
func (r *Registry) repeated(rd *store.Read, t bot.Turn, today store.Day) (bool, error) {
	if marked(t) {
		return rd.Marked(t.Mark, today, today-1)
	}
	return seen(rd, r.Now(), t.Mark)
}

// settle writes the draft, or wipes it, and the update mark. What still lies under the pseudonym before is brought to
// the present one, under which the door will say that it was shown.
func (r *Registry) settle(w *store.Write, t bot.Turn, today store.Day) error {
	if !t.Was.IsZero() {
		if err := r.follow(w, t); err != nil {
			return err
		}
	}
	var err error
	if t.Draft == nil {
		err = w.DropDraft(t.Person)
	} else {
		err = w.PutDraft(t.Person, t.Draft)
	}
	if err != nil || t.Mark.IsZero() {
		return err
	}
	return w.PutMark(t.Mark, today)
}

func (r *Registry) follow(w *store.Write, t bot.Turn) error {
	if err := w.DropDraft(t.Was); err != nil {
		return err
	}
	all, _, err := w.Closing(t.Was)
	if err != nil || all == nil {
		return err
	}
	present, _, err := w.Closing(t.Person)
	if err != nil {
		return err
	}
	if err := w.PutClosing(t.Person, append(all, present...)...); err != nil {
		return err
	}
	return w.PutClosing(t.Was)
}
