package casework

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// ErrBroken says that an audit chain does not hold together: an entry was changed, left out or put in.
var ErrBroken = store.ErrBroken

// Trace is one line of an audit chain as people read it. Names are those of the roster, for whoever still stands in it.
type Trace struct {
	Day            ticket.Day
	Who, Name      string // roster id, or "reporter", "clock", "operator", "coordinator" without a name
	Did            string
	Whom, WhomName string // of several: ids parted by spaces, names by commas
}

// ReportTrail gives the audit chain of one report to somebody who may see it, after it has been found whole; ErrBroken
// otherwise. To ask for it is not noted in it.
func (r *Registry) ReportTrail(ctx context.Context, person, code string) (entries []Trace, err error) {
	if err := r.attend(ctx, person); err != nil {
		return nil, err
	}
	ref, err := r.locate(ctx, person, code)
	if err != nil {
		return nil, err
	}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		rep, under, err := visible(rd, person, ref)
		if err != nil {
			return err
		}
		chain, err := rd.ReportChain(under, rep.ID)
		entries, err = r.traces(chain, err)
		return err
	})
	return entries, err
}

// SharedTrail gives the audit chain of the mission to anybody of the roster, after it has been found whole; ErrBroken
// otherwise. It names no report.
func (r *Registry) SharedTrail(ctx context.Context, person string) (entries []Trace, err error) {
	if err := r.attend(ctx, person); err != nil {
		return nil, err
	}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		chain, err := rd.SharedChain()
		entries, err = r.traces(chain, err)
		return err
	})
	return entries, err
}

func (r *Registry) traces(chain []store.Entry, err error) ([]Trace, error) {
	if errors.Is(err, seal.ErrTampered) {
		return nil, fmt.Errorf("%w: an entry cannot be read", ErrBroken)
	}
	if err != nil {
		return nil, err
	}
	out := make([]Trace, 0, len(chain))
	for _, e := range chain {
		if e.Did == didMarkOut {
			continue // marks say nothing to anybody
		}
		t := Trace{Day: e.Day, Who: e.Who, Name: r.name(e.Who), Did: e.Did, Whom: e.Whom}
		var names []string
		for id := range strings.FieldsSeq(e.Whom) {
			if name := r.name(id); name != "" {
				names = append(names, name)
			}
		}
		t.WhomName = strings.Join(names, ", ")
		out = append(out, t)
	}
	return out, nil
}
