package desk

import (
	"context"
	"errors"
	"slices"

	"amana/bot/casework"
)

// getHold says whether a report is on hold, to somebody who may see it, and for which reasons one can be.
func getHold(ctx context.Context, a *asked) (any, error) {
	if err := a.Registry.MayRecuse(ctx, a.me.Person, a.code()); err != nil && !errors.Is(err, casework.ErrLastReader) {
		return nil, err // it does not exist for them
	}
	all, err := a.Registry.Holds(ctx, a.me.Person)
	if err != nil {
		return nil, err
	}
	out := struct {
		Held    bool     `json:"held"`
		Reason  string   `json:"reason"`
		Reasons []string `json:"reasons"`
	}{Reasons: casework.HoldReasons()}
	if i := slices.IndexFunc(all, func(h casework.Held) bool { return h.Code == plainCode(a.code()) }); i >= 0 {
		out.Held, out.Reason = true, all[i].Reason
	}
	return out, nil
}

// postHold puts a report on hold for a reason, or lifts the hold where there is none.
func postHold(ctx context.Context, a *asked) (any, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	if in.Reason == "" {
		before, err := a.Registry.Unhold(ctx, a.me.Person, a.code())
		return again{before}, err
	}
	before, err := a.Registry.Hold(ctx, a.me.Person, a.code(), in.Reason)
	if errors.Is(err, casework.BadReason) {
		return nil, errBad
	}
	return again{before}, err
}
