package casework

import (
	"context"
	"errors"
	"slices"
	"time"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Tick makes every move whose time has come: reminders, the hand to a backup, to the coordinator, the end of a
// withdrawal; and it asks for what has to be sealed again. It returns how many reports moved. A report that cannot be
// read holds up no other: its error comes at the end. While a restored roster is unconfirmed nothing escalates.
func (r *Registry) Tick(ctx context.Context) (moved int, err error) {
	if r.Held() {
		return 0, nil
	}
	now := r.Now()
	early := r.digest(ctx, now) // first: how long the rest takes says how many reports there are
	due, faults := r.due(ctx, now)
	faults = errors.Join(early, faults)
	for _, ref := range due {
		did, err := r.move(ctx, ref, now)
		if err != nil && !errors.Is(err, store.ErrMissing) && !errors.Is(err, seal.ErrForgotten) {
			faults = errors.Join(faults, err)
		}
		if did {
			moved++
		}
		if ctx.Err() != nil {
			break
		}
	}
	return moved, errors.Join(faults, r.askToSeal(ctx))
}

// due finds the reports in which there is something to do. The index tells days only; the time within the day is looked
// up here, in a view, so that reports which are due later today cost no transaction.
func (r *Registry) due(ctx context.Context, now time.Time) (refs []store.Ref, err error) {
	var faults error
	err = r.Store.View(ctx, func(rd *store.Read) error {
		all, err := rd.DueUntil(store.DayOf(now))
		for _, ref := range all {
			rep, _, err := rd.Report(ref)
			switch {
			case errors.Is(err, store.ErrMissing) || errors.Is(err, seal.ErrForgotten):
			case err != nil:
				faults = errors.Join(faults, err)
			case len(r.Clock.Due(rep, r.current().Roster, nil, now)) > 0: // who is away makes none of them more
				refs = append(refs, ref)
			}
		}
		return err
	})
	return refs, errors.Join(err, faults)
}

// events of a clock, the later ones weightier: whoever has several coming at once, as after a long stop, is told the
// weightiest alone.
var weights = []string{"remind", "report", "late", "withdrawn"}

func event(m ticket.Move, person string) string {
	switch {
	case m.What == ticket.Final:
		return "withdrawn"
	case slices.Contains(m.Hand, person) && !m.Late:
		return "report" // it is theirs from now on, in place of somebody who is away
	case len(m.Hand) > 0 && m.Late:
		return "late"
	}
	return "remind"
}

// move makes the moves of one report, with their notices and their lines in the audit chain.
func (r *Registry) move(ctx context.Context, ref store.Ref, now time.Time) (did bool, err error) {
	told, err := r.tellings(seal.MaxReaders, now)
	if err != nil {
		return false, err
	}
	roster := r.current().Roster
	away, err := r.unavailable(ctx, ref)
	if err != nil {
		return false, err
	}
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		did = false
		rep, under, err := w.Report(ref)
		if err != nil {
			return err
		}
		moves := r.Clock.Due(rep, roster, away, now)
		if did = len(moves) > 0; !did {
			return nil
		}
		next, tell := rep, map[string]string{}
		for _, m := range moves {
			next = next.Apply(m)
			for _, person := range m.Tell {
				if e := event(m, person); slices.Index(weights, e) >= slices.Index(weights, tell[person]) {
					tell[person] = e
				}
			}
			for _, person := range m.Hand {
				if err := w.Audit(under, rep.ID, store.Entry{
					Day: store.DayOf(now), Who: "clock", Did: "escalated: " + string(m.Step), Whom: person,
				}); err != nil {
					return err
				}
			}
		}
		if err := r.put(w, ref, under, next, rep); err != nil {
			return err
		}
		if err := r.countSteps(w, under, rep, next, false, now); err != nil {
			return err
		}
		left := told
		for _, x := range next.Readers { // in their order, so that each run writes the same
			e, ok := tell[x.Person]
			switch {
			case ok && next.Tray != ticket.TrayNone: // a whole tray escalates as one
				if err := r.announce(w, w.House().Standing(), r.gathered(eventTray, trayEvery, []string{x.Person}, now)); err != nil {
					return err
				}
			case ok:
				if left, err = left.rest(w, ref, under, e, []string{x.Person}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return did, err
}
