package casework

import (
	"bytes"
	"context"
	"slices"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// askToSeal asks, for each reader with a new key, one of those who hold the same report to seal its messages again: the
// new key opens none of them, and nobody here can. How far it came is written with every notice, so that a stop in
// between asks nobody twice and forgets nobody.
func (r *Registry) askToSeal(ctx context.Context) error {
	for {
		var want store.Want
		var refs []store.Ref
		err := r.Store.View(ctx, func(rd *store.Read) error {
			wants, err := rd.Wants()
			if err != nil || len(wants) == 0 {
				return err
			}
			want = wants[0]
			refs, err = rd.OfReader(want.Person)
			return err
		})
		if err != nil || want.Person == "" {
			return err
		}
		slices.SortFunc(refs, func(a, b store.Ref) int { return bytes.Compare(a[:], b[:]) })
		for _, ref := range refs {
			if bytes.Compare(ref[:], want.After) <= 0 {
				continue
			}
			if err := r.askOne(ctx, want, ref); err != nil {
				return err
			}
		}
		err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
			wants, err := w.Wants()
			if err != nil || len(wants) == 0 || wants[0].Person != want.Person || wants[0].Version != want.Version {
				return err
			}
			return w.PutWants(wants[1:])
		})
		if err != nil {
			return err
		}
	}
}

// askOne asks about one report, if there is anything to ask: somebody may have sealed it meanwhile.
func (r *Registry) askOne(ctx context.Context, want store.Want, ref store.Ref) error {
	now := r.Now()
	told, err := r.tellings(seal.MaxReaders, now)
	if err != nil {
		return err
	}
	holders, err := r.holders(ctx, want.Person, ref)
	if err != nil {
		return err
	}
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		wants, err := w.Wants()
		if err != nil || len(wants) == 0 || wants[0].Person != want.Person || wants[0].Version != want.Version {
			return err
		}
		wants[0].After = ref[:]
		if err := w.PutWants(wants); err != nil {
			return err
		}
		rep, under, err := w.Report(ref)
		if unreadable(err) {
			return nil
		}
		if err != nil || !rep.IsReader(want.Person) {
			return err
		}
		at := slices.IndexFunc(holders, func(id string) bool { return ticket.MaySee(rep, id) })
		if at < 0 {
			return r.handToWaiting(w, told, ref, under, rep, holders)
		}
		if err := told.tell(w, ref, under, "reseal", holders[at:at+1]); err != nil {
			return err
		}
		return w.Audit(under, rep.ID, store.Entry{
			Day: store.DayOf(now), Who: "clock", Did: "asked to seal again", Whom: want.Person,
		})
	})
}

// holders gives those whose key opens a report, whoever sees it first, if somebody else lacks any of it.
func (r *Registry) holders(ctx context.Context, person string, ref store.Ref) (out []string, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		out = nil
		rep, under, err := rd.Report(ref)
		if unreadable(err) {
			return nil
		}
		if err != nil {
			return err
		}
		thread, err := rd.Thread(under, rep.ID)
		if err != nil && !unreadable(err) {
			return err
		}
		roster, cover := r.current(), covered(thread)
		me, _ := roster.Find(person)
		if cover.lacks(me.Key) == 0 {
			return nil
		}
		for _, id := range slices.Concat(rep.Handed(), rep.Waiting()) {
			if e, ok := roster.Find(id); ok && id != person && r.active(id) == nil && cover[told(thread)][e.Key] {
				out = append(out, id)
			}
		}
		return nil
	})
	return out, err
}

// handToWaiting brings a report that nobody who sees it opens to those who wait and open it, once no clock does that any more:
// somebody stepped back from it after all rungs were made. Where nobody does a recovery key has to, and the check of the
// mission says who keeps one.
func (r *Registry) handToWaiting(w *store.Write, t tellings, ref store.Ref, under seal.KeyID, rep ticket.Report, open []string) error {
	if _, more := r.Clock.Next(rep); more || rep.State == ticket.Closed {
		return nil
	}
	to := slices.DeleteFunc(rep.Waiting(), func(id string) bool { return rep.IsExcluded(id) || !slices.Contains(open, id) })
	if len(to) == 0 {
		return nil
	}
	return r.hand(w, t, ref, under, rep, to, "new key")
}
