package desk

import (
	"context"
	"errors"

	"amana/bot/casework"
)

// getHold says whether a report is on hold, to somebody who may see it, and for which reasons one can be.
func getHold(ctx context.Context, a *asked) (any, error) {
	held, is, err := a.Registry.HoldOf(ctx, a.me.Person, a.code())
	if err != nil {
		return nil, err
	}
	out := struct {
		Held    bool     `json:"held"`
		Reason  string   `json:"reason"`
		Reasons []string `json:"reasons"`
	}{Held: is, Reason: held.Reason, Reasons: casework.HoldReasons()}
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
