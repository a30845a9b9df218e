package casework

import (
	"context"
	"slices"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// letter is a further message of a reporter, sealed and waiting for its transaction.
type letter struct {
	*Registry
	ref     store.Ref
	message store.Message
	sealed  []string // roster ids to whom it was sealed
	notices []store.Waiting
	readers int
	at      time.Time
}

// prepareLetter seals a further message to each reader's present confirmed key.
func (r *Registry) prepareLetter(ctx context.Context, l bot.Letter) (*letter, error) {
	rep, ref, _, err := r.byBox(ctx, l.Box)
	if err != nil {
		return nil, err
	}
	to := r.current().Recipients(rep)
	if len(to) == 0 {
		return nil, bot.ErrNoReaders
	}
	now := r.Now()
	message := ticket.Message{ID: rep.ID, Time: now.UTC(), Lang: l.Lang, Text: l.Text}
	out := &letter{Registry: r, ref: ref, readers: len(rep.Handed()), at: now}
	if out.message, err = r.sealed(to, "", ticket.Inside{Message: &message}, ticket.TypeMessage); err != nil {
		return nil, err
	}
	_, out.sealed = keys(to)
	out.notices, err = r.notices(ref, rep, "message", rep.Handed(), now)
	return out, err
}

func (l *letter) write(w *store.Write) error {
	rep, under, err := w.Report(l.ref)
	if err != nil {
		return err
	}
	if err := w.AddMessage(under, rep.ID, l.message); err != nil {
		return err
	}
	next := l.Clock.Wrote(rep, l.at)
	if err := l.put(w, l.ref, under, next, rep); err != nil {
		return err
	}
	if err := l.announce(w, under, l.notices); err != nil {
		return err
	}
	return w.Audit(under, rep.ID, store.Entry{
		Day: l.message.Day, Who: "reporter", Did: "wrote", File: store.HashFile(l.message.File),
	})
}

// withdraw asks that a report be withdrawn, or takes the request back. A second request changes nothing.
func (r *Registry) withdraw(t bot.Withdraw) func(*store.Write) error {
	var notices []store.Waiting
	at := r.Now()
	return func(w *store.Write) error {
		ref, found, err := w.ByMailbox(t.Box)
		if err != nil {
			return err
		}
		if !found {
			return bot.ErrWrongReceipt
		}
		rep, under, err := w.Report(ref)
		if err != nil {
			return err
		}
		to, event, did := rep.State.Withdraw(), "withdraw", "asked to withdraw"
		if t.Keep {
			to, event, did = rep.State.Keep(), "keep", "took the withdrawal back"
		}
		if to == rep.State {
			return nil
		}
		next, err := r.Clock.Turn(rep, ticket.ByReporter, to, at)
		if err != nil {
			return err
		}
		if notices == nil { // drawn once, however often the closure runs
			if notices, err = r.notices(ref, rep, event, rep.Handed(), at); err != nil {
				return err
			}
		}
		if err := r.put(w, ref, under, next, rep); err != nil {
			return err
		}
		if err := r.announce(w, under, notices); err != nil {
			return err
		}
		return w.Audit(under, rep.ID, store.Entry{Day: store.DayOf(at), Who: "reporter", Did: did})
	}
}

// byBox finds the report of an opened mailbox.
func (r *Registry) byBox(ctx context.Context, box [16]byte) (rep ticket.Report, ref store.Ref, under seal.KeyID, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		var found bool
		if ref, found, err = rd.ByMailbox(box); err != nil {
			return err
		}
		if !found {
			return bot.ErrWrongReceipt
		}
		rep, under, err = rd.Report(ref)
		return err
	})
	return rep, ref, under, err
}

// has says whether a list holds a value.
func has(list []string, v string) bool { return slices.Contains(list, v) }
