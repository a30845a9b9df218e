package desk_test

import (
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A flood of made-up people who want to sign in fills the line, and keeps out nobody who has signed in from this browser
// before: she is in while those who came before her still wait. Where the machine stands still for as long as the line takes,
// this shows nothing, and is tried again.
func TestFloodOfSignIns(t *testing.T) {
	h := newHall(t)
	ana := h.staff()["ana"]
	for range 3 {
		if first := h.flooded(ana.signIn); first {
			return
		}
	}
	t.Error("ana waits until everybody had their turn")
}

// flooded does something in the middle of a flood, and says whether it was done before the flood was over.
func (h *hall) flooded(do func()) (first bool) {
	var flood sync.WaitGroup
	var over atomic.Int64
	defer flood.Wait()
	const all = 400
	for n := range all {
		flood.Go(func() {
			defer over.Add(1)
			b := h.browser()
			_, _ = rand.Read(b.secret[:])
			proof := b.device.Proof()
			b.post("/api/enter/begin", fields{"person": fmt.Sprintf("nobody-%d", n), "proof": proof[:], "browser": b.secret[:]})
		})
	}
	for over.Load() < all/2 { // those who have a place at once, and those who are sent away; the others wait
		time.Sleep(time.Millisecond)
	}
	do()
	return over.Load() < all
}
