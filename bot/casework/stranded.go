package casework

import (
	"context"
	"errors"
	"slices"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// A report must be with somebody whose key opens it. Keys are replaced, and readers leave; then those who still see it may
// hold what is ciphertext to all of them. It comes at once to those who wait and open it, whatever its deadlines say.

// sight is what the keys of a report's readers are worth. It is looked up in a view, since a thread may be longer than an
// update can touch.
type sight struct {
	opens map[string]bool // whose key opens the report itself, by reader and recovery key
	lacks map[string]int  // how many messages the key of each does not open
	away  ticket.Away     // who cannot be first; looked up where somebody may have to be
}

func (r *Registry) sight(ctx context.Context, ref store.Ref) (s sight, err error) {
	alone := false
	err = r.Store.View(ctx, func(rd *store.Read) error {
		s = sight{opens: map[string]bool{}, lacks: map[string]int{}}
		rep, under, err := rd.Report(ref)
		if err != nil {
			return err
		}
		thread, err := rd.Thread(under, rep.ID)
		if err != nil && !unreadable(err) {
			return err
		}
		cover := covered(thread)
		for _, e := range r.current().Recipients(rep) {
			s.opens[e.ID], s.lacks[e.ID] = cover[told(thread)][e.Key], cover.lacks(e.Key)
		}
		alone = !slices.ContainsFunc(rep.Handed(), func(id string) bool { return s.opens[id] })
		return nil
	})
	if err == nil && alone {
		s.away, err = r.unavailable(ctx, ref)
	}
	if unreadable(err) {
		err = nil
	}
	return s, err
}

// Why a report is handed on.
const (
	forNewKey = "new key"         // those who saw it cannot open it
	forNoKey  = "no key opens it" // nor can anybody else
)

// stranded gives who is to be handed a report that nobody who sees it opens, and why: those who wait and open it, whom its
// deadlines would turn to first. Where nobody opens it, it is the coordinators who wait, so that somebody knows who can ask the
// holder of a recovery key. Of a closed report nothing is due to anybody. Why is empty where there is nothing to do.
func (r *Registry) stranded(rep ticket.Report, s sight) (to []string, why string) {
	opens := func(id string) bool { return s.opens[id] && r.active(id) == nil && !rep.IsExcluded(id) }
	if rep.State == ticket.Closed || slices.ContainsFunc(rep.Handed(), opens) {
		return nil, ""
	}
	roster := r.current().Roster
	if to = r.Clock.TurnTo(rep, roster, s.away, r.Now(), opens); len(to) > 0 {
		return to, forNewKey
	}
	return r.Clock.TurnTo(rep, roster, nil, r.Now(), func(id string) bool {
		e, _ := roster.Find(id)
		return e.Role == ticket.Coordinator
	}), forNoKey
}

// persons gives all readers of a report, those who see it first.
func persons(rep ticket.Report) []string { return slices.Concat(rep.Handed(), rep.Waiting()) }

// bring hands a stranded report on, and asks for its readers who cannot open it.
func (r *Registry) bring(w *store.Write, t tellings, ref store.Ref, under seal.KeyID, rep ticket.Report, s sight, to []string, why string) error {
	if len(to) > 0 {
		if err := r.hand(w, t, ref, under, rep, to, why); err != nil {
			return err
		}
		t.ids, t.waits = t.ids[len(to):], t.waits[len(to):]
		rep = rep.Apply(ticket.Move{Hand: to})
	}
	if why != forNoKey {
		return r.askFor(w, t, ref, under, rep, s, persons(rep))
	}
	see := slices.DeleteFunc(rep.Handed(), func(id string) bool { return r.active(id) != nil || rep.IsExcluded(id) })
	know := slices.DeleteFunc(slices.Clone(see), func(id string) bool {
		e, _ := r.current().Find(id)
		return e.Role != ticket.Coordinator
	})
	if len(know) == 0 { // all of them stepped back, or it does not exist for them: then those who see it are who can ask
		know = see
	}
	if err := t.tell(w, ref, under, "reseal", know); err != nil {
		return err
	}
	return r.noteAsked(w, t, under, rep, see)
}

// Shut counts the open reports that nobody opens to whom they could come.
type Shut struct {
	Kept int `json:"kept"` // but a recovery key does
	Lost int `json:"lost"` // nor does a recovery key
}

// Shut counts them for the check, and says nothing of which they are. While a restored roster waits it counts none.
func (r *Registry) Shut(ctx context.Context) (n Shut, err error) {
	if r.Held() {
		return n, nil
	}
	return n, r.Store.View(ctx, func(rd *store.Read) error {
		n = Shut{}
		err := rd.Reports(func(ref store.Ref, rep ticket.Report) error {
			if rep.State == ticket.Closed {
				return nil
			}
			rep, under, err := rd.Report(ref)
			if err != nil {
				return err
			}
			opens, err := r.opens(rd, under, rep)
			if err != nil {
				return err
			}
			kept := false
			for _, e := range r.current().Recipients(rep) {
				if opens[e.ID] && e.Role != ticket.Recovery {
					return nil
				}
				kept = kept || opens[e.ID]
			}
			if kept {
				n.Kept++
			} else {
				n.Lost++
			}
			return nil
		})
		if unreadable(err) || errors.Is(err, store.ErrBroken) {
			return nil // the check names the record
		}
		return err
	})
}
