package outbox

import (
	"context"
	"testing"
	"time"
)

// In a process that goes on after a pause the sending may be the first to run, and no timer has ended its context.
func TestErrBeforeTimers(t *testing.T) {
	for _, c := range []struct {
		since time.Duration
		lost  bool
	}{{0, false}, {lostAfter - time.Second, false}, {lostAfter, true}, {time.Hour, true}} {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		way := &carrying{Context: ctx, stop: stop, taken: time.Now().Add(-c.since)}
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
