package telegram

import (
	"context"
	"sync"
	"time"
)

// window knows which updates were taken from Telegram and which of them are settled. Its offset is the only thing that
// ever confirms an update, and it stops before the first that is not settled.
type window struct {
	mu    sync.Mutex
	next  int64          // one past the highest update taken; 0 before the first
	known map[int64]bool // taken and not yet below the offset → settled
	busy  int            // taken and not settled
	idle  chan struct{}  // closed when busy falls to 0
}

func newWindow() *window { return &window{known: map[int64]bool{}} }

// take says whether an update is new, and takes it.
func (w *window) take(id int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.known[id]; ok {
		return false
	}
	w.known[id] = false
	w.next = max(w.next, id+1)
	if w.busy == 0 {
		w.idle = make(chan struct{})
	}
	w.busy++
	return true
}

// done settles an update that was taken.
func (w *window) done(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if settled, ok := w.known[id]; !ok || settled {
		return
	}
	w.known[id] = true
	if w.busy--; w.busy == 0 {
		close(w.idle)
	}
}

// offset gives what the next poll asks from: the first update that is not settled, or what follows the last.
// 0 asks for whatever there is.
func (w *window) offset() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	first := w.next
	for id, settled := range w.known {
		if !settled {
			first = min(first, id)
		}
	}
	for id := range w.known {
		if id < first {
			delete(w.known, id)
		}
	}
	return first
}

// reset forgets the offset after a long silence: Telegram may then count from anywhere, and everything before was
// confirmed long ago. It does nothing while something is not settled.
func (w *window) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy == 0 {
		w.next = 0
		clear(w.known)
	}
}

// wait returns when everything is settled, or after some time, or when ctx ends. It says whether all was settled.
func (w *window) wait(ctx context.Context, long time.Duration) bool {
	w.mu.Lock()
	busy, idle := w.busy, w.idle
	w.mu.Unlock()
	if busy == 0 {
		return true
	}
	t := time.NewTimer(long)
	defer t.Stop()
	select {
	case <-idle:
		return true
	case <-t.C:
	case <-ctx.Done():
	}
	return false
}
