package casework

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// record gives a grant as it lies in the thread.
func (d *granting) record(g seal.Grant, day store.Day) (store.Message, error) {
	header, err := g.Header.Encode()
	m := store.Message{
		ID: g.Header.Message, Of: g.Header.Of, Kind: g.Header.Kind, Day: day, Header: header, Signature: g.Signature,
		By:   d.person,
		Hash: hashGrant(g), File: g.Head,
	}
	if g.IsCopy() {
		for _, to := range g.Header.Readers {
			m.To = append(m.To, to.Key)
		}
	}
	return m, err
}

// begin gives the report inside the transaction, if the sender still reads it.
func (d *granting) begin(w *store.Write) (ticket.Report, seal.KeyID, error) {
	rep, under, err := w.Report(d.ref)
	if err == nil && !ticket.MaySee(rep, d.person) {
		err = NotYours
	}
	return rep, under, err
}

// repeated says whether a grant was taken meanwhile.
func (d *granting) repeated(w *store.Write, under seal.KeyID, g seal.Grant) (bool, error) {
	before, found, err := w.Message(under, g.Header.Report, g.Header.Message)
	if err == nil && found && !bytes.Equal(before.Hash, hashGrant(g)) {
		err = OtherBytes
	}
	return found, err
}

// share writes one share.
func (d *granting) share(ctx context.Context, g seal.Grant) error {
	now := d.Now()
	told, err := d.tellings(seal.MaxReaders+1, now)
	if err != nil {
		return err
	}
	settle, err := d.id()
	if err != nil {
		return err
	}
	to := g.Header.Readers[0]
	return d.Store.Update(ctx, store.ID(settle), func(w *store.Write) error {
		rep, under, err := d.begin(w)
		if err != nil {
			return err
		}
		if again, err := d.repeated(w, under, g); err != nil || again {
			return err
		}
		next, added, err := d.shared(rep, to)
		if err != nil {
			return err
		}
		m, err := d.record(g, store.DayOf(now))
		if err != nil {
			return err
		}
		if err := w.AddMessage(under, rep.ID, m); err != nil {
			return err
		}
		if err := w.Audit(under, rep.ID, store.Entry{
			Day: m.Day, Who: d.person, Did: "shared", Whom: to.ID, File: m.Hash,
		}); err != nil || !added {
			return err
		}
		if err := d.put(w, d.ref, under, next, rep); err != nil {
			return err
		}
		others := slices.DeleteFunc(rep.Handed(), func(id string) bool { return id == d.person })
		left, err := told.rest(w, d.ref, under, "joined", others)
		if err != nil || !d.cover[d.first][to.Key] {
			return err // who is added is told once there is something that they can open
		}
		return left.tell(w, d.ref, under, "sealed", []string{to.ID})
	})
}

// seal writes a page of copies. Whoever can open more of the report with it, and the report itself, is told so, once.
func (d *granting) seal(ctx context.Context, page []seal.Grant) error {
	now := d.Now()
	told, err := d.tellings(seal.MaxReaders+1, now)
	if err != nil {
		return err
	}
	settle, err := d.id()
	if err != nil {
		return err
	}
	var cover coverage
	var tell map[string]bool
	err = d.Store.Update(ctx, store.ID(settle), func(w *store.Write) error {
		cover, tell = d.cover.clone(), maps.Clone(d.told)
		rep, under, err := d.begin(w)
		if err != nil {
			return err
		}
		if err := d.present(rep, page); err != nil {
			return err
		}
		gained := map[string]string{} // person → key
		for _, g := range page {
			if again, err := d.repeated(w, under, g); err != nil {
				return err
			} else if again {
				continue
			}
			m, err := d.record(g, store.DayOf(now))
			if err != nil {
				return err
			}
			if err := w.AddMessage(under, rep.ID, m); err != nil {
				return err
			}
			var whom []string
			for _, to := range g.Header.Readers {
				if !cover[m.Of][to.Key] {
					gained[to.ID] = to.Key
					whom = append(whom, to.ID)
				}
			}
			cover.add(m.Of, m.To...)
			if err := w.Audit(under, rep.ID, store.Entry{
				Day: m.Day, Who: d.person, Did: "sealed again", Whom: strings.Join(whom, " "), File: m.Hash,
			}); err != nil {
				return err
			}
		}
		var to []string
		for _, id := range rep.Handed() {
			if key := gained[id]; key != "" && id != d.person && cover[d.first][key] && !tell[id] {
				to = append(to, id)
				tell[id] = true
			}
		}
		return told.tell(w, d.ref, under, "sealed", to)
	})
	if err == nil {
		d.cover, d.told = cover, tell
	}
	return err
}

// name gives how somebody of the roster is called.
func (r *Registry) name(id string) string {
	e, _ := r.current().Find(id)
	return e.Name
}
