package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// ErrUnknown is the answer to everything that somebody may not see: it is the same as for what does not exist.
var ErrUnknown = errors.New("no such report for this person")

// ErrHeld says that nothing is handed out or taken until the coordinator has confirmed the restored roster.
var ErrHeld = errors.New("the roster waits for the coordinator's confirmation")

// Line is one report in a focal point's inbox.
type Line struct {
	Code   string
	State  string
	Urgent bool
	Due    time.Time
	Late   bool
}

// Inbox lists what a person has to do, what is due first first.
func (r *Registry) Inbox(ctx context.Context, person string) (lines []Line, err error) {
	if r.Held() {
		return nil, ErrHeld
	}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		lines = nil
		refs, err := rd.OfReader(person)
		if err != nil {
			return err
		}
		var reports []ticket.Report
		for _, ref := range refs {
			rep, _, err := rd.Report(ref)
			if err != nil {
				return err
			}
			reports = append(reports, rep)
		}
		for _, l := range ticket.Inbox(person, reports, r.Now()) {
			lines = append(lines, Line{
				Code: string(l.Code), State: l.State.Word(), Urgent: l.Urgency == ticket.Urgent, Due: l.Due, Late: l.Late,
			})
		}
		return nil
	})
	return lines, err
}

// visible finds the report with a code, if it exists for a person.
func visible(rd *store.Read, person, typed string) (rep ticket.Report, ref store.Ref, under seal.KeyID, err error) {
	code, err := ticket.ParseCode(typed)
	if err != nil {
		return rep, ref, under, ErrUnknown
	}
	ref, found, err := rd.ByCode(string(code))
	if err != nil {
		return rep, ref, under, err
	}
	if !found {
		return rep, ref, under, ErrUnknown
	}
	if rep, under, err = rd.Report(ref); err == nil && !ticket.MaySee(rep, person) {
		return ticket.Report{}, ref, under, ErrUnknown
	}
	return rep, ref, under, err
}

// Acknowledge notes that a reader has seen a report. It stops the first clock and no other. Again says that somebody
// did so before.
func (r *Registry) Acknowledge(ctx context.Context, person, code string) (again bool, err error) {
	if err := r.active(person); err != nil {
		return false, err
	}
	at := r.Now()
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		rep, ref, under, err := visible(&w.Read, person, code)
		if err != nil {
			return err
		}
		next := r.Clock.Acknowledged(rep, at)
		if again = next.State == rep.State; again {
			return nil
		}
		if err := r.put(w, ref, under, next, rep); err != nil {
			return err
		}
		if err := w.Count(under, "acknowledged"); err != nil {
			return err
		}
		return w.Audit(under, rep.ID, store.Entry{Day: store.DayOf(at), Who: person, Did: "acknowledged"})
	})
	return again, err
}

// active says whether somebody may work on reports now: in the roster in force, with a key that counts.
func (r *Registry) active(person string) error {
	if r.Held() {
		return ErrHeld
	}
	if e, ok := r.current().Find(person); !ok || !e.Usable() || e.Role == ticket.Recovery {
		return ErrUnknown
	}
	return nil
}

// ReadOut gives the sealed files of a report, each sealed once more to the asking reader alone, and notes it in the
// report's audit chain before anything leaves the house.
func (r *Registry) ReadOut(ctx context.Context, person, code string) (files []bot.File, err error) {
	if err := r.active(person); err != nil {
		return nil, err
	}
	var ref store.Ref
	err = r.Store.View(ctx, func(rd *store.Read) error {
		if _, ref, _, err = visible(rd, person, code); err != nil {
			return err
		}
		files, err = r.packets(rd, ref, person)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		rep, _, under, err := visible(&w.Read, person, code)
		if err != nil {
			return err
		}
		return w.Audit(under, rep.ID, store.Entry{Day: store.DayOf(r.Now()), Who: person, Did: "handed out", Whom: person})
	})
	return files, err
}

// packets seals a thread to one reader, with the cards of everybody who can read now.
func (r *Registry) packets(rd *store.Read, ref store.Ref, person string) (files []bot.File, err error) {
	rep, under, err := rd.Report(ref)
	if err != nil {
		return nil, err
	}
	thread, err := rd.Thread(under, rep.ID)
	if err != nil {
		return nil, err
	}
	roster := r.current()
	me, ok := roster.Find(person)
	if !ok || !me.Usable() {
		return nil, ErrUnknown
	}
	p := seal.Packet{Report: rep.ID, Roster: roster.Statement, RosterSignature: roster.Signature}
	for _, m := range thread {
		p.Thread = append(p.Thread, m.File)
	}
	for _, e := range roster.Recipients(rep) {
		i := slices.IndexFunc(roster.Cards, func(c seal.Card) bool { return c.ID == e.ID })
		if i < 0 {
			return nil, fmt.Errorf("handing out a report: the roster holds no card of %s; sign it again", e.ID)
		}
		p.Cards = append(p.Cards, roster.Cards[i])
	}
	for _, part := range seal.Split(p) {
		file, err := seal.HandOut(part, me.Key)
		if err != nil {
			return nil, err
		}
		name := string(rep.Code)
		if part.Parts > 1 {
			name = fmt.Sprintf("%s-%d-of-%d", name, part.Part, part.Parts)
		}
		files = append(files, bot.File{Name: name + ".amana", Bytes: file})
	}
	return files, nil
}
