package desk

import (
	"context"
	"errors"

	"amana/bot/casework"
)

// postLeft notes that a report leaves the machine at which it was opened. The page says so before it does.
func postLeft(ctx context.Context, a *asked) (any, error) {
	var in struct {
		Way string `json:"way"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	err := a.Registry.Left(ctx, a.me.Person, a.code(), in.Way)
	if errors.Is(err, casework.BadWay) {
		return nil, errBad
	}
	return struct{}{}, err
}
