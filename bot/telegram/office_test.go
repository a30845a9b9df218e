package telegram

import (
	"testing"
)

// What was taken and not settled when the office is lost is forgotten, and whoever waits for it waits no longer.
func TestWindowAbandoned(t *testing.T) {
	w := newWindow()
	for id := int64(7); id < 10; id++ {
		w.take(id)
	}
	w.done(8)
	over := w.settlement(9)
	w.abandon()
	select {
	case <-over:
	default:
		t.Error("somebody waits for an update that is another process's now")
	}
	if w.unsettled() != 0 || w.hearing() || !w.take(7) {
		t.Error("something of the term before is left")
	}
}
