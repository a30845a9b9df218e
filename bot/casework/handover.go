package casework

import (
	"context"
	"slices"

	"amana/bot/store"
	"amana/bot/ticket"
)

// didHandOver is what the audit chain says of a handing over.
const didHandOver = "handed over"

// HandOver lets a reader step back from a report that a colleague holds and can open to the last message: it stays sealed
// to them, and they neither see it nor are told of it until a clock hands it back, or somebody shares it with them. It is
// ErrLastReader if the colleague does not see it, cannot read all of it, or is away. The colleague is told. After the last
// rung of a deadline they have one fresh term, with all its rungs.
func (r *Registry) HandOver(ctx context.Context, person, code, to string) error {
	if err := r.attend(ctx, person); err != nil {
		return err
	}
	ref, err := r.locate(ctx, person, code)
	if err != nil {
		return err
	}
	at := r.Now()
	told, err := r.tellings(1, at)
	if err != nil {
		return err
	}
	takers, err := r.Takers(ctx, person, code) // in a view: a thread may be longer than an update can touch
	if err != nil {
		return err
	}
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		rep, under, err := visible(&w.Read, person, ref)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(takers, func(t Taker) bool { return t.Person == to }) || !ticket.MaySee(rep, to) || r.active(to) != nil {
			return ErrLastReader
		}
		if err := r.put(w, ref, under, r.Clock.HandedOver(rep, person, at), rep); err != nil {
			return err
		}
		if err := told.tell(w, ref, under, "handed", []string{to}); err != nil {
			return err
		}
		return w.Audit(under, rep.ID, store.Entry{Day: store.DayOf(at), Who: person, Did: didHandOver, Whom: to})
	})
}

// Taker is a colleague to whom a report can be handed over.
type Taker struct{ Person, Name string }

// Takers lists those to whom a person can hand a report over: who see it, are there, and can open all of it.
func (r *Registry) Takers(ctx context.Context, person, code string) (out []Taker, err error) {
	if err := r.attend(ctx, person); err != nil {
		return nil, err
	}
	ref, err := r.locate(ctx, person, code)
	if err != nil {
		return nil, err
	}
	away := r.away()
	err = r.Store.View(ctx, func(rd *store.Read) error {
		out = nil
		rep, under, err := visible(rd, person, ref)
		if err != nil {
			return err
		}
		thread, err := rd.Thread(under, rep.ID)
		if err != nil && !unreadable(err) {
			return err
		}
		cover := covered(thread)
		for _, id := range rep.Handed() {
			e, found := r.current().Find(id)
			if found && id != person && r.active(id) == nil && ticket.MaySee(rep, id) && !away[id] && cover.lacks(e.Key) == 0 {
				out = append(out, Taker{Person: id, Name: e.Name})
			}
		}
		return nil
	})
	return out, err
}

// unavailable gives who cannot be first for a report: whoever is away, and whoever handed it over and has not been handed
// it since. A chain that is damaged holds up no deadline: the check names it.
func (r *Registry) unavailable(ctx context.Context, ref store.Ref) (ticket.Away, error) {
	away := r.away()
	err := r.Store.View(ctx, func(rd *store.Read) error {
		rep, under, err := rd.Report(ref)
		if err != nil {
			return err
		}
		chain, err := rd.ReportChain(under, rep.ID)
		if err != nil {
			return nil
		}
		for _, e := range chain {
			if e.Did == didHandOver {
				away[e.Who] = true
			}
		}
		for _, id := range rep.Handed() {
			if _, said := r.AbsentUntil(id); !said {
				delete(away, id)
			}
		}
		return nil
	})
	return away, err
}
