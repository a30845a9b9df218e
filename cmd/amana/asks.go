package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"

	"amana/bot/flow"
	"amana/bot/store"
)

// Two versions of the program, or of a mission's own flows, may ask other questions. Who is asked one by a machine and then
// heard by another that does not know it would be asked again, or have sent a report without that answer. So each machine that
// begins to serve says what it asks, and one that asks something else leaves it to the others to hear people, until it is
// brought up to date as well. It goes on with the rest, and hears people where there is nobody else.

// sumOfAsks sums up what flows ask that goes into reports.
func sumOfAsks(flows []*flow.Flow) (string, error) {
	sum := sha256.New()
	for _, f := range flows {
		text, err := json.Marshal(f.Questions())
		if err != nil {
			return "", fmt.Errorf("summing up what people are asked: %w", err)
		}
		fmt.Fprintf(sum, "%s %s\n", f.Name, text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]), nil
}

// sayAsks says, at the start, what this machine asks. Where that is something else it waits until the others have seen it, so
// that nobody is asked here and heard there.
func (h *house) sayAsks(ctx context.Context) (err error) {
	if h.asks, err = sumOfAsks(h.wording.flows); err != nil {
		return err
	}
	var was string
	err = h.store.Update(ctx, store.ID{}, func(w *store.Write) (err error) {
		if was, err = w.Asks(); err != nil || was == h.asks {
			return err
		}
		return w.PutAsks(h.asks)
	})
	if err == nil && was != "" && was != h.asks {
		idle(ctx, 2*followEvery)
	}
	return err
}

// followAsks looks at what the machine asks that began to serve last.
func (h *house) followAsks(ctx context.Context, log *slog.Logger) error {
	var now string
	err := h.store.View(ctx, func(r *store.Read) (err error) {
		now, err = r.Asks()
		return err
	})
	if err != nil {
		return err
	}
	other := now != "" && now != h.asks
	if h.fitness.asks.Swap(other) != other {
		h.fitness.judge()
		if other {
			log.Warn("a machine that began to serve later asks people other questions; it is left to that one to hear people", "remedy", "bring the same program and the same flows to this machine, and start it again")
		} else {
			log.Info("the machine that began to serve last asks people the same questions as this one")
		}
	}
	return nil
}
