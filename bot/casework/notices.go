package casework

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"math"
	"math/big"
	"strings"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// notices prepares one notice for each person, at a random time that does not tell when the report came.
func (r *Registry) notices(ref store.Ref, rep ticket.Report, event string, to []string, now time.Time) ([]store.Waiting, error) {
	var out []store.Waiting
	for _, person := range to {
		id, err := r.id()
		if err != nil {
			return nil, err
		}
		wait, err := r.delay(rep.Urgency)
		if err != nil {
			return nil, err
		}
		out = append(out, store.Waiting{
			ID: store.ID(id), Report: ref, Reader: person, Event: event, Due: now.Add(wait).UTC(),
		})
	}
	return out, nil
}

// delay draws the wait of one notice.
func (r *Registry) delay(u ticket.Urgency) (time.Duration, error) {
	least, most := r.Delay.Least, r.Delay.Normal
	if u == ticket.Urgent {
		least, most = 0, r.Delay.Urgent
	}
	if most <= least {
		return least, nil
	}
	n, err := rand.Int(io.Reader(r.Rand), big.NewInt(int64(most-least)))
	if err != nil {
		return 0, err
	}
	return least + time.Duration(n.Int64()), nil
}

func (r *Registry) announce(w *store.Write, under seal.KeyID, notices []store.Waiting) error {
	for _, n := range notices {
		if err := w.PutNotice(under, n); err != nil {
			return err
		}
	}
	return nil
}

// Notices gives what has to be carried to focal points now: for each of them the one that is due first, at most limit,
// the earliest first. Rest says what is to be passed over, since it is on its way already or waits for the disk. A notice
// whose reader may no longer see the report, or no longer counts, is dropped: for them there is none. While a restored
// roster is unconfirmed nobody is told anything, since nobody knows who was revoked after the backup. One that cannot be
// read holds up no other: the rest comes with the error.
func (r *Registry) Notices(ctx context.Context, limit int, rest func(id [16]byte, reader string) bool) (out []bot.Notice, err error) {
	if err := r.Fresh(ctx); err != nil {
		return nil, err
	}
	if r.Held() {
		return nil, nil
	}
	now := r.Now()
	var drop []store.Waiting
	var damaged error
	reports := map[[16]byte]store.Ref{}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		out, drop = nil, nil
		waiting, err := rd.Notices(now, math.MaxInt)
		if damaged = err; err == nil || len(waiting) > 0 {
			r.claims.look(time.Now())
		}
		given, late := map[string]bool{}, stale(waiting)
		for _, n := range waiting {
			if len(out) == limit {
				break
			}
			if r.othersHold(n, now) {
				given[n.Reader] = true // one thing at a time goes to somebody, whoever brings it
				continue
			}
			if given[n.Reader] || rest != nil && rest(n.ID, n.Reader) {
				continue
			}
			if late[n.ID] {
				drop = append(drop, n)
				continue
			}
			notice, ok, err := r.notice(rd, n)
			switch {
			case err != nil:
				damaged = errors.Join(damaged, err)
			case ok:
				given[n.Reader] = true
				out, reports[n.ID] = append(out, notice), n.Report
			default:
				drop = append(drop, n)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, n := range out {
		if n.File != nil && n.Tries == 0 && !r.shared() { // else it is noted by whoever takes it
			if err := r.noteHandout(ctx, reports[n.ID], n.Reader); err != nil {
				out[i].File = nil
				damaged = errors.Join(damaged, err)
			}
		}
	}
	if len(drop) == 0 {
		return out, damaged
	}
	return out, errors.Join(damaged, r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		for _, n := range drop[:min(len(drop), 40)] {
			if err := w.DropNotice(n.ID, n.Due); err != nil {
				return err
			}
		}
		return nil
	}))
}

// carries says of an event that the sealed file goes with its notice, to those who want that: where there is something
// new to read.
func carries(event string) bool {
	switch event {
	case "report", "message", "answered", "note", "late", "reseal", "sealed":
		return true
	}
	return false
}

