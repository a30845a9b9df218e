package casework

import (
	"bytes"
	"context"
	"slices"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// askToSeal goes through the reports of each reader who has a new key, and of each who no longer counts: where somebody who
// sees a report lacks some of it, one of those who open it is asked to seal it again; where nobody who sees it opens it, it
// comes to those who wait and do (see bring). Nobody here can open anything for them. How far it came is written with every
// notice, so that a stop in between asks nobody twice and forgets nobody.
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

// askOne sees to one report, if there is anything to do: somebody may have sealed it meanwhile.
func (r *Registry) askOne(ctx context.Context, want store.Want, ref store.Ref) error {
	now := r.Now()
	told, err := r.tellings(2*seal.MaxReaders, now)
	if err != nil {
		return err
	}
	seen, err := r.sight(ctx, ref)
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
		lack := []string{want.Person}
		if to, why := r.stranded(rep, seen); why != "" {
			return r.bring(w, told, ref, under, rep, seen, to, why)
		} else if r.active(want.Person) != nil { // whoever was asked to help may have been them
			lack = persons(rep)
		}
		return r.askFor(w, told, ref, under, rep, seen, lack)
	})
}

// askFor asks one of those who see a report and open it to seal it again for those of a list who count and lack some of it.
// Whoever is away is asked only where nobody else can be.
func (r *Registry) askFor(w *store.Write, t tellings, ref store.Ref, under seal.KeyID, rep ticket.Report, s sight, lack []string) error {
	lack = slices.DeleteFunc(slices.Clone(lack), func(id string) bool {
		return s.lacks[id] == 0 || r.active(id) != nil || rep.IsExcluded(id)
	})
	if len(lack) == 0 {
		return nil
	}
	can := slices.DeleteFunc(rep.Handed(), func(id string) bool {
		return !s.opens[id] || r.active(id) != nil || rep.IsExcluded(id) || slices.Contains(lack, id)
	})
	if len(can) == 0 {
		return nil
	}
	away := r.away()
	at := max(0, slices.IndexFunc(can, func(id string) bool { return !away[id] }))
	if err := t.tell(w, ref, under, "reseal", can[at:at+1]); err != nil {
		return err
	}
	return r.noteAsked(w, t, under, rep, lack)
}

// noteAsked writes into the chain of a report for whom somebody was asked to seal it again.
func (r *Registry) noteAsked(w *store.Write, t tellings, under seal.KeyID, rep ticket.Report, lack []string) error {
	for _, id := range lack {
		if err := w.Audit(under, rep.ID, store.Entry{Day: store.DayOf(t.at), Who: "clock", Did: didAskToSeal, Whom: id}); err != nil {
			return err
		}
	}
	return nil
}

// didAskToSeal is what the audit chain says of it.
const didAskToSeal = "asked to seal again"
