package casework

import (
	"context"
	"errors"
	"slices"
	"strings"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// A hold keeps a report beyond the end of its month, also when it is closed or withdrawn: somebody has a duty to keep it. The
// reason is one of a short list, so that nothing about the report stands in it. Setting and lifting it stand in the report's
// own audit chain and nowhere else.

// HoldReasons lists why a report can be put on hold.
func HoldReasons() []string { return []string{"court", "inquiry", "safety", "other"} }

// What the audit chain says of it.
const (
	didHold   = "put on hold: " // and the reason
	didUnhold = "lifted the hold"
)

// Refused, beside those of an answer: a reason that is not on the list.
const BadReason Refusal = "reason"

// Hold puts a report on hold, for somebody who sees it. Again says that it was on hold before: then nothing changes.
func (r *Registry) Hold(ctx context.Context, person, code, reason string) (again bool, err error) {
	if !slices.Contains(HoldReasons(), reason) {
		return false, BadReason
	}
	return r.hold(ctx, person, "", code, true, didHold+reason)
}

// Unhold lifts a hold, for somebody who sees the report. Again says that there was none.
func (r *Registry) Unhold(ctx context.Context, person, code string) (again bool, err error) {
	return r.hold(ctx, person, "", code, false, didUnhold)
}

// HoldFor is Hold and Unhold as an operator does them at the word of a reader: the same report has to be visible for that
// reader, and the chain names both. An empty reason lifts the hold.
func (r *Registry) HoldFor(ctx context.Context, person, code, reason string) (again bool, err error) {
	switch {
	case reason == "":
		return r.hold(ctx, person, "operator", code, false, didUnhold)
	case !slices.Contains(HoldReasons(), reason):
		return false, BadReason
	}
	return r.hold(ctx, person, "operator", code, true, didHold+reason)
}

func (r *Registry) hold(ctx context.Context, person, by, code string, on bool, did string) (again bool, err error) {
	if err := r.attend(ctx, person); err != nil {
		return false, err
	}
	line := store.Entry{Day: store.DayOf(r.Now()), Who: person, Did: did}
	if by != "" {
		line.Who, line.Whom = by, person
	}
	ref, err := r.locate(ctx, person, code)
	if by != "" && !on && (errors.Is(err, seal.ErrTampered) || errors.Is(err, ErrUnknown)) {
		return r.unholdDamaged(ctx, person, code, line, err)
	}
	if err != nil {
		return false, err
	}
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		rep, under, err := visible(&w.Read, person, ref)
		if err != nil {
			return err
		}
		if again = rep.Hold == on; again {
			return nil
		}
		next := rep
		next.Hold = on
		if err := r.put(w, ref, under, next, rep); err != nil {
			return err
		}
		return w.Audit(under, rep.ID, line)
	})
	return again, err
}

// unholdDamaged lifts the hold of a report whose outer record is damaged, which else would stay for ever: the index still knows
// who reads it, and its audit chain, which lies apart, that it is on hold. Because is the answer where that is not so.
func (r *Registry) unholdDamaged(ctx context.Context, person, typed string, line store.Entry, because error) (again bool, err error) {
	code, err := ticket.ParseCode(typed)
	if err != nil {
		return false, because
	}
	var d *store.Damaged
	var under store.Month
	err = r.Store.View(ctx, func(rd *store.Read) error {
		ref, found, err := rd.ByCode(string(code))
		if err == nil && found {
			_, found, err = rd.ForReader(person, ref.ID())
		}
		if d = nil; err != nil || !found {
			return err
		}
		d, under, err = rd.DamagedAt(ref)
		return err
	})
	if err != nil || d == nil {
		return false, errors.Join(because, err)
	}
	if !HeldOn(d.Lines) {
		return true, nil
	}
	return false, r.Store.Update(ctx, store.ID{}, func(w *store.Write) error { return w.Audit(under, d.Ref.ID(), line) })
}

// Held is one report on hold, as somebody who sees it may know.
type Held struct {
	Code   string
	Day    ticket.Day // since
	Reason string
	Who    string // who put it on hold
}

// HoldOf says whether one report is on hold, to somebody who sees it.
func (r *Registry) HoldOf(ctx context.Context, person, code string) (h Held, is bool, err error) {
	if err := r.active(person); err != nil {
		return h, false, err
	}
	ref, err := r.locate(ctx, person, code)
	if err != nil {
		return h, false, err
	}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		rep, under, err := visible(rd, person, ref)
		if err != nil {
			return err
		}
		if is = rep.Hold; is {
			h = held(rd, under, rep)
		}
		return nil
	})
	return h, is, err
}

// held reads in the chain of a report on hold why it is. A chain that is damaged tells no reason; the check names it.
func held(rd *store.Read, under seal.KeyID, rep ticket.Report) Held {
	h := Held{Code: string(rep.Code)}
	chain, _ := rd.ReportChain(under, rep.ID)
	for _, e := range chain {
		if reason, is := strings.CutPrefix(e.Did, didHold); is {
			h.Day, h.Reason, h.Who = e.Day, reason, e.Who
		}
	}
	return h
}

// Holds lists the reports on hold that somebody sees.
func (r *Registry) Holds(ctx context.Context, person string) (all []Held, err error) {
	if err := r.attend(ctx, person); err != nil {
		return nil, err
	}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		all = nil
		refs, err := rd.OfReader(person)
		for _, ref := range refs {
			rep, under, err := visible(rd, person, ref)
			if err != nil || !rep.Hold {
				continue // what cannot be read hides no other; the check names it
			}
			all = append(all, held(rd, under, rep))
		}
		return err
	})
	return all, err
}

// HeldOn reads in the lines of an audit chain whether the report is on hold. It is for one whose outer record is damaged: lines
// that cannot be read may be missing, and then a hold of which no line says that it was lifted stands.
func HeldOn(lines []store.Entry) (held bool) {
	for _, e := range lines {
		if strings.HasPrefix(e.Did, didHold) {
			held = true
		} else if e.Did == didUnhold {
			held = false
		}
	}
	return held
}

// WithdrawnOn reads in an audit chain whether the reporter withdrew the report and did not think better of it, and the day on
// which they asked. Whoever writes again after that wants to be heard.
func WithdrawnOn(chain []store.Entry) (asked store.Day, withdrawn bool) {
	for _, e := range chain {
		if e.Who != "reporter" {
			continue
		}
		switch e.Did {
		case didWithdraw:
			asked, withdrawn = e.Day, true
		case didKeep, didWrote:
			withdrawn = false
		}
	}
	return asked, withdrawn
}
