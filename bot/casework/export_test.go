package casework

import (
	"context"
	"time"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// Slow replaces the slow step of receipts and where new ones come from: tests use receipts again whose step was done.
func (r *Registry) Slow(draw func() (ticket.Receipt, error), stretch func(context.Context, string) (seal.Stretched, error)) {
	r.draw, r.stretch = draw, stretch
}

// NextSafe lets the rule of safe hours be tested by itself.
func NextSafe(now time.Time, safe map[string][2]int, hours string) (time.Time, bool) {
	return nextSafe(now, safe, hours)
}
