package casework

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Recall gives what is remembered of whoever sent a message.
func (r *Registry) Recall(ctx context.Context, in bot.Incoming) (out bot.Recall, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		out = bot.Recall{}
		found, err := draftsOf(rd, in.Person, in.Was)
		if err != nil {
			return err
		}
		if out.Seen, err = found.seen(rd, r.Now(), in.Mark, in.MarkWas); err != nil {
			return err
		}
		if r.shared() {
			out.From = found.from()
		}
		if out.Draft = found.now.Body; out.Draft == nil {
			out.Draft = found.was.Body
		}
		lostDraft, lostClosing := found.now.Lost || out.Draft == nil && found.was.Lost, false
		for _, p := range []bot.Person{in.Person, in.Was} {
			if p.IsZero() {
				continue
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

// found are the conversations that lie under the two pseudonyms of a person, the present one and the one before.
type found struct{ now, was store.Draft }

func draftsOf(rd *store.Read, now, was bot.Person) (f found, err error) {
	if f.now, err = rd.Draft(now); err != nil || was.IsZero() {
		return f, err
	}
	f.was, err = rd.Draft(was)
	return f, err
}

// from names what a turn begins from. It is the same only while nobody else has taken a turn of this person.
func (f found) from() [32]byte {
	h := sha256.New()
	for _, d := range []store.Draft{f.now, f.was} {
		fmt.Fprintf(h, "%t %t %d ", d.Body != nil, d.Lost, len(d.Body))
		h.Write(d.Body)
	}
	return [32]byte(h.Sum(nil))
}

// settles says that one of them is made of an update.
func (f found) settles(m bot.Mark) bool { return f.now.Marked(m) || f.was.Marked(m) }

// seen says whether an update was committed, whichever of its two marks it left.
func (f found) seen(rd *store.Read, now time.Time, marks ...bot.Mark) (bool, error) {
	today, oldest := store.DayOf(now), store.DayOf(now.Add(-markLives))
	for _, m := range marks {
		if m.IsZero() {
			continue
		}
		if f.settles(m) {
			return true, nil
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

// prepared is how often a turn is prepared anew because somebody changed the report in between, or because nobody knows what
// became of it; clearUp is how long the latter may take, as somebody waits.
const (
	prepared = 4
	clearUp  = 1500 * time.Millisecond
)

// Commit writes what one message changed. A turn whose update was committed before changes nothing: it is settled,
// and the caller answers from the state. Errors: bot.ErrNoReaders, bot.ErrTooLong, bot.ErrNoVoice and bot.ErrBusy; bot.Later for a person
// who has sent far more than their budget; bot.ErrWrongReceipt for a mailbox that is gone or a withdrawal that no longer can be;
// bot.ErrNotSaved when nothing was written, bot.ErrPerhaps when nobody knows yet, which bot.ErrOver is too. Any other error leaves that open as well; the
// update mark tells. It is bot.ErrOvertaken where another process has taken a turn of this person since the one was recalled that t comes from.
func (r *Registry) Commit(ctx context.Context, t bot.Turn) (done bot.Done, err error) {
	if wait := r.mustPause(t); wait > 0 {
		return bot.Done{}, bot.Later{Wait: wait}
	}
	stands, giveBack := r.takeIn(t)
	var doubt error // of an attempt of which nobody knows what became of it
	within := ctx
	for range prepared {
		done, err = r.commit(within, t, stands)
		unknown := errors.Is(err, store.ErrUnknown) && marked(t)
		if unknown && doubt == nil {
			doubt = err
			var end context.CancelFunc
			within, end = context.WithTimeout(ctx, clearUp)
			defer end()
		}
		if again := errors.Is(err, errStale) || unknown && within.Err() == nil; !again {
			break
		}
	}
	if doubt != nil && err != nil && !errors.Is(err, errRepeat) && !errors.Is(err, bot.ErrOvertaken) && !errors.Is(err, bot.ErrOver) {
		err = doubt // what a later attempt met says nothing of that one
	}
	switch {
	case err == nil:
		r.spend(t)
		if stands == aside {
			r.trayed.Add(1)
		}
		return done, nil
	case errors.Is(err, store.ErrUnknown), errors.Is(err, bot.ErrOver):
		return bot.Done{}, fmt.Errorf("writing a turn: %w: %w", bot.ErrPerhaps, err)
	}
	giveBack()
	switch {
	case errors.Is(err, errRepeat):
		return bot.Done{}, nil
	case errors.Is(err, bot.ErrOvertaken), errors.Is(err, bot.ErrWrongReceipt), errors.Is(err, bot.ErrNoReaders), errors.Is(err, bot.ErrTooLong),
		errors.Is(err, bot.ErrBusy), errors.Is(err, bot.ErrNoVoice):
		return bot.Done{}, err
	}
	return bot.Done{}, fmt.Errorf("writing a turn: %w: %w", bot.ErrNotSaved, err)
}

// marked says that the update mark alone settles an unknown outcome, so that no record of its own is written for it: the
// turn brings no report, letter or withdrawal, and a second try that finds its mark has nothing more to give.
func marked(t bot.Turn) bool {
	return !t.Mark.IsZero() && t.Filing == nil && t.Letter == nil && t.Withdraw == nil
}

func (r *Registry) commit(ctx context.Context, t bot.Turn, stands standing) (done bot.Done, err error) {
	var deeds []func(*store.Write) error
	var said []spoken
	defer func() {
		for _, s := range said { // where nobody knows whether it was written, the sweep finds out
			s.settle(err != nil && !errors.Is(err, store.ErrUnknown))
		}
	}()
	if t.Filing != nil {
		f, err := r.prepareFiling(ctx, t, stands)
		if err != nil {
			return done, err
		}
		done.Receipt, done.Closing, done.Readers = f.receipt.Digits(), f.closing.ID, len(f.report.Handed())
		deeds, said = append(deeds, f.write), append(said, f.spoken)
	}
	if t.Letter != nil {
		l, err := r.prepareLetter(ctx, *t.Letter, r.spent.now.wait(t, r.Now()) > 0)
		if err != nil {
			return done, err
		}
		done.Readers = len(l.handed)
		deeds, said = append(deeds, l.write), append(said, l.spoken)
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
	now := r.Now()
	today := store.DayOf(now)
	sought := r.countedAt(now, r.Store.House().Month(now, seal.Class(ticket.ClassFeedback)))
	err = r.Store.Update(ctx, store.ID(settle), func(w *store.Write) error {
		found, err := draftsOf(&w.Read, t.Person, t.Was)
		if err != nil {
			return err
		}
		if repeat, err := r.repeated(&w.Read, found, t, today); err != nil {
			return err
		} else if repeat {
			return errRepeat
		}
		if t.From != [32]byte{} && t.From != found.from() { // asked second: a draft that this turn wrote is none that overtook it
			return bot.ErrOvertaken
		}
		if err := r.settle(w, found, t, today); err != nil {
			return err
		}
		if t.Gap != nil {
			if err := w.CountGap(r.Now(), strings.Join(t.Gap.Kinds, " "), t.Gap.Area); err != nil {
				return err
			}
		}
		if t.Sought != nil && r.counts(sought) {
			if err := w.Count(sought, soughtCounts(t.Sought.Kinds, t.Sought.Area)...); err != nil {
				return err
			}
		}
		for _, deed := range deeds {
			if err := deed(w); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}

// repeated says that an update was committed before. For a turn that brings nothing of weight it looks only at the days
// on which that can have happened since Recall has looked at all of them.
func (r *Registry) repeated(rd *store.Read, f found, t bot.Turn, today store.Day) (bool, error) {
	if !marked(t) {
		return f.seen(rd, r.Now(), t.Mark)
	}
	if f.settles(t.Mark) {
		return true, nil
	}
	return rd.Marked(t.Mark, today, today-1)
}

// settle writes the draft, or wipes it, and the update mark: with the draft if the turn did nothing but move it, otherwise
// on its own shelf, so that nothing of weight hangs on a draft. What still lies under the pseudonym before is brought to
// the present one, under which the door will say that it was shown.
func (r *Registry) settle(w *store.Write, f found, t bot.Turn, today store.Day) error {
	if !t.Was.IsZero() {
		if err := r.follow(w, f, t, today); err != nil {
			return err
		}
	}
	if t.Draft != nil && marked(t) {
		return w.PutDraft(t.Person, f.now, t.Draft, t.Mark, today)
	}
	if !t.Mark.IsZero() {
		if err := w.PutMark(t.Mark, today); err != nil {
			return err
		}
	}
	if t.Draft != nil {
		return w.PutDraft(t.Person, f.now, t.Draft, bot.Mark{}, today)
	}
	return w.DropDraft(t.Person, f.now, today)
}

func (r *Registry) follow(w *store.Write, f found, t bot.Turn, today store.Day) error {
	if err := w.DropDraft(t.Was, f.was, today); err != nil {
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
