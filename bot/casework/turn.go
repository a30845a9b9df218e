package casework

import (
	"context"
	"errors"
	"fmt"

	"amana/bot"
	"amana/bot/store"
)

// Recall gives what is remembered of whoever sent a message.
func (r *Registry) Recall(ctx context.Context, in bot.Incoming) (out bot.Recall, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		out = bot.Recall{}
		if out.Seen, err = seen(rd, store.DayOf(r.Now()), in.Mark, in.MarkWas); err != nil {
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
			if out.Closing == nil {
				var lost bool
				if out.Closing, lost, err = rd.Closing(p); err != nil {
					return err
				}
				lostClosing = lostClosing || lost
			}
		}
		switch {
		case lostClosing && out.Closing == nil:
			out.Ended = bot.EndedPerhaps
		case lostDraft && out.Draft == nil:
			out.Ended = bot.EndedNothing
		}
		return nil
	})
	return out, err
}

func seen(rd *store.Read, today store.Day, marks ...bot.Mark) (bool, error) {
	for _, m := range marks {
		if m.IsZero() {
			continue
		}
		// A repeat can come until 24 hours after the message: today, yesterday, and the edge of the day before.
		if found, err := rd.Marked(m, today, today-1, today-2); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// errRepeat ends a transaction whose update was committed by an earlier one.
var errRepeat = errors.New("this update was committed before")

// Commit writes what one message changed. A turn whose update was committed before changes nothing: it is settled,
// and the caller answers from the state. Errors: bot.ErrNoReaders, bot.ErrTooLong, bot.ErrWrongReceipt for a mailbox
// that is gone; anything else means that nothing was saved.
func (r *Registry) Commit(ctx context.Context, t bot.Turn) (done bot.Done, err error) {
	var deeds []func(*store.Write) error
	if t.Filing != nil {
		f, err := r.prepareFiling(ctx, t)
		if err != nil {
			return done, err
		}
		done.Receipt, done.Readers = f.receipt.Digits(), len(f.report.Handed())
		deeds = append(deeds, f.write)
	}
	if t.Letter != nil {
		l, err := r.prepareLetter(ctx, *t.Letter)
		if err != nil {
			return done, err
		}
		done.Readers = l.readers
		deeds = append(deeds, l.write)
	}
	if t.Withdraw != nil {
		deeds = append(deeds, r.withdraw(*t.Withdraw))
	}
	settle, err := r.id()
	if err != nil {
		return done, err
	}
	today := store.DayOf(r.Now())
	err = r.Store.Update(ctx, store.ID(settle), func(w *store.Write) error {
		if repeat, err := seen(&w.Read, today, t.Mark); err != nil {
			return err
		} else if repeat {
			return errRepeat
		}
		for _, deed := range deeds {
			if err := deed(w); err != nil {
				return err
			}
		}
		return r.settle(w, t, today)
	})
	switch {
	case errors.Is(err, errRepeat):
		return bot.Done{}, nil
	case err == nil, errors.Is(err, bot.ErrWrongReceipt):
		return done, err
	}
	return bot.Done{}, fmt.Errorf("writing a turn: %w: %w", bot.ErrNotSaved, err)
}

// settle writes the draft, or wipes it, and the update mark.
func (r *Registry) settle(w *store.Write, t bot.Turn, today store.Day) error {
	if !t.Was.IsZero() {
		if err := w.DropDraft(t.Was); err != nil {
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
