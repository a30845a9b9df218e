package desk_test

import (
	"crypto/rand"
	"fmt"
	"sync"
	"testing"
	"time"
)

// A flood of made-up people who want to sign in fills the line, and keeps out nobody who has signed in from this browser
// before.
func TestFloodOfSignIns(t *testing.T) {
	h := newHall(t)
	ana := h.staff()["ana"]
	var flood sync.WaitGroup
	for n := range 400 {
		flood.Go(func() {
			b := h.browser()
			_, _ = rand.Read(b.secret[:])
			proof := b.device.Proof()
			b.post("/api/enter/begin", fields{"person": fmt.Sprintf("nobody-%d", n), "proof": proof[:], "browser": b.secret[:]})
		})
	}
	time.Sleep(300 * time.Millisecond) // the line is as long as it gets
	begin := time.Now()
	ana.signIn()
	if waited := time.Since(begin); waited > 2*time.Second {
		t.Errorf("ana waits %v", waited)
	}
	flood.Wait()
}
