package kvtest

import (
	"context"
	"fmt"
	"sync"

	"amana/bot/kv"
)

// Fault decides what becomes of one update. It may call update, or not, and gives what its caller is to hear.
type Fault func(update func() error) error

// The faults that a disk or a network has.
var (
	// Fine is no fault, to let updates pass before one that fails.
	Fine Fault = func(update func() error) error { return update() }

	// Full refuses the update; nothing is written.
	Full Fault = func(func() error) error { return fmt.Errorf("writing: %w", kv.ErrFull) }

	// LostBefore loses the update on its way in: nothing is written, and its caller cannot know.
	LostBefore Fault = func(func() error) error { return fmt.Errorf("writing: %w", kv.ErrUnknown) }

	// LostAfter loses the answer: all is written, and its caller cannot know.
	LostAfter Fault = func(update func() error) error {
		if err := update(); err != nil {
			return err
		}
		return fmt.Errorf("writing: %w", kv.ErrUnknown)
	}
)

// Flaky is an engine whose updates fail as a test tells it to.
type Flaky struct {
	Engine

	mu     sync.Mutex
	faults []Fault
}

// Fail sets what becomes of the next updates, in their order. Those behind pass.
func (f *Flaky) Fail(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = faults
}

// Update meets the next fault.
func (f *Flaky) Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error {
	f.mu.Lock()
	fault := Fine
	if len(f.faults) > 0 {
		fault, f.faults = f.faults[0], f.faults[1:]
	}
	f.mu.Unlock()
	return fault(func() error { return f.Engine.Update(ctx, id, fn) })
}
