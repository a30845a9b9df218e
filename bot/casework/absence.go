package casework

import (
	"context"
	"maps"
	"time"

	"amana/bot/store"
	"amana/bot/ticket"
)

// absences are the last days on which people are away, by roster id. It is never changed, but swapped whole.
type absences map[string]ticket.Day

// Absent notes that a person is away up to and with a day of the mission's calendar; the zero day, or one that is over,
// that they are there. Whoever is away still reads what is sealed to them and counts as a reader: routing hands a report
// at once to their backup too, and a clock at its first rung. By is who says so: they themselves or a coordinator, which
// whoever asks has looked at. It is ErrUnknown for nobody of the roster.
func (r *Registry) Absent(ctx context.Context, by, person string, until ticket.Day) error {
	if err := r.attend(ctx, person); err != nil {
		return err
	}
	r.settling.Lock()
	defer r.settling.Unlock()
	today := r.today()
	var kept absences
	err := r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		all, err := w.Absences()
		if unreadable(err) { // damaged: it begins anew
			all, err = map[string]ticket.Day{}, nil
		}
		if err != nil {
			return err
		}
		maps.DeleteFunc(all, func(_ string, last ticket.Day) bool { return last < today })
		did := "is there again"
		delete(all, person)
		if until >= today {
			did = "is away until " + until.Time().Format(time.DateOnly)
			all[person] = until
		}
		kept = all
		if err := w.PutAbsences(all); err != nil {
			return err
		}
		return w.AuditShared(store.Entry{Day: store.DayOf(r.Now()), Who: by, Did: did, Whom: person})
	})
	if err == nil {
		err = r.keepAbsences(ctx, kept)
	}
	return err
}

// AbsentUntil gives the last day on which a person is away, if they are.
func (r *Registry) AbsentUntil(person string) (until ticket.Day, away bool) {
	until, away = (*r.absent.Load())[person]
	return until, away && until >= r.today()
}

// away gives who is away today. It may be changed.
func (r *Registry) away() ticket.Away {
	out, today := ticket.Away{}, r.today()
	for id, until := range *r.absent.Load() {
		if until >= today {
			out[id] = true
		}
	}
	return out
}

// today is the day of the mission's calendar.
func (r *Registry) today() ticket.Day {
	y, m, d := r.Now().In(r.Zone).Date()
	return ticket.DayOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

func (r *Registry) recallAbsences(ctx context.Context) error {
	return r.Store.View(ctx, r.absencesOf)
}

func (r *Registry) absencesOf(rd *store.Read) error {
	all, err := rd.Absences()
	if unreadable(err) {
		err = nil // nobody counts as away; the check names the record
	}
	kept := absences(all)
	r.absent.Store(&kept)
	return err
}

// tidyAbsences forgets that somebody is away who is no longer in the roster.
func (r *Registry) tidyAbsences(ctx context.Context) error {
	gone := func(id string, _ ticket.Day) bool {
		e, ok := r.roster.Load().Find(id)
		return !ok || !e.Usable()
	}
	r.settling.Lock()
	defer r.settling.Unlock()
	before := *r.absent.Load()
	kept := maps.Clone(before)
	maps.DeleteFunc(kept, gone)
	if len(kept) == len(before) {
		return nil
	}
	err := r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		all, err := w.Absences()
		if err != nil {
			return err
		}
		maps.DeleteFunc(all, gone)
		kept = all
		return w.PutAbsences(all)
	})
	if err == nil {
		err = r.keepAbsences(ctx, kept)
	}
	return err
}
