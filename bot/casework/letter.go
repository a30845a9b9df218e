package casework

import (
	"context"
	"errors"
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
	spoken  spoken
	keys    []string // to which it was sealed
	handed  []string // who is told
	tray    ticket.Tray
	told    burst
	more    tellings // of those who are handed a report that begins again with nobody who counts, or nobody who opens it
	seen    *sight   // of a closed report, which begins again
	at      time.Time
}

// prepareLetter seals a further message to each reader's present confirmed key. Of what is beyond the budget of its sender
// readers are told at the end of the hour, if no notice of an earlier message tells them sooner.
func (r *Registry) prepareLetter(ctx context.Context, l bot.Letter, beyond bool) (out *letter, err error) {
	rep, ref, err := r.byBox(ctx, l.Box)
	if err != nil {
		return nil, err
	}
	to := r.current().Recipients(rep)
	if len(to) == 0 {
		return nil, bot.ErrNoReaders
	}
	now := r.Now()
	message := ticket.Message{ID: rep.ID, Time: now.UTC(), Lang: l.Lang, Text: l.Text}
	out = &letter{Registry: r, ref: ref, handed: rep.Handed(), tray: rep.Tray, at: now, spoken: spoken{shelf: r.Voices}}
	prepared := out
	defer func() {
		if err != nil { // whatever went wrong: what was written for it goes
			prepared.spoken.settle(true)
		}
	}()
	if message.Voices, err = r.speak(l.Voices, to, &out.spoken); err != nil {
		return nil, err
	}
	if out.message, err = r.sealed(to, "", ticket.Inside{Message: &message}, ticket.TypeMessage); err != nil {
		return nil, err
	}
	out.message.Voices = out.spoken.ids
	out.keys, _ = keys(to)
	if out.told, err = r.again(ctx, ref, rep, "message", now); err != nil {
		return nil, err
	}
	if out.more, err = r.tellings(2*seal.MaxReaders, now); err != nil {
		return nil, err
	}
	if rep.State == ticket.Closed {
		seen, err := r.sight(ctx, ref)
		if err != nil {
			return nil, err
		}
		out.seen = &seen
	}
	for i := range out.told.notices {
		if beyond {
			out.told.notices[i].Due = endOf(trayEvery, now)
		}
	}
	return out, nil
}

func (l *letter) write(w *store.Write) error {
	rep, under, err := w.Report(l.ref)
	if err != nil {
		return err
	}
	// Readers may have come or gone since it was sealed: then it is sealed again.
	if now, _ := keys(l.current().Recipients(rep)); !slices.Equal(now, l.keys) || !slices.Equal(rep.Handed(), l.handed) || rep.Tray != l.tray {
		return errStale
	}
	if rep.State == ticket.Closed && l.seen == nil { // it was closed meanwhile
		return errStale
	}
	if err := w.AddMessage(under, rep.ID, l.message); err != nil {
		return err
	}
	next := l.Clock.Wrote(rep, l.at)
	if err := l.put(w, l.ref, under, next, rep); err != nil {
		return err
	}
	if err := l.countSteps(w, under, rep, next, false, l.at); err != nil {
		return err
	}
	if err := l.told.write(w, under); err != nil {
		return err
	}
	if to := l.orphaned(next); len(to) > 0 {
		if err := l.hand(w, l.more, l.ref, under, next, to, "revocation"); err != nil {
			return err
		}
	} else if rep.State == ticket.Closed {
		if to, why := l.stranded(next, *l.seen); why != "" {
			if err := l.bring(w, l.more, l.ref, under, next, *l.seen, to, why); err != nil {
				return err
			}
		}
	}
	return w.Audit(under, rep.ID, store.Entry{
		Day: l.message.Day, Who: "reporter", Did: didWrote, File: store.HashFile(l.message.File),
	})
}

// withdrawal is the request to withdraw a report, or its taking back.
type withdrawal struct {
	*Registry
	ref    store.Ref
	keep   bool
	event  string
	handed []string
	tray   ticket.Tray
	told   burst
	at     time.Time
}

func (r *Registry) prepareWithdraw(ctx context.Context, t bot.Withdraw) (*withdrawal, error) {
	rep, ref, err := r.byBox(ctx, t.Box)
	if err != nil {
		return nil, err
	}
	d := &withdrawal{Registry: r, ref: ref, keep: t.Keep, event: "withdraw", handed: rep.Handed(), tray: rep.Tray, at: r.Now()}
	if t.Keep {
		d.event = "keep"
	}
	d.told, err = r.again(ctx, ref, rep, d.event, d.at)
	return d, err
}

// What the audit chain says of it.
const (
	didWrote    = "wrote"
	didWithdraw = "asked to withdraw"
	didKeep     = "took the withdrawal back"
)

// write lays the withdrawal over the report, or takes it away. To ask for what is so already changes nothing; what can
// no longer be, as taking back a withdrawal that stands, is refused.
func (d *withdrawal) write(w *store.Write) error {
	rep, under, err := w.Report(d.ref)
	if err != nil {
		return err
	}
	if !slices.Equal(rep.Handed(), d.handed) || rep.Tray != d.tray {
		return errStale
	}
	to, did := rep.State.Withdraw(), didWithdraw
	if d.keep {
		to, did = rep.State.Keep(), didKeep
	}
	if to == rep.State {
		if d.keep && to == ticket.Closed {
			return bot.ErrWrongReceipt
		}
		return nil
	}
	next, err := d.Clock.Turn(rep, ticket.ByReporter, to, d.at)
	if errors.Is(err, ticket.ErrMove) {
		return bot.ErrWrongReceipt
	}
	if err != nil {
		return err
	}
	if err := d.put(w, d.ref, under, next, rep); err != nil {
		return err
	}
	if err := d.told.write(w, under); err != nil {
		return err
	}
	return w.Audit(under, rep.ID, store.Entry{Day: store.DayOf(d.at), Who: "reporter", Did: did})
}

// byBox finds the report of an opened mailbox.
func (r *Registry) byBox(ctx context.Context, box [16]byte) (rep ticket.Report, ref store.Ref, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		var found bool
		if ref, found, err = rd.ByMailbox(box); err != nil {
			return err
		}
		if !found {
			return bot.ErrWrongReceipt
		}
		rep, _, err = rd.Report(ref)
		if errors.Is(err, store.ErrMissing) || errors.Is(err, seal.ErrForgotten) {
			return bot.ErrWrongReceipt
		}
		return err
	})
	return rep, ref, err
}
