package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// A machine that asks people something else than the one that began to serve last leaves it to the others to hear them, says
// so once, and hears again when it has the same questions; or when it begins to serve after them, which makes theirs the others.
func TestOtherQuestions(t *testing.T) {
	s := newShares(t)
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	look := func(h *house, begins, fits bool) {
		t.Helper()
		var err error
		if h.asks, err = sumOfAsks(h.wording.flows); err == nil && begins {
			err = h.sayAsks(t.Context())
		}
		for range 2 {
			if err == nil {
				err = h.followAsks(t.Context(), log)
			}
		}
		if err != nil || fits != (h.fitness.since.Load() == nil) {
			t.Fatalf("it fits: %v, want %v; %v", !fits, fits, err)
		}
		if h.lookFit(t.Context(), log); fits != (h.fitness.since.Load() == nil) {
			t.Error("who looks at the keys makes nothing of the questions")
		}
	}
	fewer := func(h *house) { h.wording.flows = h.wording.flows[1:] }
	s.serves(func(h *house) { look(h, false, true) }) // nobody said anything yet
	s.serves(func(h *house) { look(h, true, true) })
	s.serves(func(h *house) { fewer(h); look(h, false, false); look(h, true, true) })
	if n := strings.Count(said.String(), "asks people other questions"); n != 1 {
		t.Errorf("it is said %d times:\n%s", n, said.String())
	}
	s.serves(func(h *house) { look(h, false, false) })
	s.serves(func(h *house) { fewer(h); look(h, false, true) })
}
