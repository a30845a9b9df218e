package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// ErrUnknown is the answer to everything that somebody may not see: it is the same as for what does not exist.
var ErrUnknown = errors.New("no such report for this person")

// ErrHeld says that nothing is handed out or taken until the coordinator has confirmed the restored roster.
var ErrHeld = errors.New("the roster waits for the coordinator's confirmation")

// unreadable says that a record is gone, forgotten or damaged, and that the others are not concerned.
func unreadable(err error) bool {
	return errors.Is(err, store.ErrMissing) || errors.Is(err, seal.ErrForgotten) || errors.Is(err, seal.ErrTampered)
}

// locate finds the report with a code, if it exists for a person. The transaction that follows looks again.
func (r *Registry) locate(ctx context.Context, person, typed string) (ref store.Ref, err error) {
	code, err := ticket.ParseCode(typed)
	if err != nil {
		return ref, ErrUnknown
	}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		found := false
		if ref, found, err = rd.ByCode(string(code)); err != nil {
			return err
		}
		if !found {
			return ErrUnknown
		}
		_, _, err = visible(rd, person, ref)
		return err
	})
	return ref, err
}

// visible gives a report, if it exists for a person.
func visible(rd *store.Read, person string, ref store.Ref) (ticket.Report, seal.KeyID, error) {
	rep, under, err := rd.Report(ref)
	if err == nil && !ticket.MaySee(rep, person) || errors.Is(err, store.ErrMissing) || errors.Is(err, seal.ErrForgotten) {
		return ticket.Report{}, under, ErrUnknown
	}
	return rep, under, err
}

// Acknowledge notes that a reader has seen a report. It stops the first clock and no other. Again says that somebody
// did so before.
func (r *Registry) Acknowledge(ctx context.Context, person, code string) (again bool, err error) {
	if err := r.attend(ctx, person); err != nil {
		return false, err
	}
	ref, err := r.locate(ctx, person, code)
	if err != nil {
		return false, err
	}
	at := r.Now()
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		rep, under, err := visible(&w.Read, person, ref)
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
		if err := r.countSteps(w, under, rep, next, false, at); err != nil {
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
// report's audit chain before anything leaves the house. Its voice messages follow, a file each, which is loaded when it
// is sent.
func (r *Registry) ReadOut(ctx context.Context, person, code string) (files []bot.File, err error) {
	if err := r.attend(ctx, person); err != nil {
		return nil, err
	}
	ref, err := r.locate(ctx, person, code)
	if err != nil {
		return nil, err
	}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		who, err := r.reading(rd, ref, person)
		if err != nil {
			return err
		}
		if files, err = r.packets(rd, who); err != nil {
			return err
		}
		files = append(files, r.voicesFor(who)...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := r.noteHandout(ctx, ref, person); err != nil {
		return nil, err
	}
	return files, nil
}

// noteHandout writes into the audit chain that a report leaves the house. It fails with ErrUnknown if the person has
// ceased to be one of its readers meanwhile.
func (r *Registry) noteHandout(ctx context.Context, ref store.Ref, person string) error {
	today := store.DayOf(r.Now())
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		rep, under, err := visible(&w.Read, person, ref)
		if err != nil {
			return err
		}
		return w.Audit(under, rep.ID, store.Entry{Day: today, Who: person, Did: "handed out", Whom: person})
	})
}

// reading is one reader before a report that they may see.
type reading struct {
	report ticket.Report
	under  seal.KeyID
	thread []store.Message
	roster *signed
	me     ticket.Entry
}

// reading gives a report to somebody who may see it and whose key can be sealed to.
func (r *Registry) reading(rd *store.Read, ref store.Ref, person string) (w reading, err error) {
	if w.report, w.under, err = visible(rd, person, ref); err != nil {
		return w, err
	}
	if w.thread, err = rd.Thread(w.under, w.report.ID); err != nil {
		return w, err
	}
	w.roster = r.current()
	var ok bool
	if w.me, ok = w.roster.Find(person); !ok || !w.me.Usable() {
		return w, ErrUnknown
	}
	return w, nil
}

// packets seals a thread to one reader, with the cards of everybody who can read now.
func (r *Registry) packets(rd *store.Read, w reading) (files []bot.File, err error) {
	rep, under, thread, roster, me := w.report, w.under, w.thread, w.roster, w.me
	p := seal.Packet{
		Report: rep.ID, State: string(rep.State),
		Roster: roster.Statement, RosterSignature: roster.Signature, // fits: see MostRoster
	}
	p.Turns, p.Trail = turns(rd, under, rep.ID)
	readers := roster.Recipients(rep)
	if p.Thread, err = items(thread, readers, me.Key); err != nil {
		return nil, fmt.Errorf("handing out a report: %w", err)
	}
	for _, e := range readers {
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

// The turns of a report that its reporter caused and that nobody signed: only the server can tell its readers of them.
const (
	TurnWithdraw = "withdraw" // they asked to withdraw it
	TurnKeep     = "keep"     // they took that back
)

// mostTurns is how many of them are handed out, the last ones.
const mostTurns = 16

// turns looks them up in the audit chain of the report, and gives the end of that chain. One that is damaged holds up nobody
// who has to read: the state still tells, the check names it, and whoever saw an end of it misses it.
func turns(rd *store.Read, under seal.KeyID, report store.ID) (out []seal.Turn, trail seal.Trail) {
	chain, links, err := rd.ReportLinks(under, report)
	if err != nil {
		return nil, trail
	}
	for _, e := range chain {
		switch {
		case e.Who == "reporter" && e.Did == didWithdraw:
			out = append(out, seal.Turn{Day: uint32(e.Day), What: TurnWithdraw})
		case e.Who == "reporter" && e.Did == didKeep:
			out = append(out, seal.Turn{Day: uint32(e.Day), What: TurnKeep})
		}
	}
	return out[max(0, len(out)-mostTurns):], seal.TrailOf(links)
}
