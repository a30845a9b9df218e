package outbox

import (
	"context"
	"testing"
	"time"
)

// In a process that goes on after a pause the sending may be the first to run, and no timer has ended its context.
func TestErrBeforeTimers(t *testing.T) {
	for _, c := range []struct {
		since, slept time.Duration
		lost         bool
	}{{0, 0, false}, {lostAfter - time.Second, lostAfter - time.Second, false}, {lostAfter, 0, true}, {0, lostAfter, true}, {time.Hour, time.Hour, true}} {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		way := &carrying{Context: ctx, stop: stop, awake: func() time.Duration { return c.slept }, taken: instant{at: time.Now().Add(-c.since)}}
		if lost := way.Err() != nil; lost != c.lost {
			t.Errorf("%v after a notice was taken it is lost: %v", c.since, lost)
		}
		select {
		case <-way.Done():
			if !c.lost {
				t.Error("done without an error")
			}
		default:
			if c.lost {
				t.Error("an error, and not done")
			}
		}
	}
}
