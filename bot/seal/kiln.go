package seal

import (
	"context"
	"runtime/debug"
	"sync/atomic"
)

// kilnPlaces is how many receipts are stretched at once: with 64 MiB each, the memory that a crowd can take.
const kilnPlaces = 2

// heat is what a receipt costs in a kiln.
type heat struct {
	passes uint32
	memory uint32 // KiB
}

var (
	protocolHeat = heat{stretchPasses, stretchMemory}
	quickHeat    = heat{passes: 1, memory: 8}
)

// Kiln lets two receipts in at once. Whoever comes later waits in the order of coming and is never refused; a
// channel's waiting senders are served first come, first served. One process has one kiln.
type Kiln struct {
	places  chan struct{}
	waiting atomic.Int64
	heat    heat
}

// NewKiln gives a cold kiln.
func NewKiln() *Kiln { return newKiln(protocolHeat) }

// QuickKiln gives a kiln in which a receipt costs next to nothing, for tests that walk to many receipts and are not about
// what one costs. A thief would guess such a receipt; bot/house_test.go lets only tests call this. A receipt of one heat
// opens nothing in a kiln of another.
func QuickKiln() *Kiln { return newKiln(quickHeat) }

func newKiln(h heat) *Kiln { return &Kiln{places: make(chan struct{}, kilnPlaces), heat: h} }

// Waiting is how many stand in the queue: above zero, a person is told that it takes a moment.
func (k *Kiln) Waiting() int { return int(k.waiting.Load()) }

// fire does the work in a place of the kiln. Only waiting ends with the context: work that has begun is finished.
func (k *Kiln) fire(ctx context.Context, work func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case k.places <- struct{}{}:
	default:
		k.waiting.Add(1)
		defer k.waiting.Add(-1)
		select {
		case k.places <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	// The 64 MiB are given back before the place is free. Otherwise the collector, seeing a heap of two runs, would
	// let it grow to four.
	defer func() { <-k.places }()
	work()
	if k.heat == protocolHeat {
		debug.FreeOSMemory()
	}
	return nil
}
