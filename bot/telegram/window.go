package telegram

import (
	"context"
	"sync"
	"time"
)

const (
	owedTime  = time.Minute // how long an answer that cannot be sent keeps its update from being confirmed
	owedNews  = 10          // a full page with fewer new updates than these has too little room for others
	owedPlace = 25          // so many places are then made free in it
)

// window knows which updates were taken from Telegram and which of them are settled: answered, or never to be answered.
// Its offset is the only thing that ever confirms an update, and it stops before the first that is not settled.
//
// An update that was committed and whose answer has yet to be sent is owed. What is owed is not confirmed, so that it
// comes again after a crash and is answered again; but Telegram shows no more than a page of what is not confirmed, so
// one chat that has to wait could keep everybody else from being heard. What is owed for too long, or while there is no
// room for others, is therefore settled without its answer, the oldest first.
type window struct {
	mu    sync.Mutex
	next  int64            // one past the highest update taken; 0 before the first
	known map[int64]*taken // taken and not yet below the offset
	busy  int              // taken and not settled
	owed  int              // of these, committed
	idle  chan struct{}    // closed when busy falls to 0

	trimmed time.Time
}

// taken is one update in the window.
type taken struct {
	settled bool
	done    chan struct{} // closed when it is settled
	at      time.Time     // when it was
	owed    time.Time     // since when, not counting times in which Telegram could not be reached; zero before the commit
}

func newWindow() *window { return &window{known: map[int64]*taken{}} }

// take says whether an update is new, and takes it.
func (w *window) take(id int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known[id] != nil {
		return false
	}
	w.known[id] = &taken{done: make(chan struct{})}
	w.next = max(w.next, id+1)
	if w.busy == 0 {
		w.idle = make(chan struct{})
	}
	w.busy++
	return true
}

// owe notes that an update was committed and has yet to be answered.
func (w *window) owe(id int64, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t := w.known[id]; t != nil && !t.settled && t.owed.IsZero() {
		t.owed = now
		w.owed++
	}
}

// done settles an update that was taken.
func (w *window) done(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t := w.known[id]; t != nil {
		w.settle(t)
	}
}

func (w *window) settle(t *taken) {
	if t.settled {
		return
	}
	t.settled, t.at = true, time.Now()
	close(t.done)
	if !t.owed.IsZero() {
		w.owed--
	}
	if w.busy--; w.busy == 0 {
		close(w.idle)
	}
}

// offset gives what the next poll asks from: the first update that is not settled, or what follows the last.
// 0 asks for whatever there is.
func (w *window) offset(now time.Time) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		first, t := w.first()
		if t != nil && !t.owed.IsZero() && now.Sub(t.owed) >= owedTime {
			w.settle(t)
			continue
		}
		for id := range w.known {
			if id < first {
				delete(w.known, id)
			}
		}
		return first
	}
}

// first gives the first update that is not settled, or the number that follows the last.
func (w *window) first() (first int64, t *taken) {
	first = w.next
	for id, k := range w.known {
		if !k.settled && id <= first {
			first, t = id, k
		}
	}
	return first, t
}

// full hears that Telegram showed as much as it ever does, and how much of that was new. Where that was too little,
// others may be waiting behind what is owed, and the oldest of it has to go.
func (w *window) full(news int) {
	if news >= owedNews {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		first, t := w.first()
		if t == nil || t.owed.IsZero() {
			return
		}
		left := 0
		for id := range w.known {
			if id >= first {
				left++
			}
		}
		if left <= pageSize-owedPlace {
			return
		}
		w.settle(t)
	}
}

// settlement gives a channel that is closed once an update is settled.
func (w *window) settlement(id int64) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t := w.known[id]; t != nil {
		return t.done
	}
	over := make(chan struct{}) // it was forgotten, and so was settled long ago
	close(over)
	return over
}

// release settles an update without its answer when that has been owed for some time. It says whether it did.
func (w *window) release(id int64, now time.Time, long time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.known[id]
	if t == nil || t.settled || t.owed.IsZero() || now.Sub(t.owed) < long {
		return false
	}
	w.settle(t)
	return true
}

// trim forgets what was settled long ago, where no offset does. Should it come again, its mark is known.
func (w *window) trim(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now.Sub(w.trimmed) < hookKnown/10 {
		return
	}
	w.trimmed = now
	for id, t := range w.known {
		if t.settled && now.Sub(t.at) > hookKnown {
			delete(w.known, id)
		}
	}
}

// unreachable begins the time of what is owed anew: while Telegram cannot be asked for updates, none can be sent to it
// either, and nobody is kept waiting by what is not confirmed.
func (w *window) unreachable(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range w.known {
		if !t.owed.IsZero() {
			t.owed = now
		}
	}
}

// unsettled counts what was taken and is not settled.
func (w *window) unsettled() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.busy
}

// hearing says whether something taken is not committed yet.
func (w *window) hearing() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.busy > w.owed
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

// abandon forgets everything, settled or not.
func (w *window) abandon() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range w.known {
		w.settle(t)
	}
	w.next, w.owed = 0, 0
	clear(w.known)
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