// notice puts together what may be said; ok is false when nothing may.
func (r *Registry) notice(rd *store.Read, n store.Waiting) (out bot.Notice, ok bool, err error) {
	out = bot.Notice{ID: n.ID, Due: n.Due, Reader: n.Reader, Event: n.Event, Tries: n.Tries}
	if n.Event == EventDigest && r.passed(n) {
		return out, false, nil
	}
	if strings.HasPrefix(n.Reader, teamHead) {
		return r.toGroup(rd, n, out)
	}
	if r.active(n.Reader) != nil {
		return out, false, nil
	}
	contact, found, err := rd.Contact(n.Reader)
	if err != nil {
		return out, false, err
	}
	if n.Event == eventProof {
		if !found || contact.Next == nil || r.Now().After(contact.Next.Until) {
			return out, false, nil
		}
		out.Address, out.Lang, out.Code = contact.Next.Address, contact.Lang, contact.Next.Digits
		return out, true, nil
	}
	if found && atDesk(contact.Told()) {
		return out, false, nil // whoever is reached at the desk alone looks there; nothing is carried, and nothing waits
	}
	if found {
		out.Address, out.Lang = contact.Told(), contact.Lang
	}
	if gathers(n.Event) {
		ok, err = r.stillThere(rd, n.Reader, n.Event)
		return out, ok, err
	}
	if n.Report == (store.Ref{}) {
		return out, true, nil
	}
	rep, under, err := rd.Report(n.Report)
	if errors.Is(err, store.ErrMissing) || errors.Is(err, seal.ErrForgotten) {
		return out, false, nil
	}
	if err != nil || !ticket.MaySee(rep, n.Reader) || r.Digest.hides(rep) {
		return out, false, err
	}
	out.Code, out.Urgent = string(rep.Code), rep.Urgency == ticket.Urgent
	if d, due := rep.Deadline(); due {
		out.Deadline = d.At
	}
	if r.Tell.Kind {
		out.Kind = string(rep.Kind)
	}
	if r.Tell.Area {
		out.Area = rep.Area
	}
	if found && contact.Sealed && carries(n.Event) {
		// Without the file the notice still tells what to ask for. It goes where its going can be noted: one whose chain
		// is damaged could never be taken by who carries it.
		if _, err := rd.ChainLength(under, rep.ID); err != nil {
			return out, true, nil
		}
		if who, err := r.reading(rd, n.Report, n.Reader); err == nil {
			if files, err := r.packets(rd, who); err == nil && len(files) == 1 {
				out.File = &files[0]
			}
		}
	}
	return out, true, nil
}

// NoticeDone takes a notice off the shelf: it arrived.
func (r *Registry) NoticeDone(ctx context.Context, n bot.Notice) error {
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		if ours, err := r.stillOurs(w, n); err != nil || !ours {
			return err
		}
		return w.DropNotice(n.ID, n.Due)
	})
}

// NoticeLater puts a notice back for another try, or among the dead when there will be none. Why says what stood in
// the way, in the program's own words.
func (r *Registry) NoticeLater(ctx context.Context, n bot.Notice, at time.Time, dead bool, why string) error {
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		if ours, err := r.stillOurs(w, n); err != nil || !ours {
			return err
		}
		kept, under, found, err := w.Notice(n.ID, n.Due)
		if err != nil || !found {
			return err
		}
		if err := w.DropNotice(n.ID, n.Due); err != nil {
			return err
		}
		kept.Claim = nil
		if kept.Due = at.UTC(); dead {
			kept.Due = store.Never
		}
		kept.Tries, kept.Dead, kept.Why = n.Tries+1, dead, why
		return w.PutNotice(under, kept)
	})
}

// Dead counts the notices that were given up, by reader, for the check.
func (r *Registry) Dead(ctx context.Context) (dead map[string]string, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		dead = map[string]string{}
		all, err := rd.Notices(time.Time{}, 10_000)
		for _, n := range all {
			if n.Dead {
				dead[n.Reader] = n.Why
			}
		}
		return err
	})
	return dead, err
}

// Backlog counts the notices that wait.
func (r *Registry) Backlog(ctx context.Context) (n int, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		all, err := rd.Notices(time.Time{}, 10_000)
		n = len(all)
		return err
	})
	return n, err
}

// overdueAfter is how late a notice must be before it counts in a metric. What is only waiting out its random delay does
// not, since the number would tell the moment of a report to whoever watches the machine.
const overdueAfter = 5 * time.Minute

// Overdue counts the notices that should have gone out some time ago.
func (r *Registry) Overdue(ctx context.Context) (n int, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		late, err := rd.Notices(r.Now().Add(-overdueAfter), 10_000)
		n = len(late)
		return err
	})
	return n, err
}
