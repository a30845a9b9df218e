package casework

import (
	"context"
	"time"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Line is one report in a focal point's inbox: what the server reads of it, as far as its reader may see it.
type Line struct {
	Code    string
	Kind    string
	Area    string
	Urgency string
	Urgent  bool
	Day     ticket.Day // of filing
	Lang    string     // of the reporter
	State   string
	Step    string // what is due next; empty if nothing is
	Due     time.Time
	Late    bool
	Closed  bool
	Tray    string // "low", or empty
	Lacks   int    // messages that this reader cannot open yet; reckoned for the desk alone
	Seal    bool   // another reader cannot open all of it, and this one can; said where digests keep that from notices
}

// Inbox lists what a person has to do, what is due first first. A record that cannot be read hides no other; the check
// finds it.
func (r *Registry) Inbox(ctx context.Context, person string) ([]Line, error) {
	return r.lines(ctx, person, ticket.Inbox, false)
}

// Desk lists the same as it stands at the desk: with what its reader cannot open yet, and if all of it is asked for, with
// the closed reports behind the open ones.
func (r *Registry) Desk(ctx context.Context, person string, all bool) ([]Line, error) {
	if all {
		return r.lines(ctx, person, ticket.Desk, true)
	}
	return r.lines(ctx, person, ticket.Inbox, true)
}

func (r *Registry) lines(
	ctx context.Context, person string, list func(string, []ticket.Report, time.Time) []ticket.Line, lacks bool,
) (lines []Line, err error) {
	if err := r.attend(ctx, person); err != nil {
		return nil, err
	}
	me, _ := r.current().Find(person)
	err = r.Store.View(ctx, func(rd *store.Read) error {
		lines = nil
		refs, err := rd.OfReader(person)
		if err != nil {
			return err
		}
		var reports []ticket.Report
		lie := map[ticket.ID]seal.KeyID{}
		for _, ref := range refs {
			rep, under, err := rd.Report(ref)
			switch {
			case unreadable(err):
			case err != nil:
				return err
			default:
				reports, lie[rep.ID] = append(reports, rep), under
			}
		}
		for _, l := range list(person, reports, r.Now()) {
			line := lineOf(l)
			if lacks {
				if line.Lacks, err = r.lacked.of(rd, l, lie[l.ID], me.Key); err != nil {
					return err
				}
			}
			if !lacks && r.Digest.hides(ticket.Report{Urgency: l.Urgency}) {
				if line.Seal, err = r.sealable(rd, l, me); err != nil {
					return err
				}
			}
			lines = append(lines, line)
		}
		return nil
	})
	return lines, err
}

// sealable says that somebody who reads a report cannot open all of it, and that this reader can help.
func (r *Registry) sealable(rd *store.Read, l ticket.Line, me ticket.Entry) (bool, error) {
	rep, under, err := rd.Report(store.RefOf(l.Day, l.ID))
	if err != nil {
		return false, err
	}
	if mine, err := r.lacked.of(rd, l, under, me.Key); err != nil || mine > 0 {
		return false, err
	}
	for _, e := range r.current().Recipients(rep) {
		if e.ID == me.ID || e.Role == ticket.Recovery {
			continue
		}
		if theirs, err := r.lacked.of(rd, l, under, e.Key); err != nil || theirs > 0 {
			return err == nil, err
		}
	}
	return false, nil
}

func lineOf(l ticket.Line) Line {
	return Line{
		Code: string(l.Code), Kind: string(l.Kind), Area: l.Area, Urgency: string(l.Urgency), Urgent: l.Urgency == ticket.Urgent,
		Day: l.Day, Lang: l.Lang, State: l.State.Word(), Step: string(l.Step), Due: l.Due, Late: l.Late, Closed: l.State == ticket.Closed,
		Tray: l.Tray.Word(),
	}
}

// Standing is where one report stands: its line of the inbox, all that is due, and which of its readers stand by, with the
// report sealed to them and out of their sight.
type Standing struct {
	Line
	Runs    []Run
	Waiting []string // roster ids
}

// Run is one deadline that runs.
type Run struct {
	Step string
	Due  time.Time
	Late bool
}

// Standing gives where a report stands to somebody who may see it. It tells nothing that is sealed, so that nothing is noted.
func (r *Registry) Standing(ctx context.Context, person, code string) (s Standing, err error) {
	if err := r.attend(ctx, person); err != nil {
		return s, err
	}
	me, _ := r.current().Find(person)
	ref, err := r.locate(ctx, person, code)
	if err != nil {
		return s, err
	}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		rep, under, err := visible(rd, person, ref)
		if err != nil {
			return err
		}
		now := r.Now()
		for _, l := range ticket.Desk(person, []ticket.Report{rep}, now) { // the one, by the rule of every list
			s = Standing{Line: lineOf(l), Waiting: rep.Waiting()}
			for _, d := range rep.Runs() {
				s.Runs = append(s.Runs, Run{string(d.Step), d.At, !now.Before(d.At)})
			}
			if s.Lacks, err = r.lacked.of(rd, l, under, me.Key); err != nil {
				return err
			}
		}
		return nil
	})
	return s, err
}
