package telegram

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"
)

const (
	sweepPage  = 200 // traces looked up at a time
	sweepShare = 3   // one call in so many of those that a second allows; the others belong to people who wait
	deafCalls  = 3   // calls in a row without any answer, after which the rest is left for later
)

// sweep wipes what grows too old to be wiped later, until ctx ends. However much there is, a pass takes it all: whoever
// cannot be wiped now is passed over, and comes last in the next pass.
func (d *Door) sweep(ctx context.Context) {
	if d.opt.Trail == nil {
		return
	}
	failed := map[int64]bool{} // chats that could not be wiped when it was tried last
	for {
		d.sweepAll(ctx, failed)
		if !sleep(ctx, d.opt.Sweep) {
			return
		}
	}
}

// sweepAll makes one pass, a page of the oldest at a time. What could not be wiped stays on the shelf in front of the
// rest, so the next page is looked up with room for it.
func (d *Door) sweepAll(ctx context.Context, failed map[int64]bool) {
	over := map[int64]bool{} // chats that this pass passes over
	deaf := 0
	for kept := 0; ; {
		limit := sweepPage + kept
		due, err := d.opt.Trail.Due(ctx, d.opt.Now().Add(-wipeAge), limit)
		if err != nil {
			d.opt.Log.Warn("old messages could not be looked up")
			return
		}
		kept = len(due)
		chats := byChat(due)
		for _, chat := range inTurn(chats, failed) {
			if over[chat] {
				continue
			}
			err := d.wipeDue(ctx, chat, chats[chat])
			if err == nil {
				delete(failed, chat)
				kept -= len(chats[chat])
				deaf = 0
			} else {
				over[chat], failed[chat] = true, true
				d.opt.Log.Warn("old messages could not be wiped, trying later", "error", err)
				if deaf++; !unanswered(err) {
					deaf = 0
				}
			}
			if deaf == deafCalls || !sleep(ctx, d.share()) {
				return
			}
		}
		if len(due) < limit {
			maps.DeleteFunc(failed, func(chat int64, _ bool) bool { return !over[chat] })
			return
		}
	}
}

// wipeDue wipes one chat and has its traces forgotten.
func (d *Door) wipeDue(ctx context.Context, chat int64, traces []Trace) error {
	if err := d.wipe(ctx, chat, traces); err != nil && kindOf(err) != gone {
		return err
	}
	return d.forget(ctx, traces)
}

// share is the wait between two chats, so that sweeping leaves room for answers.
func (d *Door) share() time.Duration {
	return time.Duration(sweepShare / d.opt.Rates.All * float64(time.Second))
}

func unanswered(err error) bool {
	var f *Fault
	return errors.As(err, &f) && f.Code == 0
}

func byChat(traces []Trace) map[int64][]Trace {
	chats := map[int64][]Trace{}
	for _, t := range traces {
		if chat, ok := chatOf(t.Address); ok {
			chats[chat] = append(chats[chat], t)
		}
	}
	return chats
}

// inTurn orders chats by their oldest message, and puts those behind that failed before.
func inTurn(chats map[int64][]Trace, failed map[int64]bool) []int64 {
	oldest := func(chat int64) time.Time {
		return slices.MinFunc(chats[chat], func(a, b Trace) int { return a.At.Compare(b.At) }).At
	}
	return slices.SortedFunc(maps.Keys(chats), func(a, b int64) int {
		if failed[a] != failed[b] {
			if failed[a] {
				return 1
			}
			return -1
		}
		return cmp.Or(oldest(a).Compare(oldest(b)), cmp.Compare(a, b))
	})
}
